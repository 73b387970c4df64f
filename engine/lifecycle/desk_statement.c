/*
 * Own statements: each becomes a post.  The journal has the command before
 * the post is safe, so those of the last hour are given again after a restart;
 * a post that was read before the end is a repeat then, and counts once.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/json.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/lifecycle/desk_parts.h"

/* Longer ago it would be in no window. */
#define AGAIN_MS INT64_C(3600000)

/* ---- what is remembered of them ----------------------------------------- */

static void
drop_oldest(struct desk *d)
{
	free(d->statements[0].json);
	d->statements_count--;
	memmove(d->statements, d->statements + 1,
	    d->statements_count * sizeof(*d->statements));
}

/* The text of ${key} at the end of d->texts, terminated; "": none. */
static const char *
member(struct desk *d, struct slice json, const char *key)
{
	struct json j;

	buf_clear(&d->texts);
	json_init(&j, json);
	if (json_next(&j) == JSON_OBJECT)
		while (json_next(&j) == JSON_KEY) {
			bool wanted = json_is(&j, key);

			if (!wanted && !json_skip(&j))
				break;
			if (!wanted)
				continue;
			if (json_next(&j) == JSON_TEXT)
				json_text(&j, &d->texts);
			break;
		}
	buf_char(&d->texts, '\0');
	return d->texts.data;
}

void
desk_statement_keep(struct desk *d, struct slice json)
{
	struct desk_statement s = {.len = json.len};

	if (!clock_parse(slice_of(member(d, json, "at")), &s.at_ms))
		return;
	while (d->statements_count > 0 &&
	    (d->statements_count >= DESK_STATEMENTS_MAX ||
		d->statements[0].at_ms < s.at_ms - AGAIN_MS))
		drop_oldest(d);
	s.json = must_alloc(json.len + 1);
	memcpy(s.json, json.data, json.len);
	d->statements = must_grow(d->statements,
	    (d->statements_count + 1) * sizeof(*d->statements));
	d->statements[d->statements_count++] = s;
}

void
desk_statements_forget(struct desk *d)
{
	while (d->statements_count > 0)
		drop_oldest(d);
	free(d->statements);
	d->statements = NULL;
}

void
desk_statements_save(const struct desk *d, struct buf *out)
{
	pack_uint(out, d->statements_count);
	for (uint32_t i = 0; i < d->statements_count; i++)
		pack_text(out, (struct slice){d->statements[i].json,
				   d->statements[i].len});
}

void
desk_statements_load(struct desk *d, struct unpack *in)
{
	uint64_t count;

	if (unpack_over(in))
		return; /* of an older version */
	count = unpack_most(in, DESK_STATEMENTS_MAX);
	for (uint64_t i = 0; i < count && !in->bad; i++) {
		struct slice json = unpack_text(in);

		if (!in->bad)
			desk_statement_keep(d, json);
	}
}

void
desk_statements_again(struct desk *d, int64_t now_ms)
{
	if (d->setup.on_statement == NULL)
		return;
	for (uint32_t i = 0; i < d->statements_count; i++) {
		const struct desk_statement *s = &d->statements[i];
		struct slice json = {s->json, s->len};
		struct buf texts[3] = {{0}, {0}, {0}};
		static const char *const keys[] = {"brand", "text", "id"};
		struct command c = {.act = ACT_statement};

		if (s->at_ms < now_ms - AGAIN_MS)
			continue;
		for (unsigned k = 0; k < 3; k++) {
			buf_text(&texts[k], member(d, json, keys[k]));
			buf_char(&texts[k], '\0');
		}
		c.brand = slice_of(texts[0].data);
		c.text = slice_of(texts[1].data);
		/* Its brand may be gone from the rules. */
		d->setup.on_statement(
		    d->setup.self, &c, texts[2].data, s->at_ms);
		for (unsigned k = 0; k < 3; k++)
			buf_fini(&texts[k]);
	}
}

/* ---- a new one ---------------------------------------------------------- */

static void
note_statement(struct desk *d, const struct command *c, const char *name,
    int64_t now_ms)
{
	struct buf json = {0};

	buf_text(&json, "{\"v\":1,\"at\":\"");
	buf_utc(&json, now_ms);
	buf_text(&json, "\",\"brand\":");
	buf_json(&json, c->brand);
	buf_text(&json, ",\"team\":");
	buf_json(&json, c->team);
	buf_text(&json, ",\"by\":");
	if (c->by.len > 0)
		buf_json(&json, c->by);
	else
		buf_text(&json, "null");
	buf_text(&json, ",\"command\":");
	if (c->id.len > 0)
		buf_json(&json, c->id);
	else
		buf_text(&json, "null");
	buf_text(&json, ",\"id\":");
	buf_json(&json, slice_of(name));
	buf_text(&json, ",\"text\":");
	buf_json(&json, c->text);
	buf_char(&json, '}');
	desk_statement_keep(d, buf_slice(&json));
	desk_entry(d, "statement", buf_slice(&json));
	buf_fini(&json);
}

/* A statement is a post: it gets an id that a second try would give it too. */
void
desk_statement(struct desk *d, const struct command *c, int64_t now_ms,
    struct answer *a)
{
	char name[128];
	int refusal = LIFECYCLE_NONE;

	if (c->name.len > 0)
		snprintf(name, sizeof(name), "%.*s", (int)c->name.len,
		    c->name.data);
	else if (c->id.len > 0)
		snprintf(name, sizeof(name), "statement-%.*s", (int)c->id.len,
		    c->id.data);
	else
		snprintf(name, sizeof(name), "statement-%lld",
		    (long long)now_ms);
	if (c->brand.len == 0 || c->text.len == 0 || c->team.len == 0)
		refusal = REFUSAL_missing;
	else if (d->setup.on_statement == NULL)
		refusal = REFUSAL_not_here;
	else
		refusal = d->setup.on_statement(d->setup.self, c, name,
		    now_ms);
	counters_bump(d->setup.counters, lifecycle_commands_total);
	*a = (struct answer){.ok = refusal == LIFECYCLE_NONE,
	    .refusal = refusal == LIFECYCLE_NONE ? 0 : refusal,
	    .state = LIFECYCLE_NONE};
	if (a->ok)
		note_statement(d, c, name, now_ms);
	else
		counters_bump(d->setup.counters, lifecycle_refused_total);
}
