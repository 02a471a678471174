# make demo: environment, then the main job on a rehearsed client. make test: environment, then every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export MPLBACKEND := Agg
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

.PHONY: env demo test lint bench scores silent lock clean

env: $(VENV)/ready

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Millrace needs Python 3.11 to 3.13: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	touch $@

demo: env
	$(BIN)/python -m flows.demo

# Two processes, a file of tests in one of them. Many small fits: threads that wait for a busy core make them many times slower.
test: export OMP_NUM_THREADS = 1
test: env
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: env
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: env
	$(BIN)/python tests/benchmarks/run.py

scores: env
	$(BIN)/python -m tests.connectors.reading.pollock.run
	$(BIN)/python -m tests.connectors.proposing.run

silent: env
	$(BIN)/python -m tests.connectors.silent.run

# Resolves anew for Python 3.11 to 3.13; needs uv on the path. Names, versions and hashes only.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) dist build demo
