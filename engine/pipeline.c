/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pipeline.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "engine/base/must.h"
#include "engine/intake_hub.h"
#include "engine/referee.h"

struct pipeline {
	struct intake_hub hub; /* first: the hub is the pipeline */
	struct pipeline_options o;
	struct batch_pool *pool;
	struct crew *crew;
	struct referee *referee; /* has the rules */
	struct batch **done; /* those that wait for their turn, by seq */
	uint32_t done_mask;
	uint32_t in_flight, in_flight_max;
	uint64_t next_submit, next_collect; /* sequence numbers */
	uint32_t flush_first; /* input that the next flush begins with */
	bool paused, ending, ended, collecting;
	struct counters counts;
	struct complaints complaints;
	void (*pause)(void *self), (*resume)(void *self);
	void *watcher;
	int wake_fd; /* pulled: an eventfd; else -1 */
	_Atomic bool waiting; /* for it: others need not write to it */
	uv_async_t wake;
	uv_prepare_t turn;
	unsigned handles; /* of uv, to be closed */
	void (*on_closed)(void *self);
	void *on_closed_self;
};

static struct batch *
hub_take(struct intake_hub *hub)
{
	return batch_take(((struct pipeline *)hub)->pool);
}

static void
hub_give_back(struct intake_hub *hub, struct batch *b)
{
	batch_release(((struct pipeline *)hub)->pool, b);
}

static bool
hub_room(struct intake_hub *hub)
{
	const struct pipeline *p = (struct pipeline *)hub;

	return p->in_flight < p->in_flight_max;
}

/* The path of a batch out: numbered, pinned to the rules of now. */
static void
pipeline_submit(struct intake_hub *hub, struct intake *in, struct batch *b)
{
	struct pipeline *p = (struct pipeline *)hub;

	(void)in;
	REQUIRE(p->in_flight < p->in_flight_max);
	p->in_flight++;
	b->seq = p->next_submit++;
	referee_pin(p->referee, b);
	crew_give(p->crew, b);
}

static void
hub_starved(struct intake_hub *hub)
{
	struct pipeline *p = (struct pipeline *)hub;

	if (p->paused)
		return;
	p->paused = true;
	if (p->pause != NULL) {
		counters_bump(&p->counts, source_pauses_total);
		p->pause(p->watcher);
	}
}

static int64_t
hub_arrival_ms(struct intake_hub *hub)
{
	return clock_now(&((struct pipeline *)hub)->o.clock);
}

static void
wake_loop(void *self)
{
	struct pipeline *p = self;

	if (p->o.loop != NULL)
		uv_async_send(&p->wake);
	else if (p->wake_fd >= 0 && atomic_exchange(&p->waiting, false))
		REQUIRE(eventfd_write(p->wake_fd, 1) == 0);
}

/* ${b} has been judged, or never will be. */
static void
let_go(struct pipeline *p, struct batch *b)
{
	referee_unpin(b);
	batch_release(p->pool, b);
	p->in_flight--;
}

static void
deliver(struct pipeline *p, struct batch *b)
{
	struct intake *in = p->hub.inputs[b->input];

	REQUIRE(in != NULL);
	referee_settle(p->referee, b, &p->counts, &p->complaints);
	if (p->complaints.out != NULL)
		complaints_batch(&p->complaints, in->name, in->lines, b);
	p->o.consumer.on_batch(p->o.consumer.self, b);
	counters_add(&p->counts, &b->counts);
	intake_collected(in, b->lines);
	let_go(p, b);
}

static bool
may_go_on(const struct pipeline *p)
{
	return p->o.consumer.may_go_on == NULL ||
	    p->o.consumer.may_go_on(p->o.consumer.self);
}

static void
end_if_over(struct pipeline *p)
{
	if (!p->ending || p->ended || p->in_flight > 0)
		return;
	p->ended = true;
	if (p->complaints.out != NULL)
		complaints_sum(&p->complaints, &p->counts);
	if (p->o.consumer.on_end != NULL)
		p->o.consumer.on_end(p->o.consumer.self);
}

