/*
 * Who has each alert, over a restart: what was saved of it beside the norms,
 * then the later entries of the journal.  Without the saved part the whole
 * journal is read: it is the truth.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/log.h"
#include "engine/base/pack.h"
#include "engine/state/state_parts.h"

#define MAGIC "VIGIELIF"
#define VERSION 2u
#define CASES_BYTES_MAX (UINT64_C(1) << 30)

void
state_desk_save(struct state *s, const struct judge *judge)
{
	struct buf *out = &s->cases;
	struct buf body = {0};

	buf_clear(out);
	buf_text(out, MAGIC);
	pack_u32(out, VERSION);
	pack_uint(out, frames_next(s->entries));
	pack_uint(out, judge_next_seq(judge));
	desk_save(s->desk, &body);
	pack_text(out, buf_slice(&body));
	buf_fini(&body);
	pack_u64(out, XXH3_64bits(out->data, out->len));
	s->cases_due = true;
}

void
state_keep(struct state *s, struct desk *desk)
{
	s->desk = desk;
}

/* ${next}: the entry from which the journal is to be read.  False: ${file} is
 * none, and all of the journal is. */
static bool
load(struct state *s, struct desk *desk, struct slice file, uint64_t *next)
{
	struct unpack in, sum;
	struct slice body;
	uint64_t told;

	if (file.len < 20 || memcmp(file.data, MAGIC, 8) != 0)
		return false;
	sum = unpack_of((struct slice){file.data + file.len - 8, 8});
	file.len -= 8;
	if (XXH3_64bits(file.data, file.len) != unpack_u64(&sum))
		return false;
	in = unpack_of((struct slice){file.data + 8, file.len - 8});
	if (unpack_u32(&in) != VERSION)
		return false;
	*next = unpack_uint(&in);
	told = unpack_uint(&in);
	body = unpack_text(&in);
	/* Entries that it knows were lost: it knows too much. */
	if (!unpack_over(&in) || *next > frames_next(s->entries) ||
	    !desk_load(desk, body))
		return false;
	s->told = told;
	return true;
}

struct reading {
	struct state *state;
	struct desk *desk;
	uint64_t from, end, damaged;
};

static bool
see_entry(void *self, uint64_t number, struct slice payload)
{
	struct reading *r = self;
	struct journal_entry entry;

	if (number < r->from || number >= r->end)
		return true;
	if (!journal_parse(number, payload, &entry)) {
		r->damaged++;
		return true;
	}
	desk_replay(r->desk, &entry);
	if (slice_is(entry.kind, "alert")) {
		struct unpack note = unpack_of(entry.note);

		r->state->told = unpack_uint(&note) + 1;
	}
	return true;
}

/* When this journal began: with a number it makes an id for ever. */
static int
take_born(struct state *s, struct desk *desk, struct err *err)
{
	struct buf text = {0};
	char path[4096];
	int64_t ms = 0;
	int rc;

	snprintf(path, sizeof(path), "%s/born", s->folder);
	rc = disk_read(path, 64, &text, err);
	if (rc == 0) {
		buf_char(&text, '\0');
		ms = strtoll(text.data, NULL, 10);
	}
	if (rc == -ENOENT || (rc == 0 && ms <= 0)) {
		ms = clock_now(&s->clock);
		buf_clear(&text);
		buf_printf(&text, "%" PRId64 "\n", ms);
		rc = disk_replace(
		    &s->disk, s->folder, "born", buf_slice(&text), err);
	}
	buf_fini(&text);
	desk_born(desk, ms);
	return rc;
}

int
state_desk(struct state *s, struct desk *desk, struct err *err)
{
	struct reading r = {.state = s, .desk = desk,
	    .end = frames_next(s->entries)};
	struct buf file = {0};
	char path[4096];
	int rc;

	snprintf(path, sizeof(path), "%s/lifecycle", s->folder);
	rc = disk_read(path, CASES_BYTES_MAX, &file, err);
	if (rc == 0 && !load(s, desk, buf_slice(&file), &r.from)) {
		log_warn("state", "%s cannot be used; the whole "
				  "journal is read instead", path);
		r.from = 0;
	}
	buf_fini(&file);
	if (rc == -ENOENT)
		rc = 0;
	if (r.from < frames_first(s->entries))
		r.from = frames_first(s->entries);
	if (rc == 0 && r.from < r.end)
		rc = frames_read(s->entries, r.from, see_entry, &r, err);
	if (r.damaged > 0)
		log_error("state", "%" PRIu64 " damaged entries of the journal "
				   "were left out", r.damaged);
	return rc == 0 ? take_born(s, desk, err) : rc;
}
