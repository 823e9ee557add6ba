"""A judge over real HTTP that answers every check of the form it is sent, and calls to grade by it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scripted_server import Request


def all_no(request: Request) -> dict[str, Any]:
    """Every check no, without quotes: a complete answer to whatever rubric was asked."""
    return answer_of(request.body)


def answer_of(body: dict[str, Any]) -> dict[str, Any]:
    shape = body["response_format"]["json_schema"]["schema"]
    answer: dict[str, Any] = {}
    for name, kind in (("violations", "Violation"), ("merits", "Merit")):
        ids = [one for one in shape["$defs"][kind]["properties"]["check"]["enum"] if one != "none"]
        answer[name] = [{"check": one, "quotes": [], "reason": "没有", "answer": "no"} for one in ids]
    return answer


def calls(path: Path, names: Iterable[str]) -> Path:
    """A file with one short call for each name."""
    with path.open("w", encoding="utf-8") as file:
        for name in names:
            turns = [{"role": "customer", "text": f"网断了，{name}"}, {"role": "agent", "text": "我来给您查一下"}]
            file.write(json.dumps({"id": name, "turns": turns}, ensure_ascii=False) + "\n")
    return path


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "results.jsonl").read_text("utf-8").splitlines()]
