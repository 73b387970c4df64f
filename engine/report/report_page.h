/*
 * A report as blocks of text in one language, whatever it is written as.
 *
 * report_page_make puts the words (report_page_*.c); report_md and
 * report_html write the blocks.  Texts are plain: each writer escapes.
 * Thread: one at a time.  Owns: the texts of its blocks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_REPORT_PAGE_H
#define ENGINE_REPORT_PAGE_H

#include "engine/report/report.h"
#include "engine/report/report_words.h"

#define PAGE_CELLS 4u

enum block_kind {
	BLOCK_TITLE,
	BLOCK_SPAN,    /* of what time it speaks */
	BLOCK_LEAD,    /* the day in a sentence; level */
	BLOCK_HEADING,
	BLOCK_ALERT,   /* a heading of one alert; level, over */
	BLOCK_FACT,    /* label and text, of the alert above */
	BLOCK_ITEM,
	BLOCK_TEXT,
	BLOCK_HEAD,    /* of a table: cells */
	BLOCK_ROW,     /* of the table above: cells */
	BLOCK_FIGURE,  /* curve */
	BLOCK_NOTE,    /* small print */
};

struct block {
	enum block_kind kind;
	uint8_t level;
	bool over;
	const char *label;
	struct buf text;
	struct buf cells[PAGE_CELLS];
	const struct report_curve *curve;
};

struct page {
	const struct report *r;
	struct report_tongue tongue;
	struct block *blocks;
	uint32_t count, room;
};

/** report_page_make(r, french): the whole page; report_page_free. */
struct page *report_page_make(const struct report *r, bool french);
void report_page_free(struct page *p);

/** report_md(p, out), report_html(p, out): the page as Markdown; as one
 * HTML file that needs no other and prints on a sheet of A4. */
void report_md(const struct page *p, struct buf *out);
void report_html(const struct page *p, struct buf *out);

/** report_svg(p, curve, out): a curve as <svg>; its colours are those of the
 * page around it. */
void report_svg(const struct page *p, const struct report_curve *curve,
    struct buf *out);

/* ---- for the files of report_page_*.c ---------------------------------- */

/** report_page_add(p, kind): a new block at the end; its text grows. */
struct block *report_page_add(struct page *p, enum block_kind kind);

/** report_page_end(text): a NUL behind it, which does not count.
 * report_page_date(p, out, ms): ${ms} as a date, good until buf_fini. */
void report_page_end(struct buf *text);
const char *report_page_date(const struct page *p, struct buf *out,
    int64_t ms);

/** report_page_heading(p, phrase); report_page_fact(p, label): the text of a
 * new labelled line. */
void report_page_heading(struct page *p, enum report_phrase phrase);
struct buf *report_page_fact(struct page *p, enum report_phrase label);

/** report_page_level(p, level): "alerte". */
const char *report_page_level(const struct page *p, uint8_t level);

/** report_page_subject(p, a, out): "Nestlé", "Nestlé, huile de palme",
 * "Secteur confectionery". */
void report_page_subject(const struct page *p, const struct report_alert *a,
    struct buf *out);

/** report_page_curve(p, curve, phrase, out): ${phrase} about its key. */
void report_page_curve(const struct page *p, const struct report_curve *curve,
    enum report_phrase phrase, struct buf *out);

/** report_page_team(p, id): its name for people, else the id. */
const char *report_page_team(const struct page *p, const char *id);

/** The parts of the page. */
void report_page_lead(struct page *p);
void report_page_alerts(struct page *p);
void report_page_who(struct page *p, const struct report_alert *a);
void report_page_changes(struct page *p);
void report_page_week(struct page *p);
void report_page_days(struct page *p);
void report_page_health(struct page *p);

/** report_partial(r): was the watch incomplete, as far as is known? */
bool report_partial(const struct report *r);

#endif
