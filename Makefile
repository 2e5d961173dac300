# Everything a person or a machine does with this repository. Needs Rust, Node and make.

CONTRACTS := crates/grimoire-sandbox/contracts
MESSAGE ?= Swap 100 USDC to ETH on Uniswap
CARGO := cargo
# How many spoiled texts the language engine is fuzzed with by `make test`: about a minute.
FUZZ_TEXTS ?= 250000

.PHONY: run serve test bench lint fmt contracts clean

## A preview for a sample message, on the embedded sandbox. Another one: make run MESSAGE="Swap 1 ETH to DAI"
run: contracts
	$(CARGO) run --release --locked --package grimoire -- run "$(MESSAGE)" --chain ethereum

## The HTTP API on 127.0.0.1:8080, on the embedded sandbox.
serve: contracts
	$(CARGO) run --release --locked --package grimoire -- serve

## Everything that must hold before a change lands.
test: lint
	GRIMOIRE_FUZZ_TEXTS=$(FUZZ_TEXTS) $(CARGO) test --workspace --locked

## What it costs: reading, a whole turn, a request over HTTP, each beside the bare EVM; each kind of action; many steps.
bench: contracts
	$(CARGO) bench --locked --package grimoire --bench cost --bench steps

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

clean:
	$(CARGO) clean
	rm -rf $(CONTRACTS)/node_modules $(CONTRACTS)/out
