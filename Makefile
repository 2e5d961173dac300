# Everything a person or a machine does with this repository. Needs Rust, Node and make.

CONTRACTS := crates/grimoire-sandbox/contracts
MESSAGE ?= Swap 100 USDC to ETH on Uniswap
CARGO := cargo
# How many spoiled texts the language engine is fuzzed with by `make test`: about a minute.
FUZZ_TEXTS ?= 250000

.PHONY: run serve test bench lint fmt contracts schemathesis curl clean

## A preview for a sample message, on the embedded sandbox. Another one: make run MESSAGE="Swap 1 ETH to DAI"
run: contracts
	$(CARGO) run --release --locked --package grimoire -- run "$(MESSAGE)" --chain ethereum

## The HTTP API on 127.0.0.1:8080, on the embedded sandbox.
serve: contracts
	$(CARGO) run --release --locked --package grimoire -- serve

## Everything that must hold before a change lands.
test: lint schemathesis curl
	GRIMOIRE_FUZZ_TEXTS=$(FUZZ_TEXTS) $(CARGO) test --workspace --locked

## What it costs: reading, a whole turn, a request over HTTP, each beside the bare EVM; each kind of action; many steps;
## many clients, beside a bare handler and bare commits; a thousand streams.
bench: contracts
	$(CARGO) bench --locked --package grimoire --bench cost --bench steps --bench load

lint: contracts
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- --deny warnings

fmt:
	$(CARGO) fmt --all

## The sandbox's contracts: installed from their pinned packages; sources (our own stand-ins, Morpho Blue, Aave 3.6) compiled.
contracts: $(CONTRACTS)/out/.ready

INSTALLED := $(CONTRACTS)/node_modules/.package-lock.json

$(INSTALLED): $(CONTRACTS)/package.json $(CONTRACTS)/package-lock.json
	cd $(CONTRACTS) && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(CONTRACTS)/out/.ready: $(INSTALLED) $(CONTRACTS)/compile.mjs $(wildcard $(CONTRACTS)/src/*.sol)
	cd $(CONTRACTS) && node compile.mjs
	@touch $@

## What holds the HTTP API against its own document, in an environment of its own beside what is built.
TOOLS := $(or $(CARGO_TARGET_DIR),target)/schemathesis
PINNED := crates/grimoire/tests/attack/schemathesis/requirements.txt

schemathesis: $(TOOLS)/.ready

$(TOOLS)/.ready: $(PINNED)
	@python3 -c 'import ensurepip, venv' 2>/dev/null || (apt-get update && apt-get install --yes python3-venv) || \
		{ echo "python3 with venv is missing: install it (on Debian the package python3-venv)" >&2; exit 1; }
	python3 -m venv --clear $(TOOLS)
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement $(PINNED)
	@touch $@

## The examples of docs/api.md are run as a reader would.
curl:
	@command -v curl >/dev/null || (apt-get update && apt-get install --yes curl) || \
		{ echo "curl is missing: install it" >&2; exit 1; }

clean:
	$(CARGO) clean
	rm -rf $(CONTRACTS)/node_modules $(CONTRACTS)/out
