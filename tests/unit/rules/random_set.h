/*
 * A small set on the disk that is made by chance, its loads, and whether two
 * sets say the same of posts and of themselves.
 *
 * Thread: one.  Owns: its folder, until remove_all.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_RULES_RANDOM_SET_H
#define TESTS_UNIT_RULES_RANDOM_SET_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "engine/base/rand.h"
#include "engine/base/text.h"
#include "rules/rules.h"

#define FILES 4
#define ENTRIES 24 /* of a kind in a file */

static const char *const words[] = {"boycott", "kitkat", "palm", "oil",
    "panne", "grève", "nestlé", "train", "avion", "retard", "honte", "scam",
    "recall", "prix", "client"};
static const char *const regexes[] = {"/\\bpalm\\s+oil\\b/", "/retards?/",
    "/nestle(?! shop)/", "/\\bpri[xk]\\b/"};

struct set {
	struct rand rand;
	char folder[64], cache[64]; /* cache: empty for none */
	struct buf brand[FILES][ENTRIES], rule[FILES][ENTRIES];
	struct buf topic[FILES];
	unsigned list;     /* how often the lists were changed */
};

static uint32_t
below(struct set *s, uint32_t n)
{
	return rand_below(&s->rand, n);
}

#define PICK(s, array) \
	((array)[below((s), (uint32_t)(sizeof(array) / sizeof(*(array))))])

static inline void
put_term(struct set *s, struct buf *out)
{
	switch (below(s, 8)) {
	case 0:
		buf_text(out, PICK(s, regexes));
		break;
	case 1:
		buf_text(out, "@list(bad)");
		break;
	case 2:
		buf_printf(out, "\"%s %s\"", PICK(s, words), PICK(s, words));
		break;
	case 3:
		buf_printf(out, "(%s OR %s OR %s OR %s OR #%s)",
		    PICK(s, words), PICK(s, words), PICK(s, words),
		    PICK(s, words), PICK(s, words));
		break;
	case 4:
		buf_printf(out, "(%s NEAR/3 %s)", PICK(s, words),
		    PICK(s, words));
		break;
	case 5:
		buf_printf(out, "disguised:%s", PICK(s, words));
		break;
	case 6:
		buf_printf(out, "%.2s*", PICK(s, words));
		break;
	default:
		buf_text(out, PICK(s, words));
		break;
	}
}

static inline void
make_brand(struct set *s, unsigned file, unsigned i)
{
	struct buf *out = &s->brand[file][i];

	out->len = 0;
	if (below(s, 4) == 0) {
		buf_printf(out, "  b%u-%02u:\n    name: N%u\n    match: '",
		    file, i, below(s, 100));
		put_term(s, out);
		buf_text(out, "'\n    # a comment\n");
	} else {
		buf_printf(out, "  b%u-%02u: {match: '", file, i);
		put_term(s, out);
		buf_printf(out, "', own: ['@own%u']}\n", below(s, 30));
	}
}

static inline void
make_rule(struct set *s, unsigned file, unsigned i)
{
	struct buf *out = &s->rule[file][i];

	out->len = 0;
	buf_printf(out, "  r%u-%02u: {weight: %u, ", file, i, below(s, 9));
	if (file > 0 && below(s, 3) > 0)
		buf_printf(out, "brand: b%u-%02u, ", file, below(s, 8));
	else if (file > 0 && below(s, 3) == 0)
		buf_text(out, "brand: '*', ");
	if (below(s, 3) == 0)
		buf_printf(out, "topic: t%u, ", below(s, 2) ? file : 0);
	if (below(s, 3) == 0)
		buf_text(out, "group: g, ");
	buf_text(out, "when: '");
	put_term(s, out);
	buf_text(out, below(s, 2) ? " AND " : " OR ");
	put_term(s, out);
	buf_text(out, "'}\n");
}

static inline void
make_topic(struct set *s, unsigned file)
{
	struct buf *out = &s->topic[file];

	out->len = 0;
	buf_printf(out, "  t%u: {weight: %u, match: '", file, below(s, 5));
	put_term(s, out);
	buf_text(out, "'}\n");
}

static inline void
write_file(struct set *s, unsigned file)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/f%u.yaml", s->folder, file);
	out = fopen(path, "w");
	REQUIRE(out != NULL);
	fprintf(out, "# file %u\n", file);
	if (file > 0)
		fprintf(out, "sector: s%u\n", file);
	else
		fputs("groups:\n  g: {max: 9}\n", out);
	fprintf(out, "lists:\n  bad: [shame, 'so bad', '%s', honte, down%u]\n",
	    file > 1 ? "worst" : "bad*", s->list);
	if (file > 0)
		fputs("brands:\n", out);
	for (unsigned i = 0; i < ENTRIES && file > 0; i++)
		fwrite(s->brand[file][i].data, 1, s->brand[file][i].len, out);
	fputs("topics:\n", out);
	fwrite(s->topic[file].data, 1, s->topic[file].len, out);
	fputs("\n# rules\nrules:\n", out);
	for (unsigned i = 0; i < ENTRIES; i++)
		fwrite(s->rule[file][i].data, 1, s->rule[file][i].len, out);
	REQUIRE(fclose(out) == 0);
}

/* ---- the two loads ------------------------------------------------------- */

