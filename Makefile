# Two commands matter: `make run` and `make test`. Windows without make: see README.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run install install-dev browser test unit lint types imports translations lock bench clean

run: install
	$(BIN)/langnghe demo --port $(PORT)
	@echo; echo "  Mở / open:  http://127.0.0.1:$(PORT)"; echo
	$(BIN)/langnghe serve --port $(PORT)

install: $(VENV)/.runtime

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/runtime.txt
	$(PIP) --no-deps --editable .
	@touch $@

install-dev: $(VENV)/.dev

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# A browser for the tests: Debian's when we may install it, else Playwright's own. PostgreSQL 15 likewise,
# else the binaries that come with the test requirements.
browser: install-dev
	@sh tests/system.sh $(BIN)

# The independent implementation that our blind signatures are tested against.
tests/node/node_modules: tests/node/package-lock.json | browser
	cd tests/node && npm ci --silent --no-audit --no-fund
	@touch $@

# Each test file in one process, or a folder (tests/conftest.py): fixtures are made once a file, most of them once a process. Three on two processors:
# a third of the time a browser or a server is waited for.
test: install-dev browser tests/node/node_modules
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# The quick part of it, in a minute: no browser, no server, no page, and nothing marked `slow` (pyproject.toml): what starts a program
# such as PostgreSQL or LibreOffice, takes in a whole real body or three waves, makes a thousand of something or is one more of many
# random worlds.
unit: install-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow" -k "not postgres" tests/analyse tests/collect tests/db tests/design tests/disclose \
	  tests/disseminate tests/process tests/test_architecture.py tests/test_i18n.py tests/test_translations.py tests/test_vietnamese.py

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install-dev
	$(BIN)/mypy

imports: install-dev
	$(BIN)/lint-imports

translations: install-dev
	$(BIN)/python -m tests.translations_update

lock: install-dev
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/runtime.txt
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/dev.txt

bench: install-dev browser
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
