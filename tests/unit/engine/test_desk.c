/*
 * Goal: the desk carries out what is safe and nothing else, in order, again
 * after a fault; a command is done once, also over a restart, and gets one
 * answer; statements of the last hour are given again, and no older ones; a
 * port without hope keeps nothing.
 * Method: a port that keeps what it was given as lines of words, a clock moved
 * by hand; a second desk takes up what the first saved, or its journal.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/lifecycle/desk_parts.h"
#include "tests/unit/engine/lifecycle_bed.h"

#define ALERT "00000000000000000000000000000001"

static struct world {
	uv_loop_t loop;
	struct counters counters;
	struct journal *journal;
	struct organisation *o;
	struct desk *desk;
	struct desk_port *port;
	int64_t now_ms;
	struct buf put, posts; /* since the last look */
	char after[64];        /* of the last read */
	uint32_t count;        /* of the last put */
	bool closed;
} w;

static int64_t
now_ms(void *self)
{
	(void)self;
	return w.now_ms;
}

static bool
wanted(const struct sink *s, bool organised)
{
	(void)s;
	return organised;
}

static int
open_port(struct desk_port *p, const struct sink *s, uv_loop_t *loop,
    struct err *err)
{
	(void)s;
	(void)loop;
	(void)err;
	w.port = p;
	return 0;
}

static void
put(struct desk_port *p, const struct desk_item *const *items, uint32_t count)
{
	const char *kinds[] = {"entry", "owner", "notice", "answer"};

	(void)p;
	w.count = count;
	for (uint32_t i = 0; i < count; i++) {
		const struct desk_item *t = items[i];
		bool ok = t->json.len > 11 &&
		    !memcmp(t->json.data, "{\"ok\":true,", 11);

		buf_printf(&w.put, "%s", kinds[t->kind]);
		if (t->kind == DESK_ANSWER)
			buf_printf(&w.put, " %s %s%s%s", t->command,
			    ok ? "yes" : "no", t->loser != NULL ? " " : "",
			    t->loser != NULL ? t->loser : "");
		else if (t->kind == DESK_OWNER)
			buf_printf(&w.put, " %s",
			    t->owner[0] != '\0' ? t->owner : "-");
		buf_text(&w.put, "; ");
	}
}

static void
read_after(struct desk_port *p, const char *after)
{
	(void)p;
	snprintf(w.after, sizeof(w.after), "%s", after);
}

static void
close_port(struct desk_port *p, void (*on_closed)(struct desk_port *p))
{
	on_closed(p);
}

static const struct desk_type port_type = {
    .size = sizeof(struct desk_port),
    .wanted = wanted,
    .open = open_port,
    .put = put,
    .read = read_after,
    .close = close_port,
};
static const struct sink_type sink_type = {.name = "fake", .desk = &port_type};

static int
on_statement(void *self, const struct command *c, const char *id,
    int64_t at_ms)
{
	(void)self;
	if (!slice_is(c->brand, "kitkat"))
		return REFUSAL_unknown_brand;
	buf_printf(&w.posts, "%s@%d %.*s; ", id,
	    (int)((at_ms - BED_START_MS) / 1000), (int)c->text.len,
	    c->text.data);
	return LIFECYCLE_NONE;
}

static void
desk_begin(void)
{
	static struct sink sink = {.type = &sink_type, .name = "fake"};
	struct desk_setup setup = {.loop = &w.loop,
	    .clock = {.now_ms = now_ms, .tick_ns = now_ms},
	    .counters = &w.counters, .journal = w.journal,
	    .organisation = w.o, .on_statement = on_statement};
	struct err err;

	w.desk = desk_new(&setup);
	assert_int_equal(desk_open(w.desk, &sink, true, &err), 0);
}

static void
on_closed(void *self)
{
	(void)self;
	w.closed = true;
}

static void
desk_end(void)
{
	w.closed = false;
	desk_close(w.desk, on_closed, NULL);
	assert_true(w.closed);
	w.port = NULL;
}

static int
setup(void **state)
{
	struct bed b;

	(void)state;
	bed_open(&b);
	memset(&w, 0, sizeof(w));
	w.o = b.o;
	b.o = organisation_new();
	bed_close(&b);
	w.now_ms = BED_START_MS;
	w.journal = journal_new(1000, 1 << 20, &w.counters);
	desk_begin();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	desk_end();
	journal_free(w.journal);
	organisation_free(w.o);
	buf_fini(&w.put);
	buf_fini(&w.posts);
	return 0;
}

