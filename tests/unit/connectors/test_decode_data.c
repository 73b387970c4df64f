/*
 * Goal: the real data sets decode: each line with a text is a post, each
 * without is told as such, none is bad in another way.
 * Method: every ndjson.gz of the shared data that is in the flat format,
 * unpacked and read batch by batch, line ends wherever they fall.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/connectors/decode_lines.h"

static struct lines lines;

struct tally {
	unsigned posts, empty, others;
};

static void
read_lines(struct slice bytes, struct tally *t)
{
	size_t at = 0;

	while (at < bytes.len) {
		size_t len = bytes.len - at < BATCH_BYTES ? bytes.len - at
							  : BATCH_BYTES;
		const char *end = memrchr(bytes.data + at, '\n', len);
		enum decode_result r;

		assert_non_null(end);
		len = (size_t)(end - bytes.data) + 1 - at;
		lines_begin(&lines, "auto", bytes.data + at, len);
		while ((r = lines_next(&lines)) != DECODE_END) {
			t->posts += r == DECODE_POST;
			t->empty += r == DECODE_BAD_EMPTY;
			t->others += r != DECODE_POST &&
			    r != DECODE_BAD_EMPTY;
			if (r == DECODE_POST)
				assert_non_null(lines.post.text.data);
		}
		at += len;
	}
}

static void
check(const char *name, unsigned posts, unsigned empty)
{
	char path[512], command[600];
	struct buf bytes = {0};
	struct tally t = {0};

	if (!lines_shared(name, path, sizeof(path))) {
		skip();
		return;
	}
	snprintf(command, sizeof(command), "gzip -dc '%s'", path);
	lines_command(command, &bytes);
	read_lines(buf_slice(&bytes), &t);
	if (t.posts != posts || t.empty != empty || t.others != 0)
		fail_msg("%s: %u posts, %u empty, %u others", name, t.posts,
		    t.empty, t.others);
	buf_fini(&bytes);
}

static void
test_data(void **unused)
{
	(void)unused;
	check("data/brands_en/airline_2015-02-16_22.ndjson.gz", 10262, 0);
	check("data/brands_en/customer_support_sample.ndjson.gz", 5000, 0);
	check("data/brands_en/sanders_apple_google.ndjson.gz", 2459, 0);
	check("data/coordinated/ira_stream_2015-11-15_12-05.ndjson.gz",
	    100160, 0);
	check("data/crisis/crisislex_t26_labeled_14events.ndjson.gz", 15403, 0);
	check("data/crisis/crisislex_t6_2013_Boston_Bombings.ndjson.gz",
	    10012, 0);
	check("data/crisis/crisislex_t6_2013_Queensland_Floods.ndjson.gz",
	    10033, 0);
	check("data/crisis/crisislex_t6_2013_West_Texas_Explosion.ndjson.gz",
	    10006, 0);
	check("data/french/crises_ecologiques_ids_labels.ndjson.gz", 0, 8506);
	check("data/french/debat_presidentielle_2017.ndjson.gz", 345, 0);
	check("data/french/free_mobile_2020_2025.ndjson.gz", 3764, 0);
	check("data/french/media_accounts_2022.ndjson.gz", 2800, 0);
	check("data/french/mlma_fr.ndjson.gz", 4014, 0);
	check("data/french/xlmt_fr_sentiment_train_val.ndjson.gz", 2163, 0);
}

static int
close_lines(void **unused)
{
	(void)unused;
	lines_end(&lines);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_data),
	};

	return cmocka_run_group_tests(tests, NULL, close_lines);
}
