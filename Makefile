# Thin lines over pip, kcc and pytest. Nothing exists only here: README.md and
# CONTRIBUTING.md give the same lines for a machine without make.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PIP := $(BIN)/python -m pip --disable-pip-version-check
WORKERS ?= 2

# The tool of `make lock`; it lives in an environment of its own.
UV := uv==0.13.9
COMPILE = $(VENV)/tools/$(notdir $(BIN))/uv pip compile pyproject.toml \
	--python-version 3.11 --universal --generate-hashes --no-header -q $(UPGRADE)

# Written so that an old Python can say that it is too old.
SUPPORTED := import sys; v = sys.version_info; sys.exit(None if (3, 11) <= v[:2] < (3, 14) \
	else "kcc_research needs Python 3.11, 3.12 or 3.13; %s is %d.%d. " % (sys.executable, v[0], v[1]) \
	+ "Name another, for example: make report PYTHON=python3.13")

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help report test test-browser check bench mutants lab docs lock clean filter

help:
	@echo "make report   set up, bring every report up to date, print where they are"
	@echo "make test     set up for development, run the whole test suite"
	@echo "make test-browser  every page in Chromium, JupyterLab by its menus, other people's checkers"
	@echo "make check    style, types, import directions, locks, what git holds"
	@echo "make bench    speed and simulations; one of them: make bench GROUP=estimation"
	@echo "make mutants  switch each safeguard off and see a test fail; one rule: RULE=TRUST-D5"
	@echo "make lab      set up, open the notebooks in JupyterLab"
	@echo "make docs     build the documentation site: docs/_build/html/index.html"
	@echo "make lock     resolve the pinned versions anew (newest: UPGRADE=--upgrade)"
	@echo "make clean    remove the environment and caches, never data or outputs"
	@echo
	@echo "Another Python: make report PYTHON=python3.13"

report: $(VENV)/.runtime filter
	@$(BIN)/kcc run --all

test: $(VENV)/.dev
	$(BIN)/pytest -n $(WORKERS) --dist loadfile

test-browser: $(VENV)/.dev
	$(BIN)/python scripts/prepare_browser_tests.py
	$(BIN)/pytest tests/browser -m "browser and not slow" -n $(WORKERS) --dist loadgroup

check: $(VENV)/.dev
	$(BIN)/ruff check src tests scripts notebooks
	$(BIN)/ruff format --check src tests scripts notebooks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/unit/test_locks.py
	$(PIP) check
	$(BIN)/python scripts/check_repository.py

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench $(GROUP)

mutants: $(VENV)/.dev
	$(BIN)/python scripts/mutants.py $(RULE)

lab: $(VENV)/.runtime filter
	$(BIN)/jupyter lab

docs: $(VENV)/.dev
	$(BIN)/python scripts/build_docs.py

lock: $(VENV)/.created
	@test -d $(VENV)/tools || $(BIN)/python -m venv $(VENV)/tools
	@$(VENV)/tools/$(notdir $(BIN))/python -m pip install -q $(UV)
	$(COMPILE) --extra build -o requirements.lock
	$(COMPILE) --extra build --extra cluster --extra dev --extra docs --extra pii -c requirements.lock -o requirements-dev.lock

clean:
	@if test -e .git; then git config --remove-section filter.nbstripout 2>/dev/null || true; fi
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	  .import_linter_cache .coverage htmlcov build dist src/*.egg-info
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

# Notebooks lose their outputs on the way into git. Git cannot set this up when it
# clones; "required" makes a commit fail rather than let outputs through.
filter: $(VENV)/.created
	@if test -e .git && command -v git >/dev/null; then \
	  git config filter.nbstripout.clean "$(BIN)/python -m nbstripout --keep-id" && \
	  git config filter.nbstripout.smudge cat && \
	  git config filter.nbstripout.required true; \
	fi

# Stamps: each is redone only when what it stands for has changed. The development
# lock holds the pins of the runtime lock and more, so it serves for both.
$(VENV)/.created:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "$(PYTHON) not found. Install Python 3.11, 3.12 or 3.13, or name it: make report PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c '$(SUPPORTED)'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { \
	  rm -rf $(VENV); echo "No environment could be made: does $(PYTHON) have venv?" >&2; exit 1; }
	@$(BIN)/python -c '$(SUPPORTED)'
	@touch $@

$(VENV)/.runtime: $(VENV)/.created requirements.lock pyproject.toml
	@echo "Installing the pinned packages; the first time takes a few minutes."
	$(PIP) install -q --require-hashes -r requirements.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.created requirements.lock requirements-dev.lock pyproject.toml
	@echo "Installing the pinned packages; the first time takes a few minutes."
	$(PIP) install -q --require-hashes -r requirements-dev.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $(VENV)/.runtime $@
