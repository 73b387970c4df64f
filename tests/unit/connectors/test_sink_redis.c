/*
 * Goal: alerts reach a Redis whatever happens to it, first occurrences in
 * order, none lost.
 * Method: a real server on a private socket that is not there at first, is
 * killed with -9, frozen, out of memory, locked by a password; messages are
 * raised by a timer meanwhile; the stream is read back with redis-cli.
 * Skipped when there is no redis-server.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "connectors/connectors.h"
#include "engine/base/limits.h"
#include "engine/dispatch.h"
#include "tests/unit/alerts.h"
#include "tests/unit/connectors/loop.h"
#include "tests/unit/connectors/redis_server.h"

struct world {
	uv_loop_t loop;
	uv_timer_t timer;
	struct redis_server redis;
	struct counters counters;
	struct organisation *organisation;
	struct journal *journal;
	struct arena *arena;
	struct sink *sink;
	struct dispatch *dispatch;
	uint64_t raised, wanted, until; /* messages */
	bool closed;
};

static void
raise_some(uv_timer_t *timer)
{
	struct world *w = timer->data;

	for (int i = 0; i < 20 && w->raised < w->wanted; i++)
		dispatch_alert(w->dispatch,
		    alerts_make("food", "kitkat", w->raised++), 1,
		    TIME_NONE, TIME_NONE);
}

/* A map of two texts, as yaml_parse would give it. */
static struct sink *
make_sink(struct arena *arena, const char *url, const char *timeout)
{
	struct yaml late = {.kind = YAML_SCALAR,
	    .key = SLICE("timeout"),
	    .text = slice_of(timeout)};
	struct yaml first = {.kind = YAML_SCALAR,
	    .key = SLICE("url"),
	    .text = slice_of(url),
	    .next = &late};
	struct yaml map = {.kind = YAML_MAP, .first = &first, .count = 2};
	struct sink *s = must_alloc(sink_redis_type.size);

	s->type = &sink_redis_type;
	assert_true(settings_read(
	    sink_redis_type.settings, &map, NULL, s, arena, NULL));
	return s;
}

/* ${secret}: "user:password@", or "tcp" for a port instead of the socket. */
static void
world_open(struct world *w, const char *secret, const char *timeout)
{
	struct dispatch_setup setup = {.loop = &w->loop,
	    .counters = &w->counters,
	    .messages_max = SPOOL_MESSAGES_MAX,
	    .clock = clock_wall(),
	    .arg = w};
	struct err err;
	char url[256];

	memset(w, 0, sizeof(*w));
	signal(SIGPIPE, SIG_IGN);
	redis_server_init(&w->redis);
	uv_loop_init(&w->loop);
	w->arena = arena_new();
	setup.organisation = w->organisation = organisation_new();
	organisation_everyone(w->organisation);
	setup.journal = w->journal =
	    journal_new(JOURNAL_ENTRIES_MAX, JOURNAL_BYTES_MAX, &w->counters);
	snprintf(url, sizeof(url), "unix://%s%s", secret, w->redis.socket);
	if (!strcmp(secret, "tcp")) {
		redis_server_take_port(&w->redis);
		snprintf(url, sizeof(url), "%s", w->redis.url);
	}
	w->sink = make_sink(w->arena, url, timeout);
	w->dispatch = dispatch_new(&setup);
	assert_int_equal(dispatch_open(w->dispatch, w->sink, &err), 0);
	w->wanted = 2000;
	uv_timer_init(&w->loop, &w->timer);
	w->timer.data = w;
	uv_timer_start(&w->timer, raise_some, 1, 1);
}

static void
on_closed(void *arg)
{
	((struct world *)arg)->closed = true;
}

static void
world_close(struct world *w)
{
	dispatch_close(w->dispatch, on_closed);
	uv_close((uv_handle_t *)&w->timer, NULL);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	assert_true(w->closed);
	assert_int_equal(uv_loop_close(&w->loop), 0);
	free(w->sink);
	journal_free(w->journal);
	organisation_free(w->organisation);
	arena_free(w->arena);
	redis_server_fini(&w->redis);
}

static bool
enough(void *arg)
{
	struct world *w = arg;

	return w->counters.values[COUNTER_alerts_delivered_total] >= w->until;
}

static bool
errors(void *arg)
{
	struct world *w = arg;

	return w->counters.values[COUNTER_sink_errors_total] >= w->until;
}

static void
until(struct world *w, bool (*done)(void *arg), uint64_t count)
{
	w->until = count;
	assert_true(loop_until(&w->loop, done, w));
}

/* All of it is in the stream, first occurrences in order. */
static void
check_stream(const struct world *w)
{
	FILE *f = redis_server_ask(&w->redis, "XRANGE vigie:alerts:all - +");
	uint64_t next = 0;
	char *line = NULL;
	size_t room = 0;

	assert_non_null(f);
	while (getline(&line, &room, f) >= 0) {
		char *at = strstr(line, "\"seq\":");
		uint64_t seq;

		if (at == NULL)
			continue;
		seq = strtoull(at + 6, NULL, 10);
		assert_true(seq <= next);
		if (seq == next)
			next++;
	}
	free(line);
	pclose(f);
	assert_int_equal(next, w->wanted);
}

