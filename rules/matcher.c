/*
 * The state of matching: scratch, stamps, tokens, lists of places.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/matcher.h"

#include <stdlib.h>

#include "rules/regex.h"

struct matcher *
matcher_new(void)
{
	struct matcher *m = must_alloc(sizeof(*m));

	m->regex = regex_scratch_new();
	return m;
}

static void
drop_fitted(struct matcher *m)
{
	free(m->units);
	free(m->sets);
	free(m->sets_kept);
	free(m->regexes);
	free(m->fired);
	free(m->fired_brand);
	free(m->sectors_named);
	free(m->topics_asked);
	free(m->queue);
	free(m->topic_queue);
	free(m->named);
	free(m->benched);
}

void
matcher_free(struct matcher *m)
{
	if (m == NULL)
		return;
	drop_fitted(m);
	for (uint32_t i = 0; i < m->frames_room; i++)
		free(m->frames[i]);
	free(m->frames);
	free(m->keys);
	free(m->wides);
	free(m->suspects);
	free(m->sentences);
	free(m->inclusives);
	free(m->disguises);
	free(m->hits.items);
	free(m->terms);
	free(m->spans);
	free(m->overruns);
	regex_scratch_free(m->regex);
	free(m);
}

static uint32_t *
words(uint32_t count)
{
	return must_alloc(sizeof(uint32_t) * ((size_t)count + 1));
}

void
matcher_fit(struct matcher *m, const struct ruleset *rs)
{
	if (m->generation == rs->generation) {
		m->rs = rs;
		return;
	}
	drop_fitted(m);
	m->rs = rs;
	m->generation = rs->generation;
	m->stamp = 0;
	m->units = words(ruleset_units(rs));
	m->sets = words(rs->sets_count);
	m->sets_kept = words(rs->sets_count);
	m->regexes = words(rs->regexes_count);
	m->fired = words(rs->labels_count > 0 ? rs->rules_count : 0);
	m->fired_brand = words(rs->labels_count > 0 ? rs->rules_count : 0);
	m->sectors_named = words(rs->sectors_count);
	m->topics_asked = words(rs->topics_count);
	m->queue = words(rs->brands_count + rs->rules_count);
	m->topic_queue = words(rs->topics_count);
	m->named = words(rs->brands_count);
	m->benched = must_alloc(rs->regexes_count + 1ul);
	m->any_benched = false;
}

void
matcher_bench(struct matcher *m, uint32_t regex)
{
	REQUIRE(m->rs != NULL && regex < m->rs->regexes_count);
	m->benched[regex] = 1;
	m->any_benched = true;
}

void
matcher_bench_none(struct matcher *m)
{
	REQUIRE(m->rs != NULL);
	if (m->any_benched)
		memset(m->benched, 0, m->rs->regexes_count);
	m->any_benched = false;
}

/* After a thousand million posts the stamps begin anew. */
static void
restart_stamps(struct matcher *m)
{
	const struct ruleset *rs = m->rs;

	memset(m->units, 0, sizeof(*m->units) * ruleset_units(rs));
	memset(m->sets, 0, sizeof(*m->sets) * rs->sets_count);
	memset(m->regexes, 0, sizeof(*m->regexes) * rs->regexes_count);
	memset(
	    m->sectors_named, 0, sizeof(*m->sectors_named) * rs->sectors_count);
	if (rs->labels_count > 0)
		memset(m->fired, 0, sizeof(*m->fired) * rs->rules_count);
	memset(m->topics_asked, 0, sizeof(*m->topics_asked) * rs->topics_count);
	m->stamp = 0;
}

void
matcher_begin(struct matcher *m, const struct post *post, struct text *text,
    unsigned flags)
{
	if (m->stamp == STAMP_LAST)
		restart_stamps(m);
	m->stamp++;
	m->post = post;
	m->text = text;
	m->flags = flags;
	m->mapped = MAP_NONE;
	m->topics_queued = m->sentences_known = m->disguises_known = false;
	m->inclusives_count = 0;
	m->brand = RULES_NONE;
	m->scope = matcher_scope_all(m);
	m->queue_count = m->topic_queue_count = m->named_count = 0;
	m->frames_used = m->kept_count = m->met_count = 0;
	m->kept_sets_count = m->kept_nodes_count = 0;
	m->hits.count = m->spans_count = m->overruns_count = 0;
	m->terms_count = 0;
	m->found_regex.regex = UINT32_MAX;
	if (text->tokens + MATCHER_KEYS_SLACK > m->keys_room) {
		m->keys_room = text->tokens + text->tokens / 2 + 1024;
		m->keys = must_grow(m->keys, sizeof(*m->keys) * m->keys_room);
		m->wides =
		    must_grow(m->wides, sizeof(*m->wides) * m->keys_room);
		m->suspects =
		    must_grow(m->suspects, sizeof(*m->suspects) * m->keys_room);
	}
}

