/*
 * A text of YAML as a file, for tests of what reads files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_LOAD_H
#define TESTS_UNIT_LOAD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/diag.h"
#include "engine/organisation/organisation.h"

/* Reads the file at ${path} into ${into}; false: it has errors. */
typedef bool (*load_take)(void *into, const char *path, struct diag *diag);

/** load_text(take, into, text, said): what it returned; ${said}, which the
 * caller frees, is what was told. */
static inline bool
load_text(load_take take, void *into, const char *text, char **said)
{
	char path[] = "/tmp/vigie-text-XXXXXX";
	struct diag *diag = diag_new();
	int fd = mkstemp(path);
	size_t len;
	FILE *f;
	bool ok;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	ok = take(into, path, diag);
	f = open_memstream(said, &len);
	assert_non_null(f);
	diag_print(diag, f, false);
	fclose(f);
	unlink(path);
	diag_free(diag);
	return ok;
}

/** load_good(take, into, text): it must be good. */
static inline void
load_good(load_take take, void *into, const char *text)
{
	char *said;

	if (!load_text(take, into, text, &said))
		fail_msg("%s", said);
	free(said);
}

/** load_bad(take, into, text, want): it must not, and ${want} be told. */
static inline void
load_bad(load_take take, void *into, const char *text, const char *want)
{
	char *said;

	assert_false(load_text(take, into, text, &said));
	if (strstr(said, want) == NULL)
		fail_msg("wanted '%s' in:\n%s", want, said);
	free(said);
}

/* For organisations: load_organisation gives one that is good. */
static inline bool
load_take_organisation(void *into, const char *path, struct diag *diag)
{
	return organisation_load(into, path, diag);
}

static inline struct organisation *
load_organisation(const char *text)
{
	struct organisation *o = organisation_new();

	load_good(load_take_organisation, o, text);
	return o;
}

#endif
