/*
 * vigie fmt: the layout of rule files, in place or from stdin to stdout.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/options.h"
#include "rules/files.h"
#include "rules/format.h"

struct fmt {
	bool check;
	struct diag *diag;
	unsigned changed, failed;
};

static bool
read_all(FILE *in, struct buf *out)
{
	size_t n;

	do {
		n = fread(buf_reserve(out, 1 << 16), 1, 1 << 16, in);
		out->len += n;
	} while (n > 0 && out->len <= RULE_FILE_BYTES_MAX);
	return !ferror(in);
}

/* A neighbour first, then renamed over it: nobody ever reads a half.  Links
 * are followed, so that what they point to is changed. */
static bool
replace(const char *path, const struct buf *text)
{
	char *real = realpath(path, NULL);
	struct buf name = {0};
	struct stat st;
	bool good = false;
	FILE *out;
	int fd;

	if (real == NULL || stat(real, &st) != 0) {
		free(real);
		return false;
	}
	buf_printf(&name, "%s.XXXXXX", real);
	buf_char(&name, '\0');
	fd = mkstemp(name.data);
	if (fd >= 0) {
		out = fdopen(fd, "w");
		REQUIRE(out != NULL);
		good = fwrite(text->data, 1, text->len, out) == text->len &&
		    fchmod(fd, st.st_mode & 07777) == 0 && fflush(out) == 0 &&
		    fsync(fd) == 0;
		/* a file of another owner stays his where that is allowed */
		if (good && (st.st_uid != geteuid() || st.st_gid != getegid()))
			good = fchown(fd, st.st_uid, st.st_gid) == 0 ||
			    errno == EPERM;
		good = fclose(out) == 0 && good;
		if (!good || rename(name.data, real) != 0) {
			good = false;
			unlink(name.data);
		}
	}
	buf_fini(&name);
	free(real);
	return good;
}

static void
one(struct fmt *c, const char *path)
{
	bool in = !strcmp(path, "-");
	FILE *file = in ? stdin : fopen(path, "r");
	struct buf before = {0}, after = {0};
	enum format_result result = FORMAT_BROKEN;
	bool differs;

	if (file == NULL || !read_all(file, &before)) {
		fprintf(stderr, "vigie fmt: %s: %s\n", path, strerror(errno));
		c->failed++;
	} else {
		result = format_text(in ? "stdin" : path, buf_slice(&before),
		    &after, c->diag);
	}
	differs = result == FORMAT_DONE &&
	    !slice_equal(buf_slice(&before), buf_slice(&after));
	c->changed += differs;
	if (in && !c->check)
		fwrite(after.data, 1, after.len, stdout);
	else if (differs && c->check)
		printf("%s\n", path);
	else if (differs && !replace(path, &after)) {
		fprintf(stderr, "vigie fmt: %s: cannot write: %s\n", path,
		    strerror(errno));
		c->failed++;
	}
	if (file != NULL && !in)
		fclose(file);
	buf_fini(&before);
	buf_fini(&after);
}

int
cmd_fmt(struct options *o)
{
	struct fmt c = {.check = o->check, .diag = diag_new()};
	const char *plain = getenv("NO_COLOR");
	struct files_paths paths = {0};
	int rc = EXIT_DONE;

	if (o->args_count == 0) {
		fprintf(stderr, "vigie fmt: which files?\n"
				"help: vigie fmt my-rules, or - for stdin\n");
		diag_free(c.diag);
		return EXIT_MISUSE;
	}
	for (size_t i = 0; i < o->args_count; i++)
		if (!strcmp(o->args[i], "-"))
			one(&c, "-");
		else
			files_walk(&paths, o->args[i], c.diag);
	for (size_t i = 0; i < paths.count; i++)
		one(&c, paths.items[i].path);
	files_walk_fini(&paths);
	if (diag_errors(c.diag) > 0) /* warnings are for check */
		diag_print(c.diag, stderr,
		    isatty(STDERR_FILENO) && (plain == NULL || !*plain));
	if (diag_errors(c.diag) + c.failed > 0 || (c.check && c.changed > 0))
		rc = EXIT_FOUND;
	diag_free(c.diag);
	return rc;
}
