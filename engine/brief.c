/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/brief.h"

#include "engine/base/mathx.h"
#include "engine/brief_why.h"
#include "engine/phrase.h"

#define PARTS_TOLD 4u
#define TICK_MINUTES 5.0
#define LN_10 2.302585092994046
#define NBSP "\302\240"

/* The same message in another language; %1, %2 ... stand for what is filled
 * in, in the order that the language wants, {1|one|many} for the form that
 * goes with the number %1. */
struct tongue {
	const char *head, *sector, *since, *amounts, *rare;
	struct brief_whys whys;
	const char *brands, *topics, *no_parts, *quote, *no_quote;
	const char *open, *close;
	const char *organised, *not_organised;
	const char *ends;
	const char *forecast, *doubles;
	char point; /* of decimals */
	const char *(*todo)(uint8_t level);
	const char *owner, *nobody, *told;
	const char *units[3]; /* once in so many minutes, hours, days */
	const char *(*level)(uint8_t level);
	void (*sentence)(const struct finding *f, struct buf *out);
	void (*rarity)(int64_t s_micro, struct buf *out);
};

static const struct tongue french = {
    .head = "[%1/4 %2] %3 (%4), %5 UTC",
    .sector = "secteur",
    .since = "Depuis le %1 UTC" NBSP ": %2 {2|message|messages} dans la "
	     "dernière heure, dont %3 {3|nuisible|nuisibles}, par %4 "
	     "{4|compte|comptes}.",
    .amounts = "Tort" NBSP ": %1 voix sur %2" NBSP "; la normale est %3",
    .rare = NBSP "; un tel pic arrive ",
    .whys = {.why = "Pourquoi" NBSP ": ", .next = NBSP "; ",
	.percent = NBSP "%", .none = "Pourquoi" NBSP ": plus rien ne pèse "
				     "dans la dernière heure."},
    .brands = "Marques" NBSP ": ",
    .topics = "Sujets" NBSP ": ",
    .no_parts = "Sujets" NBSP ": aucun ne se détache.",
    .quote = "On lit" NBSP ": ",
    .no_quote = "On lit" NBSP ": aucun message à citer.",
    .open = "«" NBSP,
    .close = NBSP "»",
    .organised = "Organisé" NBSP "? Peut-être" NBSP ": %1 "
		 "{1|message|messages}, mais %2 voix "
		 "{2|indépendante|indépendantes} (mêmes comptes ou mêmes "
		 "mots).",
    .not_organised = "Organisé" NBSP "? Rien ne l'indique" NBSP
		     ": %1 {1|message|messages} pour %2 voix "
		     "{2|indépendante|indépendantes}.",
    .point = ',',
    .forecast = NBSP "; dans une heure, environ %1 (8 fois sur 10 entre %2 "
		"et %3)",
    .doubles = NBSP "; le tort double en %1 {1|minute|minutes}",
    .ends = " Prend fin après 30 minutes sous %1.",
    .todo = brief_todo_fr,
    .owner = "Responsable" NBSP ": %1.",
    .nobody = "Responsable" NBSP ": personne n'est désigné, que quelqu'un "
	      "s'en saisisse.",
    .told = " Informés" NBSP ": ",
    .units = {"une fois en %1 minutes", "une fois en %1 heures",
	"une fois en %1 jours"},
    .level = phrase_level_fr,
    .sentence = phrase_fr,
    .rarity = brief_rarity_fr,
};

static const struct tongue english = {
    .head = "[%1/4 %2] %3 (%4), %5 UTC",
    .sector = "sector",
    .since = "Since %1 UTC: %2 {2|post|posts} in the last hour, %3"
	     "{2|| of them} harmful, by %4 {4|account|accounts}.",
    .amounts = "Harm: %1 voices of %2; normal is %3",
    .rare = "; a peak like this comes ",
    .whys = {.why = "Why: ", .next = "; ", .percent = "%",
	.none = "Why: nothing weighs in the last hour any more."},
    .brands = "Brands: ",
    .topics = "Topics: ",
    .no_parts = "Topics: none stands out.",
    .quote = "In their words: ",
    .no_quote = "In their words: no post to quote.",
    .open = "\"",
    .close = "\"",
    .organised = "Organised? Maybe: %1 {1|post|posts}, but %2 independent "
		 "voices (the same accounts or the same words).",
    .not_organised = "Organised? No sign of it: %1 {1|post|posts} for %2 "
		     "independent voices.",
    .point = '.',
    .forecast = "; in an hour about %1 (8 times in 10 between %2 and %3)",
    .doubles = "; harm doubles in %1 {1|minute|minutes}",
    .ends = " It ends after 30 minutes below %1.",
    .todo = brief_todo_en,
    .owner = "Owner: %1.",
    .nobody = "Owner: nobody is named; somebody must take it.",
    .told = " Also told: ",
    .units = {"once in %1 minutes", "once in %1 hours",
	"once in %1 days"},
    .level = phrase_level_en,
    .sentence = phrase_en,
    .rarity = brief_rarity_en,
};

