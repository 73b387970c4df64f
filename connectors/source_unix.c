/*
 * Posts by a unix socket: each connection sends lines.  Who may connect is
 * decided by the permissions of the socket's folder.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "connectors/listener.h"
#include "engine/base/must.h"

struct source_unix {
	struct listener listener;
	const char *path;
};

static const struct setting settings[] = {
    {.name = "path",
	.type = SETTING_PATH,
	.required = true,
	.offset = offsetof(struct source_unix, path),
	.help = "of the socket; a stale one there is replaced"},
    LISTENER_IDLE,
    {.name = NULL},
};

/* A socket that a dead process left behind is removed; nothing else is. */
static bool
is_stale(const char *path)
{
	struct stat st;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, rc;

	if (lstat(path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return false;
	memcpy(address.sun_path, path, strlen(path) + 1);
	/* One that lives may have a full backlog: do not wait in it. */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	rc = connect(fd, (const struct sockaddr *)&address, sizeof(address));
	close(fd);
	return rc < 0 && errno == ECONNREFUSED;
}

/* libuv tells of that as of a right that is missing. */
static bool
has_no_folder(const char *path)
{
	char folder[sizeof((struct sockaddr_un){0}.sun_path)];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL || slash == folder)
		return false;
	*slash = '\0';
	return access(folder, F_OK) < 0 && errno == ENOENT;
}

static int
source_unix_open(struct source *s, uv_loop_t *loop, struct err *err)
{
	struct source_unix *u = (struct source_unix *)s;
	size_t most = sizeof((struct sockaddr_un){0}.sun_path) - 1;
	int rc;

	snprintf(s->name, sizeof(s->name), "unix %s", u->path);
	/* libuv would bind the beginning of it. */
	if (strlen(u->path) > most)
		return err_set(err, -ENAMETOOLONG,
		    "unix %s: a socket's path has at most %zu bytes", u->path,
		    most);
	u->listener.loop = loop;
	u->listener.is_pipe = true;
	if (is_stale(u->path))
		unlink(u->path);
	REQUIRE(uv_pipe_init(loop, &u->listener.uv.pipe, 0) == 0);
	rc = uv_pipe_bind(&u->listener.uv.pipe, u->path);
	if (rc < 0)
		err_set(err, rc, "%s: cannot bind: %s", s->name,
		    has_no_folder(u->path) ? "there is no such folder"
					   : uv_strerror(rc));
	else
		rc = listener_start(&u->listener, err);
	if (rc < 0)
		uv_close(&u->listener.uv.handle, NULL);
	return rc;
}

const struct source_type source_unix_type = {
    .name = "unix",
    .help = "posts by a unix socket, one line each, many connections",
    .settings = settings,
    .size = sizeof(struct source_unix),
    .open = source_unix_open,
    .pause = listener_pause,
    .resume = listener_resume,
    .close = listener_close,
};
