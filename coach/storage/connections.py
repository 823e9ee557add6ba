"""Two ways to a database of results, spoken to in the same SQL: a SQLite file by Python's own driver, a server by SQLAlchemy.

A file goes without SQLAlchemy, whose import takes longer than grading fifty calls.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from coach.errors import StoreError
from coach.storage.schema import PRAGMAS, VERSIONS, newest, statements

Values = Mapping[str, Any]
Rows = list[Sequence[Any]]
Ask = Callable[[str, Values | Sequence[Values]], Rows]
"""Runs a statement with named parameters (`:name`) and returns what it selects; with several sets of values, once for each."""


class Database(Protocol):
    """`bytewise`: the collation that compares text byte by byte."""

    bytewise: str

    def transaction(self) -> AbstractContextManager[Ask]:
        """What is asked inside is on disk when it ends. Raises StoreError when the database fails."""
        ...

    def close(self) -> None: ...


class SqliteFile:
    """A file, made when it isn't there. One thread at a time."""

    bytewise = "BINARY"

    def __init__(self, path: Path) -> None:
        self._one_at_a_time = threading.Lock()
        try:
            self._open(path)
        except sqlite3.Error as error:
            raise _unusable(error) from error

    def _open(self, path: Path) -> None:
        if _is_older(path):
            Server(f"sqlite:///{path}").close()  # brings it up to date
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        if not _tables(self._connection):
            self._connection.execute("BEGIN IMMEDIATE")
            if not _tables(self._connection):  # nobody else was quicker
                for statement in statements():
                    self._connection.execute(statement)
            self._connection.execute("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[Ask]:
        connection = self._connection
        with self._one_at_a_time:
            try:
                connection.execute("BEGIN")
                yield self._ask
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise _unusable(error) from error
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _ask(self, statement: str, values: Values | Sequence[Values]) -> Rows:
        if isinstance(values, Mapping):
            return self._connection.execute(statement, values).fetchall()
        self._connection.executemany(statement, values)
        return []

    def close(self) -> None:
        self._connection.close()


class Server:
    """A database by its URL: PostgreSQL. Its tables are brought up to date.

    Raises:
        StoreError: the URL can't be used, or the database can't be reached.
    """

    def __init__(self, url: str) -> None:
        from sqlalchemy.exc import ArgumentError, DBAPIError

        from coach.storage.database import engine_for, migrate

        try:
            self._engine = engine_for(url)
        except (ArgumentError, ImportError) as error:
            raise StoreError(
                "结果库的地址不能用：应当像 postgresql://用户:密码@主机/库名（要先 pip install 'hotline-coach[postgres]'）。",
                "The address of the result store can't be used: it looks like postgresql://user:password@host/name "
                "(needs pip install 'hotline-coach[postgres]').",
            ) from error
        self._failure = DBAPIError
        self.bytewise = "C" if self._engine.dialect.name == "postgresql" else "BINARY"
        self._percent = self._engine.dialect.paramstyle == "pyformat"
        try:
            migrate(self._engine)
        except DBAPIError as error:
            raise _unusable(error.orig) from error

    @contextmanager
    def transaction(self) -> Iterator[Ask]:
        try:
            with self._engine.begin() as connection:

                def ask(statement: str, values: Values | Sequence[Values]) -> Rows:
                    if self._percent:
                        statement = _NAMED.sub(r"%(\1)s", statement)
                    given = dict(values) if isinstance(values, Mapping) else [dict(each) for each in values]
                    found = connection.exec_driver_sql(statement, given)
                    return list(found.all()) if found.returns_rows else []

                yield ask
        except self._failure as error:
            raise _unusable(error.orig) from error

    def close(self) -> None:
        self._engine.dispose()


_NAMED = re.compile(r":(\w+)")


def _is_older(path: Path) -> bool:
    """Whether a file has tables that aren't those of the newest migration."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path)) as connection:
        tables = _tables(connection)
        if not tables:
            return False
        if VERSIONS not in tables:
            return True
        found = connection.execute(f"SELECT version_num FROM {VERSIONS}").fetchone()
        return found is None or found[0] != newest()


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _unusable(error: BaseException | None) -> StoreError:
    told = str(error) if error else ""
    cause = told.splitlines()[0] if told else type(error).__name__
    return StoreError(
        f"结果库不能使用：{cause}。请检查 --out 文件夹（或 --store 的数据库）的权限和剩余空间，再运行同一条命令接着评。",
        f"The result store can't be used: {cause}. Check permissions and free space of the --out folder (or the database of "
        "--store), and run the same command to go on.",
    )
