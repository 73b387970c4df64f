/*
 * A random set of rules and random posts, judged by the slow evaluator and by
 * rules_match in each of its modes.  A difference is shown, and ends it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_REFERENCE_JUDGE_H
#define TESTS_RULES_REFERENCE_JUDGE_H

#include "tests/unit/rules/random_world.h"
#include "tests/unit/rules/reference.h"

#define POSTS_PER_SET 12

static void
judge_show(const struct world *w, uint64_t seed, const char *title,
    const char *text, struct slice want, struct slice got, unsigned flags)
{
	fprintf(stderr,
	    "seed %llu flags %u\n%.*stitle: %s\ntext: %s\nwanted:\n%.*s"
	    "got:\n%.*s",
	    (unsigned long long)seed, flags, SLICE_ARG(buf_slice(&w->shown)),
	    title, text, SLICE_ARG(want), SLICE_ARG(got));
}

/* How many hits there were. */
static uint64_t
judge_world(struct world *w, uint64_t seed, struct matcher *m,
    struct ruleset *rs, struct text *text)
{
	static const unsigned modes[] = {0, MATCH_TOPICS, MATCH_NO_PREFILTER,
	    MATCH_NO_PREFILTER | MATCH_TOPICS, MATCH_SPANS | MATCH_TOPICS};
	char title[400], body[400];
	struct buf want = {0}, got = {0};
	struct post post;
	uint64_t hits = 0;

	for (int i = 0; i < POSTS_PER_SET; i++) {
		bool titled = rand_below(&w->rand, 4) == 0;

		make_text(w, title, sizeof(title));
		make_text(w, body, sizeof(body));
		post_clear(&post);
		post.text = slice_of(body);
		if (titled)
			post.title = slice_of(title);
		random_post(&w->rand, &post);
		for (size_t k = 0; k < sizeof(modes) / sizeof(*modes); k++) {
			struct ref ref = {.decls = &w->decls,
			    .post = &post,
			    .text = text,
			    .aside = &w->scratch};
			const struct verdict *v;

			text_fold(text, post.title, post.text, TEXT_POST);
			ref.hi = text->tokens;
			ref.to = text->len;
			v = rules_match(m, &post, text, modes[k]);
			buf_clear(&want);
			buf_clear(&got);
			ref_verdict(&ref, modes[k], &want);
			ref_print(&w->decls, rs, v, &got);
			hits += v->hits_count;
			if (!slice_equal(buf_slice(&want), buf_slice(&got))) {
				judge_show(w, seed, titled ? title : "-", body,
				    buf_slice(&want), buf_slice(&got),
				    modes[k]);
				abort(); /* cmocka would cut it */
			}
		}
	}
	buf_fini(&want);
	buf_fini(&got);
	return hits;
}

#endif
