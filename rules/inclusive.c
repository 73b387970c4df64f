/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/inclusive.h"

#include "rules/matcher.h"

const char inclusive_keys[INCLUSIVE_KEYS][8] = {
    "e", "es", "rice", "rices", "trice", "trices", "euse", "euses"};

/* A feminine ending, and what it takes the place of at the stem's end. */
static const struct {
	const char *ending, *instead;
	bool point; /* only behind a point médian: it is a word of its own */
} endings[] = {
    {"trice", "teur", false}, {"rice", "eur", false}, {"euse", "eur", false},
    {"iere", "ier", true}, {"ere", "er", true}, {"ve", "f", true},
    {"se", "x", true}, {"ne", "", true}, {"le", "", true}, {"te", "", true},
    {"sse", "", true}, {"e", "", false}};

static struct slice
token_text(const struct matcher *m, uint32_t t)
{
	const struct text *text = m->text;

	return (struct slice){
	    text->bytes + text->at[t], text->end[t] - text->at[t]};
}

/* What sets ${t} apart from the token before it: '.' for a point médian too,
 * which ${point} tells; 0 for anything else. */
static char
join(const struct matcher *m, uint32_t t, bool *point)
{
	const char *p = m->text->bytes + m->text->end[t - 1];
	uint32_t len = m->text->at[t] - m->text->end[t - 1];

	*point = len == 2 && !memcmp(p, "\xc2\xb7", 2);
	if (*point)
		return '.';
	return len == 1 && memchr(".-(/)", *p, 5) != NULL ? *p : '\0';
}

bool
inclusive_hint(const struct matcher *m, uint32_t t)
{
	for (unsigned i = 0; i < INCLUSIVE_KEYS; i++) {
		uint64_t key;

		memcpy(&key, inclusive_keys[i], sizeof(key));
		if (m->keys[t] == key)
			return true;
	}
	return false;
}

static bool
ends_with(struct slice text, const char *end)
{
	size_t n = strlen(end);

	return text.len > n + 1 && !memcmp(text.data + text.len - n, end, n);
}

static void
put(struct inclusive *g, unsigned form, struct slice stem, const char *ending,
    bool plural)
{
	char *out = g->forms[form];
	size_t n = strlen(ending);

	memset(out, 0, INCLUSIVE_BYTES);
	memcpy(out, stem.data, stem.len);
	memcpy(out + stem.len, ending, n);
	n += stem.len;
	if (plural && out[n - 1] != 's' && out[n - 1] != 'x')
		out[n++] = 's';
	g->len[form] = (uint32_t)n;
}

/* Whether token ${t} is an ending of the one before; then its forms. */
static bool
read_forms(struct matcher *m, uint32_t t, bool point, struct inclusive *g)
{
	struct slice stem = token_text(m, t - 1), ending = token_text(m, t);

	if (stem.len < 2 || stem.len > INCLUSIVE_BYTES - 24)
		return false;
	if (ending.len > 1 && ending.data[ending.len - 1] == 's')
		ending.len--;
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		struct slice cut = stem;

		if ((endings[i].point && !point) ||
		    !slice_is(ending, endings[i].ending) ||
		    !ends_with(stem, endings[i].instead))
			continue;
		cut.len -= strlen(endings[i].instead);
		put(g, 0, stem, "", false);
		put(g, 1, stem, "", true);
		put(g, 2, cut, endings[i].ending, false);
		put(g, 3, cut, endings[i].ending, true);
		return true;
	}
	return false;
}

void
inclusive_find(struct matcher *m)
{
	const struct text *text = m->text;

	m->inclusives_count = 0;
	for (uint32_t t = 1; t < text->tokens; t++) {
		struct inclusive *g;
		bool point, again;
		char sign;

		if (t == text->title_tokens ||
		    (sign = join(m, t, &point)) == '\0' || sign == ')' ||
		    m->inclusives_count == INCLUSIVE_MAX)
			continue;
		if (m->inclusives == NULL)
			m->inclusives =
			    must_alloc(sizeof(*g) * INCLUSIVE_MAX);
		g = &m->inclusives[m->inclusives_count];
		if (!read_forms(m, t, point, g))
			continue;
		g->token = t - 1;
		g->next = t + 1;
		if (t + 1 < text->tokens && t + 1 != text->title_tokens &&
		    slice_is(token_text(m, t + 1), "s") &&
		    join(m, t + 1, &again) == (sign == '(' ? ')' : sign))
			g->next = t + 2;
		m->inclusives_count++;
	}
}

const struct inclusive *
inclusive_at(const struct matcher *m, uint32_t t)
{
	for (uint32_t i = 0; i < m->inclusives_count; i++)
		if (m->inclusives[i].token == t)
			return &m->inclusives[i];
	return NULL;
}

bool
inclusive_fits(const struct matcher *m, const struct inclusive *group,
    const struct flat_token *token)
{
	const char *s = m->text->bytes + m->text->at[group->token];

	if (token->sign != 0 && s[-1] != token->sign)
		return false;
	for (unsigned i = 0; i < INCLUSIVE_FORMS; i++)
		if (matcher_token_is(m,
			(struct slice){group->forms[i], group->len[i]}, token))
			return true;
	return false;
}
