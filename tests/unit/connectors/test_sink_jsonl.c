/*
 * Goal: the file sink appends whole lines and survives a torn one, a full disk
 * and being closed in the middle; the memory and null sinks keep the contract.
 * Method: real files; a full disk is RLIMIT_FSIZE, which gives EFBIG where a
 * disk gives ENOSPC, and /dev/full.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

#include "connectors/connectors.h"
#include "connectors/sink_memory.h"
#include "engine/base/limits.h"
#include "engine/dispatch.h"
#include "tests/unit/alerts.h"
#include "tests/unit/connectors/loop.h"

struct world {
	uv_loop_t loop;
	struct counters counters;
	struct organisation *organisation;
	struct journal *journal;
	struct arena *arena;
	struct sink *sink;
	struct dispatch *dispatch;
	char folder[32], path[64];
	uint64_t until, left;
	bool drained, closed;
};

static void
world_init(struct world *w)
{
	struct dispatch_setup setup = {.loop = &w->loop,
	    .counters = &w->counters,
	    .messages_max = SPOOL_MESSAGES_MAX,
	    .clock = clock_wall(),
	    .arg = w};

	memset(w, 0, sizeof(*w));
	uv_loop_init(&w->loop);
	w->arena = arena_new();
	setup.organisation = w->organisation = organisation_new();
	organisation_everyone(w->organisation);
	setup.journal = w->journal = journal_new(10, 1 << 20, &w->counters);
	w->dispatch = dispatch_new(&setup);
	snprintf(w->folder, sizeof(w->folder), "/tmp/vigie-sink-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->path, sizeof(w->path), "%s/a.jsonl", w->folder);
}

static int
world_open(struct world *w, const struct sink_type *type, const char *path)
{
	struct yaml node = {.kind = YAML_SCALAR,
	    .key = SLICE("path"),
	    .text = slice_of(path)};
	struct yaml map = {.kind = YAML_MAP, .first = &node, .count = 1};
	struct err err;

	w->sink = must_alloc(type->size);
	w->sink->type = type;
	assert_true(settings_read(type->settings, path != NULL ? &map : NULL,
	    NULL, w->sink, w->arena, NULL));
	return dispatch_open(w->dispatch, w->sink, &err);
}

static void
post(struct world *w, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++)
		dispatch_alert(w->dispatch, alerts_make("food", "kitkat", i), 1,
		    TIME_NONE, TIME_NONE);
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

static void
on_closed(void *arg)
{
	((struct world *)arg)->closed = true;
}

static void
world_close(struct world *w)
{
	dispatch_close(w->dispatch, on_closed);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	assert_true(w->closed);
	assert_int_equal(uv_loop_close(&w->loop), 0);
	free(w->sink);
	journal_free(w->journal);
	organisation_free(w->organisation);
	arena_free(w->arena);
	unlink(w->path);
	rmdir(w->folder);
}

/* The file is ${first}, if not NULL, then whole lines of 0..count-1. */
static void
check_file(const struct world *w, const char *first, uint64_t count)
{
	FILE *f = fopen(w->path, "r");
	char *line = NULL;
	size_t room = 0;
	uint64_t next = 0;

	assert_non_null(f);
	if (first != NULL) {
		assert_true(getline(&line, &room, f) > 0);
		assert_string_equal(line, first);
	}
	while (getline(&line, &room, f) >= 0) {
		char *at = strstr(line, "\"seq\":");

		assert_int_equal(line[0], '{');
		assert_string_equal(line + strlen(line) - 2, "}\n");
		assert_non_null(at);
		assert_int_equal(strtoull(at + 6, NULL, 10), next++);
	}
	assert_int_equal(next, count);
	free(line);
	fclose(f);
}

