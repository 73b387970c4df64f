/*
 * RE2::Set with the brands, in C++ because RE2 has no other door: decision 80.
 *
 * RE2 cannot look around; such patterns are given without what looks, and
 * what they find is confirmed by PCRE2, as are the lists.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/peers/peers.h"

#include <cstdio>

#ifdef PEERS_RE2
#include <re2/re2.h>
#include <re2/set.h>
#include <vector>

namespace
{

struct re2_set {
	re2::RE2::Set set;
	const struct peers_patterns *patterns;
	struct peers_confirm *confirm;
	std::vector<int> found;
};

void
about(char *out, size_t room)
{
	std::snprintf(out, room, "RE2 %s", PEERS_RE2);
}

void
close_set(void *self)
{
	auto *s = static_cast<re2_set *>(self);

	peers_confirm_free(s->confirm);
	delete s;
}

void *
open_set(const struct peers_patterns *p, char *why, size_t room)
{
	re2::RE2::Options options;

	options.set_encoding(re2::RE2::Options::EncodingLatin1);
	options.set_max_mem(INT64_C(2) << 30);
	options.set_log_errors(false);
	auto *s = new re2_set{{options, re2::RE2::UNANCHORED}, p,
	    peers_confirm_new(p), {}};
	for (uint32_t i = 0; i < p->brands; i++) {
		std::string error;

		if (s->set.Add(p->patterns[i].superset, &error) >= 0)
			continue;
		std::snprintf(why, room, "refused: %s", error.c_str());
		close_set(s);
		return nullptr;
	}
	if (s->set.Compile())
		return s;
	std::snprintf(why, room, "refused: too large for 2 GiB");
	close_set(s);
	return nullptr;
}

void
scan(void *self, const char *text, size_t len, struct peers_hits *hits)
{
	auto *s = static_cast<re2_set *>(self);

	s->found.clear();
	if (!s->set.Match(re2::StringPiece(text, len), &s->found))
		return;
	for (int found : s->found) {
		auto i = static_cast<uint32_t>(found);

		if (!s->patterns->patterns[i].looks ||
		    peers_confirm_hit(s->confirm, i, text, len))
			peers_hit(hits, i);
	}
}

} // namespace

#else

static void
about(char *out, size_t room)
{
	std::snprintf(out, room, "RE2");
}

static void *
open_set(const struct peers_patterns *, char *why, size_t room)
{
	std::snprintf(why, room, "not installed (libre2-dev)");
	return nullptr;
}

static void
scan(void *, const char *, size_t, struct peers_hits *)
{
}

static void
close_set(void *)
{
}
#endif

extern const struct peers_kind peers_re2 = {"re2-set", about, open_set, scan,
    false, close_set};
