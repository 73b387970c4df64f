/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/voices.h"

#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/density/tallies.h"

/* Ranks for which v is looked up, not computed. */
#define KNOWN_RANKS 16u

struct voices {
	struct ranks *accounts, *copies;
	struct tallies *tallies;
	uint32_t known[KNOWN_RANKS][KNOWN_RANKS]; /* v by k - 1 and j - 1 */
};

static void
accounts_forgot(void *self, int64_t minute)
{
	struct voices *v = self;

	tallies_forget(v->tallies, minute);
}

struct voices *
voices_new(uint32_t accounts, uint32_t copies)
{
	struct voices *v = must_alloc(sizeof(*v));
	struct ranks_events events = {accounts_forgot, v};

	v->accounts = ranks_new(accounts, &events);
	v->copies = ranks_new(copies, NULL);
	v->tallies = tallies_new(VOICES_NEAR_MINUTES);
	for (uint32_t k = 0; k < KNOWN_RANKS; k++)
		for (uint32_t i = 0; i < KNOWN_RANKS; i++)
			v->known[k][i] = mathx_independence(k + 1, i + 1);
	return v;
}

void
voices_free(struct voices *v)
{
	if (v == NULL)
		return;
	ranks_free(v->accounts);
	ranks_free(v->copies);
	tallies_free(v->tallies);
	free(v);
}

void
voices_advance(struct voices *v, int64_t minute)
{
	ranks_advance(v->accounts, minute);
	ranks_advance(v->copies, minute);
	tallies_advance(v->tallies, minute);
}

static uint32_t
add_account(struct voices *v, uint32_t key, uint64_t account, int64_t minute,
    bool harm)
{
	uint64_t both = ranks_key(account, key);
	int64_t before;
	uint32_t rank;

	if (!harm)
		return ranks_add(v->accounts, both, minute);
	rank = ranks_add_tagged(v->accounts, both, minute, &before);
	tallies_add(v->tallies, key, minute, before);
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
	uint32_t a = ranks_add(v->copies, low_half(sketch, key), minute);
	uint32_t b = ranks_add(v->copies, high_half(sketch, key), minute);

	return a > b ? a : b;
}

static uint32_t
independence(const struct voices *v, uint32_t k, uint32_t j)
{
	return k <= KNOWN_RANKS && j <= KNOWN_RANKS ?
	    v->known[k - 1][j - 1] : mathx_independence(k, j);
}

struct voice
voices_rank(struct voices *v, uint32_t key, uint64_t account, uint64_t sketch,
    int64_t minute, bool harm)
{
	struct voice voice = {.copy_rank = 1};

	REQUIRE(key > 0);
	voice.account_rank = add_account(v, key, account, minute, harm);
	if (sketch != 0)
		voice.copy_rank = copy_rank(v, key, sketch, minute);
	voice.independence =
	    independence(v, voice.account_rank, voice.copy_rank);
	return voice;
}

void
voices_blame(struct voices *v, uint32_t key, uint64_t account, int64_t minute)
{
	REQUIRE(key > 0);
	add_account(v, key, account, minute, true);
}

uint32_t
voices_accounts(const struct voices *v, uint32_t key)
{
	return tallies_hour(v->tallies, key);
}

uint32_t
voices_accounts_near(const struct voices *v, uint32_t key)
{
	return tallies_near(v->tallies, key);
}

uint64_t
voices_forgotten(const struct voices *v)
{
	return ranks_forgotten(v->accounts) + ranks_forgotten(v->copies);
}
