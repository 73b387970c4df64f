/*
 * Common words by class, folded.  The classes are coarse on purpose: what
 * counts is that "de" and "panne" lose against a name.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/frequency.h"

#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/must.h"

/* No cost is larger: sums of a few thousand stay in 32 bits. */
#define COST_MOST 1000000u

static const struct {
	uint32_t per_million;
	const char *words;
} classes[] = {
    {15000,
	"de la le les l d un une et a en que qu je j pas est c ce il on du des "
	"s n se ne pour dans sur avec tu vous nous the to of and in i you is "
	"it for on that this my me be at are with t rt https http co com amp "
	"www"},
    {4000,
	"plus mais ou si au aux ca cette ces son sa ses mon ma mes ton ta tes "
	"notre votre leur leurs lui elle elles ils qui quoi dont comme tout "
	"tous toute toutes faire fait suis es sont ai as avez ont etait etre "
	"avoir par sans meme bien tres va y m non oui quand alors aussi moi "
	"toi rien jamais encore deja ici la-bas so not have has had was were "
	"will would can could do does did just but your from what all about "
	"they he she we his her our their them who when if no up out get like "
	"an as by or one now new more how u re ve ll don via it's news us am "
	"been than then there some any only over into after before here why "
	"good know time people day make"},
    {1200,
	"france paris gens jour jours temps monde vie ans annee annees homme "
	"femme femmes enfants fois chose choses besoin faut peut peux veux "
	"veut "
	"vais allez aller dit dire vois voir voila merci bonjour bon bonne "
	"petit grand grande nouveau nouvelle premier premiere deux trois "
	"apres avant depuis pendant entre contre vers chez car donc parce "
	"parceque trop peu beaucoup autre autres chaque quel quelle sous lors "
	"hier demain aujourd hui soir matin heure heures minutes semaine mois "
	"president gouvernement pays ville police video photo politique macron "
	"debat election justice loi trump obama president america american "
	"white house state states government world today love want going need "
	"back think right first last way see say said says go come thanks "
	"thank great best really still never always even much many most other "
	"where because down off man women woman black life year years week "
	"live big free very too take look work home help stop let made being "
	"should could must again every thing things got getting someone "
	"everyone nothing something flight service customer hours hour phone "
	"hi hello please sorry well yes via watch video photo media show game "
	"play team win school city police news breaking"},
    {400,
	"banque mutuel credit assurance groupe societe compagnie general "
	"generale national nationale international air france royal poste "
	"caisse epargne maison hotel restaurant cafe marche marches super "
	"magasin train gare bus metro vol vols avion aeroport route voiture "
	"moto energie electricite eau gaz telephone mobile internet reseau "
	"orange free total bank insurance group company airlines air airways "
	"first united american national global capital energy power gas oil "
	"water car cars motors auto tech digital systems solutions services "
	"media radio tv television channel press times post foods food drinks "
	"coffee pizza burger shop store market markets apple amazon google "
	"target gap shell visa chase discover next boots argos dove mars "
	"twitter facebook youtube instagram tiktok blog site page lien article "
	"clients client produit produits prix euros euro dollars money pay "
	"business work travail emploi job jobs entreprise entreprises marque "
	"sante hopital medecin ecole eleves professeur musique film films "
	"football match equipe joueur saison ligue coupe foot sport sports "
	"music book books story family friends friend girl girls boy boys men "
	"kids baby dog cat god heart head hand eyes face night morning evening "
	"summer winter north south east west old young high low long short "
	"real true false bad worse better early late open closed close near "
	"far left public private social local central park street road river "
	"lake island mountain sea sun moon star stars light dark red blue "
	"green "
	"yellow gold silver pink rouge bleu vert jaune noir blanc noire "
	"blanche "
	"petite jeune vieux haut bas nord sud est ouest centre saint sainte "
	"jean pierre marie paul louis charles michel david john james robert "
	"michael mary william george thomas scott martin king queen prince "
	"princess lord lady sir mr mrs dr st pro max plus one two three four "
	"five six seven eight nine ten hundred thousand million milliards "
	"millions pourquoi comment combien toujours souvent parfois vraiment "
	"seulement surtout enfin bientot longtemps ensemble partout ailleurs "
	"juste vrai faux droit gauche droite president ministre maire depute "
	"senat parti vote voter republique democratie liberte etat etats "
	"europe europeen europeenne union russie chine allemagne angleterre "
	"espagne italie amerique afrique syrie ukraine israel iran canada "
	"london york washington texas california boston chicago florida "
	"russia russian china chinese muslim muslims islam christian jewish "
	"war peace army military soldier soldiers gun guns"},
    /* words of crises: in most rules of a sector, and in no name */
    {700,
	"boycott boycotte boycotter boycotting boycottons acheter achetez "
	"achete achat buy buying bought recall recalled rappel rappels retrait "
	"lot lots contamine contaminee contamination scandale scandales "
	"scandal scandaleux scandaleuse outrage polemique polemiques "
	"controverse controversy honte honteux honteuse shame shameful "
	"disgrace fuite fuites donnees data breach leak leaked leaks pirate "
	"piratage hack hacked hacker hackers ransomware rancongiciel "
	"cyberattaque cyberattack panne pannes outage bug bugs coupure "
	"coupures "
	"marche fonctionne working fraude fraudes fraud arnaque arnaques "
	"escroquerie scam scams detournement blanchiment evasion tax fiscale "
	"fiscal licenciement licenciements licencie layoff layoffs laid "
	"fermeture usine plant closure suppression postes cuts plan pollution "
	"polluer polluant maree deversement spill toxique toxiques toxic "
	"amiante asbestos intoxication intoxique salmonelle salmonella "
	"listeria ecoli poison poisoned poisoning empoisonne rat rats mort "
	"morts morte harcelement harassment harcelee agression agressions "
	"agressee assault sexual sexuel metoo viol viols abuse abus greve "
	"greves greviste grevistes strike strikes walkout manifestation manif "
	"protest protests debrayage blocage syndicat syndicats accident "
	"accidents crash explosion explosions incendie incendies fire fires "
	"deraillement derailment blesse blesses injured victime victimes "
	"victim victims killed kill dead death deaths die died faillite "
	"bankruptcy bankrupt liquidation redressement judiciaire depot bilan "
	"insolvent cessation paiement proces plainte plaintes lawsuit sue sued "
	"examen indicted class action condamne condamnee condamnation amende "
	"amendes fine fined enquete enquetes investigation hausse hausses "
	"hike cher chere expensive overpriced manifeste rip ripoff "
	"augmentation abusive reponse response remboursement rembourser "
	"refund refunds livre livraison delivered delivery cancelled canceled "
	"annule annulee annules retard retards delay delayed delays waiting "
	"worst racisme raciste racistes racist racism sexisme sexiste sexist "
	"discrimination homophobe homophobic antisemite antisemitism "
	"corruption corrompu corrompus bribe bribes bribery pot vin conflit "
	"interets conflict interest lobbying deces suicide tue tues noyade "
	"tragedy tragedie drame fake intox hoax desinformation propaganda "
	"propagande mensonge mensonges mentir menteur menteurs lie lies lying "
	"liar crise crises crisis danger dangereux dangerous risque risques "
	"risk urgence emergency alerte alert attention attaque attaques attack "
	"attacks terrorist terrorisme terrorism menace menaces threat bombe "
	"bomb huile palme palm deforestation orang outan orangutan orangutans "
	"foret forets forest forests climat climate environnement environment "
	"ecologie pesticide pesticides cancer virus vaccin vaccine"},
};

