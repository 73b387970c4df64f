/*
 * Goal: no input makes the decoders crash, read outside the batch, or give
 * another verdict in a shared index than for the lines alone.
 * Method: every decoder reads the input twice, with the shared index and line
 * by line; all that it says is compared.
 * SPDX-License-Identifier: Apache-2.0
 */
#define FUZZ_NAME "decode"
#include "tests/fuzz/fuzz_main.h"

#include "connectors/decode.h"

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
