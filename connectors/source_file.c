/*
 * Posts from a file, packed or not; with follow also those that are yet to
 * be written to it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/connectors.h"
#include "connectors/file_input.h"

struct source_file {
	struct source base;
	const char *path;
	bool follow;
	struct file_input input;
	void (*on_closed)(struct source *s);
};

static const struct setting settings[] = {
    {.name = "path",
	.type = SETTING_PATH,
	.required = true,
	.offset = offsetof(struct source_file, path),
	.help = "the file: NDJSON, plain, gzip or zstd"},
    {.name = "follow",
	.type = SETTING_BOOL,
	.fallback = "false",
	.offset = offsetof(struct source_file, follow),
	.help = "go on when it grows, and over rotation (plain files)"},
    {.name = NULL},
};

static void
on_end(struct file_input *input, const struct err *err)
{
	struct source_file *f = input->owner;

	if (err != NULL)
		source_fail(&f->base, err);
	else
		source_end(&f->base);
}

static void
on_input_closed(struct file_input *input)
{
	struct source_file *f = input->owner;

	f->on_closed(&f->base);
}

static int
source_file_open(struct source *s, uv_loop_t *loop, struct err *err)
{
	struct source_file *f = (struct source_file *)s;

	snprintf(s->name, sizeof(s->name), "file %s", f->path);
	f->input = (struct file_input){
	    .loop = loop,
	    .hub = s->hub,
	    .path = f->path,
	    .name = f->path,
	    .follow = f->follow,
	    .on_end = on_end,
	    .on_closed = on_input_closed,
	    .owner = f,
	};
	return file_input_open(&f->input, err);
}

static void
source_file_pause(struct source *s)
{
	file_input_pause(&((struct source_file *)s)->input);
}

static void
source_file_resume(struct source *s)
{
	file_input_resume(&((struct source_file *)s)->input);
}

static void
source_file_close(struct source *s, void (*on_closed)(struct source *s))
{
	struct source_file *f = (struct source_file *)s;

	f->on_closed = on_closed;
	file_input_close(&f->input);
}

const struct source_type source_file_type = {
    .name = "file",
    .help = "posts from a file, also while it grows",
    .settings = settings,
    .size = sizeof(struct source_file),
    .open = source_file_open,
    .pause = source_file_pause,
    .resume = source_file_resume,
    .close = source_file_close,
};
