/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/evidence.h"

#include "engine/density/evidence_slots.h"
#include "engine/pseudonym.h"

static const char *const role_names[ROLES] = {"first", "widest_reach",
    "most_harmful", "most_copied", "latest"};
static const char *const kind_names[] = {"post", "reply", "repost", "quote",
    "comment", "article", "review"};

#define DEPTH EVIDENCE_DEPTH
#define EVIDENCE_LEAST 3u  /* shown, as far as there are as many */

void
evidence_forget(struct evidence *e, uint64_t id_key)
{
	for (unsigned slot = 0; slot < EVIDENCE_SLOTS; slot++) {
		struct view v = evidence_view(e, slot);

		if (v.kept == NULL || v.id_key != id_key)
			continue;
		evidence_let_go(e, slot);
		evidence_note(e, slot);
	}
}

static void
member(struct buf *out, const char *name, const struct view *post,
    struct part part)
{
	if (part.len == 0)
		return;
	buf_char(out, '"');
	buf_text(out, name);
	buf_text(out, "\":");
	buf_json(out, (struct slice){post->kept->text + part.at, part.len});
	buf_char(out, ',');
}

static void
author_member(struct buf *out, const struct view *post,
    struct pseudonym *authors)
{
	const struct record *r = &post->kept->record;
	struct slice text = {post->kept->text + r->author.at, r->author.len};

	if (text.len == 0)
		return;
	if (!(r->flags & RECORD_KEYED))
		text = (struct slice){pseudonym_digits(authors, r->author_key,
					  text), PSEUDONYM_HEX};
	buf_text(out, "\"author\":\"");
	buf_slice_put(out, text);
	buf_text(out, "\",");
}

static void
encode_post(struct buf *out, const struct view *post, enum role role,
    struct pseudonym *authors)
{
	const struct record *r = &post->kept->record;

	buf_text(out, "{\"why\":\"");
	buf_text(out, role_names[role]);
	buf_text(out, "\",");
	member(out, "id", post, r->id);
	member(out, "source", post, r->source);
	buf_text(out, "\"ts\":\"");
	buf_utc(out, post->t_ms);
	buf_text(out, "\",\"kind\":\"");
	buf_text(out, kind_names[r->kind]);
	buf_text(out, "\",");
	author_member(out, post, authors);
	if (r->followers != POST_UNKNOWN)
		buf_printf(out, "\"followers\":%llu,",
		    (unsigned long long)r->followers);
	member(out, "lang", post, r->lang);
	member(out, "url", post, r->url);
	buf_text(out, "\"harm\":");
	buf_fixed(out, post->blame, 6, 6);
	buf_text(out, ",\"text\":");
	buf_json(out, (struct slice){post->kept->text + r->text.at,
			  r->text.len});
	buf_char(out, '}');
}

/* What is shown, in order of time. */
struct selection {
	struct view posts[EVIDENCE_MAX];
	enum role roles[EVIDENCE_MAX];
	unsigned count;
};

/* Whether ${post} may stand beside what was chosen. */
static bool
is_new(const struct selection *s, const struct view *post, int64_t minute,
    uint32_t least)
{
	if (post->kept == NULL || evidence_is_old(post->t_ms, minute) ||
	    post->blame < least)
		return false;
	for (unsigned i = 0; i < s->count; i++)
		if (evidence_is_alike(post, &s->posts[i]))
			return false;
	return true;
}

/* The slot of the best post of ${role} that was not chosen for another, or
 * EVIDENCE_NONE. */
static unsigned
best_of(const struct evidence *e, enum role role, const struct selection *s,
    int64_t minute, uint32_t least)
{
	struct view best = {.kept = NULL};
	unsigned at = EVIDENCE_NONE;

	for (unsigned i = 0; i < DEPTH; i++) {
		struct view post = evidence_view(e, evidence_slot(role, i));

		if (!is_new(s, &post, minute, least) ||
		    (at != EVIDENCE_NONE &&
			!evidence_is_weaker(role, &best, &post)))
			continue;
		best = post;
		at = evidence_slot(role, i);
	}
	return at;
}

