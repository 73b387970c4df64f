/*
 * Syntax errors of YAML, said to people who think of queries, not of YAML.
 *
 * libyaml notices an error some way behind its cause.  Each trap that query
 * writers meet is recognised by the text around, and blamed on its cause.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/buf.h"
#include "engine/base/utf8.h"
#include "engine/base/yaml_parts.h"

struct scene {
	const struct yaml_trouble *t;
	const char *path;
	struct slice bytes;
	struct slice line; /* where the trouble was noticed */
	size_t at;         /* byte of the trouble in it */
	struct diag *diag;
};

/* A trap: says it and returns true, or leaves it to the next one. */
typedef bool trap_fn(const struct scene *s, uint32_t *blame);

static bool
has(const char *text, const char *part)
{
	return text != NULL && strstr(text, part) != NULL;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static uint32_t
column_of(struct slice line, size_t at)
{
	uint32_t column = 1;

	for (size_t i = 0; i < at && i < line.len; column++)
		i += utf8_step(line.data + i, line.len - i);
	return column;
}

static size_t
byte_of(struct slice line, uint32_t column)
{
	size_t i = 0;

	for (uint32_t c = 0; c < column && i < line.len; c++)
		i += utf8_step(line.data + i, line.len - i);
	return i;
}

static size_t
indent_of(struct slice line)
{
	size_t i = 0;

	while (i < line.len && blank(line.data[i]))
		i++;
	return i;
}

static struct place
place_in(const struct scene *s, uint32_t line, struct slice text, size_t at,
    size_t width)
{
	uint32_t column = column_of(text, at);

	return (struct place){s->path, line + 1, column,
	    column_of(text, at + width) - column};
}

/* The last line before ${line} that is neither blank nor a comment. */
static bool
line_before(const struct scene *s, uint32_t line, uint32_t *number,
    struct slice *text)
{
	while (line-- > 0) {
		size_t i;

		*text = yaml_repair_line(s->bytes, line);
		i = indent_of(*text);
		if (i < text->len && text->data[i] != '#') {
			*number = line;
			return true;
		}
		if (line + 200 < s->t->line)
			break;
	}
	return false;
}

static bool
trap_tab(const struct scene *s, uint32_t *blame)
{
	uint32_t number = s->t->line;
	struct slice line = s->line;

	do {
		const char *tab = memchr(line.data, '\t', indent_of(line));

		if (tab != NULL) {
			diag_add(s->diag, DIAG_ERROR,
			    place_in(s, number, line,
				(size_t)(tab - line.data), 1),
			    "yaml-tab", "replace the tab by blanks",
			    "a tab in the indentation; YAML wants blanks");
			*blame = number;
			return true;
		}
	} while (number == s->t->line &&
	    line_before(s, number, &number, &line));
	return false;
}

/* "kit kat" OR x: YAML ends the value at the closing quote. */
static bool
trap_quote_ends(const struct scene *s, uint32_t *blame)
{
	size_t before = s->at;
	char quote;

	if (!has(s->t->problem, "did not find expected") &&
	    !has(s->t->problem, "could not find expected"))
		return false;
	while (before > 0 && blank(s->line.data[before - 1]))
		before--;
	if (before == 0 || before > s->line.len ||
	    !s->t->last_quoted || s->t->last_end_line != s->t->line)
		return false;
	quote = s->line.data[before - 1];
	if (quote != '"' && quote != '\'')
		return false;
	*blame = s->t->last_line;
	if (s->t->last_line != s->t->line) {
		diag_add(s->diag, DIAG_ERROR,
		    (struct place){s->path, s->t->last_line + 1,
			s->t->last_column + 1, 1},
		    "yaml-quote", "close it on its line",
		    "the quote %c opened here is closed only on line %u",
		    quote, s->t->line + 1);
		return true;
	}
	diag_add(s->diag, DIAG_ERROR,
	    place_in(s, s->t->line, s->line, s->at, s->line.len - s->at),
	    "yaml-quote",
	    quote == '"'
		? "the first quote belongs to YAML here; put the whole query "
		  "in single quotes: '\"a b\" OR c'"
		: "a single quote inside single quotes is written twice: "
		  "'n''achète plus'",
	    "text after the closing quote %c of the value", quote);
	return true;
}

static bool
trap_quote_open(const struct scene *s, uint32_t *blame)
{
	if (!has(s->t->context, "quoted scalar") ||
	    has(s->t->problem, "escape"))
		return false;
	*blame = s->t->context_line;
	diag_add(s->diag, DIAG_ERROR,
	    (struct place){s->path, s->t->context_line + 1,
		s->t->context_column + 1, 1},
	    "yaml-quote", "close it on its line",
	    "the quote opened here is never closed");
	return true;
}

static bool
trap_escape(const struct scene *s, uint32_t *blame)
{
	if (!has(s->t->problem, "escape"))
		return false;
	*blame = s->t->line;
	diag_add(s->diag, DIAG_ERROR,
	    place_in(s, s->t->line, s->line, s->at, 2), "yaml-escape",
	    "in double quotes YAML reads the backslash itself; use single "
	    "quotes around the value: '/\\bkit/'",
	    "an escape that YAML does not know");
	return true;
}

/* Where the value begins in "key: value" or "- value". */
static bool
value_start(struct slice line, size_t *at)
{
	size_t i = indent_of(line);

	if (i + 1 < line.len && line.data[i] == '-' &&
	    blank(line.data[i + 1])) {
		*at = i + 2;
		return i + 2 < line.len;
	}
	while (i < line.len && line.data[i] != ':' && !blank(line.data[i]))
		i++;
	for (i++; i < line.len && blank(line.data[i]);)
		i++;
	*at = i;
	return i < line.len;
}

/* A value that starts with a character which means something to YAML. */
static bool
trap_start(const struct scene *s, uint32_t *blame)
{
	uint32_t at_line = s->t->line;
	size_t at = s->at, value;
	struct slice line = s->line;

	if (value_start(line, &value) &&
	    strchr("*&!", line.data[value]) != NULL) {
		/* an alias, an anchor or a tag, and then something else */
		at = value;
	} else if (has(s->t->context, "anchor") ||
	    has(s->t->context, "alias") || has(s->t->context, "tag")) {
		at_line = s->t->context_line;
		line = yaml_repair_line(s->bytes, at_line);
		at = byte_of(line, s->t->context_column);
	} else if (!has(s->t->problem, "cannot start any token") &&
	    !has(s->t->context, "directive")) {
		return false;
	}
	if (at >= line.len)
		return false;
	*blame = at_line;
	diag_add(s->diag, DIAG_ERROR, place_in(s, at_line, line, at, 1),
	    "yaml-start",
	    "put the whole value in single quotes, like '@list(x) AND brand'",
	    "a value cannot begin with '%.*s' unless it is in quotes",
	    (int)utf8_step(line.data + at, line.len - at), line.data + at);
	return true;
}

/* "key:value": the colon needs a blank behind it. */
static bool
glued_colon(struct slice line, size_t *colon)
{
	size_t i = indent_of(line);

	if (i + 1 < line.len && line.data[i] == '-' && line.data[i + 1] == ' ')
		i += 2;
	while (i < line.len && line.data[i] != ':' && line.data[i] != ' ' &&
	    line.data[i] != '"' && line.data[i] != '\'')
		i++;
	*colon = i;
	return i > 0 && i + 1 < line.len && line.data[i] == ':' &&
	    line.data[i + 1] != ' ';
}

static bool
trap_glued(const struct scene *s, uint32_t *blame)
{
	uint32_t number = s->t->line;
	struct slice line = s->line;
	size_t colon;

	if (has(s->t->problem, "cannot start"))
		return false;
	do {
		if (glued_colon(line, &colon)) {
			*blame = number;
			diag_add(s->diag, DIAG_ERROR,
			    place_in(s, number, line, colon, 1), "yaml-colon",
			    "write 'key: value'",
			    "a blank is missing after the colon");
			return true;
		}
	} while (number == s->t->line &&
	    line_before(s, number, &number, &line));
	return false;
}

/* " #tag" in a value without quotes: the rest of the line is a comment. */
static bool
trap_comment(const struct scene *s, uint32_t *blame)
{
	uint32_t number = s->t->line;
	struct slice line = s->line;
	int tries = 0;

	if (has(s->t->context, "flow")) {
		number = s->t->context_line;
		line = yaml_repair_line(s->bytes, number);
	}
	do {
		for (size_t i = indent_of(line) + 1; i + 1 < line.len; i++) {
			if (line.data[i] != '#' || !blank(line.data[i - 1]) ||
			    blank(line.data[i + 1]) || line.data[i + 1] == '#')
				continue;
			*blame = number;
			diag_add(s->diag, DIAG_ERROR,
			    place_in(s, number, line, i, line.len - i),
			    "yaml-comment",
			    "put the whole query in single quotes",
			    "' #' begins a comment: YAML does not see the "
			    "rest of this line");
			return true;
		}
	} while (tries++ == 0 && line_before(s, number, &number, &line));
	return false;
}

/* "a: b: c", or a line that is indented under a value. */
static bool
trap_colon(const struct scene *s, uint32_t *blame)
{
	const char *key_colon;

	if (!has(s->t->problem, "mapping values are not allowed"))
		return false;
	*blame = s->t->line;
	key_colon = memchr(s->line.data, ':', s->at);
	if (key_colon != NULL)
		diag_add(s->diag, DIAG_ERROR,
		    place_in(s, s->t->line, s->line, s->at, 1), "yaml-colon",
		    "put the whole value in quotes",
		    "a value with ': ' in it needs quotes");
	else
		diag_add(s->diag, DIAG_ERROR,
		    place_in(s, s->t->line, s->line, indent_of(s->line),
			s->at - indent_of(s->line)),
		    "yaml-indent",
		    "a key stands exactly below its neighbours; the line "
		    "before already has a value",
		    "this key is indented too far");
	return true;
}

static bool
trap_block(const struct scene *s, uint32_t *blame)
{
	if (!has(s->t->context, "block scalar"))
		return false;
	*blame = s->t->line;
	diag_add(s->diag, DIAG_ERROR,
	    place_in(s, s->t->line, s->line, s->at, s->line.len - s->at),
	    "yaml-block", "begin the text on the next line, indented",
	    "text on the line of '>' or '|'");
	return true;
}

static bool
trap_flow(const struct scene *s, uint32_t *blame)
{
	bool map = has(s->t->context, "flow mapping");

	if (!has(s->t->context, "flow"))
		return false;
	*blame = s->t->context_line;
	diag_add(s->diag, DIAG_ERROR,
	    (struct place){s->path, s->t->context_line + 1,
		s->t->context_column + 1, 1},
	    "yaml-bracket",
	    map ? "separate the entries by commas, close it with '}', and put "
		  "queries in quotes"
		: "separate the entries by commas, close it with ']', and put "
		  "entries with , [ ] { } # @ * in quotes",
	    "this '%c' is not closed as it should be (noticed on line %u)",
	    map ? '{' : '[', s->t->line + 1);
	return true;
}

/* "topics" alone on its line: YAML notices only on the next one. */
static bool
trap_no_colon(const struct scene *s, uint32_t *blame)
{
	struct slice line;
	uint32_t number;
	size_t indent;

	if ((!has(s->t->problem, "could not find expected ':'") &&
		!has(s->t->problem, "mapping values are not allowed")) ||
	    !line_before(s, s->t->line, &number, &line))
		return false;
	indent = indent_of(line);
	if (memchr(line.data + indent, ':', line.len - indent) != NULL ||
	    memchr(line.data + indent, ' ', line.len - indent) != NULL)
		return false;
	*blame = number;
	diag_add(s->diag, DIAG_ERROR,
	    place_in(s, number, line, indent, line.len - indent),
	    "yaml-no-colon", "write a colon behind it: 'key:' or 'key: value'",
	    "a colon is missing");
	return true;
}

static bool
trap_indent(const struct scene *s, uint32_t *blame)
{
	struct slice line = s->line;
	uint32_t number = s->t->line;

	if (indent_of(line) >= line.len &&
	    !line_before(s, number, &number, &line))
		number = s->t->line;
	*blame = number;
	diag_add(s->diag, DIAG_ERROR,
	    place_in(s, number, line, indent_of(line),
		line.len - indent_of(line)),
	    "yaml-syntax",
	    "each line is 'key: value' or '- value', and stands exactly below "
	    "its neighbours",
	    "YAML cannot read this line: %s", s->t->problem);
	return true;
}

uint32_t
yaml_help(const struct yaml_trouble *t, const char *path, struct slice bytes,
    struct diag *diag)
{
	static trap_fn *const traps[] = {trap_escape, trap_quote_open,
	    trap_quote_ends, trap_tab, trap_start, trap_block, trap_glued,
	    trap_comment, trap_no_colon, trap_colon, trap_flow,
	    trap_indent};
	struct scene s = {
	    t, path, bytes, yaml_repair_line(bytes, t->line), 0, diag};
	uint32_t blame = t->line;
	size_t i = 0;

	s.at = byte_of(s.line, t->column);
	while (!traps[i](&s, &blame))
		i++;
	return blame;
}
