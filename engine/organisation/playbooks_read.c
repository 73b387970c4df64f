/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/playbooks_read.h"

#include "engine/settings.h"

#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)

/* What every reader of a part has in hand. */
struct reader {
	struct arena *arena;
	struct diag *diag;
};

static bool
is_id(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' &&
		    c != '-')
			return false;
	}
	return text.len > 0;
}

static bool
good_id(struct reader *r, const struct yaml *node)
{
	if (is_id(node->key))
		return true;
	diag_add(r->diag, DIAG_ERROR, node->key_place, "bad-id",
	    "small letters, digits, - and _", "an id is no such word");
	return false;
}

static const char *
copy(struct reader *r, const struct yaml *node)
{
	if (node->kind != YAML_SCALAR || node->text.len == 0 ||
	    memchr(node->text.data, 0, node->text.len) != NULL) {
		settings_wants(r->diag, node, "a text");
		return "";
	}
	return arena_text(r->arena, node->text).data;
}

/* {brand} is filled in by the alert, {time} by who speaks; no other. */
static void
check_blanks(struct reader *r, const struct yaml *node, const char *text)
{
	for (const char *p = strchr(text, '{'); p != NULL;
	     p = strchr(p + 1, '{'))
		if (strncmp(p, "{brand}", 7) && strncmp(p, "{time}", 6))
			diag_add(r->diag, DIAG_ERROR, node->place,
			    "unknown-blank",
			    "{brand} becomes the name of the brand; {time} is "
			    "for who publishes it to fill in",
			    "'%.12s' is nothing that is filled in", p);
}

/* One text for both languages, or {fr: ..., en: ...}: both, because whoever
 * reads the other language must not find a hole in a crisis. */
static void
read_text(struct reader *r, struct playbook_text *to, const struct yaml *node)
{
	static const char *const names[] = {"fr", "en"};
	const struct yaml *n;

	if (node->kind == YAML_SCALAR) {
		to->fr = to->en = copy(r, node);
		check_blanks(r, node, to->fr);
		return;
	}
	if (node->kind != YAML_MAP) {
		settings_wants(r->diag, node, "a text, or {fr: ..., en: ...}");
		to->fr = to->en = "";
		return;
	}
	for (n = node->first; n != NULL; n = n->next) {
		const char **at = slice_is(n->key, "fr") ? &to->fr : &to->en;

		if (!slice_is(n->key, "fr") && !slice_is(n->key, "en")) {
			settings_unknown(r->diag, n->key_place,
			    "unknown-language", "language", n->key, names, 2);
			continue;
		}
		*at = copy(r, n);
		check_blanks(r, n, *at);
	}
	if (to->fr == NULL || to->en == NULL)
		diag_add(r->diag, DIAG_ERROR, node->place, "missing-language",
		    "write it as {fr: ..., en: ...}",
		    "the %s text is missing",
		    to->fr == NULL ? "French" : "English");
	to->fr = to->fr != NULL ? to->fr : "";
	to->en = to->en != NULL ? to->en : "";
}

static void
read_lines(struct reader *r, struct playbook_lines *to,
    const struct yaml *node)
{
	struct playbook_lines before;
	const struct yaml *n;

	if (node->kind != YAML_LIST || node->count == 0) {
		settings_wants(r->diag, node,
		    "a list of texts: [{fr: ..., en: ...}]");
		return;
	}
	before = *to;
	to->items = arena_alloc(
	    r->arena, (before.count + node->count) * sizeof(*to->items));
	if (before.count > 0)
		memcpy(to->items, before.items,
		    before.count * sizeof(*to->items));
	for (n = node->first; n != NULL; n = n->next)
		read_text(r, &to->items[to->count++], n);
}

static void
read_names(struct reader *r, struct playbook_names *to,
    const struct yaml *node, bool may_be_all)
{
	bool list = node->kind == YAML_LIST;
	const struct yaml *n = list ? node->first : node;

	if (node->kind == YAML_MAP) {
		settings_wants(r->diag, node, "a list of ids");
		return;
	}
	to->items =
	    arena_alloc(r->arena, (node->count + 1) * sizeof(*to->items));
	for (; n != NULL; n = list ? n->next : NULL) {
		if (n->kind == YAML_SCALAR && may_be_all &&
		    slice_is(n->text, "*"))
			to->all = true;
		else if (n->kind == YAML_SCALAR && is_id(n->text))
			to->items[to->count++] = (struct playbook_name){
			    arena_text(r->arena, n->text).data, n->place};
		else
			settings_wants(r->diag, n, may_be_all ?
			    "\"*\" or ids of small letters, digits, - and _" :
			    "ids of small letters, digits, - and _");
	}
}

