/*
 * Where scenarios are: one folder each, with a plan.yaml in it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/must.h"
#include "engine/scenario/scenario_parts.h"

#define PATH_BYTES 4096

struct search {
	const char *folder; /* the only one, or NULL */
	const char *const *rules;
	size_t rules_count;
};

static bool
is_folder(const char *path)
{
	DIR *dir = opendir(path);

	if (dir == NULL)
		return false;
	closedir(dir);
	return true;
}

/* The folder of the running program, with a slash; "" when not known. */
static void
program_folder(char *out, size_t bytes)
{
	ssize_t n = readlink("/proc/self/exe", out, bytes - 1);

	out[n > 0 ? n : 0] = '\0';
	if (strrchr(out, '/') != NULL)
		strrchr(out, '/')[1] = '\0';
}

/* The i-th place to look at; false past the last. */
static bool
place_at(const struct search *s, size_t i, char *out)
{
	char program[PATH_BYTES];

	if (s->folder != NULL) {
		snprintf(out, PATH_BYTES, "%s", s->folder);
		return i == 0;
	}
	if (i < 2 * s->rules_count) {
		snprintf(out, PATH_BYTES, "%s/%sscenarios", s->rules[i / 2],
		    i % 2 == 0 ? "" : "../");
		return true;
	}
	program_folder(program, sizeof(program) - 64);
	switch (i - 2 * s->rules_count) {
	case 0:
		snprintf(out, PATH_BYTES, "rules/scenarios");
		return true;
	case 1: /* bin/vigie beside share/ */
		snprintf(out, PATH_BYTES, "%.4000s../share/vigie/scenarios",
		    program);
		return true;
	case 2: /* build/vigie in a source tree */
		snprintf(out, PATH_BYTES, "%.4000s../rules/scenarios",
		    program);
		return true;
	default:
		return false;
	}
}

const char *
scenario_find(const char *folder, const char *const *rules, size_t count,
    const char *name, struct arena *arena)
{
	const struct search s = {folder, rules, count};
	char place[PATH_BYTES], path[PATH_BYTES + 256];

	/* A name is no path. */
	if (name[0] == '.' || strchr(name, '/') != NULL || strlen(name) > 200)
		return NULL;
	for (size_t i = 0; place_at(&s, i, place); i++) {
		snprintf(path, sizeof(path), "%s/%s/plan.yaml", place, name);
		if (access(path, R_OK) == 0)
			return arena_text(arena, slice_of(path)).data;
	}
	return NULL;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
list_one(const char *place, const char *name, bool french, struct buf *out)
{
	char path[PATH_BYTES + 256];
	struct diag *diag;
	struct scenario *plan;

	snprintf(path, sizeof(path), "%s/%.200s/plan.yaml", place, name);
	if (access(path, R_OK) != 0)
		return;
	diag = diag_new();
	plan = scenario_load(path, diag);
	buf_printf(out, "%-18s %s\n", name, plan != NULL ?
		scenario_title(plan, french) :
		french ? "(illisible)" : "(cannot be read)");
	scenario_free(plan);
	diag_free(diag);
}

bool
scenario_list(const char *folder, const char *const *rules, size_t count,
    bool french, struct buf *out)
{
	const struct search s = {folder, rules, count};
	char place[PATH_BYTES];
	struct dirent **names;

	for (size_t i = 0; place_at(&s, i, place); i++) {
		int n = is_folder(place) ?
		    scandir(place, &names, NULL, by_name) : -1;

		if (n < 0)
			continue;
		for (int k = 0; k < n; k++) {
			if (names[k]->d_name[0] != '.')
				list_one(place, names[k]->d_name, french, out);
			free(names[k]);
		}
		free(names);
		return true;
	}
	return false;
}
