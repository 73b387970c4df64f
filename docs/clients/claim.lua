-- Claim an alert: at once, whether the engine runs or not, and exactly one
-- wins.  Who loses is told who has it; who wins has the claim on its way to
-- the engine, whose answer has the same id in vigie:answers.
--
--	redis-cli --eval claim.lua vigie:owners vigie:commands , ALERT TEAM BY
--
-- Returns {1, TEAM, id of the command} or {0, the team that has it, ""}.
-- SPDX-License-Identifier: Apache-2.0
local alert, team, by = ARGV[1], ARGV[2], ARGV[3]
local owner = redis.call('HGET', KEYS[1], alert)
if owner and owner ~= team then
	return {0, owner, ''}
end
redis.call('HSET', KEYS[1], alert, team)
local id = redis.call('XADD', KEYS[2], '*', 'command', cjson.encode({
	['do'] = 'claim', alert = alert, team = team, by = by}))
return {1, team, id}
