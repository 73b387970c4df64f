/*
 * The table of sources and sinks, made from connectors.def.
 *
 * To add one: one .c that defines source_x_type or sink_x_type, one line in
 * connectors.def, one test.
 * Thread: any; all of it is constant.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_CONNECTORS_H
#define CONNECTORS_CONNECTORS_H

#include "engine/sink.h"
#include "engine/source.h"

#define SOURCE(name) extern const struct source_type source_##name##_type;
#define SINK(name) extern const struct sink_type sink_##name##_type;
#include "connectors/connectors.def"
#undef SOURCE
#undef SINK

/** connectors_source_at(i), connectors_sink_at(i): the ${i}-th, or NULL. */
const struct source_type *connectors_source_at(size_t i);
const struct sink_type *connectors_sink_at(size_t i);

/** connectors_source(name), connectors_sink(name): by name, or NULL. */
const struct source_type *connectors_source(const char *name);
const struct sink_type *connectors_sink(const char *name);

#endif
