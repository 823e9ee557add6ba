"""A transcript as the rules read it: the trainee's turns with their moves, the customer's lines with their feeling."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from coach.content.lexicon import Lexicon
from coach.content.moves import BOUNDARY, MoveId
from coach.content.rubric import CustomerKind
from coach.grading import occasion
from coach.grading.lexicon import Hit, find_fillers, find_forbidden
from coach.records.call import Appraisal, FoundMove
from coach.records.grade import Evidence, Line, Transcript
from coach.understanding.feeling import Feeling, feeling

EMPTY = Lexicon()
T = TypeVar("T")
_EXCERPT = 40
_UPSET_HEAT = 60
"""Heat from which a customer of a practised call counts as upset."""
_REFUSES = re.compile(
    r"凭什么|凭啥|不要|不想|不同意|不接受|不公平|贵|不划算|不值|骗|忽悠|套路|不信|别家|人家|隔壁|便宜|没兴趣|不感兴趣"
)
_NO_TROUBLE = re.compile(
    r"(绑|补|换|副|主|电话|手机|银行|号|张|办|插|拔|sim|SIM|流量)(着|了|张|个)?卡(?![顿死住得])|卡(号|槽|里|片)|慢慢|慢点"
)
"""卡 as a thing and 慢慢来 are no complaints about speed."""
_TRIED = re.compile(r"(重启|试|弄|换|插|拔|开关|刷新|设置|调|修)[^。！？]{0,6}(没用|不行)")
"""What was tried in vain is a report, no refusal."""
_GREETS = re.compile(r"(喂|诶|哎)?[，,]?(您好|你好|早上好|上午好|中午好|下午好|晚上好)")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")


@dataclass(frozen=True)
class Said:
    """One trainee turn. `index` counts over all turns, `nth` over the trainee's."""

    index: int
    nth: int
    text: str
    appraisal: Appraisal

    def shows(self, moves: Collection[MoveId]) -> list[FoundMove]:
        """The found moves among `moves`, in the order of their words; words that show several of them once."""
        if self.kinds.isdisjoint(moves):
            return []
        shown = [item for item in self.appraisal.moves if item.move in moves]
        if len(shown) == 1:
            return shown
        first = {item.quote: item for item in reversed(shown)}
        found = [item for item in shown if first[item.quote] is item]
        return sorted(found, key=lambda item: self.text.find(item.quote)) if len(found) > 1 else found

    @cached_property
    def kinds(self) -> frozenset[MoveId]:
        """The moves of this turn."""
        return self.appraisal.kinds

    def evidence(self, found: FoundMove) -> Evidence:
        """One of this turn's moves as evidence."""
        return self.words_of[found.move, found.quote]

    @cached_property
    def words_of(self) -> dict[tuple[MoveId, str], Evidence]:
        """Each move of this turn in each of its words, as evidence. Made once: many checks point at the same."""
        return {
            (found.move, found.quote): Evidence(turn=self.index, quote=found.quote, move=found.move)
            for found in self.appraisal.moves
        }

    def place(self, found: FoundMove) -> tuple[int, int]:
        """Where in the call these words stand, for comparing orders."""
        return self.index, max(0, self.text.find(found.quote))


