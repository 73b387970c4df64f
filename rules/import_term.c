/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <strings.h>

#include "rules/import_parts.h"

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
word_byte(char c)
{
	return digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	    c == '_' || (unsigned char)c >= 0x80;
}

static bool
has_word(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (word_byte(text.data[i]))
			return true;
	return false;
}

static struct import_node *
term(struct import_parser *p, const struct buf *text)
{
	struct import_node *node = import_node(p, IMPORT_TERM);

	node->text = arena_text(p->arena, buf_slice(text));
	return node;
}

/* X tells accents apart in rules for its stream. */
static void
note_accents(struct import_parser *p, struct slice text)
{
	for (size_t i = 0; p->dialect == IMPORT_X && i < text.len; i++)
		if ((unsigned char)text.data[i] == 0xc3) {
			import_note(p, DIAG_WARNING, p->from, p->to, "differs",
			    "exact:\"...\" tells them apart, and capitals too",
			    "accents do not count here, in a stream of X they "
			    "do");
			return;
		}
}

/* X knows no wildcards; both signs are blanks to it. */
static void
put_words(struct import_parser *p, struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (c == '"' || c == '\n' || c == '\r' || c == '\t' ||
		    (p->dialect == IMPORT_X && (c == '*' || c == '?')))
			c = ' ';
		buf_char(out, c);
	}
}

/* Words that need no quotes here. */
static bool
is_simple(struct slice word)
{
	static const char *const meant[] = {"and", "or", "not", "brand", "ou",
	    "near", "onear", "sentence", "atleast"};
	size_t i = 0;

	for (size_t k = 0; k < sizeof(meant) / sizeof(*meant); k++)
		if (word.len == strlen(meant[k]) &&
		    !strncasecmp(word.data, meant[k], word.len))
			return false;
	if (word.len > 1 && strchr("#@$", word.data[0]) != NULL)
		i = 1;
	if (word.len - i >= 4 && !strncasecmp(word.data + i, "near", 4))
		return false;
	for (; i < word.len; i++)
		if (!word_byte(word.data[i]) && word.data[i] != '*' &&
		    word.data[i] != '?')
			return false;
	return true;
}

struct import_node *
import_term_word(struct import_parser *p)
{
	struct slice word = p->value;
	struct buf out = {0}, words = {0};
	struct import_node *node;

	/* "apple^9": which words a hit sentence prefers */
	if (p->dialect == IMPORT_MELTWATER &&
	    memchr(word.data, '^', word.len) != NULL) {
		word.len = (size_t)((const char *)memchr(word.data, '^',
					word.len) - word.data);
		import_note(p, DIAG_WARNING, p->from, p->to, "differs", NULL,
		    "preferences (^) change no match and were left out");
	}
	put_words(p, word, &words);
	if (!has_word(buf_slice(&words))) {
		node = import_gone(import_node(p, IMPORT_TERM),
		    "there is no letter or digit in it");
	} else {
		note_accents(p, word);
		if (is_simple(buf_slice(&words)))
			buf_slice_put(&out, buf_slice(&words));
		else
			buf_printf(&out, "\"%.*s\"",
			    SLICE_ARG(buf_slice(&words)));
		node = term(p, &out);
	}
	buf_fini(&out);
	buf_fini(&words);
	return node;
}

struct import_node *
import_term_phrase(struct import_parser *p)
{
	struct buf out = {0};
	struct import_node *node;

	if (!has_word(p->value))
		return import_gone(import_node(p, IMPORT_TERM),
		    "there is no letter or digit in it");
	note_accents(p, p->value);
	buf_char(&out, '"');
	put_words(p, p->value, &out);
	buf_char(&out, '"');
	if (p->number >= 0) {
		/* around a single word there is nothing to be near */
		if (memchr(p->value.data, ' ', p->value.len) != NULL)
			buf_printf(&out, "~%ld", p->number);
		import_note(p, DIAG_WARNING, p->from, p->to, "differs", NULL,
		    "~ counts the words between them here, in any order; "
		    "there, how far words must be moved");
	}
	node = term(p, &out);
	buf_fini(&out);
	return node;
}

struct import_node *
import_term_exact(struct import_parser *p)
{
	struct buf out = {0};
	struct import_node *node;

	if (!has_word(p->value) || memchr(p->value.data, '"', p->value.len))
		return import_gone(import_node(p, IMPORT_TERM),
		    "it cannot be looked for as written");
	buf_printf(&out, "exact:\"%.*s\"", SLICE_ARG(p->value));
	node = term(p, &out);
	buf_fini(&out);
	return node;
}

/* ---- fields ------------------------------------------------------------- */

enum how {
	AS_VALUE,  /* here: */
	AS_NUMBER, /* "[a TO b]", "a..b", "n": at least n */
	AS_FLAG,   /* has:, is:, by the table of words */
	AS_COUNTRY,
	AS_LANGUAGE,
	AS_TRUTH,  /* name:true, name:false */
	AS_SIGN,   /* "#x": here is the sign */
	AS_EXACT,
	AS_TITLE,
	AS_NOT,    /* does not carry over; here is why */
};

static const struct row {
	const char *name, *here;
	enum how how;
	const char *differs;
} rows[] = {
#define IMPORT_ROW(name, how, here, differs) {name, here, how, differs},
#include "rules/import.def"
#undef IMPORT_ROW
};

static const struct word {
	const char *there, *here;
} words[] = {
#define IMPORT_WORD(there, here) {there, here},
#include "rules/import.def"
#undef IMPORT_WORD
};

