/* SPDX-License-Identifier: Apache-2.0 */
#include <strings.h>

#include "rules/condition.h"
#include "rules/format.h"

bool
format_is_query(struct slice key)
{
	return slice_is(key, "match") || slice_is(key, "not") ||
	    slice_is(key, "when");
}

/* Words that other readers of YAML take for something else than text. */
static bool
has_meaning(struct slice text)
{
	static const char *const words[] = {
	    "true", "false", "yes", "no", "on", "off", "null", "y", "n"};
	size_t digits = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text.len == strlen(words[i]) &&
		    !strncasecmp(text.data, words[i], text.len))
			return true;
	while (digits < text.len &&
	    strchr("0123456789.,_:-+eExX", text.data[digits]) != NULL)
		digits++;
	return digits == text.len;
}

static bool
plain_is_safe(struct slice text)
{
	if (text.len == 0 || has_meaning(text) || text.data[0] == ' ' ||
	    text.data[text.len - 1] == ' ' || text.data[text.len - 1] == ':')
		return false;
	if (strchr("\"'@#*&!%{}[]>|,?:-=~`", text.data[0]) != NULL)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c < 0x20 || c == 0x7f)
			return false;
		if (i + 1 == text.len)
			break;
		if ((c == ':' && text.data[i + 1] == ' ') ||
		    (c == ' ' && text.data[i + 1] == '#'))
			return false;
	}
	return true;
}

void
format_quoted(struct slice text, struct buf *out)
{
	if (plain_is_safe(text)) {
		buf_slice_put(out, text);
		return;
	}
	buf_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\'')
			buf_char(out, '\'');
		buf_char(out, text.data[i]);
	}
	buf_char(out, '\'');
}

/* The comment behind a value, or in the first line of a block; empty: none. */
static struct slice
comment_of(const struct format *f, const struct yaml *node)
{
	const char *p = node->raw.data, *end = f->bytes.data + f->bytes.len;
	bool block = *p == '>' || *p == '|';

	if (!block)
		p += node->raw.len;
	while (p < end && *p != '\n' && *p != '#')
		p++;
	if (p == end || *p != '#')
		return SLICE_NONE;
	end = memchr(p, '\n', (size_t)(end - p));
	if (end == NULL)
		end = f->bytes.data + f->bytes.len;
	while (end > p && strchr(" \t\r", end[-1]) != NULL)
		end--;
	return (struct slice){p, (size_t)(end - p)};
}

/* The value begins on the line of its key, or nothing stands before it. */
static bool
begins_well(const struct format *f, const struct yaml *node)
{
	const char *line, *p = node->raw.data;

	if (node->place.line < node->key_place.line ||
	    node->place.line > f->lines_count)
		return false;
	for (uint32_t i = node->key_place.line; i < node->place.line; i++) {
		struct slice between = f->lines[i - 1];

		if (memchr(between.data, '#', between.len) != NULL)
			return false;
	}
	line = f->lines[node->place.line - 1].data;
	return p >= line;
}

/* Nothing but a comment follows on the line where the value ends. */
static bool
ends_well(const struct format *f, const struct yaml *node)
{
	const char *p = node->raw.data + node->raw.len;
	const char *end = f->bytes.data + f->bytes.len;

	if (*node->raw.data == '>' || *node->raw.data == '|')
		return true;
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p == end || *p == '\n' || *p == '#';
}

bool
format_value(const struct format *f, const struct yaml *node, size_t indent,
    struct buf *out)
{
	struct buf line = {0}, value = {0};
	struct slice comment;
	bool good;

	if (node->kind != YAML_SCALAR || node->broken || node->raw.len == 0 ||
	    node->tail.data != NULL || condition_is(node->text) ||
	    !begins_well(f, node) || !ends_well(f, node))
		return false;
	good = format_query(f->scope, node, &line);
	if (good) {
		comment = comment_of(f, node);
		format_quoted(buf_slice(&line), &value);
		buf_printf(out, "%*s%.*s:", (int)indent, "",
		    SLICE_ARG(node->key));
		/* bytes are at least columns */
		if (indent + node->key.len + 2 + value.len <= FORMAT_COLUMNS) {
			buf_char(out, ' ');
			buf_slice_put(out, buf_slice(&value));
		} else {
			buf_text(out, " >");
		}
		if (comment.len > 0) {
			buf_text(out, "  ");
			buf_slice_put(out, comment);
		}
		buf_char(out, '\n');
		if (indent + node->key.len + 2 + value.len > FORMAT_COLUMNS)
			format_fold(f->scope, node, indent + 2, out);
	}
	buf_fini(&line);
	buf_fini(&value);
	return good;
}
