# Everything a person types here. `make help` says what there is.

PYTHON ?= python3
VENV ?= .venv
HUB_PORT ?= 8000
HUB_DATA_DIR ?= var
WORKERS ?= 2
# The interpreter and folder of `make test-next`: Django 6.1 needs Python 3.12 or newer.
NEXT_PYTHON ?= python3.13
NEXT_VENV ?= .venv-next

export HUB_DATA_DIR
export PYTHONUNBUFFERED = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

bin := $(VENV)/bin
python := $(bin)/python
manage := $(python) manage.py
install := -m pip install --quiet --require-hashes --no-deps --requirement
ours := hub roundtables research search
migrations := $(shell find $(ours) -path '*/migrations/*.py')

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## what can be made
	@echo "make setup      virtual environment with pinned packages, empty database"
	@echo "make demo       setup, a fictional community, and the site on http://127.0.0.1:$(HUB_PORT)"
	@echo "make check      linters, types and the fast tests"
	@echo "make test       linters, types and every test"
	@echo "make test-next  every test on Django 6.1 (NEXT_PYTHON=python3.12 or newer)"
	@echo "make bench      what each page costs against an empty view"
	@echo "make clean      removes what these commands made, the data in $(HUB_DATA_DIR)/ excepted"
	@echo "Settings: HUB_PORT=$(HUB_PORT) HUB_DATA_DIR=$(HUB_DATA_DIR) PYTHON=$(PYTHON) WORKERS=$(WORKERS)"

# --- environments ---------------------------------------------------------------------------------

# $(1) folder, $(2) interpreter, $(3) oldest version that will do, as "3, 11"
define make_venv
	@$(2) -c 'import sys; sys.exit(sys.version_info < ($(3)))' 2>/dev/null || { \
		echo "The hub needs Python $(subst $(comma) ,.,$(3)) or newer, and '$(2)' is not that. Install it, or say which one: make $(MAKECMDGOALS) $(4)=/path/to/python3" >&2; exit 1; }
	@$(2) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(2)' cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(2) -m venv --clear $(1)
endef
comma := ,

$(python):
	$(call make_venv,$(VENV),$(PYTHON),3$(comma) 11,PYTHON)

$(VENV)/.hub-installed: requirements/hub.txt | $(python)
	$(python) $(install) requirements/hub.txt
	@touch $@

$(VENV)/.dev-installed: requirements/dev.txt | $(python)
	$(python) $(install) requirements/dev.txt
	@touch $@ $(VENV)/.hub-installed

$(NEXT_VENV)/bin/python:
	$(call make_venv,$(NEXT_VENV),$(NEXT_PYTHON),3$(comma) 12,NEXT_PYTHON)

$(NEXT_VENV)/.installed: requirements/next.txt | $(NEXT_VENV)/bin/python
	$(NEXT_VENV)/bin/python $(install) requirements/next.txt
	@touch $@

# --- a hub to look at -----------------------------------------------------------------------------

.PHONY: setup
setup: $(HUB_DATA_DIR)/.migrated ## environment and an empty, migrated hub

# The stamp lies in the data folder: a hub whose folder was removed is made again.
$(HUB_DATA_DIR)/.migrated: $(VENV)/.hub-installed $(migrations)
	@mkdir -p $(HUB_DATA_DIR)
	$(manage) migrate --verbosity 0
	$(manage) sync_roles
	@touch $@

.PHONY: demo
demo: export HUB_BASE_URL = http://127.0.0.1:$(HUB_PORT)
demo: export DJANGO_SETTINGS_MODULE = hub.settings.dev
demo: free-port $(HUB_DATA_DIR)/.migrated ## a fictional community to walk around in
	@$(manage) load_demo
	@echo "The hub runs on $(HUB_BASE_URL) (Ctrl-C stops it)."
	@exec $(bin)/gunicorn hub.wsgi --bind 127.0.0.1:$(HUB_PORT) --worker-class gthread --workers 1 --threads 8 \
		--log-level warning --no-control-socket

.PHONY: free-port
free-port:
	@$(PYTHON) -c 'import socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", $(HUB_PORT)))' 2>/dev/null || { \
		echo "Port $(HUB_PORT) is taken, perhaps by a hub that still runs. Stop it, or choose another port: make demo HUB_PORT=8001" >&2; exit 1; }

# --- is it right? ---------------------------------------------------------------------------------

lint check test test-next: export DJANGO_SETTINGS_MODULE = hub.settings.test

.PHONY: lint
lint: $(VENV)/.dev-installed
	$(bin)/ruff check --no-cache .
	$(bin)/ruff format --no-cache --check .
	$(bin)/djlint --lint --quiet templates
	$(bin)/mypy $(ours)
	$(bin)/lint-imports
	$(python) -m pip check
	$(manage) check --fail-level WARNING
	$(manage) makemigrations --check --dry-run

.PHONY: check
check: lint ## the fast part
	$(python) -m pytest -n $(WORKERS) --dist loadgroup -m "not e2e and not slow"

.PHONY: test
test: lint browser ## everything
	$(python) -m pytest -n $(WORKERS) --dist loadgroup

.PHONY: test-next
test-next: $(NEXT_VENV)/.installed browser ## everything on the next Django
	$(NEXT_VENV)/bin/python -m pytest -n $(WORKERS) --dist loadgroup

.PHONY: browser
browser:
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || \
		echo "No Chromium here: the browser tests will be skipped. On Debian and Ubuntu: apt-get install chromium. Elsewhere: CHROMIUM=/path/to/chromium make test"

.PHONY: bench
bench: $(VENV)/.dev-installed ## what pages cost
	$(python) benchmarks/pages.py --json

# --- tidy up --------------------------------------------------------------------------------------

.PHONY: clean
clean: ## environments and caches; never data
	rm -rf $(VENV) $(NEXT_VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find $(ours) tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
