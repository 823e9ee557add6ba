"""What an endpoint turned out to accept, remembered for the process.

A preset is a good guess; gateways, older versions and single models differ. When a request is refused and the refusal
names a parameter, the next request goes without it (or says it another way), and all later ones too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from coach.models.failures import Facts
from coach.models.presets import Preset
from coach.settings import JsonMeans

_ABOUT_FORM = re.compile(
    r"response_format|json_schema|json_object|structured[ _]output|tool_choice|\btools?\b", re.IGNORECASE
)
_TOO_LARGE = re.compile(r"too large|at most|exceed|less than", re.IGNORECASE)


@dataclass
class Habits:
    """How to speak to one model of one endpoint. Changes only through `learn` and `form_ignored`."""

    structured: list[JsonMeans]
    strict: bool
    limit: str
    temperature: bool
    body: dict[str, Any]
    fixed: bool = False
    """True when COACH_MODEL_JSON forces the way of getting JSON."""
    _tried_limits: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, preset: Preset, forced: JsonMeans | None) -> Habits:
        means = [forced] if forced else list(preset.structured)
        fixed = forced is not None
        return cls(means, preset.strict, preset.limit, preset.temperature, dict(preset.body), fixed, [preset.limit])

    @property
    def means(self) -> JsonMeans:
        """The way of getting JSON that is tried now."""
        return self.structured[0]

    def learn(self, facts: Facts, sent: dict[str, Any]) -> bool:
        """Take a refusal in; True when the request is worth sending again in the new way. `sent`: its fields."""
        if facts.status not in (400, 422):
            return False
        words = facts.words
        if self.limit in sent and self.limit in words and not _TOO_LARGE.search(words):
            other = "max_tokens" if self.limit == "max_completion_tokens" else "max_completion_tokens"
            if other not in self._tried_limits:
                self._tried_limits.append(other)
                self.limit = other
                return True
        if "temperature" in words and "temperature" in sent and self.temperature:
            self.temperature = False
            return True
        named = [key for key in self.body if key in words and key in sent]
        if named:
            self.body = {key: value for key, value in self.body.items() if key not in named}
            return True
        asked_for_form = "response_format" in sent or "tools" in sent
        return asked_for_form and bool(_ABOUT_FORM.search(words)) and self._next_means()

    def form_ignored(self) -> None:
        """The endpoint took the schema and answered with no JSON at all: next time spell the form out in words."""
        if self.means != "prompt":
            self._next_means()

    def _next_means(self) -> bool:
        if self.fixed or len(self.structured) < 2:
            return False
        self.structured = self.structured[1:]
        return True
