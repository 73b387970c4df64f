/*
 * What to do, and what may be said: playbooks per topic and level, and the
 * statements that somebody has approved beforehand.
 *
 *	common: {charter: [{fr: …, en: …}]}
 *	playbooks:
 *	  product-safety:
 *	    name: {fr: Sécurité d'un produit, en: Safety of a product}
 *	    topics: [food-safety, unsafe-product]
 *	    never: [{fr: …, en: …}]
 *	    levels:
 *	      - {level: 1..2, steps: [{fr: …, en: …}]}
 *	      - {level: 3..4, steps: […], statements: [safety-holding]}
 *	statements:
 *	  safety-holding: {fr: …, en: …, approved_by: C., approved: 2026-03-02}
 *
 * Several files make one set; ids are unique in it.  playbooks_attach chooses
 * in event time, so that a replay attaches the same.
 * Thread: reading at the start and at a reload, the rest on the loop.
 * Owns: all texts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_PLAYBOOKS_H
#define ENGINE_PLAYBOOKS_H

#include "engine/alert.h"
#include "engine/base/arena.h"
#include "engine/base/yaml.h"

#define PLAYBOOK_LEVELS 4

struct playbook_text {
	const char *fr, *en;
};

struct playbook_lines {
	struct playbook_text *items;
	size_t count;
};

struct playbook_statement {
	const char *id;
	struct playbook_text text; /* {brand} stands for the brand's name */
	const char *approved_by;   /* NULL: a draft */
	const char *approved, *expires; /* as written, 2026-03-02, or NULL */
	int64_t expires_ms; /* the end of that day, UTC; or TIME_NONE */
	struct place place;
};

/* Ids that a file names, each where it stands. */
struct playbook_names {
	struct playbook_name {
		const char *id;
		struct place place;
	} *items;
	size_t count;
	bool all; /* "*" */
};

struct playbook_stage {
	uint8_t from, to; /* levels */
	struct playbook_lines steps;
	struct playbook_names statements;
	struct place place;
};

struct playbook {
	const char *id;
	struct playbook_text name;
	struct playbook_names topics, kinds, statements;
	struct playbook_lines never, charter;
	struct playbook_stage *stages;
	size_t stages_count;
	struct place place;
};

struct playbooks {
	struct arena *arena;
	struct playbook *items; /* in the order of the files */
	size_t count, room;
	struct playbook_statement *statements;
	size_t statements_count, statements_room;
	struct playbook_lines never, charter; /* common: to all of them */
};

struct playbooks *playbooks_new(void);
void playbooks_free(struct playbooks *p);

/** playbooks_load(p, path, diag): what ${path} holds, added to ${p}; false
 * when ${diag} got an error. */
bool playbooks_load(struct playbooks *p, const char *path, struct diag *diag);

/** playbooks_check(p, diag): after the last file: statements that are named
 * and not there.  False when there is one. */
bool playbooks_check(const struct playbooks *p, struct diag *diag);

/** playbooks_doubts(p, now_ms, topic_known, self, diag): for vigie check:
 * warn of statements that have expired or do so within 30 days, and of topics
 * that are probably misspelt: topic_known(self, topic, help) is asked for
 * each and fills ${help} where it knows a near one; NULL: not asked. */
void playbooks_doubts(const struct playbooks *p, int64_t now_ms,
    bool (*topic_known)(void *self, const char *topic, struct buf *help),
    void *self, struct diag *diag);

/** playbooks_statement(p, id): or NULL. */
const struct playbook_statement *playbooks_statement(
    const struct playbooks *p, const char *id);

/**
 * playbooks_pick(p, alert, &stage): the playbook of an alert and its part for
 * the level, or NULL: the first that names the alert's kind; else, topic by
 * topic, the first that names it; else the first with "*".
 */
const struct playbook *playbooks_pick(const struct playbooks *p,
    const struct alert *alert, const struct playbook_stage **stage);

/** playbooks_attach(p, alert): write alert->playbook, and its first step into
 * the line "Do:" of the text; before alert_encode.  ${p} NULL: nothing. */
void playbooks_attach(const struct playbooks *p, struct alert *alert);

#endif
