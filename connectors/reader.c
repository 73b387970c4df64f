/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/inflate.h"
#include "connectors/packed.h"
#include "engine/base/must.h"

#define PACKED_BYTES (64u << 10)

struct reader {
	int fd;
	bool headed, regular;
	uint64_t taken;
	const char *name;
	/* packed input */
	struct inflate *z;
	char *packed;
	size_t at, len;
	bool last;
	struct err fault; /* to be told with the next read */
};

int
reader_open(const char *path, struct reader **out, struct err *err)
{
	struct reader *r;
	struct stat st;
	int fd = !strcmp(path, "-") ? STDIN_FILENO
	                            : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(
		    err, -errno, "cannot open %s: %s", path, strerror(errno));
	r = must_alloc(sizeof(*r));
	r->fd = fd;
	r->name = path;
	r->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	*out = r;
	return 0;
}

void
reader_close(struct reader *r)
{
	if (r == NULL)
		return;
	if (r->fd != STDIN_FILENO)
		close(r->fd);
	inflate_close(r->z);
	free(r->packed);
	free(r);
}

/* Standard input that somebody else made to answer at once. */
static bool
wait_for(const struct reader *r)
{
	struct pollfd fd = {.fd = r->fd, .events = POLLIN};

	return poll(&fd, 1, -1) >= 0 || errno == EINTR;
}

static ssize_t
read_some(struct reader *r, char *to, size_t room, struct err *err)
{
	ssize_t n;

	do
		n = read(r->fd, to, room);
	while (n < 0 && (errno == EINTR || (errno == EAGAIN && wait_for(r))));
	if (n < 0)
		return err_set(err, -errno, "cannot read %s: %s", r->name,
		    strerror(errno));
	r->taken += (uint64_t)n;
	return n;
}

static ssize_t
read_packed(struct reader *r, char *to, size_t room, struct err *err)
{
	while (r->fault.code == 0) {
		struct err why;
		size_t used, made;
		ssize_t n;
		int rc = inflate_feed(r->z, r->packed + r->at, r->len - r->at,
		    r->last, &used, to, room, &made, &why);

		r->at += used;
		if (rc < 0)
			err_set(&r->fault, rc, "cannot read %s: %s", r->name,
			    why.text);
		if (made > 0 || rc == INFLATE_END)
			return (ssize_t)made;
		if (rc < 0)
			break;
		n = read_some(r, r->packed, PACKED_BYTES, err);
		if (n < 0)
			return n;
		r->at = 0;
		r->len = (size_t)n;
		r->last = n == 0;
	}
	*err = r->fault;
	return err->code;
}

ssize_t
reader_read(void *self, char *to, size_t room, struct err *err)
{
	struct reader *r = self;
	ssize_t n;

	if (r->z != NULL)
		return read_packed(r, to, room, err);
	n = read_some(r, to, room, err);
	if (n <= 0 || r->headed)
		return n;
	r->headed = true;
	if (!packed_looks(to, (size_t)n))
		return n;
	r->z = inflate_open();
	r->packed = must_alloc(room > PACKED_BYTES ? room : PACKED_BYTES);
	memcpy(r->packed, to, (size_t)n);
	r->len = (size_t)n;
	return read_packed(r, to, room, err);
}

uint64_t
reader_bytes(const struct reader *r)
{
	return r->taken;
}

uint64_t
reader_size(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	return (uint64_t)st.st_size;
}

int
reader_waits(const struct reader *r)
{
	return r->regular ? -1 : r->fd;
}
