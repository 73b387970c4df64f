/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/generator/words.h"

#include <string.h>

#define COUNT(a) ((uint32_t)(sizeof(a) / sizeof((a)[0])))

static const char *const en[] = {"the", "to", "and", "a", "of", "in", "is",
    "you", "it", "for", "that", "on", "my", "with", "this", "be", "are", "was",
    "at", "have", "just", "so", "me", "your", "not", "but", "they", "all",
    "we", "can", "people", "from", "what", "like", "one", "will", "who", "get",
    "about", "new", "when", "time", "now", "more", "out", "do", "up", "if",
    "day", "good", "love", "how", "today", "news", "know", "don't", "why",
    "want", "see", "great", "make", "really", "go", "us", "think", "back",
    "need", "live", "right", "going", "world", "even", "first", "way", "still",
    "never", "year", "life", "best", "over", "after", "video", "happy", "only",
    "much", "man", "here", "take", "let", "last", "night", "many", "week",
    "been", "help", "always", "every", "morning", "watch", "it's"};

static const char *const fr[] = {"de", "la", "le", "et", "les", "des", "un",
    "est", "que", "pour", "en", "du", "qui", "dans", "une", "pas", "sur", "au",
    "plus", "ce", "par", "ne", "il", "avec", "sont", "c'est", "je", "on",
    "vous", "tout", "mais", "nous", "aux", "cette", "fait", "être", "à", "se",
    "même", "ses", "comme", "ou", "leur", "bien", "après", "sans", "très",
    "aujourd'hui", "été", "où", "deux", "aussi", "contre", "ça", "déjà", "trop",
    "encore", "merci", "français", "faire", "rien", "faut", "monde", "quand",
    "jamais", "président", "temps", "jour", "ans", "soir", "matin", "enfants",
    "première", "ville", "femme", "hommes", "peut", "était", "j'ai", "l'état",
    "d'abord", "qu'il", "n'est", "voilà", "année", "sécurité", "école", "près",
    "prévu", "télé", "élève", "bientôt", "toujours", "vie", "fête", "gens"};

static const char *const ja[] = {"今日は", "とても", "明日", "電車が", "遅れて",
    "います", "です", "会社の", "新しい", "商品を", "買いました", "友達と",
    "ラーメン", "食べたい", "ありがとう", "ございます", "東京", "天気が",
    "いいですね", "ニュース", "見ました", "本当に", "大変", "お疲れ様",
    "仕事", "終わった", "楽しみ", "写真を", "撮って", "サッカー", "試合",
    "勝った", "映画", "面白かった", "コンビニ", "コーヒー", "雨が降って",
    "寒い", "眠い", "おはよう"};

static const char *const emoji[] = {"😂", "❤️", "😍", "🔥", "👏🏽", "🙏", "😭",
    "🇫🇷", "👨‍👩‍👧", "🎉", "👍🏻", "💯", "🤔", "✨", "😡", "🤦‍♀️"};

static const char *const companies[] = {"energie", "motors", "partners",
    "airlines", "group", "foods", "assurances", "telecom", "clinique", "media",
    "labs", "retail", "banque", "transport", "mode", "systems"};

#define FAMILY_TERMS 8u
static const struct {
	const char *name, *terms[FAMILY_TERMS];
} families[] = {
    {"boycott", {"boycott", "boycotter", "boycotts", "#boycott",
	"stop buying", "do not buy", "n''achetez rien", "plus jamais"}},
    {"recall", {"rappel de lots", "recalled", "product recall",
	"retiré de la vente", "contaminé", "defective", "défectueux",
	"withdrawn"}},
    {"scandal", {"scandale", "scandal", "outrage", "polémique", "disgrace",
	"honteux", "shameful", "affaire"}},
    {"breach", {"data breach", "données volées", "leaked", "piraté", "hacked",
	"ransomware", "cyberattaque", "leak"}},
    {"outage", {"panne", "outage", "down again", "hors service", "not working",
	"coupure", "ne marche plus", "crashed"}},
    {"fraud", {"fraude", "fraud", "arnaque", "scam", "escroquerie",
	"embezzlement", "blanchiment", "tax evasion"}},
    {"layoff", {"licenciements", "plan social", "layoffs", "laid off",
	"suppression de postes", "job cuts", "fermeture du site",
	"redundancies"}},
    {"pollution", {"pollution", "marée noire", "oil spill", "déversement",
	"toxique", "toxic", "amiante", "asbestos"}},
    {"poison", {"intoxication", "salmonelle", "salmonella", "listeria",
	"food poisoning", "empoisonné", "mouldy", "moisi"}},
    {"harass", {"harcèlement", "harassment", "agression", "abused",
	"intimidation", "bullying", "plainte pour viol", "predator"}},
    {"discri", {"raciste", "racist", "sexiste", "sexist", "discrimination",
	"homophobe", "antisémite", "bigot"}},
    {"corrupt", {"corruption", "bribery", "pot-de-vin", "conflit d''intérêts",
	"kickback", "lobbying", "trafic d''influence", "slush fund"}},
    {"death", {"décès", "mort suspecte", "died", "tragedy", "tragédie",
	"noyade", "killed", "tué"}},
    {"fake", {"désinformation", "hoax", "mensonge", "lies", "propagande",
	"fake news", "manipulation", "deceived"}},
    {"strike", {"grève", "walkout", "strike", "syndicat", "piquet",
	"débrayage", "picket line", "blocage"}},
    {"lawsuit", {"procès", "lawsuit", "class action", "mis en examen",
	"condamné", "sued", "assignation", "court ruling"}},
    {"service", {"service client", "no refund", "remboursez", "worst service",
	"injoignable", "never answers", "retards", "attente"}},
    {"accident", {"accident", "explosion", "crash", "incendie", "fire broke",
	"déraillement", "collision", "injured"}},
    {"animal", {"cruauté", "animal cruelty", "abattoir", "maltraitance",
	"factory farming", "battery hens", "tests sur animaux", "slaughter"}},
    {"bankrupt", {"faillite", "bankrupt", "redressement", "insolvent",
	"liquidation", "chapter 11", "cessation", "default"}},
};

