"""Feedback: at most three things. What you said, what it did to the customer, one sentence you could say.

Chosen by what they cost in this call: points of the grade, and the harm to the customer's state in that very turn. Whatever
was good about the call has a place among the three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from coach.content.moves import FAULTS, MoveId
from coach.content.moves import MoveId as M
from coach.content.persona import Act
from coach.content.rubric import Check, Rubric
from coach.grading.due import Moment, moments
from coach.grading.effects import Effects
from coach.grading.evidence import letters_of, overlap
from coach.grading.heard import Heard, Said, excerpt
from coach.grading.suggestions import Proposal, group, of_rule, proposals, wanted
from coach.grading.wording import effect_words, next_time_words
from coach.records.call import GOOD_OUTCOMES, Call, FoundMove
from coach.records.grade import Evidence, Feedback, RubricGrade, Verdict

MOST = 3
GATE_COST = 100.0
"""A red line comes before everything else."""
HARM_SHARE = 0.4
GOOD = 85
"""From this score in every rubric on, one thing to change is enough."""
HARMFUL = 6.0
"""A turn that did so much harm is no model."""
WORTH_KEEPING = 6
"""Letters a quote needs to be worth pointing at: a bare greeting is not."""


PLAIN = frozenset(
    {
        M.GREET,
        M.IDENTIFY,
        M.VERIFY,
        M.INFORM,
        M.ACKNOWLEDGE,
        M.TAKE_NOTE,
        M.THANK,
        M.FAREWELL,
        M.CHECK_OPEN,
        M.ASK_CLOSED,
    }
)
"""Moves that any turn may hold: good manners, no merit of its own."""


_CLAUSE = re.compile(r"[^。！？!?；;\n]+")
_Pair = tuple[Rubric, RubricGrade, Check, Verdict]


@dataclass(frozen=True)
class _Case:
    """A verdict that could become a piece of feedback."""

    check: Check
    rubric: str
    evidence: Evidence
    cost: float


@dataclass(frozen=True)
class Told:
    """What feedback is made from, besides the verdicts. `moments` and `texts` by turn; a read-in transcript has no moments."""

    effects: Effects
    moments: Mapping[int, Moment]
    texts: Mapping[int, str]
    found: Mapping[int, tuple[FoundMove, ...]]
    answered: Mapping[int, tuple[str, ...]]
    """The concerns that each turn answered."""
    customer: Mapping[int, str]
    """The customer's line before each trainee turn."""
    language: str
    spoken: tuple[Said, ...] = ()
    """The trainee's turns."""
    unresolved: bool = False
    """A practised call that ended without the customer being helped."""
    hung_up: int = -1
    """The turn after which the trainee hung up; -1 when they didn't."""

    @classmethod
    def of(cls, heard: Heard, call: Call | None, effects: Effects, language: str) -> Told:
        customer, last = {}, ""
        for index, line in enumerate(heard.transcript.turns):
            if line.role == "customer":
                last = line.text
            else:
                customer[index] = last
        found = {moment.turn: moment for moment in moments(call)} if call else {}
        texts = {said.index: said.text for said in heard.said}
        moves = {said.index: said.appraisal.moves for said in heard.said}
        answered = {said.index: said.appraisal.answered + said.appraisal.offered for said in heard.said}
        hung_up = heard.said[-1].index if heard.said and heard.transcript.ended_by == "trainee" else -1
        unresolved = call is not None and call.outcome not in GOOD_OUTCOMES
        return cls(effects, found, texts, moves, answered, customer, language, heard.said, unresolved, hung_up)

    def kinds(self, turn: int) -> frozenset[MoveId]:
        """What a turn does."""
        return frozenset(item.move for item in self.found[turn])

    @cached_property
    def letters(self) -> str:
        """All that was said, normalised, so that nothing is proposed that was said already."""
        return letters_of("\n".join(self.texts.values()))


