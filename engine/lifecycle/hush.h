/*
 * Silences that somebody asked for while the engine runs: which alerts, who,
 * why, until when.
 *
 * Each is an entry of the journal (kind "silence", docs/ALERTS.md) and known
 * by its number; taking the same entries in the same order gives the same
 * silences.  The same match again takes the place of the one before.
 * Thread: the loop.  Owns: all texts; HUSH_MAX silences, beyond which none is
 * taken.  Never: writes anything.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_HUSH_H
#define ENGINE_HUSH_H

#include "engine/organisation/organisation_plan.h"

struct hush;

/* Texts live as long as the silence. */
struct hush_item {
	uint64_t number; /* of its entry */
	const char *match; /* the JSON that was given, without blanks */
	const char *team, *by, *reason;
	int64_t at_ms, until_ms;
	bool warned; /* that it ends soon was told */
};

struct hush *hush_new(void);
void hush_free(struct hush *h);

/** hush_match(json, out): ${json} without blanks between its pieces; false:
 * it is no match, or one of everything. */
bool hush_match(struct slice json, struct buf *out);

/** hush_find(h, match): the one in force of just that match, or NULL. */
const struct hush_item *hush_find(const struct hush *h, struct slice match);

/** hush_full(h): none more is taken. */
bool hush_full(const struct hush *h);

/** hush_take(h, number, json): an entry; with "until" null it ends the one of
 * its match.  False: damaged, or no room. */
bool hush_take(struct hush *h, uint64_t number, struct slice json);

/** hush_holds(h, o, alert, now_ms): the one that means it then, or NULL. */
const struct hush_item *hush_holds(const struct hush *h,
    const struct organisation *o, const struct alert *alert, int64_t now_ms);

/** hush_near(h, now_ms): one that ends within a quarter of its time, 15
 * minutes at most, and of which that was not told; or NULL. */
const struct hush_item *hush_near(const struct hush *h, int64_t now_ms);

/** hush_warned(h, number): it was told; hush_expire(h, now_ms): those that
 * are over are no more. */
void hush_warned(struct hush *h, uint64_t number);
void hush_expire(struct hush *h, int64_t now_ms);

/** hush_each(h, visit, self): in the order in which they came. */
void hush_each(const struct hush *h,
    void (*visit)(void *self, const struct hush_item *item), void *self);

/** hush_save(h, out), hush_load(h, in): false: damaged, and empty. */
void hush_save(const struct hush *h, struct buf *out);
bool hush_load(struct hush *h, struct slice in);

#endif
