/*
 * Whose word carries far: the accounts and sites under relays:, looked up by
 * halving; only for posts that do harm.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/ruleset.h"

static int
order(const struct ruleset_relay *r, struct slice text, bool site)
{
	int o = slice_order(r->text, text);

	return o != 0 ? o : (int)r->site - (int)site;
}

static enum rules_relay
find(const struct ruleset *rs, struct slice text, bool site)
{
	uint32_t from = 0, to = rs->relays_count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		int o = order(&rs->relays[middle], text, site);

		if (o == 0)
			return (enum rules_relay)rs->relays[middle].class;
		if (o < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return RELAY_NONE;
}

/* ${text} in small ASCII letters into ${out}; false when it is too long. */
static bool
lower(struct slice text, char out[RELAY_BYTES], struct slice *made)
{
	if (text.len == 0 || text.len > RELAY_BYTES)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	*made = (struct slice){out, text.len};
	return true;
}

static enum rules_relay
account(const struct ruleset *rs, struct slice name)
{
	char small[RELAY_BYTES];
	struct slice text;

	if (name.len > 0 && name.data[0] == '@') {
		name.data++;
		name.len--;
	}
	return lower(name, small, &text) ? find(rs, text, false) : RELAY_NONE;
}

/* The host of "https://www.example.org:80/x", or ${url} if it has none. */
static struct slice
host_of(struct slice url)
{
	size_t i = 0;

	for (; i + 2 < url.len; i++)
		if (!memcmp(url.data + i, "://", 3)) {
			url.data += i + 3;
			url.len -= i + 3;
			break;
		}
	for (i = 0; i < url.len && !strchr("/:?#", url.data[i]); i++)
		continue;
	url.len = i;
	return url;
}

/* A site, or what it is a subdomain of. */
static enum rules_relay
site(const struct ruleset *rs, struct slice url)
{
	char small[RELAY_BYTES];
	struct slice host;

	if (!lower(host_of(url), small, &host))
		return RELAY_NONE;
	while (host.len > 0) {
		enum rules_relay class = find(rs, host, true);
		const char *dot = memchr(host.data, '.', host.len);
		size_t step;

		if (class != RELAY_NONE || dot == NULL)
			return class;
		step = (size_t)(dot + 1 - host.data);
		host.data += step;
		host.len -= step;
	}
	return RELAY_NONE;
}

enum rules_relay
ruleset_relay(const struct ruleset *rs, const struct post *post)
{
	enum rules_relay class = RELAY_NONE;

	if (rs->relays_count > 0) {
		class = account(rs, post->author_handle);
		if (class == RELAY_NONE)
			class = account(rs, post->author_id);
		if (class == RELAY_NONE)
			class = site(rs, post->url);
		if (class == RELAY_NONE)
			class = site(rs, post->source);
	}
	if (class == RELAY_NONE && post->followers != POST_UNKNOWN &&
	    post->followers >= rs->relay_reach)
		class = RELAY_REACH;
	return class;
}
