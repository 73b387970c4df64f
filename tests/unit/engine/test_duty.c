/*
 * Goal: the proof of coverage finds each hole, overlap and missing deputy,
 * and nothing else.
 * Method: seeded random organisations.  A plain walk over the chain at single
 * minutes is the oracle for every kind of fault, and route_owner must give an
 * alert to whom that walk gives it.  From organisations that pass, taking
 * away the only owner, the last deputy or a Saturday must fail by name.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>
#include <cmocka.h>

#include "engine/base/rand.h"
#include "engine/organisation/duty.h"
#include "engine/organisation/route_model.h"
#include "engine/organisation/route.h"
#include "tests/unit/alerts.h"

#define MONDAY_MS INT64_C(1774245600000) /* 2026-03-23T06:00:00Z */

static const char *const models[] = {
    "centralised", "coordinated", "dandelion", "honeycomb"};

/* Places live as long as ${diag}. */
static struct organisation *
load(const struct buf *text, struct diag *diag)
{
	char path[] = "/tmp/vigie-duty-XXXXXX";
	struct organisation *o = organisation_new();
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text->data, text->len), text->len);
	close(fd);
	if (!organisation_load(o, path, diag)) {
		diag_print(diag, stderr, false);
		fail_msg("%.*s", (int)text->len, text->data);
	}
	unlink(path);
	return o;
}

static struct rand
seeded(uint64_t seed)
{
	struct rand r;

	rand_seed(&r, seed);
	return r;
}

static int
below(struct rand *r, size_t n)
{
	return (int)rand_below(r, (uint32_t)n);
}

static const char *
one_of(struct rand *r, const char *const *items, size_t count)
{
	return items[below(r, count)];
}

#define ONE(r, list) one_of(r, list, sizeof(list) / sizeof(*(list)))

static const char *const hours[] = {"always", "office",
    "[{days: mon-fri, from: \"08:00\", to: \"20:00\"}]",
    "[{days: mon-sun, from: \"22:00\", to: \"06:00\"}]",
    "[{days: sat-sun, from: \"00:00\", to: \"24:00\"}, {days: wed}]",
    "[{days: [tue, thu], from: \"06:30\", to: \"14:15\"}]"};

/* One team of any sort. */
static void
wild_team(struct buf *out, struct rand *r, int i, int count)
{
	static const char *const kinds[] = {"centre", "department", "brand",
	    "region", "agency", "ambassador", "brand", "agency"};
	static const char *const brands[] = {
	    "\"*\"", "[b0]", "[b1]", "[b0, b2]", "[b3]", "\"*\""};
	static const char *const langs[] = {
	    "[fr]", "[en]", "[fr, en]", "\"*\""};
	static const char *const zones[] = {
	    "Europe/Paris", "America/New_York", "Asia/Tokyo", "UTC"};

	buf_printf(out, "  t%d: {kind: %s, brands: %s", i,
	    i == 0 ? "centre" : ONE(r, kinds),
	    i == 0 ? "\"*\"" : ONE(r, brands));
	if (i == 0 || below(r, 4) == 0)
		buf_text(out, ", sectors: \"*\"");
	if (below(r, 3) == 0)
		buf_printf(out, ", languages: %s", ONE(r, langs));
	if (below(r, 5) == 0)
		buf_text(out, ", countries: [be]");
	if (below(r, 4) == 0)
		buf_printf(out, ", topics: [p%d]", below(r, 3));
	if (below(r, 4) == 0)
		buf_printf(out, ", departments: [d%d]", below(r, 2));
	if (below(r, 3) == 0)
		buf_printf(out, ", levels: [%d, %d]", 1 + below(r, 2),
		    3 + below(r, 2));
	buf_printf(out, ", hours: %s, zone: %s", ONE(r, hours), ONE(r, zones));
	if (below(r, 3) == 0)
		buf_printf(out, ", deputies: [t%d]",
		    (i + 1 + below(r, (size_t)count - 1)) % count);
	if (below(r, 4) == 0)
		buf_printf(
		    out, ", people: [A, {name: B, hours: %s}]", ONE(r, hours));
	if (i > 0 && below(r, 4) == 0)
		buf_printf(out, ", under: t%d", below(r, (size_t)i));
	if (i > 0 && below(r, 8) == 0)
		buf_text(out, ", stage: shadow");
	if (below(r, 8) == 0)
		buf_text(out, ", talk: both");
	buf_text(out, "}\n");
}

static struct organisation *
wild(struct rand *r)
{
	struct buf text = {0};
	int count = 3 + below(r, 7);
	struct diag *diag = diag_new();
	struct organisation *o;

	buf_printf(&text,
	    "model: %s\nzone: Europe/Paris\n"
	    "promise: {1: office, 2: always, 3: always, 4: office}\n"
	    "deputy_from: %d\n",
	    ONE(r, models), 1 + below(r, 4));
	if (below(r, 2) == 0)
		buf_text(&text, "languages: [fr, en, de]\n");
	if (below(r, 2) == 0)
		buf_text(&text, "holidays: [2026-03-25]\n");
	if (below(r, 3) == 0)
		buf_printf(&text,
		    "routes: [{match: {brand: b0, level: 2..3}, owner: t%d}]\n",
		    below(r, (size_t)count));
	buf_text(&text, "teams:\n");
	for (int i = 0; i < count; i++)
		wild_team(&text, r, i, count);
	o = load(&text, diag);
	diag_free(diag);
	buf_fini(&text);
	return o;
}

