/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/emit.h"

#include <stdio.h>
#include <xxhash.h>

#include "engine/base/cpu.h"

/* Room for any number here with its sign, point and decimals. */
#define NUMBER_BYTES 24u

/* What a copy may write behind what it copies. */
#define COPY_SLACK 64u

#define ALWAYS_INLINE __attribute__((always_inline)) static inline

#define COLD __attribute__((cold, noinline))

#define PUT(p, text)                                                           \
	((char *)memcpy(p, text, sizeof(text) - 1) + sizeof(text) - 1)

COLD static char *
put_large(char *p, uint64_t u)
{
	unsigned digits = 1;

	for (uint64_t rest = u; rest >= 10; rest /= 10)
		digits++;
	for (unsigned i = digits; i-- > 0; u /= 10)
		p[i] = (char)('0' + u % 10);
	return p + digits;
}

/* Up to 999, as most places and weights are: without a branch for how many
 * digits there are, which nobody could foretell.  Writes 4 bytes. */
ALWAYS_INLINE char *
put_number(char *p, uint64_t u)
{
	uint32_t n = (uint32_t)u, hundreds, tens, text;
	unsigned absent = (unsigned)(n < 10) + (unsigned)(n < 100);

	if (u > 999)
		return put_large(p, u);
	hundreds = n / 100;
	n -= hundreds * 100;
	tens = n / 10;
	text = (hundreds | tens << 8 | (n - tens * 10) << 16) + 0x303030;
	text >>= 8 * absent;
	memcpy(p, &text, sizeof(text));
	return p + (3 - absent);
}

COLD static char *
put_decimals(char *p, uint64_t rest)
{
	*p++ = '.';
	for (uint64_t unit = 100; rest > 0; rest %= unit, unit /= 10)
		*p++ = (char)('0' + rest / unit);
	return p;
}

ALWAYS_INLINE char *
put_milli(char *p, int64_t v)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	uint64_t whole = u / 1000, rest = u - whole * 1000;

	if (v < 0)
		*p++ = '-';
	p = put_number(p, whole);
	return rest == 0 ? p : put_decimals(p, rest);
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

/* Copies, and writes what it likes of COPY_SLACK bytes behind it. */
typedef char *copy_fn(char *p, struct slice text);

/* Most are ids of some bytes: two words that overlap. */
ALWAYS_INLINE char *
copy_plain(char *p, struct slice text)
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

/* The name of a member, up to its value. */
struct name {
	char text[24];
	uint8_t len;
};

#define NAME(text) {text, sizeof(text) - 1}
static const struct name score_name = NAME(",\"score\":");
static const struct name matches_name = NAME(",\"matches\":[");
static const struct name brand_name = NAME(",\"brand\":");
static const struct name sector_name = NAME(",\"sector\":");
static const struct name topic_name = NAME(",\"topic\":");
static const struct name weight_name = NAME(",\"weight\":");
static const struct name spans_name = NAME(",\"spans\":[");
static const struct name heads[] = {
    [HIT_BRAND] = NAME("{\"rule\":\"brand:"),
    [HIT_TOPIC] = NAME("{\"rule\":\"topic:"),
    [HIT_RULE] = NAME("{\"rule\":\""),
};

ALWAYS_INLINE char *
put_name(char *p, const struct name *name)
{
	memcpy(p, name->text, sizeof(name->text));
	return p + name->len;
}

/* An id of the rule files, [a-z0-9_-]+, or null. */
ALWAYS_INLINE char *
put_id(char *p, const struct name *name, struct slice id, copy_fn *copy)
{
	p = put_name(p, name);
	if (id.data == NULL)
		return PUT(p, "null");
	*p++ = '"';
	p = copy(p, id);
	*p++ = '"';
	return p;
}

ALWAYS_INLINE char *
put_spans(char *p, const struct hit *hit)
{
	for (uint32_t i = 0; i < hit->spans_count; i++) {
		*p = ',';
		p += i > 0;
		*p++ = '[';
		p = put_number(p, hit->spans[i].start);
		*p++ = ',';
		p = put_number(p, hit->spans[i].end);
		*p++ = ']';
	}
	return PUT(p, "]}");
}

static struct slice
id_of(const struct ruleset *rs, const struct hit *hit)
{
	if (hit->kind == HIT_BRAND)
		return ruleset_brand(rs, hit->index)->id;
	return hit->kind == HIT_TOPIC ? ruleset_topic(rs, hit->index)->id
				      : ruleset_rule(rs, hit->index)->id;
}

/* Room for ${bytes} more. */
ALWAYS_INLINE char *
room_for(struct buf *out, size_t bytes)
{
	return out->room - out->len >= bytes ? out->data + out->len
					     : buf_reserve(out, bytes);
}