/* ---- tokens ------------------------------------------------------------ */

/* '*' any run of code points, '?' exactly one; the last '*' is where a
 * mismatch goes back to. */
static bool
glob_fits(const char *s, const char *s_end, const char *p, const char *p_end)
{
	const char *star = NULL, *resume = NULL;

	while (s < s_end) {
		if (p < p_end && *p == '*') {
			star = ++p;
			resume = s;
		} else if (p < p_end && (*p == '?' || *p == *s)) {
			bool one = *p == '?';

			p++;
			s++;
			while (one && s < s_end && (*s & 0xc0) == 0x80)
				s++;
		} else if (star != NULL) {
			p = star;
			s = ++resume;
		} else {
			return false;
		}
	}
	while (p < p_end && *p == '*')
		p++;
	return p == p_end;
}

bool
matcher_token_rest(
    const struct matcher *m, uint32_t t, const struct flat_token *token)
{
	const struct text *text = m->text;
	const char *s = text->bytes + text->at[t];
	uint32_t len = text->end[t] - text->at[t];

	if (token->sign != 0 && s[-1] != token->sign)
		return false;
	if (token->form == TOKEN_EXACT && len != token->len)
		return false;
	/* the bytes of the rules are far away */
	if (token->form != TOKEN_GLOB && token->len <= sizeof(token->key))
		return true;
	return matcher_token_is(m, (struct slice){s, len}, token);
}

bool
matcher_anchor_fits(const struct matcher *m, uint32_t t,
    const struct flat_token *token, uint64_t wide)
{
	const struct text *text = m->text;

	/* what the wide key has beside the first bytes is told by it and
	 * them, as its factor is odd */
	if (token->form == TOKEN_EXACT && token->len <= PROBE_BYTES &&
	    m->wides[t] == wide)
		return m->keys[t] == token->key &&
		    text->end[t] - text->at[t] == token->len &&
		    (token->sign == 0 ||
			text->bytes[(int64_t)text->at[t] - 1] == token->sign);
	return matcher_token_fits(m, t, token);
}

bool
matcher_token_is(const struct matcher *m, struct slice word,
    const struct flat_token *token)
{
	const char *s = word.data, *p = m->rs->bytes + token->text;
	uint32_t len = (uint32_t)word.len;

	switch (token->form) {
	case TOKEN_EXACT:
		return len == token->len && !memcmp(s, p, len);
	case TOKEN_PREFIX:
		return len >= token->len && !memcmp(s, p, token->len);
	default:
		return glob_fits(s, s + len, p, p + token->len);
	}
}

bool
matcher_phrase_at(
    const struct matcher *m, const struct flat_node *node, uint32_t t)
{
	const struct flat_token *tokens = &m->rs->tokens[node->first];
	uint32_t title = m->text->title_tokens;

	if (t >= m->text->tokens || m->text->tokens - t < node->count)
		return false;
	if (t < title && title - t < node->count)
		return false; /* a phrase does not cross the title's end */
	for (uint32_t i = 0; i < node->count; i++)
		if (!matcher_token_fits(m, t + i, &tokens[i]))
			return false;
	return true;
}

/* From token ${t} on, the phrase from its token ${i} on. */
static uint32_t
phrase_rest(const struct matcher *m, const struct flat_node *node, uint32_t i,
    uint32_t t)
{
	const struct flat_token *tokens = &m->rs->tokens[node->first];

	for (; i < node->count; i++, t++) {
		const struct inclusive *group;
		uint32_t end;

		if (t >= m->text->tokens ||
		    (i > 0 && t == m->text->title_tokens))
			return 0;
		group = inclusive_at(m, t);
		if (group != NULL && inclusive_fits(m, group, &tokens[i]) &&
		    (end = phrase_rest(m, node, i + 1, group->next)) > 0)
			return end;
		if (!matcher_token_fits(m, t, &tokens[i]))
			return 0;
	}
	return t;
}

