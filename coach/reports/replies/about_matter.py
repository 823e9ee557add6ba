"""Answers about the matter and the craft: what may be promised, how to do something, what a word means, what the customer wanted."""

from __future__ import annotations

import re

from coach.content.amounts import amounts
from coach.content.card import card_text
from coach.content.moves import BOUNDARY, FAULTS, FEELING, MoveId
from coach.content.moves import MoveId as M
from coach.customer.moment import apology, best_move, sentence
from coach.grading.suggestions import of_rule
from coach.reports.replies.asked import Asked, Passages
from coach.reports.replies.material import rules_about
from coach.reports.replies.passages import Passage
from coach.reports.replies.topics import glossary, hit, ways
from coach.reports.rubric_blocks import tone_of

_NAMED = {
    "zh": "打折|折扣|优惠|减免|免(?:费|单|月租)|赔偿?|补偿|退(?:钱|费|款)|送流量|微信",
    "en": "discounts?|refunds?|waivers?",
}
_TERM_WORDS = re.compile(
    r"(请问|到底|究竟|你说的|报告里的?|解释一下|什么叫做?|什么是|啥叫|啥是|是什么意思|什么意思|啥意思|是什么|是啥|叫什么|怎么才?算|怎么叫|"
    r"指的?是?什么|的?定义|what (is|are|does)|what do(es)?|\bmeans?\b|\bthe\b|\ba\b|[「」“”\"'？?！!。，,呢吗啊呀 ])",
    re.IGNORECASE,
)
_SCALES = re.compile(r"火气|信任|耐心|情绪值|\bheat\b|\btrust\b|\bpatience\b", re.IGNORECASE)


def promise(asked: Asked) -> Passages:
    """What may be given and what not, by the card and the case's trap."""
    exercise = asked.call.exercise
    case, card = exercise.case, asked.say("card")
    named = hit(_NAMED, asked.question)
    shown = card_text(case, exercise.operator) + "".join(item.zh for item in case.knowledge.must_not)
    if named and asked.language != "en" and named[0] not in shown:
        yield Passage(text=asked.say("promise.not_on_card", what=named[0]), source=card)
    yield Passage(
        text=asked.say("promise.must_not", items=asked.run([asked.text(item) for item in case.knowledge.must_not])),
        source=card,
    )
    yield Passage(text=asked.say("promise.why", why=asked.text(case.trap.why)), source=asked.say("case_card"))
    yield from rules_about(asked, named[0] if named else "")
    ways_out = asked.join([asked.text(item.what) for item in case.resolutions], "and")
    yield Passage(text=asked.say("promise.may", items=ways_out), source=card)
    yield Passage(text=asked.say("say", say=case.resolutions[0].say))
    yield from _crossed(asked)


def _crossed(asked: Asked) -> Passages:
    """Whether the trainee promised what the rules forbid, where that was judged."""
    judged = [
        verdict
        for _, check, verdict in asked.verdicts()
        if M.FALSE_PROMISE in of_rule(check) and check.gate is not None
    ]
    said = [item for verdict in judged if verdict.answer == "yes" for item in verdict.evidence]
    if said:
        yield Passage(text=asked.say("promise.broke", n=said[0].turn + 1, quote=said[0].quote))
    elif any(verdict.answer == "no" for verdict in judged):
        yield Passage(text=asked.say("promise.kept"))


def how(asked: Asked) -> Passages | None:
    """How to do what the question names, in this case's sentences; None when it names nothing of the kind."""
    moves = ways(asked.question)
    return _how(asked, moves) if moves else None


def _how(asked: Asked, moves: tuple[MoveId, ...]) -> Passages:
    exercise = asked.call.exercise
    if exercise.persona.harassing and FEELING & set(moves):
        yield Passage(text=asked.say("how.no_soothing"), source=asked.say("profile"))
        moves = (M.SET_BOUNDARY,)
    if M.SET_BOUNDARY in moves:
        if not exercise.persona.harassing:
            yield Passage(text=asked.say("how.proper"), source=asked.say("profile"))
            yield Passage(text=asked.say("say", say=exercise.case.coaching.empathise[0]))
            return
        one, two, three = (sentence(move.value, exercise) for move in (M.SET_BOUNDARY, M.WARN, M.END_BY_RULE))
        yield Passage(text=asked.say("how.boundary", one=one, two=two, three=three), source=asked.say("case_card"))
        return
    yield _meaning(asked, moves[0])
    if M.DECLINE in moves:
        items = asked.run([asked.text(item) for item in exercise.case.knowledge.must_not])
        yield Passage(text=asked.say("how.must_not", items=items), source=asked.say("card"))
    yield from _sentences(asked, moves, "say", 2)
    yield from rules_about(asked)
    yield _done(asked, moves[0])


