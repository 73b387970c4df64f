/*
 * Goal: a set from the cache folder is the set that its files give, can be
 * patched, and is not taken when a file or the set itself is not as it was.
 * Method: a set made by chance is loaded as a process does that starts, with
 * and without the folder, after a change, and with one bit turned in seven
 * places of the kept file; and as a command does that no other load follows,
 * with the file gone meanwhile.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/image.h"
#include "tests/unit/rules/random_set.h"

/* Load as a process does that starts; how it went. */
static struct ruleset *
start(struct set *s, struct rules_base *base, enum rules_cached how)
{
	char *told;
	struct ruleset *rs = load(s, base, NULL, &told);

	assert_string_equal(told, "");
	free(told);
	assert_int_equal(rules_base_cached(base, how), 1);
	return rs;
}

static void
start_and_compare(struct set *s, enum rules_cached how)
{
	struct rules_base *base = rules_base_new();
	struct ruleset *rs = start(s, base, how), *fresh;
	char cache[64], *told;

	memcpy(cache, s->cache, sizeof(cache));
	s->cache[0] = '\0';
	fresh = load(s, NULL, NULL, &told);
	free(told);
	compare(s, rs, fresh, 5);
	ruleset_unref(fresh);
	/* what came from the folder can be patched as well */
	make_rule(s, 1, 3);
	write_file(s, 1);
	fresh = load(s, base, rs, &told);
	assert_string_equal(told, "");
	free(told);
	assert_int_equal(rules_base_patches(base), 1);
	ruleset_unref(rs);
	rs = load(s, NULL, NULL, &told);
	free(told);
	compare(s, rs, fresh, 6);
	ruleset_unref(rs);
	ruleset_unref(fresh);
	rules_base_free(base);
	memcpy(s->cache, cache, sizeof(cache));
}

/* As match does it in a folder of the user's. */
static struct ruleset *
load_brief(const struct set *s, enum rules_cached how)
{
	struct rules_base *base = rules_base_new();
	const struct rules_options options = {.selftest = true, .base = base,
	    .cache = s->cache, .cache_own = true};
	const char *path = s->folder;
	struct ruleset *rs;

	base->brief = true;
	rs = cache_load(&path, 1, &options);
	assert_int_equal(rules_base_cached(base, how), 1);
	rules_base_free(base);
	return rs;
}

static void
compare_brief(struct set *s)
{
	struct ruleset *rs = load_brief(s, RULES_CACHE_HIT), *fresh;
	char command[300], cache[64], *told;

	assert_non_null(rs);
	snprintf(command, sizeof(command), "rm '%s'/*.set", s->cache);
	assert_int_equal(system(command), 0);
	assert_null(load_brief(s, RULES_CACHE_MISS));
	memcpy(cache, s->cache, sizeof(cache));
	s->cache[0] = '\0';
	fresh = load(s, NULL, NULL, &told);
	free(told);
	compare(s, rs, fresh, 5);
	assert_true(rs->kept.count > 0 && fresh->kept.count == 0);
	ruleset_unref(fresh);
	ruleset_unref(rs);
	memcpy(s->cache, cache, sizeof(cache));
}

/* One byte of each file of the folder, at ${share} of its length. */
static void
damage(const struct set *s, double share)
{
	char command[300], path[200];
	FILE *list, *file;

	snprintf(command, sizeof(command), "ls '%s'/*.set", s->cache);
	list = popen(command, "r");
	REQUIRE(list != NULL && fgets(path, sizeof(path), list) != NULL);
	pclose(list);
	path[strcspn(path, "\n")] = '\0';
	file = fopen(path, "r+");
	REQUIRE(file != NULL && fseek(file, 0, SEEK_END) == 0);
	REQUIRE(fseek(file, (long)((double)(ftell(file) - 1) * share),
		    SEEK_SET) == 0);
	{
		int c = fgetc(file);

		fseek(file, -1, SEEK_CUR);
		fputc(c ^ 0x10, file);
	}
	REQUIRE(fclose(file) == 0);
}

static void
test_cache(void **state)
{
	static const double places[] = {0, 0.00005, 0.001, 0.3, 0.6, 0.9, 1};
	struct set s = {0};
	char *told;

	(void)state;
	rand_seed(&s.rand, 78);
	memcpy(s.folder, "/tmp/vigie-patch-XXXXXX", 24);
	memcpy(s.cache, "/tmp/vigie-cache-XXXXXX", 24);
	REQUIRE(mkdtemp(s.folder) != NULL && mkdtemp(s.cache) != NULL);
	make_all(&s);
	start_and_compare(&s, RULES_CACHE_MISS);
	start_and_compare(&s, RULES_CACHE_MISS); /* a rule has changed */
	make_rule(&s, 2, 5);
	write_file(&s, 2);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct rules_base *base = rules_base_new();

		ruleset_unref(load(&s, base, NULL, &told)); /* keeps it */
		free(told);
		rules_base_free(base);
		start_and_compare(&s, RULES_CACHE_HIT);
		write_file(&s, 1);
		base = rules_base_new();
		ruleset_unref(load(&s, base, NULL, &told));
		free(told);
		rules_base_free(base);
		damage(&s, places[i]);
		assert_null(load_brief(&s, RULES_CACHE_REFUSED));
		start_and_compare(&s, RULES_CACHE_REFUSED);
	}
	write_file(&s, 1);
	ruleset_unref(load(&s, NULL, NULL, &told));
	free(told);
	compare_brief(&s);
	remove_all(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
