/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/report/past.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/state/journal.h"
#include "engine/leaves.h"

static const struct {
	const char *path;
	size_t offset;
} texts[] = {
    {"sector", offsetof(struct alert, sector)},
    {"brand", offsetof(struct alert, brand)},
    {"topic", offsetof(struct alert, topic)},
    {"lang", offsetof(struct alert, lang)},
    {"country", offsetof(struct alert, country)},
    {"main_topic", offsetof(struct alert, main_topic)},
    {"department", offsetof(struct alert, department)},
};

struct reading {
	struct alert *alert;
	struct buf text;
	bool id, kind, minute;
};

static const char *
text_of(struct reading *r, const struct json *j)
{
	buf_clear(&r->text);
	json_text(j, &r->text);
	buf_char(&r->text, '\0');
	return r->text.data;
}

static void
take_kind(struct reading *r, const char *name)
{
	for (int kind = 0; kind <= ALERT_SILENCE; kind++)
		if (!strcmp(alert_kind_name((enum alert_kind)kind), name)) {
			r->alert->kind = (enum alert_kind)kind;
			r->kind = true;
		}
}

static void
take_text(struct reading *r, const char *path, const struct json *j)
{
	struct alert *a = r->alert;
	const char *text;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char **to = (char **)((char *)a + texts[i].offset);

		if (!strcmp(path, texts[i].path) && *to == NULL)
			*to = strdup(text_of(r, j));
	}
	text = text_of(r, j);
	if (!strcmp(path, "id") && strlen(text) == sizeof(a->id) - 1) {
		memcpy(a->id, text, sizeof(a->id));
		r->id = true;
	} else if (!strcmp(path, "kind")) {
		take_kind(r, text);
	} else if (!strcmp(path, "minute")) {
		r->minute = clock_parse(slice_of(text), &a->minute_ms);
	} else if (!strcmp(path, "subject")) {
		a->subject = !strcmp(text, "sector") ? ALERT_SECTOR :
		    !strcmp(text, "brand") ? ALERT_BRAND : ALERT_PAIR;
	} else if (!strcmp(path, "pairs[].topic") && a->main_topic == NULL) {
		a->main_topic = strdup(text);
	}
}

static bool
on_leaf(void *self, const char *path, enum json_kind kind,
    const struct json *j)
{
	struct reading *r = self;
	int64_t micro;

	if (kind == JSON_TEXT) {
		take_text(r, path, j);
	} else if (kind == JSON_NUMBER && leaves_micro(j->raw, &micro)) {
		uint64_t v = micro > 0 ? (uint64_t)micro / 1000000 : 0;

		if (!strcmp(path, "rev"))
			r->alert->rev = (uint32_t)v;
		else if (!strcmp(path, "level"))
			r->alert->level = v < 5 ? (uint8_t)v : 4;
		else if (!strcmp(path, "previous_level"))
			r->alert->previous_level = v < 5 ? (uint8_t)v : 4;
	}
	return true;
}

struct alert *
past_alert(struct slice json)
{
	struct reading r = {.alert = must_alloc(sizeof(*r.alert))};
	bool good;

	r.alert->refs = 1;
	good = leaves_walk(json, on_leaf, &r) && r.id && r.kind && r.minute &&
	    r.alert->sector != NULL;
	buf_fini(&r.text);
	if (good)
		return r.alert;
	alert_unref(r.alert);
	return NULL;
}

struct journal_run {
	past_visit visit;
	void *self;
	bool newest; /* the last file that has any */
};

/* The note of an entry knows more than its JSON; older ones have none. */
static bool
on_entry(void *self, const struct journal_entry *entry)
{
	struct journal_run *run = self;
	struct alert *a, *bare = NULL;

	if (!slice_is(entry->kind, "alert"))
		return true;
	a = alert_again(entry->json, entry->note);
	if (a != NULL && a->rev != UINT32_MAX)
		bare = alert_unrouted(a);
	else
		bare = past_alert(entry->json);
	if (a != NULL)
		alert_unref(a);
	if (bare == NULL)
		return true;
	run->visit(run->self, bare);
	alert_unref(bare);
	return !run->newest;
}

/* Posts may be ahead of the engine's clock by five minutes. */
#define AHEAD_MS (5 * MINUTE_MS)

int
past_state(const char *state, int64_t from_ms, past_visit visit, void *self,
    struct err *err)
{
	struct journal_run run = {visit, self, false};

	if (from_ms > INT64_MIN + AHEAD_MS)
		from_ms -= AHEAD_MS;
	return journal_walk(state, from_ms, on_entry, &run, err);
}

int
past_newest(const char *state, past_visit visit, void *self, struct err *err)
{
	struct journal_run run = {visit, self, true};

	return journal_walk_back(state, on_entry, &run, err);
}

int
past_lines(const char *path, past_visit visit, void *self, uint64_t *bad,
    struct err *err)
{
	FILE *in = !strcmp(path, "-") ? stdin : fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int rc = 0;

	*bad = 0;
	if (in == NULL)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	while ((n = getline(&line, &room, in)) > 0) {
		struct alert *a = past_alert((struct slice){line, (size_t)n});

		if (a == NULL) {
			++*bad;
			continue;
		}
		visit(self, a);
		alert_unref(a);
	}
	if (ferror(in))
		rc = err_set(err, -errno, "%s: %s", path, strerror(errno));
	if (in != stdin)
		fclose(in);
	free(line);
	return rc;
}
