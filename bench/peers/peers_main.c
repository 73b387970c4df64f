/*
 * compare: the peers that are libraries, on the same folded texts in memory;
 * and what the peers that are programs must be given and find.
 *
 *	compare libraries RULES POSTS [TEXTS]
 *	compare patterns RULES folded|raw|bytes|accents
 *	compare truth RULES POSTS [TEXTS]
 *	compare texts RULES POSTS [TEXTS]
 *
 * RULES is a folder of rule files, POSTS NDJSON, of which the first TEXTS
 * (20,000) are read.
 * libraries: one line a peer, with tabs between: name, what it is, nanoseconds
 * of processor time a text (best, median, worst of five), seconds to be ready,
 * texts checked and timed, brands named in them, missing and too many, rules
 * fired, missing and too many; or name, what, why not.  The first line is
 * Vigie's matching stage.
 * patterns: id and regex of each brand on folded text, or on text as posted;
 * bytes: the latter for a program without look-around, escaped, without id;
 * accents: as bytes, each letter in its accented forms too.
 * truth: number of a text, from 1, and id of a brand that it names.
 * texts: folded, one a line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/peers/peers_run.h"
#include "bench/peers/peers_terms.h"
#include "rules/rules.h"

static const struct peers_kind *const kinds[] = {&peers_naive,
    &peers_alternation, &peers_re2, &peers_hyperscan,
    &peers_hyperscan_brands};

static void
print(const char *name, const char *about, const struct peers_result *r)
{
	printf("%s\t%s\t%.1f\t%.1f\t%.1f\t%.3f\t%u\t%u\t%u\t%u\t%u\t%u\t%u\t"
	    "%u\n", name, about, r->ns[0], r->ns[PEERS_RUNS / 2],
	    r->ns[PEERS_RUNS - 1], r->open_s, r->checked, r->timed, r->brands,
	    r->brands_missing, r->brands_more, r->rules, r->rules_missing,
	    r->rules_more);
	fflush(stdout);
}

static void
compare(const struct ruleset *rs, const struct peers_patterns *p,
    const struct peers_texts *texts)
{
	struct peers_truth *truth = peers_truth_new(rs, p, texts);
	struct peers_result result;
	char about[200], why[300];

	peers_run_vigie(rs, texts, &result);
	result.brands = truth->brands_at[texts->count];
	result.rules = truth->rules_at[texts->count];
	print("vigie-matching", "rules_match", &result);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		kinds[i]->about(about, sizeof(about));
		if (peers_run(kinds[i], p, texts, truth, &result, why,
			sizeof(why)) == 0)
			print(kinds[i]->name, about, &result);
		else
			printf("%s\t%s\t%s\n", kinds[i]->name, about, why);
	}
	peers_truth_free(truth);
}

static void
tell(const struct ruleset *rs, const struct peers_patterns *p,
    const struct peers_texts *texts)
{
	struct peers_truth *truth = peers_truth_new(rs, p, texts);

	for (uint32_t i = 0; i < texts->count; i++)
		for (uint32_t k = truth->brands_at[i];
		    k < truth->brands_at[i + 1]; k++)
			printf("%u\t%s\n", i + 1,
			    p->brand_ids[truth->brands[k]]);
	peers_truth_free(truth);
}

static int
on_texts(char **argv, uint32_t max,
    void (*fn)(const struct ruleset *rs, const struct peers_patterns *p,
	const struct peers_texts *texts))
{
	static const struct rules_options options = {0};
	struct peers_patterns *p = peers_patterns_read(argv[2]);
	const char *paths[] = {argv[2]};
	struct peers_texts *texts = NULL;
	struct diag *diag = diag_new();
	struct ruleset *rs = NULL;
	int rc = 1;

	if (p != NULL)
		rs = ruleset_load(paths, 1, &options, diag);
	diag_print(diag, stderr, false);
	if (rs != NULL)
		texts = peers_texts_read(argv[3], max);
	if (texts != NULL) {
		fn(rs, p, texts);
		rc = 0;
	}
	if (rs != NULL)
		ruleset_unref(rs);
	peers_texts_free(texts);
	peers_patterns_free(p);
	diag_free(diag);
	return rc;
}

/* The accented forms of a letter in Latin-1, as UTF-8. */
static const char *
accents(char c)
{
	switch (c | 0x20) {
	case 'a': return "\\xC3[\\x80-\\x85\\xA0-\\xA5]";
	case 'c': return "\\xC3[\\x87\\xA7]";
	case 'e': return "\\xC3[\\x88-\\x8B\\xA8-\\xAB]";
	case 'i': return "\\xC3[\\x8C-\\x8F\\xAC-\\xAF]";
	case 'n': return "\\xC3[\\x91\\xB1]";
	case 'o': return "\\xC3[\\x92-\\x96\\xB2-\\xB6]";
	case 'u': return "\\xC3[\\x99-\\x9C\\xB9-\\xBC]";
	default: return NULL;
	}
}

/* As bytes, since not every dialect takes UTF-8 where it is told of none;
 * with ${fold} each letter in all its accented forms too. */
static void
print_bytes(const char *p, bool fold)
{
	const char *others;
	bool class = false;

	for (; *p != '\0'; p++) {
		class = *p == '[' || (class && *p != ']');
		others = fold && !class ? accents(*p) : NULL;
		if (*p == '\\' && p[1] != '\0')
			printf("\\%c", *++p);
		else if (others != NULL)
			printf("(?:%c|%s)", *p, others);
		else if ((unsigned char)*p >= 0x80)
			printf("\\x%02X", (unsigned char)*p);
		else
			putchar(*p);
	}
	putchar('\n');
}

static int
patterns(const char *dir, const char *kind)
{
	struct peers_patterns *p = peers_patterns_read(dir);

	if (p == NULL)
		return 1;
	for (uint32_t i = 0; i < p->brands; i++) {
		char *less = peers_terms_only(p->brand_raw[i]);

		if (strcmp(kind, "bytes") == 0 || strcmp(kind, "accents") == 0)
			print_bytes(less, kind[0] == 'a');
		else
			printf("%s\t%s\n", p->brand_ids[i],
			    strcmp(kind, "folded") == 0 ?
				p->patterns[i].regex : p->brand_raw[i]);
		free(less);
	}
	peers_patterns_free(p);
	return 0;
}

/* One folded text a line. */
static void
tell_texts(const struct ruleset *rs, const struct peers_patterns *p,
    const struct peers_texts *texts)
{
	(void)rs, (void)p;
	for (uint32_t i = 0; i < texts->count; i++)
		printf("%.*s\n", (int)texts->texts[i].len,
		    texts->texts[i].bytes);
}

int
main(int argc, char **argv)
{
	uint32_t max = 20000;

	if (argc == 5)
		max = (uint32_t)strtoul(argv[4], NULL, 10);
	if (argc == 4 && strcmp(argv[1], "patterns") == 0)
		return patterns(argv[2], argv[3]);
	if (argc >= 4 && max > 0 && strcmp(argv[1], "libraries") == 0)
		return on_texts(argv, max, compare);
	if (argc >= 4 && max > 0 && strcmp(argv[1], "truth") == 0)
		return on_texts(argv, max, tell);
	if (argc >= 4 && max > 0 && strcmp(argv[1], "texts") == 0)
		return on_texts(argv, max, tell_texts);
	fprintf(stderr, "usage: compare libraries RULES POSTS [TEXTS]\n"
	    "       compare patterns RULES folded|raw|bytes|accents\n"
	    "       compare truth|texts RULES POSTS [TEXTS]\n");
	return 2;
}
