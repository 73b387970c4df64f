/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/route_chain.h"

bool
organisation_match(const struct alert_match *m, const struct organisation *o,
    const struct alert *alert)
{
	struct route_subject s = route_subject_of(o, alert);

	return route_matches(m, &s);
}
