/*
 * An answer of the control socket for people: any JSON as lines of words.
 *
 *	ruleset   9f3a41c20b7d55e1
 *	sources
 *	  name=tcp 127.0.0.1:7777  state=open
 *
 * Members that are lists of objects take a line each; texts of several lines
 * are printed as they are.  A new command needs nothing here.
 * Thread: main.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CTL_VIEW_H
#define ENGINE_CTL_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "engine/base/slice.h"

/** ctl_view_ok(answer): whether it says "ok":true. */
bool ctl_view_ok(struct slice answer);

/** ctl_view_print(answer, out, bad): the members of ${answer}; a refusal goes
 * to ${bad}.  Returns whether it was ok. */
bool ctl_view_print(struct slice answer, FILE *out, FILE *bad);

#endif
