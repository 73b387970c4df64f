/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/view_words.h"

#include <string.h>

#include "engine/base/clock.h"

#define DAY_MS INT64_C(86400000)

void
view_ink(struct buf *out, enum view_ink ink, bool colour)
{
	static const char *const codes[INKS] = {
	    "\033[0m", "\033[1m", "\033[2m",
	    "\033[32m",       /* calm: green */
	    "\033[33m",       /* vigilance: yellow */
	    "\033[38;5;208m", /* pre-alert: orange */
	    "\033[1;31m",     /* alert: red */
	    "\033[1;37;41m"}; /* crisis: white on red */

	if (colour)
		buf_text(out, codes[ink]);
}

static bool
starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

uint32_t
view_columns(struct slice text)
{
	uint32_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += starts_character(text.data[i]);
	return n;
}

/* Bytes of the first ${columns} characters. */
static size_t
bytes_of(struct slice text, uint32_t columns)
{
	size_t i = 0;

	while (i < text.len) {
		if (starts_character(text.data[i]) && columns-- == 0)
			break;
		i++;
	}
	return i;
}

static void
blanks(struct buf *out, uint32_t n)
{
	while (n-- > 0)
		buf_char(out, ' ');
}

static bool
is_at(struct slice text, size_t at, const char *sign)
{
	size_t n = strlen(sign);

	return at + n <= text.len && !memcmp(text.data + at, sign, n);
}

/* French sets blanks inside its quotes and before its double signs; a line
 * must not end there. */
static bool
breaks_at(struct slice text, size_t at)
{
	static const char *const glued[] = {"»", ":", ";", "!", "?"};

	if (text.data[at] != ' ')
		return false;
	if (at >= 2 && is_at(text, at - 2, "«"))
		return false;
	for (size_t i = 0; i < sizeof(glued) / sizeof(glued[0]); i++)
		if (is_at(text, at + 1, glued[i]))
			return false;
	return true;
}

/* Bytes of the next line: up to the last blank that fits, or as many as fit
 * when one word is longer than a line. */
static size_t
line_bytes(struct slice rest, uint32_t width)
{
	size_t fits = bytes_of(rest, width), cut = fits;

	if (fits == rest.len)
		return fits;
	while (cut > 0 && !breaks_at(rest, cut))
		cut--;
	return cut > 0 ? cut : fits;
}

void
view_wrap(struct buf *out, struct slice text, uint32_t indent, uint32_t width,
    uint32_t lines)
{
	while (text.len > 0 && lines-- > 0) {
		size_t n = line_bytes(text, width);
		bool cut = lines == 0 && n < text.len;

		if (cut) /* room for the ellipsis */
			n = line_bytes(text, width - 1);
		blanks(out, indent);
		buf_put(out, text.data, n);
		buf_text(out, cut ? "…\n" : "\n");
		while (n < text.len && text.data[n] == ' ')
			n++;
		text.data += n;
		text.len -= n;
	}
}

void
view_day(struct buf *out, int64_t ms, bool french)
{
	static const char *const days[2][7] = {
	    {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"},
	    {"jeu.", "ven.", "sam.", "dim.", "lun.", "mar.", "mer."}};
	static const char *const months[2][12] = {
	    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
		"Oct", "Nov", "Dec"},
	    {"janv.", "févr.", "mars", "avril", "mai", "juin", "juil.",
		"août", "sept.", "oct.", "nov.", "déc."}};
	int64_t day = (ms - (ms % DAY_MS + DAY_MS) % DAY_MS) / DAY_MS;
	char iso[24];
	unsigned month, of_month;

	clock_format(ms, iso);
	month = (unsigned)((iso[5] - '0') * 10 + iso[6] - '0');
	of_month = (unsigned)((iso[8] - '0') * 10 + iso[9] - '0');
	buf_printf(out, "%s %2u %s", days[french][(day % 7 + 7) % 7],
	    of_month, months[french][(month - 1) % 12]);
}

void
view_moment(struct buf *out, int64_t ms, bool french)
{
	char iso[24];

	clock_format(ms, iso);
	view_day(out, ms, french);
	buf_printf(out, " %.5s", iso + 11);
}

void
view_number(struct buf *out, uint64_t n, bool french)
{
	if (n >= 1000) {
		view_number(out, n / 1000, french);
		buf_printf(out, "%s%03u", french ? " " : ",",
		    (unsigned)(n % 1000));
	} else {
		buf_printf(out, "%u", (unsigned)n);
	}
}

void
view_decimal(struct buf *out, int64_t v, unsigned scale_digits, bool french)
{
	size_t from = out->len;

	buf_fixed(out, v, scale_digits, 1);
	for (size_t i = from; french && i < out->len; i++)
		if (out->data[i] == '.')
			out->data[i] = ',';
}
