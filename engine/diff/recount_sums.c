/*
 * The sums of an alert, done again: one row per member.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <xxhash.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/base/mathx.h"
#include "engine/brief.h"
#include "engine/density/density.h"
#include "engine/phrase.h"
#include "engine/diff/recount_parts.h"
#include "engine/density/window.h"

#define NEAR_ACCOUNTS (10 * MICRO) /* of a cold start */
#define RARITY_MOST (18 * MICRO)   /* once in ten million million years */
#define PARTS_TOLD 10u             /* more are not listed */

static struct recount_row *
row(struct recount *r, const char *member, struct slice id)
{
	struct recount_row *made = &r->rows[r->rows_count++];

	REQUIRE(r->rows_count <= RECOUNT_ROWS);
	buf_text(&made->member, member);
	if (id.data != NULL) {
		buf_char(&made->member, '[');
		buf_slice_put(&made->member, id);
		buf_char(&made->member, ']');
	}
	return made;
}

static void
verdict(struct recount *r, struct recount_row *row, bool agrees)
{
	row->agrees = agrees;
	r->differs += !agrees;
}

static void
number_row(struct recount *r, struct recount_row *row, int64_t said,
    int64_t made, int64_t slack)
{
	int64_t apart = said > made ? said - made : made - said;

	buf_fixed(&row->said, said, 6, 6);
	buf_fixed(&row->made, made, 6, 6);
	verdict(r, row, apart <= slack);
}

static void
text_row(struct recount *r, const char *member, struct slice said,
    struct slice made, const char *how)
{
	struct recount_row *made_row = row(r, member, (struct slice){0});

	buf_text(&made_row->how, how);
	buf_slice_put(&made_row->said, said);
	buf_slice_put(&made_row->made, made);
	verdict(r, made_row, slice_equal(said, made));
}

/* Numbers in ${pattern} for each %: whole ones without decimals. */
static void
how(struct recount_row *row, const char *pattern, const int64_t *numbers)
{
	for (const char *p = pattern; *p != '\0'; p++) {
		if (*p != '%')
			buf_char(&row->how, *p);
		else if (*numbers % MICRO == 0)
			buf_int(&row->how, *numbers++ / MICRO);
		else
			buf_fixed(&row->how, *numbers++, 6, 6);
	}
}

static void
density_row(struct recount *r, const char *member, struct slice id,
    int64_t said, int64_t excess, int64_t voices)
{
	struct density_settings s = {.alpha_micro = r->alpha};
	struct recount_row *made = row(r, member, id);

	how(made, "100 x % / (% + %)",
	    (int64_t[]){excess, voices, r->alpha});
	number_row(r, made, said, density_of(&s, excess, voices), 0);
}

static void
excess_row(struct recount *r, const char *member, struct slice id,
    int64_t said, int64_t harm, int64_t expected)
{
	struct recount_row *made = row(r, member, id);

	how(made, "% - %, at least 0", (int64_t[]){harm, expected});
	number_row(r, made, said, harm > expected ? harm - expected : 0, 0);
}

static bool
of_sector(const struct recount *r)
{
	return slice_equal(buf_slice(&r->subject), SLICE("sector"));
}

/* Brands whose excess is a few millionths may be too thin to be listed. */
static void
sector_rows(struct recount *r)
{
	struct recount_row *made;
	int64_t sum = 0;
	double entropy = 0.0;

	for (unsigned i = 0; i < r->parts_count; i++)
		sum += r->parts[i].excess;
	if (r->parts_count >= PARTS_TOLD)
		return; /* the others are not in the alert */
	made = row(r, "excess", (struct slice){0});
	buf_text(&made->how, "sum of brands[].excess");
	number_row(r, made, r->excess, sum, 10);
	if (!r->has_breadth)
		return;
	for (unsigned i = 0; i < r->parts_count && sum > 0; i++) {
		double share = (double)r->parts[i].excess / (double)sum;

		entropy -= share > 0 ? share * mathx_ln(share) : 0.0;
	}
	made = row(r, "breadth", (struct slice){0});
	buf_text(&made->how, "exp(- sum of q ln q), q = brands[].excess / "
			     "excess");
	number_row(r, made, r->breadth,
	    sum > 0 ? mathx_micro(mathx_exp(entropy)) : 0, 20);
}

