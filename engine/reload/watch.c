/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/reload/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"

struct folder {
	uv_fs_event_t event;
	struct watch *watch;
	struct folder *next;
	char path[];
};

struct watch {
	uv_loop_t *loop;
	uv_timer_t settle, poll;
	uv_work_t work;
	struct folder *folders;
	unsigned folders_count;
	struct reload_files *files, *next; /* next: after this look */
	uint64_t seen;	 /* as it was read, or told of */
	uint64_t before; /* at the last look */
	uint64_t looked; /* by the one under way */
	unsigned handles;
	bool looking, closing, deaf;
	void (*on_change)(void *self);
	void *self;
};

static void look(struct watch *w);

static void
free_if_over(struct watch *w)
{
	if (!w->closing || w->handles > 0 || w->looking)
		return;
	reload_files_free(w->files);
	reload_files_free(w->next);
	free(w);
}

static void
on_folder_closed(uv_handle_t *handle)
{
	struct folder *folder = handle->data;
	struct watch *w = folder->watch;

	free(folder);
	w->handles--;
	free_if_over(w);
}

static void
close_folders(struct watch *w)
{
	struct folder *next;

	for (struct folder *it = w->folders; it != NULL; it = next) {
		next = it->next;
		uv_close((uv_handle_t *)&it->event, on_folder_closed);
	}
	w->folders = NULL;
	w->folders_count = 0;
}

static void
on_settled(uv_timer_t *timer)
{
	look(timer->data);
}

static void
settle(struct watch *w)
{
	/* Not put off by each event: in a busy folder it would never come. */
	if (!uv_is_active((uv_handle_t *)&w->settle))
		uv_timer_start(&w->settle, on_settled, WATCH_SETTLE_MS, 0);
}

static void
on_event(uv_fs_event_t *event, const char *name, int events, int status)
{
	struct folder *folder = event->data;

	(void)name;
	(void)events;
	(void)status;
	settle(folder->watch);
}

static void
hear(void *self, const char *path)
{
	struct watch *w = self;
	size_t n = strlen(path) + 1;
	struct folder *folder;

	for (folder = w->folders; folder != NULL; folder = folder->next)
		if (!strcmp(folder->path, path))
			return;
	if (w->folders_count == WATCH_FOLDERS_MAX) {
		w->deaf = true;
		return;
	}
	folder = must_alloc(sizeof(*folder) + n);
	memcpy(folder->path, path, n);
	folder->watch = w;
	REQUIRE(uv_fs_event_init(w->loop, &folder->event) == 0);
	folder->event.data = folder;
	folder->next = w->folders;
	w->folders = folder;
	w->folders_count++;
	w->handles++;
	if (uv_fs_event_start(&folder->event, on_event, path, 0) < 0)
		w->deaf = true;
	uv_unref((uv_handle_t *)&folder->event);
}

static void
take_files(struct watch *w)
{
	bool was_deaf = w->deaf;

	reload_files_free(w->files);
	w->files = w->next;
	w->next = NULL;
	w->seen = w->before = reload_files_seen(w->files);
	w->deaf = false;
	close_folders(w);
	reload_files_folders(w->files, hear, w);
	if (w->deaf && !was_deaf)
		log_info("watch",
		    "some folders tell no events: looking every %u s",
		    WATCH_POLL_MS / 1000);
}

static void
work(uv_work_t *req)
{
	struct watch *w = req->data;

	w->looked = reload_files_look(w->files);
}

static void
judge(struct watch *w)
{
	if (w->looked == w->seen) {
		w->before = w->seen;
	} else if (w->looked != w->before) {
		w->before = w->looked;
		settle(w);
	} else {
		w->seen = w->looked;
		w->on_change(w->self);
	}
}

static void
after_work(uv_work_t *req, int status)
{
	struct watch *w = req->data;

	w->looking = false;
	if (w->closing) {
		free_if_over(w);
		return;
	}
	if (w->next != NULL) {
		take_files(w);
		settle(w);
	} else if (status == 0) {
		judge(w);
	}
}

static void
look(struct watch *w)
{
	if (w->looking || w->files == NULL)
		return;
	w->looking = true;
	w->work.data = w;
	REQUIRE(uv_queue_work(w->loop, &w->work, work, after_work) == 0);
}

static void
on_poll(uv_timer_t *timer)
{
	look(timer->data);
}

struct watch *
watch_new(uv_loop_t *loop, void (*on_change)(void *self), void *self)
{
	struct watch *w = must_alloc(sizeof(*w));

	w->loop = loop;
	w->on_change = on_change;
	w->self = self;
	REQUIRE(uv_timer_init(loop, &w->settle) == 0);
	REQUIRE(uv_timer_init(loop, &w->poll) == 0);
	w->settle.data = w->poll.data = w;
	w->handles = 2;
	uv_timer_start(&w->poll, on_poll, WATCH_POLL_MS, WATCH_POLL_MS);
	uv_unref((uv_handle_t *)&w->poll);
	uv_unref((uv_handle_t *)&w->settle);
	return w;
}

void
watch_files(struct watch *w, struct reload_files *files)
{
	reload_files_free(w->next);
	w->next = files;
	if (!w->looking)
		take_files(w);
	settle(w);
}

static void
on_timer_closed(uv_handle_t *handle)
{
	struct watch *w = handle->data;

	w->handles--;
	free_if_over(w);
}

void
watch_close(struct watch *w)
{
	if (w == NULL)
		return;
	w->closing = true;
	close_folders(w);
	uv_close((uv_handle_t *)&w->settle, on_timer_closed);
	uv_close((uv_handle_t *)&w->poll, on_timer_closed);
}
