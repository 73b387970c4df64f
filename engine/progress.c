/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/progress.h"

#include <string.h>
#include <unistd.h>

#define REDRAW_NS INT64_C(100000000)
#define BAR_CELLS 24u

void
progress_start(struct progress *p, FILE *out, struct clock clock,
    uint64_t bytes_total)
{
	*p = (struct progress){
	    .out = isatty(fileno(out)) ? out : NULL,
	    .clock = clock,
	    .bytes_total = bytes_total,
	};
	p->start_ns = p->drawn_ns = clock.tick_ns(clock.self);
}

void
progress_line(const struct progress *p, int64_t now_ns, uint64_t bytes,
    uint64_t posts, char line[static 120])
{
	double seconds = (double)(now_ns - p->start_ns) / 1e9;
	double rate = seconds > 0 ? (double)posts / seconds : 0;
	char bar[BAR_CELLS + 1];
	double part;
	unsigned full;

	if (p->bytes_total == 0 || bytes == 0) {
		snprintf(line, 120, "%.1f MB, %llu posts, %.0f posts/s",
		    (double)bytes / 1e6, (unsigned long long)posts, rate);
		return;
	}
	part = (double)bytes / (double)p->bytes_total;
	if (part > 1)
		part = 1;
	full = (unsigned)(part * BAR_CELLS);
	memset(bar, '.', BAR_CELLS);
	memset(bar, '#', full);
	bar[BAR_CELLS] = '\0';
	snprintf(line, 120,
	    "[%s] %3.0f %%, %llu posts, %.0f posts/s, %.0f s left", bar,
	    part * 100, (unsigned long long)posts, rate,
	    seconds * (1 - part) / part);
}

void
progress_tick(struct progress *p, uint64_t bytes, uint64_t posts)
{
	char line[120];
	int64_t now;

	if (p->out == NULL)
		return;
	now = p->clock.tick_ns(p->clock.self);
	if (now - p->drawn_ns < REDRAW_NS)
		return;
	p->drawn_ns = now;
	p->drawn = true;
	progress_line(p, now, bytes, posts, line);
	fprintf(p->out, "\r%s\033[K", line);
	fflush(p->out);
}

void
progress_clear(void *self)
{
	struct progress *p = self;

	if (p->out == NULL || !p->drawn)
		return;
	p->drawn = false;
	fprintf(p->out, "\r\033[K");
	fflush(p->out);
}
