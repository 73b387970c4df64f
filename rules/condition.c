/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/condition.h"

#include "engine/base/buf.h"
#include "engine/base/limits.h"

#define MINUTES_MOST 1440

struct parser {
	struct condition_decl *c;
	const struct yaml *at;
	struct query_scope *scope;
	struct slice text;
	size_t next;
	unsigned depth;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Behind the quoted text or regex that begins at ${i}, or ${i} + 1. */
static size_t
skip(struct slice text, size_t i)
{
	char quote = text.data[i];
	bool starts = i == 0 || is_blank(text.data[i - 1]) ||
	    text.data[i - 1] == '(' || text.data[i - 1] == ':';
	size_t k = i + 1;

	if (!starts || (quote != '"' && quote != '\'' && quote != '/'))
		return i + 1;
	for (; k < text.len && text.data[k] != quote; k++)
		if (quote == '/' && text.data[k] == '\\')
			k++;
	return k < text.len ? k + 1 : i + 1;
}

/* Whether ${word} and an open parenthesis stand at ${i}. */
static bool
calls(struct slice text, size_t i, const char *word)
{
	size_t n = strlen(word);

	return text.len - i > n && !memcmp(text.data + i, word, n) &&
	    text.data[i + n] == '(' &&
	    (i == 0 || is_blank(text.data[i - 1]) || text.data[i - 1] == '(');
}

bool
condition_is(struct slice text)
{
	for (size_t i = 0; i < text.len; i = skip(text, i))
		if (calls(text, i, "count") || calls(text, i, "authors"))
			return true;
	return false;
}

static bool
wrong(struct parser *p, size_t from, size_t to, const char *help,
    const char *text)
{
	struct place place =
	    yaml_place(p->at, from, to > from ? to - from : 1);

	diag_add(p->scope->diag, DIAG_ERROR, place, "bad-condition", help,
	    "%s", text);
	return false;
}

static void
blanks(struct parser *p)
{
	while (p->next < p->text.len && is_blank(p->text.data[p->next]))
		p->next++;
}

/* The word of letters that comes next; not taken. */
static struct slice
word(struct parser *p)
{
	struct slice w;

	blanks(p);
	w = (struct slice){p->text.data + p->next, 0};
	while (p->next + w.len < p->text.len && is_letter(w.data[w.len]))
		w.len++;
	return w;
}

static bool
take(struct parser *p, const char *what)
{
	size_t n = strlen(what);

	blanks(p);
	if (p->text.len - p->next < n ||
	    memcmp(p->text.data + p->next, what, n) != 0)
		return false;
	p->next += n;
	return true;
}

/* A number of at most three decimals, in millionths. */
static bool
number(struct parser *p, int64_t *micro)
{
	size_t from;
	int64_t unit = 1000000, v = 0;
	bool point = false;

	blanks(p);
	from = p->next;
	for (; p->next < p->text.len; p->next++) {
		char c = p->text.data[p->next];

		if (c == '.' && !point && p->next > from) {
			point = true;
		} else if (c >= '0' && c <= '9' && v < INT64_C(1000000000) *
			1000000 && unit > 1000) {
			if (point)
				unit /= 10;
			v = point ? v + (c - '0') * unit :
				    v * 10 + (c - '0') * INT64_C(1000000);
		} else {
			break;
		}
	}
	*micro = v;
	return p->next > from;
}

/* The query between the parentheses at p->next, parsed where it stands. */
static bool
query(struct parser *p, struct node **out)
{
	size_t from = p->next + 1, i = from;
	unsigned open = 1;
	struct yaml alone = *p->at;

	while (i < p->text.len) {
		char c = p->text.data[i];

		open += c == '(';
		if (c == ')' && --open == 0)
			break;
		i = skip(p->text, i);
	}
	if (open > 0)
		return wrong(p, p->next, from, "close it with ')'",
		    "this parenthesis is not closed");
	alone.text.len = i;
	alone.tail = SLICE_NONE;
	p->next = i + 1;
	p->scope->from = from;
	*out = query_parse(p->scope->arena, &alone, p->scope, p->scope->diag);
	p->scope->from = 0;
	return *out != NULL;
}

static bool
window(struct parser *p, struct rules_term *t)
{
	static const char help[] =
	    "write it as: count(x) in 15m >= 50, or in 1h, up to 24h";
	int64_t micro;
	size_t from;
	bool hours;

	blanks(p);
	from = p->next;
	if (!slice_is(word(p), "in"))
		return wrong(p, from, from + 1, help,
		    "a window is wanted here");
	p->next += 2;
	blanks(p);
	from = p->next;
	if (!number(p, &micro) || micro % 1000000 != 0)
		return wrong(p, from, p->next, help, "this is no window");
	hours = take(p, "h");
	if ((!hours && !take(p, "m")) || (p->next < p->text.len &&
		is_letter(p->text.data[p->next])))
		return wrong(p, from, p->next, help,
		    "a window has a unit, m or h");
	micro *= hours ? 60 : 1;
	if (micro < 1000000 || micro > INT64_C(1000000) * MINUTES_MOST)
		return wrong(p, from, p->next, help,
		    "a window is from 1m to 24h");
	t->window_minutes = (uint32_t)(micro / 1000000);
	return true;
}

static bool
comparison(struct parser *p, struct rules_term *t)
{
	static const char *const signs[] = {">=", "<=", ">", "<"};
	static const enum rules_than than[] = {
	    THAN_AT_LEAST, THAN_AT_MOST, THAN_MORE, THAN_LESS};
	size_t from, i = 0;

	blanks(p);
	from = p->next;
	while (i < 4 && !take(p, signs[i]))
		i++;
	if (i == 4)
		return wrong(p, from, from + 1,
		    "compare with >=, >, <= or <: count(x) in 1h >= 50",
		    "a comparison is wanted here");
	t->than = than[i];
	blanks(p);
	from = p->next;
	if (!number(p, &t->value_micro))
		return wrong(p, from, from + 1,
		    "a number of posts or accounts, or of norms: 3x norm",
		    "a number is wanted here");
	if (!take(p, "x") && !take(p, "\303\227")) /* the sign of times */
		return true;
	if (!slice_is(word(p), "norm"))
		return wrong(p, from, p->next, "write it as: 3x norm",
		    "times what?");
	p->next += 4;
	t->of_norm = true;
	if (t->authors)
		return wrong(p, from, p->next,
		    "compare accounts with a number, or count posts",
		    "authors() has no norm");
	return true;
}

static bool
push(struct parser *p, uint8_t step)
{
	if (p->c->steps_count == CONDITION_STEPS_MAX)
		return wrong(p, p->next, p->next + 1,
		    "make two rules of it", "the condition is too long");
	p->c->steps[p->c->steps_count++] = step;
	return true;
}

static bool
term(struct parser *p)
{
	struct condition_term *t;
	size_t from = p->next;
	bool authors = calls(p->text, from, "authors");

	if (!authors && !calls(p->text, from, "count"))
		return wrong(p, from, from + 1,
		    "a condition is made of count(...) and authors(...) "
		    "alone: put the words between their parentheses",
		    "count( or authors( is wanted here");
	if (p->c->terms_count == CONDITION_TERMS_MAX)
		return wrong(p, from, from + 1, "make two rules of it",
		    "a condition has at most eight terms");
	t = &p->c->terms[p->c->terms_count];
	t->term.authors = authors;
	p->next += strlen(authors ? "authors" : "count");
	if (!query(p, &t->query) || !window(p, &t->term) ||
	    !comparison(p, &t->term))
		return false;
	return push(p, (uint8_t)p->c->terms_count++);
}

static bool chain(struct parser *p);

static bool
one(struct parser *p)
{
	bool ok;

	blanks(p);
	if (p->depth == QUERY_DEPTH_MAX)
		return wrong(p, p->next, p->next + 1, "make two rules of it",
		    "the condition is nested too deep");
	p->depth++;
	if (slice_is(word(p), "NOT")) {
		p->next += 3;
		ok = one(p) && push(p, CONDITION_NOT);
	} else if (take(p, "(")) {
		size_t open = p->next - 1;

		ok = chain(p);
		if (ok && !take(p, ")"))
			ok = wrong(p, open, open + 1, "close it with ')'",
			    "this parenthesis is not closed");
	} else {
		ok = term(p);
	}
	p->depth--;
	return ok;
}

static bool
chain(struct parser *p)
{
	struct slice first = SLICE_NONE;

	if (!one(p))
		return false;
	for (;;) {
		struct slice op = word(p);
		bool both = slice_is(op, "AND"), any = slice_is(op, "OR");

		if (!both && !any && !slice_is(op, "NOT"))
			return true;
		if (slice_is(op, "NOT")) { /* a NOT b */
			op = SLICE("AND");
			both = true;
		} else {
			p->next += op.len;
		}
		if (first.data != NULL && !slice_equal(first, op))
			return wrong(p, p->next - op.len, p->next,
			    "write (a AND b) OR c, or a AND (b OR c)",
			    "AND and OR side by side need parentheses");
		first = op;
		if (!one(p) || !push(p, both ? CONDITION_AND : CONDITION_OR))
			return false;
	}
}

/* Nothing said: every count is 0, and 0 is not above any norm. */
static bool
true_of_silence(const struct condition_decl *c)
{
	bool values[CONDITION_TERMS_MAX];

	for (uint32_t i = 0; i < c->terms_count; i++) {
		const struct rules_term *t = &c->terms[i].term;

		values[i] = t->than == THAN_AT_MOST || t->than == THAN_LESS ||
		    (t->than == THAN_AT_LEAST && t->value_micro == 0);
	}
	return rules_condition_holds(c->steps, c->steps_count, values);
}

bool
condition_parse(struct condition_decl *c, const struct yaml *at,
    struct query_scope *scope)
{
	struct parser p = {c, at, scope, at->text, 0, 0};

	c->text = arena_text(scope->arena, at->text);
	c->terms = arena_alloc(scope->arena,
	    CONDITION_TERMS_MAX * sizeof(*c->terms));
	c->steps = arena_alloc(scope->arena, CONDITION_STEPS_MAX);
	if (!chain(&p))
		return false;
	blanks(&p);
	if (p.next < p.text.len)
		return wrong(&p, p.next, p.next + 1,
		    "terms are joined by AND and OR",
		    "nothing is expected here");
	if (true_of_silence(c))
		return wrong(&p, 0, p.text.len,
		    "say what must be there as well: count(x) in 1h >= 5 AND "
		    "...; silence has an alert kind of its own",
		    "this holds while nobody says anything");
	return true;
}
