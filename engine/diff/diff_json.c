/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "engine/diff/diff.h"
#include "engine/emit.h"

static void
put_examples(struct buf *out, const struct diff_row *row, enum diff_side side)
{
	for (uint32_t i = 0; i < row->examples_count[side]; i++) {
		const struct diff_example *e = &row->examples[side][i];

		buf_printf(out, "%s{\"id\":%.*s,\"text\":", i > 0 ? "," : "",
		    SLICE_ARG(buf_slice(&e->id)));
		buf_json(out, buf_slice(&e->text));
		buf_text(out, ",\"spans\":[");
		for (uint32_t k = 0; k < e->spans_count; k++)
			buf_printf(out, "%s[%u,%u]", k > 0 ? "," : "",
			    e->spans[k].start, e->spans[k].end);
		buf_text(out, "],\"score\":[");
		emit_milli(out, e->score_milli[DIFF_OLD]);
		buf_char(out, ',');
		emit_milli(out, e->score_milli[DIFF_NEW]);
		buf_text(out, "]}");
	}
}

static void
put_rows(struct buf *out, const struct diff *d)
{
	bool any = false;

	buf_printf(out, "\"posts\":{\"read\":%" PRIu64 ",\"before\":%" PRIu64
	    ",\"after\":%" PRIu64 ",\"appeared\":%" PRIu64
	    ",\"vanished\":%" PRIu64 ",\"score_up\":%" PRIu64
	    ",\"score_down\":%" PRIu64 "},\"entries\":[",
	    d->posts, d->matched[DIFF_OLD], d->matched[DIFF_NEW],
	    d->changed[DIFF_NEW], d->changed[DIFF_OLD], d->score_up,
	    d->score_down);
	for (uint32_t i = 0; i < d->rows.count; i++) {
		const struct diff_row *row = &d->rows.rows[i];

		if (row->changed[DIFF_OLD] + row->changed[DIFF_NEW] == 0 &&
		    row->in[DIFF_OLD] == row->in[DIFF_NEW])
			continue;
		buf_text(out, any ? "," : "");
		any = true;
		buf_text(out, "{\"entry\":");
		buf_json(out, slice_of(row->name));
		buf_printf(out, ",\"in\":[%s,%s],\"before\":%" PRIu64
		    ",\"after\":%" PRIu64 ",\"appeared\":%" PRIu64
		    ",\"vanished\":%" PRIu64 ",\"appeared_examples\":[",
		    row->in[DIFF_OLD] ? "true" : "false",
		    row->in[DIFF_NEW] ? "true" : "false", row->hits[DIFF_OLD],
		    row->hits[DIFF_NEW], row->changed[DIFF_NEW],
		    row->changed[DIFF_OLD]);
		put_examples(out, row, DIFF_NEW);
		buf_text(out, "],\"vanished_examples\":[");
		put_examples(out, row, DIFF_OLD);
		buf_text(out, "]}");
	}
	buf_text(out, "],");
}

static void
put_episode(struct buf *out, const char *key, const struct diff_episode *e)
{
	buf_printf(out, ",\"%s\":", key);
	if (e == NULL) {
		buf_text(out, "null");
		return;
	}
	buf_printf(out, "{\"id\":\"%s\",\"level\":%u,\"messages\":%u,"
	    "\"first\":", e->id, (unsigned)e->level, e->messages);
	buf_json_time(out, e->first_ms);
	buf_member_time(out, "last", e->last_ms);
	buf_char(out, '}');
}

static void
put_alerts(struct buf *out, const struct diff *d)
{
	static const char *const what[] = {"appears", "vanishes", "moves"};

	buf_text(out, "\"alerts\":[");
	for (size_t i = 0; i < d->alerts.changes_count; i++) {
		const struct diff_alert *c = &d->alerts.changes[i];
		const struct diff_episode *e = c->at[c->at[DIFF_NEW] != NULL];

		buf_printf(out, "%s{\"what\":\"%s\",\"kind\":\"%s\"",
		    i > 0 ? "," : "", what[c->what], alert_kind_name(e->kind));
		buf_member_text(out, "sector", e->sector);
		buf_member_text(out, "brand", e->brand);
		buf_member_text(out, "topic", e->topic);
		if (c->what == DIFF_MOVES)
			buf_printf(
			    out, ",\"minutes_later\":%" PRId64, c->minutes);
		put_episode(out, "before", c->at[DIFF_OLD]);
		put_episode(out, "after", c->at[DIFF_NEW]);
		buf_char(out, '}');
	}
	buf_printf(out, "],\"alerts_same\":%" PRIu64
	    ",\"alerts_not_compared\":%" PRIu64 ",",
	    d->alerts.same, d->alerts.cut);
}

void
diff_json(const struct diff *d, bool french, struct buf *out)
{
	struct buf words = {0};

	diff_words(d, french, &words);
	buf_printf(out, "{\"differs\":%s,",
	    diff_differs(d) ? "true" : "false");
	if (d->with_posts)
		put_rows(out, d);
	if (d->with_alerts)
		put_alerts(out, d);
	buf_text(out, "\"summary\":");
	buf_json(out, buf_slice(&words));
	buf_text(out, "}\n");
	buf_fini(&words);
}
