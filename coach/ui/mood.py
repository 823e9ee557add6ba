"""The live mood of practice mode: three bars with words, what the last words changed, the stage of the call."""

from __future__ import annotations

from dataclasses import dataclass

from coach.content.moves import Vocabulary
from coach.customer.words import trigger_name
from coach.records.call import Call, Change, Stage
from coach.ui.wording import words

BANDS = {"heat": (20, 40, 60, 80), "trust": (20, 40, 60, 80), "patience": (15, 32, 60, 85)}
"""Where the next word begins: the five words of a scale are a to e in wording.yaml."""
SHOWN = 3
"""Causes shown at most; more would not be read during a call."""
EVENTS = ("released", "concern", "landed", "agreed", "trapped", "boundary")


@dataclass(frozen=True)
class Bar:
    name: str
    label: str
    value: int
    word: str
    moved: int
    mark: int = 0
    """Where on the scale an offer begins to land (heat only)."""


@dataclass(frozen=True)
class Step:
    label: str
    state: str
    """done, now or ahead."""


@dataclass(frozen=True)
class Mood:
    bars: tuple[Bar, ...]
    changes: tuple[str, ...]
    events: tuple[str, ...]
    stages: tuple[Step, ...]
    begun: bool
    lands: str


def mood_of(call: Call, vocabulary: Vocabulary, language: str) -> Mood:
    """What the panel shows after the customer's last line."""
    say = words(language)
    last = next(turn for turn in reversed(call.turns) if turn.step is not None)
    assert last.step is not None
    changes, state = last.step.changes, last.step.state
    lands = call.exercise.persona.temper.lands_below
    harassing = call.exercise.persona.harassing
    bars = tuple(
        Bar(
            name=name,
            label=say(f"mood.{name}"),
            value=value,
            word=say(f"mood.{name}_words.{_band(name, value)}"),
            moved=_moved(changes, name),
            mark=lands if name == "heat" and not harassing else 0,
        )
        for name, value in (("heat", state.heat), ("trust", state.trust), ("patience", state.patience))
    )
    reached = list(Stage).index(state.stage)
    return Mood(
        bars=bars,
        changes=_reasons(changes, vocabulary, language),
        events=tuple(say(f"mood.{what}") for what in EVENTS if _happened(changes, what)),
        stages=tuple(
            Step(say(f"stage.{stage}"), "done" if place < reached else "now" if place == reached else "ahead")
            for place, stage in enumerate(Stage)
        ),
        begun=last.index > 0,
        lands="" if harassing else say("mood.lands", n=lands),
    )


def _band(name: str, value: int) -> str:
    return "abcde"[sum(value >= edge for edge in BANDS[name])]


def _moved(changes: tuple[Change, ...], name: str) -> int:
    own = [change for change in changes if change.what == name]
    return int(own[-1].after) - int(own[0].before) if own else 0


def _happened(changes: tuple[Change, ...], what: str) -> bool:
    found = [change for change in changes if change.what == what]
    if what == "agreed":
        return any(change.after == "True" for change in found)
    return bool(found)


def _reasons(changes: tuple[Change, ...], vocabulary: Vocabulary, language: str) -> tuple[str, ...]:
    """What moved the scales, a line for each cause with all that it moved; the weightiest, in the order they happened."""
    say = words(language)
    causes: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        if change.what in BANDS:
            causes.setdefault((change.trigger, change.quote), []).append(change)
    if len(causes) > 1:  # every turn takes a little time: worth saying only when nothing else happened
        causes = {cause: moved for cause, moved in causes.items() if cause[0] != "time_passes"}
    weight = {cause: sum(abs(int(one.after) - int(one.before)) for one in moved) for cause, moved in causes.items()}
    weightiest = sorted(causes, key=lambda cause: -weight[cause])[:SHOWN]
    between = ", " if language == "en" else "，"
    return tuple(
        say(
            "mood.because",
            why=_cause(trigger, quote, vocabulary, language),
            moved=between.join(
                say("mood.moved", name=say(f"mood.{one.what}"), before=one.before, after=one.after) for one in moved
            ),
        )
        for (trigger, quote), moved in causes.items()
        if (trigger, quote) in weightiest
    )


def _cause(trigger: str, quote: str, vocabulary: Vocabulary, language: str) -> str:
    why = trigger_name(trigger, language, vocabulary)
    return words(language)("mood.quoted", why=why, quote=quote) if quote else why
