/*
 * Goal: the verdicts that a person would expect, with their spans.
 * Method: every block of tests/cases/ *.case, with and without prefilter; each
 * operator has some dozens of cases, and some inside each other operator.
 *
 * A block is some rules and posts, a blank line ends it; '#' begins a comment
 * line.  The rules: "query: Q" (one rule without a brand), or "rules:" and
 * indented YAML.  Then pairs of lines: "post: TEXT" (after "title: TEXT" if
 * there is one; \n and \uXXXX are undone), or "json: {...}" for a post with
 * fields, as vigie match reads it; and what is expected of it:
 *	hit 0-6 9-12       the query's rule fires, with these spans
 *	miss               it does not
 *	match SCORE NAMES  the post matches; all its hits, a rule that fires
 *	                   for a brand as rule@brand
 *	none NAMES         it does not match; its hits (mentions) if any
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/connectors/decode_lines.h"

#include "engine/base/buf.h"
#include "rules/op.h"

#define CASES_OF_KIND_MIN 25
#define CASES_OF_PAIR_MIN 2

struct run {
	const char *path;
	unsigned line, cases, failed;
	unsigned block;                      /* cases of it */
	unsigned of[NODE_KINDS];             /* cases with such a node */
	unsigned in[NODE_KINDS][NODE_KINDS]; /* outer, inner */
	struct buf rules; /* the file of this block */
	struct buf title, text;
	bool titled, decoded;
	struct lines lines; /* lines.post: the post with its fields */
	struct ruleset *rs;
	struct matcher *m;
	struct text folded;
};

static void
complain(struct run *r, const char *what, struct slice want, struct slice got)
{
	r->failed++;
	fprintf(stderr, "%s:%u: %s\n  wanted: %.*s\n  got:    %.*s\n", r->path,
	    r->line, what, SLICE_ARG(want), SLICE_ARG(got));
}

