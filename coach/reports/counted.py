"""What code counted in a call, as a table: the same every time, nobody's opinion."""

from __future__ import annotations

from collections.abc import Mapping

from coach.records.grade import Grade
from coach.reports.model import Picture
from coach.reports.wording import Say

ROWS = (
    "agent_turns",
    "agent_char_share",
    "longest_turn_chars",
    "digits_per_sentence_max",
    "open_questions",
    "closed_questions",
    "closed_run_max",
    "layers_reached",
    "forbidden",
    "fillers",
    "apologies",
    "repeated_turns",
    "waits",
    "bare_waits",
    "end_upset",
)
_FIRSTS = ("feeling", "question", "matter")


def counted(grade: Grade, say: Say) -> tuple[Picture, ...]:
    """The table, or nothing for a grade of a time when less was counted."""
    facts = grade.facts
    rows = [(say(f"counted.{name}"), _value(name, facts[name])) for name in ROWS if name in facts]
    if not rows:
        return ()
    order = _order(facts, say)
    return (
        Picture(
            id="counted",
            title=say("counted.heading"),
            note=say("counted.intro"),
            says=order,
            wide="",
            narrow="",
            head=(say("counted.what"), say("counted.count")),
            rows=((say("counted.order"), order), *rows),
        ),
    )


def _value(name: str, value: float) -> str:
    return f"{value:.0%}" if name == "agent_char_share" else f"{value:g}"


def _order(facts: Mapping[str, float | int], say: Say) -> str:
    """What came first after the customer's first strong feeling: feeling, question, matter, each with its line."""
    found = sorted(
        (facts[f"first_{name}_line"], at) for at, name in enumerate(_FIRSTS) if facts.get(f"first_{name}_line")
    )
    parts = [say(f"counted.{_FIRSTS[at]}", n=int(line)) for line, at in found]
    if facts.get("first_upset_line"):
        parts = [say("counted.upset", n=int(facts["first_upset_line"])), *parts]
    return say("counted.then").join(parts) if parts else say("counted.none")
