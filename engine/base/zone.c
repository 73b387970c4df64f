/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/zone_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "engine/base/suggest.h"

#define FILE_BYTES_MAX 262144u /* the largest of 2026 has 3,600 */
#define HEADER_BYTES 44u
#define DAY_MS INT64_C(86400000)

static const struct zone utc = {.name = "UTC"};

const struct zone *
zone_utc(void)
{
	return &utc;
}

const char *
zone_name(const struct zone *z)
{
	return z->name;
}

static int64_t
big_endian(const char *at, size_t bytes)
{
	uint64_t v = (unsigned char)at[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | (unsigned char)at[i];
	return (int64_t)v;
}

/* One header: version and counts. */
struct header {
	char version;
	size_t isut, isstd, leap, time, type, text;
};

static bool
read_header(struct slice in, struct header *h)
{
	size_t *counts[] = {
	    &h->isut, &h->isstd, &h->leap, &h->time, &h->type, &h->text};

	if (in.len < HEADER_BYTES || memcmp(in.data, "TZif", 4) != 0)
		return false;
	h->version = in.data[4];
	for (size_t i = 0; i < 6; i++) {
		int64_t v = big_endian(in.data + 20 + 4 * i, 4);

		if (v < 0 || v > FILE_BYTES_MAX)
			return false;
		*counts[i] = (size_t)v;
	}
	return h->type > 0;
}

static size_t
body_bytes(const struct header *h, size_t time_bytes)
{
	return h->time * (time_bytes + 1) + h->type * 6 + h->text +
	       h->leap * (time_bytes + 4) + h->isstd + h->isut;
}

static bool
read_body(struct arena *arena, struct zone *z, struct slice in,
    const struct header *h, size_t time_bytes)
{
	const char *which = in.data + h->time * time_bytes;
	const char *types = which + h->time;

	z->count = h->time;
	z->at_s = arena_alloc(arena, (h->time + 1) * sizeof(*z->at_s));
	z->offset_s = arena_alloc(arena, (h->time + 1) * sizeof(*z->offset_s));
	z->first_s = (int32_t)big_endian(types, 4);
	for (size_t i = 0; i < h->time; i++) {
		unsigned type = (unsigned char)which[i];

		if (type >= h->type)
			return false;
		z->at_s[i] = big_endian(in.data + i * time_bytes, time_bytes);
		z->offset_s[i] = (int32_t)big_endian(types + 6 * type, 4);
		if (i > 0 && z->at_s[i] < z->at_s[i - 1])
			return false;
	}
	return true;
}

/* The part with 64-bit times if there is one, and the rule behind it. */
static bool
read_zone(struct arena *arena, struct zone *z, struct slice in)
{
	struct header h;
	size_t skip;

	if (!read_header(in, &h))
		return false;
	skip = HEADER_BYTES + body_bytes(&h, 4);
	if (skip > in.len)
		return false;
	if (h.version < '2') {
		in.data += HEADER_BYTES;
		return read_body(arena, z, in, &h, 4);
	}
	in = (struct slice){in.data + skip, in.len - skip};
	if (!read_header(in, &h))
		return false;
	skip = HEADER_BYTES + body_bytes(&h, 8);
	if (skip + 2 > in.len || in.data[skip] != '\n' ||
	    in.data[in.len - 1] != '\n')
		return false;
	if (in.len - skip > 2 &&
	    !zone_rule_parse(
		(struct slice){in.data + skip + 1, in.len - skip - 2},
		&z->rule))
		return false;
	in.data += HEADER_BYTES;
	return read_body(arena, z, in, &h, 8);
}

static bool
is_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > 100 || name[0] == '/' ||
	    strstr(name, "..") != NULL)
		return false;
	for (; *name != 0; name++)
		if (!(*name >= 'A' && *name <= 'Z') &&
		    !(*name >= 'a' && *name <= 'z') &&
		    !(*name >= '0' && *name <= '9') &&
		    strchr("_+-/", *name) == NULL)
			return false;
	return true;
}

static int
read_file(const char *folder, const char *name, struct buf *out)
{
	char path[400];
	FILE *file;
	size_t n;
	int rc = 0;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (file == NULL)
		return -errno;
	while (
	    rc == 0 && (n = fread(buf_reserve(out, 4096), 1, 4096, file)) > 0) {
		out->len += n;
		if (out->len > FILE_BYTES_MAX)
			rc = -EFBIG;
	}
	if (rc == 0 && ferror(file))
		rc = -EISDIR;
	fclose(file);
	return rc;
}

