/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/peers/peers_patterns.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/peers/peers_terms.h"
#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "engine/base/text.h"
#include "engine/base/yaml.h"

#define DISTANCE_MAX 99u

/* What is being read; patterns are in order of their kind only at the end. */
struct reading {
	struct peers_patterns *out;
	struct text folder;
	struct buf regex, raw;
	const char *path;
	struct peers_pattern *lists;
	uint32_t lists_count;
	struct peers_pattern *orders;
	uint32_t orders_count;
	uint32_t brands_before; /* of earlier files */
	bool failed;
};

static char *
keep(const struct buf *b)
{
	char *copy = must_alloc(b->len + 1);

	memcpy(copy, b->data, b->len);
	copy[b->len] = '\0';
	return copy;
}

static void
refuse(struct reading *r, const struct yaml *at, const char *why)
{
	fprintf(stderr, "%s:%u: %s; peers are given only what bench/peers/"
	    "peers_patterns.h says\n", r->path, at->place.line, why);
	r->failed = true;
}

static struct peers_pattern
pattern_of(const struct buf *regex)
{
	struct peers_pattern p = {.regex = keep(regex)};

	p.superset = peers_terms_only(p.regex);
	p.looks = strcmp(p.regex, p.superset) != 0;
	return p;
}

static void
add_brand(struct reading *r, const struct yaml *brand)
{
	struct peers_patterns *out = r->out;
	const struct yaml *match = yaml_get(brand, "match");
	struct slice m;

	if (match == NULL || match->kind != YAML_SCALAR ||
	    yaml_get(brand, "not") != NULL) {
		refuse(r, brand, "a brand without match, or with not");
		return;
	}
	m = match->text;
	buf_clear(&r->regex);
	buf_clear(&r->raw);
	if (m.len > 2 && m.data[0] == '/' && m.data[m.len - 1] == '/') {
		buf_put(&r->regex, m.data + 1, m.len - 2);
		buf_put(&r->raw, m.data + 1, m.len - 2);
	} else {
		peers_terms_folded(&r->regex, &r->folder, m);
		peers_terms_raw(&r->raw, &r->folder, m);
	}
	out->patterns = must_grow(out->patterns,
	    (out->brands + 1ul) * sizeof(*out->patterns));
	out->brand_ids = must_grow(out->brand_ids,
	    (out->brands + 1ul) * sizeof(*out->brand_ids));
	out->brand_raw = must_grow(out->brand_raw,
	    (out->brands + 1ul) * sizeof(*out->brand_raw));
	out->patterns[out->brands] = pattern_of(&r->regex);
	out->brand_raw[out->brands] = keep(&r->raw);
	buf_clear(&r->regex);
	buf_slice_put(&r->regex, brand->key);
	out->brand_ids[out->brands++] = keep(&r->regex);
}

/* A list of this file, by name; the same words in two files are one. */
static uint32_t
list_of(struct reading *r, const struct yaml *lists, struct slice name)
{
	const struct yaml *list = NULL;

	for (list = lists == NULL ? NULL : lists->first;
	    list != NULL && !slice_equal(list->key, name); list = list->next)
		;
	if (list == NULL || list->kind != YAML_LIST)
		return PEERS_NONE;
	buf_clear(&r->regex);
	buf_text(&r->regex, "(?:");
	for (const struct yaml *t = list->first; t != NULL; t = t->next) {
		if (t != list->first)
			buf_char(&r->regex, '|');
		peers_terms_folded(&r->regex, &r->folder, t->text);
	}
	buf_char(&r->regex, ')');
	for (uint32_t i = 0; i < r->lists_count; i++)
		if (slice_is(buf_slice(&r->regex), r->lists[i].regex))
			return i;
	r->lists = must_grow(r->lists,
	    (r->lists_count + 1ul) * sizeof(*r->lists));
	r->lists[r->lists_count] = pattern_of(&r->regex);
	return r->lists_count++;
}

/* A literal beginning of *s, which then moves on. */
static bool
eat(struct slice *s, const char *word)
{
	size_t n = strlen(word);

	if (s->len < n || memcmp(s->data, word, n) != 0)
		return false;
	s->data += n;
	s->len -= n;
	return true;
}

