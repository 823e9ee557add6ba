"""What the people outside see and steer of a running batch: its progress, and a stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from coach.errors import CoachError


@dataclass
class Progress:
    """How far a batch is. Written by the batch, read by whoever shows it."""

    total: int | None = None
    """Records of the input; None while nobody has counted."""
    graded: int = 0
    skipped: int = 0
    rejected: int = 0
    failed: int = 0
    """Graded, but a model's failure left checks unscored; due again in the next run."""
    requests: int = 0
    retries: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    cost: float | None = None
    """In the price table's currency; None when the model has no price there."""
    currency: str = ""
    phase: str = "reading"
    """reading, grading, waiting (for a provider's batch), writing, done"""
    started: float = field(default_factory=time.monotonic)

    @property
    def seen(self) -> int:
        return self.graded + self.skipped + self.rejected

    @property
    def per_second(self) -> float:
        return self.graded / max(1e-3, time.monotonic() - self.started)

    @property
    def seconds_left(self) -> float | None:
        """None while it can't be told."""
        if self.total is None or self.graded < 3:
            return None
        return max(0, self.total - self.seen) / max(1e-6, self.per_second)


class BatchStopped(CoachError):
    """The batch stopped before its end; what was finished is kept."""

    code = "batch_stopped"


class Control:
    """A request to stop, from any thread or a signal handler; the batch looks at it between steps."""

    def __init__(self, watch: Callable[[Progress], None] | None = None) -> None:
        self.progress = Progress()
        self.reason: BatchStopped | None = None
        self._cancelled = threading.Event()
        self._watch = watch

    def cancel(self) -> None:
        """No new record is begun; what is under way is finished and kept."""
        self._cancelled.set()

    def fail(self, reason: BatchStopped) -> None:
        """Stops because going on makes no sense."""
        self.reason = self.reason or reason
        self._cancelled.set()

    @property
    def stopping(self) -> bool:
        return self._cancelled.is_set()

    @property
    def cancelled(self) -> bool:
        """Stopped because somebody asked, not because everything failed."""
        return self.stopping and self.reason is None

    def tell(self) -> None:
        if self._watch is not None:
            self._watch(self.progress)
