# Everything from a fresh checkout: `make report` publishes the demo month, `make test` runs the suite.
PYTHON ?= python3
BIN := .venv/bin
PARAMS ?= params/demo.yaml

.PHONY: report test lab lint bench clean

report: .venv/demo
	$(BIN)/segmentation run $(PARAMS) </dev/null

test: .venv/test
	$(BIN)/pytest -n 2 --dist worksteal
	$(BIN)/pytest -p no:cacheprovider --nbval-lax --nbval-cell-timeout=600 -q notebooks
	$(BIN)/pytest -p no:cacheprovider --nbval -q tests/golden-cdnow.ipynb

lab: .venv/lab
	$(BIN)/segmentation lab $(PARAMS)

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nbstripout --keep-id --verify notebooks/*.ipynb

bench: .venv/test
	$(BIN)/python -m benchmarks

clean:
	rm -rf .segmentation .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist out.ipynb

# one environment; each extra is added once, and again when the pins change
.venv/%: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$*]'
	touch $@
