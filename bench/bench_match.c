/*
 * Matching alone: texts already folded, verdicts thrown away; and loading.
 *
 * Rule sets and posts of the performance data, when it is there.  The set of
 * 100,000 rules is unpacked below build/ once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/folded.h"
#include "connectors/inflate.h"
#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "rules/rules.h"

/* Posts of one turn: they fit the second-level cache, as a text that was just
 * folded would, and are more than the branch predictor learns by heart. */
#define POSTS 2048u
#define UNPACKED "build/bench-data"

static struct folded {
	struct text *texts; /* views into the arrays below */
	struct post *posts;
	uint32_t count;
	size_t bytes;
} folded;

static const char *
shared(void)
{
	const char *path = getenv("VIGIE_SHARED");

	return path != NULL ? path : "../shared";
}

static struct slice
read_packed(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct inflate *z = inflate_open();
	struct buf out = {0};
	char in[1 << 16];
	size_t n, used, made;
	int rc = INFLATE_MORE;

	while (file != NULL && rc >= 0 &&
	       (n = fread(in, 1, sizeof(in), file)) > 0) {
		for (size_t at = 0; at < n || rc == INFLATE_FULL; at += used) {
			char *to = buf_reserve(&out, 1 << 20);

			rc = inflate_feed(z, in + at, n - at, false, &used, to,
			    1 << 20, &made, NULL);
			out.len += made;
			if (rc < 0)
				break;
		}
	}
	if (file != NULL)
		fclose(file);
	inflate_close(z);
	return buf_slice(&out);
}

/* The "text" of a line, unescaped in place as far as these files need it. */
static struct slice
text_of(char *line, char *end)
{
	static const char key[] = "\"text\":\"";
	char *from = memmem(line, (size_t)(end - line), key, sizeof(key) - 1);
	char *to, *p;

	if (from == NULL)
		return SLICE_NONE;
	p = to = from += sizeof(key) - 1;
	for (; p < end && *p != '"'; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		*to++ = *p;
	}
	return (struct slice){from, (size_t)(to - from)};
}

/* A copy without the room that a working struct text has. */
static struct text
pack(const struct text *t)
{
	struct text view = *t;
	char *bytes = must_alloc(t->len + 2 * TEXT_PADDING);
	uint32_t *at = must_alloc(2 * sizeof(*at) * (t->tokens + 1ul));

	memcpy(bytes + TEXT_PADDING, t->bytes, t->len);
	memcpy(at, t->at, sizeof(*at) * t->tokens);
	memcpy(at + t->tokens, t->end, sizeof(*at) * t->tokens);
	view.bytes = bytes + TEXT_PADDING;
	view.at = at;
	view.end = at + t->tokens;
	return view;
}

static bool
load_posts(struct bench_state *state)
{
	char path[400];
	struct slice all;
	struct text text;

	if (folded.count > 0)
		return true;
	snprintf(path, sizeof(path), "%s/perf/posts-lean.ndjson.zst", shared());
	all = read_packed(path);
	if (all.data == NULL) {
		bench_skip(state, "no shared data");
		return false;
	}
	folded.texts = must_alloc(sizeof(*folded.texts) * POSTS);
	folded.posts = must_alloc(sizeof(*folded.posts) * POSTS);
	text_init(&text);
	for (size_t at = 0; at < all.len && folded.count < POSTS;) {
		/* the buffer is ours: buf gave it up */
		char *line = (char *)(uintptr_t)all.data + at;
		char *end = memchr(line, '\n', all.len - at);
		struct post *post = &folded.posts[folded.count];

		end = end == NULL ? line + (all.len - at) : end;
		at += (size_t)(end - line) + 1;
		post_clear(post);
		post->text = text_of(line, end);
		text_fold(&text, SLICE_NONE, post->text, TEXT_POST);
		folded.texts[folded.count++] = pack(&text);
		folded.bytes += text.len;
	}
	text_fini(&text);
	return true;
}

const struct text *
bench_match_texts(struct bench_state *state, uint32_t *count)
{
	if (!load_posts(state))
		return NULL;
	*count = folded.count;
	return folded.texts;
}

static struct ruleset *
load_rules(struct bench_state *state, unsigned rules)
{
	static const struct rules_options options = {0};
	struct diag *diag = diag_new();
	struct ruleset *rs = NULL;
	char path[400], command[1000];
	const char *paths[] = {path};

	snprintf(path, sizeof(path), "%s/perf/rules-%u", shared(), rules);
	if (rules == 100000) {
		snprintf(path, sizeof(path), UNPACKED "/rules-%u", rules);
		snprintf(command, sizeof(command),
		    "[ -d %s ] || { mkdir -p " UNPACKED " && tar -C " UNPACKED
		    " -I zstd -xf %s/perf/rules-%u.tar.zst; }",
		    path, shared(), rules);
		if (system(command) != 0)
			path[0] = '\0';
	}
	if (access(path, R_OK) == 0)
		rs = ruleset_load(paths, 1, &options, diag);
	if (rs == NULL) {
		diag_print(diag, stderr, false);
		bench_skip(state, "no such rule set");
	}
	diag_free(diag);
	return rs;
}

static void
match(struct bench_state *state, unsigned rules, unsigned flags)
{
	struct ruleset *rs;
	struct matcher *m;
	size_t hits = 0, matched = 0;

	if (!load_posts(state) || (rs = load_rules(state, rules)) == NULL)
		return;
	m = matcher_new();
	matcher_fit(m, rs);
	while (bench_next(state)) {
		hits = matched = 0;
		for (uint32_t i = 0; i < folded.count; i++) {
			const struct verdict *v = rules_match(
			    m, &folded.posts[i], &folded.texts[i], flags);

			hits += v->hits_count;
			matched += v->matched;
		}
		bench_keep(&hits);
	}
	bench_items(state, folded.count);
	bench_bytes(state, folded.bytes);
	bench_figure(state, "hits", (double)hits);
	bench_figure(state, "matched", (double)matched);
	bench_figure(state, "bytes_per_rule",
	    (double)ruleset_bytes(rs) / (double)ruleset_rules(rs));
	matcher_free(m);
	ruleset_unref(rs);
}

static void
load(struct bench_state *state, unsigned rules)
{
	struct ruleset *rs = load_rules(state, rules);

	while (rs != NULL && bench_next(state)) {
		ruleset_unref(rs);
		rs = load_rules(state, rules);
	}
	if (rs == NULL)
		return;
	ruleset_unref(rs);
	bench_items(state, rules);
}

#define SIZE(n)                                                                \
	static void match_##n(struct bench_state *state)                       \
	{                                                                      \
		match(state, n, 0);                                            \
	}                                                                      \
	static void load_##n(struct bench_state *state)                        \
	{                                                                      \
		load(state, n);                                                \
	}
SIZE(10)
SIZE(100)
SIZE(1000)
SIZE(10000)
SIZE(100000)
#undef SIZE

void bench_match_register(void);

void
bench_match_register(void)
{
	bench_add("match/rules/10", match_10);
	bench_add("match/rules/100", match_100);
	bench_add("match/rules/1000", match_1000);
	bench_add("match/rules/10000", match_10000);
	bench_add("match/rules/100000", match_100000);
	bench_add("load/rules/10", load_10);
	bench_add("load/rules/100", load_100);
	bench_add("load/rules/1000", load_1000);
	bench_add("load/rules/10000", load_10000);
	bench_add("load/rules/100000", load_100000);
}
