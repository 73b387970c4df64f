/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ast.h"
#include "rules/check.h"
#include "rules/coverage.h"
#include "rules/slow.h"

struct ruleset *
ruleset_load(const char *const *paths, size_t count,
    const struct rules_options *options, struct diag *diag)
{
	unsigned errors = diag_errors(diag);
	struct decls *decls = files_read_with(paths, count, options, diag);
	struct ruleset *rs;

	if (decls == NULL)
		return NULL;
	rs = ruleset_compile_with(decls, options, diag);
	if (rs != NULL && options->selftest)
		selftest_run(rs, decls, options->pedantic, diag);
	if (rs != NULL && options->pedantic)
		slow_warn(rs, decls, diag);
	if (rs != NULL && options->pedantic)
		check_warn(decls, diag);
	if (rs != NULL && options->coverage != NULL)
		coverage_examples(options->coverage, rs, decls);
	decls_free(decls);
	if (rs != NULL && diag_errors(diag) != errors) {
		ruleset_unref(rs);
		rs = NULL;
	}
	return rs;
}
