/*
 * Goal: rule files become sorted declarations with their defaults, and every
 * mistake in them one located error.
 * Method: write small files into a folder of our own under /tmp, read them.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "rules/ast.h"

static char folder[64];
static struct diag *diag;
static char *report;

static int
setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/vigie-files-XXXXXX");
	assert_non_null(mkdtemp(folder));
	diag = diag_new();
	return 0;
}

static void
empty(const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, NULL);

	for (int i = 0; i < n; i++) {
		char child[400];

		snprintf(child, sizeof(child), "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.' || names[i]->d_name[1] == 'h') {
			struct stat st;

			if (lstat(child, &st) == 0 && S_ISDIR(st.st_mode))
				empty(child);
			else
				unlink(child);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	rmdir(path);
}

static int
teardown(void **state)
{
	(void)state;
	empty(folder);
	diag_free(diag);
	free(report);
	report = NULL;
	return 0;
}

static void
file(const char *name, const char *text)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static struct decls *
read_folder(void)
{
	const char *paths[] = {folder};
	struct decls *d = files_read(paths, 1, diag);
	size_t size;
	FILE *out;

	free(report);
	out = open_memstream(&report, &size);
	diag_print_json(diag, out);
	fclose(out);
	return d;
}

static void
expect(const char *part)
{
	if (strstr(report, part) == NULL)
		fail_msg("'%s' is not in: %s", part, report);
}

static const char food[] =
    "sector: food\n"
    "calibration: {offset: -2.5, scale: 0.75}\n"
    "lists:\n"
    "  bad: [boycott, 'stop buying', '#fail*']\n"
    "brands:\n"
    "  twix: {match: twix}\n"
    "  kitkat:\n"
    "    name: KitKat\n"
    "    company: nestle\n"
    "    match: kitkat OR \"kit kat\"\n"
    "    not: recette\n"
    "    own: ['@KitKat', '@kitkat_fr']\n"
    "    hit: un kitkat\n"
    "    miss: [une recette de kitkat, rien]\n"
    "topics:\n"
    "  palm: {match: palm, name: {fr: Huile, en: Oil}, department: csr,\n"
    "    severity: 3, weight: -0.125}\n"
    "  sugar: {match: sugar, name: Sucre}\n"
    "rules:\n"
    "  r2: {brand: [twix, kitkat], topic: palm}\n"
    "  r1: {brand: '*', when: brand AND @list(bad), weight: 6}\n"
    "  r3: {when: hunger AND @list(calm), topic: shared, severity: 0}\n";

static const char common[] = "lists: {calm: [ok]}\n"
			     "topics:\n"
			     "  shared: {match: shared, severity: 2}\n"
			     "rules:\n"
			     "  all: {brand: '*', when: brand AND bad}\n";

static void
test_declarations(void **state)
{
	struct decls *d;
	const struct brand_decl *b;
	const struct rule_decl *r;

	(void)state;
	file("food.yaml", food);
	file("common.yaml", common);
	d = read_folder();
	assert_string_equal(report, "");
	assert_non_null(d);
	assert_int_equal(d->sectors_count, 1);
	assert_int_equal(d->sectors[0].offset_milli, -2500);
	assert_int_equal(d->sectors[0].scale_milli, 750);
	assert_int_equal(d->brands_count, 2);
	b = &d->brands[0];
	assert_true(slice_is(b->d.id, "kitkat"));
	assert_true(slice_is(b->name, "KitKat"));
	assert_true(slice_is(b->company, "nestle"));
	assert_int_equal(b->own_count, 2);
	assert_true(slice_is(b->own[0], "kitkat"));
	assert_int_equal(b->d.examples_count, 3);
	assert_true(b->d.examples[0].hit);
	assert_false(b->d.examples[2].hit);
	assert_int_equal(b->d.examples[2].place.line, 14);
	assert_non_null(b->d.not);
	assert_true(slice_is(d->brands[1].name, "twix"));
	assert_int_equal(d->topics_count, 3);
	assert_true(slice_is(d->topics[0].name_fr, "Huile"));
	assert_true(slice_is(d->topics[0].name_en, "Oil"));
	assert_int_equal(d->topics[0].weight_milli, -125);
	assert_int_equal(d->topics[1].d.sector, RULES_NONE);
	assert_true(slice_is(d->topics[2].name_en, "Sucre"));
	assert_int_equal(d->topics[2].weight_milli, 2000);
	assert_int_equal(d->topics[2].severity, 1);
	assert_int_equal(d->rules_count, 4);
	r = d->rules; /* all, r1, r2, r3 */
	assert_int_equal(r[0].d.sector, RULES_NONE);
	assert_true(r[1].every_brand);
	assert_int_equal(r[1].weight_milli, 6000);
	assert_null(r[2].d.match);
	assert_int_equal(r[2].brands_count, 2);
	assert_int_equal(r[2].brands[0], 0);
	assert_int_equal(r[2].brands[1], 1);
	assert_int_equal(r[2].topic, 0);
	assert_int_equal(r[2].severity, 3);
	assert_int_equal(r[2].weight_milli, 1000);
	assert_int_equal(r[3].topic, 1);
	assert_int_equal(r[3].severity, 0);
	decls_free(d);
}

