/*
 * The fields of a post, judged again and slowly: texts are copied in small
 * letters and compared whole, hours are counted by hand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_REFERENCE_FIELD_H
#define TESTS_RULES_REFERENCE_FIELD_H

#include <ctype.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "rules/field.h"

static void
ref_small(struct slice s, bool account, char out[static 256])
{
	size_t n = 0;

	if (account && s.len > 1 && s.data[0] == '@') {
		s.data++;
		s.len--;
	}
	while (n < s.len && n < 255) {
		out[n] = (char)tolower((unsigned char)s.data[n]);
		n++;
	}
	out[n] = '\0';
}

static bool
ref_star(const char *s, const char *p)
{
	if (*p == '\0')
		return *s == '\0';
	if (*p == '*')
		return ref_star(s, p + 1) || (*s != '\0' && ref_star(s + 1, p));
	return *s == *p && ref_star(s + 1, p + 1);
}

/* Whether ${text} is a value of ${f}; ${account}: without its '@'. */
static bool
ref_value(const struct field *f, struct slice text, bool account)
{
	char have[256], want[256];

	if (text.data == NULL)
		return false;
	ref_small(text, account, have);
	for (uint32_t i = 0; i < f->count; i++) {
		ref_small(f->values[i], false, want);
		if (ref_star(have, want))
			return true;
	}
	return false;
}

/* The host ends in the value, behind nothing or a dot. */
static bool
ref_site(const struct field *f, struct slice url)
{
	char have[256], want[256], *host, *end;

	ref_small(url, false, have);
	host = strstr(have, "://");
	host = host == NULL ? have : host + 3;
	host[strcspn(host, "/?#")] = '\0';
	end = strrchr(host, '@');
	host = end == NULL ? host : end + 1;
	host[strcspn(host, ":")] = '\0';
	for (uint32_t i = 0; i < f->count && *host != '\0'; i++) {
		size_t n = strlen(host), k;

		ref_small(f->values[i], false, want);
		k = strlen(want);
		if (n >= k && !strcmp(host + n - k, want) &&
		    (n == k || host[n - k - 1] == '.'))
			return true;
	}
	return false;
}

static bool
ref_lang(const struct field *f, struct slice lang)
{
	char have[256], want[256];

	ref_small(lang.len == 0 ? SLICE("und") : lang, false, have);
	for (uint32_t i = 0; i < f->count; i++) {
		ref_small(f->values[i], false, want);
		if (!strcmp(have, want))
			return true;
		strcat(want, "-*");
		if (ref_star(have, want))
			return true;
	}
	return false;
}

static bool
ref_hour(const struct field *f, int64_t ts_ms)
{
	int64_t hour;

	if (ts_ms == TIME_NONE)
		return false;
	hour = ((ts_ms / 60000 + f->zone_min) / 60) % 24;
	for (uint64_t h = f->low;; h = (h + 1) % 24) {
		if ((int64_t)h == hour)
			return true;
		if (h == f->high)
			return false;
	}
}

static bool
ref_is(const struct post *p, const char *word)
{
	static const char *const kinds[] = {"post", "reply", "repost", "quote",
	    "comment", "article", "review"};

	if (!strcmp(word, "original"))
		return !ref_is(p, "reply") && !ref_is(p, "repost") &&
		       !ref_is(p, "quote") && !ref_is(p, "comment");
	if (!strcmp(word, "verified"))
		return p->verified;
	if (!strcmp(word, "edited"))
		return p->edited;
	if (!strcmp(word, kinds[p->kind]))
		return true;
	return (!strcmp(word, "reply") && p->parent_id.len > 0) ||
	       (!strcmp(word, "repost") && p->repost_of.len > 0) ||
	       (!strcmp(word, "quote") && p->quote_of.len > 0);
}

static bool
ref_has(const struct post *p, const char *word)
{
	if (!strcmp(word, "link"))
		return p->links.count > 0;
	if (!strcmp(word, "media"))
		return p->media;
	if (!strcmp(word, "followers"))
		return p->followers != POST_UNKNOWN;
	if (!strcmp(word, "lang"))
		return p->lang.len > 0 && !slice_is(p->lang, "und");
	if (!strcmp(word, "title"))
		return p->title.len > 0;
	if (!strcmp(word, "author"))
		return p->author_id.len + p->author_handle.len > 0;
	if (!strcmp(word, "url"))
		return p->url.len > 0;
	if (!strcmp(word, "country"))
		return p->country.len > 0;
	return !strcmp(word, "tag") ? p->tags.count > 0
				    : p->mentions.count > 0;
}

/* One of the words whose bits are set. */
static bool
ref_word(const struct field *f, const struct post *p)
{
	enum field_type type = field_type(f->id);
	const char *word;

	for (unsigned i = 0; (word = field_word(type, i)) != NULL; i++) {
		if ((f->low >> i & 1) == 0)
			continue;
		if (type == FIELD_TYPE_KIND ? p->kind == i
		    : type == FIELD_TYPE_IS ? ref_is(p, word)
					    : ref_has(p, word))
			return true;
	}
	return false;
}

static bool
ref_field(const struct field *f, const struct post *p)
{
	bool held = false;
	uint64_t n;

	switch (f->id) {
	case FIELD_LANG:
		return ref_lang(f, p->lang);
	case FIELD_SOURCE:
		return ref_value(f, p->source, false);
	case FIELD_AUTHOR:
		return ref_value(f, p->author_id, true) ||
		       ref_value(f, p->author_handle, true);
	case FIELD_SITE:
		held = p->url.len > 0 && ref_site(f, p->url);
		for (uint32_t i = 0; i < p->links.count; i++)
			held = held || ref_site(f, p->links.items[i]);
		return held;
	case FIELD_HOUR:
		return ref_hour(f, p->ts_ms);
	case FIELD_FOLLOWERS:
	case FIELD_REACH:
		n = p->followers;
		if (f->id == FIELD_REACH && p->reach != POST_UNKNOWN)
			n = p->reach;
		return n != POST_UNKNOWN && n >= f->low && n <= f->high;
	default:
		return ref_word(f, p);
	}
}

#endif
