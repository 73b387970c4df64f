/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pseudonym.h"

#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "engine/base/must.h"

#define BLOCK 16

struct pseudonym {
	EVP_CIPHER_CTX *cipher;
};

static void
digest(const unsigned char key[PSEUDONYM_KEY_BYTES], struct slice text,
    unsigned char out[EVP_MAX_MD_SIZE])
{
	unsigned len = 0;

	REQUIRE(HMAC(EVP_sha256(), key, PSEUDONYM_KEY_BYTES,
		    (const unsigned char *)text.data, text.len, out,
		    &len) != NULL &&
	    len >= BLOCK);
}

struct pseudonym *
pseudonym_new(const unsigned char key[PSEUDONYM_KEY_BYTES])
{
	struct pseudonym *p = must_alloc(sizeof(*p));
	unsigned char own[EVP_MAX_MD_SIZE];

	/* A key of its own: accounts say nothing about authors' digits. */
	digest(key, SLICE("vigie accounts"), own);
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
	unsigned char out[EVP_MAX_MD_SIZE];

	digest(key, text, out);
	for (unsigned i = 0; i < PSEUDONYM_HEX / 2; i++) {
		hex[2 * i] = digits[out[i] >> 4];
		hex[2 * i + 1] = digits[out[i] & 15];
	}
}
