/*
 * The engine as a service: sources, pipeline, judge and dispatch on one loop.
 *
 * Sources feed the pipeline, its batches the judge, whose alerts dispatch
 * gives to the sinks.  Full outboxes stop the collection, which pauses the
 * sources: nothing is lost, memory stays bounded.
 * It ends when every source has ended, or at SIGTERM or SIGINT: sources are
 * closed, batches drained, outboxes delivered for SHUTDOWN_MS_MAX; a second
 * signal leaves at once.
 * Rules and organisation are loaded anew at SIGHUP, by vigie ctl, and with
 * watch: when a file changes; a batch is judged by the set that ran when it
 * was submitted.
 * Thread: main; service_run returns when all is over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SERVICE_H
#define ENGINE_SERVICE_H

#include "engine/decoder.h"
#include "engine/setup.h"

struct service_options {
	struct setup *setup; /* rules, organisation, sources are taken over */
	const struct options *options;    /* to load them anew */
	const struct config_types *types; /* the same */
	const struct decoder *decoder;
	struct clock clock;
	bool posts_time; /* as replay: the posts' own, for drills */
};

/**
 * service_run(o): run to the end.  Takes the sources of the configuration
 * over.  Returns EXIT_DONE, or EXIT_FOUND when a source or sink refused to
 * open or messages could not be delivered before the deadline.
 */
int service_run(const struct service_options *o);

#endif
