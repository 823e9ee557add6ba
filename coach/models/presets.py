"""The named endpoints: what each supports, read from presets.yaml."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from coach.settings import JsonMeans, Settings, preset_rows


class Preset(BaseModel):
    """One kind of endpoint. The meaning of each field stands at the top of presets.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    zh: str
    en: str
    base_url: str | None = None
    hosts: tuple[str, ...] = ()
    key_env: str = "OPENAI_API_KEY"
    needs_key: bool = True
    model: str | None = None
    structured: tuple[JsonMeans, ...]
    strict: bool = False
    limit: str = "max_tokens"
    temperature: bool = True
    body: dict[str, Any] = {}

    def note(self, language: str) -> str:
        """What to know before using it, in 'zh' or 'en'."""
        return self.en if language == "en" else self.zh


@lru_cache(maxsize=1)
def presets() -> dict[str, Preset]:
    """All presets by id, in the order of the file."""
    return {name: Preset(id=name, **row) for name, row in preset_rows().items()}


def preset_for(settings: Settings) -> Preset:
    """The preset in force for these settings."""
    return presets()[settings.provider_id]