def _sentences(asked: Asked, moves: tuple[MoveId, ...], key: str, most: int) -> Passages:
    """Sentences that make these moves: the case's own, else those of the rubrics. `key`: the wording around each."""
    lines = _of_case(asked, moves)
    if lines:
        yield from (Passage(text=asked.say(key, say=say), source=asked.say("case_card")) for say in lines[:most])
        return
    known = [
        (rubric, check)
        for rubric, check, _ in asked.verdicts()
        if check.kind == "merit" and check.say_instead and set(moves) & set(of_rule(check)[:2])
    ]
    for rubric, check in known[:most]:
        source = asked.say("rubric", name=asked.text(rubric.name))
        yield Passage(text=asked.say(key, say=check.say_instead), source=source)


def _of_case(asked: Asked, moves: tuple[MoveId, ...]) -> list[str]:
    exercise = asked.call.exercise
    case, coaching = exercise.case, exercise.case.coaching
    ways_out = [item.say for item in case.resolutions]
    known: dict[MoveId, list[str]] = {
        M.EMPATHISE: list(coaching.empathise),
        M.APOLOGISE: [apology(exercise), sentence("apologise_again", exercise)],
        M.OWN_FAULT: [apology(exercise)],
        M.RESTATE: [coaching.restate],
        M.ACKNOWLEDGE: [sentence("listen", exercise)],
        M.EXPLAIN: [coaching.explain],
        M.INFORM: [coaching.explain],
        M.NARRATE: [coaching.narrate],
        M.REFRAME: [coaching.reframe],
        M.YARDSTICK: [coaching.reframe],
        M.BENEFIT: [coaching.reframe],
        M.DECLINE: [coaching.explain, coaching.reframe],
        M.OFFER: ways_out,
        M.CHOICE: ways_out,
        M.COMMIT: [item.answer for item in case.concerns if amounts(item.answer)] + ways_out[:1],
        M.CARE: [coaching.close],
        M.FAREWELL: [sentence("farewell", exercise)],
        M.CHECK_OPEN: [sentence("check_open", exercise)],
        M.GREET: [sentence("opening", exercise)],
        M.IDENTIFY: [sentence("opening", exercise)],
        M.SET_BOUNDARY: [sentence("set_boundary", exercise)],
        M.WARN: [sentence("warn", exercise)],
        M.END_BY_RULE: [sentence("end_by_rule", exercise)],
        M.ASK_OPEN: [fact.ask for fact in case.facts if fact.release.when == "asked_openly"],
        M.ASK_CLOSED: [fact.ask for fact in case.facts if fact.release.when == "asked"],
    }
    layers = {M.ASK_INFO: "info", M.ASK_PROBLEM: "problem", M.ASK_IMPACT: "impact", M.ASK_SOLUTION: "solution"}
    found = [line for move in moves for line in known.get(move, ()) if asked.known(line)]
    found += [fact.ask for move in moves for fact in case.facts if fact.layer == layers.get(move)]
    return list(dict.fromkeys(found))


def _meaning(asked: Asked, move: MoveId) -> Passage:
    found = next(item for item in asked.vocabulary.moves if item.id is move)
    text = asked.say("term.move", name=asked.text(found.name), meaning=asked.text(found.meaning))
    return Passage(text=text, source=asked.say("vocabulary"))


def _done(asked: Asked, move: MoveId) -> Passage:
    """Whether and where the trainee did it in this call."""
    bad = move in FAULTS
    for turn in asked.own:
        words = turn.appraisal.quote(move) if turn.appraisal else ""
        if words:
            return Passage(text=asked.say("term.fault_done" if bad else "term.done", n=turn.index + 1, quote=words))
    return Passage(text=asked.say("term.fault" if bad else "term.not_done"))


def term(asked: Asked) -> Passages | None:
    """What a word of the training means; None when the word is none of ours."""
    word = _TERM_WORDS.sub("", asked.question).strip()
    if len(word) < 2:
        return None
    if key := glossary(word):
        return iter([Passage(text=asked.report(key), source=asked.say("report"))])
    if re.search("合格线|pass mark", word, re.IGNORECASE):
        return iter([Passage(text=asked.say("term.mark"), source=asked.say("report"))])
    if _SCALES.search(word):
        return iter([Passage(text=asked.say("term.scale"), source=asked.say("report"))])
    move = _move_named(asked, word)
    if move is not None:
        return _term(asked, move)
    for rubric, _ in asked.graded():
        if any(len(part) >= 2 and part in word for part in (rubric.name.zh, *re.split("[与和、]", rubric.name.zh))):
            told = asked.say("term.rubric", name=asked.text(rubric.name), summary=asked.text(rubric.summary))
            return iter([Passage(text=told, source=asked.say("rubric", name=asked.text(rubric.name)))])
    return None


