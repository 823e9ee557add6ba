"""The front desk: looks a call up in the store and says what the page shows of it. No gradio, no streams."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal, NotRequired, TypedDict

from coach.content.moves import MoveId, Vocabulary
from coach.customer.words import trigger_name
from coach.errors import CoachError, NotFound
from coach.practice import Practice
from coach.records.call import Call, Outcome, Speaker
from coach.reports.summary import ending_sentence, local_time
from coach.reports.wording import report_wording
from coach.settings import Settings
from coach.ui.cards import cards
from coach.ui.concerns import concerns_of
from coach.ui.growth import growth
from coach.ui.hints import hints_of
from coach.ui.memory import KEPT_CALLS
from coach.ui.mood import mood_of
from coach.ui.render import chat_text, render
from coach.ui.studio.shown import Studio
from coach.ui.viewer import Viewer
from coach.ui.visitor import Visitor
from coach.ui.wording import words

View = Literal["choose", "call", "report", "mine", "order", "recovery", "studio", "bulk", "remarks", "roster"]


class Box(TypedDict):
    """The line the trainee writes in. `text` replaces what stands in it."""

    open: bool
    placeholder: str
    send: str
    text: NotRequired[str]


class Shown(TypedDict, total=False):
    """What changes on the page; a part that is not named stays as it is."""

    view: View
    top: str
    choose: str
    head: str
    mood: str
    brief: str
    chat: list[dict[str, str]]
    status: str
    box: Box
    report: str
    below: str
    """Under the report: questions, note, dispute. Apart from it, so that what is folded out above stays so."""
    files: dict[str, str]
    """Where the report lies, by form; empty while there is none."""
    files_language: str
    mine: str
    order: str
    recovery: str
    studio: Studio
    remarks: str
    roster: str
    bulk_top: str
    bulk: str
    bulk_upload: str
    """What the upload is called; empty where there is none."""
    bulk_tick: bool
    """Whether the page asks every second how far the run is."""
    memory: dict[str, Any]


class Desk:
    """Everything the page shows, as HTML and plain values, in the language asked for."""

    def __init__(self, practice: Practice, settings: Settings) -> None:
        self.practice = practice
        self.settings = settings

    def own(self, call_id: str, viewer: Viewer) -> Call | None:
        """The visitor's own call with this id. Ids come from the browser: another's is as good as none."""
        call = self._call(call_id)
        return call if call is not None and viewer.owns(call) else None

    def readable(self, call_id: str, viewer: Viewer) -> Call | None:
        """A call whose report the visitor may read: their own, for trainers everybody's."""
        call = self._call(call_id)
        return call if call is not None and viewer.may_read(call) else None

    def kin(self, call: Call, other: str) -> Call | None:
        """The call `other` when it is the same trainee's: a branch or what it branched off."""
        found = self._call(other)
        return found if found is not None and found.trainee == call.trainee else None

    def _call(self, call_id: str) -> Call | None:
        try:
            return self.practice.store.call(call_id) if call_id else None
        except NotFound:
            return None

    def top(self, view: View, visitor: Visitor) -> str:
        """The bar above every view. What is for trainers stands there for trainers only."""
        said = self.settings
        return render(
            "top",
            visitor.language,
            view=view,
            viewer=visitor.viewer,
            offline=self.practice.offline,
            missing=", ".join(said.model_missing),
            customer=said.model_for("customer"),
            judge=said.model_for("judge"),
        )

    def choose(self, visitor: Visitor) -> str:
        language = visitor.language
        shown = cards(self.practice.library, language)
        return render(
            "choose",
            language,
            cards=shown,
            later=sum(card.round > 0 for card in shown),
            categories=list(dict.fromkeys(card.category for card in shown)),
            first=not visitor.memory.welcomed,
            open_call=self._open_call(visitor),
            open_page=not visitor.viewer.logged_in,
        )

    def _open_call(self, visitor: Visitor) -> dict[str, str] | None:
        call = self.own(visitor.memory.call, visitor.viewer)
        if call is None and visitor.viewer.logged_in:  # another browser: the newest call that is still open
            call = next((call for call in self._calls(visitor) if call.outcome is None), None)
        return _named(call, visitor.language) if call is not None and call.outcome is None else None

    def call_view(self, call: Call, language: str, *, fault: CoachError | None = None) -> Shown:
        """The call as it stands in the store, everything that the call view shows of it except the brief."""
        return {
            "head": self.head(call, language),
            "mood": self.mood(call, language),
            "chat": bubbles(call),
            "status": status(call, language, fault=fault),
            "box": box(call, language),
        }

    def head(self, call: Call, language: str) -> str:
        end = call.ended or datetime.now(UTC)
        return render(
            "head",
            language,
            mode=call.exercise.mode,
            elapsed=max(0, round((end - call.created).total_seconds())),
            running=call.outcome is None,
            mark=self._mark(call),
            backs=_own_turns(call) if call.exercise.mode == "practice" and call.outcome is None else (),
            **_named(call, language),
        )

    def _mark(self, call: Call) -> dict[str, Any] | None:
        """Which line of the first call is said again in this one."""
        before = self.kin(call, call.parent)
        if before is None or call.branched_at is None:
            return None
        return {"number": call.branched_at + 1, "said": before.turns[call.branched_at].text}

    def mood(self, call: Call, language: str) -> str:
        """Mood and hints; empty in exam mode."""
        if call.exercise.mode != "practice":
            return ""
        hint = hints_of(self.practice, call) if call.outcome is None else None
        vocabulary = self.practice.library.vocabulary
        given = hint.shown if hint else None
        return render(
            "mood",
            language,
            mood=mood_of(call, vocabulary, language),
            harassing=call.exercise.persona.harassing,
            concerns=concerns_of(call, language),
            hint=hint,
            hint_move=vocabulary.name(given.move, language) if given else "",
            hint_meaning=_meaning(given.move, vocabulary, language) if given else "",
            hint_why=trigger_name(given.why, language, vocabulary) if given else "",
        )

    def brief(self, call: Call, language: str) -> str:
        case, operator = call.exercise.case, call.exercise.operator
        rules = [operator.rule(rule) for rule in case.knowledge.rules]
        return render("brief", language, case=case, operator=operator, rules=rules)

    def mine(self, visitor: Visitor) -> str:
        """The visitor's own calls and progress."""
        found, language = self._calls(visitor), visitor.language
        shared = not visitor.viewer.logged_in
        rows = [self.row(call, language) for call in found]
        progress = growth(self.practice, found, language, shared=shared)
        return render("mine", language, rows=rows, growth=progress, shared=shared)

    def _calls(self, visitor: Visitor) -> list[Call]:
        """By owner from the store when they logged in, in whatever browser; else those that this browser remembers."""
        viewer = visitor.viewer
        ids = self.practice.store.calls_of(viewer.name, KEPT_CALLS) if viewer.logged_in else visitor.memory.calls
        return [call for call in (self.own(call_id, viewer) for call_id in ids) if call is not None]

    def row(self, call: Call, language: str) -> dict[str, Any]:
        grades = self.practice.store.grades(call.id)
        outcome = report_wording().say(f"outcome_short.{call.outcome or 'open'}", language)
        return _named(call, language) | {
            "date": local_time(call.created),
            "mode": call.exercise.mode,
            "outcome": outcome,
            "open": call.outcome is None,
            "graded": bool(grades),
            "branch": call.branched_at + 1 if call.branched_at is not None else 0,
            "stopped": call.outcome is Outcome.STOPPED,
            "score": grades[-1].score if grades else None,
        }


