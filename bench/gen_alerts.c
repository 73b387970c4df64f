/*
 * Alerts by the thousand through the sinks of a vigie.yaml: the measure of
 * delivery, and a driver for its tests.
 *
 * usage: gen_alerts CONFIG COUNT [PER_SECOND]
 * Raises COUNT messages about 100 brands, as fast as the outboxes allow or
 * PER_SECOND, waits until all are delivered, prints one line of figures.
 * Exit 0: all delivered; 1: not, or the configuration is refused; 2: misuse.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/connectors.h"
#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/config.h"
#include "engine/dispatch.h"

#define BRANDS 100
#define BURST 256 /* messages of one turn, so that sinks get theirs */
#define DRAIN_MS 60000

struct run {
	uv_loop_t *loop;
	struct clock clock;
	struct config *config;
	struct organisation *organisation;
	struct counters counters;
	struct journal *journal;
	struct dispatch *dispatch;
	uv_timer_t timer;
	uint64_t raised, count, per_second, left;
	int64_t start_ns, end_ns;
};

static struct alert *
make(uint64_t n)
{
	static const char digits[] = "0123456789abcdef";
	struct alert *a = must_alloc(sizeof(*a));
	char brand[32];

	a->refs = 1;
	a->kind = ALERT_SEVERE_POST;
	a->subject = ALERT_BRAND;
	for (unsigned i = 0; i < 32; i++)
		a->id[i] = i < 16 ? 'a' : digits[n >> (4 * (31 - i)) & 15];
	a->seq = n;
	snprintf(brand, sizeof(brand), "brand-%03d", (int)(n % BRANDS));
	a->sector = strdup("testing");
	a->brand = strdup(brand);
	a->level = 3;
	a->minute_ms = INT64_C(1268820300000);
	buf_text(&a->facts, ",\"evidence\":[{\"text\":\"");
	for (int i = 0; i < 20; i++)
		buf_text(&a->facts, "a post about what is in the bar; ");
	buf_text(&a->facts, "\"}]");
	buf_printf(&a->fr, "Alerte sur %s", brand);
	buf_printf(&a->en, "Alert about %s", brand);
	return a;
}

static void
on_closed(void *arg)
{
	struct run *r = arg;

	uv_close((uv_handle_t *)&r->timer, NULL);
}

static void
on_drained(void *arg, uint64_t left)
{
	struct run *r = arg;

	r->left = left;
	r->end_ns = r->clock.tick_ns(r->clock.self);
	dispatch_close(r->dispatch, on_closed);
}

static void
on_timer(uv_timer_t *timer)
{
	struct run *r = timer->data;
	uint64_t due = r->count;
	int64_t now_ns = r->clock.tick_ns(r->clock.self);

	if (r->per_second > 0)
		due = (uint64_t)(now_ns - r->start_ns) / 1000 *
		    r->per_second / 1000000;
	for (int i = 0; i < BURST && r->raised < due && r->raised < r->count &&
	     !dispatch_full(r->dispatch);
	     i++)
		dispatch_alert(r->dispatch, make(r->raised++), 1,
		    clock_now(&r->clock), clock_now(&r->clock));
	if (r->raised < r->count)
		return;
	uv_timer_stop(timer);
	dispatch_drain(r->dispatch, DRAIN_MS, on_drained);
}

static int
setup(struct run *r, const char *path)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct diag *diag = diag_new();
	struct dispatch_setup setup = {
	    .loop = r->loop,
	    .clock = r->clock,
	    .counters = &r->counters,
	    .messages_max = SPOOL_MESSAGES_MAX,
	    .arg = r,
	};
	struct err err;
	bool ok;

	r->config = config_new();
	setup.organisation = r->organisation = organisation_new();
	ok = config_load(r->config, path, &types, diag);
	if (ok && r->config->organisation != NULL)
		ok = organisation_load(
		    r->organisation, r->config->organisation, diag);
	else
		organisation_everyone(r->organisation);
	diag_print(diag, stderr, false);
	diag_free(diag);
	if (!ok)
		return 1;
	setup.journal = r->journal =
	    journal_new(JOURNAL_ENTRIES_MAX, JOURNAL_BYTES_MAX, &r->counters);
	r->dispatch = dispatch_new(&setup);
	for (size_t i = 0; i < r->config->sinks_count; i++) {
		if (dispatch_open(
			r->dispatch, r->config->sinks[i], &err) != 0) {
			fprintf(stderr, "gen_alerts: %s\n", err.text);
			return 1;
		}
	}
	return 0;
}

static void
report(const struct run *r)
{
	double seconds = (double)(r->end_ns - r->start_ns) / 1e9;

	fprintf(stderr,
	    "%llu alerts in %.3f s (%.0f/s), %llu delivered, %llu again, "
	    "%llu left\n",
	    (unsigned long long)r->raised, seconds,
	    (double)r->raised / seconds,
	    (unsigned long long)
		r->counters.values[COUNTER_alerts_delivered_total],
	    (unsigned long long)
		r->counters.values[COUNTER_alerts_repeated_total],
	    (unsigned long long)r->left);
}

int
main(int argc, char **argv)
{
	struct run *r = must_alloc(sizeof(*r));
	int rc;

	if (argc < 3 || argc > 4) {
		fprintf(stderr,
		    "usage: gen_alerts CONFIG COUNT [PER_SECOND]\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	r->loop = uv_default_loop();
	r->clock = clock_wall();
	log_setup(LOG_INFO, &r->clock);
	r->count = strtoull(argv[2], NULL, 10);
	r->per_second = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
	rc = setup(r, argv[1]);
	if (rc != 0)
		return rc;
	uv_timer_init(r->loop, &r->timer);
	r->timer.data = r;
	r->start_ns = r->clock.tick_ns(r->clock.self);
	uv_timer_start(&r->timer, on_timer, 0, 1);
	uv_run(r->loop, UV_RUN_DEFAULT);
	report(r);
	rc = r->left > 0;
	config_free(r->config);
	organisation_free(r->organisation);
	journal_free(r->journal);
	free(r);
	return rc;
}
