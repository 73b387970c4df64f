/*
 * vigie replay: judge recorded posts in their own time; what the engine would
 * have said, as JSON lines or for a person's eyes.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/connectors.h"
#include "engine/cmd_judge.h"

int
cmd_replay(struct options *o)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct cmd_judge run = {0};
	struct setup setup;
	int rc;

	cmd_inputs_start(&run.in, o);
	rc = setup_load(&setup, o, &types);
	run.setup = &setup;
	if (rc == 0 && !cmd_judge_view(&run, o->view, o->lang))
		rc = EXIT_MISUSE;
	if (rc == 0) {
		rc = cmd_judge_open(&run) ? cmd_inputs_read(&run.in) : -1;
		rc = cmd_judge_close(&run, rc);
	}
	setup_free(&setup);
	return rc;
}
