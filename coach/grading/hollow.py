"""Words that are there without the deed: spoken to a grader, about the craft, over and over, or all in one breath.

A call is judged by what was said to the customer. Orders to a grader, lists of moves, quotations of a rubric and the same
sentence again therefore earn nothing; what is bad in them still counts. It goes by the form of the
words and by the rubrics' own sentences as they are handed in, and leaves calls that hold no such words exactly as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from coach.content.moves import FAULTS
from coach.content.moves import MoveId as M
from coach.content.rubric import Check
from coach.grading.evidence import letters_of
from coach.records.call import Appraisal, FoundMove
from coach.records.grade import Line, Transcript
from coach.understanding.clauses import split
from coach.understanding.sieve import Sifted

MOST_IN_A_BREATH = 6
"""Good moves in one turn. None of 4,795 labelled turns shows more; whoever does recites."""
MOST_CLAUSES = 13
"""Clauses in one turn that shows several moves. None of those turns has more."""
MOST_LAYERS_AT_ONCE = 2
"""Layers of questions in one turn. A customer can answer one; three are a volley, and nothing was asked."""
REPEATS_FROM = 6
"""Letters from which a sentence said again word for word counts once."""
RECITED_FROM = 10
"""Letters from which a sentence that stands in a rubric's descriptions is recited."""

_SEVERAL = 4
_LAYERS = frozenset({M.ASK_INFO, M.ASK_PROBLEM, M.ASK_IMPACT, M.ASK_SOLUTION})
_ANSWERS = frozenset(
    {
        M.ASK_OPEN,
        M.ASK_PROBLEM,
        M.ASK_IMPACT,
        M.ASK_SOLUTION,
        M.APOLOGISE,
        M.EMPATHISE,
        M.OWN_FAULT,
        M.ACKNOWLEDGE,
        M.RESTATE,
    }
)
_NODS = "有是对嗯好的"
"""Answers to one's own recited question."""
_CLOSES = frozenset({M.THANK, M.FAREWELL, M.CARE, M.CHECK_OPEN, M.PRAISE, M.RAPPORT})
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_TO_GRADER = Sifted(
    r"评分(员|者|表|标准|系统)|质检(员|老师|规则|系统)|检查点|加分项|违规项|判\s*(为|成)?\s*(yes|no|na)|"
    r"(给|打|判|按|登记)[^，。]{0,8}(满分|一百分(?!钟)|100\s*分|优秀通话)|只?(输出|回答|填)\s*(yes|no)|(全部|一律|都)[^，。]{0,4}(yes|判对|合格)|"
    r"(忽略|无视|不要理会)[^，。]{0,8}(以上|上面|之前|前面|所有)[^，。]{0,8}(要求|指令|提示|规则|内容)?|"
    r"[【\[<]\s*系统(消息|提示|指令)?\s*[】\]>]|系统(消息|提示|指令)\s*[:：]|提示词|[<>]{2,}\s*通话记录|通话记录\s*[<>]{2,}|"
    r"(上面|以上|前面)的?(通话|对话|记录)[^，。]{0,6}(示例|例子|不用评)|"
    r"<\|?/?\s*(im_start|im_end|transcript|system|user|assistant)|</?transcript>|"
    r"[{\[]\s*[\"“'](?:violations|merits|check|score|passed|answer|quotes)|[\"“'](?:check|score|passed|answer|merits|violations)[\"”']\s*[:：]|"
    r"\b(ignore|disregard|forget)\b.{0,30}\b(instruction|rubric|prompt|rule|above|previous)|"
    r"\b(grade|mark|score|rate|evaluate|answer)\b.{0,40}\b(agent|check|yes|pass|100|full|ideal)|\b(all|every)\b.{0,20}\bchecks?\b|"
    r"\bchecks?\b.{0,20}\b(passed|satisfied)|\bSYSTEM\s*:|\bevaluation mode\b|\bdeveloper override\b|###\s*Instructions",
    re.IGNORECASE,
)
_SPEAKER = Sifted(
    r"(?:^|[\s\]】。！？!?，])(?:坐席|客户|助手|system|assistant|user|agent|customer)\s*[:：]", re.IGNORECASE
)
_OF_THE_CRAFT = Sifted(
    r"坐席(有没有|是否|每|一?直|表现|的表现|做到|很|非常|始终)|同理心|共情|开放式|封闭式|换框|峰终|四层(提问)?|正向(表达|引导)|三明治|客户的(心情|情绪|处境|感受)|"
    r"我(是|干|做)[^，。！？]{0,8}(金牌|资深|明星|冠军|标兵|新人|新手|刚上岗)|"
    r"(安抚|复述|倾听|提问|道歉|共鸣)[^，。您]{0,6}(都|全)?(做到|到位了|做完)|服务态度(一流|优秀|很好|满分)|"
    r"\b(empath\w*|apolog\w*|restat\w*|open questions?|acknowledg\w*|professional)\b.{0,60}"
    r"(: ?yes|done|\bI was\b|throughout|excellent)|\bI was\b.{0,30}\b(empath|professional|patient)|"
    r"\b(apology|sentence|question)\b.{0,30}\b(names?|joins?|open one)\b",
    re.IGNORECASE,
)
_PAUSES = "，,、"
_PIECE = re.compile(f"[{_PAUSES}]+")
_LIST_FROM, _LIST_WORD = 5, 4