static bool
eat_list(struct reading *r, struct slice *s, const struct yaml *lists,
    uint32_t *index)
{
	const char *end;

	if (!eat(s, "@list("))
		return false;
	end = memchr(s->data, ')', s->len);
	if (end == NULL)
		return false;
	*index = list_of(r, lists,
	    (struct slice){s->data, (size_t)(end - s->data)});
	s->len -= (size_t)(end + 1 - s->data);
	s->data = end + 1;
	return *index != PEERS_NONE;
}

static void
put_words_between(struct reading *r, unsigned n)
{
	buf_printf(&r->regex, "(?:" PEERS_GAP "\\w+){0,%u}" PEERS_GAP, n);
}

static bool
eat_number(struct slice *s, unsigned *n)
{
	for (*n = 0; s->len > 0 && s->data[0] >= '0' && s->data[0] <= '9';
	    s->data++, s->len--)
		*n = *n * 10 + (unsigned)(s->data[0] - '0');
	return *n <= DISTANCE_MAX;
}

/* brand ONEAR/n (terms), or (terms) ONEAR/n brand: what comes first, up to n
 * words, what comes then. */
static bool
eat_order(struct reading *r, struct slice s, uint32_t brand, uint32_t *index)
{
	const char *regex = r->out->patterns[brand].regex;
	const char *close = memchr(s.data, ')', s.len);
	struct slice terms;
	unsigned n;

	buf_clear(&r->regex);
	if (close == NULL)
		return false;
	if (eat(&s, "brand ONEAR/")) {
		if (!eat_number(&s, &n) || !eat(&s, " (") ||
		    close + 1 != s.data + s.len)
			return false;
		buf_printf(&r->regex, "(?:%s)", regex);
		put_words_between(r, n);
		peers_terms_folded(&r->regex, &r->folder,
		    (struct slice){s.data, s.len - 1});
	} else {
		if (!eat(&s, "("))
			return false;
		terms = (struct slice){s.data, (size_t)(close - s.data)};
		s.len -= terms.len;
		s.data = close;
		if (!eat(&s, ") ONEAR/") || !eat_number(&s, &n) ||
		    !slice_is(s, " brand"))
			return false;
		peers_terms_folded(&r->regex, &r->folder, terms);
		put_words_between(r, n);
		buf_printf(&r->regex, "(?:%s)", regex);
	}
	r->orders = must_grow(r->orders,
	    (r->orders_count + 1ul) * sizeof(*r->orders));
	r->orders[r->orders_count] = pattern_of(&r->regex);
	*index = r->orders_count++;
	return true;
}

static void
add_rule(struct reading *r, const struct yaml *rule, const struct yaml *lists)
{
	struct peers_patterns *out = r->out;
	const struct yaml *when = yaml_get(rule, "when");
	const struct yaml *brand = yaml_get(rule, "brand");
	struct peers_rule made = {NULL, 0, PEERS_NONE, PEERS_NONE, PEERS_NONE};
	struct slice s;
	bool ok;

	made.brand = r->brands_before;
	for (; brand != NULL && made.brand < out->brands; made.brand++)
		if (slice_is(brand->text, out->brand_ids[made.brand]))
			break;
	if (when == NULL || brand == NULL || made.brand == out->brands) {
		refuse(r, rule, "a rule without brand or when");
		return;
	}
	s = when->text;
	if (eat(&s, "brand AND "))
		ok = eat_list(r, &s, lists, &made.list) &&
		    (!eat(&s, " AND NOT ") ||
			eat_list(r, &s, lists, &made.other)) &&
		    s.len == 0;
	else
		ok = eat_order(r, s, made.brand, &made.order);
	if (!ok) {
		refuse(r, when, "a query of another form");
		return;
	}
	buf_clear(&r->regex);
	buf_slice_put(&r->regex, rule->key);
	made.id = keep(&r->regex);
	out->rules = must_grow(out->rules,
	    (out->rules_count + 1ul) * sizeof(*out->rules));
	out->rules[out->rules_count++] = made;
}

static void
read_tree(struct reading *r, const struct yaml *root)
{
	const struct yaml *brands = yaml_get(root, "brands");
	const struct yaml *rules = yaml_get(root, "rules");
	const struct yaml *lists = yaml_get(root, "lists");

	r->brands_before = r->out->brands;
	for (brands = brands == NULL ? NULL : brands->first;
	    brands != NULL && !r->failed; brands = brands->next)
		add_brand(r, brands);
	for (rules = rules == NULL ? NULL : rules->first;
	    rules != NULL && !r->failed; rules = rules->next)
		add_rule(r, rules, lists);
	if (yaml_get(root, "topics") != NULL)
		refuse(r, root, "topics");
}

