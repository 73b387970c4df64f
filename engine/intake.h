/*
 * From bytes to batches of whole lines, one intake per input.
 *
 * The reader asks intake_room for memory inside the open batch, reads into
 * it, and says intake_bytes: nothing is copied but a half line at the end of
 * a batch.  A line longer than LINE_BYTES_MAX is skipped to its newline and
 * counted, in bounded memory.
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_INTAKE_H
#define ENGINE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct intake_hub; /* the pipeline, as inputs see it */
struct intake;

/**
 * intake_open(hub, name): a new input, or NULL at INPUTS_MAX.  ${name} is
 * copied; it stands in the messages about bad lines.
 */
struct intake *intake_open(struct intake_hub *hub, const char *name);

/**
 * intake_room(in, &room): where to read to and how much, or NULL: no batch
 * is free, wait for the source's resume.
 */
char *intake_room(struct intake *in, size_t *room);

/** intake_bytes(in, n): ${n} <= room bytes have arrived there. */
void intake_bytes(struct intake *in, size_t n);

/**
 * intake_on_collected(in, call, self): call(self, n) when the batch with its
 * next ${n} lines was judged; until ${in} is closed and all of it was.
 */
void intake_on_collected(struct intake *in,
    void (*call)(void *self, uint32_t lines), void *self);

/** intake_close(in): end of this input; a last line needs no newline. */
void intake_close(struct intake *in);

#endif
