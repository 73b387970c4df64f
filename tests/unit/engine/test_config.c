/*
 * Goal: vigie.yaml becomes the struct it says; what is wrong in it is told
 * with its place, all at once; paths are seen from the folder of the file.
 * Method: small files in a private folder, read with the real connectors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "connectors/connectors.h"
#include "engine/config.h"

static const struct config_types types = {
    connectors_source_at, connectors_sink_at};

struct trial {
	char folder[32], path[64];
	struct config *config;
	struct diag *diag;
	char *said; /* what diag_print says */
	size_t said_len;
	bool ok;
};

static void
load(struct trial *t, const char *text)
{
	FILE *f;

	snprintf(t->folder, sizeof(t->folder), "/tmp/vigie-conf-XXXXXX");
	assert_non_null(mkdtemp(t->folder));
	snprintf(t->path, sizeof(t->path), "%s/v.yaml", t->folder);
	f = fopen(t->path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	t->config = config_new();
	t->diag = diag_new();
	t->ok = config_load(t->config, t->path, &types, t->diag);
	f = open_memstream(&t->said, &t->said_len);
	diag_print(t->diag, f, false);
	fclose(f);
}

static void
done(struct trial *t)
{
	config_free(t->config);
	diag_free(t->diag);
	free(t->said);
	unlink(t->path);
	rmdir(t->folder);
}

static void
test_all_keys(void **state)
{
	struct trial t;
	char want[80];

	(void)state;
	load(&t,
	    "rules: [packs/food, /etc/vigie/more.yaml]\n"
	    "organisation: o.yaml\n"
	    "workers: 3\n"
	    "state_dir: state\n"
	    "key: '007'\n"
	    "sources:\n"
	    "  - {type: tcp, listen: '127.0.0.1:7777'}\n"
	    "sinks:\n"
	    "  - {type: jsonl, path: a.jsonl, sync: no}\n"
	    "  - type: redis\n"
	    "    url: redis://:x@localhost/2\n"
	    "density: {theta: [1, 2.5, 3, 4.000001], alpha: 7}\n");
	assert_string_equal(t.said, "");
	assert_true(t.ok);
	assert_int_equal(t.config->rules_count, 2);
	snprintf(want, sizeof(want), "%s/packs/food", t.folder);
	assert_string_equal(t.config->rules[0], want);
	assert_string_equal(t.config->rules[1], "/etc/vigie/more.yaml");
	snprintf(want, sizeof(want), "%s/o.yaml", t.folder);
	assert_string_equal(t.config->organisation, want);
	assert_int_equal(t.config->workers, 3);
	assert_string_equal(t.config->key, "007");
	assert_int_equal(t.config->sources_count, 1);
	assert_string_equal(t.config->sources[0]->type->name, "tcp");
	assert_int_equal(t.config->sinks_count, 2);
	assert_string_equal(t.config->sinks[1]->type->name, "redis");
	assert_int_equal(t.config->theta_micro[1], 2500000);
	assert_int_equal(t.config->theta_micro[3], 4000001);
	assert_int_equal(t.config->alpha_micro, 7000000);
	done(&t);
}

static void
test_defaults(void **state)
{
	struct trial t;

	(void)state;
	load(&t, "rules: one.yaml\n");
	assert_true(t.ok);
	assert_int_equal(t.config->rules_count, 1);
	assert_int_equal(t.config->workers, 0);
	assert_null(t.config->organisation);
	assert_null(t.config->key);
	assert_int_equal(t.config->sinks_count, 0);
	assert_int_equal(t.config->theta_micro[0], 5000000);
	assert_int_equal(t.config->theta_micro[3], 35000000);
	assert_int_equal(t.config->alpha_micro, 20000000);
	done(&t);
}

static void
says(const char *text, const char *where, const char *what)
{
	struct trial t;
	char want[200];

	load(&t, text);
	assert_false(t.ok);
	snprintf(want, sizeof(want), "%s:%s: error: %s", t.path, where, what);
	if (strstr(t.said, want) == NULL)
		fail_msg("wanted '%s' in:\n%s", want, t.said);
	done(&t);
}

static void
test_errors(void **state)
{
	(void)state;
	says("rule: x\n", "1:1", "unknown setting 'rule'");
	says("workers: many\n", "1:10", "workers wants a whole number");
	says("workers: 0\n", "1:10", "workers wants");
	says("workers: 65\n", "1:10", "workers wants");
	says("workers: [1]\n", "1:10", "workers wants one value");
	says("rules: {a: b}\n", "1:8", "rules wants a path");
	says("sinks: redis\n", "1:8", "sinks wants a list");
	says("sinks: [redis]\n", "1:9", "a source or sink has a type");
	says("sinks: [{type: redi}]\n", "1:16", "unknown type of sink 'redi'");
	says("sources: [{type: kafka}]\n", "1:18", "unknown type of source");
	says("sinks: [{type: redis}]\n", "1:9", "setting 'url' is missing");
	says("sinks: [{type: redis, url: a, maxlen: -1}]\n", "1:39",
	    "maxlen wants");
	says("sinks: [{type: redis, url: a, timeout: 10}]\n", "1:40",
	    "timeout wants a duration");
	says("sinks: [{type: jsonl, path: a, sync: maybe}]\n", "1:38",
	    "sync wants true or false");
	says("density: {theta: [5, 4, 20, 35]}\n", "1:22",
	    "this wants four rising numbers");
	says("density: {theta: [5, 6, 7]}\n", "1:18", "theta wants four");
	says("density: {theta: [1, 2, 3, 4, 5]}\n", "1:31", "this wants four");
	says("density: {alpha: 0}\n", "1:18", "alpha wants");
	says("density: {beta: 0}\n", "1:11", "unknown setting 'beta'");
	says("- a\n", "1:1", "this wants keys");
}

#define HEX32 "000102030405060708090a0b0c0d0e0f"

static void
test_nomarketing(void **state)
{
	struct trial t;

	(void)state;
	load(&t, "nomarketing: {key: " HEX32 "A0A1A2A3A4A5A6A7A8A9aaabacadaeaf"
		 ", ttl: 30d, harm: 0.25}\n");
	assert_true(t.ok);
	assert_true(t.config->nomarketing.on);
	assert_int_equal(t.config->nomarketing.key[1], 1);
	assert_int_equal(t.config->nomarketing.key[31], 0xaf);
	assert_int_equal(t.config->nomarketing.ttl_ms, 30 * 86400000ll);
	assert_int_equal(t.config->nomarketing.harm_micro, 250000);
	done(&t);
	load(&t, "nomarketing: {key: " HEX32 HEX32 "}\n");
	assert_true(t.ok);
	assert_int_equal(t.config->nomarketing.ttl_ms, 90 * 86400000ll);
	assert_int_equal(t.config->nomarketing.harm_micro, 500000);
	done(&t);
	load(&t, "workers: 1\n");
	assert_false(t.config->nomarketing.on);
	done(&t);
	says("nomarketing: on\n", "1:14", "nomarketing wants {key:");
	says("nomarketing: {ttl: 1d}\n", "1:14", "setting 'key' is missing");
	says("nomarketing: {key: " HEX32 "}\n", "1:20",
	    "key wants 64 hex digits");
	says("nomarketing: {key: x" HEX32 HEX32 "}\n", "1:20",
	    "key wants 64 hex digits");
	says("nomarketing:\n  key: " HEX32 HEX32 "\n  harm: 1.5\n", "3:9",
	    "harm wants a number above 0");
	says("nomarketing:\n  key: " HEX32 HEX32 "\n  ttl: 3s\n", "3:8",
	    "ttl wants a duration");
	says("nomarketing:\n  key: " HEX32 HEX32 "\n  keys: 3s\n", "3:3",
	    "unknown setting 'keys'");
	says("key: " HEX32 HEX32 "\nnomarketing: {key: " HEX32 HEX32 "}\n",
	    "2:20", "nomarketing wants a key of its own");
}

static void
test_all_at_once(void **state)
{
	struct trial t;

	(void)state;
	load(&t, "a: 1\nworkers: x\nsinks: [{type: no}, {type: jsonl}]\n");
	assert_int_equal(diag_errors(t.diag), 4);
	done(&t);
}

static void
test_missing_file(void **state)
{
	struct config *config = config_new();
	struct diag *diag = diag_new();

	(void)state;
	assert_false(config_load(config, "/nowhere/v.yaml", &types, diag));
	assert_int_equal(diag_errors(diag), 1);
	config_free(config);
	diag_free(diag);
}

static void
test_environment(void **state)
{
	(void)state;
	setenv("VIGIE_CONFIG", "/etc/v.yaml", 1);
	assert_string_equal(config_find(NULL), "/etc/v.yaml");
	assert_string_equal(config_find("mine.yaml"), "mine.yaml");
	setenv("VIGIE_CONFIG", "", 1);
	assert_null(config_find(NULL));
	unsetenv("VIGIE_CONFIG");
	assert_null(config_find(NULL));
}

static void
test_added(void **state)
{
	struct config *config = config_new();

	(void)state;
	assert_string_equal(
	    config_add_sink(config, connectors_sink("stdout"))->name,
	    "stdout");
	assert_string_equal(
	    config_add_source(config, connectors_source("stdin"))->name,
	    "stdin");
	assert_int_equal(config->sinks_count, 1);
	config_free(config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_keys),
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_errors),
	    cmocka_unit_test(test_nomarketing),
	    cmocka_unit_test(test_all_at_once),
	    cmocka_unit_test(test_missing_file),
	    cmocka_unit_test(test_environment),
	    cmocka_unit_test(test_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
