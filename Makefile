# Two commands for a newcomer: `make run` and `make test`. Both install what is missing, build, and go.
SHELL   := /bin/bash
BUILD   ?= build
ARGS    ?= --suite crux --strategy cepo
# Real datasets to verify against, where there are some; tests that need them are skipped without.
EVALRUN_DATA ?= $(abspath $(wildcard ../shared/data))
export EVALRUN_DATA

PACKAGES = $(shell sed 's/\#.*//' cmake/packages.txt)

.PHONY: run test setup build bench clean

run: build
	@if [ "$(origin ARGS)" = file ]; then \
	  echo "== run: evalrun --demo $(ARGS)"; \
	  $(BUILD)/evalrun --demo $(ARGS); \
	else \
	  $(BUILD)/evalrun $(ARGS); \
	fi

test: build
	ctest --test-dir $(BUILD) --output-on-failure --parallel 2

build: setup
	@echo "== build: cmake and ninja in $(BUILD)/"
	@[ -f $(BUILD)/build.ninja ] || cmake -S . -B $(BUILD) -G Ninja
	@cmake --build $(BUILD)

# Packages only, and only the missing ones: with nothing missing it needs no root and no network.
setup:
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

bench: build
	@cmake --build $(BUILD) --target bench

clean:
	rm -rf $(BUILD)
