/*
 * One entry of the journal, of whatever kind, by a table of paths.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/report/report_take.h"

#include <string.h>

static const struct {
	const char *path;
	enum entry_text text;
} texts[] = {
    {"id", T_ID}, {"alert", T_ALERT}, {"kind", T_KIND},
    {"subject", T_SUBJECT}, {"sector", T_SECTOR}, {"brand", T_BRAND},
    {"topic", T_TOPIC}, {"brand_name", T_BRAND_NAME},
    {"topic_name.fr", T_TOPIC_FR}, {"topic_name.en", T_TOPIC_EN},
    {"sector_name.fr", T_TOPIC_FR}, {"sector_name.en", T_TOPIC_EN},
    {"minute", T_MINUTE}, {"first_minute", T_FIRST}, {"owner", T_OWNER},
    {"deputy", T_DEPUTY}, {"answer_by", T_ANSWER_BY},
    {"sentence.fr", T_SENTENCE_FR}, {"sentence.en", T_SENTENCE_EN},
    {"rarity.fr", T_RARE_FR}, {"rarity.en", T_RARE_EN}, {"at", T_AT},
    {"from", T_FROM}, {"to", T_TO}, {"team", T_TEAM}, {"by", T_BY},
    {"why", T_WHY}, {"do", T_DO}, {"until", T_UNTIL},
    {"statement", T_STATEMENT}, {"note", T_NOTE},
    {"main_topic", T_MAIN_TOPIC}, {"department", T_DEPARTMENT},
    {"lang", T_LANG}, {"country", T_COUNTRY}, {"reason", T_REASON},
};

static const struct {
	const char *path;
	enum entry_number number;
} numbers[] = {
    {"rev", N_REV}, {"level", N_LEVEL}, {"density", N_DENSITY},
    {"harm", N_HARM}, {"voices", N_VOICES}, {"expected", N_EXPECTED},
    {"authors", N_AUTHORS}, {"posts", N_POSTS},
    {"harmful_posts", N_HARMFUL_POSTS}, {"learning", N_LEARNING},
    {"coordinated", N_COORDINATED}, {"unacted", N_UNACTED},
    {"matched", N_MATCHED}, {"harmful", N_HARMFUL}, {"paused_s", N_PAUSED},
    {"source_errors", N_SOURCE_ERRORS}, {"uncounted.late", N_LATE},
    {"bad_lines.json", N_BAD}, {"bad_lines.utf8", N_BAD + 1},
    {"bad_lines.depth", N_BAD + 2}, {"bad_lines.field", N_BAD + 3},
    {"bad_lines.empty", N_BAD + 4}, {"bad_lines.too_long", N_BAD + 5},
};

static void
put_text(struct buf *to, const struct json *j)
{
	buf_clear(to);
	json_text(j, to);
	buf_char(to, '\0');
	to->len--;
}

static const char *
keep(struct entry *e, const struct json *j)
{
	struct buf text = {0};
	const char *kept;

	json_text(j, &text);
	kept = arena_text(e->arena, buf_slice(&text)).data;
	buf_fini(&text);
	return kept;
}

/* One word of each of the first rules: what people say. */
static void
take_word(struct entry *e, const struct json *j)
{
	if (e->rule_worded || e->words == REPORT_WORDS)
		return;
	for (uint32_t i = 0; i < e->words; i++)
		if (e->texts[T_WORD + i].len == j->raw.len &&
		    !strncasecmp(e->texts[T_WORD + i].data, j->raw.data,
			j->raw.len))
			return;
	e->rule_worded = true;
	put_text(&e->texts[T_WORD + e->words++], j);
}

/* The harm of a post stands before its text; the worst one is quoted. */
static void
take_post(struct entry *e, const char *member, enum json_kind kind,
    const struct json *j)
{
	if (kind == JSON_NUMBER && !strcmp(member, "harm")) {
		leaves_micro(j->raw, &e->post_harm);
	} else if (kind == JSON_TEXT && !strcmp(member, "text") &&
	    e->post_harm > e->quote_harm) {
		e->quote_harm = e->post_harm;
		put_text(&e->texts[T_QUOTE], j);
	}
}