@dataclass(frozen=True)
class Heard:
    """`harasses`: known for practised calls; None lets the customer's lines decide."""

    transcript: Transcript
    said: tuple[Said, ...]
    harasses: bool | None = None
    lexicon: Lexicon = EMPTY
    idle: frozenset[int] = frozenset()
    """Trainee turns that were said to nobody (coach/grading/hollow.py): they answer no customer line."""

    @cached_property
    def addressed(self) -> tuple[Said, ...]:
        """The trainee's turns that were said to the customer."""
        return tuple(said for said in self.said if said.index not in self.idle)

    @cached_property
    def felt(self) -> dict[int, Feeling]:
        """How each customer line feels, by turn index."""
        turns = self.transcript.turns
        return {index: _felt(turn) for index, turn in enumerate(turns) if turn.role == "customer"}

    @cached_property
    def harassing(self) -> bool:
        """Whether this caller harasses. A furious customer with a real matter, rough words and all, does not."""
        if self.harasses is not None:
            return self.harasses
        rough = [index for index, felt in self.felt.items() if felt.harassed >= 2]
        matter = [index for index, felt in self.felt.items() if felt.problem and felt.harassed < 2]
        bounded = any(said.kinds & BOUNDARY for said in self.said)
        # one rough line is a slip; several that outnumber what is about a matter are the purpose of the call
        return len(rough) >= (1 if bounded else 2) and len(rough) >= len(matter)

    @cached_property
    def fillers(self) -> tuple[tuple[int, Hit], ...]:
        """The trainee's fillers, each with the index of its turn."""
        return tuple((said.index, hit) for said in self.said for hit in find_fillers(said.text, self.lexicon))

    @cached_property
    def forbidden(self) -> tuple[tuple[int, Hit], ...]:
        """The lexicon's forbidden phrases in the trainee's words, each with the index of its turn; none that are excused."""
        found = ((said.index, hit) for said in self.said for hit in find_forbidden(said.text, self.lexicon))
        return tuple((index, hit) for index, hit in found if not hit.excused)

    @cached_property
    def outbound(self) -> bool:
        """Whether we called."""
        first = self.said[0].text if self.said else ""
        return self.transcript.direction == "outbound" or occasion.is_outbound(first)

    @cached_property
    def vip(self) -> bool:
        return self.transcript.vip or occasion.is_vip("\n".join(turn.text for turn in self.transcript.turns))

    @cached_property
    def sale(self) -> bool:
        """Whether the call is about taking, keeping or comparing a product."""
        customer = "\n".join(turn.text for turn in self.transcript.turns if turn.role == "customer")
        return self.outbound or occasion.is_sale(customer, "\n".join(said.text for said in self.said))

    def is_kind(self, index: int, kind: CustomerKind) -> bool:
        """Whether a customer line counts as one of this kind. Strong feeling says that something is wrong."""
        felt, words = self.felt[index], self.transcript.turns[index].text
        if kind == "escalation":
            return occasion.is_escalation(words)
        if kind == "refusal":
            return self.sale and occasion.is_refusal(words)
        if kind == "buying":
            return self.sale and occasion.is_buying(words)
        if kind == "harassed":
            known = self.transcript.turns[index].harassing
            return self.harassing and (felt.has("harassed") if known is None else known)
        if kind == "problem":
            # whom we called may be cross without anything being wrong
            reports = felt.has("problem") and feeling(_NO_TROUBLE.sub("", words)).has("problem")
            return reports or (felt.has("upset") and not self.outbound)
        if kind == "objection" and felt.has("problem"):
            # 「重启了也没用」 reports; it refuses nothing
            return bool(_REFUSES.search(words))
        if kind == "objection" and _TRIED.search(words):
            return feeling(_TRIED.sub("", words)).has("objection")
        return felt.has(kind)

    @cached_property
    def kept(self) -> dict[object, Any]:
        """What was found out about this call once, by whatever names it."""
        return {}

    def once(self, name: object, find: Callable[[Heard], T]) -> T:
        """What `find` finds out about this call, found once and known by `name`. The result is shared: don't change it."""
        if name not in self.kept:
            self.kept[name] = find(self)
        found: T = self.kept[name]
        return found

    def lines(self, kind: CustomerKind) -> list[int]:
        return self.once(("lines", kind), lambda call: [at for at in call.felt if call.is_kind(at, kind)])

    def replies(self, kind: CustomerKind) -> list[Said]:
        """The trainee turns straight after customer lines of this kind (several lines in a row count as one)."""
        return list(self.once(("replies", kind), lambda call: call._replies(kind)))

    def _replies(self, kind: CustomerKind) -> list[Said]:
        found: list[Said] = []
        lines = frozenset(self.lines(kind))
        for said in self.addressed if lines else ():
            for index in range(said.index - 1, -1, -1):
                if index in self.idle:
                    continue
                if index not in self.felt:
                    break
                if index in lines:
                    found.append(said)
                    break
        return found

    @cached_property
    def kinds(self) -> frozenset[MoveId]:
        """The moves of the whole call."""
        return frozenset().union(*(said.kinds for said in self.said))

    def all_shown(self, moves: Collection[MoveId], within: Iterable[Said] | None = None) -> list[Evidence]:
        if self.kinds.isdisjoint(moves):
            return []  # of most moves that a rubric asks about a call shows none
        turns = self.said if within is None else within
        return [said.evidence(found) for said in turns for found in said.shows(moves)]


def _felt(line: Line) -> Feeling:
    """By the words; in a practised call the customer's own heat says how upset they were, whatever the words."""
    words = feeling(line.text)
    if line.heat is None:
        return words
    return replace(words, upset=3 if line.heat >= 85 else 2 if line.heat >= _UPSET_HEAT else min(words.upset, 1))


def sentences_of(text: str) -> list[str]:
    """The sentences of a turn, verbatim, without the spaces around them."""
    return [piece.strip() for piece in _SENTENCE.findall(text) if piece.strip()]


def excerpt(text: str) -> str:
    """The first sentence of a turn that can stand alone, at most 40 characters, verbatim; not the greeting when there is more."""
    pieces: list[str] = [piece.strip() for piece in _SENTENCE.findall(text) if len(piece.strip()) > 1]
    telling = [piece for piece in pieces if len(piece) >= 6 and not _GREETS.match(piece)]
    return (telling or pieces or [text.strip()])[0][:_EXCERPT]
