/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/json_peer.h"

#include <memory>
#include <simdjson.h>
#include <string>

extern "C" {
#include "engine/base/must.h"
}

namespace sj = simdjson;

struct json_peer {
	std::unique_ptr<sj::internal::dom_parser_implementation> first;
	sj::ondemand::parser parser;
	size_t bytes_max;
};

struct json_peer *
json_peer_open(size_t bytes_max)
{
	struct json_peer *peer = new json_peer;

	/* Its second stage never runs on ${first}: the least depth. */
	REQUIRE(sj::get_active_implementation()
		    ->create_dom_parser_implementation(
			bytes_max, 1, peer->first) == sj::SUCCESS);
	REQUIRE(peer->parser.allocate(bytes_max) == sj::SUCCESS);
	peer->bytes_max = bytes_max;
	return peer;
}

void
json_peer_close(struct json_peer *peer)
{
	delete peer;
}

enum json_index_result
json_peer_index(struct json_peer *peer, const char *bytes, size_t len,
    const uint32_t **at, uint32_t *count)
{
	REQUIRE(len <= peer->bytes_max);
	*at = peer->first->structural_indexes.get();
	*count = 0;
	if (len == 0)
		return JSON_INDEX_OK;
	switch (peer->first->stage1(reinterpret_cast<const uint8_t *>(bytes),
	    len, sj::stage1_mode::regular)) {
	case sj::SUCCESS:
		*count = peer->first->n_structural_indexes;
		return JSON_INDEX_OK;
	case sj::EMPTY: /* nothing but blanks */
		return JSON_INDEX_OK;
	case sj::UTF8_ERROR:
		return JSON_INDEX_BAD_UTF8;
	case sj::UNCLOSED_STRING:
		return JSON_INDEX_UNCLOSED;
	case sj::UNESCAPED_CHARS:
		return JSON_INDEX_CONTROL;
	default:
		UNREACHABLE("simdjson stage 1");
	}
}

/* A string of the post, unescaped, as the peer of a slice. */
#define TAKE(value, sum)                                                      \
	do {                                                                  \
		std::string_view text_;                                       \
		if (auto e_ = (value).get_string().get(text_))                \
			return e_;                                            \
		(sum)->bytes += text_.size();                                 \
	} while (0)

static sj::error_code
read_lean(sj::ondemand::document_reference doc, struct json_peer_sum *sum)
{
	sj::ondemand::object commit, record;
	sj::ondemand::array langs;
	uint64_t followers;

	/* In the order in which they stand. */
	TAKE(doc["did"], sum);
	if (auto e = doc["commit"].get_object().get(commit))
		return e;
	TAKE(commit["rkey"], sum);
	if (auto e = commit["record"].get_object().get(record))
		return e;
	TAKE(record["createdAt"], sum);
	if (auto e = record["langs"].get_array().get(langs))
		return e;
	for (auto lang : langs) {
		TAKE(lang, sum);
		break;
	}
	TAKE(record["text"], sum);
	if (auto e = doc["followers"].get_uint64().get(followers))
		return e;
	sum->followers += followers;
	return sj::SUCCESS;
}

static sj::error_code
read_fat(sj::ondemand::document_reference doc, struct json_peer_sum *sum)
{
	sj::ondemand::object user;
	uint64_t followers;

	TAKE(doc["created_at"], sum);
	TAKE(doc["id_str"], sum);
	TAKE(doc["text"], sum);
	if (auto e = doc["user"].get_object().get(user))
		return e;
	TAKE(user["id_str"], sum);
	if (auto e = user["followers_count"].get_uint64().get(followers))
		return e;
	sum->followers += followers;
	TAKE(doc["lang"], sum);
	return sj::SUCCESS;
}

static int
read_all(struct json_peer *peer, const char *bytes, size_t len,
    struct json_peer_sum *sum,
    sj::error_code (*read)(
	sj::ondemand::document_reference, struct json_peer_sum *))
{
	sj::ondemand::document_stream stream;

	if (auto e = peer->parser
			 .iterate_many(bytes, len, peer->bytes_max)
			 .get(stream))
		return e;
	for (auto doc : stream) {
		sj::ondemand::document_reference one;

		if (auto e = std::move(doc).get(one))
			return e;
		if (auto e = read(one, sum))
			return e;
		sum->posts++;
	}
	return 0;
}

int
json_peer_lean(struct json_peer *peer, const char *bytes, size_t len,
    struct json_peer_sum *sum)
{
	return read_all(peer, bytes, len, sum, read_lean);
}

int
json_peer_fat(struct json_peer *peer, const char *bytes, size_t len,
    struct json_peer_sum *sum)
{
	return read_all(peer, bytes, len, sum, read_fat);
}

const char *
json_peer_version(void)
{
	static const std::string text = SIMDJSON_STRINGIFY(
		SIMDJSON_VERSION) + std::string(" ") +
	    sj::get_active_implementation()->name();

	return text.c_str();
}
