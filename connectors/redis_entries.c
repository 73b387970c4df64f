/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_entries.h"

#include <stdlib.h>

#include "engine/base/must.h"

/* Arrays in one another: a stream of streams has five. */
#define DEPTH_MAX 8u
/* Digits of a length: Redis has no strings over 512 MiB. */
#define LENGTH_MAX (512 << 20)

/* An array that is open. */
struct level {
	uint32_t left, index; /* elements to come; of the next one */
};

struct redis_entries {
	const char *field;
	size_t field_len;
	void (*on_entry)(void *arg, struct redis_id id, struct slice value);
	void *arg;
	enum redis_entries_form form;
	struct level levels[DEPTH_MAX];
	uint32_t depth;
	/* of the entry that is being read */
	struct redis_id id;
	bool open;   /* its id was read */
	bool wanted; /* the next value is the field's */
	bool given;
	uint32_t count;
	struct redis_id next;
};

/* How deep the id of an entry lies: below stream, its entries, entry; or
 * below entries, entry. */
static const int id_depth[] = {
    [ENTRIES_NONE] = -1, [ENTRIES_READ] = 4, [ENTRIES_CLAIM] = 3};

bool
redis_entries_id(struct slice text, struct redis_id *id)
{
	uint64_t part[2] = {0, 0};
	unsigned which = 0;

	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned char)text.data[i] - '0';

		if (text.data[i] == '-' && which == 0 && i > 0) {
			which = 1;
			continue;
		}
		if (digit > 9 || part[which] > (UINT64_MAX - digit) / 10)
			return false;
		part[which] = part[which] * 10 + digit;
	}
	*id = (struct redis_id){part[0], part[1]};
	return which == 1;
}

static void
give(struct redis_entries *e, struct slice value)
{
	e->given = true;
	e->on_entry(e->arg, e->id, value);
}

/* Every entry is told of once, with or without the field. */
static void
finish_entry(struct redis_entries *e)
{
	if (e->open && !e->given)
		give(e, SLICE_NONE);
	e->open = e->given = e->wanted = false;
}

static void
take_string(struct redis_entries *e, struct slice text)
{
	int below = (int)e->depth - id_depth[e->form];
	uint32_t index = e->levels[e->depth - 1].index;

	if (below == 1 && e->open) {
		if (index % 2 == 0) {
			e->wanted = !e->given && text.len == e->field_len &&
			    !memcmp(text.data, e->field, text.len);
		} else if (e->wanted) {
			e->wanted = false;
			give(e, text);
		}
	} else if (below == 0 && index == 0) {
		finish_entry(e);
		e->open = redis_entries_id(text, &e->id);
		e->count += e->open;
	} else if (e->form == ENTRIES_CLAIM && below == -2 && index == 0) {
		(void)redis_entries_id(text, &e->next);
	}
}

/* The number behind the kind of an element, and where its line ends.  False:
 * the line is not whole, or *${at} is NULL: it holds something else. */
static bool
take_number(const char **at, const char *end, int64_t *number)
{
	const char *p = *at + 1;
	bool negative = p < end && *p == '-';
	int64_t n = 0;

	for (p += negative; p < end && *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (*p - '0');
		if (n > LENGTH_MAX) {
			*at = NULL;
			return false;
		}
	}
	if (end - p < 2)
		return false;
	if (p[0] != '\r' || p[1] != '\n') {
		*at = NULL;
		return false;
	}
	*number = negative ? -1 : n;
	*at = p + 2;
	return true;
}

/* One element is over, and so are the arrays whose last one it was. */
static void
end_element(struct redis_entries *e)
{
	while (e->depth > 0) {
		struct level *l = &e->levels[e->depth - 1];

		l->index++;
		if (--l->left > 0)
			return;
		e->depth--;
	}
}

static int
take_array(struct redis_entries *e, int64_t count)
{
	if (count <= 0) {
		end_element(e);
		return 1;
	}
	if (e->depth == DEPTH_MAX)
		return -1;
	e->levels[e->depth++] = (struct level){.left = (uint32_t)count};
	return 1;
}

/* One element, or the head of an array: 1, and *${at} behind it; 0 when it is
 * not whole; -1. */
static int
take_element(struct redis_entries *e, const char **at, const char *end)
{
	const char *p = *at, *line;
	int64_t n = 0;

	if (*p == '*' || *p == '$') {
		bool array = *p == '*';

		if (!take_number(&p, end, &n))
			return p == NULL ? -1 : 0;
		if (array) {
			*at = p;
			return take_array(e, n);
		}
		if (n >= 0) {
			if (end - p < n + 2)
				return 0;
			take_string(e, (struct slice){p, (size_t)n});
			p += n + 2;
		}
	} else {
		line = memchr(p, '\n', (size_t)(end - p));
		if (line == NULL)
			return 0;
		p = line + 1;
	}
	*at = p;
	end_element(e);
	return 1;
}

int
redis_entries_walk(struct redis_entries *e, struct slice bytes, size_t *used)
{
	const char *at = bytes.data, *end = at + bytes.len;
	int rc = 1;

	while (at < end && rc > 0) {
		/* Nothing but an array may be the root. */
		if (e->depth == 0 && *at != '*')
			rc = -1;
		else
			rc = take_element(e, &at, end);
		if (rc > 0 && e->depth == 0)
			break;
	}
	*used = (size_t)(at - bytes.data);
	return rc < 0 ? -1 : rc > 0 && e->depth == 0 && *used > 0;
}

struct redis_entries *
redis_entries_new(const char *field,
    void (*on_entry)(void *arg, struct redis_id id, struct slice value),
    void *arg)
{
	struct redis_entries *e = must_alloc(sizeof(*e));

	e->field = field;
	e->field_len = strlen(field);
	e->on_entry = on_entry;
	e->arg = arg;
	return e;
}

void
redis_entries_free(struct redis_entries *e)
{
	free(e);
}

void
redis_entries_await(struct redis_entries *e, enum redis_entries_form form)
{
	e->form = form;
	e->depth = 0;
	e->open = e->given = e->wanted = false;
	e->count = 0;
	e->next = (struct redis_id){0, 0};
}

bool
redis_entries_awaits(const struct redis_entries *e)
{
	return e->form != ENTRIES_NONE;
}

uint32_t
redis_entries_end(struct redis_entries *e, struct redis_id *next)
{
	finish_entry(e);
	*next = e->next;
	return e->count;
}
