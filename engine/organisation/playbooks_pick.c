/*
 * The playbook of an alert, and how it says so.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/brief.h"
#include "engine/organisation/playbooks.h"

static bool
names(const struct playbook_names *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i].id, id))
			return true;
	return false;
}

static const struct playbook_stage *
stage_of(const struct playbook *p, uint8_t level)
{
	for (size_t i = 0; i < p->stages_count; i++)
		if (level >= p->stages[i].from && level <= p->stages[i].to)
			return &p->stages[i];
	return NULL;
}

/* A signal that a density alert covers is what is new about it. */
static bool
is_for(const struct playbook *p, const struct alert *a)
{
	for (unsigned k = 0; k <= ALERT_SILENCE; k++)
		if ((k == a->kind || a->signal_kinds & 1u << k) &&
		    names(&p->kinds, alert_kind_name((enum alert_kind)k)))
			return true;
	return false;
}

const struct playbook *
playbooks_pick(const struct playbooks *p, const struct alert *a,
    const struct playbook_stage **stage)
{
	for (size_t i = 0; i < p->count; i++)
		if (is_for(&p->items[i], a) &&
		    (*stage = stage_of(&p->items[i], a->level)) != NULL)
			return &p->items[i];
	for (uint32_t t = 0; t < a->topics_count; t++)
		for (size_t i = 0; i < p->count; i++)
			if (names(&p->items[i].topics, a->topics[t]) &&
			    (*stage = stage_of(&p->items[i], a->level)) != NULL)
				return &p->items[i];
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].topics.all &&
		    (*stage = stage_of(&p->items[i], a->level)) != NULL)
			return &p->items[i];
	*stage = NULL;
	return NULL;
}

static void
put_pair(struct buf *out, struct playbook_text text)
{
	buf_text(out, "{\"fr\":");
	buf_json(out, slice_of(text.fr));
	buf_text(out, ",\"en\":");
	buf_json(out, slice_of(text.en));
	buf_char(out, '}');
}

static const char *
brand_of(const struct alert *a)
{
	return a->brand != NULL ? a->name : NULL;
}

/* ${text} with {brand} filled in, where the alert has one. */
static void
fill(struct buf *out, const char *text, const char *brand)
{
	for (const char *p = text; *p != '\0';) {
		if (brand != NULL && !strncmp(p, "{brand}", 7)) {
			buf_text(out, brand);
			p += 7;
		} else {
			buf_char(out, *p++);
		}
	}
}

/* The same as a JSON string. */
static void
put_filled(struct buf *out, const char *text, const char *brand)
{
	struct buf filled = {0};

	fill(&filled, text, brand);
	buf_json(out, buf_slice(&filled));
	buf_fini(&filled);
}

/* Those of the playbook, then those of all. */
static void
put_language(struct buf *out, const struct playbook_lines *own,
    const struct playbook_lines *common, const char *brand, bool french)
{
	const struct playbook_lines *both[] = {own, common};
	bool first = true;

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; both[k] != NULL && i < both[k]->count; i++) {
			if (!first)
				buf_char(out, ',');
			first = false;
			put_filled(out, french ? both[k]->items[i].fr :
						 both[k]->items[i].en, brand);
		}
}

/* {"fr":[...],"en":[...]} */
static void
put_lines(struct buf *out, const char *name, const struct playbook_lines *own,
    const struct playbook_lines *common, const char *brand)
{
	buf_printf(out, ",\"%s\":{\"fr\":[", name);
	put_language(out, own, common, brand, true);
	buf_text(out, "],\"en\":[");
	put_language(out, own, common, brand, false);
	buf_text(out, "]}");
}

/* Those that are still good at the minute of the alert. */
static uint32_t
put_statements(struct buf *out, const struct playbooks *p,
    const struct playbook_names *list, const struct alert *a, uint32_t count)
{
	const char *brand = brand_of(a);

	for (size_t i = 0; i < list->count; i++) {
		const struct playbook_statement *s =
		    playbooks_statement(p, list->items[i].id);

		if (s == NULL || (s->expires_ms != TIME_NONE &&
				     s->expires_ms <= a->minute_ms))
			continue;
		buf_text(out, count++ > 0 ? ",{\"id\":" : "{\"id\":");
		buf_json(out, slice_of(s->id));
		buf_text(out, ",\"fr\":");
		put_filled(out, s->text.fr, brand);
		buf_text(out, ",\"en\":");
		put_filled(out, s->text.en, brand);
		buf_member_text(out, "approved_by", s->approved_by);
		buf_member_text(out, "approved", s->approved);
		buf_member_text(out, "expires", s->expires);
		buf_char(out, '}');
	}
	return count;
}

/* The first step is what the message says to do. */
static void
put_step(struct alert *a, const struct playbook_text *step)
{
	struct buf fr = {0}, en = {0};

	fill(&fr, step->fr, brand_of(a));
	fill(&en, step->en, brand_of(a));
	buf_char(&fr, '\0');
	buf_char(&en, '\0');
	brief_step_fr(&a->brief_fr, a->level, fr.data);
	brief_step_en(&a->brief_en, a->level, en.data);
	buf_fini(&fr);
	buf_fini(&en);
}

void
playbooks_attach(const struct playbooks *p, struct alert *a)
{
	const struct playbook_stage *stage = NULL;
	const struct playbook *b;
	struct buf *out = &a->playbook;
	uint32_t count;

	if (p == NULL)
		return;
	buf_clear(out);
	b = playbooks_pick(p, a, &stage);
	if (b == NULL) {
		buf_text(out, ",\"playbook\":null");
		return;
	}
	buf_text(out, ",\"playbook\":{\"id\":");
	buf_json(out, slice_of(b->id));
	buf_text(out, ",\"name\":");
	put_pair(out, b->name);
	put_lines(out, "steps", &stage->steps, NULL, brand_of(a));
	put_lines(out, "never", &b->never, &p->never, brand_of(a));
	put_lines(out, "charter", &b->charter, &p->charter, brand_of(a));
	buf_text(out, ",\"statements\":[");
	count = put_statements(out, p, &stage->statements, a, 0);
	put_statements(out, p, &b->statements, a, count);
	buf_text(out, "]}");
	if (stage->steps.count > 0)
		put_step(a, &stage->steps.items[0]);
}
