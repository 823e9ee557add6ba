"""From a transcript to a `Heard`: appraises what is not appraised yet, leaves out what is only words, finds the lexicon's phrases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from coach.content.case import Case
from coach.content.lexicon import Lexicon
from coach.content.moves import RESOLVING, MoveId
from coach.grading.firm import firm
from coach.grading.heard import EMPTY, Heard, Said, excerpt
from coach.grading.hollow import Spans, after_the_end, before_the_start, earned, heeded, hollow, too_early, without
from coach.grading.lexicon import with_lexicon
from coach.records.call import Appraisal, FoundMove, Speaker
from coach.records.grade import Transcript
from coach.understanding.sieve import expect

Before = list[tuple[Speaker, str]]
Ahead = Mapping[int, tuple[Before, Mapping[str, Appraisal]]]
"""By turn: what it takes to have been said before, and the appraisals, if that was so, of its words and of what of them is not hollow."""


class Reader(Protocol):
    """What finds the moves of a turn that carries none yet: the embedded appraiser."""

    def appraise(
        self, text: str, *, before: list[tuple[Speaker, str]] = ..., case: Case | None = None
    ) -> Appraisal: ...

    def appraise_all(self, turns: Sequence[tuple[str, Sequence[tuple[Speaker, str]]]]) -> list[Appraisal]: ...


@dataclass(frozen=True)
class _Sifted:
    """A transcript with what is hollow in it (coach/grading/hollow.py) by turn; `strange`: the part that is no mere repetition."""

    transcript: Transcript
    spans: Mapping[int, Spans]
    strange: Mapping[int, Spans]

    @staticmethod
    def of(transcript: Transcript, rubric_words: str) -> _Sifted:
        transcript = heeded(transcript)
        spans = hollow(transcript, rubric_words)
        return _Sifted(transcript, spans, hollow(transcript, rubric_words, repeats=False) if spans else {})

    def to_read(self) -> dict[int, tuple[tuple[str, ...], Before]]:
        """Every turn that carries no appraisal, with what was said before it: as if all had been said to the customer."""
        before: Before = []
        asked: dict[int, tuple[tuple[str, ...], Before]] = {}
        for index, turn in enumerate(self.transcript.turns):
            words = without(turn.text, self.spans.get(index, ()))
            if turn.role == "agent" and turn.text.strip() and turn.appraisal is None:
                rest = words.strip()
                asked[index] = (turn.text, rest) if rest and rest != turn.text else (turn.text,), list(before)
            if words.strip() or not turn.text:
                before.append((turn.speaker, words))
        return asked


def hear(
    transcript: Transcript,
    reader: Reader,
    *,
    case: Case | None = None,
    harasses: bool | None = None,
    lexicon: Lexicon | None = None,
    rubric_words: str = "",
) -> Heard:
    """Hears one call. `case`: of a practised call; its cues decide what was offered and answered."""
    sifted = _Sifted.of(transcript, rubric_words)
    ahead: Ahead = {} if case is not None else _read_ahead([sifted], reader)[0]
    return _heard(sifted, ahead, reader, case, harasses, lexicon or EMPTY)


def hear_all(
    transcripts: Sequence[Transcript], reader: Reader, *, lexicon: Lexicon | None = None, rubric_words: str = ""
) -> list[Heard]:
    """Hears many calls that belong to no case. Read together their turns cost far less."""
    expect(turn.text for transcript in transcripts for turn in transcript.turns)
    sifted = [_Sifted.of(transcript, rubric_words) for transcript in transcripts]
    return [
        _heard(one, ahead, reader, None, None, lexicon or EMPTY)
        for one, ahead in zip(sifted, _read_ahead(sifted, reader), strict=True)
    ]


def _read_ahead(calls: Sequence[_Sifted], reader: Reader) -> list[Ahead]:
    asked = [call.to_read() for call in calls]
    texts = [(text, past) for turns in asked for texts, past in turns.values() for text in texts]
    found = iter(reader.appraise_all(texts))
    return [
        {index: (past, {text: next(found) for text in texts}) for index, (texts, past) in turns.items()}
        for turns in asked
    ]


def _reading(reader: Reader, before: Before, case: Case | None, ahead: Ahead, index: int) -> Callable[[str], Appraisal]:
    """Appraises words of a turn after what was said before: looked up when they were read ahead."""
    past, known = ahead.get(index, (None, {}))
    if past != before:
        return partial(reader.appraise, before=list(before), case=case)

    def read(text: str) -> Appraisal:
        return known[text] if text in known else reader.appraise(text, before=list(before), case=case)

    return read


def _heard(
    sifted: _Sifted, ahead: Ahead, reader: Reader, case: Case | None, harasses: bool | None, lexicon: Lexicon
) -> Heard:
    """The few turns for which it was otherwise than `ahead` took it are read again."""
    transcript, spans, strange = sifted.transcript, sifted.spans, sifted.strange
    before: Before = []
    first = next((at for at, line in enumerate(transcript.turns) if line.role == "customer"), -1)
    found: dict[int, Appraisal] = {}
    idle: set[int] = set()
    for index, turn in enumerate(transcript.turns):
        if turn.role == "agent" and turn.text.strip():
            read = _reading(reader, before, case, ahead, index)
            appraisal = turn.appraisal or read(turn.text)
            again = tuple(span for span in spans.get(index, ()) if span not in strange.get(index, ()))
            what = earned(turn, spans.get(index, ()), again, appraisal, None if turn.appraisal else read)
            found[index] = what.appraisal
            if what.idle:
                idle.add(index)
                continue  # the next turn answers what came before this one
        words = without(turn.text, spans.get(index, ()))
        if index < first and index in found:
            words = too_early(words, found[index])
        if words.strip() or not turn.text:
            before.append((turn.speaker, words))
    ended = after_the_end(transcript, before_the_start(transcript, found))
    idle |= {index for index, what in ended.items() if what.idle}
    spoken = [(index, transcript.turns[index].text, what.appraisal) for index, what in ended.items()]
    said = [
        Said(index, nth, text, with_lexicon(text, _with_case(text, appraisal), lexicon))
        for nth, ((index, text, _), appraisal) in enumerate(
            zip(spoken, firm((text, appraisal) for _, text, appraisal in spoken), strict=True)
        )
    ]
    return Heard(transcript, tuple(said), harasses, lexicon, frozenset(idle))


def _with_case(text: str, appraisal: Appraisal) -> Appraisal:
    """Adds what the case knows better: words in its trap are a false promise, its resolutions are offers, whoever appraised."""
    added: list[FoundMove] = []
    if appraisal.trap and MoveId.FALSE_PROMISE not in appraisal.kinds:
        added.append(FoundMove(move=MoveId.FALSE_PROMISE, quote=appraisal.trap))
    if appraisal.offered and not appraisal.trap and not appraisal.kinds & RESOLVING:
        added.append(FoundMove(move=MoveId.OFFER, quote=excerpt(text)))
    return appraisal.model_copy(update={"moves": (*appraisal.moves, *added)}) if added else appraisal
