/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/generator/rules.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/generator/words.h"

#define SECTORS 13u

enum match_form { MATCH_PHRASE, MATCH_HANDLE, MATCH_AROUND, MATCH_ENDING };
enum when_form { WHEN_LIST, WHEN_NOT, WHEN_ORDER };

/* What rule ${number} is, the same whoever asks. */
struct design {
	char first[32], second[32]; /* the name; second may be empty */
	enum match_form match;
	enum when_form when;
	uint32_t family, other, weight;
};

static void
keep(char to[static 32], struct buf *word)
{
	snprintf(to, 32, "%.*s", (int)word->len, word->data);
	buf_clear(word);
}

static struct design
design_of(uint32_t number)
{
	struct design d = {0};
	struct buf word = {0};
	struct rand r;
	uint32_t kind;

	rand_seed(&r, number + UINT64_C(0x76696769));
	kind = rand_below(&r, 100);
	if (kind < 45)
		words_coin(&word, number, 3 + rand_below(&r, 2));
	else if (kind < 71)
		words_coin(&word, number, 2);
	else
		words_tail(&word, 500 + rand_below(&r, WORDS_TAIL - 500));
	keep(d.first, &word);
	if (kind >= 45 && kind < 97)
		snprintf(d.second, sizeof(d.second), "%s",
		    words_company(rand_below(&r, 16)));
	buf_fini(&word);
	kind = rand_below(&r, 100);
	d.match = kind < 44 ? MATCH_PHRASE : kind < 87 ? MATCH_HANDLE :
	    kind < 95 ? MATCH_AROUND : MATCH_ENDING;
	kind = rand_below(&r, 100);
	d.when = kind < 73 ? WHEN_LIST : kind < 85 ? WHEN_NOT : WHEN_ORDER;
	d.family = rand_below(&r, words_families());
	d.other = (d.family + 1 + rand_below(&r, words_families() - 1)) %
	    words_families();
	d.weight = 1 + rand_below(&r, 5);
	return d;
}

static void
put_brand(FILE *f, uint32_t number)
{
	struct design d = design_of(number);
	const char *gap = d.second[0] != '\0' ? " " : "";

	fprintf(f, "  b%06u: {name: '%s%s%s', match: '", number, d.first, gap,
	    d.second);
	gap = d.second[0] != '\0' ? "\\s+" : "";
	if (d.match == MATCH_AROUND)
		fprintf(f, "/(?<![\\w.@-])#?%s%s%s(?!\\w)(?!\\s+(?:juice|"
		    "museum|stadium|street))/", d.first, gap, d.second);
	else if (d.match == MATCH_ENDING)
		fprintf(f, "/\\b%s%s%s(?:\\s+(?:france|sa|inc|uk))?(?:''?s)?"
		    "\\b/", d.first, gap, d.second);
	else
		fprintf(f, "\"%s%s%s\"", d.first,
		    d.second[0] != '\0' ? " " : "", d.second);
	if (d.match == MATCH_HANDLE)
		fprintf(f, " OR #%s%s* OR @%s%s*", d.first, d.second, d.first,
		    d.second);
	fprintf(f, "'}\n");
}

static void
put_rule(FILE *f, uint32_t number)
{
	struct design d = design_of(number);

	fprintf(f, "  r%06u: {brand: b%06u, weight: %u, when: 'brand ", number,
	    number, d.weight);
	if (d.when == WHEN_ORDER)
		fprintf(f, "ONEAR/5 (\"%s\" OR \"%s\" OR \"%s\")",
		    words_crisis(d.family, 0), words_crisis(d.family, 1),
		    words_crisis(d.family, 2));
	else
		fprintf(f, "AND @list(%s)", words_family(d.family));
	if (d.when == WHEN_NOT)
		fprintf(f, " AND NOT @list(%s)", words_family(d.other));
	fprintf(f, "'}\n");
}

static void
put_lists(FILE *f)
{
	for (uint32_t i = 0; i < words_families(); i++) {
		fprintf(f, "  %s: [", words_family(i));
		for (uint32_t k = 0; k < words_terms(i); k++)
			fprintf(f, "%s'%s'", k > 0 ? ", " : "",
			    words_crisis(i, k));
		fprintf(f, "]\n");
	}
}

static int
write_sector(const char *dir, uint32_t sector, uint32_t count)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/s%02u.yaml", dir, sector);
	f = fopen(path, "w");
	if (f == NULL) {
		perror(path);
		return -1;
	}
	fprintf(f, "# generated\nsector: s%02u\nlists:\n", sector);
	put_lists(f);
	fprintf(f, "brands:\n");
	for (uint32_t i = sector; i < count; i += SECTORS)
		put_brand(f, i);
	fprintf(f, "rules:\n");
	for (uint32_t i = sector; i < count; i += SECTORS)
		put_rule(f, i);
	return fclose(f);
}

int
rules_write(const char *dir, uint32_t count)
{
	if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
		perror(dir);
		return -1;
	}
	for (uint32_t s = 0; s < SECTORS && s < count; s++)
		if (write_sector(dir, s, count) != 0)
			return -1;
	return 0;
}

/* 'd''usine' of YAML as people write it. */
static void
put_term(struct buf *out, const char *term)
{
	for (; *term != '\0'; term++) {
		buf_char(out, *term);
		term += term[0] == '\'' && term[1] == '\'';
	}
}

void
rules_snippet(struct buf *out, struct rand *r, uint32_t i)
{
	struct design d = design_of(i);
	uint32_t k = rand_below(r, d.when == WHEN_ORDER ? 3 :
		words_terms(d.family));

	buf_char(out, (char)toupper((unsigned char)d.first[0]));
	buf_text(out, d.first + 1);
	if (d.second[0] != '\0')
		buf_printf(out, " %s", d.second);
	buf_text(out, rand_below(r, 2) ? " et " : " and ");
	put_term(out, words_crisis(d.family, k));
}
