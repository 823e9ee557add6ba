"""Who may log in to the page."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from coach.records.call import Record

UserRole = Literal["trainee", "trainer"]


class User(Record):
    """A user as listed. The password's hash never leaves the storage."""

    name: str
    """As it was first written; the log-in takes any spelling of upper and lower case."""
    role: UserRole
    created: datetime
