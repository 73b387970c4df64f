/*
 * Goal: whatever people, alerts, time and crashes do in whatever order, each
 * alert has one owner at most, every step is a legal one, nothing that is due
 * is forgotten, and the journal gives the same machine.
 * Method: a machine fed by a seed; a small model of its own that knows only
 * the entries of the journal checks each of them, and after every tick that
 * what is overdue was told of.  Crashes cut the journal anywhere within the
 * last step.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/base/rand.h"
#include "tests/unit/engine/lifecycle_bed.h"

#ifdef __SANITIZE_ADDRESS__
#define SEEDS 40u
#else
#define SEEDS 300u
#endif
#define STEPS 400u
#define EPISODES 6u

static const char *const teams[] = {"crisis", "house", "kitkat", "legal"};
static const char *const acts[] = {"claim", "claim", "claim", "hold",
    "respond", "watch", "close", "handover", "release", "note"};

/* What the journal says of one alert. */
struct known {
	char state[64], owner[64];
	int64_t until_ms, answer_by_ms;
	bool offered, late, broken;
};

struct sim {
	struct rand r;
	struct bed bed;
	struct known models[EPISODES + 1];
	uint32_t seen;   /* entries that the models know */
	uint8_t levels[EPISODES + 1];
	uint32_t claims; /* that were done */
};

/* The member ${key} of an entry into ${out}; "" for null. */
static const char *
member(const char *json, const char *key, char out[64])
{
	char name[32];
	const char *at;
	size_t n = 0;

	snprintf(name, sizeof(name), ",\"%s\":", key);
	at = strstr(json, name);
	out[0] = '\0';
	if (at == NULL)
		return out;
	at += strlen(name);
	if (*at == '"')
		for (at++; *at != '"' && n < 63; at++)
			out[n++] = *at;
	out[n] = '\0';
	return out;
}

static int64_t
member_time(const char *json, const char *key)
{
	char text[64];
	int64_t ms;

	member(json, key, text);
	return clock_parse(slice_of(text), &ms) ? ms : TIME_NONE;
}

static const char *const legal[] = {">detected", "detected>notified",
    "detected>claimed", "detected>detected", "detected>closed",
    "notified>notified", "notified>claimed", "notified>closed",
    "notified>watching", "claimed>claimed", "claimed>notified",
    "claimed>holding", "claimed>responding", "claimed>watching",
    "claimed>closed", "holding>holding", "holding>claimed",
    "holding>notified", "holding>responding", "holding>watching",
    "responding>responding", "responding>holding", "responding>claimed",
    "responding>notified", "responding>watching", "responding>closed",
    "watching>watching", "watching>claimed", "watching>holding",
    "watching>responding", "watching>notified", "watching>closed",
    "closed>closed", "closed>notified"};

static void
check_step(const struct known *m, const char *json)
{
	char from[64], to[64], pair[140];
	size_t i = 0;

	member(json, "from", from);
	member(json, "to", to);
	if (strcmp(from, m->state) != 0)
		fail_msg("was %s: %s", m->state, json);
	snprintf(pair, sizeof(pair), "%s>%s", from, to);
	while (i < sizeof(legal) / sizeof(*legal) &&
	    strcmp(legal[i], pair) != 0)
		i++;
	if (i == sizeof(legal) / sizeof(*legal))
		fail_msg("no legal step: %s", json);
}

/* Who owns it changes only by a claim; it is lost only in the ways there
 * are. */
static void
check_owner(struct known *m, const char *json)
{
	char owner[64], act[64], why[64], team[64], from[64];

	member(json, "owner", owner);
	member(json, "do", act);
	member(json, "why", why);
	member(json, "team", team);
	member(json, "from", from);
	if (!strcmp(act, "claim")) {
		assert_string_equal(owner, team);
		/* Only what nobody has, what was offered, or what another
		 * was asked to take over. */
		if (m->owner[0] != '\0' && !m->offered &&
		    strcmp(from, "notified") != 0)
			fail_msg("had an owner, %s: %s", m->owner, json);
	} else if (owner[0] != '\0') {
		assert_string_equal(owner, m->owner);
		if (act[0] != '\0' && strcmp(act, "note") != 0)
			assert_string_equal(team, owner);
	} else if (m->owner[0] != '\0' && strcmp(act, "release") != 0 &&
	    strcmp(why, "silent") != 0 && strcmp(why, "again") != 0) {
		fail_msg("lost its owner: %s", json);
	}
}

