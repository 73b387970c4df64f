/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pull.h"

#include "engine/base/must.h"

int
pull_read(struct pipeline *p, const struct pull_input *input,
    bool (*on_turn)(void *self), void *self, struct err *err)
{
	struct intake *in = intake_open(pipeline_hub(p), input->name);
	ssize_t n;

	/* The previous input may still have batches on their way. */
	while (in == NULL) {
		pipeline_wait(p);
		in = intake_open(pipeline_hub(p), input->name);
	}
	do {
		size_t room;
		char *to;

		if (input->fd >= 0) {
			/* Nobody waits for the other: what is whole goes to
			 * an idle worker, what is done goes out. */
			pipeline_flush(p);
			pipeline_wait_for(p, input->fd);
		}
		while ((to = intake_room(in, &room)) == NULL)
			pipeline_wait(p);
		n = input->read(input->self, to, room, err);
		if (n <= 0)
			break;
		intake_bytes(in, (size_t)n);
		pipeline_help(p);
	} while (on_turn == NULL || on_turn(self));
	intake_close(in);
	return n < 0 ? (int)n : 0;
}

void
pull_end(struct pipeline *p)
{
	pipeline_end(p);
	while (!pipeline_over(p))
		pipeline_wait(p);
}
