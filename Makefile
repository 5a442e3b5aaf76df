# Total Place. On a fresh machine with Python 3.11+ and make:
#   make run     sets everything up and counts the example place
#   make test    sets everything up and runs the tests
#   make help    the other targets
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
MANIFEST := dbt_project/target/manifest.json

# Any Python from 3.11 on; PYTHON=... chooses one.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)

# Synthetic and real returns never share a home.
EXAMPLE := examples/returns
RETURNS ?= $(EXAMPLE)
ifeq ($(abspath $(RETURNS)),$(abspath $(EXAMPLE)))
HOME_DIR ?= .totalplace/example
else
HOME_DIR ?= .totalplace/returns
endif

unexport PYTHONDONTWRITEBYTECODE  # without bytecode every start compiles 5,000 files anew: 6 s
export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1

DBT_SOURCES = $(shell find dbt_project -type f \( -name '*.sql' -o -name '*.yml' -o -name '*.csv' -o -name '*.md' \) \
	-not -path 'dbt_project/target/*' -not -path 'dbt_project/logs/*')

.PHONY: help setup run test ui lint lint-python lint-types lint-sql format fuzz crash bench methodology example lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(INSTALLED) $(MANIFEST) ## only the environment

run: setup ## count the example place; RETURNS=folder counts real returns; HOME_DIR=folder keeps them there; ARGS='...'
	@$(BIN)/totalplace run --home "$(HOME_DIR)" --returns "$(RETURNS)" $(ARGS)

test: setup ## all tests, on all processors; ARGS='-k name' chooses
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

ui: setup ## Dagster's web UI on the home last run
	@$(BIN)/totalplace ui $(if $(filter command line environment,$(origin HOME_DIR)),--home "$(HOME_DIR)") $(ARGS)

lint: lint-python lint-types lint-sql ## ruff, pyright, sqlfluff

lint-python: $(INSTALLED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .

lint-types: $(INSTALLED)
	@$(BIN)/pyright --pythonpath $(BIN)/python
	@$(BIN)/pyright --project ingest --pythonpath $(BIN)/python

lint-sql: $(INSTALLED)
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 0 dbt_project/models

format: $(INSTALLED) ## let ruff put imports and what else it can fix in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

MINUTES ?= 30
fuzz: setup ## hypothesis and byte mutation over the readers for MINUTES=30; failures are kept in build/fuzz
	@$(BIN)/python -m tests.fuzz --minutes $(MINUTES) $(ARGS)

crash: setup ## stop every stage at every point; MINUTES=60 goes on at random, COUNT=200 tries so many of each; ARGS=--document
	@$(BIN)/python -W ignore -m tests.crash $(if $(COUNT),--count $(COUNT)) \
		$(if $(filter command line environment,$(origin MINUTES)),--minutes $(MINUTES)) $(ARGS)

bench: setup ## the benchmarks, with the machine they ran on
	@$(BIN)/totalplace bench $(ARGS)

methodology: setup ## write docs/methodology.md anew: its examples are worked by the models
	@PYTHONPATH=. $(BIN)/python tests/golden/write_methodology.py

example: $(INSTALLED) ## write the synthetic example again (same bytes)
	@$(BIN)/python -m examples.build_example

# Two locks of one resolution: everything for whoever works here, and what the deployment's image needs.
LOCK := $(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --no-strip-extras --quiet
lock: $(VENV)/.uv ## resolve pyproject.toml anew, keeping what is locked; UPGRADE=1 takes the newest
	@$(LOCK) $(if $(UPGRADE),--upgrade) --extra dev --extra postgres pyproject.toml --output-file requirements.lock
	@$(LOCK) --constraint requirements.lock --extra postgres --extra build pyproject.toml --output-file deploy/requirements.lock
	@if grep -nE 'https?://|--(extra-)?index-url|--find-links' requirements.lock deploy/requirements.lock; then \
		echo 'a lock file names an index' >&2; exit 1; fi

clean: ## remove the environment, caches and the example's home; homes of real returns stay
	rm -rf $(VENV) build dist dbt_project/target dbt_project/logs .pytest_cache .ruff_cache .hypothesis .totalplace/example
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# ---- set-up, once: a stamp tells that it was done ----

$(VENV)/.venv:
	@if [ -z "$(PYTHON)" ]; then echo 'Python 3.11 or later is needed: install it, or give make PYTHON=/path/to/python' >&2; exit 1; fi
	@echo "Setting up $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV) || { echo 'No virtual environment could be made: install the venv module (Debian: python3-venv)' >&2; exit 1; }
	@touch $@

# uv installs in seconds what takes pip most of a minute. Where it cannot be had, pip does the same from the same lock.
$(VENV)/.uv: $(VENV)/.venv
	@$(BIN)/python -m pip install --quiet 'uv>=0.5' || echo 'uv could not be installed: pip will do, more slowly'
	@touch $@

$(INSTALLED): requirements.lock pyproject.toml $(VENV)/.uv
	@echo 'Installing from requirements.lock'
	@{ [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock; } \
		|| $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Parsed here, once, and only when a model changed: parsing inside every run would race on the file.
$(MANIFEST): $(INSTALLED) $(DBT_SOURCES)
	@PYTHONWARNINGS=ignore $(BIN)/python -c 'from orchestration.transform import refresh_manifest as refresh; refresh()'
	@touch $@
