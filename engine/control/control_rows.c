/*
 * The commands of the control socket as a table.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/service_parts.h"

static const struct control_row rows[] = {
#define CONTROL(name, argument, help)                                          \
	{#name, argument, help, control_do_##name},
#include "engine/control/control.def"
#undef CONTROL
    {NULL, NULL, NULL, NULL},
};

const struct control_row *
control_rows(void)
{
	return rows;
}
