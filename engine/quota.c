/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/quota.h"

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"

/* The first line of a small file, without its newline. */
static bool
first_line(const char *path, char *out, size_t room)
{
	FILE *f = fopen(path, "r");
	bool good;

	if (f == NULL)
		return false;
	good = fgets(out, (int)room, f) != NULL;
	fclose(f);
	if (good)
		out[strcspn(out, "\n")] = '\0';
	return good;
}

/* The least of ${cores} and quota / period, rounded up. */
static unsigned
least(unsigned cores, const char *quota, const char *period)
{
	long q = strtol(quota, NULL, 10), p = strtol(period, NULL, 10);
	long allowed;

	if (q <= 0 || p <= 0) /* "max", -1 */
		return cores;
	allowed = (q + p - 1) / p;
	return allowed < (long)cores ? (unsigned)allowed : cores;
}

static unsigned
cores_of_group(const char *folder, bool v2, unsigned cores)
{
	char path[1200], quota[64], period[64];

	if (v2) {
		const char *blank;

		snprintf(path, sizeof(path), "%s/cpu.max", folder);
		if (!first_line(path, quota, sizeof(quota)))
			return cores;
		blank = strchr(quota, ' ');
		return blank == NULL ? cores : least(cores, quota, blank);
	}
	snprintf(path, sizeof(path), "%s/cpu.cfs_quota_us", folder);
	if (!first_line(path, quota, sizeof(quota)))
		return cores;
	snprintf(path, sizeof(path), "%s/cpu.cfs_period_us", folder);
	if (!first_line(path, period, sizeof(period)))
		return cores;
	return least(cores, quota, period);
}

/* The group at ${root}/${group} and all above it. */
static unsigned
cores_of_path(const char *root, const char *group, bool v2, unsigned cores)
{
	char folder[1100];
	size_t root_len;
	char *slash;

	snprintf(folder, sizeof(folder), "%s%s", root, group);
	root_len = strlen(root);
	for (;;) {
		cores = cores_of_group(folder, v2, cores);
		if (strlen(folder) <= root_len)
			return cores;
		slash = strrchr(folder, '/');
		if (slash == NULL)
			return cores;
		*slash = '\0';
	}
}

static bool
has_word(const char *list, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= len; i++)
		if (!memcmp(list + i, word, n) &&
		    (i == 0 || list[i - 1] == ',') &&
		    (i + n == len || list[i + n] == ','))
			return true;
	return false;
}

unsigned
quota_cores(const char *proc, const char *sys, unsigned cores)
{
	FILE *f = fopen(proc, "r");
	char line[1024];

	if (f == NULL)
		return cores;
	/* "0::/group" is v2; "4:cpu,cpuacct:/group" is v1. */
	while (fgets(line, sizeof(line), f) != NULL) {
		char root[600];
		char *kinds = strchr(line, ':');
		char *group = kinds == NULL ? NULL : strchr(kinds + 1, ':');

		line[strcspn(line, "\n")] = '\0';
		if (group == NULL)
			continue;
		kinds++;
		if (group == kinds) {
			cores = cores_of_path(sys, group + 1, true, cores);
		} else if (has_word(kinds, (size_t)(group - kinds), "cpu")) {
			snprintf(root, sizeof(root), "%s/cpu", sys);
			cores = cores_of_path(root, group + 1, false, cores);
		}
	}
	fclose(f);
	return cores > 0 ? cores : 1;
}

unsigned
quota_processors(void)
{
	cpu_set_t set;
	unsigned cores = 1;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		cores = (unsigned)CPU_COUNT(&set);
	cores = quota_cores("/proc/self/cgroup", "/sys/fs/cgroup", cores);
	return cores < WORKERS_MAX ? cores : WORKERS_MAX;
}

unsigned
quota_workers(void)
{
	unsigned cores = quota_processors();

	return cores > 1 ? cores - 1 : 1;
}
