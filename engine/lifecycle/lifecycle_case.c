/*
 * One alert's case: its texts, its sets of teams, its bytes.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/lifecycle/lifecycle_parts.h"

#define VERSION 1u

void
lifecycle_slice(char **to, struct slice text)
{
	char *copy = NULL;

	if (text.data != NULL) {
		copy = must_alloc(text.len + 1);
		if (text.len > 0)
			memcpy(copy, text.data, text.len);
		copy[text.len] = '\0';
	}
	free(*to);
	*to = copy;
}

void
lifecycle_text(char **to, const char *text)
{
	lifecycle_slice(to, slice_of(text));
}

bool
lifecycle_set_has(const struct lifecycle_set *set, struct slice id)
{
	for (uint32_t i = 0; i < set->count; i++)
		if (slice_is(id, set->ids[i]))
			return true;
	return false;
}

void
lifecycle_set_put(
    struct lifecycle_set *set, const char *id, const char *channel)
{
	uint32_t n = set->count;

	if (id == NULL || n == LIFECYCLE_TEAMS_MAX ||
	    lifecycle_set_has(set, slice_of(id)))
		return;
	set->ids = must_grow(set->ids, (n + 1) * sizeof(char *));
	set->channels = must_grow(set->channels, (n + 1) * sizeof(char *));
	set->ids[n] = set->channels[n] = NULL;
	lifecycle_text(&set->ids[n], id);
	lifecycle_text(&set->channels[n], channel);
	set->count++;
}

void
lifecycle_set_clear(struct lifecycle_set *set)
{
	for (uint32_t i = 0; i < set->count; i++) {
		free(set->ids[i]);
		free(set->channels[i]);
	}
	free(set->ids);
	free(set->channels);
	*set = (struct lifecycle_set){0};
}

/* Every text of a case, in the order in which they are packed. */
#define TEXTS(c)                                                               \
	{&(c)->sector, &(c)->brand, &(c)->topic, &(c)->name, &(c)->owner,      \
	    &(c)->by, &(c)->assigned, &(c)->wanted, &(c)->offered,             \
	    &(c)->statement}
#define TIMES(c)                                                               \
	{&(c)->opened_ms, &(c)->since_ms, &(c)->heard_ms, &(c)->window_ms,     \
	    &(c)->answer_by_ms, &(c)->act_by_ms, &(c)->offer_by_ms,            \
	    &(c)->promised_ms, &(c)->promise_ms, &(c)->step_ms,                \
	    &(c)->over_ms, &(c)->remind_ms}
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

void
lifecycle_case_fini(struct lifecycle_case *c)
{
	char **texts[] = TEXTS(c);

	for (size_t i = 0; i < COUNT(texts); i++)
		lifecycle_text(texts[i], NULL);
	lifecycle_set_clear(&c->got);
	lifecycle_set_clear(&c->asked);
}

static void
pack_set(struct buf *out, const struct lifecycle_set *set)
{
	pack_uint(out, set->count);
	for (uint32_t i = 0; i < set->count; i++) {
		pack_word(out, set->ids[i]);
		pack_word(out, set->channels[i]);
	}
}

void
lifecycle_case_pack(const struct lifecycle_case *c, struct buf *out)
{
	char *const *texts[] = TEXTS(c);
	const int64_t *times[] = TIMES(c);

	pack_u8(out, VERSION);
	pack_text(out, slice_of(c->id));
	pack_u8(out, c->level);
	pack_u8(out, c->peak);
	pack_u8(out, c->closed_level);
	pack_u8(out, (uint8_t)c->state);
	pack_u8(out, (uint8_t)(c->warned | c->broken << 1 | c->late << 2 |
			 c->acted << 3));
	pack_uint(out, c->steps);
	pack_uint(out, c->owed);
	for (size_t i = 0; i < COUNT(texts); i++)
		pack_word(out, *texts[i]);
	for (size_t i = 0; i < COUNT(times); i++)
		pack_int(out, *times[i]);
	pack_set(out, &c->got);
	pack_set(out, &c->asked);
}

static void
unpack_set(struct unpack *in, struct lifecycle_set *set)
{
	uint64_t count = unpack_most(in, LIFECYCLE_TEAMS_MAX);

	lifecycle_set_clear(set);
	for (uint64_t i = 0; i < count && !in->bad; i++) {
		char *id = NULL, *channel = NULL;

		lifecycle_slice(&id, unpack_word(in));
		lifecycle_slice(&channel, unpack_word(in));
		lifecycle_set_put(set, id, channel);
		free(id);
		free(channel);
	}
}

bool
lifecycle_case_unpack(struct lifecycle_case *c, struct slice bytes)
{
	struct unpack in = unpack_of(bytes);
	char **texts[] = TEXTS(c);
	int64_t *times[] = TIMES(c);
	struct slice id;
	uint8_t state, flags;

	if (unpack_u8(&in) != VERSION)
		return false;
	id = unpack_text(&in);
	if (in.bad || id.len != sizeof(c->id) - 1)
		return false;
	memcpy(c->id, id.data, id.len);
	c->level = unpack_u8(&in);
	c->peak = unpack_u8(&in);
	c->closed_level = unpack_u8(&in);
	state = unpack_u8(&in);
	flags = unpack_u8(&in);
	if (state >= LIFECYCLE_STATES)
		return false;
	c->state = state;
	c->warned = flags & 1;
	c->broken = flags & 2;
	c->late = flags & 4;
	c->acted = flags & 8;
	c->steps = (uint32_t)unpack_most(&in, UINT32_MAX);
	c->owed = (uint32_t)unpack_most(&in, UINT32_MAX);
	for (size_t i = 0; i < COUNT(texts); i++)
		lifecycle_slice(texts[i], unpack_word(&in));
	for (size_t i = 0; i < COUNT(times); i++)
		*times[i] = unpack_int(&in);
	unpack_set(&in, &c->got);
	unpack_set(&in, &c->asked);
	return unpack_over(&in);
}
