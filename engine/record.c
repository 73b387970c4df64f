/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/record.h"

#include "engine/base/mathx.h"
#include "engine/batch.h"
#include "engine/density/sketch.h"

/* Ids are short: the call would cost as much as the hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#define WORDS_BYTES_MAX 96u /* of the quoted words of one reason */
#define LEAST_HARM_GRAVE 700000u

/* Amounts of a severity, 0..4. */
static const uint32_t gravity_of[] = {0, 250000, 500000, 1000000, 1000000};

/* There is room for ${most} bytes more. */
static struct part
part_put(struct buf *out, struct slice text, size_t most)
{
	struct part part = {(uint32_t)out->len, 0};

	if (text.len == 0)
		return part;
	if (text.len > most) {
		text.len = most;
		while (text.len > 0 && (text.data[text.len] & 0xc0) == 0x80)
			text.len--;
	}
	memcpy(out->data + out->len, text.data, text.len);
	out->len += text.len;
	part.len = (uint32_t)text.len;
	return part;
}

/* One copy of it, used often, is better than six. */
static __attribute__((noinline)) uint64_t
chain(uint64_t key, struct slice text)
{
	return XXH3_64bits_withSeed(text.data, text.len, key);
}

/* CONTRACT 2: a post without an id is known by what it says.  ${key} is that
 * of its source. */
static uint64_t
id_key(uint64_t key, const struct post *post)
{
	if (post->id.data != NULL)
		return chain(key, post->id);
	key = chain(key, post_author(post));
	key = chain(key ^ (uint64_t)post->ts_ms, post->title);
	return chain(key, post->text);
}

/* The words that decided, as posted, each once: "palm oil, boycott". */
static struct part
quote_words(struct batch *batch, const struct post *post,
    const struct hit *hit)
{
	struct part part = {(uint32_t)batch->text.len, 0};
	struct slice last = SLICE_NONE;

	for (unsigned i = 0; i < hit->spans_count; i++) {
		const struct span *span = &hit->spans[i];
		struct slice word;

		if (span->end > post->text.len || span->start >= span->end)
			continue;
		word.data = post->text.data + span->start;
		word.len = span->end - span->start;
		if (slice_equal(word, last))
			continue;
		if (part.len + word.len + 2 > WORDS_BYTES_MAX)
			break;
		if (part.len > 0)
			buf_text(&batch->text, ", ");
		buf_slice_put(&batch->text, word);
		part.len = (uint32_t)batch->text.len - part.at;
		last = word;
	}
	return part;
}

static void
add_reasons(struct batch *batch, struct share *share, const struct post *post,
    const struct verdict *verdict)
{
	const struct rules_about about = {share->sector, share->brand};

	share->reasons_first = batch->reasons.count;
	for (uint32_t i = 0; i < verdict->hits_count; i++) {
		const struct hit *hit = &verdict->hits[i];
		struct reason *reason;

		if (!rules_speaks_for(hit, share->sector, share->brand) ||
		    share->reasons_count == UINT16_MAX)
			continue;
		reason = vec_push(&batch->reasons, struct reason);
		reason->kind = hit->kind;
		reason->index = hit->index;
		reason->weight_milli =
		    rules_replaced(batch->rules, verdict, hit, &about)
		    ? 0
		    : hit->weight_milli;
		reason->words = quote_words(batch, post, hit);
		share->reasons_count++;
	}
}

static int32_t
clamp_weight(int64_t milli)
{
	return milli > INT32_MAX ? INT32_MAX :
	    milli < INT32_MIN    ? INT32_MIN :
				   (int32_t)milli;
}

static uint8_t
roles_of(const struct batch *batch, const struct hit *hit)
{
	return hit->kind == HIT_TOPIC
	    ? ruleset_topic(batch->rules, hit->index)->roles
	    : 0;
}

/* Weigh one share: w, p, g, severity, topics. */
static void
add_share(struct batch *batch, uint32_t sector, uint32_t brand,
    const struct post *post, const struct verdict *verdict)
{
	struct share *share = vec_push(&batch->shares, struct share);
	const struct rules_sector *s = ruleset_sector(batch->rules, sector);
	const struct rules_about about = {sector, brand};
	const struct rules_weight w =
	    rules_weigh(batch->rules, verdict, &about);

	*share = (struct share){.sector = sector, .brand = brand,
	    .topics_first = batch->topics.count};
	for (uint32_t i = 0; i < verdict->hits_count; i++) {
		const struct hit *hit = &verdict->hits[i];

		/* What calms has no density of its own. */
		if (hit->kind == HIT_TOPIC && hit->weight_milli > 0 &&
		    rules_speaks_for(hit, sector, brand) &&
		    share->topics_count < UINT16_MAX) {
			*vec_push(&batch->topics, uint32_t) = hit->index;
			share->topics_count++;
		}
	}
	share->roles = w.roles;
	share->severity = w.severity > 4 ? 4 : w.severity;
	share->weight_milli = clamp_weight(w.milli);
	share->gravity = gravity_of[share->severity];
	if (w.positive) {
		share->harm = mathx_harm(share->weight_milli, s->offset_milli,
		    s->scale_milli);
		if (share->gravity == MICRO && share->harm < LEAST_HARM_GRAVE)
			share->harm = LEAST_HARM_GRAVE;
	}
	if (share->harm > 0 && share->gravity > 0)
		add_reasons(batch, share, post, verdict);
}

