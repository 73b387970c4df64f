/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/json_index.h"

#include <memory>
#include <new>
#include <simdjson.h>

extern "C" {
#include "engine/base/must.h"
}

struct json_index {
	std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
	size_t bytes_max;
	uint32_t count;
};

/* Lines are judged by our own walker, so the depth of simdjson's second
 * stage, which never runs, is as small as it may be. */
static const size_t DEPTH = 1;

struct json_index *
json_index_open(size_t bytes_max)
{
	struct json_index *index = new (std::nothrow) json_index;

	REQUIRE(index != nullptr);
	REQUIRE(bytes_max > 0 && bytes_max <= simdjson::SIMDJSON_MAXSIZE_BYTES);
	REQUIRE(simdjson::get_active_implementation()
		    ->create_dom_parser_implementation(
			bytes_max, DEPTH, index->parser) == simdjson::SUCCESS);
	index->bytes_max = bytes_max;
	index->count = 0;
	return index;
}

void
json_index_close(struct json_index *index)
{
	delete index;
}

/* The parser has room for bytes_max places, rounded up to 64, and nine more
 * (three of them are its own sentinels). */
static void
put_sentinels(struct json_index *index, size_t len)
{
	for (uint32_t i = 0; i < JSON_INDEX_SENTINELS; i++)
		index->parser->structural_indexes[index->count + i] =
		    static_cast<uint32_t>(len);
}

enum json_index_result
json_index_run(struct json_index *index, const char *bytes, size_t len)
{
	simdjson::error_code error;

	REQUIRE(len <= index->bytes_max);
	index->count = 0;
	put_sentinels(index, len);
	if (len == 0)
		return JSON_INDEX_OK;
	error = index->parser->stage1(reinterpret_cast<const uint8_t *>(bytes),
	    len, simdjson::stage1_mode::regular);
	switch (error) {
	case simdjson::SUCCESS:
		index->count = index->parser->n_structural_indexes;
		break;
	case simdjson::EMPTY: /* nothing but blanks */
		break;
	case simdjson::UTF8_ERROR:
		return JSON_INDEX_BAD_UTF8;
	case simdjson::UNCLOSED_STRING:
		return JSON_INDEX_UNCLOSED;
	case simdjson::UNESCAPED_CHARS:
		return JSON_INDEX_CONTROL;
	default:
		UNREACHABLE("simdjson stage 1");
	}
	put_sentinels(index, len);
	return JSON_INDEX_OK;
}

const uint32_t *
json_index_places(const struct json_index *index, uint32_t *count)
{
	*count = index->count;
	return index->parser->structural_indexes.get();
}

const char *
json_index_path(void)
{
	return simdjson::get_active_implementation()->name().c_str();
}
