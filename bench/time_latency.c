/*
 * From the last byte of a post that raises an alert to the alert in the hands
 * of a subscriber, and beside it a bare PUBLISH to the same subscriber.
 *
 *	time_latency POSTS ENGINE-SOCKET REDIS-SOCKET BRANDS SECONDS
 *
 * The engine runs already: it reads the socket and publishes to the Redis, and
 * its rules raise an alert of level 3 at once for "listeria dans marqueNNNN",
 * once for each of BRANDS.  First posts are sent as fast as they are taken:
 * that is the top rate.  Then, at 10, 50 and 90 % of it, posts and PUBLISHes
 * go out by a plan that does not wait for answers, and each time counts from
 * the planned moment, so that a stall is charged to all whom it delays.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/must.h"

#define TOP_POSTS 400000u
#define PROBES_MAX 10000u
#define SECOND INT64_C(1000000000)
#define PROBES_PER_SECOND 100
#define HOP_BYTES 3000 /* of an alert */
#define ID_DIGITS 10

struct plan {
	int64_t due[PROBES_MAX], heard[PROBES_MAX]; /* ns; heard 0: not yet */
	uint32_t count;
};

struct bench {
	struct clock clock;
	struct buf pool;      /* lines of background posts */
	uint32_t *lines;      /* where each begins */
	uint32_t lines_count, next_line;
	uint64_t sent;
	int engine, publisher, subscriber;
	struct plan alerts, hops;
	uint32_t brands;
	struct buf out; /* of posts, not yet written */
	_Atomic uint32_t alerts_heard, hops_heard, subscribed;
};

static int64_t
now_ns(const struct bench *b)
{
	return b->clock.tick_ns(b->clock.self);
}

static _Noreturn void
give_up(const char *what)
{
	perror(what);
	exit(1);
}

static int
dial(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	REQUIRE(fd >= 0 && strlen(path) < sizeof(a.sun_path));
	memcpy(a.sun_path, path, strlen(path) + 1);
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) < 0)
		give_up(path);
	return fd;
}

static void
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			give_up("time_latency: cannot write");
		bytes += n;
		len -= (size_t)n;
	}
}

/* The text of each post, as it stands in its JSON, in a line of ours. */
static void
read_pool(struct bench *b, const char *path)
{
	static const char key[] = "\"text\":\"";
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;

	if (f == NULL)
		give_up(path);
	b->lines = must_alloc(20000 * sizeof(*b->lines));
	while (b->lines_count < 20000 && getline(&line, &room, f) > 0) {
		const char *from = strstr(line, key), *to;

		if (from == NULL)
			continue;
		for (to = from += sizeof(key) - 1; *to != '\0' && *to != '"';
		     to++)
			if (*to == '\\')
				to++;
		if (*to != '"')
			continue;
		b->lines[b->lines_count] = (uint32_t)b->pool.len;
		buf_printf(&b->pool, "{\"id\":\"b%0*d\",\"source\":\"bench\","
		    "\"author\":{\"id\":\"u%u\",\"followers\":%u},\"text\":\"",
		    ID_DIGITS, 0, b->lines_count % 5000,
		    b->lines_count * 7 % 3000);
		buf_put(&b->pool, from, (size_t)(to - from));
		buf_text(&b->pool, "\"}\n");
		b->lines_count++;
	}
	free(line);
	fclose(f);
	REQUIRE(b->lines_count > 0);
}

/* One more post of the background, with an id of its own. */
static void
put_post(struct bench *b)
{
	uint32_t i = b->next_line, from = b->lines[i];
	uint32_t to = i + 1 < b->lines_count ? b->lines[i + 1]
					     : (uint32_t)b->pool.len;
	char *digit = b->pool.data + from + sizeof("{\"id\":\"b") - 1 +
	    ID_DIGITS;
	uint64_t n = b->sent++;

	for (int k = 0; k < ID_DIGITS; k++, n /= 10)
		*--digit = (char)('0' + n % 10);
	buf_put(&b->out, b->pool.data + from, to - from);
	b->next_line = i + 1 < b->lines_count ? i + 1 : 0;
}

static void
put_probe(struct bench *b, uint32_t i)
{
	buf_printf(&b->out, "{\"id\":\"p%u\",\"source\":\"bench\","
	    "\"author\":{\"id\":\"a%u\"},\"text\":\"listeria dans "
	    "marque%04u\"}\n", i, i, i);
}

static void
flush(struct bench *b)
{
	write_all(b->engine, b->out.data, b->out.len);
	buf_clear(&b->out);
}

