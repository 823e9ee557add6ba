"""The tables. Records go in and out as JSON; only what is searched or must be unique has a column."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, Integer, String, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine


class Json(TypeDecorator[Any]):
    """JSON; in PostgreSQL JSONB, which is imported only there: it takes longer than opening the database."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON())
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB())


class Base(DeclarativeBase):
    pass


class CallRow(Base):
    __tablename__ = "calls"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str | None] = mapped_column(String(32))
    persona: Mapped[str] = mapped_column(String(64))
    case: Mapped[str] = mapped_column("case_id", String(64))
    parent: Mapped[str] = mapped_column(String(32), server_default="")
    """The call it branched off; empty for a call of its own."""
    trainee: Mapped[str] = mapped_column(String(64), server_default="")
    """The user whose call it is; empty for calls of the open page."""
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    """The call without its turns: exercise as it was, seed, provenance, language."""

    __table_args__ = (Index("ix_calls_created", "created"), Index("ix_calls_trainee", "trainee", "created"))


class UserRow(Base):
    __tablename__ = "users"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The name without upper case: two spellings are one name."""
    name: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str] = mapped_column(String(200))
    """An Argon2id hash with its salt and costs."""
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class TurnRow(Base):
    __tablename__ = "turns"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    call: Mapped[str] = mapped_column("call_id", ForeignKey("calls.id", ondelete="CASCADE"))
    index: Mapped[int] = mapped_column("turn_index", Integer)
    body: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (UniqueConstraint("call_id", "turn_index", name="uq_turn_of_call"),)


class NoteRow(Base):
    """What the trainee wrote around a call. Append-only."""

    __tablename__ = "notes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    call: Mapped[str] = mapped_column("call_id", ForeignKey("calls.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    body: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (Index("ix_notes_call", "call_id", "kind", "created"),)


class GradeRow(Base):
    """Append-only: grading again adds a row."""

    __tablename__ = "grades"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    call: Mapped[str] = mapped_column("call_id", ForeignKey("calls.id", ondelete="CASCADE"))
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    body: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (Index("ix_grades_call", "call_id", "created"),)
