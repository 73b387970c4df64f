/*
 * Alerts made by hand, for tests of what happens after the judge.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_ALERTS_H
#define TESTS_UNIT_ALERTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/alert.h"
#include "engine/base/must.h"

/* One message about ${sector} and, if not NULL, ${brand}; level 3 after 0. */
static inline struct alert *
alerts_make(const char *sector, const char *brand, uint64_t seq)
{
	struct alert *a = must_alloc(sizeof(*a));

	a->refs = 1;
	a->kind = ALERT_SEVERE_POST;
	a->subject = brand != NULL ? ALERT_BRAND : ALERT_SECTOR;
	snprintf(a->id, sizeof(a->id), "%032llx", (unsigned long long)seq);
	a->seq = seq;
	a->sector = strdup(sector);
	a->brand = brand != NULL ? strdup(brand) : NULL;
	a->level = 3;
	a->minute_ms = 1268820300000;
	return a;
}

#endif
