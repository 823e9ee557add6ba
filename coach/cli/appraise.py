"""`coach appraise`: the moves of every agent turn of transcripts, as JSON lines."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coach.records.call import Appraisal, Speaker

    Appraise = Callable[[str, Sequence[tuple[Speaker, str]]], Appraisal]


def appraise(
    file: Annotated[
        str, typer.Argument(help="通话文件（JSONL），- 表示标准输入 / transcripts in JSONL, - for standard input")
    ],
    model: Annotated[
        bool, typer.Option("--model", help="用设置好的大模型，不用内置分类器 / use the configured language model")
    ] = False,
) -> None:
    """找出坐席每句话的话术动作 · The moves of every agent turn.

    每行一通：{"id", "turns": [{"role": "agent|customer", "text"}]}；输出每句一行：{"id", "turn", "moves": [{"move", "quote"}]}。
    """
    one = _by_model() if model else _embedded()
    bad = 0
    for number, line in _lines(file):
        try:
            call_id, turns = read_transcript(line)
        except InputError as trouble:
            bad += 1
            print(f"{number}: {trouble.zh} / {trouble.en}", file=sys.stderr)
            continue
        for answer in _appraised(call_id, turns, one):
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    if bad:
        print(f"有 {bad} 行读不了，已跳过 / {bad} lines could not be read and were left out", file=sys.stderr)
        raise typer.Exit(1)


def read_transcript(line: str) -> tuple[str | int, list[tuple[Speaker, str]]]:
    """One transcript from one line of JSON. Raises InputError saying what is wrong with it."""
    from coach.records.call import Speaker

    roles = {"agent": Speaker.TRAINEE, "customer": Speaker.CUSTOMER}
    try:
        call = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError("不是合法的 JSON", "not valid JSON") from error
    if not isinstance(call, dict) or not isinstance(call.get("turns"), list):
        raise InputError("要有 id 和 turns（列表）", "an object with id and turns (a list) is due")
    call_id = call.get("id")
    if isinstance(call_id, bool) or not isinstance(call_id, str | int):
        raise InputError("id 要写成文字或整数", "id must be a text or an integer")
    turns: list[tuple[Speaker, str]] = []
    for at, turn in enumerate(call["turns"]):
        if not isinstance(turn, dict) or turn.get("role") not in roles or not isinstance(turn.get("text"), str):
            raise InputError(
                f"第 {at} 句要有 role（agent 或 customer）和 text（文字）",
                f"turn {at} needs role (agent or customer) and text (a string)",
            )
        turns.append((roles[turn["role"]], turn["text"]))
    return call_id, turns


def _appraised(call_id: str | int, turns: list[tuple[Speaker, str]], one: Appraise) -> Iterator[dict[str, Any]]:
    from coach.records.call import Speaker

    for at, (speaker, text) in enumerate(turns):
        if speaker is Speaker.TRAINEE:
            moves = one(text, turns[:at]).moves
            yield {
                "id": call_id,
                "turn": at,
                "moves": [{"move": found.move.value, "quote": found.quote} for found in moves],
            }


def _lines(file: str) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not blank; undecodable bytes become a replacement mark, so that only their line is bad."""
    try:
        stream = sys.stdin.buffer if file == "-" else open(file, "rb")  # noqa: SIM115
    except OSError as error:
        raise InputError(f"打不开文件 {file}：{error.strerror}", f"Can't open {file}: {error.strerror}") from error
    with stream:
        for number, raw in enumerate(stream, 1):
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8", errors="replace")
            if line.strip():
                yield number, line


def _embedded() -> Appraise:
    from coach.understanding.embedded import EmbeddedAppraiser

    appraiser = EmbeddedAppraiser()
    return lambda text, before: appraiser.appraise(text, before=before)


def _by_model() -> Appraise:
    from coach.content.library import Library
    from coach.errors import SettingsError
    from coach.models.build import build_models
    from coach.settings import Settings
    from coach.understanding.by_model import ModelAppraiser
    from coach.understanding.embedded import EmbeddedAppraiser

    settings = Settings.load()
    models = build_models(settings)
    if models is None:
        raise SettingsError(
            "还没有设置大模型：请先设 OPENAI_API_KEY 和 COACH_MODEL，或者去掉 --model。",
            "No language model is configured: set OPENAI_API_KEY and COACH_MODEL, or leave out --model.",
        )
    appraiser = ModelAppraiser(
        models.appraisal, Library.load(settings.content).vocabulary, fallback=EmbeddedAppraiser()
    )
    runner = asyncio.Runner()  # one loop for all turns: the model's connections belong to it
    return lambda text, before: runner.run(appraiser.appraise(text, before=before))
