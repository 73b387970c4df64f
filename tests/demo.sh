#!/bin/sh
# The Nestlé case of 2010, ten days in a few seconds: generated, replayed in
# its own time, shown on the terminal.  In French where the locale is French.
# usage: sh tests/demo.sh VIGIE GEN_NESTLE
# SPDX-License-Identifier: Apache-2.0
set -u
vigie=$1
gen=$2
cd "$(dirname "$0")/.." || exit 2
# make sets LC_ALL=C for its tools; the person's language is in LANG then.
case ${LC_ALL:-} in '' | C | POSIX) locale=${LC_MESSAGES:-${LANG:-}} ;;
*) locale=$LC_ALL ;;
esac
case $locale in
fr*)
	lang=fr
	cat <<-'END'

	Nestlé, mars 2010 : Greenpeace accuse KitKat le mercredi 17, la vidéo est
	retirée, la page Facebook s'enflamme le 19. Qui veille l'aurait su quand ?

	END
	;;
*)
	lang=en
	cat <<-'END'

	Nestlé, March 2010: Greenpeace accuses KitKat on Wednesday 17, the video
	is taken down, the page boils over on the 19th. When would a lookout know?

	END
	;;
esac
"$gen" --seed 1 | "$vigie" replay --rules rules/packs --view terminal \
	--lang "$lang" -
