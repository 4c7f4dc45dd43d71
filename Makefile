# Everything there is to type; `make` alone lists it. Needs make, Python 3.11 or newer, and a
# Debian or Ubuntu underneath when something of the distribution has to be installed.

VENV := .venv
BIN := $(VENV)/bin
PACKAGES := gateway smpp ivr commands menus tariffs periods simulators
FUZZ_SECONDS ?= 600
SEEDS ?= 1000
FROM ?= 0
BENCH ?=
HEARD ?=
# Tests that run at once: most wait for others, so there may be more of them than cores. Only those
# of tests/bench, which measure, have the machine for themselves.
PROCESSES ?= 4
COVERED := var/covered.json
# Where memory has room for them the stores of tests lie there: what a kill leaves is the same, and
# no test waits for a disk.
IN_MEMORY := $(shell df --output=avail -BG /dev/shm 2>/dev/null | tr -dc '0-9\n' | awk '$$1 >= 8 {print "/dev/shm"}')

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: run install
run: compiled ## the gateway, simulators and sample subscribers in one; Ctrl-C stops it
	@exec $(BIN)/hallgate demo

install: compiled ## only .venv with the project in it

# --- tests -------------------------------------------------------------------------------------

.PHONY: test quick soak fuzz bench simulate
test quick: export TMPDIR := $(or $(IN_MEMORY),$(TMPDIR),/tmp)
test: compiled $(VENV)/.tools ## every test, with the real services that they need, and what share of the lines ran
	@$(BIN)/python -m tests.packages
	@mkdir -p var && rm -f $(COVERED)
	@status=0; \
	$(BIN)/pytest tests/bench || status=$$?; \
	$(BIN)/pytest -p no:twisted -m alone || status=$$?; \
	$(BIN)/python -m slipcover --json --out $(COVERED) -m pytest --ignore=tests/bench \
		--numprocesses=$(PROCESSES) --dist=worksteal || status=$$?; \
	$(BIN)/python -m tests.covered_lines $(COVERED); exit $$status

quick: compiled $(VENV)/.tools ## the tests that need no service, with few examples each, under a minute
	@$(BIN)/pytest -m "not service and not slow and not soak and not alone" --hypothesis-profile=quick \
		--numprocesses=2 --dist=worksteal

soak: compiled $(VENV)/.tools ## the long runs: soak tests, and the properties with many more examples
	@$(BIN)/python -m tests.packages
	@$(BIN)/pytest -m soak --timeout=0
	@$(BIN)/pytest -m "not service and not slow and not soak and not alone" --hypothesis-profile=soak

simulate: compiled $(VENV)/.tools ## stories of a whole hall in which much goes wrong: SEEDS of them, the first is FROM
	@$(BIN)/python -m tests.simulation --seeds $(SEEDS) --from $(FROM) --processes 2

bench: compiled $(VENV)/.tools ## this gateway beside its peers, as ratios; BENCH=--help lists options
	@$(BIN)/python -m tests.packages kannel sip-tester
	@$(BIN)/python -m tests.bench $(BENCH)