/* English has a plural for all but 1, French from 2 on: 1,9 is one. */
static bool
is_one(const struct tongue *t, const char *number)
{
	bool small = number[0] == '1' || (t->point == ',' && number[0] == '0');

	return small && (number[1] == '\0' ||
			    (t->point == ',' && number[1] == t->point));
}

/* The form of {1|one|many} at ${p} that is wanted; returns what is behind. */
static const char *
put_form(const struct tongue *t, struct buf *out, const char *p,
    const char *const *args)
{
	const char *bar = strchr(p + 3, '|'), *end = strchr(p, '}');

	if (is_one(t, args[p[1] - '1']))
		buf_put(out, p + 3, (size_t)(bar - p - 3));
	else
		buf_put(out, bar + 1, (size_t)(end - bar - 1));
	return end + 1;
}

/* ${pattern} with %1 to %9 replaced by ${args}, forms chosen. */
static void
fill(const struct tongue *t, struct buf *out, const char *pattern,
    const char *const *args)
{
	for (const char *p = pattern; *p != '\0';) {
		size_t plain = strcspn(p, "%{");

		buf_put(out, p, plain);
		p += plain;
		if (p[0] == '{') {
			p = put_form(t, out, p, args);
			continue;
		}
		if (p[0] == '%' && p[1] >= '1' && p[1] <= '9') {
			buf_text(out, args[p[1] - '1']);
			p += 2;
		} else if (p[0] == '%') {
			buf_char(out, *p++);
		}
	}
}

struct number {
	char text[24];
};

