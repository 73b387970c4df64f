/*
 * vigie profile: which rules take the time, on posts of one's own.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include "connectors/connectors.h"
#include "engine/base/buf.h"
#include "engine/cmd_posts.h"
#include "engine/setup.h"

#define TOP_DEFAULT 20u

/* Below this share of the time the dearest entry is no trouble. */
#define SHARE_PERCENT 5

struct report {
	const struct ruleset *rs;
	const struct rules_profile_row *rows;
	struct rules_profile_total total;
	struct rules_costs *costs;
	uint32_t count, top;
	struct buf out;
};

static void
on_post(void *self, const struct post *post, struct text *text)
{
	rules_profile_post(self, post, text);
}

static void
put_name(struct report *r, const struct rules_profile_row *row, struct buf *out)
{
	rules_name(r->rs,
	    &(struct hit){.kind = row->kind, .index = row->index}, out);
}

/* The words that call for it, three of them. */
static void
put_words(struct report *r, const struct rules_profile_row *row)
{
	struct buf word = {0};
	uint32_t n = 0;

	switch (rules_costs_hangs(r->costs, row->kind, row->index)) {
	case HANGS_ON_NOTHING:
		buf_text(&r->out, "every post");
		break;
	case HANGS_ON_BRAND:
		buf_text(&r->out, "its brand");
		break;
	case HANGS_ON_WORDS:
		for (; rules_costs_anchor(
			 r->costs, row->kind, row->index, n, &word);
		     n++) {
			if (n < 3) {
				buf_text(&r->out, n > 0 ? ", " : "");
				buf_plain(&r->out, buf_slice(&word));
			}
			buf_clear(&word);
		}
		if (n > 3)
			buf_printf(&r->out, " and %u more", n - 3);
		break;
	}
	buf_fini(&word);
}

/* A share of ${all}, in tenths of a percent. */
static unsigned
share(int64_t part, int64_t all)
{
	return all <= 0 ? 0 : (unsigned)(part * 1000 / all);
}

static void
put_row(struct report *r, const struct rules_profile_row *row)
{
	unsigned of = share(row->ns, r->total.ns);
	int64_t tenths = row->ns * 10 / (int64_t)r->total.posts;
	struct buf name = {0};

	put_name(r, row, &name);
	buf_printf(&r->out, "%4u.%u%% %6lld.%lld %9llu %9llu %7llu ", of / 10,
	    of % 10, (long long)(tenths / 10), (long long)(tenths % 10),
	    (unsigned long long)row->candidates,
	    (unsigned long long)row->looks, (unsigned long long)row->hits);
	if (row->regex_ns > 0)
		buf_printf(&r->out, "%5u%% ",
		    share(row->regex_ns, row->ns) / 10);
	else
		buf_text(&r->out, "    -  ");
	buf_printf(&r->out, "%8llu  %-26.*s ",
	    (unsigned long long)row->overruns, (int)name.len, name.data);
	put_words(r, row);
	buf_char(&r->out, '\n');
	buf_fini(&name);
}

/* What to do about the dearest, in one sentence. */
static const char *
advice(const struct report *r, const struct rules_profile_row *row)
{
	if (row->overruns > 0)
		return "its regex was stopped at its limits: write it without "
		       "repeats within repeats, or as words with NEAR";
	if (rules_costs_hangs(r->costs, row->kind, row->index) ==
	    HANGS_ON_NOTHING)
		return "it is looked at with every post: give it a word that "
		       "must occur";
	if (row->regex_ns > row->ns / 2)
		return "its regex takes most of it: put words that must occur "
		       "before it with AND, or write it as words with NEAR";
	if (row->hits * 100 < row->looks)
		return "of 100 posts that it is looked at with not one "
		       "matches: ask for a rarer word, or a phrase";
	return "its words are in many posts: a rarer one beside them with AND "
	       "makes it cheaper";
}

