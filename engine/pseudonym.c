/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pseudonym.h"

#include <stdlib.h>

/* The calls of OpenSSL 3 look algorithms up by name each time, which costs
 * five times the digest of an author; these are its plain ones. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "engine/base/must.h"

#define BLOCK 16
#define KNOWN 4096u /* authors whose digits are kept: 96 KiB */

struct known {
	uint64_t author_key; /* 0: none */
	char hex[PSEUDONYM_HEX];
};

struct pseudonym {
	EVP_CIPHER_CTX *cipher;
	unsigned char key[PSEUDONYM_KEY_BYTES];
	struct known known[KNOWN];
};

static void
hash(const unsigned char block[SHA256_CBLOCK], struct slice text,
    unsigned char out[SHA256_DIGEST_LENGTH])
{
	SHA256_CTX c;

	REQUIRE(SHA256_Init(&c) == 1 &&
	    SHA256_Update(&c, block, SHA256_CBLOCK) == 1 &&
	    SHA256_Update(&c, text.data, text.len) == 1 &&
	    SHA256_Final(out, &c) == 1);
}

/* HMAC-SHA256 (RFC 2104). */
void
pseudonym_digest(const unsigned char key[PSEUDONYM_KEY_BYTES],
    struct slice text, unsigned char out[PSEUDONYM_DIGEST_BYTES])
{
	unsigned char inner[SHA256_CBLOCK], outer[SHA256_CBLOCK];

	_Static_assert(PSEUDONYM_KEY_BYTES <= SHA256_CBLOCK, "no longer key");
	_Static_assert(PSEUDONYM_DIGEST_BYTES == SHA256_DIGEST_LENGTH, "SHA");
	memset(inner, 0x36, sizeof(inner));
	memset(outer, 0x5c, sizeof(outer));
	for (size_t i = 0; i < PSEUDONYM_KEY_BYTES; i++) {
		inner[i] ^= key[i];
		outer[i] ^= key[i];
	}
	hash(inner, text, out);
	hash(outer, (struct slice){(const char *)out, SHA256_DIGEST_LENGTH},
	    out);
}

struct pseudonym *
pseudonym_new(const unsigned char key[PSEUDONYM_KEY_BYTES])
{
	struct pseudonym *p = must_alloc(sizeof(*p));
	unsigned char own[SHA256_DIGEST_LENGTH];

	/* A key of its own: accounts say nothing about authors' digits. */
	pseudonym_digest(key, SLICE("vigie accounts"), own);
	memcpy(p->key, key, sizeof(p->key));
	p->cipher = EVP_CIPHER_CTX_new();
	REQUIRE(p->cipher != NULL);
	REQUIRE(EVP_EncryptInit_ex(p->cipher, EVP_aes_128_ecb(), NULL, own,
		    NULL) == 1);
	REQUIRE(EVP_CIPHER_CTX_set_padding(p->cipher, 0) == 1);
	return p;
}

void
pseudonym_free(struct pseudonym *p)
{
	if (p == NULL)
		return;
	EVP_CIPHER_CTX_free(p->cipher);
	free(p);
}

uint64_t
pseudonym_account(struct pseudonym *p, uint64_t author_key)
{
	unsigned char in[BLOCK] = {0}, out[2 * BLOCK];
	uint64_t account = 0;
	int len = 0;

	memcpy(in, &author_key, sizeof(author_key));
	REQUIRE(EVP_EncryptUpdate(p->cipher, out, &len, in, BLOCK) == 1 &&
	    len == BLOCK);
	memcpy(&account, out, sizeof(account));
	return account == 0 ? 1 : account;
}

void
pseudonym_author(const unsigned char key[PSEUDONYM_KEY_BYTES],
    struct slice text, char hex[PSEUDONYM_HEX])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char out[SHA256_DIGEST_LENGTH];

	pseudonym_digest(key, text, out);
	for (unsigned i = 0; i < PSEUDONYM_HEX / 2; i++) {
		hex[2 * i] = digits[out[i] >> 4];
		hex[2 * i + 1] = digits[out[i] & 15];
	}
}

const char *
pseudonym_digits(struct pseudonym *p, uint64_t author_key, struct slice text)
{
	struct known *known = &p->known[author_key % KNOWN];

	if (known->author_key == author_key && author_key != 0)
		return known->hex;
	pseudonym_author(p->key, text, known->hex);
	known->author_key = author_key;
	return known->hex;
}