/* The id follows the contents, not the names or the order of the files. */
static void
test_id(void **state)
{
	struct decls *d;
	uint64_t id;

	(void)state;
	file("a.yaml", food);
	file("b.yaml", common);
	d = read_folder();
	assert_non_null(d);
	id = d->id;
	decls_free(d);
	file("b.yaml", food);
	file("a.yaml", common);
	d = read_folder();
	assert_true(d->id == id);
	decls_free(d);
	file("c.yaml", "rules: {x: {when: y}}\n");
	d = read_folder();
	assert_true(d->id != id);
	decls_free(d);
}

static void
test_list_file(void **state)
{
	struct decls *d;
	const struct node *list;

	(void)state;
	file("names.txt", "# a comment\n#tag\n\n  two words  \r\n##\nn'ach*\n");
	file("a.yaml", "lists: {names: {file: names.txt}}\n"
		       "rules: {r: {when: '@list(names)'}}\n");
	d = read_folder();
	assert_string_equal(report, "");
	list = d->rules[0].d.match;
	assert_int_equal(list->kind, NODE_OR);
	assert_int_equal(list->group.count, 3);
	assert_int_equal(list->group.items[0]->phrase.tokens[0].sign, '#');
	assert_int_equal(list->group.items[1]->phrase.count, 2);
	assert_true(list->group.items[2]->phrase.tokens[1].wild);
	decls_free(d);
	file("names.txt", "ok\n...\n\xff\n");
	assert_null(read_folder());
	expect("names.txt\",\"line\":2,\"column\":1,");
	expect("names.txt\",\"line\":3,\"column\":1,");
}

static unsigned others;

static void
on_other(void *self, const char *path, const char *kind)
{
	(void)self;
	others++;
	assert_non_null(path);
	assert_true(!strcmp(kind, "organisation") || !strcmp(kind, "config"));
}

