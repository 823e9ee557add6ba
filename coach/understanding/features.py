"""What the classifier sees of a clause: numbers of features, in blocks laid out one after the other.

Blocks: character n-grams of the clause and (shorter ones) of its neighbours; word patterns of
the clause, its neighbours, its sentence, its turn and the trainee's previous turn; the customer's feeling; the place in the turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from coach.records.call import Speaker
from coach.understanding.clauses import Clause, normalise, split
from coach.understanding.feeling import Feeling, feeling
from coach.understanding.patterns import PATTERN_NAMES, patterns_in

Shown = tuple[tuple[Clause, ...], list[list[int]]]
"""A turn's clauses and, for each, the numbers of its patterns."""
_P = len(PATTERN_NAMES)
FLAGS = (
    "first_turn", "second_turn", "late_turn", "first_clause", "last_clause", "only_clause", "question_mark", "question_word_end",
    "soft_end", "short", "middling", "long", "very_long", "turn_short", "turn_middling", "turn_long", "questions_1", "questions_2",
    "questions_3", "no_customer", "customer_short", "customer_silent", "customer_asks", "customer_reports", "customer_objects", "upset_1", "upset_2",
    "upset_3", "harassed_1", "harassed_2", "harassed_3", "customer_bye", "customer_thanks", "customer_yes", "customer_no", "before_question_bare",
    "turn_soothes", "upset_unsoothed", "upset_unsoothed_business", "earlier_upset", "earlier_harassed", "spaced",
)  # fmt: skip
_F = {name: number for number, name in enumerate(FLAGS)}
_BYE = re.compile("再见|拜拜|没了|没有了|没别的|就这样|不用了|挂了")
_THANKS = re.compile("谢|麻烦你了|辛苦")
_SOOTHES = frozenset(
    PATTERN_NAMES.index(name)
    for name in ("sorry", "understand", "anyone_would", "feelings", "our_fault", "blame_us", "listening", "i_hear")
)


@dataclass(frozen=True)
class Layout:
    """Where each block starts; `short` n-grams (one or two characters) come first in the vocabulary."""

    grams: int
    short: int

    @property
    def previous(self) -> int:
        return self.grams

    @property
    def following(self) -> int:
        return self.grams + self.short

    @property
    def patterns(self) -> int:
        return self.grams + 2 * self.short

    @property
    def flags(self) -> int:
        return self.patterns + 6 * _P

    @property
    def size(self) -> int:
        return self.flags + len(FLAGS)

    @property
    def blocks(self) -> dict[str, tuple[int, int]]:
        """First number and end of every block, by name."""
        names = (
            "patterns",
            "patterns_previous",
            "patterns_following",
            "patterns_sentence",
            "patterns_turn",
            "patterns_earlier",
        )
        starts = {"own": 0, "previous": self.previous, "following": self.following}
        starts |= {name: self.patterns + at * _P for at, name in enumerate(names)} | {"flags": self.flags}
        ends = [*list(starts.values())[1:], self.size]
        return {name: (start, end) for (name, start), end in zip(starts.items(), ends, strict=True)}


def grams(text: str) -> Iterable[str]:
    """The different character 1- to 4-grams of a text with its ends marked."""
    marked = f"^{normalise(text)}$"
    size = len(marked)
    return {marked[at : at + width] for width in (1, 2, 3, 4) for at in range(size - width + 1)}


@dataclass(frozen=True, slots=True)
class Looked:
    """A turn's clauses, the patterns that each shows, and the features that all of them share."""

    clauses: tuple[Clause, ...]
    shown: list[list[int]]
    whole: list[int]


class Extractor:
    """Turns a trainee turn with what was said before it into clauses and their feature numbers."""

    def __init__(self, vocabulary: dict[str, int], short: int) -> None:
        self._vocabulary = vocabulary
        self.layout = Layout(len(vocabulary), short)

    def turn(self, text: str, before: Sequence[tuple[Speaker, str]]) -> tuple[tuple[Clause, ...], list[list[int]]]:
        """The clauses of a turn and the feature numbers of each."""
        looked = self.looked(text, before)
        own = [self._numbers(clause.text) for clause in looked.clauses]
        layout = self.layout
        short = [[number for number in numbers if number < layout.short] for numbers in own]
        rows = []
        for at, numbers in enumerate(clause_numbers(layout, looked)):
            row = [*own[at], *looked.whole, *numbers]
            if at:
                row += [layout.previous + number for number in short[at - 1]]
            if at + 1 < len(own):
                row += [layout.following + number for number in short[at + 1]]
            rows.append(row)
        return looked.clauses, rows

    def looked(self, text: str, before: Sequence[tuple[Speaker, str]]) -> Looked:
        """All but the n-grams."""
        clauses, shown = _looked_at(text)
        return Looked(clauses, shown, self._of_turn(text, clauses, shown, before) if clauses else [])

    def _numbers(self, text: str) -> list[int]:
        known = self._vocabulary.get
        return [number for number in map(known, grams(text)) if number is not None]

    def _of_turn(
        self, text: str, clauses: tuple[Clause, ...], shown: list[list[int]], before: Sequence[tuple[Speaker, str]]
    ) -> list[int]:
        """Features that all clauses of the turn share."""
        layout = self.layout
        of_turn, earlier, flags = layout.patterns + 4 * _P, layout.patterns + 5 * _P, layout.flags
        row = [of_turn + number for number in set(chain.from_iterable(shown))]
        customer = customer_before(before)
        mine = [said for speaker, said in before if speaker is Speaker.TRAINEE]
        if mine:
            row += [earlier + number for number in _turn_patterns(mine[-1])]
        row += [flags + number for number in _turn_flags(text, clauses, shown, customer, before)]
        return row


