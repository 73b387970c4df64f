/*
 * Goal: the quota of a container decides, in both versions of cgroups, also
 * when it is set on a group above.  Method: folders that look like /proc and
 * /sys/fs/cgroup.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "engine/quota.h"

static char root[] = "/tmp/vigie-quota-XXXXXX";
static char proc[200];

static void
put(const char *path, const char *text)
{
	char full[300], *slash;
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (slash = full + sizeof(root); *slash != '\0'; slash++)
		if (*slash == '/') {
			*slash = '\0';
			mkdir(full, 0700);
			*slash = '/';
		}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
make_root(void **state)
{
	(void)state;
	snprintf(proc, sizeof(proc), "%s", mkdtemp(root));
	snprintf(proc, sizeof(proc), "%s/proc", root);
	return 0;
}

static int
drop_root(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static void
reads_version_2(void **state)
{
	(void)state;
	put("proc", "0::/pod/box\n");
	put("pod/box/cpu.max", "max 100000\n");
	assert_int_equal(quota_cores(proc, root, 16), 16);
	put("pod/box/cpu.max", "250000 100000\n");
	assert_int_equal(quota_cores(proc, root, 16), 3);
	assert_int_equal(quota_cores(proc, root, 2), 2);
	put("pod/cpu.max", "50000 100000\n"); /* the group above */
	assert_int_equal(quota_cores(proc, root, 16), 1);
}

static void
reads_version_1(void **state)
{
	(void)state;
	put("proc", "9:name=systemd:/\n5:cpuset:/\n4:cpu,cpuacct:/v1\n");
	put("cpu/v1/cpu.cfs_quota_us", "-1\n");
	put("cpu/v1/cpu.cfs_period_us", "100000\n");
	assert_int_equal(quota_cores(proc, root, 8), 8);
	put("cpu/v1/cpu.cfs_quota_us", "400000\n");
	assert_int_equal(quota_cores(proc, root, 8), 4);
}

static void
without_any_all_cores(void **state)
{
	unsigned workers = quota_workers();

	(void)state;
	assert_int_equal(quota_cores("/nonexistent", root, 8), 8);
	put("proc", "0::/nowhere\n");
	assert_int_equal(quota_cores(proc, root, 8), 8);
	assert_true(workers >= 1 && workers <= 64);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_version_2),
	    cmocka_unit_test(reads_version_1),
	    cmocka_unit_test(without_any_all_cores),
	};

	return cmocka_run_group_tests(tests, make_root, drop_root);
}
