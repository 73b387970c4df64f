/*
 * The topics and signals that an alert is about, to choose a playbook by.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "engine/base/must.h"
#include "engine/finding.h"

#define TOPICS_KEPT 12u

/* ${topic} too, unless it is there or there are enough; returns the new
 * count. */
static uint32_t
add_topic(const char **topics, uint32_t count, const char *topic)
{
	for (uint32_t i = 0; i < count; i++)
		if (!strcmp(topics[i], topic))
			return count;
	if (count == TOPICS_KEPT)
		return count;
	topics[count] = topic;
	return count + 1;
}

/* Read from what the state keeps of them, so that a restart changes nothing;
 * quotes inside of texts are escaped. */
static uint32_t
covered(const struct key_news *news)
{
	uint32_t kinds = 0;

	for (unsigned k = 0; news != NULL && k <= ALERT_SILENCE; k++) {
		char head[40];
		int n = snprintf(head, sizeof(head), "{\"kind\":\"%s\",",
		    alert_kind_name((enum alert_kind)k));

		if (memmem(news->json.data, news->json.len, head,
			(size_t)n) != NULL)
			kinds |= 1u << k;
	}
	return kinds;
}

void
alert_topics(struct alert *a, const struct finding *f)
{
	const char *found[TOPICS_KEPT];
	uint32_t order[CAUSES_MAX] = {0}, causes = 0, count = 0;
	size_t bytes = 0;
	char *text;

	a->signal_kinds = covered(f->news);
	if (f->topic != NULL)
		found[count++] = f->topic;
	if (f->causes != NULL)
		causes = causes_ranked(f->causes, order);
	for (uint32_t i = 0; i < causes; i++) {
		const char *name = f->causes->items[order[i]].name;

		if (!strncmp(name, "topic:", 6))
			count = add_topic(found, count, name + 6);
	}
	for (uint32_t i = 0; f->subject == ALERT_BRAND && i < f->parts_count;
	     i++)
		if (f->parts[i].id != NULL)
			count = add_topic(found, count, f->parts[i].id);
	if (count == 0)
		return;
	for (uint32_t i = 0; i < count; i++)
		bytes += strlen(found[i]) + 1;
	a->topics = must_alloc(count * sizeof(*a->topics) + bytes);
	text = (char *)(a->topics + count);
	for (uint32_t i = 0; i < count; i++) {
		size_t n = strlen(found[i]) + 1;

		a->topics[i] = memcpy(text, found[i], n);
		text += n;
	}
	a->topics_count = count;
}
