/*
 * What a rehearsal takes for granted about people, out of the list that it
 * goes by: nobody should take its minutes for measured ones.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>

#include "engine/organisation/rehearsal.h"
#include "engine/view_words.h"

#define WIDTH 100u
#define LINES_MAX 8u

static const int sees_min[ORGANISATION_LEVELS] = {0,
#define SEES(level, minutes) minutes,
#include "engine/organisation/rehearsal_people.def"
};

static const int drafts_min[TEAM_KINDS] = {
#define DRAFTS(kind, minutes) [TEAM_##kind] = minutes,
#include "engine/organisation/rehearsal_people.def"
};

enum {
#define PEOPLE(name, figure) ASSUMED_##name = figure,
#include "engine/organisation/rehearsal_people.def"
};

static const char *const kinds[TEAM_KINDS][2] = {
    [TEAM_PLAIN] = {"any other", "toute autre"},
    [TEAM_CENTRE] = {"a centre", "un centre"},
    [TEAM_DEPARTMENT] = {"a department", "une direction"},
    [TEAM_BRAND] = {"a brand", "une marque"},
    [TEAM_REGION] = {"a region", "une région"},
    [TEAM_AGENCY] = {"an agency", "une agence"},
    [TEAM_AMBASSADOR] = {"an ambassador", "un ambassadeur"},
};

static void
put_drafts(bool french, struct buf *out)
{
	for (int k = TEAM_CENTRE; k <= TEAM_KINDS; k++) {
		int kind = k == TEAM_KINDS ? TEAM_PLAIN : k;

		buf_printf(out, "%s%s %d", k > TEAM_CENTRE ? ", " : "",
		    kinds[kind][french], drafts_min[kind]);
	}
}

void
rehearsal_assumed(uint64_t seed, bool french, struct buf *out)
{
	struct buf text = {0};

	buf_printf(&text, french ?
	    "Supposé, le même pour tous, et non mesuré (tirage %" PRIu64
	    ") : une alerte est vue et prise au bout de %d, %d, %d et %d min "
	    "(niveaux 1 à 4), %d fois plus lentement là où personne n'est "
	    "désigné ; première parole, en min : " :
	    "Assumed, the same for all, and not measured (seed %" PRIu64
	    "): an alert is seen and taken after %d, %d, %d and %d min "
	    "(levels 1 to 4), %d times as slowly where nobody is named; first "
	    "word, in min: ",
	    seed, sees_min[1], sees_min[2], sees_min[3], sees_min[4],
	    ASSUMED_BYSTANDER);
	put_drafts(french, &text);
	buf_printf(&text, french ?
	    " ; la suite promise sous %d min, la réponse après %d, puis %d "
	    "de surveillance et %d pour la leçon. Chaque temps est tiré "
	    "entre la moitié et le double ; qui est absent répond à son "
	    "retour. Comparez les colonnes, ne citez pas les minutes." :
	    "; the next word promised within %d min, the answer after %d, "
	    "then %d of watching and %d for the lesson. Each time is drawn "
	    "between half and twice as much; who is away answers when back. "
	    "Compare columns, do not quote minutes.",
	    ASSUMED_PROMISE, ASSUMED_KEEPS, ASSUMED_WATCHES, ASSUMED_CLOSES);
	view_wrap(out, buf_slice(&text), 2, WIDTH, LINES_MAX);
	buf_fini(&text);
}

void
rehearsal_assumed_json(struct buf *out)
{
	buf_text(out, "{\"measured\":false,\"sees_min\":[");
	for (int level = 1; level < ORGANISATION_LEVELS; level++)
		buf_printf(out, "%s%d", level > 1 ? "," : "", sees_min[level]);
	buf_text(out, "],\"drafts_min\":{");
	for (int kind = TEAM_PLAIN; kind < TEAM_KINDS; kind++)
		buf_printf(out, "%s\"%s\":%d", kind > TEAM_PLAIN ? "," : "",
		    organisation_kind_name((enum team_kind)kind),
		    drafts_min[kind]);
	buf_printf(out, "},\"bystander_times\":%d,\"promise_min\":%d,"
	    "\"keeps_min\":%d,\"watches_min\":%d,\"closes_min\":%d,"
	    "\"drawn\":[0.5,2]}",
	    ASSUMED_BYSTANDER, ASSUMED_PROMISE, ASSUMED_KEEPS,
	    ASSUMED_WATCHES, ASSUMED_CLOSES);
}
