/*
 * Goal: no bytes on the control socket, and none in an answer, make either
 * side crash, hang, or miss that each line gets one answer.  Method: the
 * lines of the input as requests without a socket under them, and as answers
 * to be shown.
 * SPDX-License-Identifier: Apache-2.0
 */
#define FUZZ_NAME "control"
#include "tests/fuzz/fuzz_main.h"

#include "engine/base/json.h"
#include "engine/control/control_parts.h"
#include "engine/control/ctl_view.h"

static void
parse(struct slice line)
{
	struct buf command = {0}, argument = {0};
	struct err err;

	if (control_parse(line, &command, &argument, &err) == 0) {
		/* Escapes only ever shrink: the copies in a call have room. */
		REQUIRE(command.len <= line.len);
		REQUIRE(argument.len <= line.len);
	} else {
		REQUIRE(err.text[0] != '\0');
	}
	buf_fini(&command);
	buf_fini(&argument);
}

/* Written again by the engine's own means, a text is the same text. */
static void
read_texts(struct slice line)
{
	enum json_kind kind;
	struct json j, again;
	size_t pieces = 0;

	json_init(&j, line);
	while ((kind = json_next(&j)) != JSON_END && kind != JSON_BROKEN) {
		struct buf text = {0}, written = {0};

		REQUIRE(++pieces <= line.len + 1);
		if (kind != JSON_TEXT && kind != JSON_KEY)
			continue;
		json_text(&j, &text);
		buf_json(&written, buf_slice(&text));
		json_init(&again, buf_slice(&written));
		REQUIRE(json_next(&again) == JSON_TEXT);
		REQUIRE(json_next(&again) == JSON_END);
		buf_fini(&text);
		buf_fini(&written);
	}
	REQUIRE(json_next(&j) == kind);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data, *end = p + size;
	static FILE *nowhere;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((newline != NULL ? newline : end) - p);
		struct slice line = {p, n};

		if (n < CONTROL_LINE_BYTES_MAX)
			parse(line);
		read_texts(line);
		ctl_view_print(line, nowhere, nowhere);
		p += n + (newline != NULL);
	}
	return 0;
}
