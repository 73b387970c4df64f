/*
 * match.c again, profiled: see profile.h.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/profile.h"

#define MATCH_NAME profile_match
#define MATCH_JUDGED(m, unit, judged)                                          \
	(profile_begin(m, unit), profile_judged(m, unit, judged))

#include "rules/match.c"
