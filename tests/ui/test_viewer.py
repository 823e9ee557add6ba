"""How a request becomes a viewer, looked up in the users table each time."""

from __future__ import annotations

import pytest
from page_fakes import Played

from coach.errors import NotAllowed
from coach.storage.users import Users
from coach.ui.viewer import Viewer, trainers_only, viewer_of

SECRET = "梅子黄时雨123"


@pytest.fixture
def users() -> Users:
    return Users(Played().store)


def test_without_users_everybody_may_do_everything(users: Users) -> None:
    viewer = viewer_of(users, None)
    assert viewer == Viewer()
    assert viewer.trains
    assert not viewer.logged_in


def test_an_open_page_closes_once_there_are_users(users: Users) -> None:
    users.add("林老师", "trainer", SECRET)
    with pytest.raises(NotAllowed, match="重新启动页面"):
        viewer_of(users, None)


def test_a_changed_role_and_a_removed_user_take_effect_at_once(users: Users) -> None:
    users.add("Lin", "trainer", SECRET)
    assert viewer_of(users, "LIN") == Viewer("Lin", "trainer")
    users.set_role("Lin", "trainee")
    assert viewer_of(users, "Lin") == Viewer("Lin", "trainee")
    with pytest.raises(NotAllowed, match="只给培训师用"):
        trainers_only(viewer_of(users, "Lin"))
    users.remove("Lin")
    with pytest.raises(NotAllowed, match="已经不在了"):
        viewer_of(users, "Lin")


def test_a_user_of_no_table_is_nobody(users: Users) -> None:
    with pytest.raises(NotAllowed):
        viewer_of(users, "")
