# Inzage. `make help` lists what there is to do.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run demo test check build clean race fuzz large tools figures

FUNCTIONS := $(notdir $(patsubst %/,%,$(wildcard functions/*/)))

# Functions are built outside the workspace: there the local stack's newer
# versions of shared modules would leak into what is deployed.
ROOT  := GOWORK=off go
LOCAL := cd infra/local && GOWORK=off go

# norpc leaves out the runtime of old; gomailnotpl keeps templates out of mail.
TAGS  := lambda.norpc,gomailnotpl
FLAGS := -tags $(TAGS) -trimpath -buildvcs=false -ldflags "-s -w"

# The architecture the functions are built for: this machine's, to run here.
# A deployment builds with ARCH=arm64.
ARCH ?= $(shell go env GOARCH)

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: node_modules build ## run Inzage on this machine, until Ctrl-C
	@.build/local

demo: node_modules build ## show one request and what 400 days leave of it, unattended, on a throw-away state (DEMO_STATE=DIR keeps one)
	@.build/local -demo -state "$(DEMO_STATE)"

test: node_modules build ## run all tests a bare machine can
	@echo "== tests of the functions and what they are made of"
	@$(ROOT) test ./...
	@echo "== tests of the local stack, and of everything on it (a first build takes minutes)"
	@$(LOCAL) test ./...

check: ## formatting, vet, linters, house figures, template
	@infra/check

build: ## build the functions and the local stack into .build
	@echo "== checking the organisation file"
	@mkdir -p .build
	@$(ROOT) run ./infra/inzage organisation -o .build/organisation.json
	@for f in $(FUNCTIONS); do \
		echo "== building function $$f ($(ARCH))"; \
		mkdir -p .build/$$f; \
		GOOS=linux GOARCH=$(ARCH) CGO_ENABLED=0 $(ROOT) build $(FLAGS) -o .build/$$f/bootstrap ./functions/$$f; \
		cp .build/organisation.json .build/$$f/organisation.json; \
	done
	@echo "== building the local stack (a first build takes minutes)"
	@$(LOCAL) build -trimpath -buildvcs=false -o ../../.build/local .

# npm fetches the local DynamoDB and checks its hash. On a machine it does not
# support, nothing is fetched and the stack says what else there is.
node_modules: package-lock.json
	@echo "== fetching the local DynamoDB"
	@npm ci --no-fund --no-audit --loglevel=error
	@touch node_modules

race: build ## the tests again with the race detector
	@$(ROOT) test -race ./...
	@$(LOCAL) test -race ./...

fuzz: ## fuzz what reads foreign input, FUZZTIME each (default 60s)
	@infra/fuzz $(or $(FUZZTIME),60s)

large: ## the largest package of an answer, 1.9 GB, in bounded memory
	@GOWORK=off go test -tags large -run Largest -v ./internal/archive

clean: ## remove what was built; .local, the state, stays
	@rm -rf .build
