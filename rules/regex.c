/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/regex.h"

#include <pcre2.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "rules/matcher.h"

/* Bytes of the machine stack of JIT code: PCRE2's own 32 KiB is too little
 * for an alternative in a loop over a long post. */
#define JIT_STACK_FIRST (32u << 10)
#define JIT_STACK_LAST (512u << 10)

struct regex_code {
	_Atomic uint32_t count; /* regexes that have it */
	bool jit;
	pcre2_code *code; /* NULL: it cannot be compiled any more */
};

struct regex_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

struct regex_scratch *
regex_scratch_new(void)
{
	struct regex_scratch *s = must_alloc(sizeof(*s));

	s->data = pcre2_match_data_create(1, NULL);
	s->context = pcre2_match_context_create(NULL);
	s->stack =
	    pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_LAST, NULL);
	REQUIRE(s->data != NULL && s->context != NULL);
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
	pcre2_jit_stack_free(s->stack);
	free(s);
}

static pcre2_code *
compile(const struct regex *r, int *code, PCRE2_SIZE *at)
{
	uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;

	return pcre2_compile((PCRE2_SPTR)r->pattern.data, r->pattern.len,
	    options | r->options, code, at, NULL);
}

bool
regex_check(const struct regex *r, struct regex_error *error)
{
	PCRE2_SIZE at;
	int code;
	pcre2_code *compiled = compile(r, &code, &at);

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

static struct regex_code *
code_new(const struct regex *r)
{
	struct regex_code *c = must_alloc(sizeof(*c));
	PCRE2_SIZE at;
	int code;

	atomic_init(&c->count, 1);
	c->code = compile(r, &code, &at);
	if (c->code == NULL)
		return c;
	/* The short way to the code passes over (*NOTEMPTY) and its like. */
	c->jit = pcre2_jit_compile(c->code, PCRE2_JIT_COMPLETE) == 0 &&
	    (r->pattern.len < 2 || memcmp(r->pattern.data, "(*", 2) != 0);
	return c;
}

static void
code_free(struct regex_code *c)
{
	pcre2_code_free(c->code);
	free(c);
}

static struct regex_code *
code_of(const struct regex *r)
{
	return atomic_load_explicit(&r->held, memory_order_acquire);
}

/* Kept out of line: bench/gate.sh leaves it out, as it is no post's. */
__attribute__((noinline)) const struct regex_code *
regex_ready(struct regex *r)
{
	struct regex_code *mine, *first = code_of(r);

	if (first != NULL)
		return first;
	mine = code_new(r);
	if (atomic_compare_exchange_strong(&r->held, &first, mine))
		return mine;
	code_free(mine);
	return first;
}

void
regex_share(struct regex *r, const struct regex *from)
{
	struct regex_code *c = code_of(from);

	REQUIRE(r->options == from->options);
	if (c != NULL)
		atomic_fetch_add(&c->count, 1);
	atomic_init(&r->held, c);
}

void
regex_free(struct regex *r)
{
	struct regex_code *c = code_of(r);

	atomic_init(&r->held, NULL);
	if (c != NULL && atomic_fetch_sub(&c->count, 1) == 1)
		code_free(c);
}

size_t
regex_bytes(const struct regex *r)
{
	const struct regex_code *c = code_of(r);
	size_t size = 0, jit = 0;

	if (c == NULL || c->code == NULL)
		return 0;
	pcre2_pattern_info(c->code, PCRE2_INFO_SIZE, &size);
	pcre2_pattern_info(c->code, PCRE2_INFO_JITSIZE, &jit);
	return sizeof(*c) + size + jit;
}

bool
regex_find(struct matcher *m, uint32_t i, struct slice subject, size_t from,
    size_t *start, size_t *end)
{
	struct regex *r = &m->rs->regexes[i];
	const struct regex_code *c = code_of(r);
	struct regex_scratch *s = m->regex;
	const PCRE2_SIZE *places;
	int rc;

	if (m->benched[i])
		return false;
	if (c == NULL)
		c = regex_ready(r);
	if (c->jit)
		rc = pcre2_jit_match(c->code, (PCRE2_SPTR)subject.data,
		    subject.len, from, 0, s->data, s->context);
	else /* of none: an error, which counts as an overrun */
		rc = pcre2_match(c->code, (PCRE2_SPTR)subject.data, subject.len,
		    from, PCRE2_NO_UTF_CHECK, s->data, s->context);
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
