# Vigie: the only Makefile.  `make help` lists the targets.
# SPDX-License-Identifier: Apache-2.0

# ---- what people may set ------------------------------------------------
CC ?= cc
CXX ?= c++
PREFIX ?= /usr/local
FLAVOUR ?= release
V ?= 0
JOBS ?= $(shell nproc)

export LC_ALL := C
MAKEFLAGS += --no-builtin-rules

VERSION := $(shell git describe --always --dirty 2>/dev/null || cat VERSION)

# ---- flavours -----------------------------------------------------------
B := build/$(FLAVOUR)
OPT_release := -O3 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
OPT_debug := -O0 -g3 -DVIGIE_DEBUG
OPT_asan := -O1 -g -DVIGIE_DEBUG -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all
OPT_tsan := -O1 -g -DVIGIE_DEBUG -fno-omit-frame-pointer -fsanitize=thread
OPT_cov := -O0 -g --coverage -DVIGIE_DEBUG
OPT_fuzz := -O1 -g -DVIGIE_DEBUG -DVIGIE_FUZZ -fno-omit-frame-pointer \
	-fsanitize=address,undefined,fuzzer-no-link
ifeq ($(OPT_$(FLAVOUR)),)
$(error unknown FLAVOUR '$(FLAVOUR)': release debug asan tsan cov fuzz)
endif
ifeq ($(FLAVOUR),fuzz)
CC := clang-14
CXX := clang++-14
endif

# ---- libraries ----------------------------------------------------------
PKGS := libuv hiredis libpcre2-8 yaml-0.1 libxxhash libzstd zlib nettle
ifeq ($(FLAVOUR),release)
PKGS += jemalloc
endif
PKG_CONFIG ?= pkg-config
NO_PKGS := clean help deps deps-dev demo test asan tsan fuzz bench tidy lint \
	bench-gate bench-gate-set bench-peers bench-plots bench-ratios \
	deps-peers
ifneq ($(filter-out $(NO_PKGS),$(or $(MAKECMDGOALS),all)),)
MISSING := $(foreach p,$(PKGS),\
	$(if $(shell $(PKG_CONFIG) --exists $(p) && echo y),,$(p)))
ifneq ($(strip $(MISSING)),)
$(error missing libraries: $(MISSING) -- run: make deps)
endif
endif
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)

WARN := -Wall -Wextra -Wshadow -Wconversion -Wvla -Wcast-qual \
	-Wwrite-strings -Wformat=2 -Wundef -Wimplicit-fallthrough -Werror
WARN_C := -Wstrict-prototypes -Wmissing-prototypes
COMMON := -I. $(PKG_CFLAGS) -D_GNU_SOURCE -DPCRE2_CODE_UNIT_WIDTH=8 \
	-DVIGIE_FLAVOUR='"$(FLAVOUR)"' \
	-ffp-contract=off -fno-math-errno -pthread \
	-ffile-prefix-map=$(CURDIR)=. $(OPT_$(FLAVOUR)) $(WARN)
ALL_CFLAGS = -std=c11 $(COMMON) $(WARN_C) $(VERSION_FLAG) $(CPPFLAGS) \
	$(CFLAGS)
ALL_CXXFLAGS = -std=c++17 $(COMMON) -fno-exceptions -fno-rtti $(CPPFLAGS) \
	$(CXXFLAGS)
# Each shared library is found, mapped and bound at each start, some 80 us; the
# release has what Debian keeps as archives too within itself (decision 115).
# SHARED=1: out of the system's, whose updates then need no build.
SHARED ?=
ifeq ($(FLAVOUR)$(SHARED),release)
ARCHIVE_uv := libuv_a.a
ARCHIVE_jemalloc := libjemalloc_pic.a
archive = $(wildcard $(shell $(CC) -print-file-name=$(or \
	$(ARCHIVE_$(1:-l%=%)),$(1:-l%=lib%.a))))
PKG_LIBS := $(foreach l,$(PKG_LIBS),$(or $(if $(filter -l%,$(l)),\
	$(if $(filter-out -lpthread -ldl -lrt -lm,$(l)),$(call \
	archive,$(l)))),$(l)))
LINK := -static-libgcc
endif
ALL_LIBS = $(LDFLAGS) $(PKG_LIBS) -lpthread -lm

