/*
 * Goal: no file makes vigie fmt crash or change what a file says, and a file
 * that was laid out once stays as it is.
 * Method: lay out the input; where that was done, do it again.  That both say
 * the same is proved by format_text itself, which otherwise leaves the file.
 * SPDX-License-Identifier: Apache-2.0
 */
#define FUZZ_NAME "format"
#include "tests/fuzz/fuzz_main.h"

#include "rules/format.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = {(const char *)data, size};
	struct diag *diag = diag_new();
	struct buf once = {0}, twice = {0};

	switch (format_text("f.yaml", bytes, &once, diag)) {
	case FORMAT_DONE:
		REQUIRE(format_text("g.yaml", buf_slice(&once), &twice,
			    diag) == FORMAT_DONE);
		REQUIRE(slice_equal(buf_slice(&once), buf_slice(&twice)));
		break;
	case FORMAT_LEFT:
		REQUIRE(slice_equal(buf_slice(&once), bytes));
		break;
	case FORMAT_BROKEN:
		REQUIRE(once.len == 0 && diag_errors(diag) > 0);
		break;
	}
	buf_fini(&once);
	buf_fini(&twice);
	diag_free(diag);
	return 0;
}
