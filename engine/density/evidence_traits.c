/*
 * What most of the evidence has in common: for whom an alert is.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/evidence_ring.h"
#include "engine/density/evidence_slots.h"

#define LINE 64u       /* bytes */
#define LINES_SHOWN 4u /* of a post that may be shown: its record */

/* In two rounds, as the first says where those of the second lie. */
void
evidence_all_ahead(const struct evidence *e)
{
	const char *cells = (const char *)e->cells;

	for (size_t at = 0; at < e->cells_count * sizeof(*e->cells); at += LINE)
		__builtin_prefetch(cells + at);
	for (unsigned i = 0; i < EVIDENCE_DEPTH; i++)
		if (e->latest_at[i] != 0)
			evidence_ring_spot_ahead(e->ring, e->latest_at[i]);
	for (unsigned i = 0; i < e->cells_count; i++)
		if (e->in_ring & 1u << i)
			evidence_ring_spot_ahead(e->ring, e->cell_at[i]);
	for (unsigned i = 0; i < EVIDENCE_DEPTH; i++)
		if (e->latest_at[i] != 0)
			evidence_ring_ahead(e->ring, e->latest_at[i]);
	for (unsigned i = 0; i < e->cells_count; i++) {
		const char *kept = (const char *)e->cells[i].kept;

		if (e->in_ring & 1u << i)
			evidence_ring_ahead(e->ring, e->cell_at[i]);
		else if (!(e->free & 1u << i))
			for (unsigned k = 0; k < LINES_SHOWN; k++)
				__builtin_prefetch(kept + k * LINE);
	}
}

/* Each post once, in order of time: the first of equals wins. */
struct posts {
	const struct kept *kept[EVIDENCE_SLOTS];
	int64_t t_ms[EVIDENCE_SLOTS];
	unsigned count;
};

static void
take(struct posts *p, const struct view *v)
{
	unsigned at = p->count;

	for (unsigned i = 0; i < p->count; i++)
		if (p->kept[i] == v->kept)
			return;
	for (; at > 0 && p->t_ms[at - 1] > v->t_ms; at--) {
		p->kept[at] = p->kept[at - 1];
		p->t_ms[at] = p->t_ms[at - 1];
	}
	p->kept[at] = v->kept;
	p->t_ms[at] = v->t_ms;
	p->count++;
}

static struct slice
source_of(const struct kept *kept)
{
	return (struct slice){
	    kept->text + kept->record.source.at, kept->record.source.len};
}

static uint32_t
language_of(const struct kept *kept)
{
	return kept->record.language;
}

static uint32_t
country_of(const struct kept *kept)
{
	return kept->record.country;
}

static uint32_t
most_code(const struct posts *p, uint32_t (*of)(const struct kept *kept))
{
	uint32_t best = 0;
	unsigned best_count = 0;

	for (unsigned i = 0; i < p->count; i++) {
		uint32_t code = of(p->kept[i]);
		unsigned count = 0;

		for (unsigned k = 0; k < p->count; k++)
			count += of(p->kept[k]) == code;
		if (code != 0 && count > best_count) {
			best = code;
			best_count = count;
		}
	}
	return best;
}

static struct slice
most_source(const struct posts *p)
{
	struct slice best = SLICE_NONE;
	unsigned best_count = 0;

	for (unsigned i = 0; i < p->count; i++) {
		struct slice source = source_of(p->kept[i]);
		unsigned count = 0;

		for (unsigned k = 0; k < p->count; k++)
			count += slice_equal(source_of(p->kept[k]), source);
		if (source.len > 0 && count > best_count) {
			best = source;
			best_count = count;
		}
	}
	return best;
}

struct evidence_traits
evidence_traits(const struct evidence *e, int64_t minute)
{
	struct evidence_traits traits = {.source = SLICE_NONE};
	struct posts posts = {.count = 0};

	if (e == NULL)
		return traits;
	for (unsigned slot = 0; slot < EVIDENCE_SLOTS; slot++) {
		struct view v = evidence_view(e, slot);

		if (v.kept != NULL && (slot == EVIDENCE_PINNED ||
			!evidence_is_old(v.t_ms, minute)))
			take(&posts, &v);
	}
	record_code_text(most_code(&posts, language_of), traits.lang);
	record_code_text(most_code(&posts, country_of), traits.country);
	traits.source = most_source(&posts);
	return traits;
}