static void
learn_step(struct sim *s, struct known *m, const char *json)
{
	char act[64];
	int64_t until_ms = member_time(json, "until");

	check_step(m, json);
	check_owner(m, json);
	member(json, "do", act);
	if (until_ms != m->until_ms || !strcmp(act, "hold"))
		m->broken = false;
	m->until_ms = until_ms;
	m->answer_by_ms = member_time(json, "answer_by");
	if (!strcmp(act, "handover"))
		m->offered = true;
	else if (act[0] != '\0' && strcmp(act, "note") != 0 &&
	    strcmp(act, "hold") != 0 && strcmp(act, "respond") != 0 &&
	    strcmp(act, "watch") != 0)
		m->offered = false;
	s->claims += !strcmp(act, "claim");
	member(json, "to", m->state);
	member(json, "owner", m->owner);
	m->late = false;
}

static void
learn(struct sim *s)
{
	struct bed *b = &s->bed;

	for (; s->seen < b->count; s->seen++) {
		const struct bed_entry *e = &b->entries[s->seen];
		char text[64];
		struct known *m;

		if (!strcmp(e->kind, "alert"))
			continue;
		member(e->json, "alert", text);
		m = &s->models[strtoul(text, NULL, 16)];
		if (!strcmp(e->kind, "lifecycle")) {
			learn_step(s, m, e->json);
			continue;
		}
		member(e->json, "kind", text);
		if (!strcmp(text, "promise_broken")) {
			assert_false(m->broken);
			assert_true(m->until_ms != TIME_NONE &&
			    m->until_ms <= member_time(e->json, "at"));
			m->broken = true;
		} else if (!strcmp(text, "answer_late")) {
			m->late = true;
		} else if (!strcmp(text, "handover_due")) {
			m->offered = false;
		}
	}
}

/* Nothing that is due was left out. */
static void
check_overdue(const struct sim *s)
{
	int64_t now_ms = s->bed.now_ms;

	for (uint32_t i = 1; i <= EPISODES; i++) {
		const struct known *m = &s->models[i];

		if (m->state[0] == '\0' || !strcmp(m->state, "closed"))
			continue;
		if (m->until_ms != TIME_NONE && m->until_ms <= now_ms &&
		    !m->broken)
			fail_msg("promise of %u forgotten", i);
		if (!strcmp(m->state, "claimed") && m->answer_by_ms !=
			TIME_NONE && m->answer_by_ms <= now_ms)
			fail_msg("silent owner of %u forgotten", i);
	}
}

static void
send_alert(struct sim *s)
{
	uint32_t i = 1 + rand_below(&s->r, EPISODES);
	uint8_t level = (uint8_t)rand_below(&s->r, 5);
	bool high = level >= 3;
	struct alert *a;

	if (s->levels[i] == 0 && s->models[i].state[0] != '\0')
		return; /* that episode is over */
	if (s->models[i].state[0] == '\0' && level == 0)
		return;
	a = bed_alert(i, level,
	    high && rand_below(&s->r, 2) == 0 ? "crisis" : "kitkat",
	    high ? teams : teams + 1, high ? 3 : 2,
	    s->bed.now_ms / MINUTE_MS * MINUTE_MS);
	s->levels[i] = level;
	bed_message(&s->bed, a);
	if (rand_below(&s->r, 4) > 0)
		lifecycle_told(s->bed.lc, a->id, s->bed.now_ms);
	alert_unref(a);
}