void
pipeline_collect(struct pipeline *p)
{
	struct batch *b;

	if (p->collecting)
		return; /* the consumer asks from within on_batch */
	p->collecting = true;
	while ((b = crew_take_back(p->crew)) != NULL)
		p->done[b->seq & p->done_mask] = b;
	if (p->o.loop != NULL)
		pipeline_flush(p); /* workers go on while the loop judges */
	while ((b = p->done[p->next_collect & p->done_mask]) != NULL &&
	    may_go_on(p)) {
		p->done[p->next_collect++ & p->done_mask] = NULL;
		deliver(p, b);
	}
	p->collecting = false;
	intake_flush_closed(&p->hub);
	if (p->paused && p->in_flight <= p->in_flight_max / 2) {
		p->paused = false;
		if (p->resume != NULL)
			p->resume(p->watcher);
	}
	end_if_over(p);
}

void
pipeline_go_on(struct pipeline *p)
{
	pipeline_collect(p);
}

void
pipeline_flush(struct pipeline *p)
{
	uint32_t n = p->hub.inputs_top;

	for (uint32_t i = 0; i < n && crew_idle(p->crew); i++) {
		uint32_t k = (p->flush_first + i) % n;
		struct intake *in = p->hub.inputs[k];

		/* The next flush begins behind the one that had its turn. */
		if (in != NULL && intake_flush(in))
			p->flush_first = (k + 1) % n;
	}
}

void
pipeline_end(struct pipeline *p)
{
	for (uint32_t i = 0; i < p->hub.inputs_max; i++)
		REQUIRE(p->hub.inputs[i] == NULL || p->hub.inputs[i]->closed);
	p->ending = true;
	pipeline_collect(p);
}

static void
on_wake(uv_async_t *handle)
{
	pipeline_help(handle->data);
}

static void
on_turn(uv_prepare_t *handle)
{
	pipeline_flush(handle->data);
}

