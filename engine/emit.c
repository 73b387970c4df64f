/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/emit.h"

#include <stdio.h>
#include <xxhash.h>

/* Room for any number here with its sign, point and decimals. */
#define NUMBER_BYTES 24u

#define PUT(p, text)                                                           \
	((char *)memcpy(p, text, sizeof(text) - 1) + sizeof(text) - 1)

static char *
put_number(char *p, uint64_t u)
{
	unsigned digits = 1;

	if (u < 1000) { /* most places and weights */
		uint32_t n = (uint32_t)u, tens = n / 10;

		if (n >= 100)
			*p++ = (char)('0' + tens / 10);
		if (n >= 10)
			*p++ = (char)('0' + tens % 10);
		*p++ = (char)('0' + n % 10);
		return p;
	}
	for (uint64_t rest = u; rest >= 10; rest /= 10)
		digits++;
	for (unsigned i = digits; i-- > 0; u /= 10)
		p[i] = (char)('0' + u % 10);
	return p + digits;
}

static char *
put_milli(char *p, int64_t v)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	uint64_t rest = u % 1000;

	if (v < 0)
		*p++ = '-';
	p = put_number(p, u / 1000);
	if (rest == 0)
		return p;
	*p++ = '.';
	for (uint64_t unit = 100; rest > 0; rest %= unit, unit /= 10)
		*p++ = (char)('0' + rest / unit);
	return p;
}

void
emit_milli(struct buf *out, int64_t v)
{
	char *p = buf_reserve(out, NUMBER_BYTES);

	out->len += (size_t)(put_milli(p, v) - p);
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

/* Most are ids of some bytes: two words that overlap. */
static inline char *
put_slice(char *p, struct slice text)
{
	const char *from = text.data;
	size_t len = text.len;

	if (len > 32 || len < 4) {
		memcpy(p, from, len);
	} else if (len >= 16) {
		memcpy(p, from, 16);
		memcpy(p + (len - 16), from + (len - 16), 16);
	} else if (len >= 8) {
		memcpy(p, from, 8);
		memcpy(p + (len - 8), from + (len - 8), 8);
	} else {
		memcpy(p, from, 4);
		memcpy(p + (len - 4), from + (len - 4), 4);
	}
	return p + len;
}

/* An id of the rule files, [a-z0-9_-]+, or null. */
static char *
put_id(char *p, struct slice id)
{
	if (id.data == NULL)
		return PUT(p, "null");
	*p++ = '"';
	p = put_slice(p, id);
	*p++ = '"';
	return p;
}

static char *
put_spans(char *p, const struct hit *hit)
{
	*p++ = '[';
	for (uint32_t i = 0; i < hit->spans_count; i++) {
		p = i == 0 ? PUT(p, "[") : PUT(p, ",[");
		p = put_number(p, hit->spans[i].start);
		*p++ = ',';
		p = put_number(p, hit->spans[i].end);
		*p++ = ']';
	}
	*p++ = ']';
	return p;
}

static struct slice
id_of(const struct ruleset *rs, const struct hit *hit)
{
	if (hit->kind == HIT_BRAND)
		return ruleset_brand(rs, hit->index)->id;
	return hit->kind == HIT_TOPIC ? ruleset_topic(rs, hit->index)->id
				      : ruleset_rule(rs, hit->index)->id;
}

/* What a hit has beside its ids and spans. */
#define HIT_BYTES 128u

/* Room for all of it is taken once. */
static void
put_hit(struct buf *out, const struct ruleset *rs, const struct hit *hit,
    bool behind)
{
	struct slice none = {NULL, 0}, name = id_of(rs, hit);
	struct slice brand = hit->brand == RULES_NONE ? none
	    : ruleset_brand(rs, hit->brand)->id;
	struct slice sector = hit->sector == RULES_NONE ? none
	    : ruleset_sector(rs, hit->sector)->id;
	struct slice topic = hit->topic == RULES_NONE ? none
	    : ruleset_topic(rs, hit->topic)->id;
	char *p = buf_reserve(out, HIT_BYTES + name.len + brand.len +
	    sector.len + topic.len + hit->spans_count * 2ul * NUMBER_BYTES);
	char *start = p;

	if (behind)
		*p++ = ',';
	p = PUT(p, "{\"rule\":\"");
	if (hit->kind == HIT_BRAND)
		p = PUT(p, "brand:");
	else if (hit->kind == HIT_TOPIC)
		p = PUT(p, "topic:");
	p = put_slice(p, name);
	p = put_id(PUT(p, "\",\"brand\":"), brand);
	p = put_id(PUT(p, ",\"sector\":"), sector);
	p = put_id(PUT(p, ",\"topic\":"), topic);
	p = put_milli(PUT(p, ",\"weight\":"), hit->weight_milli);
	p = put_spans(PUT(p, ",\"spans\":"), hit);
	*p++ = '}';
	out->len += (size_t)(p - start);
}

void
emit_match(struct buf *out, const struct ruleset *rs, const struct post *post,
    const struct verdict *verdict)
{
	char *p, *start;

	buf_put(out, "{\"id\":", 6);
	emit_id(out, post);
	p = start = buf_reserve(out, 64);
	p = put_milli(PUT(p, ",\"score\":"), verdict->score_milli);
	p = PUT(p, ",\"matches\":[");
	out->len += (size_t)(p - start);
	for (uint32_t i = 0; i < verdict->hits_count; i++)
		put_hit(out, rs, &verdict->hits[i], i > 0);
	buf_put(out, "]}\n", 3);
}
