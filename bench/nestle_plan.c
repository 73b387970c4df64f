/*
 * Who speaks how often: the timeline of the case as rates per minute.
 *
 * Wednesday 17: report, video, costumes; the video is removed the same day.
 * Thursday 18: press releases on the removal, boycott, altered logos.
 * Friday 19: the page's moderator warns, then mocks.  A promotion fills
 * Saturday 13.  The rest is ordinary talk, 15 to 60 posts an hour about the
 * brand, fewer at night.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "bench/nestle.h"

#define AT(day, hour, min) (((day) - 10) * 1440 + (hour) * 60 + (min))
#define LN2 0.69314718055994531

const struct nestle_stream nestle_streams[] = {
	{"talk", false, 12, {50, 32, 18},
	    {{CHAT, 810}, {JOKE, 70}, {GRUMBLE, 55}, {NGO, 3}, {HOMONYM, 50},
		{SPAM, 12}},
	    -1, 60, 0, 0},
	{"rivals", false, 10, {50, 32, 18}, {{RIVAL, 1}}, -1, 45, 0, 0},
	{"others", false, 5, {50, 32, 18}, {{OTHER, 1}}, -1, 70, 0, 0},
	{"promotion", false, 65, {45, 40, 15}, {{PROMO, 96}, {PROMOGRUMBLE, 4}},
	    AT(13, 8, 0), 170, 15, 300},
	{"accusation", true, 68, {62, 16, 22},
	    {{ACCUSE, 88}, {ASK, 4}, {BOYCOTT, 4}, {PRESS, 2}, {DEFEND, 2}},
	    AT(17, 9, 5), 28, 15, 600},
	{"removal", true, 72, {60, 18, 22},
	    {{REMOVED, 62}, {ACCUSE, 20}, {REPLY, 8}, {IRONY, 4}, {BOYCOTT, 4},
		{DEFEND, 2}},
	    AT(17, 14, 0), 50, 12, 960},
	{"boycott", true, 70, {55, 27, 18},
	    {{BOYCOTT, 28}, {LOGO, 18}, {REMOVED, 18}, {ACCUSE, 14}, {ASK, 8},
		{REPLY, 4}, {PRESS, 3}, {IRONY, 4}, {DEFEND, 3}},
	    AT(18, 6, 30), 95, 40, 1080},
	{"moderator", true, 70, {58, 28, 14},
	    {{MODERATOR, 50}, {LOGO, 12}, {BOYCOTT, 12}, {PR, 6}, {PRESS, 4},
		{REMOVED, 5}, {ACCUSE, 4}, {IRONY, 5}, {DEFEND, 2}},
	    AT(19, 7, 0), 230, 25, 1440},
};
const size_t nestle_streams_count =
    sizeof(nestle_streams) / sizeof(nestle_streams[0]);

const struct nestle_own nestle_owns[] = {
	{AT(10, 8, 30), OWNCHAT, EN, "kitkat", false},
	{AT(11, 9, 0), OWNCHAT, FR, "kitkat_fr", false},
	{AT(12, 10, 15), OWNCHAT, EN, "kitkat", false},
	{AT(13, 8, 0), OWNPROMO, EN, "kitkat", false},
	{AT(13, 8, 5), OWNPROMO, FR, "kitkat_fr", false},
	{AT(13, 13, 0), OWNPROMO, EN, "kitkat", false},
	{AT(15, 9, 0), OWNCHAT, EN, "kitkat", false},
	{AT(16, 9, 0), OWNCHAT, FR, "kitkat_fr", false},
	{AT(17, 15, 40), OWNSTATEMENT, EN, "nestle", true},
	{AT(17, 16, 10), OWNSTATEMENT, FR, "nestle_fr", true},
	{AT(18, 11, 0), OWNSTATEMENT, EN, "nestle", true},
	{AT(19, 7, 40), OWNMODERATOR, EN, "nestle", true},
	{AT(19, 8, 30), OWNMODERATOR, EN, "nestle", true},
	{AT(19, 10, 5), OWNMODERATOR, EN, "nestle", true},
	{AT(19, 14, 20), OWNMODERATOR, EN, "nestle", true},
};
const size_t nestle_owns_count = sizeof(nestle_owns) / sizeof(nestle_owns[0]);

/* A quarter at four in the morning UTC, all of it at half past seven in the
 * evening: Europe at breakfast, lunch and after work. */
static double
day_profile(int32_t minute)
{
	static const double hours[24] = {0.32, 0.27, 0.25, 0.25, 0.25, 0.30,
	    0.42, 0.58, 0.66, 0.70, 0.74, 0.82, 0.84, 0.76, 0.74, 0.78, 0.84,
	    0.90, 0.96, 1.00, 0.97, 0.86, 0.66, 0.45};
	int32_t of_day = minute % 1440;
	int32_t hour = of_day / 60;
	double part = (double)(of_day % 60) / 60.0;

	return hours[hour] * (1 - part) + hours[(hour + 1) % 24] * part;
}

double
nestle_rate(const struct nestle_stream *s, int32_t minute)
{
	double per_minute = s->per_hour * day_profile(minute) / 60.0;
	double age = (double)(minute - s->start_minute), peak;

	if (s->start_minute < 0)
		return per_minute;
	if (age < 0)
		return 0;
	/* Logistic: half the height after six doublings, all after ten. */
	peak = 10 * s->doubling_min;
	per_minute /= 1 + exp(-LN2 / s->doubling_min *
	    (age - 6 * s->doubling_min));
	if (age > peak)
		per_minute *= exp(-LN2 / s->half_life_min * (age - peak));
	return per_minute;
}
