/*
 * The control socket: its connections and their lines.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/control/control.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/control/control_parts.h"

/* How often connections are looked at for being idle for too long. */
#define SWEEP_MS 1000u

static void look(struct control_client *client);

static void
free_if_over(struct control *c)
{
	if (c->closing && c->handles == 0)
		free(c);
}

static void
on_client_closed(uv_handle_t *handle)
{
	struct control_client *client = handle->data;
	struct control *c = client->control;

	*client->link = client->next;
	if (client->next != NULL)
		client->next->link = client->link;
	if (client->call != NULL)
		client->call->client = NULL; /* the answer goes to nobody */
	buf_fini(&client->answer);
	free(client);
	c->clients--;
	c->handles--;
	free_if_over(c);
}

static void
shut(struct control_client *client)
{
	if (client->closing)
		return;
	client->closing = true;
	uv_close((uv_handle_t *)&client->pipe, on_client_closed);
}

static void
touch(struct control_client *client)
{
	client->idle_since = uv_now(client->control->o.loop);
}

static void
on_written(uv_write_t *write, int status)
{
	struct control_client *client = write->data;

	client->writing = false;
	if (client->closing)
		return;
	touch(client);
	if (status < 0 || client->hang_up) {
		shut(client);
		return;
	}
	look(client);
}

void
control_send(struct control_client *client)
{
	uv_buf_t bytes = uv_buf_init(
	    client->answer.data, (unsigned)client->answer.len);

	if (client->closing)
		return;
	touch(client);
	client->write.data = client;
	client->writing = true;
	if (uv_write(&client->write, (uv_stream_t *)&client->pipe, &bytes, 1,
		on_written) < 0) {
		client->writing = false;
		shut(client);
	}
}

static void
on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room)
{
	struct control_client *client = handle->data;

	(void)wanted;
	*room = uv_buf_init(client->line + client->len,
	    (unsigned)(sizeof(client->line) - client->len));
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct control_client *client = stream->data;

	(void)room;
	if (n == 0)
		return;
	uv_read_stop(stream);
	touch(client);
	if (n == UV_EOF) {
		client->eof = true;
	} else if (n < 0) {
		shut(client);
		return;
	} else {
		client->len += (size_t)n;
	}
	look(client);
}

/* Take a line, or go on reading; one request at a time. */
static void
look(struct control_client *client)
{
	char *newline = memchr(client->line, '\n', client->len);
	struct slice line = {client->line, client->len};
	size_t used = client->len;

	if (client->closing || client->call != NULL || client->writing)
		return;
	if (newline != NULL) {
		line.len = (size_t)(newline - client->line);
		used = line.len + 1;
	} else if (client->eof && client->len == 0) {
		shut(client);
		return;
	} else if (!client->eof && client->len < sizeof(client->line)) {
		uv_read_start(
		    (uv_stream_t *)&client->pipe, on_room, on_read);
		return;
	} else if (!client->eof) {
		line = SLICE_NONE; /* too long */
		client->hang_up = true;
	}
	control_request(client, line, used);
}

static void
on_connection(uv_stream_t *server, int status)
{
	struct control *c = server->data;
	struct control_client *client;

	if (status < 0 || c->closing)
		return;
	client = must_alloc(sizeof(*client));
	client->control = c;
	client->link = &c->first;
	client->next = c->first;
	if (client->next != NULL)
		client->next->link = &client->next;
	c->first = client;
	REQUIRE(uv_pipe_init(c->o.loop, &client->pipe, 0) == 0);
	client->pipe.data = client;
	c->clients++;
	c->handles++;
	if (uv_accept(server, (uv_stream_t *)&client->pipe) < 0) {
		shut(client);
		return;
	}
	touch(client);
	if (c->clients > CONTROL_CLIENTS_MAX) {
		counters_bump(c->o.counters, control_refused_total);
		shut(client);
		return;
	}
	look(client);
}

static void
on_sweep(uv_timer_t *timer)
{
	struct control *c = timer->data;
	uint64_t now = uv_now(c->o.loop);

	for (struct control_client *it = c->first; it != NULL; it = it->next)
		if (it->call == NULL && !it->closing &&
		    now - it->idle_since > CONTROL_IDLE_MS)
			shut(it);
}

static void
on_handle_closed(uv_handle_t *handle)
{
	struct control *c = handle->data;

	c->handles--;
	free_if_over(c);
}

struct control *
control_open(const struct control_options *o, struct err *err)
{
	struct control *c = must_alloc(sizeof(*c));
	int rc;

	c->o = *o;
	REQUIRE(uv_pipe_init(o->loop, &c->server, 0) == 0);
	REQUIRE(uv_timer_init(o->loop, &c->sweep) == 0);
	c->server.data = c->sweep.data = c;
	c->handles = 2;
	rc = control_bind(&c->server, o->path, err);
	if (rc == 0) {
		rc = uv_listen((uv_stream_t *)&c->server,
		    (int)CONTROL_CLIENTS_MAX, on_connection);
		if (rc < 0)
			err_set(err, rc, "control %s: cannot listen: %s",
			    o->path, uv_strerror(rc));
	}
	if (rc < 0) {
		control_close(c);
		return NULL;
	}
	uv_timer_start(&c->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
	/* Work keeps the engine alive, not somebody who may ask. */
	uv_unref((uv_handle_t *)&c->sweep);
	uv_unref((uv_handle_t *)&c->server);
	return c;
}

void
control_close(struct control *c)
{
	if (c == NULL || c->closing)
		return;
	c->closing = true;
	uv_close((uv_handle_t *)&c->sweep, on_handle_closed);
	/* libuv removes the file that it bound. */
	uv_close((uv_handle_t *)&c->server, on_handle_closed);
	for (struct control_client *it = c->first; it != NULL; it = it->next) {
		it->hang_up = true;
		if (it->call == NULL && !it->writing)
			shut(it);
	}
}

unsigned
control_clients(const struct control *c)
{
	return c == NULL ? 0 : c->clients;
}
