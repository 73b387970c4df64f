/*
 * vigie explain: why a text matches or does not.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "engine/base/buf.h"
#include "engine/base/utf8.h"
#include "engine/setup.h"

/* Texts are valid UTF-8 by contract; a shell hands over any bytes. */
static void
put_valid(struct buf *out, const char *text)
{
	size_t left = strlen(text), n;
	uint32_t c;

	for (; left > 0; text += n, left -= n) {
		n = utf8_decode(text, left, &c);
		if (n > 0) {
			buf_put(out, text, n);
		} else {
			buf_text(out, "\xef\xbf\xbd");
			n = 1;
		}
	}
}

/* Words of an unquoted text are arguments of their own. */
static void
join_args(const struct options *o, struct buf *out)
{
	for (size_t i = 0; i < o->args_count; i++) {
		if (i > 0)
			buf_char(out, ' ');
		put_valid(out, o->args[i]);
	}
}

static bool
wants_colour(void)
{
	const char *plain = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (plain == NULL || *plain == '\0');
}

int
cmd_explain(struct options *o)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct buf text = {0}, out = {0};
	struct setup setup;
	struct post post;
	int rc;

	if (o->args_count == 0) {
		fprintf(stderr,
		    "vigie explain: no text\n"
		    "help: vigie explain --rules PATH \"a post\"\n");
		return EXIT_MISUSE;
	}
	rc = setup_load(&setup, o, &types);
	if (rc == 0) {
		join_args(o, &text);
		post_clear(&post);
		post.text = buf_slice(&text);
		rules_explain(setup.rules, &post, &out, o->json,
		    !o->json && wants_colour());
		fwrite(out.data, 1, out.len, stdout);
	}
	setup_free(&setup);
	buf_fini(&text);
	buf_fini(&out);
	return rc;
}
