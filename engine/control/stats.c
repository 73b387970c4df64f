/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/control/stats.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>

#include "engine/base/buf.h"

static const char *const stage_names[STAGES] = {
    [STAGE_DECODE] = "decode",
    [STAGE_FOLD] = "fold",
    [STAGE_MATCH] = "match",
    [STAGE_REST] = "rest",
};

static int64_t
micros_of(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

static void
put_rate(struct buf *out, const char *name, uint64_t n, int64_t micros)
{
	buf_printf(out, ",\n \"%s\": ", name);
	buf_int(out,
	    micros > 0 ? (int64_t)((double)n * 1e6 / (double)micros) : 0);
}

static void
put_stages(struct buf *out, const struct stages *s)
{
	int64_t all = 0;

	for (unsigned i = 0; i < STAGES; i++)
		all += s->ns[i];
	buf_text(out, ",\n \"stages\": {");
	for (unsigned i = 0; i < STAGES; i++) {
		buf_printf(out, "%s\"%s\": ", i > 0 ? ", " : "",
		    stage_names[i]);
		buf_fixed(out, all > 0 ? s->ns[i] * 10000 / all : 0, 4, 4);
	}
	buf_printf(out, "},\n \"stages_sampled_posts\": %llu",
	    (unsigned long long)s->posts);
}

static void
put_all(struct buf *out, const struct stats *st)
{
	const uint64_t *v = st->counters->values;
	struct rusage use = {0};
	int64_t cpu;

	getrusage(RUSAGE_SELF, &use);
	cpu = micros_of(use.ru_utime) + micros_of(use.ru_stime);
	buf_printf(out, "{\"command\": \"%s\",\n \"workers\": %u", st->command,
	    st->workers);
	if (st->rules != NULL)
		buf_printf(out, ",\n \"rules\": %u,\n \"rules_bytes\": %zu",
		    ruleset_rules(st->rules), ruleset_bytes(st->rules));
	buf_text(out, ",\n \"posts\": ");
	buf_int(out, (int64_t)v[COUNTER_posts_total]);
	buf_text(out, ",\n \"bytes\": ");
	buf_int(out, (int64_t)v[COUNTER_posts_bytes]);
	buf_text(out, ",\n \"ready_seconds\": ");
	buf_fixed(out, st->ready_ns / 1000, 6, 6);
	buf_text(out, ",\n \"seconds\": ");
	buf_fixed(out, st->elapsed_ns / 1000, 6, 6);
	put_rate(out, "posts_per_second", v[COUNTER_posts_total],
	    st->elapsed_ns / 1000);
	buf_text(out, ",\n \"cpu_seconds\": ");
	buf_fixed(out, cpu, 6, 6);
	put_rate(out, "posts_per_cpu_second", v[COUNTER_posts_total], cpu);
	put_stages(out, &st->stages);
	buf_text(out, ",\n \"peak_memory_bytes\": ");
	buf_int(out, (int64_t)use.ru_maxrss * 1024);
	if (st->budget.len > 0) {
		buf_text(out, ",\n \"noise\": {");
		buf_slice_put(out, st->budget);
		buf_char(out, '}');
	}
	buf_text(out, ",\n \"counters\": {");
	for (unsigned i = 0; i < COUNTERS_COUNT; i++)
		buf_printf(out, "%s\n  \"%s\": %llu", i > 0 ? "," : "",
		    counters_info(i)->name, (unsigned long long)v[i]);
	buf_text(out, "}}\n");
}

int
stats_write(const struct stats *st, const char *path, struct err *err)
{
	struct buf out = {0};
	FILE *f = fopen(path, "w");
	int rc = 0;

	if (f == NULL)
		return err_set(err, -errno, "cannot write %s: %s", path,
		    strerror(errno));
	put_all(&out, st);
	if (fwrite(out.data, 1, out.len, f) != out.len)
		rc = err_set(err, -EIO, "cannot write %s", path);
	if (fclose(f) != 0 && rc == 0)
		rc = err_set(err, -errno, "cannot write %s: %s", path,
		    strerror(errno));
	buf_fini(&out);
	return rc;
}
