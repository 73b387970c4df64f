/*
 * Goal: the journal of a state_dir is read in order, from the file on that a
 * time needs; the newest messages are found without reading the rest.
 * Method: three files, one entry each, an hour apart by an injected clock; a
 * file that must not be read is made one of another kind, which is an error
 * for whoever reads it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "engine/state/frames_file.h"
#include "engine/state/journal.h"
#include "engine/report/past.h"
#include "engine/report/report.h"
#include "tests/unit/alerts.h"

/* 2010-03-17 12:00 */
#define START_MS INT64_C(1268827200000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define FILES 3

struct bed {
	char state[64], said[200];
	struct err err;
};

/* One alert every ${step_ms}, each in a file of its own. */
static void
begin(struct bed *b, int64_t step_ms)
{
	struct counters counters = {0};
	struct disk disk = disk_system();
	struct journal *j = journal_new(10, 1 << 20, &counters);
	int64_t now_ms = START_MS;
	struct frames *frames;
	char folder[100];

	*b = (struct bed){.state = "/tmp/vigie-walk-XXXXXX"};
	assert_non_null(mkdtemp(b->state));
	snprintf(folder, sizeof(folder), "%s/" JOURNAL_KIND, b->state);
	frames = frames_open(&(struct frames_options){.disk = &disk,
	    .folder = folder, .kind = JOURNAL_KIND,
	    .version = JOURNAL_VERSION, .file_bytes = 1,
	    .counters = &counters}, &b->err);
	assert_non_null(frames);
	journal_file(j, frames, clock_fixed(&now_ms));
	for (unsigned i = 0; i < FILES; i++, now_ms += step_ms) {
		char line[300];

		snprintf(line, sizeof(line), "{\"v\":1,\"id\":\"%032x\","
		    "\"rev\":0,\"kind\":\"density\",\"subject\":\"sector\","
		    "\"sector\":\"s%u\",\"level\":1,\"minute\":\"", i, i);
		clock_format(now_ms, line + strlen(line));
		strcat(line, "\"}");
		journal_append(j, "alert", slice_of(line));
		assert_true(frames_take(frames));
		assert_int_equal(frames_write(frames, true, &b->err), 0);
	}
	frames_close(frames);
	journal_free(j);
}

static void
path_of(const struct bed *b, unsigned i, char *path)
{
	char folder[100];

	snprintf(folder, sizeof(folder), "%s/" JOURNAL_KIND, b->state);
	frames_file_path(folder, i, path);
}

/* Whoever reads the ${i}-th file gets an error from now on. */
static void
forbid(const struct bed *b, unsigned i)
{
	struct frames_file file = {.first = i, .stamp = START_MS - DAY_MS};
	struct buf head = {0};
	char path[4096];
	FILE *f;

	path_of(b, i, path);
	frames_file_head(&head, "other", 1, &file);
	f = fopen(path, "w");
	assert_non_null(f);
	fwrite(head.data, 1, head.len, f);
	fclose(f);
	buf_fini(&head);
}

static void
end(struct bed *b)
{
	char path[4096];

	for (unsigned i = 0; i < FILES; i++) {
		path_of(b, i, path);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/" JOURNAL_KIND, b->state);
	rmdir(path);
	rmdir(b->state);
}

static void
on_alert(void *self, const struct alert *a)
{
	struct bed *b = self;

	strcat(strcat(b->said, a->sector), " ");
}

static void
test_since(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, HOUR_MS);
	assert_int_equal(
	    past_state(b.state, INT64_MIN, on_alert, &b, &b.err), 0);
	assert_string_equal(b.said, "s0 s1 s2 ");
	b.said[0] = '\0';
	/* An alert may be of five minutes after its entry. */
	assert_int_equal(past_state(b.state, START_MS + HOUR_MS + 4 *
	    MINUTE_MS, on_alert, &b, &b.err), 0);
	assert_string_equal(b.said, "s0 s1 s2 ");
	forbid(&b, 0);
	assert_int_not_equal(
	    past_state(b.state, START_MS, on_alert, &b, &b.err), 0);
	b.said[0] = '\0';
	assert_int_equal(past_state(b.state, START_MS + HOUR_MS + 5 *
	    MINUTE_MS, on_alert, &b, &b.err), 0);
	assert_string_equal(b.said, "s1 s2 ");
	end(&b);
}

static void
test_newest(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, HOUR_MS);
	forbid(&b, 0);
	forbid(&b, 1);
	assert_int_equal(past_newest(b.state, on_alert, &b, &b.err), 0);
	assert_string_equal(b.said, "s2 ");
	end(&b);
}

/* A report of a day looks back four weeks at most. */
static void
test_report(void **state)
{
	struct report *r;
	struct bed b;

	(void)state;
	begin(&b, 20 * DAY_MS);
	forbid(&b, 0);
	r = report_new(START_MS + 40 * DAY_MS + HOUR_MS, DAY_MS, NULL);
	if (report_read_state(r, b.state, &b.err) != 0)
		fail_msg("%s", b.err.text);
	assert_int_equal(r->entries, 2);
	report_free(r);
	end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_since),
	    cmocka_unit_test(test_newest),
	    cmocka_unit_test(test_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
