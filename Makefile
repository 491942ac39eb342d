# Two commands do everything: `make demo` and `make test`. Both install what they need.

# Of the interpreters on the path one that was optimized by profiles, if there is one: README.md says
# what that is worth. They say so of themselves; those of distributions are. Before 3.11.4 a timeout
# in what is being cancelled may be lost (gh-102780), so an earlier one is not preferred.
OPTIMIZED := import ensurepip, sys, sysconfig; said = sysconfig.get_config_var("CONFIG_ARGS") or ""; \
	sys.exit(sys.version_info < (3, 11, 4) or not (sys.prefix == "/usr" or "--enable-optimizations" in said))
FOUND = $(wildcard $(addsuffix /python3.11,$(subst :, ,$(PATH))))
PYTHON ?= $(shell for one in $(FOUND); do $$one -c '$(OPTIMIZED)' 2>/dev/null && echo $$one && exit; done; \
	command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
REPORT ?= exchange.json
MINUTES ?= 60
RATE ?= 150
ITEMS ?= 50000
SEED ?= 14

.DEFAULT_GOAL := help
.PHONY: help install demo up test unit test-service lint types contracts released bench soak drill picture schemas manifests lock clean

help: ## Say what can be made.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

install: $(INSTALLED) ## Make the virtual environment and compile the contracts.

$(INSTALLED): .requirements.lock pyproject.toml protos/generate.py $(shell find protos/cbss -name '*.proto')
	@command -v $(PYTHON) >/dev/null || { echo "needs Python 3.11: install it, or name it: make PYTHON=python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "needs the venv module: install python3-venv (or python3.11-venv)"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED) ## Start a mesh and tell the story of one day.
	$(BIN)/cbss demo

up: $(INSTALLED) ## Start a mesh and keep it until Ctrl-C.
	$(BIN)/cbss up

test: lint types contracts ## Check format, lint, types and contracts, and run all tests.
	$(BIN)/pytest

unit: $(INSTALLED) ## Run the tests that start no server: make unit S=directory.
	$(BIN)/pytest --quiet -m "not postgres and not redis and not mesh" tests/services/$(S)

test-service: $(INSTALLED) ## Run the tests of one service: make test-service S=directory.
	@test -n "$(S)" || { echo "name the service: make test-service S=directory"; exit 1; }
	$(BIN)/pytest --quiet tests/services/$(S)

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(INSTALLED)
	$(BIN)/mypy

contracts: $(INSTALLED)
	$(BIN)/buf lint 'protos/gen/cbss/descriptors.binpb#format=binpb' --config protos/buf.yaml
	$(BIN)/buf format protos --path protos/cbss --diff --exit-code
	$(BIN)/buf breaking 'protos/gen/cbss/descriptors.binpb#format=binpb' --against 'protos/released.binpb#format=binpb' --config protos/buf.yaml

released: $(INSTALLED) ## At a release: the contracts are now those that no change may break.
	$(BIN)/python protos/release.py

bench: $(INSTALLED) ## Measure an exchange; REPORT names the JSON file.
	$(BIN)/cbss bench exchange --json $(REPORT)

soak: $(INSTALLED) ## Load a mesh for an hour: nothing may grow; MINUTES=60 RATE=150.
	$(BIN)/cbss bench soak --minutes $(MINUTES) --rate $(RATE)

drill: $(INSTALLED) ## Destroy a database under load and restore it: nothing acknowledged may be lost.
	$(BIN)/cbss drill restore

kills: $(INSTALLED) ## Kill everybody, again and again, during a batch of ITEMS=50000; SEED=14.
	CBSS_KILLS_ITEMS=$(ITEMS) CBSS_KILLS_SEED=$(SEED) CBSS_KILLS_PATIENCE=3600 \
		$(BIN)/pytest tests/mesh/test_batches.py -k whoever_is_killed

picture: $(INSTALLED) ## Take the picture of my page, while `make up` runs (needs Chromium).
	$(BIN)/python -m sandbox.picture

schemas: $(INSTALLED) ## Write what the migrations give, services/<name>/sql/schema.sql.
	$(BIN)/python -m sandbox.schemas

manifests: $(INSTALLED) ## Write the Kubernetes manifests that the table of the mesh gives.
	$(BIN)/python -m k8s.manifests

PINNED := --quiet --generate-hashes --no-header --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

lock: ## Pin every dependency anew, with hashes and no addresses: all of them, and what runs in a cluster.
	$(BIN)/pip-compile $(PINNED) --upgrade --extra sandbox --extra bench --extra dev --output-file .requirements.lock pyproject.toml
	$(BIN)/pip-compile $(PINNED) --constraint .requirements.lock --output-file k8s/image/services.lock pyproject.toml
	$(BIN)/pip-compile $(PINNED) --constraint .requirements.lock --extra edge --output-file k8s/image/edge.lock pyproject.toml

clean: ## Remove what was made here.
	-test ! -x $(BIN)/cbss || { $(BIN)/cbss reset --yes; $(BIN)/cbss reset --yes --state .cbss-demo; }
	rm -rf $(VENV) protos/gen .mypy_cache .ruff_cache .pytest_cache .hypothesis