const struct zone *
zone_load(
    struct arena *arena, const char *folder, const char *name, struct err *err)
{
	struct buf bytes = {0};
	struct zone *z;
	int rc = -ENOENT;

	if (folder == NULL)
		folder = ZONE_FOLDER;
	if (!strcmp(name, "UTC") || !strcmp(name, "Etc/UTC"))
		return &utc;
	if (is_name(name))
		rc = read_file(folder, name, &bytes);
	if (rc == -ENOENT && access(folder, R_OK) != 0) {
		err_set(err, rc, "no zones in %s: install the package tzdata",
		    folder);
	} else if (rc != 0 || bytes.len == 0) {
		err_set(err, -ENOENT, "no zone '%.100s'", name);
	} else {
		z = arena_alloc(arena, sizeof(*z));
		z->name = arena_text(arena, slice_of(name)).data;
		if (read_zone(arena, z, buf_slice(&bytes))) {
			buf_fini(&bytes);
			return z;
		}
		err_set(
		    err, -EBADMSG, "%s/%s is no file of a zone", folder, name);
	}
	buf_fini(&bytes);
	return NULL;
}

/* The third column of zone.tab: "FR +4852+00220 Europe/Paris". */
void
zone_near(const char *folder, const char *name, struct buf *out)
{
	struct buf bytes = {0};
	struct suggest suggest;
	const char *at, *end;

	suggest_start(&suggest, slice_of(name));
	if (read_file(folder != NULL ? folder : ZONE_FOLDER, "zone.tab",
		&bytes) == 0) {
		end = bytes.data + bytes.len;
		for (at = bytes.data; at < end;) {
			const char *line = memchr(at, '\n', (size_t)(end - at));
			const char *stop = line != NULL ? line : end;
			const char *tab = at;

			for (int i = 0; i < 2 && tab != NULL && *at != '#'; i++)
				if ((tab = memchr(tab, '\t',
					 (size_t)(stop - tab))) != NULL)
					tab++;
			if (*at != '#' && tab != NULL) {
				const char *last =
				    memchr(tab, '\t', (size_t)(stop - tab));

				suggest_offer(&suggest,
				    (struct slice){tab,
					(size_t)((last != NULL ? last : stop) -
						 tab)});
			}
			at = stop + 1;
		}
	}
	if (suggest.best.len > 0)
		buf_printf(
		    out, "did you mean '%.*s'?", SLICE_ARG(suggest.best));
	buf_fini(&bytes);
}

static int32_t
offset_at(const struct zone *z, int64_t time_s)
{
	size_t low = 0, high = z->count;

	if (z->rule.there && (z->count == 0 || time_s >= z->at_s[z->count - 1]))
		return zone_rule_offset(&z->rule, time_s);
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (z->at_s[middle] <= time_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? z->first_s : z->offset_s[low - 1];
}

/* Rounded down, before 1970 as well. */
static int64_t
floor_by(int64_t v, int64_t by)
{
	return v / by - (v % by < 0);
}

int64_t
zone_wall(const struct zone *z, int64_t ms)
{
	return ms + offset_at(z, floor_by(ms, 1000)) * INT64_C(1000);
}

/* An offset is less than a day: two guesses from either side of it. */
int64_t
zone_time(const struct zone *z, int64_t wall_ms)
{
	int64_t before =
	    wall_ms - zone_wall(z, wall_ms - DAY_MS) + wall_ms - DAY_MS;
	int64_t after =
	    wall_ms - zone_wall(z, wall_ms + DAY_MS) + wall_ms + DAY_MS;
	int64_t low, high;

	if (zone_wall(z, before) == wall_ms)
		return before;
	if (zone_wall(z, after) == wall_ms)
		return after;
	/* skipped: the moment of the jump lies between the two */
	low = before < after ? before : after;
	high = before < after ? after : before;
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (zone_wall(z, middle) < wall_ms)
			low = middle;
		else
			high = middle;
	}
	return high;
}

int32_t
zone_day(int64_t wall_ms)
{
	return (int32_t)floor_by(wall_ms, DAY_MS);
}

unsigned
zone_weekday(int32_t day)
{
	return (unsigned)(((day + 3) % 7 + 7) % 7);
}
