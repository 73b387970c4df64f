/*
 * vigie ctl budget: how often each brand has rung in seven days.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/service_parts.h"

void
control_do_budget(void *service, struct control_call *call)
{
	struct service *s = service;
	struct buf *out = control_out(call);

	buf_char(out, ',');
	judge_budget(s->judge, out);
	control_answer(call);
}
