/*
 * Folding to the letter, stage by stage, over arrays of code points: for the
 * parts that the fast paths give up on.
 *
 *	source    entities undone
 *	folded    each character folded alone; iota subscripts put where
 *	          composition leaves them; joiners and selectors judged
 *	          then marks put in canonical order, tokens made
 *
 * Composition itself is skipped: for every character, folding its parts gives
 * what folding the composed one gives (gen/unicode.c insists on it), but for
 * U+0345: it is the last of the marks, unless it composes with the vowel.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_step.h"

#include "engine/base/must.h"

/* Marks in a row that are sorted by insertion; more are counted. */
#define SHORT_RUN 24u

struct exact {
	struct step_item *source, *folded, *marks;
	uint32_t sources, count;
};

static uint32_t
read_source(struct exact *e, struct slice part)
{
	const char *p = part.data, *end = part.data + part.len;
	uint32_t count = 0;

	while (p < end) {
		struct step_item *item = &e->source[count++];
		unsigned n = 0;

		if (*p == '&')
			n = text_entity_read(p, end, &item->c);
		if (n == 0)
			item->c = step_decode((const unsigned char *)p, &n);
		item->from = (uint32_t)(p - part.data);
		p += n;
		item->until = (uint32_t)(p - part.data);
	}
	return count;
}

static void
add(struct exact *e, uint32_t c, const struct step_item *where)
{
	e->folded[e->count++] =
	    (struct step_item){c, where->from, where->until};
}

/* A character that is gone, but belongs to the one before it. */
static void
extend(struct exact *e, uint32_t count, const struct step_item *gone)
{
	uint32_t from;

	if (count == 0)
		return;
	from = e->folded[count - 1].from;
	for (unsigned i = 0; i < STEP_CLUSTER_MAX && count > 0 &&
	    e->folded[count - 1].from == from; i++)
		e->folded[--count].until = gone->until;
}

static bool
is_format(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200d) || c == 0x2060 ||
	    c == 0xfeff;
}

static void
add_bytes(struct exact *e, const unsigned char *p, uint32_t len,
    const struct step_item *where)
{
	unsigned n;

	for (uint32_t i = 0; i < len; i += n)
		add(e, step_decode(p + i, &n), where);
}

/* ${item} folded alone. */
static void
add_folded(struct exact *e, const struct step_item *item)
{
	uint32_t word = unicode_get(item->c), s = item->c - 0xac00;
	unsigned char bytes[4] = {0};

	switch ((enum unicode_kind)UNICODE_KIND(word)) {
	case UNICODE_INLINE:
		if (UNICODE_LEN(word) == 0 && !is_format(item->c))
			extend(e, e->count, item);
		for (unsigned i = 0; i < 3; i++)
			bytes[i] = (unsigned char)(word >> (8 + 8 * i));
		add_bytes(e, bytes, UNICODE_LEN(word), item);
		break;
	case UNICODE_SAME:
		add(e, item->c == STEP_IOTA ? 0x3b9 : item->c, item);
		break;
	case UNICODE_POOL:
		add_bytes(e, (const unsigned char *)unicode_pool + (word >> 16),
		    word >> 8 & 0xff, item);
		break;
	case UNICODE_HANGUL:
		add(e, 0x1100 + s / 588, item);
		add(e, 0x1161 + s % 588 / 28, item);
		if (s % 28 > 0)
			add(e, 0x11a7 + s % 28, item);
		break;
	}
}

/* The combining class with which ${c} decomposed begins. */
static uint8_t
lead_ccc(uint32_t c)
{
	uint32_t word = unicode_get(c);
	uint8_t ccc = c < 0x300 ? 0 : unicode_ccc(c);
	const unsigned char *p = (const unsigned char *)unicode_pool;
	unsigned n;

	if (ccc != 0 || c < 0x300)
		return ccc;
	if (UNICODE_KIND(word) == UNICODE_POOL)
		return unicode_ccc(step_decode(p + (word >> 16), &n));
	if (UNICODE_KIND(word) == UNICODE_INLINE &&
	    UNICODE_CLASS(word) == UNICODE_MARK) {
		unsigned char bytes[4] = {(unsigned char)(word >> 8),
		    (unsigned char)(word >> 16), (unsigned char)(word >> 24)};

		return unicode_ccc(step_decode(bytes, &n));
	}
	return 0;
}

