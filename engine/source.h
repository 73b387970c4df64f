/*
 * Where posts come from.
 *
 * A source_type is a row of connectors/connectors.def.  A source opens one or
 * more inputs (a file, stdin, each connection of a listener); each input has
 * its intake, which turns bytes into whole lines in batches.
 * When no batch is free, intake_room gives no memory and the engine calls
 * pause; resume when there is room again.  A source that cannot pause says so
 * and drops by name.
 * Thread: the loop.  Owns: the engine allocates and frees struct source with
 * type->size bytes; a connector embeds struct source as its first member.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SOURCE_H
#define ENGINE_SOURCE_H

#include <uv.h>

#include "engine/base/err.h"
#include "engine/counters.h"
#include "engine/intake.h"
#include "engine/settings.h"

struct source;

struct source_type {
	const char *name, *help;
	const struct setting *settings; /* ends with a row of name NULL */
	size_t size;
	int (*open)(struct source *s, uv_loop_t *loop, struct err *err);
	void (*pause)(struct source *s);
	void (*resume)(struct source *s);
	/* what was collected until now is being made safe; it is.  For those
	 * who acknowledge; both may be NULL.  Only with keeps. */
	void (*mark)(struct source *s);
	void (*kept)(struct source *s);
	/* on_closed exactly once, maybe later; its inputs are closed before */
	void (*close)(struct source *s, void (*on_closed)(struct source *s));
};

struct source {
	const struct source_type *type;
	struct intake_hub *hub; /* where inputs are opened; set before open */
	char name[96];          /* "tcp 127.0.0.1:7777", for messages */
	bool paused;
	bool keeps; /* the engine says when what was judged is safe */
	/* of the engine (source.c) */
	struct source_set *set;
	struct source *next;
	bool opened, closing;
};

/** source_end(s): all of it has been read (a file, stdin). */
void source_end(struct source *s);

/** source_fail(s, err): it cannot go on; said and counted by the engine. */
void source_fail(struct source *s, const struct err *err);

/** source_count(s, counter): one more of ${counter}. */
void source_count(struct source *s, enum counter counter);

#endif
