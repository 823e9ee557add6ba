"""An empty database gets its tables at once; they must be those that the migrations leave."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, text

from coach.errors import StoreError
from coach.storage.connections import SqliteFile
from coach.storage.database import _create, _upgrade, engine_for, migrate
from coach.storage.results import ResultStore, Stored
from coach.storage.schema import newest
from coach.storage.tables import Base


def shape(engine: Engine) -> dict[str, object]:
    """Tables with their columns, keys and indexes."""
    found = inspect(engine)
    return {
        table: (
            # by name: a column that was added later stands last
            sorted((c["name"], str(c["type"]), c["nullable"], _plain(c["default"])) for c in found.get_columns(table)),
            found.get_pk_constraint(table)["constrained_columns"],
            sorted(
                (k["constrained_columns"], k["referred_table"], k["options"]) for k in found.get_foreign_keys(table)
            ),
            sorted((i["name"], i["column_names"], i["unique"]) for i in found.get_indexes(table)),
            sorted((u["name"], u["column_names"]) for u in found.get_unique_constraints(table)),
        )
        for table in sorted(found.get_table_names())
    }


def _plain(default: object) -> str:
    return re.sub(r"[()'\"]", "", str(default))


def _down(engine: Engine, version: str) -> None:
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "coach/storage/migrations")
        config.attributes["connection"] = connection
        command.downgrade(config, version)


def test_tables_made_at_once_are_those_of_the_migrations(tmp_path: Path) -> None:
    made, moved = (engine_for(f"sqlite:///{tmp_path}/{name}.db") for name in ("made", "moved"))
    with made.begin() as connection:
        _create(connection)
    with moved.begin() as connection:
        _upgrade(connection)
    assert shape(made) == shape(moved)
    assert {"calls", "users", "batch_results"} <= set(shape(made))
    with made.connect() as one, moved.connect() as other:
        asked = text("SELECT version_num FROM alembic_version")
        assert one.execute(asked).scalar() == other.execute(asked).scalar() == newest()


def test_the_tables_of_calls_are_those_that_their_records_know(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/made.db")
    migrate(engine)
    found = inspect(engine)
    for name, table in Base.metadata.tables.items():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        assert columns == {column.name: column.nullable for column in table.columns}, name


def test_a_file_of_results_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    place = tmp_path / "old.sqlite3"
    engine = engine_for(f"sqlite:///{place}")
    migrate(engine)
    whole = shape(engine)
    _down(engine, "0002")
    assert "batch_results" not in shape(engine)
    engine.dispose()
    with closing(ResultStore(place)) as store:
        run = store.begin("", {"x": 1})
        store.add(run, [Stored("a", "c", False, "{}")])
        assert store.counts(run) == (1, 0)
    assert shape(engine_for(f"sqlite:///{place}")) == whole


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    place = tmp_path / "results.sqlite3"
    place.write_text("no database" * 100)
    with pytest.raises(StoreError, match="结果库不能使用：file is not a database") as told:
        ResultStore(place)
    assert "--out" in told.value.en


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with closing(SqliteFile(tmp_path / "results.sqlite3")) as database:
        run = "INSERT INTO batch_runs (id, name, used, conditions) VALUES (:id, '', '', '{}')"
        with pytest.raises(StoreError, match="UNIQUE"), database.transaction() as ask:
            ask(run, [{"id": "b"}, {"id": "a"}, {"id": "a"}])
        with database.transaction() as ask:
            assert ask("SELECT count(*) FROM batch_runs", {}) == [(0,)]


def test_an_older_database_is_brought_up_to_date(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/old.db")
    migrate(engine)
    whole = shape(engine)
    _down(engine, "0003")
    assert "users" not in shape(engine)
    migrate(engine)
    assert shape(engine) == whole


def test_opening_a_file_of_results_imports_neither_alembic_nor_sqlalchemy(tmp_path: Path) -> None:
    told = (
        "import sys; from pathlib import Path; from coach.storage.results import ResultStore; "
        f"place = Path({str(tmp_path / 'fresh.db')!r}); ResultStore(place).close(); ResultStore(place).close(); "
        "print([name for name in ('alembic', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_older_file_that_cannot_be_brought_up_to_date_is_told(tmp_path: Path) -> None:
    place = tmp_path / "old.sqlite3"
    engine = engine_for(f"sqlite:///{place}")
    migrate(engine)
    _down(engine, "0002")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE batch_runs (other INTEGER)"))  # not ours, and in the way
    engine.dispose()
    with pytest.raises(StoreError, match="结果库不能使用：table batch_runs already exists"):
        ResultStore(place)