static void
put_hop(struct bench *b, uint32_t i)
{
	char message[HOP_BYTES + 1], head[160];
	int n;

	memset(message, 'x', HOP_BYTES);
	n = snprintf(message, sizeof(message), "hop %u ", i);
	message[n] = 'x';
	n = snprintf(head, sizeof(head), "*3\r\n$7\r\nPUBLISH\r\n$4\r\nhops"
	    "\r\n$%d\r\n", HOP_BYTES);
	memcpy(message + HOP_BYTES - 2, "\r\n", 2);
	buf_put(&b->out, head, (size_t)n);
	buf_put(&b->out, message, HOP_BYTES);
	buf_text(&b->out, "\r\n");
	write_all(b->publisher, b->out.data, b->out.len);
	buf_clear(&b->out);
	/* Answers are not waited for, but read. */
	(void)!recv(b->publisher, message, sizeof(message), MSG_DONTWAIT);
}

/* ---- the subscriber ------------------------------------------------------ */

static void
hear(struct plan *plan, uint32_t i, int64_t now, _Atomic uint32_t *count)
{
	if (i >= PROBES_MAX || plan->heard[i] != 0)
		return;
	plan->heard[i] = now;
	(*count)++;
}

/* One pushed message, its arrays and lengths left out. */
static void
take_message(struct bench *b, struct slice text, int64_t now)
{
	static const char brand[] = "\"brand\":\"brand-";
	const char *at;

	if (text.len > 4 && !memcmp(text.data, "hop ", 4)) {
		hear(&b->hops, (uint32_t)atoi(text.data + 4), now,
		    &b->hops_heard);
		return;
	}
	if (slice_is(text, "subscribe"))
		b->subscribed++;
	at = memmem(text.data, text.len, brand, sizeof(brand) - 1);
	if (at != NULL && text.data[0] == '{')
		hear(&b->alerts, (uint32_t)atoi(at + sizeof(brand) - 1), now,
		    &b->alerts_heard);
}

/* "$len\r\n" and so many bytes, from the front of ${in}; headers of arrays
 * and integers are passed over.  False: not whole yet. */
static bool
next_bulk(struct slice *in, struct slice *bulk)
{
	while (in->len > 0) {
		const char *end = memchr(in->data, '\n', in->len);
		size_t head, len;

		if (end == NULL)
			return false;
		head = (size_t)(end + 1 - in->data);
		if (in->data[0] != '$') {
			in->data += head;
			in->len -= head;
			continue;
		}
		len = (size_t)atoi(in->data + 1);
		if (in->len < head + len + 2)
			return false;
		*bulk = (struct slice){in->data + head, len};
		in->data += head + len + 2;
		in->len -= head + len + 2;
		return true;
	}
	return false;
}

static void *
listen_on(void *self)
{
	struct bench *b = self;
	struct buf in = {0};

	for (;;) {
		ssize_t n = read(b->subscriber, buf_reserve(&in, 1u << 18),
		    1u << 18);
		int64_t now = now_ns(b);
		struct slice left, bulk;

		if (n <= 0)
			break;
		in.len += (size_t)n;
		left = buf_slice(&in);
		while (next_bulk(&left, &bulk))
			take_message(b, bulk, now);
		memmove(in.data, left.data, left.len);
		in.len = left.len;
	}
	buf_fini(&in);
	return NULL;
}

/* ---- the plan ------------------------------------------------------------ */

static void
sleep_until(const struct bench *b, int64_t then)
{
	int64_t left = then - now_ns(b);
	struct timespec t = {left / SECOND, left % SECOND};

	if (left > 0)
		nanosleep(&t, NULL);
}

static bool
wait_heard(const struct bench *b, uint32_t alerts, uint32_t hops)
{
	for (int i = 0; i < 15000; i++) {
		if (b->alerts_heard >= alerts && b->hops_heard >= hops)
			return true;
		sleep_until(b, now_ns(b) + SECOND / 1000);
	}
	return false;
}

static uint32_t
take_probe(struct bench *b, int64_t due)
{
	/* Brands are numbered from 1. */
	uint32_t i = ++b->alerts.count;

	REQUIRE(i <= b->brands && i < PROBES_MAX);
	b->alerts.due[i] = due;
	return i;
}

/* As fast as the engine takes them. */
static double
find_top(struct bench *b)
{
	int64_t start = now_ns(b);

	for (uint32_t i = 0; i < TOP_POSTS; i++) {
		put_post(b);
		if (b->out.len > 1u << 16)
			flush(b);
	}
	put_probe(b, take_probe(b, now_ns(b)));
	flush(b);
	REQUIRE(wait_heard(b, b->alerts.count, b->hops.count));
	return TOP_POSTS * 1e9 /
	    (double)(b->alerts.heard[b->alerts.count] - start);
}

