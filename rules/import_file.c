/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/base/text.h"
#include "rules/format.h"
#include "rules/import.h"

enum section { BRANDS, TOPICS, RULES, SECTIONS };

struct file {
	const struct import_entry *entries;
	size_t count;
	enum import_dialect dialect;
	struct arena *arena;
	struct diag *diag;
	struct text text; /* to fold names */
	struct slice *ids[SECTIONS]; /* taken so far */
	size_t ids_count[SECTIONS];
	struct buf out[SECTIONS];
	size_t written;
};

/* "Huile de palme !" as an id: huile-de-palme. */
static struct slice
slug(struct file *f, struct slice name)
{
	struct buf id = {0};
	struct slice result;

	text_fold(&f->text, SLICE_NONE, name, TEXT_QUERY);
	for (size_t i = 0; i < f->text.len; i++) {
		char c = f->text.bytes[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '_')
			buf_char(&id, c);
		else if (id.len > 0 && id.data[id.len - 1] != '-')
			buf_char(&id, '-');
	}
	while (id.len > 0 && id.data[id.len - 1] == '-')
		id.len--;
	result = arena_text(f->arena, buf_slice(&id));
	buf_fini(&id);
	return result;
}

static bool
is_taken(const struct file *f, enum section s, struct slice id)
{
	for (size_t i = 0; i < f->ids_count[s]; i++)
		if (slice_equal(f->ids[s][i], id))
			return true;
	return false;
}

/* ${id}, or with a number behind it; nobody else gets it. */
static struct slice
take(struct file *f, enum section s, struct slice id, size_t number)
{
	struct buf name = {0};

	if (id.len == 0)
		buf_printf(&name, "query-%zu", number);
	else
		buf_slice_put(&name, id);
	for (unsigned n = 2; is_taken(f, s, buf_slice(&name)); n++) {
		buf_clear(&name);
		buf_printf(&name, "%.*s-%u", SLICE_ARG(id.len > 0
			? id : SLICE("query")), n);
	}
	id = arena_text(f->arena, buf_slice(&name));
	buf_fini(&name);
	f->ids[s][f->ids_count[s]++] = id;
	return id;
}

/* As a scalar; what could not stand in YAML becomes blanks. */
static void
put_value(struct slice value, struct buf *out)
{
	struct buf plain = {0};

	buf_plain(&plain, value);
	for (size_t i = 0; i + 2 < plain.len; i++)
		/* U+FFFE, U+FFFF and the byte order mark */
		if (!memcmp(plain.data + i, "\xef\xbf\xbe", 3) ||
		    !memcmp(plain.data + i, "\xef\xbf\xbf", 3) ||
		    !memcmp(plain.data + i, "\xef\xbb\xbf", 3))
			memset(plain.data + i, ' ', 3);
	format_quoted(buf_slice(&plain), out);
	buf_char(out, '\n');
	buf_fini(&plain);
}

static void
put_examples(const char *key, struct slice lines, struct buf *out)
{
	const char *p = lines.data, *end = p + lines.len;

	if (lines.len == 0)
		return;
	buf_printf(out, "    %s:\n", key);
	while (p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		struct slice one;

		stop = stop == NULL ? end : stop;
		one = (struct slice){p, (size_t)(stop - p)};
		p = stop + 1;
		if (one.len == 0)
			continue;
		buf_text(out, "      - ");
		put_value(one, out);
	}
}

static void
put_scalar(const char *key, struct slice value, struct buf *out)
{
	if (value.len == 0)
		return;
	buf_printf(out, "    %s: ", key);
	put_value(value, out);
}

/* A number, or it stays away and is told. */
static void
put_number(struct file *f, const struct import_entry *e, const char *key,
    struct slice value, struct buf *out)
{
	char text[32], *end;
	double n;

	if (value.len == 0)
		return;
	snprintf(text, sizeof(text), "%.*s", SLICE_ARG(value));
	n = strtod(text, &end);
	if (*end == '\0' && n >= -1000 && n <= 1000 &&
	    (strcmp(key, "severity") || (value.len == 1 && n >= 0 && n <= 4))) {
		buf_printf(out, "    %s: %s\n", key, text);
		return;
	}
	diag_add(f->diag, DIAG_WARNING,
	    (struct place){e->source.path, e->line, 1, 0}, "not-carried",
	    "weights are numbers, severities 0 to 4",
	    "%s '%s' does not carry over", key, text);
}

/* A brand or topic that rules name and no row describes. */
static void
declare(struct file *f, const struct import_entry *e, enum section s,
    struct slice name, struct slice id)
{
	struct buf *out = &f->out[s];
	struct buf match = {0};

