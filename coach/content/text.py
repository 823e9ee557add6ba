"""Small types that every content file uses: bilingual text, cues, ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, StringConstraints, model_validator
from pydantic_core import CoreSchema


class Refused(ValueError):
    """A rule of ours that a content file breaks, for the trainer who wrote it: what was found and what is allowed.

    Each text is a (Chinese, English) pair. `at` leads from the validated field to the offending part,
    for the line number.
    """

    def __init__(self, found: tuple[str, str], allowed: tuple[str, str], at: tuple[str | int, ...] = ()) -> None:
        super().__init__(f"{found[1]}; allowed: {allowed[1]}")
        self.found = found
        self.allowed = allowed
        self.at = at


def refuse_repeated(ids: Sequence[str], at: str = "id") -> None:
    """Raises Refused at the first of `ids` (those of a list's items) that stood there before."""
    for index, name in enumerate(ids):
        if name in ids[:index]:
            found = (
                f"「{name}」写了两次（第 {ids.index(name) + 1} 项和第 {index + 1} 项）",
                f"{name!r} twice (items {ids.index(name) + 1} and {index + 1})",
            )
            raise Refused(
                found, ("每一项用自己的名字", "a name of its own for each item"), (index, at) if at else (index,)
            )


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,47}$")]
"""Lower-case letters, digits and underscores, starting with a letter, 2 to 48 long."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
"""One spoken line (at most 120 characters)."""

CatalogueRow = Annotated[str, StringConstraints(pattern=r"^[A-I]\d{1,2}$")]
"""A row of the training catalogue, such as C4."""


class Strict(BaseModel):
    """Base of everything a trainer writes: unknown keys are refused, values don't change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with these values. What was worked out from the old ones (`cached_property`) is left behind."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


class Bilingual(Strict):
    """A text in Chinese (always) and English (falls back to the Chinese).

    A plain string in a file means Chinese only.
    """

    zh: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    en: str = ""

    @model_validator(mode="before")
    @classmethod
    def _plain_string_is_chinese(cls, value: Any) -> Any:
        return {"zh": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        # Editors must accept the plain string as well.
        return {"anyOf": [handler.resolve_ref_schema(handler(core)), {"type": "string", "minLength": 1}]}

    def say(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.zh


class Cue(str):
    """Words that give something away in a sentence: `a|b` either, `a+b` both (in any order); `|` binds tighter.

    >>> Cue("哪天|什么时候+断").found_in("您家是什么时候断的")
    True
    """

    def found_in(self, text: str) -> bool:
        return all(any(word in text for word in part.split("|") if word) for part in self.split("+"))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(cls._read, core_schema.str_schema(min_length=1))

    @classmethod
    def _read(cls, value: str) -> Cue:
        parts = [part.split("|") for part in value.split("+")]
        if not all(word.strip() for part in parts for word in part):
            found = (f"「{value}」，| 或 + 的旁边是空的", f"{value!r}, with nothing beside a | or +")
            allowed = ("词语，用 |（任一个）和 +（都要有）连起来", "words joined by | (either) and + (both)")
            raise Refused(found, allowed)
        return cls(value)


Cues = Annotated[tuple[Cue, ...], Field(min_length=1)]


def any_cue(cues: tuple[Cue, ...], text: str) -> Cue | None:
    """The first cue found in `text`, or None."""
    return next((cue for cue in cues if cue.found_in(text)), None)