static void
run_plan(struct bench *b, double rate, int seconds)
{
	int64_t start = now_ns(b) + SECOND / 100;
	int64_t end = start + seconds * SECOND;
	int64_t step = SECOND / PROBES_PER_SECOND, probe = start + step;
	int64_t hop = start + step / 2;
	double post = (double)start;

	for (;;) {
		int64_t now = now_ns(b), next;

		while (post <= (double)now && post < (double)end) {
			put_post(b);
			post += 1e9 / rate;
			if (b->out.len > 1u << 16)
				flush(b);
		}
		/* Behind the posts of its moment. */
		for (; probe <= now && probe < end; probe += step)
			put_probe(b, take_probe(b, probe));
		flush(b);
		while (hop <= now && hop < end) {
			uint32_t i = ++b->hops.count;

			REQUIRE(i < PROBES_MAX);
			b->hops.due[i] = hop;
			put_hop(b, i);
			hop += step;
		}
		if (post >= (double)end && hop >= end && probe >= end)
			break;
		/* Posts of a twentieth of a millisecond go in one write, but
		 * a probe and a PUBLISH at their moment. */
		next = (int64_t)post > now + 50000 ? (int64_t)post :
						     now + 50000;
		next = hop < next ? hop : next;
		next = probe < next ? probe : next;
		sleep_until(b, next);
	}
}

static int
order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* From number ${first}: one line of percentiles in microseconds; the median. */
static double
report(const struct plan *plan, uint32_t first, const char *what, int percent,
    double rate)
{
	static const double shares[] = {0.5, 0.9, 0.99, 0.999, 1.0};
	uint32_t count = plan->count + 1 - first, lost = 0, n = 0;
	int64_t *ns = must_alloc((count + 1ul) * sizeof(*ns));
	double median;

	for (uint32_t i = first; i <= plan->count; i++) {
		if (plan->heard[i] == 0)
			lost++;
		else
			ns[n++] = plan->heard[i] - plan->due[i];
	}
	qsort(ns, n, sizeof(*ns), order);
	printf("%-6s %4d%% %9.0f %6u", what, percent, rate, n);
	for (unsigned i = 0; i < 5; i++) {
		uint32_t at = (uint32_t)(shares[i] * n);

		printf(" %9.0f",
		    n == 0 ? 0 : (double)ns[at < n ? at : n - 1] / 1e3);
	}
	printf("%s\n", lost > 0 ? "  some never came" : "");
	median = n == 0 ? 0 : (double)ns[n / 2];
	free(ns);
	return median;
}

int
main(int argc, char **argv)
{
	static const char subscribe[] = "SUBSCRIBE vigie:alerts:all hops\r\n";
	static const int percents[] = {10, 50, 90};
	static struct bench b;
	pthread_t thread;
	double top;

	if (argc != 6) {
		fprintf(stderr, "usage: time_latency POSTS ENGINE-SOCKET "
				"REDIS-SOCKET BRANDS SECONDS\n");
		return 2;
	}
	b.clock = clock_wall();
	read_pool(&b, argv[1]);
	b.engine = dial(argv[2]);
	b.publisher = dial(argv[3]);
	b.subscriber = dial(argv[3]);
	b.brands = (uint32_t)atoi(argv[4]);
	prctl(PR_SET_TIMERSLACK, 1);
	write_all(b.subscriber, subscribe, sizeof(subscribe) - 1);
	REQUIRE(pthread_create(&thread, NULL, listen_on, &b) == 0);
	while (b.subscribed < 2)
		sleep_until(&b, now_ns(&b) + SECOND / 1000);
	put_probe(&b, take_probe(&b, now_ns(&b)));
	flush(&b);
	REQUIRE(wait_heard(&b, 1, 0));
	top = find_top(&b);
	printf("top rate: %.0f posts a second\n%-6s %5s %9s %6s %9s %9s %9s "
	    "%9s %9s\n", top, "what", "load", "posts/s", "count", "p50/us",
	    "p90", "p99", "p99.9", "most");
	for (unsigned i = 0; i < 3; i++) {
		uint32_t alert = b.alerts.count + 1, hop = b.hops.count + 1;
		double rate = top * percents[i] / 100, bare, ours;

		run_plan(&b, rate, atoi(argv[5]));
		wait_heard(&b, b.alerts.count, b.hops.count);
		bare = report(&b.hops, hop, "hop", percents[i], rate);
		ours = report(&b.alerts, alert, "alert", percents[i], rate);
		printf("ratio of the medians at %d %%: %.2f\n", percents[i],
		    bare > 0 ? ours / bare : 0);
	}
	shutdown(b.subscriber, SHUT_RDWR);
	pthread_join(thread, NULL);
	return 0;
}
