# make run   打开陪练页面 · start the page        make test  跑全部测试 · run all tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install run test golden check lint clean

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更新的版本（可用 make PYTHON=python3.12 …指定）。 Python 3.11 or newer is needed.")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

run: install
	$(BIN)/coach run

test: install
	$(BIN)/pytest -q -n auto
	$(BIN)/ruff check .
	$(BIN)/mypy

golden: install
	UPDATE_GOLDEN=1 $(BIN)/pytest -q tests/reports/test_golden.py

check: install
	$(BIN)/coach check

lint: install
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