/* Kinds of alerts: those of alert.c. */
static void
check_kinds(struct reader *r, const struct playbook_names *kinds)
{
	const char *known[ALERT_SILENCE + 1];
	size_t count = sizeof(known) / sizeof(*known);

	for (size_t k = 0; k < count; k++)
		known[k] = alert_kind_name((enum alert_kind)k);
	for (size_t i = 0; i < kinds->count; i++) {
		size_t k = 0;

		while (k < count && strcmp(known[k], kinds->items[i].id))
			k++;
		if (k == count)
			settings_unknown(r->diag, kinds->items[i].place,
			    "unknown-kind", "kind of alert",
			    slice_of(kinds->items[i].id), known, count);
	}
}

/* 3 or 3..4 */
static bool
read_levels(struct reader *r, struct playbook_stage *to,
    const struct yaml *node)
{
	struct slice t = node->text;
	bool one = t.len == 1, range = t.len == 4 &&
	    t.data[1] == '.' && t.data[2] == '.';

	if (node->kind == YAML_SCALAR && (one || range) &&
	    t.data[0] >= '1' && t.data[t.len - 1] <= '0' + PLAYBOOK_LEVELS &&
	    t.data[0] <= t.data[t.len - 1]) {
		to->from = (uint8_t)(t.data[0] - '0');
		to->to = (uint8_t)(t.data[t.len - 1] - '0');
		return true;
	}
	return settings_wants(r->diag, node,
	    "a level from 1 to 4, or a range: 3..4");
}

static void
read_stage(struct reader *r, struct playbook_stage *to,
    const struct yaml *node)
{
	static const char *const names[] = {"level", "steps", "statements"};
	const struct yaml *n;
	bool leveled = false;

	to->place = node->place;
	if (node->kind != YAML_MAP) {
		settings_wants(r->diag, node, "{level: 3..4, steps: [...]}");
		return;
	}
	for (n = node->first; n != NULL; n = n->next) {
		if (slice_is(n->key, "level")) {
			leveled = true;
			read_levels(r, to, n);
		} else if (slice_is(n->key, "steps")) {
			read_lines(r, &to->steps, n);
		} else if (slice_is(n->key, "statements")) {
			read_names(r, &to->statements, n, false);
		} else {
			settings_unknown(r->diag, n->key_place,
			    "unknown-setting", "setting of a level", n->key,
			    names, 3);
		}
	}
	if (!leveled)
		diag_add(r->diag, DIAG_ERROR, node->place, "missing-setting",
		    "level: 3, or level: 3..4", "setting 'level' is missing");
	if (yaml_get(node, "steps") == NULL)
		diag_add(r->diag, DIAG_ERROR, node->place, "missing-setting",
		    "what to do, the first thing first",
		    "setting 'steps' is missing");
}

/* Each level once, so that nobody has to guess which steps count. */
static void
refuse_overlap(struct reader *r, const struct playbook *p)
{
	bool taken[PLAYBOOK_LEVELS + 1] = {false};

	for (size_t i = 0; i < p->stages_count; i++) {
		const struct playbook_stage *s = &p->stages[i];

		for (unsigned l = s->from; l > 0 && l <= s->to; l++) {
			if (taken[l])
				diag_add(r->diag, DIAG_ERROR, s->place,
				    "overlap", NULL,
				    "level %u of playbook '%s' is there twice",
				    l, p->id);
			taken[l] = true;
		}
	}
}

static void
read_stages(struct reader *r, struct playbook *p, const struct yaml *node)
{
	if (node->kind != YAML_LIST || node->count == 0) {
		settings_wants(r->diag, node,
		    "a list: [{level: 1..2, steps: [...]}]");
		return;
	}
	p->stages = arena_alloc(r->arena, node->count * sizeof(*p->stages));
	for (const struct yaml *n = node->first; n != NULL; n = n->next)
		read_stage(r, &p->stages[p->stages_count++], n);
	refuse_overlap(r, p);
}

static void
read_key(struct reader *r, struct playbook *p, const struct yaml *n)
{
	static const char *const names[] = {"name", "topics", "kinds", "never",
	    "charter", "statements", "levels"};

	if (slice_is(n->key, "name")) {
		read_text(r, &p->name, n);
	} else if (slice_is(n->key, "topics")) {
		read_names(r, &p->topics, n, true);
	} else if (slice_is(n->key, "kinds")) {
		read_names(r, &p->kinds, n, false);
		check_kinds(r, &p->kinds);
	} else if (slice_is(n->key, "never")) {
		read_lines(r, &p->never, n);
	} else if (slice_is(n->key, "charter")) {
		read_lines(r, &p->charter, n);
	} else if (slice_is(n->key, "statements")) {
		read_names(r, &p->statements, n, false);
	} else if (slice_is(n->key, "levels")) {
		read_stages(r, p, n);
	} else {
		settings_unknown(r->diag, n->key_place, "unknown-setting",
		    "setting of a playbook", n->key, names, 7);
	}
}

