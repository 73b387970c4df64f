/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cmd_state.h"

#include <stdio.h>

#include "engine/base/limits.h"

#define NORMS_GAP_MS 1000

static bool
fail(struct cmd_state *c)
{
	if (!c->failed)
		fprintf(stderr, "vigie %s: %s\n", c->command, c->err.text);
	c->failed = true;
	return false;
}

bool
cmd_state_open(struct cmd_state *c, const char *command, const char *folder,
    const struct setup *setup, struct counters *counters)
{
	unsigned char key[EVIDENCE_KEY_BYTES];
	struct state_options o = {.folder = folder, .clock = clock_wall(),
	    .counters = counters, .norms_gap_ms = NORMS_GAP_MS};

	*c = (struct cmd_state){.command = command};
	if (folder == NULL)
		return true;
	if (setup->config->key != NULL) {
		setup_author_key(setup, true, key);
		o.key = key;
	}
	c->state = state_open(&o, &c->err);
	if (c->state == NULL)
		return fail(c);
	c->journal = journal_new(JOURNAL_ENTRIES_MAX, JOURNAL_BYTES_MAX,
	    counters);
	state_journal(c->state, c->journal);
	return true;
}

bool
cmd_state_resume(struct cmd_state *c, struct judge *judge,
    const struct ruleset *rules)
{
	if (c->state != NULL && state_load(c->state, judge, &c->err) < 0)
		return fail(c);
	judge_rules(judge, rules);
	if (c->state != NULL && state_rehear(c->state, judge, &c->err) < 0)
		return fail(c);
	return true;
}

bool
cmd_state_alert(struct cmd_state *c, const struct alert *alert)
{
	struct buf note = {0};

	if (c->state == NULL)
		return true;
	if (alert->seq < state_told(c->state))
		return false;
	alert_note(alert, &note);
	journal_put(c->journal, "alert", buf_slice(&alert->json),
	    buf_slice(&note));
	buf_fini(&note);
	return true;
}

void
cmd_state_write(struct cmd_state *c, const struct judge *judge, bool last)
{
	if (c->state == NULL || c->failed)
		return;
	state_batch(c->state, judge, last);
	if (state_flush(c->state, NULL, &c->err) != 0)
		fail(c);
}

bool
cmd_state_close(struct cmd_state *c)
{
	journal_free(c->journal);
	state_close(c->state);
	return !c->failed;
}
