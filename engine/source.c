/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/source.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/source_set.h"

struct source_set {
	struct pipeline *pipeline;
	uv_loop_t *loop;
	struct source *first, **last;
	unsigned open; /* opened and not yet closed */
	bool opening, ended;
};

static void
pause_all(void *self)
{
	struct source_set *set = self;

	for (struct source *s = set->first; s != NULL; s = s->next)
		if (s->opened && !s->closing && !s->paused) {
			s->paused = true;
			s->type->pause(s);
		}
}

static void
resume_all(void *self)
{
	struct source_set *set = self;

	for (struct source *s = set->first; s != NULL; s = s->next)
		if (s->opened && !s->closing && s->paused) {
			s->paused = false;
			s->type->resume(s);
		}
}

struct source_set *
source_set_new(struct pipeline *p, uv_loop_t *loop)
{
	struct source_set *set = must_alloc(sizeof(*set));

	set->pipeline = p;
	set->loop = loop;
	set->last = &set->first;
	pipeline_watch(p, pause_all, resume_all, set);
	return set;
}

struct source *
source_set_add(struct source_set *set, const struct source_type *type)
{
	struct source *s = must_alloc(type->size);

	REQUIRE(type->size >= sizeof(*s));
	s->type = type;
	source_set_adopt(set, s);
	return s;
}

void
source_set_adopt(struct source_set *set, struct source *s)
{
	s->hub = pipeline_hub(set->pipeline);
	s->set = set;
	snprintf(s->name, sizeof(s->name), "%s", s->type->name);
	*set->last = s;
	set->last = &s->next;
}

static void
end_if_over(struct source_set *set)
{
	if (set->open > 0 || set->opening || set->ended)
		return;
	set->ended = true;
	pipeline_end(set->pipeline);
}

static void
on_source_closed(struct source *s)
{
	REQUIRE(s->opened);
	s->opened = false;
	s->set->open--;
	end_if_over(s->set);
}

static void
close_source(struct source *s)
{
	if (!s->opened || s->closing)
		return;
	s->closing = true;
	s->type->close(s, on_source_closed);
}

int
source_set_open(struct source_set *set, struct err *err)
{
	int rc = 0;

	/* A source may end while the next one is still being opened. */
	set->opening = true;
	for (struct source *s = set->first; s != NULL && rc == 0; s = s->next) {
		s->opened = true;
		set->open++;
		rc = s->type->open(s, set->loop, err);
		if (rc < 0) {
			s->opened = false;
			set->open--;
		}
	}
	set->opening = false;
	if (rc < 0)
		source_set_close(set);
	else
		end_if_over(set);
	return rc;
}

void
source_set_close(struct source_set *set)
{
	for (struct source *s = set->first; s != NULL; s = s->next)
		close_source(s);
	end_if_over(set);
}

void
source_set_keeps(struct source_set *set)
{
	for (struct source *s = set->first; s != NULL; s = s->next)
		s->keeps = true;
}

void
source_set_mark(struct source_set *set)
{
	for (struct source *s = set->first; s != NULL; s = s->next)
		if (s->opened && s->type->mark != NULL)
			s->type->mark(s);
}

void
source_set_kept(struct source_set *set)
{
	for (struct source *s = set->first; s != NULL; s = s->next)
		if (s->opened && s->type->kept != NULL)
			s->type->kept(s);
}

void
source_set_each(const struct source_set *set,
    void (*tell)(void *self, const struct source *s), void *self)
{
	for (const struct source *s = set == NULL ? NULL : set->first;
	     s != NULL; s = s->next)
		tell(self, s);
}

void
source_set_free(struct source_set *set)
{
	struct source *next;

	if (set == NULL)
		return;
	REQUIRE(set->open == 0);
	pipeline_watch(set->pipeline, NULL, NULL, NULL);
	for (struct source *s = set->first; s != NULL; s = next) {
		next = s->next;
		free(s);
	}
	free(set);
}

void
source_end(struct source *s)
{
	close_source(s);
}

void
source_fail(struct source *s, const struct err *err)
{
	log_error("source", "%s: %s", s->name, err->text);
	source_count(s, COUNTER_source_errors_total);
	close_source(s);
}

void
source_count(struct source *s, enum counter counter)
{
	pipeline_counters(s->set->pipeline)->values[counter]++;
}
