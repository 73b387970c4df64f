/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/state/record_pack.h"

#include "engine/base/must.h"
#include "engine/pseudonym.h"

/* A member that is added and that the loop reads is to be packed here, and
 * RECENT_VERSION and STATE_NORMS_VERSION raised. */
_Static_assert(sizeof(struct record) == 13 * sizeof(int64_t) +
	    6 * sizeof(struct part), "all of it is packed");

static struct slice
part_text(const char *text, struct part part)
{
	return (struct slice){text == NULL ? "" : text + part.at,
	    text == NULL ? 0 : part.len};
}

void
record_pack(const struct record *r, const char *text, uint64_t account,
    const char *hex, struct buf *out)
{
	uint64_t texts = text == NULL ? 0 :
	    r->id.len | r->source.len | r->author.len | r->text.len |
	    r->lang.len | r->url.len;

	pack_uint(out, r->flags | RECORD_KEYED);
	pack_u8(out, (uint8_t)(r->kind << 1 | (texts != 0)));
	pack_u64(out, r->id_key);
	pack_u64(out, account);
	pack_u64(out, r->sketch);
	pack_uint(out, r->answers);
	pack_uint(out, r->language);
	pack_uint(out, r->country);
	pack_u8(out, r->relay);
	pack_uint(out, r->followers + 1); /* POST_UNKNOWN is all ones */
	pack_uint(out, r->reach);
	if (texts == 0)
		return;
	pack_text(out, part_text(text, r->id));
	pack_text(out, part_text(text, r->source));
	REQUIRE(hex != NULL || !record_named(r));
	pack_text(out, record_named(r) ?
		(struct slice){hex, PSEUDONYM_HEX} :
		part_text(text, r->author));
	pack_text(out, part_text(text, r->text));
	pack_text(out, part_text(text, r->lang));
	pack_text(out, part_text(text, r->url));
}

static struct part
take_part(struct buf *text, struct unpack *in)
{
	struct slice bytes = unpack_text(in);
	struct part part = {(uint32_t)text->len, (uint32_t)bytes.len};

	buf_slice_put(text, bytes);
	return part;
}

void
record_unpack(struct record *r, struct buf *text, struct unpack *in)
{
	uint8_t kind;

	memset(r, 0, sizeof(*r));
	r->flags = (uint16_t)unpack_most(in, UINT16_MAX);
	kind = unpack_u8(in);
	r->kind = kind >> 1;
	r->id_key = unpack_u64(in);
	r->author_key = unpack_u64(in);
	r->sketch = unpack_u64(in);
	r->answers = unpack_uint(in);
	r->language = (uint32_t)unpack_most(in, UINT32_MAX);
	r->country = (uint32_t)unpack_most(in, UINT32_MAX);
	r->relay = unpack_u8(in);
	r->followers = unpack_uint(in) - 1;
	r->reach = (uint32_t)unpack_most(in, UINT32_MAX);
	if (!(kind & 1))
		return;
	r->id = take_part(text, in);
	r->source = take_part(text, in);
	r->author = take_part(text, in);
	r->text = take_part(text, in);
	r->lang = take_part(text, in);
	r->url = take_part(text, in);
}
