/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pseudonym.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nettle/aes.h>
#include <nettle/sha2.h>

#include "engine/base/must.h"

#define KNOWN 4096u /* authors whose digits are kept: 96 KiB */

struct known {
	uint64_t author_key; /* 0: none */
	char hex[PSEUDONYM_HEX];
};

/* HMAC-SHA256 (RFC 2104) as far as it hangs on the key alone. */
struct keyed {
	struct sha256_ctx inner, outer;
};

struct pseudonym {
	struct aes128_ctx cipher;
	struct keyed keyed;
	struct known known[KNOWN];
};

static void
keyed_init(struct keyed *k, const unsigned char key[PSEUDONYM_KEY_BYTES])
{
	unsigned char inner[SHA256_BLOCK_SIZE], outer[SHA256_BLOCK_SIZE];

	_Static_assert(PSEUDONYM_KEY_BYTES <= SHA256_BLOCK_SIZE, "no longer");
	_Static_assert(PSEUDONYM_DIGEST_BYTES == SHA256_DIGEST_SIZE, "SHA");
	memset(inner, 0x36, sizeof(inner));
	memset(outer, 0x5c, sizeof(outer));
	for (size_t i = 0; i < PSEUDONYM_KEY_BYTES; i++) {
		inner[i] ^= key[i];
		outer[i] ^= key[i];
	}
	sha256_init(&k->inner);
	sha256_update(&k->inner, SHA256_BLOCK_SIZE, inner);
	sha256_init(&k->outer);
	sha256_update(&k->outer, SHA256_BLOCK_SIZE, outer);
}

static void
keyed_digest(const struct keyed *k, struct slice text,
    unsigned char out[SHA256_DIGEST_SIZE])
{
	struct sha256_ctx c = k->inner;

	sha256_update(&c, text.len, (const uint8_t *)text.data);
	sha256_digest(&c, SHA256_DIGEST_SIZE, out);
	c = k->outer;
	sha256_update(&c, SHA256_DIGEST_SIZE, out);
	sha256_digest(&c, SHA256_DIGEST_SIZE, out);
}

static void
put_hex(const unsigned char *bytes, char hex[PSEUDONYM_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned i = 0; i < PSEUDONYM_HEX / 2; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
}

void
pseudonym_digest(const unsigned char key[PSEUDONYM_KEY_BYTES],
    struct slice text, unsigned char out[PSEUDONYM_DIGEST_BYTES])
{
	struct keyed k;

	keyed_init(&k, key);
	keyed_digest(&k, text, out);
}

void
pseudonym_key(const char *text, unsigned char key[PSEUDONYM_KEY_BYTES])
{
	struct sha256_ctx c;

	_Static_assert(PSEUDONYM_KEY_BYTES == SHA256_DIGEST_SIZE, "one hash");
	sha256_init(&c);
	sha256_update(&c, strlen(text), (const uint8_t *)text);
	sha256_digest(&c, SHA256_DIGEST_SIZE, key);
}

void
pseudonym_key_random(unsigned char key[PSEUDONYM_KEY_BYTES])
{
	_Static_assert(PSEUDONYM_KEY_BYTES <= 256, "what one call gives");
	REQUIRE(getentropy(key, PSEUDONYM_KEY_BYTES) == 0);
}

struct pseudonym *
pseudonym_new(const unsigned char key[PSEUDONYM_KEY_BYTES])
{
	struct pseudonym *p = must_alloc(sizeof(*p));
	unsigned char own[SHA256_DIGEST_SIZE];

	_Static_assert(AES128_KEY_SIZE <= SHA256_DIGEST_SIZE, "its first half");
	/* A key of its own: accounts say nothing about authors' digits. */
	keyed_init(&p->keyed, key);
	keyed_digest(&p->keyed, SLICE("vigie accounts"), own);
	aes128_set_encrypt_key(&p->cipher, own);
	return p;
}

void
pseudonym_free(struct pseudonym *p)
{
	free(p);
}

uint64_t
pseudonym_account(struct pseudonym *p, uint64_t author_key)
{
	unsigned char in[AES_BLOCK_SIZE] = {0}, out[AES_BLOCK_SIZE];
	uint64_t account = 0;

	memcpy(in, &author_key, sizeof(author_key));
	aes128_encrypt(&p->cipher, AES_BLOCK_SIZE, out, in);
	memcpy(&account, out, sizeof(account));
	return account == 0 ? 1 : account;
}

void
pseudonym_author(const unsigned char key[PSEUDONYM_KEY_BYTES],
    struct slice text, char hex[PSEUDONYM_HEX])
{
	unsigned char out[SHA256_DIGEST_SIZE];

	pseudonym_digest(key, text, out);
	put_hex(out, hex);
}

const char *
pseudonym_digits(struct pseudonym *p, uint64_t author_key, struct slice text)
{
	struct known *known = &p->known[author_key % KNOWN];
	unsigned char out[SHA256_DIGEST_SIZE];

	if (known->author_key == author_key && author_key != 0)
		return known->hex;
	keyed_digest(&p->keyed, text, out);
	put_hex(out, known->hex);
	known->author_key = author_key;
	return known->hex;
}
