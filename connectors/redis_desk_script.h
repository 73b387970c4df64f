/*
 * The script by which the desk writes: items in order, all or none of each,
 * until one is refused.  KEYS: none (one server).  ARGV: the name of the desk,
 * the length of streams, then six texts an item: what, id, json, alert, owner,
 * rest.  Returns {items that are safe, "" or what went wrong}.
 *
 *	entry   id, json; alert ~= "": owner of it, "" for nobody
 *	notice  likewise; rest: channels, a newline between them
 *	answer  id of the command, json; rest: a team whose claim was refused:
 *		when the hash has it, the owner goes there instead
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_DESK_SCRIPT_H
#define CONNECTORS_REDIS_DESK_SCRIPT_H

#define REDIS_DESK_FIELDS 6
#define REDIS_DESK_SCRIPT                                                      \
	"local name, len, done = ARGV[1], ARGV[2], 0\n"                        \
	"local function own(alert, owner)\n"                                   \
	"  if owner == '' then redis.pcall('HDEL', name..':owners', alert)\n"  \
	"  else redis.pcall('HSET', name..':owners', alert, owner) end\n"      \
	"end\n"                                                                \
	"local function add(key, id, ...)\n"                                   \
	"  local r = redis.pcall('XADD', key, 'MAXLEN', '~', len, id, ...)\n"  \
	"  if type(r) ~= 'table' or not r.err then return true end\n"          \
	"  if string.find(r.err, 'equal or smaller', 1, true) then\n"          \
	"    return false\n"                                                   \
	"  end\n"                                                              \
	"  return nil, r.err\n"                                                \
	"end\n"                                                                \
	"for i = 3, #ARGV, 6 do\n"                                             \
	"  local what, id, json = ARGV[i], ARGV[i+1], ARGV[i+2]\n"             \
	"  local alert, owner, rest = ARGV[i+3], ARGV[i+4], ARGV[i+5]\n"       \
	"  local new, err\n"                                                   \
	"  if what == 'answer' then\n"                                         \
	"    new, err = add(name..':answers', id, 'command', id,\n"            \
	"      'answer', json)\n"                                              \
	"    if new and rest ~= '' and alert ~= '' and\n"                      \
	"        redis.call('HGET', name..':owners', alert) == rest then\n"    \
	"      own(alert, owner)\n"                                            \
	"    end\n"                                                            \
	"    if new then\n"                                                    \
	"      redis.pcall('PUBLISH', name..':answers', json)\n"               \
	"    end\n"                                                            \
	"  else\n"                                                             \
	"    new, err = add(name..':journal', id, 'entry', json)\n"            \
	"    if new and alert ~= '' then own(alert, owner) end\n"              \
	"    if new and what == 'notice' then\n"                               \
	"      for channel in string.gmatch(rest, '[^\\n]+') do\n"             \
	"        local key = name..':notices:'..channel\n"                     \
	"        redis.pcall('XADD', key, 'MAXLEN', '~', len, '*',\n"          \
	"          'notice', json)\n"                                          \
	"        redis.pcall('PUBLISH', key, json)\n"                          \
	"      end\n"                                                          \
	"    end\n"                                                            \
	"  end\n"                                                              \
	"  if err then return {done, err} end\n"                               \
	"  done = done + 1\n"                                                  \
	"end\n"                                                                \
	"return {done, ''}\n"

#endif
