/*
 * The keys that windows and levels belong to: sectors, brands (with one
 * pseudo-brand per sector for talk that names none) and brand x topic pairs.
 *
 * A key is known by its ids, not by an index of one set of rules, so that a
 * reload keeps its window, its norm and its level.  It is made when a post
 * first touches it; one that nobody talks of costs nothing: it leaves the
 * list of active keys, its window is freed, and its detector is put away
 * small, to be caught up when the key is next touched or asked.
 * Thread: the loop.  Owns: all keys.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_KEYS_H
#define ENGINE_KEYS_H

#include <stdbool.h>

#include "engine/alert.h"
#include "engine/catalogue.h"
#include "engine/finding.h"

#define MINUTE_NONE INT64_MIN
#define KEY_LINE 64 /* of the caches: a key begins with one */

/* The message chain of one alert. */
struct episode {
	bool open;
	uint8_t said_level; /* of its last message */
	uint8_t kind;       /* enum alert_kind */
	uint32_t rev;       /* of the next message */
	int64_t first_ms;
};

/*
 * What a key has only while it is active.  A post about it asks for the first
 * line of the caches, the end of a minute for the next ones.
 */
struct live {
	int64_t open_minute;
	struct sums open; /* of it, not yet in the window and the day */
	int64_t norm;     /* not frozen, if it is known: keys_live_norm() */
	struct amounts amounts; /* of the last evaluation */
	/* If it is >= 0, what the detector is to be asked of: nobody has
	 * wanted to know the answer yet, so it was not computed. */
	double asked;
	double rare_from; /* an amount below is not rare; 0: not known */
	int64_t closed;   /* last minute that the detector knows of */
	struct window window;
	struct detector_answer answer; /* if it holds: keys_answer() */
	struct detector detector;
};

/* What only a sector has. */
struct key_sector {
	uint32_t brands_count; /* brands of the rules */
	int64_t breadth;       /* if it is known: keys_breadth() */
	int64_t borrowed_norm; /* median for brands that learn */
	int64_t borrowed_at;   /* tick of that, MINUTE_NONE */
};

struct key {
	/* First what every post about it asks for: one line of the caches. */
	_Alignas(KEY_LINE) enum alert_subject subject;
	bool pseudo;      /* the sector's talk that names no brand */
	bool active;
	bool flood;       /* coordinated, and told of */
	uint8_t change;   /* enum density_change of the last evaluation */
	uint32_t serial;  /* from 1, in order of creation */
	uint32_t parts_count;
	struct key *up;            /* pair: its brand; brand: its sector */
	struct live *live;         /* while active */
	struct causes *causes;     /* while there is harm */
	struct evidence *evidence; /* same */
	const char *topic;         /* id, interned; NULL if none */
	struct key **parts;        /* brand: pairs; sector: brands; by id */
	/* and what signals ask of it */
	struct density density;
	int64_t born;     /* minute from which it has been watched */
	const char *sector, *brand; /* ids, too */
	const char *name;
	const char *topic_fr, *topic_en; /* sector: its own names, or NULL */
	struct day day;
	int64_t closed;   /* while not active: as in struct live */
	struct episode episode;
	struct key_news *news; /* of signals, for the next message; or NULL */
	struct detector_asleep *asleep; /* while not active; NULL: never was */
	struct key_sector *of_sector;   /* of a sector, else NULL */
};

struct keys;

struct keys *keys_new(void);
void keys_free(struct keys *k);

/** keys_map(k, catalogue, minute): indices mean this catalogue from now on;
 * ids not known before have been watched since ${minute}. */
void keys_map(struct keys *k, const struct catalogue *c, int64_t minute);

/** keys_start(k, minute): the first minute of all; before it nothing was
 * watched. */
void keys_start(struct keys *k, int64_t minute);

/** keys_sector(k, sector), keys_brand(k, sector, brand or RULES_NONE),
 * keys_pair(k, brand key, topic): made if new. */
struct key *keys_sector(struct keys *k, uint32_t sector);
struct key *keys_brand(struct keys *k, uint32_t sector, uint32_t brand);
struct key *keys_pair(struct keys *k, struct key *brand, uint32_t topic);

/** keys_brand_known(k, sector, brand): the same if it was made, else NULL. */
struct key *keys_brand_known(const struct keys *k, uint32_t sector,
    uint32_t brand);

/** keys_name(key, french): of a brand or sector, for people. */
const char *keys_name(const struct key *key, bool french);

/** keys_reason(k, kind, index): "rule-id" or "topic:id", interned. */
const char *keys_reason(struct keys *k, enum hit_kind kind, uint32_t index);

/** keys_reason_ahead(k, kind, index): a hint that it is asked for soon. */
void keys_reason_ahead(const struct keys *k, enum hit_kind kind,
    uint32_t index);

