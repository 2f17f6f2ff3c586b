# Two commands for a newcomer: `make run` and `make test`. Both install what is missing, build, and go.
# `make help` names the others.
SHELL   := /bin/bash
BUILD   ?= build
ARGS    ?= --suite crux --strategy cepo
# Real datasets to verify against, where there are some; tests that need them are skipped without.
EVALRUN_DATA ?= $(abspath $(wildcard ../shared/data))
export EVALRUN_DATA

PACKAGES = $(shell sed 's/\#.*//' cmake/packages.txt)

.PHONY: run test setup build bench asan tsan fuzz clean help

run: build ## a first look: a run with $(ARGS)
	@if [ "$(origin ARGS)" = file ]; then \
	  echo "== run: evalrun --demo $(ARGS)"; \
	  $(BUILD)/evalrun --demo $(ARGS); \
	else \
	  $(BUILD)/evalrun $(ARGS); \
	fi

test: build ## every test
	ctest --test-dir $(BUILD) --output-on-failure --parallel 2

build: setup ## only build
	@echo "== build: cmake and ninja in $(BUILD)/"
	@[ -f $(BUILD)/build.ninja ] || cmake -S . -B $(BUILD) -G Ninja
	@cmake --build $(BUILD)

# Packages only, and only the missing ones: with nothing missing it needs no root and no network.
setup: ## only install the packages
	@missing=$$(comm -13 <(dpkg-query -W -f '$${db:Status-Status} $${Package}\n' $(PACKAGES) \
	     2>/dev/null | sed -n 's/^installed //p' | sort) <(printf '%s\n' $(PACKAGES) | sort)); \
	if [ -z "$$missing" ]; then echo "== setup: all Debian packages are installed"; exit 0; fi; \
	echo "== setup: installing Debian packages:" $$missing; \
	if [ "$$(id -u)" = 0 ]; then sudo=; \
	elif command -v sudo >/dev/null; then sudo=sudo; \
	else echo "setup: not root and no sudo; as root run: apt-get install" $$missing >&2; exit 1; fi; \
	$$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing \
	  > /dev/null && echo "== setup: done"

bench: build ## what a performance claim must rest on
	@cmake --build $(BUILD) --target bench

# The tests under sanitizers, in build folders of their own. Python and what runs in it are not
# sanitized, and leaks are looked for in what is ours.
asan: export ASAN_OPTIONS = detect_stack_use_after_return=1:strict_string_checks=1
asan tsan: export UBSAN_OPTIONS = print_stacktrace=1
tsan: export TSAN_OPTIONS = second_deadlock_stack=1
# Under tsan a forked test process has a thread and memory more than these two allow it.
tsan: CTEST_ARGS = -E 'RealGroup.(KillsWhoUsesTooMuchMemory|RefusesForksPastItsLimit)'
asan tsan: setup ## every test under address and undefined (asan), thread (tsan) sanitizers
	@[ -f build-$@/build.ninja ] || cmake --preset $@
	@cmake --build build-$@
	ctest --test-dir build-$@ --output-on-failure --parallel 2 $(CTEST_ARGS)

# Looks for inputs that break a parser. libFuzzer is clang's; clang below 16 cannot compile
# std::expected.
FUZZ_SECONDS ?= 20
fuzz: PACKAGES += clang-19 libclang-rt-19-dev
fuzz: setup ## fuzz every parser, FUZZ_SECONDS each
	@[ -f build-fuzz/build.ninja ] || \
	  cmake -S tests/fuzz -B build-fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++-19
	@cmake --build build-fuzz
	@tests/fuzz/run.sh build-fuzz $(FUZZ_SECONDS)

clean: ## remove what was built
	rm -rf $(BUILD) build-asan build-tsan build-fuzz

help: ## this list
	@sed -n 's/^\([a-z ]*\):.* ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
