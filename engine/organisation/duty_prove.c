/*
 * Every cell that is promised, and what is wrong with it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/organisation/duty_parts.h"

struct duty *
duty_new(
    const struct organisation *o, const struct ruleset *rules, int64_t from_ms)
{
	struct duty *d = must_alloc(sizeof(*d));

	REQUIRE(o->model != MODEL_NONE);
	d->o = o;
	d->arena = arena_new();
	d->from_ms = from_ms - from_ms % MINUTE_MS;
	duty_world(d, rules);
	duty_week(d);
	d->gaps.words = d->words;
	d->brand_sets.words = (uint32_t)(d->brands_count / 64 + 1);
	d->topic_sets.words = (uint32_t)(d->topics_count / 64 + 1);
	return d;
}

void
duty_free(struct duty *d)
{
	if (d == NULL)
		return;
	route_chain_fini(&d->chain);
	duty_sets_fini(&d->gaps);
	duty_sets_fini(&d->brand_sets);
	duty_sets_fini(&d->topic_sets);
	free(d->findings);
	arena_free(d->arena);
	free(d);
}

static struct route_subject
subject_of(const struct duty_brand *brand, const struct duty_topic *topic)
{
	return (struct route_subject){
	    .sector = brand->sector,
	    .brand = brand->id,
	    .topic = topic->id,
	    .department = topic->department,
	    .kind = ALERT_DENSITY,
	    .subject = brand->id == NULL ? ALERT_SECTOR : ALERT_BRAND,
	    .talk = TALK_EXTERNAL,
	};
}

size_t
duty_concerned(const struct duty *d, const struct duty_brand *brand,
    const struct duty_topic *topic, const struct team **teams)
{
	const struct route_subject s = subject_of(brand, topic);
	size_t count = 0;

	for (size_t i = 0; i < d->o->teams_count; i++)
		if (route_concerns(&d->o->teams[i], &s) &&
		    route_is_live(&d->o->teams[i], &s))
			teams[count++] = &d->o->teams[i];
	return count;
}

/* The cell that is being asked. */
struct asking {
	struct duty *d;
	struct duty_finding now;
};

static void
note(void *self, enum duty_kind kind, uint32_t a, uint32_t b,
    const uint64_t *gap)
{
	struct asking *asking = self;
	struct duty *d = asking->d;
	struct duty_finding *f;

	if (d->findings_count == d->findings_room) {
		d->findings_room = d->findings_room * 2 + 256;
		d->findings = must_grow(
		    d->findings, d->findings_room * sizeof(*d->findings));
	}
	f = &d->findings[d->findings_count++];
	*f = asking->now;
	f->field[FIELD_KIND] = kind;
	f->field[FIELD_A] = a;
	f->field[FIELD_B] = b;
	f->field[FIELD_GAP] = duty_sets_add(&d->gaps, gap);
}

#define BIT(i) (UINT64_C(1) << (i))

static void
ask_levels(struct asking *asking, const struct team *const *teams, size_t count,
    struct route_subject *s)
{
	struct duty *d = asking->d;
	uint64_t *field = asking->now.field;

	for (unsigned level = 1; level < ORGANISATION_LEVELS; level++) {
		if (d->promised[level] == NULL)
			continue;
		s->level = (uint8_t)level;
		field[FIELD_LEVELS] = BIT(level);
		for (size_t l = 0; l < d->langs_count; l++) {
			s->lang = d->langs[l];
			field[FIELD_LANGS] = BIT(l);
			d->cells += DUTY_MINUTES / 60;
			for (size_t c = 0; c < d->countries_count; c++) {
				s->country = d->countries[c];
				field[FIELD_COUNTRIES] = BIT(c);
				duty_cell(d, teams, count, s, note, asking);
			}
		}
	}
}

static void
ask_brand(struct duty *d, size_t brand, const struct team **teams,
    const struct team **some)
{
	struct asking asking = {.d = d};
	const struct duty_topic none = {NULL, NULL, NULL};
	size_t count = 0;

	/* Those that are for the brand at all, whatever the topic. */
	for (size_t i = 0; i < d->o->teams_count; i++) {
		const struct team *team = &d->o->teams[i];

		if (organisation_holds(&team->brands, d->brands[brand].id) ||
		    organisation_holds(&team->sectors, d->brands[brand].sector))
			teams[count++] = team;
	}
	for (size_t t = 0; t < d->topics_count; t++) {
		const struct duty_topic *topic = &d->topics[t];
		struct route_subject s =
		    subject_of(&d->brands[brand], t == 0 ? &none : topic);
		size_t found = 0;

		if (topic->sector != NULL &&
		    topic->sector != d->brands[brand].sector)
			continue;
		for (size_t i = 0; i < count; i++)
			if (route_concerns(teams[i], &s) &&
			    route_is_live(teams[i], &s))
				some[found++] = teams[i];
		asking.now.field[FIELD_BRAND] = brand;
		asking.now.field[FIELD_TOPIC] = t;
		ask_levels(&asking, some, found, &s);
	}
}

unsigned
duty_prove(struct duty *d, bool french, struct diag *diag)
{
	size_t room = (d->o->teams_count + 1) * sizeof(struct team *);
	const struct team **teams = must_alloc(room);
	const struct team **some = must_alloc(room);
	unsigned errors = diag_errors(diag);

	d->findings_count = 0;
	d->cells = d->checked = 0;
	for (size_t b = 0; b < d->brands_count; b++)
		ask_brand(d, b, teams, some);
	duty_merge(d);
	for (size_t i = 0; i < d->findings_count; i++)
		duty_tell(d, &d->findings[i], french, diag);
	duty_capacity(d, french, diag);
	free(teams);
	free(some);
	return diag_errors(diag) - errors;
}

/* ---- one question */

struct hearing {
	uint32_t segment;
	struct duty_answer answer;
};

static void
hear(void *self, enum duty_kind kind, uint32_t a, uint32_t b,
    const uint64_t *gap)
{
	struct hearing *h = self;

	(void)a;
	(void)b;
	if (!duty_bit(gap, h->segment))
		return;
	h->answer.hole |= kind == DUTY_HOLE;
	h->answer.overlap |= kind == DUTY_OVERLAP;
	h->answer.lone |= kind == DUTY_LONE;
}

struct duty_answer
duty_ask(struct duty *d, const struct duty_question *q)
{
	const struct duty_brand brand = {q->brand, NULL, q->sector};
	const struct duty_topic topic = {q->topic, q->department, NULL};
	const struct team **teams =
	    must_alloc((d->o->teams_count + 1) * sizeof(*teams));
	struct route_subject s = subject_of(&brand, &topic);
	struct hearing h = {.segment = duty_at(d, q->ms)};
	size_t count = duty_concerned(d, &brand, &topic, teams);

	s.level = q->level;
	s.lang = q->lang;
	s.country = q->country;
	if (d->promised[q->level] != NULL &&
	    duty_bit(d->promised[q->level], h.segment)) {
		h.answer.promised = true;
		duty_cell(d, teams, count, &s, hear, &h);
	}
	free(teams);
	return h.answer;
}
