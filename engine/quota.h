/*
 * How many processors this process may really use.
 *
 * A container's quota does not show in the number of processors: it stands
 * in cgroup v2's cpu.max or v1's cpu.cfs_quota_us, here or in a group above.
 * Thread: main, at start.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_QUOTA_H
#define ENGINE_QUOTA_H

/** quota_processors(): all of them; for a command whose main thread works
 * too. */
unsigned quota_processors(void);

/** quota_workers(): workers when nobody says how many: processors within the
 * quota, less one for the loop; 1..WORKERS_MAX. */
unsigned quota_workers(void);

/**
 * quota_cores(proc, sys, cores): the same question, from a /proc/self/cgroup
 * at ${proc} and a /sys/fs/cgroup at ${sys}: of ${cores}, as many as the
 * quota allows, rounded up, at least 1.
 */
unsigned quota_cores(const char *proc, const char *sys, unsigned cores);

#endif
