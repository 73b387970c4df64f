/*
 * One life of an engine with state, for tests: a judge, a journal and a
 * state_dir on a disk that may die.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_ENGINE_STATE_BED_H
#define TESTS_UNIT_ENGINE_STATE_BED_H

#include <stdio.h>
#include <unistd.h>

#include "engine/state/state_parts.h"
#include "tests/unit/engine/dying_disk.h"
#include "tests/unit/engine/posts.h"

/* One life of the engine. */
struct life {
	struct dying dying;
	struct disk disk;
	int64_t now_ms;
	struct counters counters;
	struct state *state;
	struct journal *journal;
	struct judge *judge;
};

static inline void
on_alert(void *self, struct alert *a, uint64_t ruleset)
{
	struct life *l = self;
	struct buf note = {0};

	if (a->seq >= state_told(l->state)) {
		alert_encode(a, ruleset, NULL);
		alert_note(a, &note);
		journal_put(l->journal, "alert", buf_slice(&a->json),
		    buf_slice(&note));
		buf_fini(&note);
	}
	alert_unref(a);
}

static inline bool
life_begin(struct life *l, const char *folder, int64_t left, uint64_t seed)
{
	static const unsigned char key[PSEUDONYM_KEY_BYTES] = {7};
	struct state_options o = {.folder = folder, .disk = &l->disk,
	    .counters = &l->counters, .key = key};
	struct judge_options options = {.counters = &l->counters,
	    .on_alert = on_alert, .self = l};
	struct err err;

	memset(l, 0, sizeof(*l));
	l->dying.real = disk_system();
	l->dying.left = left;
	rand_seed(&l->dying.rand, seed);
	l->disk = (struct disk){dying_write, dying_sync, dying_cut,
	    dying_rename, dying_remove, &l->dying};
	o.clock = clock_fixed(&l->now_ms);
	l->state = state_open(&o, &err);
	if (l->state == NULL)
		return false;
	density_defaults(&options.density);
	state_judge(l->state, &options);
	l->judge = judge_new(&options);
	l->journal = journal_new(4096, 1 << 20, &l->counters);
	state_journal(l->state, l->journal);
	if (state_load(l->state, l->judge, &err) < 0)
		fail_msg("%s", err.text);
	judge_catalogue(l->judge, &posts_catalogue);
	if (state_rehear(l->state, l->judge, &err) < 0)
		fail_msg("%s", err.text);
	return true;
}

static inline void
life_end(struct life *l)
{
	judge_free(l->judge);
	journal_free(l->journal);
	state_close(l->state);
}

static inline char *
new_folder(char *path)
{
	const char *base = getenv("TMPDIR");

	snprintf(path, 200, "%s/vigie-state-XXXXXX",
	    base != NULL ? base : "/tmp");
	assert_non_null(mkdtemp(path));
	return path;
}

static inline void
drop_folder(const char *path)
{
	char command[300];

	snprintf(command, sizeof(command), "rm -rf '%s'", path);
	assert_int_equal(system(command), 0);
}

static inline bool
holds(const char *folder, const char *what)
{
	char command[400];

	snprintf(command, sizeof(command), "grep -rqaF '%s' '%s'", what,
	    folder);
	return system(command) == 0;
}

#endif
