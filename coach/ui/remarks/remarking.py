"""What happens when a trainer remarks on a line or changes a principle. Free of gradio and of where it is shown.

Nothing is remembered between two presses: a proposal stands in the form until it is accepted, and is verified then.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from coach.authoring import principles as files
from coach.authoring.remarks import Proposal, Remark, RemarkReader, read_remark
from coach.content.mistakes import Mistake
from coach.content.persona import Persona
from coach.content.principle import MOMENTS, Principle
from coach.errors import CallState, CoachError, InputError, ModelError
from coach.records.call import Call
from coach.settings import Settings
from coach.ui.remarks.targets import Target
from coach.ui.remarks.wording import remarks_wording, render, words
from coach.wiring import build_remark_reader

FIELDS = (
    "call",
    "turn",
    "kind",
    "words",
    "text",
    "when",
    "good",
    "bad",
    "never",
    "at_most",
    "principle",
    "seen",
    "persona",
)
"""What the forms send along."""
BUTTONS = (
    *("remark", "remark_propose", "remark_write", "remark_accept", "remark_again", "remark_cancel"),
    *("principle_edit", "principle_on", "principle_off", "principle_remove"),
)
"""What they ask for, without the prefix."""
Sent = Mapping[str, str]


@dataclass(frozen=True)
class Open:
    """What is unfolded: a box below a line (`turn`) or in a principle's row, or a sentence above the list."""

    turn: int | None = None
    kind: str = ""
    principle: str = ""
    box: str = ""
    told: str = ""


