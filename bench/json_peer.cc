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

/* A number, and a string that may be null. */
#define COUNT(value, sum)                                                     \
	do {                                                                  \
		uint64_t count_;                                              \
		if (auto e_ = (value).get_uint64().get(count_))               \
			return e_;                                            \
		(sum)->followers += count_;                                   \
	} while (0)

static sj::error_code
take_or_null(sj::simdjson_result<sj::ondemand::value> found,
    struct json_peer_sum *sum)
{
	sj::ondemand::value value;
	bool null;

	if (auto e = found.get(value))
		return e;
	if (auto e = value.is_null().get(null))
		return e;
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
	if (auto e = doc["commit"].get_object().get(commit))
		return e;
	TAKE(commit["operation"], sum);
	TAKE(commit["collection"], sum);
	TAKE(commit["rkey"], sum);
	if (auto e = commit["record"].get_object().get(record))
		return e;
	TAKE(record["createdAt"], sum);
	if (auto e = record["langs"].get_array().get(langs))
		return e;
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
	if (auto e = user["verified"].get_bool().get(verified))
		return e;
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

	if (auto e = entities[list].get_array().get(items))
		return e;
	for (auto item : items) {
		sj::ondemand::object object;

		if (auto e = item.get_object().get(object))
			return e;
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
	if (auto e = take_or_null(doc["in_reply_to_status_id_str"], sum))
		return e;
	if (auto e = take_or_null(doc["in_reply_to_screen_name"], sum))
		return e;
	if (auto e = doc["user"].get_object().get(user))
		return e;
	if (auto e = read_user(user, sum))
		return e;
	COUNT(doc["reply_count"], sum);
	COUNT(doc["retweet_count"], sum);
	COUNT(doc["favorite_count"], sum);
	if (auto e = doc["entities"].get_object().get(entities))
		return e;
	if (auto e = read_names(entities, "hashtags", "text", nullptr, sum))
		return e;
	if (auto e = read_names(entities, "urls", "url", "expanded_url", sum))
		return e;
	if (auto e = read_names(
		entities, "user_mentions", "screen_name", nullptr, sum))
		return e;
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

	if (auto e = peer->parser
			 .iterate_many(bytes, len, peer->bytes_max)
			 .get(stream))
		return e;
	for (auto doc : stream) {
		sj::ondemand::document_reference one;

		if (auto e = std::move(doc).get(one))
			return e;
		if (auto e = readers[fields](one, sum))
			return e;
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
