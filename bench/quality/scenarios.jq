# What is wrong with the alerts of a scenario, by its expected.json ($want):
# one line each, nothing when all holds.  Input: the messages, slurped.
# SPDX-License-Identifier: Apache-2.0
def events: .[] | select(.kind) | . as $a
	| ($a | {kind, subject, brand, level, previous_level, minute, because,
		coordinated, breadth}),
	  ($a.signals[]? | {kind, subject: $a.subject, brand: $a.brand, level,
		previous_level: 0, minute});
def ours($w; $e): . as $a | if $e.subject == "sector"
	then .subject == "sector"
	elif $e.brand then .brand == $e.brand
	else any($w.brands[]; . == $a.brand) end;
def within($e): .minute >= $e.earliest and .minute <= $e.latest;
$want[0] as $w | . as $all | [events] as $events
| (($w.expect[] | . as $e
	| if has("open") then
		# The last word of each episode about our brands by then.
		([$all[] | select(.kind and .minute <= $e.at and
			(.kind == "density" or .kind == "severe_post"))
		  | select(ours($w; $e))]
		 | group_by(.id) | map(max_by(.rev).level) | max // 0) as $l
		| select(if $e.open then $l < $e.level_min else $l > 0 end)
		| "\($e.what): level \($l) at \($e.at)"
	else
		select(any($events[]; ours($w; $e) and within($e) and
			.level >= $e.level_min and
			.level >= .previous_level and
			($e.kinds == null or (.kind as $k
				| any($e.kinds[]; . == $k))) and
			($e.coordinated == null or .coordinated == true or
				.kind == "coordinated") and
			($e.breadth_min == null or
				.breadth >= $e.breadth_min)) | not)
		| "not told: \($e.what), by \($e.latest)"
	end),
  ([$events[] | select(.minute >= $w.quiet.from and
	.minute < $w.quiet.until) | .level] | max // 0
	| select(. > $w.quiet.level_max) | "level \(.) in quiet times"),
  (if any($w.never[]?; . == "coordinated") and
	any($events[]; .coordinated == true or .kind == "coordinated")
	then "a crowd is taken for a campaign" else empty end))
