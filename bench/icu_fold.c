/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/icu_fold.h"

#if defined(__has_include) && __has_include(<unicode/unorm2.h>)

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* Units of UTF-16 and bytes of the longest text here, with room to grow. */
#define ROOM 65536

bool
icu_fold_here(void)
{
	return true;
}

struct slice
icu_fold(struct slice text)
{
	static UChar wide[ROOM], folded[ROOM], split[ROOM];
	static char out[3 * ROOM];
	static const UNormalizer2 *nfd;
	UErrorCode error = U_ZERO_ERROR;
	int32_t n, kept = 0;

	if (nfd == NULL)
		nfd = unorm2_getNFDInstance(&error);
	u_strFromUTF8(wide, ROOM, &n, text.data, (int32_t)text.len, &error);
	n = u_strFoldCase(
	    folded, ROOM, wide, n, U_FOLD_CASE_DEFAULT, &error);
	n = unorm2_normalize(nfd, folded, n, split, ROOM, &error);
	for (int32_t i = 0; i < n; i++) {
		split[kept] = split[i];
		kept += split[i] < 0x300 || split[i] > 0x36f;
	}
	u_strToUTF8(out, sizeof(out), &n, split, kept, &error);
	if (U_FAILURE(error))
		return SLICE_NONE;
	return (struct slice){out, (size_t)n};
}

/* Letters of which the contract wants more than ICU was asked for. */
static bool
is_beyond(uint32_t c)
{
	return c == 0xe6 || c == 0xc6 || c == 0x152 || c == 0x153 ||
	    (c >= 0x1c4 && c <= 0x1cc) || (c >= 0x1f1 && c <= 0x1f3) ||
	    (c >= 0x1e2 && c <= 0x1e3) || (c >= 0x1fc && c <= 0x1fd);
}

double
icu_fold_same_letters(struct text *t)
{
	unsigned letters = 0, same = 0;

	for (uint32_t c = 'A'; c < 0x530; c++) {
		char bytes[4];
		int32_t n = 0;
		UBool bad = false;
		struct slice s;

		if (!u_isalpha((UChar32)c) || is_beyond(c) ||
		    u_getIntPropertyValue(
			    (UChar32)c, UCHAR_NFKC_QUICK_CHECK) ==
			UNORM_NO)
			continue;
		U8_APPEND((uint8_t *)bytes, n, 4, c, bad);
		if (bad)
			continue;
		s = (struct slice){bytes, (size_t)n};
		text_fold(t, SLICE_NONE, s, TEXT_POST);
		letters++;
		same += slice_equal(
		    icu_fold(s), (struct slice){t->bytes, t->len});
	}
	return (double)same / (double)letters;
}

#else

bool
icu_fold_here(void)
{
	return false;
}

struct slice
icu_fold(struct slice text)
{
	return text;
}

double
icu_fold_same_letters(struct text *t)
{
	(void)t;
	return 0;
}

#endif
