/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/rand.h"

#include "engine/base/must.h"

static uint64_t
rotate(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

void
rand_seed(struct rand *r, uint64_t seed)
{
	for (int i = 0; i < 4; i++) {
		uint64_t z = seed += 0x9e3779b97f4a7c15u;

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
		r->s[i] = z ^ (z >> 31);
	}
}

uint64_t
rand_next(struct rand *r)
{
	uint64_t result = rotate(r->s[1] * 5, 7) * 9;
	uint64_t t = r->s[1] << 17;

	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = rotate(r->s[3], 45);
	return result;
}

uint32_t
rand_below(struct rand *r, uint32_t n)
{
	REQUIRE(n > 0);
	return (uint32_t)(((rand_next(r) >> 32) * n) >> 32);
}

double
rand_unit(struct rand *r)
{
	return (double)(rand_next(r) >> 11) * 0x1.0p-53;
}
