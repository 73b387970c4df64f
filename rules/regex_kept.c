/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/regex_kept.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "rules/regex_code.h"

#define PIECE 16u /* each has PCRE2's tables of 1 KB once more */

uint32_t
regex_kept_pieces(const struct regex_kept *kept)
{
	return (kept->count + PIECE - 1) / PIECE;
}

/* How many codes piece ${k} has. */
static uint32_t
size_of(const struct regex_kept *kept, uint32_t k)
{
	uint32_t left = kept->count - k * PIECE;

	return left < PIECE ? left : PIECE;
}

/* One piece behind the others, aligned; false: it cannot be. */
static bool
pack(struct buf *out, const pcre2_code **codes, uint32_t count)
{
	uint8_t *bytes;
	PCRE2_SIZE len;

	if (pcre2_serialize_encode(codes, (int32_t)count, &bytes, &len, NULL) !=
	    (int32_t)count)
		return false;
	buf_put(out, (const char *)bytes, len);
	while (out->len % 16 != 0)
		buf_char(out, '\0');
	pcre2_serialize_free(bytes);
	return true;
}

static bool
pack_all(struct regex_kept *kept, const pcre2_code **codes, struct buf *out)
{
	for (uint32_t k = 0; k < regex_kept_pieces(kept); k++) {
		kept->pieces[k] = (uint32_t)out->len;
		if (!pack(out, codes + (size_t)k * PIECE, size_of(kept, k)))
			return false;
	}
	return true;
}

void
regex_kept_fill(struct regex_kept *kept, const struct regex *regexes,
    uint32_t count)
{
	const pcre2_code **codes;
	struct buf out = {0};

	*kept = (struct regex_kept){0};
	if (count == 0 || count > REGEX_KEPT_MAX)
		return;
	codes = must_alloc(count * sizeof(*codes));
	kept->regexes = must_alloc(count * sizeof(*kept->regexes));
	kept->pieces = must_alloc(count * sizeof(*kept->pieces));
	for (uint32_t i = 0; i < count; i++) {
		codes[kept->count] = regex_code_plain(&regexes[i]);
		if (codes[kept->count] != NULL)
			kept->regexes[kept->count++] = i;
	}
	if (pack_all(kept, codes, &out)) {
		kept->bytes = out.data;
		kept->bytes_count = (uint32_t)out.len;
		out = (struct buf){0};
	}
	for (uint32_t i = 0; i < kept->count; i++)
		pcre2_code_free((pcre2_code *)(uintptr_t)codes[i]);
	if (kept->bytes == NULL)
		kept->count = 0;
	free(codes);
	buf_fini(&out);
}

void
regex_kept_fini(struct regex_kept *kept)
{
	free(kept->regexes);
	free(kept->pieces);
	free(kept->bytes);
	*kept = (struct regex_kept){0};
}

/* Its place among those that are kept, or their count. */
static uint32_t
place_of(const struct regex_kept *kept, uint32_t i)
{
	uint32_t from = 0, to = kept->count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (kept->regexes[middle] < i)
			from = middle + 1;
		else
			to = middle;
	}
	return from < kept->count && kept->regexes[from] == i ? from
							      : kept->count;
}

void
regex_kept_take(const struct regex_kept *kept, struct regex *regexes,
    uint32_t i)
{
	uint32_t place = place_of(kept, i), k = place / PIECE, count;
	pcre2_code *codes[PIECE];

	if (place == kept->count)
		return;
	count = size_of(kept, k);
	if (pcre2_serialize_decode(codes, (int32_t)count,
		(const uint8_t *)kept->bytes + kept->pieces[k],
		NULL) != (int32_t)count)
		return; /* then they are compiled */
	for (uint32_t n = 0; n < count; n++)
		regex_code_give(
		    &regexes[kept->regexes[k * PIECE + n]], codes[n]);
}
