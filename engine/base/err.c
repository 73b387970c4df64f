/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/err.h"

#include <stdarg.h>
#include <stdio.h>

#include "engine/base/must.h"

int
err_set(struct err *err, int code, const char *format, ...)
{
	REQUIRE(code < 0);
	if (err != NULL) {
		va_list args;

		err->code = code;
		va_start(args, format);
		vsnprintf(err->text, sizeof(err->text), format, args);
		va_end(args);
	}
	return code;
}
