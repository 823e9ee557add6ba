"""The foot of a report: what produced it, so that a printed page explains itself."""

from __future__ import annotations

from coach.records.call import Call
from coach.records.grade import Grade
from coach.reports.wording import Say


def source_note(call: Call, grade: Grade, say: Say) -> str:
    """One sentence: how this grade was reached."""
    if not grade.offline:
        return say("model_note", model=grade.model)
    return say("offline_note" if call.provenance.offline else "half_model_note")


def foot(call: Call, grade: Grade, say: Say, language: str) -> tuple[tuple[str, str], ...]:
    """(label, value) pairs: versions, models, dates."""
    used = call.provenance
    rubrics = {rubric.id: rubric for rubric in call.exercise.rubrics}
    named = [
        f"{rubrics[item.rubric].name.say(language) if item.rubric in rubrics else item.rubric} v{item.version}"
        for item in grade.rubrics
    ]
    return (
        (say("foot.date"), call.created.astimezone().strftime("%Y-%m-%d %H:%M")),
        (say("foot.graded"), grade.created.astimezone().strftime("%Y-%m-%d %H:%M")),
        (say("foot.voice"), _voice(call, say)),
        (say("foot.appraised"), _appraised(call, say)),
        (say("foot.judge"), _judge(grade, say)),
        (say("foot.rubrics"), "、".join(named) if language != "en" else ", ".join(named)),
        (say("foot.version"), used.coach_version),
        (say("foot.content"), used.content_hash[:12]),
        (say("foot.call"), call.id),
    )


def _judge(grade: Grade, say: Say) -> str:
    judge = say("foot.rules") if grade.offline else grade.model
    return f"{judge} · {say('foot.votes', n=grade.votes)}" if grade.votes > 1 else judge


def _voice(call: Call, say: Say) -> str:
    if call.provenance.offline:
        return say("foot.authored")
    named = call.provenance.models.get("customer", "")
    written = sum(turn.voice.startswith("authored_after") for turn in call.turns)
    return f"{named} · {say('foot.fallbacks', n=written)}" if written else named


def _appraised(call: Call, say: Say) -> str:
    sources = {turn.appraisal.source for turn in call.turns if turn.appraisal is not None}
    named = [call.provenance.models.get("appraisal", "")] if "model" in sources else []
    return " · ".join([*named, *([say("foot.embedded")] if "embedded" in sources or not sources else [])])
