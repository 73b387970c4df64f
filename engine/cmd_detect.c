/*
 * vigie detect: score a CSV of timestamp,value with the burst detector.
 *
 * One update per row, streaming, nothing is looked up ahead.  A row that
 * cannot be read is said with its place and skipped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "engine/base/mathx.h"
#include "engine/density/detector.h"
#include "engine/options.h"

#define READ_BYTES (64u << 10)
#define ROWS_SAID 5u /* bad rows that are shown; all are counted */
#define BUCKET_MS INT64_C(300000)

struct table {
	const char *path;
	unsigned long line, rows, bad; /* rows: of all kinds */
	char comma;                    /* what stands between two cells */
	unsigned long uneven, uneven_line; /* not 5 minutes later; the first */
	int64_t last_ms;                   /* of the last row, or TIME_NONE */
	struct detector detector;
	struct buf out;
};

/* "2015-02-26 21:42:53" is read as UTC; a fraction is legal. */
static bool
stamp_is_time(struct slice stamp, int64_t *ms)
{
	char text[48];

	if (stamp.len < 19 || stamp.len + 2 > sizeof(text))
		return false;
	memcpy(text, stamp.data, stamp.len);
	text[stamp.len] = 'Z';
	if (text[10] == ' ') {
		text[10] = 'T';
		return clock_parse((struct slice){text, stamp.len + 1}, ms);
	}
	return clock_parse(stamp, ms) ||
	    clock_parse((struct slice){text, stamp.len + 1}, ms);
}

static void
bad_row(struct table *t, size_t column, const char *why)
{
	if (t->bad++ < ROWS_SAID)
		fprintf(stderr, "%s:%lu:%zu: error: %s\n", t->path, t->line,
		    column, why);
}

static void
row(struct table *t, struct slice stamp, char *value)
{
	struct detector_answer answer;
	char *end, *point = strchr(value, ',');
	double amount;
	int64_t score, ms;

	/* Where a semicolon parts cells a comma parts decimals. */
	if (t->comma != ',' && point != NULL)
		*point = '.';
	amount = strtod(value, &end);
	if (!stamp_is_time(stamp, &ms)) {
		bad_row(t, 1,
		    "not a time; wanted YYYY-MM-DD HH:MM:SS or RFC 3339");
		return;
	}
	/* strtod() also reads hexadecimals, and blanks before a number. */
	if (end == value || *end != '\0' || !isfinite(amount) || amount < 0 ||
	    value[strspn(value, "0123456789.eE+-")] != '\0') {
		bad_row(t, stamp.len + 2, "not a count of 0 or more");
		return;
	}
	if (t->last_ms != TIME_NONE && ms - t->last_ms != BUCKET_MS &&
	    t->uneven++ == 0)
		t->uneven_line = t->line;
	t->last_ms = ms;
	answer = detector_tick(&t->detector, amount);
	score = answer.rings ? answer.s_micro : 0;
	buf_slice_put(&t->out, stamp);
	buf_char(&t->out, ',');
	buf_text(&t->out, value);
	buf_char(&t->out, ',');
	buf_fixed(&t->out, score, 6, 6);
	buf_text(&t->out, score >= DETECTOR_RARE_MICRO ? ",1\n" : ",0\n");
}

/* R and spreadsheets put cells in quotes; no time and no count holds one. */
static void
drop_quotes(char *text)
{
	char *out = text;

	for (; *text != '\0'; text++)
		if (*text != '"')
			*out++ = *text;
	*out = '\0';
}

/* timestamp,value or timestamp,count; semicolons, which Excel writes where
 * commas part decimals, and tabs are as good.  False: no such header. */
static bool
header(struct table *t, const char *text)
{
	const size_t n = strlen("timestamp");

	if (!strncmp(text, "\xef\xbb\xbf", 3))
		text += 3;
	if (!strncmp(text, "timestamp", n) && text[n] != '\0' &&
	    strchr(",;\t", text[n]) != NULL &&
	    (!strcmp(text + n + 1, "value") ||
		!strcmp(text + n + 1, "count"))) {
		t->comma = text[n];
		return true;
	}
	fprintf(stderr, "%s:1:1: error: no header\n"
	    "help: the first line must be timestamp,value or timestamp,count; "
	    "semicolons or tabs will do\n", t->path);
	return false;
}

