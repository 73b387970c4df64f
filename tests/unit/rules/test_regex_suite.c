/*
 * Goal: /regex/ does with PCRE2's own test patterns and subjects what PCRE2
 * does, within the limits, without a crash and without a stall.
 * Method: the input files of PCRE2's test suite, when they are there, are
 * read by a small reader of the commonest parts of their notation; patterns
 * in sets of fifty, every subject of a set against all of them, raw and
 * folded, compared with the library called directly with the same limits:
 * first as far as may be by its interpreter, then by its machine code.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pcre2.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "rules/matcher.h"
#include "rules/regex_code.h"
#include "tests/unit/rules/regex_notation.h"

#define SET_PATTERNS 50u
#define SET_SUBJECTS 2000u
#define TEXTS (1u << 20)

struct suite {
	struct pattern patterns[SET_PATTERNS];
	struct slice subjects[SET_SUBJECTS];
	unsigned patterns_count, subjects_count;
	char *texts; /* of both */
	size_t used;
	struct matcher *m;
	struct text text;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack;
	unsigned patterns_run, left_out, pairs, hits, stopped, few;
};

static const char *
shared(const char *path, char room[512])
{
	const char *root = getenv("VIGIE_SHARED");

	snprintf(room, 512, "%s/%s", root != NULL ? root : "../shared", path);
	return room;
}

static struct slice
keep(struct suite *s, const char *text, size_t len)
{
	struct slice kept = {s->texts + s->used, len};

	REQUIRE(s->used + len < TEXTS);
	memcpy(s->texts + s->used, text, len);
	s->used += len;
	return kept;
}

/* ---- one set --------------------------------------------------------- */

static void
yaml_text(struct buf *out, struct slice text)
{
	uint32_t c;

	for (size_t i = 0; i < text.len;) {
		i += utf8_decode(text.data + i, text.len - i, &c);
		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", (char)c);
		else if (c < 0x20 || c >= 0x7f)
			buf_printf(out, "\\U%08x", (unsigned)c);
		else
			buf_char(out, (char)c);
	}
}

static struct ruleset *
load(struct suite *s)
{
	char path[] = "/tmp/vigie-regex-XXXXXX.yaml";
	const char *paths[] = {path};
	const struct rules_options options = {.selftest = false};
	struct buf yaml = {0};
	struct diag *diag = diag_new();
	struct ruleset *rs;
	int fd = mkstemps(path, 5);

	assert_true(fd >= 0);
	buf_text(&yaml, "rules:\n");
	for (unsigned i = 0; i < s->patterns_count; i++) {
		for (int raw = 0; raw < 2; raw++) {
			buf_printf(&yaml, "  %c%03u:\n    when: \"/",
			    raw ? 'r' : 'f', i);
			yaml_text(&yaml, s->patterns[i].text);
			buf_printf(&yaml, "/%s%s\"\n", s->patterns[i].flags,
			    raw ? "r" : "");
		}
	}
	assert_int_equal(write(fd, yaml.data, yaml.len), yaml.len);
	close(fd);
	rs = ruleset_load(paths, 1, &options, diag);
	if (rs == NULL)
		diag_print(diag, stdout, false);
	assert_non_null(rs);
	unlink(path);
	diag_free(diag);
	buf_fini(&yaml);
	return rs;
}

/* 1, 0, or -1 when a limit stopped it. */
static int
direct(struct suite *s, const struct pattern *p, struct slice subject)
{
	int rc = pcre2_match(p->code, (PCRE2_SPTR)subject.data, subject.len, 0,
	    PCRE2_NO_UTF_CHECK, s->data, s->limits);

	return rc >= 0 ? 1 : rc == PCRE2_ERROR_NOMATCH ? 0 : -1;
}

static bool
fired(const struct ruleset *rs, const struct verdict *v, char kind, unsigned i)
{
	char id[8];

	snprintf(id, sizeof(id), "%c%03u", kind, i);
	for (uint32_t h = 0; h < v->hits_count; h++) {
		const struct hit *hit = &v->hits[h];

		if (hit->kind != HIT_RULE ||
		    !slice_is(ruleset_rule(rs, hit->index)->id, id))
			continue;
		for (unsigned k = 0; k < hit->spans_count; k++)
			assert_true(hit->spans[k].start <= hit->spans[k].end);
		return true;
	}
	return false;
}

static void
compare(struct suite *s, const struct ruleset *rs, const struct verdict *v,
    char kind, unsigned i, struct slice subject, struct slice shown)
{
	int truth = direct(s, &s->patterns[i], subject);
	bool hit = fired(rs, v, kind, i);

	s->pairs++;
	s->hits += hit;
	s->stopped += truth < 0;
	if (hit != (truth == 1)) {
		printf("/%.*s/%s on '%.*s': %s, PCRE2 says %s\n",
		    (int)s->patterns[i].text.len, s->patterns[i].text.data,
		    s->patterns[i].flags, (int)shown.len, shown.data,
		    hit ? "hit" : "miss", truth == 1 ? "hit" :
			truth == 0 ? "miss" : "too much");
		fail();
	}
}

