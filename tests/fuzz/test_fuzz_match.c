/*
 * Goal: for any text, a matcher with its prefilter says what one without it
 * says, spans lie in the text, and the same post twice gets the same verdict.
 * Method: one small set of rules that uses every operator; the input is the
 * text, its first byte says where a title ends.
 * SPDX-License-Identifier: Apache-2.0
 */
#define FUZZ_NAME "match"
#include "tests/fuzz/fuzz_main.h"

#include <sys/mman.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "rules/rules.h"
#include "tests/fuzz/fuzz_bytes.h"

static const char rules[] =
    "sector: confectionery\n"
    "brands:\n"
    "  kitkat: {match: 'kitkat OR \"kit kat\" OR #kk OR @kitkat',"
    " not: recette}\n"
    "  nestle: {match: 'nestl? OR \"l''ourson\"'}\n"
    "topics:\n"
    "  palm: {match: '\"huile de palme\" OR deforest* OR *outan*',"
    " not: '\"sans huile\"'}\n"
    "  recall: {match: '(rappel OR recall) NEAR/3 (lot OR 東京)',"
    " severity: 3}\n"
    "  fire: {match: '🔥 OR /\\bboy+cot+s?\\b/ OR $kk'}\n"
    "rules:\n"
    "  a: {brand: kitkat, topic: palm, when: 'brand NEAR/5 boycott*'}\n"
    "  b: {brand: '*', when: 'honte ONEAR/2 brand'}\n"
    "  c: {when: 'poison AND danger NOT blague', weight: -2}\n"
    "  d: {brand: nestle, when: 'palme NEAR/9 boycott*'}\n"
    "  e: {when: '/(?i)listeria|s.lmonel+a/r'}\n";

static struct ruleset *
load(void)
{
	struct diag *diag = diag_new();
	struct rules_options options = {0};
	int fd = memfd_create("rules", MFD_CLOEXEC);
	struct ruleset *rs;
	char path[40];
	const char *paths[] = {path};

	REQUIRE(fd >= 0);
	REQUIRE(write(fd, rules, sizeof(rules) - 1) ==
	    (ssize_t)sizeof(rules) - 1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rs = ruleset_load(paths, 1, &options, diag);
	if (rs == NULL)
		diag_print(diag, stderr, false);
	REQUIRE(rs != NULL);
	diag_free(diag);
	close(fd);
	return rs;
}

/* All that a verdict says, in bytes that can be compared. */
static void
verdict_put(struct buf *out, const struct verdict *v, const struct post *p)
{
	buf_clear(out);
	buf_printf(out, "%d %lld\n", v->matched, (long long)v->score_milli);
	for (uint32_t i = 0; i < v->hits_count; i++) {
		const struct hit *h = &v->hits[i];

		buf_printf(out, "%d %u %u %u %u", (int)h->kind, h->index,
		    h->sector, h->brand, h->topic);
		REQUIRE(h->spans_count <= SPANS_MAX);
		for (uint32_t k = 0; k < h->spans_count; k++) {
			REQUIRE(h->spans[k].start < h->spans[k].end);
			REQUIRE(h->spans[k].end <= p->text.len);
			REQUIRE(k == 0 ||
			    h->spans[k].start > h->spans[k - 1].end);
			buf_printf(out, " %u-%u", h->spans[k].start,
			    h->spans[k].end);
		}
		buf_char(out, '\n');
	}
}

static void
judge(const struct post *p)
{
	static const unsigned ways[] = {MATCH_NO_PREFILTER, 0};
	static struct ruleset *rs;
	static struct matcher *m;
	static struct text text;
	static struct buf want, got;

	if (rs == NULL) {
		rs = load();
		m = matcher_new();
		matcher_fit(m, rs);
		text_init(&text);
	}
	text_fold(&text, p->title, p->text, TEXT_POST);
	verdict_put(&want,
	    rules_match(m, p, &text, MATCH_TOPICS | MATCH_SPANS), p);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		text_fold(&text, p->title, p->text, TEXT_POST);
		verdict_put(&got,
		    rules_match(m, p, &text,
			MATCH_TOPICS | MATCH_SPANS | ways[i]),
		    p);
		REQUIRE(want.len == got.len &&
		    memcmp(want.data, got.data, got.len) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct post p = {.ts_ms = 1268816700000, .followers = 7};
	size_t cut = 0;
	char *head = NULL, *rest;

	if (size > 0 && (data[0] & 0x80)) {
		cut = (data[0] & 0x3f) < size ? data[0] & 0x3f : size;
		head = fuzz_utf8(data, cut);
		p.title = (struct slice){head, cut};
	}
	rest = fuzz_utf8(data + cut, size - cut);
	p.text = (struct slice){rest, size - cut};
	judge(&p);
	free(head);
	free(rest);
	return 0;
}
