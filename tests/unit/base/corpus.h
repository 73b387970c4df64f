/*
 * Real texts for tests and benches of base: from the folder of shared data,
 * which is not part of the project.  Without it there are no texts, and the
 * caller says "skipped".
 * Thread: one.  Owns: its texts, until corpus_free.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_BASE_CORPUS_H
#define TESTS_UNIT_BASE_CORPUS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"

struct corpus {
	struct slice *texts;
	size_t count, room, bytes;
};

static inline bool
corpus_open(const char *name, gzFile *file)
{
	const char *root = getenv("VIGIE_SHARED");
	char path[1024];

	snprintf(path, sizeof(path), "%s/data/%s",
	    root != NULL ? root : "../shared", name);
	*file = gzopen(path, "rb");
	return *file != NULL;
}

static inline void
corpus_add(struct corpus *c, struct slice text)
{
	char *copy = must_alloc(text.len + 1);

	if (text.len > 0)
		memcpy(copy, text.data, text.len);
	if (c->count == c->room) {
		c->room = c->room == 0 ? 1024 : c->room * 2;
		c->texts = must_grow(c->texts, c->room * sizeof(*c->texts));
	}
	c->texts[c->count++] = (struct slice){copy, text.len};
	c->bytes += text.len;
}

static inline void
corpus_free(struct corpus *c)
{
	for (size_t i = 0; i < c->count; i++)
		free((void *)(uintptr_t)c->texts[i].data);
	free(c->texts);
	*c = (struct corpus){0};
}

static inline void
corpus_put_code(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_char(out, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_char(out, (char)(0xc0 | c >> 6));
	} else if (c < 0x10000) {
		buf_char(out, (char)(0xe0 | c >> 12));
		buf_char(out, (char)(0x80 | (c >> 6 & 63)));
	} else {
		buf_char(out, (char)(0xf0 | c >> 18));
		buf_char(out, (char)(0x80 | (c >> 12 & 63)));
		buf_char(out, (char)(0x80 | (c >> 6 & 63)));
	}
	buf_char(out, (char)(0x80 | (c & 63)));
}

static inline uint32_t
corpus_hex(const char *p)
{
	char digits[5] = {p[0], p[1], p[2], p[3], 0};

	return (uint32_t)strtoul(digits, NULL, 16);
}

/* The JSON string at ${p}, behind its quote; what follows it. */
static inline const char *
corpus_string(const char *p, struct buf *out)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";

	for (buf_clear(out); *p != '"' && *p != '\0'; p++) {
		const char *known;
		uint32_t c;

		if (*p != '\\') {
			buf_char(out, *p);
			continue;
		}
		p++;
		known = strchr(from, *p);
		if (*p != 'u') {
			buf_char(out, known ? to[known - from] : *p);
			continue;
		}
		c = corpus_hex(p + 1);
		p += 4;
		if (c >= 0xd800 && c < 0xdc00 && p[1] == '\\') {
			c = 0x10000 + ((c - 0xd800) << 10) +
			    (corpus_hex(p + 3) - 0xdc00);
			p += 6;
		}
		corpus_put_code(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
	}
	return p;
}

/* Each "text" of an NDJSON file; false when there is no such file. */
static inline bool
corpus_read(struct corpus *c, const char *name)
{
	static char line[1 << 20];
	struct buf text = {0};
	gzFile file;

	if (!corpus_open(name, &file))
		return false;
	while (gzgets(file, line, sizeof(line)) != NULL) {
		const char *p = strstr(line, "\"text\":\"");

		if (p == NULL)
			continue;
		corpus_string(p + 8, &text);
		corpus_add(c, buf_slice(&text));
	}
	gzclose(file);
	buf_fini(&text);
	return true;
}

/* Each string of a JSON list. */
static inline bool
corpus_read_list(struct corpus *c, const char *name)
{
	static char line[1 << 20];
	struct buf text = {0};
	gzFile file;

	if (!corpus_open(name, &file))
		return false;
	while (gzgets(file, line, sizeof(line)) != NULL) {
		const char *p = strchr(line, '"');

		if (p == NULL)
			continue;
		corpus_string(p + 1, &text);
		corpus_add(c, buf_slice(&text));
	}
	gzclose(file);
	buf_fini(&text);
	return true;
}

#endif
