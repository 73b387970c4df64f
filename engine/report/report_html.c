/*
 * A report as one HTML file: no script, no other file, light and dark, a
 * telephone or a sheet of A4.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/report/report_page.h"

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;"
    "--line:#d0d7de;--paper:#fff;--band:#f6f8fa;--l0:#2e7d32;--l1:#8a6d00;"
    "--l2:#b95a00;--l3:#c1272d;--l4:#7a0c1e;--act:#1f5fa8;--on:#fff}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--ink:#e6e8eb;"
    "--soft:#9aa4ae;--line:#3a424b;--paper:#14181d;--band:#1c2229;"
    "--l0:#63b768;--l1:#d6b22f;--l2:#f08c3a;--l3:#f2665f;--l4:#ff7b93;"
    "--act:#7ab3f0;--on:#14181d}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);"
    "font:15px/1.45 system-ui,-apple-system,\"Segoe UI\",Roboto,"
    "\"Helvetica Neue\",\"Liberation Sans\",Arial,sans-serif}\n"
    "main{max-width:60rem;margin:0 auto;padding:1.2rem 1rem 2rem;"
    "display:grid;grid-template-columns:1fr 1fr;gap:.4rem 2rem}\n"
    "header,.wide,footer{grid-column:1/-1}\n"
    ".tall{grid-row:span 3}dd::first-letter{text-transform:uppercase}\n"
    "h1{font-size:1.5rem;margin:0}\n"
    "h2{font-size:1.02rem;margin:1rem 0 .35rem;padding-bottom:.2rem;"
    "border-bottom:1px solid var(--line)}\n"
    "h3{font-size:1rem;margin:.7rem 0 .15rem}\n"
    ".span{color:var(--soft);margin:.1rem 0 .7rem}\n"
    ".lead{font-size:1.12rem;font-weight:600;margin:0;padding:.6rem .8rem;"
    "background:var(--band);border-left:.4rem solid var(--c);"
    "border-radius:.2rem}\n"
    "h3{border-left:.3rem solid var(--c);padding-left:.5rem}\n"
    "h3.over{font-weight:500}\n"
    ".l0{--c:var(--l0)}.l1{--c:var(--l1)}.l2{--c:var(--l2)}"
    ".l3{--c:var(--l3)}.l4{--c:var(--l4)}\n"
    "dl{margin:0 0 .4rem .8rem;display:grid;"
    "grid-template-columns:max-content 1fr;gap:.05rem .7rem}\n"
    "dt{color:var(--soft)}dd{margin:0}\n"
    "ul{margin:.2rem 0;padding-left:1.1rem}li{margin:.1rem 0}p{margin:.2rem "
    "0}\n"
    "table{border-collapse:collapse;width:100%;margin:.4rem 0;"
    "font-size:.92em}\n"
    "th,td{text-align:right;padding:.15rem .3rem;"
    "border-bottom:1px solid var(--line)}\n"
    "th{font-weight:500;color:var(--soft);vertical-align:bottom}"
    "th:first-child,td:first-child{text-align:left;padding-left:0}\n"
    "td:first-child{white-space:nowrap}\n"
    "figure{margin:.5rem 0 0;min-width:0}figcaption{font-size:.92em;"
    "font-weight:600}\n"
    "figcaption small{font-weight:400;color:var(--soft)}\n"
    "svg{width:100%;max-width:38rem;height:auto;display:block;"
    "font-size:12px}\n"
    "svg text{fill:var(--soft)}svg .grid{stroke:var(--line);fill:none}"
    "svg .area{fill:var(--l3);opacity:.14}"
    "svg .harm{stroke:var(--l3);stroke-width:2;fill:none;"
    "stroke-linejoin:round}svg .sparse{stroke-dasharray:2 4;"
    "stroke-width:1.2}svg .dot{fill:var(--l3)}"
    "svg .usual{stroke:var(--soft);stroke-width:1.4;fill:none;"
    "stroke-dasharray:5 3}svg .lead{stroke:var(--soft);stroke-width:.7;"
    "fill:none;opacity:.6}svg .sign{fill:var(--act)}"
    "svg .l1{fill:var(--l1)}svg .l2{fill:var(--l2)}svg .l3{fill:var(--l3)}"
    "svg .l4{fill:var(--l4)}svg text.on{fill:var(--on);font-weight:700}\n"
    "footer{color:var(--soft);font-size:.85em;margin-top:.8rem;"
    "border-top:1px solid var(--line);padding-top:.4rem}\n"
    "@media (max-width:42rem){main{grid-template-columns:minmax(0,1fr)}"
    ".tall{grid-row:auto}"
    "dl{grid-template-columns:1fr;margin-left:.8rem}dt{font-size:.88em;"
    "margin-top:.25rem}}\n"
    "@page{size:A4;margin:11mm 12mm}\n"
    "@media print{body{font-size:9.6px;line-height:1.32}main{padding:0;"
    "max-width:none;gap:0 1.6rem;grid-template-columns:1fr 1fr}"
    "dl{grid-template-columns:max-content 1fr}"
    "h1{font-size:15px}h2{font-size:11px;margin:.55rem 0 .2rem}"
    "h3{font-size:10px;margin:.4rem 0 .1rem}.lead{font-size:11.5px;"
    "padding:.35rem .6rem}h3,dl,figure,tr,li{break-inside:avoid}"
    ".lead,h3,svg{-webkit-print-color-adjust:exact;"
    "print-color-adjust:exact}"
    "svg{max-height:33mm}table{margin:.15rem 0;line-height:1.2}"
    "th,td{padding:.02rem .2rem}ul{margin:.1rem 0}li{margin:0}}\n";

static void
escape(struct buf *out, struct slice said)
{
	struct buf plain = {0};
	struct slice text;

	buf_plain(&plain, said);
	text = buf_slice(&plain);
	for (size_t i = 0; i < text.len; i++) {
		switch (text.data[i]) {
		case '<':
			buf_text(out, "&lt;");
			break;
		case '>':
			buf_text(out, "&gt;");
			break;
		case '&':
			buf_text(out, "&amp;");
			break;
		case '"':
			buf_text(out, "&quot;");
			break;
		default:
			buf_char(out, text.data[i]);
		}
	}
	buf_fini(&plain);
}

/* The element that is open around blocks of a kind. */
enum around { AROUND_NONE, AROUND_DL, AROUND_UL, AROUND_TABLE };

