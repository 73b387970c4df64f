/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/decode_laid.h"

#include "engine/base/must.h"

static enum decode_result
read_all(struct decode_laid *l, struct json_walk *w, struct post *post,
    bool *cut)
{
	const struct decode_format *known = json_stencil_format(&l->under);
	enum decode_result result;

	w->laid = &l->under;
	w->result = DECODE_POST;
	post_clear(post);
	result = known->known(NULL, w, post, cut);
	w->laid = NULL;
	return result;
}

/* What a post that says nothing to anybody is asked for. */
static enum decode_result
read_early(struct decode_laid *l, struct json_walk *w, struct post *post)
{
	const struct decode_format *known = json_stencil_format(&l->under);
	enum decode_result result;

	w->laid = &l->under;
	w->result = DECODE_POST;
	post->title = post->text = SLICE_NONE;
	post->ts_ms = post->seen_ms = post->event_ms = TIME_NONE;
	post->deleted = false;
	result = known->early(w, post);
	w->laid = NULL;
	return result;
}

bool
decode_laid_next(struct decode_laid *l, struct json_walk *w, const char *line,
    const char *end, const void *asked, struct post *post, bool *cut,
    enum decode_result *result)
{
	char *scratch = w->scratch;

	if (!json_stencil_lay(l->stencils, line, end, asked, &l->under))
		return false;
	l->scratch = scratch;
	l->left = l->spare && json_stencil_glance(&l->under);
	*result = l->left ? read_early(l, w, post) : read_all(l, w, post, cut);
	if (__builtin_expect(w->result == DECODE_POST, 1))
		return true;
	w->scratch = scratch;
	*cut = false;
	l->left = false;
	return false;
}

void
decode_laid_rest(struct decode_laid *l, struct json_walk *w, struct post *post)
{
	int64_t event_ms = post->event_ms;
	enum decode_result result;
	bool cut = false;

	if (!l->left)
		return;
	l->left = false;
	l->under.part = LAID_ALL;
	w->scratch = l->scratch; /* the text is put where it was */
	result = read_all(l, w, post, &cut);
	REQUIRE(result == DECODE_POST && w->result == DECODE_POST);
	post->event_ms = event_ms;
}

void
decode_laid_name(struct decode_laid *l, struct json_walk *w, struct post *post)
{
	const struct decode_format *known;

	if (!l->left)
		return;
	post->id = SLICE_NONE;
	if (json_stencil_name(&l->under)) {
		known = json_stencil_format(&l->under);
		w->laid = &l->under;
		known->name(w, post);
		w->laid = NULL;
	}
	if (post->id.data == NULL)
		decode_laid_rest(l, w, post);
}
