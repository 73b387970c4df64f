/*
 * One character outside ASCII, and the emoji sequences that it may belong to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_step.h"

static bool
is_key(char c)
{
	return (c >= '0' && c <= '9') || c == '#' || c == '*';
}

static bool
is_tone(uint32_t c)
{
	return c >= 0x1f3fb && c <= 0x1f3ff;
}

static bool
is_style(uint32_t c)
{
	return c == 0xfe0e || c == 0xfe0f;
}

static unsigned
encode(uint32_t c, char out[static 4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 63));
		out[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 63));
	out[2] = (char)(0x80 | (c >> 6 & 63));
	out[3] = (char)(0x80 | (c & 63));
	return 4;
}

enum step_next
text_step_next(uint32_t c, uint32_t word)
{
	if ((word & 0xff) == 0 || is_style(c) || c == STEP_IOTA)
		return NEXT_DOUBT;
	if (UNICODE_KIND(word) == UNICODE_POOL)
		return NEXT_OTHER;
	if (UNICODE_CLASS(word) == UNICODE_EMOJI)
		return is_tone(c) ? NEXT_TONE : NEXT_EMOJI;
	if (c == STEP_JOINER)
		return NEXT_JOINER;
	if (c == STEP_KEYCAP)
		return NEXT_KEYCAP;
	return c >= 0xe0020 && c <= 0xe007f ? NEXT_TAG : NEXT_OTHER;
}

bool
text_step_keeps(enum step_tail tail, uint32_t c, enum step_next next,
    enum step_next after)
{
	bool emoji = tail == TAIL_BASE || tail == TAIL_DONE;

	if (c == STEP_JOINER)
		return (emoji || tail == TAIL_STYLED) &&
		    (next == NEXT_EMOJI || next == NEXT_TONE);
	if (tail == TAIL_KEY)
		return next == NEXT_KEYCAP;
	if (!emoji)
		return false;
	if (next == NEXT_TAG || next == NEXT_TONE)
		return tail == TAIL_BASE;
	return next == NEXT_JOINER &&
	    (after == NEXT_EMOJI || after == NEXT_TONE);
}

enum step_tail
text_step_tail(enum step_tail tail, uint32_t c, enum unicode_class class)
{
	bool styled = tail == TAIL_BASE || tail == TAIL_STYLED;

	if (class == UNICODE_EMOJI)
		return is_tone(c) && styled ? TAIL_DONE : TAIL_BASE;
	if (class == UNICODE_FLAG)
		return tail == TAIL_FLAG ? TAIL_NONE : TAIL_FLAG;
	if (class == UNICODE_SPECIAL) {
		if (c == STEP_JOINER)
			return TAIL_JOINED;
		if (is_style(c))
			return tail == TAIL_KEY ? TAIL_KEY_STYLED : TAIL_STYLED;
		return c >= 0xe0020 && (styled || tail == TAIL_DONE)
		    ? TAIL_DONE : TAIL_NONE;
	}
	return c < 0x80 && is_key((char)c) ? TAIL_KEY : TAIL_NONE;
}

static enum step_tail
tail_now(const struct fold *f)
{
	if (f->tail_end == f->out)
		return f->tail;
	return is_key(f->bytes[(ptrdiff_t)f->out - 1]) ? TAIL_KEY : TAIL_NONE;
}

static void
put_plain(struct fold *f, const char *bytes, unsigned n)
{
	memcpy(f->bytes + f->out, bytes, n);
	f->out += n;
}

static void
put_word(struct fold *f, const char *bytes, unsigned n)
{
	step_bits(f->in, f->out, (1u << n) - 1);
	put_plain(f, bytes, n);
}

/* A token of its own, or the rest of one when ${joins}. */
static void
put_closed(struct fold *f, const char *bytes, unsigned n, bool joins)
{
	uint64_t bit = UINT64_C(1) << (f->out & 63);

	if (joins)
		f->force[f->out >> 6] &= ~bit;
	else
		f->force[f->out >> 6] |= bit;
	put_word(f, bytes, n);
	f->force[f->out >> 6] |= UINT64_C(1) << (f->out & 63);
}

/* A mark extends whatever token ends here; a closed one stays closed. */
static bool
put_mark(struct fold *f, uint32_t c, const char *bytes, unsigned n)
{
	bool closed = f->force[f->out >> 6] >> (f->out & 63) & 1;
	uint8_t ccc = unicode_ccc(c);

	if (ccc != 0 && f->mark_end == f->out && f->mark_ccc > ccc)
		return false;
	if (closed)
		put_closed(f, bytes, n, true);
	else
		put_word(f, bytes, n);
	if (ccc != 0) {
		f->mark_end = f->out;
		f->mark_ccc = ccc;
	}
	return true;
}

/* U+20E3 makes a token of the digit before it. */
static bool
put_keycap(struct fold *f, const char *bytes, unsigned n)
{
	enum step_tail tail = tail_now(f);
	uint32_t at = f->out - (tail == TAIL_KEY_STYLED ? 4 : 1);

	if (tail != TAIL_KEY && tail != TAIL_KEY_STYLED)
		return put_mark(f, STEP_KEYCAP, bytes, n);
	f->force[at >> 6] |= UINT64_C(1) << (at & 63);
	step_bits(f->in, at, (1u << (f->out - at)) - 1);
	put_closed(f, bytes, n, true);
	return true;
}

static bool
put_special(struct fold *f, uint32_t c, const char *bytes, unsigned n)
{
	enum step_tail tail = tail_now(f);
	enum step_tail next = text_step_tail(tail, c, UNICODE_SPECIAL);

	if (c == STEP_IOTA)
		return false;
	if (c == STEP_KEYCAP)
		return put_keycap(f, bytes, n);
	if (next == TAIL_NONE || next == TAIL_KEY_STYLED)
		put_plain(f, bytes, n);
	else
		put_closed(f, bytes, n, true);
	f->tail = next;
	f->tail_end = f->out;
	return true;
}

