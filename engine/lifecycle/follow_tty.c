/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifecycle/follow_tty.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

static bool taken;

bool
follow_tty_is_taken(void)
{
	return taken;
}

void
follow_tty_put(const char *data, size_t bytes)
{
	while (bytes > 0) {
		ssize_t n = write(STDOUT_FILENO, data, bytes);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = {STDOUT_FILENO, POLLOUT, 0};

			poll(&p, 1, 1000);
		} else if (n < 0 && errno != EINTR) {
			return;
		} else if (n > 0) {
			data += n;
			bytes -= (size_t)n;
		}
	}
}

void
follow_tty_take(void)
{
	static const char enter[] = "\033[?1049h";

	atexit(follow_tty_give_back);
	taken = true;
	follow_tty_put(enter, sizeof(enter) - 1);
}

void
follow_tty_give_back(void)
{
	static const char leave[] = "\033[?1049l";

	if (!taken)
		return;
	taken = false;
	follow_tty_put(leave, sizeof(leave) - 1);
	uv_tty_reset_mode();
}

/* "../usr/share/zoneinfo/Europe/Paris" to "Europe/Paris". */
static const char *
name_in(const char *path)
{
	static const char folder[] = "zoneinfo/";
	const char *at = strstr(path, folder);

	return at != NULL ? at + sizeof(folder) - 1 : path;
}

const struct zone *
follow_tty_zone(struct arena *arena)
{
	const char *given = getenv("TZ");
	const struct zone *zone = NULL;
	char path[256];
	struct err err;
	ssize_t n;

	if (given != NULL && *given != '\0') {
		zone = zone_load(arena, NULL,
		    name_in(*given == ':' ? given + 1 : given), &err);
		return zone != NULL ? zone : zone_utc();
	}
	n = readlink("/etc/localtime", path, sizeof(path) - 1);
	if (n > 0) {
		path[n] = '\0';
		zone = zone_load(arena, NULL, name_in(path), &err);
	}
	return zone != NULL ? zone : zone_utc();
}
