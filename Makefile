# make run · make test · make check · make lock · make data · make train · make bench · make bench-live
# README.md shows how to run and test FERscope without make.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
BIN := .venv/bin
ARCHIVE ?= archive.zip
# CPU=1: PyTorch without CUDA, for Linux without an NVIDIA GPU.
REQUIREMENTS := $(if $(CPU),requirements-cpu.txt,requirements.txt)

.PHONY: run test check lock browser data train bench bench-live clean

# HOST=0.0.0.0 opens the app to the network. FERSCOPE_ALLOWED_HOSTS then lists the host names to accept.
# MALLOC_ARENA_MAX: threads share two memory pools of glibc, so that new webcam streams reuse the memory of ended ones.
run: .venv/run.stamp
	@echo "FERscope opens at http://localhost:$(PORT)"
	MALLOC_ARENA_MAX=2 $(BIN)/python -m dashboard.serve --server.address $(HOST) --server.port $(PORT)

# Two processes run the tests. The browser tests take longest, so they start first.
test: check browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.project.structure

# Writes requirements.lock: exact versions of all packages, for Linux, macOS and Windows, and for Python 3.11 and newer.
# Locked versions stay if the requirements allow them; `make lock UPGRADE=1` takes the newest versions instead.
lock: .venv/bin/python
	$(BIN)/python -m pip install --quiet "uv>=0.9"
	$(BIN)/uv pip compile --universal --python-version 3.11 --no-annotate --no-emit-index-url \
	  --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) --quiet \
	  --output-file requirements.lock requirements-dev.txt

# If there is no browser, Debian's Chromium is installed, and nginx for the tests behind a proxy, but only on CI or with
# BROWSER=install. Otherwise a message says how to install them.
CHROMIUM := $(or $(BROWSER_PATH),$(shell for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do command -v $$name || true; done))

browser:
ifneq ($(CHROMIUM),)
	@echo "Browser tests use $(firstword $(CHROMIUM))"
else ifneq ($(filter true install,$(CI) $(BROWSER)),)
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium nginx
else
	@echo "No Chromium was found, so the browser tests are skipped: install it (Debian: make test BROWSER=install), or set BROWSER_PATH."
endif

# Rebuilds data/manifest.parquet and data/means.npy from the archive of Kaggle's msambare/fer2013.
data: .venv/run.stamp
	$(BIN)/python -m core manifest $(ARCHIVE)

# Trains all models again, which takes about 15 hours on two cores. Needs an imported data set.
train: .venv/run.stamp
	order=$$($(BIN)/python -m core train --order) && for recipe in $$order; do $(BIN)/python -m core train $$recipe || exit 1; done

bench: .venv/run.stamp
	$(BIN)/python -m core bench

bench-live: .venv/dev.stamp
	$(BIN)/python -m tests.browser.live_bench

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "FERscope needs Python 3.11 or newer; choose one, for example with make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt requirements-cpu.txt requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet -r $(REQUIREMENTS) -c requirements.lock
	touch $@

.venv/dev.stamp: requirements.txt requirements-cpu.txt requirements-export.txt requirements-dev.txt requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet -r $(REQUIREMENTS) -r requirements-dev.txt -c requirements.lock
	touch $@ .venv/run.stamp
