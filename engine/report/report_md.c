/*
 * A report as Markdown: plain enough to be read as it is.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "engine/report/report_page.h"

/* What Markdown would take for a sign of its own. */
static void
put(struct buf *out, struct slice text)
{
	struct buf plain = {0};

	buf_plain(&plain, text);
	for (size_t i = 0; i < plain.len; i++) {
		char c = plain.data[i];

		if (strchr("\\`*_[]<>|#", c) != NULL)
			buf_char(out, '\\');
		buf_char(out, c);
	}
	buf_fini(&plain);
}

static void
cells(const struct block *b, struct buf *out)
{
	for (uint32_t i = 0; i < PAGE_CELLS; i++) {
		buf_text(out, i == 0 ? "| " : " | ");
		put(out, buf_slice(&b->cells[i]));
	}
	buf_text(out, " |\n");
}

static bool
is_list(enum block_kind kind)
{
	return kind == BLOCK_FACT || kind == BLOCK_ITEM ||
	    kind == BLOCK_HEAD || kind == BLOCK_ROW;
}

/* A blank line between, but not within lists and tables. */
static void
separate(const struct block *b, const struct block *before, struct buf *out)
{
	bool together = is_list(b->kind) && is_list(before->kind) &&
	    (b->kind == before->kind ||
		(b->kind == BLOCK_ROW && before->kind == BLOCK_HEAD));

	if (!together)
		buf_char(out, '\n');
}

static void
put_curve(const struct page *p, const struct report_curve *c,
    struct buf *out)
{
	const struct report_point *high = &c->points[0];
	struct buf name = {0}, plain = {0}, when = {0}, voices = {0};

	for (uint32_t i = 1; i < c->count; i++)
		if (c->points[i].harm > high->harm)
			high = &c->points[i];
	report_page_curve(p, c, SAY_curve_of, &plain);
	put(&name, buf_slice(&plain));
	buf_char(&name, '\0');
	report_tenths(&voices, &p->tongue, high->harm * 1000);
	buf_char(&voices, '\0');
	report_date(&when, &p->tongue, high->at_ms, p->r->now_ms);
	buf_char(&when, '\0');
	report_say(out, &p->tongue, SAY_curve_high,
	    (const char *[]){name.data, voices.data, when.data});
	buf_char(out, '\n');
	buf_fini(&name);
	buf_fini(&plain);
	buf_fini(&when);
	buf_fini(&voices);
}

void
report_md(const struct page *p, struct buf *out)
{
	for (uint32_t i = 0; i < p->count; i++) {
		const struct block *b = &p->blocks[i];
		static const char *const begins[] = {
		    [BLOCK_TITLE] = "# ", [BLOCK_HEADING] = "## ",
		    [BLOCK_ALERT] = "### ", [BLOCK_ITEM] = "- ",
		    [BLOCK_LEAD] = "**", [BLOCK_NOTE] = "*"};
		static const char *const ends[] = {
		    [BLOCK_LEAD] = "**", [BLOCK_NOTE] = "*"};
		size_t kinds = sizeof(begins) / sizeof(*begins);

		if (i > 0)
			separate(b, b - 1, out);
		if (b->kind == BLOCK_HEAD || b->kind == BLOCK_ROW) {
			cells(b, out);
			if (b->kind == BLOCK_HEAD)
				buf_text(out, "|---|---:|---:|---:|\n");
			continue;
		}
		if (b->kind == BLOCK_FIGURE) {
			put_curve(p, b->curve, out);
			continue;
		}
		if (b->kind < kinds && begins[b->kind] != NULL)
			buf_text(out, begins[b->kind]);
		if (b->label != NULL)
			buf_printf(out, "- **%s**%s", b->label,
			    report_phrase(&p->tongue, SAY_colon));
		put(out, buf_slice(&b->text));
		if (b->kind < sizeof(ends) / sizeof(*ends) &&
		    ends[b->kind] != NULL)
			buf_text(out, ends[b->kind]);
		buf_char(out, '\n');
	}
}
