"""`coach grade TARGET`: grades one stored call, or the transcripts of a file, and prints the grade."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from coach.content.library import Library
    from coach.content.rubric import Rubric
    from coach.grading.grader import Grader
    from coach.records.grade import Grade
    from coach.settings import Settings

ANSWERS = {"yes": "是 yes", "no": "否 no", "na": "不适用 na", "unscored": "未评 unscored"}
CAUSES = {
    "evidence_not_found": "引的话在坐席原话里找不到 · quote not found",
    "no_answer": "模型没有回答 · no answer",
    "invalid_answer": "模型答得不合格式 · invalid answer",
    "model_failed": "模型没有连上 · model failed",
    "not_decidable_offline": "离线时判不了 · not decidable offline",
    "split_votes": "几次判得不一样 · votes split",
}


def grade(
    target: Annotated[
        str, typer.Argument(help="通话编号，或通话文件（- 为标准输入）· a call id, or a transcript file")
    ],
    rubric: Annotated[list[str] | None, typer.Option(help="评分表编号，用于文件 · rubric ids, for files")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="不用大模型 · no model")] = False,
    votes: Annotated[int, typer.Option(min=1, max=9, help="每个检查点判几次 · votes of the judge")] = 1,
    lang: Annotated[Literal["zh", "en"], typer.Option(help="反馈的语言 · language")] = "zh",
    house_rules: Annotated[
        bool,
        typer.Option(
            "--house-rules", help="把 operator.yaml 的规定给模型看，好判越权许诺 · show the judge the house rules"
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """给一通存下的通话，或文件里的通话打分并打印 · Grade a stored call or the transcripts of a file."""
    from coach.cli.evaluate import grader_for, say_mode
    from coach.content.library import Library
    from coach.settings import Settings

    settings = Settings.load()
    library = Library.load(settings.content)
    grader = grader_for(settings, library, offline=offline, house_rules=house_rules)
    say_mode(grader)
    if target != "-" and not Path(target).exists():
        _stored(settings, grader, target, votes, as_json)
        return
    bad = False
    for found, rubrics in _from_file(target, grader, library, rubric or ["all"], votes, lang):
        bad = bad or found is None
        if found is not None:
            _show(found, rubrics, as_json)
    if bad:
        raise typer.Exit(1)


def _stored(settings: Settings, grader: Grader, call_id: str, votes: int, as_json: bool) -> None:
    """Grades a call of the store by the rubrics it was played under; the grade is kept beside earlier ones."""
    from coach.errors import CallState
    from coach.wiring import open_store

    store = open_store(settings)
    call = store.call(call_id)
    if call.outcome is None:
        raise CallState("通话还没结束，先挂机再评分。", "The call is still open; hang up first.")
    found = asyncio.run(grader.grade_call(call, votes=votes))
    store.add_grade(found)
    _show(found, call.exercise.rubrics, as_json)


def _from_file(
    target: str, grader: Grader, library: Library, names: list[str], votes: int, lang: str
) -> Iterator[tuple[Grade | None, tuple[Rubric, ...]]]:
    """Grades of a file's transcripts; None for one that can't be read (said on stderr)."""
    from coach.batch import Record, read_records
    from coach.batch.job import chosen_rubrics

    rubrics = tuple(chosen_rubrics(library, names))
    for record in read_records([target]):
        if isinstance(record, Record):
            yield asyncio.run(grader.grade_transcript(record.transcript, rubrics, votes=votes, language=lang)), rubrics
        else:
            print(f"{record.file}:{record.line}: {record.reason} · {record.reason_en}", file=sys.stderr)
            yield None, rubrics


def _show(found: Grade, rubrics: tuple[Rubric, ...], as_json: bool) -> None:
    if as_json:
        print(json.dumps(found.model_dump(mode="json"), ensure_ascii=False))
        return
    print("\n".join(_told(found, rubrics)))


def _told(found: Grade, rubrics: tuple[Rubric, ...]) -> Iterator[str]:
    """The grade as lines of text."""
    score = "没有分 no score" if found.score is None else f"{found.score} 分"
    verdict = {True: "通过 passed", False: "未通过 not passed", None: "未定 undecided"}[found.passed]
    yield f"\n{found.call}：{score} · {verdict}"
    for hit in found.gates:
        yield f"  红线 red line: {hit.check}（最高 {hit.cap}）" + "".join(
            f"「{item.quote}」" for item in hit.evidence[:2]
        )
    for rubric, item in zip(rubrics, found.rubrics, strict=True):
        if rubric.kind == "score":
            points = "—" if item.score is None else str(item.score)
            low, high = item.band or (0, 0)
            band = f"，算上没评的 between {low}–{high}" if low != high else ""
            yield (
                f"\n{rubric.name.zh} {points}  = 100 × {item.earned}/{item.possible} − {item.penalties}，"
                f"未评 {item.unscored}{band}"
            )
        for check, decided in zip(rubric.checks, item.verdicts, strict=True):
            if decided.answer == "na" or (check.kind == "violation" and decided.answer == "no"):
                continue
            quote = "".join(f" [{found_.turn}]「{found_.quote}」" for found_ in decided.evidence[:1])
            cause = f"（{CAUSES[decided.cause]}）" if decided.cause else ""
            yield f"  {ANSWERS[decided.answer]:<8} {check.ask.zh}{cause}{quote}"
    heads = {"keep": "\n值得学习 · worth keeping", "change": "\n需要改进 · to change"}
    for kind, head in heads.items():
        said = [piece for piece in found.feedback if piece.kind == kind]
        if said:
            yield head
        for piece in said:
            yield f"  [{piece.turn}] 您说：「{piece.quote}」\n      {piece.effect}"
            if piece.say:
                yield f"      可以说：{piece.say}"
    if found.next_time:
        yield f"\n如何用到今后的工作 · next time\n  {found.next_time}"
