# Everything a person or a machine runs on this project. "make help" lists it.
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# What the lab needs to build and boot a machine, what the engine tests need to fetch
# and run a Docker Engine of their own, and the probes' tools for trying them in namespaces.
PACKAGES := qemu-system-x86 qemu-utils mmdebstrap e2fsprogs fakeroot openssl iproute2 iptables \
	nftables iputils-ping iputils-arping tcpdump bind9-dnsutils netcat-openbsd socat

SOURCES := $(shell find src -name '*.ts' -o -name '*.tsx' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup build generate check check-unit check-types check-format check-lint check-dead-code check-generated lab-image test test-harm test-releases run bench record behaviour confusion field lab clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: node_modules/.package-lock.json ## install what is missing: Debian packages (sudo when not root), npm packages
	@if ! command -v dpkg-query >/dev/null; then \
	  command -v qemu-system-x86_64 mmdebstrap mke2fs openssl >/dev/null || { echo "Please install QEMU (x86), mmdebstrap, e2fsprogs and openssl with your package manager."; exit 1; }; \
	else \
	  missing=$$(for p in $(PACKAGES); do dpkg-query -Wf '$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || echo $$p; done); \
	  if [ -n "$$missing" ]; then \
	    echo "Installing Debian packages:" $$missing; \
	    sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	    $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	  fi; \
	fi

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-fund --no-audit --loglevel=error
	@touch $@

build: dist/cli.js ## compile to dist/

dist/cli.js: node_modules/.package-lock.json tsconfig.json tsconfig.build.json $(SOURCES)
	tsc -p tsconfig.build.json
	@chmod +x $@ && touch $@

generate: node_modules/.package-lock.json ## write the generated files again
	tsx src/generate.ts

CHECKS := check-types check-format check-lint check-dead-code check-generated

check: build ## the quick gate before each commit: types, format, lint, dead code, unit and replay tests, generated pages
	@$(MAKE) -j2 -O check-unit $(CHECKS)

check-unit:
	mocha --parallel --jobs 2 $(UNIT_TESTS)
check-types:
	tsc -p tsconfig.json
check-format:
	prettier --check --log-level warn --cache --cache-strategy content .
check-lint:
	eslint --cache --cache-strategy content --cache-location node_modules/.cache/eslint/ .
check-dead-code:
	knip
check-generated:
	tsx src/generate.ts --check

# Without Docker, root or a machine: everything but what lies in a directory called real.
UNIT_TESTS := --ignore 'test/**/real/**' 'test/**/*.test.{ts,tsx}'

# Emulated machines that share two processors are at times late: what fails is asked once more, and said so.
REAL := --timeout 120000 --retries 1 --require test/once-more.ts

# What keeps several labs busy by itself; of all else two files run at a time.
BUSY_TESTS := test/lab/real/scenarios.test.ts test/lab/real/free-form.test.ts

lab-image:
	node dist/cli.js lab build

test: setup build ## everything, the engine tests and the lab included
	@$(MAKE) -j2 -O check-unit lab-image $(CHECKS)
	mocha $(REAL) --parallel --jobs 2 $(BUSY_TESTS:%=--ignore %) 'test/**/real/*.test.ts'
	mocha $(REAL) $(BUSY_TESTS)

test-harm: setup build ## twelve runs killed at seeded moments leave nothing after gc: a table; a share of them with SHARD=1/4, others with SEED=2
	HARM=1 mocha --timeout 120000 -g 'a run killed in the middle' test/lab/real/killed-run.test.ts

test-releases: setup build ## the scenarios on the other Debian releases the lab can be made of
	IPVLAN_DOCTOR_RELEASE=bookworm mocha --timeout 120000 test/lab/real/scenarios.test.ts

run: setup build ## boot the lab, run the article's scenarios, print the diagnosis and where the report is
	node dist/cli.js run --engine lab

bench: setup build ## measure what must stay fast, as ratios within one run
	tsx test/bench.ts
	tsx test/bench-attached.ts

record: setup build ## record in the lab what is missing or stale for the replay tests; ID="a b" in any case, VIEW=host and SHARD=1/4 in part
	tsx test/replay/record.ts

behaviour: ## keep what the recordings are diagnosed as now, after a change that is meant; WORSE=1 where one is another by now
	tsx test/replay/behaviour.ts
	tsx test/replay/views/expectations.ts

confusion: record generate ## run the suite in the lab and write how well causes are told apart: src/diagnosis/causes/CONFUSION.md

field: setup build ## random situations in the lab, as a run and as diagnose see them: N=50 SEED=1; go on with FROM=17, one alone with ONLY=17
	tsx test/field/field.ts

lab: setup build ## boot the lab and leave it running
	node dist/cli.js lab up

clean: ## remove what was built here; the lab's cache stays
	rm -rf dist reports/[0-9]* reports/latest reports/field