static struct duty_question
question(struct rand *r, const struct organisation *o)
{
	static const char *const brands[] = {NULL, "b0", "b1", "b2", "b3"};
	static const char *const topics[] = {NULL, "p0", "p1", "p2"};
	static const char *const departments[] = {NULL, "d0", "d1"};
	static const char *const langs[] = {"fr", "en", "de"};
	static const char *const countries[] = {NULL, "be"};
	struct duty_question q = {
	    .sector = "any",
	    .brand = ONE(r, brands),
	    .topic = ONE(r, topics),
	    .department = ONE(r, departments),
	    .lang = o->plan->languages.count > 0 ? ONE(r, langs) : NULL,
	    .country = ONE(r, countries),
	    .level = (uint8_t)(1 + below(r, 4)),
	    .ms = MONDAY_MS + below(r, DUTY_MINUTES) * MINUTE_MS,
	};

	return q;
}

/* Two teams that share no language are no tie when it is not known. */
static bool
share_language(const struct team *a, const struct team *b)
{
	if (a->languages.all || a->languages.count == 0 || b->languages.all ||
	    b->languages.count == 0)
		return true;
	for (size_t i = 0; i < a->languages.count; i++)
		if (organisation_holds(&b->languages, a->languages.ids[i]))
			return true;
	return false;
}

static struct alert *
alert_of(const struct duty_question *q)
{
	struct alert *a = alerts_make(q->sector, q->brand, 1);

	a->kind = ALERT_DENSITY;
	a->level = q->level;
	a->main_topic = q->topic != NULL ? strdup(q->topic) : NULL;
	a->department = q->department != NULL ? strdup(q->department) : NULL;
	a->lang = q->lang != NULL ? strdup(q->lang) : NULL;
	a->country = q->country != NULL ? strdup(q->country) : NULL;
	a->minute_ms = q->ms;
	return a;
}

/* The same by walking, with the alert that it would be. */
static struct duty_answer
walk(const struct organisation *o, const struct duty_question *q)
{
	struct alert *a = alert_of(q);
	struct route_subject s = route_subject_of(o, a);
	const struct team *all[16];
	struct route_chain chain = {0};
	const struct route_choice *owner;
	struct duty_answer answer = {0};

	for (size_t i = 0; i < o->teams_count; i++)
		all[i] = &o->teams[i];
	route_chain_build(o, all, o->teams_count, &s, &chain);
	owner = route_on_duty(o, &chain, q->ms);
	route_owner(o, a);
	if (owner == NULL)
		assert_null(a->owner);
	else
		assert_string_equal(a->owner, owner->team->id);
	answer.hole = owner == NULL || !owner->promised ||
		      !organisation_on_duty(o, owner->team, q->ms);
	for (size_t i = 0; i < chain.count && !answer.hole; i++) {
		const struct route_choice *c = &chain.choices[i];

		answer.overlap |=
		    c != owner && c->rank == owner->rank &&
		    organisation_on_duty(o, c->team, q->ms) &&
		    (q->lang != NULL || share_language(c->team, owner->team));
	}
	answer.lone = !answer.hole && q->level >= o->plan->deputy_from &&
		      a->route->deputy == NULL &&
		      a->route->deputy_person == NULL;
	alert_unref(a);
	route_chain_fini(&chain);
	return answer;
}

static void
test_oracle(void **state)
{
	struct rand r = seeded(6);
	unsigned holes = 0, ties = 0, lone = 0, asked = 0;

	(void)state;
	for (int i = 0; i < 150; i++) {
		struct organisation *o = wild(&r);
		struct duty *d = duty_new(o, NULL, MONDAY_MS);

		for (int k = 0; k < 200; k++) {
			struct duty_question q = question(&r, o);
			struct duty_answer got = duty_ask(d, &q), want;

			if (!got.promised)
				continue;
			want = walk(o, &q);
			asked++;
			holes += want.hole;
			ties += want.overlap;
			lone += want.lone;
			if (got.hole != want.hole || got.lone != want.lone)
				fail_msg("organisation %d, question %d: hole "
					 "%d not %d, alone %d not %d",
				    i, k, got.hole, want.hole, got.lone,
				    want.lone);
			/* without a language also of two behind the owner */
			if (want.overlap != got.overlap &&
			    (q.lang != NULL || want.overlap))
				fail_msg("organisation %d, question %d: a tie",
				    i, k);
		}
		duty_free(d);
		organisation_free(o);
	}
	/* the test sees all of them, and their absence */
	assert_true(holes > 5000 && asked - holes > 5000);
	assert_true(ties > 50 && lone > 1000);
}

