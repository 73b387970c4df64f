/*
 * Hyperscan or Vectorscan with all patterns in one database; or the brands
 * alone, and PCRE2 for the lists of a brand that hit.
 *
 * The prefilter flag stands only on patterns that look around; what they find
 * is confirmed by PCRE2.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/peers/peers.h"
#include "engine/base/must.h"

#ifdef PEERS_HYPERSCAN
#include <hs/hs.h>

struct hyperscan {
	hs_database_t *database;
	hs_scratch_t *scratch;
	const struct peers_patterns *patterns;
	struct peers_confirm *confirm;
	/* of the scan that is under way */
	struct peers_hits *hits;
	const char *text;
	size_t len;
};

static void
about(char *out, size_t room)
{
	snprintf(out, room, "%s, %s", PEERS_HYPERSCAN, hs_version());
}

static void
close_database(void *self)
{
	struct hyperscan *h = self;

	hs_free_scratch(h->scratch);
	hs_free_database(h->database);
	peers_confirm_free(h->confirm);
	free(h);
}

static void *
open_database(const struct peers_patterns *p, uint32_t count, char *why,
    size_t room)
{
	struct hyperscan *h = must_alloc(sizeof(*h));
	const char **regexes = must_alloc(count * sizeof(*regexes));
	unsigned *flags = must_alloc(count * sizeof(*flags));
	unsigned *ids = must_alloc(count * sizeof(*ids));
	hs_compile_error_t *error = NULL;

	memset(h, 0, sizeof(*h));
	h->patterns = p;
	h->confirm = peers_confirm_new(p);
	for (uint32_t i = 0; i < count; i++) {
		regexes[i] = p->patterns[i].regex;
		ids[i] = i;
		flags[i] = HS_FLAG_SINGLEMATCH;
		if (p->patterns[i].looks)
			flags[i] |= HS_FLAG_PREFILTER;
	}
	if (hs_compile_multi(regexes, flags, ids, count, HS_MODE_BLOCK, NULL,
		&h->database, &error) != HS_SUCCESS ||
	    hs_alloc_scratch(h->database, &h->scratch) != HS_SUCCESS) {
		snprintf(why, room, "refused: %s",
		    error != NULL ? error->message : "no scratch");
		hs_free_compile_error(error);
		close_database(h);
		h = NULL;
	}
	free(regexes);
	free(flags);
	free(ids);
	return h;
}

static void *
open_all(const struct peers_patterns *p, char *why, size_t room)
{
	return open_database(p, p->brands + p->lists, why, room);
}

static void *
open_brands(const struct peers_patterns *p, char *why, size_t room)
{
	return open_database(p, p->brands, why, room);
}

static int
on_match(unsigned id, unsigned long long from, unsigned long long to,
    unsigned flags, void *self)
{
	struct hyperscan *h = self;

	(void)from, (void)to, (void)flags;
	if (h->hits->stamp[id] != h->hits->text &&
	    (!h->patterns->patterns[id].looks ||
		peers_confirm_hit(h->confirm, id, h->text, h->len)))
		peers_hit(h->hits, id);
	return 0;
}

static void
scan(void *self, const char *text, size_t len, struct peers_hits *hits)
{
	struct hyperscan *h = self;

	h->hits = hits;
	h->text = text;
	h->len = len;
	REQUIRE(hs_scan(h->database, text, (unsigned)len, 0, h->scratch,
		    on_match, h) == HS_SUCCESS);
}

#else

static void
about(char *out, size_t room)
{
	snprintf(out, room, "Hyperscan");
}

static void *
open_all(const struct peers_patterns *p, char *why, size_t room)
{
	(void)p;
	snprintf(why, room, "not installed (libhyperscan-dev)");
	return NULL;
}
#define open_brands open_all

static void
scan(void *self, const char *text, size_t len, struct peers_hits *hits)
{
	(void)self, (void)text, (void)len, (void)hits;
}

static void
close_database(void *self)
{
	(void)self;
}
#endif

const struct peers_kind peers_hyperscan = {"hyperscan-all", about, open_all,
    scan, true, close_database};
const struct peers_kind peers_hyperscan_brands = {"hyperscan-brands", about,
    open_brands, scan, false, close_database};
