/*
 * Fields of a post, compared.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/field.h"

#include <xxhash.h>

#include "engine/base/must.h"

static const struct {
	const char *name;
	enum field_type type;
} rows[FIELDS] = {
#define FIELD(id, name, type, values, help, query, hit, miss)                  \
	[FIELD_##id] = {#name, FIELD_TYPE_##type},
#include "rules/fields.def"
#undef FIELD
};

static const char *const kinds[] = {"post", "reply", "repost", "quote",
    "comment", "article", "review", NULL};

enum has {
	HAS_LINK,
	HAS_TAG,
	HAS_MENTION,
	HAS_MEDIA,
	HAS_TITLE,
	HAS_URL,
	HAS_AUTHOR,
	HAS_LANG,
	HAS_COUNTRY,
	HAS_FOLLOWERS,
};
static const char *const things[] = {"link", "tag", "mention", "media", "title",
    "url", "author", "lang", "country", "followers", NULL};

/* The others of the first are bits of the kinds too. */
enum is { IS_ORIGINAL, IS_VERIFIED = POST_REVIEW + 1, IS_EDITED };
static const char *const states[] = {"original", "reply", "repost", "quote",
    "comment", "article", "review", "verified", "edited", NULL};

const char *
field_name(enum field_id id)
{
	return rows[id].name;
}

enum field_type
field_type(enum field_id id)
{
	return rows[id].type;
}

const char *
field_word(enum field_type type, unsigned i)
{
	return type == FIELD_TYPE_KIND  ? kinds[i]
	       : type == FIELD_TYPE_HAS ? things[i]
					: states[i];
}

static char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* ${value} is in small letters. */
static int
order(struct slice text, struct slice value)
{
	for (size_t i = 0; i < text.len && i < value.len; i++) {
		unsigned char a = (unsigned char)small(text.data[i]);
		unsigned char b = (unsigned char)value.data[i];

		if (a != b)
			return a < b ? -1 : 1;
	}
	return (text.len > value.len) - (text.len < value.len);
}

