/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/state/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/state/state_parts.h"

#define KEY_CHECK "key.check"
#define KEY_DIGITS ((size_t)2 * PSEUDONYM_KEY_BYTES)

int64_t
state_tick_ms(const struct state *s)
{
	return s->clock.tick_ns(s->clock.self) / 1000000;
}

static int
lock(struct state *s, struct err *err)
{
	char path[4096], pid[32] = "";
	ssize_t n;

	if (mkdir(s->folder, 0700) != 0 && errno != EEXIST)
		return err_set(err, -errno, "cannot make state_dir %s: %s",
		    s->folder, strerror(errno));
	snprintf(path, sizeof(path), "%s/lock", s->folder);
	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock < 0)
		return err_set(err, -errno, "cannot open %s: %s", path,
		    strerror(errno));
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0) {
		int rc = -errno;

		n = pread(s->lock, pid, sizeof(pid) - 1, 0);
		pid[n > 0 ? n - 1 : 0] = '\0';
		return err_set(err, rc,
		    "state_dir %s is in use by another vigie (process %s); "
		    "two engines cannot share it", s->folder,
		    pid[0] != '\0' ? pid : "unknown");
	}
	n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	/* For people only: the lock is what counts, on a full disk too. */
	if (ftruncate(s->lock, 0) != 0 ||
	    pwrite(s->lock, pid, (size_t)n, 0) != n)
		log_warn("state", "cannot write %s: %s", path,
		    strerror(errno));
	return 0;
}

static int
digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

