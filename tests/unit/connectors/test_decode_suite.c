/*
 * Goal: the verdict on a line is that of the line alone, whatever stands
 * around it and however the input is cut; neighbours of a bad line decode.
 * Method: JSONTestSuite (each file without a newline, as the value of an
 * extra key between two good lines, and as a line of its own), and seeded
 * random lines; each run with the shared index, line by line, and in pieces
 * of whole lines, on each path of the index, all results compared.  Every y_
 * file must be accepted.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/connectors/decode_lines.h"

#include "connectors/json_index.h"
#include "engine/base/rand.h"

#define LINES_MAX 256

static const char good_a[] =
    "{\"id\":\"a\",\"text\":\"caf\\u00e9 \\\\\",\"ts\":1268816700}";
static const char good_z[] = "{\"id\":\"z\",\"text\":\"\xc3\xa9nd\"}\r";

static void *state;

/* What was found out about the lines of one input. */
struct verdicts {
	unsigned count;
	enum decode_result results[LINES_MAX];
	uint32_t error_at[LINES_MAX];
	const char *reasons[LINES_MAX];
	struct buf posts;
};

static void
read_run(const char *bytes, size_t len, bool fast, struct verdicts *v)
{
	char *copy = malloc(len + BATCH_PADDING);
	struct decode_line line;
	struct post post;
	enum decode_result result;
	uint32_t at = 0;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	memset(copy + len, '}', BATCH_PADDING);
	decode_set_fast(state, fast);
	decode_auto.begin(state, copy, len);
	while ((result = decode_auto.next(state, &post, &line)) !=
	    DECODE_END) {
		assert_in_range(v->count, 0, LINES_MAX - 1);
		assert_int_equal(line.at, at);
		assert_true(line.error_at <= line.len);
		at += line.len + 1;
		v->results[v->count] = result;
		v->reasons[v->count] = line.reason;
		v->error_at[v->count++] = line.error_at;
		if (result >= DECODE_BAD_JSON)
			assert_non_null(line.reason);
		if (result == DECODE_POST)
			lines_put_post(&v->posts, &post);
		buf_char(&v->posts, '\n');
	}
	free(copy);
}

static void
same(const struct verdicts *a, const struct verdicts *b, const char *what)
{
	for (unsigned i = 0; i < a->count && i < b->count; i++)
		if (a->results[i] != b->results[i] ||
		    a->error_at[i] != b->error_at[i] ||
		    a->reasons[i] != b->reasons[i])
			fail_msg("%s: line %u: %d at %u: %s; or %d at %u: %s",
			    what, i, (int)a->results[i], a->error_at[i],
			    a->reasons[i], (int)b->results[i],
			    b->error_at[i], b->reasons[i]);
	if (a->count != b->count ||
	    !slice_equal(buf_slice(&a->posts), buf_slice(&b->posts)))
		fail_msg("%s differs:\n%.*s\n---\n%.*s", what,
		    (int)a->posts.len, a->posts.data, (int)b->posts.len,
		    b->posts.data);
}

/* Cut behind each newline: every line alone, in one index of its own. */
static void
read_cut(const char *bytes, size_t len, struct verdicts *v)
{
	size_t at = 0;

	while (at < len) {
		const char *newline = memchr(bytes + at, '\n', len - at);
		size_t end = newline == NULL ? len
					     : (size_t)(newline - bytes) + 1;

		read_run(bytes + at, end - at, true, v);
		at = end;
	}
}

/* All ways of reading; the first one is left in ${v}. */
static void
read_all_ways(const char *bytes, size_t len, struct verdicts *v)
{
	struct verdicts other = {0}, cut = {0};

	v->count = 0;
	buf_clear(&v->posts);
	read_run(bytes, len, true, v);
	read_run(bytes, len, false, &other);
	same(v, &other, "line by line");
	read_cut(bytes, len, &cut);
	same(v, &cut, "cut at each line");
	if (v->count > 1) { /* two batches, cut at each place */
		for (size_t i = 0; i < len; i++) {
			struct verdicts two = {0};

			if (bytes[i] != '\n')
				continue;
			read_run(bytes, i + 1, true, &two);
			read_run(bytes + i + 1, len - i - 1, true, &two);
			same(v, &two, "cut in two");
			buf_fini(&two.posts);
		}
	}
	buf_fini(&other.posts);
	buf_fini(&cut.posts);
}

static void
check_file(const char *name, struct slice value, struct verdicts *v)
{
	struct buf input = {0};
	enum decode_result inside;

	buf_printf(&input, "%s\n{\"id\":\"m\",\"extra\":", good_a);
	buf_slice_put(&input, value);
	buf_printf(&input, ",\"text\":\"middle\"}\n%s\n", good_z);
	read_all_ways(input.data, input.len, v);
	assert_int_equal(v->count, 3);
	assert_int_equal(v->results[0], DECODE_POST);
	assert_int_equal(v->results[2], DECODE_POST);
	inside = v->results[1];
	if (name[0] == 'y' && inside != DECODE_POST)
		fail_msg("%s is refused", name);

	buf_clear(&input);
	buf_printf(&input, "%s\n", good_a);
	buf_slice_put(&input, value);
	buf_printf(&input, "\n%s\n", good_z);
	read_all_ways(input.data, input.len, v);
	assert_int_equal(v->count, 3);
	assert_int_equal(v->results[0], DECODE_POST);
	assert_int_equal(v->results[2], DECODE_POST);
	buf_fini(&input);
}

