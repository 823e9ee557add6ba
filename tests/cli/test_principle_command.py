"""`coach principle`: what it prints, what it writes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_content import small_content
from typer.testing import CliRunner

from coach.cli.main import build_app
from coach.errors import InputError, NotFound

WHO = "furious_complainer"
RULE = "不自己报出处理方案"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = small_content(tmp_path / "content")
    monkeypatch.setenv("COACH_CONTENT", str(folder))
    return folder / "personas" / f"{WHO}.yaml"


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build_app("principle"), ["principle", *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_a_principle_comes_is_switched_and_goes(file: Path) -> None:
    before = file.read_text("utf-8")
    assert run("list", WHO) == (0, "还没有规矩 · no principles yet\n")
    assert run("add", WHO, RULE, "--when", "heated", "--good", "你说怎么办？", "--author", "王老师") == (
        0,
        f"已加 rule_1：{RULE} · added\n",
    )
    assert run("add", WHO, "不用您称呼对方", "--never", "您")[0] == 0
    assert run("off", WHO, "rule_2") == (0, "rule_2 已关掉 · off\n")
    _, told = run("list", WHO)
    first, second = told.splitlines()[0], told.splitlines()[2]
    assert first.startswith(f"rule_1  [开] {RULE}  · heated · 模型查 · 王老师 ")
    assert second.startswith("rule_2  [关] 不用您称呼对方  · always · 程序查")
    assert json.loads(run("list", WHO, "--json")[1])[1]["never"] == ["您"]
    assert run("on", WHO, "rule_2")[0] == 0
    run("remove", WHO, "rule_1")
    run("remove", WHO, "rule_2")
    assert file.read_text("utf-8") == before


def test_what_cannot_be_used_is_told_and_not_written(file: Path) -> None:
    before = file.read_text("utf-8")
    code, told = run("add", WHO, "不道谢。不道歉")
    assert code == 1
    assert "要改 text：「不道谢。不道歉」，不止一句；应当是：一句话，说一件事" in told
    assert file.read_text("utf-8") == before


def test_a_reminder_does_not_stand_in_the_way(file: Path) -> None:
    code, told = run("add", WHO, "说话要自然一点")
    assert (code, "提醒 text：「自然」，没有说明怎样才算" in told) == (0, True)


def test_unknown_names_are_told(file: Path) -> None:
    with pytest.raises(NotFound, match="没有叫「rule_9」的规矩"):
        run("off", WHO, "rule_9")
    with pytest.raises(NotFound):
        run("list", "nobody")


def test_without_a_model_a_remark_makes_no_principle(file: Path) -> None:
    with pytest.raises(InputError, match="用 coach principle add 自己写"):
        run("remark", "x", "3", "criticise", "太客气")
