/*
 * Goal: plain, gzip and zstd files give the same bytes, and what is broken or
 * missing is said with its name.  Method: files written here.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "connectors/reader.h"
#include "engine/base/buf.h"

static char path[] = "/tmp/vigie-reader-XXXXXX";
static struct buf text;

static int
make_text(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	for (int i = 0; i < 40000; i++)
		buf_printf(&text, "{\"id\":\"%d\",\"text\":\"hello\"}\n", i);
	return fd < 0 || close(fd);
}

static int
drop_text(void **state)
{
	(void)state;
	buf_fini(&text);
	return unlink(path);
}

static void
write_file(const void *bytes, size_t len)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	fclose(f);
}

/* Read all in rooms of ${room}; the result of the last read. */
static ssize_t
read_all(struct buf *out, size_t room, struct err *err)
{
	struct reader *r;
	ssize_t n;

	assert_int_equal(reader_open(path, &r, err), 0);
	assert_int_equal(reader_waits(r), -1);
	buf_clear(out);
	do {
		n = reader_read(r, buf_reserve(out, room), room, err);
		if (n > 0)
			out->len += (size_t)n;
	} while (n > 0);
	if (n == 0)
		assert_int_equal(reader_bytes(r), reader_size(path));
	reader_close(r);
	return n;
}

static void
check_same(void)
{
	static const size_t rooms[] = {100, 65536, 1 << 20};
	struct buf out = {0};
	struct err err;

	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(read_all(&out, rooms[i], &err), 0);
		assert_int_equal(out.len, text.len);
		assert_memory_equal(out.data, text.data, text.len);
	}
	buf_fini(&out);
}

static void
reads_plain(void **state)
{
	(void)state;
	write_file(text.data, text.len);
	check_same();
}

static void
reads_gzip(void **state)
{
	gzFile f = gzopen(path, "w");

	(void)state;
	assert_int_equal(
	    gzwrite(f, text.data, (unsigned)text.len), (int)text.len);
	gzclose(f);
	check_same();
}

static size_t
pack_zstd(struct buf *out)
{
	size_t room = ZSTD_compressBound(text.len);

	return ZSTD_compress(buf_reserve(out, room), room, text.data,
	    text.len, 1);
}

static void
reads_zstd(void **state)
{
	struct buf out = {0};

	(void)state;
	out.len = pack_zstd(&out);
	write_file(out.data, out.len);
	check_same();
	buf_fini(&out);
}

static void
says_what_is_broken(void **state)
{
	struct buf packed = {0}, out = {0};
	struct reader *r;
	struct err err;

	(void)state;
	packed.len = pack_zstd(&packed);
	write_file(packed.data, packed.len / 2);
	assert_true(read_all(&out, 65536, &err) < 0);
	assert_non_null(strstr(err.text, path));
	/* What was good before the break is kept. */
	assert_memory_equal(out.data, text.data, out.len);
	assert_true(reader_open("/nonexistent/x", &r, &err) < 0);
	assert_non_null(strstr(err.text, "/nonexistent/x"));
	assert_int_equal(reader_size("/nonexistent/x"), 0);
	assert_int_equal(reader_size("/tmp"), 0);
	buf_fini(&packed);
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_plain),
	    cmocka_unit_test(reads_gzip),
	    cmocka_unit_test(reads_zstd),
	    cmocka_unit_test(says_what_is_broken),
	};

	return cmocka_run_group_tests(tests, make_text, drop_text);
}
