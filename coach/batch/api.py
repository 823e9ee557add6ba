"""The way in from Python: everything `coach evaluate` does, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coach.batch.control import Control
from coach.batch.job import Job
from coach.batch.local import LocalEngine
from coach.batch.mapping import InputMap
from coach.batch.run import Engine, Options, Summary, run_batch
from coach.settings import Settings


def evaluate(
    inputs: Sequence[str | Path] | str | Path,
    out: str | Path,
    *,
    rubrics: Sequence[str] = ("all",),
    offline: bool = False,
    votes: int = 1,
    language: str = "zh",
    house_rules: bool = False,
    mapping: InputMap | None = None,
    options: Options | None = None,
    control: Control | None = None,
    settings: Settings | None = None,
    engine: Engine | None = None,
) -> Summary:
    """Grades transcripts into the folder `out`; running it again goes on where it stopped.

    Args:
        inputs: files, folders, patterns, or "-" for standard input.
        rubrics: ids, or "all"; the red lines always count.
        offline: decide by rules without a model (also when none is configured).
        votes: how often the judge is asked about every check.
        language: of reasons and feedback, "zh" or "en".
        house_rules: whether the judge is shown the rules of operator.yaml, for telling a false promise.
        mapping: columns and speakers where they can't be told (`parse_map`).
        options: pace, limit, processes, result store.
        control: to watch progress and to cancel, from any thread.
        settings: read from the environment when left out.

    Raises:
        InputError, ContentError, NotFound, SettingsError, StoreError: sentences for whoever called.
    """
    told = settings or Settings.load()
    job = Job.of(told, rubrics, offline=offline, votes=votes, language=language, house_rules=house_rules)
    given = [inputs] if isinstance(inputs, str | Path) else inputs
    return run_batch(
        given, Path(out), job, told, engine or LocalEngine(), options=options, mapping=mapping, control=control
    )