static bool
among(const struct field *f, struct slice text)
{
	uint32_t low = 0, high = f->plain;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int o = order(text, f->values[mid]);

		if (o == 0)
			return true;
		if (o < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

/* '*' is any run of bytes; the last one is where a mismatch goes back to.
 * ${open}: the value may stand anywhere in the text. */
static bool
fits(struct slice text, struct slice value, bool open)
{
	size_t t = 0, v = 0, resume = 0, star = 0;
	bool starred = open;

	while (t < text.len) {
		if (v == value.len && open)
			return true;
		if (v < value.len && value.data[v] == '*') {
			starred = true;
			star = ++v;
			resume = t;
		} else if (v < value.len &&
			   small(text.data[t]) == value.data[v]) {
			t++;
			v++;
		} else if (starred) {
			v = star;
			t = ++resume;
		} else {
			return false;
		}
	}
	while (v < value.len && value.data[v] == '*')
		v++;
	return v == value.len;
}

static bool
any(const struct field *f, struct slice text)
{
	if (text.data == NULL)
		return false;
	if (among(f, text))
		return true;
	for (uint32_t i = f->plain; i < f->count; i++)
		if (fits(text, f->values[i], false))
			return true;
	return false;
}

static bool
any_account(const struct field *f, struct slice name)
{
	if (name.len > 1 && name.data[0] == '@') {
		name.data++;
		name.len--;
	}
	return any(f, name);
}

/* "pt" is also "pt-BR"; some write "pt_BR". */
static bool
any_lang(const struct field *f, struct slice lang)
{
	if (lang.len == 0)
		lang = SLICE("und");
	for (uint32_t i = 0; i < f->count; i++) {
		struct slice v = f->values[i];
		size_t k = 0;

		while (k < v.len && k < lang.len &&
		       (small(lang.data[k]) == v.data[k] ||
			   (lang.data[k] == '_' && v.data[k] == '-')))
			k++;
		if (k == v.len &&
		    (k == lang.len || lang.data[k] == '-' ||
			lang.data[k] == '_'))
			return true;
	}
	return false;
}

/* The host of "https://user@www.example.org:80/page". */
static struct slice
host_of(struct slice url)
{
	const char *p = url.data, *end = url.data + url.len, *from;

	for (from = p; p + 2 < end; p++)
		if (!memcmp(p, "://", 3)) {
			from = p + 3;
			break;
		} else if (*p == '/' || *p == '?' || *p == '#') {
			break;
		}
	for (p = from; p < end && strchr("/?#", *p) == NULL; p++)
		if (*p == '@')
			from = p + 1;
	end = p;
	for (p = from; p < end && *p != ':';)
		p++;
	while (p > from && p[-1] == '.')
		p--;
	return (struct slice){from, (size_t)(p - from)};
}

/* The host itself, then what it lies below, label by label. */
static bool
any_site(const struct field *f, struct slice url)
{
	struct slice host;

	if (url.len == 0)
		return false;
	host = host_of(url);
	while (host.len > 0) {
		const char *dot = memchr(host.data, '.', host.len);
		size_t skip;

		if (among(f, host))
			return true;
		skip = dot == NULL ? host.len : (size_t)(dot + 1 - host.data);
		host.data += skip;
		host.len -= skip;
	}
	return false;
}

static bool
any_url(const struct field *f, struct slice url)
{
	if (url.data == NULL)
		return false;
	for (uint32_t i = 0; i < f->count; i++)
		if (fits(url, f->values[i], true))
			return true;
	return false;
}

static bool
any_link(const struct field *f, const struct post *p,
    bool (*one)(const struct field *f, struct slice url))
{
	if (one(f, p->url))
		return true;
	for (uint32_t i = 0; i < p->links.count; i++)
		if (one(f, p->links.items[i]))
			return true;
	return false;
}

static uint64_t
bit(bool yes, unsigned i)
{
	return (uint64_t)yes << i;
}

static uint64_t
has_bits(const struct post *p)
{
	return bit(p->links.count > 0, HAS_LINK) |
	       bit(p->tags.count > 0, HAS_TAG) |
	       bit(p->mentions.count > 0, HAS_MENTION) |
	       bit(p->media, HAS_MEDIA) | bit(p->title.len > 0, HAS_TITLE) |
	       bit(p->url.len > 0, HAS_URL) |
	       bit(post_author(p).len > 0, HAS_AUTHOR) |
	       bit(p->lang.len > 0 && !slice_is(p->lang, "und"), HAS_LANG) |
	       bit(p->country.len > 0, HAS_COUNTRY) |
	       bit(p->followers != POST_UNKNOWN, HAS_FOLLOWERS);
}

static uint64_t
is_bits(const struct post *p)
{
	const uint64_t about = bit(true, POST_REPLY) | bit(true, POST_REPOST) |
			       bit(true, POST_QUOTE) | bit(true, POST_COMMENT);
	uint64_t bits = bit(p->kind != POST_POST, p->kind) |
			bit(p->parent_id.len > 0, POST_REPLY) |
			bit(p->repost_of.len > 0, POST_REPOST) |
			bit(p->quote_of.len > 0, POST_QUOTE);

	return bits | bit((bits & about) == 0, IS_ORIGINAL) |
	       bit(p->verified, IS_VERIFIED) | bit(p->edited, IS_EDITED);
}

static bool
hour_holds(const struct field *f, const struct post *p)
{
	const int64_t hour_ms = 60 * MINUTE_MS, day_ms = 24 * hour_ms;
	int64_t t = p->event_ms != TIME_NONE ? p->event_ms : p->ts_ms;
	uint64_t hour;

	if (t == TIME_NONE)
		return false;
	t = (t + f->zone_min * MINUTE_MS) % day_ms;
	hour = (uint64_t)((t < 0 ? t + day_ms : t) / hour_ms);
	return f->low <= f->high ? hour >= f->low && hour <= f->high
				 : hour >= f->low || hour <= f->high;
}

/* By the post's identity, so that every run takes the same ones. */
static bool
sampled(const struct field *f, const struct post *p)
{
	uint64_t key = XXH3_64bits(p->source.data, p->source.len);

	if (p->id.data != NULL)
		key = XXH3_64bits_withSeed(p->id.data, p->id.len, key);
	else
		key = XXH3_64bits_withSeed(p->text.data, p->text.len,
		    key ^ (uint64_t)p->ts_ms);
	return key % 100 < f->low;
}

static bool
within(const struct field *f, uint64_t value)
{
	return value != POST_UNKNOWN && value >= f->low && value <= f->high;
}

/* Whole days from the account's first to the post. */
static uint64_t
age_days(const struct post *p)
{
	int64_t at = p->event_ms != TIME_NONE ? p->event_ms : p->ts_ms;

	if (at == TIME_NONE || p->author_created_ms == TIME_NONE ||
	    at < p->author_created_ms)
		return POST_UNKNOWN;
	return (uint64_t)(at - p->author_created_ms) / 86400000u;
}

bool
field_holds(const struct field *f, const struct post *p)
{
	switch (f->id) {
	case FIELD_LANG:
		return any_lang(f, p->lang);
	case FIELD_SOURCE:
		return any(f, p->source);
	case FIELD_CHANNEL:
		return any(f, p->channel);
	case FIELD_KIND:
		return (f->low & bit(true, p->kind)) != 0;
	case FIELD_AUTHOR:
		return any_account(f, p->author_id) ||
		       any_account(f, p->author_handle);
	case FIELD_TO:
		return any_account(f, p->to);
	case FIELD_SITE:
		return any_link(f, p, any_site);
	case FIELD_URL:
		return any_link(f, p, any_url);
	case FIELD_COUNTRY:
		return any(f, p->country);
	case FIELD_REGION:
		return any(f, p->region);
	case FIELD_SENTIMENT:
		return any(f, p->sentiment);
	case FIELD_ID:
		return any(f, p->id);
	case FIELD_PARENT:
		return any(f, p->parent_id);
	case FIELD_ROOT:
		return any(f, p->root_id.data != NULL ? p->root_id : p->id);
	case FIELD_HOUR:
		return hour_holds(f, p);
	case FIELD_FOLLOWERS:
		return within(f, p->followers);
	case FIELD_REACH:
		return within(
		    f, p->reach != POST_UNKNOWN ? p->reach : p->followers);
	case FIELD_LIKES:
		return within(f, p->likes);
	case FIELD_REPOSTS:
		return within(f, p->reposts);
	case FIELD_REPLIES:
		return within(f, p->replies);
	case FIELD_VIEWS:
		return within(f, p->views);
	case FIELD_RATING:
		return within(f, p->rating);
	case FIELD_FOLLOWING:
		return within(f, p->following);
	case FIELD_LISTED:
		return within(f, p->listed);
	case FIELD_POSTS:
		return within(f, p->posts);
	case FIELD_AGE:
		return within(f, age_days(p));
	case FIELD_HAS:
		return (f->low & has_bits(p)) != 0;
	case FIELD_IS:
		return (f->low & is_bits(p)) != 0;
	case FIELD_SAMPLE:
		return sampled(f, p);
	default:
		UNREACHABLE("a field that is none");
	}
}
