/*
 * What the engine's sink makes of a Redis: alerts a second over one connection
 * and the processor time of each, by the outbox, hiredis' reader and libuv.
 *
 *	time_redis_sink REDIS-SOCKET COUNT BYTES
 *
 * COUNT alerts of BYTES for one channel, 4,096 of them always waiting, so that
 * the connection is never short of work.  Prints: alerts a second, nanoseconds
 * of user and system time an alert.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "connectors/connectors.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/state/spool.h"

#define WAITING 4096u

struct bench {
	uv_loop_t loop;
	struct clock clock;
	struct counters counters;
	struct spool *spool;
	struct alert *alert; /* the same one again and again */
	uint32_t given, told, count;
};

static double
cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	    1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void
give(struct bench *b)
{
	if (b->given == b->count)
		return;
	b->given++;
	spool_append_channel(b->spool, b->alert, 0);
}

static void
on_told(void *self, const struct alert *alert)
{
	struct bench *b = self;

	(void)alert;
	give(b);
	if (++b->told == b->count)
		uv_stop(&b->loop);
}

static struct sink *
open_sink(struct bench *b, const char *socket)
{
	const struct sink_type *type = connectors_sink("redis");
	struct sink *s = must_alloc(type->size);
	struct arena *arena = arena_new();
	char url[200];
	struct yaml only = {.kind = YAML_SCALAR, .key = SLICE("url")};
	struct yaml map = {.kind = YAML_MAP, .first = &only, .count = 1};
	struct err err;

	snprintf(url, sizeof(url), "unix://%s", socket);
	only.text = slice_of(url);
	s->type = type;
	REQUIRE(settings_read(type->settings, &map, NULL, s, arena, NULL));
	b->spool = spool_new(s, SPOOL_MESSAGES_MAX, &b->counters);
	spool_tell(b->spool, on_told, b);
	if (type->open(s, &b->loop, &err) != 0) {
		fprintf(stderr, "time_redis_sink: %s\n", err.text);
		exit(1);
	}
	return s;
}

int
main(int argc, char **argv)
{
	static struct bench b;
	static const char *channels[] = {"all"};
	struct alert alert = {
	    .refs = 1, .channels = channels, .channels_count = 1};
	int64_t start_ns;
	double start_s;

	if (argc != 4) {
		fprintf(stderr,
		    "usage: time_redis_sink SOCKET COUNT BYTES\n");
		return 2;
	}
	b.count = (uint32_t)atoi(argv[2]);
	alert.json.len = (size_t)atoi(argv[3]);
	REQUIRE(b.count > 0 && alert.json.len > 0);
	alert.json.data = must_alloc(alert.json.len);
	memset(alert.json.data, 'x', alert.json.len);
	b.alert = &alert;
	b.clock = clock_wall();
	uv_loop_init(&b.loop);
	open_sink(&b, argv[1]);
	start_ns = b.clock.tick_ns(b.clock.self);
	start_s = cpu_s();
	for (uint32_t i = 0; i < WAITING; i++)
		give(&b);
	uv_run(&b.loop, UV_RUN_DEFAULT);
	printf("%.0f %.0f\n",
	    b.count * 1e9 / (double)(b.clock.tick_ns(b.clock.self) - start_ns),
	    (cpu_s() - start_s) * 1e9 / b.count);
	return 0; /* the process ends with all that is open */
}
