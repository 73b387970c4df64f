/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/daytime.h"

#include "engine/base/clock.h"

static const char *const days[2][7] = {
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
	"Sunday"},
    {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}};
static const char *const months[2][12] = {
    {"January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December"},
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
	"septembre", "octobre", "novembre", "décembre"}};

void
daytime_put(const struct zone *zone, int64_t ms, bool french, struct buf *out)
{
	int64_t wall_ms = zone_wall(zone, ms);
	char utc[24]; /* "2010-03-21T18:00:00Z" */
	int month, day;

	clock_format(wall_ms, utc);
	month = (utc[5] - '0') * 10 + utc[6] - '0';
	day = (utc[8] - '0') * 10 + utc[9] - '0';
	buf_printf(out, "%s %d%s %s %.5s",
	    days[french][zone_weekday(zone_day(wall_ms))], day,
	    french && day == 1 ? "er" : "", months[french][month - 1],
	    utc + 11);
}
