/*
 * border: the first harmful voices in a language or a country in which this
 * brand had none before.
 *
 * New means: not among those that it was harmed in while it was being learnt,
 * nor heard on three different days since.  It speaks when three accounts
 * speak so within an hour, are a twentieth of its harmful posts (fewer may be
 * a mistake of who guessed the language), and there is more harm than normal:
 * a few who grumble about a promotion abroad are no border crossed.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/memo.h"
#include "engine/density/signal_text.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/minute.h"

#define VERSION 1
#define ACCOUNTS 3u
#define PART 20u /* a twentieth */
#define DAYS_KNOWN 3u
#define DAY_MINUTES 1440

enum kind { LANGUAGE, COUNTRY };

/* A language or country of one brand. */
struct locale {
	uint32_t code; /* record_code; 0: free */
	uint8_t kind;
	bool known;
	uint8_t days; /* on which it was heard, up to DAYS_KNOWN */
	int64_t last;
	uint64_t accounts[ACCOUNTS];
	int64_t minutes[ACCOUNTS]; /* of their latest; 0: free */
};

struct item {
	struct locale locales[BORDER_PLACES_MAX];
	int64_t above;  /* latest minute above the norm */
	uint32_t homes; /* bit per kind: one is known */
	uint32_t padding;
};

struct name {
	const char *code, *fr, *en;
};

static const struct name languages[] = {{"ar", "arabe", "Arabic"},
    {"cs", "tchèque", "Czech"}, {"da", "danois", "Danish"},
    {"de", "allemand", "German"}, {"el", "grec", "Greek"},
    {"en", "anglais", "English"}, {"es", "espagnol", "Spanish"},
    {"fi", "finnois", "Finnish"}, {"fr", "français", "French"},
    {"he", "hébreu", "Hebrew"}, {"hi", "hindi", "Hindi"},
    {"hu", "hongrois", "Hungarian"}, {"id", "indonésien", "Indonesian"},
    {"it", "italien", "Italian"}, {"ja", "japonais", "Japanese"},
    {"ko", "coréen", "Korean"}, {"nl", "néerlandais", "Dutch"},
    {"no", "norvégien", "Norwegian"}, {"pl", "polonais", "Polish"},
    {"pt", "portugais", "Portuguese"}, {"ro", "roumain", "Romanian"},
    {"ru", "russe", "Russian"}, {"sv", "suédois", "Swedish"},
    {"tr", "turc", "Turkish"}, {"uk", "ukrainien", "Ukrainian"},
    {"vi", "vietnamien", "Vietnamese"}, {"zh", "chinois", "Chinese"}};
static const struct name countries[] = {{"at", "Autriche", "Austria"},
    {"be", "Belgique", "Belgium"}, {"br", "Brésil", "Brazil"},
    {"ca", "Canada", "Canada"}, {"ch", "Suisse", "Switzerland"},
    {"cn", "Chine", "China"}, {"de", "Allemagne", "Germany"},
    {"es", "Espagne", "Spain"}, {"fr", "France", "France"},
    {"gb", "Royaume-Uni", "United Kingdom"}, {"ie", "Irlande", "Ireland"},
    {"in", "Inde", "India"}, {"it", "Italie", "Italy"},
    {"jp", "Japon", "Japan"}, {"lu", "Luxembourg", "Luxembourg"},
    {"ma", "Maroc", "Morocco"}, {"mx", "Mexique", "Mexico"},
    {"nl", "Pays-Bas", "Netherlands"}, {"pl", "Pologne", "Poland"},
    {"pt", "Portugal", "Portugal"}, {"se", "Suède", "Sweden"},
    {"tn", "Tunisie", "Tunisia"}, {"us", "États-Unis", "United States"}};

static void *
create(const void *settings)
{
	(void)settings;
	return memo_new(sizeof(struct item), VERSION);
}

static void
destroy(void *self)
{
	memo_free(self);
}

/* A language or country not in the list is told of by its code. */
static void
name_of(enum kind kind, uint32_t code, const char **fr, const char **en,
    char text[5])
{
	const struct name *names = kind == LANGUAGE ? languages : countries;
	size_t count = kind == LANGUAGE
	    ? sizeof(languages) / sizeof(*languages)
	    : sizeof(countries) / sizeof(*countries);

	record_code_text(code, text);
	*fr = *en = text;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i].code, text)) {
			*fr = names[i].fr;
			*en = names[i].en;
		}
}

/* The entry of ${code}; one of those least lately heard makes room, of the
 * unknown ones first. */
static struct locale *
locale_of(struct item *item, enum kind kind, uint32_t code)
{
	struct locale *best = &item->locales[0];

	for (uint32_t i = 0; i < BORDER_PLACES_MAX; i++) {
		struct locale *p = &item->locales[i];

		if (p->code == code && p->kind == kind)
			return p;
		if (p->known != best->known ? best->known :
		    p->last < best->last)
			best = p;
	}
	*best = (struct locale){.code = code, .kind = (uint8_t)kind};
	return best;
}