static const char *
look(struct buf *b)
{
	static char text[8192];

	snprintf(text, sizeof(text), "%.*s", (int)b->len,
	    b->len > 0 ? b->data : "");
	buf_clear(b);
	return text;
}

/* All that waits goes out. */
static const char *
out(void)
{
	static char all[8192];

	all[0] = '\0';
	while (w.desk->putting) {
		strcat(all, look(&w.put));
		desk_port_done(w.port, w.count);
	}
	return all;
}

static void
alert(void)
{
	struct alert *a = bed_alert(1, 3, "kitkat", bed_both, 2, w.now_ms);
	struct buf note = {0};

	buf_text(&a->json, "{}");
	alert_note(a, &note);
	a->number = journal_put(
	    w.journal, "alert", SLICE("{}"), buf_slice(&note));
	desk_alert(w.desk, a);
	desk_told(w.desk, a);
	alert_unref(a);
	buf_fini(&note);
}

static void
tell(const char *id, const char *json)
{
	desk_port_command(w.port, id, slice_of(json));
}

static void
claim(const char *id, const char *team)
{
	char json[200];

	snprintf(json, sizeof(json), "{\"do\":\"claim\",\"alert\":\"" ALERT
	    "\",\"team\":\"%s\",\"by\":\"Claire\"}", team);
	tell(id, json);
}

/* A second desk, as after a kill: by what was saved, or by the entries of
 * the journal, of which memory keeps no notes: of statements only. */
static void
again(bool by_journal)
{
	struct buf saved = {0};
	struct journal_entry e;
	uint64_t number = 0;

	desk_save(w.desk, &saved);
	desk_end();
	buf_clear(&w.put);
	desk_begin();
	if (!by_journal)
		assert_true(desk_load(w.desk, buf_slice(&saved)));
	while (by_journal && journal_read(w.journal, number, &e)) {
		if (slice_is(e.kind, "statement"))
			desk_replay(w.desk, &e);
		number = e.number + 1;
	}
	desk_replayed(w.desk);
	buf_fini(&saved);
}

static void
carries_what_is_safe(void **state)
{
	(void)state;
	desk_durable(w.desk, 0);
	desk_port_up(w.port, "0-0");
	assert_string_equal(w.after, "0-0");
	alert(); /* entries 0, 1, 2: the message, detected, notified */
	claim("5-0", "kitkat"); /* 3 */
	claim("5-1", "house");  /* refused: waits for those of before it */
	assert_string_equal(look(&w.put), "");
	desk_durable(w.desk, 2);
	assert_string_equal(look(&w.put), "entry; owner -; ");
	desk_durable(w.desk, 3);
	assert_string_equal(look(&w.put), "");
	assert_int_equal(desk_next(w.desk, 99), 0);
	desk_port_done(w.port, 2);
	assert_string_equal(look(&w.put), "owner -; ");
	assert_int_equal(desk_next(w.desk, 99), 2);
	desk_port_done(w.port, 1);
	assert_string_equal(look(&w.put), "");
	desk_durable(w.desk, 4);
	assert_string_equal(look(&w.put),
	    "owner kitkat; answer 5-0 yes; answer 5-1 no house; ");
	desk_port_done(w.port, 3);
	assert_int_equal(desk_next(w.desk, 99), 99);
	assert_int_equal(desk_waiting(w.desk), 0);
}

static void
repeats_after_a_fault(void **state)
{
	(void)state;
	desk_port_up(w.port, "0-0");
	alert();
	assert_string_equal(out(), "entry; owner -; owner -; ");
	claim("5-0", "kitkat");
	desk_pump(w.desk);
	assert_string_equal(look(&w.put), "owner kitkat; answer 5-0 yes; ");
	desk_port_fail(w.port, "gone", false);
	claim("5-0", "kitkat"); /* read before: it is not done again */
	assert_int_equal(desk_waiting(w.desk), 2);
	desk_port_up(w.port, "0-0");
	assert_string_equal(w.after, "5-0");
	assert_string_equal(look(&w.put), "owner kitkat; answer 5-0 yes; ");
	desk_port_done(w.port, 1);
	assert_string_equal(look(&w.put), "answer 5-0 yes; ");
	desk_port_done(w.port, 1);
	assert_int_equal(desk_waiting(w.desk), 0);
	assert_int_equal(
	    w.counters.values[COUNTER_lifecycle_commands_total], 1);
}

