/*
 * Every ceiling of the engine, in one place.
 *
 * Each has a unit, a reason, what happens at it, and the counter or message
 * that shows it (names of counters are those of engine/counters.def).  It
 * lives in base so that rules and connectors may read it too.  A ceiling is
 * never raised without its reason being changed as well.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_LIMITS_H
#define ENGINE_BASE_LIMITS_H

/* ---- input ---------------------------------------------------------- */

/* Bytes that a batch takes before it is submitted: the structural index of
 * 64 KiB stays in L2 (performance.md section 3).  No counter: a batch that
 * is full is simply handed on. */
#define BATCH_BYTES (64u << 10)

/* Bytes of the longest line.  The largest real posts seen are 30 KB.  A
 * longer one is skipped to its newline: lines_bad_too_long_total. */
#define LINE_BYTES_MAX (1u << 20)

/* Readable bytes behind a batch, for vector loads. */
#define BATCH_PADDING 64u

/* Batches per worker in the pool, beside one per open input.  Four keep a
 * worker fed while the loop collects.  None free: sources are paused,
 * source_pauses_total. */
#define BATCHES_PER_WORKER 4u

/* Worker threads.  Above it the configuration is refused. */
#define WORKERS_MAX 64u

/* Inputs open at once: files, sockets, connections.  Each may hold a batch
 * with half a line.  Above it a connection is closed:
 * connections_refused_total. */
#define INPUTS_MAX 256u

/* First bad lines of a run that are shown; all are counted by reason:
 * lines_bad_*_total. */
#define BAD_LINES_SHOWN 5u

/* Depth of nested JSON.  JSONTestSuite has 100,000; nobody posts it.
 * lines_bad_depth_total. */
#define JSON_DEPTH_MAX 512u

/* Links, tags, mentions kept of one post; more are ignored
 * (posts_lists_cut_total). */
#define POST_LIST_MAX 16u

/* ---- text and rules -------------------------------------------------- */

/* Bytes of title and text of one post that are read; the rest is not
 * matched: posts_text_cut_total. */
#define TEXT_BYTES_MAX (64u << 10)

/* Spans that a match shows. */
#define SPANS_MAX 16u

/* Episodes of alerts that vigie diff compares, of each set: more than a year
 * of a busy sector.  The rest is counted and told. */
#define DIFF_EPISODES_MAX 10000u

/* Bytes of one rule file; refused with a located error. */
#define RULE_FILE_BYTES_MAX (64u << 20)

/* Names over the noise budget in one line of the log; the rest is counted at
 * its end, and vigie ctl budget lists all. */
#define BUDGET_NAMED_MAX 10u

/* Diagnostics printed of one check; the rest is counted in the last line. */
#define DIAGS_MAX 50u

/* Diagnostics of each level whose text is kept: a hostile file has millions.
 * The rest is counted in the last line. */
#define DIAGS_KEPT_MAX 20000u

/* Kinds of warnings that are counted each; of more than ALIKE_MAX of a kind
 * only ALIKE_SHOWN are printed, and how many there are: the summary has all. */
#define DIAG_KINDS_MAX 64u
#define DIAG_ALIKE_MAX 5u
#define DIAG_ALIKE_SHOWN 3u

/* Characters of one line that a diagnostic shows around its caret. */
#define DIAG_LINE_MAX 120u

/* Nesting of a YAML file; rule files need five.  A located error. */
#define YAML_DEPTH_MAX 16u

/* Syntax errors of one YAML file after each of which the entry is taken out
 * and the rest read again; then the file is left. */
#define YAML_REPAIRS_MAX 20u

/* A set is patched (rules/patch.h) until one of so many of its entries has
 * been since the last full load: each leaves its old nodes behind, and new
 * ones are shared less.  Beyond, a load is full; rules_base_patches() counts
 * those that were not. */
#define PATCHED_SHARE 16u

/* Compiled sets that a cache folder keeps (rules/cache.c).  Beyond, the oldest
 * goes; rule_cache_misses_total counts what is not found. */
#define CACHE_FILES_MAX 4u

/* Brands, topics and rules from which a set is kept in the user's own folder
 * of compiled sets, which nobody asked for: smaller ones are ready in ten
 * milliseconds anyway.  No counter: they leave no file. */
#define CACHE_UNITS_MIN 2000u

/* Folders below a PATH; deeper ones are a located error (a loop of links). */
#define WALK_DEPTH_MAX 32u

/* Nesting of a query; more is a located error. */
#define QUERY_DEPTH_MAX 64u

/* Nodes that NEAR over AND groups may become in one query: the product of
 * their sizes.  More is a located error. */
#define QUERY_NODES_MAX 10000u

