"""Who may log in: names, roles and hashed passwords. Names may be Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from typing import get_args
from unicodedata import category, normalize

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from coach.errors import NotFound, UserError
from coach.records.user import User, UserRole
from coach.storage.store import Store
from coach.storage.tables import UserRow

LONGEST_NAME = 40
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200
"""In characters."""
ROLES: tuple[UserRole, ...] = get_args(UserRole)
_SIGNS = " ._-@·"


class Users:
    """The users table.

    Raises:
        StoreError: the database can't be used.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def any(self) -> bool:
        """Whether anybody has to log in at all."""
        with self._store._session() as session:
            return bool(session.scalar(select(func.count()).select_from(UserRow)))

    def all(self) -> list[User]:
        """Trainers first, then by name."""
        with self._store._session() as session:
            rows = [_user(row) for row in session.scalars(select(UserRow))]
        return sorted(rows, key=lambda user: (user.role != "trainer", user.name))

    def find(self, name: str) -> User | None:
        """The user of this name, whatever its upper and lower case."""
        with self._store._session() as session:
            row = session.get(UserRow, name_key(name))
            return _user(row) if row else None

    def known(self, name: str) -> User:
        """Like find. Raises NotFound with the nearest name."""
        user = self.find(name)
        if user is None:
            names = [other.name for other in self.all()]
            zh, en = _nearest(name, names)
            raise NotFound(f"没有叫「{name}」的用户。{zh}", f"There is no user {name}. {en}".rstrip())
        return user

    def add(self, name: str, role: str, password: str, *, same_person: bool = False) -> User:
        """A new user. `same_person`: the calls already stored under this name are theirs.

        Raises:
            UserError: the name is taken, was somebody's, or can't be used; so for role and password.
        """
        shown, chosen = checked_name(name), checked_role(role)
        _check_password(password, shown)
        if self.find(shown):
            raise UserError(
                f"已经有用户叫「{shown}」了。换一个名字，或者用 coach user password 改密码。",
                f"There is a user {shown} already. Take another name, or change the password with coach user password.",
            )
        before = self._calls_under(shown)
        if before and not same_person:
            raise UserError(
                f"「{shown}」这个名字下面还存着 {before} 通电话，新用户会看到它们。是同一个人就加上 --same-person，不是就换一个名字。",
                f"{before} calls are stored under the name {shown}, and the new user would see them. Add --same-person if it is the same person; if not, take another name.",
            )
        row = UserRow(key=name_key(shown), name=shown, role=chosen, password=_hash(password), created=datetime.now(UTC))
        try:
            with self._store._session() as session:
                session.add(row)
        except IntegrityError as error:  # added elsewhere in between
            raise UserError(f"已经有用户叫「{shown}」了。", f"There is a user {shown} already.") from error
        return User(name=shown, role=chosen, created=datetime.now(UTC))

    def remove(self, name: str) -> User:
        """Their calls stay. Raises NotFound."""
        user = self.known(name)
        with self._store._session() as session:
            session.execute(delete(UserRow).where(UserRow.key == name_key(user.name)))
        return user

    def set_password(self, name: str, password: str) -> User:
        """Raises NotFound, UserError."""
        user = self.known(name)
        _check_password(password, user.name)
        return self._change(user, password=_hash(password))

    def set_role(self, name: str, role: str) -> User:
        """Raises NotFound, UserError."""
        user, chosen = self.known(name), checked_role(role)
        self._change(user, role=chosen)
        return user.model_copy(update={"role": chosen})

    def verify(self, name: str, password: str) -> User | None:
        """The user when the password is right. An unknown name takes as long to refuse as a wrong password."""
        with self._store._session() as session:
            row = session.get(UserRow, name_key(name))
            stored, user = (row.password, _user(row)) if row else (_nobody(), None)
        try:
            _hasher().verify(stored, password[: LONGEST_PASSWORD + 1])
        except VerificationError:
            return None
        if user is not None and _hasher().check_needs_rehash(stored):
            self._change(user, password=_hash(password))
        return user

    def _change(self, user: User, **values: str) -> User:
        with self._store._session() as session:
            session.execute(update(UserRow).where(UserRow.key == name_key(user.name)).values(**values))
        return user

    def _calls_under(self, name: str) -> int:
        key = name_key(name)
        return sum(count for owner, count in self._store.trainees().items() if owner and name_key(owner) == key)


def name_key(name: str) -> str:
    """What makes two spellings the same name: full-width letters, upper and lower case and spaces around don't count."""
    return " ".join(normalize("NFKC", name).split()).casefold()


def checked_name(name: str) -> str:
    """The name as it is kept.

    Raises:
        UserError: empty, too long, or with signs that names don't have.
    """
    shown = " ".join(normalize("NFKC", name).split())
    bad = sorted({sign for sign in shown if sign not in _SIGNS and category(sign)[0] not in "LMN"})
    if not shown or len(shown) > LONGEST_NAME or bad:
        found = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in bad)
        zh = f"不能有「{found}」" if bad else "是空的" if not shown else f"有 {len(shown)} 个字"
        en = f"it has {found}" if bad else "it is empty" if not shown else f"it has {len(shown)} characters"
        raise UserError(
            f"这个用户名不能用：{zh}。用户名是 1 到 {LONGEST_NAME} 个汉字、字母或数字，中间可以有空格和 . _ - @ ·。",
            f"That user name can't be used: {en}. A name is 1 to {LONGEST_NAME} letters (Chinese too) or digits; spaces and . _ - @ · may stand between.",
        )
    return shown


def checked_role(role: str) -> UserRole:
    """Raises UserError with the nearest role."""
    for known in ROLES:
        if role == known:
            return known
    zh, en = _nearest(role.lower(), ROLES)
    raise UserError(
        f"没有「{role}」这个身份。{zh}可以用：trainee（学员）、trainer（培训师）。",
        f"There is no role {role}. {en + ' ' if en else ''}Allowed: trainee, trainer.",
    )


def _check_password(password: str, name: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UserError(
            f"密码要 {SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符，现在是 {len(password)} 个。",
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; this one has {len(password)}.",
        )
    if name_key(password) == name_key(name):
        raise UserError("密码不能和用户名一样。", "The password must not be the user name.")


def _nearest(word: str, known: Iterable[str]) -> tuple[str, str]:
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return (f"是不是「{near[0]}」？", f"Did you mean {near[0]}?") if near else ("", "")


def _user(row: UserRow) -> User:
    return User(name=row.name, role=checked_role(row.role), created=row.created)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # Argon2id with the library's costs (RFC 9106): 64 MiB and tens of milliseconds a try


@cache
def _nobody() -> str:
    """A hash that no password is asked for: what an unknown name is compared with."""
    return _hash(normalize("NFKC", "nobody") * 8)


def _hash(password: str) -> str:
    return str(_hasher().hash(password))
