/*
 * The words, numbers, dates and delays of a report, as French and English
 * write them; report.def has the sentences.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_REPORT_WORDS_H
#define ENGINE_REPORT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/buf.h"
#include "engine/base/zone.h"

#define N "\302\240"

enum report_phrase {
#define PHRASE(name, fr, en) SAY_##name,
#include "engine/report/report.def"
	SAY_PHRASES
};

enum report_plural {
#define PLURAL(name, fr_one, fr_many, en_one, en_many) MANY_##name,
#include "engine/report/report.def"
	MANY_PLURALS
};

/* How to speak: language, and whose clocks. */
struct report_tongue {
	bool french;
	const struct zone *zone;
};

/** report_phrase(t, phrase): as it stands, with its %1. */
const char *report_phrase(const struct report_tongue *t,
    enum report_phrase phrase);

/** report_say(out, t, phrase, args): append it, %1 to %9 replaced. */
void report_say(struct buf *out, const struct report_tongue *t,
    enum report_phrase phrase, const char *const *args);

/** report_many(out, t, plural, n): %1 is ${n}; French takes the singular for
 * 0 and 1, English for 1 alone. */
void report_many(struct buf *out, const struct report_tongue *t,
    enum report_plural plural, int64_t n);

/** report_count(out, t, n): "12 411", "12,411".  report_tenths: "7,7". */
void report_count(struct buf *out, const struct report_tongue *t, int64_t n);
void report_tenths(struct buf *out, const struct report_tongue *t,
    int64_t micro);

/** report_date(out, t, ms, reference_ms): "17 mars 2010, 11 h 37", "17
 * March 2010, 11:37"; the year only where it is another than that of
 * ${reference_ms} (TIME_NONE: always).  report_hour: "11 h 37", "11:37";
 * report_day: "17 mars", "17 March". */
void report_date(struct buf *out, const struct report_tongue *t, int64_t ms,
    int64_t reference_ms);
void report_hour(struct buf *out, const struct report_tongue *t, int64_t ms);
void report_day(struct buf *out, const struct report_tongue *t, int64_t ms);

/** report_delay(out, t, ms): "12 minutes", "3 heures 20 minutes", "2 jours":
 * as exact as people say it. */
void report_delay(struct buf *out, const struct report_tongue *t, int64_t ms);

/** report_listed(out, t, count, i): what stands between item ${i} and the one
 * before: a comma, or "and" before the last. */
void report_listed(struct buf *out, const struct report_tongue *t,
    uint32_t count, uint32_t i);

#endif
