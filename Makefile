# Everything here needs python3 (3.11 or newer, with venv) and make. The first command makes .venv; the rest find it ready.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin

.PHONY: chat run test lint types plays pictures judge bench pins clean

chat: .venv/.ready
	@exec $(BIN)/tenfold chat $(ARGS)

run: .venv/.ready
	@exec $(BIN)/tenfold run $(ARGS)

# All of it on every core, a file at a time, so that what a file shares is set up once; a part of it as it is asked for.
test: .venv/.ready-dev
	@$(BIN)/python -m pytest $(or $(ARGS),-n auto --dist loadfile) --cov

lint: .venv/.ready-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: .venv/.ready-dev
	@$(BIN)/mypy

plays: .venv/.ready-dev
	@$(BIN)/python -m tests.plays $(ARGS)

# Stories and letters as pictures, to be looked at, in pictures/.
pictures: .venv/.ready-dev
	@$(BIN)/python -m tests.pictures $(ARGS)

# Twelve people live twelve weeks with it, and what it handed them is laid out to be read aloud.
judge: .venv/.ready-dev
	@$(BIN)/python -m tests.judge $(ARGS)

bench: .venv/.ready-dev
	@$(BIN)/python -m bench $(ARGS)

# Standard input belongs to the conversation, and standard output to what it says: an install touches neither.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input </dev/null
define quietly
@{ $(1); } >.install.log 2>&1 || { tail -n 30 .install.log >&2; echo 'That did not work; the whole story is in .install.log.' >&2; exit 1; }
@rm -f .install.log && touch $@
endef

.venv/.ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' </dev/null >/dev/null 2>&1 || { \
	  echo 'Tenfold needs Python 3.11 or newer with venv, and "$(PYTHON)" is not that. On Debian or Ubuntu:' >&2; \
	  echo '"apt install python3 python3-venv"; elsewhere name one: "make chat PYTHON=python3.12".' >&2; exit 1; }
	@echo 'Getting Tenfold ready, about a minute the first time …' >&2
	$(call quietly, { $(BIN)/python -m pip --version || $(PYTHON) -m venv --clear .venv; } </dev/null \
	  && $(INSTALL) -r requirements.txt && $(INSTALL) --no-deps --editable .)

.venv/.ready-dev: .venv/.ready requirements-dev.txt
	@echo 'Getting what the tests need …' >&2
	$(call quietly, $(INSTALL) -r requirements-dev.txt)

# The exact versions of everything that pyproject.toml asks for; what runs is what was tested. No uvloop on Windows.
PINS := .venv-pins/bin/python -m pip
freeze = { echo '\# $(2), to the exact version. Made by `make pins` from pyproject.toml.'; $(PINS) freeze --exclude tenfold \
	  | sed "s/^uvloop.*/&; sys_platform != 'win32'/"; } >$(1)
pins:
	$(PYTHON) -m venv --clear .venv-pins
	$(PINS) install --quiet '.[dev]'
	@$(call freeze,requirements-dev.txt,What Tenfold and its tests run on)
	$(PYTHON) -m venv --clear .venv-pins
	$(PINS) install --quiet --constraint requirements-dev.txt .
	@$(call freeze,requirements.txt,What Tenfold runs on)
	rm -r .venv-pins

clean:
	rm -rf .venv .venv-pins .install.log build dist .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -r {} +
