/*
 * Authors under a key: what leaves the process, or reaches its disk, is of no
 * use to anybody who has not the key.
 *
 * An account is a number that is compared with others (AES of the author key,
 * which a worker made of source and author); an author is the 16 hex digits
 * that alerts show (HMAC-SHA256 of the text, CONTRACT 8).
 * Thread: one at a time.  Owns: its cipher, the last authors' digits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_PSEUDONYM_H
#define ENGINE_PSEUDONYM_H

#include <stdint.h>

#include "engine/base/slice.h"

#define PSEUDONYM_KEY_BYTES 32
#define PSEUDONYM_HEX 16
#define PSEUDONYM_DIGEST_BYTES 32

struct pseudonym;

struct pseudonym *pseudonym_new(
    const unsigned char key[PSEUDONYM_KEY_BYTES]);
void pseudonym_free(struct pseudonym *p);

/** pseudonym_key(text, key): that of an owner who wrote ${text}: SHA-256. */
void pseudonym_key(const char *text, unsigned char key[PSEUDONYM_KEY_BYTES]);

/** pseudonym_key_random(key): one that nobody has, from the kernel. */
void pseudonym_key_random(unsigned char key[PSEUDONYM_KEY_BYTES]);

/** pseudonym_account(p, author_key): never 0, which means nobody. */
uint64_t pseudonym_account(struct pseudonym *p, uint64_t author_key);

/** pseudonym_digits(p, author_key, text): pseudonym_author under the key of
 * ${p}, out of its memory when ${author_key}, which stands for ${text}, was
 * asked for lately; valid until the next call. */
const char *pseudonym_digits(struct pseudonym *p, uint64_t author_key,
    struct slice text);

/** pseudonym_author(key, text, hex): the digits, not terminated. */
void pseudonym_author(const unsigned char key[PSEUDONYM_KEY_BYTES],
    struct slice text, char hex[PSEUDONYM_HEX]);

/** pseudonym_digest(key, text, out): HMAC-SHA256 of ${text}, whole. */
void pseudonym_digest(const unsigned char key[PSEUDONYM_KEY_BYTES],
    struct slice text, unsigned char out[PSEUDONYM_DIGEST_BYTES]);

#endif
