/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "engine/base/must.h"
#include "rules/image.h"

#define MAGIC "vigieset"

struct head {
	char magic[8];
	uint64_t key; /* program, libraries, paths */
	uint64_t arrays, texts; /* bytes */
	uint64_t sum[2];        /* of both */
	uint64_t none;          /* so that arrays begin at a whole line */
	uint64_t own;           /* of this head up to here */
};

_Static_assert(sizeof(struct head) % 64 == 0, "a line of the cache");

void
image_begin(struct image *im, size_t arrays, size_t texts)
{
	im->arena = arena_new();
	im->arrays.room = arrays;
	im->arrays.data = arena_alloc(im->arena, arrays);
	im->texts.room = texts;
	im->texts.data = arena_alloc(im->arena, texts);
}

void
image_end(struct image *im)
{
	arena_free(im->arena);
}

/* Room for ${bytes} more, zeroed; what there was may move. */
static char *
extend(struct image *im, struct image_part *part, size_t bytes)
{
	char *to;

	if (part->room - part->len < bytes) {
		size_t room = part->room * 2 + bytes;

		to = arena_alloc(im->arena, room);
		memcpy(to, part->data, part->len);
		part->data = to;
		part->room = room;
	}
	to = part->data + part->len;
	part->len += bytes;
	return to;
}

void *
image_array(struct image *im, const void *items, size_t bytes)
{
	size_t rounded = (bytes + 15) & ~(size_t)15;
	char *to;

	if (!im->load) {
		to = extend(im, &im->arrays, rounded);
		if (bytes > 0)
			memcpy(to, items, bytes);
		return to;
	}
	if (im->broken || im->from_len - im->at < rounded) {
		im->broken = true;
		return NULL;
	}
	to = im->from + im->at;
	im->at += rounded;
	return to;
}

/* In the file data is the place of the text + 1; 0: there is none. */
void
image_slice(struct image *im, struct slice *s)
{
	uintptr_t place = (uintptr_t)s->data;

	if (!im->load) {
		if (s->data == NULL)
			return;
		place = im->texts.len + 1;
		memcpy(extend(im, &im->texts, s->len + 1), s->data, s->len);
		s->data = (const char *)place; /* NOLINT: as an offset */
		return;
	}
	if (place == 0)
		return;
	if (place > im->text_len || im->text_len - place < s->len) {
		im->broken = true;
		*s = SLICE("");
		return;
	}
	s->data = im->text + place - 1;
}

static void
sum(const char *arrays, size_t arrays_len, const char *texts,
    size_t texts_len, uint64_t out[2])
{
	out[0] = XXH3_64bits(arrays, arrays_len);
	out[1] = XXH3_64bits(texts, texts_len);
}

static bool
write_all(int fd, const void *from, size_t bytes)
{
	const char *p = from;

	while (bytes > 0) {
		ssize_t n = write(fd, p, bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		p += n;
		bytes -= (size_t)n;
	}
	return true;
}

int
image_write(const struct image *im, const char *path, uint64_t key)
{
	struct head head = {.magic = MAGIC, .key = key,
	    .arrays = im->arrays.len, .texts = im->texts.len};
	size_t room = strlen(path) + sizeof(".XXXXXX");
	char *part = must_alloc(room);
	int fd, rc = 0;

	sum(im->arrays.data, im->arrays.len, im->texts.data, im->texts.len,
	    head.sum);
	head.own = XXH3_64bits(&head, offsetof(struct head, own));
	snprintf(part, room, "%s.XXXXXX", path);
	fd = mkostemp(part, O_CLOEXEC); /* mode 0600 */
	if (fd < 0) {
		rc = errno;
		free(part);
		return rc;
	}
	if (!write_all(fd, &head, sizeof(head)) ||
	    !write_all(fd, im->arrays.data, im->arrays.len) ||
	    !write_all(fd, im->texts.data, im->texts.len))
		rc = errno;
	if (close(fd) != 0 && rc == 0)
		rc = errno;
	if (rc == 0 && rename(part, path) != 0)
		rc = errno;
	if (rc != 0)
		unlink(part);
	free(part);
	return rc;
}

static bool
read_all(int fd, void *to, size_t bytes)
{
	char *p = to;

	while (bytes > 0) {
		ssize_t n = read(fd, p, bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		bytes -= (size_t)n;
	}
	return true;
}

/* A head is believed only when the file is as long as it says. */
static bool
is_sound(const struct head *head, uint64_t key, const struct stat *st)
{
	uint64_t left = (uint64_t)st->st_size - sizeof(*head);

	return !memcmp(head->magic, MAGIC, sizeof(head->magic)) &&
	       head->own == XXH3_64bits(head, offsetof(struct head, own)) &&
	       head->key == key && head->arrays <= left &&
	       head->texts == left - head->arrays;
}

/* Where nobody changes the file, and what it holds is needed but once, its
 * pages serve as they are; larger ones are better off in huge pages. */
static bool
map_all(struct image *im, int fd, const struct ruleset *rs)
{
	size_t bytes = sizeof(struct head) + im->from_len + im->text_len;
	char *p = bytes > IMAGE_MAPPED_MAX
		      ? NULL
		      : arena_map(rs->shared->arena, fd, bytes);

	if (p == NULL)
		return false;
	im->from = p + sizeof(struct head);
	im->text = im->from + im->from_len;
	return true;
}

static bool
read_arrays(struct image *im, int fd, const struct ruleset *rs)
{
	if (im->map && map_all(im, fd, rs))
		return true;
	im->from = arena_alloc(rs->arena, im->from_len + 16);
	im->text = arena_alloc(rs->shared->arena, im->text_len + 16);
	return read_all(fd, im->from, im->from_len) &&
	       read_all(fd, im->text, im->text_len);
}

int
image_read(struct image *im, const char *path, uint64_t key,
    const struct ruleset *rs)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct head head;
	struct stat st;
	uint64_t found[2];
	int rc = ESTALE;

	if (fd < 0)
		return errno;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_uid == geteuid() || st.st_uid == 0) &&
	    (size_t)st.st_size >= sizeof(head) &&
	    read_all(fd, &head, sizeof(head)) && is_sound(&head, key, &st)) {
		im->load = true;
		im->from_len = head.arrays;
		im->text_len = head.texts;
		if (read_arrays(im, fd, rs)) {
			sum(im->from, head.arrays, im->text, head.texts,
			    found);
			rc = memcmp(found, head.sum, sizeof(found)) == 0
				 ? 0
				 : ESTALE;
		}
	}
	close(fd);
	return rc;
}