bool
text_step_emit(struct fold *f, uint32_t c, enum unicode_class class)
{
	enum step_tail tail, next;
	char bytes[4];
	unsigned n = encode(c, bytes);

	switch (class) {
	case UNICODE_WORD:
		put_word(f, bytes, n);
		return true;
	case UNICODE_OTHER:
		if (f->query && (c == '*' || c == '?'))
			put_word(f, bytes, n);
		else
			put_plain(f, bytes, n);
		return true;
	case UNICODE_BLANK:
		if (f->bytes[(ptrdiff_t)f->out - 1] != ' ')
			put_plain(f, bytes, n);
		return true;
	case UNICODE_MARK:
		return put_mark(f, c, bytes, n);
	case UNICODE_CJK:
		put_closed(f, bytes, n, false);
		return true;
	case UNICODE_EMOJI:
	case UNICODE_FLAG:
		tail = tail_now(f);
		next = text_step_tail(tail, c, class);
		put_closed(f, bytes, n, tail == TAIL_JOINED ||
		    next == TAIL_DONE || next == TAIL_NONE);
		f->tail = next;
		f->tail_end = f->out;
		return true;
	case UNICODE_SPECIAL:
		return put_special(f, c, bytes, n);
	}
	return false;
}

/* The character at ${p}, and where the one after it begins. */
static enum step_next
peek(const char *p, const char *end, const char **after)
{
	unsigned n;
	uint32_t c;

	*after = end;
	if (p >= end)
		return NEXT_OTHER;
	if ((unsigned char)*p < 0x80)
		return *p == '&' ? NEXT_DOUBT : NEXT_OTHER;
	c = step_decode((const unsigned char *)p, &n);
	*after = p + n;
	return text_step_next(c, unicode_get(c));
}

/* A joiner or selector: 1 it is kept, 0 it is dropped, -1 hard to say. */
static int
judge(const struct fold *f, uint32_t c, const char *p, const char *end)
{
	enum step_tail tail = tail_now(f);
	enum step_next next, after = NEXT_OTHER;

	if (tail == TAIL_NONE || tail == TAIL_FLAG)
		return 0;
	next = peek(p, end, &p);
	if (next == NEXT_JOINER)
		after = peek(p, end, &p);
	if (next == NEXT_DOUBT || after == NEXT_DOUBT)
		return -1;
	return f->broken != f->out && text_step_keeps(tail, c, next, after);
}

static bool
put_hangul(struct fold *f, uint32_t c)
{
	uint32_t s = c - 0xac00, last = s % 28;
	char bytes[4];
	unsigned n = encode(0x1100 + s / 588, bytes);

	put_word(f, bytes, n);
	n = encode(0x1161 + s % 588 / 28, bytes);
	put_word(f, bytes, n);
	if (last > 0) {
		n = encode(0x11a7 + last, bytes);
		put_word(f, bytes, n);
	}
	return true;
}

static bool
put_pool(struct fold *f, uint32_t word)
{
	const unsigned char *p =
	    (const unsigned char *)unicode_pool + (word >> 16);
	const unsigned char *end = p + (word >> 8 & 0xff);
	unsigned n;

	for (; p < end; p += n) {
		uint32_t c = step_decode(p, &n);

		if (!text_step_emit(f, c, UNICODE_CLASS(unicode_get(c))))
			return false;
	}
	if (word & UNICODE_IOTA) {
		/* No mark may follow: it would belong before the iota. */
		f->mark_end = f->out;
		f->mark_ccc = UINT8_MAX;
	}
	return true;
}

/* ${c} as a post has it; ${p} is what follows it. */
static bool
put_char(struct fold *f, uint32_t c, uint32_t word, const char *p,
    const char *end)
{
	uint32_t bytes = UNICODE_BYTES(word);
	unsigned char inline_bytes[4] = {(unsigned char)bytes,
	    (unsigned char)(bytes >> 8), (unsigned char)(bytes >> 16)};
	unsigned n;
	int keep;

	switch ((enum unicode_kind)UNICODE_KIND(word)) {
	case UNICODE_INLINE:
		if (UNICODE_LEN(word) == 0)
			return true;
		for (unsigned i = 0; i < UNICODE_LEN(word); i += n)
			if (!text_step_emit(f, step_decode(inline_bytes + i,
				&n), UNICODE_CLASS(word)))
				return false;
		return true;
	case UNICODE_SAME:
		if (c == STEP_JOINER || is_style(c)) {
			keep = judge(f, c, p, end);
			if (keep < 0)
				return false;
			if (keep == 0) {
				f->broken = f->out;
				return true;
			}
		}
		return text_step_emit(f, c, UNICODE_CLASS(word));
	case UNICODE_POOL:
		return put_pool(f, word);
	case UNICODE_HANGUL:
		return put_hangul(f, c);
	}
	return false;
}

const char *
text_step_slow(
    struct fold *f, const char *p, const char *end, uint32_t word)
{
	unsigned n;
	uint32_t c = step_decode((const unsigned char *)p, &n);

	return put_char(f, c, word, p + n, end) ? p + n : NULL;
}

const char *
text_step_entity(struct fold *f, const char *p, const char *end)
{
	uint32_t c;
	unsigned n = text_entity_read(p, end, &c);

	if (n == 0) {
		put_plain(f, p, 1);
		return p + 1;
	}
	return put_char(f, c, unicode_get(c), p + n, end) ? p + n : NULL;
}
