"""Checks decided by code: the rule of a check over the appraised transcript, with the trainee's words as evidence.

A merit answered yes quotes the words that show it; answered no, the words said instead at the place where it was due. A violation
answered yes quotes itself. Calls by harassers are judged only by what is made for them and by violations: nobody owes them
warmth.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from coach.content.moves import BOUNDARY, FAULTS, FEELING, QUESTIONS, RESOLVING, MoveId
from coach.content.moves import MoveId as M
from coach.content.rubric import Applies, Check, Found, Measure, Order, Reply, Rubric, Sequence, Spoken, Within
from coach.content.text import any_cue
from coach.grading.facts import facts, shown_by
from coach.grading.heard import Heard, Said, excerpt, sentences_of
from coach.grading.sequences import longest_chain, missing_step
from coach.records.grade import Evidence, Verdict

Decision = tuple[Literal["yes", "no", "na"], list[Evidence]]
_Due = Literal["closing", "boundary", "feeling", "question", "objection", "business"]

MOST_QUOTES = 5
CLOSING = frozenset({M.CHECK_OPEN, M.THANK, M.FAREWELL, M.CARE})
_NOT_YET_BUSINESS = frozenset({M.GREET, M.IDENTIFY, M.VERIFY, M.THANK})
_NOT_THE_MATTER = _NOT_YET_BUSINESS | FEELING
_GOES_ON_WITH = RESOLVING | {M.INFORM}
_GOES_ON = RESOLVING | FAULTS | {M.INFORM, M.EXPLAIN}


def decide_all(rubric: Rubric, heard: Heard, language: str = "zh") -> tuple[Verdict, ...]:
    """Every check of a rubric, in its order."""
    return tuple(decide(check, heard, language) for check in rubric.checks)


def decide(check: Check, heard: Heard, language: str = "zh") -> Verdict:
    """One check. The reason is the check's own sentence for that answer."""
    if check.decided_by == "judge":
        return Verdict(check=check.id, answer="unscored", cause="not_decidable_offline")
    answer, evidence = _decision(check, heard)
    if answer == "no" and check.kind == "violation":
        evidence = []
    reason = check.yes_when if answer == "yes" else check.no_when if answer == "no" else check.na_when
    if not evidence:
        return _bare(check.id, answer, reason.say(language))
    quotes = tuple(evidence[:MOST_QUOTES])
    return Verdict(check=check.id, answer=answer, evidence=quotes, reason=reason.say(language), decided_by="code")


@lru_cache(maxsize=2048)
def _bare(check: str, answer: Literal["yes", "no", "na"], reason: str) -> Verdict:
    """A verdict without words, which is the same in every call."""
    return Verdict(check=check, answer=answer, reason=reason, decided_by="code")


def _decision(check: Check, heard: Heard) -> Decision:
    if not applies(check.applies, heard) or (check.kind == "merit" and _not_owed(check.applies, heard)):
        return "na", []
    rule = check.rule
    if rule.found:
        return _found(rule.found, check, heard)
    if rule.order:
        return _order(rule.order, heard)
    if rule.sequence:
        return _sequence(rule.sequence, check, heard)
    if rule.reply:
        return _reply(rule.reply, check, heard)
    if rule.spoken:
        return _spoken(rule.spoken, check, heard)
    assert rule.measure is not None
    return _measure(rule.measure, heard)


def applies(condition: Applies, heard: Heard) -> bool:
    """Whether a check says anything about this call."""
    if not heard.said or len(heard.addressed) < condition.min_turns:
        return False
    if condition.moves and not heard.all_shown(condition.moves, heard.addressed):
        return False
    if condition.to == "vip":
        return heard.vip
    if condition.to == "outbound":
        return heard.outbound
    if condition.to == "sale":
        return heard.sale
    return condition.to == "always" or bool(heard.lines(condition.to))


def _not_owed(condition: Applies, heard: Heard) -> bool:
    return heard.harassing and condition.to != "harassed"


def _found(rule: Found, check: Check, heard: Heard) -> Decision:
    shown = heard.all_shown(rule.moves, _within(rule.within, heard))
    count = len({item.move for item in shown}) if rule.distinct else len(shown)
    if count >= rule.at_least:
        return "yes", shown
    return "no", shown or _instead(rule.moves, check, heard)


_PLACES: dict[Within, slice] = {
    "anywhere": slice(None),
    "first_turn": slice(1),
    "first_two": slice(2),
    "first_four": slice(4),
    "last_two": slice(-2, None),
    "last_four": slice(-4, None),
}


def _within(place: Within, heard: Heard) -> tuple[Said, ...]:
    return heard.addressed[_PLACES[place]]


