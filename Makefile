# make run · make test · make check · make data · make train · make bench · make bench-live
# The README gives the same as plain pip and streamlit lines, for people without make.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
BIN := .venv/bin
ARCHIVE ?= archive.zip

.PHONY: run test check browser data train bench bench-live clean

# Two pools of memory for all threads instead of sixteen (glibc): what ended webcam streams leave free serves the next.
run: .venv/run.stamp
	@echo "FERscope opens at http://localhost:$(PORT)"
	MALLOC_ARENA_MAX=2 $(BIN)/python -m streamlit run streamlit_app.py --server.address $(HOST) --server.port $(PORT)

# Two processes, each with whole files; the browser's come first, for they are the longest.
test: check browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.project.structure

# Debian's Chromium is installed in CI, or when asked for with BROWSER=install; elsewhere a sentence says how.
CHROMIUM := $(or $(BROWSER_PATH),$(shell for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do command -v $$name || true; done))

browser:
ifneq ($(CHROMIUM),)
	@echo "Browser tests use $(firstword $(CHROMIUM))"
else ifneq ($(filter true install,$(CI) $(BROWSER)),)
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
else
	@echo "No Chromium was found, so the browser tests are skipped: install it (Debian: make test BROWSER=install), or set BROWSER_PATH."
endif

# Writes the facts that ship with FERscope, from the archive of Kaggle's msambare/fer2013.
data: .venv/run.stamp
	$(BIN)/python -m core manifest $(ARCHIVE)

# Some fifteen hours on two cores; needs an imported data set. Finished models are trained anew, in the order in which
# the recipes build on each other.
train: .venv/run.stamp
	order=$$($(BIN)/python -m core train --order) && for recipe in $$order; do $(BIN)/python -m core train $$recipe || exit 1; done

bench: .venv/run.stamp
	$(BIN)/python -m core bench

bench-live: .venv/dev.stamp
	$(BIN)/python -m tests.browser.live_bench

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "FERscope needs Python 3.11 or newer; name one with make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

.venv/dev.stamp: requirements.txt requirements-export.txt requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@ .venv/run.stamp
