"""The log-in: right ones come in, guessing is slow, refusals look alike. And the address others reach needs users."""

from __future__ import annotations

import asyncio
import time

import pytest
from page_fakes import Played

from coach.errors import SettingsError
from coach.storage.users import Users
from coach.ui.launch import _check_reach, login_options
from coach.ui.login import FIRST_WAIT_S, FORGOTTEN_S, FREE, LONGEST_WAIT_S, Login

SECRET = "梅子黄时雨123"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class CountingUsers(Users):
    """Counts the passwords that were really looked at."""

    looked = 0

    def verify(self, name, password):  # type: ignore[no-untyped-def]
        self.looked += 1
        return super().verify(name, password)


@pytest.fixture
def played() -> Played:
    return Played()


@pytest.fixture
def users(played: Played) -> CountingUsers:
    found = CountingUsers(played.store)
    found.add("王小明", "trainee", SECRET)
    return found


async def test_the_right_password_comes_in(users: CountingUsers) -> None:
    login = Login(users, refusal_s=0)
    assert await login.check("王小明", SECRET)
    assert not await login.check("王小明", SECRET + "4")
    assert not await login.check("王小红", SECRET)


async def test_after_five_wrong_ones_even_the_right_one_waits_a_minute(users: CountingUsers) -> None:
    clock = Clock()
    login = Login(users, clock, refusal_s=0)
    for _ in range(FREE):
        assert not await login.check("王小明", "不对不对不对不对")
    assert not await login.check("王小明", SECRET)
    assert users.looked == FREE
    clock.now += FIRST_WAIT_S + 1
    assert await login.check("王小明", SECRET)
    assert not await login.check("王小明", "不对不对不对不对")
    assert await login.check("王小明", SECRET)


async def test_the_wait_doubles_up_to_a_quarter_of_an_hour(users: CountingUsers) -> None:
    clock = Clock()
    login = Login(users, clock, refusal_s=0)
    for _ in range(FREE):
        await login.check("王小明", "x")
    for wait in (FIRST_WAIT_S, 120, 240, 480, LONGEST_WAIT_S, LONGEST_WAIT_S):
        before = users.looked
        clock.now += wait - 1
        await login.check("王小明", "x")
        assert users.looked == before
        clock.now += 2
        await login.check("王小明", "x")
        assert users.looked == before + 1
    clock.now += FORGOTTEN_S + 1
    assert not await login.check("王小明", "x")
    assert await login.check("王小明", SECRET)


async def test_a_hundred_guesses_at_once_are_five(users: CountingUsers) -> None:
    login = Login(users, refusal_s=0)
    answers = await asyncio.gather(*(login.check("王小明", f"第{n}个猜的密码") for n in range(100)))
    assert not any(answers)
    assert users.looked == FREE


async def test_unknown_names_are_closed_just_as_known_ones(users: CountingUsers) -> None:
    login = Login(users, refusal_s=0)
    for _ in range(FREE + 3):
        assert not await login.check("没有这个人", "x")
    assert users.looked == FREE
    assert await login.check("王小明", SECRET)


async def test_every_refusal_takes_its_time(users: CountingUsers) -> None:
    login = Login(users, refusal_s=0.3)
    for name in ("王小明", "没有这个人"):
        begun = time.monotonic()
        assert not await login.check(name, "x")
        assert time.monotonic() - begun >= 0.29


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.9"])
def test_without_users_the_page_opens_on_this_machine(host: str, played: Played) -> None:
    _check_reach(host, Users(played.store))
    assert login_options(played.practice) == {}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "coach.example", ""])
def test_without_users_it_opens_nowhere_else_and_says_what_to_do(host: str, played: Played) -> None:
    with pytest.raises(SettingsError, match="还没有用户") as error:
        _check_reach(host, Users(played.store))
    assert "coach user add 名字 --role trainer" in error.value.zh
    assert "coach user add NAME --role trainer" in error.value.en


def test_with_users_it_opens_anywhere_and_asks(users: CountingUsers, played: Played) -> None:
    _check_reach("0.0.0.0", users)
    options = login_options(played.practice)
    assert "请用您的用户名和密码登录" in options["auth_message"]
    assert "Log in with your name" in options["auth_message"]
