# One door for every job. `make` alone says what there is.

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup up test static check format lock

help: ## say what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1  \t/' | expand -t 16

setup: ## install what the project and its tests need, and start nothing
	@scripts/setup.sh dev

up: ## install what is missing, then run everything on this machine
	@scripts/setup.sh run
	@exec $(BIN)/homeward up

test: ## install what is missing, then run every test (ARGS="-k name" narrows it)
	@scripts/setup.sh dev
	@exec scripts/test.sh $(ARGS)

static: ## format, lint, types and import floors, without running anything
	@scripts/setup.sh dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy deploy/healthcheck.py
	$(BIN)/lint-imports

check: static test ## the whole gate, as CI runs it

format: ## put the code in shape
	@scripts/setup.sh dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## write both lock files anew (ARGS=--upgrade takes newer releases)
	@scripts/setup.sh dev
	@scripts/lock.sh $(ARGS)
