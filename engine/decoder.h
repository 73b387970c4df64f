/*
 * How a worker turns the bytes of a batch into posts, one line at a time.
 *
 * The implementation is connectors/decode.c over connectors/json_index.c;
 * main.c hands its table to the pipeline, so that engine does not know it.
 * A line is accepted if and only if reading it alone accepts it: cutting the
 * input elsewhere changes nothing.
 * Thread: one state per worker.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DECODER_H
#define ENGINE_DECODER_H

#include "engine/base/post.h"
#include "engine/counters.h"

enum decode_result {
	DECODE_POST,    /* ${post} is filled */
	DECODE_SKIP,    /* a well-formed line that is no post */
	DECODE_BLANK,
	DECODE_BAD_JSON,
	DECODE_BAD_UTF8,
	DECODE_BAD_DEPTH,
	DECODE_BAD_FIELD,
	DECODE_BAD_EMPTY,
	DECODE_END,     /* no more lines */
};

struct decode_line {
	uint32_t at, len;   /* the line in the batch, without its newline */
	uint32_t error_at;  /* bad: offset in the line, for the message */
	const char *reason; /* bad: a few words ("unclosed string") */
	bool lists_cut;
};

struct decoder {
	const char *name; /* "auto", or one format of decoders.def */
	const char *help;
	void *(*open)(void);
	void (*close)(void *state);
	/* bytes of whole lines, BATCH_PADDING readable bytes behind them; they
	 * and the scratch of unescaped strings live until the next begin */
	void (*begin)(void *state, const char *bytes, size_t len);
	enum decode_result (*next)(void *state, struct post *post,
	    struct decode_line *line);
	/* All or none.  After spare(state, true) next may fill of a post
	 * title, text, deleted, ts_ms and seen_ms alone and leave what else was
	 * in it; rest() fills all of the last one but event_ms, which stays;
	 * id() before that, once, the id alone, or all if it has none.
	 * Nobody may look at more before. */
	void (*spare)(void *state, bool on);
	void (*rest)(void *state, struct post *post);
	void (*id)(void *state, struct post *post);
};

#endif
