/*
 * By surgery on known fields, so that everything else keeps its bytes: ids in
 * "id", "id_str", "cid", "rkey", times in "time_us", "createdAt",
 * "created_at", "timestamp_ms", "ts", "seen".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/generator/repeat.h"

#include <ctype.h>
#include <string.h>

#include "bench/generator/stamp.h"
#include "engine/base/buf.h"
#include "engine/base/clock.h"

enum field_kind { FIELD_ID, FIELD_MS, FIELD_US, FIELD_TEXT };

static const struct field {
	const char *name; /* with quotes and colon */
	enum field_kind kind;
} fields[] = {
    {"\"id\":", FIELD_ID}, {"\"id_str\":", FIELD_ID},
    {"\"cid\":", FIELD_ID}, {"\"rkey\":", FIELD_ID},
    {"\"time_us\":", FIELD_US}, {"\"timestamp_ms\":", FIELD_MS},
    {"\"createdAt\":", FIELD_TEXT}, {"\"created_at\":", FIELD_TEXT},
    {"\"ts\":", FIELD_TEXT}, {"\"seen\":", FIELD_TEXT},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

/* A value at ${p}: its bytes without quotes, and where they begin. */
static struct slice
value_at(const char *p, const char *end, bool *quoted)
{
	const char *from;

	while (p < end && *p == ' ')
		p++;
	*quoted = p < end && *p == '"';
	from = p + *quoted;
	for (p = from; p < end && (*quoted ? *p != '"' :
		 isdigit((unsigned char)*p) || *p == '-'); p++)
		;
	return (struct slice){from, (size_t)(p - from)};
}

static bool
read_number(struct slice v, int64_t *n)
{
	int64_t sum = 0;

	if (v.len == 0 || v.len > 19)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		if (!isdigit((unsigned char)v.data[i]))
			return false;
		sum = sum * 10 + v.data[i] - '0';
	}
	*n = sum;
	return true;
}

/* The time of a value in ms; false when it is none. */
static bool
time_of(const struct field *f, struct slice v, int64_t *ms)
{
	if (f->kind == FIELD_TEXT)
		return clock_parse(v, ms);
	if (!read_number(v, ms))
		return false;
	if (f->kind == FIELD_US)
		*ms /= 1000;
	return true;
}

static void
put_time(struct buf *out, const struct field *f, struct slice was, int64_t ms)
{
	if (f->kind == FIELD_US) {
		buf_int(out, ms * 1000);
	} else if (f->kind == FIELD_MS) {
		buf_int(out, ms);
	} else if (isdigit((unsigned char)was.data[0])) {
		buf_utc_milli(out, ms);
	} else {
		stamp_put(out, ms);
	}
}

/* People, places and links keep their ids and birthdays: behind the object
 * of such a name at ${p}, or NULL when there is none. */
static const char *
behind_object(const char *p, const char *end)
{
	static const char *const names[] = {"\"user\":{", "\"author\":{",
	    "\"entities\":{", "\"extended_entities\":{", "\"place\":{"};
	bool inside = false;
	int depth = 0;

	for (size_t i = 0;; i++) {
		size_t n;

		if (i == sizeof(names) / sizeof(names[0]))
			return NULL;
		n = strlen(names[i]);
		if ((size_t)(end - p) > n && !memcmp(p, names[i], n)) {
			p += n - 1;
			break;
		}
	}
	for (; p < end && *p != '\n'; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '"')
			inside = !inside;
		else if (!inside && *p == '{')
			depth++;
		else if (!inside && *p == '}' && --depth == 0)
			return p + 1;
	}
	return p < end ? p : end;
}

/* The field whose name starts at ${p}, or NULL. */
static const struct field *
field_at(const char *p, const char *end)
{
	for (size_t i = 0; i < FIELDS; i++) {
		size_t n = strlen(fields[i].name);

		if ((size_t)(end - p) > n && !memcmp(p, fields[i].name, n))
			return &fields[i];
	}
	return NULL;
}

