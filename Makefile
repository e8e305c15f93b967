# Two commands on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
SERVE ?= 1
BIN := .venv/bin
# The sample photos are data files of scikit-image; what that package needs to run is not needed.
SAMPLES := "scikit-image>=0.26,<1"

.PHONY: demo test lint types imports pytest wheel clean

demo: .venv/.light
	$(BIN)/vlm demo $(if $(filter 0,$(SERVE)),--no-serve,--serve)

test: lint types imports wheel pytest

lint: .venv/.full
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.full
	$(BIN)/mypy

imports: .venv/.full
	$(BIN)/lint-imports

pytest: .venv/.full
	$(BIN)/pytest

wheel:
	PYTHON=$(PYTHON) .ci/smoke-wheel

clean:
	rm -rf .venv dist build ci-output

.venv/.light: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable .
	$(BIN)/pip install --quiet --no-deps $(SAMPLES)
	touch $@

.venv/.full: pyproject.toml .venv/.light
	$(BIN)/pip install --quiet --editable ".[all,test]"
	touch $@
