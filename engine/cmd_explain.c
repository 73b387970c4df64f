/*
 * vigie explain: why a text matches or does not; whether an alert's figures
 * are what they ought to be.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "connectors/connectors.h"
#include "connectors/decode.h"
#include "engine/base/buf.h"
#include "engine/base/suggest.h"
#include "engine/base/utf8.h"
#include "engine/explain_alert.h"
#include "engine/setup.h"
#include "engine/view.h"

/* Texts are valid UTF-8 by contract; a shell hands over any bytes. */
static void
put_valid(struct buf *out, const char *text)
{
	size_t left = strlen(text), n;
	uint32_t c;

	for (; left > 0; text += n, left -= n) {
		n = utf8_decode(text, left, &c);
		if (n > 0) {
			buf_put(out, text, n);
		} else {
			buf_text(out, "\xef\xbf\xbd");
			n = 1;
		}
	}
}

/* Words of an unquoted text are arguments of their own. */
static void
join_args(const struct options *o, struct buf *out)
{
	for (size_t i = 0; i < o->args_count; i++) {
		if (i > 0)
			buf_char(out, ' ');
		put_valid(out, o->args[i]);
	}
}

/* {"text":"...","lang":"fr"}: a post with its fields, as match reads it; of
 * one line, for a blank ends no text in a shell's argument.  ${bytes} and
 * ${state} live as long as ${post}.  False: it is no post. */
static bool
read_json(struct buf *bytes, void *state, struct post *post)
{
	static const char padding[BATCH_PADDING];
	struct decode_line line;
	enum decode_result result;
	size_t len = bytes->len;

	for (size_t i = 0; i < len; i++)
		if (bytes->data[i] == '\n')
			bytes->data[i] = ' ';
	buf_put(bytes, padding, sizeof(padding));
	decode_auto.begin(state, bytes->data, len);
	result = decode_auto.next(state, post, &line);
	bytes->len = len;
	if (result == DECODE_POST)
		return true;
	fprintf(stderr,
	    "vigie explain: a text that begins with '{\"' is read as a post "
	    "in JSON, and this is none%s%s\n"
	    "help: {\"text\":\"...\",\"lang\":\"fr\"}, with the fields of "
	    "vigie match\n",
	    line.reason == NULL ? "" : ": ",
	    line.reason == NULL ? "" : line.reason);
	return false;
}

static bool
is_json(struct slice text)
{
	size_t i = 1;

	if (text.len < 2 || text.data[0] != '{')
		return false;
	while (i < text.len && (text.data[i] == ' ' || text.data[i] == '\n'))
		i++;
	return i < text.len && text.data[i] == '"';
}

/* "topic:plastic" is as near to "topic:plastique" as without its kind. */
static int
unknown_entry(const struct ruleset *rules, const char *entry)
{
	const char *colon = strchr(entry, ':');
	struct suggest s;

	suggest_start(&s, slice_of(colon == NULL ? entry : colon + 1));
	for (uint32_t i = 0; i < ruleset_rules(rules); i++)
		suggest_offer(&s, ruleset_rule(rules, i)->id);
	for (uint32_t i = 0; i < ruleset_brands(rules); i++)
		suggest_offer(&s, ruleset_brand(rules, i)->id);
	for (uint32_t i = 0; i < ruleset_topics(rules); i++)
		suggest_offer(&s, ruleset_topic(rules, i)->id);
	fprintf(stderr, "vigie explain: no rule, brand or topic '%s'\nhelp: ",
	    entry);
	if (s.best.data != NULL)
		fprintf(stderr, "did you mean '%.*s'? ", SLICE_ARG(s.best));
	fprintf(stderr, "its id as in the rule files; brand:x and topic:x "
			"where a rule has the same id\n");
	return EXIT_MISUSE;
}

static int
explain(const struct ruleset *rules, struct buf *text, const char *entry,
    unsigned style)
{
	void *state;
	struct buf out = {0};
	enum hit_kind kind;
	uint32_t index;
	struct post post;
	int rc = 0;

	if (entry != NULL &&
	    !rules_explain_find(rules, slice_of(entry), &kind, &index)) {
		return unknown_entry(rules, entry);
	}
	state = decode_auto.open();
	post_clear(&post);
	if (!is_json(buf_slice(text)))
		post.text = buf_slice(text);
	else if (!read_json(text, state, &post))
		rc = EXIT_MISUSE;
	if (rc == 0 && entry != NULL)
		rules_explain_entry(rules, &post, kind, index, &out, style);
	else if (rc == 0)
		rules_explain(rules, &post, &out, style);
	if (rc == 0) {
		fwrite(out.data, 1, out.len, stdout);
	}
	buf_fini(&out);
	decode_auto.close(state);
	return rc;
}

/* The first line of a file that has something in it; of a file that begins
 * with "{" alone, all of it. */
static bool
read_file(const char *path, struct buf *out)
{
	FILE *in = !strcmp(path, "-") ? stdin : fopen(path, "re");
	struct buf all = {0}, copy = {0};
	size_t n, end;
	bool whole;
	int why;

	if (in == NULL) {
		fprintf(stderr, "vigie explain: %s: %s\n", path,
		    strerror(errno));
		return false;
	}
	do {
		n = fread(buf_reserve(&all, 65536), 1, 65536, in);
		all.len += n;
	} while (n > 0 && all.len < LINE_BYTES_MAX);
	why = ferror(in) ? errno : 0;
	if (in != stdin)
		fclose(in);
	if (why != 0) {
		fprintf(stderr, "vigie explain: %s: %s\n", path,
		    strerror(why));
		buf_fini(&all);
		return false;
	}
	for (end = 0; end < all.len && all.data[end] != '\n'; end++)
		;
	whole = end == 0 || all.data[end - 1] != '}';
	buf_put(&copy, all.data, whole ? all.len : end);
	buf_char(&copy, '\0');
	put_valid(out, copy.data);
	buf_fini(&all);
	buf_fini(&copy);
	return true;
}

static bool
read_post(const struct options *o, struct buf *text)
{
	if (o->post == NULL) {
		join_args(o, text);
		return true;
	}
	if (o->post[0] != '{')
		return read_file(o->post, text);
	put_valid(text, o->post);
	return true;
}

int
cmd_explain(struct options *o)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	const struct view_options view = view_detect(stdout, o->lang);
	unsigned style = o->json ? EXPLAIN_JSON :
	    (view.colour ? EXPLAIN_COLOUR : 0u) |
	    (view.french ? EXPLAIN_FRENCH : 0u);
	struct buf text = {0};
	struct setup setup;
	int rc;

	if (o->alert != NULL || o->alerts != NULL || o->state != NULL)
		return explain_alert(o);
	if ((o->args_count == 0) == (o->post == NULL)) {
		fprintf(stderr,
		    "vigie explain: no text\n"
		    "help: vigie explain --rules PATH \"a post\", or\n"
		    "      vigie explain --rules PATH --post FILE, or\n"
		    "      vigie explain --alert FILE\n");
		return EXIT_MISUSE;
	}
	rc = setup_load(&setup, o, &types);
	if (rc == 0) {
		if (read_post(o, &text))
			rc = explain(setup.rules, &text, o->rule, style);
		else
			rc = EXIT_FOUND;
	}
	setup_free(&setup);
	buf_fini(&text);
	return rc;
}
