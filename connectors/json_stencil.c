/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/json_stencil.h"

#include <stdlib.h>
#include <string.h>

#include "connectors/decode_field.h"
#include "connectors/json_stencil_parts.h"
#include "engine/base/cpu.h"
#include "engine/base/must.h"

/* No more than the index uses, which tests and benches choose. */
static enum cpu_level
level(void)
{
	const char *index = json_index_path_name();

	if (!strcmp(index, "plain"))
		return CPU_PLAIN;
	if (!strcmp(index, "avx2") && cpu_level() > CPU_AVX2)
		return CPU_AVX2;
	return cpu_level();
}

struct json_stencils *
json_stencil_open(void)
{
	struct json_stencils *stencils = must_alloc(sizeof(*stencils));

	switch (level()) {
	case CPU_AVX512:
		stencils->lay = json_stencil_lay_avx512;
		break;
	case CPU_AVX2:
		stencils->lay = json_stencil_lay_avx2;
		break;
	case CPU_PLAIN:
		stencils->lay = json_stencil_lay_plain;
		break;
	}
	return stencils;
}

void
json_stencil_close(struct json_stencils *stencils)
{
	free(stencils);
}

const void *
json_stencil_format(const struct json_laid *laid)
{
	return laid->stencil->format;
}

bool
json_stencil_lay(struct json_stencils *stencils, const char *line,
    const char *end, const void *asked, struct json_laid *laid)
{
	uint32_t at = stencils->last;

	for (uint32_t i = 0; i < STENCIL_WAYS; i++, at++) {
		const struct json_stencil *s =
		    &stencils->stencils[at % STENCIL_WAYS];

		if (s->serial == 0 || s->refused || s->asked != asked ||
		    !stencils->lay(s, line, end, laid))
			continue;
		laid->part = LAID_ALL;
		stencils->last = at % STENCIL_WAYS;
		return true;
	}
	return false;
}

static inline bool
take_word(const struct json_laid *laid, const struct stencil_step *s,
    struct json_walk *w, struct slice *to)
{
	char *end;

	if (!s->open) {
		to->data = laid->base[s->run] + s->offset;
		to->len = s->len;
		return true;
	}
	*to = laid->open[s->run];
	if (__builtin_expect(!laid->escaped[s->run], 1))
		return true;
	end = json_unescape(w->scratch, *to);
	if (end == NULL)
		return false;
	*to = (struct slice){w->scratch, (size_t)(end - w->scratch)};
	w->scratch = end;
	return true;
}

static void
take_link(struct json_shape_link *link, struct post *post, bool *cut)
{
	decode_field_add(&post->links,
	    link->meant.data != NULL ? link->meant : link->written, cut);
	link->meant = link->written = SLICE_NONE;
}

static bool
take_time(const struct stencil_step *s, struct json_walk *w,
    struct slice text, int64_t *to)
{
	uint64_t v;

	if (!s->digits) {
		*to = decode_field_clock(w, text);
		return true;
	}
	if (!json_unescape_small(text, &v))
		return false;
	if (!clock_epoch((int64_t)v, to))
		*to = TIME_NONE;
	return true;
}

/* Neither a word nor a count. */
static bool
take_other(const struct json_laid *laid, const struct stencil_step *s,
    struct json_walk *w, void *to, struct post *post, bool *cut)
{
	struct slice text = SLICE_NONE;

	switch (s->op) {
	case SHAPE_LINK:
		take_link(to, post, cut);
		return true;
	case SHAPE_SET:
		*(bool *)to = true;
		return true;
	default:
		break;
	}
	if (!take_word(laid, s, w, &text))
		return false;
	switch (s->op) {
	case SHAPE_PART:
		*(struct slice *)to = text;
		return true;
	case SHAPE_ID: /* of digits: as a number is written */
		*(struct slice *)to = text;
		return text.len == 1 || *text.data != '0';
	case SHAPE_TIME:
		return take_time(s, w, text, to);
	case SHAPE_ADD:
		decode_field_add(to, text, cut);
		return true;
	case SHAPE_FIRST:
		if (((struct slice *)to)->data == NULL)
			*(struct slice *)to = text;
		return true;
	default:
		UNREACHABLE("a step of a stencil");
	}
}

static inline void
put_fixed(const struct json_laid *laid, const struct stencil_step *s,
    struct slice *to)
{
	to->data = laid->base[s->run] + s->offset;
	to->len = s->len;
}

static bool
take_all(const struct json_laid *laid, struct json_walk *w,
    struct post *post, void *own, bool *cut)
{
	const struct stencil_steps *steps = &laid->stencil->parts[laid->part];
	const struct stencil_step *s = steps->steps;
	const struct stencil_step *posts = s + steps->posts;
	const struct stencil_step *fixed = s + steps->fixed;
	const struct stencil_step *words = s + steps->words;
	const struct stencil_step *counts = s + steps->counts;
	const struct stencil_step *end = s + steps->count;
	char *const homes[2] = {(char *)post, own};

	for (; s < posts; s++)
		put_fixed(laid, s, (void *)(homes[0] + s->to));
	for (; s < fixed; s++)
		put_fixed(laid, s, (void *)(homes[1] + s->to));
	for (; s < words; s++)
		if (!take_word(laid, s, w, (void *)(homes[s->own] + s->to)))
			return false;
	for (; s < counts; s++) {
		struct slice text;

		take_word(laid, s, w, &text);
		if (!json_unescape_small(
			text, (void *)(homes[s->own] + s->to)))
			return false;
	}
	for (; s < end; s++)
		if (!take_other(
			laid, s, w, homes[s->own] + s->to, post, cut))
			return false;
	return true;
}

bool
json_stencil_read(const struct json_laid *laid, struct json_walk *w,
    struct post *post, void *own, bool *cut)
{
	if (take_all(laid, w, post, own, cut))
		return true;
	/* The walk stands nowhere: whoever laid it reads the line anew. */
	w->result = DECODE_BAD_JSON;
	return false;
}

/* Escapes may be bad, and numbers written as none is. */
bool
json_stencil_glance(struct json_laid *laid)
{
	const struct json_stencil *stencil = laid->stencil;
	bool good = stencil->glance;

	for (uint32_t i = 0; good && i < stencil->doubts_count; i++) {
		const struct stencil_step *s = &stencil->doubts[i];
		const char *p = s->open ? laid->open[s->run].data
					: laid->base[s->run] + s->offset;
		size_t len = s->open ? laid->open[s->run].len : s->len;

		if (s->digits)
			good = len == 1 || (*p != '0' && len <= 16);
		else
			good = !laid->escaped[s->run];
	}
	if (good)
		laid->part = LAID_EARLY;
	return good;
}

bool
json_stencil_name(struct json_laid *laid)
{
	if (laid->stencil->parts[LAID_NAME].count == 0)
		return false;
	laid->part = LAID_NAME;
	return true;
}
