/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/regex_code.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

uint32_t
regex_code_options(void)
{
	return PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
}

static bool
has(struct slice s, const char *text)
{
	return memmem(s.data, s.len, text, strlen(text)) != NULL;
}

/*
 * Whether what the interpreter does in few steps the JIT does within its
 * limits.  Out: verbs and settings; what calls itself; \R and \X, for which
 * the JIT remembers every character.  Too many are no harm.
 */
static bool
is_plain(struct slice pattern)
{
	static const char *const out[] = {"(*", "\\X", "\\R", "\\g", "\\C"};

	for (size_t i = 0; i < sizeof(out) / sizeof(*out); i++)
		if (has(pattern, out[i]))
			return false;
	for (size_t i = 0; i + 2 < pattern.len; i++)
		if (pattern.data[i] == '(' && pattern.data[i + 1] == '?' &&
		    strchr(":=!>|<i", pattern.data[i + 2]) == NULL)
			return false;
	return true;
}

/* The short way to machine code passes over (*NOTEMPTY) and its like. */
static bool
is_direct(struct slice pattern)
{
	return pattern.len < 2 || memcmp(pattern.data, "(*", 2) != 0;
}

/* Between two steps of the interpreter each item of the pattern is passed
 * once at most; an item takes two bytes or more of the code, and four words
 * of the JIT's stack or less. */
static void
set_few(struct regex_code *c)
{
	size_t size = 1;

	pcre2_pattern_info(c->code, PCRE2_INFO_SIZE, &size);
	c->few_steps = (uint32_t)(REGEX_MATCH_LIMIT / size);
	c->few_deep = (uint32_t)(REGEX_JIT_STACK / (16 * size));
	if (c->few_deep == 0)
		c->few_steps = 0;
}

static pcre2_code *
compile(const struct regex *r)
{
	PCRE2_SIZE at;
	int code;

	return pcre2_compile((PCRE2_SPTR)r->pattern.data, r->pattern.len,
	    regex_code_options() | r->options, &code, &at, NULL);
}

pcre2_code *
regex_code_plain(const struct regex *r)
{
	return is_plain(r->pattern) ? compile(r) : NULL;
}

static struct regex_code *
code_new(const struct regex *r, bool fast)
{
	struct regex_code *c = must_alloc(sizeof(*c));

	atomic_init(&c->count, 1);
	c->code = compile(r);
	if (c->code == NULL)
		return c;
	if (!fast && is_plain(r->pattern))
		set_few(c);
	if (c->few_steps > 0)
		return c;
	if (pcre2_jit_compile(c->code, PCRE2_JIT_COMPLETE) == 0 &&
	    is_direct(r->pattern))
		atomic_init(&c->jit, c->code);
	else
		atomic_init(&c->refused, true);
	return c;
}

/* Beside the code that others may be running. */
static void
add_jit(const struct regex *r, struct regex_code *c)
{
	pcre2_code *mine =
	    c->unpacked ? compile(r) : pcre2_code_copy(c->code);
	pcre2_code *none = NULL;

	if (mine == NULL || pcre2_jit_compile(mine, PCRE2_JIT_COMPLETE) != 0)
		atomic_store(&c->refused, true);
	else if (atomic_compare_exchange_strong(&c->jit, &none, mine))
		return;
	pcre2_code_free(mine);
}

static void
code_free(struct regex_code *c)
{
	pcre2_code *jit = atomic_load(&c->jit);

	if (jit != c->code)
		pcre2_code_free(jit);
	pcre2_code_free(c->code);
	free(c);
}

void
regex_code_give(struct regex *r, pcre2_code *code)
{
	struct regex_code *mine = must_alloc(sizeof(*mine)), *none = NULL;

	atomic_init(&mine->count, 1);
	mine->code = code;
	mine->unpacked = true;
	set_few(mine);
	if (!atomic_compare_exchange_strong(&r->held, &none, mine))
		code_free(mine);
}

struct regex_code *
regex_code_ready(struct regex *r, bool fast)
{
	struct regex_code *mine, *c = regex_code_of(r);

	if (c == NULL) {
		mine = code_new(r, fast);
		if (atomic_compare_exchange_strong(&r->held, &c, mine))
			c = mine;
		else
			code_free(mine);
	}
	if (fast && c->code != NULL && atomic_load(&c->jit) == NULL &&
	    !atomic_load(&c->refused))
		add_jit(r, c);
	return c;
}

const struct regex_code *
regex_ready(struct regex *r)
{
	return regex_code_ready(r, true);
}

void
regex_share(struct regex *r, const struct regex *from)
{
	struct regex_code *c = regex_code_of(from);

	REQUIRE(r->options == from->options);
	if (c != NULL)
		atomic_fetch_add(&c->count, 1);
	atomic_init(&r->held, c);
}

void
regex_free(struct regex *r)
{
	struct regex_code *c = regex_code_of(r);

	atomic_init(&r->held, NULL);
	if (c != NULL && atomic_fetch_sub(&c->count, 1) == 1)
		code_free(c);
}

static size_t
bytes_of(const pcre2_code *code)
{
	size_t size = 0, jit = 0;

	if (code == NULL)
		return 0;
	pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size);
	pcre2_pattern_info(code, PCRE2_INFO_JITSIZE, &jit);
	return size + jit;
}

size_t
regex_bytes(const struct regex *r)
{
	const struct regex_code *c = regex_code_of(r);
	const pcre2_code *jit;

	if (c == NULL || c->code == NULL)
		return 0;
	jit = atomic_load(&c->jit);
	return sizeof(*c) + bytes_of(c->code) +
	       (jit == c->code ? 0 : bytes_of(jit));
}
