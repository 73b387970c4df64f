/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/diag.h"

#include <stdarg.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/utf8.h"

/* Columns of the gutter before the bar: "   12 |". */
#define GUTTER 5

struct problem {
	enum diag_level level;
	struct place place;
	const char *code, *help; /* help: NULL or copied */
	struct slice text;
	uint32_t order;          /* of arrival, to keep sorting stable */
};

/* Warnings of one kind: a thousand rules without examples are told of once. */
struct kind {
	const char *code;
	unsigned count, kept, shown;
};

struct source_file {
	const char *path;
	struct slice bytes;
};

struct diag {
	struct arena *arena;
	struct source_file *files;
	size_t files_count, files_room;
	struct problem *problems;
	size_t problems_count, problems_room;
	unsigned count[2], kept[2]; /* by level */
	struct kind kinds[DIAG_KINDS_MAX]; /* of warnings; the last: others */
	unsigned kinds_count;
	bool all; /* diag_print leaves nothing out */
};

struct diag *
diag_new(void)
{
	struct diag *diag = must_alloc(sizeof(*diag));

	diag->arena = arena_new();
	return diag;
}

void
diag_free(struct diag *diag)
{
	if (diag == NULL)
		return;
	arena_free(diag->arena);
	free(diag->files);
	free(diag->problems);
	free(diag);
}

const char *
diag_file(struct diag *diag, const char *path, struct slice bytes)
{
	struct source_file *file;

	if (diag->files_count == diag->files_room) {
		diag->files_room = diag->files_room * 2 + 8;
		diag->files = must_grow(
		    diag->files, diag->files_room * sizeof(*diag->files));
	}
	file = &diag->files[diag->files_count++];
	file->path = arena_text(diag->arena, slice_of(path)).data;
	file->bytes = arena_text(diag->arena, bytes);
	return file->path;
}

static struct kind *
kind_of(struct diag *diag, const char *code)
{
	for (unsigned i = 0; i < diag->kinds_count; i++)
		if (!strcmp(diag->kinds[i].code, code))
			return &diag->kinds[i];
	if (diag->kinds_count == DIAG_KINDS_MAX)
		return &diag->kinds[DIAG_KINDS_MAX - 1];
	diag->kinds[diag->kinds_count].code = code;
	return &diag->kinds[diag->kinds_count++];
}

/* Whether it finds room: so many errors, so many warnings of each kind. */
static bool
keep(struct diag *diag, enum diag_level level, const char *code)
{
	struct kind *kind;

	if (++diag->count[level] > DIAGS_KEPT_MAX && level == DIAG_ERROR)
		return false;
	if (level == DIAG_WARNING) {
		kind = kind_of(diag, code);
		if (++kind->count > DIAGS_KEPT_MAX)
			return false;
		kind->kept++;
	}
	diag->kept[level]++;
	return true;
}

void
diag_add(struct diag *diag, enum diag_level level, struct place place,
    const char *code, const char *help, const char *format, ...)
{
	struct buf text = {0};
	struct problem *p;
	va_list args, again;
	int n;

	if (!keep(diag, level, code))
		return;
	if (diag->problems_count == diag->problems_room) {
		diag->problems_room = diag->problems_room * 2 + 16;
		diag->problems = must_grow(diag->problems,
		    diag->problems_room * sizeof(*diag->problems));
	}
	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	REQUIRE(n >= 0);
	vsnprintf(buf_reserve(&text, (size_t)n + 1), (size_t)n + 1, format,
	    again);
	va_end(again);
	text.len = (size_t)n;
	p = &diag->problems[diag->problems_count];
	*p = (struct problem){.level = level, .place = place, .code = code};
	p->text = arena_text(diag->arena, buf_slice(&text));
	if (help != NULL)
		p->help = arena_text(diag->arena, slice_of(help)).data;
	p->order = (uint32_t)diag->problems_count++;
	buf_fini(&text);
}

unsigned
diag_errors(const struct diag *diag)
{
	return diag->count[DIAG_ERROR];
}

unsigned
diag_warnings(const struct diag *diag)
{
	return diag->count[DIAG_WARNING];
}

