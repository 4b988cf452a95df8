# The commands of Pathways. Every target installs what it needs; nothing is set up by hand.
# A Python that runs, of those that uv.lock is made for: of pyenv, a name says nothing of what is chosen
RUNS = import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, $(1)))
FIRST = $(shell for name in $(2); do "$$name" -c '$(call RUNS,$(1))' 2>/dev/null && command -v "$$name" && break; done)
ifndef PYTHON
PYTHON := $(call FIRST,14,python3.11 python3.12 python3.13 python3)
endif
ifndef LLM_PYTHON
LLM_PYTHON := $(call FIRST,12,$(PYTHON) python3.11 python3)
endif
NO_PYTHON := Pathways needs Python 3.11, 3.12 or 3.13 with its module venv. Install one (Debian, Ubuntu: apt-get install \
  python3 python3-venv), or name it: make PYTHON=/path/to/python
NO_LLM := vLLM's CPU build is locked for Python 3.11 alone (deploy/torch-cpu.lock), and there is none here. Install one, or \
  name it: make LLM_PYTHON=/path/to/python3.11
BIN := .venv/bin
# Whatever pip installs is named by version and hash in a lock; uv.lock does the same for uv
HASHED = python -m pip install --quiet --no-deps --require-hashes
PYTEST := $(BIN)/python -m pytest -q

.PHONY: help install install-llm llm-for-tests install-spark locks sbom hooks demo demo-justice test quick lint coverage unit cases flow boundaries faults ui bench bench-faults bench-peers postgres-server headless-browser login-proxy other-clock fixture-model note-encoder note-baselines backtest clean
help:
	@echo "make demo            synthetic extracts -> the whole quarterly refresh -> var/publication/2023Q1 (SCALE=1: published size;"
	@echo "                     ENGINE=vllm: notes are read through vLLM on this machine)"
	@echo "make test            lint and all tests          make ui     Dagster on the same data, http://127.0.0.1:3000"
	@echo "make quick           lint, unit tests and cases   make unit cases boundaries flow faults   one kind of test each"
	@echo "make bench           benchmarks, a JSON line each   make fixture-model note-encoder note-baselines   train again"
	@echo "make demo-justice    the same of the justice records   make clean   takes away what was installed, and var"

# --- installing: .venv is the core, which reads notes itself; .venv-llm is the CPU build of vLLM, which it speaks HTTP to ---
# Compiled once: uv leaves it to the first import, and where nothing may write bytecode every start costs six seconds more
install: .venv/installed
.venv/installed: pyproject.toml uv.lock deploy/uv-itself.lock
	@[ -n "$(PYTHON)" ] || { echo "$(NO_PYTHON)"; exit 1; }
	"$(PYTHON)" -m venv .venv
	$(BIN)/$(HASHED) -r deploy/uv-itself.lock
	$(BIN)/uv sync --frozen --all-extras --quiet --compile-bytecode
	@touch $@

install-llm: .venv-llm/installed
# The CPU build of torch is not on PyPI. Where pip finds none it is taken from its makers' index, which is then the only
# one asked: beside another index, whoever offers a higher version of any name would be believed.
# The rest by uv, which installs several packages at a time, and compiles all of both on every core.
.venv-llm/installed: deploy/torch-cpu.lock deploy/llm-cpu.lock | .venv/installed
	@[ -n "$(LLM_PYTHON)" ] || { echo "$(NO_LLM)"; exit 1; }
	@rm -f .venv-llm/not-installed
	"$(LLM_PYTHON)" -m venv .venv-llm
	.venv-llm/bin/$(HASHED) --no-compile -r deploy/torch-cpu.lock 2>/dev/null \
	  || .venv-llm/bin/$(HASHED) --no-compile --index-url https://download.pytorch.org/whl/cpu -r deploy/torch-cpu.lock
	$(BIN)/uv pip install --quiet --no-deps --require-hashes --compile-bytecode --python .venv-llm/bin/python \
	  -r deploy/llm-cpu.lock
	@touch $@

# Where it cannot be installed, tests that start it are skipped and say why (tests/label_server_here.py)
llm-for-tests:
	@if [ -n "$(LLM_PYTHON)" ]; then $(MAKE) --no-print-directory install-llm; else \
	  mkdir -p .venv-llm && echo "$(NO_LLM)" | tee .venv-llm/not-installed; fi

# Spark is an engine for linkage that one machine cannot hold; its folder is looked at only when study.toml asks for it
install-spark: .spark-packages/installed
.spark-packages/installed: deploy/spark.lock | .venv/installed
	rm -rf .spark-packages
	$(BIN)/uv pip install --quiet --no-deps --require-hashes --python $(BIN)/python --target .spark-packages \
	  -r deploy/spark.lock
	@touch $@

# A version is changed by hand, in pyproject.toml or in a lock without its hashes; this fills in the rest.
# Not torch-cpu.lock: the makers' index states the hash.
locks: install
	$(BIN)/uv lock --quiet
	@mkdir -p var
	@for lock in uv-itself llm-cpu spark; do \
	  grep '^#' deploy/$$lock.lock > var/$$lock.lock && \
	  $(BIN)/uv pip compile --quiet --no-deps --generate-hashes --python-version 3.11 --no-header --no-annotate \
	    deploy/$$lock.lock >> var/$$lock.lock && mv var/$$lock.lock deploy/$$lock.lock || exit 1; \
	done

# Before each commit: no data, no secret, no large file, ruff (.pre-commit-config.yaml); needs no network
hooks: install
	$(BIN)/pre-commit install