def _order(rule: Order, heard: Heard) -> Decision:
    first = [(said.place(found), said.evidence(found)) for said in heard.said for found in said.shows(rule.first)]
    then = [(said.place(found), said.evidence(found)) for said in heard.said for found in said.shows(rule.then)]
    if not then:
        return "na", []
    start = min(then, key=lambda item: item[0])
    before = [item for item in first if item[0] <= start[0]]
    if before:
        return "yes", [before[0][1]]
    return "no", [start[1]]


def _sequence(rule: Sequence, check: Check, heard: Heard) -> Decision:
    """The longest chain of steps in order; its words as evidence, or the place where the first missing step was due."""
    best = longest_chain(rule, heard.said)
    if len(best) >= rule.needed:
        return "yes", best
    return "no", _instead(missing_step(rule, best), check, heard)


def _reply(rule: Reply, check: Check, heard: Heard) -> Decision:
    replies = heard.replies(rule.to)
    if not replies:
        return "na", []
    if rule.which == "first":
        replies = replies[:1]
    shown = {said.index: [] if said.shows(rule.without) else said.shows(rule.moves) for said in replies}
    if check.kind == "violation" and rule.to == "harassed":
        # courtesy around a boundary is not pleading
        shown = {said.index: [] if said.kinds & BOUNDARY else shown[said.index] for said in replies}
    needed = rule.share if rule.which == "share" else 1.0
    if sum(1 for found in shown.values() if found) >= needed * len(replies):
        return "yes", [said.evidence(found) for said in replies for found in shown[said.index][:1]]
    return "no", [_words(said, heard) for said in replies if not shown[said.index]]


def _spoken(rule: Spoken, check: Check, heard: Heard) -> Decision:
    turns = _within(rule.within, heard)
    found = [
        Evidence(turn=said.index, quote=sentence)
        for said in turns
        for sentence in sentences_of(said.text)
        if any_cue(rule.cues, sentence)
    ]
    if found or check.kind == "violation":
        return ("yes", found) if found else ("no", [])
    return "no", [_words((turns or heard.said)[-1 if rule.within.startswith("last") else 0], heard)]


def _measure(rule: Measure, heard: Heard) -> Decision:
    value = facts(heard)[rule.metric]
    low = rule.at_least is None or value >= rule.at_least
    high = rule.at_most is None or value <= rule.at_most
    return "yes" if low and high else "no", shown_by(rule.metric, heard)


def _instead(moves: tuple[MoveId, ...], check: Check, heard: Heard) -> list[Evidence]:
    """The trainee's words at the place where the missing move was due."""
    where = _kind_of_place(moves, check.applies.to)
    return [heard.once(("due", where), lambda call: _words(_place_of(where, call), call))]


@lru_cache(maxsize=2048)
def _kind_of_place(moves: tuple[MoveId, ...], to: str) -> _Due:
    """The kind of place where these moves are due."""
    wanted = set(moves)
    if M.CARE in moves or CLOSING.issuperset(moves):
        return "closing"
    if to == "harassed":
        return "boundary"
    if wanted & FEELING:
        return "feeling"
    if wanted & (QUESTIONS | {M.RESTATE, M.CLARIFY}):
        return "question"
    return "objection" if to == "objection" else "business"


def _place_of(where: _Due, heard: Heard) -> Said:
    if where == "closing":
        return heard.said[-1]
    if where == "boundary":
        places = heard.replies("harassed")
    elif where == "feeling":
        places = heard.replies("upset") or heard.replies("problem")
    elif where == "question":
        # due before the trainee went on to reasons and ways out
        places = _going_on(heard)
    elif where == "objection":
        places = heard.replies("objection")
    else:
        places = _going_on(heard) or heard.replies("problem")[-1:]
    faulty = next((said for said in places if said.shows(FAULTS)), None)
    return faulty or (places or _business(heard) or list(heard.said))[0]


def _going_on(heard: Heard) -> list[Said]:
    """The turns that go on to reasons and ways out."""
    return [said for said in heard.said if said.shows(_GOES_ON)]


def _business(heard: Heard) -> list[Said]:
    return [said for said in heard.said if said.kinds - _NOT_YET_BUSINESS]


def _words(said: Said, heard: Heard) -> Evidence:
    """The words that stand for a turn, found once: many checks point at the same turn."""
    return heard.once(("words", said.index), lambda _: _standing_for(said))


def _standing_for(said: Said) -> Evidence:
    """The words of a turn that stand for it: a fault, else where it goes on with the matter, else its business, else its start."""
    rest = [found for found in said.appraisal.moves if found.move not in _NOT_THE_MATTER]
    shown = said.shows(FAULTS) or said.shows(_GOES_ON_WITH) or rest
    telling = [found for found in shown if len(found.quote) >= 4] or shown
    quote = telling[0].quote if telling else excerpt(said.text)
    return Evidence(turn=said.index, quote=quote, move=telling[0].move if telling else None)
