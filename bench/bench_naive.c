/*
 * The peer that anybody would write: one PCRE2 program per brand, JIT-ed,
 * each run over each post, one after the other.
 *
 * It is given an easy task: only the brands' own patterns (not the lists,
 * pairs and weights of the rules), on text that was folded for it, as bytes
 * without UTF.  Patterns are made of the `match:` of each brand in the shared
 * rule files, one a line there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <glob.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/folded.h"
#include "engine/base/buf.h"
#include "engine/base/must.h"

/* Posts of one turn: 1,000 patterns take 0.1 ms for each. */
#define POSTS 256u
#define PATTERNS_MAX 20000u

struct patterns {
	pcre2_code *codes[PATTERNS_MAX];
	uint32_t count;
};

/* "kit kat" and #kitkat* of a query, folded, as an alternative. */
static void
put_term(struct buf *out, struct text *folder, struct slice term)
{
	bool open = term.len > 0 && term.data[term.len - 1] == '*';

	if (term.len > 1 && term.data[0] == '"') {
		term.data++;
		term.len -= 2;
	}
	if (open)
		term.len--;
	text_fold(folder, SLICE_NONE, term, TEXT_POST);
	buf_text(out, out->len > 0 ? "|(?<!\\w)" : "(?<!\\w)");
	for (uint32_t i = 0; i < folder->len; i++) {
		char c = folder->bytes[i];

		if (c == ' ')
			buf_text(out, "\\s+");
		else if (c > 0 && strchr("\\^$.[|()?*+{", c) != NULL)
			buf_printf(out, "\\%c", c);
		else
			buf_char(out, c);
	}
	buf_text(out, open ? "\\w*" : "(?!\\w)");
}

/* What stands between the quotes of YAML, '' being one of them. */
static void
put_match(struct buf *out, struct text *folder, char *match)
{
	char *to = match, *from = match, *next;

	for (; *from != '\0' && (*from != '\'' || from[1] == '\''); from++) {
		from += *from == '\'';
		*to++ = *from;
	}
	*to = '\0';
	if (*match == '/') {
		*strrchr(match, '/') = '\0';
		buf_text(out, match + 1);
		return;
	}
	for (; match != NULL; match = next) {
		next = strstr(match, " OR ");
		if (next != NULL) {
			*next = '\0';
			next += 4;
		}
		put_term(out, folder, slice_of(match));
	}
}

static void
add_pattern(struct patterns *p, const struct buf *pattern)
{
	int error;
	PCRE2_SIZE at;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern->data,
	    pattern->len, 0, &error, &at, NULL);

	REQUIRE(code != NULL && p->count < PATTERNS_MAX);
	REQUIRE(pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0);
	p->codes[p->count++] = code;
}

static void
read_file(struct patterns *p, struct text *folder, const char *path)
{
	static const char key[] = "match: '";
	FILE *file = fopen(path, "r");
	struct buf pattern = {0};
	char *line = NULL, *match;
	size_t room = 0;

	REQUIRE(file != NULL);
	while (getline(&line, &room, file) > 0) {
		match = strstr(line, key);
		if (match == NULL)
			continue;
		buf_clear(&pattern);
		put_match(&pattern, folder, match + sizeof(key) - 1);
		add_pattern(p, &pattern);
	}
	fclose(file);
	free(line);
	buf_fini(&pattern);
}

static void
read_patterns(struct patterns *p, unsigned rules)
{
	const char *shared = getenv("VIGIE_SHARED");
	struct text folder;
	char path[400];
	glob_t found;

	snprintf(path, sizeof(path), "%s/perf/rules-%u/*.yaml",
	    shared != NULL ? shared : "../shared", rules);
	if (glob(path, 0, NULL, &found) != 0)
		return;
	text_init(&folder);
	for (size_t i = 0; i < found.gl_pathc; i++)
		read_file(p, &folder, found.gl_pathv[i]);
	text_fini(&folder);
	globfree(&found);
}

static void
naive(struct bench_state *state, unsigned rules)
{
	struct patterns *p;
	pcre2_match_data *data;
	const struct text *texts;
	uint32_t count, hits = 0;

	texts = bench_match_texts(state, &count);
	if (texts == NULL)
		return;
	p = must_alloc(sizeof(*p));
	read_patterns(p, rules);
	if (p->count == 0)
		bench_skip(state, "no such rule set");
	data = pcre2_match_data_create(16, NULL);
	count = count < POSTS ? count : POSTS;
	while (p->count > 0 && bench_next(state)) {
		hits = 0;
		for (uint32_t i = 0; i < count; i++)
			for (uint32_t k = 0; k < p->count; k++)
				hits += pcre2_jit_match(p->codes[k],
					    (PCRE2_SPTR)texts[i].bytes,
					    texts[i].len, 0, 0, data,
					    NULL) > 0;
		bench_keep(&hits);
	}
	bench_items(state, count);
	bench_figure(state, "patterns", p->count);
	bench_figure(state, "hits_per_1000_posts",
	    1000.0 * (double)hits / (double)count);
	for (uint32_t k = 0; k < p->count; k++)
		pcre2_code_free(p->codes[k]);
	pcre2_match_data_free(data);
	free(p);
}

static void
naive_10(struct bench_state *state)
{
	naive(state, 10);
}

static void
naive_1000(struct bench_state *state)
{
	naive(state, 1000);
}

void bench_naive_register(void);

void
bench_naive_register(void)
{
	bench_add("peer/pcre2-loop/10", naive_10);
	bench_add("peer/pcre2-loop/1000", naive_1000);
}