class Remarking:
    """`prefix` stands before the names of all buttons, so that each part of the page gets its own."""

    def __init__(self, settings: Settings, prefix: str = "") -> None:
        self._settings = settings
        self.prefix = prefix

    @cached_property
    def reader(self) -> RemarkReader | None:
        """None without a model."""
        return build_remark_reader(self._settings)

    @property
    def offline(self) -> bool:
        return self.reader is None

    async def do(self, doing: str, target: Target, sent: Sent, author: str, language: str) -> AsyncIterator[Open]:
        """A button; `doing` without the prefix. The last `Open` is how things stand then.

        Raises:
            CoachError: what was sent can't be used, or can't be written.
        """
        if doing == "remark":
            yield self._asking(target, sent, language)
        elif doing == "remark_propose":
            async for shown in self._propose(target, sent, language):
                yield shown
        elif doing == "remark_write":
            yield self._by_hand(target, sent, language)
        elif doing == "remark_accept":
            yield self._accept(target, sent, author, language)
        elif doing == "remark_again":
            yield await self._again(target, sent, language)
        elif doing == "principle_edit":
            yield self._edit(target, sent, language)
        elif doing in ("principle_on", "principle_off", "principle_remove"):
            yield self._switch(doing.removeprefix("principle_"), target, sent, language)
        else:
            yield Open()

    def _asking(self, target: Target, sent: Sent, language: str, *, told: str = "") -> Open:
        remark = self._remark(target, {**sent, "words": sent.get("words", "").strip() or "-"})
        return self._shown(
            target, sent, language, remark, "ask", told=told, said=sent.get("words", ""), offline=self.offline
        )

    async def _propose(self, target: Target, sent: Sent, language: str) -> AsyncIterator[Open]:
        say = words(language)
        try:
            remark = self._remark(target, sent)
        except InputError as error:
            yield self._asking(target, sent, language, told=error.say(language))
            return
        if self.reader is None:
            yield self._by_hand(target, sent, language)
            return
        yield self._shown(target, sent, language, remark, "waiting")
        try:
            proposal = await self.reader.propose(remark)
        except ModelError as error:
            fault = f"{error.say(language)} {say('told.failed')}"
            yield self._drafting(target, sent, language, remark, _begun(remark), fault=fault)
            return
        if proposal.result != "rule":
            told = say(f"told.{proposal.result}") + proposal.why
            yield self._asking(target, sent, language, told=told)
            return
        yield self._drafting(target, sent, language, remark, proposal.values, proposal=proposal)

    def _by_hand(self, target: Target, sent: Sent, language: str) -> Open:
        remark = self._remark(target, {**sent, "words": sent.get("words", "").strip() or "-"})
        return self._drafting(
            target, sent, language, remark, _begun(replace(remark, words=sent.get("words", "").strip()))
        )

    def _accept(self, target: Target, sent: Sent, author: str, language: str) -> Open:
        """The form as the trainer left it becomes a principle, or comes back with what is to mend."""
        persona = target.persona()
        before = _unchanged(persona, sent) if sent.get("principle") else None
        remark = None if before is not None else self._remark(target, {**sent, "words": "-"})
        values = _typed(sent) | {"id": before.id if before is not None else files.next_id(persona)}
        cases = [remark.call.exercise.case] if remark is not None else []
        principle, problems = files.problems_of(values, persona, cases)
        if principle is None:
            return self._drafting(target, sent, language, remark, values, problems=problems)
        say = words(language)
        if before is not None:
            made = principle.model_copy(
                update=before.model_dump(include={"active", "author", "date"}) | {"origin": before.origin}
            )
            return Open(told=say("saved.changed") + say(target.write(lambda text: files.changed(text, made))))
        assert remark is not None  # a new principle comes from a line
        today = datetime.now(UTC).astimezone().date().isoformat()
        made = principle.model_copy(update={"author": author, "date": today, "origin": remark.origin})
        told = say("saved.done") + say(target.write(lambda text: files.added(text, made)))
        return self._shown(target, sent, language, remark, "saved", told=told, again=not self.offline)

    async def _again(self, target: Target, sent: Sent, language: str) -> Open:
        """What the customer would say in the place of the line now."""
        remark = self._remark(target, {**sent, "words": "-"})
        now, fault, replaced = "", "", False
        try:
            spoken = await target.practice.said_again(remark.call, remark.turn, target.persona())
            now, replaced = spoken.text, any(note.startswith("principle:") for note in spoken.notes)
        except ModelError as error:
            fault = error.say(language)
        return self._shown(
            target, sent, language, remark, "saved", told="", now=now, fault=fault, replaced=replaced, again=True
        )

    def _edit(self, target: Target, sent: Sent, language: str) -> Open:
        principle = _unchanged(target.persona(), sent)
        shown = self._drafting(target, sent, language, None, _fields(principle))
        return Open(principle=principle.id, box=shown.box)

    def _switch(self, what: str, target: Target, sent: Sent, language: str) -> Open:
        name, say = _unchanged(target.persona(), sent).id, words(language)
        if what == "remove":
            return Open(told=say("saved.removed") + say(target.write(lambda text: files.removed(text, name))))
        return Open(
            told=say(f"saved.turned_{what}")
            + say(target.write(lambda text: files.switched(text, name, on=what == "on")))
        )

    def _drafting(
        self,
        target: Target,
        sent: Sent,
        language: str,
        remark: Remark | None,
        values: Mapping[str, Any],
        *,
        proposal: Proposal | None = None,
        problems: list[Mistake] | None = None,
        fault: str = "",
    ) -> Open:
        say = words(language)
        found = list(proposal.problems) if proposal is not None else problems or []
        shown = {"text": "", "when": "always", "good": "", "bad": "", "never": (), "at_most": ""} | dict(values)
        never = shown["never"]
        shown["never"] = never if isinstance(never, str) else "、".join(never) if language != "en" else ", ".join(never)
        return self._shown(
            target,
            sent,
            language,
            remark,
            "draft",
            values=shown,
            moments=MOMENTS,
            why=proposal.why if proposal is not None else "",
            problems=[{"level": item.level, "told": _told(item, say, language)} for item in found],
            proofs=proposal.proofs if proposal is not None else (),
            fault=fault,
            offline=self.offline,
        )

    def _shown(
        self, target: Target, sent: Sent, language: str, remark: Remark | None, state: str, **values: Any
    ) -> Open:
        """A box in one of its states; what the template asks for and `values` leaves out is empty."""
        empty = {"told": "", "said": "", "fault": "", "now": "", "replaced": False, "again": False, "offline": False}
        box = render(
            "box",
            language,
            **{
                **empty,
                "state": state,
                "prefix": self.prefix,
                "draft": target.draft,
                "call": remark.call.id if remark is not None else sent.get("call", ""),
                "turn": remark.turn if remark is not None else "",
                "kind": remark.kind if remark is not None else "",
                "persona": target.persona().id,
                "principle": "" if remark is not None else sent.get("principle", ""),
                "seen": "" if remark is not None else sent.get("seen", ""),
                **values,
            },
        )
        if remark is None:
            return Open(principle=sent.get("principle", ""), box=box)
        return Open(turn=remark.turn, kind=remark.kind, box=box)

    def _remark(self, target: Target, sent: Sent) -> Remark:
        call, turn = target.call, sent.get("turn", "")
        number = int(turn) if turn.isascii() and turn.isdigit() else -1
        return read_remark(sent.get("kind", ""), sent.get("words", ""), _needed(call), number, target.persona())

    def tools(self, target: Target, turn: int, opened: Open, language: str) -> str:
        """The three buttons below a line."""
        call = target.call
        return render(
            "tools",
            language,
            prefix=self.prefix,
            draft=target.draft,
            call=call.id if call is not None else "",
            turn=turn,
            chosen=opened.kind if opened.turn == turn else "",
        )

    def list(self, target: Target, opened: Open, language: str) -> str:
        """The persona's principles: on or off, edit, remove, where each came from."""
        try:
            persona = target.persona()
        except CoachError as error:
            return render("unreadable", language, told=error.say(language))
        rows = []
        for item in persona.principles:
            origin = item.origin
            rows.append(
                item.model_dump(include={"id", "text", "when", "good", "bad", "active", "author", "date"})
                | {
                    "by_code": item.by_code,
                    "seen": files.stamp(item),
                    "kind": origin.kind if origin is not None else "",
                    "call": origin.call if origin is not None else "",
                    "turn": origin.turn + 1 if origin is not None else 0,
                    "there": origin is not None and not self.prefix and _stored(target, origin.call),
                    "box": opened.box if opened.principle == item.id else "",
                }
            )
        return render(
            "list",
            language,
            prefix=self.prefix,
            draft=target.draft,
            call=target.call.id if target.call is not None else "",
            persona=persona.id,
            name=persona.name.say(language),
            rows=rows,
            offline=self.offline,
            told=opened.told,
        )


