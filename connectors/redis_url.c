/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_url.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/slice.h"

#define FORM "redis://[:password@]host[:port][/db] or unix:///path/of.sock"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* ${from} with its %xx undone; false when it is broken or does not fit. */
static bool
take(struct slice from, char *to, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < from.len; i++) {
		int c = (unsigned char)from.data[i];

		if (c == '%') {
			if (i + 2 >= from.len || hex(from.data[i + 1]) < 0 ||
			    hex(from.data[i + 2]) < 0)
				return false;
			c = hex(from.data[i + 1]) * 16 + hex(from.data[i + 2]);
			i += 2;
		}
		if (c == 0 || n + 1 >= room)
			return false;
		to[n++] = (char)c;
	}
	to[n] = '\0';
	return true;
}

static bool
number(struct slice text, int max, int *out)
{
	int v = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		v = v * 10 + (text.data[i] - '0');
		if (v > max)
			return false;
	}
	*out = v;
	return text.len > 0;
}

/* The part of ${text} before ${end}; ${text} moves behind it.  Without such
 * a byte: all of it, and ${text} becomes empty with data NULL. */
static struct slice
cut(struct slice *text, char end)
{
	const char *at =
	    text->len > 0 ? memchr(text->data, end, text->len) : NULL;
	struct slice part = *text;

	if (at == NULL) {
		*text = SLICE_NONE;
		return part;
	}
	part.len = (size_t)(at - text->data);
	text->data = at + 1;
	text->len -= part.len + 1;
	return part;
}

/* user:password@ before the last '@', if there is one. */
static bool
take_secret(struct slice *rest, struct redis_url *url)
{
	const char *at =
	    rest->len > 0 ? memrchr(rest->data, '@', rest->len) : NULL;
	struct slice secret, user;

	if (at == NULL)
		return true;
	secret = (struct slice){rest->data, (size_t)(at - rest->data)};
	rest->len -= secret.len + 1;
	rest->data = at + 1;
	user = cut(&secret, ':');
	return take(user, url->user, sizeof(url->user)) &&
	    take(secret, url->password, sizeof(url->password));
}

static bool
take_unix(struct slice rest, struct redis_url *url)
{
	struct slice path;

	if (!take_secret(&rest, url))
		return false;
	path = cut(&rest, '?');
	if (path.len < 2 || path.data[0] != '/' ||
	    !take(path, url->path, sizeof(url->path)))
		return false;
	snprintf(url->name, sizeof(url->name), "redis %.56s", url->path);
	if (rest.data == NULL)
		return true;
	if (rest.len < 4 || memcmp(rest.data, "db=", 3) != 0)
		return false;
	rest.data += 3;
	rest.len -= 3;
	return number(rest, 1 << 20, &url->db);
}

static bool
take_tcp(struct slice rest, struct redis_url *url)
{
	struct slice place, host;

	if (!take_secret(&rest, url))
		return false;
	place = cut(&rest, '/');
	if (rest.len > 0 && !number(rest, 1 << 20, &url->db))
		return false;
	if (place.len > 0 && place.data[0] == '[') {
		place.data++;
		place.len--;
		host = cut(&place, ']');
		if (place.data == NULL)
			return false;
		if (place.len > 0 && place.data[0] != ':')
			return false;
		cut(&place, ':');
	} else {
		host = cut(&place, ':');
	}
	url->port = 6379;
	if (place.data != NULL && place.len > 0 &&
	    (!number(place, 65535, &url->port) || url->port == 0))
		return false;
	if (host.len == 0 || !take(host, url->host, sizeof(url->host)))
		return false;
	snprintf(url->name, sizeof(url->name), "redis %.48s:%d", url->host,
	    url->port);
	return true;
}

int
redis_url_parse(const char *text, struct redis_url *url, struct err *err)
{
	struct slice rest = slice_of(text);
	bool ok = false;

	memset(url, 0, sizeof(*url));
	if (!strncmp(text, "rediss://", 9))
		return err_set(err, -EPROTONOSUPPORT,
		    "rediss:// is not spoken: put stunnel or a TLS proxy "
		    "beside vigie and give the plain url of that");
	if (!strncmp(text, "redis://", 8)) {
		rest.data += 8;
		rest.len -= 8;
		ok = take_tcp(rest, url);
	} else if (!strncmp(text, "unix://", 7)) {
		rest.data += 7;
		rest.len -= 7;
		ok = take_unix(rest, url);
	}
	if (ok)
		return 0;
	return err_set(err, -EINVAL, "the url of a Redis is written " FORM);
}
