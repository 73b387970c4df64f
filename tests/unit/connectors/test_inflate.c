/*
 * Goal: gzip, zstd and plain inputs come out whole however they are cut;
 * broken and truncated ones are an error that says so.
 * Method: inputs made here with the libraries, fed in pieces of 1, 2, 3, 7
 * and all bytes, into rooms of 1, 5 and many bytes.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zlib.h>
#include <zstd.h>

#include "connectors/inflate.h"
#include "engine/base/buf.h"

static const size_t sizes[] = {1, 2, 3, 7, 1 << 20};
static const size_t rooms[] = {1, 5, 1 << 16};

static void
put_gzip(struct buf *out, struct slice text)
{
	z_stream z = {0};

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8,
			     Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (z_const Bytef *)(uintptr_t)text.data;
	z.avail_in = (uInt)text.len;
	z.avail_out = (uInt)text.len + 256;
	z.next_out = (Bytef *)buf_reserve(out, text.len + 256);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->len += z.total_out;
	deflateEnd(&z);
}

static void
put_zstd(struct buf *out, struct slice text)
{
	size_t room = ZSTD_compressBound(text.len);
	size_t n = ZSTD_compress(
	    buf_reserve(out, room), room, text.data, text.len, 3);

	assert_false(ZSTD_isError(n));
	out->len += n;
}

/* Feed ${in} in pieces; the result of the last call. */
static int
run(struct inflate *z, struct slice in, size_t piece, size_t room,
    struct buf *out, struct err *err)
{
	size_t at = 0, end = 0, used, made;
	int rc;

	buf_clear(out);
	for (;;) {
		if (end == at)
			end = in.len - at < piece ? in.len : at + piece;
		rc = inflate_feed(z, in.data + at, end - at, end == in.len,
		    &used, buf_reserve(out, room), room, &made, err);
		assert_true(used <= end - at && made <= room);
		at += used;
		out->len += made;
		if (rc == INFLATE_MORE) {
			assert_int_equal(at, end);
			assert_true(end < in.len);
		} else if (rc != INFLATE_FULL) {
			return rc;
		}
	}
}

static void
check(struct slice in, struct slice text, const char *format)
{
	struct inflate *z = inflate_open();
	struct buf out = {0};
	struct err err;

	for (unsigned i = 0; i < 5; i++)
		for (unsigned j = 0; j < 3; j++) {
			inflate_reset(z);
			assert_int_equal(
			    run(z, in, sizes[i], rooms[j], &out, &err),
			    INFLATE_END);
			assert_true(slice_equal(buf_slice(&out), text));
			assert_string_equal(inflate_format(z), format);
		}
	inflate_close(z);
	buf_fini(&out);
}

static void
check_error(struct slice in, struct slice text, const char *reason)
{
	struct inflate *z = inflate_open();
	struct buf out = {0};
	struct err err;

	for (unsigned i = 0; i < 5; i++) {
		inflate_reset(z);
		assert_true(run(z, in, sizes[i], 1 << 16, &out, &err) < 0);
		assert_non_null(strstr(err.text, reason));
		assert_true(out.len <= text.len);
		assert_true(out.len == 0 ||
		    !memcmp(out.data, text.data, out.len));
	}
	inflate_close(z);
	buf_fini(&out);
}

static struct buf text;

static void
test_plain(void **unused)
{
	(void)unused;
	check(buf_slice(&text), buf_slice(&text), "plain");
	check(SLICE(""), SLICE(""), "plain");
	check(SLICE("\x1f"), SLICE("\x1f"), "plain");
	check(SLICE("\x1f\x8b"), SLICE("\x1f\x8b"), "plain");
	check(SLICE("\x1f\x8b\x07zz"), SLICE("\x1f\x8b\x07zz"), "plain");
	check(SLICE("\x28\xb5\x2f"), SLICE("\x28\xb5\x2f"), "plain");
	check(SLICE("\x28{}\n"), SLICE("\x28{}\n"), "plain");
	check(SLICE("P\n"), SLICE("P\n"), "plain");
}

static void
test_gzip(void **unused)
{
	struct buf in = {0}, twice = {0};

	(void)unused;
	put_gzip(&in, buf_slice(&text));
	check(buf_slice(&in), buf_slice(&text), "gzip");
	put_gzip(&in, SLICE(""));
	put_gzip(&in, buf_slice(&text));
	buf_slice_put(&twice, buf_slice(&text));
	buf_slice_put(&twice, buf_slice(&text));
	check(buf_slice(&in), buf_slice(&twice), "gzip");
	buf_put(&in, "\0\0\0\0\0", 5);
	check(buf_slice(&in), buf_slice(&twice), "gzip");
	buf_put(&in, "x", 1);
	check_error(buf_slice(&in), buf_slice(&twice), "behind its end");
	buf_fini(&in);
	buf_fini(&twice);
}

static void
test_zstd(void **unused)
{
	static const char skip[] = "\x50\x2a\x4d\x18\x03\0\0\0abc";
	struct buf in = {0}, twice = {0};

	(void)unused;
	put_zstd(&in, buf_slice(&text));
	check(buf_slice(&in), buf_slice(&text), "zstd");
	buf_put(&in, skip, sizeof(skip) - 1);
	put_zstd(&in, SLICE(""));
	put_zstd(&in, buf_slice(&text));
	buf_slice_put(&twice, buf_slice(&text));
	buf_slice_put(&twice, buf_slice(&text));
	check(buf_slice(&in), buf_slice(&twice), "zstd");
	buf_clear(&in);
	buf_put(&in, skip, sizeof(skip) - 1);
	put_zstd(&in, buf_slice(&text));
	check(buf_slice(&in), buf_slice(&text), "zstd");
	buf_put(&in, "trailer", 7);
	check_error(buf_slice(&in), buf_slice(&text), "zstd input");
	buf_fini(&in);
	buf_fini(&twice);
}

static void
test_truncated(void **unused)
{
	struct buf gzip = {0}, zstd = {0};

	(void)unused;
	put_gzip(&gzip, buf_slice(&text));
	put_zstd(&zstd, buf_slice(&text));
	for (size_t cut = 1; cut < 30; cut += 3) {
		check_error((struct slice){gzip.data, gzip.len - cut},
		    buf_slice(&text), "gzip input: truncated");
		check_error((struct slice){zstd.data, zstd.len - cut},
		    buf_slice(&text), "zstd input: truncated");
	}
	buf_fini(&gzip);
	buf_fini(&zstd);
}

/* A flipped bit shows at the latest at the checksum. */
static void
test_broken(void **unused)
{
	struct inflate *z = inflate_open();
	struct buf in = {0}, out = {0};
	struct err err;

	(void)unused;
	put_gzip(&in, buf_slice(&text));
	in.data[in.len / 2] ^= 0x55;
	assert_true(run(z, buf_slice(&in), 4096, 4096, &out, &err) < 0);
	assert_non_null(strstr(err.text, "gzip input: "));
	inflate_close(z);
	buf_fini(&in);
	buf_fini(&out);
}

static int
make_text(void **unused)
{
	uint32_t state = 1;

	(void)unused;
	for (unsigned i = 0; i < 3000; i++) {
		state = state * 1664525 + 1013904223;
		buf_printf(&text, "{\"id\":\"%u\"}\n", state >> 8);
	}
	return 0;
}

static int
free_text(void **unused)
{
	(void)unused;
	buf_fini(&text);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_gzip),
	    cmocka_unit_test(test_zstd),
	    cmocka_unit_test(test_truncated),
	    cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, make_text, free_text);
}
