/*
 * vigie run: watch live sources.  Without sources: NDJSON on stdin; without
 * sinks: alerts on stdout.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "connectors/connectors.h"
#include "connectors/decode.h"
#include "engine/service.h"

int
cmd_run(struct options *o)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct setup setup;
	int rc;

	if (o->clock != NULL && strcmp(o->clock, "wall") &&
	    strcmp(o->clock, "posts")) {
		fprintf(stderr, "vigie run: --clock is wall or posts\n");
		return EXIT_MISUSE;
	}
	rc = setup_load(&setup, o, &types);

	if (rc == 0) {
		const struct service_options options = {&setup, o, &types,
		    &decode_auto, clock_wall(),
		    o->clock != NULL && !strcmp(o->clock, "posts")};

		if (setup.config->sources_count == 0)
			config_add_source(
			    setup.config, connectors_source("stdin"));
		if (setup.config->sinks_count == 0)
			config_add_sink(
			    setup.config, connectors_sink("stdout"));
		rc = service_run(&options);
	}
	setup_free(&setup);
	return rc;
}
