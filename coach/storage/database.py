"""Opening a database and bringing its tables up to date. Whatever is not needed for that is not imported: a batch of one call waits for it."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Any

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.pool import StaticPool

from coach.storage.batch_tables import ResultRow

_TABLES = ResultRow.metadata
"""All tables: those of calls, and those of batches, which are known since their module is imported."""
_VERSIONS = "alembic_version"


def engine_for(url: str) -> Engine:
    """The engine of a database URL. Raises what SQLAlchemy raises for URLs that can't be used."""
    in_memory = make_url(url).get_backend_name() == "sqlite" and not make_url(url).database
    # one connection for all threads, or each thread would meet an empty database of its own
    engine = (
        create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
        if in_memory
        else create_engine(url)
    )
    if make_url(url).get_backend_name() == "sqlite":

        @event.listens_for(engine, "connect")
        def _set_up(connection, _record) -> None:  # type: ignore[no-untyped-def]
            # WAL lets the page read while a call is written; NORMAL keeps commits that finished through a crash of the program
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")

    return engine


def insert_for(engine: Engine) -> Any:
    """The dialect's `insert`, which knows `on_conflict_do_update`."""
    if engine.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert


def migrate(engine: Engine) -> None:
    """Brings the tables up to date. An empty SQLite file gets them at once, as the migrations would leave them."""
    with engine.begin() as connection:
        tables = inspect(connection).get_table_names()
        if _VERSIONS in tables and _version(connection) == newest():
            return
        if not tables and engine.dialect.name == "sqlite":
            _create(connection)
        else:
            _upgrade(connection)


def newest() -> str:
    """The newest migration's number."""
    versions = files("coach.storage") / "migrations" / "versions"
    return max(file.name[:4] for file in versions.iterdir() if file.name.endswith(".py") and file.name[:4].isdigit())


def _version(connection: Connection) -> str | None:
    found: str | None = connection.execute(text(f"SELECT version_num FROM {_VERSIONS}")).scalar()
    return found


def _create(connection: Connection) -> None:
    _TABLES.create_all(connection)
    connection.execute(text(f"CREATE TABLE {_VERSIONS} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text(f"INSERT INTO {_VERSIONS} VALUES (:version)"), {"version": newest()})


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    with as_file(files("coach.storage") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
