/*
 * The small vocabulary of random queries and posts, so that they meet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_RANDOM_WORDS_H
#define TESTS_RULES_RANDOM_WORDS_H

static const char *const words[] = {"kit", "kat", "kitkat", "Palm", "oil",
    "huile", "boycott", "Nestlé", "nestle", "東", "京", "🔥", "don't", "l'huile",
    "re-call", "x", "deforestation", "déforester", "œuf", "t1", "boycottons",
    "stop_it", "क्ष", "की"};
/* What posts have in place of them: looks and inclusive forms. */
static const char *const looks[] = {"n€stlé", "N3STLE", "n.e.s.t.l.e",
    "k1tkat", "k!t", "k4t", "b0ycott", "n e s t l e", "k_i_t", "nеstlе",
    "$top_it", "k|t", "_k1t", "pa1m", "0il", "!kit", "p@lm", "100", "l00",
    "o1l", "🅺it", "k·i·t", "n-e-s-t-l-e", "kat!!", "@kat", "+kit+", "kіt",
    "k i t", "k.a.t", "kit", "kat", "p€€€lm"};
static const char *const inclusives[] = {"salarié·e·s", "salarié.e",
    "salarié(e)s",
    "client-e-s", "#client·es", "acteur·rice·s", "acteur.rices",
    "sportif·ve", "x.e", "boycott.e.s", "client/e", "kit·te", "salariés",
    "e", "s", "#kit·e·s", "(e)s", "nestle.e"};
static const char *const formed[] = {"salariés", "salariées", "clientes",
    "client*", "acteurs", "actrices", "sportive", "#clients", "e", "s",
    "boycotté*", "kitte", "#kits", "nestlee kit", "les clientes",
    "salariée s", "*es"};
static const char *const disguises[] = {"nestle", "kit", "kat", "kit kat",
    "palm", "oil", "boycott", "palm oil", "kitkat", "nestle kit", "loo",
    "salariés", "stop_it"};
static const char *const gaps[] = {" ", " ", " ", " ", ", ", "-", "", "  ",
    " #", " @", " $", "... ", "\xe2\x80\x8b", ". ", ".", "! ", "\n",
    "\xe3\x80\x82", "? #"};
static const char *const stops[] = {". ", ". ", "... ", "! ", ". (", ".\" "};
static const char *const exacts[] = {"Nestlé", "nestle", "Palm", "#kit",
    "don't", "œuf", "re-call", "@kat", "東", "🔥", "kit", "$x", "déforester"};
static const char *const wilds[] = {"kit*", "*kat", "boycott*", "déforest*",
    "*st*", "n?stle", "p*m", "ki?", "x*", "#kit*", "???", "k*t*", "@n*",
    "boycottons*", "deforesta*", "*東", "?"};
/* Patterns of the forms that people write; each run by both sides. */
static const char *const patterns[] = {"\\bkit\\b", "(?<![\\w.@-])#?kit(?!\\w)",
    "boyc[ot]+", "\\bpalm\\s+oil\\b", "(?:kit|nestle)kat", "^kit", "oil$",
    "\\b(?:palm|huile)\\b", "t1|re.call", "\\bnestle(?:\\s+kat)?\\b", "\\d",
    "kitk?at", "\\bki+t", "(?<=\\s)kat", "\\Bkat", "[kx]at|oil", "(?=palm)p",
    "\\bboycotton?s?\\b", "(?:^|\\s)(?:oil|stop_it)\\b", "ka(t)(?:$|\\W)",
    "(?i)KIT", "l'huile", "(kit)+", "\\bdefor(?:est|ma)(?:ation)?",
    "(?>palm|oil)x*", "\\x6bat", "k{1,2}at", "(?:kit){0,1}kat\\b",
    "\\bst\\w+_it\\b", "\\W(?:oil|kat)",
    "\\bkit\\s+kat\\b", "palm[ -]oil", "(?<!\\w)boycott nestle\\b",
    "\\bkit+\\s+kat", "\\bt1 palm\\b", "\\bx (?:kit|kat)", "oil, *kit",
    "\\bhuile\\W+kat", "\\bkit\\b \\bkat\\b", "kat\\s?\\s+palm"};

#endif
