# On a fresh machine each target sets up .venv by itself; see .ci/venv.
.PHONY: run build test test-cluster test-llm llm check clean

run: ## serve chat and API; builds the index first when it is missing or stale (PORT=8000 make run)
	@.ci/venv run
	@echo "Starting Dipnot ..."
	@exec .venv/bin/dipnot serve $(if $(PORT),--port $(PORT))

build: ## build or update the index
	@.ci/venv run
	@.venv/bin/dipnot build

test: ## the whole test suite; lines are counted in its fast part, where that costs little
	@.ci/venv dev
	@.venv/bin/python -m pytest -m "not model and not browser and not llm and not cluster" --cov \
		--cov-report=term -n auto --maxprocesses 4 --dist loadfile
	@.venv/bin/python -m pytest -m "(model or browser) and not llm and not cluster"

llm: ## a small language model at http://127.0.0.1:8011/v1, to try written answers (docs/language-model.md)
	@.ci/venv llm
	@exec .venv/bin/python benchmarks/local_model.py

test-llm: ## answers written by that model, end to end
	@.ci/venv llm
	@.venv/bin/python -m pytest -m llm

test-cluster: ## the index in an engine: Milvus Lite's server, a true engine where it can be shut in, Ray
	@.ci/venv cluster
	@.venv/bin/python -m pytest -m cluster

check: ## lint, format, types, dependencies
	@.ci/venv dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/python -m pip check
	@.venv/bin/python .ci/audit

clean: ## remove what make made: .venv, the index, caches (not the unpacked model)
	rm -rf .venv index-eval index/CURRENT index/generations index/.lock index/.CURRENT index/.NEXT \
		.mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
