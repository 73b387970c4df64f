/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/suggest.h"
#include "engine/settings_value.h"

void
settings_unknown(struct diag *diag, struct place place, const char *code,
    const char *what, struct slice name, const char *const *names,
    size_t count)
{
	struct suggest suggest;
	struct buf help = {0};

	suggest_start(&suggest, name);
	for (size_t i = 0; i < count; i++)
		suggest_offer(&suggest, slice_of(names[i]));
	suggest_say(&suggest, "known", &help);
	diag_add(diag, DIAG_ERROR, place, code, help.data, "unknown %s '%.*s'",
	    what, SLICE_ARG(name));
	buf_fini(&help);
}

bool
settings_wants(
    struct diag *diag, const struct yaml *node, const char *want)
{
	if (node->key.data != NULL)
		diag_add(diag, DIAG_ERROR, node->place, "wrong-value", NULL,
		    "%.*s wants %s", SLICE_ARG(node->key), want);
	else
		diag_add(diag, DIAG_ERROR, node->place, "wrong-value", NULL,
		    "this wants %s", want);
	return false;
}

const char *
settings_path(struct arena *arena, const char *file, const char *path)
{
	const char *slash = file != NULL ? strrchr(file, '/') : NULL;
	struct buf b = {0};
	const char *joined;

	if (path[0] == '/' || slash == NULL)
		return arena_text(arena, slice_of(path)).data;
	buf_put(&b, file, (size_t)(slash - file) + 1);
	buf_text(&b, path);
	joined = arena_text(arena, buf_slice(&b)).data;
	buf_fini(&b);
	return joined;
}

/* One value by its row; from a file, or the row's own default. */
static bool
read_value(const struct setting *row, const struct yaml *node, char *field,
    struct arena *arena, struct diag *diag)
{
	struct slice text = node != NULL ? node->text : slice_of(row->fallback);
	char want[96];

	if (node != NULL && node->kind != YAML_SCALAR)
		return settings_wants(
		    diag, node, "one value, not a collection");
	switch (row->type) {
	case SETTING_TEXT:
	case SETTING_PATH: {
		const char *copy;
		struct err err;

		if (text.len == 0 || memchr(text.data, 0, text.len) != NULL)
			return settings_wants(diag, node, "a text");
		copy = arena_text(arena, text).data;
		if (row->check != NULL && row->check(copy, &err) != 0) {
			REQUIRE(node != NULL); /* a default is right */
			diag_add(diag, DIAG_ERROR, node->place, "wrong-value",
			    row->help, "%s", err.text);
			return false;
		}
		if (row->type == SETTING_PATH && node != NULL)
			copy = settings_path(arena, node->place.path, copy);
		*(const char **)(void *)field = copy;
		return true;
	}
	case SETTING_BOOL:
		if (settings_value_bool(text, (bool *)(void *)field))
			return true;
		return settings_wants(diag, node, "true or false");
	case SETTING_INT:
	case SETTING_DURATION:
	case SETTING_SIZE: {
		int64_t v;

		if (settings_value_number(row->type, text, &v) &&
		    v >= row->min && v <= row->max) {
			*(int64_t *)(void *)field = v;
			return true;
		}
		REQUIRE(node != NULL); /* a default is within its bounds */
		settings_value_want(row, want, sizeof(want));
		return settings_wants(diag, node, want);
	}
	}
	UNREACHABLE("type of a setting");
}

static void
unknown_key(const struct setting *rows, const char *skip,
    const struct yaml *node, struct diag *diag)
{
	const char *names[64];
	size_t count = 0;

	if (skip != NULL)
		names[count++] = skip;
	for (; rows->name != NULL; rows++) {
		REQUIRE(count < sizeof(names) / sizeof(*names));
		names[count++] = rows->name;
	}
	settings_unknown(diag, node->key_place, "unknown-setting", "setting",
	    node->key, names, count);
}

bool
settings_read(const struct setting *rows, const struct yaml *map,
    const char *skip, void *into, struct arena *arena, struct diag *diag)
{
	const struct yaml *node = map != NULL ? map->first : NULL;
	bool ok = true;

	REQUIRE(map == NULL || map->kind == YAML_MAP);
	for (const struct setting *row = rows; row->name != NULL; row++) {
		char *field = (char *)into + row->offset;
		const struct yaml *value =
		    map != NULL ? yaml_get(map, row->name) : NULL;

		if (value == NULL && row->required) {
			REQUIRE(map != NULL && diag != NULL);
			diag_add(diag, DIAG_ERROR, map->place,
			    "missing-setting", row->help,
			    "setting '%s' is missing", row->name);
			ok = false;
		} else if (value != NULL || row->fallback != NULL) {
			ok &= read_value(row, value, field, arena, diag);
		}
	}
	for (; node != NULL; node = node->next) {
		const struct setting *row = rows;

		if (skip != NULL && slice_is(node->key, skip))
			continue;
		while (row->name != NULL && !slice_is(node->key, row->name))
			row++;
		if (row->name == NULL) {
			unknown_key(rows, skip, node, diag);
			ok = false;
		}
	}
	return ok;
}

/* The whole of ${path} into ${arena}; 0 or a negative errno. */
static int
read_file(struct arena *arena, const char *path, struct slice *bytes)
{
	FILE *file = fopen(path, "re");
	struct buf b = {0};
	int rc = 0;

	if (file == NULL)
		return -errno;
	for (;;) {
		size_t n = fread(buf_reserve(&b, 65536), 1, 65536, file);

		b.len += n;
		if (b.len > SETTINGS_BYTES_MAX)
			rc = -EFBIG;
		else if (n == 0 && ferror(file))
			rc = errno != 0 ? -errno : -EIO;
		if (n == 0 || rc != 0)
			break;
	}
	fclose(file);
	if (rc == 0)
		*bytes = arena_text(arena, buf_slice(&b));
	buf_fini(&b);
	return rc;
}

const struct yaml *
settings_load(struct arena *arena, const char *path, struct diag *diag)
{
	struct slice bytes = SLICE("");
	struct place place = {0}; /* the file as a whole */
	int rc = read_file(arena, path, &bytes);

	place.path = diag_file(diag, path, bytes);
	if (rc != 0) {
		diag_add(diag, DIAG_ERROR, place, "cannot-read",
		    "is the path right? it is that of --config, "
		    "$VIGIE_CONFIG or --organisation, or it stands in a file",
		    "cannot read the file: %s", strerror(-rc));
		return NULL;
	}
	return yaml_parse_most(arena, place.path, bytes, diag);
}
