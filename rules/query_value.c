/*
 * What may stand behind a field's sign.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <strings.h>

#include "engine/base/buf.h"
#include "engine/base/suggest.h"
#include "rules/query_field.h"

static bool
refuse(struct field_parse *c, const struct field_value *v, const char *help,
    const char *what)
{
	char text[160];

	snprintf(text, sizeof(text), "'%.*s' %s",
	    (int)(v->text.len < 60 ? v->text.len : 60), v->text.data, what);
	query_error(c->p, v->from, v->to, "bad-value", help, text);
	return false;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z');
}

/* ---- words of a fixed list ----------------------------------------------- */

bool
query_value_word(struct field_parse *c, const struct field_value *v)
{
	enum field_type type = field_type(c->field->id);
	struct suggest s;
	struct buf help = {0};
	const char *word;

	suggest_start(&s, v->text);
	for (unsigned i = 0; (word = field_word(type, i)) != NULL; i++) {
		size_t n = strlen(word);

		/* "links" as X has it */
		if ((v->text.len == n ||
			(v->text.len == n + 1 && v->text.data[n] == 's')) &&
		    !strncasecmp(v->text.data, word, n)) {
			c->field->low |= UINT64_C(1) << i;
			return true;
		}
		suggest_offer(&s, slice_of(word));
	}
	if (slice_is(v->text, "retweet"))
		suggest_offer(&s, SLICE("repost"));
	suggest_say(&s, "known here", &help);
	refuse(c, v, help.data, "is not known to this field");
	buf_fini(&help);
	return false;
}

/* ---- texts --------------------------------------------------------------- */

/* BCP 47 as far as it matters here: "fr", "pt-br", "zh-hant", "und". */
static bool
lang(struct field_parse *c, struct field_value *v)
{
	static const char *const names[][2] = {{"french", "fr"},
	    {"francais", "fr"}, {"english", "en"}, {"german", "de"},
	    {"deutsch", "de"}, {"spanish", "es"}, {"italian", "it"},
	    {"portuguese", "pt"}, {"dutch", "nl"}, {"arabic", "ar"},
	    {"chinese", "zh"}, {"japanese", "ja"}, {"unknown", "und"}};
	size_t first = 0, part = 0;
	bool good = true;
	char help[64];

	while (first < v->text.len && letter(v->text.data[first]))
		first++;
	good = first == 2 || first == 3;
	for (size_t i = first; i < v->text.len; i++) {
		char ch = v->text.data[i];

		part = ch == '-' ? 0 : part + 1;
		good = good && (ch == '-' || letter(ch) || digit(ch)) &&
		       part <= 8;
	}
	good = good && (first == v->text.len || part > 0);
	if (good)
		return true;
	snprintf(help, sizeof(help),
	    "write its code: lang:fr, lang:pt-BR; und is not known");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_is(v->text, names[i][0]))
			snprintf(help, sizeof(help), "write lang:%s",
			    names[i][1]);
	return refuse(c, v, help, "is no code of a language");
}

static bool
country(struct field_parse *c, struct field_value *v)
{
	if (slice_is(v->text, "uk"))
		return refuse(c, v, "the United Kingdom is country:gb",
		    "is no code of a country");
	if (v->text.len == 2 && letter(v->text.data[0]) &&
	    letter(v->text.data[1]))
		return true;
	return refuse(c, v,
	    "write the two letters of ISO 3166: country:fr, country:gb",
	    "is no code of a country");
}

/* A host; "https://www.example.org/page" is what people paste. */
static bool
site(struct field_parse *c, struct field_value *v)
{
	struct slice *t = &v->text;
	char help[160];
	bool good = true;

	if (t->len > 2 && !memcmp(t->data, "*.", 2)) {
		t->data += 2;
		t->len -= 2;
	}
	while (t->len > 0 && t->data[t->len - 1] == '.')
		t->len--;
	for (size_t i = 0; i < t->len; i++)
		good = good && strchr("/:@?#*_ ", t->data[i]) == NULL;
	if (!good || t->len == 0)
		return refuse(c, v,
		    "write the host alone, as in site:example.org; a part of "
		    "the address is url:example.org/page",
		    "is no host");
	if (t->len > 4 && !memcmp(t->data, "www.", 4)) {
		snprintf(help, sizeof(help), "site:%.*s finds both",
		    (int)(t->len - 4 < 100 ? t->len - 4 : 100), t->data + 4);
		diag_add(c->p->scope->diag, DIAG_WARNING,
		    lex_place(&c->p->lex, v->from, v->to), "www", help,
		    "links without www. are left out");
	}
	return true;
}

static bool
only_stars(struct slice t)
{
	for (size_t i = 0; i < t.len; i++)
		if (t.data[i] != '*')
			return false;
	return true;
}

