# Two commands: `make run` and `make test`. Everything they need is installed into .venv and .tools, everything
# they write is under var/. No target needs anything but Python 3 with pip, make, and the package registries.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test check bench reset doctor lock format environment environment-dev clean

help:
	@echo "make run      install what is missing and start everything     (ARGS=--exit-when-ready proves each part and stops)"
	@echo "make test     the whole gate: style, types, contracts, migrations, templates, translations, tests in a browser"
	@echo "make check    the fast part of the gate                        make bench   measure, at small size"
	@echo "make doctor   what is wrong with this server, and the remedy   make reset   empty var/"
	@echo "make format   format the code                                  make lock    resolve the lock files anew"
	@echo "PORT=8001 make run   another port; docs/running.md lists every variable"

run: environment
	@$(PY) manage.py up $(ARGS)

test: environment-dev
	@$(PY) -m tools.gate $(ARGS)

check: environment-dev
	@$(PY) -m tools.gate --fast $(ARGS)

bench: environment-dev
	@$(PY) -m tools.benches $(ARGS)

doctor: environment
	@$(PY) manage.py doctor $(ARGS)

reset: environment
	@$(PY) manage.py reset --yes $(ARGS)

format: environment-dev
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

lock:
	@bash tools/environment.sh lock

environment:
	@bash tools/environment.sh run

environment-dev:
	@bash tools/environment.sh dev

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
