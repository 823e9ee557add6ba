"""The process that workers are forked from. Importing everything takes it about a second; so it is started before all else."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import Lock
from typing import Any

HELP_FROM = 16
"""Requests at a time from which processes help: finishing a grade takes more CPU than asking for it."""
_LARGE = 200_000
"""Bytes of input from which there are surely enough records for processes to pay."""


def start_early(inputs: Iterable[str], *, processes: int, concurrency: int, offline: bool) -> None:
    """Starts it when workers are going to be wanted, as far as that can be told before anything is read."""
    if processes == 1 or (processes or os.cpu_count() or 1) < 2 or not (offline or concurrency >= HELP_FROM):
        return
    files = (Path(given) for given in inputs)
    if sum(file.stat().st_size for file in files if file.is_file()) < _LARGE:
        return
    if context().get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        with interrupts_held():
            ensure_running()


def context() -> BaseContext:
    """Where the system can, workers are forked from a process that has imported everything once, and little else to copy."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    forked = multiprocessing.get_context("forkserver")
    forked.set_forkserver_preload(["coach.batch.warm"])
    return forked


@contextmanager
def interrupts_held() -> Iterator[None]:
    """What is started meanwhile inherits it: a Ctrl-C that reaches it before it is ready must not break it. The parent's own comes
    right after."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_hiding = Lock()


@contextmanager
def script_left_out() -> Iterator[None]:
    """Processes started meanwhile don't run the script that started this one. Python has them import it, for functions that stand in
    it; ours don't, and a script that calls `evaluate` without `if __name__ == "__main__"` would grade within its own workers."""
    script = sys.modules["__main__"]
    with _hiding:
        # by these two multiprocessing.spawn.get_preparation_data tells where a script is
        known: dict[str, Any] = {name: vars(script)[name] for name in ("__spec__", "__file__") if name in vars(script)}
        vars(script).update({"__spec__": None, "__file__": None})
        try:
            yield
        finally:
            del vars(script)["__spec__"], vars(script)["__file__"]
            vars(script).update(known)