/* Macros that name each other, one below the other, and terms of a query with
 * those of its macros, however often each is named.  More is a located
 * error. */
#define MACRO_DEPTH_MAX 16u
#define MACRO_TERMS_MAX 20000u

/* Days before the end of a list's entry in which check warns of it. */
#define UNTIL_WARN_DAYS 30

/* Distance in words from which a NEAR is warned of: pairs that belong together
 * stand closer (listening suites advise 10). */
#define NEAR_WARN 20u

/* Words of a phrase before ~n: matching them to places grows with its square.
 * A located error. */
#define WITHIN_WORDS_MAX 16u

/* Bytes of a word that is looked for in disguise: shorter ones are met by
 * accident.  A located error. */
#define DISGUISED_MIN 3u

/* Largest n of ATLEAST/n; below OCCURRENCES_MAX, so that the count is true.
 * A located error. */
#define ATLEAST_MAX 1000u

/* Terms of one condition over time, and steps that join them: people write
 * two or three.  A located error. */
#define CONDITION_TERMS_MAX 8u
#define CONDITION_STEPS_MAX 32u

/* Largest weight of a rule or topic, in thousandths; harm is certain long
 * before. */
#define WEIGHT_MILLI_MAX 1000000

/* Entries that hang on each other by labels, one below the other: they are
 * judged inside each other.  More is a located error. */
#define LABEL_DEPTH_MAX 24u

/* Groups of weights in one set: their sums are on the stack for each post
 * that matched.  More is a located error. */
#define RULE_GROUPS_MAX 256u

/* Largest cap of a group, in thousandths. */
#define WEIGHT_GROUP_MAX 100000000

/* Occurrences of one node kept for NEAR and spans in one post; beyond it the
 * earliest win (posts_occurrences_cut_total). */
#define OCCURRENCES_MAX 1024u

/* PCRE2 steps and heap of one regex on one post.  The default of 10 million
 * takes 0.1 s; honest patterns use under 1,000.  regex_overruns_total. */
#define REGEX_MATCH_LIMIT 100000u
#define REGEX_DEPTH_LIMIT 1000u
#define REGEX_HEAP_KIB 1024u

/* Overruns after which a regex is benched until the next reload, loudly:
 * rules_benched_total. */
#define REGEX_OVERRUNS_MAX 20u

/* Bytes of an account or a site under relays:; a longer one is refused, and
 * none in a post. */
#define RELAY_BYTES 256u

/* Hashtags and long words of one post that the new-term signal gets; further
 * ones are not looked at.  Bytes of each: longer ones are none. */
#define TERMS_MAX 24u
#define TERM_BYTES_MAX 64u

/* ---- signals ---------------------------------------------------------- */

/* Brands of which one signal remembers something; beyond it the one that was
 * heard of the longest ago is forgotten: signals_forgotten_total. */
#define MEMO_ITEMS_MAX 65536u

/* Languages and countries of harm remembered for one brand: more than any
 * brand of the samples has.  Full: the one heard the longest ago goes. */
#define BORDER_PLACES_MAX 12u

/* Statements of brands that wait for the end of their hour; further ones are
 * not measured: signals_forgotten_total. */
#define ECHO_OPEN_MAX 4096u

/* Known terms: bits of one filter, terms that fill it (one in a hundred
 * others then seems known), terms that are being counted at a time:
 * signals_forgotten_total. */
#define TERMS_FILTER_BITS (1u << 21)
#define TERMS_PER_FILTER 200000u
#define TERMS_YOUNG_MAX 8192u

/* Known terms that are found at one look; others are looked up. */
#define TERMS_SETTLED_MAX 65536u

/* Sources whose silence is noticed; further ones are not watched. */
#define SILENCE_SOURCES_MAX 64u

/* ---- windows and alerts ---------------------------------------------- */

/* One-minute buckets of the hour window; hourly buckets of the day view. */
#define WINDOW_MINUTES 60
#define DAY_HOURS 24

/* Entries of the account table and of the near-copy table, over 60 min.
 * Full: the oldest minute goes, voices_forgotten_total. */
#define VOICES_MAX (1u << 20)
#define COPIES_MAX (1u << 20)

/* News of signals that one message of an episode lists; more are in the
 * journal alone, signals_unlisted_total. */
#define SIGNALS_LISTED_MAX 16u

/* Accounts that authors() of a condition tells apart; more are estimated,
 * standard error 4 %. */
#define CROWD_MAX 1024u

/* Conditions that count at once, one per condition and brand, at most 6 KB a
 * term.  More are not watched: conditions_cut_total. */
#define CONDITION_WATCHES_MAX 16384u

/* Entries of the table of repeated ids, over 60 min; same rule,
 * ids_forgotten_total. */
