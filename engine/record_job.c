/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/record_job.h"

static void
leave_record(void *self, struct worker_ctx *ctx, struct batch *batch,
    const struct post *post, struct text *text, const struct verdict *verdict)
{
	(void)self;
	record_add(batch, post, text, verdict, ctx->t_ms, ctx->flags);
}

struct job
record_job(void)
{
	return (struct job){
	    .post = leave_record,
	    .match_flags = MATCH_TOPICS | MATCH_SPANS | MATCH_UNSCORED,
	    .own = true,
	};
}
