/*
 * Folding and tokens, per text: real posts of several sources, one half with
 * at least one character outside ASCII, and the ASCII ones alone.  The floor is
 * a copy of the text; the peer what ICU can do of it, where its headers are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/bench.h"
#include "bench/icu_fold.h"
#include "engine/base/text.h"
#include "tests/unit/base/corpus.h"

/* Texts of one turn: more than the branch predictor learns by heart. */
#define TEXTS 8192u

static struct corpus all, mixed, ascii;
static struct text text;

static bool
is_ascii(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] >= 0x80)
			return false;
	return true;
}

/* Every so manieth text of ${from} that is (not) ASCII, in order. */
static void
take(struct corpus *to, bool want_ascii, size_t count)
{
	size_t have = 0, seen = 0;

	for (size_t i = 0; i < all.count; i++)
		have += is_ascii(all.texts[i]) == want_ascii;
	for (size_t i = 0; i < all.count && have > 0; i++) {
		if (is_ascii(all.texts[i]) != want_ascii)
			continue;
		if (seen * count / have != (seen + 1) * count / have)
			corpus_add(to, all.texts[i]);
		seen++;
	}
}

static void
mix(struct corpus *to, const struct corpus *a, const struct corpus *b)
{
	for (size_t i = 0; i < a->count || i < b->count; i++) {
		if (i < a->count)
			corpus_add(to, a->texts[i]);
		if (i < b->count)
			corpus_add(to, b->texts[i]);
	}
}

static bool
load(struct bench_state *state)
{
	static const char *const files[] = {
	    "french/free_mobile_2020_2025.ndjson.gz",
	    "french/media_accounts_2022.ndjson.gz",
	    "french/xlmt_fr_sentiment_train_val.ndjson.gz",
	    "brands_en/airline_2015-02-16_22.ndjson.gz",
	    "brands_en/customer_support_sample.ndjson.gz"};
	struct corpus other = {0}, plain = {0};

	if (all.count == 0) {
		for (unsigned i = 0; i < 5; i++)
			corpus_read(&all, files[i]);
		take(&ascii, true, TEXTS);
		take(&plain, true, TEXTS * 47 / 100);
		take(&other, false, TEXTS * 53 / 100);
		mix(&mixed, &plain, &other);
		text_init(&text);
	}
	if (all.count == 0)
		bench_skip(state, "no shared data");
	return all.count > 0;
}

static void
run(struct bench_state *state, const struct corpus *c, const char *path,
    bool map)
{
	size_t tokens = 0;

	if (!text_path(path)) {
		bench_skip(state, "this processor does not have it");
		return;
	}
	while (bench_next(state)) {
		tokens = 0;
		for (size_t i = 0; i < c->count; i++) {
			if (map)
				text_map(&text, SLICE_NONE, c->texts[i],
				    TEXT_POST);
			else
				text_fold(&text, SLICE_NONE, c->texts[i],
				    TEXT_POST);
			tokens += text.tokens;
		}
	}
	bench_items(state, c->count);
	bench_bytes(state, c->bytes);
	bench_figure(state, "bytes", (double)c->bytes / (double)c->count);
	bench_figure(state, "tokens", (double)tokens / (double)c->count);
	text_path("auto");
}

static void
mixed_auto(struct bench_state *state)
{
	if (load(state))
		run(state, &mixed, "auto", false);
}

static void
mixed_avx2(struct bench_state *state)
{
	if (load(state))
		run(state, &mixed, "avx2", false);
}

static void
mixed_plain(struct bench_state *state)
{
	if (load(state))
		run(state, &mixed, "plain", false);
}

static void
mixed_exact(struct bench_state *state)
{
	if (load(state))
		run(state, &mixed, "exact", false);
}

static void
mixed_map(struct bench_state *state)
{
	if (load(state))
		run(state, &mixed, "auto", true);
}

static void
ascii_auto(struct bench_state *state)
{
	if (load(state))
		run(state, &ascii, "auto", false);
}

static void
ascii_plain(struct bench_state *state)
{
	if (load(state))
		run(state, &ascii, "plain", false);
}

static void
mixed_floor(struct bench_state *state)
{
	if (!load(state))
		return;
	while (bench_next(state))
		for (size_t i = 0; i < mixed.count; i++) {
			memcpy(text.bytes, mixed.texts[i].data,
			    mixed.texts[i].len);
			bench_keep(text.bytes);
		}
	bench_items(state, mixed.count);
	bench_bytes(state, mixed.bytes);
}

/* Case folding, NFD, marks dropped; "same" is the share of characters of
 * Latin, Greek and Cyrillic letters that both fold to the same bytes, "texts"
 * that of whole texts: ICU does not know of entities, blanks, quotes. */
static void
mixed_icu(struct bench_state *state)
{
	size_t same = 0;

	if (!load(state))
		return;
	if (!icu_fold_here()) {
		bench_skip(state, "built without ICU (libicu-dev)");
		return;
	}
	while (bench_next(state))
		for (size_t i = 0; i < mixed.count; i++)
			bench_keep(icu_fold(mixed.texts[i]).data);
	bench_items(state, mixed.count);
	bench_bytes(state, mixed.bytes);
	for (size_t i = 0; i < mixed.count; i++) {
		text_fold(&text, SLICE_NONE, mixed.texts[i], TEXT_POST);
		same += slice_equal(icu_fold(mixed.texts[i]),
		    (struct slice){text.bytes, text.len});
	}
	bench_figure(state, "same_letters", icu_fold_same_letters(&text));
	bench_figure(state, "same_texts", (double)same / (double)mixed.count);
}

void bench_text_register(void);

void
bench_text_register(void)
{
	bench_add("text/fold/mixed/auto", mixed_auto);
	bench_add("text/fold/mixed/avx2", mixed_avx2);
	bench_add("text/fold/mixed/plain", mixed_plain);
	bench_add("text/fold/mixed/exact", mixed_exact);
	bench_add("text/floor/memcpy", mixed_floor);
	bench_add("text/peer/icu", mixed_icu);
	bench_add("text/map/mixed", mixed_map);
	bench_add("text/fold/ascii/auto", ascii_auto);
	bench_add("text/fold/ascii/plain", ascii_plain);
}
