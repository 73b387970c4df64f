/*
 * The loop that anybody would write, one PCRE2 program per brand, JIT-ed, one
 * after the other; and all of them in one alternation.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/peers/peers.h"
#include "engine/base/buf.h"
#include "engine/base/must.h"

struct naive {
	struct peers_confirm *codes;
	uint32_t brands;
};

static void
about_pcre2(char *out, size_t room)
{
	char version[64];

	pcre2_config(PCRE2_CONFIG_VERSION, version);
	snprintf(out, room, "PCRE2 %s, JIT", version);
}

static void
naive_close(void *self)
{
	struct naive *n = self;

	peers_confirm_free(n->codes);
	free(n);
}

static void *
naive_open(const struct peers_patterns *p, char *why, size_t room)
{
	struct naive *n = must_alloc(sizeof(*n));

	n->brands = p->brands;
	n->codes = peers_confirm_new(p);
	if (peers_confirm_all(n->codes, 0, p->brands) == 0)
		return n;
	snprintf(why, room, "a pattern is refused");
	naive_close(n);
	return NULL;
}

static void
naive_scan(void *self, const char *text, size_t len, struct peers_hits *hits)
{
	struct naive *n = self;

	for (uint32_t i = 0; i < n->brands; i++)
		if (peers_confirm_hit(n->codes, i, text, len))
			peers_hit(hits, i);
}

const struct peers_kind peers_naive = {"pcre2-loop", about_pcre2, naive_open,
    naive_scan, false, naive_close};

struct alternation {
	pcre2_code *code;
	pcre2_match_data *data;
};

static void
alternation_close(void *self)
{
	struct alternation *a = self;

	pcre2_match_data_free(a->data);
	pcre2_code_free(a->code);
	free(a);
}

static void *
alternation_open(const struct peers_patterns *p, char *why, size_t room)
{
	struct alternation *a = must_alloc(sizeof(*a));
	struct buf all = {0};
	PCRE2_UCHAR text[200] = "";
	PCRE2_SIZE at;
	int error, rc = 0;

	for (uint32_t i = 0; i < p->brands; i++)
		buf_printf(&all, "%s(?:%s)(*MARK:%u)", i > 0 ? "|" : "",
		    p->patterns[i].regex, i);
	a->data = pcre2_match_data_create(1, NULL);
	a->code = pcre2_compile((PCRE2_SPTR)all.data, all.len,
	    PCRE2_NO_AUTO_CAPTURE, &error, &at, NULL);
	if (a->code != NULL)
		rc = pcre2_jit_compile(a->code, PCRE2_JIT_COMPLETE);
	if (a->code == NULL || rc != 0) {
		pcre2_get_error_message(rc != 0 ? rc : error, text,
		    sizeof(text));
		snprintf(why, room, "refused: %s (%zu bytes of pattern)",
		    (char *)text, all.len);
		alternation_close(a);
		a = NULL;
	}
	buf_fini(&all);
	return a;
}

/* Where two brands begin at one place only the first is told. */
static void
alternation_scan(void *self, const char *text, size_t len,
    struct peers_hits *hits)
{
	struct alternation *a = self;
	PCRE2_SIZE at = 0;

	while (at < len && pcre2_jit_match(a->code, (PCRE2_SPTR)text, len, at,
			       0, a->data, NULL) >= 0) {
		const char *mark = (const char *)pcre2_get_mark(a->data);

		if (mark != NULL)
			peers_hit(hits, (uint32_t)strtoul(mark, NULL, 10));
		at = pcre2_get_ovector_pointer(a->data)[1];
		at += at == pcre2_get_ovector_pointer(a->data)[0];
	}
}

const struct peers_kind peers_alternation = {"pcre2-alternation", about_pcre2,
    alternation_open, alternation_scan, false, alternation_close};
