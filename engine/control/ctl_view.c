/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/control/ctl_view.h"

#include "engine/base/json.h"

#define KEY_COLUMN 22

bool
ctl_view_ok(struct slice answer)
{
	struct json j;

	json_init(&j, answer);
	if (json_next(&j) != JSON_OBJECT)
		return false;
	while (json_next(&j) == JSON_KEY) {
		if (json_is(&j, "ok"))
			return json_next(&j) == JSON_TRUE;
		if (!json_skip(&j))
			return false;
	}
	return false;
}

/* A control character could move the cursor; newlines are wanted. */
static void
put_lines(struct buf *line, const struct buf *text)
{
	size_t from = 0;

	for (size_t i = 0; i <= text->len; i++) {
		if (i < text->len && text->data[i] != '\n')
			continue;
		buf_plain(line, (struct slice){text->data + from, i - from});
		if (i < text->len)
			buf_char(line, '\n');
		from = i + 1;
	}
}

static void
put_scalar(const struct json *j, enum json_kind kind, struct buf *line)
{
	struct buf text = {0};

	if (kind == JSON_TEXT) {
		json_text(j, &text);
		if (text.len > 0)
			put_lines(line, &text);
	} else {
		buf_slice_put(line, j->raw);
	}
	buf_fini(&text);
}

static void
put_key(const struct json *j, struct buf *line, unsigned indent)
{
	size_t start;

	for (unsigned i = 0; i < indent; i++)
		buf_text(line, "  ");
	start = line->len;
	json_text(j, line);
	do
		buf_char(line, ' ');
	while (line->len - start < KEY_COLUMN);
}

/* The value that comes next, on this line: a=b  c=d of an object. */
static void
put_flat(struct json *j, struct buf *line)
{
	unsigned depth = j->depth;
	enum json_kind kind;

	do {
		kind = json_next(j);
		if (kind == JSON_BROKEN || kind == JSON_END)
			return;
		if (kind == JSON_KEY) {
			buf_text(line, line->len > 2 ? "  " : "");
			json_text(j, line);
			buf_char(line, '=');
		} else if (kind >= JSON_TEXT) {
			put_scalar(j, kind, line);
		}
	} while (j->depth > depth);
}

static void
flush(struct buf *line, FILE *out)
{
	while (line->len > 0 && line->data[line->len - 1] == ' ')
		line->len--;
	fwrite(line->data, 1, line->len, out);
	putc('\n', out);
	buf_clear(line);
}

/* A list of the answer: each item a line. */
static void
put_list(struct json *j, struct buf *line, FILE *out)
{
	flush(line, out);
	for (;;) {
		struct json ahead = *j;
		enum json_kind kind = json_next(&ahead);

		if (kind == JSON_LIST_END || kind == JSON_BROKEN) {
			*j = ahead;
			return;
		}
		buf_text(line, "  ");
		put_flat(j, line);
		flush(line, out);
	}
}

/* An object in the answer: each member a line. */
static void
put_object(struct json *j, struct buf *line, FILE *out)
{
	flush(line, out);
	while (json_next(j) == JSON_KEY) {
		put_key(j, line, 1);
		put_flat(j, line);
		flush(line, out);
	}
}

bool
ctl_view_print(struct slice answer, FILE *out, FILE *bad)
{
	bool ok = ctl_view_ok(answer);
	FILE *to = ok ? out : bad;
	struct buf line = {0};
	struct json j;

	json_init(&j, answer);
	json_next(&j);
	while (json_next(&j) == JSON_KEY) {
		bool hidden = json_is(&j, "ok") || json_is(&j, "command");
		bool text = json_is(&j, "text"), error = json_is(&j, "error");
		enum json_kind kind;

		if (hidden || json_is(&j, "diagnostics")) {
			json_skip(&j);
			continue;
		}
		if (error)
			buf_text(&line, "vigie ctl: ");
		else if (!text)
			put_key(&j, &line, 0);
		kind = json_next(&j);
		if (kind == JSON_LIST) {
			put_list(&j, &line, to);
		} else if (kind == JSON_OBJECT) {
			put_object(&j, &line, to);
		} else {
			put_scalar(&j, kind, &line);
			if (text && line.len > 0 &&
			    line.data[line.len - 1] == '\n')
				line.len--;
			flush(&line, to);
		}
	}
	buf_fini(&line);
	return ok;
}
