/*
 * Goal: every form of a Redis url is read as it says, everything else refused,
 * and no secret gets into the name.  Method: tables.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "connectors/redis_url.h"

static const struct {
	const char *text, *user, *password, *host, *path;
	int port, db;
	const char *name;
} good[] = {
    {"redis://h", "", "", "h", "", 6379, 0, "redis h:6379"},
    {"redis://h:1/", "", "", "h", "", 1, 0, "redis h:1"},
    {"redis://127.0.0.1:6380/3", "", "", "127.0.0.1", "", 6380, 3,
	"redis 127.0.0.1:6380"},
    {"redis://:s%40c:ret@h:2", "", "s@c:ret", "h", "", 2, 0, "redis h:2"},
    {"redis://u:p@h", "u", "p", "h", "", 6379, 0, "redis h:6379"},
    {"redis://[::1]:7/2", "", "", "::1", "", 7, 2, "redis ::1:7"},
    {"redis://[::1]", "", "", "::1", "", 6379, 0, "redis ::1:6379"},
    {"unix:///run/r.sock", "", "", "", "/run/r.sock", 0, 0,
	"redis /run/r.sock"},
    {"unix://:p@/run/r?db=4", "", "p", "", "/run/r", 0, 4, "redis /run/r"},
};

static const char *const bad[] = {
    "", "h", "redis://", "redis://:6379", "redis://h:0", "redis://h:65536",
    "redis://h:x", "redis://h/x", "redis://h/-1", "redis://:%zz@h",
    "redis://:%4", "redis://[::1", "redis://[::1]7", "unix://run/r",
    "unix:///", "unix:///r?x=1", "unix:///r?db=", "http://h",
    "redis://h:99999999999999999999", "rediss://h"};

static void
test_good(void **state)
{
	struct redis_url url;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		if (redis_url_parse(good[i].text, &url, &err) != 0)
			fail_msg("%s: %s", good[i].text, err.text);
		assert_string_equal(url.user, good[i].user);
		assert_string_equal(url.password, good[i].password);
		assert_string_equal(url.host, good[i].host);
		assert_string_equal(url.path, good[i].path);
		assert_int_equal(url.port, good[i].port);
		assert_int_equal(url.db, good[i].db);
		assert_string_equal(url.name, good[i].name);
	}
}

static void
test_bad(void **state)
{
	struct redis_url url;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (redis_url_parse(bad[i], &url, &err) >= 0)
			fail_msg("taken: %s", bad[i]);
	assert_non_null(strstr(err.text, "stunnel")); /* the last one */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