static void
choose(struct selection *s, const struct view *post, enum role role)
{
	unsigned at = s->count++;

	while (at > 0 && s->posts[at - 1].t_ms > post->t_ms) {
		s->posts[at] = s->posts[at - 1];
		s->roles[at] = s->roles[at - 1];
		at--;
	}
	s->posts[at] = *post;
	s->roles[at] = role;
}

static bool
has_role(const struct selection *s, enum role role)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->roles[i] == role)
			return true;
	return false;
}

static void
choose_roles(struct selection *s, const struct evidence *e, int64_t minute,
    uint32_t least, unsigned most)
{
	for (enum role role = 0; role < ROLES && s->count < most; role++) {
		struct view post;
		unsigned slot;

		if (has_role(s, role))
			continue;
		slot = best_of(e, role, s, minute, least);
		if (slot == EVIDENCE_NONE)
			continue;
		post = evidence_view(e, slot);
		choose(s, &post, role);
	}
}

/* The slot of the post that did the most harm.  What did less than half of
 * that is no example of it. */
static unsigned
worst_of(const struct evidence *e, int64_t minute)
{
	const struct selection none = {.count = 0};

	return best_of(e, HARMFUL, &none, minute, 0);
}

static struct selection
select_posts(const struct evidence *e, int64_t minute)
{
	struct selection s = {.count = 0};
	unsigned worst = worst_of(e, minute);
	uint32_t least =
	    worst == EVIDENCE_NONE ? 0 : evidence_view(e, worst).blame / 2;
	struct view pinned = evidence_view(e, EVIDENCE_PINNED);

	if (pinned.kept != NULL)
		choose(&s, &pinned, FIRST);
	choose_roles(&s, e, minute, least, EVIDENCE_MAX);
	choose_roles(&s, e, minute, 0, EVIDENCE_LEAST);
	return s;
}

void
evidence_pin(struct evidence *e, int64_t minute)
{
	const struct selection none = {.count = 0};
	unsigned worst = worst_of(e, minute), first = EVIDENCE_NONE;

	if (worst != EVIDENCE_NONE)
		first = best_of(e, FIRST, &none, minute,
		    evidence_view(e, worst).blame / 2);
	evidence_let_go(e, EVIDENCE_PINNED);
	if (first != EVIDENCE_NONE)
		evidence_hold(e, EVIDENCE_PINNED, e->cell_of[first]);
}

void
evidence_unpin(struct evidence *e)
{
	evidence_let_go(e, EVIDENCE_PINNED);
}

void
evidence_encode(const struct evidence *e, struct pseudonym *authors,
    int64_t minute, struct buf *out)
{
	struct selection s = {.count = 0};

	if (e != NULL)
		s = select_posts(e, minute);
	buf_char(out, '[');
	for (unsigned i = 0; i < s.count; i++) {
		if (i > 0)
			buf_char(out, ',');
		encode_post(out, &s.posts[i], s.roles[i], authors);
	}
	buf_char(out, ']');
}

void
evidence_each(const struct evidence *e, int64_t minute,
    void (*visit)(void *self, const struct evidence_post *post), void *self)
{
	struct selection s = {.count = 0};

	if (e != NULL)
		s = select_posts(e, minute);
	for (unsigned i = 0; i < s.count; i++) {
		const struct view *v = &s.posts[i];
		const struct evidence_post post = {
		    .record = &v->kept->record, .text = v->kept->text,
		    .t_ms = v->t_ms, .blame = v->blame, .copies = v->copies};

		visit(self, &post);
	}
}

struct slice
evidence_quote(const struct evidence *e, int64_t minute)
{
	static const enum role wanted[] = {WIDEST, HARMFUL, FIRST, LATEST,
	    COPIED};
	struct selection s = {.count = 0};

	if (e != NULL)
		s = select_posts(e, minute);
	for (unsigned i = 0; i < ROLES; i++) {
		for (unsigned k = 0; k < s.count; k++) {
			const struct kept *kept = s.posts[k].kept;

			if (s.roles[k] != wanted[i] ||
			    kept->record.text.len == 0)
				continue;
			return (struct slice){
			    kept->text + kept->record.text.at,
			    kept->record.text.len};
		}
	}
	return SLICE_NONE;
}