static void
test_refused_at_first(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, "", "5s");
	until(&w, errors, 2);
	redis_server_start(&w.redis, NULL, NULL);
	until(&w, enough, w.wanted);
	check_stream(&w);
	assert_int_equal(w.counters.values[COUNTER_alerts_repeated_total], 0);
	world_close(&w);
}

/* By TCP a refusal comes after the attempt. */
static void
test_refused_by_tcp(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, "tcp", "5s");
	until(&w, errors, 4); /* both addresses of localhost, twice */
	redis_server_start(&w.redis, NULL, NULL);
	until(&w, enough, 500);
	redis_server_kill(&w.redis);
	until(&w, errors, w.counters.values[COUNTER_sink_errors_total] + 3);
	redis_server_start(&w.redis, NULL, NULL);
	until(&w, enough, w.wanted);
	check_stream(&w);
	world_close(&w);
}

static void
test_killed(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, "", "5s");
	redis_server_start(&w.redis, NULL, NULL);
	/* The last time all are delivered: nobody waits for the new server. */
	for (uint64_t stop = 400; stop <= w.wanted; stop += 400) {
		until(&w, enough, stop);
		redis_server_kill(&w.redis);
		until(&w, errors,
		    w.counters.values[COUNTER_sink_errors_total] + 2);
		redis_server_start(&w.redis, NULL, NULL);
	}
	until(&w, enough, w.wanted);
	check_stream(&w);
	world_close(&w);
}

static void
test_frozen(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, "", "200ms");
	redis_server_start(&w.redis, NULL, NULL);
	until(&w, enough, 400);
	kill(w.redis.pid, SIGSTOP);
	/* No answer in time, then no greeting: it stays frozen all along. */
	until(&w, errors, w.counters.values[COUNTER_sink_errors_total] + 2);
	kill(w.redis.pid, SIGCONT);
	until(&w, enough, w.wanted);
	check_stream(&w);
	world_close(&w);
}

static void
test_out_of_memory(void **state)
{
	struct world w;
	uint64_t before;

	(void)state;
	world_open(&w, "", "5s");
	redis_server_start(&w.redis, NULL, NULL);
	until(&w, enough, 400);
	pclose(redis_server_ask(&w.redis, "CONFIG SET maxmemory 1"));
	until(&w, errors, w.counters.values[COUNTER_sink_errors_total] + 2);
	before = w.counters.values[COUNTER_alerts_delivered_total];
	pclose(redis_server_ask(&w.redis, "CONFIG SET maxmemory 0"));
	until(&w, enough, before + 1);
	until(&w, enough, w.wanted);
	check_stream(&w);
	world_close(&w);
}

/* Alone or in a transaction: stored at once, in order, each counted, without
 * a fault; and heard again when the user may. */
static void
test_publish_refused(void **state)
{
	static const char *const less[] = {"-publish", "resetchannels"};
	static const char *const more[] = {"+publish", "allchannels"};
	struct world w;
	char words[60];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		world_open(&w, "", "5s");
		w.wanted = 0; /* nothing before the user is changed */
		redis_server_start(&w.redis, NULL, NULL);
		snprintf(words, sizeof(words), "ACL SETUSER default %s",
		    less[i]);
		pclose(redis_server_ask(&w.redis, words));
		w.wanted = 1000;
		until(&w, enough, w.wanted);
		check_stream(&w);
		assert_int_equal(
		    w.counters.values[COUNTER_alerts_unheard_total], 1000);
		assert_int_equal(
		    w.counters.values[COUNTER_alerts_repeated_total], 0);
		snprintf(words, sizeof(words), "ACL SETUSER default %s",
		    more[i]);
		pclose(redis_server_ask(&w.redis, words));
		w.wanted = 1500;
		until(&w, enough, w.wanted);
		assert_int_equal(
		    w.counters.values[COUNTER_alerts_unheard_total], 1000);
		world_close(&w);
	}
}

static void
test_wrong_password(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, ":secret@", "5s");
	redis_server_start(&w.redis, "--requirepass", "other");
	until(&w, errors, 3);
	assert_int_equal(w.counters.values[COUNTER_alerts_delivered_total], 0);
	redis_server_kill(&w.redis);
	redis_server_start(&w.redis, "--requirepass", "secret");
	until(&w, enough, w.wanted);
	world_close(&w);
}

static void
test_closed_while_down(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, "", "5s");
	until(&w, errors, 2); /* the first one may be before any alert */
	assert_true(dispatch_waiting(w.dispatch) > 0);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_refused_at_first),
	    cmocka_unit_test(test_refused_by_tcp),
	    cmocka_unit_test(test_killed),
	    cmocka_unit_test(test_frozen),
	    cmocka_unit_test(test_out_of_memory),
	    cmocka_unit_test(test_publish_refused),
	    cmocka_unit_test(test_wrong_password),
	    cmocka_unit_test(test_closed_while_down),
	};

	if (!redis_server_exists()) {
		printf("skipped: no redis-server\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
