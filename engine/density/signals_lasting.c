/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/signals_lasting.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/must.h"

struct signals_open {
	char *name; /* signal, ids of the key and item, a line each */
	int64_t first_minute;
	uint32_t rev; /* of the next message */
	uint8_t level;
	bool told;
};

#define NAME_LINES 5

static void
put_name(struct buf *out, const struct signal_news *n)
{
	const struct key *key = n->key;

	/* The number of the kind, not of the row: rows may move. */
	buf_printf(out, "%d\n%s\n%s\n%s\n", (int)n->kind, key->sector,
	    key->brand == NULL ? "" : key->brand,
	    key->topic == NULL ? "" : key->topic);
	buf_slice_put(out, buf_slice(&n->item));
	buf_char(out, '\0');
}

static struct signals_open *
find(const struct signals_lasting *l, const char *name)
{
	for (uint32_t i = 0; i < l->count; i++)
		if (!strcmp(l->items[i].name, name))
			return &l->items[i];
	return NULL;
}

static struct signals_open *
add(struct signals_lasting *l, const char *name)
{
	struct signals_open *o;
	size_t bytes = strlen(name) + 1;

	if ((l->count & (l->count + 1)) == 0) /* grow at 0, 1, 3, 7, ... */
		l->items = must_grow(l->items,
		    (l->count * 2ul + 1) * sizeof(*l->items));
	o = &l->items[l->count++];
	memset(o, 0, sizeof(*o));
	o->name = must_alloc(bytes);
	memcpy(o->name, name, bytes);
	return o;
}

static void
drop(struct signals_lasting *l, struct signals_open *o)
{
	free(o->name);
	*o = l->items[--l->count];
}

void
signals_lasting_fini(struct signals_lasting *l)
{
	while (l->count > 0)
		drop(l, &l->items[l->count - 1]);
	free(l->items);
	l->items = NULL;
}

static enum signals_said
tell(struct signals_open *o, struct signal_news *n, int64_t minute)
{
	if (!o->told) {
		o->told = true;
		o->first_minute = minute;
	}
	n->first_minute = o->first_minute;
	n->previous_level = o->level;
	n->rev = o->rev++;
	o->level = n->level;
	return SIGNALS_TELL;
}

enum signals_said
signals_lasting_say(struct signals_lasting *l, struct signal_news *n,
    int64_t minute, bool covered)
{
	enum signals_said said;
	struct signals_open *o;
	struct buf name = {0};

	put_name(&name, n);
	o = find(l, name.data);
	if (o == NULL && n->level > 0)
		o = add(l, name.data);
	buf_fini(&name);
	if (o == NULL)
		return SIGNALS_DROP;
	if (n->level > 0)
		return covered ? SIGNALS_ABSORB : tell(o, n, minute);
	said = o->told ? tell(o, n, minute) : SIGNALS_DROP;
	drop(l, o);
	return said;
}

void
signals_lasting_save(const struct signals_lasting *l, struct buf *out)
{
	for (uint32_t i = 0; i < l->count; i++) {
		const struct signals_open *o = &l->items[i];

		buf_printf(out, "%lld %u %u %d\n%s\n",
		    (long long)o->first_minute, o->rev, o->level, o->told,
		    o->name);
	}
}

/* The ${lines} lines at ${from}, without the last newline; SLICE_NONE when
 * there are fewer. */
static struct slice
take_lines(struct slice *from, unsigned lines)
{
	struct slice taken = {from->data, 0};

	for (; from->len > 0; from->data++, from->len--, taken.len++)
		if (*from->data == '\n' && --lines == 0) {
			from->data++;
			from->len--;
			return taken;
		}
	return SLICE_NONE;
}

bool
signals_lasting_load(struct signals_lasting *l, struct slice saved)
{
	while (saved.len > 0) {
		struct slice head = take_lines(&saved, 1);
		struct slice name = take_lines(&saved, NAME_LINES);
		struct signals_open *o;
		unsigned rev, level;
		char line[80], text[512];
		long long first;
		int told;

		if (head.len == 0 || head.len >= sizeof(line) ||
		    name.len == 0 || name.len >= sizeof(text))
			return false;
		memcpy(line, head.data, head.len);
		line[head.len] = '\0';
		if (sscanf(line, "%lld %u %u %d", &first, &rev, &level,
			&told) != 4 || level > 4)
			return false;
		memcpy(text, name.data, name.len);
		text[name.len] = '\0';
		o = add(l, text);
		o->first_minute = first;
		o->rev = rev;
		o->level = (uint8_t)level;
		o->told = told != 0;
	}
	return true;
}