/** keys_department(k, topic): who answers for the topic of that id, by the
 * rules of now; NULL when they do not say, or do not know it. */
const char *keys_department(const struct keys *k, const char *topic);

/** keys_rule_department(k, reason): likewise of a rule that names one itself,
 * another than its topic does; else NULL. */
const char *keys_rule_department(const struct keys *k, const char *reason);

/** keys_wake(k, key, minute): make it active; ${minute} is open. */
void keys_wake(struct keys *k, struct key *key, int64_t minute);

/** keys_add(key, minute, newest, sums): to the window and the day of ${key},
 * which is active; ${newest} is the open minute. */
void keys_add(struct key *key, int64_t minute, int64_t newest,
    const struct sums *sums);

/** keys_window(key, minute): its window, advanced to ${minute}, with all that
 * was added; so is its day then. */
struct window *keys_window(struct key *key, int64_t minute);

/** keys_catch_up(key, minute): tell the detector of ${key}, which is not
 * active, of the silence up to and with ${minute}. */
void keys_catch_up(struct key *key, int64_t minute);

/** keys_live_norm(key): the norm of ${key}, which is active, over 60 minutes:
 * 12 (exp(mu) - 1) of its detector.  keys_refresh_norm(key): that has changed;
 * of most keys nobody asks. */
#define NORM_UNKNOWN (-1)
int64_t keys_live_norm(const struct key *key);
void keys_refresh_norm(struct key *key);

/** keys_breadth(sector): the effective number of brands that carry its
 * excess, exp of the entropy of their shares, at its last evaluation. */
#define BREADTH_UNKNOWN (-1)
int64_t keys_breadth(const struct key *sector);

/** keys_answer(key): of its detector, at the last evaluation of ${key}, which
 * is active. */
struct detector_answer keys_answer(const struct key *key);

/** keys_not_rare(key): that z was below 3, known without asking. */
static inline bool
keys_not_rare(const struct key *key)
{
	return key->live->asked >= 0.0 &&
	    key->live->asked < key->live->rare_from;
}

/** keys_norm(key, ticks): what is expected of that many ticks, by what its
 * detector knows, active or not. */
int64_t keys_norm(const struct key *key, unsigned ticks);

/** keys_note(key, json): an object for the "signals" of its next message;
 * false: there are SIGNALS_LISTED_MAX already. */
bool keys_note(struct key *key, struct slice json);

/** keys_show(key, fr, en, first): sentences about what was noted, for the
 * next message's text: two at most; the ${first} ones drop those before. */
void keys_show(struct key *key, struct slice fr, struct slice en, bool first);

/** keys_told(key): the message has listed them. */
void keys_told(struct key *key);

/** keys_active(k, &count): active ones in the order sector, brand, pair, by
 * id; good until the next keys_wake or keys_retire. */
struct key **keys_active(struct keys *k, uint32_t *count);

/** keys_retire(k): let go of those that are calm and empty. */
void keys_retire(struct keys *k);

/** keys_save(k, minute, secret, out), keys_load(k, in): all keys for a file,
 * authors under ${secret}; into an empty table, before keys_map.  False when
 * the bytes are not of this version. */
struct unpack;
void keys_save(struct keys *k, int64_t minute, const unsigned char *secret,
    struct buf *out);
bool keys_load(struct keys *k, struct unpack *in);

/** keys_at(k, serial): the key of that number, or NULL. */
struct key *keys_at(const struct keys *k, uint64_t serial);

/** keys_calm(k): no episode, no level, no window; norms stay. */
void keys_calm(struct keys *k);

/** keys_absent(k, from, to, pass, self): nobody watched from minute ${from}
 * to ${to}: not silence.  ${pass} lets that time pass for what is active. */
void keys_absent(struct keys *k, int64_t from, int64_t to,
    void (*pass)(void *self), void *self);

struct keys_summary {
	uint32_t counts[3], learning[3]; /* by enum alert_subject */
};

/** keys_tell(k, minute, s): how many there are, and how many still learn. */
void keys_tell(const struct keys *k, int64_t minute, struct keys_summary *s);

/** keys_label(k, what, index): the id under which a thing of the present
 * rules is written to a file: "sector", "sector\nbrand", topic, rule. */
enum keys_what { KEYS_SECTOR, KEYS_BRAND, KEYS_TOPIC, KEYS_RULE };
uint32_t keys_count(const struct keys *k, enum keys_what what);
struct slice keys_label(const struct keys *k, enum keys_what what,
    uint32_t index);

/** keys_index(k, what, label): back; RULES_NONE when the present rules have
 * no such thing. */
uint32_t keys_index(const struct keys *k, enum keys_what what,
    struct slice label);

#endif