static void
put_people(struct report *r)
{
	int64_t rules_ns = 0;
	int64_t posts = (int64_t)r->total.posts;
	struct buf name = {0};

	for (uint32_t i = 0; i < r->count; i++)
		rules_ns += r->rows[i].ns;
	if (rules_ns > r->total.ns)
		rules_ns = r->total.ns;
	buf_count(&r->out, r->total.posts);
	buf_printf(&r->out,
	    " post%s, %lld ns per post: %lld ns to find candidates, "
	    "%lld ns to look at them\n", posts == 1 ? "" : "s",
	    (long long)(r->total.ns / posts),
	    (long long)((r->total.ns - rules_ns) / posts),
	    (long long)(rules_ns / posts));
	buf_text(&r->out, " share  ns/post candidates    looks    hits  regex "
			  "overruns  entry                      hangs on\n");
	for (uint32_t i = 0; i < r->count && i < r->top; i++)
		put_row(r, &r->rows[i]);
	if (r->count > r->top)
		buf_printf(&r->out, "and %u more of less cost (--top)\n",
		    r->count - r->top);
	if (r->count > 0 && (r->rows[0].overruns > 0 ||
			share(r->rows[0].ns, r->total.ns) >=
			    SHARE_PERCENT * 10)) {
		put_name(r, &r->rows[0], &name);
		buf_printf(&r->out, "help: %.*s: %s\n", (int)name.len,
		    name.data, advice(r, &r->rows[0]));
	} else {
		buf_text(&r->out, "no entry stands out\n");
	}
	buf_fini(&name);
}

static void
put_json_row(struct report *r, const struct rules_profile_row *row)
{
	static const char *const hangs[] = {"words", "brand", "nothing"};
	struct buf word = {0};

	put_name(r, row, &word);
	buf_text(&r->out, "{\"rule\":");
	buf_json(&r->out, buf_slice(&word));
	buf_printf(&r->out,
	    ",\"candidates\":%llu,\"looks\":%llu,\"hits\":%llu,"
	    "\"overruns\":%llu,\"ns\":%lld,\"regex_ns\":%lld,"
	    "\"ns_per_post\":",
	    (unsigned long long)row->candidates,
	    (unsigned long long)row->looks, (unsigned long long)row->hits,
	    (unsigned long long)row->overruns, (long long)row->ns,
	    (long long)row->regex_ns);
	buf_fixed(&r->out, row->ns * 1000 / (int64_t)r->total.posts, 3, 3);
	buf_text(&r->out, ",\"share\":");
	buf_fixed(&r->out, share(row->ns, r->total.ns), 3, 3);
	buf_printf(&r->out, ",\"hangs_on\":\"%s\",\"anchors\":[",
	    hangs[rules_costs_hangs(r->costs, row->kind, row->index)]);
	buf_clear(&word);
	for (uint32_t n = 0; rules_costs_anchor(
		 r->costs, row->kind, row->index, n, &word);
	     n++) {
		buf_text(&r->out, n > 0 ? "," : "");
		buf_json(&r->out, buf_slice(&word));
		buf_clear(&word);
	}
	buf_text(&r->out, "]}\n");
	buf_fini(&word);
}

static void
put_json(struct report *r)
{
	for (uint32_t i = 0; i < r->count && i < r->top; i++)
		put_json_row(r, &r->rows[i]);
	buf_printf(&r->out,
	    "{\"posts\":%llu,\"entries\":%u,\"ns_per_post\":%lld}\n",
	    (unsigned long long)r->total.posts, r->count,
	    (long long)(r->total.ns / (int64_t)r->total.posts));
}

static int
report(const struct options *o, const struct ruleset *rs,
    struct rules_profile *profile, uint32_t top)
{
	struct report r = {.rs = rs, .top = top};

	r.rows = rules_profile_end(profile, &r.total, &r.count);
	if (r.total.posts == 0) {
		fprintf(stderr, "vigie profile: no post was read\n");
		return EXIT_FOUND;
	}
	r.costs = rules_costs_new(rs);
	if (o->json)
		put_json(&r);
	else
		put_people(&r);
	fwrite(r.out.data, 1, r.out.len, stdout);
	buf_fini(&r.out);
	rules_costs_free(r.costs);
	return EXIT_DONE;
}

int
cmd_profile(struct options *o)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct rules_profile *profile;
	struct setup setup;
	long top = TOP_DEFAULT;
	char *end = NULL;
	int rc, shown;

	if (o->top != NULL)
		top = strtol(o->top, &end, 10);
	if (top < 1 || top > 1000000 || (end != NULL && *end != '\0') ||
	    o->args_count == 0) {
		fprintf(stderr,
		    o->args_count == 0
			? "vigie profile: on which posts?\nhelp: vigie "
			  "profile --rules PATH posts.ndjson\n"
			: "vigie profile: --top wants a number from 1 on\n");
		return EXIT_MISUSE;
	}
	rc = setup_load(&setup, o, &types);
	if (rc == 0) {
		profile = rules_profile_new(setup.rules);
		rc = cmd_posts_each(o, o->args, o->args_count, setup.rules,
		    on_post, profile);
		shown = report(o, setup.rules, profile, (uint32_t)top);
		rc = rc != 0 ? rc : shown;
		rules_profile_free(profile);
	}
	setup_free(&setup);
	return rc;
}