static void
run_subjects(struct suite *s, const struct ruleset *rs)
{
	struct post post;

	matcher_fit(s->m, rs);
	for (unsigned k = 0; k < s->subjects_count; k++) {
		const struct verdict *v;

		post_clear(&post);
		post.text = s->subjects[k];
		text_fold(&s->text, post.title, post.text, 0);
		v = rules_match(s->m, &post, &s->text, MATCH_TOPICS |
			MATCH_SPANS);
		for (unsigned i = 0; i < s->patterns_count; i++) {
			compare(s, rs, v, 'r', i, post.text, post.text);
			compare(s, rs, v, 'f', i,
			    (struct slice){s->text.bytes, s->text.len},
			    post.text);
		}
	}
}

static void
run_set(struct suite *s)
{
	struct ruleset *rs;

	if (s->patterns_count == 0)
		return;
	rs = load(s);
	regex_scratch_patience(s->m->regex, UINT32_MAX);
	run_subjects(s, rs);
	for (uint32_t i = 0; i < rs->regexes_count; i++) {
		struct regex_code *c = regex_code_of(&rs->regexes[i]);

		s->few += c != NULL && atomic_load(&c->jit) == NULL;
	}
	ruleset_warm(rs);
	run_subjects(s, rs);
	s->patterns_run += s->patterns_count;
	for (unsigned i = 0; i < s->patterns_count; i++)
		pcre2_code_free(s->patterns[i].code);
	ruleset_unref(rs);
	s->patterns_count = s->subjects_count = 0;
	s->used = 0;
}

/* ---- the files ------------------------------------------------------- */

static void
add_pattern(struct suite *s, const char *text, size_t len, char *modifiers)
{
	struct pattern p = {.options = 0};
	PCRE2_SIZE offset;
	int error;

	if (len == 0 || !is_utf8(text, len) ||
	    memchr(text, '\0', len) != NULL || !read_modifiers(&p, modifiers)) {
		s->left_out++;
		return;
	}
	p.code = pcre2_compile((PCRE2_SPTR)text, len, PCRE2_UTF | PCRE2_UCP |
		PCRE2_NEVER_BACKSLASH_C | p.options, &error, &offset, NULL);
	if (p.code == NULL) {
		s->left_out++;
		return;
	}
	pcre2_jit_compile(p.code, PCRE2_JIT_COMPLETE);
	if (s->patterns_count == SET_PATTERNS)
		run_set(s);
	p.text = keep(s, text, len);
	s->patterns[s->patterns_count++] = p;
}

static void
read_file(struct suite *s, const char *path)
{
	FILE *file = fopen(path, "r");
	struct buf pattern = {0}, subject = {0};
	char line[8192];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		char *end;

		if (line[0] == ' ') {
			buf_clear(&subject);
			if (read_subject(line + strspn(line, " "), &subject) &&
			    s->subjects_count < SET_SUBJECTS)
				s->subjects[s->subjects_count++] = keep(s,
				    subject.data, subject.len);
			continue;
		}
		if (line[0] != '/')
			continue;
		buf_clear(&pattern);
		buf_text(&pattern, line + 1);
		buf_char(&pattern, '\0');
		while ((end = pattern_end(pattern.data)) == NULL &&
		    fgets(line, sizeof(line), file) != NULL) {
			pattern.len--;
			buf_text(&pattern, line);
			buf_char(&pattern, '\0');
		}
		if (end != NULL)
			add_pattern(s, pattern.data,
			    (size_t)(end - pattern.data), end + 1);
	}
	run_set(s);
	fclose(file);
	buf_fini(&pattern);
	buf_fini(&subject);
}

static void
agrees_with_pcre2(void **state)
{
	static const char *const names[] = {"testinput1", "testinput2",
	    "testinput4", "testinput5", "testinput7", "testinput10"};
	char archive[512], folder[] = "/tmp/vigie-pcre2-XXXXXX";
	char command[1200], path[600];
	struct suite *s = must_alloc(sizeof(*s));

	(void)state;
	shared("data/edge/pcre2_testdata.tar.gz", archive);
	if (access(archive, R_OK) != 0) {
		printf("skipped: no %s\n", archive);
		free(s);
		skip();
		return;
	}
	assert_non_null(mkdtemp(folder));
	snprintf(command, sizeof(command), "tar -xzf '%s' -C %s", archive,
	    folder);
	assert_int_equal(system(command), 0);
	s->texts = must_alloc(TEXTS);
	s->m = matcher_new();
	text_init(&s->text);
	s->data = pcre2_match_data_create(1, NULL);
	s->limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(s->limits, REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(s->limits, REGEX_DEPTH_LIMIT);
	pcre2_set_heap_limit(s->limits, REGEX_HEAP_KIB);
	s->stack = pcre2_jit_stack_create(32u << 10, 512u << 10, NULL);
	pcre2_jit_stack_assign(s->limits, NULL, s->stack);
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		read_file(s, path);
	}
	printf("%u patterns (%u left out), %u pairs, %u hits, %u stopped, "
	       "%u regexes by the interpreter to the end\n",
	    s->patterns_run, s->left_out, s->pairs, s->hits, s->stopped,
	    s->few);
	assert_true(s->patterns_run > 2000);
	assert_true(s->hits > 20000);
	assert_true(s->few > 2000);
	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->limits);
	pcre2_jit_stack_free(s->stack);
	matcher_free(s->m);
	text_fini(&s->text);
	free(s->texts);
	free(s);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(agrees_with_pcre2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
