/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cmd_posts.h"

#include "engine/cmd_inputs.h"

struct posts {
	cmd_posts_fn *fn;
	void *self;
};

static void
on_post(void *self, struct worker_ctx *ctx, struct batch *batch,
    const struct post *post, struct text *text, const struct verdict *verdict)
{
	const struct posts *posts = self;

	(void)ctx, (void)batch, (void)verdict;
	if (!post->deleted)
		posts->fn(posts->self, post, text);
}

static void
on_batch(void *self, struct batch *batch)
{
	(void)self, (void)batch;
}

int
cmd_posts_each(const struct options *o, char **args, size_t count,
    struct ruleset *rules, cmd_posts_fn *fn, void *self)
{
	struct posts posts = {fn, self};
	struct cmd_inputs in = {0};
	struct options mine = *o;

	if (count == 0)
		return EXIT_DONE;
	mine.args = args;
	mine.args_count = count;
	cmd_inputs_start(&in, &mine);
	cmd_inputs_open(&in, rules, 1,
	    (struct job){.post = on_post, .self = &posts, .every = true},
	    (struct consumer){.on_batch = on_batch, .self = &posts});
	return cmd_inputs_close(&in, 1, rules, cmd_inputs_read(&in));
}
