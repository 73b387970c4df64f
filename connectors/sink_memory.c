/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/sink_memory.h"

#include <stdlib.h>

#include "engine/base/must.h"

struct sink_memory {
	struct sink sink;
	struct memory_message *messages;
	size_t count;
	bool hold;
};

static const struct setting settings[] = {{0}};

static struct sink_memory *
self(struct sink *s)
{
	return (struct sink_memory *)s;
}

const struct memory_message *
sink_memory_at(const struct sink *s, size_t i)
{
	const struct sink_memory *m = (const struct sink_memory *)s;

	return i < m->count ? &m->messages[i] : NULL;
}

void
sink_memory_hold(struct sink *s, bool hold)
{
	self(s)->hold = hold;
	if (!hold)
		sink_ready(s);
}

static int
memory_open(struct sink *s, uv_loop_t *loop, struct err *err)
{
	(void)s;
	(void)loop;
	(void)err;
	return 0;
}

static char *
copy(const char *data, size_t len)
{
	char *text = must_alloc(len + 1);

	if (len > 0)
		memcpy(text, data, len);
	return text;
}

static void
memory_publish(struct sink *s, const char *channel, struct alert *a,
    uint64_t token)
{
	struct sink_memory *m = self(s);

	m->messages =
	    must_grow(m->messages, (m->count + 1) * sizeof(*m->messages));
	m->messages[m->count++] =
	    (struct memory_message){copy(channel, strlen(channel)),
		copy(a->json.data, a->json.len)};
	sink_done(s, token);
}

static uint32_t
memory_room(const struct sink *s)
{
	return ((const struct sink_memory *)s)->hold ? 0 : 1;
}

static void
memory_close(struct sink *s, void (*on_closed)(struct sink *s))
{
	struct sink_memory *m = self(s);

	for (size_t i = 0; i < m->count; i++) {
		free(m->messages[i].channel);
		free(m->messages[i].json);
	}
	free(m->messages);
	m->messages = NULL;
	m->count = 0;
	on_closed(s);
}

const struct sink_type sink_memory_type = {
    .name = "memory",
    .help = "keeps every message, for tests",
    .settings = settings,
    .size = sizeof(struct sink_memory),
    .open = memory_open,
    .publish = memory_publish,
    .room = memory_room,
    .close = memory_close,
};
