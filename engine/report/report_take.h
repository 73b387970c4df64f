/*
 * What the files of report_take share: one entry, member by member.
 *
 * Thread: one at a time.  Owns: the texts of the entry, in buf's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_REPORT_TAKE_H
#define ENGINE_REPORT_TAKE_H

#include "engine/leaves.h"
#include "engine/report/report.h"

#define ENTRY_TEAMS 64u
#define ENTRY_SOURCES 64u

/* Indices of entry->texts and ->numbers: members of any of the kinds. */
enum entry_text {
	T_ID, T_ALERT, T_KIND, T_SUBJECT, T_SECTOR, T_BRAND, T_TOPIC,
	T_BRAND_NAME, T_TOPIC_FR, T_TOPIC_EN, T_MINUTE, T_FIRST, T_OWNER,
	T_DEPUTY, T_ANSWER_BY, T_SENTENCE_FR, T_SENTENCE_EN, T_RARE_FR,
	T_RARE_EN, T_STEP_FR, T_STEP_EN, T_AT, T_FROM, T_TO, T_TEAM, T_BY,
	T_WHY, T_DO, T_UNTIL, T_STATEMENT, T_NOTE, T_MAIN_TOPIC, T_DEPARTMENT,
	T_LANG, T_COUNTRY, T_REASON, T_QUOTE, T_WORD,
	T_TEXTS = T_WORD + REPORT_WORDS,
};

enum entry_number {
	N_REV, N_LEVEL, N_DENSITY, N_HARM, N_VOICES, N_EXPECTED, N_AUTHORS,
	N_POSTS, N_HARMFUL_POSTS, N_LEARNING, N_COORDINATED, N_UNACTED,
	N_MATCHED, N_HARMFUL, N_PAUSED, N_SOURCE_ERRORS, N_LATE, N_WAITING,
	N_BAD, N_NUMBERS = N_BAD + REPORT_REASONS,
};

struct entry {
	struct buf texts[T_TEXTS]; /* with a NUL behind; len 0: null */
	int64_t numbers[N_NUMBERS];
	bool given[N_NUMBERS];
	struct arena *arena; /* of the report */
	const char *teams[ENTRY_TEAMS];
	uint32_t teams_count;
	struct report_source sources[ENTRY_SOURCES];
	uint32_t sources_count;
	uint32_t rules, words; /* read so far */
	bool rule_worded;
	int64_t quote_harm, post_harm;
	bool bad_lines; /* it is a "health" entry */
	bool match;     /* it is a "silence" entry */
};

/** entry_read(e, json): false when ${json} is no object of ours. */
bool report_entry_read(struct entry *e, struct slice json);
void report_entry_clear(struct entry *e);

/** report_text(r, e, which): a copy that lasts, or NULL where there is none;
 * report_time: TIME_NONE then. */
const char *report_text(struct report *r, const struct entry *e,
    enum entry_text which);
int64_t report_time(const struct entry *e, enum entry_text which);

/** report_take_life(r, e), report_take_notice, report_take_health: one entry
 * of that kind. */
void report_take_life(struct report *r, const struct entry *e);
void report_take_notice(struct report *r, const struct entry *e);
void report_take_health(struct report *r, const struct entry *e);

/** report_take_silence(r, json, at_ms): somebody asked for a silence, or
 * lifted it. */
void report_take_silence(struct report *r, struct slice json, int64_t at_ms);

#endif
