# The commands of Pathways. Every target installs what it needs; nothing is set up by hand.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
UV_VERSION := 0.13.9
PYTEST := $(BIN)/python -m pytest -q

.PHONY: help install install-llm install-spark demo test quick lint unit cases flow boundaries faults ui bench bench-peers fixture-model note-encoder note-baselines backtest clean
help:
	@echo "make demo            synthetic extracts -> the whole quarterly refresh -> var/publication/2023Q1 (SCALE=1: published size)"
	@echo "make test            lint and all tests          make ui     Dagster on the same data, http://127.0.0.1:3000"
	@echo "make bench           benchmarks, a JSON line each   make fixture-model note-encoder note-baselines   train again"

# --- installing: .venv is the core, .venv-llm the CPU build of vLLM, which the core speaks HTTP to ---
# Compiled once: uv leaves it to the first import, and where nothing may write bytecode every start costs six seconds more
install: .venv/installed
.venv/installed: pyproject.toml uv.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	$(BIN)/uv sync --frozen --quiet --compile-bytecode
	@touch $@

install-llm: .venv-llm/installed
# torch comes first and alone: an unreachable extra index costs ten seconds for every further package
.venv-llm/installed: deploy/llm-cpu.lock
	$(PYTHON) -m venv .venv-llm
	.venv-llm/bin/python -m pip install --quiet torch==2.13.0+cpu \
	  || .venv-llm/bin/python -m pip install --quiet --extra-index-url https://download.pytorch.org/whl/cpu torch==2.13.0+cpu
	.venv-llm/bin/python -m pip install --quiet --no-deps -r deploy/llm-cpu.lock
	@touch $@

# Spark is an engine for linkage that one machine cannot hold; its folder is looked at only when study.toml asks for it
install-spark: .spark-packages/installed
.spark-packages/installed: deploy/spark.lock | .venv/installed
	rm -rf .spark-packages
	$(BIN)/uv pip install --quiet --no-deps --python $(BIN)/python --target .spark-packages -r deploy/spark.lock
	@touch $@

# --- running ---
demo: install install-llm
	$(BIN)/pathways demo

ui: install install-llm
	$(BIN)/pathways ui

bench: install install-llm bench-peers
	$(BIN)/pathways bench

# What the peers in benchmarks/peers need: R with lme4 and mice, of Debian. Splink itself is of the core.
SUDO = $(shell [ "$$(id -u)" = 0 ] || echo sudo)
bench-peers: install
	@Rscript -e 'library(lme4); library(mice)' >/dev/null 2>&1 || { \
	  $(SUDO) apt-get update -qq && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends r-base-core r-cran-lme4 r-cran-mice; }

fixture-model: install install-llm
	.venv-llm/bin/python fixture_model/train.py
	$(BIN)/pathways measure-engine --engine fixture

note-encoder: install install-llm
	$(BIN)/python note_encoder/train.py
	$(BIN)/pathways measure-engine --engine encoder

note-baselines: install
	$(BIN)/python note_baselines/train.py

# Holds the tables of the small quarter as they are now, after `make flow`: REASON is added to the list of reasons
backtest: install
	$(BIN)/python -m pathways.backtest --reason "$(REASON)"

# --- tests: how to choose a kind is in CONTRIBUTING.md ---
# The quick kinds run while the label server's packages are being installed; the others share one small quarter, and the
# longest files come first.
test: install
	@$(MAKE) --no-print-directory -j2 --output-sync=line quick install-llm
	$(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder tests/flow/test_two_quarters_in_a_row.py tests/faults tests/flow tests/boundaries

quick: install
	@$(MAKE) --no-print-directory -j1 lint unit cases

lint: install
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/pyright

unit: install-spark
unit cases: install
	$(PYTEST) -n 2 tests/$@

boundaries flow faults: install install-llm
	$(PYTEST) tests/$@

clean:
	rm -rf .venv .venv-llm .spark-packages var
