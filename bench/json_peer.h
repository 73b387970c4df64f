/*
 * simdjson behind a C face: the oracle of the index in tests, and the peer of
 * the decoders in benches.  vigie itself does not use it.
 *
 * Thread: one at a time.  Owns: its parser.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_JSON_PEER_H
#define BENCH_JSON_PEER_H

#include <stddef.h>
#include <stdint.h>

#include "connectors/json_index.h"

#ifdef __cplusplus
extern "C" {
#endif

struct json_peer;

/** json_peer_open(bytes_max): runs of up to ${bytes_max} bytes. */
struct json_peer *json_peer_open(size_t bytes_max);
void json_peer_close(struct json_peer *peer);

/** json_peer_index(peer, bytes, len, &at, &count): its first stage, as
 * json_index_run but without line feeds and kinds. */
enum json_index_result json_peer_index(struct json_peer *peer,
    const char *bytes, size_t len, const uint32_t **at, uint32_t *count);

/* What the two loops below have read, so that nothing is read for nothing. */
struct json_peer_sum {
	uint64_t posts, bytes, followers;
};

enum json_peer_fields {
	JSON_PEER_LEAN, /* id, author, time, language, text, followers */
	JSON_PEER_FAT,  /* the same of X v1.1 */
	JSON_PEER_LEAN_ALL, /* what the decoder of Jetstream reads of lean */
	JSON_PEER_FAT_ALL,  /* what the decoder of X v1.1 reads of fat */
};

/**
 * json_peer_read(peer, fields, bytes, len, &sum): the stream of documents of
 * simdjson over ${len} bytes of lines, SIMDJSON_PADDING readable bytes behind
 * them.  Returns 0, or the library's number of the error.
 */
int json_peer_read(struct json_peer *peer, enum json_peer_fields fields,
    const char *bytes, size_t len, struct json_peer_sum *sum);

/** json_peer_version(): of the library and its path, "3.0.1 icelake". */
const char *json_peer_version(void);

#ifdef __cplusplus
}
#endif

#endif