static inline struct ruleset *
load(const struct set *s, struct rules_base *base,
    const struct ruleset *known, char **told)
{
	struct rules_options options = {.selftest = true, .base = base,
	    .known = &known, .known_count = known != NULL,
	    .cache = s->cache[0] != '\0' ? s->cache : NULL};
	const char *path = s->folder;
	struct diag *diag = diag_new();
	struct ruleset *rs = ruleset_load(&path, 1, &options, diag);
	size_t size;
	FILE *out = open_memstream(told, &size);

	diag_print_json(diag, out);
	fclose(out);
	diag_free(diag);
	return rs;
}

static inline void
dump_set(const struct ruleset *rs, struct buf *out)
{
	struct buf all[64] = {{0}};
	uint32_t n = ruleset_regexes(rs);

	buf_printf(out, "%016lx %u %u %u %u\n",
	    (unsigned long)ruleset_id(rs), ruleset_brands(rs),
	    ruleset_topics(rs), ruleset_rules(rs), n);
	for (uint32_t i = 0; i < ruleset_rules(rs); i++) {
		const struct rules_rule *r = ruleset_rule(rs, i);

		buf_printf(out, "%.*s %d %u %u\n", SLICE_ARG(r->id),
		    r->weight_milli, r->topic, r->group);
	}
	for (uint32_t i = 0; i < ruleset_brands(rs); i++)
		buf_printf(out, "%.*s %.*s\n",
		    SLICE_ARG(ruleset_brand(rs, i)->id),
		    SLICE_ARG(ruleset_brand(rs, i)->name));
	/* the numbers of regexes are no one's business: in order of owners */
	REQUIRE(n < 64);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t k = i;

		buf_slice_put(&all[i], ruleset_regex_owner(rs, i));
		buf_char(&all[i], ' ');
		ruleset_regex_place(rs, i, &all[i]);
		buf_char(&all[i], '\0');
		for (; k > 0 && strcmp(all[k - 1].data, all[k].data) > 0; k--) {
			struct buf swap = all[k];

			all[k] = all[k - 1];
			all[k - 1] = swap;
		}
	}
	for (uint32_t i = 0; i < n; i++) {
		buf_printf(out, "%s\n", all[i].data);
		buf_fini(&all[i]);
	}
}

static inline void
dump_verdicts(struct set *s, const struct ruleset *rs, uint64_t seed,
    struct buf *out)
{
	struct matcher *m = matcher_new();
	struct rand keep = s->rand;
	struct text text;

	rand_seed(&s->rand, seed);
	text_init(&text);
	matcher_fit(m, rs);
	for (int i = 0; i < 40; i++) {
		struct buf said = {0};
		struct post post;
		const struct verdict *v;

		for (uint32_t k = 2 + below(s, 12); k > 0; k--)
			buf_printf(&said, "%s ", PICK(s, words));
		post_clear(&post);
		post.text = buf_slice(&said);
		post.author_handle = SLICE("own3");
		text_fold(&text, SLICE_NONE, post.text, TEXT_POST);
		v = rules_match(m, &post, &text,
		    MATCH_TOPICS | MATCH_SPANS | MATCH_MENTIONS |
			(i % 4 == 0 ? MATCH_NO_PREFILTER : 0));
		buf_printf(out, "%ld:", (long)v->score_milli);
		for (uint32_t k = 0; k < v->hits_count; k++) {
			const struct hit *h = &v->hits[k];

			rules_name(rs, h, out);
			buf_printf(out, "/%u", h->brand);
			for (uint32_t j = 0; j < h->spans_count; j++)
				buf_printf(out, ",%u-%u", h->spans[j].start,
				    h->spans[j].end);
			buf_char(out, ' ');
		}
		buf_char(out, '\n');
		buf_fini(&said);
	}
	text_fini(&text);
	matcher_free(m);
	s->rand = keep;
}

static inline void
compare(struct set *s, const struct ruleset *a, const struct ruleset *b,
    uint64_t seed)
{
	struct buf x = {0}, y = {0};

	dump_set(a, &x);
	dump_set(b, &y);
	dump_verdicts(s, a, seed, &x);
	dump_verdicts(s, b, seed, &y);
	buf_char(&x, '\0');
	buf_char(&y, '\0');
	for (size_t i = 0; x.data[i] != '\0' || y.data[i] != '\0'; i++)
		if (x.data[i] != y.data[i])
			fail_msg("from byte %zu on: \"%.200s\" is not "
				 "\"%.200s\"",
			    i, x.data + (i > 80 ? i - 80 : 0),
			    y.data + (i > 80 ? i - 80 : 0));
	buf_fini(&x);
	buf_fini(&y);
}

static inline void
make_all(struct set *s)
{
	for (unsigned f = 0; f < FILES; f++) {
		for (unsigned i = 0; i < ENTRIES; i++) {
			if (f > 0)
				make_brand(s, f, i);
			make_rule(s, f, i);
		}
		make_topic(s, f);
		write_file(s, f);
	}
}

static inline void
remove_all(struct set *s)
{
	char command[200];

	snprintf(command, sizeof(command), "rm -rf '%s' '%s'", s->folder,
	    s->cache[0] != '\0' ? s->cache : s->folder);
	REQUIRE(system(command) >= 0);
	for (unsigned f = 0; f < FILES; f++) {
		buf_fini(&s->topic[f]);
		for (unsigned i = 0; i < ENTRIES; i++) {
			buf_fini(&s->brand[f][i]);
			buf_fini(&s->rule[f][i]);
		}
	}
}

#endif
