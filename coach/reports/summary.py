"""Call + grade + vocabulary -> Summary: everything a report shows, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from coach.content.moves import Vocabulary
from coach.customer.words import act_name, trigger_name
from coach.grading.totals import open_checks, rounded
from coach.records.call import GOOD_OUTCOMES, Call, Speaker, Turn
from coach.records.grade import Feedback, Grade
from coach.records.notes import Correction
from coach.reports.corrections import corrections_block
from coach.reports.counted import counted
from coach.reports.curve import mood_curve
from coach.reports.drawing import NARROW
from coach.reports.model import FeedbackItem, MoodPoint, Quote, RedLine, RubricBlock, Summary
from coach.reports.pictures import pictures
from coach.reports.provenance import foot, source_note
from coach.reports.rubric_blocks import rubric_blocks
from coach.reports.transcript import spoken_lines
from coach.reports.wording import Say, report_wording


def summarise(
    call: Call, grade: Grade, vocabulary: Vocabulary, language: str, corrections: Sequence[Correction] = ()
) -> Summary:
    """The whole report of an ended call in `language` (zh or en). What the grader wrote stays in the call's language.

    `corrections`: what trainers changed, oldest first (`Store.corrections`)."""
    say = report_wording().bound(language)
    moods = mood_points(call, vocabulary, language)
    peak = max(moods, key=lambda point: point.heat)
    last = moods[-1]
    blocks = rubric_blocks(call, grade, say, language)
    return Summary(
        language="en" if language == "en" else "zh",
        persona=call.exercise.persona.name.say(language),
        case=call.exercise.case.name.say(language),
        meta=_meta(call, say),
        good_end=call.outcome in GOOD_OUTCOMES and not call.state.trapped,
        ending=ending_sentence(call, say),
        trapped=call.state.trapped,
        score=grade.score,
        passed=grade.passed,
        verdict=_verdict(grade, say),
        score_note=_score_note(call, grade, blocks, say, language),
        red_lines=_red_lines(call, grade, say, language),
        corrections=corrections_block(call, grade, corrections, say, language),
        keep=_feedback(grade, "keep", say),
        change=_feedback(grade, "change", say),
        next_time=grade.next_time,
        moods=moods,
        curve=mood_curve(moods, _curve_words(moods, peak, say)),
        curve_narrow=mood_curve(moods, _curve_words(moods, peak, say), NARROW),
        peak=say("mood.peak_note", n=peak.number, heat=peak.heat),
        end=say("mood.end_note", heat=last.heat, trust=last.trust),
        pictures=(*pictures(call, blocks, vocabulary, say, language), *counted(grade, say)),
        rubrics=blocks,
        lines=spoken_lines(call, grade, say, language),
        foot=foot(call, grade, say, language),
        offline=grade.offline,
        source_note=source_note(call, grade, say),
    )


def ending_sentence(call: Call, say: Say) -> str:
    """How the call ended, in a sentence for the trainee."""
    if call.state.trapped and call.outcome in GOOD_OUTCOMES:
        return say("trapped")
    return say(f"outcome.{call.outcome}")


def mood_points(call: Call, vocabulary: Vocabulary, language: str) -> tuple[MoodPoint, ...]:
    """The customer's state after each of their lines."""
    return tuple(
        MoodPoint(
            number=turn.index + 1,
            heat=turn.step.state.heat,
            trust=turn.step.state.trust,
            patience=turn.step.state.patience,
            why=_why(turn, vocabulary, language),
        )
        for turn in call.turns
        if turn.step is not None
    )