/* What a hit has beside its ids and spans, and what ends the line. */
#define HIT_BYTES (128u + COPY_SLACK)

/* Room for all of it is taken once. */
ALWAYS_INLINE void
put_hit(struct buf *out, const struct ruleset *rs, const struct hit *hit,
    bool behind, copy_fn *copy)
{
	struct slice none = {NULL, 0}, own = id_of(rs, hit);
	struct slice brand = hit->brand == RULES_NONE ? none
	    : ruleset_brand(rs, hit->brand)->id;
	struct slice sector = hit->sector == RULES_NONE ? none
	    : ruleset_sector(rs, hit->sector)->id;
	struct slice topic = hit->topic == RULES_NONE ? none
	    : ruleset_topic(rs, hit->topic)->id;
	char *p = room_for(out, HIT_BYTES + own.len + brand.len +
	    sector.len + topic.len + hit->spans_count * 2ul * NUMBER_BYTES);

	*p = ',';
	p = put_name(p + behind, &heads[hit->kind]);
	p = copy(p, own);
	*p++ = '"';
	p = put_id(p, &brand_name, brand, copy);
	p = put_id(p, &sector_name, sector, copy);
	p = put_id(p, &topic_name, topic, copy);
	p = put_milli(put_name(p, &weight_name), hit->weight_milli);
	p = put_spans(put_name(p, &spans_name), hit);
	out->len = (size_t)(p - out->data);
}

/* Behind the id. */
ALWAYS_INLINE void
put_rest(struct buf *out, const struct ruleset *rs,
    const struct verdict *verdict, copy_fn *copy)
{
	char *p = room_for(out, HIT_BYTES);

	p = put_milli(put_name(p, &score_name), verdict->score_milli);
	p = put_name(p, &matches_name);
	out->len = (size_t)(p - out->data);
	for (uint32_t i = 0; i < verdict->hits_count; i++)
		put_hit(out, rs, &verdict->hits[i], i > 0, copy);
	p = PUT(room_for(out, COPY_SLACK), "]}\n");
	out->len = (size_t)(p - out->data);
}

static void
put_rest_plain(
    struct buf *out, const struct ruleset *rs, const struct verdict *verdict)
{
	put_rest(out, rs, verdict, copy_plain);
}
#if defined(__x86_64__)

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2")))

/* One load that stops where the text does, whatever its length. */
AVX512 ALWAYS_INLINE char *
copy_avx512(char *p, struct slice text)
{
	__m256i v;

	if (text.len > 32) {
		memcpy(p, text.data, text.len);
		return p + text.len;
	}
	v = _mm256_maskz_loadu_epi8(
	    _bzhi_u32(UINT32_MAX, (unsigned)text.len), text.data);
	_mm256_storeu_si256((__m256i *)(void *)p, v);
	return p + text.len;
}

AVX512 static void
put_rest_avx512(
    struct buf *out, const struct ruleset *rs, const struct verdict *verdict)
{
	put_rest(out, rs, verdict, copy_avx512);
}

/* The 64 bytes at most that a JSON string holds as they are. */
AVX512 ALWAYS_INLINE bool
put_plain(char *p, const char *from, size_t len)
{
	__mmask64 have = _bzhi_u64(UINT64_MAX, (unsigned)len);
	__m512i v = _mm512_maskz_loadu_epi8(have, from);

	_mm512_storeu_si512(p, v);
	return (_mm512_mask_cmplt_epi8_mask(have, v, _mm512_set1_epi8(' ')) |
		   _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')) |
		   _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\'))) == 0;
}

/* An id of plain ASCII, as most are; false: it is none. */
AVX512 static bool
put_post_id(struct buf *out, struct slice id)
{
	size_t first = id.len < 64 ? id.len : 64;
	char *p;

	if (id.data == NULL || id.len > 128)
		return false;
	p = room_for(out, 128 + COPY_SLACK);
	*p = '"';
	if (!put_plain(p + 1, id.data, first) ||
	    (id.len > 64 && !put_plain(p + 65, id.data + 64, id.len - 64)))
		return false;
	p[id.len + 1] = '"';
	out->len += id.len + 2;
	return true;
}

#else
#define put_rest_avx512 put_rest_plain
static bool
put_post_id(struct buf *out, struct slice id)
{
	(void)out, (void)id;
	return false;
}
#endif

void
emit_match(struct buf *out, const struct ruleset *rs, const struct post *post,
    const struct verdict *verdict)
{
	bool wide = cpu_level() == CPU_AVX512;

	memcpy(room_for(out, 8), "{\"id\":", 6);
	out->len += 6;
	if (!wide || !put_post_id(out, post->id))
		emit_id(out, post);
	if (wide)
		put_rest_avx512(out, rs, verdict);
	else
		put_rest_plain(out, rs, verdict);
}