/* Distinct accounts of the hour that ends with ${minute}, this one too. */
static uint32_t
accounts(struct locale *p, uint64_t account, int64_t minute)
{
	uint32_t count = 0, at = 0;

	for (uint32_t i = 0; i < ACCOUNTS; i++) {
		if (p->minutes[i] > 0 && p->accounts[i] == account) {
			at = i;
			break;
		}
		if (p->minutes[i] < p->minutes[at])
			at = i;
	}
	p->accounts[at] = account;
	if (minute > p->minutes[at])
		p->minutes[at] = minute;
	for (uint32_t i = 0; i < ACCOUNTS; i++)
		count += p->minutes[i] > minute - WINDOW_MINUTES;
	return count;
}

static void
say(struct signal_news *n, enum kind kind, uint32_t code,
    uint32_t harmful)
{
	const char *fr, *en;
	char text[5], count[12], least[12];

	name_of(kind, code, &fr, &en, text);
	snprintf(count, sizeof(count), "%u", ACCOUNTS);
	snprintf(least, sizeof(least), "%u", harmful);
	if (kind == LANGUAGE)
		signal_text_add(n,
		    "$0" SIGNAL_NBSP ": le tort passe une frontière, premières "
		    "voix en langue nouvelle, $1 ($2 comptes en une heure, sur "
		    "$3 messages nuisibles).",
		    "$0: harm crosses a border, first voices in a new "
		    "language, $1 ($2 accounts within an hour, of $3 harmful "
		    "posts).",
		    (const char *[]){fr, count, least},
		    (const char *[]){en, count, least});
	else
		signal_text_add(n,
		    "$0" SIGNAL_NBSP ": le tort passe une frontière, premières "
		    "voix d'un pays nouveau, $1 ($2 comptes en une heure, sur "
		    "$3 messages nuisibles).",
		    "$0: harm crosses a border, first voices from a new "
		    "country, $1 ($2 accounts within an hour, of $3 harmful "
		    "posts).",
		    (const char *[]){fr, count, least},
		    (const char *[]){en, count, least});
	if (n->members.len == 0) {
		buf_text(&n->members, "{\"borders\":[");
	} else {
		n->members.len -= 2;
		buf_char(&n->members, ',');
	}
	buf_printf(&n->members,
	    "{\"%s\":\"%s\",\"accounts\":%s,\"harmful_posts\":%s}]}",
	    kind == LANGUAGE ? "language" : "country", text, count, least);
}

static void
heard(struct item *item, enum kind kind, uint32_t code,
    const struct signal_post *post, struct signal_out *out)
{
	uint32_t harmful, count;
	struct locale *p;

	if (code == 0)
		return;
	p = locale_of(item, kind, code);
	if (p->last / DAY_MINUTES != post->minute / DAY_MINUTES &&
	    p->days < DAYS_KNOWN)
		p->days++;
	p->last = post->minute;
	count = accounts(p, post->account, post->minute);
	if (p->known)
		return;
	if (minute_learning(post->key, post->minute) ||
	    (item->homes & 1u << kind) == 0 || p->days == DAYS_KNOWN) {
		p->known = true;
		item->homes |= 1u << kind;
		return;
	}
	if (count < ACCOUNTS)
		return;
	harmful = keys_window(post->key, post->key->live->open_minute)
		      ->total.harmful;
	if (harmful > ACCOUNTS * PART ||
	    post->minute - item->above >= WINDOW_MINUTES)
		return;
	p->known = true;
	say(signal_news_put(out, ALERT_BORDER, post->key, 1), kind, code,
	    harmful);
}

static void
ahead(const void *self, const struct key *key)
{
	/* Most posts are of the places that were heard of first. */
	memo_ahead(self, key, 0, 2 * sizeof(struct locale));
	memo_ahead(self, key, offsetof(struct item, above),
	    sizeof(struct item) - offsetof(struct item, above));
}

static void
on_post(void *self, const struct signal_post *post, struct signal_out *out)
{
	const struct record *r = post->record;
	struct item *item;

	if (!signal_text_harms(post) || (r->language == 0 && r->country == 0))
		return;
	item = memo_of(self, post->key, post->minute);
	if (signal_text_above(post->key))
		item->above = post->minute;
	heard(item, LANGUAGE, r->language, post, out);
	heard(item, COUNTRY, r->country, post, out);
}

static void
save(const void *self, struct buf *out)
{
	memo_save(self, out);
}

static bool
load(void *self, struct slice saved, const struct keys *keys)
{
	(void)keys;
	return memo_load(self, &saved);
}

static uint64_t
forgotten(const void *self)
{
	return memo_forgotten(self);
}

const struct signal_type signal_border = {
    .kind = ALERT_BORDER,
    .name = "border",
    .help = "the first harmful voices in a new language or country",
    .create = create,
    .destroy = destroy,
    .ahead = ahead,
    .wants = SIGNAL_HARM,
    .on_post = on_post,
    .save = save,
    .load = load,
    .forgotten = forgotten,
};
