/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ast.h"
#include "rules/check.h"
#include "rules/coverage.h"
#include "rules/image.h"
#include "rules/slow.h"

static struct ruleset *
load_all(const char *const *paths, size_t count,
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
	if (rs != NULL && options->pedantic) {
		ruleset_warm(rs); /* its bytes are told */
		slow_warn(rs, decls, diag);
		check_warn(decls, diag);
	}
	if (rs != NULL && options->coverage != NULL)
		coverage_examples(options->coverage, rs, decls);
	if (rs != NULL && diag_errors(diag) != errors) {
		ruleset_unref(rs);
		rs = NULL;
	}
	if (rs != NULL && options->base != NULL)
		patch_base_ready(options->base, rs, decls);
	decls_free(decls);
	return rs;
}

/* A base of what was told of would keep silent the next time. */
static struct ruleset *
load_with_base(const char *const *paths, size_t count,
    const struct rules_options *options, struct diag *diag)
{
	unsigned told = diag_errors(diag) + diag_warnings(diag);
	struct rules_options mine = *options;
	struct ruleset *rs = patch_load(paths, count, options);

	if (rs == NULL)
		rs = cache_load(paths, count, options);
	if (rs != NULL)
		return rs;
	mine.base = rules_base_new();
	rs = load_all(paths, count, &mine, diag);
	if (rs != NULL &&
	    diag_errors(diag) + diag_warnings(diag) == told)
		rules_base_move(options->base, mine.base);
	rules_base_free(mine.base);
	if (rs != NULL)
		cache_save(paths, count, options, rs);
	return rs;
}

struct ruleset *
ruleset_load(const char *const *paths, size_t count,
    const struct rules_options *options, struct diag *diag)
{
	struct rules_options mine = *options;
	struct ruleset *rs;

	if (options->base == NULL && options->cache == NULL)
		return load_all(paths, count, options, diag);
	if (options->base != NULL)
		return load_with_base(paths, count, options, diag);
	mine.base = rules_base_new();
	mine.base->brief = true;
	rs = load_with_base(paths, count, &mine, diag);
	rules_base_free(mine.base);
	return rs;
}
