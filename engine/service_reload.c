/*
 * How a running engine gets other rules: what asks for them, and the swap.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <signal.h>

#include "engine/service_parts.h"

static int
on_start(void *self, struct reload_job *job, struct err *err)
{
	struct service *s = self;

	return reload_thread_start(s->loader, job, err);
}

/* Between two turns of the loop: each batch was submitted before or will be
 * after, and is pinned to one set. */
static void
on_swap(void *self, const struct reload_set *set)
{
	struct service *s = self;

	s->rules_since_ms = clock_now(&s->o->clock);
	pipeline_rules(s->pipeline, set->rules);
	if (s->dispatch != NULL)
		dispatch_organisation(s->dispatch, set->organisation);
}

static void
on_loaded(void *self, struct reload_files *files)
{
	struct service *s = self;

	if (s->watch != NULL)
		watch_files(s->watch, files);
	else
		reload_files_free(files);
}

static void
on_dispose(void *self, struct ruleset *rules)
{
	(void)self;
	reload_thread_dispose(rules);
}

static void
on_loader_done(void *self, struct reload_job *job)
{
	struct service *s = self;

	reload_done(s->reload, job);
	if (s->leaving)
		service_leave(s);
}

static void
on_hangup(uv_signal_t *handle, int number)
{
	struct service *s = handle->data;

	(void)number;
	reload_ask(s->reload, "SIGHUP", NULL, NULL);
}

static void
on_change(void *self)
{
	struct service *s = self;

	reload_ask(s->reload, "a changed file", NULL, NULL);
}

void
service_reload_open(struct service *s)
{
	struct setup *setup = s->o->setup;
	const struct reload_options options = {
	    .clock = s->o->clock,
	    .counters = pipeline_counters(s->pipeline),
	    .options = s->o->options,
	    .types = s->o->types,
	    .start = on_start,
	    .swap = on_swap,
	    .loaded = on_loaded,
	    .dispose = on_dispose,
	    .self = s,
	    .base = setup->base,
	};

	s->rules_since_ms = clock_now(&s->o->clock);
	if (setup->base != NULL) {
		counters_bump_by(options.counters, rule_cache_hits_total,
		    rules_base_cached(setup->base, RULES_CACHE_HIT));
		counters_bump_by(options.counters, rule_cache_misses_total,
		    rules_base_cached(setup->base, RULES_CACHE_MISS));
		counters_bump_by(options.counters, rule_cache_refused_total,
		    rules_base_cached(setup->base, RULES_CACHE_REFUSED));
	}
	s->loader = reload_thread_new(&s->loop, on_loader_done, s);
	s->reload = reload_new(&options, setup->rules, setup->organisation);
	setup->organisation = NULL; /* the reload's */
	setup->base = NULL;
	ruleset_unref(setup->rules);
	setup->rules = NULL;
	if (setup->config->watch) {
		s->watch = watch_new(&s->loop, on_change, s);
		watch_files(s->watch, setup->files);
		setup->files = NULL;
	}
	uv_signal_init(&s->loop, &s->on_hup);
	s->on_hup.data = s;
	uv_signal_start(&s->on_hup, on_hangup, SIGHUP);
}

void
service_reload_close(struct service *s)
{
	uv_close((uv_handle_t *)&s->on_hup, NULL);
	watch_close(s->watch);
	s->watch = NULL;
	reload_free(s->reload);
	s->reload = NULL;
	reload_thread_close(s->loader);
	s->loader = NULL;
}
