/*
 * Cutting a stencil from a line that was read by its shape.
 *
 * A value has the length of that line until a line of the shape comes in
 * which it has another; from then on it may have any.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "connectors/json_stencil_parts.h"

/* Where the value at a place came to stand. */
struct spot {
	uint16_t run, offset, len;
	bool open;
};

struct cutter {
	struct json_stencil *stencil;
	const struct json_shape *shape;
	const char *bytes;
	const uint32_t *places;
	const unsigned char *kinds;
	const struct json_glance *glance; /* or NULL */
	uint32_t run, blocks;
	bool full;
	struct spot spots[STENCIL_PLACES_MAX];
};

static void
put_byte(struct cutter *c, unsigned low, unsigned span)
{
	struct stencil_run *run = &c->stencil->runs[c->run];
	uint32_t block = run->block + run->bytes / 64u, at = run->bytes % 64u;

	if (block >= STENCIL_BLOCKS_MAX) {
		c->full = true;
		return;
	}
	c->stencil->blocks[block].low[at] = (unsigned char)low;
	c->stencil->blocks[block].span[at] = (unsigned char)span;
	if (span == SPAN_TEXT)
		c->stencil->text[block] |= UINT64_C(1) << at;
	run->bytes++;
	run->blocks = (uint16_t)(block + 1 - run->block);
	c->blocks = block + 1;
}

static void
put_given(struct cutter *c, uint32_t from, uint32_t to)
{
	for (; from < to; from++)
		put_byte(c, (unsigned char)c->bytes[from], SPAN_GIVEN);
}

/* The run ends here; behind it stands what may have any length. */
static void
end_run(struct cutter *c, enum stencil_open open)
{
	c->stencil->runs[c->run].open = (uint8_t)open;
	if (open == OPEN_NONE)
		return;
	if (++c->run == STENCIL_RUNS_MAX) {
		c->full = true;
		c->run--;
	}
	c->stencil->runs[c->run] =
	    (struct stencil_run){.block = (uint16_t)c->blocks};
}

static bool
is_plain(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((signed char)text.data[i] < 0x20 || text.data[i] == '\\')
			return false;
	return true;
}

static const struct shape_step *
step_at(const struct cutter *c, uint32_t place)
{
	for (uint32_t i = 0; i < c->shape->steps_count; i++)
		if (c->shape->steps[i].at == place)
			return &c->shape->steps[i];
	return NULL;
}

static bool
is_text(const struct cutter *c, uint32_t place)
{
	const struct shape_step *s = step_at(c, place);

	return s != NULL && s->op == SHAPE_TEXT;
}

static bool
is_among(const struct json_shape_key *keys, bool own, uint32_t to)
{
	for (; keys->name != NULL; keys++)
		if (keys->own == own && keys->to == to)
			return true;
	return false;
}

static uint32_t
hash_of(struct slice text)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.data[i]) * 16777619u;
	return hash | 1;
}

/* Whether the word at place ${i} is what a glance wants fixed, and has been
 * ${text} on all lines that were met. */
static bool
is_fixed(struct cutter *c, uint32_t i, struct slice text)
{
	struct json_stencil *s = c->stencil;
	const struct shape_step *step = step_at(c, i);

	if (c->glance == NULL || step == NULL ||
	    !is_among(c->glance->fixed, step->own, step->to))
		return false;
	s->varies[i] |= s->words[i] != 0 && s->words[i] != hash_of(text);
	s->words[i] = hash_of(text);
	if (s->varies[i] || s->open[i])
		s->glance = false;
	return !s->varies[i];
}

/* The value of place ${i}: ${text}, and behind it all up to the next place. */
static void
put_value(struct cutter *c, uint32_t i, struct slice text,
    enum stencil_open sort)
{
	struct json_stencil *s = c->stencil;
	struct stencil_run *run = &s->runs[c->run];
	uint32_t behind = (uint32_t)(text.data - c->bytes) + (uint32_t)text.len;
	bool fixed;

