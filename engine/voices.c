/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/voices.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/ranks.h"

struct tally {
	uint32_t hour, near;
};

struct voices {
	struct ranks *accounts, *copies;
	struct tally *tallies; /* by key */
	uint32_t room;
};

static void
account_gone(void *self, uint32_t key)
{
	struct voices *v = self;

	v->tallies[key].hour--;
}

static void
account_aged(void *self, uint32_t key)
{
	struct voices *v = self;

	v->tallies[key].near--;
}

struct voices *
voices_new(uint32_t accounts, uint32_t copies)
{
	struct voices *v = must_alloc(sizeof(*v));
	struct ranks_events events = {account_gone, account_aged, v};

	v->accounts = ranks_new(accounts, VOICES_NEAR_MINUTES, &events);
	v->copies = ranks_new(copies, WINDOW_MINUTES, NULL);
	return v;
}

void
voices_free(struct voices *v)
{
	if (v == NULL)
		return;
	ranks_free(v->accounts);
	ranks_free(v->copies);
	free(v->tallies);
	free(v);
}

void
voices_advance(struct voices *v, int64_t minute)
{
	ranks_advance(v->accounts, minute);
	ranks_advance(v->copies, minute);
}

static struct tally *
tally_of(struct voices *v, uint32_t key)
{
	if (key >= v->room) {
		uint32_t room = v->room == 0 ? 64 : v->room;

		while (room <= key)
			room *= 2;
		v->tallies = must_grow(v->tallies, room * sizeof(struct tally));
		memset(v->tallies + v->room, 0,
		    (room - v->room) * sizeof(struct tally));
		v->room = room;
	}
	return &v->tallies[key];
}

static uint32_t
add_account(struct voices *v, uint32_t key, uint64_t account, int64_t minute,
    bool harm)
{
	struct tally *tally = tally_of(v, key);
	unsigned first;
	uint32_t rank = ranks_add(v->accounts, ranks_key(account, key), minute,
	    harm ? key : RANKS_NO_TAG, &first);

	tally->hour += first & 1;
	tally->near += first >> 1 & 1;
	return rank;
}

static uint64_t
low_half(uint64_t sketch, uint32_t key)
{
	return ranks_key(sketch & UINT32_MAX, key);
}

static uint64_t
high_half(uint64_t sketch, uint32_t key)
{
	return ranks_key(sketch >> 32 | UINT64_C(1) << 32, key);
}

void
voices_prepare(const struct voices *v, uint32_t key, uint64_t account)
{
	ranks_prepare(v->accounts, ranks_key(account, key));
}

void
voices_prepare_copies(const struct voices *v, uint32_t key, uint64_t sketch)
{
	if (sketch == 0)
		return;
	ranks_prepare(v->copies, low_half(sketch, key));
	ranks_prepare(v->copies, high_half(sketch, key));
}

/* Near-copies share one of the two halves; j is the higher of their ranks. */
static uint32_t
copy_rank(struct voices *v, uint32_t key, uint64_t sketch, int64_t minute)
{
	uint32_t a = ranks_add(v->copies, low_half(sketch, key), minute,
	    RANKS_NO_TAG, NULL);
	uint32_t b = ranks_add(v->copies, high_half(sketch, key), minute,
	    RANKS_NO_TAG, NULL);

	return a > b ? a : b;
}

struct voice
voices_rank(struct voices *v, uint32_t key, uint64_t account, uint64_t sketch,
    int64_t minute, bool harm)
{
	struct voice voice = {.copy_rank = 1};

	REQUIRE(key != RANKS_NO_TAG);
	voice.account_rank = add_account(v, key, account, minute, harm);
	if (sketch != 0)
		voice.copy_rank = copy_rank(v, key, sketch, minute);
	voice.independence =
	    mathx_independence(voice.account_rank, voice.copy_rank);
	return voice;
}

void
voices_blame(struct voices *v, uint32_t key, uint64_t account, int64_t minute)
{
	REQUIRE(key != RANKS_NO_TAG);
	add_account(v, key, account, minute, true);
}

uint32_t
voices_accounts(const struct voices *v, uint32_t key)
{
	return key < v->room ? v->tallies[key].hour : 0;
}

uint32_t
voices_accounts_near(const struct voices *v, uint32_t key)
{
	return key < v->room ? v->tallies[key].near : 0;
}

uint64_t
voices_forgotten(const struct voices *v)
{
	return ranks_forgotten(v->accounts) + ranks_forgotten(v->copies);
}
