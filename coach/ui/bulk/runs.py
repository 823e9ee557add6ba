"""Starts and stops the processes that work on runs. What they find stands in the runs' folders, so a new start of the server knows it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from coach.errors import CallState, CoachError
from coach.settings import Settings
from coach.ui.bulk.folders import UNDER_WAY, RunFolder, Shelf, State
from coach.ui.bulk.render import bulk_wording

LOOK_TIMEOUT_S = 600
_ROOT = str(Path(__file__).resolve().parents[3])
_CODE = (
    "import sys; sys.path.insert(0, sys.argv[1]); from coach.ui.bulk.worker import main; sys.exit(main(*sys.argv[2:]))"
)


class Runs:
    """The processes of this server. One run a trainer at a time; they share the machine politely (nice)."""

    def __init__(self, settings: Settings) -> None:
        self.shelf = Shelf(settings.data)
        self._going: dict[Path, subprocess.Popen[bytes]] = {}

    def under_way(self, run: RunFolder) -> bool:
        """Whether a process is grading this run, of this server or one that an earlier start left behind."""
        if run.state.phase not in UNDER_WAY:
            return False  # its process may still be on its way out
        process = self._going.get(run.path)
        if process is not None:
            if process.poll() is None:
                return True
            del self._going[run.path]
        return run.in_use

    def state(self, run: RunFolder) -> State:
        """How far a run is; one whose process is gone before its end is `failed`, with nothing said."""
        going = self.under_way(run)  # asked first: a process may end between the two
        state = run.state
        if state.phase in UNDER_WAY and not going:
            return state.model_copy(update={"phase": "failed"})
        return state

    def stopping(self, run: RunFolder) -> bool:
        """Whether it is finishing: it was asked to stop, or its server is gone."""
        process = self._going.get(run.path)
        return process is None or process.stdin is None or process.stdin.closed

    def busy(self, owner: str) -> RunFolder | None:
        """The owner's run that is under way."""
        return next((run for run in self.shelf.of(owner) if self.under_way(run)), None)

    async def work(self, command: str, run: RunFolder) -> None:
        """`look` or `plan` in a process of its own.

        Raises:
            CoachError: what the process says went wrong.
        """
        done = await asyncio.to_thread(_finish, command, run)
        if done.returncode == 0:
            return
        try:
            told = json.loads(done.stdout)
        except ValueError:
            raise _broken() from None
        raise CoachError(told["zh"], told["en"])

    def start(self, owner: str, run: RunFolder) -> None:
        """Begins grading, or goes on with it.

        Raises:
            CallState: another run of this owner is under way.
        """
        if self.busy(owner) is not None:
            both = bulk_wording().languages("fault.busy")
            raise CallState(both["zh"], both["en"])
        run.keep("state", State(phase="starting"))
        with (run.path / "worker.log").open("wb") as log:
            self._going[run.path] = subprocess.Popen(
                [sys.executable, "-c", _CODE, _ROOT, "run", str(run.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,  # a Ctrl-C for the server isn't one for the run: it learns by the end of its input
            )

    def cancel(self, run: RunFolder) -> None:
        """Asks the run to finish what is under way and stop."""
        process = self._going.get(run.path)
        if process is not None and process.stdin is not None and not process.stdin.closed:
            process.stdin.close()

    def remove(self, run: RunFolder) -> None:
        """Deletes a run with all its transcripts and results.

        Raises:
            CallState: it is under way.
        """
        if self.under_way(run):
            both = bulk_wording().languages("fault.under_way")
            raise CallState(both["zh"], both["en"])
        run.remove()


def _finish(command: str, run: RunFolder) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [sys.executable, "-c", _CODE, _ROOT, command, str(run.path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LOOK_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _broken() from error


def _broken() -> CoachError:
    both = bulk_wording().languages("fault.broken")
    return CoachError(both["zh"], both["en"])
