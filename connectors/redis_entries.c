/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_entries.h"

#include <hiredis/hiredis.h>
#include <stdlib.h>

#include "engine/base/must.h"

#if HIREDIS_MAJOR >= 1
typedef size_t array_size;
#else
typedef int array_size;
#endif

struct redis_entries {
	const char *field;
	size_t field_len;
	void (*on_entry)(void *arg, struct redis_id id, struct slice value);
	void *arg;
	enum redis_entries_form form;
	redisReplyObjectFunctions functions;
	const redisReplyObjectFunctions *tree; /* hiredis' own */
	/* of the entry that is being read */
	struct redis_id id;
	bool open;   /* its id was read */
	bool wanted; /* the next value is the field's */
	bool given;
	uint32_t count;
	struct redis_id next;
};

/* Stands for every reply with entries: hiredis looks at its type only. */
static redisReply walked = {.type = REDIS_REPLY_ARRAY};

/* How deep the id of an entry lies: below stream, its entries, entry; or
 * below entries, entry. */
static const int id_depth[] = {
    [ENTRIES_NONE] = -1, [ENTRIES_READ] = 4, [ENTRIES_CLAIM] = 3};

static int
depth_of(const redisReadTask *task)
{
	int depth = 0;

	for (; task->parent != NULL; task = task->parent)
		depth++;
	return depth;
}

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
take_string(struct redis_entries *e, const redisReadTask *task,
    struct slice text)
{
	int below = depth_of(task) - id_depth[e->form];

	if (below == 1 && e->open) {
		if (task->idx % 2 == 0) {
			e->wanted = !e->given && text.len == e->field_len &&
			    !memcmp(text.data, e->field, text.len);
		} else if (e->wanted) {
			e->wanted = false;
			give(e, text);
		}
	} else if (below == 0 && task->idx == 0) {
		finish_entry(e);
		e->open = redis_entries_id(text, &e->id);
		e->count += e->open;
	} else if (e->form == ENTRIES_CLAIM && below == -2 && task->idx == 0) {
		(void)redis_entries_id(text, &e->next);
	}
}

static void *
on_string(const redisReadTask *task, char *text, size_t len)
{
	struct redis_entries *e = task->privdata;

	if (e->form == ENTRIES_NONE || task->parent == NULL)
		return e->tree->createString(task, text, len);
	take_string(e, task, (struct slice){text, len});
	return &walked;
}

static void *
on_array(const redisReadTask *task, array_size count)
{
	struct redis_entries *e = task->privdata;

	if (e->form == ENTRIES_NONE)
		return e->tree->createArray(task, count);
	return &walked;
}

static void *
on_integer(const redisReadTask *task, long long value)
{
	struct redis_entries *e = task->privdata;

	if (e->form == ENTRIES_NONE || task->parent == NULL)
		return e->tree->createInteger(task, value);
	return &walked;
}

static void *
on_nil(const redisReadTask *task)
{
	struct redis_entries *e = task->privdata;

	if (e->form == ENTRIES_NONE || task->parent == NULL)
		return e->tree->createNil(task);
	return &walked;
}

static void
free_object(void *object)
{
	if (object != &walked)
		freeReplyObject(object);
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
redis_entries_use(struct redis_entries *e, struct redisReader *reader)
{
	e->tree = reader->fn;
	/* What hiredis learned to make since is made by its own functions:
	 * such replies are not asked for. */
	e->functions = *reader->fn;
	e->functions.createString = on_string;
	e->functions.createArray = on_array;
	e->functions.createInteger = on_integer;
	e->functions.createNil = on_nil;
	e->functions.freeObject = free_object;
	reader->fn = &e->functions;
	reader->privdata = e;
	reader->maxbuf = 0; /* keep the buffer: entries come without end */
	redis_entries_await(e, ENTRIES_NONE);
}

void
redis_entries_await(struct redis_entries *e, enum redis_entries_form form)
{
	e->form = form;
	e->open = e->given = e->wanted = false;
	e->count = 0;
	e->next = (struct redis_id){0, 0};
}

uint32_t
redis_entries_end(struct redis_entries *e, struct redis_id *next)
{
	finish_entry(e);
	*next = e->next;
	return e->count;
}