def clause_numbers(layout: Layout, looked: Looked) -> Iterator[list[int]]:
    """Of each clause the features that are neither n-grams nor shared by the turn: patterns around it, its place and form."""
    clauses, shown, first = looked.clauses, looked.shown, layout.patterns
    in_sentence: dict[int, set[int]] = {}
    for clause, numbers in zip(clauses, shown, strict=True):
        in_sentence.setdefault(clause.sentence, set()).update(numbers)
    for at, clause in enumerate(clauses):
        found = [first + number for number in shown[at]]
        if at:
            found += [first + _P + number for number in shown[at - 1]]
        if at + 1 < len(clauses):
            found += [first + 2 * _P + number for number in shown[at + 1]]
        found += [first + 3 * _P + number for number in in_sentence[clause.sentence]]
        found += [layout.flags + number for number in form_of(clause, at, len(clauses))]
        yield found


def customer_before(before: Sequence[tuple[Speaker, str]]) -> str:
    """What the customer said since the trainee's last turn, in one line; empty when nothing."""
    lines: list[str] = []
    for speaker, said in reversed(before):
        if speaker is Speaker.TRAINEE:
            break
        lines.append(said)
    return " ".join(reversed(lines))


_looked: dict[str, Shown] = {}
_KEPT = 2048


def look_at(texts: Iterable[str]) -> list[Shown]:
    """Looks at turns together, which costs a fraction; kept, for the same turn is looked at again as the next one's past."""
    wanted = list(texts)
    found = {text: _looked.get(text) for text in wanted}
    new = [text for text, shown in found.items() if shown is None]
    split_ = [split(text) for text in new]
    patterns = iter(patterns_in([clause.text for clauses in split_ for clause in clauses]))
    looked = {text: (clauses, [next(patterns) for _ in clauses]) for text, clauses in zip(new, split_, strict=True)}
    if len(_looked) + len(looked) > _KEPT:
        _looked.clear()
    _looked.update(looked)
    return [found[text] or looked[text] for text in wanted]


def _looked_at(text: str) -> Shown:
    return _looked.get(text) or look_at([text])[0]


def _turn_patterns(text: str) -> set[int]:
    return set(chain.from_iterable(_looked_at(text)[1]))


def form_of(clause: Clause, at: int, count: int) -> tuple[int, ...]:
    """The flags of a clause's place and form; it is the clause number `at` of the `count` in its turn."""
    size = len(clause.text)
    length = "short" if size <= 4 else "middling" if size <= 10 else "long" if size <= 18 else "very_long"
    end = clause.text[-1]
    ending = "question_word_end" if end in "吗么呢没" else "soft_end" if end in "吧哈啊哦呀嘛" else ""
    return _form(at == 0, at == count - 1, clause.question, ending, length)


@cache
def _form(first: bool, last: bool, question: bool, ending: str, length: str) -> tuple[int, ...]:
    told = (
        ("first_clause", first), ("last_clause", last), ("only_clause", first and last), ("question_mark", question),
        (ending, bool(ending)), (length, True),
    )  # fmt: skip
    return tuple(_F[name] for name, true in told if true)


def _turn_flags(
    text: str, clauses: tuple[Clause, ...], shown: list[list[int]], customer: str, before: Sequence[tuple[Speaker, str]]
) -> list[int]:
    names: list[str] = []
    mine = [said for speaker, said in before if speaker is Speaker.TRAINEE]
    names.append("first_turn" if not mine else "second_turn" if len(mine) == 1 else "late_turn")
    names.append("turn_short" if len(text) < 16 else "turn_middling" if len(text) < 60 else "turn_long")
    questions = sum(clause.question for clause in clauses)
    if questions:
        names.append(f"questions_{min(3, questions)}")
    if " " in text and not any(mark in text for mark in "，。？"):
        names.append("spaced")
    soothes = not _SOOTHES.isdisjoint(chain.from_iterable(shown))
    if soothes:
        names.append("turn_soothes")
    names += _customer_flags(customer, soothes=soothes)
    earlier = [feeling(said) for speaker, said in before if speaker is Speaker.CUSTOMER]
    if any(one.upset >= 2 for one in earlier):
        names.append("earlier_upset")
    if any(one.harassed >= 2 for one in earlier):
        names.append("earlier_harassed")
    if mine and len(mine[-1]) < 24 and mine[-1].rstrip()[-1:] in "？?吗":
        names.append("before_question_bare")
    return [_F[name] for name in names]


def _customer_flags(customer: str, *, soothes: bool) -> list[str]:
    if not customer:
        return ["no_customer"]
    felt: Feeling = feeling(customer)
    names = [f"upset_{felt.upset}"] if felt.upset else []
    if felt.harassed:
        names.append(f"harassed_{felt.harassed}")
    if felt.upset >= 2 and not soothes:
        names.append("upset_unsoothed")
    told = (
        ("customer_asks", bool(felt.question)), ("customer_reports", bool(felt.problem)), ("customer_objects", bool(felt.objection)),
        ("customer_short", len(customer) <= 6), ("customer_silent", not any(char.isalnum() for char in customer)),
        ("customer_bye", bool(_BYE.search(customer))), ("customer_thanks", bool(_THANKS.search(customer))),
        ("customer_yes", customer[:1] in "好行对嗯是可哦"), ("customer_no", customer[:1] in "不没别"),
    )  # fmt: skip
    return names + [name for name, true in told if true]