static const char *
word_of(const char *kind, struct slice value)
{
	char key[48];

	if (value.len > 24)
		return NULL;
	snprintf(key, sizeof(key), "%s:%.*s", kind, SLICE_ARG(value));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(words[i].there, key))
			return words[i].here;
	return NULL;
}

static bool
put_value(const struct row *row, struct slice value, struct buf *out)
{
	bool plain = true;

	if (!strncasecmp(row->here, "site", 4) && value.len > 8 &&
	    !memcmp(value.data, "http", 4)) {
		const char *host = memchr(value.data, '/', value.len);

		if (host == NULL || host[1] != '/')
			return false;
		host += 2;
		value.len -= (size_t)(host - value.data);
		value.data = host;
	}
	for (size_t i = 0; i < value.len; i++) {
		plain = plain && (word_byte(value.data[i]) ||
				     strchr(".-/*@", value.data[i]) != NULL);
		if (value.data[i] == '"')
			return false;
	}
	/* a part of a site is an address */
	buf_printf(out, "%s:", !strcmp(row->here, "site") &&
		memchr(value.data, '/', value.len) != NULL ? "url" : row->here);
	buf_printf(out, plain ? "%.*s" : "\"%.*s\"", SLICE_ARG(value));
	return value.len > 0;
}

/* "[100 TO 500]", "100..500", "100": from 100 on. */
static bool
put_number(const char *name, struct slice value, struct buf *out)
{
	char low[24] = "", high[24] = "", *to = low;
	size_t n = 0;

	for (size_t i = 0; i < value.len; i++) {
		char c = value.data[i];

		if (digit(c)) {
			if (n + 1 >= sizeof(low))
				return false;
			to[n++] = c;
			to[n] = '\0';
		} else if (to == low && ((c == 'T' && i + 1 < value.len &&
					     value.data[i + 1] == 'O') ||
				c == '.')) {
			to = high;
			n = 0;
			i++;
		} else if (strchr("[] *", c) == NULL) {
			return false;
		}
	}
	if (*low == '\0' && *high == '\0')
		return false;
	buf_printf(out, "%s:%s..%s", name, low, high);
	return true;
}

static bool
put_field(struct import_parser *p, const struct row *row, struct slice value,
    struct buf *out)
{
	const char *word;
	bool is_true = slice_is(value, "true");

	switch (row->how) {
	case AS_VALUE:
		return put_value(row, value, out);
	case AS_NUMBER:
		return put_number(row->here, value, out);
	case AS_TRUTH:
		if (!is_true && !slice_is(value, "false"))
			return false;
		buf_printf(out, "%s%s", is_true ? "" : "NOT ", row->here);
		return true;
	case AS_SIGN:
		if (value.len > 0 && strchr("#@", value.data[0]) != NULL) {
			value.data++;
			value.len--;
		}
		buf_printf(out, "%s%.*s", row->here, SLICE_ARG(value));
		return is_simple(value) && value.len > 0;
	case AS_COUNTRY:
	case AS_LANGUAGE:
	case AS_FLAG:
		word = word_of(row->here, value);
		if (word != NULL)
			buf_text(out, word);
		else if (row->how != AS_FLAG && (value.len == 2 ||
			     (value.len == 5 && value.data[2] == '-')))
			buf_printf(out, "%s:%.*s", row->here,
			    SLICE_ARG(value));
		(void)p;
		return out->len > 0;
	default:
		return false;
	}
}

static const struct row *
find(struct slice name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strlen(rows[i].name) == name.len &&
		    !strncasecmp(rows[i].name, name.data, name.len))
			return &rows[i];
	return NULL;
}

static struct import_node *
words_of(struct import_parser *p, const struct row *row, struct slice value)
{
	struct import_node *node, *title;

	p->value = value;
	p->number = -1;
	if (row->how == AS_EXACT)
		return import_term_exact(p);
	node = import_term_phrase(p);
	if (node->kind != IMPORT_TERM)
		return node;
	title = import_node(p, IMPORT_TITLE);
	title->items = arena_alloc(p->arena, sizeof(struct import_node *));
	title->items[0] = node;
	title->count = 1;
	return title;
}

struct import_node *
import_term_field(
    struct import_parser *p, struct slice name, struct slice value)
{
	const struct row *row = find(name);
	struct import_node *node = import_node(p, IMPORT_TERM);
	struct buf out = {0};

	if (row == NULL)
		return import_gone(node, "no such field is known here; to "
					 "search the text, put it in quotes");
	/* source: and tag: are other things on X */
	if (p->dialect == IMPORT_X && slice_is(name, "source"))
		return import_gone(node, "the application that a post was "
					 "written with is not known here");
	if (row->how == AS_EXACT || row->how == AS_TITLE)
		return words_of(p, row, value);
	if (row->how == AS_NOT)
		return import_gone(node, row->here);
	if (!put_field(p, row, value, &out)) {
		import_gone(node, "this value is not known here");
	} else {
		node->text = arena_text(p->arena, buf_slice(&out));
		node->field = row->how != AS_SIGN;
		if (node->field && !memcmp(out.data, "NOT ", 4)) {
			struct import_node *no = import_node(p, IMPORT_NOT);

			node->text.data += 4;
			node->text.len -= 4;
			no->items = arena_alloc(
			    p->arena, sizeof(struct import_node *));
			no->items[0] = node;
			no->count = 1;
			node = no;
		}
		if (row->differs != NULL)
			import_note(p, DIAG_WARNING, p->from, p->to, "differs",
			    NULL, row->differs);
	}
	buf_fini(&out);
	return node;
}