int
words_lang(const char *name, enum words_lang *lang)
{
	static const char *const names[] = {"en", "fr", "ja", "emoji", "mixed"};

	for (uint32_t i = 0; i < COUNT(names); i++)
		if (strcmp(name, names[i]) == 0) {
			*lang = (enum words_lang)i;
			return 0;
		}
	return -1;
}

static uint64_t
mix(uint64_t n)
{
	n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
	return n ^ n >> 31;
}

static void
put_syllables(struct buf *out, uint64_t bits, unsigned syllables,
    const char *consonants)
{
	static const char vowels[] = "aeiou";
	unsigned n = (unsigned)strlen(consonants);

	for (unsigned i = 0; i < syllables; i++, bits /= n * 5) {
		buf_char(out, consonants[bits % n]);
		buf_char(out, vowels[bits / n % 5]);
	}
}

void
words_tail(struct buf *out, uint32_t i)
{
	uint64_t bits = mix(i + 77);

	put_syllables(out, bits, 2 + (unsigned)(bits >> 60) % 2,
	    "bcdfglmnprst");
	buf_text(out, (const char *[]){"r", "n", "s", "t"}[bits >> 58 & 3]);
}

void
words_coin(struct buf *out, uint64_t n, unsigned syllables)
{
	put_syllables(out, mix(n * 3 + 1), syllables, "bdfgklmnpqrstvwxz");
	buf_text(out, (const char *[]){"x", "k", "v", "z"}[n & 3]);
}

/* Low numbers often, high ones rarely, about as words do. */
static uint32_t
zipf(struct rand *r, uint32_t n)
{
	double u = rand_unit(r);

	return (uint32_t)(u * u * u * (double)n);
}

static void
put_western(struct buf *out, struct rand *r, bool french)
{
	uint32_t kind = rand_below(r, 100);

	if (kind < 86)
		buf_text(out, french ? fr[zipf(r, COUNT(fr))] :
				       en[zipf(r, COUNT(en))]);
	else if (kind < 96)
		words_tail(out, zipf(r, WORDS_TAIL));
	else {
		buf_char(out, kind < 98 ? '#' : '@');
		words_tail(out, zipf(r, WORDS_TAIL));
	}
	if (kind % 9 == 0)
		buf_char(out, kind % 2 ? ',' : '.');
}

void
words_put(struct buf *out, struct rand *r, enum words_lang lang)
{
	switch (lang) {
	case WORDS_JA:
		buf_text(out, ja[zipf(r, COUNT(ja))]);
		return;
	case WORDS_EMOJI:
		if (rand_below(r, 3) == 0) {
			buf_text(out, emoji[rand_below(r, COUNT(emoji))]);
			return;
		}
		break;
	default:
		break;
	}
	put_western(out, r, lang == WORDS_FR);
}

const char *
words_company(uint32_t i)
{
	return companies[i % COUNT(companies)];
}

uint32_t
words_families(void)
{
	return COUNT(families);
}

const char *
words_family(uint32_t i)
{
	return families[i].name;
}

uint32_t
words_terms(uint32_t i)
{
	(void)i;
	return FAMILY_TERMS;
}

const char *
words_crisis(uint32_t i, uint32_t k)
{
	return families[i].terms[k % FAMILY_TERMS];
}