static void
read_file(struct reading *r, const char *path)
{
	struct arena *arena = arena_new();
	struct diag *diag = diag_new();
	FILE *file = fopen(path, "r");
	struct buf bytes = {0};
	struct yaml *root;
	size_t n;

	r->path = path;
	r->failed |= file == NULL;
	do {
		n = file == NULL ? 0 :
		    fread(buf_reserve(&bytes, 1 << 16), 1, 1 << 16, file);
		bytes.len += n;
	} while (n > 0);
	if (file != NULL)
		fclose(file);
	root = yaml_parse(arena, diag_file(diag, path, buf_slice(&bytes)),
	    buf_slice(&bytes), diag);
	if (root == NULL)
		r->failed = true;
	else
		read_tree(r, root);
	diag_print(diag, stderr, false);
	diag_free(diag);
	arena_free(arena);
	buf_fini(&bytes);
}

static int
by_brand(const void *a, const void *b)
{
	const struct peers_rule *x = a, *y = b;

	if (x->brand != y->brand)
		return x->brand < y->brand ? -1 : 1;
	return strcmp(x->id, y->id);
}

/* One array: brands, lists, orders; rules sorted and found by brand. */
static void
join(struct reading *r)
{
	struct peers_patterns *p = r->out;
	uint32_t b = 0;

	p->lists = r->lists_count;
	p->count = p->brands + r->lists_count + r->orders_count;
	p->patterns = must_grow(p->patterns,
	    (p->count + 1ul) * sizeof(*p->patterns));
	if (r->lists_count > 0)
		memcpy(p->patterns + p->brands, r->lists,
		    r->lists_count * sizeof(*r->lists));
	if (r->orders_count > 0)
		memcpy(p->patterns + p->brands + p->lists, r->orders,
		    r->orders_count * sizeof(*r->orders));
	for (uint32_t i = 0; i < p->rules_count; i++) {
		struct peers_rule *rule = &p->rules[i];

		if (rule->list != PEERS_NONE)
			rule->list += p->brands;
		if (rule->other != PEERS_NONE)
			rule->other += p->brands;
		if (rule->order != PEERS_NONE)
			rule->order += p->brands + p->lists;
	}
	if (p->rules_count > 0)
		qsort(p->rules, p->rules_count, sizeof(*p->rules), by_brand);
	p->rules_of = must_alloc((p->brands + 1ul) * sizeof(*p->rules_of));
	for (uint32_t i = 0; i <= p->rules_count; i++)
		while (b <= p->brands && (i == p->rules_count ||
			b <= p->rules[i].brand))
			p->rules_of[b++] = i;
}

struct peers_patterns *
peers_patterns_read(const char *dir)
{
	struct reading r = {.out = must_alloc(sizeof(*r.out))};
	char path[4096];
	glob_t found;

	memset(r.out, 0, sizeof(*r.out));
	snprintf(path, sizeof(path), "%s/*.yaml", dir);
	if (glob(path, 0, NULL, &found) != 0) {
		fprintf(stderr, "%s: no rule files\n", dir);
		free(r.out);
		return NULL;
	}
	text_init(&r.folder);
	for (size_t i = 0; i < found.gl_pathc && !r.failed; i++)
		read_file(&r, found.gl_pathv[i]);
	globfree(&found);
	text_fini(&r.folder);
	join(&r);
	buf_fini(&r.regex);
	buf_fini(&r.raw);
	free(r.lists);
	free(r.orders);
	if (r.failed) {
		peers_patterns_free(r.out);
		return NULL;
	}
	return r.out;
}

void
peers_patterns_free(struct peers_patterns *p)
{
	if (p == NULL)
		return;
	for (uint32_t i = 0; i < p->count; i++) {
		free(p->patterns[i].regex);
		free(p->patterns[i].superset);
	}
	for (uint32_t i = 0; i < p->brands; i++) {
		free(p->brand_ids[i]);
		free(p->brand_raw[i]);
	}
	for (uint32_t i = 0; i < p->rules_count; i++)
		free(p->rules[i].id);
	free(p->patterns);
	free(p->brand_ids);
	free(p->brand_raw);
	free(p->rules);
	free(p->rules_of);
	free(p);
}
