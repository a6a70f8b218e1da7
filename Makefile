# Needs Python 3.11 or newer and make, nothing else. Everything goes into .venv and demo; `make clean` removes both.
#   make demo     the program at work, in a minute
#   make test     the tests
# Another Python: make demo PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
QDABRIDGE := $(BIN)/qdabridge

.DEFAULT_GOAL := help
.PHONY: help demo test lint types bench interop wheel clean

help:
	@echo "make demo    install into $(VENV) and turn the demo study into Excel, JSON and back"
	@echo "make test    install what the tests need and run them"
	@echo "make lint    look at style        make types   check the types"
	@echo "make bench   measure speed        make wheel   build the package into dist"
	@echo "make interop let other libraries read what we write"
	@echo "make clean   remove what make made"

demo: $(VENV)/.installed
	@$(QDABRIDGE) demo demo --force > /dev/null
	@$(QDABRIDGE) matrix demo/demo.qdpx demo/matrix.xlsx --force > /dev/null
	@$(QDABRIDGE) convert demo/demo.qdpx demo/demo.json --quotes --force > /dev/null
	@$(QDABRIDGE) convert demo/demo.json demo/again.qdpx --force > /dev/null
	@$(QDABRIDGE) check demo/again.qdpx > /dev/null
	@echo "A study of ten invented interviews is in the folder demo:"
	@echo "  demo/demo.qdpx     the study, as NVivo and other programs exchange it"
	@echo "  demo/matrix.xlsx   its framework matrix: a row per person, a column per code, quotes in the cells"
	@echo "  demo/demo.json     all of it as plain JSON with the quoted texts (other files in demo/demo.files)"
	@echo "  demo/again.qdpx    made from that JSON again, and checked: nothing is wrong"
	@echo "Try it on a study of yours: $(QDABRIDGE) info study.qdpx"

test: $(VENV)/.installed-test
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	@$(BIN)/mypy --strict src

bench: $(VENV)/.installed-test
	@$(BIN)/python -m benchmarks.measure

interop: $(VENV)/.installed-test
	@$(BIN)/python -m interop.run

wheel: $(VENV)/.installed
	@rm -rf dist
	@$(PIP) wheel --no-deps --wheel-dir dist .

clean:
	@rm -rf $(VENV) demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp says that one set of packages is there; a change of pyproject.toml installs them again.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing qdabridge into $(VENV) …"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	@echo "Installing qdabridge and what its tests need into $(VENV) …"
	@$(PIP) install --editable '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing qdabridge and what its developers need into $(VENV) …"
	@$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.installed $(VENV)/.installed-test

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || { \
	  echo "qdabridge needs Python 3.11 or newer, and $(PYTHON) is not. Name another one: make demo PYTHON=python3.13" >&2; \
	  exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python cannot make virtual environments here. On Debian and Ubuntu: sudo apt install python3-venv" >&2; \
	  exit 1; }