def feedback(rubrics: Sequence[Rubric], grades: Sequence[RubricGrade], told: Told) -> tuple[Feedback, ...]:
    """At most MOST pieces: what to keep first, then what to change."""
    pairs = list(_pairs(rubrics, grades))
    faulty = frozenset(
        item.turn
        for _, _, check, verdict in pairs
        for item in verdict.evidence
        if check.kind == "violation" and verdict.answer == "yes"
    )
    good_words = frozenset(
        (item.turn, item.quote)
        for _, _, check, verdict in pairs
        for item in verdict.evidence
        if check.kind == "merit" and verdict.answer == "yes"
    )
    evaded = faulty | {turn for turn in told.moments if _evades(turn, told)}
    keeps = sorted(_keeps(pairs, told.effects, evaded), key=lambda item: -item.cost)
    good = all(grade.score is None or grade.score >= GOOD for grade in grades)
    room = MOST if not keeps else 1 if good else MOST - 1
    cases = list(_changes(pairs, told, good_words))
    chosen = _change_items(_by_turn(cases), told, room)
    if not chosen:
        # nothing was said badly; where a line was missed all the same, there is something to add to a turn that was sound
        missed = [
            (rubric, grade, check, verdict)
            for rubric, grade, check, verdict in pairs
            if grade.score is not None and (told.unresolved or grade.score < rubric.pass_mark)
        ]
        chosen = _change_items(_by_turn(list(_changes(missed, told))), told, 1)
    return (*_keep_items(keeps, {item.turn for item in chosen}, MOST - len(chosen), told), *chosen)


def _evades(turn: int, told: Told) -> bool:
    """The customer had asked about a concern of theirs, and this turn doesn't answer it."""
    return told.moments[turn].act is Act.ASK_CONCERN and not told.answered.get(turn)


def _keep_items(keeps: Sequence[_Case], taken: set[int], room: int, told: Told) -> list[Feedback]:
    """The best ones, each of a turn and in words of its own; turns that are spoken of already are left out."""
    kept: list[Feedback] = []
    # words that set the change off themselves come before words that only stood beside them
    for case in sorted(keeps, key=lambda case: not told.effects.caused(case.evidence.turn, _shown(case, told))):
        if len(kept) >= room:
            break
        turn, quote = case.evidence.turn, case.evidence.quote
        if kept and PLAIN.issuperset(_shown(case, told)):
            continue  # good manners are worth a word only where there is nothing else
        if turn in taken or any(turn == other.turn or quote == other.quote for other in kept):
            continue
        worked = None if told.effects.caused(turn, _shown(case, told)) else told.effects.cause(turn)
        if worked is not None and len(letters_of(worked.quote)) >= WORTH_KEEPING:
            case = replace(case, evidence=worked)  # the words that did it, not those that stood beside them
        effect = told.effects.said(turn, good=True, nth=len(kept), moves=_shown(case, told))
        kept.append(_item("keep", case, effect, told))
    return kept


def next_time(items: Sequence[Feedback], rubrics: Sequence[Rubric], language: str) -> str:
    """One thing to take along: what the dearest change is about."""
    changes = sorted((item for item in items if item.kind == "change"), key=lambda item: -item.cost)
    if not changes:
        return next_time_words("keep_on", language, n=items[0].turn + 1) if items else ""
    dearest = changes[0]
    check = next(
        check
        for rubric in rubrics
        if rubric.id == dearest.rubric
        for check in rubric.checks
        if check.id == dearest.check
    )
    return next_time_words(group(check, (dearest.move, dearest.say)), language)


def _pairs(rubrics: Sequence[Rubric], grades: Sequence[RubricGrade]) -> Iterator[_Pair]:
    for rubric, grade in zip(rubrics, grades, strict=True):
        checks = {check.id: check for check in rubric.checks}
        for verdict in grade.verdicts:
            yield rubric, grade, checks[verdict.check], verdict


