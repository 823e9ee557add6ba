"""What is well-formed and still wrong: things that would never happen in a call, or punish the right answer.

Each check compares parts of valid files with each other. References between files (dangling ids) are in `references.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from coach.content.case import Case
from coach.content.document import Document
from coach.content.feedback_lint import Sayings, lint_sentences, right_sentences
from coach.content.mistakes import Mistake, Said, show
from coach.content.operator import Operator
from coach.content.persona import Persona
from coach.content.text import Cue, any_cue

PLACEHOLDERS = ("{demand}", "{concern}")
"""What a persona's lines may leave for the case to fill."""
_PLACEHOLDER = re.compile(r"[{｛][^{}｛｝]*[}｝]?")


def lint_persona(document: Document, persona: Persona) -> list[Mistake]:
    """Unknown placeholders, lines over the persona's own cap."""
    cap, wrong = persona.speech.max_chars, []
    for path, line in _persona_lines(persona):
        for words in _PLACEHOLDER.findall(line):
            if words not in PLACEHOLDERS:
                allowed = Said("、".join(PLACEHOLDERS), ", ".join(PLACEHOLDERS))
                wrong.append(document.mistake(path, show(words), allowed))
        length = len(_PLACEHOLDER.sub("", line))
        if length > cap:
            text = Said(f"{length} 个字的台词「{line[:12]}……」", f"a line of {length} characters ({line[:12]!r}...)")
            allowed = Said(f"最多 {cap} 个字（speech.max_chars）", f"at most {cap} characters (speech.max_chars)")
            wrong.append(document.mistake(path, text, allowed))
    return wrong


def lint_case(document: Document, case: Case, operator: Operator | None, personas: Iterable[Persona]) -> list[Mistake]:
    """Everything about one case. `operator` and `personas` (those it is offered with) may be missing while they are broken."""
    wrong = [*_told_at_once(document, case), *_never_counts(document, case), *_punishes_the_right(document, case)]
    wrong += _case_lines(document, case, list(personas))
    known = operator is not None and {rule.id for rule in operator.rules} >= set(case.knowledge.rules)
    wrong += lint_sentences(document, case, operator if known else None)
    return wrong


def _persona_lines(persona: Persona) -> Sayings:
    for act, lines in persona.lines.items():
        yield from ((("lines", act.value, index), line) for index, line in enumerate(lines))
    for place, tactic in enumerate(persona.tactics):
        yield from ((("tactics", place, "lines", index), line) for index, line in enumerate(tactic.lines))


def _customer_lines(case: Case) -> Sayings:
    yield from ((("openings", index), line) for index, line in enumerate(case.openings))
    yield from ((("demand", "say", index), line) for index, line in enumerate(case.demand.say))
    for place, fact in enumerate(case.facts):
        yield from ((("facts", place, "say", index), line) for index, line in enumerate(fact.say))
    for place, concern in enumerate(case.concerns):
        yield from ((("concerns", place, "say", index), line) for index, line in enumerate(concern.say))


def _case_lines(document: Document, case: Case, personas: list[Persona]) -> list[Mistake]:
    wrong = []
    shortest = min(personas, key=lambda persona: persona.speech.max_chars, default=None)
    for path, line in _customer_lines(case):
        for words in _PLACEHOLDER.findall(line):
            allowed = Said(
                "案例的台词里没有占位符，把话写出来", "no placeholder in a case's lines: write the words out"
            )
            wrong.append(document.mistake(path, show(words), allowed))
        if shortest is not None and len(line) > shortest.speech.max_chars:
            cap, name = shortest.speech.max_chars, shortest.id
            text = Said(
                f"{len(line)} 个字的台词「{line[:12]}……」", f"a line of {len(line)} characters ({line[:12]!r}...)"
            )
            allowed = Said(f"{name} 一句最多说 {cap} 个字", f"{name} says at most {cap} characters")
            wrong.append(document.mistake(path, text, allowed, level="warning"))
    return wrong


def _told_at_once(document: Document, case: Case) -> list[Mistake]:
    """A fact whose telltale words stand in what the customer says from the start would need no asking."""
    said = [(path, line) for path, line in _customer_lines(case) if path[0] in ("openings", "demand", "concerns")]
    said += [(("request",), case.request.zh), (("demand", "what"), case.demand.what.zh)]
    wrong = []
    for place, fact in enumerate(case.facts):
        for index, word in enumerate(fact.telltale):
            where = next((path for path, line in said if word in line), None)
            if where is not None:
                spot = document.field_of(where)
                text = Said(f"「{word}」，{spot} 里已经说出来了", f"{word!r}, which {spot} tells already")
                allowed = Said("没问到之前不会出现的词", "words that don't come up before it is asked")
                wrong.append(document.mistake(("facts", place, "telltale", index), text, allowed))
    return wrong


def _never_counts(document: Document, case: Case) -> list[Mistake]:
    """The case's own example of a right (or wrong) sentence must be recognised by the case's own cues."""
    pairs: list[tuple[tuple[str | int, ...], str, tuple[Cue, ...], str]] = []
    for place, fact in enumerate(case.facts):
        if fact.release.when != "volunteered":
            pairs.append((("facts", place, "ask"), fact.ask, fact.release.cues, "release.cues"))
    for place, concern in enumerate(case.concerns):
        pairs.append((("concerns", place, "answer"), concern.answer, concern.answered_by, "answered_by"))
    for place, resolution in enumerate(case.resolutions):
        pairs.append((("resolutions", place, "say"), resolution.say, resolution.cues, "cues"))
    pairs.append((("trap", "say"), case.trap.say, case.trap.cues, "cues"))
    wrong = []
    for path, sentence, cues, name in pairs:
        if any_cue(cues, sentence) is None:
            text = Said(
                f"{show(sentence).zh}，{name} 里没有一条认得出它",
                f"{show(sentence).en}, which no entry of {name} recognises",
            )
            allowed = Said(
                f"含有 {name} 里的词的句子，或者给 {name} 添上词",
                f"a sentence with words of {name}, or more words there",
            )
            wrong.append(document.mistake(path, text, allowed))
    return wrong


def _punishes_the_right(document: Document, case: Case) -> list[Mistake]:
    """The trap must not catch what the case itself recommends."""
    wrong = []
    for path, sentence in right_sentences(case):
        cue = any_cue(case.trap.cues, sentence)
        if cue is not None:
            index = case.trap.cues.index(cue)
            spot = document.field_of(path)
            text = Said(
                f"「{cue}」，它把 {spot} 的正确说法也当成违规",
                f"{str(cue)!r}, which also catches the right sentence in {spot}",
            )
            allowed = Said(
                "只抓违规说法的词，用 + 加上条件", "words of the forbidden answer only; add a condition with +"
            )
            wrong.append(document.mistake(("trap", "cues", index), text, allowed))
    return wrong
