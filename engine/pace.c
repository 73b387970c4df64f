/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pace.h"

void
pace_hear(struct pace *p, int64_t minute, uint32_t posts)
{
	int64_t hour = minute / PACE_HOUR_MINUTES, h;
	uint16_t *now;

	if (p->hour == 0) {
		p->hour = hour;
		p->since = hour + 1;
	}
	if (hour <= p->hour - PACE_WEEK)
		return;
	/* Hours without a post in between; of more than a week, all. */
	h = hour - p->hour > PACE_WEEK ? hour - PACE_WEEK + 1 : p->hour + 1;
	for (; h <= hour; h++)
		p->counts[h % PACE_WEEK] = 0;
	if (hour > p->hour)
		p->hour = hour;
	now = &p->counts[hour % PACE_WEEK];
	*now = (uint16_t)(posts < (uint32_t)(UINT16_MAX - *now) ?
		*now + posts : UINT16_MAX);
	if (minute > p->minute)
		p->minute = minute;
}

int64_t
pace_missed(const struct pace *p, int64_t hour, int64_t watched,
    int64_t *whole)
{
	int64_t from = p->hour + 1, sure = 0;

	if (from <= watched)
		from = watched + 1;
	*whole = hour - from + 1;
	if (p->hour == 0 || from - p->since < PACE_WEEK ||
	    from - p->hour > PACE_HOURS)
		return 0;
	for (int64_t h = from; h <= hour && h <= p->hour + PACE_HOURS; h++) {
		uint16_t least = UINT16_MAX;

		for (int d = 1; d <= PACE_DAYS; d++) {
			int64_t past = h - (int64_t)d * PACE_HOURS;

			if (p->counts[past % PACE_WEEK] < least)
				least = p->counts[past % PACE_WEEK];
		}
		sure += least;
	}
	return sure;
}