static void
amount_rows(struct recount *r)
{
	if (of_sector(r))
		sector_rows(r);
	else
		excess_row(r, "excess", (struct slice){0}, r->excess, r->harm,
		    r->expected);
	density_row(r, "density", (struct slice){0}, r->density, r->excess,
	    r->voices);
	for (unsigned i = 0; i < r->parts_count; i++) {
		const struct recount_part *p = &r->parts[i];
		struct slice id = p->id.len > 0 ? buf_slice(&p->id) :
						  SLICE("-");

		excess_row(r, of_sector(r) ? "brands.excess" : "pairs.excess",
		    id, p->excess, p->harm, p->expected);
		density_row(r,
		    of_sector(r) ? "brands.density" : "pairs.density", id,
		    p->density, p->excess, p->voices);
	}
}

static void
voice_rows(struct recount *r)
{
	struct sums sums = {.voices = r->independence,
	    .posts = (uint32_t)(r->posts / MICRO),
	    .harmful = (uint32_t)(r->harmful / MICRO)};
	struct recount_row *made = row(r, "concentration", (struct slice){0});

	how(made, "1 - % / %", (int64_t[]){r->independence, r->posts});
	number_row(r, made, r->concentration, window_concentration(&sums), 0);
	made = row(r, "coordinated", (struct slice){0});
	how(made, "posts % >= 50, harmful % >= half, concentration % >= 0.5",
	    (int64_t[]){r->posts, r->harmful, r->concentration});
	buf_text(&made->said, r->coordinated ? "true" : "false");
	buf_text(&made->made, window_is_flood(&sums) ? "true" : "false");
	verdict(r, made, r->coordinated == window_is_flood(&sums));
}

/* The harm of a rule in the alert's; a share is cut, not rounded. */
static void
rule_rows(struct recount *r)
{
	for (unsigned i = 0; i < r->rules_count; i++) {
		const struct recount_part *p = &r->rules[i];
		struct recount_row *made =
		    row(r, "rules.share", buf_slice(&p->id));

		how(made, "% / %", (int64_t[]){p->harm, r->harm});
		number_row(r, made, p->share,
		    r->harm > 0 ?
			(int64_t)((__int128)p->harm * MICRO / r->harm) : 0,
		    0);
	}
}

static bool
because(const struct recount *r, const char *why)
{
	return slice_equal(buf_slice(&r->because), slice_of(why));
}

static bool
reaches(const struct recount *r, int64_t level)
{
	return r->density >= r->theta[level - 1] &&
	    r->authors >= density_accounts[level - 1] * MICRO;
}

/* Whether the level that is said can come about in the way that is said. */
static bool
level_holds(const struct recount *r, int64_t level, bool rare)
{
	bool upward = level >= 1 && level > r->previous / MICRO &&
	    reaches(r, level) && (level == 4 || !reaches(r, level + 1));

	if (because(r, "rare"))
		return upward && rare;
	if (because(r, "cold_start"))
		return upward && r->authors_near >= NEAR_ACCOUNTS;
	if (because(r, "doubled"))
		return upward ||
		    (level >= 1 && r->density >= r->theta[level - 1]);
	if (because(r, "rarer"))
		return level >= 1 && rare &&
		    r->density >= r->theta[level - 1];
	if (because(r, "calmer"))
		return level < 4 && r->density * 2 < r->theta[level];
	if (because(r, "severe_post"))
		return level == DENSITY_SEVERE_LEVEL;
	if (because(r, "signal"))
		return level >= 1 && level == r->previous / MICRO;
	return because(r, "coordinated") && level >= DENSITY_FLOOD_LEVEL &&
	    r->coordinated;
}

/* The conditions of the level, as far as this message needed them. */
static void
how_level(const struct recount *r, struct recount_row *made, int64_t level)
{
	if (because(r, "severe_post") || because(r, "coordinated") ||
	    because(r, "signal"))
		return;
	if (because(r, "calmer")) {
		if (level < 4)
			how(made, ": density % < % / 2",
			    (int64_t[]){r->density, r->theta[level]});
		return;
	}
	if (level < 1)
		return;
	how(made, ": density % >= %, authors % >= %",
	    (int64_t[]){r->density, r->theta[level - 1], r->authors,
		density_accounts[level - 1] * MICRO});
	if (because(r, "cold_start"))
		how(made, ", authors_30min % >= %",
		    (int64_t[]){r->authors_near, NEAR_ACCOUNTS});
	else if (!because(r, "doubled"))
		how(made, ", z % >= %, s % >= %",
		    (int64_t[]){r->z, DETECTOR_EFFECT_MICRO, r->s,
			DETECTOR_RARE_MICRO});
}

