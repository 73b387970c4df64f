/*
 * vigie ctl snapshot: the norms on the disk, now.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/service_parts.h"

void
control_do_snapshot(void *service, struct control_call *call)
{
	struct service *s = service;
	struct service_state *st = &s->state;

	if (!st->resumed || st->closing) {
		control_refuse(call, "nothing is saved: the configuration has "
				     "no state_dir");
		return;
	}
	if (st->call != NULL) {
		control_refuse(call, "a snapshot is under way");
		return;
	}
	state_batch(st->state, s->judge, true);
	st->call = call;
	st->call_taken = false;
}
