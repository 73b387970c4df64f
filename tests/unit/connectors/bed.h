/*
 * For tests of sources: one source on a real loop, with the pipeline and the
 * echoing decoder of fake.h behind it.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_CONNECTORS_BED_H
#define TESTS_UNIT_CONNECTORS_BED_H

#include <stdio.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "connectors/source_memory.h"
#include "engine/source_set.h"
#include "tests/unit/engine/fake.h"

struct bed {
	uv_loop_t loop;
	struct seen seen;
	struct pipeline *p;
	struct source_set *set;
	struct source *s;
	struct arena *arena;
	struct diag *diag;
	char folder[64];
};

/* A source of ${kind} with settings from the YAML ${config}. */
static inline void
bed_make(struct bed *b, const char *kind, const char *config, unsigned inputs)
{
	const struct source_type *type = strcmp(kind, "memory") ?
	    connectors_source(kind) :
	    &source_memory_type; /* no row of the list */
	struct pipeline_options o = {
	    .workers = 2,
	    .inputs_max = inputs,
	    .loop = &b->loop,
	    .clock = clock_wall(),
	    .decoder = &fake_decoder,
	    .job = fake_job,
	    .consumer = {seen_on_batch, seen_may_go_on, seen_on_end, &b->seen},
	};
	const char *path;
	struct yaml *map;

	assert_non_null(type);
	assert_int_equal(uv_loop_init(&b->loop), 0);
	b->p = pipeline_new(&o);
	b->set = source_set_new(b->p, &b->loop);
	b->s = source_set_add(b->set, type);
	b->arena = arena_new();
	b->diag = diag_new();
	path = diag_file(b->diag, "test.yaml", slice_of(config));
	map = yaml_parse(b->arena, path, slice_of(config), b->diag);
	assert_non_null(map);
	assert_true(settings_read(
	    type->settings, map, "type", b->s, b->arena, b->diag));
}

static inline void
bed_open(struct bed *b)
{
	struct err err = {0};

	if (source_set_open(b->set, &err) < 0)
		fail_msg("%s", err.text);
}

/* Ends by itself or is ended here; then all must be gone. */
static inline void
bed_end(struct bed *b)
{
	source_set_close(b->set);
	while (b->seen.ends == 0)
		uv_run(&b->loop, UV_RUN_ONCE);
	uv_run(&b->loop, UV_RUN_NOWAIT);
	source_set_free(b->set);
	pipeline_close(b->p, seen_closed, &b->seen);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	assert_true(b->seen.closed);
	assert_int_equal(uv_loop_close(&b->loop), 0);
	diag_free(b->diag);
	arena_free(b->arena);
	buf_fini(&b->seen.out);
}

static inline void
run_until(struct bed *b, size_t bytes)
{
	while (b->seen.out.len < bytes)
		uv_run(&b->loop, UV_RUN_ONCE);
}

static inline void
saw(struct bed *b, const char *text)
{
	run_until(b, strlen(text));
	assert_int_equal(b->seen.out.len, strlen(text));
	assert_memory_equal(b->seen.out.data, text, strlen(text));
}

static inline void
say(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static inline int
make_folder(struct bed *b)
{
	memset(b, 0, sizeof(*b));
	snprintf(b->folder, sizeof(b->folder), "/tmp/vigie-source-XXXXXX");
	return mkdtemp(b->folder) == NULL;
}

#endif
