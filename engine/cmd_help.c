/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "engine/options.h"

int
cmd_help(struct options *o)
{
	if (options_usage(o->args_count > 0 ? o->args[0] : NULL))
		return EXIT_DONE;
	fprintf(stderr, "vigie help: no command '%s'\n", o->args[0]);
	return EXIT_MISUSE;
}
