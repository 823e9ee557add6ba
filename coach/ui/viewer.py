"""Who is looking at the page, what is for trainers only, and whose call is whose. No gradio.

A handler of the page gets a `Visitor` (coach/ui/visitor.py), whose `viewer` is what `viewer_of` found for this very
request: a removed user or a changed role takes effect with the next press. In gradio handlers, call
`coach.ui.page.visitor_of(kept, request, actions)`; without gradio, `viewer_of(users, request.username)`. Handlers for
trainers begin with `trainers_only(viewer)`. Gradio's "private" routes are open to a plain POST, so nothing is left
to what the page shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.errors import NotAllowed
from coach.records.call import Call
from coach.records.user import UserRole
from coach.storage.users import Users
from coach.ui.wording import page_wording


@dataclass(frozen=True)
class Viewer:
    """A visitor. Without any user in the table the page is open, on this machine only, and everybody may do everything."""

    name: str = ""
    """The user name; empty where nobody has to log in."""
    role: UserRole = "trainer"

    @property
    def trains(self) -> bool:
        return self.role == "trainer"

    @property
    def logged_in(self) -> bool:
        return bool(self.name)

    def owns(self, call: Call) -> bool:
        """Whether it is their own call: talking, hanging up, writing notes are for the owner alone. On the open page
        every call that was made there is everybody's."""
        return call.trainee == self.name

    def may_read(self, call: Call) -> bool:
        """Whether its report may be shown to them: their own, and for trainers everybody's."""
        return self.trains or self.owns(call)


def viewer_of(users: Users, username: str | None) -> Viewer:
    """Who a request is from, looked up in the users table now. `username` is gradio's `request.username`: None when
    nobody had to log in.

    Raises:
        NotAllowed: the user was removed; or there are users by now, and the page was started when there were none.
    """
    if username is None:
        if users.any():
            raise _refused("viewer.users_by_now")
        return Viewer()
    user = users.find(username)
    if user is None:
        raise _refused("viewer.removed")
    return Viewer(user.name, user.role)


def trainers_only(viewer: Viewer) -> None:
    """The first line of every handler that is for trainers.

    Raises:
        NotAllowed: the visitor is a trainee.
    """
    if not viewer.trains:
        raise _refused("viewer.trainers_only")


def _refused(key: str) -> NotAllowed:
    both = page_wording().languages(key)
    return NotAllowed(both["zh"], both["en"])
