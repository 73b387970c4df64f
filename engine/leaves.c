/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/leaves.h"

#include <string.h>

#define DIGITS_MAX 12 /* before the point */

/* Where in the text we are, and how to go back up. */
struct trail {
	char path[LEAVES_PATH_BYTES];
	size_t len, ends[JSON_READ_DEPTH + 1];
	unsigned depth;
};

static void
down(struct trail *t, bool list)
{
	t->ends[t->depth] = t->len;
	t->depth++;
	if (list && t->len + 3 < LEAVES_PATH_BYTES) {
		memcpy(t->path + t->len, "[]", 3);
		t->len += 2;
	}
}

/* At a key: what stood behind the object's own path is replaced. */
static void
at_key(struct trail *t, struct slice key)
{
	size_t n = t->ends[t->depth - 1];
	bool dot = n > 0;

	if (n + key.len + 2 > LEAVES_PATH_BYTES)
		key.len = 0;
	if (dot)
		t->path[n++] = '.';
	memcpy(t->path + n, key.data, key.len);
	t->len = n + key.len;
	t->path[t->len] = '\0';
}

static void
up(struct trail *t)
{
	t->depth--;
	t->len = t->ends[t->depth];
	t->path[t->len] = '\0';
}

bool
leaves_walk(struct slice text, leaves_visit visit, void *self)
{
	struct trail t = {.depth = 0};
	enum json_kind kind;
	struct json j;

	json_init(&j, text);
	while ((kind = json_next(&j)) != JSON_END) {
		if (kind == JSON_BROKEN)
			return false;
		if (kind == JSON_KEY) {
			at_key(&t, j.raw);
			continue;
		}
		if (kind == JSON_OBJECT_END || kind == JSON_LIST_END) {
			up(&t);
			continue;
		}
		if (!visit(self, t.path, kind, &j))
			return false;
		if (kind == JSON_OBJECT || kind == JSON_LIST)
			down(&t, kind == JSON_LIST);
	}
	return true;
}

bool
leaves_micro(struct slice raw, int64_t *micro)
{
	bool negative = raw.len > 0 && raw.data[0] == '-';
	int decimals = -1, digits = 0;
	int64_t value = 0;

	for (size_t i = negative; i < raw.len; i++) {
		char c = raw.data[i];

		if (c == '.' && decimals < 0) {
			decimals = 0;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		if (decimals == 6)
			continue;
		if (decimals < 0 && digits++ == DIGITS_MAX)
			return false;
		value = value * 10 + (c - '0');
		decimals += decimals >= 0;
	}
	for (int i = decimals < 0 ? 0 : decimals; i < 6; i++)
		value *= 10;
	*micro = negative ? -value : value;
	return true;
}
