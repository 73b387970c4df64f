/*
 * Goal: an emoji of any number of code points is one word, in posts and in
 * rules: a rule for it matches it, and no rule for another emoji does.
 * Method: each sequence of Unicode's three lists of emoji is a rule and a
 * post, in sets of some hundreds; the rules that fire are those whose folded
 * sequence is the same (with and without U+FE0F).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "rules/rules.h"
#include "tests/unit/base/corpus.h"

#define SET 600

static struct text text;

/* Characters that NFKC takes apart, and signs of rights: no emoji by then. */
static bool
is_one_token(struct slice s)
{
	text_fold(&text, SLICE_NONE, s, TEXT_POST);
	return text.tokens == 1 && text.at[0] == 0 && text.end[0] == text.len;
}

static unsigned left_out;

static void
add(struct corpus *c, const struct buf *s)
{
	if (is_one_token(buf_slice(s)))
		corpus_add(c, buf_slice(s));
	else
		left_out++;
}

/* "231A..231B ; ..." or "1F468 200D 1F466 ; ..." */
static bool
read_list(struct corpus *c, const char *name)
{
	struct buf s = {0};
	char line[1024];
	gzFile file;

	if (!corpus_open(name, &file))
		return false;
	while (gzgets(file, line, sizeof(line)) != NULL) {
		char *p = line;
		uint32_t first, last;

		if (*p == '#' || *p == '\n')
			continue;
		first = last = (uint32_t)strtoul(p, &p, 16);
		if (p[0] == '.')
			last = (uint32_t)strtoul(p + 2, &p, 16);
		for (; first < last; first++) {
			buf_clear(&s);
			corpus_put_code(&s, first);
			add(c, &s);
		}
		buf_clear(&s);
		corpus_put_code(&s, last);
		for (p += strspn(p, " "); *p != ';'; p += strspn(p, " "))
			corpus_put_code(&s, (uint32_t)strtoul(p, &p, 16));
		add(c, &s);
	}
	gzclose(file);
	buf_fini(&s);
	return true;
}

static struct ruleset *
load(const struct slice *emoji, size_t count)
{
	static const struct rules_options options = {0};
	char path[] = "/tmp/vigie-emoji-XXXXXX.yaml";
	const char *paths[] = {path};
	struct diag *diag = diag_new();
	struct buf yaml = {0};
	struct ruleset *rs;
	int fd = mkstemps(path, 5);

	assert_true(fd >= 0);
	buf_text(&yaml, "rules:\n");
	for (size_t i = 0; i < count; i++)
		buf_printf(&yaml, "  r%05zu: {when: '%.*s'}\n", i,
		    SLICE_ARG(emoji[i]));
	assert_true(write(fd, yaml.data, yaml.len) == (ssize_t)yaml.len);
	close(fd);
	rs = ruleset_load(paths, 1, &options, diag);
	if (rs == NULL)
		diag_print(diag, stderr, false);
	assert_non_null(rs);
	unlink(path);
	diag_free(diag);
	buf_fini(&yaml);
	return rs;
}

static bool
same_folded(struct slice a, struct slice b)
{
	static struct buf kept;

	text_fold(&text, SLICE_NONE, a, TEXT_POST);
	buf_clear(&kept);
	buf_put(&kept, text.bytes, text.len);
	text_fold(&text, SLICE_NONE, b, TEXT_POST);
	return slice_equal(
	    buf_slice(&kept), (struct slice){text.bytes, text.len});
}

/* ${i} is of the set; it stands twice in its post. */
static void
judge(struct matcher *m, const struct slice *emoji, size_t i)
{
	const struct verdict *v;
	struct buf body = {0};
	bool own = false;
	struct post post;

	buf_printf(&body, "ok %.*s ok %.*s", SLICE_ARG(emoji[i]),
	    SLICE_ARG(emoji[i]));
	post_clear(&post);
	post.text = buf_slice(&body);
	text_fold(&text, post.title, post.text, TEXT_POST);
	assert_int_equal(text.tokens, 4);
	v = rules_match(m, &post, &text, MATCH_SPANS);
	assert_true(v->hits_count > 0 && v->hits_count < 10);
	for (uint32_t k = 0; k < v->hits_count; k++) {
		const struct hit *hit = &v->hits[k];

		assert_int_equal(hit->spans_count, 2);
		assert_int_equal(hit->spans[0].start, 3);
		own = own || hit->index == i;
		if (!same_folded(emoji[hit->index], emoji[i]))
			fail_msg("%.*s is taken for %.*s", SLICE_ARG(emoji[i]),
			    SLICE_ARG(emoji[hit->index]));
	}
	assert_true(own);
	buf_fini(&body);
}

static void
every_sequence(void **state)
{
	struct matcher *m = matcher_new();
	struct corpus all = {0};

	(void)state;
	if (!read_list(&all, "edge/unicode15/emoji-test.txt.gz") ||
	    !read_list(&all, "edge/unicode15/emoji-sequences.txt.gz") ||
	    !read_list(&all, "edge/unicode15/emoji-zwj-sequences.txt.gz")) {
		print_message("skipped: no lists of emoji\n");
		matcher_free(m);
		skip();
	}
	for (size_t at = 0; at < all.count; at += SET) {
		size_t n = all.count - at < SET ? all.count - at : SET;
		struct ruleset *rs = load(all.texts + at, n);

		matcher_fit(m, rs);
		for (size_t i = 0; i < n; i++)
			judge(m, all.texts + at, i);
		ruleset_unref(rs);
	}
	printf("%zu sequences, %u left out\n", all.count, left_out);
	assert_true(all.count > 8000);
	assert_true(left_out < 100);
	corpus_free(&all);
	matcher_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_sequence),
	};
	int failed;

	text_init(&text);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	text_fini(&text);
	return failed;
}
