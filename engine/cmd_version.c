/*
 * vigie version: what this binary is made of, for the report of a fault.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include <uv.h>

#include "connectors/connectors.h"
#include "connectors/decode.h"
#include "connectors/json_index.h"
#include "engine/base/buf.h"
#include "engine/cache_place.h"
#include "engine/options.h"
#include "rules/rules.h"

int
cmd_version(struct options *o)
{
	struct buf regex = {0};
	char *cache = cache_place_own();

	(void)o;
	rules_library(&regex);
	printf("vigie %s (%s)\n", VIGIE_VERSION, VIGIE_FLAVOUR);
	printf("libuv %s, compiled against %d.%d.%d\n", uv_version_string(),
	    UV_VERSION_MAJOR, UV_VERSION_MINOR, UV_VERSION_PATCH);
	printf("%.*s\n", SLICE_ARG(buf_slice(&regex)));
	printf("index of JSON: %s\n", json_index_path_name());
	printf("formats:  ");
	for (size_t i = 0; decode_list((unsigned)i) != NULL; i++)
		printf(" %s", decode_list((unsigned)i)->name);
	printf("\nsources:  ");
	for (size_t i = 0; connectors_source_at(i) != NULL; i++)
		printf(" %s", connectors_source_at(i)->name);
	printf("\nsinks:    ");
	for (size_t i = 0; connectors_sink_at(i) != NULL; i++)
		printf(" %s", connectors_sink_at(i)->name);
	printf("\noperators:");
	for (size_t i = 0; rules_operators(i) != NULL; i++)
		printf(" %s", rules_operators(i)->name);
	printf("\nsets:      %s\n", cache != NULL ? cache : "not kept");
	free(cache);
	buf_fini(&regex);
	return EXIT_DONE;
}