static void
send_command(struct sim *s)
{
	struct buf json = {0};
	struct answer a;
	int64_t until_ms = s->bed.now_ms +
	    (int64_t)rand_below(&s->r, 200) * MINUTE_MS - 5 * MINUTE_MS;

	buf_printf(&json, "{\"do\":\"%s\",\"alert\":\"%032x\",\"team\":\"%s\","
	    "\"to\":\"%s\",\"by\":\"p%u\"",
	    acts[rand_below(&s->r, sizeof(acts) / sizeof(*acts))],
	    1 + rand_below(&s->r, EPISODES), teams[rand_below(&s->r, 4)],
	    teams[rand_below(&s->r, 4)], rand_below(&s->r, 3));
	if (rand_below(&s->r, 3) > 0)
		buf_text(&json, ",\"text\":\"some words\"");
	buf_text(&json, ",\"until\":\"");
	buf_utc(&json, until_ms);
	buf_text(&json, "\"}");
	buf_char(&json, '\0');
	bed_do(&s->bed, json.data, &a);
	buf_fini(&json);
}

static void
compare(struct sim *s, const struct lifecycle *other)
{
	struct buf one = {0}, two = {0};

	lifecycle_save(s->bed.lc, &one);
	lifecycle_save(other, &two);
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.data, two.data, one.len);
	buf_fini(&one);
	buf_fini(&two);
}

/* The last step may be cut anywhere; before it all is on the disk. */
static void
crash(struct sim *s, uint32_t before)
{
	struct bed *b = &s->bed;
	uint32_t kept =
	    before + rand_below(&s->r, b->count - before + 1);

	while (b->count > kept) {
		b->count--;
		free(b->entries[b->count].json);
		free(b->entries[b->count].note);
	}
	memset(s->models, 0, sizeof(s->models));
	for (uint32_t i = 0; i <= EPISODES; i++)
		s->models[i].until_ms = s->models[i].answer_by_ms = TIME_NONE;
	s->seen = 0;
	lifecycle_free(b->lc);
	b->lc = bed_again(b, kept, b->now_ms);
	/* What it said at the start is in the journal, too. */
	learn(s);
	for (uint32_t i = 1; i <= EPISODES; i++) {
		char id[40];
		const struct lifecycle_case *c;

		snprintf(id, sizeof(id), "%032x", i);
		c = lifecycle_find(b->lc, slice_of(id));
		if (c != NULL)
			s->levels[i] = c->level;
	}
}

static void
step(struct sim *s)
{
	struct bed *b = &s->bed;
	uint32_t before = b->count, what = rand_below(&s->r, 20);

	if (what < 4)
		send_alert(s);
	else if (what < 13)
		send_command(s);
	else
		b->now_ms += rand_below(&s->r, 40) * MINUTE_MS;
	if (what >= 13 || rand_below(&s->r, 2) == 0) {
		lifecycle_tick(b->lc, b->now_ms);
		learn(s);
		check_overdue(s);
		assert_true(lifecycle_next(b->lc) > b->now_ms);
	}
	if (rand_below(&s->r, 30) == 0)
		crash(s, before);
}

static void
run(uint64_t seed, uint32_t *claims)
{
	struct sim s = {0};
	struct lifecycle *again;
	uint32_t count;

	rand_seed(&s.r, seed);
	bed_open(&s.bed);
	for (uint32_t i = 0; i <= EPISODES; i++)
		s.models[i].until_ms = s.models[i].answer_by_ms = TIME_NONE;
	for (uint32_t i = 0; i < STEPS; i++)
		step(&s);
	learn(&s);
	count = s.bed.count;
	again = bed_again(&s.bed, count, s.bed.now_ms);
	assert_int_equal(s.bed.count, count);
	lifecycle_tick(again, s.bed.now_ms);
	lifecycle_tick(s.bed.lc, s.bed.now_ms);
	if (s.bed.count == count)
		compare(&s, again);
	lifecycle_free(again);
	*claims += s.claims;
	bed_close(&s.bed);
}

static void
many_lives(void **state)
{
	uint32_t claims = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		run(seed, &claims);
	/* They do happen. */
	assert_true(claims > 10 * SEEDS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(many_lives)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