static bool
parse_key(struct slice text, unsigned char *key)
{
	if (text.len < KEY_DIGITS)
		return false;
	for (size_t i = 0; i < PSEUDONYM_KEY_BYTES; i++) {
		int high = digit(text.data[2 * i]);
		int low = digit(text.data[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		key[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

static int
make_key(struct state *s, struct err *err)
{
	struct buf text = {0};
	int rc;

	pseudonym_key_random(s->key);
	for (size_t i = 0; i < sizeof(s->key); i++)
		buf_printf(&text, "%02x", s->key[i]);
	buf_char(&text, '\n');
	rc = disk_replace(&s->disk, s->folder, "key", buf_slice(&text), err);
	buf_fini(&text);
	return rc;
}

/* That of the configuration, else the one that lies here. */
static int
take_key(struct state *s, const unsigned char *key, struct err *err)
{
	struct buf text = {0};
	char path[4096];
	int rc;

	if (key != NULL) {
		memcpy(s->key, key, sizeof(s->key));
		return 0;
	}
	snprintf(path, sizeof(path), "%s/key", s->folder);
	rc = disk_read(path, 4096, &text, err);
	if (rc == -ENOENT)
		rc = make_key(s, err);
	else if (rc == 0 && !parse_key(buf_slice(&text), s->key))
		rc = err_set(err, -EINVAL,
		    "%s is no key: 64 hexadecimal digits; without it the "
		    "pseudonyms of before mean nothing", path);
	buf_fini(&text);
	return rc;
}

/* What the key that everything here was written under makes of a word; "" in
 * ${hex} when there is nothing yet. */
static int
read_check(const struct state *s, char hex[PSEUDONYM_HEX + 1],
    struct err *err)
{
	struct buf text = {0};
	char path[4096];
	int rc;

	hex[0] = '\0';
	snprintf(path, sizeof(path), "%s/" KEY_CHECK, s->folder);
	rc = disk_read(path, 4096, &text, err);
	if (rc == 0)
		snprintf(hex, PSEUDONYM_HEX + 1, "%.*s", (int)text.len,
		    text.data);
	buf_fini(&text);
	return rc == -ENOENT ? 0 : rc;
}

/* Accounts and authors of before would be strangers under another key. */
static int
settle_key(struct state *s, const unsigned char *key, struct err *err)
{
	char was[PSEUDONYM_HEX + 1], is[PSEUDONYM_HEX + 1] = "", path[4096];
	int rc = read_check(s, was, err);

	snprintf(path, sizeof(path), "%s/key", s->folder);
	/* None is made where one is lost. */
	if (rc == 0 && (was[0] == '\0' || key != NULL ||
			   access(path, F_OK) == 0)) {
		rc = take_key(s, key, err);
		pseudonym_author(s->key, SLICE(KEY_CHECK), is);
	}
	if (rc != 0 || strcmp(was, is) == 0)
		return rc;
	if (was[0] != '\0')
		return err_set(err, -EINVAL,
		    "state_dir %s was written under another key than %s; give "
		    "it that key again, or name another state_dir; nothing was "
		    "changed", s->folder,
		    key != NULL ? "key: of the configuration" : path);
	return disk_replace(&s->disk, s->folder, KEY_CHECK, slice_of(is), err);
}

static struct frames *
open_log(struct state *s, const char *name, uint64_t file_bytes,
    struct err *err)
{
	char folder[4096];
	struct frames_options o = {.disk = &s->disk, .folder = folder,
	    .kind = name, .version = 1, .file_bytes = file_bytes,
	    .counters = s->counters};

	snprintf(folder, sizeof(folder), "%s/%s", s->folder, name);
	return frames_open(&o, err);
}

static int
open_logs(struct state *s, struct err *err)
{
	s->posts = open_log(s, RECENT_KIND, FRAMES_FILE_BYTES, err);
	if (s->posts != NULL)
		s->entries = open_log(s, JOURNAL_KIND, FRAMES_FILE_BYTES, err);
	if (s->entries != NULL)
		s->cursors = open_log(s, "spool", SPOOL_FILE_BYTES, err);
	if (s->cursors != NULL)
		s->rows = open_log(s, SERIES_KIND, FRAMES_FILE_BYTES, err);
	return s->rows != NULL ? 0 : -1;
}

void
state_start_put(struct state *s, int64_t minute, uint64_t frame)
{
	struct state_start *last = s->starts_count == 0 ? NULL :
	    &s->starts[s->starts_count - 1];

	if (last != NULL && minute <= last->minute)
		return;
	if (s->starts_count == STATE_STARTS) {
		s->starts_count--;
		memmove(s->starts, s->starts + 1,
		    s->starts_count * sizeof(*s->starts));
	}
	s->starts[s->starts_count++] = (struct state_start){minute, frame};
}

uint64_t
state_tables(struct state *s, int64_t minute)
{
	uint32_t old = 0;

	while (old + 1 < s->starts_count &&
	    s->starts[old + 1].minute <= minute - WINDOW_MINUTES)
		old++;
	s->starts_count -= old;
	memmove(s->starts, s->starts + old,
	    s->starts_count * sizeof(*s->starts));
	return s->starts_count == 0 ? frames_next(s->posts) :
				      s->starts[0].frame;
}

/* An event: the frame that it is in has the number of the next. */
static void
note_time(struct state *s, int64_t now_ms)
{
	state_start_put(s, now_ms / MINUTE_MS, frames_next(s->posts));
	s->now_ms = now_ms;
}

void
state_delete(struct state *s, uint64_t id_key)
{
	if (s->deleted.count < DELETES_MAX)
		s->deleted.ids[s->deleted.count++] = id_key;
	else
		counters_bump(s->counters, deletes_forgotten_total);
}

static void
on_post(void *self, const struct keys *keys, const struct recent_post *post)
{
	struct state *s = self;

	if (s->learning)
		return;
	note_time(s, post->now_ms);
	recent_put(s->recent, keys, post);
	if (post->record->flags & RECORD_DELETED)
		state_delete(s, post->record->id_key);
}

static void
on_clock(void *self, int64_t now_ms)
{
	struct state *s = self;

	if (s->learning)
		return;
	note_time(s, now_ms);
	recent_clock(s->recent, now_ms);
}

static void
on_tick(void *self, int64_t minute, struct keys *keys,
    const struct voices *voices)
{
	struct state *s = self;

	series_tick(s->series, minute, keys, voices);
}

static void
on_renamed(void *self)
{
	struct state *s = self;

	recent_renamed(s->recent);
	/* Norms of before would judge what follows by the wrong names. */
	s->saved_minute = INT64_MIN / 2;
}

struct state *
state_open(const struct state_options *o, struct err *err)
{
	struct state *s = must_alloc(sizeof(*s));

	s->folder = strdup(o->folder);
	REQUIRE(s->folder != NULL);
	s->lock = -1;
	s->disk = o->disk != NULL ? *o->disk : disk_system();
	s->clock = o->clock;
	s->counters = o->counters;
	s->norms_gap_ms = o->norms_gap_ms;
	s->saved_minute = INT64_MIN / 2;
	s->saved_tick_ms = INT64_MIN / 2;
	s->now_ms = TIME_NONE;
	if (lock(s, err) != 0 || settle_key(s, o->key, err) != 0 ||
	    open_logs(s, err) != 0) {
		state_close(s);
		return NULL;
	}
	s->pseudonym = pseudonym_new(s->key);
	s->recent = recent_new(s->posts, s->pseudonym);
	s->series = series_new(s->rows);
	s->tap = (struct judge_tap){on_post, on_clock, on_tick, on_renamed,
	    s};
	return s;
}

void
state_close(struct state *s)
{
	if (s == NULL)
		return;
	recent_free(s->recent);
	series_free(s->series);
	pseudonym_free(s->pseudonym);
	frames_close(s->posts);
	frames_close(s->entries);
	frames_close(s->cursors);
	frames_close(s->rows);
	buf_fini(&s->norms);
	buf_fini(&s->flight.norms);
	buf_fini(&s->cases);
	buf_fini(&s->flight.cases);
	buf_fini(&s->spool);
	buf_fini(&s->spool_said);
	if (s->lock >= 0)
		close(s->lock);
	free(s->folder);
	free(s);
}

void
state_counters(struct state *s, struct counters *c)
{
	s->counters = c;
}

const unsigned char *
state_key(const struct state *s)
{
	return s->key;
}

void
state_judge(struct state *s, struct judge_options *options)
{
	_Static_assert(EVIDENCE_KEY_BYTES == PSEUDONYM_KEY_BYTES, "one key");
	memcpy(options->author_key, s->key, sizeof(s->key));
	options->pseudonym = s->pseudonym;
	options->tap = &s->tap;
}

void
state_learn(struct state *s)
{
	s->learning = true;
}

void
state_journal(struct state *s, struct journal *journal)
{
	journal_file(journal, s->entries, s->clock);
}
