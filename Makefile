# On a fresh machine each target sets up .venv by itself; see .ci/venv.
.PHONY: run build test check clean

run: ## serve chat and API; builds the index first when it is missing or stale (PORT=8000 make run)
	@.ci/venv run
	@echo "Starting Dipnot ..."
	@exec .venv/bin/dipnot serve $(if $(PORT),--port $(PORT))

build: ## build or update the index
	@.ci/venv run
	@.venv/bin/dipnot build

test: ## the whole test suite; lines are counted in its fast part, where that costs little
	@.ci/venv dev
	@.venv/bin/python -m pytest -m "not model and not browser" --cov --cov-report=term
	@.venv/bin/python -m pytest -m "model or browser"

check: ## lint, format, types
	@.ci/venv dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

clean: ## remove what make made: .venv, the index, caches (not the unpacked model)
	rm -rf .venv index-eval index/CURRENT index/generations index/.lock index/.CURRENT \
		.mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
