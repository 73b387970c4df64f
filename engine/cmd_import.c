/*
 * vigie import: queries of other tools as a rule file on stdout, what does not
 * carry over on stderr.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/utf8.h"
#include "engine/options.h"
#include "rules/import.h"
#include "rules/rules.h"

static int
misuse(const char *what)
{
	fprintf(stderr, "vigie import: %s\nhelp: vigie import --from "
	    "brandwatch|meltwater|x|csv [FILE] >my-rules/imported.yaml\n",
	    what);
	return EXIT_MISUSE;
}

static bool
read_all(const char *path, struct buf *out)
{
	FILE *in = strcmp(path, "-") ? fopen(path, "r") : stdin;
	size_t n;
	bool good;

	if (in == NULL)
		return false;
	do {
		n = fread(buf_reserve(out, 1 << 16), 1, 1 << 16, in);
		out->len += n;
	} while (n > 0 && out->len <= RULE_FILE_BYTES_MAX);
	good = !ferror(in);
	if (in != stdin)
		fclose(in);
	return good;
}

/* Whether the examples of one entry hold here: loaded as a file of its own. */
static bool
holds(const struct import_entry *entry, enum import_dialect dialect,
    const char *sector, struct arena *arena)
{
	const char *dir = getenv("TMPDIR");
	struct rules_options options = {.selftest = true};
	struct diag *diag = diag_new();
	struct ruleset *rs = NULL;
	struct buf text = {0};
	char name[256];
	const char *path = name;
	int fd;

	snprintf(name, sizeof(name), "%s/vigie-import-XXXXXX.yaml",
	    dir != NULL && *dir != '\0' ? dir : "/tmp");
	fd = mkstemps(name, 5);
	if (fd >= 0 &&
	    import_file(entry, 1, dialect, sector, arena, diag, &text) == 1 &&
	    write(fd, text.data, text.len) == (ssize_t)text.len)
		rs = ruleset_load(&path, 1, &options, diag);
	if (fd >= 0) {
		close(fd);
		unlink(name);
	}
	if (rs != NULL)
		ruleset_unref(rs);
	buf_fini(&text);
	diag_free(diag);
	return rs != NULL;
}

static void
try_examples(struct import_entry *e, enum import_dialect dialect,
    const char *sector, struct arena *arena, struct diag *diag)
{
	if (e->hit.len + e->miss.len == 0 || holds(e, dialect, sector, arena))
		return;
	diag_add(diag, DIAG_WARNING,
	    (struct place){e->source.path, e->line, 1, 0}, "not-carried",
	    "give it some that do; vigie explain shows why",
	    "the examples of this row do not hold and were left out");
	e->hit = e->miss = SLICE("");
}

/* Spreadsheets like to save in the code of their country. */
static bool
is_utf8(const char *path, struct slice input, struct diag *diag)
{
	uint32_t c, line = 1;

	for (size_t i = 0, n; i < input.len; i += n) {
		n = utf8_decode(input.data + i, input.len - i, &c);
		line += input.data[i] == '\n';
		if (n > 0 && c != 0)
			continue;
		diag_add(diag, DIAG_ERROR, (struct place){path, line, 1, 0},
		    "utf8", "save it as UTF-8", "this line is not UTF-8");
		return false;
	}
	return true;
}

static bool
has_brand(const struct import_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (entries[i].brand.len > 0)
			return true;
	return false;
}

static int
report(struct diag *diag, size_t written, size_t count, bool json)
{
	const char *plain = getenv("NO_COLOR");
	unsigned problems = diag_errors(diag) + diag_warnings(diag);

	if (json)
		diag_print_json(diag, stderr);
	else
		diag_print_all(diag, stderr,
		    isatty(STDERR_FILENO) && (plain == NULL || !*plain));
	if (json)
		fprintf(stderr, "{\"queries\":%zu,\"carried\":%zu,"
		    "\"notes\":%u}\n", count, written, problems);
	else
		fprintf(stderr, "%zu of %zu quer%s carried over, %u note%s\n",
		    written, count, count == 1 ? "y" : "ies", problems,
		    problems == 1 ? "" : "s");
	return diag_errors(diag) > 0 ? EXIT_FOUND : EXIT_DONE;
}

static int
import(const struct options *o, enum import_dialect dialect, bool csv)
{
	const char *path = o->args_count > 0 ? o->args[0] : "-";
	struct arena *arena = arena_new();
	struct diag *diag = diag_new();
	struct import_entry *entries = NULL;
	struct buf input = {0}, out = {0};
	const char *name;
	size_t count, written;
	int rc;

	if (!read_all(path, &input)) {
		fprintf(stderr, "vigie import: %s: %s\n", path,
		    strerror(errno));
		rc = EXIT_FOUND;
		goto end;
	}
	buf_reserve(&input, 1);
	name = diag_file(diag, strcmp(path, "-") ? path : "stdin",
	    buf_slice(&input));
	if (!is_utf8(name, buf_slice(&input), diag)) {
		rc = report(diag, 0, 0, o->json);
		goto end;
	}
	count = csv ? import_csv(name, buf_slice(&input), arena, diag,
			  &entries)
		    : import_lines(name, buf_slice(&input), dialect, arena,
			  diag, &entries);
	if (o->sector == NULL && has_brand(entries, count)) {
		rc = misuse("brands belong to a sector: --sector ID");
		goto end;
	}
	for (size_t i = 0; i < count; i++)
		try_examples(&entries[i], dialect, o->sector, arena, diag);
	written = import_file(
	    entries, count, dialect, o->sector, arena, diag, &out);
	fwrite(out.data, 1, out.len, stdout);
	rc = report(diag, written, count, o->json);
end:
	free(entries);
	buf_fini(&input);
	buf_fini(&out);
	diag_free(diag);
	arena_free(arena);
	return rc;
}

int
cmd_import(struct options *o)
{
	enum import_dialect dialect = IMPORT_BRANDWATCH;
	bool csv = o->from != NULL && !strcmp(o->from, "csv");

	if (o->from == NULL)
		return misuse("from which tool? --from");
	if (!csv && !import_dialect_of(o->from, &dialect))
		return misuse("--from is brandwatch, meltwater, x or csv");
	if (o->syntax != NULL &&
	    (!csv || !import_dialect_of(o->syntax, &dialect)))
		return misuse("--syntax goes with --from csv: brandwatch, "
			      "meltwater or x");
	if (o->args_count > 1)
		return misuse("one file at a time");
	if (o->sector != NULL &&
	    strspn(o->sector, "abcdefghijklmnopqrstuvwxyz0123456789_-") !=
		strlen(o->sector))
		return misuse("--sector is an id of a-z, 0-9, _ and -");
	return import(o, dialect, csv);
}
