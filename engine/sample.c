/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sample.h"

#include <stdlib.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"

/* Measured so long, and no round less. */
#define SPENT_NS 20000000

struct sample {
	struct matcher *m;
	struct clock clock;
	uint64_t posts;
	int64_t ns;
};

struct sample_cost
sample_own(struct ruleset *rs)
{
	struct matcher *m = matcher_new();
	struct clock clock = clock_wall();
	int64_t start, spent = 0;
	uint64_t looks = 0;
	struct post post;
	struct text text;

	matcher_fit(m, rs);
	text_init(&text);
	start = clock.tick_ns(clock.self);
	while (spent < SPENT_NS) {
		for (size_t i = 0; rules_sample(i).data != NULL; i++) {
			post_clear(&post);
			post.text = rules_sample(i);
			text_fold(&text, post.title, post.text, TEXT_POST);
			rules_match(m, &post, &text, 0);
			looks++;
		}
		/* the first round warms what it reads */
		if (looks > 0 && spent == 0)
			looks = 0, start = clock.tick_ns(clock.self);
		spent = clock.tick_ns(clock.self) - start + 1;
	}
	text_fini(&text);
	matcher_free(m);
	return (struct sample_cost){
	    looks > 0 ? spent / (int64_t)looks : 0, 0};
}

struct sample *
sample_new(struct ruleset *rs)
{
	struct sample *s = must_alloc(sizeof(*s));

	s->m = matcher_new();
	s->clock = clock_wall();
	matcher_fit(s->m, rs);
	return s;
}

void
sample_post(struct sample *s, const struct post *post, struct text *text)
{
	int64_t start = s->clock.tick_ns(s->clock.self);

	text_fold(text, post->title, post->text, TEXT_POST);
	rules_match(s->m, post, text, 0);
	s->ns += s->clock.tick_ns(s->clock.self) - start;
	s->posts++;
}

struct sample_cost
sample_end(struct sample *s)
{
	struct sample_cost cost = {
	    s->posts > 0 ? s->ns / (int64_t)s->posts : 0, s->posts};

	matcher_free(s->m);
	free(s);
	return cost;
}
