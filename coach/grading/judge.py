"""The judge: one language model, one rubric at a time, blind to who is speaking, answering yes / no / na with quotes.

What it says counts only as far as its quotes are found in the trainee's own turns. What fails becomes an unscored check with a
cause, never a number and never the end of the other rubrics.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from coach.content.rubric import Check, Rubric
from coach.errors import ModelError
from coach.grading.answers import Answer, Item, Sorted, answer_form, repair_wording
from coach.grading.evidence import found_quotes
from coach.grading.hollow import Spans, described, hollow, to_grader, without
from coach.grading.house import NO_HOUSE, House
from coach.grading.masking import Mask, masked_turns
from coach.models.seam import ChatModel, Completion, Message, Usage, ask
from coach.prompts.render import Prompt, untrusted
from coach.records.grade import Evidence, Transcript, Verdict

MAX_TOKENS = 4000
LEFT_OUT = "（这里略去一句不是说给对方听的话）"
OUTBOUND = "这通电话是坐席打给客户的。"
VIP = "系统显示这位是大客户。"
ROLES = {"agent": "坐席", "customer": "客户"}


_Answer = Literal["yes", "no", "na"]


@dataclass
class Judged:
    """Verdicts of one rubric by the judge, and what they cost."""

    verdicts: tuple[Verdict, ...]
    usage: Usage = field(default_factory=Usage)
    requests: int = 0


@dataclass(frozen=True)
class Shown:
    """What the judge gets to read of one call, masked: its numbered lines, and the rules that held for it."""

    transcript: str
    house: House = NO_HOUSE
    about: tuple[str, ...] = ()
    """What the system on the agent's desk showed of the call and its words may not: that we called, that this is a key customer."""


@dataclass(frozen=True)
class _Question:
    """What all votes of a question share."""

    rubric: Rubric
    title: str
    shown: Shown
    mask: Mask
    transcript: Transcript
    recited: Mapping[int, Spans]

    def verdicts(self, checks: Sequence[Check], given: Sorted) -> dict[str, Verdict]:
        """One for every check, unscored with its cause where the answer can't be used."""
        return {
            check.id: _verified(check, given.usable[check.id], self.mask, self.transcript, self.recited)
            if check.id in given.usable
            else _unscored(check.id, given.faults[check.id])
            for check in checks
        }


