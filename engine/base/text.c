/*
 * Folding: the parts of a post, the choice of a path, tokens from bits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "engine/base/cpu.h"
#include "engine/base/must.h"
#include "engine/base/text_step.h"

/* Bytes behind the last one that vectors write before they are cut off. */
#define SLACK 64u

/* Blocks of a part, at most: all but the last have more bytes than 60. */
#define TRAIL_ROOM (TEXT_BYTES_MAX / 61 + 2)

/* The path "exact": give up at once. */
static bool
give_up(struct fold *f, struct slice part)
{
	(void)f;
	(void)part;
	return false;
}

struct path {
	const char *name;
	enum cpu_level needs;
	step_part *part;
	step_tokens *tokens;
};

/* The best first. */
static const struct path paths[] = {
	{"avx512", CPU_AVX512, text_avx512_part, text_avx512_tokens},
	{"avx2", CPU_AVX2, text_avx2_part, text_avx2_tokens},
	{"plain", CPU_PLAIN, text_plain_part, text_plain_tokens},
	{"exact", CPU_PLAIN, give_up, text_plain_tokens},
};

/* NULL until the first text_init or text_path: then the best there is.
 * Workers may begin at once, with the same result. */
static _Atomic(const struct path *) chosen;

bool
text_path(const char *name)
{
	bool any = !strcmp(name, "auto");

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct path *path = &paths[i];

		if ((!any && strcmp(name, path->name) != 0) ||
		    path->needs > cpu_level())
			continue;
		atomic_store_explicit(&chosen, path, memory_order_relaxed);
		return true;
	}
	return false;
}

void
text_init(struct text *t)
{
	size_t room = (size_t)TEXT_BYTES_MAX * STEP_BYTES_MAX + 1;
	size_t codes = TEXT_BYTES_MAX * STEP_CODES_MAX + TEXT_BYTES_MAX;
	struct text_scratch *s = must_alloc(sizeof(*s));

	/* Much of this is never touched, so it takes no memory: the figures
	 * are those of the worst text that there can be. */
	*t = (struct text){.room = (uint32_t)room, .scratch = s};
	text_wide_fill(&s->wide);
	s->memory = must_alloc(room + 2 * TEXT_PADDING + SLACK);
	s->in = must_alloc((room / 64 + 3) * sizeof(*s->in));
	s->force = must_alloc((room / 64 + 3) * sizeof(*s->force));
	s->source = must_alloc(TEXT_BYTES_MAX * sizeof(*s->source));
	s->folded = must_alloc(codes * sizeof(*s->folded));
	s->marks = must_alloc(
	    (TEXT_BYTES_MAX + UNICODE_PARTS) * sizeof(*s->marks));
	t->bytes = s->memory + TEXT_PADDING;
	t->trail = must_alloc(TRAIL_ROOM * sizeof(*t->trail));
	t->at = must_alloc((room + STEP_TOKEN_SLACK) * sizeof(*t->at));
	t->end = must_alloc((room + STEP_TOKEN_SLACK) * sizeof(*t->end));
	t->map = must_alloc((room + SLACK) * sizeof(*t->map));
	t->until = must_alloc((room + SLACK) * sizeof(*t->until));
	if (atomic_load_explicit(&chosen, memory_order_relaxed) == NULL)
		text_path("auto");
}

void
text_fini(struct text *t)
{
	struct text_scratch *s = t->scratch;

	if (s != NULL) {
		free(s->memory);
		free(s->in);
		free(s->force);
		free(s->source);
		free(s->folded);
		free(s->marks);
		free(s);
	}
	free(t->trail);
	free(t->at);
	free(t->end);
	free(t->map);
	free(t->until);
	*t = (struct text){0};
}

/* The first ${room} bytes of ${part} at most, whole characters. */
static struct slice
cut_part(struct slice part, size_t room, bool *cut)
{
	if (part.len <= room)
		return part;
	*cut = true;
	part.len = room;
	while (part.len > 0 && (part.data[part.len] & 0xc0) == 0x80)
		part.len--;
	return part;
}

