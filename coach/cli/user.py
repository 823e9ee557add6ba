"""`coach user`: who may log in to the page, as trainee or trainer."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from coach.errors import UserError

if TYPE_CHECKING:
    from coach.storage.users import Users

ROLE_NAMES = {"trainee": "学员 trainee", "trainer": "培训师 trainer"}
user_app = typer.Typer(help="谁能登录页面 · Who may log in to the page.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="用户名，可以是中文 · user name, Chinese too")]
Stdin = Annotated[
    bool, typer.Option("--password-stdin", help="从标准输入读密码（一行） · read the password from stdin")
]


def _users() -> Users:
    from coach.settings import Settings
    from coach.storage.users import Users
    from coach.wiring import open_store

    return Users(open_store(Settings.load()))


@user_app.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="trainee 学员，trainer 培训师 · trainee or trainer")] = "trainee",
    password_stdin: Stdin = False,
    same_person: Annotated[
        bool, typer.Option(help="这个名字下面的旧通话是同一个人的 · earlier calls under this name are theirs")
    ] = False,
) -> None:
    """新建用户 · Add a user."""
    from coach.storage.users import checked_name, checked_role

    users = _users()
    checked_name(name), checked_role(role)  # before anybody types a password twice
    first = not users.any()
    user = users.add(name, role, _new_password(password_stdin), same_person=same_person)
    print(f"{user.name} · {ROLE_NAMES[user.role]}")
    if first:
        print("第一个用户。页面要是开着，请重新启动：从现在起要登录。")
        print("The first user. If the page is running, start it again: from now on one has to log in.")


@user_app.command("list")
def list_users() -> None:
    """列出用户 · List the users."""
    users = _users().all()
    for user in users:
        print(f"{user.name} · {ROLE_NAMES[user.role]} · {user.created:%Y-%m-%d}")
    if not users:
        print("还没有用户：页面不用登录，只在这台机器上能打开。新建：coach user add 名字 --role trainer")
        print(
            "No users yet: nobody logs in, and the page opens on this machine only. coach user add NAME --role trainer"
        )


@user_app.command()
def remove(name: Name) -> None:
    """删除用户，通话留着 · Remove a user; their calls stay."""
    users = _users()
    user = users.remove(name)
    print(f"{user.name}：已删除，马上生效；打过的电话都留着。 · Removed, at once; the calls stay.")
    if not users.any():
        print("没有用户了。页面重新启动后不用登录，只在这台机器上能打开。")
        print("No user is left. Once started again, the page asks nobody to log in and opens on this machine only.")


@user_app.command()
def password(name: Name, password_stdin: Stdin = False) -> None:
    """换密码 · Change a password."""
    users = _users()
    users.known(name)
    user = users.set_password(name, _new_password(password_stdin))
    print(f"{user.name}：密码换好了。 · The password is changed.")


@user_app.command()
def role(
    name: Name, role: Annotated[str, typer.Argument(help="trainee 学员，trainer 培训师 · trainee or trainer")]
) -> None:
    """换身份，马上生效 · Change the role, at once."""
    user = _users().set_role(name, role)
    print(f"{user.name} · {ROLE_NAMES[user.role]}")


def _new_password(from_stdin: bool) -> str:
    """Asked twice without echo on a terminal, or one line of standard input.

    Raises:
        UserError: the two differ; there is no terminal to ask on.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UserError(
            "这里不是终端，没法问密码。请加上 --password-stdin，把密码从标准输入送进来。",
            "There is no terminal to ask for the password on. Add --password-stdin and send it on standard input.",
        )
    first = getpass("密码 · Password: ")
    if getpass("再输一次 · Once more: ") != first:
        raise UserError("两次输入的密码不一样，什么都没有改。", "The two passwords differ; nothing was changed.")
    return first