/* Stable order by class of the marks at ${run}; ${room} is as long. */
static void
sort_run(struct step_item *run, uint32_t count, struct step_item *room)
{
	uint32_t place[257] = {0};

	for (uint32_t i = 1; count <= SHORT_RUN && i < count; i++) {
		struct step_item item = run[i];
		uint8_t ccc = unicode_ccc(item.c);
		uint32_t j = i;

		for (; j > 0 && unicode_ccc(run[j - 1].c) > ccc; j--)
			run[j] = run[j - 1];
		run[j] = item;
	}
	if (count <= SHORT_RUN)
		return;
	for (uint32_t i = 0; i < count; i++)
		place[unicode_ccc(run[i].c) + 1]++;
	for (uint32_t i = 1; i < 257; i++)
		place[i] += place[i - 1];
	for (uint32_t i = 0; i < count; i++)
		room[place[unicode_ccc(run[i].c)]++] = run[i];
	memcpy(run, room, count * sizeof(*run));
}

/* Whether an iota subscript among the ${count} sorted marks composes. */
static bool
composes(uint32_t base, const struct step_item *marks, uint32_t count)
{
	uint8_t last = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint8_t ccc = unicode_ccc(marks[i].c);
		uint32_t pair = last < ccc ? unicode_pair(base, marks[i].c) : 0;

		if (pair != 0 && marks[i].c == STEP_IOTA)
			return true;
		if (pair != 0)
			base = pair;
		else
			last = ccc;
	}
	return false;
}

/* The parts of mark ${c}, appended to the marks. */
static uint32_t
add_mark(struct exact *e, uint32_t c, uint32_t count)
{
	/* U+0340-0344 are the dropped marks that decompose. */
	static const uint32_t first[] = {0x300, 0x301, 0x342, 0x313, 0x308};
	struct step_item mark = {c, 0, 0};
	uint32_t at = e->count;

	if (c >= 0x340 && c <= 0x344)
		mark.c = first[c - 0x340];
	if (c >= 0x300 && c <= 0x36f) {
		e->marks[count++] = mark;
		if (c == 0x344)
			e->marks[count++] = (struct step_item){0x301, 0, 0};
		return count;
	}
	add_folded(e, &mark);
	while (at < e->count)
		e->marks[count++] = e->folded[--e->count];
	return count;
}

/*
 * A run with an iota subscript and a mark that stays.  All of it becomes one
 * cluster: its marks move.
 */
static void
add_iota_run(struct exact *e, uint32_t first, uint32_t stop)
{
	struct step_item whole = e->source[first];
	uint32_t parts[UNICODE_PARTS], count = 0, iotas = 0;
	uint32_t base = e->source[first].c, i = first;
	unsigned n = unicode_iota(base, parts);
	bool composed;

	whole.until = e->source[stop - 1].until;
	if (n > 0)
		base = parts[0];
	for (unsigned k = 1; k < n; k++)
		e->marks[count++] = (struct step_item){parts[k], 0, 0};
	if (lead_ccc(base) == 0) {
		whole.c = base;
		add_folded(e, &whole);
		i++;
	}
	for (; i < stop; i++)
		count = add_mark(e, e->source[i].c, count);
	sort_run(e->marks, count, e->folded + e->count);
	composed = composes(base, e->marks, count);
	if (composed)
		add(e, 0x3b9, &whole);
	for (uint32_t k = 0; k < count; k++) {
		whole.c = e->marks[k].c;
		if (whole.c == STEP_IOTA)
			iotas++;
		else if (whole.c < 0x300 || whole.c > 0x36f)
			add(e, whole.c, &whole);
	}
	for (uint32_t k = composed; k < iotas; k++)
		add(e, 0x3b9, &whole);
}

