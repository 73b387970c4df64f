/*
 * What the workers of run and replay do with a post: leave its record.
 *
 * Thread: record_job is constant; its function runs in the workers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RECORD_JOB_H
#define ENGINE_RECORD_JOB_H

#include "engine/worker.h"

/** record_job(): record_add for every post with a hit and every deletion. */
struct job record_job(void);

#endif
