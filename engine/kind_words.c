/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/kind_words.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *kind, *fr, *en;
} words[] = {
    {"density", "densité", "density"},
    {"severe_post", "message grave", "grave post"},
    {"coordinated", "afflux organisé", "organised flood"},
    {"creeping", "lente dégradation", "slow decline"},
    {"condition", "règle de comptage", "counting rule"},
    {"relay", "relais influent", "influential relay"},
    {"new_term", "nouveau mot", "new term"},
    {"border", "nouveau public", "new audience"},
    {"press", "reprise par la presse", "press pick-up"},
    {"sequence", "retrait puis copies", "removal, then copies"},
    {"echo", "écho d'une déclaration", "echo of a statement"},
    {"silence", "silence", "silence"},
};

const char *
kind_words(const char *kind, bool french)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i].kind, kind))
			return french ? words[i].fr : words[i].en;
	return kind;
}

const char *
kind_words_apart(const char *kind, bool french)
{
	if (kind == NULL || !strcmp(kind, "density"))
		return NULL;
	return kind_words(kind, french);
}
