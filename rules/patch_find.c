/*
 * Which entries of a file have other bytes than before.
 *
 * Both contents are walked side by side.  Where they part lies an entry of
 * the old file; the new one must have an entry of the same name there, and
 * behind both the walk goes on.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/must.h"
#include "rules/patch.h"

/* Compared at once before the place is looked for. */
#define STRIDE 4096u

/* How many bytes are the same from ${a} and ${b} on. */
static size_t
same(struct slice a, struct slice b)
{
	size_t least = a.len < b.len ? a.len : b.len, i = 0;

	while (i + STRIDE <= least &&
	       memcmp(a.data + i, b.data + i, STRIDE) == 0)
		i += STRIDE;
	while (i < least && a.data[i] == b.data[i])
		i++;
	return i;
}

static struct slice
from_byte(struct slice s, size_t from)
{
	return (struct slice){s.data + from, s.len - from};
}

/* The last entry that begins at or before byte ${at}. */
static uint32_t
entry_at(const struct patch_file *f, size_t at)
{
	uint32_t low = 0, high = f->entries_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (f->entries[mid].from <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1; /* UINT32_MAX: none */
}

/* The indentation and the key of the line at ${from}, colon included. */
static struct slice
head_of(struct slice bytes, size_t from)
{
	size_t i = from;

	while (i < bytes.len && bytes.data[i] != '\n' && bytes.data[i] != ':')
		i++;
	return i < bytes.len && bytes.data[i] == ':'
		   ? (struct slice){bytes.data + from, i + 1 - from}
		   : SLICE_NONE;
}

static uint32_t
newlines(struct slice bytes, size_t from, size_t to)
{
	uint32_t n = 0;

	for (size_t i = from; i < to; i++)
		n += bytes.data[i] == '\n';
	return n;
}

static void
add(struct patch *p, struct patch_change change)
{
	if (p->changes_count == p->changes_room) {
		p->changes_room = p->changes_room * 2 + 64;
		p->changes = must_grow(
		    p->changes, p->changes_room * sizeof(*p->changes));
	}
	p->changes[p->changes_count++] = change;
}

bool
patch_find(struct patch *p, uint32_t file)
{
	const struct patch_file *f = &p->base->files[file];
	struct slice old = f->bytes, new = p->bytes[file];
	size_t at = 0, to = 0; /* how far both are walked */
	uint32_t lines = 0;    /* that the new one is ahead, modulo 2^32 */

	for (;;) {
		size_t n = same(from_byte(old, at), from_byte(new, to));
		const struct patch_entry *e;
		struct patch_change *c;
		struct slice head;
		uint32_t i, indent = 0;

		if (at + n == old.len && to + n == new.len)
			return true;
		i = entry_at(f, at + n);
		/* At the very end of the old file its last entry may go on. */
		if (i == UINT32_MAX || f->entries[i].from < at ||
		    (at + n >= f->entries[i].to && at + n < old.len))
			return false;
		e = &f->entries[i];
		to += e->from - at;
		head = head_of(old, e->from);
		if (e->unit == RULES_NONE || head.data == NULL ||
		    new.len - to < head.len ||
		    memcmp(new.data + to, head.data, head.len) != 0)
			return false;
		while (head.data[indent] == ' ')
			indent++;
		at = e->to;
		add(p, (struct patch_change){file, i, (uint32_t)to,
			   patch_extent(new, (uint32_t)to, indent),
			   e->line + lines, 0});
		c = &p->changes[p->changes_count - 1];
		c->lines = newlines(new, to, c->to) -
			   newlines(old, e->from, e->to);
		lines += c->lines;
		to = c->to;
	}
}