static void
level_rows(struct recount *r)
{
	int64_t level = r->level / MICRO;
	bool rare = r->z >= DETECTOR_EFFECT_MICRO &&
	    r->s >= DETECTOR_RARE_MICRO;
	struct recount_row *made;

	if (level < 0 || level > 4 || r->is_signal)
		return;
	made = row(r, "level", (struct slice){0});
	buf_slice_put(&made->how, buf_slice(&r->because));
	how_level(r, made, level);
	buf_int(&made->said, level);
	if (level_holds(r, level, rare))
		buf_int(&made->made, level);
	else
		buf_text(&made->made, "-");
	verdict(r, made, level_holds(r, level, rare));
	if (!r->has_falls)
		return;
	made = row(r, "falls_below", (struct slice){0});
	if (level < 1)
		level = 1;
	how(made, "% / 2", &r->theta[level - 1]);
	number_row(r, made, r->falls, r->theta[level - 1] / 2, 0);
}

static void
word_rows(struct recount *r)
{
	int64_t level = r->level / MICRO;
	struct buf made = {0};

	if (r->s > 0 && r->s < RARITY_MOST) {
		brief_rarity_fr(r->s, &made);
		text_row(r, "rarity.fr", buf_slice(&r->rare_fr),
		    buf_slice(&made), "5 min x 10^s");
		buf_clear(&made);
		brief_rarity_en(r->s, &made);
		text_row(r, "rarity.en", buf_slice(&r->rare_en),
		    buf_slice(&made), "5 min x 10^s");
	}
	if (level >= 0 && level <= 4) {
		text_row(r, "level_name.fr", buf_slice(&r->level_fr),
		    slice_of(phrase_level_fr((uint8_t)level)), "");
		text_row(r, "level_name.en", buf_slice(&r->level_en),
		    slice_of(phrase_level_en((uint8_t)level)), "");
	}
	buf_fini(&made);
}

static void
time_rows(struct recount *r)
{
	struct buf made = {0};
	int64_t at, first;

	if (!clock_parse(buf_slice(&r->minute), &at) ||
	    !clock_parse(buf_slice(&r->first), &first)) {
		text_row(r, "minute", buf_slice(&r->minute), SLICE("-"),
		    "RFC 3339");
		return;
	}
	buf_utc(&made, at + MINUTE_MS);
	text_row(r, "window.end", buf_slice(&r->to), buf_slice(&made),
	    "minute + 1 min");
	buf_clear(&made);
	buf_utc(&made, at + MINUTE_MS - WINDOW_MINUTES * MINUTE_MS);
	text_row(r, "window.start", buf_slice(&r->from), buf_slice(&made),
	    "window.end - 60 min");
	buf_fini(&made);
}

/* As alert.c makes it; that of a signal has its item in it. */
static void
id_row(struct recount *r)
{
	struct buf text = {0}, made = {0};
	XXH128_hash_t hash;
	int64_t first;

	if (r->is_signal || !clock_parse(buf_slice(&r->first), &first))
		return;
	buf_slice_put(&text, buf_slice(&r->kind));
	buf_char(&text, '\n');
	buf_slice_put(&text, buf_slice(&r->sector));
	buf_char(&text, '\n');
	buf_slice_put(&text, buf_slice(&r->brand));
	buf_char(&text, '\n');
	buf_slice_put(&text, buf_slice(&r->topic));
	buf_printf(&text, "\n%lld", (long long)(first / MINUTE_MS));
	hash = XXH3_128bits(text.data, text.len);
	buf_printf(&made, "%016llx%016llx", (unsigned long long)hash.high64,
	    (unsigned long long)hash.low64);
	text_row(r, "id", buf_slice(&r->id), buf_slice(&made),
	    "XXH3-128(kind, sector, brand, topic, first_minute)");
	buf_fini(&text);
	buf_fini(&made);
}

void
recount_sums(struct recount *r)
{
	amount_rows(r);
	voice_rows(r);
	rule_rows(r);
	level_rows(r);
	word_rows(r);
	time_rows(r);
	id_row(r);
}
