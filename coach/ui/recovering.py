"""The recovery card after a heated or harassing call: offered, never forced, and for the trainee alone."""

from __future__ import annotations

from collections.abc import Mapping

from coach.content.recovery import RecoveryCard
from coach.practice import Practice
from coach.records.call import Call
from coach.records.notes import Recovery
from coach.ui.memory import Memory
from coach.ui.render import render
from coach.ui.visitor import Visitor

HOT = 80
"""Heat from which on a call counts as one that may hurt."""
TEXTS = ("event", "belief", "consequence", "reframed")
FIELDS = (*TEXTS, *(f"answer{number}" for number in range(10)))
MOST_CHARS = 600


def card_for(practice: Practice, call: Call) -> RecoveryCard | None:
    """The card when this call is one to recover from: it is over, and the customer was furious or harassing."""
    hottest = max(turn.step.state.heat for turn in call.turns if turn.step is not None)
    hard = call.exercise.persona.harassing or hottest >= HOT
    return practice.library.recovery if hard and call.outcome is not None else None


def is_own(call: Call, visitor: Visitor) -> bool:
    """Whether the visitor made the call; on the open page, whether this browser did. Trainers never see another's."""
    return visitor.viewer.owns(call) and (visitor.viewer.logged_in or call.id in visitor.memory.calls)


def read_entry(card: RecoveryCard, sent: Mapping[str, str]) -> tuple[Recovery, dict[int, int]]:
    """What was filled in, and the answers by question (an unfinished self-test has no result and is not kept)."""
    picked = {}
    for number in range(len(card.questions)):
        answer = sent.get(f"answer{number}", "")
        if answer in map(str, range(len(card.scale))):
            picked[number] = int(answer)
    whole = tuple(picked.values()) if len(picked) == len(card.questions) else ()
    texts = {name: sent.get(name, "").strip()[:MOST_CHARS] for name in TEXTS}
    return Recovery.model_validate({"answers": whole, **texts}), picked


def save_entry(practice: Practice, call: Call, memory: Memory, entry: Recovery) -> None:
    """Keeps an entry that has anything in it, for the browser that wrote it."""
    if entry != Recovery():
        practice.write_note(call.id, entry.model_copy(update={"owner": memory.owner}))


def latest_entry(practice: Practice, call: Call, memory: Memory) -> Recovery:
    """What this browser wrote last; empty for every other one."""
    notes = practice.store.notes(call.id, "recovery")
    own = [note.recovery for note in notes if note.recovery and memory.owner and note.recovery.owner == memory.owner]
    return own[-1] if own else Recovery()


def recovery_html(
    card: RecoveryCard, entry: Recovery, language: str, *, picked: Mapping[int, int] | None = None, saved: bool = False
) -> str:
    """The card. `picked`: answers of a self-test that is not finished."""
    return render(
        "recovery",
        language,
        card=card,
        entry=entry,
        picked=dict(enumerate(entry.answers)) if picked is None else picked,
        result=card.result(entry.answers, language),
        unfinished=bool(picked) and not entry.answers,
        saved=saved and entry != Recovery(),
        most=MOST_CHARS,
    )


def recovery_line(practice: Practice, call: Call, language: str) -> str:
    """The quiet line that leads to the card; empty when the call was not a hard one."""
    return render("recovery_line", language) if card_for(practice, call) else ""
