/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifecycle/nomarketing_read.h"

#include "engine/settings_value.h"

/* As they stand in the file. */
struct texts {
	const char *key, *harm;
	int64_t ttl_ms;
};

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	    c >= 'a' && c <= 'f'    ? c - 'a' + 10 :
	    c >= 'A' && c <= 'F'    ? c - 'A' + 10 :
				      -1;
}

static int
check_key(const char *text, struct err *err)
{
	size_t len = strspn(text, "0123456789abcdefABCDEF");

	if (text[len] != '\0' || len != 2 * NOMARKETING_KEY_BYTES)
		return err_set(err, -1, "key wants %d hex digits",
		    2 * NOMARKETING_KEY_BYTES);
	return 0;
}

static int
check_harm(const char *text, struct err *err)
{
	int64_t micro;

	if (!settings_value_micro(slice_of(text), &micro) || micro <= 0 ||
	    micro > MICRO)
		return err_set(err, -1, "harm wants a number above 0, at most "
					"1, of at most six decimals");
	return 0;
}

static const struct setting rows[] = {
    {.name = "key",
	.type = SETTING_TEXT,
	.required = true,
	.offset = offsetof(struct texts, key),
	.check = check_key,
	.help = "a secret that whoever looks authors up has too: openssl rand "
		"-hex 32"},
    {.name = "ttl",
	.type = SETTING_DURATION,
	.fallback = "90d",
	.min = 60000,
	.max = INT64_C(3650) * 86400000,
	.offset = offsetof(struct texts, ttl_ms),
	.help = "how long an author is left alone"},
    {.name = "harm",
	.type = SETTING_TEXT,
	.fallback = "0.5",
	.offset = offsetof(struct texts, harm),
	.check = check_harm,
	.help = "the least harm of a post, 0 to 1"},
    {.name = NULL},
};

void
nomarketing_read(struct nomarketing_settings *settings,
    const struct yaml *node, const struct yaml *pseudonyms,
    struct arena *arena, struct diag *diag)
{
	struct texts texts = {0};
	const struct yaml *key;

	if (node->kind != YAML_MAP) {
		settings_wants(diag, node, "{key: ..., ttl: 90d, harm: 0.5}");
		return;
	}
	if (!settings_read(rows, node, NULL, &texts, arena, diag))
		return;
	key = yaml_get(node, "key");
	if (pseudonyms != NULL && slice_equal(pseudonyms->text, key->text)) {
		diag_add(diag, DIAG_ERROR, key->place, "wrong-value",
		    "others get this one: openssl rand -hex 32",
		    "nomarketing wants a key of its own, not that of the "
		    "pseudonyms");
		return;
	}
	for (size_t i = 0; i < NOMARKETING_KEY_BYTES; i++)
		settings->key[i] = (unsigned char)(
		    digit(texts.key[2 * i]) << 4 | digit(texts.key[2 * i + 1]));
	settings->ttl_ms = texts.ttl_ms;
	settings_value_micro(slice_of(texts.harm), &settings->harm_micro);
	settings->on = true;
}
