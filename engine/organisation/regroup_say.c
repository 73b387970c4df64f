/*
 * The comparison of two organisations, for people and for programs.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/organisation/regroup.h"
#include "engine/view_words.h"

enum { OLD, NEW };

static void
put_row(struct buf *out, const char *id, const char *const cells[5])
{
	buf_printf(out, "  %-20s", id);
	for (int i = 0; i < 5; i++)
		buf_printf(out, " %14s", cells[i]);
	buf_char(out, '\n');
}

static void
put_team(const struct regroup_team *t, struct buf *out)
{
	char text[5][32];
	const char *cells[5];

	snprintf(text[0], 32, "%" PRIu32 " > %" PRIu32, t->owned[OLD],
	    t->owned[NEW]);
	snprintf(text[1], 32, "+%" PRIu32 " -%" PRIu32, t->owns_more,
	    t->owns_less);
	snprintf(text[2], 32, "%" PRIu32 " > %" PRIu32, t->told[OLD],
	    t->told[NEW]);
	snprintf(text[3], 32, "+%" PRIu32 " -%" PRIu32, t->gained, t->lost);
	snprintf(text[4], 32, "%" PRIu32, t->shadow[NEW]);
	for (int i = 0; i < 5; i++)
		cells[i] = text[i];
	put_row(out, t->id, cells);
}

static const char *
name_of(const struct regroup_episode *e, int side, bool french)
{
	const struct team *owner = e->sides[side].owner;

	return owner != NULL ? owner->id : french ? "personne" : "nobody";
}

static bool
moved(const struct regroup_episode *e)
{
	return strcmp(name_of(e, OLD, false), name_of(e, NEW, false)) != 0;
}

static void
put_sums(const struct regroup *g, bool french, struct buf *out)
{
	buf_printf(out, french ? "%" PRIu32 " %s : %" PRIu32 " %s de "
	    "responsable ; sans responsable %" PRIu32 " avant, %" PRIu32
	    " après\n\n" : "%" PRIu32 " %s: %" PRIu32 " %s owner; nobody's: %"
	    PRIu32 " before, %" PRIu32 " after\n\n", g->episodes_count,
	    french ? view_form(g->episodes_count, true, "alerte", "alertes") :
	    view_form(g->episodes_count, false, "alert", "alerts"), g->moved,
	    french ? view_form(g->moved, true, "change", "changent") :
	    view_form(g->moved, false, "changes", "change"),
	    g->unowned[OLD], g->unowned[NEW]);
}

void
regroup_text(const struct regroup *g, bool french, uint32_t rows,
    struct buf *out)
{
	static const char *const heads[2][5] = {
	    {"owns", "", "is told of", "", "in shadow"},
	    {"en charge", "", "voit", "", "en ombre"}};
	uint32_t shown = 0;

	put_sums(g, french, out);
	put_row(out, "", heads[french]);
	for (uint32_t i = 0; i < g->teams_count; i++)
		put_team(&g->teams[i], out);
	if (g->moved > 0)
		buf_text(out, french ? "\nChangent de responsable\n" :
				       "\nChange owner\n");
	for (uint32_t i = 0; i < g->episodes_count; i++) {
		const struct regroup_episode *e = &g->episodes[i];

		if (!moved(e) || shown++ >= rows)
			continue;
		buf_text(out, "  ");
		buf_utc(out, e->first_ms);
		out->len -= 4;
		out->data[out->len - 6] = ' ';
		buf_printf(out, french ? "  %-28s niveau %u  %s > %s\n" :
		    "  %-28s level %u  %s > %s\n", e->about, e->highest,
		    name_of(e, OLD, french), name_of(e, NEW, french));
	}
	if (shown > rows)
		buf_printf(out, french ? "  et %" PRIu32 " de plus\n" :
		    "  and %" PRIu32 " more\n", shown - rows);
}

/* Teams told under one that are not under the other; how many. */
static unsigned
put_ids(struct buf *out, const struct regroup *g,
    const struct regroup_episode *e, int side, int other)
{
	const char *comma = "";
	unsigned count = 0;

	for (uint32_t i = 0; i < g->teams_count; i++) {
		const struct regroup_team *t = &g->teams[i];

		if (t->teams[side] == NULL || !e->sides[side].told[
			t->teams[side] - g->o[side]->teams])
			continue;
		if (t->teams[other] != NULL && e->sides[other].told[
			t->teams[other] - g->o[other]->teams])
			continue;
		buf_printf(out, "%s\"%s\"", comma, t->id);
		comma = ",";
		count++;
	}
	return count;
}

static void
put_owner(struct buf *out, const struct regroup_episode *e, int side)
{
	if (e->sides[side].owner == NULL)
		buf_text(out, "null");
	else
		buf_printf(out, "\"%s\"", e->sides[side].owner->id);
}

void
regroup_json(const struct regroup *g, struct buf *out)
{
	buf_printf(out, "{\"v\":1,\"alerts\":%" PRIu32 ",\"moved\":%" PRIu32
	    ",\"unowned\":{\"old\":%" PRIu32 ",\"new\":%" PRIu32
	    "},\"teams\":[", g->episodes_count, g->moved, g->unowned[OLD],
	    g->unowned[NEW]);
	for (uint32_t i = 0; i < g->teams_count; i++) {
		const struct regroup_team *t = &g->teams[i];

		buf_printf(out, "%s{\"team\":\"%s\"", i > 0 ? "," : "", t->id);
		for (int s = OLD; s <= NEW; s++)
			buf_printf(out, ",\"%s\":{\"owned\":%" PRIu32
			    ",\"told\":%" PRIu32 ",\"shadow\":%" PRIu32 "}",
			    s == OLD ? "old" : "new", t->owned[s], t->told[s],
			    t->shadow[s]);
		buf_printf(out, ",\"gained\":%" PRIu32 ",\"lost\":%" PRIu32
		    ",\"owns_more\":%" PRIu32 ",\"owns_less\":%" PRIu32 "}",
		    t->gained, t->lost, t->owns_more, t->owns_less);
	}
	buf_text(out, "],\"changes\":[");
	for (uint32_t i = 0, n = 0; i < g->episodes_count; i++) {
		const struct regroup_episode *e = &g->episodes[i];
		size_t from = out->len;
		unsigned gains;

		buf_printf(out, "%s{\"alert\":\"%s\",\"about\":",
		    n > 0 ? "," : "", e->id);
		buf_json(out, slice_of(e->about));
		buf_text(out, ",\"first\":\"");
		buf_utc(out, e->first_ms);
		buf_printf(out, "\",\"level\":%u,\"owner\":{\"old\":",
		    e->highest);
		put_owner(out, e, OLD);
		buf_text(out, ",\"new\":");
		put_owner(out, e, NEW);
		buf_text(out, "},\"gain\":[");
		gains = put_ids(out, g, e, NEW, OLD);
		buf_text(out, "],\"lose\":[");
		gains += put_ids(out, g, e, OLD, NEW);
		buf_text(out, "]}");
		if (!moved(e) && gains == 0) {
			out->len = from;
			continue;
		}
		n++;
	}
	buf_text(out, "]}\n");
}