def _move_named(asked: Asked, word: str) -> MoveId | None:
    """The move whose name shares the longest stretch with the word, at least two letters (a whole word of English)."""
    best: tuple[int, MoveId | None] = (0, None)
    for item in asked.vocabulary.moves:
        zh = _longest(re.sub("[（(].*", "", item.name.zh), word)
        en = len(item.name.en) if item.name.en.lower() in word.lower() else 0
        if max(zh, en) >= 2 and max(zh, en) > best[0]:
            best = (max(zh, en), item.id)
    return best[1] or next(iter(ways(word)), None)


def _longest(name: str, word: str) -> int:
    sizes = range(len(name), 1, -1)
    return next((size for size in sizes if any(name[i : i + size] in word for i in range(len(name) - size + 1))), 0)


def _term(asked: Asked, move: MoveId) -> Passages:
    found = next(item for item in asked.vocabulary.moves if item.id is move)
    yield _meaning(asked, move)
    yield Passage(text=asked.say("term.example", say=found.examples[0]), source=asked.say("vocabulary"))
    if move not in BOUNDARY or asked.call.exercise.persona.harassing:
        yield from _sentences(asked, (move,), "term.here", 1)
    yield _done(asked, move)


def wish(asked: Asked) -> Passages:
    case, state = asked.call.exercise.case, asked.call.state
    yield Passage(text=asked.say("wish.demand", what=asked.text(case.demand.what)), source=asked.say("case_card"))
    worries = asked.join([asked.text(item.what) for item in case.concerns], "and")
    yield Passage(text=asked.say("wish.concerns", items=worries), source=asked.say("case_card"))
    told = [fact.what for fact in case.facts if fact.id in state.released]
    if told:
        yield Passage(text=asked.say("wish.told", items=asked.run(told)))
    untold = [fact for fact in case.facts if fact.id not in state.released]
    yield Passage(text=asked.say("wish.untold", n=len(untold)) if untold else asked.say("wish.all"))
    for fact in untold[:3]:
        yield Passage(text=asked.say("wish.ask", say=fact.ask), source=asked.say("case_card"))


def persona(asked: Asked) -> Passages:
    exercise = asked.call.exercise
    who, source = exercise.persona, asked.say("profile")
    yield Passage(
        text=asked.say("persona.who", name=asked.text(who.name), summary=asked.text(who.summary)), source=source
    )
    if who.harassing:
        yield from _how(asked, (M.SET_BOUNDARY,))
        return
    yield Passage(text=asked.say("persona.lands", n=who.temper.lands_below), source=source)
    for key, by in (("persona.likes", who.temper.soothed_by), ("persona.hates", who.temper.stung_by)):
        most = sorted((move for move, factor in by.items() if factor > 1), key=lambda move: -by[move])[:3]
        names = [asked.vocabulary.name(move, asked.language) for move in most]
        if names:
            yield Passage(text=asked.say(key, moves=asked.join(names)), source=source)
    first = asked.call.turns[0].step
    if first is not None:
        yield Passage(text=asked.say("persona.first", say=best_move(first.state, exercise).say))


def talk(asked: Asked) -> Passages:
    facts = asked.grade.facts
    if "agent_char_share" in facts and "longest_turn_chars" in facts:
        share = f"{facts['agent_char_share']:.0%}"
        told = {"turns": len(asked.own), "share": share, "longest": f"{facts['longest_turn_chars']:g}"}
        yield Passage(text=asked.say("talk.share", **told), source=asked.say("report"))
    yield Passage(text=asked.say("talk.unheard"))


def next_time(asked: Asked) -> Passages:
    if asked.grade.next_time:
        yield Passage(text=asked.grade.next_time, source=asked.say("report"))
    for item in asked.grade.feedback:
        key = "next.change" if item.kind == "change" and item.say else "next.keep"
        yield Passage(text=asked.say(key, n=item.turn + 1, quote=item.quote, say=item.say))
    if not asked.grade.feedback:
        lost = next(((r, c, v) for r, c, v in asked.verdicts() if tone_of(c, v) == "bad"), None)
        if lost is not None:
            yield asked.explained(*lost)


def unfair(asked: Asked) -> Passages:
    yield Passage(text=asked.say("unfair"))
