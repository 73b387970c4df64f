/* SPDX-License-Identifier: Apache-2.0 */
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/peers/peers.h"
#include "engine/base/must.h"

struct peers_confirm {
	const struct peers_patterns *patterns;
	pcre2_code **codes;
	pcre2_match_data *data;
};

struct peers_confirm *
peers_confirm_new(const struct peers_patterns *p)
{
	struct peers_confirm *c = must_alloc(sizeof(*c));

	c->patterns = p;
	c->codes = must_alloc((p->count + 1ul) * sizeof(*c->codes));
	memset(c->codes, 0, (p->count + 1ul) * sizeof(*c->codes));
	c->data = pcre2_match_data_create(1, NULL);
	return c;
}

void
peers_confirm_free(struct peers_confirm *c)
{
	if (c == NULL)
		return;
	for (uint32_t i = 0; i < c->patterns->count; i++)
		pcre2_code_free(c->codes[i]);
	pcre2_match_data_free(c->data);
	free(c->codes);
	free(c);
}

static pcre2_code *
compile(const char *regex)
{
	pcre2_code *code;
	PCRE2_SIZE at;
	int error;

	code = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED,
	    PCRE2_NO_AUTO_CAPTURE, &error, &at, NULL);
	if (code == NULL || pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) {
		fprintf(stderr, "PCRE2 refuses %s at %zu\n", regex, at);
		pcre2_code_free(code);
		return NULL;
	}
	return code;
}

int
peers_confirm_all(struct peers_confirm *c, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		c->codes[i] = compile(c->patterns->patterns[i].regex);
		if (c->codes[i] == NULL)
			return -1;
	}
	return 0;
}

bool
peers_confirm_hit(struct peers_confirm *c, uint32_t pattern, const char *text,
    size_t len)
{
	if (c->codes[pattern] == NULL) {
		c->codes[pattern] =
		    compile(c->patterns->patterns[pattern].regex);
		REQUIRE(c->codes[pattern] != NULL);
	}
	return pcre2_jit_match(c->codes[pattern], (PCRE2_SPTR)text, len, 0, 0,
		   c->data, NULL) >= 0;
}