static void
does_a_command_once(void **state)
{
	uint64_t entries;

	(void)state;
	desk_port_up(w.port, "0-0");
	alert();
	claim("5-0", "kitkat");
	claim("5-1", "house");
	claim("6-0", "kitkat");
	entries = journal_next(w.journal);
	again(false);
	/* 5-0 was answered; the others were read and not answered */
	desk_port_up(w.port, "5-0");
	assert_string_equal(w.after, "5-0");
	claim("5-1", "house");
	claim("6-0", "kitkat");
	desk_pump(w.desk);
	assert_string_equal(
	    out(), "answer 5-1 no house; answer 6-0 no kitkat; ");
	assert_int_equal(journal_next(w.journal), entries);
	again(false);
	/* nothing was answered: the first was done, by the journal */
	desk_port_up(w.port, "0-0");
	claim("5-0", "kitkat");
	claim("5-1", "house");
	desk_pump(w.desk);
	assert_string_equal(out(), "answer 5-0 yes; answer 5-1 no house; ");
	assert_int_equal(journal_next(w.journal), entries);
	tell("7-0", "{\"do\":\"release\",\"alert\":\"" ALERT
	    "\",\"team\":\"kitkat\"}");
	desk_pump(w.desk);
	assert_string_equal(out(), "owner -; answer 7-0 yes; ");
}

#define STATEMENT(brand) \
	"{\"do\":\"statement\",\"brand\":\"" brand "\",\"team\":\"kitkat\"," \
	"\"text\":\"\\u00ab ok \\u00bb\"}"

static void
gives_statements_again(void **state)
{
	struct buf saved = {0};

	(void)state;
	desk_port_up(w.port, "0-0");
	tell("5-0", STATEMENT("kitkat"));
	assert_string_equal(look(&w.posts), "statement-5-0@0 « ok »; ");
	w.now_ms += 1800000;
	tell("6-0", STATEMENT("kitkat"));
	tell("6-1", STATEMENT("nobody"));
	desk_pump(w.desk);
	assert_string_equal(out(), "entry; answer 5-0 yes; entry; "
	    "answer 6-0 yes; answer 6-1 no; ");
	buf_clear(&w.posts);
	again(true);
	assert_string_equal(look(&w.posts),
	    "statement-5-0@0 « ok »; statement-6-0@1800 « ok »; ");
	w.now_ms += 1801000;
	again(true);
	assert_string_equal(
	    look(&w.posts), "statement-6-0@1800 « ok »; ");
	/* what was saved says the same without the journal */
	desk_save(w.desk, &saved);
	desk_end();
	desk_begin();
	assert_true(desk_load(w.desk, buf_slice(&saved)));
	desk_replayed(w.desk);
	assert_string_equal(
	    look(&w.posts), "statement-6-0@1800 « ok »; ");
	/* cut at any place it is damaged, and nothing is known */
	for (size_t cut = 0; cut + 1 < saved.len; cut++) {
		desk_end();
		desk_begin();
		if (!desk_load(w.desk, (struct slice){saved.data, cut}))
			assert_int_equal(w.desk->statements_count, 0);
		desk_replayed(w.desk);
	}
	buf_fini(&saved);
}

static void
gives_up_without_hope(void **state)
{
	(void)state;
	desk_port_up(w.port, "0-0");
	alert();
	assert_int_equal(desk_waiting(w.desk), 3);
	desk_port_fail(w.port, "no rights", true);
	assert_int_equal(desk_waiting(w.desk), 0);
	claim("5-0", "kitkat");
	alert();
	assert_int_equal(desk_waiting(w.desk), 0);
	desk_port_up(w.port, "0-0");
	assert_false(w.desk->up);
}

static void
reads_ids(void **state)
{
	static const char *const bad[] = {"", "-", "1", "1-", "-1", "a-1",
	    "1-a", "1-1-1", "18446744073709551616-0", " 1-1"};
	struct desk_command_id a, b;

	(void)state;
	for (size_t i = 0; i < 10; i++)
		assert_false(desk_id_parse(slice_of(bad[i]), &a));
	assert_true(desk_id_parse(SLICE("1763808127000-12"), &a));
	assert_true(desk_id_parse(SLICE("1763808127000-9"), &b));
	assert_true(desk_id_order(a, b) > 0 && desk_id_order(b, a) < 0);
	assert_int_equal(desk_id_order(a, a), 0);
	desk_port_up(w.port, "0-0");
	tell("no id", STATEMENT("kitkat"));
	tell("5-0", "not a command"); /* then the last of a millisecond */
	tell("5-18446744073709551615", "not a command");
	desk_pump(w.desk);
	assert_non_null(strstr(out(), "; answer 5-18446744073709551615 no"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		carries_what_is_safe, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		repeats_after_a_fault, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		does_a_command_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		gives_statements_again, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		gives_up_without_hope, setup, teardown),
	    cmocka_unit_test_setup_teardown(reads_ids, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
