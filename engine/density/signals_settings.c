/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/settings_value.h"
#include "engine/density/signals.h"

#define SIGNAL(name) extern const struct signal_type signal_##name;
#include "engine/density/signals.def"
#undef SIGNAL

static const struct signal_type *const types[] = {
#define SIGNAL(name) &signal_##name,
#include "engine/density/signals.def"
#undef SIGNAL
};

const struct signal_type *
signals_type(unsigned i)
{
	REQUIRE(i < SIGNALS_COUNT);
	return types[i];
}

struct signals_settings *
signals_settings_new(void)
{
	struct signals_settings *s = must_alloc(sizeof(*s));

	for (unsigned i = 0; i < SIGNALS_COUNT; i++) {
		if (types[i]->settings == NULL)
			continue;
		s->of[i] = must_alloc(types[i]->settings_bytes);
		/* Numbers alone: nothing is kept in an arena. */
		settings_read(types[i]->settings, NULL, NULL, s->of[i], NULL,
		    NULL);
	}
	return s;
}

void
signals_settings_free(struct signals_settings *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < SIGNALS_COUNT; i++)
		free(s->of[i]);
	free(s);
}

/* new_term: off, or relay: {followers: 100000} */
static bool
read_one(struct signals_settings *s, unsigned i, const struct yaml *node,
    struct arena *arena, struct diag *diag)
{
	const struct signal_type *type = types[i];
	bool on;

	if (node->kind == YAML_SCALAR &&
	    settings_value_bool(node->text, &on)) {
		s->off[i] = !on;
		return true;
	}
	if (type->settings == NULL)
		return settings_wants(diag, node, "on or off");
	if (node->kind != YAML_MAP)
		return settings_wants(diag, node, "on, off, or its settings");
	return settings_read(type->settings, node, NULL, s->of[i], arena,
	    diag);
}

bool
signals_settings_read(struct signals_settings *s, const struct yaml *node,
    struct arena *arena, struct diag *diag)
{
	const char *names[SIGNALS_COUNT];
	bool ok = true;

	if (node->kind != YAML_MAP)
		return settings_wants(diag, node,
		    "signals by name: {creeping: off, ...}");
	for (unsigned i = 0; i < SIGNALS_COUNT; i++)
		names[i] = types[i]->name;
	for (const struct yaml *n = node->first; n != NULL; n = n->next) {
		unsigned i = 0;

		while (i < SIGNALS_COUNT && !slice_is(n->key, names[i]))
			i++;
		if (i < SIGNALS_COUNT) {
			ok &= read_one(s, i, n, arena, diag);
		} else {
			settings_unknown(diag, n->key_place, "unknown-signal",
			    "signal", n->key, names, SIGNALS_COUNT);
			ok = false;
		}
	}
	return ok;
}
