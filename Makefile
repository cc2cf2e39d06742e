# Thin: each target calls one tool. `make help` lists them.
PYTHON ?= python3
VENV ?= .venv
BOARD ?= UNIX
PORT ?= 8080
SITE ?= firmware/filesystem
# Much of the tests' time is waiting: "auto" is some more workers than cores (host_tests/workers.py).
PYTEST_WORKERS ?= -n auto
FIRN = $(VENV)/bin/firn
STAMP = $(VENV)/.firn-stamp

.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 18

run: $(STAMP) ## serve SITE on http://127.0.0.1:PORT from the image BOARD (UNIX, QEMU, RPI_PICO)
	@exec $(FIRN) emulate $(BOARD) $(SITE) --port $(PORT)

emulate: run

test: $(STAMP) ## run all tests (builds the images they need)
	@for board in UNIX QEMU RPI_PICO; do $(FIRN) build $$board --if-needed || exit; done
	@$(VENV)/bin/python -m pytest $(PYTEST_WORKERS) $(PYTEST_ARGS)

firmware: $(STAMP) ## build the image BOARD (FIRMWARE_ARGS=--help)
	@$(FIRN) build $(BOARD) $(FIRMWARE_ARGS)

bundle: $(STAMP) ## make an image for BOARD of MicroPython's own, BASE, and SITE; no compiler needed
	@$(FIRN) bundle $(BOARD) $(SITE) --base $(BASE)

bench: $(STAMP) ## measure speed and memory beside Microdot (BENCH_ARGS=--help shows how)
	@$(VENV)/bin/python -m bench $(BENCH_ARGS)

release: $(STAMP) ## write every image that can be built here to dist/ (RELEASE_ARGS=--help)
	@$(FIRN) release $(RELEASE_ARGS)

lint: $(STAMP) ## check style and types
	@$(FIRN) lint

clean: ## remove what was built (not the downloaded sources)
	rm -rf build dist $(VENV)

$(STAMP): requirements.lock tools/bootstrap.py
	@$(PYTHON) tools/bootstrap.py $(VENV)

.PHONY: help run emulate test firmware bundle bench release lint clean
