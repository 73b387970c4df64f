/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/file_input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"

/* How often a followed file is looked at when it has nothing new. */
#define LOOK_MS 200u

/* A writer goes on in a file that was renamed until it is told: it is left
 * after so many looks that brought nothing, or so many in all. */
#define QUIET_LOOKS 5u
#define LINGER_LOOKS 50u

static void read_on(struct file_input *fi);

static int
begin(struct file_input *fi, struct err *err)
{
	struct intake *in = intake_open(fi->hub, fi->name);

	if (in == NULL) {
		if (fi->path != NULL)
			close(fi->fd);
		return err_set(err, UV_EMFILE,
		    "more than %u inputs at once", INPUTS_MAX);
	}
	feed_init(&fi->feed, in);
	return 0;
}

static int
open_path(struct file_input *fi, struct err *err)
{
	if (fi->path != NULL)
		fi->fd = open(fi->path, O_RDONLY | O_CLOEXEC);
	if (fi->fd < 0)
		return err_set(err, uv_translate_sys_error(errno),
		    "cannot open %s: %s", fi->path, strerror(errno));
	return begin(fi, err);
}

static void
close_file(struct file_input *fi)
{
	if (fi->feed.in == NULL)
		return;
	intake_close(fi->feed.in);
	feed_fini(&fi->feed);
	fi->feed.in = NULL;
	if (fi->path != NULL)
		close(fi->fd);
}

static void
end_with(struct file_input *fi, const struct err *err)
{
	fi->over = true;
	fi->on_end(fi, err);
}

static void
push(struct file_input *fi)
{
	struct err err;
	int rc = feed_push(&fi->feed, &err);

	if (rc < 0)
		end_with(fi, &err);
	else if (rc == FEED_END)
		end_with(fi, NULL);
	else if (rc == FEED_MORE)
		read_on(fi);
	/* else: no room, file_input_resume goes on */
}

/* At the end of a followed file: has another taken its name, or was it cut?
 * A half line at its end is then all there will ever be of it. */
static void
look_again(struct file_input *fi)
{
	struct stat now, mine;
	off_t at = lseek(fi->fd, 0, SEEK_CUR);
	struct err err;
	int fd;

	if (fstat(fi->fd, &mine) == 0 && mine.st_size > at)
		return; /* it grew */
	if (stat(fi->path, &now) != 0)
		return; /* taken away; maybe the next one comes */
	if (now.st_ino == mine.st_ino && now.st_dev == mine.st_dev &&
	    now.st_size >= at)
		return;
	if ((now.st_ino != mine.st_ino || now.st_dev != mine.st_dev) &&
	    fi->quiet++ < QUIET_LOOKS && fi->lingers++ < LINGER_LOOKS)
		return;
	fd = open(fi->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) { /* who rotates may give it to us only now */
		if (!fi->told)
			log_warn("source", "%s: cannot open what took its "
					   "place: %s; trying again",
			    fi->name, strerror(errno));
		fi->told = true;
		return;
	}
	fi->told = false;
	fi->quiet = fi->lingers = 0;
	close_file(fi);
	fi->fd = fd;
	if (begin(fi, &err) < 0)
		end_with(fi, &err);
}

static void
on_look(uv_timer_t *timer)
{
	struct file_input *fi = timer->data;

	fi->looking = false;
	if (fi->closing || fi->paused)
		return;
	look_again(fi);
	if (!fi->over)
		read_on(fi);
}

static void
on_read(uv_fs_t *req)
{
	struct file_input *fi = req->data;
	ssize_t n = req->result;
	struct err err;

	uv_fs_req_cleanup(req);
	fi->reading = false;
	if (fi->closing) {
		fi->closing = false;
		file_input_close(fi);
	} else if (n < 0) {
		err_set(&err, (int)n, "cannot read %s: %s", fi->name,
		    uv_strerror((int)n));
		end_with(fi, &err);
	} else if (n == 0 && fi->follow) {
		fi->looking = true;
		uv_timer_start(&fi->look, on_look, LOOK_MS, 0);
	} else {
		fi->quiet = 0;
		fi->feed.at = 0;
		fi->feed.len = (size_t)n;
		fi->feed.last = n == 0;
		if (!fi->paused)
			push(fi);
	}
}

static void
read_on(struct file_input *fi)
{
	uv_buf_t buf = uv_buf_init(fi->feed.bytes, FEED_BYTES);

	if (fi->reading || fi->looking || fi->closing || fi->over)
		return;
	fi->reading = true;
	fi->read.data = fi;
	/* At the file's own position: standard input may have been read. */
	REQUIRE(uv_fs_read(fi->loop, &fi->read, fi->fd, &buf, 1, -1,
	            on_read) == 0);
}

int
file_input_open(struct file_input *fi, struct err *err)
{
	int rc = open_path(fi, err);

	if (rc < 0)
		return rc;
	REQUIRE(uv_timer_init(fi->loop, &fi->look) == 0);
	fi->look.data = fi;
	read_on(fi);
	return 0;
}

void
file_input_pause(struct file_input *fi)
{
	fi->paused = true;
}

void
file_input_resume(struct file_input *fi)
{
	fi->paused = false;
	if (fi->reading || fi->looking || fi->closing || fi->over)
		return;
	push(fi); /* what is left, or else the next block */
}

static void
on_look_closed(uv_handle_t *handle)
{
	struct file_input *fi = handle->data;

	fi->on_closed(fi);
}

void
file_input_close(struct file_input *fi)
{
	if (fi->closing)
		return;
	fi->closing = true;
	if (fi->reading) {
		/* on_read closes when the thread pool is done with us. */
		uv_cancel((uv_req_t *)&fi->read);
		return;
	}
	close_file(fi);
	uv_close((uv_handle_t *)&fi->look, on_look_closed);
}
