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

/* Out of the function with the error that ${call} gave, if any. */
#define TRY(call)                                                             \
	do {                                                                  \
		if (auto e_ = (call))                                         \
			return e_;                                            \
	} while (0)

/* A string of the post, unescaped, as the peer of a slice. */
#define TAKE(value, sum)                                                      \
	do {                                                                  \
		std::string_view text_;                                       \
		TRY((value).get_string().get(text_));                         \
		(sum)->bytes += text_.size();                                 \
	} while (0)

/* A number. */
#define COUNT(value, sum)                                                     \
	do {                                                                  \
		uint64_t count_;                                              \
		TRY((value).get_uint64().get(count_));                        \
		(sum)->followers += count_;                                   \
	} while (0)

static sj::error_code
read_lean(sj::ondemand::document_reference doc, struct json_peer_sum *sum)
{
	sj::ondemand::object commit, record;
	sj::ondemand::array langs;

	/* In the order in which they stand. */
	TAKE(doc["did"], sum);
	TRY(doc["commit"].get_object().get(commit));
	TAKE(commit["rkey"], sum);
	TRY(commit["record"].get_object().get(record));
	TAKE(record["createdAt"], sum);
	TRY(record["langs"].get_array().get(langs));
	for (auto lang : langs) {
		TAKE(lang, sum);
		break;
	}
	TAKE(record["text"], sum);
	COUNT(doc["followers"], sum);
	return sj::SUCCESS;
}

static sj::error_code
read_fat(sj::ondemand::document_reference doc, struct json_peer_sum *sum)
{
	sj::ondemand::object user;

	TAKE(doc["created_at"], sum);
	TAKE(doc["id_str"], sum);
	TAKE(doc["text"], sum);
	TRY(doc["user"].get_object().get(user));
	TAKE(user["id_str"], sum);
	COUNT(user["followers_count"], sum);
	TAKE(doc["lang"], sum);
	return sj::SUCCESS;
}

/* A string that may be null. */
static sj::error_code
take_or_null(sj::simdjson_result<sj::ondemand::value> found,
    struct json_peer_sum *sum)
{
	sj::ondemand::value value;
	bool null;

	TRY(found.get(value));
	TRY(value.is_null().get(null));
	if (!null)
		TAKE(value, sum);
	return sj::SUCCESS;
}

static sj::error_code
read_lean_all(sj::ondemand::document_reference doc, struct json_peer_sum *sum)
{
	sj::ondemand::object commit, record;
	sj::ondemand::array langs;

	TAKE(doc["did"], sum);
	COUNT(doc["time_us"], sum);
	TAKE(doc["kind"], sum);
	TRY(doc["commit"].get_object().get(commit));
	TAKE(commit["operation"], sum);
	TAKE(commit["collection"], sum);
	TAKE(commit["rkey"], sum);
	TRY(commit["record"].get_object().get(record));
	TAKE(record["createdAt"], sum);
	TRY(record["langs"].get_array().get(langs));
	for (auto lang : langs)
		TAKE(lang, sum);
	TAKE(record["text"], sum);
	COUNT(doc["followers"], sum);
	return sj::SUCCESS;
}

static sj::error_code
read_user(sj::ondemand::object user, struct json_peer_sum *sum)
{
	bool verified;

	TAKE(user["id_str"], sum);
	TAKE(user["name"], sum);
	TAKE(user["screen_name"], sum);
	TRY(user["verified"].get_bool().get(verified));
	sum->bytes += verified;
	COUNT(user["followers_count"], sum);
	COUNT(user["friends_count"], sum);
	COUNT(user["listed_count"], sum);
	COUNT(user["statuses_count"], sum);
	return sj::SUCCESS;
}

static sj::error_code
read_names(sj::ondemand::object entities, const char *list, const char *first,
    const char *second, struct json_peer_sum *sum)
{
	sj::ondemand::array items;

	TRY(entities[list].get_array().get(items));
	for (auto item : items) {
		sj::ondemand::object object;

		TRY(item.get_object().get(object));
		TAKE(object[first], sum);
		if (second != nullptr)
			TAKE(object[second], sum);
	}
	return sj::SUCCESS;
}

static sj::error_code
read_fat_all(sj::ondemand::document_reference doc, struct json_peer_sum *sum)
{
	sj::ondemand::object user, entities;

	TAKE(doc["created_at"], sum);
	TAKE(doc["id_str"], sum);
	TAKE(doc["text"], sum);
	TRY(take_or_null(doc["in_reply_to_status_id_str"], sum));
	TRY(take_or_null(doc["in_reply_to_screen_name"], sum));
	TRY(doc["user"].get_object().get(user));
	TRY(read_user(user, sum));
	COUNT(doc["reply_count"], sum);
	COUNT(doc["retweet_count"], sum);
	COUNT(doc["favorite_count"], sum);
	TRY(doc["entities"].get_object().get(entities));
	TRY(read_names(entities, "hashtags", "text", nullptr, sum));
	TRY(read_names(entities, "urls", "url", "expanded_url", sum));
	TRY(read_names(entities, "user_mentions", "screen_name", nullptr, sum));
	TAKE(doc["lang"], sum);
	TAKE(doc["timestamp_ms"], sum);
	return sj::SUCCESS;
}

int
json_peer_read(struct json_peer *peer, enum json_peer_fields fields,
    const char *bytes, size_t len, struct json_peer_sum *sum)
{
	static sj::error_code (*const readers[])(
	    sj::ondemand::document_reference, struct json_peer_sum *) = {
	    read_lean, read_fat, read_lean_all, read_fat_all};
	sj::ondemand::document_stream stream;

	TRY(peer->parser.iterate_many(bytes, len, peer->bytes_max)
		.get(stream));
	for (auto doc : stream) {
		sj::ondemand::document_reference one;

		TRY(std::move(doc).get(one));
		TRY(readers[fields](one, sum));
		sum->posts++;
	}
	return 0;
}

const char *
json_peer_version(void)
{
	static const std::string text = SIMDJSON_STRINGIFY(
		SIMDJSON_VERSION) + std::string(" ") +
	    sj::get_active_implementation()->name();

	return text.c_str();
}
