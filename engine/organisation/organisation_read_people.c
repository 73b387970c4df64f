/*
 * The people of a team.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/organisation_read.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
read_person_name(struct reading *r, void *into, const struct yaml *n)
{
	((struct person *)into)->name = organisation_read_text(r, n);
}

static void
read_person_contact(struct reading *r, void *into, const struct yaml *n)
{
	((struct person *)into)->contact = organisation_read_text(r, n);
}

static void
read_person_role(struct reading *r, void *into, const struct yaml *n)
{
	static const char *const roles[] = {"owner", "deputy"};

	((struct person *)into)->is_deputy =
	    organisation_read_word(r, n, "role", roles, 2) == 1;
}

static void
read_person_hours(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_hours(r, &((struct person *)into)->hours, n);
}

void
organisation_read_person(struct reading *r, struct team_people *in,
    const struct yaml *n, bool is_deputy)
{
	static const struct read_key person_keys[] = {
	    {"name", read_person_name},
	    {"contact", read_person_contact},
	    {"role", read_person_role},
	    {"hours", read_person_hours},
	};
	struct person *person = &in->people[in->team->people_count];

	*person = (struct person){.is_deputy = is_deputy};
	if (n->kind == YAML_MAP)
		organisation_read_keys(r, n, person_keys, COUNT(person_keys),
		    "setting of a person", person);
	else
		person->name = organisation_read_text(r, n);
	if (n->kind == YAML_MAP && yaml_get(n, "name") == NULL)
		diag_add(r->diag, DIAG_ERROR, n->place, "missing-setting",
		    "{name: Claire, contact: \"+33 1 ...\"}",
		    "a person has a name");
	if (person->name != NULL)
		in->team->people_count++;
}

void
organisation_read_people(
    struct reading *r, struct team_people *in, const struct yaml *n)
{
	for (n = organisation_read_list(r, n, "a list of people"); n != NULL;
	     n = n->next)
		organisation_read_person(r, in, n, false);
}

void
organisation_read_people_hours(
    struct reading *r, struct team_people *in, bool own_holidays)
{
	const struct hours *h = &in->team->hours;

	for (size_t i = 0; i < in->team->people_count; i++) {
		struct hours *own = &in->people[i].hours;

		if (!own->always && own->spans_count == 0) {
			*own = *h;
			continue;
		}
		own->zone = h->zone;
		if (own->always)
			continue;
		/* Whoever keeps office hours keeps the holidays, also in a
		 * team that is there round the clock. */
		own->holidays =
		    own_holidays ? h->holidays : r->o->plan->holidays;
		own->holidays_count = own_holidays ? h->holidays_count
						   : r->o->plan->holidays_count;
	}
}
