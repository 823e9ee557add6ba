"""Wording kept in YAML: every leaf is a pair {zh, en}; keys are dotted paths. Used by the reports and by the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Say = Callable[..., str]
"""A wording bound to one language: `say("turn", n=3)`."""


class Wording:
    """Sentences by key and language. A key that is missing raises KeyError: a bug, never shown to a person."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._sentences = dict(_leaves(table, ""))

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._sentences)

    def languages(self, key: str) -> dict[str, str]:
        """The sentence in every language it has."""
        return dict(self._sentences[key])

    def say(self, key: str, language: str, /, **values: object) -> str:
        """The sentence, with `{name}` places filled in."""
        sentence = self._sentences[key]["en" if language == "en" else "zh"]
        return sentence.format(**values) if values else sentence

    def bound(self, language: str) -> Say:
        """`say` with the language settled."""

        def said(key: str, /, **values: object) -> str:
            return self.say(key, language, **values)

        return said


def _leaves(table: dict[str, Any], path: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for name, value in table.items():
        place = f"{path}.{name}" if path else str(name)
        if set(value) <= {"zh", "en"}:
            found.append((place, value))
        else:
            found.extend(_leaves(value, place))
    return found


def read_wording(package: str, name: str = "wording.yaml") -> Wording:
    return Wording(yaml.safe_load(files(package).joinpath(name).read_text("utf-8")))


@cache
def report_wording() -> Wording:
    """What reports say."""
    return read_wording("coach.reports")