const char *
frequency_class(unsigned i, uint32_t *per_million)
{
	if (i >= sizeof(classes) / sizeof(*classes))
		return NULL;
	*per_million = classes[i].per_million;
	return classes[i].words;
}

struct word {
	struct slice text;
	uint32_t per_million;
};

struct use {
	uint64_t hash;
	uint32_t count;
};

struct listed {
	uint64_t hash;
	uint32_t per_million; /* 0: free */
};

/* Twice as many as there are words, or more. */
#define LISTED_ROOM 4096u

/* The lists are made when somebody asks: a kept set rarely does. */
struct frequency {
	struct word *words; /* sorted, for prefixes; NULL: not yet made */
	uint32_t count;
	struct listed *listed; /* by hash, for words */
	struct use *uses; /* by hash; a false meeting costs nothing but speed */
	uint32_t uses_count, uses_room;
};

static int
word_order(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	return slice_order(x->text, y->text);
}

/* The slot of a word, maybe a free one. */
static uint32_t
slot_of(const struct frequency *f, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & (LISTED_ROOM - 1);

	while (f->listed[i].per_million != 0 && f->listed[i].hash != hash)
		i = (i + 1) & (LISTED_ROOM - 1);
	return i;
}

static void
list(struct frequency *f, const struct word *word)
{
	uint64_t hash = XXH3_64bits(word->text.data, word->text.len);
	struct listed *at = &f->listed[slot_of(f, hash)];

	at->hash = hash;
	if (at->per_million < word->per_million)
		at->per_million = word->per_million;
}