static enum around
around_of(enum block_kind kind)
{
	switch (kind) {
	case BLOCK_FACT:
		return AROUND_DL;
	case BLOCK_ITEM:
		return AROUND_UL;
	case BLOCK_HEAD:
	case BLOCK_ROW:
		return AROUND_TABLE;
	default:
		return AROUND_NONE;
	}
}

static void
cells(const struct block *b, struct buf *out)
{
	const char *tag = b->kind == BLOCK_HEAD ? "th" : "td";

	buf_text(out, "<tr>");
	for (uint32_t i = 0; i < PAGE_CELLS; i++) {
		buf_printf(out, "<%s>", tag);
		escape(out, buf_slice(&b->cells[i]));
		buf_printf(out, "</%s>", tag);
	}
	buf_text(out, "</tr>\n");
}

static void
figure(const struct page *p, const struct report_curve *c, bool alone,
    struct buf *out)
{
	struct buf words = {0};

	buf_printf(out, "<figure%s><figcaption>",
	    alone ? " class=\"wide\"" : "");
	report_page_curve(p, c, SAY_curve, &words);
	escape(out, buf_slice(&words));
	if (c->sparse)
		buf_printf(out, " <small>%s</small>",
		    report_phrase(&p->tongue, SAY_curve_sparse));
	buf_text(out, "</figcaption>\n");
	report_svg(p, c, out);
	buf_text(out, "</figure>\n");
	buf_fini(&words);
}

static void
tagged(struct buf *out, const char *before, const struct block *b,
    const char *after)
{
	buf_text(out, before);
	escape(out, buf_slice(&b->text));
	buf_text(out, after);
	buf_char(out, '\n');
}

static void
block(const struct page *p, const struct block *b, struct buf *out)
{
	switch (b->kind) {
	case BLOCK_TITLE:
		tagged(out, "<header>\n<h1>", b, "</h1>");
		break;
	case BLOCK_SPAN:
		tagged(out, "<p class=\"span\">", b, "</p>");
		break;
	case BLOCK_LEAD:
		buf_printf(out, "<p class=\"lead l%u\">", b->level);
		tagged(out, "", b, "</p>\n</header>");
		break;
	case BLOCK_HEADING:
		tagged(out, "<h2>", b, "</h2>");
		break;
	case BLOCK_ALERT:
		buf_printf(out, "<h3 class=\"l%u%s\">", b->level,
		    b->over ? " over" : "");
		tagged(out, "", b, "</h3>");
		break;
	case BLOCK_FACT:
		buf_printf(out, "<dt>%s</dt>", b->label);
		tagged(out, "<dd>", b, "</dd>");
		break;
	case BLOCK_ITEM:
		tagged(out, "<li>", b, "</li>");
		break;
	case BLOCK_HEAD:
	case BLOCK_ROW:
		cells(b, out);
		break;
	case BLOCK_FIGURE:
		figure(p, b->curve, p->r->curves_count == 1, out);
		break;
	case BLOCK_NOTE:
		tagged(out, "<footer>", b, "</footer>");
		break;
	case BLOCK_TEXT:
		tagged(out, "<p>", b, "</p>");
		break;
	}
}

void
report_html(const struct page *p, struct buf *out)
{
	static const char *const opens[] = {
	    "", "<dl>\n", "<ul>\n", "<table>\n"};
	static const char *const closes[] = {
	    "", "</dl>\n", "</ul>\n", "</table>\n"};
	enum around around = AROUND_NONE;
	unsigned sections = 0;
	bool section = false;

	buf_printf(out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width,initial-scale=1\">\n<title>%s"
	    "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n",
	    p->tongue.french ? "fr" : "en",
	    report_phrase(&p->tongue, SAY_title), style);
	for (uint32_t i = 0; i < p->count; i++) {
		const struct block *b = &p->blocks[i];
		enum around next = around_of(b->kind);
		bool ends = b->kind == BLOCK_HEADING ||
		    b->kind == BLOCK_FIGURE || b->kind == BLOCK_NOTE;

		if (next != around)
			buf_text(out, closes[around]);
		if (ends && section)
			buf_text(out, "</section>\n");
		section &= !ends;
		if (b->kind == BLOCK_HEADING) {
			/* The first fills the line, the third stands beside
			 * the second and those that follow. */
			buf_text(out, sections == 0 ?
			    "<section class=\"wide\">\n" : sections == 2 ?
			    "<section class=\"tall\">\n" : "<section>\n");
			section = true;
			sections++;
		}
		if (next != around)
			buf_text(out, opens[next]);
		around = next;
		block(p, b, out);
	}
	buf_text(out, "</main>\n</body>\n</html>\n");
}
