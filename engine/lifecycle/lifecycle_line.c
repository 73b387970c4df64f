/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifecycle/lifecycle_line.h"

#include "engine/base/json.h"
#include "engine/base/limits.h"

void
lifecycle_line_transition(struct buf *out, const struct transition *t)
{
	buf_text(out, "{\"v\":1");
	buf_member_time(out, "at", t->at_ms);
	buf_member_text(out, "alert", t->alert);
	buf_member_text(out, "sector", t->sector);
	buf_member_text(out, "brand", t->brand);
	buf_member_text(out, "topic", t->topic);
	buf_member(out, "level");
	buf_int(out, t->level);
	buf_member_text(out, "from", lifecycle_words_state(t->from)->name);
	buf_member_text(out, "to", lifecycle_words_state((int)t->to)->name);
	buf_member_text(out, "owner", t->owner);
	buf_member_text(out, "team", t->team);
	buf_member_text(out, "by", t->by);
	buf_member_text(out, "why", lifecycle_words_why((int)t->why)->name);
	buf_member_text(out, "do", lifecycle_words_act(t->act)->name);
	buf_member_text(out, "command", t->command);
	buf_member_time(out, "until", t->until_ms);
	buf_member_time(out, "answer_by", t->answer_by_ms);
	buf_member_text(out, "statement", t->statement);
	buf_member_text(out, "note", t->note);
	buf_member(out, "unacted");
	buf_text(out, t->unacted ? "true}" : "false}");
}

static void
put_both(struct buf *out, const char *fr, const char *en)
{
	buf_text(out, "{\"fr\":");
	buf_json(out, slice_of(fr));
	buf_member_text(out, "en", en);
	buf_char(out, '}');
}

void
lifecycle_line_notice(struct buf *out, const struct notice *n)
{
	buf_text(out, "{\"v\":1");
	buf_member_time(out, "at", n->at_ms);
	buf_member_text(out, "alert", n->alert);
	buf_member(out, "level");
	buf_int(out, n->level);
	buf_member_text(
	    out, "kind", lifecycle_words_notice((int)n->kind)->name);
	buf_member(out, "to");
	buf_char(out, '[');
	for (uint32_t i = 0; i < n->to.count; i++) {
		if (i > 0)
			buf_char(out, ',');
		buf_json(out, slice_of(n->to.ids[i]));
	}
	buf_char(out, ']');
	buf_member(out, "sentence");
	put_both(out, n->fr, n->en);
	buf_char(out, '}');
}

void
lifecycle_line_answer(struct buf *out, const struct answer *a)
{
	const struct lifecycle_word *why =
	    lifecycle_words_refusal((int)a->refusal);

	buf_text(out, a->ok ? "{\"ok\":true" : "{\"ok\":false");
	buf_member_text(out, "alert", a->alert);
	buf_member_text(out, "state", lifecycle_words_state(a->state)->name);
	buf_member_text(out, "owner", a->owner);
	buf_member_text(out, "by", a->by);
	buf_member(out, "error");
	if (a->ok) {
		buf_text(out, "null}");
		return;
	}
	buf_text(out, "{\"code\":");
	buf_json(out, slice_of(why->name));
	buf_member_text(out, "fr", why->fr);
	buf_member_text(out, "en", why->en);
	buf_text(out, "}}");
}

/* ---- commands ----------------------------------------------------------- */

/* Where a member goes, with its place in ${texts} until all are read: that
 * buffer moves while it grows. */
struct member {
	const char *name;
	struct slice *into;
	size_t at, len;
	bool given, raw; /* raw: an object, as JSON */
};

enum { MEMBERS_MAX = 14 };

static bool
take_raw(struct json *j, struct member *m, struct buf *texts)
{
	const char *from = j->at;

	if (!json_skip(j))
		return false;
	from = memchr(from, '{', (size_t)(j->at - from));
	if (from == NULL)
		return false;
	m->at = texts->len;
	m->len = (size_t)(j->at - from);
	m->given = true;
	buf_slice_put(texts, (struct slice){from, m->len});
	return m->len <= COMMAND_TEXT_BYTES_MAX;
}

static bool
take(struct json *j, struct member *m, struct buf *texts)
{
	enum json_kind kind;

	if (m->raw)
		return take_raw(j, m, texts);
	kind = json_next(j);
	if (kind == JSON_NULL)
		return true;
	if (kind != JSON_TEXT)
		return false;
	m->at = texts->len;
	json_text(j, texts);
	m->len = texts->len - m->at;
	m->given = m->len > 0;
	return m->len <= COMMAND_TEXT_BYTES_MAX &&
	    memchr(texts->data + m->at, '\0', m->len) == NULL;
}

static bool
read_members(struct slice json, struct member *members, size_t count,
    struct buf *texts)
{
	enum json_kind kind;
	struct json j;

	json_init(&j, json);
	if (json.len > COMMAND_BYTES_MAX || json_next(&j) != JSON_OBJECT)
		return false;
	while ((kind = json_next(&j)) == JSON_KEY) {
		size_t i = 0;

		while (i < count && !json_is(&j, members[i].name))
			i++;
		if (i < count ? !take(&j, &members[i], texts) : !json_skip(&j))
			return false;
	}
	return kind == JSON_OBJECT_END && json_next(&j) == JSON_END;
}

bool
lifecycle_line_command(struct slice json, struct command *c,
    struct buf *texts, enum lifecycle_refusal *refusal)
{
	struct slice act = SLICE_NONE, until = SLICE_NONE, lesson = SLICE_NONE;
	struct member members[MEMBERS_MAX] = {{.name = "do", .into = &act},
	    {.name = "alert", .into = &c->alert},
	    {.name = "team", .into = &c->team}, {.name = "by", .into = &c->by},
	    {.name = "statement", .into = &c->statement},
	    {.name = "text", .into = &c->text},
	    {.name = "lesson", .into = &lesson}, {.name = "to", .into = &c->to},
	    {.name = "brand", .into = &c->brand},
	    {.name = "until", .into = &until},
	    {.name = "id", .into = &c->name},
	    {.name = "reason", .into = &c->reason},
	    {.name = "match", .into = &c->match, .raw = true}};
	size_t count = 13;
	int found;

	*c = (struct command){.sent_ms = TIME_NONE, .until_ms = TIME_NONE};
	*refusal = REFUSAL_bad_command;
	if (!read_members(json, members, count, texts))
		return false;
	for (size_t i = 0; i < count; i++)
		if (members[i].given)
			*members[i].into = (struct slice){
			    texts->data + members[i].at, members[i].len};
	if (act.len == 0) {
		*refusal = REFUSAL_missing;
		return false;
	}
	found = lifecycle_words_find(lifecycle_words_act, act);
	if (found == LIFECYCLE_NONE)
		return false;
	c->act = (enum lifecycle_act)found;
	if (lesson.len > 0)
		c->text = lesson;
	return until.len == 0 || clock_parse(until, &c->until_ms);
}

int64_t
lifecycle_line_stream_time(struct slice id)
{
	int64_t ms = 0;
	size_t i = 0;

	for (; i < id.len && id.data[i] >= '0' && id.data[i] <= '9'; i++) {
		if (ms > INT64_MAX / 10 - 1)
			return TIME_NONE;
		ms = ms * 10 + (id.data[i] - '0');
	}
	return i > 0 && i < id.len && id.data[i] == '-' ? ms : TIME_NONE;
}