bool
query_value_text(struct field_parse *c, struct field_value *v)
{
	char *small = arena_alloc(c->p->scope->arena, v->text.len + 1);

	for (size_t i = 0; i < v->text.len; i++) {
		char ch = v->text.data[i];

		small[i] = ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch;
	}
	v->text.data = small;
	switch (field_type(c->field->id)) {
	case FIELD_TYPE_LANG:
		for (size_t i = 0; i < v->text.len; i++)
			if (small[i] == '_')
				small[i] = '-';
		return lang(c, v);
	case FIELD_TYPE_COUNTRY:
		return country(c, v);
	case FIELD_TYPE_SITE:
		return site(c, v);
	case FIELD_TYPE_ACCOUNT:
		if (v->text.len > 1 && small[0] == '@') {
			v->text.data++;
			v->text.len--;
		}
		break;
	default:
		break;
	}
	if (only_stars(v->text))
		return refuse(c, v,
		    "whether there is one is has:author, has:link and so on",
		    "would hold for every post that has the field");
	return true;
}

/* ---- numbers ------------------------------------------------------------- */

/* "1200", "10k", "2m"; steps over it. */
static bool
number(struct slice t, size_t *at, uint64_t *out)
{
	size_t i = *at;
	uint64_t v = 0;

	while (i < t.len && digit(t.data[i]) && i - *at < 15)
		v = v * 10 + (uint64_t)(t.data[i++] - '0');
	if (i == *at)
		return false;
	if (i < t.len && (t.data[i] | 0x20) == 'k') {
		v *= 1000;
		i++;
	} else if (i < t.len && (t.data[i] | 0x20) == 'm') {
		v *= 1000000;
		i++;
	}
	*at = i;
	*out = v;
	return true;
}

/* "a..b", "a..", "..b", "a". */
static bool
range(struct slice t, size_t *at, struct field *f)
{
	size_t start = *at;
	bool low = number(t, at, &f->low), high = false, dots;

	dots = t.len - *at >= 2 && !memcmp(t.data + *at, "..", 2);
	if (dots) {
		*at += 2;
		high = number(t, at, &f->high);
	} else {
		f->high = f->low;
	}
	return *at > start && (low || high);
}

static bool
compared(struct slice sign, struct field *f)
{
	uint64_t n = f->low;

	f->high = POST_UNKNOWN - 1;
	if (slice_is(sign, ">"))
		f->low = n + 1;
	else if (slice_is(sign, "=")) {
		f->high = n;
	} else if (sign.data[0] == '<') {
		f->low = 0;
		if (sign.len == 1 && n == 0)
			return false;
		f->high = sign.len == 1 ? n - 1 : n;
	}
	return true;
}

/* "@+02:00", "@-5", "@UTC": minutes east of UTC. */
static bool
zone(struct slice t, size_t *at, int32_t *minutes)
{
	uint64_t hours = 0, rest = 0;
	bool west;

	if (*at == t.len)
		return true;
	if (t.data[*at] != '@' || *at + 1 == t.len)
		return false;
	++*at;
	if (t.len - *at == 1 && (t.data[*at] | 0x20) == 'z')
		return (*at += 1) > 0;
	if (t.len - *at == 3 && !strncasecmp(t.data + *at, "utc", 3))
		return (*at += 3) > 0;
	west = t.data[*at] == '-';
	if (!west && t.data[*at] != '+')
		return false;
	++*at;
	if (!number(t, at, &hours) || hours > 14)
		return false;
	if (*at < t.len && t.data[*at] == ':' &&
	    (++*at, !number(t, at, &rest) || rest > 59))
		return false;
	*minutes = (int32_t)(hours * 60 + rest) * (west ? -1 : 1);
	return true;
}

static bool
hours(struct field_parse *c, const struct field_value *v)
{
	struct field *f = c->field;
	size_t at = 0;

	f->high = 23;
	if (!slice_is(c->token->sign, ":") || !range(v->text, &at, f) ||
	    f->low > 23 || f->high > 23 ||
	    !zone(v->text, &at, &f->zone_min) || at < v->text.len)
		return refuse(c, v,
		    "write hour:9..18 in UTC, hour:22..6 over midnight, or "
		    "hour:9..18@+02:00; both hours are counted",
		    "is no span of hours");
	return true;
}

static bool
sample(struct field_parse *c, const struct field_value *v)
{
	size_t at = 0;

	if (!slice_is(c->token->sign, ":") ||
	    !number(v->text, &at, &c->field->low) || at < v->text.len ||
	    c->field->low < 1 || c->field->low > 99)
		return refuse(c, v, "write sample:10 for 10 posts of 100",
		    "is not a number from 1 to 99");
	return true;
}

bool
query_value_number(struct field_parse *c)
{
	const struct lex_token *t = &c->p->lex.token;
	struct field_value v = {t->text, t->from, t->to};
	struct slice sign = c->token->sign;
	struct field *f = c->field;
	enum field_type type = field_type(f->id);
	bool colon = slice_is(sign, ":"), good;
	size_t at = 0;

	if (type == FIELD_TYPE_HOUR)
		return hours(c, &v);
	if (type == FIELD_TYPE_SAMPLE)
		return sample(c, &v);
	f->high = POST_UNKNOWN - 1;
	good = colon ? range(v.text, &at, f) : number(v.text, &at, &f->low);
	if (!good || at < v.text.len)
		return refuse(c, &v,
		    "write followers:100..5000, followers:100.. or "
		    "followers>=5k: digits, then k or m if you like",
		    "is no number");
	if ((!colon && !compared(sign, f)) || f->low > f->high)
		return refuse(c, &v, "write the smaller number first",
		    "leaves nothing");
	return true;
}
