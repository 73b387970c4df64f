/*
 * How long the proof of coverage takes:
 *
 *	time_duty [BRANDS [TOPICS [LANGUAGES]]]
 *
 * A house of two-tier hubs: a team per brand with one of seven calendars, a
 * department per topic, a desk per language, a centre and its deputy.  It
 * holds; then the deputy goes, and every cell of levels 3 and 4 is a finding.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/organisation/duty.h"

#define MONDAY_MS INT64_C(1774245600000) /* 2026-03-23T06:00:00Z */

static const char *const langs[] = {"fr", "en", "de", "es", "it", "pt", "nl"};
static const char *const zones[] = {"Europe/Paris", "Europe/London",
    "America/New_York", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo",
    "Asia/Kolkata"};

static void
write_house(struct buf *out, int brands, int topics, int languages, bool deputy)
{
	buf_text(out, "model: coordinated\nzone: Europe/Paris\nlanguages: [");
	for (int i = 0; i < languages; i++)
		buf_printf(out, "%s%s", i == 0 ? "" : ", ", langs[i]);
	buf_text(out, "]\ndeputy_from: 3\npromise: {1: always, 2: always, "
		      "3: always, 4: always}\nteams:\n");
	buf_printf(out,
	    "  hub: {kind: centre, brands: \"*\", sectors: \"*\"%s}\n",
	    deputy ? ", deputies: [night]" : "");
	buf_text(out, "  night: {kind: agency, brands: \"*\", sectors: \"*\", "
		      "levels: [3, 4]}\n");
	for (int i = 0; i < brands; i++)
		buf_printf(out,
		    "  b%d: {kind: agency, brands: [b%d], zone: %s, hours: "
		    "[{days: mon-%s, from: \"0%d:00\", to: \"%d:30\"}]}\n",
		    i, i, zones[i % 7], i % 3 ? "fri" : "sun", 6 + i % 4,
		    17 + i % 5);
	for (int i = 0; i < topics; i++)
		buf_printf(out,
		    "  d%d: {kind: department, topics: [p%d], hours: office}\n",
		    i, i);
	for (int i = 0; i < languages; i++)
		buf_printf(out,
		    "  l%d: {kind: region, brands: \"*\", languages: [%s], "
		    "zone: %s, hours: office}\n",
		    i, langs[i], zones[i]);
}

static struct organisation *
load(const struct buf *text)
{
	char path[] = "/tmp/vigie-duty-XXXXXX";
	struct organisation *o = organisation_new();
	struct diag *diag = diag_new();
	int fd = mkstemp(path);
	bool ok =
	    fd >= 0 && write(fd, text->data, text->len) == (ssize_t)text->len;

	if (fd >= 0)
		close(fd);
	ok = ok && organisation_load(o, path, diag);
	diag_print(diag, stderr, false);
	unlink(path);
	diag_free(diag);
	if (!ok)
		exit(1);
	return o;
}

static void
measure(int brands, int topics, int languages, bool deputy)
{
	struct clock clock = clock_wall();
	struct diag *diag = diag_new();
	struct buf text = {0}, json = {0};
	struct organisation *o;
	struct duty *d;
	int64_t start_ns;

	write_house(&text, brands, topics, languages, deputy);
	o = load(&text);
	start_ns = clock.tick_ns(clock.self);
	d = duty_new(o, NULL, MONDAY_MS);
	duty_prove(d, false, diag);
	start_ns = clock.tick_ns(clock.self) - start_ns;
	duty_json(d, &json);
	printf("%s: %.1f ms, %u errors, %.*s",
	    deputy ? "holds" : "without a deputy", (double)start_ns / 1e6,
	    diag_errors(diag), (int)json.len, json.data);
	duty_free(d);
	organisation_free(o);
	diag_free(diag);
	buf_fini(&text);
	buf_fini(&json);
}

int
main(int argc, char **argv)
{
	int brands = argc > 1 ? atoi(argv[1]) : 300;
	int topics = argc > 2 ? atoi(argv[2]) : 40;
	int languages = argc > 3 ? atoi(argv[3]) : 5;

	if (brands < 1 || topics < 1 || languages < 1 || languages > 7) {
		fprintf(stderr, "usage: time_duty [BRANDS [TOPICS "
				"[LANGUAGES, 1 to 7]]]\n");
		return 2;
	}
	measure(brands, topics, languages, true);
	measure(brands, topics, languages, false);
	return 0;
}
