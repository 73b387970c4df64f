/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/complaints.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"

static const struct {
	enum counter counter;
	const char *word;
} reasons[] = {
    {COUNTER_lines_bad_json_total, "not one JSON object"},
    {COUNTER_lines_bad_utf8_total, "broken UTF-8"},
    {COUNTER_lines_bad_depth_total, "nested too deep"},
    {COUNTER_lines_bad_field_total, "a field of a wrong type"},
    {COUNTER_lines_bad_empty_total, "without text"},
    {COUNTER_lines_bad_too_long_total, "too long"},
};

static int
by_line(const void *a, const void *b)
{
	const struct bad_line *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

void
complaints_batch(struct complaints *c, const char *name, uint64_t lines,
    struct batch *b)
{
	if (b->bad_count == 0 || c->shown == BAD_LINES_SHOWN)
		return;
	/* Those that are too long were noted before the others. */
	qsort(b->bad, b->bad_count, sizeof(*b->bad), by_line);
	if (c->before != NULL)
		c->before(c->self);
	for (uint32_t i = 0; i < b->bad_count; i++) {
		const struct bad_line *bad = &b->bad[i];
		struct buf text = {0};

		if (c->shown == BAD_LINES_SHOWN)
			return;
		c->shown++;
		buf_plain(&text, slice_of(bad->text));
		fprintf(c->out,
		    "%s:%" PRIu64 ": byte %" PRIu32 ": %s: \"%.*s\"\n",
		    name, lines + bad->line + 1, bad->error_at + 1,
		    bad->reason, SLICE_ARG(buf_slice(&text)));
		buf_fini(&text);
	}
}

void
complaints_benched(
    struct complaints *c, const struct ruleset *rules, uint32_t regex)
{
	struct buf where = {0};
	struct slice owner = ruleset_regex_owner(rules, regex);

	if (c->before != NULL)
		c->before(c->self);
	ruleset_regex_place(rules, regex, &where);
	fprintf(c->out,
	    "%.*s: the regex of '%.*s' was stopped by its limits on %u posts: "
	    "it is taken out until the rules are loaded anew\n",
	    SLICE_ARG(buf_slice(&where)), SLICE_ARG(owner),
	    REGEX_OVERRUNS_MAX);
	buf_fini(&where);
}

void
complaints_sum(struct complaints *c, const struct counters *counts)
{
	uint64_t total = 0;
	const char *comma = "";

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		total += counts->values[reasons[i].counter];
	if (total == 0)
		return;
	if (c->before != NULL)
		c->before(c->self);
	fprintf(c->out, "%" PRIu64 " bad line%s left out: ", total,
	    total == 1 ? "" : "s");
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		uint64_t n = counts->values[reasons[i].counter];

		if (n == 0)
			continue;
		fprintf(c->out, "%s%" PRIu64 " %s", comma, n, reasons[i].word);
		comma = ", ";
	}
	fprintf(c->out, "\n");
}