static void
write_file(const struct world *w, const char *text)
{
	FILE *f = fopen(w->path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
test_appends(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	assert_int_equal(world_open(&w, &sink_jsonl_type, w.path), 0);
	post(&w, 0, 3000);
	until(&w, enough, 3000);
	check_file(&w, NULL, 3000);
	world_close(&w);
}

static void
test_torn_line(void **state)
{
	struct world w;
	char *torn = must_alloc(10001);

	(void)state;
	world_init(&w);
	memset(torn, 'x', 10000); /* longer than one look at the end */
	memcpy(torn, "{\"a\":1}\n{\"b\":\"", 14);
	write_file(&w, torn);
	free(torn);
	assert_int_equal(world_open(&w, &sink_jsonl_type, w.path), 0);
	post(&w, 0, 2);
	until(&w, enough, 2);
	check_file(&w, "{\"a\":1}\n", 2);
	world_close(&w);

	world_init(&w);
	write_file(&w, "notes of mine");
	assert_int_equal(world_open(&w, &sink_jsonl_type, w.path), 0);
	post(&w, 0, 2);
	until(&w, enough, 2);
	check_file(&w, "notes of mine\n", 2);
	world_close(&w);
}

static void
test_full_disk(void **state)
{
	struct rlimit before, small;
	struct world w;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	world_init(&w);
	assert_int_equal(world_open(&w, &sink_jsonl_type, w.path), 0);
	small = before;
	small.rlim_cur = 2000; /* in the middle of a line */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	post(&w, 0, 100);
	until(&w, errors, 2);
	assert_int_equal(w.counters.values[COUNTER_alerts_delivered_total] +
		dispatch_waiting(w.dispatch),
	    100);
	assert_true(dispatch_waiting(w.dispatch) > 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	until(&w, enough, 100);
	check_file(&w, NULL, 100);
	world_close(&w);
}

static void
on_drained(void *arg, uint64_t left)
{
	struct world *w = arg;

	w->drained = true;
	w->left = left;
}

static bool
is_drained(void *arg)
{
	return ((struct world *)arg)->drained;
}

static void
test_drain_gives_up(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	assert_int_equal(world_open(&w, &sink_jsonl_type, "/dev/full"), 0);
	post(&w, 0, 10);
	dispatch_drain(w.dispatch, 300, on_drained);
	assert_true(loop_until(&w.loop, is_drained, &w));
	assert_int_equal(w.left, 10);
	assert_true(w.counters.values[COUNTER_sink_errors_total] > 0);
	world_close(&w);
}

static void
test_closed_in_the_middle(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	assert_int_equal(world_open(&w, &sink_jsonl_type, w.path), 0);
	post(&w, 0, 100);
	world_close(&w);
}

static void
test_cannot_open(void **state)
{
	struct world w;
	struct sink *lost;

	(void)state;
	world_init(&w);
	assert_true(world_open(&w, &sink_jsonl_type, "/nowhere/a") < 0);
	lost = w.sink;
	w.sink = NULL;
	free(lost);
	world_close(&w);
}

static void
test_memory(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	assert_int_equal(world_open(&w, &sink_memory_type, NULL), 0);
	sink_memory_hold(w.sink, true);
	post(&w, 0, 2);
	assert_int_equal(dispatch_waiting(w.dispatch), 2);
	assert_null(sink_memory_at(w.sink, 0));
	sink_memory_hold(w.sink, false);
	assert_int_equal(dispatch_waiting(w.dispatch), 0);
	assert_string_equal(sink_memory_at(w.sink, 1)->channel, "all");
	assert_non_null(strstr(sink_memory_at(w.sink, 1)->json, "\"seq\":1"));
	dispatch_drain(w.dispatch, 1000, on_drained); /* at once */
	assert_true(w.drained);
	assert_int_equal(w.left, 0);
	world_close(&w);
}

static void
test_null_and_journal(void **state)
{
	struct journal_entry entry;
	struct world w;

	(void)state;
	world_init(&w);
	assert_int_equal(world_open(&w, &sink_null_type, NULL), 0);
	post(&w, 0, 25);
	assert_int_equal(dispatch_waiting(w.dispatch), 0);
	assert_true(journal_read(w.journal, 0, &entry));
	assert_int_equal(entry.number, 15); /* ten are kept */
	assert_true(slice_is(entry.kind, "alert"));
	assert_true(entry.json.data[0] == '{');
	assert_true(journal_read(w.journal, 24, &entry));
	assert_false(journal_read(w.journal, 25, &entry));
	assert_int_equal(
	    w.counters.values[COUNTER_journal_forgotten_total], 15);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_appends),
	    cmocka_unit_test(test_torn_line),
	    cmocka_unit_test(test_full_disk),
	    cmocka_unit_test(test_drain_gives_up),
	    cmocka_unit_test(test_closed_in_the_middle),
	    cmocka_unit_test(test_cannot_open),
	    cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_null_and_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
