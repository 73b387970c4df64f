/*
 * reload, rollback, rules: which set of rules runs, and which could.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdlib.h>

#include "engine/service_parts.h"

static void
put_id(struct buf *out, const char *key, const struct ruleset *rules)
{
	buf_printf(out, ",\"%s\":\"%016" PRIx64 "\"", key, ruleset_id(rules));
}

static void
put_set(struct buf *out, const struct reload_set *set)
{
	const struct ruleset *rules = set->rules;

	put_id(out, "ruleset", rules);
	buf_text(out, ",\"loaded\":\"");
	buf_utc(out, set->loaded_ms);
	buf_printf(out,
	    "\",\"load_ms\":%" PRId64 ",\"brands\":%u,\"topics\":%u,"
	    "\"rules\":%u,\"bytes\":%zu,\"regexes\":%u,"
	    "\"regexes_compiled\":%" PRIu32 ",\"teams\":%zu",
	    set->took_ms, ruleset_brands(rules), ruleset_topics(rules),
	    ruleset_rules(rules), ruleset_bytes(rules), ruleset_regexes(rules),
	    set->compiled, set->organisation->teams_count);
}

/* The problems as check --json prints them, one a line, into a list. */
static void
put_list(struct buf *out, const char *lines, size_t bytes)
{
	const char *end = lines + bytes;
	unsigned count = 0;

	buf_text(out, ",\"diagnostics\":[");
	while (lines < end && count < CONTROL_PROBLEMS_MAX) {
		const char *newline =
		    memchr(lines, '\n', (size_t)(end - lines));
		size_t n = (size_t)((newline != NULL ? newline : end) - lines);

		if (count++ > 0)
			buf_char(out, ',');
		buf_put(out, lines, n);
		lines += n + (newline != NULL);
	}
	buf_char(out, ']');
}

static void
put_problems(struct buf *out, struct diag *diag)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *f;

	buf_printf(out, ",\"errors\":%u,\"warnings\":%u", diag_errors(diag),
	    diag_warnings(diag));
	f = open_memstream(&text, &bytes);
	if (f == NULL)
		return;
	diag_print_json(diag, f);
	fclose(f);
	put_list(out, text, bytes);
	free(text);
	f = open_memstream(&text, &bytes);
	if (f == NULL)
		return;
	diag_print(diag, f, false);
	fclose(f);
	if (bytes > 0) {
		buf_text(out, ",\"text\":");
		buf_json(out, (struct slice){text, bytes});
	}
	free(text);
}

static void
on_told(void *arg, const struct reload_result *result)
{
	struct control_call *call = arg;
	struct buf *out = control_out(call);

	if (!result->ok) {
		put_id(out, "ruleset", result->set->rules);
	} else {
		put_set(out, result->set);
		buf_printf(out, ",\"changed\":%s",
		    result->changed ? "true" : "false");
		put_id(out, "before", result->before);
	}
	if (result->diag != NULL)
		put_problems(out, result->diag);
	if (result->ok)
		control_answer(call);
	else
		control_refuse(call, "%s", result->error);
}

void
control_do_reload(void *service, struct control_call *call)
{
	struct service *s = service;

	reload_ask(s->reload, "vigie ctl", on_told, call);
}

void
control_do_rollback(void *service, struct control_call *call)
{
	struct service *s = service;
	const struct reload_set *set =
	    reload_kept(s->reload, reload_running(s->reload));
	struct buf *out = control_out(call);
	struct err err;

	put_id(out, "before", set->rules);
	if (reload_back(s->reload, control_argument(call), &err) < 0) {
		control_refuse(call, "%s", err.text);
		return;
	}
	put_set(out, reload_kept(s->reload, reload_running(s->reload)));
	control_answer(call);
}

void
control_do_rules(void *service, struct control_call *call)
{
	struct service *s = service;
	struct buf *out = control_out(call);
	const struct reload_set *set;

	buf_printf(out, ",\"loading\":%s,\"kept_max\":%u,\"sets\":[",
	    reload_busy(s->reload) ? "true" : "false", RELOAD_KEPT_MAX);
	for (size_t i = 0; (set = reload_kept(s->reload, i)) != NULL; i++) {
		buf_printf(out, "%s{\"running\":%s", i > 0 ? "," : "",
		    i == reload_running(s->reload) ? "true" : "false");
		put_set(out, set);
		buf_char(out, '}');
	}
	buf_char(out, ']');
	control_answer(call);
}