/* ---- what is taken away */

/* A house that holds: centre and deputy round the clock, a team per brand. */
struct house {
	const char *model, *zone, *centre_hours, *deputy_hours, *sectors;
	bool deputy;
	int brands, langs;
};

static void
write_house(const struct house *h, struct rand r, struct buf *out)
{
	static const char *const kinds[] = {"brand", "agency"};

	buf_printf(out,
	    "model: %s\nzone: %s\nlanguages: [%s]\ndeputy_from: 3\n"
	    "promise: {1: office, 2: office, 3: always, 4: always}\n"
	    "teams:\n",
	    h->model, h->zone, h->langs > 1 ? "fr, en" : "fr");
	buf_printf(out, "  hub: {kind: centre, brands: \"*\", %shours: %s%s}\n",
	    h->sectors, h->centre_hours,
	    h->deputy ? ", deputies: [night]" : "");
	if (h->deputy)
		buf_printf(out,
		    "  night: {kind: agency, brands: \"*\", %slevels: [3, 4], "
		    "hours: %s}\n",
		    h->sectors, h->deputy_hours);
	for (int i = 0; i < h->brands; i++)
		buf_printf(out, "  t%d: {kind: %s, brands: [b%d], hours: %s}\n",
		    i, ONE(&r, kinds), i, ONE(&r, hours));
}

/* How many errors the proof finds; what it says is in ${said}. */
static unsigned
prove(const struct house *h, struct rand r, bool french, char **said)
{
	struct buf text = {0};
	struct diag *diag = diag_new();
	struct organisation *o;
	struct duty *d;
	unsigned errors;
	size_t bytes;
	FILE *f;

	write_house(h, r, &text);
	o = load(&text, diag);
	d = duty_new(o, NULL, MONDAY_MS);
	errors = duty_prove(d, french, diag);
	f = open_memstream(said, &bytes);
	diag_print_all(diag, f, false);
	fclose(f);
	duty_free(d);
	organisation_free(o);
	diag_free(diag);
	buf_fini(&text);
	return errors;
}

static void
fails(const struct house *h, struct rand r, const char *const *words)
{
	char *said;

	if (prove(h, r, false, &said) == 0)
		fail_msg("%s: passes without '%s'", h->model, words[0]);
	for (; *words != NULL; words++)
		if (strstr(said, *words) == NULL)
			fail_msg("%s: no '%s' in:\n%s", h->model, *words, said);
	free(said);
}

static void
test_taken_away(void **state)
{
	static const char *const zones[] = {
	    "Europe/Paris", "UTC", "America/New_York", "Asia/Tokyo"};
	static const char *const week[] = {
	    "'hub'", "Saturday 28 March", "the whole weekend", NULL};
	static const char *const lone[] = {
	    "'hub' is alone", "levels 3 and 4", "the whole week", NULL};
	static const char *const owner[] = {
	    "no team answers", "alerts of a whole sector", NULL};
	const char *const *wants[] = {week, lone, owner};
	struct rand r = seeded(66);

	(void)state;
	for (int i = 0; i < 100; i++) {
		const struct house good = {.model = ONE(&r, models),
		    .zone = ONE(&r, zones),
		    .centre_hours = "always",
		    .deputy_hours = "always",
		    .sectors = "sectors: \"*\", ",
		    .deputy = true,
		    .brands = below(&r, 6),
		    .langs = 1 + below(&r, 2)};
		struct house bad[3] = {good, good, good};
		char *said;

		if (prove(&good, r, false, &said) != 0)
			fail_msg("seed %d, %s:\n%s", i, good.model, said);
		free(said);
		bad[0].centre_hours = bad[0].deputy_hours = "[{days: mon-fri}]";
		bad[1].deputy = false;
		bad[2].sectors = "";
		for (int k = 0; k < 3; k++)
			fails(&bad[k], r, wants[k]);
	}
}

static void
test_french(void **state)
{
	const struct house h = {.model = "coordinated",
	    .zone = "Europe/Paris",
	    .centre_hours = "[{days: mon-fri}]",
	    .sectors = "sectors: \"*\", ",
	    .deputy = false,
	    .langs = 1};
	char *said;

	(void)state;
	assert_int_equal(prove(&h, seeded(1), true, &said), 2);
	assert_non_null(strstr(said,
	    "personne pour « hub » ni pour qui la supplée, du samedi 28 mars "
	    "00:00 au lundi 30 mars 00:00 (tout le week-end) ; sans "
	    "responsable : toute marque, et les alertes de tout un secteur, "
	    "niveaux 3 et 4"));
	assert_non_null(strstr(said, "« hub » est seule, sans suppléant"));
	free(said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_oracle),
	    cmocka_unit_test(test_taken_away),
	    cmocka_unit_test(test_french),
	};

	if (access("/usr/share/zoneinfo/Europe/Paris", R_OK) != 0) {
		printf("skipped: no zones, package tzdata\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