/* One line of the file, its end already cut; false: no such header. */
static bool
line(struct table *t, char *text)
{
	char *comma;

	t->line++;
	if (strchr(text, '"') != NULL)
		drop_quotes(text);
	if (t->line == 1)
		return header(t, text);
	if (text[0] == '\0')
		return true;
	t->rows++;
	comma = strchr(text, t->comma);
	if (comma == NULL) {
		bad_row(t, 1, t->comma == ',' ?
		    "one column; wanted timestamp,value" :
		    "one column; wanted what the first line has between two");
		return true;
	}
	row(t, (struct slice){text, (size_t)(comma - text)}, comma + 1);
	return true;
}

/* The whole lines among the bytes read so far; at the end also a last one
 * without a newline.  False when the file is refused. */
static bool
lines(struct table *t, struct buf *in, bool end)
{
	size_t at = 0;

	while (at < in->len) {
		char *text = in->data + at;
		char *newline = memchr(text, '\n', in->len - at);
		size_t n = newline != NULL ? (size_t)(newline - text) :
					     in->len - at;

		if (newline == NULL && !end)
			break;
		at += n + (newline != NULL);
		if (n > 0 && text[n - 1] == '\r')
			n--;
		text[n] = '\0';
		if (!line(t, text))
			return false;
	}
	memmove(in->data, in->data + at, in->len - at);
	in->len -= at;
	return true;
}

static int
refuse(const struct table *t, const char *why)
{
	fprintf(stderr, "vigie detect: %s: %s\n", t->path, why);
	return EXIT_FOUND;
}

/* What has been read is answered before more is read. */
static int
read_table(struct table *t, int fd)
{
	struct buf in = {0};
	int rc = EXIT_DONE;
	ssize_t n = 1;

	buf_text(&t->out, "timestamp,value,score,level\n");
	while (rc == EXIT_DONE && n > 0) {
		n = read(fd, buf_reserve(&in, READ_BYTES + 1), READ_BYTES);
		if (n < 0 && errno == EINTR) {
			n = 1;
			continue;
		}
		in.len += n > 0 ? (size_t)n : 0;
		if (n < 0)
			rc = refuse(t, strerror(errno));
		else if (!lines(t, &in, n == 0))
			rc = EXIT_FOUND;
		else if (in.len > LINE_BYTES_MAX)
			rc = refuse(t, "a line is longer than 1 MiB");
		else if (t->line > 0 &&
		    (fwrite(t->out.data, 1, t->out.len, stdout) !=
			    t->out.len || fflush(stdout) != 0))
			rc = refuse(t, "cannot write the result");
		if (t->line > 0)
			buf_clear(&t->out);
	}
	if (rc == EXIT_DONE && t->line == 0)
		rc = refuse(t, "empty");
	if (t->bad > 0 && t->bad < t->rows)
		fprintf(stderr, "%s: %lu of %lu rows skipped\n", t->path,
		    t->bad, t->rows);
	if (rc == EXIT_DONE && t->bad > 0 && t->bad == t->rows)
		rc = refuse(t, t->rows == 1 ?
		    "its only row could not be read, nothing is scored" :
		    "none of its rows could be read, nothing is scored");
	if (t->uneven > 0)
		fprintf(stderr,
		    "%s: %lu row%s not 5 minutes after the one before, first "
		    "in line %lu: each is one step all the same, gaps are not "
		    "filled and nothing is sorted\n", t->path, t->uneven,
		    t->uneven == 1 ? " is" : "s are", t->uneven_line);
	buf_fini(&in);
	return rc;
}

/* The constants of the detector are those of five minutes a tick. */
static int
check_bucket(const char *bucket)
{
	if (bucket == NULL || !strcmp(bucket, "5m") || !strcmp(bucket, "300s"))
		return 0;
	fprintf(stderr, "vigie detect: --bucket %s: the detector is made and "
	    "measured for 5m\nhelp: sum the counts of 5 minutes first\n",
	    bucket);
	return EXIT_MISUSE;
}

int
cmd_detect(struct options *o)
{
	struct table t = {.path = "-", .last_ms = TIME_NONE};
	int fd = STDIN_FILENO;
	int rc = check_bucket(o->bucket);

	if (rc == 0 && o->args_count > 1) {
		fprintf(stderr, "vigie detect: one file at a time\n");
		rc = EXIT_MISUSE;
	}
	if (rc != 0)
		return rc;
	if (o->args_count == 1 && strcmp(o->args[0], "-")) {
		t.path = o->args[0];
		fd = open(t.path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return refuse(&t, strerror(errno));
	}
	rc = read_table(&t, fd);
	if (fd != STDIN_FILENO)
		close(fd);
	buf_fini(&t.out);
	return rc;
}
