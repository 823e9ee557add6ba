"""The newest state of the tables, for whoever opens a SQLite file. No library is imported: a batch of one call waits for it."""

from __future__ import annotations

from importlib.resources import files

VERSIONS = "alembic_version"
"""The table in which Alembic keeps how far a database is."""
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON")
"""WAL lets others read while one writes; NORMAL keeps commits that finished through a crash of the program."""


def newest() -> str:
    """The newest migration's number."""
    versions = files("coach.storage") / "migrations" / "versions"
    return max(file.name[:4] for file in versions.iterdir() if file.name.endswith(".py") and file.name[:4].isdigit())


def statements() -> list[str]:
    """What makes the tables of an empty SQLite file and notes their version."""
    script = (files("coach.storage") / "schema.sql").read_text("utf-8")
    lines = (line for line in script.splitlines() if not line.startswith("--"))
    return [statement.strip() for statement in "\n".join(lines).split(";") if statement.strip()]
