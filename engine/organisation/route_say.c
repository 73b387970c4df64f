/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/route_say.h"

#include "engine/base/clock.h"
#include "engine/organisation/daytime.h"

static const struct {
	const char *code, *fr, *en;
} reasons[ROUTE_REASONS] = {
    [REASON_ROUTE] = {"route", "le fichier d'organisation le veut ainsi",
	"the organisation file says so"},
    [REASON_CENTRE] = {"centre", "le centre répond pour tous",
	"the centre answers for everybody"},
    [REASON_HUB_LEVEL] = {"hub-level",
	"à partir du niveau 3, c'est l'équipe centrale qui répond",
	"from level 3 on the hub answers"},
    [REASON_HUB_SECTOR] = {"hub-sector",
	"ce qui touche tout un secteur revient à l'équipe centrale",
	"what concerns a whole sector is the hub's"},
    [REASON_HUB] = {"hub",
	"aucune équipe plus proche n'en a la charge, l'équipe centrale répond",
	"no nearer team has it in charge, so the hub answers"},
    [REASON_GROUP_LEVEL] = {"group-level", "une crise revient au groupe",
	"a crisis is the group's"},
    [REASON_GROUP_SECTOR] = {"group-sector",
	"ce qui touche tout un secteur revient au groupe",
	"what concerns a whole sector is the group's"},
    [REASON_GROUP] = {"group", "aucun pôle n'en a la charge, le groupe répond",
	"no hub has it in charge, so the group answers"},
    [REASON_BRAND] = {"brand", "elle a la charge de la marque",
	"it looks after the brand"},
    [REASON_SECTOR] = {"sector", "elle a la charge du secteur",
	"it looks after the sector"},
    [REASON_COUNTRY] = {"country", "elle a la charge du pays",
	"it looks after the country"},
    [REASON_TOPIC] = {"topic", "c'est son sujet", "the topic is its own"},
    [REASON_DEPARTMENT] = {"department", "son service répond de ce sujet",
	"its department answers for the topic"},
    [REASON_LANGUAGE] = {"language", "elle répond dans cette langue",
	"it answers in this language"},
    [REASON_ALL] = {"all", "elle répond de tout", "it answers for everything"},
    [REASON_SPOKE] = {"spoke", "elle relaie son pôle",
	"it answers for its hub"},
    [REASON_AMBASSADOR] = {"ambassador", "elle porte ce sujet dans la maison",
	"it is the voice of this topic in the house"},
    [REASON_NET] = {"net", "personne n'est plus proche", "nobody is nearer"},
    [REASON_INTERIM] = {"interim",
	"elle est présente et garde l'alerte jusqu'à leur retour",
	"it is there, and keeps the alert until they are back"},
    [REASON_TONGUE] = {"language-missing",
	"personne de disponible ne parle cette langue",
	"nobody on duty speaks this language"},
    [REASON_DEPUTY] = {"deputy", "elle la supplée", "it stands in"},
};

static void
until(const struct organisation *o, const struct team *team, int64_t ms,
    bool french, struct buf *out)
{
	int64_t back_ms = organisation_back(o, team, ms);

	if (back_ms == TIME_NONE)
		return;
	buf_text(out, french ? " avant " : " until ");
	daytime_put(team->hours.zone, back_ms, french, out);
}

/* "KitKat agency has nobody there until Monday 22 March 09:00" */
static void
absent(const struct organisation *o, const struct team *team, int64_t ms,
    bool french, struct buf *out)
{
	buf_text(out, french ? team->name_fr : team->name_en);
	buf_text(out, french ? " : personne" : ": nobody there");
	until(o, team, ms, french, out);
}

static void
sentence(const struct organisation *o, const struct route_chain *chain,
    const struct route_choice *owner, int64_t ms, bool french, struct buf *out)
{
	const struct route_choice *first = &chain->choices[0];
	const char *name = french ? owner->team->name_fr : owner->team->name_en;
	const char *colon = french ? " : " : ": ";

	if (!organisation_on_duty(o, owner->team, ms)) {
		absent(o, owner->team, ms, french, out);
		buf_text(out, french ? " ; aucune équipe n'est présente"
				     : "; no team is on duty");
		return;
	}
	if (owner != first) {
		absent(o, first->team, ms, french, out);
		buf_text(out, french ? " ; " : "; ");
	}
	buf_text(out, name);
	buf_text(out, colon);
	buf_text(out,
	    french ? reasons[owner->reason].fr : reasons[owner->reason].en);
}

void
route_say(const struct organisation *o, const struct route_chain *chain,
    const struct route_choice *owner, int64_t ms, struct buf *code,
    struct buf *fr, struct buf *en)
{
	const struct route_choice *first = &chain->choices[0];
	bool there = organisation_on_duty(o, owner->team, ms);

	if (!there)
		buf_printf(code, "nobody:%s", first->team->id);
	else if (owner != first && !organisation_on_duty(o, first->team, ms))
		buf_printf(code, "off-duty:%s", first->team->id);
	else if (owner->reason == REASON_ROUTE)
		buf_printf(code, "route:%u", owner->route);
	else
		buf_text(code, reasons[owner->reason].code);
	sentence(o, chain, owner, ms, true, fr);
	sentence(o, chain, owner, ms, false, en);
	buf_char(fr, '.');
	buf_char(en, '.');
}
