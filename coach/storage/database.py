"""Opening a database and bringing its tables up to date. Whatever is not needed for that is not imported: a batch of one call waits for it."""

from __future__ import annotations

from importlib.resources import as_file, files

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.pool import StaticPool

from coach.storage.schema import PRAGMAS, VERSIONS, newest, statements


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
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")

    return engine


def migrate(engine: Engine) -> None:
    """Brings the tables up to date. An empty SQLite file gets them at once, as the migrations would leave them."""
    with engine.begin() as connection:
        tables = inspect(connection).get_table_names()
        if VERSIONS in tables and _version(connection) == newest():
            return
        if not tables and engine.dialect.name == "sqlite":
            _create(connection)
        else:
            _upgrade(connection)


def _version(connection: Connection) -> str | None:
    found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar()
    return found


def _create(connection: Connection) -> None:
    for statement in statements():
        connection.exec_driver_sql(statement)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    with as_file(files("coach.storage") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
