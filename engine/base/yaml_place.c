/*
 * From a byte of a scalar's value back to its line and column.
 *
 * YAML folds lines, drops indentation and decodes escapes, but it keeps all
 * other characters in order.  So value and source are walked together: runs
 * of blanks correspond to runs of blanks, everything else one to one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/yaml.h"

#include "engine/base/utf8.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_block(const struct yaml *s)
{
	return !s->quoted && s->raw.len > 0 && s->text.data != s->raw.data &&
	    (s->raw.data[0] == '|' || s->raw.data[0] == '>');
}

/* Over ${bytes} of the source, counting lines and characters. */
static void
step_raw(struct yaml_cursor *c, size_t bytes)
{
	const struct slice raw = c->scalar->raw;

	while (bytes > 0 && c->raw < raw.len) {
		size_t n = utf8_step(raw.data + c->raw, raw.len - c->raw);

		if (raw.data[c->raw] == '\n') {
			c->line++;
			c->column = 1;
		} else {
			c->column++;
		}
		c->raw += n;
		bytes -= n < bytes ? n : bytes;
	}
}

/* Whether the source holds the text as it is: places can be reckoned. */
static bool
is_straight(const struct yaml *s)
{
	size_t quotes = s->quoted ? 2 : 0, i = 0;

	if (s->raw.len != s->text.len + quotes ||
	    (s->text.len > 0 && memcmp(s->raw.data + quotes / 2, s->text.data,
				    s->text.len) != 0))
		return false;
	while (i < s->text.len && (unsigned char)s->text.data[i] - 0x20u < 0x60)
		i++;
	return i == s->text.len;
}

/* Characters of the source before the one at ${offset}, as advance() counts:
 * blanks before it only where none follows. */
static uint32_t
steps(const struct slice text, size_t offset)
{
	if (offset > text.len)
		offset = text.len;
	if (offset == text.len || text.data[offset] == ' ')
		while (offset > 0 && text.data[offset - 1] == ' ')
			offset--;
	return (uint32_t)offset;
}

static struct place
straight_place(const struct yaml *s, size_t offset, size_t width)
{
	struct place place = s->place;
	uint32_t from = steps(s->text, offset);

	place.column += from + s->quoted;
	place.width = 0;
	if (width > 0) {
		size_t last = offset + width - 1;

		place.width = steps(s->text, last) +
			      (last < s->text.len) - from;
	}
	return place;
}

void
yaml_place_start(struct yaml_cursor *c, const struct yaml *scalar)
{
	const char *end;

	*c = (struct yaml_cursor){scalar, 0, 0, scalar->place.line,
	    scalar->place.column, is_straight(scalar)};
	if (c->straight)
		return;
	if (is_block(scalar)) {
		end = memchr(scalar->raw.data, '\n', scalar->raw.len);
		if (end != NULL)
			step_raw(c, (size_t)(end + 1 - scalar->raw.data));
	} else if (scalar->quoted) {
		step_raw(c, 1);
	}
}

static unsigned
hex(const char *p, size_t digits)
{
	unsigned v = 0;

	for (size_t i = 0; i < digits; i++) {
		unsigned d = (unsigned char)p[i];

		v = v * 16 + (d <= '9' ? d - '0' : (d | 0x20) - 'a' + 10);
	}
	return v;
}

/* Length of the escape at the cursor (0: none), and whether it stands for a
 * blank, or, as a backslash at the end of a line, for nothing. */
static size_t
escape(const struct yaml_cursor *c, bool *blank)
{
	const char *p = c->scalar->raw.data + c->raw;
	size_t left = c->scalar->raw.len - c->raw, n = 2;

	*blank = false;
	if (!c->scalar->quoted || left < 2)
		return 0;
	if (c->scalar->raw.data[0] == '\'')
		return p[0] == '\'' && p[1] == '\'' ? 2 : 0;
	if (p[0] != '\\')
		return 0;
	if (p[1] == 'x' || p[1] == 'u' || p[1] == 'U') {
		unsigned v;

		n = p[1] == 'x' ? 4 : p[1] == 'u' ? 6 : 10;
		if (n > left)
			return 0;
		v = hex(p + 2, n - 2);
		*blank = v < 0x80 && is_blank((char)v);
	} else {
		*blank = p[1] == ' ' || p[1] == '\t' || p[1] == 't' ||
		    p[1] == 'n' || p[1] == 'r' || p[1] == '\n' || p[1] == '\r';
	}
	return n;
}

/* Over the source's blanks, and escapes that stand for blanks. */
static void
skip_blanks(struct yaml_cursor *c)
{
	const struct slice raw = c->scalar->raw;

	while (c->raw < raw.len) {
		bool blank;
		size_t n = escape(c, &blank);

		if (n > 0 && blank)
			step_raw(c, n);
		else if (n == 0 && is_blank(raw.data[c->raw]))
			step_raw(c, 1);
		else
			break;
	}
}

/* Forward until the value's byte ${offset} is next. */
static void
advance(struct yaml_cursor *c, size_t offset)
{
	const struct slice text = c->scalar->text;

	if (offset > text.len)
		offset = text.len;
	while (c->text < offset) {
		const char *p = text.data + c->text;
		bool blank;
		size_t n;

		if (is_blank(*p)) {
			c->text++;
			continue;
		}
		skip_blanks(c);
		n = escape(c, &blank);
		step_raw(c, n > 0 ? n : 1);
		c->text += utf8_step(p, text.len - c->text);
	}
	if (offset < text.len && !is_blank(text.data[offset]))
		skip_blanks(c);
}

struct place
yaml_place_next(struct yaml_cursor *c, size_t offset, size_t width)
{
	struct place place = c->scalar->place;
	struct yaml_cursor start;
	bool blank;
	size_t n;

	if (c->straight)
		return straight_place(c->scalar, offset, width);
	if (offset < c->text)
		yaml_place_start(c, c->scalar);
	advance(c, offset);
	start = *c;
	place.line = c->line;
	place.column = c->column;
	place.width = 0;
	if (width == 0)
		return place;
	/* the end lies behind the last character, not before the next one */
	advance(c, offset + width - 1);
	if (c->line == start.line) {
		struct yaml_cursor end = *c;

		n = c->text < offset + width ? escape(c, &blank) : 0;
		if (c->text < offset + width && c->text < c->scalar->text.len)
			step_raw(&end, n > 0 ? n : 1);
		if (end.line == start.line)
			place.width = end.column - start.column;
	} else {
		const struct slice raw = c->scalar->raw;

		while (start.raw < raw.len && raw.data[start.raw] != '\n' &&
		    raw.data[start.raw] != '\r')
			step_raw(&start, 1);
		place.width = start.column - place.column;
	}
	return place;
}

struct place
yaml_place(const struct yaml *scalar, size_t offset, size_t width)
{
	struct yaml_cursor c;

	yaml_place_start(&c, scalar);
	return yaml_place_next(&c, offset, width);
}
