"""`coach try PERSONA CASE --as skilled`: a scripted trainee against the engine, offline."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from coach.content.library import Library
    from coach.records.call import Turn
    from coach.trial.play import Trial

Trainee = Literal["skilled", "cold", "evasive", "rude", "overpromise", "silent", "apologising"]


def try_out(
    persona: Annotated[str, typer.Argument(help="客户画像编号 · persona id")],
    case: Annotated[str, typer.Argument(help="案例编号 · case id")],
    trainee: Annotated[Trainee, typer.Option("--as", help="哪种示范学员 · which scripted trainee")] = "skilled",
    seed: Annotated[int, typer.Option(help="种子，定开场白 · chooses the opening")] = 1,
    difficulty: Annotated[Literal["gentle", "standard", "hard"], typer.Option(help="难度 · difficulty")] = "standard",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """让示范学员和客户打一通电话（离线）· Play a scripted trainee against a customer, offline."""
    from coach.settings import Settings
    from coach.trial.play import play
    from coach.wiring import build_offline

    practice = build_offline(Settings.load())
    exercise = practice.exercise(persona, case, difficulty=difficulty)
    trial = asyncio.run(play(practice, exercise, trainee, seed))
    if as_json:
        print(json.dumps(as_dict(trial), ensure_ascii=False, indent=1))
    else:
        _print(trial, practice.library)


def as_dict(trial: Trial) -> dict[str, Any]:
    """The trial as plain data: turns with states and triggers, outcome, grade."""
    call, grade = trial.call, trial.grade
    return {
        "persona": call.exercise.persona.id,
        "case": call.exercise.case.id,
        "trainee": trial.trainee,
        "seed": call.seed,
        "outcome": call.outcome,
        "trapped": call.state.trapped,
        "score": grade.score,
        "passed": grade.passed,
        "rubrics": {item.rubric: item.score for item in grade.rubrics},
        "gates": [hit.check for hit in grade.gates],
        "turns": [_turn_dict(turn) for turn in call.turns],
    }


def _turn_dict(turn: Turn) -> dict[str, Any]:
    shown: dict[str, Any] = {"turn": turn.index, "speaker": turn.speaker, "text": turn.text}
    if turn.appraisal is not None:
        shown["moves"] = [found.model_dump(mode="json") for found in turn.appraisal.moves]
    if turn.step is not None:
        state = turn.step.state
        shown |= {
            "act": turn.step.act,
            "about": turn.step.about,
            "why": turn.step.why,
            "state": state.model_dump(mode="json", exclude={"counts"}),
            "changes": [change.model_dump(mode="json") for change in turn.step.changes],
        }
    return shown


def _print(trial: Trial, library: Library) -> None:
    from coach.customer.words import act_name, trigger_name

    call, grade = trial.call, trial.grade
    print(f"{call.exercise.persona.name.zh} × {call.exercise.case.name.zh} · {trial.trainee} · seed {call.seed}\n")
    for turn in call.turns:
        print(f"{turn.index:>2} {'学员' if turn.speaker == 'trainee' else '客户'}：{turn.text}")
        if turn.appraisal is not None:
            print(
                "      "
                + (
                    " ".join(f"[{library.vocabulary.name(found.move, 'zh')}]" for found in turn.appraisal.moves)
                    or "[无]"
                )
            )
        if turn.step is not None:
            state = turn.step.state
            print(
                f"      {act_name(turn.step.act, 'zh')} · 情绪{state.heat} 信任{state.trust} 耐心{state.patience} · 阶段 {state.stage}"
            )
            for change in turn.step.changes:
                trigger = trigger_name(change.trigger, "zh", library.vocabulary)
                print(
                    f"        {change.what} {change.before or '-'} → {change.after or '-'}  {trigger}{f'「{change.quote}」' if change.quote else ''}"
                )
    print(f"\n结局 {call.outcome} · 总分 {grade.score} · {'通过' if grade.passed else '未通过'}")
    for item in grade.rubrics:
        print(f"  {item.rubric}: {item.score} {item.band or ''}")
    for hit in grade.gates:
        print(f"  红线：{hit.check}")