static void
put_utf8(struct buf *out, unsigned long c)
{
	if (c < 0x80) {
		buf_char(out, (char)c);
	} else if (c < 0x800) {
		buf_char(out, (char)(0xc0 | c >> 6));
		buf_char(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_char(out, (char)(0xe0 | c >> 12));
		buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_char(out, (char)(0x80 | (c & 0x3f)));
	}
}

static void
put_undone(struct buf *out, const char *s)
{
	buf_clear(out);
	for (; *s != '\0'; s++) {
		if (s[0] == '\\' && s[1] == 'n') {
			buf_char(out, '\n');
			s++;
		} else if (s[0] == '\\' && s[1] == 'u' && strlen(s) >= 6) {
			char hex[5] = {s[2], s[3], s[4], s[5], 0};

			put_utf8(out, strtoul(hex, NULL, 16));
			s += 5;
		} else {
			buf_char(out, *s);
		}
	}
}

static void
compile(struct run *r)
{
	static const struct rules_options options = {0};
	char path[] = "/tmp/vigie-case-XXXXXX.yaml";
	const char *paths[] = {path};
	struct diag *diag = diag_new();
	int fd = mkstemps(path, 5);

	assert_true(fd >= 0);
	assert_true(
	    write(fd, r->rules.data, r->rules.len) == (ssize_t)r->rules.len);
	close(fd);
	r->rs = ruleset_load(paths, 1, &options, diag);
	unlink(path);
	if (r->rs == NULL) {
		diag_print(diag, stderr, false);
		complain(r, "rules refused", buf_slice(&r->rules),
		    SLICE("nothing"));
	} else {
		matcher_fit(r->m, r->rs);
	}
	diag_free(diag);
}

static void
put_names(const struct ruleset *rs, const struct verdict *v, struct buf *out)
{
	for (uint32_t i = 0; i < v->hits_count; i++) {
		const struct hit *h = &v->hits[i];

		buf_char(out, ' ');
		rules_name(rs, h, out);
		if (h->kind == HIT_RULE && h->brand != RULES_NONE)
			buf_printf(out, "@%.*s",
			    SLICE_ARG(ruleset_brand(rs, h->brand)->id));
	}
}

/* The verdict in the words of the case file. */
static void
put_verdict(struct run *r, const struct verdict *v, bool query, struct buf *out)
{
	buf_clear(out);
	if (!query) {
		buf_text(out, v->matched ? "match " : "none");
		if (v->matched)
			buf_fixed(out, v->score_milli, 3, 0);
		put_names(r->rs, v, out);
		return;
	}
	buf_text(out, v->hits_count > 0 ? "hit" : "miss");
	for (uint32_t i = 0; v->hits_count > 0 && i < v->hits[0].spans_count;
	     i++)
		buf_printf(out, " %u-%u", v->hits[0].spans[i].start,
		    v->hits[0].spans[i].end);
}

static void
judge(struct run *r, const char *want)
{
	bool query = !strncmp(want, "hit", 3) || !strncmp(want, "miss", 4);
	struct buf got = {0};
	struct post post;

	r->cases++;
	r->block++;
	post_clear(&post);
	post.text = buf_slice(&r->text);
	if (r->titled)
		post.title = buf_slice(&r->title);
	if (r->decoded)
		post = r->lines.post;
	for (unsigned mode = 0; mode < 2 && r->rs != NULL; mode++) {
		unsigned flags = MATCH_SPANS | MATCH_TOPICS |
				 (mode == 1 ? MATCH_NO_PREFILTER : 0);

		text_fold(&r->folded, post.title, post.text, TEXT_POST);
		put_verdict(r, rules_match(r->m, &post, &r->folded, flags),
		    query, &got);
		if (!slice_is(buf_slice(&got), want))
			complain(r,
			    mode == 1 ? "without the prefilter" : "verdict",
			    slice_of(want), buf_slice(&got));
	}
	buf_fini(&got);
	r->titled = r->decoded = false;
}

/* Which operators the cases of a block try, and which inside which. */
static void
count_nodes(struct run *r)
{
	const struct ruleset *rs = r->rs;
	bool of[NODE_KINDS] = {false}, in[NODE_KINDS][NODE_KINDS] = {{false}};

	for (uint32_t i = 0; i < rs->nodes_count; i++) {
		const struct flat_node *node = &rs->nodes[i];
		struct node like = {.kind = (enum node_kind)node->kind};

		of[node->kind] = true;
		for (uint32_t k = 0; ast_is_group(&like) && k < node->count;
		     k++)
			in[node->kind][rs->nodes[rs->children[node->first + k]]
					.kind] = true;
	}
	for (unsigned a = 0; a < NODE_KINDS; a++) {
		r->of[a] += of[a] ? r->block : 0;
		for (unsigned b = 0; b < NODE_KINDS; b++)
			r->in[a][b] += in[a][b] ? r->block : 0;
	}
}

static void
end_block(struct run *r)
{
	if (r->rs != NULL) {
		count_nodes(r);
		ruleset_unref(r->rs);
	}
	r->block = 0;
	r->rs = NULL;
	buf_clear(&r->rules);
}

static void
take_line(struct run *r, const char *line)
{
	if (line[0] == '#')
		return;
	if (line[0] == '\0') {
		end_block(r);
	} else if (!strncmp(line, "query: ", 7)) {
		buf_printf(&r->rules,
		    "sector: test\nrules:\n  q:\n    when: |-\n      %s\n",
		    line + 7);
	} else if (line[0] == ' ' || line[0] == '\t') {
		buf_printf(&r->rules, "%s\n", line);
	} else if (!strncmp(line, "title: ", 7)) {
		put_undone(&r->title, line + 7);
		r->titled = true;
	} else if (!strncmp(line, "post: ", 6)) {
		if (r->rs == NULL)
			compile(r);
		put_undone(&r->text, line + 6);
	} else if (!strncmp(line, "json: ", 6)) {
		if (r->rs == NULL)
			compile(r);
		assert_int_equal(
		    lines_one(&r->lines, "auto", line + 6), DECODE_POST);
		r->decoded = true;
	} else if (strcmp(line, "rules:") != 0) {
		judge(r, line);
	}
}

static void
run_file(struct run *r, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[4096];

	assert_non_null(file);
	r->path = path;
	r->line = 0;
	while (fgets(line, sizeof(line), file) != NULL) {
		r->line++;
		line[strcspn(line, "\n")] = '\0';
		take_line(r, line);
	}
	end_block(r);
	fclose(file);
}

/* Pairs that the language refuses (docs/RULES.md): what stands nowhere in the
 * text has no place in NEAR and ATLEAST; the words of ~n are words. */
static bool
is_refused(enum node_kind outer, enum node_kind inner)
{
	bool placed = outer == NODE_NEAR || outer == NODE_ATLEAST;

	if (outer == NODE_WITHIN)
		return inner != NODE_PHRASE;
	if (inner == NODE_NOT) /* a query needs something to find */
		return outer != NODE_AND && outer != NODE_MACRO;
	return (placed && (inner == NODE_AND || inner == NODE_FIELD ||
			      inner == NODE_LABEL)) ||
	       (outer == inner && (outer == NODE_AND || outer == NODE_OR));
}

/* Every operator has cases enough, and inside every other some. */
static void
check_coverage(struct run *r)
{
	for (unsigned a = 0; a < NODE_KINDS; a++) {
		struct node like = {.kind = (enum node_kind)a};

		if (r->of[a] < CASES_OF_KIND_MIN) {
			r->failed++;
			fprintf(stderr, "%s: only %u cases\n",
			    ops_table[a]->about.name, r->of[a]);
		}
		for (unsigned b = 0; ast_is_group(&like) && b < NODE_KINDS; b++)
			if (r->in[a][b] < CASES_OF_PAIR_MIN &&
			    !is_refused((enum node_kind)a,
				(enum node_kind)b)) {
				r->failed++;
				fprintf(stderr, "%s in %s: only %u cases\n",
				    ops_table[b]->about.name,
				    ops_table[a]->about.name, r->in[a][b]);
			}
	}
}

static void
test_cases(void **state)
{
	struct run r = {.m = matcher_new()};
	glob_t files;

	(void)state;
	text_init(&r.folded);
	assert_int_equal(glob("tests/cases/*.case", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		run_file(&r, files.gl_pathv[i]);
	globfree(&files);
	printf("%u cases\n", r.cases);
	check_coverage(&r);
	text_fini(&r.folded);
	matcher_free(r.m);
	buf_fini(&r.rules);
	buf_fini(&r.title);
	buf_fini(&r.text);
	lines_end(&r.lines);
	assert_true(r.cases >= 1200);
	assert_int_equal(r.failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