	if (s->lens[i] != UINT16_MAX && s->lens[i] != text.len)
		s->open[i] = true;
	s->lens[i] = text.len < UINT16_MAX ? (uint16_t)text.len
					   : UINT16_MAX - 1;
	if (sort == OPEN_STRING && (!is_plain(text) || is_text(c, i)))
		s->open[i] = true;
	c->spots[i] = (struct spot){
	    (uint16_t)c->run, run->bytes, s->lens[i], s->open[i]};
	if (s->open[i])
		end_run(c, sort);
	fixed = sort == OPEN_STRING && is_fixed(c, i, text);
	for (size_t k = 0; !s->open[i] && k < text.len; k++) {
		if (fixed)
			put_byte(c, (unsigned char)text.data[k], SPAN_GIVEN);
		else if (sort == OPEN_STRING)
			put_byte(c, ' ', SPAN_TEXT);
		else
			put_byte(c, '0', SPAN_DIGIT);
	}
	put_given(c, behind, c->places[i + 1]);
}

static void
put_place(struct cutter *c, uint32_t i)
{
	uint32_t place = c->places[i], next = c->places[i + 1];
	struct slice text;

	if (c->kinds[i] == JSON_STRING && c->kinds[i + 1] != JSON_COLON) {
		text = json_walk_between(c->bytes, place, next);
		put_given(c, place, place + 1);
		put_value(c, i, text, OPEN_STRING);
	} else if (c->kinds[i] == JSON_NUMBER) {
		text = (struct slice){c->bytes + place, 0};
		while ((unsigned char)(text.data[text.len] - '0') <= 9)
			text.len++;
		if (text.len > 0)
			put_value(c, i, text, OPEN_DIGITS);
		else
			put_given(c, place, next);
	} else {
		put_given(c, place, next);
	}
}

/*
 * The step of a shape as one of the stencil; false: what it does is not done
 * here.  ${none}: it does nothing, as the field stays not said.
 */
static bool
turn_step(const struct cutter *c, const struct shape_step *from,
    struct stencil_step *to, bool *none)
{
	const struct spot *spot = &c->spots[from->at];
	enum json_kind kind = (enum json_kind)c->kinds[from->at];

	*to = (struct stencil_step){.to = from->to,
	    .offset = spot->offset,
	    .len = spot->len,
	    .run = (uint8_t)spot->run,
	    .op = from->op,
	    .own = from->own,
	    .open = spot->open,
	    .digits = kind == JSON_NUMBER};
	*none = kind == JSON_NULL && !from->own;
	switch (from->op) {
	case SHAPE_SET:
	case SHAPE_LINK:
		*none = false;
		return true;
	case SHAPE_WORD:
	case SHAPE_TEXT:
	case SHAPE_PART:
	case SHAPE_ADD:
	case SHAPE_FIRST:
		return kind == JSON_STRING || *none;
	case SHAPE_ID:
	case SHAPE_NAME:
		if (kind == JSON_NUMBER)
			to->op = SHAPE_ID;
		return kind == JSON_STRING || kind == JSON_NUMBER || *none;
	case SHAPE_TIME:
		return kind == JSON_STRING || kind == JSON_NUMBER || *none;
	case SHAPE_COUNT:
		return kind == JSON_NUMBER || *none;
	case SHAPE_FLAG:
		*none = kind == JSON_NULL || kind == JSON_FALSE;
		to->op = SHAPE_SET;
		return kind == JSON_TRUE || *none;
	case SHAPE_CHECK:
		*none = true;
		return kind != JSON_NUMBER;
	default:
		return false;
	}
}

/* In which order steps are done. */
static unsigned
group(const struct stencil_step *s)
{
	switch (s->op) {
	case SHAPE_WORD:
	case SHAPE_TEXT:
	case SHAPE_NAME:
		return s->open ? 2 : s->own;
	case SHAPE_ID:
		return s->digits ? 4 : s->open ? 2 : s->own;
	case SHAPE_COUNT:
		return 3;
	default:
		return 4;
	}
}

