/*
 * gen: posts and rules for benches, on standard output or in a folder.
 *
 *	gen posts [--shape lean|fat] [--lang en|fr|ja|emoji|mixed] [--count N]
 *	    [--length BYTES] [--match PERCENT] [--rules N] [--span SECONDS]
 *	    [--seed N]
 *	gen rules N DIR
 *	gen repeat N [--over SECONDS] [FILE]
 *
 * posts: lean, mixed, 10,000, of 40 to 230 bytes, 5 % of which fire one of the
 * first 1,000 rules, over an hour.  rules: a set of N below DIR; that of 100
 * is the beginning of that of 1,000.  repeat: FILE so many times, ids with a
 * suffix, times moved on, drawn out to --over (7,200) seconds in all.
 * The same options give the same bytes on every machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "bench/generator/posts.h"
#include "bench/generator/repeat.h"
#include "bench/generator/rules.h"

static int
misuse(void)
{
	fprintf(stderr, "usage: gen posts [--shape lean|fat] [--lang L]"
	    " [--count N] [--length BYTES]\n"
	    "           [--match PERCENT] [--rules N] [--span SECONDS]"
	    " [--seed N]\n"
	    "       gen rules N DIR\n"
	    "       gen repeat N [--over SECONDS] [FILE]\n");
	return 2;
}

static bool
number(const char *text, uint32_t *n)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	*n = (uint32_t)v;
	return *end == '\0' && end != text && v <= UINT32_MAX;
}

static bool
option(struct posts_wish *w, const char *name, const char *value)
{
	const struct {
		const char *name;
		uint32_t *to;
	} numbers[] = {{"--count", &w->count}, {"--length", &w->length},
	    {"--match", &w->percent}, {"--rules", &w->rules},
	    {"--span", &w->span_s}, {"--seed", &w->seed}};

	if (strcmp(name, "--lang") == 0)
		return words_lang(value, &w->lang) == 0;
	if (strcmp(name, "--shape") == 0) {
		w->fat = strcmp(value, "fat") == 0;
		return w->fat || strcmp(value, "lean") == 0;
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(name, numbers[i].name) == 0)
			return number(value, numbers[i].to);
	return false;
}

static int
posts(int argc, char **argv)
{
	struct posts_wish w = {.lang = WORDS_MIXED, .count = 10000, .seed = 1,
	    .percent = 5, .rules = 1000, .span_s = 3600};

	for (int i = 2; i < argc; i += 2)
		if (i + 1 == argc || !option(&w, argv[i], argv[i + 1]))
			return misuse();
	posts_write(stdout, &w);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	perror("gen: standard output");
	return 1;
}

static int
repeat(int argc, char **argv)
{
	uint32_t rounds, over_s = 7200;
	FILE *in = stdin;
	int i = 3;

	if (argc < 3 || !number(argv[2], &rounds) || rounds == 0)
		return misuse();
	if (argc > 4 && strcmp(argv[3], "--over") == 0) {
		if (!number(argv[4], &over_s))
			return misuse();
		i = 5;
	}
	if (argc > i + 1)
		return misuse();
	if (argc > i)
		in = fopen(argv[i], "r");
	if (in == NULL) {
		perror(argv[i]);
		return 1;
	}
	if (repeat_write(in, stdout, rounds, (int64_t)over_s * 1000) == 0)
		return 0;
	perror("gen: standard output");
	return 1;
}

int
main(int argc, char **argv)
{
	uint32_t n;

	if (argc > 1 && strcmp(argv[1], "posts") == 0)
		return posts(argc, argv);
	if (argc > 1 && strcmp(argv[1], "repeat") == 0)
		return repeat(argc, argv);
	if (argc == 4 && strcmp(argv[1], "rules") == 0 && number(argv[2], &n))
		return rules_write(argv[3], n) == 0 ? 0 : 1;
	return misuse();
}
