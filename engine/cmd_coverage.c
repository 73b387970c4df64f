/*
 * vigie coverage: what no example and no post of a sample ever hit.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include "connectors/connectors.h"
#include "engine/base/buf.h"
#include "engine/cmd_posts.h"
#include "engine/setup.h"

/* So many of a kind are named; --json has each. */
#define SHOWN_MAX 20u

static const struct {
	const char *one, *many, *word;
} kinds[] = {
    [COVERED_BRAND] = {"brand", "brands", "brand"},
    [COVERED_TOPIC] = {"topic", "topics", "topic"},
    [COVERED_RULE] = {"rule", "rules", "rule"},
    [COVERED_BRANCH] = {"alternative", "alternatives", "branch"},
    [COVERED_LIST] = {"list entry", "list entries", "list"},
};

static const char *
word_of(enum rules_covered kind, uint32_t n)
{
	return n == 1 ? kinds[kind].one : kinds[kind].many;
}

struct tally {
	uint32_t all, hit;
};

struct coverage {
	struct rules_coverage *rules;
	uint64_t posts;
};

static void
on_post(void *self, const struct post *post, struct text *text)
{
	struct coverage *c = self;

	c->posts++;
	rules_coverage_post(c->rules, post, text);
}

/* In tenths of a percent, never rounded up to all. */
static unsigned
percent(struct tally t)
{
	return t.all == 0 ? 1000
			  : (unsigned)((uint64_t)t.hit * 1000 / t.all);
}

static void
put_item(struct buf *out, const struct rules_coverage_item *item)
{
	buf_printf(out, "%.*s:%u:%u: ", SLICE_ARG(item->path), item->line,
	    item->column);
	if (item->what == COVERED_LIST)
		buf_printf(out, "@list(%.*s): ", SLICE_ARG(item->of));
	else if (item->what == COVERED_BRANCH)
		buf_printf(out, "in '%.*s': ", SLICE_ARG(item->of));
	else
		buf_printf(out, "%s '%.*s'", kinds[item->what].one,
		    SLICE_ARG(item->of));
	buf_plain(out, item->text);
	buf_char(out, '\n');
}

static void
put_people(struct buf *out, const struct rules_coverage_item *items,
    uint32_t count, const struct tally *tallies, struct tally all,
    uint64_t posts)
{
	for (enum rules_covered k = 0; k < COVERED_KINDS; k++) {
		uint32_t shown = 0;

		for (uint32_t i = 0; i < count && shown < SHOWN_MAX; i++)
			if (items[i].what == k && !items[i].hit) {
				if (shown++ == 0)
					buf_printf(out, "%s never hit\n",
					    kinds[k].many);
				put_item(out, &items[i]);
			}
		if (tallies[k].all - tallies[k].hit > shown) {
			buf_text(out, "... and ");
			buf_count(out,
			    tallies[k].all - tallies[k].hit - shown);
			buf_printf(out, " more %s\n",
			    word_of(k, tallies[k].all - tallies[k].hit -
				shown));
		}
	}
	for (enum rules_covered k = 0; k < COVERED_KINDS; k++) {
		if (tallies[k].all == 0)
			continue;
		buf_count(out, tallies[k].hit);
		buf_text(out, " of ");
		buf_count(out, tallies[k].all);
		buf_printf(out, " %s, ", word_of(k, tallies[k].all));
	}
	buf_printf(out, "%u.%u%% hit by the examples", percent(all) / 10,
	    percent(all) % 10);
	if (posts > 0) {
		buf_text(out, " and ");
		buf_count(out, posts);
		buf_text(out, posts == 1 ? " post" : " posts");
	}
	buf_char(out, '\n');
}

static void
put_json(struct buf *out, const struct rules_coverage_item *items,
    uint32_t count, const struct tally *tallies, struct tally all,
    uint64_t posts)
{
	for (uint32_t i = 0; i < count; i++) {
		if (items[i].hit)
			continue;
		buf_printf(out, "{\"never\":\"%s\",\"of\":",
		    kinds[items[i].what].word);
		buf_json(out, items[i].of);
		buf_text(out, ",\"text\":");
		buf_json(out, items[i].text);
		buf_text(out, ",\"path\":");
		buf_json(out, items[i].path);
		buf_printf(out, ",\"line\":%u,\"column\":%u}\n",
		    items[i].line, items[i].column);
	}
	buf_printf(out, "{\"posts\":%llu", (unsigned long long)posts);
	for (enum rules_covered k = 0; k < COVERED_KINDS; k++)
		buf_printf(out, ",\"%s\":{\"all\":%u,\"hit\":%u}",
		    kinds[k].word, tallies[k].all, tallies[k].hit);
	buf_printf(out, ",\"percent\":%u.%u}\n", percent(all) / 10,
	    percent(all) % 10);
}

/* The exit code: whether it is ${min} tenths of a percent. */
static int
report(const struct options *o, const struct coverage *c, unsigned min)
{
	struct tally tallies[COVERED_KINDS] = {{0, 0}}, all = {0, 0};
	const struct rules_coverage_item *items;
	struct buf out = {0};
	uint32_t count;

	items = rules_coverage_items(c->rules, &count);
	for (uint32_t i = 0; i < count; i++) {
		tallies[items[i].what].all++;
		tallies[items[i].what].hit += items[i].hit;
		all.hit += items[i].hit;
	}
	all.all = count;
	if (o->json)
		put_json(&out, items, count, tallies, all, c->posts);
	else
		put_people(&out, items, count, tallies, all, c->posts);
	fwrite(out.data, 1, out.len, stdout);
	buf_fini(&out);
	return percent(all) < min ? EXIT_FOUND : EXIT_DONE;
}

int
cmd_coverage(struct options *o)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct coverage c = {0};
	struct setup setup;
	double min = 0;
	char *end = NULL;
	int rc, found;

	if (o->min != NULL)
		min = strtod(o->min, &end);
	if (!(min >= 0 && min <= 100) ||
	    (end != NULL && (*end != '\0' || end == o->min))) {
		fprintf(stderr, "vigie coverage: --min is a percentage\n");
		return EXIT_MISUSE;
	}
	c.rules = rules_coverage_new();
	rc = setup_load_covered(&setup, o, &types, c.rules);
	if (rc == 0) {
		rc = cmd_posts_each(o, o->args, o->args_count, setup.rules,
		    on_post, &c);
		found = report(o, &c, (unsigned)(min * 10 + 0.5));
		rc = rc != 0 ? rc : found;
	}
	rules_coverage_free(c.rules);
	setup_free(&setup);
	return rc;
}
