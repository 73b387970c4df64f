/*
 * One fuzz target, two lives: with clang's fuzzer (VIGIE_FUZZ) only the
 * target; otherwise a plain test that runs the corpus and seeded mutations of
 * it, the same ones every time.
 *
 * A target is: #include this after defining FUZZ_NAME ("yaml"), and write
 * LLVMFuzzerTestOneInput.  Input is copied to memory of its exact size, so
 * that the address sanitizer sees each byte read beyond it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_FUZZ_FUZZ_MAIN_H
#define TESTS_FUZZ_FUZZ_MAIN_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/base/rand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifndef VIGIE_FUZZ

/* Fewer where each costs ten times as much; a target may say how many. */
#ifdef FUZZ_MUTATIONS
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FUZZ_MUTATIONS 3000
#else
#define FUZZ_MUTATIONS 20000
#endif
#define FUZZ_BYTES_MAX 4096

struct fuzz_seed {
	uint8_t *data;
	size_t size;
};

static struct fuzz_seed fuzz_seeds[256];
static uint32_t fuzz_seeds_count;

static void
fuzz_run(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);

	REQUIRE(exact != NULL);
	memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static void
fuzz_load(const char *folder)
{
	struct dirent **names;
	int n = scandir(folder, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char path[512];
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		f = names[i]->d_name[0] == '.' || fuzz_seeds_count == 256
		    ? NULL
		    : fopen(path, "rb");
		if (f != NULL) {
			struct fuzz_seed *s = &fuzz_seeds[fuzz_seeds_count++];

			s->data = must_alloc(FUZZ_BYTES_MAX);
			s->size = fread(s->data, 1, FUZZ_BYTES_MAX, f);
			fclose(f);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

/* A few random edits: flip, insert, delete, copy a run from another seed. */
static size_t
fuzz_mutate(struct rand *r, uint8_t *data, size_t size)
{
	static const char interesting[] =
	    "()\"'/*?#@$&!|>%`:-{}[],\n\t \\\0\xff\xc3\xa9";
	uint32_t edits = 1 + rand_below(r, 6);

	while (edits-- > 0) {
		uint32_t at = rand_below(r, (uint32_t)size + 1);
		const struct fuzz_seed *other =
		    &fuzz_seeds[rand_below(r, fuzz_seeds_count)];
		uint32_t n = 1 + rand_below(r, 16);

		switch (rand_below(r, 4)) {
		case 0:
			if (at < size)
				data[at] = (uint8_t)rand_next(r);
			break;
		case 1:
			if (size == FUZZ_BYTES_MAX)
				break;
			memmove(data + at + 1, data + at, size - at);
			data[at] = (uint8_t)interesting[rand_below(
			    r, sizeof(interesting) - 1)];
			size++;
			break;
		case 2:
			if (n > size - at)
				n = (uint32_t)(size - at);
			memmove(data + at, data + at + n, size - at - n);
			size -= n;
			break;
		default:
			if (other->size < n || at + n > FUZZ_BYTES_MAX)
				break;
			memcpy(data + at,
			    other->data + rand_below(r,
					      (uint32_t)(other->size - n) + 1),
			    n);
			size = at + n > size ? at + n : size;
		}
	}
	return size;
}

int
main(void)
{
	static uint8_t data[FUZZ_BYTES_MAX];
	struct rand r;

	fuzz_load("tests/fuzz/corpus/" FUZZ_NAME);
	if (fuzz_seeds_count == 0) {
		printf("no corpus in tests/fuzz/corpus/" FUZZ_NAME "\n");
		return 1;
	}
	for (uint32_t i = 0; i < fuzz_seeds_count; i++)
		fuzz_run(fuzz_seeds[i].data, fuzz_seeds[i].size);
	rand_seed(&r, 20100317);
	for (int i = 0; i < FUZZ_MUTATIONS; i++) {
		const struct fuzz_seed *seed =
		    &fuzz_seeds[rand_below(&r, fuzz_seeds_count)];

		memcpy(data, seed->data, seed->size);
		fuzz_run(data, fuzz_mutate(&r, data, seed->size));
	}
	printf("%s: %u seeds, %d mutations\n", FUZZ_NAME, fuzz_seeds_count,
	    FUZZ_MUTATIONS);
	printf("[  PASSED  ] 2 test(s).\n");
	for (uint32_t i = 0; i < fuzz_seeds_count; i++)
		free(fuzz_seeds[i].data);
	return 0;
}

#endif
#endif