# ---- sources ------------------------------------------------------------
LIB_C := $(sort $(filter-out engine/main.c,$(wildcard engine/*.c engine/*/*.c \
	rules/*.c connectors/*.c)))
LIB_S := $(sort $(wildcard web/*.S))
LIB_OBJ := $(LIB_C:%.c=$B/%.o) $(LIB_S:%.S=$B/%.o)
TEST_C := $(sort $(shell find tests/unit tests/sim tests/fuzz \
	-name 'test_*.c' 2>/dev/null))
TEST_BIN := $(TEST_C:%.c=$B/%)
TOOL_C := $(sort $(wildcard bench/gen_*.c bench/time_*.c))
TOOL_BIN := $(TOOL_C:%.c=$B/%) $B/bench/gen
GEN_O := $(patsubst %.c,$B/%.o,$(sort $(wildcard bench/generator/*.c)))
NESTLE_O := $(patsubst %.c,$B/%.o,$(sort $(wildcard bench/nestle_*.c)))
BENCH_C := $(sort $(wildcard bench/bench_*.c))

Q_0 := @
Q := $(Q_$(V))
say_0 = @echo "  $(1)	$(2)";
say_1 =
say = $(say_$(V))

.DEFAULT_GOAL := all

##@ Build
.PHONY: all
all: build/vigie ## the release binary, build/vigie
ifeq ($(FLAVOUR),release)
	@echo "built build/vigie. Next: make demo, make test, make help"
endif

ifeq ($(FLAVOUR),release)
build/vigie: $B/vigie
	$(Q)cp $< $@.tmp && mv $@.tmp $@
else
.PHONY: build/vigie
build/vigie: $B/vigie
endif

# What runs for each post is linked first, side by side: scattered over the
# binary, its lines drive each other out of the instruction cache.  Then what
# runs for those that match.
NEAR_C := engine/worker.c \
	$(addprefix connectors/,json_stencil.c json_stencil_avx512.c \
	json_stencil_avx2.c json_shape.c decode.c decode_field.c \
	decode_jetstream_known.c) \
	$(addprefix engine/base/,text.c text_step.c text_avx512.c text_avx2.c \
	unicode.c cpu.c) \
	$(addprefix rules/,match.c matcher.c prefilter_find_avx512.c \
	prefilter_find.c prefilter.c prefilter_bytes.c) \
	$(addprefix rules/,rule.c op_and.c op_brand.c op_or.c scan.c \
	op_phrase.c op_near.c ops.c op_not.c op_regex.c regex.c score.c \
	spans.c matcher_scope.c) engine/base/text_walk.c engine/emit.c \
	engine/base/buf.c engine/base/text_plain.c engine/record.c
NEAR_OBJ := $(foreach c,$(NEAR_C),$(patsubst %.c,$B/%.o,$(filter $c,$(LIB_C))))

$B/vigie: $B/engine/main.o $(NEAR_OBJ) $B/libvigie.a
	$(call say,LD,$@)
	$(Q)$(CC) $(OPT_$(FLAVOUR)) $(LINK) -o $@ $^ $(ALL_LIBS)

$B/libvigie.a: $(LIB_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcsD $@ $^

# Rebuild everything when the command line of the compiler changes.
FLAGS_NOW := $(CC) $(ALL_CFLAGS) $(ALL_CXXFLAGS)
$B/.flags: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)printf '%s\n' '$(subst ','\'',$(FLAGS_NOW))' | cmp -s - $@ || \
		printf '%s\n' '$(subst ','\'',$(FLAGS_NOW))' > $@
.PHONY: FORCE
FORCE:

# Only one file knows the version, or each commit would rebuild everything.
$B/.version: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' > $@
$B/engine/cmd_version.o: $B/.version
$B/engine/cmd_version.o: VERSION_FLAG := -DVIGIE_VERSION='"$(VERSION)"'

$B/%.o: %.c $B/.flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$B/%.o: %.cc $B/.flags
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CXX) $(ALL_CXXFLAGS) -MMD -MP -c -o $@ $<

# simdjson is what the index of JSON is compared with.
$B/tests/unit/connectors/test_json_peer: $B/bench/json_peer.o
$B/tests/fuzz/test_fuzz_json: $B/bench/json_peer.o
$B/tests/%: $B/tests/%.o $B/libvigie.a
	$(call say,LD,$@)
	$(Q)$(CXX) $(OPT_$(FLAVOUR)) -o $@ $^ $(ALL_LIBS) \
		$(shell $(PKG_CONFIG) --libs cmocka libutf8proc simdjson)

$B/bench/gen: $B/bench/gen.o $(GEN_O) $B/libvigie.a
	$(call say,LD,$@)
	$(Q)$(CXX) $(OPT_$(FLAVOUR)) -o $@ $^ $(ALL_LIBS)

$B/bench/gen_nestle: $(NESTLE_O)
$B/bench/gen_%: $B/bench/gen_%.o $B/libvigie.a
	$(call say,LD,$@)
	$(Q)$(CC) $(OPT_$(FLAVOUR)) $(LINK) -o $@ $(filter %.o,$^) \
		$(filter %.a,$^) $(ALL_LIBS)

$B/bench/time_%: $B/bench/time_%.o $B/libvigie.a
	$(call say,LD,$@)
	$(Q)$(CXX) $(OPT_$(FLAVOUR)) -o $@ $^ $(ALL_LIBS)

# It has gone; an old .d that names it must not stop the build.
connectors/json_index.cc: ;

.SECONDARY:
-include $(shell find $B -name '*.d' 2>/dev/null)

##@ See it
.PHONY: demo
demo: ## install what is missing, build, replay the Nestlé case of 2010
	@sh docker/deps.sh build
	@$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=release all tools
	@sh tests/demo.sh build/vigie build/release/bench/gen_nestle

.PHONY: tools
tools: $(TOOL_BIN)

##@ Prove it
.PHONY: test check-unit check-cases check-e2e test-binaries
test: ## install what tests need, then run all of them
	@sh docker/deps.sh test
	@$(MAKE) --no-print-directory -j$(JOBS) all tools test-binaries
	@sh tests/run.sh $B

test-binaries: $(TEST_BIN)

.PHONY: asan tsan
asan: ## all of them under the address and undefined sanitizers
	@sh docker/deps.sh test
	@$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=asan all tools \
		test-binaries
	@sh tests/run.sh build/asan
tsan: ## the same under the thread sanitizer
	@sh docker/deps.sh test
	@$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=tsan all tools \
		test-binaries
	@sh tests/run.sh build/tsan

.PHONY: cov
cov: ## all tests with coverage: a summary, and build/cov/coverage.info
	@sh docker/deps.sh dev
	@$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=cov all tools \
		test-binaries
	@find build/cov -name '*.gcda' -delete
	@sh tests/run.sh build/cov
	@lcov --quiet --capture --directory build/cov --base-directory . \
		--no-external --output-file build/cov/all.info
	@lcov --quiet --remove build/cov/all.info '*/tests/*' '*/bench/*' \
		--output-file build/cov/coverage.info
	@lcov --summary build/cov/coverage.info

.PHONY: tidy
tidy: ## arrows, symbols, sizes, banned words, docs parity
	@sh tests/tidy/tidy.sh

.PHONY: lint
lint: ## cppcheck and shellcheck; fails on any finding
	@sh docker/deps.sh dev
	@sh tests/tidy/lint.sh

.PHONY: fuzz
SECONDS ?= 60
fuzz: ## each fuzz target for SECONDS (60), with clang
	@sh docker/deps.sh dev
	@$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=fuzz fuzz-binaries
	@sh tests/fuzz/run.sh build/fuzz $(SECONDS)
FUZZ_C := $(sort $(wildcard tests/fuzz/test_fuzz_*.c))
.PHONY: fuzz-binaries
fuzz-binaries: $(FUZZ_C:%.c=build/fuzz/%.fuzz)
build/fuzz/tests/fuzz/test_fuzz_json.fuzz: build/fuzz/bench/json_peer.o
build/fuzz/tests/fuzz/%.fuzz: build/fuzz/tests/fuzz/%.o build/fuzz/libvigie.a
	$(call say,LD,$@)
	$(Q)$(CXX) $(OPT_fuzz) -fsanitize=fuzzer -o $@ $^ $(ALL_LIBS) \
		$(shell $(PKG_CONFIG) --libs simdjson)

##@ Measure it
.PHONY: bench
bench: ## ns a post of each stage against its floor, and of the whole
	@sh docker/deps.sh test
	@$(MAKE) --no-print-directory -j$(JOBS) all tools $B/bench/bench
	@sh bench/run.sh $B
	@sh bench/stages.sh $B
	@sh bench/whole.sh $B

.PHONY: bench-ratios bench-plots
bench-ratios: ## the whole program: posts per second, ratios with goals
	@sh docker/deps.sh test
	@$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=release all \
		build/release/bench/gen
	@sh bench/ratios.sh build/release
bench-plots: ## curves of cost as pictures in docs/plots
	@sh docker/deps.sh test
	@$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=release all \
		build/release/bench/gen
	@sh bench/plots.sh build/release

.PHONY: bench-peers
bench-peers: ## against other engines, with what of them is installed
	@sh docker/deps.sh test
	@$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=release all \
		build/release/bench/gen build/release/bench/peers/compare
	@sh bench/peers/run.sh $(PEERS_ARGS)

.PHONY: bench-gate bench-gate-set
bench-gate: ## instructions per post against bench/gate.txt; fails above 3 %
	@sh docker/deps.sh dev
	@$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=release all \
		build/release/bench/gen
	@sh bench/gate.sh build/release
bench-gate-set: ## take what is counted now for the reference
	@sh docker/deps.sh dev
	@$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=release all \
		build/release/bench/gen
	@sh bench/gate.sh build/release set

# Peers: what is installed is compiled in, the rest says that it is not.
PEERS_PKGS := $(foreach p,libhs re2,$(if \
	$(shell $(PKG_CONFIG) --exists $(p) && echo y),$(p)))
PEERS_O := $(patsubst %,$B/%.o,$(basename $(sort \
	$(wildcard bench/peers/*.c bench/peers/*.cc))))
PEERS_DEFS := $(if $(filter libhs,$(PEERS_PKGS)),-DPEERS_HYPERSCAN='"$(if \
	$(wildcard /usr/share/doc/libvectorscan5),Vectorscan,Hyperscan)"') \
	$(if $(filter re2,$(PEERS_PKGS)),-DPEERS_RE2='"$(shell \
	dpkg-query -W -f='$${Version}' libre2-dev 2>/dev/null)"')
$(PEERS_O): COMMON += $(PEERS_DEFS)
$B/bench/peers/compare: $(PEERS_O) $B/libvigie.a
	$(call say,LD,$@)
	$(Q)$(CXX) $(OPT_$(FLAVOUR)) -o $@ $^ $(ALL_LIBS) \
		$(if $(PEERS_PKGS),$(shell $(PKG_CONFIG) --libs $(PEERS_PKGS)))

$B/bench/bench: $(BENCH_C:%.c=$B/%.o) $B/bench/harness.o \
		$B/bench/json_peer.o $B/bench/icu_fold.o \
		$(patsubst %,$B/bench/peers/peers_%.o,patterns terms confirm) \
		$B/bench/generator/rules.o $B/bench/generator/words.o \
		$B/libvigie.a
	$(call say,LD,$@)
	$(Q)$(CXX) $(OPT_$(FLAVOUR)) -o $@ $^ $(ALL_LIBS) \
		$(shell $(PKG_CONFIG) --libs benchmark libutf8proc simdjson) \
		$(shell $(PKG_CONFIG) --silence-errors --libs icu-uc)

.PHONY: quality
quality: ## detection quality on the development data, against the anchors
	@sh docker/deps.sh test
	@$(MAKE) --no-print-directory -j$(JOBS) all tools \
		$B/tests/unit/engine/test_detector
	@sh bench/quality/run.sh "$${VIGIE_SHARED:-../shared}" $B

##@ House-keeping
.PHONY: unicode
unicode: $B/engine/base/gen/unicode ## make the tables of characters again
	$(Q)$< > engine/base/unicode_tables.c.tmp
	$(Q)mv engine/base/unicode_tables.c.tmp engine/base/unicode_tables.c

$B/engine/base/gen/unicode: $B/engine/base/gen/unicode.o \
	$B/engine/base/must.o
	$(call say,LD,$@)
	$(Q)$(CC) $(OPT_$(FLAVOUR)) -o $@ $^ \
		$(shell $(PKG_CONFIG) --libs libutf8proc)

.PHONY: deps deps-dev deps-peers
deps: ## install every Debian package that the build needs
	@sh docker/deps.sh build
deps-dev: ## and those of tests and tools
	@sh docker/deps.sh dev
deps-peers: ## and the engines that bench-peers compares with
	@sh docker/deps.sh peers

.PHONY: install uninstall
install: build/vigie ## into DESTDIR and PREFIX (/usr/local)
	install -D -m 755 build/vigie $(DESTDIR)$(PREFIX)/bin/vigie
	cd rules && find packs organisations scenarios -name '*.yaml' -o -name '*.txt' | \
		while read -r f; do install -D -m 644 "$$f" \
		"$(DESTDIR)$(PREFIX)/share/vigie/$$f"; done
	for f in docs/schema/*.json; do install -D -m 644 "$$f" \
		"$(DESTDIR)$(PREFIX)/share/vigie/schema/$${f##*/}"; done
	cd editors && find vim -name '*.vim' | \
		while read -r f; do install -D -m 644 "$$f" \
		"$(DESTDIR)$(PREFIX)/share/vigie/$$f"; done
	for m in docs/man/*.[1-8]; do [ ! -f "$$m" ] || install -D -m 644 "$$m" \
		"$(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$${m##*/}"; done
uninstall: ## what install put there
	rm -rf $(DESTDIR)$(PREFIX)/bin/vigie $(DESTDIR)$(PREFIX)/share/vigie
	for m in docs/man/*.[1-8]; do \
		rm -f "$(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$${m##*/}"; done

.PHONY: clean
clean: ## remove build/
	rm -rf build

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} \
	/^##@ / {printf "\n%s\n", substr($$0, 5)} \
	/^[a-z][a-z-]*:.*## / {printf "  %-14s %s\n", $$1, $$2}' Makefile
