/*
 * Take the entry around a syntax error out of the way of the others.
 *
 * An entry is a key at the indentation of the children of a top-level key,
 * with all deeper lines below it: one brand, one topic, one rule.  It is
 * overwritten with blanks, which keeps every other place right.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/yaml_parts.h"

struct line {
	size_t from, to; /* bytes, without the newline */
	size_t text;   /* its first byte that is no blank */
	size_t indent; /* columns; a tab counts as eight, as people see it */
	bool empty;    /* blank or only a comment */
};

static struct line
line_at(const char *text, size_t bytes, size_t from)
{
	const char *end = memchr(text + from, '\n', bytes - from);
	struct line l = {.from = from};

	l.to = end == NULL ? bytes : (size_t)(end - text);
	for (l.text = from; l.text < l.to && (text[l.text] == ' ' ||
						 text[l.text] == '\t');
	     l.text++)
		l.indent += text[l.text] == '\t' ? 8 : 1;
	l.empty = l.text == l.to || text[l.text] == '#' ||
	    text[l.text] == '\r';
	return l;
}

struct slice
yaml_repair_line(struct slice text, uint32_t line)
{
	size_t from = 0;
	struct line l;

	for (; line > 0 && from < text.len; line--) {
		l = line_at(text.data, text.len, from);
		from = l.to < text.len ? l.to + 1 : text.len;
	}
	if (line > 0 || from >= text.len)
		return (struct slice){text.data, 0};
	l = line_at(text.data, text.len, from);
	if (l.to > l.from && text.data[l.to - 1] == '\r')
		l.to--;
	return (struct slice){text.data + l.from, l.to - l.from};
}

/* Where the key of line ${l} ends, one past its colon; 0 if it has none. */
static size_t
key_end(const char *text, struct line l)
{
	size_t i = l.text, start = i;

	while (i < l.to &&
	    ((text[i] >= 'a' && text[i] <= 'z') || text[i] == '-' ||
		(text[i] >= '0' && text[i] <= '9') || text[i] == '_'))
		i++;
	if (i == start || i >= l.to || text[i] != ':')
		return 0;
	if (i + 1 < l.to && text[i + 1] != ' ' && text[i + 1] != '\t' &&
	    text[i + 1] != '\r')
		return 0;
	return i + 1;
}

static bool
wipe(char *text, size_t from, size_t to)
{
	bool changed = false;

	for (size_t i = from; i < to; i++)
		if (text[i] != '\n' && text[i] != '\r' && text[i] != ' ') {
			text[i] = ' ';
			changed = true;
		}
	return changed;
}

/* The entry that line number ${line} belongs to; false if there is none. */
static bool
find_entry(const char *text, size_t bytes, uint32_t line, struct line *entry,
    uint32_t *entry_line)
{
	size_t child = 0;
	bool in_block = false, found = false;
	uint32_t number = 0;

	for (size_t at = 0; at < bytes && number <= line; number++) {
		struct line l = line_at(text, bytes, at);

		at = l.to + 1;
		if (l.empty)
			continue;
		if (l.indent == 0 && text[l.from] != '-') {
			in_block = true;
			child = 0;
		} else if (in_block && child == 0) {
			child = l.indent;
		} else if (in_block && l.indent > child) {
			continue; /* inside the entry */
		}
		*entry = l;
		*entry_line = number;
		found = true;
	}
	return found;
}

bool
yaml_repair(char *text, size_t bytes, uint32_t line, uint32_t *key_line)
{
	struct line entry = {0};
	uint32_t entry_line = 0;
	size_t keep, end;
	bool changed;

	*key_line = UINT32_MAX;
	if (!find_entry(text, bytes, line, &entry, &entry_line))
		return false;
	keep = key_end(text, entry);
	end = entry.to;
	while (end < bytes) {
		struct line l = line_at(text, bytes, end + 1);

		if (!l.empty && l.indent <= entry.indent)
			break;
		end = l.to;
	}
	if (keep > 0) {
		changed = wipe(text, keep, end);
		if (changed) {
			*key_line = entry_line;
			return true;
		}
	}
	return wipe(text, entry.from, end);
}