# What runs where, as CycloneDX: core (this repository), deploy (our images), all (with what tests and checks need), one
# for every other lock, and the images that docker-compose.yml names
SBOM := var/sbom
sbom: install
	@mkdir -p $(SBOM)
	@lock="$(BIN)/uv export --quiet --frozen --preview-features sbom-export --format cyclonedx1.5" && \
	  $$lock --no-dev --all-extras -o $(SBOM)/core.cdx.json >/dev/null && \
	  $$lock --no-dev --all-extras --group deploy -o $(SBOM)/deploy.cdx.json >/dev/null && \
	  $$lock --all-groups --all-extras -o $(SBOM)/all.cdx.json >/dev/null
	@$(BIN)/uv run --quiet --frozen --isolated --only-group sbom sh -ec 'for lock in uv-itself torch-cpu llm-cpu spark; do \
	  index=https://pypi.org/simple; [ $$lock != torch-cpu ] || index=https://download.pytorch.org/whl/cpu; \
	  cyclonedx-py requirements --of JSON -i $$index -o $(SBOM)/$$lock.cdx.json deploy/$$lock.lock; done'
	@$(BIN)/python deploy/list_images.py > $(SBOM)/images.cdx.json
	@ls $(SBOM)

# --- running: the encoder reads notes in the process itself, or with ENGINE=vllm behind a vLLM server of this machine ---
ifeq ($(ENGINE),vllm)
export PATHWAYS_ENGINE := served_encoder
demo ui: install-llm
else ifneq ($(ENGINE),)
$(error ENGINE=$(ENGINE) is not known: ENGINE=vllm has vLLM read the notes, without ENGINE they are read in the process)
endif

demo: install
	$(BIN)/pathways demo

demo-justice: install
	$(BIN)/pathways demo-justice

ui: install
	$(BIN)/pathways ui

bench: install install-llm bench-peers
	$(BIN)/pathways bench

# A refresh of a small quarter killed, starved and disconnected, beside one that nothing disturbs; about an hour
bench-faults: install llm-for-tests postgres-server other-clock
	$(BIN)/python benchmarks/faults/run_faults.py

# What the peers in benchmarks/peers need: R with lme4 and mice, of Debian. Splink itself is of the core.
SUDO = $(shell [ "$$(id -u)" = 0 ] || echo sudo)
APT = $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
bench-peers: install
	@Rscript -e 'library(lme4); library(mice)' >/dev/null 2>&1 || { \
	  $(APT) r-base-core r-cran-lme4 r-cran-mice; }

# What tests/boundaries asks what a role of Dagster's database may do: PostgreSQL's server, of Debian
postgres-server:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { \
	  $(APT) postgresql; } || \
	  echo "PostgreSQL's server cannot be installed here: the tests of Dagster's database are skipped."

# What tests/flow looks at the pages of the publication with: Chromium without a window, of Debian
headless-browser:
	@command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null || { \
	  $(APT) chromium-headless-shell; } || \
	  echo "Chromium cannot be installed here: the tests of the pages' accessibility are skipped."

# What tests/boundaries runs as the login proxy of the deployment: HAProxy, of Debian
login-proxy:
	@command -v haproxy >/dev/null || [ -x /usr/sbin/haproxy ] || { $(APT) haproxy; } || \
	  echo "HAProxy cannot be installed here: the tests of the login proxy are skipped."

# What bench-faults sets a clock back with: libfaketime, of Debian
other-clock:
	@command -v faketime >/dev/null || { $(APT) faketime; } || \
	  echo "faketime cannot be installed here: the fault of a clock that is set back is left out."

fixture-model: install install-llm
	.venv-llm/bin/python note_models/fixture/train.py
	$(BIN)/pathways measure-engine --engine fixture

note-encoder: install install-llm
	$(BIN)/python note_models/encoder/graph.py
	$(BIN)/python note_models/encoder/train.py
	$(BIN)/pathways measure-engine --engine encoder

note-baselines: install
	$(BIN)/python note_models/baselines/train.py

# Holds the tables of the small quarter as they are now, after `make flow`: REASON is added to the list of reasons
backtest: install
	$(BIN)/python -m pathways.backtest --reason "$(REASON)"

# --- tests: how to choose a kind is in CONTRIBUTING.md ---
# Lint and cases run while the label server's packages are being installed. All else is one call: what waits, for a daemon or
# a server, leaves the cores to unit tests, so a worker more than two cores. Which files begin is in tests/longest_first.py.
test: install postgres-server headless-browser login-proxy
	@$(MAKE) --no-print-directory -j2 --output-sync=line lint llm-for-tests install-spark cases
	$(PYTEST) -n 3 --dist loadfile --no-loadscope-reorder tests/faults tests/flow tests/boundaries tests/unit

quick: install
	@$(MAKE) --no-print-directory -j1 lint unit cases

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/lint-imports
	$(BIN)/pyright

# Not part of `make test`, which it would make longer: the unit tests and cases again, with each line and branch counted
coverage: install install-spark
	@mkdir -p var/coverage
	$(PYTEST) -n 2 --cov --cov-report=term tests/unit tests/cases

unit: install-spark
unit cases: install
	$(PYTEST) -n 2 tests/$@

boundaries: postgres-server login-proxy
flow: headless-browser
boundaries flow faults: install llm-for-tests
	$(PYTEST) tests/$@

clean:
	rm -rf .venv .venv-llm .spark-packages var
