/*
 * A set and its base as bytes of a file, and back.
 *
 *	image.c        which parts there are, in one order for both ways
 *	image_bytes.c  arrays, texts, the header with its checksum
 *	cache.c        the files, and whether one serves
 *
 * Arrays lie in the file as they do in memory, aligned; texts behind them,
 * and who points to one holds its place instead.  Both are read into a set's
 * arenas in one go, or mapped there (decision 82).  The code of regexes has no
 * place in a file: posts ask for it.  Tables of lists are made anew.
 * Thread: one at a time, off the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_IMAGE_H
#define RULES_IMAGE_H

#include "rules/patch.h"

/* Bytes of the largest file that is mapped; what is larger is read, into huge
 * pages. */
#define IMAGE_MAPPED_MAX (2u << 20)

struct image {
	bool load;
	bool broken; /* load: it does not hold what it should */
	/* to save */
	struct image_part {
		char *data;
		size_t len, room;
	} arrays, texts;
	struct arena *arena; /* of both: in huge pages */
	/* to load */
	bool map; /* nobody but us can change the file */
	char *from, *text;
	size_t from_len, text_len, at;
};

/** image_array(im, items, bytes): save: a copy of ${items} in the file; load:
 * where they lie; NULL when they do not.  Until the next call. */
void *image_array(struct image *im, const void *items, size_t bytes);

/** image_slice(im, s): a slice within what image_array gave last. */
void image_slice(struct image *im, struct slice *s);

/** image_begin(im, arrays, texts): to save about so many bytes.
 * image_end(im): free them. */
void image_begin(struct image *im, size_t arrays, size_t texts);
void image_end(struct image *im);

/** image_write(im, path, key): the file, in one piece or not at all; 0 or an
 * errno.  image_read(im, path, key, rs): into the arenas of ${rs}; ESTALE: it
 * is of another program or damaged. */
int image_write(const struct image *im, const char *path, uint64_t key);
int image_read(struct image *im, const char *path, uint64_t key,
    const struct ruleset *rs);

/** image_base(im, base), image_set(im, rs, base): what they hold; in this
 * order. */
void image_base(struct image *im, struct rules_base *base);
void image_set(struct image *im, struct ruleset *rs, struct rules_base *base);

/** cache_load(paths, count, options): the set of these paths from
 * ${options}->cache, and its base; NULL: there is none, or not of what the
 * files hold now. */
struct ruleset *cache_load(const char *const *paths, size_t count,
    const struct rules_options *options);

/** cache_save(paths, count, options, rs): for the next time; ${options}->base
 * is its base. */
void cache_save(const char *const *paths, size_t count,
    const struct rules_options *options, const struct ruleset *rs);

#endif
