/*
 * Goal: /regex/ does with PCRE2's own test patterns and subjects what PCRE2
 * does, within the limits, without a crash and without a stall.
 * Method: the input files of PCRE2's test suite, when they are there, are
 * read by a small reader of the commonest parts of their notation; patterns
 * in sets of fifty, every subject of a set against all of them, raw and
 * folded, compared with the library called directly with the same limits.
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
#include "engine/base/utf8.h"
#include "rules/rules.h"

#define SET_PATTERNS 50u
#define SET_SUBJECTS 2000u
#define TEXTS (1u << 20)

struct pattern {
	struct slice text;
	uint32_t options;
	char flags[8];
	pcre2_code *code;
};

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
	unsigned patterns_run, left_out, pairs, hits, stopped;
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

static bool
is_utf8(const char *text, size_t len)
{
	uint32_t c;

	for (size_t at = 0, n; at < len; at += n) {
		n = utf8_decode(text + at, len - at, &c);
		if (n == 0)
			return false;
	}
	return true;
}

static void
put_utf8(struct buf *out, uint32_t c)
{
	static const unsigned char heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
	unsigned bytes = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (unsigned i = bytes; i-- > 0;) {
		unsigned bits = c >> (6 * i) & (i == bytes - 1 ? 0xffu : 0x3fu);

		buf_char(out, (char)(bytes == 1 ? bits :
				i == bytes - 1	? heads[bytes] | bits :
						  0x80 | bits));
	}
}

/* ---- the notation ---------------------------------------------------- */

/* Modifiers that change what matches and that /regex/ has, too; those that
 * only ask pcre2test to show more are passed over; false for any other. */
static bool
read_modifiers(struct pattern *p, char *text)
{
	static const struct {
		char letter;
		uint32_t option;
	} letters[] = {{'i', PCRE2_CASELESS}, {'s', PCRE2_DOTALL},
	    {'m', PCRE2_MULTILINE}, {'x', PCRE2_EXTENDED}, {'g', 0}};
	static const char *const shown[] = {"mark", "aftertext", "info",
	    "allaftertext", "bincode", "utf", "ucp", "no_start_optimize",
	    "no_auto_possess", "global", "jitstack=256", "allusedtext"};
	char *save = NULL;

	for (char *m = strtok_r(text, ", \n", &save); m != NULL;
	     m = strtok_r(NULL, ", \n", &save)) {
		bool known = false;

		for (unsigned i = 0; i < sizeof(shown) / sizeof(*shown); i++)
			known = known || !strcmp(m, shown[i]);
		if (known)
			continue;
		for (; *m != '\0'; m++) {
			unsigned i = 0;

			while (i < 5 && letters[i].letter != *m)
				i++;
			if (i == 5)
				return false;
			p->options |= letters[i].option;
			if (letters[i].option != 0 &&
			    strchr(p->flags, *m) == NULL)
				strncat(p->flags, m, 1);
		}
	}
	return true;
}

static unsigned
hex(const char **at)
{
	unsigned value = 0;

	for (int i = 0; i < 2 && strchr("0123456789abcdefABCDEF", **at) &&
	     **at != '\0'; i++) {
		char digit[2] = {*(*at)++, '\0'};

		value = value * 16 + (unsigned)strtoul(digit, NULL, 16);
	}
	return value;
}

/* A subject with its escapes undone; false when it has one not known. */
static bool
read_subject(const char *at, struct buf *out)
{
	static const char from[] = "nrtfeab\\", to[] = "\n\r\t\f\x1b\a\b\\";

	while (*at != '\0' && *at != '\n') {
		const char *simple;

		if (*at != '\\') {
			buf_char(out, *at++);
			continue;
		}
		at++;
		if (*at == '=' || *at == '\n')
			return *at != '=';
		simple = strchr(from, *at);
		if (at[0] == 'x' && at[1] == '{') {
			char *end;
			unsigned long c = strtoul(at + 2, &end, 16);

			if (*end != '}' || c == 0 || c > 0x10ffff ||
			    (c >= 0xd800 && c < 0xe000))
				return false;
			put_utf8(out, (uint32_t)c);
			at = end + 1;
		} else if (*at == 'x') {
			unsigned c;

			at++;
			c = hex(&at);
			if (c == 0)
				return false;
			put_utf8(out, c);
		} else if (simple != NULL && *at != '\0') {
			buf_char(out, to[simple - from]);
			at++;
		} else {
			return false;
		}
	}
	return out->len > 0 && is_utf8(out->data, out->len);
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
run_set(struct suite *s)
{
	struct ruleset *rs;
	struct post post;

	if (s->patterns_count == 0)
		return;
	rs = load(s);
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

/* The end of the pattern that begins behind its delimiter. */
static char *
pattern_end(char *at)
{
	while (*at != '\0' && *at != '/')
		at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
	return *at == '/' ? at : NULL;
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
	printf("%u patterns (%u left out), %u pairs, %u hits, %u stopped\n",
	    s->patterns_run, s->left_out, s->pairs, s->hits, s->stopped);
	assert_true(s->patterns_run > 2000);
	assert_true(s->hits > 10000);
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
