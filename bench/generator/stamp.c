/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/generator/stamp.h"

#include "engine/base/clock.h"

void
stamp_put(struct buf *out, int64_t ms)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char iso[24];
	int month;

	clock_format(ms, iso);
	month = (iso[5] - '0') * 10 + iso[6] - '1';
	buf_printf(out, "%.3s %.3s %.2s %.8s +0000 %.4s",
	    days + ms / 86400000 % 7 * 3, months + month * 3, iso + 8,
	    iso + 11, iso);
}
