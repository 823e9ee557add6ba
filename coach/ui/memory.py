"""What the browser remembers between visits: which call is open, its calls, the language. Never any words of a call."""

from __future__ import annotations

import secrets
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from coach.errors import StoreError
from coach.ui.wording import page_wording

KEPT_CALLS = 50
STORAGE_KEY = "hotline-coach"


class Memory(BaseModel):
    """Comes back from the browser, so nothing in it is trusted: ids are looked up, everything else is checked."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    call: str = ""
    """The call that is on the page."""
    draft: str = ""
    """The trainer's draft that is on the page; empty outside the trainers' part."""
    language: Literal["", "zh", "en"] = ""
    """Empty: the browser's own language decides."""
    calls: tuple[str, ...] = ()
    """Calls made in this browser, newest first."""
    welcomed: bool = False
    roster: str = ""
    """What of the trainers' view of all calls is on the page: the list, or a call; empty while another part is."""
    remarks: str = ""
    """The call whose lines a trainer remarks on; empty while another part is on the page."""
    bulk: str = ""
    """What of the part for grading in bulk is on the page; empty while another part is."""
    key: str = ""
    """Known to this browser alone; what is for the trainee alone is shown to nobody without it."""

    @classmethod
    def read(cls, value: Any) -> Memory:
        """Whatever the browser sent; something unusable counts as a first visit."""
        try:
            found = cls.model_validate(value or {})
        except ValidationError:
            return cls()
        return found.model_copy(update={"calls": found.calls[:KEPT_CALLS]})

    def leaving(self, asked: str) -> Memory:
        """Without the trainers' parts that the button `asked` leads away from. "open" decides itself whether the list stays."""
        parts = {
            "draft": ("studio",),
            "bulk": ("bulk",),
            "remarks": ("remark", "principle"),
            "roster": ("roster", "remark", "principle", "open"),
        }
        left = {part: "" for part, own in parts.items() if not asked.startswith((*own, "language"))}
        return self.model_copy(update=left)

    def with_call(self, call_id: str) -> Memory:
        """With this call on the page, and at the head of the list when it is new."""
        others = [known for known in self.calls if known != call_id]
        calls = self.calls if call_id in self.calls else (call_id, *others)[:KEPT_CALLS]
        return self.model_copy(update={"call": call_id, "calls": calls, "welcomed": True})

    def with_key(self) -> Memory:
        """With a key of its own."""
        return self if self.key else self.model_copy(update={"key": secrets.token_hex(16)})

    @property
    def owner(self) -> str:
        """What is stored in the key's place; empty while there is none."""
        return sha256(self.key.encode()).hexdigest() if self.key else ""

    def kept(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


def browser_secret(folder: Path) -> str:
    """The key that the browser's notes are scrambled with; kept in the data folder so that a restart can still read them.

    Raises:
        StoreError: the folder can't be used.
    """
    file = folder / "browser.key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(16), encoding="ascii")
        return file.read_text(encoding="ascii").strip() or secrets.token_hex(16)
    except OSError as error:
        reason = error.strerror
        raise StoreError(*(text.format(folder=folder, reason=reason) for text in _unusable())) from error


def _unusable() -> tuple[str, str]:
    both = page_wording().languages("start.bad_folder")
    return both["zh"], both["en"]