def local_time(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def duration_s(call: Call) -> int:
    """Seconds from the first line to the end (to the last line while the call is open)."""
    end = call.ended or (call.turns[-1].at if call.turns else call.created)
    return max(0, round((end - call.created).total_seconds()))


def _why(turn: Turn, vocabulary: Vocabulary, language: str) -> str:
    assert turn.step is not None
    moved = [change for change in turn.step.changes if change.what == "heat"]
    reasons = dict.fromkeys(trigger_name(change.trigger, language, vocabulary) for change in moved)
    joined = (", " if language == "en" else "、").join(reasons)
    return joined or act_name(turn.step.act, language)


def _meta(call: Call, say: Say) -> tuple[str, ...]:
    minutes, seconds = divmod(duration_s(call), 60)
    spoken = sum(turn.speaker is Speaker.TRAINEE for turn in call.turns)
    return (
        say(f"meta.mode.{call.exercise.mode}"),
        say(f"meta.difficulty.{call.exercise.difficulty}"),
        *([] if call.branched_at is None else [say("meta.branch", n=call.branched_at + 1)]),
        say("meta.turns", n=spoken),
        say("meta.length", minutes=minutes, seconds=seconds),
        local_time(call.created),
    )


def _verdict(grade: Grade, say: Say) -> str:
    if grade.passed is None:
        return say("score.undecided") if grade.score is not None else say("score.none")
    return say("score.passed" if grade.passed else "score.failed")


def _score_note(call: Call, grade: Grade, blocks: Sequence[RubricBlock], say: Say, language: str) -> str:
    if not any(turn.speaker is Speaker.TRAINEE for turn in call.turns):
        return say("score.too_short")
    if grade.score is None:
        return say("score.none_why")
    caps = [hit.cap for hit in grade.gates]
    notes: list[str] = []  # a cap is told with its red line
    if grade.passed is False and not caps:
        notes += _below([block for block in blocks if block.passed is False], say)
    scored = [item for item in grade.rubrics if item.score is not None]
    unsure = sum(open_checks(item) for item in scored)
    bands = [item.band or (item.score or 0, item.score or 0) for item in scored]
    if unsure and bands:
        low, high = (rounded(sum(band[side] for band in bands) / len(bands)) for side in (0, 1))
        low, high = (min([value, *caps]) for value in (low, high))
        if low != high:
            notes.append(say("score.band", n=unsure, low=low, high=high))
    return (" " if language == "en" else "").join(notes)


def _below(blocks: Sequence[RubricBlock], say: Say) -> list[str]:
    """Which rubrics didn't reach their mark, those of one mark together."""
    notes = []
    for mark in sorted({block.mark for block in blocks}):
        named = [say("score.below_one", name=block.name, score=block.score) for block in blocks if block.mark == mark]
        notes.append(say("score.below", mark=mark, names=say("score.and").join(named)))
    return [*notes, say("score.every")] if notes else []


def _red_lines(call: Call, grade: Grade, say: Say, language: str) -> tuple[RedLine, ...]:
    rubrics = {rubric.id: rubric for rubric in call.exercise.rubrics}
    found = []
    for hit in grade.gates:
        check = next((check for check in rubrics[hit.rubric].checks if check.id == hit.check), None)
        effect = say("red.effect_fails" if hit.fails else "red.effect_caps", cap=hit.cap)
        quotes = tuple(Quote(number=item.turn + 1, text=item.quote) for item in hit.evidence)
        ask = check.yes_when.say(language) if check else hit.check
        found.append(RedLine(ask=ask, effect=effect, quotes=quotes))
    return tuple(found)


def _feedback(grade: Grade, kind: str, say: Say) -> tuple[FeedbackItem, ...]:
    return tuple(_item(item, say) for item in grade.feedback if item.kind == kind)


def _item(item: Feedback, say: Say) -> FeedbackItem:
    return FeedbackItem(
        number=item.turn + 1,
        turn=say("turn", n=item.turn + 1),
        quote=item.quote,
        effect=item.effect,
        say=item.say,
        after=item.after,
        add=item.how == "add",
    )


def _curve_words(moods: tuple[MoodPoint, ...], peak: MoodPoint, say: Say) -> dict[str, str]:
    alt = say("mood.alt", first=moods[0].heat, peak_turn=peak.number, peak=peak.heat, last=moods[-1].heat)
    return {name: say(f"mood.{name}") for name in ("heat", "trust", "peak", "end", "axis")} | {"alt": alt}