static void
test_walk(void **state)
{
	const struct rules_options options = {.other = on_other};
	const char *paths[] = {folder, folder};
	char path[200];
	struct decls *d;

	(void)state;
	snprintf(path, sizeof(path), "%s/deep", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	file("deep/a.yaml", "rules: {deep: {when: x}}\n");
	file("z.yaml", "rules: {z: {when: x}}\n");
	file("org.yaml", "teams: []\n");
	file("vigie.yaml", "sinks: []\nrules: [x]\n");
	file("notes.txt", "not: yaml: at: all\n");
	file(".hidden.yaml", "broken: [\n");
	others = 0;
	d = files_read_with(paths, 2, &options, diag);
	assert_non_null(d);
	assert_int_equal(d->rules_count, 2);
	assert_int_equal(others, 2);
	decls_free(d);
}

static void
test_no_rules(void **state)
{
	const char *paths[] = {"/nowhere/at/all"};

	(void)state;
	assert_null(read_folder());
	expect("no rule file in this folder");
	assert_null(files_read(paths, 1, diag));
	assert_null(read_folder());
	expect("No such file");
}

/* A wrong file, and the line, column and code that must be told. */
static const struct {
	const char *text, *code;
	unsigned line, column;
	const char *help;
} wrong[] = {
    {"sectr: x\n", "unknown-key", 1, 1, "did you mean 'sector'?"},
    {"sector: Food\n", "bad-id", 1, 9, "a-z"},
    {"brands: {b: {match: b}}\n", "no-sector", 1, 10, "add sector:"},
    {"sector: s\nbrands:\n  b: {match: b}\n  c: {}\n", "missing-key", 4, 3,
	"match"},
    {"sector: s\nbrands:\n  b: {match: [b]}\n", "no-text", 3, 7, "quotes"},
    {"sector: s\nbrands:\n  b:\n    match:\n", "missing-term", 4, 5, ""},
    {"sector: s\nbrands:\n  B: {match: b}\n", "bad-id", 3, 3, ""},
    {"sector: s\nbrands:\n  b: {match: b, own: [kk]}\n", "no-account", 3, 23,
	"sign"},
    {"sector: s\nbrands: [a]\n", "no-map", 2, 1, ""},
    {"sector: s\nbrands:\n  b: x:y\n", "no-map", 3, 6, "after the colon"},
    {"topics: {t: {match: a, weight: 1,5}}\n", "unknown-key", 1, 34, ""},
    {"topics:\n  t:\n    match: a\n    weight: 1,5\n", "bad-number", 4, 13,
	"with a point"},
    {"topics: {t: {match: a, severity: 5}}\n", "bad-number", 1, 34, "alarm"},
    {"topics: {t: {match: a, severity: 1.5}}\n", "bad-number", 1, 34, ""},
    {"topics: {t: {match: a, severity: yes}}\n", "bad-number", 1, 34, ""},
    {"topics: {t: {match: brand}}\n", "brand-word", 1, 21, "stands for"},
    {"rules: {r: {weight: 2}}\n", "missing-key", 1, 9, "when"},
    {"rules: {r: {when: a, when: b}}\n", "repeated-key", 1, 22, ""},
    {"rules: {r: {when: brand}}\n", "brand-word", 1, 19, "add brand:"},
    {"rules: {r: {match: a}}\n", "unknown-key", 1, 13, "keys of a rule: when"},
    {"rules: {r: {when: a, topic: tt}}\ntopics: {t1: {match: a}}\n",
	"unknown-topic", 1, 29, "t1"},
    {"sector: s\nbrands: {kitkat: {match: a}}\n"
     "rules: {r: {when: a, brand: kitkt}}\n",
	"unknown-brand", 3, 29, "did you mean 'kitkat'?"},
    {"sector: s\nbrands: {b: {match: a}}\n"
     "rules: {r: {when: a, brand: [b, b]}}\n",
	"repeated-id", 3, 33, ""},
    {"calibration: {offset: 1}\n", "no-sector", 1, 1, ""},
    {"lists: {a: []}\n", "empty-list", 1, 9, ""},
    {"lists: {a: x}\n", "no-list", 1, 12, "file"},
    {"lists: {a: {file: nowhere.txt}}\n", "unreadable", 1, 19, "relative"},
    {"lists: {a: [b, '!']}\n", "no-word", 1, 16, ""},
    {"groups: {soft: {min: -1}}\nrules: {r: {when: a, group: sofd}}\n",
	"unknown-group", 2, 29, "'soft'"},
    {"groups: {g: {min: 1}}\n", "bad-number", 1, 19, "to 0"},
    {"rules: {r: {when: a, family: fate}}\n", "bad-value", 1, 30, "accident"},
    {"rules: {r: {when: a, replaces: [s]}}\n", "unknown-rule", 1, 33, "r"},
    {"rules: {r: {when: a, replaces: ['topic:s']}}\n", "unknown-topic", 1, 33,
	"no topics"},
    {"rules: {a: {when: a, replaces: b}, b: {when: b, replaces: [a]}}\n",
	"cycle", 1, 9, "replaces:"},
    {"rules: {a: {when: 'rule:b'}, b: {when: 'x OR rule:a'}}\n", "cycle", 1,
	9, "label"},
    {"sector: s\nbrands: {k: {match: 'k OR topic:t'}}\n"
     "topics: {t: {match: 'rule:r'}}\nrules: {r: {when: a, brand: k}}\n",
	"cycle", 2, 10, "label"},
    {"topics: {palm: {match: a}}\nrules: {r: {when: 'topic:plam'}}\n",
	"unknown-topic", 2, 20, "'palm'"},
    {"rules: {r: {when: 'x NEAR/2 rule:r'}}\n", "field-in-near", 1, 29,
	"outside"},
    {"rules: {r: {when: a, hit: {a: b}}}\n", "unknown-key", 1, 28, "text"},
    {"rules: {r: {when: a, hit: {lang: fr}}}\n", "missing-key", 1, 22, ""},
    {"rules: {r: {when: a, hit: [{text: a, kind: x}]}}\n", "bad-value", 1, 44,
	"review"},
    {"rules: {r: {when: a, hit: {text: a, likes: 1k}}}\n", "bad-number", 1,
	44, "digits"},
    {"rules: {r: {when: a, hit: {text: a, ts: now}}}\n", "bad-time", 1, 41,
	"2010"},
};

static void
test_wrong(void **state)
{
	unsigned failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char want[100], code[60];

		teardown(NULL);
		setup(NULL);
		file("f.yaml", wrong[i].text);
		assert_null(read_folder());
		snprintf(want, sizeof(want), "\"line\":%u,\"column\":%u,",
		    wrong[i].line, wrong[i].column);
		snprintf(code, sizeof(code), "\"code\":\"%s\"", wrong[i].code);
		if (strstr(report, want) == NULL ||
		    strstr(report, code) == NULL ||
		    strstr(report, wrong[i].help) == NULL) {
			print_error("%s: want %s %s, got %s", wrong[i].text,
			    code, want, report);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

static void
test_over_files(void **state)
{
	(void)state;
	file("a.yaml", "sector: s\nbrands: {b: {match: b}}\n"
		       "topics: {own: {match: t}}\n");
	file("b.yaml", "sector: t\nbrands: {c: {match: c}, b: {match: x}}\n"
		       "rules: {r: {brand: b, when: x},\n"
		       "  q: {topic: own, when: x}}\n");
	assert_null(read_folder());
	expect("b.yaml\",\"line\":2,\"column\":25,");
	expect("/a.yaml:2");
	expect("belongs to the sector 's'");
	expect("this topic belongs to another sector");
	assert_int_equal(diag_errors(diag), 3);
}

/* A broken entry keeps its name: no error about it elsewhere. */
static void
test_no_cascade(void **state)
{
	(void)state;
	file("a.yaml", "sector: s\nbrands:\n  b:\n    match: \"b c\" d\n"
		       "rules:\n  r:\n    brand: b\n    when: brand AND x\n");
	assert_null(read_folder());
	assert_int_equal(diag_errors(diag), 1);
	expect("\"code\":\"yaml-quote\"");
}

/* What YAML takes for comments and for reserved signs is read all the same,
 * and said. */
static void
test_signs(void **state)
{
	struct decls *d;

	(void)state;
	file("a.yaml", "sector: s\nbrands:\n  k:\n"
		       "    match: kitkat OR #kitkat OR @kitkat\n"
		       "    own: [@kitkat]\n");
	d = read_folder();
	assert_non_null(d);
	assert_int_equal(d->brands[0].d.match->group.count, 3);
	assert_int_equal(d->brands[0].own_count, 1);
	assert_int_equal(diag_warnings(diag), 2);
	expect("\"line\":4,\"column\":22,\"width\":18,");
	decls_free(d);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_declarations),
	    TEST(test_id),
	    TEST(test_list_file),
	    TEST(test_walk),
	    TEST(test_no_rules),
	    TEST(test_wrong),
	    TEST(test_over_files),
	    TEST(test_no_cascade),
	    TEST(test_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
