/*
 * The inside of the desk: desk.c (what happens), desk_out.c (what waits for
 * the port), desk_in.c (commands), desk_silence.c (silences),
 * desk_statement.c (own statements).
 *
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DESK_PARTS_H
#define ENGINE_DESK_PARTS_H

#include "engine/base/limits.h"
#include "engine/base/pack.h"
#include "engine/lifecycle/desk.h"

/* "1763808127000-12" */
#define DESK_ID_BYTES 44u

struct desk_command_id {
	uint64_t ms, seq;
};

/* One thing that waits, in one block with its texts. */
struct desk_waits {
	struct desk_item item;
	struct alert *held; /* whose JSON it is, or NULL */
};

/* Its entry in the journal. */
struct desk_statement {
	int64_t at_ms;
	char *json;
	size_t len;
};

struct desk {
	struct desk_setup setup;
	struct lifecycle *lc;
	struct hush *hush;
	struct buf json, texts, place;
	/* out: item t is in slots[t % room] */
	struct desk_waits **slots;
	uint64_t head, sent, tail;
	uint32_t room;
	uint64_t durable;
	bool full;
	/* in */
	struct desk_port *port;
	bool up, hopeless, reading, putting, closing;
	char why[200];    /* of the outage that lasts */
	struct desk_command_id last;  /* done, by the journal */
	struct desk_command_id seen;  /* read last */
	struct desk_command_id known[DESK_ANSWERS_MAX]; /* done, by number */
	uint32_t known_count;
	uint32_t answers;  /* that wait */
	bool caught_up;    /* all commands of before the start were read */
	struct desk_statement *statements; /* of the last hour, as they came */
	uint32_t statements_count;
	int64_t start_ms;
	void (*on_closed)(void *self);
	void *closed_self;
};

/** desk_id_parse(text, id): false: it is none.  desk_id_order: <0, 0, >0. */
bool desk_id_parse(struct slice text, struct desk_command_id *id);
int desk_id_order(struct desk_command_id a, struct desk_command_id b);

/** desk_out(d, item, held): at the end of what waits; texts are copied, the
 * JSON too but for that of ${held}. */
void desk_out(struct desk *d, const struct desk_item *item,
    struct alert *held);

/** desk_pump(d): put what may go. */
void desk_pump(struct desk *d);

/** desk_forget(d): nothing waits any more. */
void desk_forget(struct desk *d);

/** desk_read_on(d): ask for more commands, if there is room for answers. */
void desk_read_on(struct desk *d);

/** desk_notice(d, n, note): to the journal, with ${note}, and out. */
void desk_notice(
    struct desk *d, const struct notice *n, struct slice note);

/** desk_silence(d, c, now_ms): LIFECYCLE_NONE, or why it is refused. */
int desk_silence(struct desk *d, const struct command *c, int64_t now_ms);

/** desk_silence_tick(d, now_ms): what ends soon is told, what is over goes. */
void desk_silence_tick(struct desk *d, int64_t now_ms);

/** desk_silence_replay(d, e): was that entry about a silence? */
bool desk_silence_replay(struct desk *d, const struct journal_entry *e);

/** desk_done(d, id): that command was done, by the journal. */
void desk_done(struct desk *d, struct slice id);

/** desk_statement(d, c, now_ms, answer): do that command. */
void desk_statement(struct desk *d, const struct command *c, int64_t now_ms,
    struct answer *a);

/** desk_statement_keep(d, json): one of the journal; _forget: all of them;
 * _save, _load: over a restart; _again: those of the last hour as posts. */
void desk_statement_keep(struct desk *d, struct slice json);
void desk_statements_forget(struct desk *d);
void desk_statements_save(const struct desk *d, struct buf *out);
void desk_statements_load(struct desk *d, struct unpack *in);
void desk_statements_again(struct desk *d, int64_t now_ms);

#endif