uint32_t
matcher_phrase_slow(
    const struct matcher *m, const struct flat_node *node, uint32_t t)
{
	return phrase_rest(m, node, 0, t);
}

/* ---- lists of places ----------------------------------------------------- */

struct occ_list
matcher_occs(struct matcher *m)
{
	if (m->frames_used == m->frames_room) {
		m->frames = must_grow(
		    m->frames, sizeof(*m->frames) * (m->frames_room + 1ul));
		m->frames[m->frames_room++] =
		    must_alloc(sizeof(struct occ) * OCC_FRAME_ITEMS);
	}
	return (struct occ_list){
	    m->frames[m->frames_used++], 0, false,
	    &m->verdict.occurrences_cut};
}

/* No branch for whose each one is: nobody could foretell it. */
static bool
take_met(const struct matcher *m, uint32_t unit, struct occ_list *out)
{
	uint32_t before = out->count, count = before;

	for (uint32_t i = 0; i < m->met_count; i++) {
		out->items[count] = m->met[i].occ;
		count += m->met[i].unit == unit;
	}
	out->count = count;
	return count > before;
}

bool
matcher_met(const struct matcher *m, uint32_t unit, struct occ_list *out)
{
	uint32_t before = out->count;

	if (m->met_count > MET_MAX || m->scope.narrow)
		return false;
	if (out->count + MET_MAX < OCCURRENCES_MAX && !out->full)
		return take_met(m, unit, out);
	for (uint32_t i = 0; i < m->met_count; i++)
		if (m->met[i].unit == unit)
			matcher_occ_push(out, m->met[i].occ);
	return out->count > before;
}

static int
occ_order(const struct occ *a, const struct occ *b)
{
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (a->to > b->to) - (a->to < b->to);
}

void
matcher_occ_push(struct occ_list *list, struct occ occ)
{
	if (list->full &&
	    occ_order(&occ, &list->items[OCCURRENCES_MAX - 1]) >= 0) {
		*list->cut |=
		    occ_order(&occ, &list->items[OCCURRENCES_MAX - 1]) > 0;
		return;
	}
	if (list->count == OCC_FRAME_ITEMS)
		matcher_occ_sort(list);
	list->items[list->count++] = occ;
}

/* Whether all stand in order, each once; whole fields are read as they were
 * written. */
static bool
in_order(const struct occ_list *list)
{
	const struct occ *o = list->items;

	for (uint32_t i = 1; i < list->count; i++)
		if (o[i - 1].first >= o[i].first &&
		    occ_order(&o[i - 1], &o[i]) >= 0)
			return false;
	return true;
}

/* A shell sort: short, in place, quick on the nearly sorted; most lists are
 * of one place or two. */
void
matcher_occ_sort(struct occ_list *list)
{
	static const uint32_t gaps[] = {701, 301, 132, 57, 23, 10, 4, 1};
	const size_t gaps_count = sizeof(gaps) / sizeof(*gaps);
	struct occ *items = list->items;
	uint32_t kept = 0;

	if (list->count < OCCURRENCES_MAX && in_order(list)) {
		list->full = false;
		return;
	}
	for (size_t g = list->count > 16 ? 0 : gaps_count - 1; g < gaps_count;
	     g++) {
		uint32_t gap = gaps[g];

		for (uint32_t i = gap; i < list->count; i++) {
			struct occ occ = items[i];
			uint32_t k = i;

			while (
			    k >= gap && occ_order(&items[k - gap], &occ) > 0) {
				items[k] = items[k - gap];
				k -= gap;
			}
			items[k] = occ;
		}
	}
	for (uint32_t i = 0; i < list->count; i++)
		if (kept == 0 || occ_order(&items[kept - 1], &items[i]) != 0)
			items[kept++] = items[i];
	*list->cut |= kept > OCCURRENCES_MAX;
	list->full = kept >= OCCURRENCES_MAX;
	list->count = list->full ? OCCURRENCES_MAX : kept;
}

void
matcher_overrun(struct matcher *m, uint32_t regex)
{
	for (uint32_t i = 0; i < m->overruns_count; i++)
		if (m->overruns[i] == regex)
			return;
	if (m->overruns_count == m->overruns_room) {
		m->overruns_room = m->overruns_room * 2 + 16;
		m->overruns = must_grow(
		    m->overruns, sizeof(*m->overruns) * m->overruns_room);
	}
	m->overruns[m->overruns_count++] = regex;
}
