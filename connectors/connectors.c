/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/connectors.h"

#include <string.h>

static const struct source_type *const source_types[] = {
#define SOURCE(name) &source_##name##_type,
#define SINK(name)
#include "connectors/connectors.def"
#undef SOURCE
#undef SINK
    NULL,
};

static const struct sink_type *const sink_types[] = {
#define SOURCE(name)
#define SINK(name) &sink_##name##_type,
#include "connectors/connectors.def"
#undef SOURCE
#undef SINK
    NULL,
};

const struct source_type *
connectors_source_at(size_t i)
{
	return i < sizeof(source_types) / sizeof(*source_types)
	    ? source_types[i]
	    : NULL;
}

const struct sink_type *
connectors_sink_at(size_t i)
{
	return i < sizeof(sink_types) / sizeof(*sink_types) ? sink_types[i]
	                                                    : NULL;
}

const struct source_type *
connectors_source(const char *name)
{
	for (size_t i = 0; source_types[i] != NULL; i++)
		if (!strcmp(source_types[i]->name, name))
			return source_types[i];
	return NULL;
}

const struct sink_type *
connectors_sink(const char *name)
{
	for (size_t i = 0; sink_types[i] != NULL; i++)
		if (!strcmp(sink_types[i]->name, name))
			return sink_types[i];
	return NULL;
}