static void
test_suite(void **unused)
{
	char path[512], folder[] = "/tmp/vigie-suite-XXXXXX", command[1024];
	struct buf names = {0}, file = {0};
	struct verdicts v = {0};
	unsigned checked = 0, newlines = 0;
	char *name, *save = NULL;

	(void)unused;
	if (!lines_shared("data/edge/json_test_suite.tar.gz", path,
		sizeof(path))) {
		skip();
		return;
	}
	assert_non_null(mkdtemp(folder));
	snprintf(command, sizeof(command),
	    "tar -xzf '%s' -C %s && find %s -type f -name '[yni]_*.json' "
	    "| sort", path, folder, folder);
	lines_command(command, &names);
	buf_char(&names, '\0');
	for (name = strtok_r(names.data, "\n", &save); name != NULL;
	     name = strtok_r(NULL, "\n", &save)) {
		snprintf(command, sizeof(command), "cat '%s'", name);
		buf_clear(&file);
		lines_command(command, &file);
		if (file.len > 0 && file.data[file.len - 1] == '\n')
			file.len--;
		if (file.len > 0 && memchr(file.data, '\n', file.len)) {
			newlines++;
			continue;
		}
		check_file(strrchr(name, '/') + 1, buf_slice(&file), &v);
		checked++;
	}
	assert_true(checked > 250);
	assert_true(newlines < 30);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
	buf_fini(&names);
	buf_fini(&file);
	buf_fini(&v.posts);
}

/* Pieces of lines, good and bad, that meet in random order. */
static const struct slice pieces[] = {
    SLICE("{"), SLICE("}"), SLICE("["), SLICE("]"), SLICE(","), SLICE(":"),
    SLICE("\""), SLICE("\\"), SLICE("\\\""), SLICE("\\\\"), SLICE(" "),
    SLICE("\t"), SLICE("\r"), SLICE("\f"), SLICE("\x1a"), SLICE("\0"),
    SLICE("\xef\xbb\xbf"), SLICE("\xc3"), SLICE("\xa9"), SLICE("\xc3\xa9"),
    SLICE("\xf0\x9f\x98\x80"), SLICE("\xed\xa0\x80"), SLICE("\x01"),
    SLICE("null"), SLICE("true"), SLICE("12"), SLICE("-"), SLICE("1e5"),
    SLICE("\"text\""), SLICE("\"text\":\"a\""), SLICE("\"id\":"),
    SLICE("{\"text\":\"b\"}"), SLICE("\"author\":{\"id\":1}"),
    SLICE("\"did\":\"d\",\"time_us\":5"), SLICE("\"commit\":{"),
    SLICE("\"created_at\":\"\",\"id_str\":\"4\""), SLICE("\"links\":["),
    SLICE("\"record\":{\"text\":\"r\"}"), SLICE("\"user\":{\"id\":2"),
    SLICE("\"collection\":\"app.bsky.feed.post\""), SLICE("\"rkey\":\"k\""),
    SLICE("\"operation\":\"create\""), SLICE("\"\\u0074ext\":\"\\ud83d\""),
};

static void
put_random_line(struct rand *r, struct buf *out)
{
	const unsigned count = sizeof(pieces) / sizeof(pieces[0]);
	static const char whole[] =
	    "{\"did\":\"d\",\"time_us\":9,\"commit\":{\"record\":{\"text\":"
	    "\"x\\ty\",\"langs\":[\"en\"]},\"rkey\":\"k\",\"operation\":"
	    "\"create\",\"collection\":\"app.bsky.feed.post\"}}";
	size_t start;

	switch (rand_below(r, 6)) {
	case 0:
		buf_text(out, good_a);
		return;
	case 1:
		buf_text(out, good_z);
		return;
	case 2: /* a good line with one byte changed */
		start = out->len;
		buf_text(out, whole);
		out->data[start + rand_below(r, sizeof(whole) - 1)] =
		    pieces[rand_below(r, count)].data[0];
		return;
	case 3: /* a good line cut short */
		buf_put(out, whole, rand_below(r, sizeof(whole)));
		return;
	default:
		if (rand_below(r, 2))
			buf_char(out, '{');
		for (unsigned n = rand_below(r, 12); n > 0; n--)
			buf_slice_put(out, pieces[rand_below(r, count)]);
		if (rand_below(r, 2))
			buf_char(out, '}');
	}
}

static void
test_random(void **unused)
{
	struct buf input = {0};
	struct verdicts v = {0};
	unsigned posts = 0, bad = 0;

	(void)unused;
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		struct rand r;
		unsigned count;

		rand_seed(&r, seed);
		count = 1 + rand_below(&r, 8);
		buf_clear(&input);
		for (unsigned i = 0; i < count; i++) {
			put_random_line(&r, &input);
			if (i + 1 < count || rand_below(&r, 2))
				buf_char(&input, '\n');
		}
		if (input.len == 0)
			continue;
		read_all_ways(input.data, input.len, &v);
		for (unsigned i = 0; i < v.count; i++) {
			posts += v.results[i] == DECODE_POST;
			bad += v.results[i] >= DECODE_BAD_JSON;
		}
	}
	assert_true(posts > 2000);
	assert_true(bad > 2000);
	buf_fini(&input);
	buf_fini(&v.posts);
}

static int
open_state(void **unused)
{
	(void)unused;
	state = decode_auto.open();
	return 0;
}

static int
close_state(void **unused)
{
	(void)unused;
	decode_auto.close(state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_suite),
	    cmocka_unit_test(test_random),
	};

	static const char *const paths[] = {"avx2", "plain", "auto"};
	int failed = 0;

	for (unsigned i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!json_index_path(paths[i])) {
			printf("skipped: no %s here\n", paths[i]);
			continue;
		}
		failed |= cmocka_run_group_tests_name(
		    paths[i], tests, open_state, close_state);
	}
	return failed;
}