fuzz: $(VENV)/.fuzzer ## coverage-guided fuzzing, FUZZ_SECONDS for each target of tests/fuzz
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target --keep-going \
		$(patsubst tests/fuzz/%.py,fuzz-%,$(filter-out %/__init__.py,$(wildcard tests/fuzz/*.py)))

# What a run has learnt stays in var/fuzz, and so does the input that broke something.
fuzz-%: $(VENV)/.fuzzer
	@mkdir -p var/fuzz/$*/corpus
	$(BIN)/python -m tests.fuzz.$* -max_total_time=$(FUZZ_SECONDS) \
		-artifact_prefix=var/fuzz/$*/ var/fuzz/$*/corpus

# --- checks ------------------------------------------------------------------------------------

# Paths of one developer's machine and hosts of package registries: they tie a checkout to a place.
# (Written with brackets, so that this line does not find itself.)
FOREIGN := [/]work/|[/]opt/(wheels|pypi)|[/]root/|[/]home/[a-z]|pypi[.]org|pythonhosted[.]org
FOREIGN := $(FOREIGN)|npmjs[.]org|(deb|security|snapshot)[.]debian[.]org|(archive|ports)[.]ubuntu[.]com

.PHONY: catalogues
catalogues: $(VENV)/.tools ## the pages of docs/ that are made from the code
	@$(BIN)/python -m tests.catalogues

.PHONY: check lint types imports duplicates places format
check: lint types imports duplicates places ## lint, types, import rules, duplicated code

lint: $(VENV)/.tools
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(VENV)/.tools ## lay out the code as `make check` wants it
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

types: $(VENV)/.tools
	@$(BIN)/mypy

imports: $(VENV)/.tools
	@$(BIN)/lint-imports --no-logo

duplicates: $(VENV)/.tools
	@$(BIN)/pylint --score=n --disable=all --enable=duplicate-code $(PACKAGES) tests

places:
	@if git grep -InE '$(FOREIGN)'; then \
		echo "These lines name one machine's paths or a registry's host; say it without."; exit 1; \
	fi

# --- what is given away ------------------------------------------------------------------------

.PHONY: site deb voice sounds heard
voice: $(VENV)/.voice ## the neural voice, so that `hallgate prompts build` says changed texts by it

sounds: $(VENV)/.voice ## the sounds that come with Hallgate, where the texts have changed; commit the archive
	@$(BIN)/python packaging/make_sounds.py

heard: $(VENV)/.voice $(VENV)/.tools ## sounds that the ear of the tests misunderstands, said otherwise; then make sounds. HEARD=--help
	@PYTHONPATH=. $(BIN)/python packaging/heard_sounds.py $(HEARD)

site: $(VENV)/.site ## the documents as a site in dist/site; a link that leads nowhere ends it
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --clean && echo "dist/site/index.html"

deb: $(VENV)/.installed ## the Debian package of the commit that is checked out, in dist/
	@$(BIN)/python packaging/build_deb.py --out dist

# --- installing --------------------------------------------------------------------------------

PIP := $(BIN)/pip install --quiet --disable-pip-version-check

# The distribution's own Python comes first: it is built with profile-guided optimisation, which one
# built by hand seldom is, and serves a message for a fifth less. Debian and Ubuntu ship it without
# what makes a virtual environment; where no other Python can make one, that is fetched.
$(VENV)/.made:
	@set -e; \
	if $(BIN)/python -m pip --version >/dev/null 2>&1; then touch $@; exit 0; fi; \
	python=none; \
	for found in python3.13 python3.12 python3.11 python3 /usr/bin/python3; do \
		if $$found -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			if [ $$python = none ] || $$found -c 'import ensurepip, venv' 2>/dev/null; then \
				python=$$found; \
			fi; \
		fi; \
	done; \
	if [ $$python = none ]; then \
		echo "Hallgate needs Python 3.11 or newer, and there is none: apt-get install python3"; exit 1; \
	fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
		version=$$($$python -c 'import sys; print("python%d.%d" % sys.version_info[:2])'); \
		if [ $$(id -u) = 0 ]; then sudo=; elif command -v sudo >/dev/null; then sudo=sudo; else \
			echo "$$version cannot make virtual environments; as root: apt-get install $$version-venv"; \
			exit 1; \
		fi; \
		echo "installing $$version-venv, which makes virtual environments"; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ $$sudo apt-get -qq update && $$sudo apt-get -qq install --yes $$version-venv; } >/dev/null || { \
			echo "That failed; install it by hand: apt-get install $$version-venv"; exit 1; }; \
	fi; \
	echo "making $(VENV) with $$($$python --version)"; \
	$$python -m venv --clear $(VENV); \
	touch $@

# The lock holds the build backend too, so nothing comes from outside the lock.
$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/.made
	@echo "installing the project and the libraries of requirements.lock"
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# Where Python may not write what it has compiled (PYTHONDONTWRITEBYTECODE), every process would
# compile all of the project anew, which takes a second.
.PHONY: compiled
compiled: $(VENV)/.installed
	@$(BIN)/python -m compileall -q $(PACKAGES) tests || true

$(VENV)/.tools: requirements-dev.lock $(VENV)/.installed
	@echo "installing the tools of requirements-dev.lock"
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

# The site's tools are apart from those of the tests: nobody who only tests needs them.
$(VENV)/.site: requirements-site.lock | $(VENV)/.tools
	@echo "installing what makes the site, of requirements-site.lock"
	@$(PIP) --require-hashes --requirement requirements-site.lock
	@touch $@

# The voice that makes sounds of texts: who takes those that come with Hallgate needs none of it.
$(VENV)/.voice: requirements-voice.lock | $(VENV)/.installed
	@echo "installing the neural voice, of requirements-voice.lock"
	@$(PIP) --require-hashes --requirement requirements-voice.lock
	@touch $@

# The fuzzer is not locked: each Python has a release of its own, and some machines have none.
$(VENV)/.fuzzer: $(VENV)/.tools
	@$(PIP) --only-binary :all: --no-build-isolation --editable '.[fuzz]'
	@$(BIN)/python -c 'import atheris' || { echo "atheris has no release for this machine"; exit 1; }
	@touch $@

# A lock describes what the public index holds, whatever mirrors this machine prefers.
LOCK := env --unset=PIP_FIND_LINKS --unset=PIP_INDEX_URL --unset=PIP_EXTRA_INDEX_URL \
	PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet \
	--generate-hashes --allow-unsafe --strip-extras --build-deps-for=wheel --build-deps-for=editable \
	--extra=oldest-python --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.PHONY: lock clean
lock: $(VENV)/.tools ## the lock files anew, with the newest releases that pyproject.toml allows
	$(LOCK) --upgrade --output-file=requirements.lock pyproject.toml
	$(LOCK) --upgrade --extra=dev --constraint=requirements.lock \
		--output-file=requirements-dev.lock pyproject.toml
	$(LOCK) --upgrade --extra=site --constraint=requirements-dev.lock \
		--output-file=requirements-site.lock pyproject.toml
	$(LOCK) --upgrade --extra=voice --constraint=requirements-dev.lock \
		--output-file=requirements-voice.lock pyproject.toml

clean: ## remove what tests and checks leave behind, but neither .venv nor var/
	@rm -rf build dist .coverage .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	@find . -path ./$(VENV) -prune -o -name __pycache__ -type d -exec rm -rf {} +
