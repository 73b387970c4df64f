/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifecycle/follow_place.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[FOLLOW_STREAMS] = {
    "alerts", "notices", "answers"};

bool
follow_place_path(const char *team, char *out, size_t room)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n;

	if (state != NULL && state[0] == '/')
		n = snprintf(out, room, "%s/vigie/watch-%s", state, team);
	else if (home != NULL && home[0] == '/')
		n = snprintf(out, room, "%s/.local/state/vigie/watch-%s",
		    home, team);
	else
		return false;
	return n > 0 && (size_t)n < room;
}

void
follow_place_since(struct follow_place *p, int64_t ms)
{
	for (unsigned i = 0; i < FOLLOW_STREAMS; i++)
		snprintf(p->ids[i], FOLLOW_ID_BYTES, "%" PRId64 "-0",
		    ms < 0 ? 0 : ms);
}

static bool
parse(const char *id, uint64_t *ms, uint64_t *seq)
{
	char end;

	return sscanf(id, "%20" SCNu64 "-%20" SCNu64 "%c", ms, seq, &end) == 2;
}

int
follow_place_order(const char *a, const char *b)
{
	uint64_t x[2] = {0}, y[2] = {0};

	parse(a, &x[0], &x[1]);
	parse(b, &y[0], &y[1]);
	if (x[0] != y[0])
		return x[0] < y[0] ? -1 : 1;
	return x[1] < y[1] ? -1 : x[1] > y[1];
}

bool
follow_place_read(struct follow_place *p, const char *path)
{
	FILE *in = fopen(path, "re");
	struct follow_place read = {0};
	char name[16], id[FOLLOW_ID_BYTES];
	unsigned found = 0;
	uint64_t ms, seq;

	if (in == NULL)
		return false;
	while (fscanf(in, "%15s %47s\n", name, id) == 2)
		for (unsigned i = 0; i < FOLLOW_STREAMS; i++)
			if (!strcmp(name, names[i]) && parse(id, &ms, &seq)) {
				memcpy(read.ids[i], id, sizeof(id));
				found |= 1u << i;
			}
	fclose(in);
	if (found != (1u << FOLLOW_STREAMS) - 1)
		return false;
	*p = read;
	return true;
}

/* Every folder on the way to ${path}. */
static void
make_folders(const char *path)
{
	char folder[4096];

	for (const char *p = strchr(path + 1, '/'); p != NULL;
	     p = strchr(p + 1, '/')) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(p - path),
		    path);
		mkdir(folder, 0700);
	}
}

int
follow_place_write(const struct follow_place *p, const char *path,
    struct err *err)
{
	char beside[4096];
	FILE *out;
	bool good;

	if (snprintf(beside, sizeof(beside), "%s.%ld", path, (long)getpid()) >=
	    (int)sizeof(beside))
		return err_set(err, -ENAMETOOLONG, "%s: too long", path);
	make_folders(path);
	out = fopen(beside, "we");
	if (out == NULL)
		return err_set(err, -errno, "%s: %s", beside, strerror(errno));
	for (unsigned i = 0; i < FOLLOW_STREAMS; i++)
		fprintf(out, "%s %s\n", names[i], p->ids[i]);
	good = fflush(out) == 0 && fsync(fileno(out)) == 0;
	good &= fclose(out) == 0;
	if (good && rename(beside, path) == 0)
		return 0;
	good = unlink(beside) == 0;
	return err_set(err, -EIO, "%s: cannot be written", path);
}
