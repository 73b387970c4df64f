# A line chart as SVG.  Rows: label, x, y, with tabs between.
# usage: awk -F '\t' -v title=T -v xname=X -v yname=Y [-v xlog=1] [-v ylog=1] \
#	-f plot.awk rows.tsv
# SPDX-License-Identifier: Apache-2.0
function scale(v, low, high, from, to, is_log)
{
	if (is_log)
		return from + (log(v) - log(low)) / (log(high) - log(low)) * \
			(to - from)
	return from + (v - low) / (high - low) * (to - from)
}

function px(v)
{
	return scale(v, xlow, xhigh, left, right, xlog)
}

function py(v)
{
	return scale(v, ylow, yhigh, bottom, top, ylog)
}

# 12000 as 12,000, 0.5 as it is
function said(v,	s, out)
{
	if (v < 1000)
		return v + 0 ""
	for (s = sprintf("%d", v); length(s) > 3; s = substr(s, 1, length(s) - 3))
		out = "," substr(s, length(s) - 2) out
	return s out
}

# 1, 2 or 5 by a power of ten, some five of them up to v
function step_of(v,	p)
{
	for (p = 1; p * 10 <= v / 5; p *= 10)
		;
	return v / 5 <= p ? p : v / 5 <= 2 * p ? 2 * p : \
		v / 5 <= 5 * p ? 5 * p : 10 * p
}

function text(x, y, anchor, class, s)
{
	gsub(/&/, "\\&amp;", s)
	printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">" \
		"%s</text>\n", x, y, anchor, class, s
}

function line(x1, y1, x2, y2, class)
{
	printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" " \
		"class=\"%s\"/>\n", x1, y1, x2, y2, class
}

function frame(	v, step)
{
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 " \
		"400\" role=\"img\" aria-label=\"%s\">\n<style>" \
		"text{font:13px sans-serif;fill:#444}" \
		".title{font-size:16px;fill:#111}" \
		".grid{stroke:#e3e3e3}.axis{stroke:#888}" \
		".curve{fill:none;stroke-width:2}" \
		"</style>\n<rect width=\"720\" height=\"400\" " \
		"fill=\"#fff\"/>\n", title
	text(left, 26, "start", "title", title)
	text((left + right) / 2, 388, "middle", "name", xname)
	text(left - 64, 48, "start", "name", yname)
	if (ylog)
		for (v = ylow; v <= yhigh * 1.01; v *= 10) {
			line(left, py(v), right, py(v), "grid")
			text(left - 8, py(v) + 4, "end", "tick", said(v))
		}
	else {
		step = step_of(yhigh)
		for (v = 0; v <= yhigh; v += step) {
			line(left, py(v), right, py(v), "grid")
			text(left - 8, py(v) + 4, "end", "tick", said(v))
		}
	}
	for (i = 1; i <= ticks; i++) {
		line(px(tick[i]), bottom, px(tick[i]), bottom + 5, "axis")
		text(px(tick[i]), bottom + 20, "middle", "tick", said(tick[i]))
	}
	line(left, bottom, right, bottom, "axis")
}

# Names at the ends of the curves, pushed apart where they would touch.
function names(	i, k, best, y, last)
{
	last = -100
	for (i = 1; i <= curves; i++) {
		best = 0
		for (k = 1; k <= curves; k++)
			if (!(k in placed) && (!best || \
			    py(end[k]) < py(end[best])))
				best = k
		placed[best] = 1
		y = py(end[best])
		if (y < last + 17)
			y = last + 17
		last = y
		printf "<g style=\"fill:%s\">", colour[best]
		printf "<text x=\"%.1f\" y=\"%.1f\" style=\"fill:%s\">%s" \
			"</text></g>\n", right + 10, y + 4, colour[best], \
			label[best]
	}
}

BEGIN {
	left = 84; right = 560; top = 62; bottom = 345
	split("#1b6ca8 #c8553d #3a7d44 #7b4b94 #b8860b", colour, " ")
	xlow = ylow = 1e30
	xhigh = yhigh = 0
}

{
	if (!($1 in number)) {
		number[$1] = ++curves
		label[curves] = $1
	}
	c = number[$1]
	n[c]++
	xs[c, n[c]] = $2
	ys[c, n[c]] = $3
	end[c] = $3
	if (!($2 in seen)) {
		seen[$2] = 1
		tick[++ticks] = $2
	}
	if ($2 < xlow) xlow = $2
	if ($2 > xhigh) xhigh = $2
	if ($3 < ylow) ylow = $3
	if ($3 > yhigh) yhigh = $3
}

END {
	if (ylog) {
		for (p = 1; p * 10 <= ylow; p *= 10)
			;
		ylow = p
		for (p = 1; p < yhigh; p *= 10)
			;
		yhigh = p
	} else {
		ylow = 0
		yhigh *= 1.1
	}
	if (!xlog)
		xlow = 0
	frame()
	for (c = 1; c <= curves; c++) {
		printf "<polyline class=\"curve\" style=\"stroke:%s\" points=\"",
			colour[c]
		for (i = 1; i <= n[c]; i++)
			printf "%.1f,%.1f ", px(xs[c, i]), py(ys[c, i])
		printf "\"/>\n"
		for (i = 1; i <= n[c]; i++)
			printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" " \
				"style=\"fill:%s\"><title>%s: %s</title>" \
				"</circle>\n", px(xs[c, i]), py(ys[c, i]), \
				colour[c], said(xs[c, i]), said(ys[c, i]) " ns"
	}
	names()
	print "</svg>"
}
