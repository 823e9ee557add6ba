"""`coach check` as people run it, the editors' schemas, and the content that ships."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from coach.content.moves import MoveId
from coach.content.schemas import MODELS, schema_text, stale_schemas, write_schemas

Spoil = Callable[[str, str, str], None]
ROOT = Path(__file__).parents[2]
P = "personas/grumbler.yaml"
COMMAND = "import typer; from coach.cli.check import check; typer.run(check)"


def check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-c", COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)


def test_good_content_exits_0_and_says_so(folder: Path) -> None:
    done = check(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "6 个文件，没有要改的地方。\n6 files, nothing to mend.\n"


def test_mistakes_exit_1_and_are_told_in_both_languages(folder: Path, spoil: Spoil) -> None:
    spoil(P, "type: excited", "type: exited")
    done = check(folder)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{P}:6 字段 type：找到：「exited」；可以写：demanding、confused、excited；是不是想写 excited？",
        f"    {P}:6 field type: found: 'exited'; allowed: demanding, confused, excited; did you mean excited?",
        "",
        "6 个文件：1 处错误，0 处提醒。",
        "6 files: 1 errors, 0 warnings.",
    ]


def test_json_holds_the_same_for_machines(folder: Path, spoil: Spoil) -> None:
    spoil(P, "heat: 60", "heat: 160")
    done = check(folder, "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert (told["ok"], told["files"], told["errors"], told["warnings"]) == (False, 6, 1, 0)
    assert told["mistakes"][0] == {
        "file": P,
        "line": 21,
        "level": "error",
        "field": "temper.heat",
        "found": {"zh": "数字 160", "en": "the number 160"},
        "allowed": {"zh": "0 到 100 的整数", "en": "a whole number from 0 to 100"},
        "hint": {"zh": "", "en": ""},
    }


def test_schemas_are_written_and_then_current(folder: Path) -> None:
    done = check(folder, "--schemas")
    assert done.returncode == 0
    assert sorted(path.name for path in (folder / "schemas").iterdir()) == sorted(f"{n}.schema.json" for n in MODELS)
    assert stale_schemas(folder) == []
    assert write_schemas(folder) == []


def test_an_old_schema_is_a_warning_with_what_to_do(folder: Path) -> None:
    write_schemas(folder)
    (folder / "schemas" / "case.schema.json").write_text("{}", encoding="utf-8")
    done = check(folder)
    assert done.returncode == 0
    assert (
        "schemas/case.schema.json:1 提醒 找到：和内容模型不一致的编辑器提示；运行 coach check --schemas 重新生成"
        in done.stdout
    )


def test_the_projects_schemas_are_current() -> None:
    assert stale_schemas(ROOT) == [], "run: coach check --schemas"


@pytest.mark.parametrize("kind", MODELS)
def test_a_schema_refuses_unknown_keys_and_allows_plain_texts(kind: str) -> None:
    schema = json.loads(schema_text(MODELS[kind]))
    objects = [schema, *(part for part in schema["$defs"].values() if part.get("type") == "object")]
    assert all(part["additionalProperties"] is False for part in objects)
    assert {option["type"] for option in schema["$defs"]["Bilingual"]["anyOf"]} == {"object", "string"}


def test_every_content_file_of_the_project_names_its_schema() -> None:
    kinds = {"personas": "persona", "cases": "case", "rubrics": "rubric"}
    for folder, kind in kinds.items():
        for path in (ROOT / folder).glob("*.yaml"):
            first = path.read_text(encoding="utf-8").splitlines()[0]
            assert first == f"# yaml-language-server: $schema=../schemas/{kind}.schema.json", path.name


def test_every_move_has_a_meaning_and_examples_of_its_own() -> None:
    moves = yaml.safe_load((ROOT / "moves" / "moves.yaml").read_text(encoding="utf-8"))["moves"]
    examples = [example for move in moves for example in move["examples"]]
    assert [move["id"] for move in moves] == [move.value for move in MoveId]
    assert all(4 <= len(move["examples"]) <= 6 for move in moves)
    assert len(set(examples)) == len(examples)
