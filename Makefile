# `make demo` and `make test` need Python 3.11–3.13 and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help install demo test fuzz check format flow bench bench-fetch bench-page bench-scale bench-tables docs picture site clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/installed  ## install presswatch and its tools into .venv

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "presswatch needs Python 3.11, 3.12 or 3.13: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable .
	touch $@

demo: install  ## run the whole pipeline over the bundled newsroom, into data/
	$(BIN)/presswatch demo
	@echo 'The command is $(BIN)/presswatch; `. $(BIN)/activate` puts it on the path.' >&2

test: install  ## run the tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

fuzz: install  ## run the properties with thousands of new examples each; an hour
	$(BIN)/python -m pytest -n 2 --hypothesis-profile=fuzz --timeout 3600 tests/properties

check: install  ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install  ## format, and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

flow: install  ## run the backfill flow over the bundled newsroom, on Prefect's embedded server
	@rm -rf .flow && mkdir .flow
	@$(BIN)/python -m presswatch.demo --port 0 --settings .flow/presswatch.toml > .flow/newsroom.log & \
	newsroom=$$!; trap "kill $$newsroom" EXIT; \
	until [ -s .flow/presswatch.toml ]; do sleep 0.2; kill -0 $$newsroom || exit 1; done; \
	cd .flow && ../$(BIN)/python ../flows/backfill.py --since 2026-02-01 --until 2026-04-01 && ../$(BIN)/presswatch status

bench: install  ## measure this machine's unit costs
	$(BIN)/python bench/unit_costs.py

bench-fetch: install  ## measure collecting against bare httpx, and its musts; some minutes
	$(BIN)/python bench/fetch.py

bench-page: install  ## measure a story's page, small and of 200 articles, and its musts; some minutes
	$(BIN)/python bench/page.py

bench-scale: install  ## measure what many articles cost, and its musts; an hour or so
	$(BIN)/python bench/scale.py

bench-tables: install  ## measure loading of a million mentions, and its musts; two minutes
	$(BIN)/python bench/tables.py

docs: install  ## write docs/tables.md, and the output in README.md and the notebook, again
	$(BIN)/python docs/make_tables.py
	$(BIN)/python docs/make_readme.py
	$(BIN)/python docs/make_notebook.py

picture: install  ## take docs/pictures/page.png again, the picture of README; needs chromium
	$(BIN)/python docs/make_picture.py

site: install  ## build the pages of docs/ into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

clean:  ## remove the environment and the caches; data/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
