/*
 * From the post that closes a minute to the alerts of that minute in the hands
 * of a subscriber.
 *
 *	time_minute ENGINE-SOCKET REDIS-SOCKET FIRST-BRAND
 *
 * The engine runs already, as for time_latency; its topic of severity 2 is
 * "rassis".  Four times ten brands are spoken of by fourteen accounts each in
 * one minute, then one post of the next minute is written: from there each
 * brand's alert is timed.  Minutes lie up to four before the clock, which posts
 * may.  Prints the median and the longest time to the first alert of a minute
 * and to each of all, in microseconds.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/must.h"

#define MINUTES 4
#define BRANDS 10
#define VOICES 14
#define WAIT_MS 10000
#define MINUTE 60000

struct bench {
	struct clock clock;
	int engine, redis;
	unsigned first; /* brand of this minute */
	int64_t closed_ns;
	int64_t heard[BRANDS]; /* ns since; 0: not yet */
	unsigned count;
	struct buf out, in;
};

static int
dial(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	REQUIRE(fd >= 0 && strlen(path) < sizeof(a.sun_path));
	memcpy(a.sun_path, path, strlen(path) + 1);
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) < 0) {
		perror(path);
		exit(1);
	}
	return fd;
}

static void
flush(struct bench *b)
{
	for (size_t at = 0; at < b->out.len;) {
		ssize_t n =
		    write(b->engine, b->out.data + at, b->out.len - at);

		REQUIRE(n > 0);
		at += (size_t)n;
	}
	buf_clear(&b->out);
}

static void
put_post(struct bench *b, int64_t ms, unsigned brand, unsigned voice)
{
	buf_printf(&b->out, "{\"id\":\"m%u-%u\",\"source\":\"bench\","
	    "\"ts\":\"", brand, voice);
	buf_utc(&b->out, ms);
	buf_printf(&b->out, "\",\"author\":{\"id\":\"v%u-%u\"},\"text\":"
	    "\"numero %u: rassis chez marque%04u\"}\n", brand, voice,
	    voice * 7919, brand);
}

/* Alerts of this minute's brands in what came; how they begin may be cut, so
 * all of it is looked through again. */
static void
look(struct bench *b, int64_t now)
{
	static const char key[] = "\"brand\":\"brand-";
	const char *at = b->in.data, *end = at + b->in.len;

	while ((at = memmem(at, (size_t)(end - at), key, sizeof(key) - 1)) !=
	    NULL) {
		unsigned i;

		at += sizeof(key) - 1;
		if (end - at < 5)
			return;
		i = (unsigned)atoi(at) - b->first;
		if (i < BRANDS && b->heard[i] == 0) {
			b->heard[i] = now - b->closed_ns;
			b->count++;
		}
	}
}

static bool
listen_until(struct bench *b, unsigned count, const char *word)
{
	struct pollfd p = {.fd = b->redis, .events = POLLIN};

	for (;;) {
		ssize_t n;

		if (word != NULL && b->in.len > 0 &&
		    memmem(b->in.data, b->in.len, word, strlen(word)) != NULL)
			return true;
		if (word == NULL && b->count >= count)
			return true;
		if (poll(&p, 1, WAIT_MS) <= 0)
			return false;
		n = read(b->redis, buf_reserve(&b->in, 1u << 18), 1u << 18);
		if (n <= 0)
			return false;
		b->in.len += (size_t)n;
		look(b, b->clock.tick_ns(b->clock.self));
	}
}

static int
order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool
close_minute(struct bench *b, int64_t minute_ms, int64_t *times)
{
	memset(b->heard, 0, sizeof(b->heard));
	b->count = 0;
	buf_clear(&b->in);
	for (unsigned v = 0; v < VOICES; v++)
		for (unsigned i = 0; i < BRANDS; i++)
			put_post(b, minute_ms + 1000 * v, b->first + i, v);
	flush(b);
	/* All of them are judged by then: it is not what is measured. */
	poll(NULL, 0, 200);
	put_post(b, minute_ms + MINUTE, 0,
	    (unsigned)(minute_ms / MINUTE % 9999));
	b->closed_ns = b->clock.tick_ns(b->clock.self);
	flush(b);
	if (!listen_until(b, BRANDS, NULL))
		return false;
	memcpy(times, b->heard, sizeof(b->heard));
	qsort(times, BRANDS, sizeof(*times), order);
	return true;
}

int
main(int argc, char **argv)
{
	static const char subscribe[] = "SUBSCRIBE vigie:alerts:all\r\n";
	static struct bench b;
	int64_t all[MINUTES * BRANDS], firsts[MINUTES], minute_ms;

	if (argc != 4) {
		fprintf(stderr, "usage: time_minute ENGINE-SOCKET "
				"REDIS-SOCKET FIRST-BRAND\n");
		return 2;
	}
	b.clock = clock_wall();
	b.engine = dial(argv[1]);
	b.redis = dial(argv[2]);
	REQUIRE(write(b.redis, subscribe, sizeof(subscribe) - 1) > 0);
	REQUIRE(listen_until(&b, 0, "subscribe"));
	minute_ms = clock_now(&b.clock) / MINUTE * MINUTE;
	for (int m = 0; m < MINUTES; m++) {
		b.first = (unsigned)atoi(argv[3]) + (unsigned)m * BRANDS;
		if (!close_minute(&b, minute_ms + m * MINUTE,
			all + (size_t)m * BRANDS)) {
			fprintf(stderr, "time_minute: %u of %d alerts came\n",
			    b.count, BRANDS);
			return 1;
		}
		firsts[m] = all[(size_t)m * BRANDS];
	}
	qsort(firsts, MINUTES, sizeof(*firsts), order);
	qsort(all, MINUTES * BRANDS, sizeof(*all), order);
	printf("minute closed to its alerts, us: first of %d p50 %.0f, most "
	       "%.0f; all %d p50 %.0f, most %.0f\n",
	    MINUTES, (double)firsts[MINUTES / 2] / 1e3,
	    (double)firsts[MINUTES - 1] / 1e3, MINUTES * BRANDS,
	    (double)all[MINUTES * BRANDS / 2] / 1e3,
	    (double)all[MINUTES * BRANDS - 1] / 1e3);
	return 0;
}