def _changes(
    pairs: Sequence[_Pair], told: Told, good_words: frozenset[tuple[int, str]] | None = None
) -> Iterator[_Case]:
    """`good_words`: words that are not touched, and with them turns that did well; None touches any."""
    for rubric, grade, check, verdict in pairs:
        if verdict.answer != ("yes" if check.kind == "violation" else "no"):
            continue
        points = check.penalty if check.kind == "violation" else 100 * check.weight / max(1, grade.possible)
        base = points + (GATE_COST if check.gate else 0)
        # a fault counts wherever it was made; what was missed, where that hurt most
        places = list({item.turn: item for item in reversed(verdict.evidence)}.values())
        if check.kind == "merit":
            places = _where_due(check, verdict, told, good_words)
        for item in places:
            yield _Case(check, rubric.id, item, base + HARM_SHARE * max(0.0, told.effects.harm(item.turn)))


def _where_due(
    check: Check, verdict: Verdict, told: Told, good_words: frozenset[tuple[int, str]] | None
) -> list[Evidence]:
    """The turn where a missing move would have helped most. Never words that were good, nor a turn that did good, when these are told."""
    if told.moments:
        move = wanted(check, told.spoken)
        due = [
            turn
            for turn, moment in told.moments.items()
            if move is not None and moment.due(move) and turn in told.texts
        ]
        places = [_of_turn(turn, verdict, told) for turn in due if good_words is None or not _did_well(turn, told)]
    else:
        places = list(verdict.evidence)
    places = [item for item in places if good_words is None or not _was_good(item, good_words)]
    return [max(places, key=lambda item: told.effects.harm(item.turn))] if places else []


def _did_well(turn: int, told: Told) -> bool:
    """Words that helped, or held something good and hurt nobody: they need no changing."""
    kinds = told.kinds(turn)
    sound = bool(kinds - PLAIN or told.answered[turn]) and not kinds & FAULTS
    return told.effects.helped(turn) or (sound and told.effects.harm(turn) < HARMFUL)


def _of_turn(turn: int, verdict: Verdict, told: Told) -> Evidence:
    found = next((item for item in verdict.evidence if item.turn == turn), None)
    return found or Evidence(turn=turn, quote=excerpt(told.texts[turn]))


def _was_good(item: Evidence, good_words: frozenset[tuple[int, str]]) -> bool:
    return any(item.turn == turn and (item.quote in quote or quote in item.quote) for turn, quote in good_words)


def _keeps(pairs: Sequence[_Pair], effects: Effects, faulty: frozenset[int]) -> Iterator[_Case]:
    """What is worth doing again. A turn that also hurts is no model, whatever else it holds."""
    for rubric, grade, check, verdict in pairs:
        if check.kind == "violation" or verdict.answer != "yes":
            continue
        telling = [
            item
            for item in verdict.evidence
            if item.turn not in faulty
            and len(letters_of(item.quote)) >= WORTH_KEEPING
            and effects.harm(item.turn) < HARMFUL
            and effects.helped(item.turn)
        ]
        if telling:
            best = min(telling, key=lambda item: effects.harm(item.turn))
            worth = 100 * check.weight / max(1, grade.possible) - HARM_SHARE * min(0.0, effects.harm(best.turn))
            yield _Case(check, rubric.id, best, worth)


def _by_turn(cases: Sequence[_Case]) -> list[list[_Case]]:
    """Grouped by turn, the dearest turn first: all that a turn cost together. Within a turn: red lines, violations, the rest."""
    turns: dict[int, list[_Case]] = {}
    for case in cases:
        turns.setdefault(case.evidence.turn, []).append(case)
    for group_ in turns.values():
        group_.sort(key=lambda case: (case.check.gate is None, case.check.kind == "merit", -case.cost))

    def cost(group_: list[_Case]) -> tuple[bool, float]:
        return group_[0].check.gate is not None, group_[0].cost + 0.3 * sum(case.cost for case in group_[1:])

    return sorted(turns.values(), key=cost, reverse=True)


