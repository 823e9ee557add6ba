"""What a batch would do, before it does anything: records, calls, tokens, cost, time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from coach.batch.job import Job
from coach.batch.mapping import InputMap
from coach.batch.outputs import DATABASE
from coach.batch.patience import Limits
from coach.batch.prices import Estimate, Price, Prices
from coach.batch.reading import files_of, read_records
from coach.batch.records import Record, Rejected
from coach.content.rubric import Check, Rubric
from coach.grading.arrangement import Question, questions
from coach.grading.house import NO_HOUSE, House
from coach.grading.judge import Judge, Shown
from coach.models.scripted import ScriptedModel
from coach.prompts.render import load_prompt
from coach.records.grade import Transcript

if TYPE_CHECKING:
    from coach.storage.results import ResultStore, Run

_FRAME = 30
"""Characters around a transcript and its question that the prompt adds."""
_REASONS = 20
"""Reasons and speakers that are told; more would not be read."""
_A_TURN = 6
"""Characters that the numbering of a turn adds."""


@dataclass
class Plan:
    """`cost` counts the repeated beginning of the prompts as cached, `cost_uncached` doesn't; None without a price."""

    records: int = 0
    rejected: int = 0
    done: int = 0
    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    cost: float | None = None
    cost_uncached: float | None = None
    cost_by_batch: float | None = None
    currency: str = ""
    as_of: str = ""
    """Which month the price is of."""
    model: str = ""
    prefixes: dict[str, int] = field(default_factory=dict)
    """Tokens of the part of the prompt that is the same for every transcript, by question."""
    reasons: list[Rejected] = field(default_factory=list)
    """The first records that can't be graded."""
    unknown: dict[str, str] = field(default_factory=dict)
    """Speakers whose side can't be told, each with a sentence that says where."""

    @property
    def due(self) -> int:
        return self.records - self.done


def make_plan(
    inputs: Sequence[str | Path],
    out: Path,
    job: Job,
    prices: Prices,
    *,
    limits: Limits | None = None,
    limit: int | None = None,
    store: str | None = None,
    mapping: InputMap | None = None,
) -> Plan:
    """Reads the whole input, sends nothing, writes nothing.

    Raises:
        InputError: an input names no file.
    """
    plan = Plan(model="" if job.judge is None else job.judge.model)
    asked = judged_calls(job)
    guess = prices.estimate
    if job.judge is not None:
        plan.prefixes = {
            question.name: guess.tokens(prefix_of(question.rubric, question.checks, job.house)) for question in asked
        }
    kept = _kept(out, job, store)
    records = read_records(inputs, mapping)
    turns_tokens = 0
    while chunk := list(islice(records, 256)):
        found = [item for item in chunk if isinstance(item, Record)]
        _refused(plan, [item for item in chunk if isinstance(item, Rejected)])
        done = _done(kept, found)
        for record in found:
            if record.transcript.id in done:
                plan.records += 1
                plan.done += 1
            elif limit is None or plan.due < limit:
                plan.records += 1
                turns_tokens += transcript_tokens(record.transcript, guess)
    if kept is not None:
        kept[0].close()
    _count(plan, job, asked, turns_tokens, guess)
    _price(plan, prices.of(plan.model))
    plan.seconds = _seconds(plan, limits or Limits(), guess) if job.judge else 0.0
    return plan


def _refused(plan: Plan, found: Sequence[Rejected]) -> None:
    plan.rejected += len(found)
    plan.reasons += found[: _REASONS - len(plan.reasons)]
    for item in found:
        if item.speaker and len(plan.unknown) < _REASONS:
            plan.unknown.setdefault(item.speaker, item.reason)


def judged_calls(job: Job) -> list[Question]:
    """What the judge is asked about one transcript, in the grader's own grouping."""
    asked = [(rubric, [check for check in rubric.checks if check.decided_by != "code"]) for rubric in job.rubrics]
    return questions(asked, job.judge.passes if job.judge else 1)


def prefix_of(rubric: Rubric, checks: Sequence[Check], house: House = NO_HOUSE) -> str:
    """What the judge is told of a rubric and of the house rules, the same for every transcript."""
    told = Judge(ScriptedModel([]), load_prompt("judge")).messages(rubric, checks, Shown("", house))
    return told[0].content + "".join((*house.rules, *house.must_not))


def transcript_tokens(transcript: Transcript, guess: Estimate) -> int:
    return guess.tokens("".join(turn.text for turn in transcript.turns)) + round(
        (_A_TURN * len(transcript.turns) + _FRAME) * guess.tokens_per_chinese_character
    )


def _count(plan: Plan, job: Job, asked: Sequence[Question], turns_tokens: int, guess: Estimate) -> None:
    if job.judge is None:
        return
    each = len(asked) * job.votes
    plan.calls = plan.due * each
    ids = sum(guess.tokens("、".join(check.id for check in question.checks)) for question in asked) * job.votes
    prefix = sum(plan.prefixes.values()) * job.votes
    plan.prompt_tokens = plan.due * (prefix + ids) + turns_tokens * each
    # the first call of each rubric fills the cache; with several votes every order of the checks has its own
    plan.cached_tokens = max(0, plan.due - 1) * prefix
    plan.completion_tokens = round(
        plan.due * job.votes * guess.answer_tokens_per_check * sum(len(question.checks) for question in asked)
    )


def _price(plan: Plan, price: Price | None) -> None:
    if price is None:
        return
    plan.currency, plan.as_of = price.currency, price.as_of
    plan.cost = price.cost(plan.prompt_tokens, plan.completion_tokens, plan.cached_tokens)
    plan.cost_uncached = price.cost(plan.prompt_tokens, plan.completion_tokens)
    plan.cost_by_batch = price.batch * plan.cost_uncached


def _seconds(plan: Plan, limits: Limits, guess: Estimate) -> float:
    """The slowest of: answers one after the other in so many lanes, requests a minute, tokens a minute."""
    lanes = math.ceil(plan.calls / limits.concurrency) * guess.seconds_per_answer
    by_requests = 60 * plan.calls / limits.rpm if limits.rpm else 0.0
    by_tokens = 60 * (plan.prompt_tokens + plan.completion_tokens) / limits.tpm if limits.tpm else 0.0
    return max(lanes, by_requests, by_tokens)


def _kept(out: Path, job: Job, store: str | None) -> tuple[ResultStore, Run] | None:
    """The run that would be gone on with, if there is one."""
    if store is None and not (out / DATABASE).exists():
        return None
    from coach.batch.run import name_of
    from coach.storage.results import ResultStore

    kept = ResultStore(store or out / DATABASE)
    run = kept.find(name_of(out, store), job.conditions)
    if run is None:
        kept.close()
        return None
    return kept, run


def _done(kept: tuple[ResultStore, Run] | None, records: Sequence[Record]) -> set[str]:
    if kept is None:
        return set()
    from coach.storage.results import key_of

    store, run = kept
    known = store.known(run, [key_of(record.transcript.id) for record in records])
    return {
        record.transcript.id for record in records if known.get(key_of(record.transcript.id)) == (record.content, False)
    }


def count_records(inputs: Sequence[str | Path], mapping: InputMap | None = None) -> int | None:
    """How many records there are, for a progress bar: lines of JSON Lines (quick), else by reading; None for standard input."""
    files = files_of(inputs)
    if None in files:
        return None
    lines, others = 0, list[Path]()
    for path in files:
        assert path is not None
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            with path.open("rb") as stream:
                lines += sum(1 for line in stream if not line.isspace())
        else:
            others.append(path)
    return lines + (sum(1 for _ in read_records(others, mapping)) if others else 0)