	if (is_taken(f, s, id))
		return;
	for (size_t i = 0; i < f->count; i++) {
		const struct import_entry *o = &f->entries[i];
		struct slice of = s == BRANDS ? o->brand : o->topic;

		if (slice_equal(slug(f, of), id) &&
		    slice_equal(slug(f, o->name), id))
			return; /* a later row does */
	}
	take(f, s, id, 0);
	buf_printf(&match, "\"%.*s\"", SLICE_ARG(name));
	buf_printf(out, "  %.*s:\n", SLICE_ARG(id));
	put_scalar("name", name, out);
	put_scalar("match", buf_slice(&match), out);
	buf_fini(&match);
	diag_add(f->diag, DIAG_WARNING,
	    (struct place){e->source.path, e->line, 1, 0}, "differs",
	    "complete its match: in the result",
	    "the %s '%.*s' has no row of its own: found by its name",
	    s == BRANDS ? "brand" : "topic", SLICE_ARG(name));
}

static enum section
section_of(struct file *f, const struct import_entry *e, struct slice id)
{
	if (e->brand.len > 0 && slice_equal(slug(f, e->brand), id))
		return BRANDS;
	if (e->topic.len > 0 && slice_equal(slug(f, e->topic), id))
		return TOPICS;
	return RULES;
}

static void
put_comments(const struct buf *comments, struct buf *out)
{
	const char *p = comments->data, *end = p + comments->len;

	while (p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));

		buf_printf(out, "    %.*s\n", (int)(stop - p), p);
		p = stop + 1;
	}
}

static void
put_entry(struct file *f, const struct import_entry *e, enum section s,
    struct slice query)
{
	struct buf *out = &f->out[s];
	struct slice brand = slug(f, e->brand), topic = slug(f, e->topic);

	if (s != RULES)
		put_scalar("name", e->name, out);
	if (s == RULES && brand.len > 0) {
		put_scalar("brand", brand, out);
		declare(f, e, BRANDS, e->brand, brand);
	}
	if (s == RULES && topic.len > 0) {
		put_scalar("topic", topic, out);
		declare(f, e, TOPICS, e->topic, topic);
	}
	if (s != BRANDS) {
		put_number(f, e, "weight", e->weight, out);
		put_number(f, e, "severity", e->severity, out);
	}
	put_scalar(s == RULES ? "when" : "match", query, out);
	put_examples("hit", e->hit, out);
	put_examples("miss", e->miss, out);
}

static void
one(struct file *f, size_t i)
{
	const struct import_entry *e = &f->entries[i];
	struct buf query = {0}, comments = {0};
	bool good = import_query(
	    e, f->dialect, f->arena, f->diag, &query, &comments);
	struct slice id = slug(f, e->name);
	enum section s = section_of(f, e, id);

	if (good) {
		id = take(f, s, id, i + 1);
		buf_printf(&f->out[s], "  %.*s:\n", SLICE_ARG(id));
		put_comments(&comments, &f->out[s]);
		put_entry(f, e, s, buf_slice(&query));
		f->written++;
	} else {
		buf_text(&f->out[s], "  # not carried over: ");
		buf_plain(&f->out[s], e->name.len > 0 ? e->name : id);
		buf_text(&f->out[s], ": ");
		buf_plain(&f->out[s], e->source.text);
		buf_char(&f->out[s], '\n');
	}
	buf_fini(&query);
	buf_fini(&comments);
}

size_t
import_file(const struct import_entry *entries, size_t count,
    enum import_dialect dialect, const char *sector, struct arena *arena,
    struct diag *diag, struct buf *out)
{
	static const char *const titles[] = {"brands", "topics", "rules"};
	static const char *const tools[] = {"Brandwatch", "Meltwater", "X"};
	struct file f = {.entries = entries, .count = count,
	    .dialect = dialect, .arena = arena, .diag = diag};
	struct diag *quiet = diag_new();
	struct buf raw = {0};

	text_init(&f.text);
	for (int s = 0; s < SECTIONS; s++)
		f.ids[s] = must_alloc((count * 2 + 1) * sizeof(struct slice));
	for (size_t i = 0; i < count; i++)
		one(&f, i);
	buf_printf(&raw, "# Queries of %s, by vigie import.\n",
	    tools[dialect]);
	if (sector != NULL)
		buf_printf(&raw, "sector: %s\n", sector);
	for (int s = 0; s < SECTIONS; s++) {
		/* comments alone make no map */
		if (f.out[s].len > 0)
			buf_printf(&raw, f.ids_count[s] > 0 ? "\n%s:\n"
							    : "\n# %s:\n",
			    titles[s]);
		buf_slice_put(&raw, buf_slice(&f.out[s]));
		buf_fini(&f.out[s]);
		free(f.ids[s]);
	}
	if (format_text("imported", buf_slice(&raw), out, quiet) ==
	    FORMAT_BROKEN)
		buf_slice_put(out, buf_slice(&raw));
	buf_fini(&raw);
	diag_free(quiet);
	text_fini(&f.text);
	return f.written;
}
