/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/emit.h"

#include <stdio.h>
#include <xxhash.h>

void
emit_milli(struct buf *out, int64_t v)
{
	unsigned digits = 3;

	while (digits > 0 && v % 10 == 0) {
		v /= 10;
		digits--;
	}
	buf_fixed(out, v, digits, digits);
}

/* Each part seeds the next, so that moving a byte between them shows. */
static uint64_t
chain(uint64_t key, struct slice text)
{
	return XXH3_64bits_withSeed(text.data, text.len, key);
}

void
emit_id(struct buf *out, const struct post *post)
{
	uint64_t key;
	char hex[20];

	if (post->id.data != NULL) {
		buf_json(out, post->id);
		return;
	}
	key = chain(0, post->source);
	key = chain(key, post_author(post));
	key = chain(key ^ (uint64_t)post->ts_ms, post->title);
	key = chain(key, post->text);
	snprintf(hex, sizeof(hex), "\"%016llx\"", (unsigned long long)key);
	buf_text(out, hex);
}

/* An id of the rule files, [a-z0-9_-]+, or null. */
static void
put_id(struct buf *out, const struct slice *id)
{
	if (id == NULL) {
		buf_put(out, "null", 4);
		return;
	}
	buf_char(out, '"');
	buf_slice_put(out, *id);
	buf_char(out, '"');
}

static void
put_spans(struct buf *out, const struct hit *hit)
{
	buf_char(out, '[');
	for (uint32_t i = 0; i < hit->spans_count; i++) {
		buf_put(out, i == 0 ? "[" : ",[", i == 0 ? 1 : 2);
		buf_int(out, hit->spans[i].start);
		buf_char(out, ',');
		buf_int(out, hit->spans[i].end);
		buf_char(out, ']');
	}
	buf_char(out, ']');
}

static void
put_hit(struct buf *out, const struct ruleset *rs, const struct hit *hit)
{
	buf_text(out, "{\"rule\":\"");
	rules_name(rs, hit, out);
	buf_text(out, "\",\"brand\":");
	put_id(out, hit->brand == RULES_NONE
	    ? NULL
	    : &ruleset_brand(rs, hit->brand)->id);
	buf_text(out, ",\"sector\":");
	put_id(out, hit->sector == RULES_NONE
	    ? NULL
	    : &ruleset_sector(rs, hit->sector)->id);
	buf_text(out, ",\"topic\":");
	put_id(out, hit->topic == RULES_NONE
	    ? NULL
	    : &ruleset_topic(rs, hit->topic)->id);
	buf_text(out, ",\"weight\":");
	emit_milli(out, hit->weight_milli);
	buf_text(out, ",\"spans\":");
	put_spans(out, hit);
	buf_char(out, '}');
}

void
emit_match(struct buf *out, const struct ruleset *rs, const struct post *post,
    const struct verdict *verdict)
{
	buf_text(out, "{\"id\":");
	emit_id(out, post);
	buf_text(out, ",\"score\":");
	emit_milli(out, verdict->score_milli);
	buf_text(out, ",\"matches\":[");
	for (uint32_t i = 0; i < verdict->hits_count; i++) {
		if (i > 0)
			buf_char(out, ',');
		put_hit(out, rs, &verdict->hits[i]);
	}
	buf_text(out, "]}\n");
}