def _begun(remark: Remark) -> dict[str, Any]:
    """A form to write in: the lines are there already, the rule is the trainer's."""
    rewritten = remark.words if remark.kind == "rewrite" else ""
    praised = remark.kind == "praise"
    return {"good": remark.line.text if praised else rewritten, "bad": "" if praised else remark.line.text}


def _typed(sent: Sent) -> dict[str, Any]:
    """The fields as the model has them; what was left empty is left out, what is no number stays a text to be told so."""
    values: dict[str, Any] = {name: " ".join(sent.get(name, "").split()) for name in ("text", "good", "bad")}
    values["text"] = values["text"].rstrip("。.")
    values["when"] = sent.get("when", "")
    never = [word for word in re.split(r"[、，,;；\s]+", sent.get("never", "")) if word]
    at_most = sent.get("at_most", "").strip()
    values |= {"never": never} if never else {}
    values |= {"at_most": int(at_most) if at_most.isascii() and at_most.isdigit() else at_most} if at_most else {}
    return values


def _fields(principle: Principle) -> dict[str, Any]:
    return principle.model_dump() | {"at_most": principle.at_most if principle.at_most is not None else ""}


def _unchanged(persona: Persona, sent: Sent) -> Principle:
    """The principle that the browser names, as it was when the page was made. Raises CallState when it is another by now."""
    name = sent.get("principle", "")
    found = next((item for item in persona.principles if item.id == name), None)
    if found is None or files.stamp(found) != sent.get("seen", ""):
        both = remarks_wording().languages("call.changed_since")
        raise CallState(both["zh"], both["en"])
    return found


def _needed(call: Call | None) -> Call:
    if call is None:
        both = remarks_wording().languages("call.none")
        raise CallState(both["zh"], both["en"])
    return call


def _stored(target: Target, call_id: str) -> bool:
    try:
        target.practice.store.call(call_id)
    except CoachError:
        return False
    return True


def _told(mistake: Mistake, say: Any, language: str) -> str:
    found, allowed = (mistake.found, mistake.allowed)
    parts = [found.en if language == "en" else found.zh, allowed.en if language == "en" else allowed.zh]
    name = mistake.at[0] if mistake.at else ""
    field = say(f"fields.{name}") if name in ("text", "when", "good", "bad", "never", "at_most") else ""
    return field + parts[0] + (f"{say('draft.join')}{say('draft.allowed', allowed=parts[1])}" if parts[1] else "")
