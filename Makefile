# make demo    a virtual environment, a seeded shop, a trained model, and everything running
# make test    every test; PYTEST_ARGS="-x -k consent" goes to pytest
# make test-spark  the tests of training on Apache Spark (needs Java 17; installs PySpark)
# make lint    ruff, mypy, and the order in which rooms import each other
# make bench   our speed beside that of others, in one run
# make bench-recommender   what the recommender earns, and what it withstands (a quarter of an hour)
# make assets  the studio's scripts out of their sources (needs npm)
# make words   the words of the interface into its German catalogue (needs GNU gettext)
# make lock    the locked requirements out of pyproject.toml (needs uv)
# make setup   the virtual environment alone
#
# PORT and DATA_DIR move the demo; PYTHON=/path/to/python3.12 chooses the interpreter.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-spark lint bench bench-recommender assets words lock

VENV := .venv
RUN := $(VENV)/bin/python
PYTEST_ARGS ?=
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(RUN) -m pip install --quiet --quiet --require-hashes

# The first interpreter that really runs: version managers leave names behind that only complain.
USABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
ifndef PYTHON
PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3; do \
  if "$$name" -c '$(USABLE)' >/dev/null 2>&1; then echo "$$name"; break; fi; done)
endif

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -n 12

setup: $(VENV)/.demo-stamp

demo: $(VENV)/.demo-stamp
	@exec $(RUN) manage.py demo

test: $(VENV)/.dev-stamp
	@exec $(RUN) -m pytest $(PYTEST_ARGS)

test-spark: $(VENV)/.dev-stamp $(VENV)/.spark-stamp
	@exec $(RUN) -m pytest tests/spark $(PYTEST_ARGS)

lint: $(VENV)/.dev-stamp
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(VENV)/bin/lint-imports

bench: $(VENV)/.dev-stamp $(VENV)/.bench-stamp
	@exec $(RUN) -m benchmarks.run

bench-recommender: $(VENV)/.dev-stamp
	@$(RUN) -m benchmarks.recommender
	@$(RUN) -m benchmarks.poisoning
	@$(RUN) -m benchmarks.membership

assets:
	@cd personalization/studio/front && npm ci --silent && npm run --silent build

words: $(VENV)/.dev-stamp
	@$(RUN) .ci/words.py

LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11
EXTRAS := --extra train --extra write --extra redis --extra parquet

lock:
	@$(LOCK) pyproject.toml $(EXTRAS) -o requirements.txt
	@$(LOCK) pyproject.toml $(EXTRAS) --group dev -o requirements-dev.txt
	@$(LOCK) pyproject.toml $(EXTRAS) --extra spark -c requirements-dev.txt -o requirements-spark.txt

$(VENV)/.demo-stamp: requirements.txt $(VENV)/pyvenv.cfg
	@echo "Installing what the demo needs (a minute or two, once) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev-stamp: requirements-dev.txt $(VENV)/pyvenv.cfg
	@echo "Installing what tests and checks need (a few minutes, once) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(VENV)/.spark-stamp: requirements-spark.txt $(VENV)/.dev-stamp
	@echo "Installing PySpark (a minute or two, once) ..."
	@$(PIP) -r requirements-spark.txt
	@touch $@

$(VENV)/.bench-stamp: benchmarks/requirements.txt $(VENV)/pyvenv.cfg
	@echo "Installing the peers that our conditions are measured beside ..."
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(RUN) -m pip install --quiet --quiet --upgrade \
	  --target $(VENV)/bench -r benchmarks/requirements.txt
	@touch $@

$(VENV)/pyvenv.cfg:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "No usable Python found: this project runs on Python 3.11, 3.12 or 3.13, with its venv"; \
	  echo "module (on Debian and Ubuntu: apt-get install python3 python3-venv)."; \
	  echo "If yours has another name: make PYTHON=/path/to/python3.12 demo"; exit 1; fi >&2
	@if "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	    && ! command -v cc >/dev/null && ! command -v gcc >/dev/null; then \
	  echo "On Python 3.11 the recommender (lightfm-next) is compiled, and there is no C compiler."; \
	  echo "Install one (apt-get install gcc libc6-dev), or use Python 3.12 or 3.13, where it comes"; \
	  echo "ready-made: make PYTHON=/path/to/python3.13 demo"; exit 1; fi >&2
	@echo "Making $(VENV) with $$("$(PYTHON)" --version) ..."
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