/* The digits of ${n} end before ${end}; where they begin. */
static char *
digits_before(char *end, int64_t n)
{
	uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do {
		*--end = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (n < 0)
		*--end = '-';
	return end;
}

static struct number
whole(int64_t n)
{
	struct number made;
	char *end = made.text + sizeof(made.text) - 1, *at;

	*end = '\0';
	at = digits_before(end, n);
	memmove(made.text, at, (size_t)(end + 1 - at));
	return made;
}

/* 12.1 */
static struct number
tenths(const struct tongue *t, int64_t micro)
{
	int64_t n = (micro + MICRO / 20) / (MICRO / 10);
	struct number made;
	char *end = made.text + sizeof(made.text) - 1, *at;

	*end = '\0';
	at = digits_before(end, n % 10);
	*--at = t->point;
	at = digits_before(at, n / 10);
	memmove(made.text, at, (size_t)(end + 1 - at));
	return made;
}

/* 2010-03-17 13:06 */
static struct number
minute_of(int64_t ms)
{
	struct number made;

	clock_format(ms, made.text);
	made.text[10] = ' ';
	made.text[16] = '\0';
	return made;
}

static void
rarity(const struct tongue *t, int64_t s_micro, struct buf *out)
{
	static const double length[3] = {1.0, 60.0, 1440.0};
	struct number count;
	double minutes;
	unsigned unit;

	if (s_micro <= 0)
		return;
	minutes = TICK_MINUTES *
	    mathx_exp((double)s_micro / (double)MICRO * LN_10);
	unit = minutes < 120.0 ? 0 : minutes < 2880.0 ? 1 : 2;
	count = whole((int64_t)(minutes / length[unit] + 0.5));
	fill(t, out, t->units[unit], (const char *[]){count.text});
}

void
brief_rarity_fr(int64_t s_micro, struct buf *out)
{
	rarity(&french, s_micro, out);
}

void
brief_rarity_en(int64_t s_micro, struct buf *out)
{
	rarity(&english, s_micro, out);
}

static void
forecast(const struct tongue *t, const struct finding *f, struct buf *out)
{
	struct number harm = tenths(t, f->forecast.harm);
	struct number low = tenths(t, f->forecast.low);
	struct number high = tenths(t, f->forecast.high);
	struct number minutes = whole(f->forecast.doubling_minutes);

	if (f->forecast.doubling_minutes > 0)
		fill(t, out, t->doubles, (const char *[]){minutes.text});
	fill(t, out, t->forecast,
	    (const char *[]){harm.text, low.text, high.text});
}

static void
amounts(const struct tongue *t, const struct finding *f, struct buf *out)
{
	struct number harm = tenths(t, f->now.harm);
	struct number mass = tenths(t, f->now.mass);
	struct number norm = tenths(t, f->now.norm);

	fill(t, out, t->amounts,
	    (const char *[]){harm.text, mass.text, norm.text});
	if (f->answer.s_micro > 0) {
		buf_text(out, t->rare);
		t->rarity(f->answer.s_micro, out);
	}
	if (f->level > 0)
		forecast(t, f, out);
	buf_text(out, ".\n");
}

static void
parts(const struct tongue *t, const struct finding *f, struct buf *out)
{
	uint32_t told = 0;

	for (uint32_t i = 0; i < f->parts_count && told < PARTS_TOLD; i++) {
		struct number density = tenths(t, f->parts[i].amounts.density);

		if (f->parts[i].id == NULL)
			continue;
		if (told++ == 0)
			buf_text(out, f->subject == ALERT_SECTOR ? t->brands :
								   t->topics);
		else
			buf_text(out, ", ");
		buf_printf(out, "%s %s", f->parts[i].id, density.text);
	}
	buf_text(out, told > 0 ? ".\n" : t->no_parts);
	if (told == 0)
		buf_char(out, '\n');
}

/* On one line, whatever the post has in it. */
static void
quote(const struct tongue *t, const struct finding *f, struct buf *out)
{
	if (f->quote.len == 0) {
		buf_text(out, t->no_quote);
	} else {
		buf_text(out, t->quote);
		buf_text(out, t->open);
		buf_plain(out, f->quote);
		buf_text(out, t->close);
	}
	buf_char(out, '\n');
}

static void
opening(const struct tongue *t, const struct finding *f, struct buf *out)
{
	struct number level = whole(f->level), now = minute_of(f->minute_ms);
	struct number first = minute_of(f->first_ms);
	struct number posts = whole(f->hour.posts);
	struct number harmful = whole(f->hour.harmful);
	struct number accounts = whole(f->accounts);
	const char *name = t == &french ? f->topic_fr : f->topic_en;

	if (f->subject != ALERT_SECTOR || name == NULL)
		name = f->name;
	fill(t, out, t->head, (const char *[]){level.text, t->level(f->level),
			       name, f->subject == ALERT_SECTOR ?
			       t->sector : f->sector, now.text});
	buf_char(out, '\n');
	t->sentence(f, out);
	if (f->news != NULL && !phrase_is_news(f))
		buf_slice_put(out, buf_slice(t == &french ? &f->news->fr :
							    &f->news->en));
	buf_char(out, '\n');
	fill(t, out, t->since, (const char *[]){first.text, posts.text,
				harmful.text, accounts.text});
	buf_char(out, '\n');
}

static void
organised(const struct tongue *t, const struct finding *f, struct buf *out)
{
	struct number posts = whole(f->hour.posts);
	struct number single = tenths(t, f->hour.voices);

	fill(t, out, window_is_flood(&f->hour) ? t->organised :
						 t->not_organised,
	    (const char *[]){posts.text, single.text});
	buf_char(out, '\n');
}

static void
todo(const struct tongue *t, const struct finding *f, struct buf *out)
{
	buf_text(out, t->todo(f->level));
	if (f->level > 0 && f->signal == NULL) {
		struct number end =
		    tenths(t, f->settings->theta_micro[f->level - 1] / 2);

		fill(t, out, t->ends, (const char *[]){end.text});
	}
	buf_char(out, '\n');
}

static void
nine_lines(const struct tongue *t, const struct finding *f, struct buf *out)
{
	opening(t, f, out);
	amounts(t, f, out);
	brief_why(&t->whys, f, out);
	parts(t, f, out);
	quote(t, f, out);
	organised(t, f, out);
	todo(t, f, out);
}

void
brief_fr(const struct finding *f, struct buf *out)
{
	nine_lines(&french, f, out);
}

void
brief_en(const struct finding *f, struct buf *out)
{
	nine_lines(&english, f, out);
}

static void
owner(const struct tongue *t, const struct alert *a, struct buf *out)
{
	const char *sep = t->told;

	if (a->owner == NULL) {
		buf_text(out, t->nobody);
		return;
	}
	fill(t, out, t->owner, &a->owner);
	for (uint32_t i = 0; i < a->teams_count; i++) {
		if (!strcmp(a->teams[i], a->owner))
			continue;
		buf_text(out, sep);
		buf_text(out, a->teams[i]);
		sep = ", ";
	}
	if (sep != t->told)
		buf_char(out, '.');
}

void
brief_owner_fr(const struct alert *a, struct buf *out)
{
	owner(&french, a, out);
}

void
brief_owner_en(const struct alert *a, struct buf *out)
{
	owner(&english, a, out);
}