static void
take_source(struct entry *e, const char *member, enum json_kind kind,
    const struct json *j)
{
	struct report_source *s;
	int64_t micro;

	if (e->sources_count == 0)
		return;
	s = &e->sources[e->sources_count - 1];
	if (kind == JSON_TEXT && !strcmp(member, "name"))
		s->name = keep(e, j);
	else if (kind == JSON_TEXT && !strcmp(member, "state"))
		s->state = keep(e, j);
	else if (kind == JSON_NUMBER && !strcmp(member, "down_s") &&
	    leaves_micro(j->raw, &micro))
		s->down_s = micro / 1000000;
}

static bool
begin(struct entry *e, const char *path)
{
	if (!strcmp(path, "bad_lines"))
		e->bad_lines = true;
	else if (!strcmp(path, "match"))
		e->match = true;
	else if (!strcmp(path, "rules[]"))
		e->rule_worded = false;
	else if (!strcmp(path, "evidence[]"))
		e->post_harm = 0;
	else if (!strcmp(path, "sources[]") &&
	    e->sources_count < ENTRY_SOURCES)
		e->sources[e->sources_count++] =
		    (struct report_source){.name = "?", .state = "?"};
	return true;
}

/* Paths of lists; true when it was one of them. */
static bool
take_listed(struct entry *e, const char *path, enum json_kind kind,
    const struct json *j)
{
	int64_t micro;

	if ((!strcmp(path, "teams[]") || !strcmp(path, "to[]")) &&
	    kind == JSON_TEXT) {
		if (e->teams_count < ENTRY_TEAMS)
			e->teams[e->teams_count++] = keep(e, j);
	} else if (!strcmp(path, "rules[].words[]") && kind == JSON_TEXT) {
		take_word(e, j);
	} else if (!strncmp(path, "evidence[].", 11)) {
		take_post(e, path + 11, kind, j);
	} else if (!strncmp(path, "sources[].", 10)) {
		take_source(e, path + 10, kind, j);
	} else if (!strcmp(path, "sinks[].waiting") &&
	    leaves_micro(j->raw, &micro)) {
		e->numbers[N_WAITING] += micro;
	} else if (!strcmp(path, "playbook.steps.fr[]")) {
		if (e->texts[T_STEP_FR].len == 0)
			put_text(&e->texts[T_STEP_FR], j);
	} else if (!strcmp(path, "playbook.steps.en[]")) {
		if (e->texts[T_STEP_EN].len == 0)
			put_text(&e->texts[T_STEP_EN], j);
	} else {
		return false;
	}
	return true;
}

static bool
on_leaf(void *self, const char *path, enum json_kind kind,
    const struct json *j)
{
	struct entry *e = self;

	if (kind == JSON_OBJECT || kind == JSON_LIST)
		return begin(e, path);
	if (strchr(path, '[') != NULL) {
		take_listed(e, path, kind, j);
		return true;
	}
	for (size_t i = 0;
	     kind == JSON_TEXT && i < sizeof(texts) / sizeof(*texts); i++)
		if (!strcmp(path, texts[i].path)) {
			put_text(&e->texts[texts[i].text], j);
			return true;
		}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (strcmp(path, numbers[i].path))
			continue;
		e->given[numbers[i].number] = true;
		if (kind == JSON_NUMBER)
			return leaves_micro(
			    j->raw, &e->numbers[numbers[i].number]);
		e->numbers[numbers[i].number] = kind == JSON_TRUE;
	}
	return true;
}

void
report_entry_clear(struct entry *e)
{
	for (size_t i = 0; i < T_TEXTS; i++)
		buf_fini(&e->texts[i]);
}

bool
report_entry_read(struct entry *e, struct slice json)
{
	return leaves_walk(json, on_leaf, e);
}

const char *
report_text(struct report *r, const struct entry *e, enum entry_text which)
{
	if (e->texts[which].len == 0)
		return NULL;
	return arena_text(r->arena, buf_slice(&e->texts[which])).data;
}

int64_t
report_time(const struct entry *e, enum entry_text which)
{
	int64_t ms;

	if (e->texts[which].len > 0 &&
	    clock_parse(buf_slice(&e->texts[which]), &ms))
		return ms;
	return TIME_NONE;
}