static int
by_place(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;
	int order = strcmp(x->place.path ? x->place.path : "",
	    y->place.path ? y->place.path : "");

	if (order != 0)
		return order;
	if (x->place.line != y->place.line)
		return x->place.line < y->place.line ? -1 : 1;
	if (x->place.column != y->place.column)
		return x->place.column < y->place.column ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* Line ${number} of the file, without its end; data NULL if there is none. */
static struct slice
line_of(const struct diag *diag, const char *path, uint32_t number)
{
	struct slice line = SLICE_NONE;
	size_t i = 0;

	/* the path's pointer is the file's name: two may be called alike */
	while (i < diag->files_count && diag->files[i].path != path)
		i++;
	if (i == diag->files_count || number == 0)
		return line;
	line = diag->files[i].bytes;
	for (uint32_t n = 1; n < number; n++) {
		const char *end = memchr(line.data, '\n', line.len);

		if (end == NULL)
			return SLICE_NONE;
		line.len -= (size_t)(end + 1 - line.data);
		line.data = end + 1;
	}
	if (memchr(line.data, '\n', line.len) != NULL)
		line.len = (size_t)((const char *)memchr(line.data, '\n',
					line.len) - line.data);
	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* One character for a terminal: nothing that could move its cursor. */
static void
put_character(struct buf *out, const char *p, size_t left)
{
	uint32_t c;
	size_t n = utf8_decode(p, left, &c);

	if (n == 0 || (c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0) ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
		buf_text(out, "\xef\xbf\xbd");
	else
		buf_put(out, p, n);
}

/* The line and the line with the caret, cut to a window around it. */
static void
put_excerpt(struct buf *out, struct slice line, struct place place, bool colour)
{
	uint32_t width = place.width > 0 ? place.width : 1;
	uint32_t first = 1, column = 1;
	struct buf under = {0};
	size_t i = 0;

	if (place.column > DIAG_LINE_MAX * 3 / 4)
		first = place.column - DIAG_LINE_MAX / 2;
	buf_printf(out, "%*u | ", GUTTER, place.line);
	if (first > 1)
		buf_text(out, "\xe2\x80\xa6"); /* … */
	for (; i < line.len && column < first + DIAG_LINE_MAX; column++) {
		size_t n = utf8_step(line.data + i, line.len - i);

		if (column >= first)
			put_character(out, line.data + i, line.len - i);
		if (column >= first && column < place.column)
			buf_char(&under, line.data[i] == '\t' ? '\t' : ' ');
		i += n;
	}
	if (i < line.len)
		buf_text(out, "\xe2\x80\xa6");
	for (; column < place.column; column++)
		buf_char(&under, ' ');
	if (width > first + DIAG_LINE_MAX - place.column)
		width = first + DIAG_LINE_MAX - place.column;
	buf_printf(out, "\n%*s | %s", GUTTER, "", first > 1 ? " " : "");
	buf_slice_put(out, buf_slice(&under));
	buf_text(out, colour ? "\033[1;32m^" : "^");
	while (--width > 0)
		buf_char(out, '~');
	buf_text(out, colour ? "\033[0m\n" : "\n");
	buf_fini(&under);
}

static void
put_problem(struct buf *out, const struct diag *diag, const struct problem *p,
    bool colour)
{
	static const char *const words[2][2] = {
	    {"error: ", "\033[1;31merror: \033[0m"},
	    {"warning: ", "\033[1;35mwarning: \033[0m"}};
	struct slice line = line_of(diag, p->place.path, p->place.line);

	if (p->place.path != NULL)
		buf_printf(out, "%s:", p->place.path);
	if (p->place.line > 0)
		buf_printf(out, "%u:%u:", p->place.line, p->place.column);
	if (p->place.path != NULL)
		buf_char(out, ' ');
	buf_text(out, words[p->level][colour]);
	for (size_t i = 0; i < p->text.len;
	     i += utf8_step(p->text.data + i, p->text.len - i))
		put_character(out, p->text.data + i, p->text.len - i);
	buf_char(out, '\n');
	if (line.data != NULL && p->place.column > 0)
		put_excerpt(out, line, p->place, colour);
	if (p->help != NULL)
		buf_printf(out, "help: %s\n", p->help);
}

static void
put_count(struct buf *out, unsigned n, const char *what)
{
	if (n > 0)
		buf_printf(out, "%s%u %s%s", out->len > 0 ? ", " : "", n, what,
		    n == 1 ? "" : "s");
}

/* A warning is shown unless many are like it; behind the last one that is,
 * how many those are. */
static bool
put_warning(struct buf *out, struct diag *diag, const struct problem *p,
    bool colour)
{
	struct kind *kind = kind_of(diag, p->code);
	unsigned most =
	    kind->count > DIAG_ALIKE_MAX ? DIAG_ALIKE_SHOWN : kind->count;

	if (diag->all)
		most = kind->count;
	if (kind->shown >= most)
		return false;
	put_problem(out, diag, p, colour);
	if (++kind->shown == most && kind->count > most) {
		buf_text(out, "... and ");
		buf_count(out, kind->count - most);
		buf_printf(
		    out, " more like this (%s)\n", p->code);
	}
	return true;
}

void
diag_print_all(struct diag *diag, FILE *out, bool colour)
{
	diag->all = true;
	diag_print(diag, out, colour);
	diag->all = false;
}

void
diag_print(struct diag *diag, FILE *out, bool colour)
{
	unsigned total = diag->count[DIAG_ERROR] + diag->count[DIAG_WARNING];
	unsigned shown[2] = {0, 0}, room[2];
	struct buf text = {0}, last = {0};

	if (total == 0)
		return;
	room[DIAG_ERROR] = diag->kept[DIAG_ERROR];
	if (room[DIAG_ERROR] > DIAGS_MAX)
		room[DIAG_ERROR] = DIAGS_MAX;
	room[DIAG_WARNING] = DIAGS_MAX - room[DIAG_ERROR];
	for (unsigned i = 0; i < diag->kinds_count; i++)
		diag->kinds[i].shown = 0;
	qsort(diag->problems, diag->problems_count, sizeof(*diag->problems),
	    by_place);
	for (size_t i = 0; i < diag->problems_count; i++) {
		const struct problem *p = &diag->problems[i];

		if (!diag->all && shown[p->level] == room[p->level])
			continue;
		if (p->level == DIAG_ERROR)
			put_problem(&text, diag, p, colour);
		else if (!put_warning(&text, diag, p, colour))
			continue;
		shown[p->level]++;
	}
	put_count(&last, diag->count[DIAG_ERROR], "error");
	put_count(&last, diag->count[DIAG_WARNING], "warning");
	total -= shown[DIAG_ERROR] + shown[DIAG_WARNING];
	if (total > 0)
		buf_printf(&last, " (%u not shown)", total);
	buf_char(&last, '\n');
	buf_slice_put(&text, buf_slice(&last));
	fwrite(text.data, 1, text.len, out);
	buf_fini(&text);
	buf_fini(&last);
}

void
diag_print_json(struct diag *diag, FILE *out)
{
	struct buf text = {0};

	if (diag->problems_count == 0)
		return;
	qsort(diag->problems, diag->problems_count, sizeof(*diag->problems),
	    by_place);
	for (size_t i = 0; i < diag->problems_count; i++) {
		const struct problem *p = &diag->problems[i];

		buf_text(&text, "{\"path\":");
		buf_json_text(&text, p->place.path);
		buf_printf(&text,
		    ",\"line\":%u,\"column\":%u,\"width\":%u,\"level\":\"%s\"",
		    p->place.line, p->place.column, p->place.width,
		    p->level == DIAG_ERROR ? "error" : "warning");
		buf_text(&text, ",\"code\":");
		buf_json(&text, slice_of(p->code));
		buf_text(&text, ",\"text\":");
		buf_json(&text, p->text);
		buf_text(&text, ",\"help\":");
		buf_json_text(&text, p->help);
		buf_text(&text, "}\n");
	}
	fwrite(text.data, 1, text.len, out);
	buf_fini(&text);
}