/* A text gets a suffix; a number must stay one that fits, so it moves on. */
static void
put_id(struct buf *out, struct slice was, bool quoted, unsigned round)
{
	int64_t n;

	if (!quoted && read_number(was, &n)) {
		buf_int(out, n + round);
		return;
	}
	buf_slice_put(out, was);
	if (round > 0)
		buf_printf(out, "r%u", round);
}

/* How the times of a round follow from those of the file: t becomes
 * first + (t - first) stretch / 1000 + shift. */
struct course {
	int64_t first_ms, span_ms; /* of the file; span with a second more */
	int64_t stretch_milli, shift_ms;
};

static int64_t
moved(const struct course *c, int64_t ms)
{
	return c->first_ms + (ms - c->first_ms) * c->stretch_milli / 1000 +
	    c->shift_ms;
}

static void
restamp(struct buf *out, struct slice line, unsigned round,
    const struct course *course)
{
	const char *p = line.data, *end = line.data + line.len;

	while (p < end) {
		const struct field *f = *p == '"' ? field_at(p, end) : NULL;
		const char *behind = *p == '"' ? behind_object(p, end) : NULL;
		bool quoted;
		struct slice v;
		int64_t ms;

		if (behind != NULL) {
			buf_put(out, p, (size_t)(behind - p));
			p = behind;
			continue;
		}
		if (f == NULL) {
			buf_char(out, *p++);
			continue;
		}
		v = value_at(p + strlen(f->name), end, &quoted);
		buf_put(out, p, (size_t)(v.data - p));
		if (v.len > 0 && f->kind == FIELD_ID)
			put_id(out, v, quoted, round);
		else if (v.len > 0 && time_of(f, v, &ms))
			put_time(out, f, v, moved(course, ms));
		else
			buf_slice_put(out, v);
		p = v.data + v.len;
	}
	buf_char(out, '\n');
}

/* From the first to the last time of the file, and a second. */
static void
measure(struct slice all, struct course *course)
{
	int64_t first = TIME_NONE, last = TIME_NONE;

	for (size_t i = 0; i < all.len; i++) {
		const char *p = all.data + i, *end = all.data + all.len;
		const struct field *f = *p == '"' ? field_at(p, end) : NULL;
		const char *behind = *p == '"' ? behind_object(p, end) : NULL;
		bool quoted;
		int64_t ms;

		if (behind != NULL)
			i = (size_t)(behind - all.data) - 1;
		if (behind != NULL || f == NULL || f->kind == FIELD_ID ||
		    !time_of(f, value_at(p + strlen(f->name), end, &quoted),
			&ms))
			continue;
		if (first == TIME_NONE || ms < first)
			first = ms;
		if (last == TIME_NONE || ms > last)
			last = ms;
	}
	course->first_ms = first == TIME_NONE ? 0 : first;
	course->span_ms = first == TIME_NONE ? 0 : last - first + 1000;
}

static void
read_all(FILE *in, struct buf *all)
{
	size_t n;

	do {
		n = fread(buf_reserve(all, 1u << 16), 1, 1u << 16, in);
		all->len += n;
	} while (n > 0);
}

int
repeat_write(FILE *in, FILE *to, unsigned rounds, int64_t over_ms)
{
	struct buf all = {0}, out = {0};
	struct course course;

	read_all(in, &all);
	measure(buf_slice(&all), &course);
	course.stretch_milli = 1000;
	if (course.span_ms > 0 && course.span_ms * rounds < over_ms)
		course.stretch_milli = over_ms * 1000 /
			(course.span_ms * rounds) + 1;
	for (unsigned r = 0; r < rounds; r++) {
		course.shift_ms =
		    course.span_ms * course.stretch_milli / 1000 * r;
		for (size_t i = 0; i < all.len;) {
			const char *line = all.data + i;
			const char *nl = memchr(line, '\n', all.len - i);
			size_t n = nl == NULL ? all.len - i :
						(size_t)(nl - line);

			buf_clear(&out);
			restamp(&out, (struct slice){line, n}, r, &course);
			fwrite(out.data, 1, out.len, to);
			i += n + 1;
		}
	}
	buf_fini(&all);
	buf_fini(&out);
	return fflush(to) != 0 || ferror(to) ? -1 : 0;
}
