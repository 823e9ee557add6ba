"""An empty database gets its tables at once; they must be those that the migrations leave."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from coach.storage.database import _create, _upgrade, engine_for, migrate, newest


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


def test_an_older_database_is_brought_up_to_date(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/old.db")
    migrate(engine)
    whole = shape(engine)
    with engine.begin() as connection:
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", "coach/storage/migrations")
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    assert "users" not in shape(engine)
    migrate(engine)
    assert shape(engine) == whole


def test_opening_a_result_store_imports_neither_alembic_nor_postgresql(tmp_path: Path) -> None:
    told = (
        "import sys; from coach.storage.results import ResultStore; "
        f"ResultStore('sqlite:///{tmp_path}/fresh.db').close(); ResultStore('sqlite:///{tmp_path}/fresh.db').close(); "
        "print([name for name in ('alembic', 'sqlalchemy.dialects.postgresql') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
