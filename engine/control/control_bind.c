/*
 * The file of the control socket: private, and never taken from a process
 * that lives.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "engine/control/control_parts.h"

/* Whether somebody answers at ${path}; a full backlog is somebody. */
static bool
is_alive(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc;

	if (fd < 0)
		return true;
	rc = connect(fd, (const struct sockaddr *)address, sizeof(*address));
	if (rc < 0)
		rc = -errno;
	close(fd);
	return rc != -ECONNREFUSED && rc != -ENOENT;
}

/* Remove what a dead process left; 0 when the path is free. */
static int
make_way(const char *path, struct err *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stat st;

	if (strlen(path) >= sizeof(address.sun_path))
		return err_set(err, -ENAMETOOLONG,
		    "control %s: a socket's path has at most %zu bytes", path,
		    sizeof(address.sun_path) - 1);
	if (lstat(path, &st) < 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, -EEXIST,
		    "control %s: there is a file that is no socket", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (is_alive(&address))
		return err_set(err, -EADDRINUSE,
		    "control %s: another vigie answers there", path);
	if (unlink(path) < 0)
		return err_set(err, -errno, "control %s: cannot replace it: %s",
		    path, strerror(errno));
	return 0;
}

int
control_bind(uv_pipe_t *pipe, const char *path, struct err *err)
{
	int rc = make_way(path, err);
	mode_t old;

	if (rc < 0)
		return rc;
	/* From its first moment on: no chmod comes early enough. */
	old = umask(0177);
	rc = uv_pipe_bind(pipe, path);
	umask(old);
	if (rc < 0)
		return err_set(err, rc, "control %s: cannot bind: %s", path,
		    uv_strerror(rc));
	return 0;
}
