/*
 * The shape of a frame of recent.h, for those that write and read it.
 *
 *	frame   names (as a text), W of its start, events
 *	name    enum keys_what, label; numbered from 0 in each file
 *	event   enum recent_event, then
 *	  post    W - last W, t - W, late, record_pack, shares, terms, tallies
 *	  clock   W - last W
 *
 * Thread: any.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RECENT_PARTS_H
#define ENGINE_RECENT_PARTS_H

#include "engine/base/pack.h"

enum recent_event { RECENT_POST = 1, RECENT_CLOCK = 2 };

/* A share's numbers, and where its lists are. */
#define RECENT_NOBODY 0u /* the pseudo-brand; else the number plus one */

#endif
