/*
 * The desk's way out and in: where a connector carries the journal's copy,
 * notices and answers, and brings commands.
 *
 * One port per engine, beside the sink that opens it (sink_type.desk).  Items
 * go in order, some at a time; what a fault leaves open is given again, and
 * the other side must refuse what it has already: entries by their number,
 * answers by the id of their command.
 * Thread: the loop.  Owns: the engine allocates and frees struct desk_port
 * with type->size bytes; a connector embeds it as its first member.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DESK_PORT_H
#define ENGINE_DESK_PORT_H

#include <uv.h>

#include "engine/sink.h"

struct desk_port;

enum desk_item_kind {
	DESK_ENTRY,  /* of the journal */
	DESK_OWNER,  /* the same, and who owns ${alert} now */
	DESK_NOTICE, /* the same, and to ${channels} */
	DESK_ANSWER, /* to ${command} */
};

struct desk_item {
	enum desk_item_kind kind;
	uint64_t number;     /* of the entry */
	struct slice json;
	const char *alert;   /* NULL: nothing about who owns it */
	const char *owner;   /* NULL: nobody */
	const char *channels; /* with a newline between them */
	const char *command; /* its id */
	const char *loser;   /* a team whose claim was refused, or NULL */
};

struct desk_type {
	size_t size;
	/* does the configuration of the sink ask for a desk?  ${organised}:
	 * there is an organisation file */
	bool (*wanted)(const struct sink *s, bool organised);
	int (*open)(struct desk_port *p, const struct sink *s, uv_loop_t *loop,
	    struct err *err);
	/* after desk_port_up, one call at a time: all good until _done, _fail
	 */
	void (*put)(struct desk_port *p, const struct desk_item *const *items,
	    uint32_t count);
	/* the next commands after the one of that id ("0-0": from the first),
	 * as they come; one call at a time, until desk_port_read */
	void (*read)(struct desk_port *p, const char *after);
	/* on_closed exactly once, maybe later */
	void (*close)(struct desk_port *p,
	    void (*on_closed)(struct desk_port *p));
};

struct desk;

struct desk_port {
	const struct desk_type *type;
	struct desk *desk;
	int64_t born_ms; /* of the journal: with numbers, ids for ever */
	char name[64];
};

/** desk_port_up(p, answered): it can be used (again).  ${answered} is the id
 * of the last command that has an answer there, "0-0" when there is none. */
void desk_port_up(struct desk_port *p, const char *answered);

/** desk_port_journal(p): the number of the journal's next entry. */
uint64_t desk_port_journal(const struct desk_port *p);

/** desk_port_done(p, count): so many of the items put are safe. */
void desk_port_done(struct desk_port *p, uint32_t count);

/** desk_port_fail(p, why): put and read are over, to be given again after
 * desk_port_up.  ${hopeless}: it will never be so; nothing more is kept. */
void desk_port_fail(struct desk_port *p, const char *why, bool hopeless);

/** desk_port_command(p, id, json): one, in order; desk_port_read(p, more):
 * those were all of this read; ${more}: there may be more at once. */
void desk_port_command(
    struct desk_port *p, const char *id, struct slice json);
void desk_port_read(struct desk_port *p, bool more);

#endif
