/*
 * Goal: no input makes the decoders crash, read outside the batch, or give
 * another verdict in a shared index than for the lines alone.
 * Method: under VIGIE_FUZZ a libFuzzer target; otherwise a plain test that
 * runs its own corpus and seeded mutations of it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/decode.h"
#include "engine/base/must.h"
#include "engine/base/rand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_BYTES_MAX (64u << 10)

static uint64_t
mix(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t
mix_slice(uint64_t hash, struct slice s)
{
	size_t len = s.data == NULL ? SIZE_MAX : s.len;

	return mix(mix(hash, &len, sizeof(len)), s.data, s.len);
}

static uint64_t
mix_post(uint64_t hash, const struct post *p)
{
	const struct slice parts[] = {p->id, p->source, p->author_id,
	    p->author_handle, p->author_name, p->title, p->text, p->lang,
	    p->country, p->url, p->parent_id, p->root_id, p->repost_of,
	    p->quote_of};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		hash = mix_slice(hash, parts[i]);
	for (uint32_t i = 0; i < p->links.count; i++)
		hash = mix_slice(hash, p->links.items[i]);
	hash = mix(hash, &p->ts_ms, sizeof(p->ts_ms));
	return mix(hash, &p->followers, sizeof(p->followers));
}

/* One number for all that the decoder says. */
static uint64_t
read_all(const struct decoder *d, void *state, const char *bytes, size_t len)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	struct post post;
	struct decode_line line;
	enum decode_result r;

	d->begin(state, bytes, len);
	while ((r = d->next(state, &post, &line)) != DECODE_END) {
		REQUIRE(line.at + line.len <= len);
		REQUIRE(line.error_at <= line.len);
		hash = mix(hash, &r, sizeof(r));
		hash = mix(hash, &line.at, sizeof(line.at));
		if (r == DECODE_POST)
			hash = mix_post(hash, &post);
		else
			hash = mix(hash, &line.error_at,
			    sizeof(line.error_at));
	}
	return hash;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void *state;
	const struct decoder *d;
	char *copy;

	if (size > INPUT_BYTES_MAX)
		return 0;
	if (state == NULL)
		state = decode_auto.open();
	copy = must_alloc(size + BATCH_PADDING);
	if (size > 0)
		memcpy(copy, data, size);
	for (unsigned i = 0; (d = decode_list(i)) != NULL; i++) {
		uint64_t fast, slow;

		decode_set_fast(state, true);
		fast = read_all(d, state, copy, size);
		decode_set_fast(state, false);
		slow = read_all(d, state, copy, size);
		REQUIRE(fast == slow);
	}
	free(copy);
	return 0;
}

#ifndef VIGIE_FUZZ

#define ROUNDS 4000

static const char *const corpus[] = {
    "{\"id\":\"1\",\"text\":\"caf\\u00e9\",\"ts\":1268816700,\"tags\":[\"a\"]}",
    "{\"id\":2,\"author\":{\"id\":\"u\",\"followers\":1e3},\"title\":\"t\"}",
    "{\"did\":\"d\",\"time_us\":1783175888112407,\"commit\":{\"operation\":"
    "\"create\",\"collection\":\"app.bsky.feed.post\",\"rkey\":\"k\","
    "\"record\":{\"text\":\"\\ud83d\\ude00\",\"langs\":[\"en\"],\"embed\":{"
    "\"record\":{\"uri\":\"q\"}},\"facets\":[{\"features\":[{\"tag\":1}]}]}}}",
    "{\"created_at\":\"Wed Jun 21 00:03:00 +0000 2026\",\"id_str\":\"19\","
    "\"full_text\":\"x &amp; y\",\"user\":{\"screen_name\":\"ann\"},"
    "\"entities\":{\"urls\":[{\"url\":\"u\"}]},\"place\":null}",
    "{\"delete\":{\"status\":{\"id\":8}}}",
    "\xef\xbb\xbf{\"text\":\"\"}\r",
    "[1,2,{\"a\":\"\\\\\"}]",
    "",
};

static size_t
mutate(struct rand *r, char *out, size_t room)
{
	static const char marks[] = "\"\\{}[]:,\n\r\t\f \0\x80\xc3u0e-";
	size_t len = 0;

	for (unsigned n = 1 + rand_below(r, 6); n > 0; n--) {
		const char *line = corpus[rand_below(
		    r, sizeof(corpus) / sizeof(corpus[0]))];
		size_t bytes = strlen(line);

		if (len + bytes + 1 > room)
			break;
		memcpy(out + len, line, bytes);
		len += bytes;
		out[len++] = '\n';
	}
	for (unsigned n = rand_below(r, 5); n > 0; n--)
		out[rand_below(r, (uint32_t)len)] =
		    marks[rand_below(r, sizeof(marks) - 1)];
	return rand_below(r, 4) == 0 ? rand_below(r, (uint32_t)len) : len;
}

int
main(void)
{
	static char input[8192];

	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		struct rand r;
		size_t len;

		rand_seed(&r, seed);
		len = mutate(&r, input, sizeof(input));
		LLVMFuzzerTestOneInput((const uint8_t *)input, len);
	}
	printf("[  PASSED  ] 1 test(s).\n");
	return 0;
}

#endif
