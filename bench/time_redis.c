/*
 * What a message from a Redis stream costs this process: by hiredis' own
 * reader, which builds a tree, and by the engine's source.
 *
 *	time_redis REDIS-SOCKET COUNT BYTES
 *
 * COUNT entries of BYTES are added to a stream; then two groups read them by
 * the thousand, with one XACK for each thousand, and copy each post into a
 * buffer (the tree) or a batch (the source, through hiredis, libuv and intake;
 * batches are given back as soon as the loop turns).  User and system time of
 * the process per message.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "connectors/connectors.h"
#include "engine/base/must.h"
#include "engine/intake_hub.h"
#include "engine/source.h"

#define PAGE 1000

/* A pipeline that reads nothing. */
struct hub {
	struct intake_hub hub; /* first */
	struct batch_pool *pool;
	struct batch *done[16];
	uint32_t done_count, count, wanted;
	uv_prepare_t turn;
	uv_loop_t loop;
};

static double
cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	    1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static struct batch *
hub_take(struct intake_hub *hub)
{
	return batch_take(((struct hub *)hub)->pool);
}

static void
hub_give_back(struct intake_hub *hub, struct batch *b)
{
	batch_release(((struct hub *)hub)->pool, b);
}

static bool
hub_room(struct intake_hub *hub)
{
	return ((struct hub *)hub)->done_count < 14;
}

static void
hub_submit(struct intake_hub *hub, struct intake *in, struct batch *b)
{
	struct hub *h = (struct hub *)hub;

	(void)in;
	h->done[h->done_count++] = b;
}

static void
hub_starved(struct intake_hub *hub)
{
	(void)hub;
}

static int64_t
hub_arrival_ms(struct intake_hub *hub)
{
	(void)hub;
	return 0;
}

/* At the end of a turn, as the pipeline does. */
static void
on_turn(uv_prepare_t *turn)
{
	struct hub *h = turn->data;
	struct intake *in = h->hub.inputs[0];

	intake_flush(in);
	for (uint32_t i = 0; i < h->done_count; i++) {
		struct batch *b = h->done[i];
		uint32_t lines = 0;

		for (const char *p = b->bytes, *end = p + b->len; p < end;
		     lines++)
			p = (char *)memchr(p, '\n', (size_t)(end - p)) + 1;
		h->count += lines;
		batch_release(h->pool, b);
		intake_collected(in, lines);
	}
	h->done_count = 0;
	if (h->count >= h->wanted)
		uv_stop(&h->loop);
}

static double
time_source(const char *socket, uint32_t count)
{
	static struct hub h = {.hub = {.take = hub_take,
	    .give_back = hub_give_back, .room = hub_room,
	    .submit = hub_submit, .starved = hub_starved,
	    .arrival_ms = hub_arrival_ms, .inputs_max = 1}};
	const struct source_type *type = connectors_source("redis");
	struct source *s = must_alloc(type->size);
	char url[200], page[16];
	struct err err;
	double start;

	snprintf(url, sizeof(url), "unix://%s", socket);
	snprintf(page, sizeof(page), "%d", PAGE);
	s->type = type;
	s->hub = &h.hub;
	for (const struct setting *row = type->settings; row->name != NULL;
	     row++) {
		void *field = (char *)s + row->offset;

		if (!strcmp(row->name, "url"))
			*(const char **)field = url;
		else if (!strcmp(row->name, "stream"))
			*(const char **)field = "bench";
		else if (!strcmp(row->name, "count"))
			*(int64_t *)field = PAGE;
		else if (!strcmp(row->name, "timeout"))
			*(int64_t *)field = 10000;
		else if (row->type == SETTING_TEXT)
			*(const char **)field = row->fallback;
	}
	h.pool = batch_pool_new(16);
	h.wanted = count;
	uv_loop_init(&h.loop);
	uv_prepare_init(&h.loop, &h.turn);
	h.turn.data = &h;
	uv_prepare_start(&h.turn, on_turn);
	start = cpu_s();
	if (type->open(s, &h.loop, &err) != 0) {
		fprintf(stderr, "time_redis: %s\n", err.text);
		exit(1);
	}
	uv_run(&h.loop, UV_RUN_DEFAULT);
	REQUIRE(h.count == count);
	return cpu_s() - start; /* the process ends with all that is open */
}

static redisReply *
command(redisContext *c, int argc, const char **argv)
{
	redisReply *r = redisCommandArgv(c, argc, argv, NULL);

	REQUIRE(r != NULL && r->type != REDIS_REPLY_ERROR);
	return r;
}

static double
time_tree(redisContext *c, uint32_t count)
{
	static const char *create[] = {"XGROUP", "CREATE", "bench", "tree",
	    "0"};
	static const char *read[] = {"XREADGROUP", "GROUP", "tree", "me",
	    "COUNT", "1000", "STREAMS", "bench", ">"};
	static char copy[PAGE << 12];
	uint32_t got = 0;
	double start = cpu_s();

	freeReplyObject(command(c, 5, create));
	while (got < count) {
		redisReply *r = command(c, 9, read), *entries;
		const char *ack[PAGE + 3] = {"XACK", "bench", "tree"};
		size_t at = 0;

		entries = r->element[0]->element[1];
		for (size_t i = 0; i < entries->elements; i++) {
			redisReply *e = entries->element[i];
			redisReply *value = e->element[1]->element[1];

			REQUIRE(at + value->len < sizeof(copy));
			memcpy(copy + at, value->str, value->len);
			at += value->len;
			copy[at++] = '\n';
			ack[3 + i] = e->element[0]->str;
		}
		freeReplyObject(
		    command(c, (int)entries->elements + 3, ack));
		got += (uint32_t)entries->elements;
		freeReplyObject(r);
	}
	return cpu_s() - start;
}

static void
fill(redisContext *c, uint32_t count, size_t bytes)
{
	char *post = must_alloc(bytes + 1);

	memset(post, 'x', bytes);
	for (uint32_t i = 0; i < count; i++)
		redisAppendCommand(c, "XADD bench * post %b", post, bytes);
	for (uint32_t i = 0; i < count; i++) {
		void *r;

		REQUIRE(redisGetReply(c, &r) == REDIS_OK);
		freeReplyObject(r);
	}
	free(post);
}

int
main(int argc, char **argv)
{
	redisContext *c;
	uint32_t count;
	double tree, source;

	if (argc != 4) {
		fprintf(stderr, "usage: time_redis SOCKET COUNT BYTES\n");
		return 2;
	}
	c = redisConnectUnix(argv[1]);
	REQUIRE(c != NULL && c->err == 0);
	count = (uint32_t)atoi(argv[2]);
	REQUIRE(count >= PAGE && atoi(argv[3]) <= 4000);
	fill(c, count, (size_t)atoi(argv[3]));
	tree = time_tree(c, count) * 1e9 / count;
	source = time_source(argv[1], count) * 1e9 / count;
	printf("%u entries of %s bytes, ns of processor time each: tree %.0f, "
	    "source %.0f, ratio %.2f\n", count, argv[3], tree, source,
	    tree / source);
	return 0;
}