#define IDS_MAX (1u << 20)

/* Evidence posts kept per key, and characters of each that an alert shows. */
#define EVIDENCE_MAX 5u
#define EVIDENCE_TEXT_BYTES 600u

/* Bytes of the latest harmful posts, which all of their keys share: some
 * 12,000, minutes of the busiest streams.  Full: the oldest go, and
 * the few keys that still need them keep copies.  No counter: nothing is
 * lost. */
#define EVIDENCE_RING_BYTES (4u << 20)

/* Milliseconds that an event time may lie ahead of its arrival. */
#define FUTURE_MS_MAX (5 * 60000)

/* Milliseconds by which the clock trails arrival in run, so that silence
 * passes. */
#define CLOCK_LAG_MS (2 * 60000)

/* Bytes of vigie.yaml and of an organisation file; larger is refused with a
 * message that names the file. */
#define SETTINGS_BYTES_MAX (4u << 20)

/* ---- output ----------------------------------------------------------- */

/* Messages of one sink that wait for it; beyond it the engine pauses its
 * sources rather than lose one: sink_full_total. */
#define SPOOL_MESSAGES_MAX 65536u

/* Redis commands in flight on one connection: two groups of 511 messages, one
 * being executed and one being sent. */
#define REDIS_INFLIGHT_MAX 2048u

/* Entries of a Redis stream that were read and not yet acknowledged; with so
 * many no more are asked for.  Their ids have 16 bytes each. */
#define REDIS_UNACKED_MAX 65536u

/* Bytes of one reply of a Redis stream that are aimed at: so many entries are
 * asked for, by the mean of those before. */
#define REDIS_REPLY_BYTES (4u << 20)

/* Bytes of alerts that are gathered into one Redis transaction or into one
 * write to a file while the one before it is on its way.  Full: the messages
 * wait in the outbox. */
#define SINK_GATHER_BYTES (256u << 10)

/* Journal entries and bytes that are kept in memory; beyond either the oldest
 * go: journal_forgotten_total. */
#define JOURNAL_ENTRIES_MAX 4096u
#define JOURNAL_BYTES_MAX (16u << 20)

/* ---- the lifecycle ---------------------------------------------------- */

/* Alerts whose owner is looked after at once, with those closed within a day;
 * about 1 KB each.  Full: the oldest closed one goes, else the oldest, which
 * is told: lifecycle_forgotten_total. */
#define LIFECYCLE_ALERTS_MAX 16384u

/* Teams that may claim one alert.  Further ones are not asked. */
#define LIFECYCLE_TEAMS_MAX 4096u

/* Bytes of a command, and of each of its texts: a lesson is a page at most.
 * A longer one is refused. */
#define COMMAND_BYTES_MAX 65536u
#define COMMAND_TEXT_BYTES_MAX 4000u

/* Open episodes and groups of messages that are known for holding back what a
 * team need not hear now.  Beyond it the oldest are forgotten:
 * notify_forgotten_total. */
#define NOTIFY_EPISODES_MAX 4096u
#define NOTIFY_GROUPS_MAX 4096u

/* Messages to a channel that are held: each is looked at again in each
 * minute.  A further one goes out at once: notify_unheld_total. */
#define NOTIFY_HELD_MAX 4096u

/* Silences that people asked for by command: each is looked at for each
 * message.  A further one is refused. */
#define HUSH_MAX 256u

/* Answers that wait for the desk's server: with half as many no more commands
 * are read.  As many commands that were done are known after a restart. */
#define DESK_ANSWERS_MAX 4096u

/* Marks of authors that wait for their server (nomarketing.c), the oldest
 * dropped: nomarketing_dropped_total.  Of 240 bytes and a line of JSON each;
 * a crisis of 10 harmful authors a second fills it in 13 minutes. */
#define NOMARKETING_WAIT_MAX 8192u

/* Posts behind such marks whose deletion is noticed, of 64 bytes each:
 * nomarketing_forgotten_total. */
#define NOMARKETING_POSTS_MAX 65536u

/* Own statements of the last hour that are given again as posts after a
 * restart; the oldest go first. */
#define DESK_STATEMENTS_MAX 256u

/* ---- control ---------------------------------------------------------- */

/* Bytes of one request on the control socket; the longest command with its
 * argument has 100.  A longer one is refused and its connection closed:
 * control_refused_total. */
#define CONTROL_LINE_BYTES_MAX 4096u

/* Connections of the control socket at once: people and scripts of one host.
 * Above it a connection is closed: control_refused_total. */
#define CONTROL_CLIENTS_MAX 16u

/* Milliseconds that such a connection may neither ask nor take its answer.
 * Then it is closed. */
