/*
 * The control socket: one JSON object a line in, one a line out.
 *
 *	{"command":"rollback","argument":"1"}
 *	{"ok":true,"command":"rollback","ruleset":"9f3a41c2..."}
 *	{"ok":false,"command":"rollback","error":"no set is kept before ..."}
 *
 * A unix stream socket that its owner alone may use (mode 0600).  Lines,
 * clients and waits are bounded (CONTROL_*), a client's next request is read
 * when its last answer was taken: whoever is slow or hostile costs its own
 * connection.  What the commands are: control.def.
 * Thread: the loop; nothing here blocks.  Owns: connections, calls.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CONTROL_H
#define ENGINE_CONTROL_H

#include <uv.h>

#include "engine/base/buf.h"
#include "engine/base/err.h"
#include "engine/counters.h"

struct control;

/* One request, answered exactly once, at once or later.  Its client may be
 * gone by then: answers to nobody are thrown away. */
struct control_call;

struct control_row {
	const char *name;
	const char *argument; /* "[N]": it takes one; "": none */
	const char *help;
	void (*run)(void *self, struct control_call *call);
};

struct control_options {
	uv_loop_t *loop;
	const char *path;
	const struct control_row *rows; /* ends with a row of name NULL */
	struct counters *counters;
	void *self; /* handed to the rows */
};

/** control_rows(): those of control.def, ended by a row of name NULL. */
const struct control_row *control_rows(void);

/**
 * control_open(o, err): listen at o->path; a socket that a dead process left
 * is replaced, one that answers is not.  NULL: ${err} says why.
 */
struct control *control_open(const struct control_options *o, struct err *err);

/** control_close(c): no more requests; answers on their way are sent, calls
 * that are open may still be answered.  ${c} may be NULL.  The socket's file
 * is gone when this returns; the rest frees itself in the loop. */
void control_close(struct control *c);

/** control_clients(c): open connections. */
unsigned control_clients(const struct control *c);

/* ---- for the commands ------------------------------------------------- */

/** control_argument(call): what stands behind the command; may be empty. */
struct slice control_argument(const struct control_call *call);

/** control_out(call): more members of the answer, each as ,"key":value; they
 * are part of both an answer and a refusal. */
struct buf *control_out(struct control_call *call);

/** control_answer(call): {"ok":true,...}.  The call is over. */
void control_answer(struct control_call *call);

/** control_refuse(call, format, ...): {"ok":false,"error":...}.  Over. */
void control_refuse(struct control_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
