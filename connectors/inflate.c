/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/inflate.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "engine/base/must.h"

/* Windows above 2^27 bytes are refused: a few packed bytes could otherwise
 * ask for 2 GiB. */
#define ZSTD_WINDOW_LOG 27
#define HEAD_BYTES 4

enum format { UNKNOWN, PLAIN, GZIP, ZSTD };

/* Where a packed input stands: inside a member or frame, between two, or in
 * the zero bytes that some writers leave behind the last gzip member. */
enum place { INSIDE, BETWEEN, PADDING };

struct inflate {
	enum format format;
	enum place place;
	bool broken;
	bool holding; /* the library may have more output without input */
	unsigned char head[HEAD_BYTES]; /* held until the format is known */
	size_t head_len, head_at;
	uint64_t consumed; /* packed bytes, for messages */
	z_stream gzip;
	bool gzip_open;
	ZSTD_DStream *zstd;
};

/* The buffers of one call. */
struct io {
	const unsigned char *in;
	size_t in_len, in_at;
	char *out;
	size_t room, made;
};

struct inflate *
inflate_open(void)
{
	return must_alloc(sizeof(struct inflate));
}

void
inflate_close(struct inflate *z)
{
	if (z == NULL)
		return;
	if (z->gzip_open)
		inflateEnd(&z->gzip);
	ZSTD_freeDStream(z->zstd);
	free(z);
}

void
inflate_reset(struct inflate *z)
{
	z->format = UNKNOWN;
	z->place = INSIDE;
	z->broken = z->holding = false;
	z->head_len = z->head_at = 0;
	z->consumed = 0;
}

const char *
inflate_format(const struct inflate *z)
{
	static const char *const names[] = {"unknown", "plain", "gzip", "zstd"};

	return names[z->format];
}

static int
fail(struct inflate *z, struct err *err, const char *why)
{
	z->broken = true;
	return err_set(err, -EIO, "%s input: %s (near byte %llu of it)",
	    inflate_format(z), why, (unsigned long long)z->consumed);
}

/* What the first ${n} bytes say; UNKNOWN while they fit several answers. */
static enum format
recognise(const unsigned char *p, size_t n)
{
	static const unsigned char gzip[3] = {0x1f, 0x8b, 0x08};
	static const unsigned char zstd[4] = {0x28, 0xb5, 0x2f, 0xfd};
	static const unsigned char skip[3] = {0x2a, 0x4d, 0x18};

	if (n == 0)
		return UNKNOWN;
	if (!memcmp(p, gzip, n < 3 ? n : 3))
		return n < 3 ? UNKNOWN : GZIP;
	if (!memcmp(p, zstd, n < 4 ? n : 4))
		return n < 4 ? UNKNOWN : ZSTD;
	if ((p[0] & 0xf0) == 0x50 && !memcmp(p + 1, skip, n < 4 ? n - 1 : 3))
		return n < 4 ? UNKNOWN : ZSTD;
	return PLAIN;
}