static void
clear_bits(uint64_t *bits, uint32_t from, uint32_t to)
{
	bits[from >> 6] &= (UINT64_C(1) << (from & 63)) - 1;
	for (uint32_t i = (from >> 6) + 1; i <= (to >> 6) + 1; i++)
		bits[i] = 0;
}

static inline __attribute__((always_inline)) void
fold_one(struct fold *f, struct text *t, const struct path *path,
    struct slice part, bool mapped)
{
	uint32_t out = f->out;
	bool done;

	f->trail_count = 0;
	if (part.len == 0)
		return;
	if (path->part == give_up)
		done = false;
	else if (f->map != NULL)
		done = text_plain_map(f, part, mapped);
	else if (f->query)
		done = text_plain_part(f, part);
	else
		done = path->part(f, part);
	if (done)
		return;
	clear_bits(f->in, out, f->out);
	clear_bits(f->force, out, f->out);
	f->out = out;
	f->trail_count = 0;
	f->tail_end = f->mark_end = f->broken = UINT32_MAX;
	text_exact_part(f, t->scratch, part, mapped);
}

/* In text_fold nothing is left of maps. */
static inline __attribute__((always_inline)) void
fold_all(struct text *t, struct slice title, struct slice text,
    struct fold *f, bool map_title)
{
	const struct path *path =
	    atomic_load_explicit(&chosen, memory_order_relaxed);
	uint32_t title_end, low = 0, high;

	t->cut = false;
	title = cut_part(title, TEXT_BYTES_MAX, &t->cut);
	text = cut_part(text, TEXT_BYTES_MAX - title.len, &t->cut);
	fold_one(f, t, path, title, map_title);
	if (title.len > 0) {
		if (f->map != NULL)
			f->map[f->out] = f->until[f->out] = UINT32_MAX;
		f->bytes[f->out++] = '\n';
	}
	title_end = f->out;
	fold_one(f, t, path, text, !map_title);
	t->len = f->out;
	t->trail_count = f->trail_count;
	REQUIRE(t->len <= t->room);
	memset(t->bytes + t->len, 0, TEXT_PADDING);
	if (f->map != NULL)
		f->map[t->len] = f->until[t->len] =
		    map_title ? UINT32_MAX : (uint32_t)text.len;
	path->tokens(t, f);
	high = title_end > 0 && title.len > 0 ? t->tokens : 0;
	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (t->at[middle] < title_end)
			low = middle + 1;
		else
			high = middle;
	}
	t->title_tokens = low;
}

static struct fold
fold_start(struct text *t, enum text_mode mode)
{
	return (struct fold){.bytes = t->bytes,
	    .in = t->scratch->in,
	    .force = t->scratch->force,
	    .tail_end = UINT32_MAX,
	    .mark_end = UINT32_MAX,
	    .broken = UINT32_MAX,
	    .query = mode == TEXT_QUERY,
	    .wide = &t->scratch->wide,
	    .trail = t->trail};
}

void
text_fold(struct text *t, struct slice title, struct slice text,
    enum text_mode mode)
{
	struct fold f = fold_start(t, mode);

	fold_all(t, title, text, &f, false);
}

void
text_map(struct text *t, struct slice title, struct slice text,
    enum text_mode mode)
{
	struct fold f = fold_start(t, mode);

	f.map = t->map;
	f.until = t->until;
	fold_all(t, title, text, &f, false);
}

void
text_map_title(struct text *t, struct slice title, struct slice text,
    enum text_mode mode)
{
	struct fold f = fold_start(t, mode);

	f.map = t->map;
	f.until = t->until;
	fold_all(t, title, text, &f, true);
}

bool
text_span(const struct text *t, uint32_t at, uint32_t end, uint32_t *start,
    uint32_t *stop)
{
	REQUIRE(at < end && end <= t->len);
	if (t->map[at] == UINT32_MAX)
		return false;
	*start = t->map[at];
	*stop = t->until[end - 1];
	return true;
}