/* Adds ${step}, the last of its group ${g}. */
static void
add_step(struct stencil_steps *to, const struct stencil_step *step, unsigned g)
{
	to->steps[to->count++] = *step;
	to->posts = g < 1 ? to->count : to->posts;
	to->fixed = g < 2 ? to->count : to->fixed;
	to->words = g < 3 ? to->count : to->words;
	to->counts = g < 4 ? to->count : to->counts;
}

/* Of a step that is not early: whether it may fail. */
static bool
is_doubtful(const struct stencil_step *s)
{
	return s->op != SHAPE_SET && s->op != SHAPE_LINK &&
	    (s->digits || s->open);
}

/* Where it is read besides LAID_ALL. */
static void
put_step(struct cutter *c, const struct stencil_step *step, unsigned g)
{
	struct json_stencil *s = c->stencil;

	if (is_among(c->glance->early, step->own, step->to))
		add_step(&s->parts[LAID_EARLY], step, g);
	else if (is_doubtful(step))
		s->doubts[s->doubts_count++] = *step;
	if (is_among(c->glance->name, step->own, step->to))
		add_step(&s->parts[LAID_NAME], step, g);
}

static bool
put_steps(struct cutter *c)
{
	struct json_stencil *s = c->stencil;
	const struct json_shape *shape = c->shape;

	memset(s->parts, 0, sizeof(s->parts));
	s->doubts_count = 0;
	if (shape->steps_count > STENCIL_STEPS_MAX)
		return false;
	for (unsigned g = 0; g < 5; g++) {
		for (uint32_t i = 0; i < shape->steps_count; i++) {
			struct stencil_step step;
			bool none;

			if (!turn_step(c, &shape->steps[i], &step, &none))
				return false;
			if (none || group(&step) != g)
				continue;
			add_step(&s->parts[LAID_ALL], &step, g);
			if (s->glance)
				put_step(c, &step, g);
		}
	}
	return true;
}

static bool
cut_line(struct cutter *c, uint32_t from)
{
	struct json_stencil *s = c->stencil;
	uint32_t last = c->shape->places - 1;

	memset(s->blocks, 0, sizeof(s->blocks));
	for (unsigned i = 0; i < STENCIL_BLOCKS_MAX; i++)
		memset(s->blocks[i].span, SPAN_ANY, sizeof(s->blocks[i].span));
	memset(s->text, 0, sizeof(s->text));
	s->runs[0] = (struct stencil_run){0};
	put_given(c, from, c->places[0]);
	for (uint32_t i = 0; i < last; i++)
		put_place(c, i);
	put_given(c, c->places[last], c->places[last] + 1);
	end_run(c, OPEN_NONE);
	return !c->full && put_steps(c);
}

static struct json_stencil *
stencil_for(struct json_stencils *stencils, const struct json_shape *shape)
{
	struct json_stencil *s;

	for (uint32_t i = 0; i < STENCIL_WAYS; i++) {
		s = &stencils->stencils[i];
		if (s->shape == shape && s->serial == shape->serial)
			return s;
	}
	s = &stencils->stencils[stencils->turn++ % STENCIL_WAYS];
	s->shape = shape;
	s->serial = shape->serial;
	s->asked = shape->asked;
	s->format = shape->format;
	s->refused = false;
	memset(s->open, 0, sizeof(s->open));
	memset(s->lens, 0xff, sizeof(s->lens)); /* none was met */
	memset(s->words, 0, sizeof(s->words));
	memset(s->varies, 0, sizeof(s->varies));
	return s;
}

void
json_stencil_learn(struct json_stencils *stencils,
    const struct json_shape *shape, const struct json_walk *w, uint32_t at,
    uint32_t from, const struct json_glance *glance, bool post)
{
	struct cutter c = {.shape = shape,
	    .bytes = w->bytes,
	    .places = w->places + at,
	    .kinds = w->kinds + at,
	    .glance = glance};

	if (shape->places > STENCIL_PLACES_MAX ||
	    c.places[shape->places - 1] >= w->len)
		return; /* too much of it, or no line feed */
	c.stencil = stencil_for(stencils, shape);
	c.stencil->glance = glance != NULL && post;
	if (!c.stencil->refused)
		c.stencil->refused = !cut_line(&c, from);
}
