/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/regex.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "rules/matcher.h"
#include "rules/regex_code.h"

#define JIT_STACK_FIRST (32u << 10)

struct regex_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context, *few;
	pcre2_jit_stack *stack;
	uint32_t patience; /* bytes of a pattern without machine code */
};

struct regex_scratch *
regex_scratch_new(void)
{
	struct regex_scratch *s = must_alloc(sizeof(*s));

	s->data = pcre2_match_data_create(1, NULL);
	s->context = pcre2_match_context_create(NULL);
	s->stack =
	    pcre2_jit_stack_create(JIT_STACK_FIRST, REGEX_JIT_STACK, NULL);
	s->few = pcre2_match_context_create(NULL);
	REQUIRE(s->data != NULL && s->context != NULL && s->few != NULL);
	s->patience = REGEX_PATIENCE_BYTES;
	pcre2_set_heap_limit(s->few, REGEX_HEAP_KIB);
	pcre2_set_match_limit(s->context, REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(s->context, REGEX_DEPTH_LIMIT);
	pcre2_set_heap_limit(s->context, REGEX_HEAP_KIB);
	if (s->stack != NULL) /* NULL: a PCRE2 built without JIT */
		pcre2_jit_stack_assign(s->context, NULL, s->stack);
	return s;
}

void
regex_scratch_free(struct regex_scratch *s)
{
	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->context);
	pcre2_match_context_free(s->few);
	pcre2_jit_stack_free(s->stack);
	free(s);
}

void
regex_scratch_patience(struct regex_scratch *s, uint32_t bytes)
{
	s->patience = bytes;
}

bool
regex_check(const struct regex *r, struct regex_error *error)
{
	PCRE2_SIZE at;
	int code;
	pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)r->pattern.data,
	    r->pattern.len, regex_code_options() | r->options, &code, &at,
	    NULL);

	if (compiled == NULL) {
		pcre2_get_error_message(
		    code, (PCRE2_UCHAR *)error->text, sizeof(error->text));
		error->offset = at;
		return false;
	}
	/* Kept, it would take more memory than its rule, and most are never
	 * asked for. */
	pcre2_code_free(compiled);
	return true;
}

bool
regex_check_told(
    const struct regex *r, struct place place, struct diag *diag)
{
	struct regex_error error;

	if (regex_check(r, &error))
		return true;
	diag_add(diag, DIAG_ERROR, place, "bad-regex",
	    "a sign that stands for itself, such as ( or +, wants a "
	    "backslash before it: \\( \\+",
	    "regular expression refused behind '%.*s': %s", (int)error.offset,
	    r->pattern.data, error.text);
	return false;
}

/* Nothing but that there is none, or where it is, counts of what it says:
 * whether it is too much tells the one of the whole limits. */
static bool
ask_interpreter(struct regex_scratch *s, struct regex_code *c,
    struct slice subject, size_t from, int *rc)
{
	uint32_t read = atomic_load_explicit(&c->read, memory_order_relaxed);

	if (c->few_steps == 0 || subject.len > REGEX_FEW_BYTES ||
	    read >= s->patience)
		return false;
	/* Two at a time may count as one. */
	atomic_store_explicit(&c->read,
	    read + (uint32_t)(subject.len - from) + REGEX_FIND_BYTES,
	    memory_order_relaxed);
	pcre2_set_match_limit(s->few, c->few_steps);
	pcre2_set_depth_limit(s->few, c->few_deep);
	*rc = pcre2_match(c->code, (PCRE2_SPTR)subject.data, subject.len, from,
	    PCRE2_NO_UTF_CHECK, s->data, s->few);
	return *rc >= PCRE2_ERROR_NOMATCH;
}

/* While there is no machine code.  Kept out of line: bench/gate.sh leaves it
 * out, as it is no post's. */
static __attribute__((noinline)) int
regex_ask_first(const struct ruleset *rs, struct regex_scratch *s, uint32_t i,
    struct slice subject, size_t from)
{
	struct regex *r = &rs->regexes[i];
	const pcre2_code *jit;
	struct regex_code *c;
	int rc;