@dataclass(frozen=True)
class Judge:
    """`temperature` matters only with several votes: without it they would all be the same vote."""

    model: ChatModel
    prompt: Prompt
    temperature: float = 0.2
    _told: dict[tuple[int, tuple[str, ...], bool], tuple[Rubric, str]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _words: dict[tuple[int, tuple[str, ...]], tuple[Rubric, str]] = field(
        default_factory=dict, repr=False, compare=False
    )

    async def decide(
        self,
        rubric: Rubric,
        checks: Sequence[Check],
        transcript: Transcript,
        *,
        votes: int = 1,
        language: str = "zh",
        house: House = NO_HOUSE,
        title: str = "",
    ) -> Judged:
        """The verdicts on `checks` (of `rubric`), in their order. Never raises a ModelError.

        Args:
            title: what the checks are of, when they are not of `rubric` alone.
        """
        mask, turns = masked_turns(transcript)
        shown = Shown(_numbered(transcript, turns), _masked(house, mask), _about(transcript))
        recited = hollow(transcript, self._described(rubric, checks), repeats=False)
        asked = _Question(rubric, title or rubric.name.zh, shown, mask, transcript, recited)
        judged = Judged(())
        orders = [list(checks) for _ in range(votes)]
        for vote, order in enumerate(orders[1:], 1):
            random.Random(f"{rubric.id}/{vote}").shuffle(order)
        ballots = await asyncio.gather(*(self._vote(asked, order, judged, language) for order in orders))
        judged.verdicts = tuple(majority([ballot[check.id] for ballot in ballots]) for check in checks)
        return judged

    def _described(self, rubric: Rubric, checks: Sequence[Check]) -> str:
        """What is said about these checks, put together once for all transcripts."""
        key = id(rubric), tuple(check.id for check in checks)
        known = self._words.get(key)
        if known is None or known[0] is not rubric:
            known = self._words[key] = rubric, described(checks)
        return known[1]

    async def _vote(
        self, asked: _Question, checks: Sequence[Check], judged: Judged, language: str
    ) -> dict[str, Verdict]:
        """The checks in this order. Asks once more for what was missing, repeated, no answer, or not backed by its quotes."""
        messages = self.messages(asked.rubric, checks, asked.shown, asked.title)
        try:
            answer, said = await self._ask(messages, checks, judged)
        except ModelError as error:
            return {check.id: _unscored(check.id, "model_failed", error.say(language)) for check in checks}
        first = Sorted(answer, [check.id for check in checks])
        found = asked.verdicts(checks, first)
        due = [check for check in checks if found[check.id].cause]
        if not due:
            return found
        unfound = [check.id for check in due if found[check.id].cause == "evidence_not_found"]
        again = [*messages, Message("assistant", said.text[:8000]), Message("user", repair_wording(first, unfound))]
        try:
            answer, _ = await self._ask(again, due, judged)
        except ModelError:
            return found
        repaired = asked.verdicts(due, Sorted(answer, [check.id for check in due]))
        # a repair that isn't answered leaves what was found before
        return found | {check: verdict for check, verdict in repaired.items() if verdict.cause != "no_answer"}

    async def _ask(self, messages: list[Message], checks: Sequence[Check], judged: Judged) -> tuple[Answer, Completion]:
        form = answer_form(
            tuple(check.id for check in checks if check.kind == "violation"),
            tuple(check.id for check in checks if check.kind == "merit"),
        )
        judged.requests += 1
        answer, said = await ask(self.model, messages, form, temperature=self.temperature, max_tokens=MAX_TOKENS)
        judged.usage += said.usage
        return answer, said

    def messages(self, rubric: Rubric, checks: Sequence[Check], shown: Shown, title: str = "") -> list[Message]:
        """What the model is told: the rubric first, so that a provider's prefix cache serves every transcript."""
        ruled = bool(shown.house)
        ordered = sorted(checks, key=lambda check: check.kind != "violation")
        ids = tuple(check.id for check in ordered)
        known = self._told.get((id(rubric), ids, ruled))
        # written once for all transcripts; a rubric is known by itself, for comparing two takes longer
        if known is None or known[0] is not rubric:
            known = self._told[id(rubric), ids, ruled] = (
                rubric,
                self._instructions(title or rubric.name.zh, ordered, ruled),
            )
        asked = self.prompt.part(
            "user",
            {
                "rules": shown.house.rules,
                "must_not": shown.house.must_not,
                "about": shown.about,
                "transcript": shown.transcript,
                "count": len(checks),
                "ids": list(ids),
            },
        )
        return [Message("system", known[1]), Message("user", asked)]

    def _instructions(self, title: str, checks: Sequence[Check], ruled: bool) -> str:
        kinds = {kind: [_told(check) for check in checks if check.kind == kind] for kind in ("violation", "merit")}
        values = {
            "title": title,
            "ruled": ruled,
            "violations": kinds["violation"],
            "merits": kinds["merit"],
        }
        return self.prompt.part("system", values)


def _told(check: Check) -> dict[str, str]:
    """A check as the judge reads it: no weights, no points, so that nothing is decided by its price."""
    told = {name: getattr(check, name).zh for name in ("ask", "yes_when", "no_when", "na_when", "look_at")}
    return {"id": check.id, **told, "good": check.good, "bad": check.bad}


def _masked(house: House, mask: Mask) -> House:
    return House(
        tuple(untrusted(mask.mask(rule)) for rule in house.rules),
        tuple(untrusted(mask.mask(rule)) for rule in house.must_not),
    )


def _about(transcript: Transcript) -> tuple[str, ...]:
    known = {OUTBOUND: transcript.direction == "outbound", VIP: transcript.vip}
    return tuple(said for said, holds in known.items() if holds)


def _numbered(transcript: Transcript, turns: Sequence[str]) -> str:
    """The transcript as the judge reads it. What is said to a grader instead of to the other speaker is left out, and said so."""
    turns = [without(text, to_grader(text), LEFT_OUT) for text in turns]
    lines = zip(transcript.turns, turns, strict=True)
    return "\n".join(f"[{index}] {ROLES[line.role]}：{untrusted(text)}" for index, (line, text) in enumerate(lines))


def _unscored(check: str, cause: Literal["no_answer", "invalid_answer", "model_failed"], reason: str = "") -> Verdict:
    return Verdict(check=check, answer="unscored", cause=cause, reason=reason, decided_by="judge")


def _verified(check: Check, item: Item, mask: Mask, transcript: Transcript, recited: Mapping[int, Spans]) -> Verdict:
    """The item with its quotes looked up. A yes without a quote that stands is withdrawn; so is a no that made its quotes up.

    Words that were not said to the customer (coach/grading/hollow.py) can't show a merit.
    """
    answer = cast(_Answer, item.answer)
    needs_none = answer == "na" or (answer == "no" and check.kind == "violation")
    quotes = (
        [] if needs_none else [(quote.turn, mask.unmask(quote.quote)) for quote in item.quotes if quote.quote.strip()]
    )
    evidence = found_quotes(quotes, transcript)
    if check.kind == "merit" and answer == "yes":
        evidence = tuple(found for found in evidence if not _recited(found, transcript, recited))
    reason = mask.unmask(item.reason.strip())
    if not evidence and (quotes or (answer == "yes" and not needs_none)):
        return Verdict(check=check.id, answer="unscored", cause="evidence_not_found", reason=reason, decided_by="judge")
    return Verdict(check=check.id, answer=answer, evidence=evidence, reason=reason, decided_by="judge")


def _recited(found: Evidence, transcript: Transcript, recited: Mapping[int, Spans]) -> bool:
    start = transcript.turns[found.turn].text.find(found.quote)
    return any(start < span.end and span.start < start + len(found.quote) for span in recited.get(found.turn, ()))


def majority(ballots: Sequence[Verdict]) -> Verdict:
    """The answer of more than half of the votes, with the evidence of those who gave it; else unscored, votes shown."""
    if len(ballots) == 1:
        return ballots[0]
    votes = tuple(f"unscored:{ballot.cause}" if ballot.answer == "unscored" else ballot.answer for ballot in ballots)
    answer, count = Counter(votes).most_common(1)[0]
    if 2 * count > len(ballots):
        agreeing = [ballot for ballot, vote in zip(ballots, votes, strict=True) if vote == answer]
        evidence = tuple(dict.fromkeys(item for ballot in agreeing for item in ballot.evidence))
        return agreeing[0].model_copy(update={"evidence": evidence[:5], "votes": votes})
    return Verdict(check=ballots[0].check, answer="unscored", cause="split_votes", decided_by="judge", votes=votes)