#define CONTROL_IDLE_MS 30000u

/* Bytes of one answer that vigie ctl takes: the status of everything has some
 * KiB, the problems of a bad set are cut at CONTROL_PROBLEMS_MAX. */
#define CONTROL_ANSWER_BYTES_MAX (16u << 20)

/* Seconds that vigie ctl waits for an answer; a reload of 100,000 rules takes
 * three.  Then it says so and exits 1. */
#define CTL_WAIT_S_MAX 120

/* Good sets of rules that are kept to go back to, the running one among them:
 * a set of 100,000 rules has 85 MB. */
#define RELOAD_KEPT_MAX 3u

/* Problems of a refused set that an answer shows; all are counted, and the
 * log has those that check would print. */
#define CONTROL_PROBLEMS_MAX 1000u

/* Watched files: how long they must rest before they are read, as editors and
 * version control write several; how often they are looked at where no event
 * comes (a network's file system, a mount). */
#define WATCH_SETTLE_MS 300u
#define WATCH_POLL_MS 5000u

/* Folders whose events are heard; of more, changes are found by looking. */
#define WATCH_FOLDERS_MAX 256u

/* ---- state on the disk ------------------------------------------------ */

/* Bytes of one frame of a log (a batch: under 1 MiB); a longer one is torn. */
#define FRAME_BYTES_MAX (64u << 20)

/* Bytes at which a file of a log is ended, or of the spool; of the largest that
 * is read back (what is gathered while the disk stands still comes on top); of
 * what is held to be written again, until a sync; damaged files kept aside. */
#define FRAMES_FILE_BYTES (64u << 20)
#define SPOOL_FILE_BYTES (1u << 20)
#define FRAMES_FILE_BYTES_MAX (1u << 30)
#define FRAMES_HELD_BYTES_MAX (16u << 20)
#define FRAMES_ASIDE_MAX 8u

/* Bytes gathered for the disk while a write is under way; beyond it the
 * sources are paused: state_full_total. */
#define STATE_GATHER_BYTES (64u << 20)

/* Between two syncs of the posts when no alert asks for one: what a power cut
 * may cost of them.  A kill of the process costs none that were written. */
#define STATE_SYNC_MS 1000

/* The journal: files older than 13 months go, and the oldest beyond 4 GiB
 * (journal_trimmed_total), but none that a sink still waits for. */
#define JOURNAL_KEPT_MS (INT64_C(396) * 86400000)
#define JOURNAL_DISK_BYTES (UINT64_C(4) << 30)

/* Posts that matched: a file lasts 6 hours at most and goes 7 days after its
 * first post, which is the promise; beyond 4 GiB the oldest go early
 * (recent_trimmed_total), but none of the last hour. */
#define RECENT_FILE_MS (INT64_C(6) * 3600000)
#define RECENT_KEPT_MS (INT64_C(7) * 86400000)
#define RECENT_DISK_BYTES (UINT64_C(4) << 30)

/* Deleted posts whose texts are still to be taken out of the files; with so
 * many that is done at once, else every DELETES_MS.  All of Bluesky deletes
 * some 60 a second, 36,000 in that time.  More while a file is rewritten:
 * deletes_forgotten_total, and the text goes with its file. */
#define DELETES_MAX 65536u
#define DELETES_MS (INT64_C(10) * 60000)

/* Rows of five minutes per key: 13 months, and 4 GiB; the oldest days go
 * (series_trimmed_total). */
#define SERIES_KEPT_MS (INT64_C(396) * 86400000)
#define SERIES_DISK_BYTES (UINT64_C(4) << 30)

/* Event minutes between two savings of norms: what a restart has to judge
 * again after a kill.  A restart reads an hour of posts at 3.5 us each
 * (measured), so that five minutes more are little. */
#define NORMS_MINUTES 5

/* Bytes of a norms file that is read.  400 busy keys take 2.3 MB (measured); a
 * calm one holds little but its detector of 350 bytes, so that a million pairs
 * ought to need half a gigabyte (not measured). */
#define NORMS_BYTES_MAX (UINT64_C(4) << 30)

/* Alerts that vigie watch shows: more than a team can look at. */
#define FOLLOW_ALERTS_MAX 200u

/* Bytes of a line that is typed there: a statement of some sentences. */
#define FOLLOW_LINE_BYTES_MAX 2000u

/* ---- waits ------------------------------------------------------------ */

/* First and last wait of a reconnect. */
#define RETRY_FIRST_MS 100u
#define RETRY_LAST_MS 5000u

/* Shutdown: how long sinks may hold messages without delivering any; after a
 * signal, twice this is the end in any case. */
#define SHUTDOWN_MS_MAX 10000u

#endif