def _own_turns(call: Call) -> tuple[int, ...]:
    return tuple(turn.index for turn in call.turns if turn.speaker is Speaker.TRAINEE)


def bubbles(call: Call) -> list[dict[str, str]]:
    """The turns for the chat component; the trainee's stand on the right."""
    return [
        {"role": "user" if turn.speaker is Speaker.TRAINEE else "assistant", "content": chat_text(turn.text)}
        for turn in call.turns
    ]


def status(call: Call, language: str, *, fault: CoachError | None = None, speaking: bool = False) -> str:
    """The line between chat and box: what is going on, what went wrong, what to press."""
    ended = ending_sentence(call, report_wording().bound(language)) if call.outcome else ""
    return render(
        "status",
        language,
        fault=fault.say(language) if fault else "",
        ended=ended,
        speaking=speaking,
        missing=call.awaiting_customer,
    )


def box(call: Call, language: str, *, speaking: bool = False) -> Box:
    """The trainee may write while it is their turn."""
    say = words(language)
    if call.outcome is not None:
        key = "ended_placeholder"
    elif speaking:
        key = "waiting_placeholder"
    else:
        key = "missing_placeholder" if call.awaiting_customer else "placeholder"
    again = key == "placeholder" and len(call.turns) == call.branched_at
    placeholder = say("branch.placeholder" if again else f"call.{key}")
    return {"open": key == "placeholder", "placeholder": placeholder, "send": say("call.send")}


def _meaning(move: MoveId, vocabulary: Vocabulary, language: str) -> str:
    return next(item.meaning.say(language) for item in vocabulary.moves if item.id is move)


def _named(call: Call, language: str) -> dict[str, str]:
    exercise = call.exercise
    return {"id": call.id, "name": exercise.persona.name.say(language), "title": exercise.case.name.say(language)}
