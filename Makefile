# The first two commands: `make report` and `make test`. Everything else is set up by them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PLACES ?= Malmö
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test lint notebooks benchmarks wheel clean

report: $(READY)
	@$(BIN)/integstats report $(PLACES) --out out

test: $(READY)
	$(BIN)/ruff check src tests notebooks
	$(BIN)/ruff format --check src tests
	$(BIN)/mypy
	$(BIN)/pytest -n auto

notebooks: $(READY)
	$(BIN)/jupyter lab --notebook-dir=notebooks

benchmarks: $(READY)
	$(BIN)/pytest tests/benchmarks/bench_formats.py tests/benchmarks/bench_pivot_cache.py --benchmark-enable -s
	$(BIN)/python tests/benchmarks/bench_gaps.py
	$(BIN)/python tests/benchmarks/bench_targets.py

wheel: $(READY)
	$(BIN)/python -m build --wheel --outdir dist

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "integstats needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV) (once, a few minutes) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt \
	  -e '.[notebooks,office,maps,dev]'
	@$(BIN)/python -m compileall -q src
	@touch $(READY)

clean:
	rm -rf $(VENV) out dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
