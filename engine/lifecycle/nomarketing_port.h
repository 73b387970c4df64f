/*
 * Where marks of authors go: a connector that keeps them for others, each
 * until its end.
 *
 * One port per engine, beside the first sink whose type has one.  What a fault
 * leaves open is put again: a mark that is there already is written over.
 * Thread: the loop.  Owns: the engine allocates and frees the port with
 * type->size bytes; a connector embeds it as its first member.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_NOMARKETING_PORT_H
#define ENGINE_NOMARKETING_PORT_H

#include <uv.h>

#include "engine/lifecycle/nomarketing.h"
#include "engine/sink.h"

struct nomarketing_port;

struct nomarketing_item {
	char hash[NOMARKETING_HEX];
	int64_t ttl_s;     /* 0: it goes */
	struct slice json;
};

struct nomarketing_type {
	size_t size;
	int (*open)(struct nomarketing_port *p, const struct sink *s,
	    uv_loop_t *loop, struct err *err);
	/* after nomarketing_port_up, one call at a time, until _done or
	 * _down; in order */
	void (*put)(struct nomarketing_port *p,
	    const struct nomarketing_item *items, uint32_t count);
	/* on_closed exactly once, maybe later */
	void (*close)(struct nomarketing_port *p,
	    void (*on_closed)(struct nomarketing_port *p));
};

struct nomarketing_port {
	const struct nomarketing_type *type;
	struct nomarketing *owner;
	char name[80]; /* "nomarketing redis 127.0.0.1:6379" */
};

/** nomarketing_port_up(p): it can be used (again).  nomarketing_port_done(p):
 * all that was put is there.  nomarketing_port_down(p, why): put is over, to
 * be given again after nomarketing_port_up. */
void nomarketing_port_up(struct nomarketing_port *p);
void nomarketing_port_done(struct nomarketing_port *p);
void nomarketing_port_down(struct nomarketing_port *p, const char *why);

#endif
