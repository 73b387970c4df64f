/*
 * Misuse by ourselves: checks that stay on in every build.
 *
 * REQUIRE stops the process with file, line and the broken condition; it is
 * for what a caller promised.  INVARIANT is for costly checks and only runs
 * in the debug and sanitizer flavours.  Never use these for the world or for
 * a person's files: those are struct err and struct diag.
 * Thread: any.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_MUST_H
#define ENGINE_BASE_MUST_H

#define REQUIRE(x) ((x) ? (void)0 : must_fail(__FILE__, __LINE__, #x))

#ifdef VIGIE_DEBUG
#define INVARIANT(x) REQUIRE(x)
#else
#define INVARIANT(x) ((void)0)
#endif

#define UNREACHABLE(why) must_fail(__FILE__, __LINE__, "unreachable: " why)

/** must_fail(file, line, what): print and abort.  Never returns. */
__attribute__((noreturn)) void must_fail(
    const char *file, int line, const char *what);

/**
 * must_alloc(bytes): zeroed memory for control work (start, load, reload),
 * where running out of memory leaves nothing sensible to do.  Aborts rather
 * than return NULL.  Free with free().  Never on the path of a post.
 */
void *must_alloc(unsigned long bytes);

/** must_lines(count): memory of so many lines of 64 bytes, not zeroed, that
 * begins with one; free() gives it back. */
void *must_lines(unsigned long count);

/** must_huge_lines(count): the same for a table whose lines are asked for in
 * no order: in large pages where it fills some. */
void *must_huge_lines(unsigned long count);

/** must_huge(p, bytes): a hint that all of it is touched in no order, so that
 * large pages serve it; nothing below some MiB. */
void must_huge(void *p, unsigned long bytes);

/** must_grow(old, bytes): realloc() that aborts rather than return NULL. */
void *must_grow(void *old, unsigned long bytes);

#endif