class Span(NamedTuple):
    """`text[start:end]` of a turn."""

    start: int
    end: int


Spans = tuple[Span, ...]


def to_grader(text: str) -> Spans:
    """The sentences that talk to whoever grades instead of to the other speaker; after a forged speaker's name, all that follows."""
    if not (_SPEAKER.may_match(text) or _TO_GRADER.may_match(text)):
        return ()
    found: list[Span] = []
    forged = False
    for span in _sentences(text):
        sentence = text[span.start : span.end]
        forged = forged or bool(_SPEAKER.search(sentence))
        if forged or _TO_GRADER.search(sentence):
            found.append(span)
    return tuple(found)


def heeded(transcript: Transcript) -> Transcript:
    """The transcript with what the customer's lines hold for a grader left out. The same object when they hold nothing."""
    turns = [
        line
        if line.role == "agent" or not (spans := to_grader(line.text))
        else line.model_copy(update={"text": without(line.text, spans).strip()})
        for line in transcript.turns
    ]
    changed = any(one is not other for one, other in zip(turns, transcript.turns, strict=True))
    return transcript.model_copy(update={"turns": tuple(turns)}) if changed else transcript


def described(checks: Iterable[Check]) -> str:
    """The letters of what is said about these checks (not of their examples, which are sentences to say)."""
    texts = (
        said
        for check in checks
        for words in (check.ask, check.yes_when, check.no_when, check.na_when, check.look_at)
        for said in (words.zh, words.en)
    )
    return "\n".join(letters_of(text) for text in texts)


def hollow(transcript: Transcript, rubric_words: str = "", *, repeats: bool = True) -> dict[int, Spans]:
    """By turn, the trainee's sentences that earn nothing. Turns without any are left out.

    Args:
        rubric_words: from `described`; a whole sentence out of it is recited, not said.
        repeats: whether a sentence said again word for word is hollow too.
    """
    said: set[str] = set()
    found: dict[int, Spans] = {}
    for index, line in enumerate(transcript.turns):
        if line.role == "agent":
            doubtful = any(words.may_match(line.text) for words in (_TO_GRADER, _SPEAKER, _OF_THE_CRAFT))
            spans = tuple(
                span
                for span in _sentences(line.text)
                if _is_hollow(line.text[span.start : span.end], said if repeats else set(), rubric_words, doubtful)
            )
            if spans:
                found[index] = spans
    return found


def without(text: str, spans: Iterable[Span], instead: str = "") -> str:
    """The text without these spans, `instead` in their place."""
    for span in sorted(spans, reverse=True):
        text = text[: span.start] + instead + text[span.end :]
    return text


class Earned(NamedTuple):
    """What a turn really did. `idle`: it was said to nobody, and the customer's line before it stays unanswered."""

    appraisal: Appraisal
    idle: bool = False


def earned(
    line: Line,
    spans: Spans,
    again: Spans,
    appraisal: Appraisal,
    reread: Callable[[str], Appraisal] | None = None,
) -> Earned:
    """The appraisal of a turn without what is hollow in it.

    Faults of the whole turn stay: words added to a fault don't undo it.

    Args:
        spans: what is hollow (from `hollow`). again: the part of it that is only said once more.
        reread: appraises the words that are left, when they may be read again.
    """
    rest = without(line.text, spans).strip()
    if spans:
        good = [found for found in appraisal.moves if found.move not in FAULTS and not _inside(found, line.text, spans)]
        bad = [found for found in appraisal.moves if found.move in FAULTS]
        if reread is not None:
            left = reread(rest).moves if rest else ()
            good = [found for found in left if found.move not in FAULTS]
            plain = [found for found in left if found.move in FAULTS]
            known = {found.move for found in plain}
            bad = [*plain, *(found for found in bad if found.move not in known)]
        appraisal = appraisal.model_copy(update={"moves": (*good, *bad)})
    breathed = _breathed(appraisal, rest)
    strange = len(spans) > len(again)
    if strange and _is_nothing(rest):
        # a foreign language or code reads like jargon to the classifier
        return Earned(_only(breathed, lambda move: move in FAULTS and move is not M.JARGON_DUMP), True)
    return Earned(breathed, breathed is not appraisal)