void
playbooks_read_one(struct arena *arena, struct playbook *p,
    const struct yaml *node, struct diag *diag)
{
	struct reader r = {arena, diag};

	p->id = arena_text(arena, node->key).data;
	p->place = node->key_place;
	good_id(&r, node);
	if (node->kind != YAML_MAP) {
		settings_wants(diag, node, "{topics: [...], levels: [...]}");
		return;
	}
	for (const struct yaml *n = node->first; n != NULL; n = n->next)
		read_key(&r, p, n);
	if (p->name.fr == NULL)
		p->name.fr = p->name.en = p->id;
	if (!p->topics.all && p->topics.count + p->kinds.count == 0)
		diag_add(diag, DIAG_ERROR, p->place, "idle-playbook",
		    "give it topics or kinds, topics: \"*\" for all others",
		    "playbook '%s' would serve no alert", p->id);
	if (p->stages_count == 0 && yaml_get(node, "levels") == NULL)
		diag_add(diag, DIAG_ERROR, p->place, "missing-setting",
		    "levels: [{level: 1..4, steps: [...]}]",
		    "setting 'levels' is missing");
}

void
playbooks_read_common(struct playbooks *p, const struct yaml *node,
    struct diag *diag)
{
	static const char *const names[] = {"never", "charter"};
	struct reader r = {p->arena, diag};

	if (node->kind != YAML_MAP) {
		settings_wants(diag, node, "never: and charter:");
		return;
	}
	for (const struct yaml *n = node->first; n != NULL; n = n->next) {
		if (slice_is(n->key, names[0]))
			read_lines(&r, &p->never, n);
		else if (slice_is(n->key, names[1]))
			read_lines(&r, &p->charter, n);
		else
			settings_unknown(diag, n->key_place, "unknown-setting",
			    "setting", n->key, names, 2);
	}
}

/* 2026-03-02: the beginning of that day; NULL: no date, and it was said. */
static const char *
read_date(struct reader *r, const struct yaml *node, int64_t *ms)
{
	char text[32];

	if (node->kind == YAML_SCALAR && node->text.len == 10) {
		snprintf(text, sizeof(text), "%.10sT00:00:00Z",
		    node->text.data);
		if (clock_parse(slice_of(text), ms))
			return arena_text(r->arena, node->text).data;
	}
	settings_wants(r->diag, node, "a day: 2026-03-02");
	return NULL;
}

static void
read_statement_key(struct reader *r, struct playbook_statement *s,
    const struct yaml *n, bool *draft)
{
	static const char *const names[] = {
	    "fr", "en", "approved_by", "approved", "expires", "draft"};
	int64_t ms;

	if (slice_is(n->key, "fr")) {
		s->text.fr = copy(r, n);
		check_blanks(r, n, s->text.fr);
	} else if (slice_is(n->key, "en")) {
		s->text.en = copy(r, n);
		check_blanks(r, n, s->text.en);
	} else if (slice_is(n->key, "approved_by")) {
		s->approved_by = copy(r, n);
	} else if (slice_is(n->key, "approved")) {
		s->approved = read_date(r, n, &ms);
	} else if (slice_is(n->key, "expires")) {
		s->expires = read_date(r, n, &ms);
		if (s->expires != NULL)
			s->expires_ms = ms + DAY_MS;
	} else if (slice_is(n->key, "draft")) {
		*draft = n->kind == YAML_SCALAR && slice_is(n->text, "true");
		if (!*draft)
			settings_wants(r->diag, n, "true, or is left out");
	} else {
		settings_unknown(r->diag, n->key_place, "unknown-setting",
		    "setting of a statement", n->key, names, 6);
	}
}

void
playbooks_read_statement(struct arena *arena, struct playbook_statement *s,
    const struct yaml *node, struct diag *diag)
{
	struct reader r = {arena, diag};
	bool draft = false, approved;

	s->expires_ms = TIME_NONE;
	s->place = node->key_place;
	if (!good_id(&r, node))
		return;
	s->id = arena_text(arena, node->key).data;
	s->text.fr = s->text.en = "";
	if (node->kind != YAML_MAP) {
		settings_wants(diag, node,
		    "{fr: ..., en: ..., approved_by: ..., approved: DAY}");
		return;
	}
	for (const struct yaml *n = node->first; n != NULL; n = n->next)
		read_statement_key(&r, s, n, &draft);
	if (yaml_get(node, "fr") == NULL || yaml_get(node, "en") == NULL)
		diag_add(diag, DIAG_ERROR, s->place, "missing-language", NULL,
		    "the %s text of statement '%s' is missing",
		    yaml_get(node, "fr") == NULL ? "French" : "English",
		    s->id);
	approved = yaml_get(node, "approved_by") != NULL &&
	    yaml_get(node, "approved") != NULL;
	if (draft && (s->approved_by != NULL || s->approved != NULL))
		diag_add(diag, DIAG_ERROR, s->place, "draft", NULL,
		    "statement '%s' is either a draft or approved", s->id);
	else if (!draft && !approved)
		diag_add(diag, DIAG_ERROR, s->place, "unapproved",
		    "approved_by: NAME and approved: DAY; or draft: true",
		    "nobody has approved statement '%s'", s->id);
}