def _change_items(turns: Sequence[Sequence[_Case]], told: Told, room: int) -> list[Feedback]:
    """One a turn, one a missing move, and no sentence twice."""
    items: list[Feedback] = []
    for cases in turns:
        if len(items) >= room:
            break
        for case in cases:
            found = _proposed(case, items, told)
            if found is None:
                continue
            move, line = found
            missed = _missed(case, told)
            effect = (
                effect_words("hung_up", len(items), told.language)
                if _hung_up(case, told)
                else told.effects.said(
                    case.evidence.turn, good=False, nth=len(items), missed=missed, moves=_shown(case, told)
                )
            )
            items.append(_item("change", case, effect, told, line, move, "add" if missed else "instead"))
            break
    return items


def _proposed(case: _Case, items: Sequence[Feedback], told: Told) -> Proposal | None:
    """The first sentence that nobody said yet and no other piece proposes; none that does what another one does already."""
    if case.check.id in {item.check for item in items}:
        return None
    if _readable(case.evidence, told) in {item.quote for item in items}:
        return None  # the same words said twice are one thing to change
    moves, lines = {item.move for item in items}, {item.say for item in items}
    for move, line in proposals(case.check, told.moments.get(case.evidence.turn), told.spoken):
        if move not in moves and line not in lines and letters_of(line) not in told.letters:
            return move, line
    return None


def _hung_up(case: _Case, told: Told) -> bool:
    """Whether it is not the words quoted that ended the call, but the hanging up after them."""
    measure = case.check.rule.measure
    ended = measure is not None and measure.metric == "unwarned_endings"
    return ended and case.evidence.turn == told.hung_up and case.evidence.move is None


def _missed(case: _Case, told: Told) -> str:
    """The check as a question to oneself, where the words quoted are no fault and did no harm but lack something."""
    check, turn = case.check, case.evidence.turn
    faulty = case.evidence.move in FAULTS or bool(told.kinds(turn) & FAULTS) or told.effects.harm(turn) >= HARMFUL
    if check.kind == "violation" or faulty or check.applies.to == "harassed":
        return ""
    return check.ask.say(told.language).replace("坐席", "我")


def _shown(case: _Case, told: Told) -> tuple[MoveId, ...]:
    """What the words quoted do; where that isn't known, what the check is about."""
    item, words = case.evidence, _readable(case.evidence, told)
    own = [item.move] if item.move else []
    own += [found.move for found in told.found[item.turn] if overlap(found.quote, words, told.texts[item.turn])]
    return tuple(dict.fromkeys(own)) or of_rule(case.check)


def _readable(item: Evidence, told: Told) -> str:
    """The quote without half a clause at its end, or the clause around it where it is too short to recognise."""
    text = told.texts.get(item.turn, "")
    if len(letters_of(item.quote)) >= WORTH_KEEPING:
        following = text[text.find(item.quote) + len(item.quote) :][:1]
        whole = re.split(r"[，,；;][^，,；;]*$", item.quote)[0]
        cut = item.quote in text and bool(letters_of(following)) and len(letters_of(whole)) >= WORTH_KEEPING
        return whole if cut else item.quote
    clauses = _CLAUSE.findall(text)
    return next((clause.strip() for clause in clauses if item.quote in clause), item.quote)


def _item(
    kind: Literal["keep", "change"],
    case: _Case,
    effect: str,
    told: Told,
    say: str = "",
    move: MoveId | None = None,
    how: Literal["instead", "add"] = "instead",
) -> Feedback:
    return Feedback(
        kind=kind,
        turn=case.evidence.turn,
        quote=_readable(case.evidence, told),
        effect=effect,
        say=say,
        how=how,
        after=told.customer.get(case.evidence.turn, ""),
        move=move,
        check=case.check.id,
        rubric=case.rubric,
        cost=round(case.cost, 1),
    )