/* From the source to the folded array, one starter and its marks a time. */
static void
fold_runs(struct exact *e)
{
	uint32_t next;

	for (uint32_t i = 0; i < e->sources; i = next) {
		bool iota = false, stays = false;

		for (next = i; next < e->sources; next++) {
			uint32_t c = e->source[next].c;
			bool mark = lead_ccc(c) != 0;

			if (next > i && !mark)
				break;
			iota |= c == STEP_IOTA ||
			    (unicode_get(c) & UNICODE_IOTA) != 0;
			stays |= mark && (c < 0x300 || c > 0x36f);
		}
		if (iota && stays) {
			add_iota_run(e, i, next);
			continue;
		}
		for (uint32_t k = i; k < next; k++)
			add_folded(e, &e->source[k]);
	}
}

static enum step_next
next_of(const struct exact *e, uint32_t i)
{
	uint32_t c;

	if (i >= e->count)
		return NEXT_OTHER;
	c = e->folded[i].c;
	return text_step_next(c, unicode_get(c));
}

/* Drop the joiners and selectors that stand outside emoji sequences. */
static void
judge_joiners(struct exact *e)
{
	enum step_tail tail = TAIL_NONE;
	uint32_t kept = 0;
	bool broken = false;

	for (uint32_t i = 0; i < e->count; i++) {
		struct step_item item = e->folded[i];
		bool style = item.c == 0xfe0e || item.c == 0xfe0f;

		if ((style || item.c == STEP_JOINER) &&
		    (broken || !text_step_keeps(tail, item.c,
			next_of(e, i + 1), next_of(e, i + 2)))) {
			if (style)
				extend(e, kept, &item);
			broken = true;
			continue;
		}
		tail = text_step_tail(
		    tail, item.c, UNICODE_CLASS(unicode_get(item.c)));
		e->folded[kept++] = item;
		broken = false;
	}
	e->count = kept;
}

/* Marks in canonical order; those that moved are one cluster. */
static void
sort_marks(struct exact *e)
{
	uint32_t next;

	for (uint32_t i = 0; i < e->count; i = next) {
		uint8_t ccc = unicode_ccc(e->folded[i].c), last = ccc;
		struct step_item whole = e->folded[i];
		bool sorted = true;

		next = i + 1;
		if (ccc == 0)
			continue;
		for (; next < e->count; next++) {
			const struct step_item *item = &e->folded[next];

			ccc = unicode_ccc(item->c);
			if (ccc == 0)
				break;
			sorted &= last <= ccc;
			last = ccc;
			if (item->from < whole.from)
				whole.from = item->from;
			if (item->until > whole.until)
				whole.until = item->until;
		}
		if (sorted)
			continue;
		sort_run(e->folded + i, next - i, e->marks);
		for (uint32_t k = i; k < next; k++) {
			e->folded[k].from = whole.from;
			e->folded[k].until = whole.until;
		}
	}
}

void
text_exact_part(struct fold *f, struct text_scratch *scratch,
    struct slice part, bool mapped)
{
	struct exact e = {scratch->source, scratch->folded, scratch->marks,
	    0, 0};

	e.sources = read_source(&e, part);
	fold_runs(&e);
	judge_joiners(&e);
	sort_marks(&e);
	for (uint32_t i = 0; i < e.count; i++) {
		const struct step_item *item = &e.folded[i];
		uint32_t out = f->out;

		if (!text_step_emit(f, item->c,
			UNICODE_CLASS(unicode_get(item->c))))
			UNREACHABLE("marks are sorted");
		if (f->map == NULL)
			continue;
		if (out == f->out && mapped)
			f->until[out - 1] = item->until;
		for (; out < f->out; out++) {
			f->map[out] = mapped ? item->from : UINT32_MAX;
			f->until[out] = mapped ? item->until : UINT32_MAX;
		}
	}
}
