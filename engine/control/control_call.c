/*
 * One request of the control socket: its line, its command, its answer.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/json.h"
#include "engine/base/must.h"
#include "engine/base/suggest.h"
#include "engine/control/control_parts.h"

int
control_parse(struct slice line, struct buf *command, struct buf *argument,
    struct err *err)
{
	enum json_kind kind;
	struct json j;

	json_init(&j, line);
	kind = json_next(&j);
	if (kind != JSON_OBJECT)
		return err_set(err, -1, "a request is one JSON object a line: "
					"{\"command\":\"status\"}");
	while ((kind = json_next(&j)) == JSON_KEY) {
		struct buf *into = json_is(&j, "command")    ? command
		    : json_is(&j, "argument") ? argument
					      : NULL;

		if (into == NULL)
			return err_set(err, -1,
			    "unknown member '%.*s'; known: command, argument",
			    SLICE_ARG(j.raw));
		if (json_next(&j) != JSON_TEXT)
			return err_set(err, -1, "command and argument are "
						"texts");
		buf_clear(into);
		json_text(&j, into);
	}
	if (kind != JSON_OBJECT_END || json_next(&j) != JSON_END)
		return err_set(err, -1, "the line is not one JSON object");
	return 0;
}

/* An answer is whole before it is sent; its client sees one line. */
static void
answer(struct control_call *call, bool ok, struct slice error)
{
	struct control_client *client = call->client;

	if (client != NULL) {
		struct buf *to = &client->answer;

		buf_clear(to);
		buf_printf(to, "{\"ok\":%s", ok ? "true" : "false");
		if (call->command != NULL) {
			buf_text(to, ",\"command\":");
			buf_json(to, slice_of(call->command));
		}
		if (!ok) {
			buf_text(to, ",\"error\":");
			buf_json(to, error);
		}
		buf_slice_put(to, buf_slice(&call->out));
		buf_text(to, "}\n");
		client->call = NULL;
		control_send(client);
	}
	buf_fini(&call->out);
	free(call);
}

struct slice
control_argument(const struct control_call *call)
{
	return (struct slice){call->argument, call->argument_len};
}

struct buf *
control_out(struct control_call *call)
{
	return &call->out;
}

void
control_answer(struct control_call *call)
{
	answer(call, true, SLICE_NONE);
}

void
control_refuse(struct control_call *call, const char *format, ...)
{
	struct err err;
	va_list list;

	if (call->client != NULL)
		counters_bump(call->client->control->o.counters,
		    control_refused_total);
	va_start(list, format);
	vsnprintf(err.text, sizeof(err.text), format, list);
	va_end(list);
	answer(call, false, slice_of(err.text));
}

static const struct control_row *
find(const struct control_row *rows, struct slice name)
{
	for (; rows->name != NULL; rows++)
		if (slice_is(name, rows->name))
			return rows;
	return NULL;
}

static void
refuse_unknown(struct control_call *call, const struct control_row *rows,
    struct slice name)
{
	struct suggest suggest;
	struct buf help = {0};

	if (name.len > 40)
		name.len = 40;
	suggest_start(&suggest, name);
	for (; rows->name != NULL; rows++)
		suggest_offer(&suggest, slice_of(rows->name));
	suggest_say(&suggest, "known", &help);
	control_refuse(call, "unknown command '%.*s'; %s", SLICE_ARG(name),
	    help.data);
	buf_fini(&help);
}

static void
run(struct control_client *client, struct control_call *call,
    struct slice line)
{
	const struct control_options *o = &client->control->o;
	const struct control_row *row;
	struct buf command = {0}, argument = {0};
	struct err err;

	if (line.data == NULL) {
		control_refuse(call, "a request has at most %u bytes",
		    CONTROL_LINE_BYTES_MAX);
		return;
	}
	if (control_parse(line, &command, &argument, &err) < 0) {
		control_refuse(call, "%s", err.text);
	} else if ((row = find(o->rows, buf_slice(&command))) == NULL) {
		refuse_unknown(call, o->rows, buf_slice(&command));
	} else if (argument.len > 0 && row->argument[0] == '\0') {
		call->command = row->name;
		control_refuse(call, "%s takes no argument", row->name);
	} else {
		REQUIRE(argument.len < sizeof(call->argument));
		if (argument.len > 0)
			memcpy(call->argument, argument.data, argument.len);
		call->argument_len = argument.len;
		call->command = row->name;
		row->run(o->self, call);
	}
	buf_fini(&command);
	buf_fini(&argument);
}

void
control_request(struct control_client *client, struct slice line, size_t used)
{
	struct control_call *call = must_alloc(sizeof(*call));
	char copy[CONTROL_LINE_BYTES_MAX];

	counters_bump(client->control->o.counters, control_requests_total);
	call->client = client;
	client->call = call;
	if (line.data != NULL) {
		memcpy(copy, line.data, line.len);
		line.data = copy;
	}
	client->len -= used;
	memmove(client->line, client->line + used, client->len);
	run(client, call, line);
}