static int
start(struct inflate *z, struct err *err)
{
	z->place = INSIDE;
	if (z->format == GZIP) {
		int rc = z->gzip_open ? inflateReset(&z->gzip)
				      : inflateInit2(&z->gzip, 15 + 16);
		if (rc != Z_OK)
			return fail(z, err, "no memory to unpack it");
		z->gzip_open = true;
	}
	if (z->format == ZSTD) {
		if (z->zstd == NULL)
			z->zstd = ZSTD_createDStream();
		if (z->zstd == NULL)
			return fail(z, err, "no memory to unpack it");
		ZSTD_DCtx_reset(z->zstd, ZSTD_reset_session_only);
		ZSTD_DCtx_setParameter(
		    z->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
	}
	return 0;
}

static void
plain_step(struct io *io)
{
	size_t n = io->in_len - io->in_at;

	if (n > io->room - io->made)
		n = io->room - io->made;
	if (n > 0)
		memcpy(io->out + io->made, io->in + io->in_at, n);
	io->in_at += n;
	io->made += n;
}

/* Bytes behind a member: the next member, or padding. */
static int
gzip_between(struct inflate *z, struct io *io, struct err *err)
{
	while (io->in_at < io->in_len) {
		unsigned char c = io->in[io->in_at];

		if (c == 0x1f && z->place == BETWEEN)
			return start(z, err);
		if (c != 0)
			return fail(z, err, "other bytes behind its end");
		z->place = PADDING;
		io->in_at++;
		z->consumed++;
	}
	return 0;
}

static int
gzip_step(struct inflate *z, struct io *io, struct err *err)
{
	size_t in = io->in_len - io->in_at, out = io->room - io->made;
	int rc;

	if (z->place != INSIDE)
		return gzip_between(z, io, err);
	z->gzip.next_in = (z_const Bytef *)(uintptr_t)(io->in + io->in_at);
	z->gzip.avail_in = in > UINT_MAX ? UINT_MAX : (uInt)in;
	z->gzip.next_out = (Bytef *)io->out + io->made;
	z->gzip.avail_out = out > UINT_MAX ? UINT_MAX : (uInt)out;
	in = z->gzip.avail_in;
	out = z->gzip.avail_out;
	rc = inflate(&z->gzip, Z_NO_FLUSH);
	io->in_at += in - z->gzip.avail_in;
	z->consumed += in - z->gzip.avail_in;
	io->made += out - z->gzip.avail_out;
	if (rc == Z_STREAM_END)
		z->place = BETWEEN;
	else if (rc == Z_NEED_DICT)
		return fail(z, err, "needs a dictionary");
	else if (rc != Z_OK && rc != Z_BUF_ERROR)
		return fail(z, err,
		    z->gzip.msg != NULL ? z->gzip.msg : "broken");
	return 0;
}

static int
zstd_step(struct inflate *z, struct io *io, struct err *err)
{
	ZSTD_inBuffer in = {io->in, io->in_len, io->in_at};
	ZSTD_outBuffer out = {io->out, io->room, io->made};
	size_t rc = ZSTD_decompressStream(z->zstd, &out, &in);

	z->consumed += in.pos - io->in_at;
	io->in_at = in.pos;
	io->made = out.pos;
	if (ZSTD_isError(rc))
		return fail(z, err, ZSTD_getErrorName(rc));
	z->place = rc == 0 ? BETWEEN : INSIDE;
	return 0;
}

/* Work through ${io} until its input is used or its room is. */
static int
pump(struct inflate *z, struct io *io, struct err *err)
{
	while ((io->in_at < io->in_len || z->holding) && io->made < io->room) {
		int rc = 0;

		z->holding = false;
		if (z->format == PLAIN)
			plain_step(io);
		else if (z->format == GZIP)
			rc = gzip_step(z, io, err);
		else
			rc = zstd_step(z, io, err);
		if (rc < 0)
			return rc;
	}
	z->holding = io->made == io->room && z->format != PLAIN &&
	    z->place == INSIDE;
	return 0;
}

/* Gather first bytes until they tell; true when they do. */
static bool
know(struct inflate *z, struct io *io, bool last)
{
	while (z->format == UNKNOWN && io->in_at < io->in_len) {
		z->head[z->head_len++] = io->in[io->in_at++];
		z->format = recognise(z->head, z->head_len);
	}
	if (z->format == UNKNOWN && last)
		z->format = PLAIN;
	return z->format != UNKNOWN;
}

static int
feed(struct inflate *z, struct io *io, bool last, struct err *err)
{
	int rc;

	if (z->format == UNKNOWN) {
		if (!know(z, io, last))
			return INFLATE_MORE;
		rc = start(z, err);
		if (rc < 0)
			return rc;
	}
	if (z->head_at < z->head_len) {
		struct io head = {z->head, z->head_len, z->head_at, io->out,
		    io->room, io->made};

		rc = pump(z, &head, err);
		z->head_at = head.in_at;
		io->made = head.made;
		if (rc < 0)
			return rc;
		if (z->head_at < z->head_len)
			return INFLATE_FULL;
	}
	rc = pump(z, io, err);
	if (rc < 0)
		return rc;
	if (io->in_at < io->in_len || z->holding)
		return INFLATE_FULL;
	if (!last)
		return INFLATE_MORE;
	if (z->format != PLAIN && z->place == INSIDE)
		return fail(z, err, "truncated");
	return INFLATE_END;
}

int
inflate_feed(struct inflate *z, const char *in, size_t in_len, bool last,
    size_t *used, char *out, size_t room, size_t *made, struct err *err)
{
	struct io io = {(const unsigned char *)in, in_len, 0, out, room, 0};
	int rc;

	REQUIRE(room > 0);
	REQUIRE(!z->broken);
	rc = feed(z, &io, last, err);
	*used = io.in_at;
	*made = io.made;
	return rc;
}