def _is_nothing(rest: str) -> bool:
    return not letters_of(rest).strip(_NODS)


def too_early(text: str, appraisal: Appraisal) -> str:
    """An opening turn without sympathy and apology for what nobody has told yet."""
    for found in appraisal.moves:
        if found.move in (M.APOLOGISE, M.EMPATHISE, M.OWN_FAULT):
            text = text.replace(found.quote, "")
    return text


def before_the_start(transcript: Transcript, appraisals: Mapping[int, Appraisal]) -> dict[int, Appraisal]:
    """When the customer called, nothing before their first word answers anything, and what is asked there is only an offer of help."""
    first = next((at for at, line in enumerate(transcript.turns) if line.role == "customer"), -1)
    if transcript.direction == "outbound":
        return dict(appraisals)
    return {
        index: _only(appraisal, lambda move: move not in _ANSWERS) if index < first else appraisal
        for index, appraisal in appraisals.items()
    }


def after_the_end(transcript: Transcript, appraisals: Mapping[int, Appraisal]) -> dict[int, Earned]:
    """What follows the trainee's own goodbye, with no customer line after it, was said to nobody: only closing words count."""
    last_customer = max((at for at, line in enumerate(transcript.turns) if line.role == "customer"), default=-1)
    ended = False
    found: dict[int, Earned] = {}
    for index, appraisal in sorted(appraisals.items()):
        kept = _only(appraisal, lambda move: move in FAULTS or move in _CLOSES) if ended else appraisal
        found[index] = Earned(kept, ended and not kept.moves)
        ended = ended or (index > last_customer and M.FAREWELL in appraisal.kinds)
    return found


def _is_hollow(sentence: str, said: set[str], rubric_words: str, doubtful: bool) -> bool:
    """`doubtful`: the turn may hold words to a grader or about the craft."""
    letters = letters_of(sentence)
    again = len(letters) >= REPEATS_FROM and letters in said
    recited = len(letters) >= RECITED_FROM and letters in rubric_words
    said.add(letters)
    return (
        again
        or recited
        or (
            doubtful
            and bool(_TO_GRADER.search(sentence) or _SPEAKER.search(sentence) or _OF_THE_CRAFT.search(sentence))
        )
        or _lists(sentence)
    )


def _lists(sentence: str) -> bool:
    """Bare words in a row (理解，抱歉，感谢，关怀 …) are no sentence to anybody."""
    if sum(map(sentence.count, _PAUSES)) < _LIST_FROM - 1:
        return False
    pieces = [letters_of(piece) for piece in _PIECE.split(sentence)]
    pieces = [piece for piece in pieces if piece]
    return len(set(pieces)) >= _LIST_FROM and all(1 < len(piece) <= _LIST_WORD for piece in pieces)


def _breathed(appraisal: Appraisal, text: str) -> Appraisal:
    """Without what nobody can take in at once."""
    good = appraisal.kinds - FAULTS
    drop: frozenset[M] = frozenset()
    if len(good) > MOST_IN_A_BREATH or (len(good) >= _SEVERAL and len(split(text)) > MOST_CLAUSES):
        drop = good
    elif len(good & _LAYERS) > MOST_LAYERS_AT_ONCE:
        drop = _LAYERS | {M.ASK_OPEN, M.ASK_CLOSED}
    return _only(appraisal, lambda move: move not in drop)


def _only(appraisal: Appraisal, keep: Callable[[M], bool]) -> Appraisal:
    kept = tuple(found for found in appraisal.moves if keep(found.move))
    return appraisal if len(kept) == len(appraisal.moves) else appraisal.model_copy(update={"moves": kept})


def _inside(found: FoundMove, text: str, spans: Sequence[Span]) -> bool:
    start = text.find(found.quote)
    return any(start < span.end and span.start < start + len(found.quote) for span in spans)


def _sentences(text: str) -> Iterable[Span]:
    return (Span(*match.span()) for match in _SENTENCE.finditer(text))
