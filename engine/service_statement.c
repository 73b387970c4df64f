/*
 * Own statements as posts, so that signals measure what each of them did:
 * one line of input by an own account of the brand.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/service_desk.h"
#include "engine/service_parts.h"

#define PENDING_BYTES_MAX (1u << 20)

static const struct rules_brand *
find_brand(const struct ruleset *rules, struct slice id)
{
	for (uint32_t i = 0; i < ruleset_brands(rules); i++)
		if (slice_equal(ruleset_brand(rules, i)->id, id))
			return ruleset_brand(rules, i);
	return NULL;
}

/* An input of its own, of one breath; no room: at the next tick. */
static void
feed(struct service *s)
{
	struct buf *lines = &s->statements;
	struct intake *in;
	size_t at = 0, room;
	char *to;

	if (lines->len == 0 || s->stopping || pipeline_over(s->pipeline))
		return;
	in = intake_open(pipeline_hub(s->pipeline), "statements");
	if (in == NULL)
		return;
	/* A new input begins with an empty batch: a line is never torn. */
	while (at < lines->len && (to = intake_room(in, &room)) != NULL) {
		size_t n = lines->len - at < room ? lines->len - at : room;

		memcpy(to, lines->data + at, n);
		intake_bytes(in, n);
		at += n;
	}
	intake_close(in);
	memmove(lines->data, lines->data + at, lines->len - at);
	lines->len -= at;
	pipeline_flush(s->pipeline);
}

static void
put_post(struct buf *out, struct slice id, struct slice account,
    struct slice text, int64_t at_ms)
{
	buf_text(out, "{\"id\":");
	buf_json(out, id);
	buf_text(out, ",\"source\":\"statement\",\"kind\":\"post\",\"ts\":\"");
	buf_utc(out, at_ms);
	buf_text(out, "\",\"author\":{\"handle\":");
	buf_json(out, account);
	buf_text(out, "},\"text\":");
	buf_json(out, text);
	buf_text(out, "}\n");
}

int
service_statement(void *service, const struct command *c, const char *id,
    int64_t at_ms)
{
	struct service *s = service;
	const struct rules_brand *brand =
	    find_brand(service_rules(s), c->brand);

	if (brand == NULL)
		return REFUSAL_unknown_brand;
	if (brand->own_count == 0)
		return REFUSAL_no_account;
	if (s->stopping || s->statements.len > PENDING_BYTES_MAX)
		return REFUSAL_not_here;
	put_post(&s->statements, slice_of(id), brand->own[0], c->text,
	    at_ms);
	/* At a start those of before it are read first. */
	if (s->state.state == NULL || s->state.resumed)
		feed(s);
	return LIFECYCLE_NONE;
}

void
service_statements_tick(struct service *s)
{
	feed(s);
}