void
pipeline_wait_for(struct pipeline *p, int fd)
{
	struct pollfd fds[2] = {
	    {.fd = p->wake_fd, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	eventfd_t count;
	bool done;

	REQUIRE(p->wake_fd >= 0);
	for (;;) {
		/* Nothing in flight: nobody will wake us but ${fd}. */
		if (p->in_flight == 0)
			return;
		if (crew_help(p->crew)) {
			pipeline_collect(p);
			if (fd < 0)
				return;
			continue;
		}
		/* Who ends a batch behind this exchange sees it, and what
		 * was ended before it is seen here. */
		atomic_exchange(&p->waiting, true);
		fds[0].revents = fds[1].revents = 0;
		done = crew_done(p->crew);
		if (!done && poll(fds, fd < 0 ? 1 : 2, -1) < 0)
			continue; /* a signal */
		if (fds[0].revents != 0)
			done = eventfd_read(p->wake_fd, &count) == 0;
		if (done) {
			pipeline_collect(p);
			if (fd < 0)
				return;
			pipeline_flush(p);
		}
		if (fd >= 0 && fds[1].revents != 0)
			return;
	}
}

void
pipeline_help(struct pipeline *p)
{
	while (crew_help(p->crew))
		continue;
	pipeline_collect(p);
}

void
pipeline_wait(struct pipeline *p)
{
	pipeline_wait_for(p, -1);
}

bool
pipeline_step(struct pipeline *p, struct rand *r)
{
	unsigned choices = p->o.workers + 1, first = rand_below(r, choices);
	uint64_t before = p->next_collect;

	REQUIRE(p->o.stepping);
	for (unsigned i = 0; i < choices; i++) {
		unsigned k = (first + i) % choices;

		if (k < p->o.workers) {
			if (crew_step(p->crew, k))
				return true;
			continue;
		}
		pipeline_collect(p);
		if (p->next_collect != before)
			return true;
	}
	return false;
}

static void
init_loop(struct pipeline *p)
{
	p->wake_fd = -1;
	if (p->o.loop != NULL) {
		REQUIRE(uv_async_init(p->o.loop, &p->wake, on_wake) == 0);
		REQUIRE(uv_prepare_init(p->o.loop, &p->turn) == 0);
		p->wake.data = p->turn.data = p;
		uv_prepare_start(&p->turn, on_turn);
		/* Only batches on their way keep a loop alive, not turns. */
		uv_unref((uv_handle_t *)&p->turn);
		p->handles = 2;
	} else if (!p->o.stepping) {
		p->wake_fd = eventfd(0, EFD_CLOEXEC);
		REQUIRE(p->wake_fd >= 0);
	}
}

struct pipeline *
pipeline_new(const struct pipeline_options *o)
{
	struct pipeline *p = must_alloc(sizeof(*p));
	struct crew_options crew;
	uint32_t slots = 1;

	REQUIRE(o->inputs_max >= 1 && o->inputs_max <= INPUTS_MAX);
	p->o = *o;
	p->hub = (struct intake_hub){
	    .take = hub_take,
	    .give_back = hub_give_back,
	    .room = hub_room,
	    .submit = pipeline_submit,
	    .starved = hub_starved,
	    .arrival_ms = hub_arrival_ms,
	    .inputs_max = o->inputs_max,
	};
	p->complaints.out = o->complaints;
	p->referee = referee_new(o->decoder, &p->o.job, &p->o.clock);
	p->in_flight_max = o->workers * BATCHES_PER_WORKER;
	p->pool = batch_pool_new(p->in_flight_max + o->inputs_max);
	while (slots < p->in_flight_max)
		slots *= 2;
	p->done = must_alloc(slots * sizeof(struct batch *));
	p->done_mask = slots - 1;
	init_loop(p);
	crew = (struct crew_options){
	    .workers = o->workers,
	    .stepping = o->stepping,
	    .helping = o->loop == NULL && !o->stepping,
	    .spare = o->loop != NULL,
	    .batches = p->in_flight_max,
	    .decoder = o->decoder,
	    .job = &p->o.job,
	    .clock = &p->o.clock,
	    .wake = wake_loop,
	    .self = p,
	};
	p->crew = crew_new(&crew);
	return p;
}

struct intake_hub *
pipeline_hub(struct pipeline *p)
{
	return &p->hub;
}

void
pipeline_rules(struct pipeline *p, struct ruleset *rs)
{
	referee_rules(p->referee, rs);
}

void
pipeline_watch(struct pipeline *p, void (*pause)(void *self),
    void (*resume)(void *self), void *self)
{
	p->pause = pause;
	p->resume = resume;
	p->watcher = self;
}

bool
pipeline_over(const struct pipeline *p)
{
	return p->ended;
}

struct counters *
pipeline_counters(struct pipeline *p)
{
	return &p->counts;
}

uint32_t
pipeline_in_flight(const struct pipeline *p)
{
	return p->in_flight;
}

struct complaints *
pipeline_complaints(struct pipeline *p)
{
	return &p->complaints;
}

void
pipeline_stop(struct pipeline *p, struct stages *stages)
{
	crew_stop(p->crew);
	if (stages != NULL)
		crew_stages(p->crew, stages);
}

static void
pipeline_free(struct pipeline *p)
{
	void (*on_closed)(void *self) = p->on_closed;
	void *self = p->on_closed_self;

	crew_free(p->crew);
	referee_free(p->referee);
	batch_pool_free(p->pool);
	if (p->wake_fd >= 0)
		close(p->wake_fd);
	free(p->done);
	free(p);
	if (on_closed != NULL)
		on_closed(self);
}

static void
on_handle_closed(uv_handle_t *handle)
{
	struct pipeline *p = handle->data;

	if (--p->handles == 0)
		pipeline_free(p);
}

void
pipeline_close(struct pipeline *p, void (*on_closed)(void *self), void *self)
{
	struct batch *b;

	p->on_closed = on_closed;
	p->on_closed_self = self;
	crew_stop(p->crew);
	while ((b = crew_take_back(p->crew)) != NULL)
		let_go(p, b);
	for (uint32_t i = 0; i <= p->done_mask; i++)
		if (p->done[i] != NULL)
			let_go(p, p->done[i]);
	intake_free_all(&p->hub);
	if (p->handles > 0) {
		uv_close((uv_handle_t *)&p->wake, on_handle_closed);
		uv_close((uv_handle_t *)&p->turn, on_handle_closed);
	} else {
		pipeline_free(p);
	}
}