/* The brands whose own account the author is. */
struct owned {
	const uint32_t *brands;
	uint32_t count;
};

static bool
is_own(const struct owned *owned, uint32_t brand)
{
	for (uint32_t i = 0; i < owned->count; i++)
		if (owned->brands[i] == brand)
			return true;
	return false;
}

static bool
owns_one(const struct batch *batch, const struct owned *owned, uint32_t sector)
{
	for (uint32_t i = 0; i < owned->count; i++)
		if (ruleset_brand(batch->rules, owned->brands[i])->sector ==
		    sector)
			return true;
	return false;
}

/*
 * What a brand says is about it though it does not name itself: a share for
 * those who ask what a brand did, with its roles and without harm.  A post
 * that names nobody else counts for nobody.
 */
static void
add_own(struct batch *batch, const struct record *r,
    const struct verdict *verdict, const struct owned *owned, unsigned *flags)
{
	uint32_t named = batch->shares.count - r->shares_first;

	for (uint32_t i = 0; i < owned->count; i++) {
		struct share share = {.brand = owned->brands[i], .own = true,
		    .topics_first = batch->topics.count,
		    .reasons_first = batch->reasons.count};
		bool there = false;

		for (uint32_t k = 0; k < named && !there; k++)
			there = vec_at(&batch->shares, struct share,
			    r->shares_first + k)->brand == share.brand;
		if (there)
			continue;
		share.sector =
		    ruleset_brand(batch->rules, share.brand)->sector;
		for (uint32_t k = 0; k < verdict->hits_count; k++)
			if (rules_speaks_for(&verdict->hits[k], share.sector,
				share.brand))
				share.roles |= roles_of(batch,
				    &verdict->hits[k]);
		*vec_push(&batch->shares, struct share) = share;
		if (named == 0)
			*flags |= RECORD_OWN;
	}
}

/*
 * One share per brand that the post names; one of the pseudo-brand for each
 * sector of which a topic or a rule for no brand matches, but no brand.
 * Hits are sorted by sector.
 */
static void
add_shares(struct batch *batch, const struct post *post,
    const struct verdict *verdict, const struct owned *owned, unsigned *flags)
{
	const struct hit *hits = verdict->hits;

	for (uint32_t i = 0; i < verdict->hits_count;) {
		uint32_t sector = hits[i].sector, end = i;
		bool named = false, own_talk = false;

		while (end < verdict->hits_count &&
		    hits[end].sector == sector) {
			named |= hits[end].kind == HIT_BRAND;
			own_talk |= hits[end].kind == HIT_TOPIC ||
			    (hits[end].kind == HIT_RULE &&
				hits[end].brand == RULES_NONE);
			end++;
		}
		for (uint32_t k = i; sector != RULES_NONE && k < end; k++) {
			if (hits[k].kind != HIT_BRAND)
				continue;
			add_share(batch, sector, hits[k].index, post, verdict);
			if (is_own(owned, hits[k].index)) {
				*flags |= RECORD_OWN;
				vec_at(&batch->shares, struct share,
				    batch->shares.count - 1)->own = true;
			}
		}
		if (sector != RULES_NONE && !named && own_talk &&
		    !owns_one(batch, owned, sector))
			add_share(batch, sector, RULES_NONE, post, verdict);
		i = end;
	}
}

static void
add_texts(struct buf *out, struct record *r, const struct post *post)
{
	struct slice text = post->text.len > 0 ? post->text : post->title;

	r->id = part_put(out, post->id, EVIDENCE_TEXT_BYTES);
	r->author = part_put(out, post_author(post), EVIDENCE_TEXT_BYTES);
	r->text = part_put(out, text, EVIDENCE_TEXT_BYTES);
	r->lang = part_put(out, post->lang, 32);
	r->url = part_put(out, post->url, EVIDENCE_TEXT_BYTES);
}