static void
make_lists(struct frequency *f)
{
	uint32_t room = 0;

	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		const char *p = classes[i].words;

		while (*p != '\0') {
			size_t len = strcspn(p, " ");

			if (f->count == room) {
				room = room * 2 + 1024;
				f->words = must_grow(
				    f->words, sizeof(*f->words) * room);
			}
			f->words[f->count++] =
			    (struct word){{p, len}, classes[i].per_million};
			p += len + (p[len] == ' ');
		}
	}
	qsort(f->words, f->count, sizeof(*f->words), word_order);
	REQUIRE(f->count < LISTED_ROOM / 2);
	f->listed = must_alloc(sizeof(*f->listed) * LISTED_ROOM);
	for (uint32_t i = 0; i < f->count; i++)
		list(f, &f->words[i]);
}

struct frequency *
frequency_new(void)
{
	return must_alloc(sizeof(struct frequency));
}

void
frequency_free(struct frequency *f)
{
	free(f->words);
	free(f->listed);
	free(f->uses);
	free(f);
}

static struct use *
find_use(struct use *uses, uint32_t room, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & (room - 1);

	while (uses[i].count != 0 && uses[i].hash != hash)
		i = (i + 1) & (room - 1);
	return &uses[i];
}

void
frequency_use(struct frequency *f, struct slice word)
{
	uint64_t hash = XXH3_64bits(word.data, word.len);
	struct use *use;

	if (f->uses_count * 2 >= f->uses_room) {
		uint32_t room = f->uses_room == 0 ? 1024 : f->uses_room * 2;
		struct use *uses = must_alloc(sizeof(*uses) * room);

		for (uint32_t i = 0; i < f->uses_room; i++)
			if (f->uses[i].count != 0)
				*find_use(uses, room, f->uses[i].hash) =
				    f->uses[i];
		free(f->uses);
		f->uses = uses;
		f->uses_room = room;
	}
	use = find_use(f->uses, f->uses_room, hash);
	f->uses_count += use->count == 0;
	use->hash = hash;
	use->count++;
}

/* The first listed word that is not below ${text}. */
static uint32_t
lower_bound(const struct frequency *f, struct slice text)
{
	uint32_t low = 0, high = f->count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (slice_order(f->words[mid].text, text) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* A word nobody listed: the shorter, the more likely to be met by chance. */
static uint32_t
guess(size_t len)
{
	static const uint32_t by_length[] = {
	    5000, 1500, 300, 80, 30, 14, 8, 6, 5, 4, 3, 2};

	return len < sizeof(by_length) / sizeof(*by_length) ? by_length[len]
							    : 1;
}

/* Our own users' names speak for a word as well: each is worth a guess. */
static uint32_t
used(const struct frequency *f, struct slice word, uint64_t hash)
{
	uint64_t cost;

	if (f->uses_room == 0)
		return 0;
	cost = (uint64_t)find_use(f->uses, f->uses_room, hash)->count *
	       guess(word.len);
	return cost < COST_MOST ? (uint32_t)cost : COST_MOST;
}

uint32_t
frequency_word(struct frequency *f, struct slice word)
{
	uint64_t hash = XXH3_64bits(word.data, word.len);
	uint32_t most = guess(word.len);
	const struct listed *at;

	if (f->words == NULL)
		make_lists(f);
	at = &f->listed[slot_of(f, hash)];
	if (at->per_million > most)
		most = at->per_million;
	return most + used(f, word, hash);
}

uint32_t
frequency_prefix(struct frequency *f, struct slice prefix)
{
	uint64_t hash = XXH3_64bits(prefix.data, prefix.len);
	uint32_t sum = 4 * guess(prefix.len) + used(f, prefix, hash);

	if (f->words == NULL)
		make_lists(f);
	for (uint32_t i = lower_bound(f, prefix);
	     i < f->count && f->words[i].text.len >= prefix.len &&
	     !memcmp(f->words[i].text.data, prefix.data, prefix.len);
	     i++)
		sum += f->words[i].per_million;
	return sum;
}

uint32_t
frequency_inner(struct frequency *f, struct slice part)
{
	uint32_t sum = 8 * guess(part.len);

	if (f->words == NULL)
		make_lists(f);
	for (uint32_t i = 0; i < f->count; i++)
		if (memmem(f->words[i].text.data, f->words[i].text.len,
			part.data, part.len) != NULL)
			sum += f->words[i].per_million;
	return sum;
}
