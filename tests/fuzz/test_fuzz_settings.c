/*
 * Goal: no bytes make the readers of vigie.yaml and of an organisation crash,
 * leak, or refuse without saying why; what they accept keeps its bounds.
 * Method: the input as a file in memory, read by both with the real tables of
 * connectors; nothing is opened.
 * SPDX-License-Identifier: Apache-2.0
 */
#define FUZZ_NAME "settings"
#include "tests/fuzz/fuzz_main.h"

#include <sys/mman.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "engine/base/limits.h"
#include "engine/config.h"
#include "engine/organisation/organisation.h"

static void
read_config(const char *path)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct config *c = config_new();
	struct diag *diag = diag_new();
	bool ok = config_load(c, path, &types, diag);

	REQUIRE(ok == (diag_errors(diag) == 0));
	if (ok) {
		REQUIRE(c->workers >= 0 && c->workers <= WORKERS_MAX);
		REQUIRE(c->alpha_micro > 0);
		for (int i = 1; i < CONFIG_LEVELS; i++)
			REQUIRE(c->theta_micro[i] >= c->theta_micro[i - 1]);
	}
	config_free(c);
	diag_free(diag);
}

static void
read_organisation(const char *path)
{
	struct organisation *o = organisation_new();
	struct diag *diag = diag_new();
	bool ok = organisation_load(o, path, diag);

	REQUIRE(ok == (diag_errors(diag) == 0));
	for (size_t i = 0; ok && i < o->teams_count; i++) {
		const struct team *t = &o->teams[i];

		REQUIRE(t->id != NULL && t->channel != NULL);
		REQUIRE(t->min_level >= 0 && t->min_level <= 4);
		REQUIRE(i == 0 || strcmp(o->teams[i - 1].id, t->id) < 0);
	}
	organisation_free(o);
	diag_free(diag);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	char path[40];

	if (fd < 0)
		fd = memfd_create("settings", MFD_CLOEXEC);
	REQUIRE(fd >= 0 && ftruncate(fd, 0) == 0);
	REQUIRE(pwrite(fd, data, size, 0) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_config(path);
	read_organisation(path);
	return 0;
}
