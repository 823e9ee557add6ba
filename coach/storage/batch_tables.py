"""The tables of batches: runs, their results, and what was handed to a provider's batch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, DateTime, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coach.storage.tables import Base, Json

LONGEST_KEY = 200


class RunRow(Base):
    __tablename__ = "batch_runs"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    used: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """When it was last begun or gone on with."""
    conditions: Mapped[dict[str, Any]] = mapped_column(Json)


class ResultRow(Base):
    __tablename__ = "batch_results"

    run: Mapped[str] = mapped_column("run_id", ForeignKey("batch_runs.id", ondelete="CASCADE"), primary_key=True)
    record: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    content: Mapped[str] = mapped_column(String(32))
    failed: Mapped[bool] = mapped_column(Boolean)
    body: Mapped[str] = mapped_column(Text)


class AnswerRow(Base):
    """A request that was handed to a provider's batch, and its answer once it is there."""

    __tablename__ = "batch_answers"

    run: Mapped[str] = mapped_column("run_id", ForeignKey("batch_runs.id", ondelete="CASCADE"), primary_key=True)
    request: Mapped[str] = mapped_column(String(64), primary_key=True)
    job: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, server_default="")

    __table_args__ = (Index("ix_batch_answers_job", "run_id", "job"),)
