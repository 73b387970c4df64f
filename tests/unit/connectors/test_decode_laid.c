/*
 * Goal: a line that a stencil fits gives the same verdict and the same post as
 * the walk over the line alone, whatever is changed in it, at once and in two
 * goes; stencils are used.
 * Method: lines of even lengths but for their text, with texts of all lengths,
 * escapes and characters, some with changed bytes, renamed keys and parts cut
 * out or doubled; each batch is read with stencils and line by line, on all
 * paths.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/connectors/decode_both.h"

#include "engine/base/cpu.h"

/* What a text may hold: short and long, escapes and characters at the ends of
 * blocks, now and then something that is not allowed. */
static void
put_text(struct rand *r, struct buf *out)
{
	static const char *const parts[] = {"a", "\\n", "\\\"", "\\\\",
	    "\xc3\xa9", "\xe2\x80\x99", "\xf0\x9f\x98\x80", "\\u00e9", " ",
	    "word", "thirty bytes of text, or nearly", "\\ud83d\\ude00"};
	static const char *const wrong[] = {"\xc3", "\x01", "\\x", "\"",
	    "\xed\xa0\x80", "\xf5\x80\x80\x80", "\\", "\xa9", "\xc0\xaf"};

	for (unsigned n = rand_below(r, rand_below(r, 9) ? 24 : 90); n > 0;
	     n--)
		buf_text(out, parts[rand_below(r, 12)]);
	if (rand_below(r, 12) == 0)
		buf_text(out, wrong[rand_below(r, 9)]);
	for (unsigned n = rand_below(r, 70); n > 0; n--)
		buf_char(out, 'x');
}

/* Each value but the text and the followers has one length.  ${odd}: and some
 * are no posts by a word of the same length. */
static void
put_even(struct rand *r, struct buf *out, bool flat, bool odd)
{
	const char *operation = "create", *collection = "app.bsky.feed.post";

	if (odd && rand_below(r, 6) == 0)
		operation = rand_below(r, 2) ? "update" : "delete";
	if (odd && rand_below(r, 6) == 0)
		collection = "app.bsky.feed.like";
	if (flat)
		buf_printf(out, "{\"id\":%u,\"ts\":\"2026-06-21T00:%02u:44Z\","
		    "\"edited\":true,\"author\":\"@h%u\",\"lang\":null,"
		    "\"tags\":[\"t%u\"],\"text\":\"",
		    1000 + rand_below(r, 9000), 10 + rand_below(r, 50),
		    10 + rand_below(r, 90), rand_below(r, 10));
	else
		buf_printf(out, "{\"did\":\"did:plc:%u\",\"time_us\":"
		    "17820005848%05u,\"kind\":\"commit\",\"commit\":{"
		    "\"operation\":\"%s\",\"collection\":"
		    "\"%s\",\"rkey\":\"k%u\",\"record\":{"
		    "\"createdAt\":\"2026-06-21T00:09:%02u.800Z\","
		    "\"langs\":[\"en\"],\"text\":\"",
		    10 + rand_below(r, 90), rand_below(r, 99999), operation,
		    collection, rand_below(r, 10), 10 + rand_below(r, 50));
	put_text(r, out);
	buf_printf(out, "%s\"followers\":%u}\n", flat ? "\"," : "\"}},",
	    rand_below(r, 9) ? rand_below(r, 100000) : rand_below(r, 9));
}

/* Lines that stencils fit, and such lines with a change. */
static void
test_laid(void **unused)
{
	static const char *const paths[] = {"plain", "avx2", "auto"};

	(void)unused;
	for (unsigned i = 0; i < 2 * sizeof(paths) / sizeof(paths[0]); i++) {
		struct buf bytes = {0};
		struct rand r;

		if (!cpu_limit(paths[i / 2])) {
			printf("skipped: no %s here\n", paths[i / 2]);
			continue;
		}
		rand_seed(&r, 1936 + i);
		state = decode_auto.open();
		for (unsigned k = 0; k < 2 * ROUNDS; k++) {
			size_t from;

			buf_clear(&bytes);
			for (unsigned n = 0; n < 12; n++) {
				from = bytes.len;
				put_even(&r, &bytes, i % 2 == 1,
				    k > 3 * ROUNDS / 2);
				if (k > ROUNDS / 4 && rand_below(&r, 6) == 0)
					change(&r, &bytes, from);
			}
			check(buf_slice(&bytes), paths[i / 2]);
		}
		if (decode_laid_lines(state) < 4 * ROUNDS)
			fail_msg("%s: %llu lines by a stencil", paths[i / 2],
			    (unsigned long long)decode_laid_lines(state));
		if (rests < 2 * ROUNDS)
			fail_msg("%s: %lu lines in two goes", paths[i / 2],
			    rests);
		rests = 0;
		decode_auto.close(state);
		buf_fini(&bytes);
	}
	assert_true(cpu_limit("auto"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_laid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
