"""Users: hashed passwords, names of any script, one name whatever its upper case, sentences for every mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from builders import call, exercise
from sqlalchemy import create_engine, text

import coach.storage
from coach.errors import NotFound, UserError
from coach.storage.store import Store, sqlite_url
from coach.storage.users import Users, checked_name

SECRET = "梅子黄时雨123"


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def users(store: Store) -> Users:
    return Users(store)


def test_a_password_opens_for_its_own_user_only(users: Users) -> None:
    users.add("王小明", "trainee", SECRET)
    users.add("林老师", "trainer", "别的密码别的密码")
    found = users.verify("王小明", SECRET)
    assert found is not None
    assert (found.name, found.role) == ("王小明", "trainee")
    assert users.verify("王小明", "别的密码别的密码") is None
    assert users.verify("林老师", SECRET) is None
    assert users.verify("王小红", SECRET) is None
    assert users.verify("", "") is None


def test_what_is_stored_is_an_argon2_hash_with_a_salt_of_its_own(users: Users, store: Store) -> None:
    users.add("甲", "trainee", SECRET)
    users.add("乙", "trainee", SECRET)
    with store._session() as session:
        kept = [row[0] for row in session.execute(text("select password from users"))]
    assert all(one.startswith("$argon2id$") and SECRET not in one for one in kept)
    assert kept[0] != kept[1]


def test_upper_case_full_width_and_spaces_make_no_second_name(users: Users) -> None:
    users.add("  Chen  Li ", "trainee", SECRET)
    assert users.verify("CHEN li", SECRET) is not None
    assert users.verify("ｃｈｅｎ ｌｉ", SECRET) is not None
    assert [user.name for user in users.all()] == ["Chen Li"]
    with pytest.raises(UserError, match="已经有用户叫「chen li」了。换一个名字"):
        users.add("chen li", "trainer", SECRET)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "是空的"),
        ("   ", "是空的"),
        ("长" * 41, "有 41 个字"),
        ("a/b", "不能有「/」"),
        ("<b>", "不能有「<>」"),
        ("王\u200b明", "不能有「"),
    ],
)
def test_names_that_cannot_be_used_say_why(name: str, said: str) -> None:
    with pytest.raises(UserError, match="1 到 40 个汉字") as error:
        checked_name(name)
    assert said in error.value.zh


def test_roles_are_named_with_the_nearest(users: Users) -> None:
    with pytest.raises(UserError) as error:
        users.add("甲", "triner", SECRET)
    assert error.value.zh == "没有「triner」这个身份。是不是「trainer」？可以用：trainee（学员）、trainer（培训师）。"
    assert error.value.en == "There is no role triner. Did you mean trainer? Allowed: trainee, trainer."
    assert users.all() == []


@pytest.mark.parametrize(
    ("password", "said"), [("1234567", "现在是 7 个"), ("王小明王小明x", "8 到 200"), ("x" * 201, "201")]
)
def test_passwords_have_a_length(users: Users, password: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        users.add("王小明", "trainee", password)


def test_the_password_is_not_the_name(users: Users) -> None:
    with pytest.raises(UserError, match="不能和用户名一样"):
        users.add("chenxiaoli", "trainee", "ChenXiaoLi")


def test_password_and_role_can_change_and_a_removed_user_is_gone(users: Users) -> None:
    users.add("甲", "trainee", SECRET)
    users.set_password("甲", "换过的密码换过的")
    assert users.verify("甲", SECRET) is None
    assert users.verify("甲", "换过的密码换过的") is not None
    assert users.set_role("甲", "trainer").role == "trainer"
    found = users.find("甲")
    assert found is not None
    assert found.role == "trainer"
    users.remove("甲")
    assert users.find("甲") is None
    assert not users.any()


def test_an_unknown_user_is_named_with_the_nearest(users: Users) -> None:
    users.add("王小明", "trainee", SECRET)
    for wrong in (
        users.remove,
        lambda name: users.set_role(name, "trainer"),
        lambda name: users.set_password(name, SECRET),
    ):
        with pytest.raises(NotFound, match="没有叫「王小名」的用户。是不是「王小明」？"):
            wrong("王小名")


def test_a_name_with_calls_under_it_goes_to_the_same_person_only(users: Users, store: Store) -> None:
    store.add_call(call(exercise(), ("customer", "喂？")).model_copy(update={"trainee": "王小明"}))
    with pytest.raises(UserError, match="还存着 1 通电话"):
        users.add("王小明", "trainee", SECRET)
    assert users.add("王小明", "trainee", SECRET, same_person=True).name == "王小明"


def test_calls_are_found_by_their_trainee_newest_first(store: Store) -> None:
    for place, owner in enumerate(["甲", "乙", "甲", ""]):
        made = call(exercise(), ("customer", "喂？"))
        at = made.created.replace(minute=place)
        store.add_call(made.model_copy(update={"id": f"c{place}", "trainee": owner, "created": at}))
    assert store.calls_of("甲") == ["c2", "c0"]
    assert store.calls_of("甲", limit=1, offset=1) == ["c0"]
    assert store.calls_of("丙") == []
    assert store.trainees() == {"甲": 2, "乙": 1, "": 1}
    assert store.call("c0").trainee == "甲"


def test_a_database_from_before_users_keeps_its_calls_as_the_open_pages(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    folder = Path(coach.storage.__file__).parent / "migrations"
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        body = (
            call(exercise(), ("customer", "喂？"))
            .model_copy(update={"id": "old"})
            .model_dump_json(exclude={"turns", "ended", "outcome", "trainee"})
        )
        connection.execute(
            text(
                "insert into calls (id, created, persona, case_id, body) values ('old', '2026-01-01', 'p', 'c', :body)"
            ),
            {"body": body},
        )
    engine.dispose()
    store = Store(url)
    assert store.call("old").trainee == ""
    assert store.trainees() == {"": 1}
    assert Users(store).all() == []
    store.close()
