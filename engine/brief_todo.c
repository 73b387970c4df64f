/*
 * The ninth line: what to do at each level, unless a playbook says better.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/must.h"
#include "engine/brief.h"

#define NBSP "\302\240"

static const char *const todo_fr[DENSITY_LEVELS + 1] = {
    "À faire" NBSP ": noter ce qu'on a appris" NBSP
	     "; il n'y a plus rien à répondre.",
	"À faire" NBSP ": lire les messages, prévenir le responsable de la "
	"communauté" NBSP "; ne pas répondre à chaud.",
	"À faire" NBSP ": vérifier les faits, préparer une déclaration "
	"d'attente, convenir d'un seul porte-parole.",
	"À faire" NBSP ": publier une déclaration d'attente et l'heure de la "
	"suivante" NBSP "; ne rien supprimer, ne menacer personne.",
	"À faire" NBSP ": réunir la cellule de crise, une seule voix, la "
	"direction informée" NBSP "; ne rien supprimer, ne menacer personne."};

static const char *const todo_en[DENSITY_LEVELS + 1] = {
    "Do: note what was learnt; there is nothing left to answer.",
	"Do: read the posts, tell the community manager; no answer in haste.",
	"Do: check the facts, prepare a holding statement, agree on one "
	"spokesperson.",
	"Do: publish a holding statement with the time of the next; delete "
	"nothing, threaten nobody.",
	"Do: call the crisis team together, one voice, managers informed; "
	"delete nothing, threaten nobody."};

const char *
brief_todo_fr(uint8_t level)
{
	REQUIRE(level <= DENSITY_LEVELS);
	return todo_fr[level];
}

const char *
brief_todo_en(uint8_t level)
{
	REQUIRE(level <= DENSITY_LEVELS);
	return todo_en[level];
}

/* ${text} ends with the line that begins with ${old}: its advice gives way to
 * ${step}, its end stays. */
static void
put_step(struct buf *text, const char *begins, const char *old,
    const char *step)
{
	size_t bytes = strlen(old), at = text->len, n = strlen(step);
	struct buf rest = {0};

	if (at > 0)
		at--; /* the newline of the last line */
	while (at > 0 && text->data[at - 1] != '\n')
		at--;
	REQUIRE(text->len - at > bytes && !memcmp(text->data + at, old, bytes));
	buf_put(&rest, text->data + at + bytes, text->len - at - bytes);
	text->len = at;
	buf_text(text, begins);
	buf_plain(text, slice_of(step));
	if (n > 0 && strchr(".!?", step[n - 1]) == NULL)
		buf_char(text, '.');
	buf_slice_put(text, buf_slice(&rest));
	buf_fini(&rest);
}

void
brief_step_fr(struct buf *text, uint8_t level, const char *step)
{
	put_step(text, "À faire" NBSP ": ", brief_todo_fr(level), step);
}

void
brief_step_en(struct buf *text, uint8_t level, const char *step)
{
	put_step(text, "Do: ", brief_todo_en(level), step);
}
