/*
 * A rehearsal for people, one column per model, and for programs.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/organisation/rehearsal.h"

#define LABEL_WIDTH 39
#define COLUMN_WIDTH 16

/* Bytes that continue a character take no room on the screen. */
static int
width_of(const char *text)
{
	int width = 0;

	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static void
put_padded(struct buf *out, const char *text, int width, bool right)
{
	int blanks = width - width_of(text);

	for (int i = 0; right && i < blanks; i++)
		buf_char(out, ' ');
	buf_text(out, text);
	for (int i = 0; !right && i < blanks; i++)
		buf_char(out, ' ');
}

static void
span(char *to, size_t bytes, int64_t from_ms, int64_t to_ms, bool french)
{
	int64_t minutes;

	if (from_ms == TIME_NONE || to_ms == TIME_NONE) {
		snprintf(to, bytes, "%s", french ? "jamais" : "never");
		return;
	}
	minutes = (to_ms - from_ms) / MINUTE_MS;
	if (minutes < 60)
		snprintf(to, bytes, "%" PRId64 " min", minutes);
	else
		snprintf(to, bytes, "%" PRId64 " h %02" PRId64, minutes / 60,
		    minutes % 60);
}

static void
share(char *to, size_t bytes, uint32_t part, uint32_t all, bool french)
{
	snprintf(to, bytes, french ? "%" PRIu32 " sur %" PRIu32 :
	    "%" PRIu32 " of %" PRIu32, part, all);
}

static const char *const labels[][2] = {
    {"first grave alert: who took it", "première alerte grave : prise par"},
    {"  after", "  au bout de"},
    {"first word in public after", "première parole publique au bout de"},
    {"alerts claimed in time", "alertes prises à temps"},
    {"  of those that began on a weekend", "  dont celles du week-end"},
    {"time to an owner, the middle", "temps jusqu'à un responsable, médian"},
    {"  the longest", "  le plus long"},
    {"alerts that nobody took", "alertes que personne n'a prises"},
    {"teams that spoke in public", "équipes qui ont parlé en public"},
    {"  at most about one alert", "  au plus sur une même alerte"},
    {"changes of owner", "changements de responsable"},
    {"calls for help (escalation)", "appels à l'aide (escalade)"},
    {"promises broken", "promesses non tenues"},
};

#define ROWS (sizeof(labels) / sizeof(*labels))

static void
cell(const struct rehearsal_result *r, size_t row, bool french, char *to,
    size_t bytes)
{
	switch (row) {
	case 0:
		snprintf(to, bytes, "%s", r->first_owner[0] != '\0' ?
			r->first_owner : french ? "personne" : "nobody");
		break;
	case 1: span(to, bytes, r->first_ms, r->first_owner_ms, french); break;
	case 2: span(to, bytes, r->first_ms, r->statement_ms, french); break;
	case 3: share(to, bytes, r->in_time, r->episodes, french); break;
	case 4:
		share(to, bytes, r->weekend_in_time, r->weekend, french);
		break;
	case 5:
	case 6:
		span(to, bytes, r->owner_median_ms < 0 ? TIME_NONE : 0,
		    row == 5 ? r->owner_median_ms : r->owner_worst_ms, french);
		break;
	case 11:
		snprintf(to, bytes, "%" PRIu32, r->escalations);
		break;
	case 12:
		share(to, bytes, r->promises_broken, r->promises, french);
		break;
	default: {
		const uint32_t numbers[] = {r->unowned, r->interlocutors,
		    r->most_at_once, r->handovers};

		snprintf(to, bytes, "%" PRIu32, numbers[row - 7]);
	}
	}
}

static const char *
model_name(enum model model, bool french)
{
	static const char *const names[MODELS_COUNT] = {"aucun modèle",
	    "organique", "centralisé", "coordonné", "pissenlit", "ruche"};

	if (french)
		return names[model];
	return model == MODEL_NONE ? "no model" :
				     organisation_model_name(model);
}

void
rehearsal_text(const struct rehearsal_result *results, size_t count,
    uint64_t seed, bool french, struct buf *out)
{
	char text[80];

	buf_text(out, french ?
	    "\n  L'organisation devant cette crise (temps de réaction "
	    "supposés)\n\n  " :
	    "\n  The organisation in this crisis (reaction times are "
	    "assumed)\n\n  ");
	put_padded(out, "", LABEL_WIDTH, false);
	for (size_t i = 0; i < count; i++)
		put_padded(out, model_name(results[i].model, french),
		    COLUMN_WIDTH, true);
	buf_char(out, '\n');
	for (size_t row = 0; row < ROWS; row++) {
		buf_text(out, "  ");
		put_padded(out, labels[row][french], LABEL_WIDTH, false);
		for (size_t i = 0; i < count; i++) {
			cell(&results[i], row, french, text, sizeof(text));
			put_padded(out, text, COLUMN_WIDTH, true);
		}
		buf_char(out, '\n');
	}
	buf_char(out, '\n');
	rehearsal_assumed(seed, french, out);
}

static const char *
given(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

void
rehearsal_json(const struct rehearsal_result *results, size_t count,
    uint64_t seed, struct buf *out)
{
	buf_printf(out, "{\"rehearsal\":{\"seed\":%" PRIu64 ",\"assumed\":",
	    seed);
	rehearsal_assumed_json(out);
	buf_text(out, ",\"models\":[");
	for (size_t i = 0; i < count; i++) {
		const struct rehearsal_result *r = &results[i];

		buf_printf(out, "%s{\"model\":\"%s\"", i > 0 ? "," : "",
		    organisation_model_name(r->model));
		buf_member_text(out, "first_about", given(r->first_about));
		buf_member_text(out, "first_owner", given(r->first_owner));
		buf_member_time(out, "first_alert", r->first_ms);
		buf_member_time(out, "first_claim", r->first_owner_ms);
		buf_member_time(out, "first_statement", r->statement_ms);
		buf_printf(out, ",\"alerts\":%" PRIu32 ",\"grave\":%" PRIu32
		    ",\"in_time\":%" PRIu32 ",\"weekend\":%" PRIu32
		    ",\"weekend_in_time\":%" PRIu32 ",\"unowned\":%" PRIu32,
		    r->episodes, r->grave, r->in_time, r->weekend,
		    r->weekend_in_time, r->unowned);
		buf_printf(out, ",\"owner_median_min\":%" PRId64
		    ",\"owner_worst_min\":%" PRId64 ",\"interlocutors\":%"
		    PRIu32 ",\"interlocutors_at_once\":%" PRIu32,
		    r->owner_median_ms < 0 ? -1 :
		    r->owner_median_ms / MINUTE_MS, r->owner_worst_ms < 0 ?
		    -1 : r->owner_worst_ms / MINUTE_MS, r->interlocutors,
		    r->most_at_once);
		buf_printf(out, ",\"handovers\":%" PRIu32 ",\"escalations\":%"
		    PRIu32 ",\"promises\":%" PRIu32 ",\"promises_broken\":%"
		    PRIu32 "}", r->handovers, r->escalations, r->promises,
		    r->promises_broken);
	}
	buf_text(out, "]}}\n");
}