	if (rs->kept.count > 0 && regex_code_of(r) == NULL)
		regex_kept_take(&rs->kept, rs->regexes, i);
	c = regex_code_ready(r, false);
	if (ask_interpreter(s, c, subject, from, &rc))
		return rc;
	c = regex_code_ready(r, true);
	jit = atomic_load_explicit(&c->jit, memory_order_acquire);
	if (jit != NULL)
		return pcre2_jit_match(jit, (PCRE2_SPTR)subject.data,
		    subject.len, from, 0, s->data, s->context);
	/* of none: an error, which counts as an overrun */
	return pcre2_match(c->code, (PCRE2_SPTR)subject.data, subject.len,
	    from, PCRE2_NO_UTF_CHECK, s->data, s->context);
}

bool
regex_find(struct matcher *m, uint32_t i, struct slice subject, size_t from,
    size_t *start, size_t *end)
{
	struct regex *r = &m->rs->regexes[i];
	const struct regex_code *c = regex_code_of(r);
	const pcre2_code *jit = NULL;
	struct regex_scratch *s = m->regex;
	const PCRE2_SIZE *places;
	int rc;

	if (m->benched[i])
		return false;
	if (c != NULL)
		jit = atomic_load_explicit(&c->jit, memory_order_acquire);
	if (jit != NULL)
		rc = pcre2_jit_match(jit, (PCRE2_SPTR)subject.data,
		    subject.len, from, 0, s->data, s->context);
	else
		rc = regex_ask_first(m->rs, s, i, subject, from);
	if (rc < 0) { /* 0 is a match with more groups than the data holds */
		if (rc != PCRE2_ERROR_NOMATCH)
			matcher_overrun(m, i);
		return false;
	}
	places = pcre2_get_ovector_pointer(s->data);
	*start = places[0];
	*end = places[1];
	return true;
}

/* The first ${room} bytes of ${text} at most, whole characters. */
static struct slice
cut(struct slice text, size_t room)
{
	if (text.len > room) {
		text.len = room;
		while (text.len > 0 && (text.data[text.len] & 0xc0) == 0x80)
			text.len--;
	}
	return text;
}

/* The part as posted behind what the scope leaves of it. */
static bool
raw_subject(struct matcher *m, uint32_t part, struct regex_subject *out)
{
	struct slice title = cut(m->post->title, TEXT_BYTES_MAX);
	struct slice body = cut(m->post->text, TEXT_BYTES_MAX - title.len);
	const struct scope *s = &m->scope;
	uint32_t start, stop, from = s->from, to = s->to;

	*out = (struct regex_subject){part == 0 ? title : body, 0};
	if (out->text.data == NULL)
		return false;
	if (!s->narrow)
		return true;
	if (from == to)
		return false;
	if (part == 0)
		matcher_map_title(m);
	else
		matcher_map(m);
	if (!text_span(m->text, from, to, &start, &stop))
		return false;
	out->text = (struct slice){out->text.data + start, stop - start};
	out->base = start;
	return true;
}

bool
regex_subject(struct matcher *m, uint32_t i, uint32_t part,
    struct regex_subject *out)
{
	const struct scope *s = &m->scope;

	if (m->rs->regexes[i].raw)
		return raw_subject(m, part, out);
	*out = (struct regex_subject){
	    {m->text->bytes + s->from, s->to - s->from}, s->from};
	return part > 0;
}

bool
regex_test(struct matcher *m, uint32_t i)
{
	int state = matcher_state(m, m->regexes[i]);
	struct regex_subject s;
	size_t start = 0, end = 0;
	uint32_t part;
	bool found = false;

	if (state >= 0 && !m->scope.narrow)
		return state == UNIT_TRUE;
	for (part = 0; part < REGEX_PARTS && !found; part++)
		found = regex_subject(m, i, part, &s) &&
			regex_find(m, i, s.text, 0, &start, &end);
	if (m->scope.narrow)
		return found;
	m->regexes[i] = matcher_word(m, found ? UNIT_TRUE : UNIT_FALSE);
	if (found)
		m->found_regex =
		    (struct found_regex){i, part - 1, start, end};
	return found;
}

void
rules_library(struct buf *out)
{
	char version[64], target[64];
	uint32_t jit = 0;

	pcre2_config(PCRE2_CONFIG_VERSION, version);
	buf_printf(out, "PCRE2 %s", version);
	pcre2_config(PCRE2_CONFIG_JIT, &jit);
	if (!jit) {
		buf_text(out, ", no JIT");
		return;
	}
	pcre2_config(PCRE2_CONFIG_JITTARGET, target);
	buf_printf(out, ", JIT %s", target);
}
