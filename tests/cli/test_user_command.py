"""`coach user` as people type it."""

from __future__ import annotations

import io
import sys

import pytest

from coach.cli.main import main
from coach.settings import Settings
from coach.storage.users import Users
from coach.wiring import open_store

SECRET = "梅子黄时雨123"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def coach(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Runs `coach user ...`; gives (exit code, what was printed, what was complained)."""

    def run(*words: str, stdin: str | None = None, typed: tuple[str, ...] = ()) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coach", "user", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin) if stdin is not None else Terminal())
        answers = iter(typed)
        monkeypatch.setattr("coach.cli.user.getpass", lambda prompt: next(answers))
        with pytest.raises(SystemExit) as ended:
            main()
        out = capsys.readouterr()
        return int(ended.value.code or 0), out.out, out.err

    return run


def _users() -> Users:
    return Users(open_store(Settings.load()))


def test_a_user_is_added_listed_changed_and_removed(coach) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = coach("add", "林老师", "--role", "trainer", "--password-stdin", stdin=SECRET + "\n")
    assert code == 0
    assert "林老师 · 培训师 trainer" in out
    assert "第一个用户" in out
    code, out, _ = coach("add", "王小明", typed=(SECRET, SECRET))
    assert "王小明 · 学员 trainee" in out
    assert "第一个用户" not in out
    _, out, _ = coach("list")
    assert out.splitlines()[0].startswith("林老师 · 培训师 trainer · 20")
    assert SECRET not in out
    coach("role", "王小明", "trainer")
    coach("password", "王小明", typed=("换过的密码换过的", "换过的密码换过的"))
    found = _users().verify("王小明", "换过的密码换过的")
    assert found is not None
    assert found.role == "trainer"
    coach("remove", "王小明")
    _, out, _ = coach("remove", "林老师")
    assert "没有用户了" in out
    assert "还没有用户" in coach("list")[1]


@pytest.mark.parametrize(
    ("words", "stdin", "typed", "said"),
    [
        (("add", "甲", "--password-stdin"), "1234567\n", (), "密码要 8 到 200 个字符，现在是 7 个。"),
        (("add", "甲", "--role", "学员", "--password-stdin"), SECRET, (), "没有「学员」这个身份。可以用：trainee"),
        (("add", "甲"), None, (SECRET, SECRET + "4"), "两次输入的密码不一样，什么都没有改。"),
        (("add", "甲"), "", (), "请加上 --password-stdin"),
        (("add", "甲/乙"), None, (), "不能有「/」"),
        (("password", "甲"), None, (), "没有叫「甲」的用户。"),
        (("role", "甲", "trainer"), None, (), "没有叫「甲」的用户。"),
        (("remove", "甲"), None, (), "没有叫「甲」的用户。"),
    ],
)
def test_every_mistake_is_a_sentence_and_changes_nothing(coach, words, stdin, typed, said) -> None:  # type: ignore[no-untyped-def]
    code, _, complained = coach(*words, stdin=stdin, typed=typed)
    assert code == 2
    assert said in complained
    assert _users().all() == []


def test_a_name_that_is_taken_stays_as_it_was(coach) -> None:  # type: ignore[no-untyped-def]
    coach("add", "甲", "--password-stdin", stdin=SECRET)
    code, _, complained = coach("add", "甲", "--role", "trainer", "--password-stdin", stdin="别的密码别的密码")
    assert code == 2
    assert "已经有用户叫「甲」了" in complained
    assert _users().verify("甲", SECRET) is not None