uint32_t
record_code(struct slice text)
{
	uint32_t code = 0;
	size_t i = 0;

	for (; i < text.len && i < 4; i++) {
		uint32_t c = (unsigned char)text.data[i];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c < 'a' || c > 'z')
			break;
		code = code << 8 | c;
	}
	if (i < 2 || (i < text.len && text.data[i] != '-' &&
			 text.data[i] != '_'))
		return 0;
	return code == ('u' << 16 | 'n' << 8 | 'd') ? 0 : code;
}

void
record_code_text(uint32_t code, char out[5])
{
	size_t n = 0;

	for (int shift = 24; shift >= 0; shift -= 8)
		if (code >> shift & 0xff)
			out[n++] = (char)(code >> shift & 0xff);
	out[n] = '\0';
}

/* What it answers, by the key of that post's record. */
static uint64_t
answers(uint64_t source_key, const struct post *post)
{
	struct slice to = post->parent_id;

	if (to.len == 0)
		to = post->quote_of;
	if (to.len == 0)
		to = post->repost_of;
	return to.len == 0 ? 0 : chain(source_key, to);
}

static bool
any_harm(const struct batch *batch, const struct record *r)
{
	for (uint32_t i = 0; i < r->shares_count; i++) {
		const struct share *s = vec_at(&batch->shares, struct share,
		    r->shares_first + i);

		if (s->harm > 0 && s->gravity > 0)
			return true;
	}
	return false;
}

static void
add_tallies(struct batch *batch, struct record *r,
    const struct verdict *verdict)
{
	r->tallies_first = batch->tallies.count;
	r->tallies_count = verdict->terms_count;
	for (uint32_t i = 0; i < verdict->terms_count; i++)
		*vec_push(&batch->tallies, struct term_hit) =
		    verdict->terms[i];
}

/* What is told of the post itself, and with ${harm} its texts. */
static void
add_post(struct batch *batch, struct record *r, const struct post *post,
    bool harm)
{
	const struct part none = {0, 0};
	uint64_t source_key = chain(0, post->source);
	struct slice author = post_author(post);

	r->id_key = id_key(source_key, post);
	r->author_key = author.len > 0 ? chain(source_key, author) : 0;
	r->followers = post->followers;
	r->reach = mathx_reach(post->followers);
	r->answers = answers(source_key, post);
	r->language = record_code(post->lang);
	r->country = record_code(post->country);
	r->kind = (uint8_t)post->kind;
	buf_reserve(&batch->text, 6 * EVIDENCE_TEXT_BYTES);
	r->source = part_put(&batch->text, post->source, EVIDENCE_TEXT_BYTES);
	if (harm) {
		add_texts(&batch->text, r, post);
		r->relay = (uint8_t)ruleset_relay(batch->rules, post);
		return;
	}
	r->id = r->author = r->text = r->lang = r->url = none;
	r->relay = RELAY_NONE;
}

/* And what its text is known by; what is deleted says nothing. */
static void
add_text(struct batch *batch, struct record *r, const struct post *post,
    const struct text *text, bool terms)
{
	struct outline outline;

	r->sketch = 0;
	r->terms_first = r->terms_count = 0;
	if (post->deleted)
		return;
	outline_of(&outline, text);
	r->sketch = sketch_of(text, &outline);
	if (terms)
		record_terms(batch, r, post, text, &outline);
}

void
record_add(struct batch *batch, const struct post *post,
    const struct text *text, const struct verdict *verdict, int64_t t_ms,
    unsigned flags)
{
	/* Where it stays, unless there is nothing to tell.  Each member is
	 * written once: clearing all of them first costs as much. */
	struct record *r = vec_push(&batch->records, struct record);
	struct owned owned = {NULL, 0};
	bool harm;

	if (t_ms > batch->clock_ms)
		batch->clock_ms = t_ms;
	if (batch->rules != NULL && !post->deleted)
		owned.count = ruleset_owned(batch->rules, post, &owned.brands);
	r->shares_first = batch->shares.count;
	add_shares(batch, post, verdict, &owned, &flags);
	add_own(batch, r, verdict, &owned, &flags);
	r->shares_count = batch->shares.count - r->shares_first;
	add_tallies(batch, r, verdict);
	if (r->shares_count + r->tallies_count == 0 && !post->deleted) {
		batch->records.count--;
		return;
	}
	if (post->deleted)
		flags |= RECORD_DELETED;
	r->ts_ms = t_ms;
	r->clock_ms = batch->clock_ms;
	r->line = batch->lines > 0 ? batch->lines - 1 : 0;
	r->flags = (uint16_t)flags;
	harm = any_harm(batch, r);
	if (flags & RECORD_OWN)
		counters_bump(&batch->counts, posts_own_total);
	else if (harm)
		counters_bump(&batch->counts, posts_harm_total);
	add_post(batch, r, post, harm);
	add_text(batch, r, post, text, harm || (flags & RECORD_OWN) != 0);
}
