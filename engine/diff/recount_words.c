/*
 * What was recomputed, for people and for programs.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "engine/diff/recount_parts.h"

#define MEMBER_WIDTH 24u

/* What a member is, for people; by the beginning of its path. */
static const struct {
	const char *member, *fr, *en;
} meanings[] = {
    {"excess", "tort au-delà de la normale", "harm beyond what is normal"},
    {"density", "densité de risque, sur 100 voix",
	"risk density, of 100 voices"},
    {"breadth", "nombre de marques touchées", "brands that are affected"},
    {"concentration", "part de redites", "how much is the same voices"},
    {"coordinated", "peut-être organisé", "perhaps organised"},
    {"level", "niveau, et ce qui l'a fait dire",
	"level, and what it is owed to"},
    {"falls_below", "densité sous laquelle il baisse",
	"density under which it falls"},
    {"rarity", "tous les combien", "how often that happens"},
    {"window", "l'heure dont on parle", "the hour it is about"},
    {"id", "identité de l'épisode", "identity of the episode"},
};

static const char *
meaning(const struct recount_row *row, bool french)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		size_t n = strlen(meanings[i].member);

		if (row->member.len >= n &&
		    !memcmp(row->member.data, meanings[i].member, n) &&
		    (row->member.len == n || row->member.data[n] == '.'))
			return french ? meanings[i].fr : meanings[i].en;
	}
	return NULL;
}

/* The paths of alerts are in English; their amounts are the same in both. */
static void
put_row(const struct recount_row *row, bool french, struct buf *out)
{
	const char *words = meaning(row, french);

	buf_text(out, row->agrees ? "  = " : "  X ");
	buf_plain(out, buf_slice(&row->member));
	for (size_t n = row->member.len; n < MEMBER_WIDTH; n++)
		buf_char(out, ' ');
	buf_char(out, ' ');
	buf_plain(out, buf_slice(&row->said));
	if (row->how.len > 0) {
		buf_text(out, "  <- ");
		buf_plain(out, buf_slice(&row->how));
	}
	if (words != NULL)
		buf_printf(out, "  (%s)", words);
	if (!row->agrees) {
		buf_text(out, french ? "  DIFFÈRE, recalculé : " :
				       "  DIFFERS, recomputed: ");
		buf_plain(out, buf_slice(&row->made));
	}
	buf_char(out, '\n');
}

void
recount_people(const struct recount *r, bool french, struct buf *out)
{
	buf_slice_put(out, buf_slice(&r->id));
	buf_printf(out, " rev %lld\n", (long long)recount_rev(r));
	buf_plain(out, buf_slice(french ? &r->sentence_fr : &r->sentence_en));
	buf_char(out, '\n');
	for (unsigned i = 0; i < r->rows_count; i++)
		put_row(&r->rows[i], french, out);
	if (r->is_signal)
		buf_text(out, french ?
		    "  Les faits du signal lui-même (« signal ») ne sont pas "
		    "recalculés.\n" :
		    "  The signal's own facts (\"signal\") are not "
		    "recomputed.\n");
	if (r->differs > 0)
		buf_printf(out, french ?
		    "%u sur %u valeurs diffèrent : l'alerte a été modifiée, "
		    "ou vient d'une autre version.\n" :
		    "%u of %u figures differ: the alert was changed, or is of "
		    "another version.\n",
		    r->differs, r->rows_count);
	else
		buf_printf(out, french ?
		    "Les %u valeurs recalculées sont celles de l'alerte. Le "
		    "tort, les voix et la normale sont des sommes sur des "
		    "messages que l'alerte ne contient pas.\n" :
		    "All %u recomputed figures are those of the alert. Harm, "
		    "voices and the norm are sums over posts that are not in "
		    "it.\n",
		    r->rows_count);
}

static void
text_member(struct buf *out, const char *name, const struct buf *value)
{
	buf_printf(out, ",\"%s\":", name);
	buf_json(out, buf_slice(value));
}

void
recount_json(const struct recount *r, struct buf *out)
{
	buf_text(out, "{\"id\":");
	buf_json(out, buf_slice(&r->id));
	buf_printf(out, ",\"rev\":%lld,\"agrees\":%s,\"differ\":%u,\"rows\":[",
	    (long long)recount_rev(r), r->differs == 0 ? "true" : "false",
	    r->differs);
	for (unsigned i = 0; i < r->rows_count; i++) {
		const struct recount_row *row = &r->rows[i];

		buf_text(out, i > 0 ? ",{\"member\":" : "{\"member\":");
		buf_json(out, buf_slice(&row->member));
		text_member(out, "said", &row->said);
		text_member(out, "recomputed", &row->made);
		text_member(out, "how", &row->how);
		buf_printf(out, ",\"agrees\":%s}",
		    row->agrees ? "true" : "false");
	}
	buf_text(out, "]}\n");
}
