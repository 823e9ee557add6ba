"""The price table (prices.yaml, which users edit): what tokens cost, and how they are guessed before anything is sent."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.errors import InputError

FILE = "prices.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Estimate(_Strict):
    """How tokens and time are guessed."""

    tokens_per_chinese_character: float = Field(0.7, gt=0)
    tokens_per_other_character: float = Field(0.3, gt=0)
    answer_tokens_per_check: float = Field(70, gt=0)
    seconds_per_answer: float = Field(5, gt=0)

    def tokens(self, text: str) -> int:
        chinese = sum(1 for char in text if char > "\u2e80")
        other = len(text) - chinese
        return round(chinese * self.tokens_per_chinese_character + other * self.tokens_per_other_character)


class Price(_Strict):
    """Of one model, for a million tokens."""

    match: str
    currency: str
    input: float = Field(ge=0)
    cached: float | None = Field(None, ge=0)
    output: float = Field(ge=0)
    batch: float = Field(0.5, ge=0, le=1)
    as_of: str = ""

    def cost(self, prompt: int, completion: int, cached: int = 0) -> float:
        """What these tokens cost; `cached` are some of the `prompt` ones."""
        of_cache = self.input if self.cached is None else self.cached
        return ((prompt - cached) * self.input + cached * of_cache + completion * self.output) / 1e6


class Prices(_Strict):
    estimate: Estimate = Estimate()
    models: tuple[Price, ...] = ()

    def of(self, model: str) -> Price | None:
        return next((price for price in self.models if fnmatchcase(model.lower(), price.match.lower())), None)


def read_prices(folder: Path) -> Prices:
    """The table of a content folder; an empty one when there is none.

    Raises:
        InputError: it can't be read, with the field.
    """
    path = folder / FILE
    if not path.exists():
        return Prices()
    try:
        return Prices.model_validate_json(_as_json(path))
    except (ValidationError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        where = (
            "、".join(".".join(map(str, item["loc"])) for item in error.errors())
            if isinstance(error, ValidationError)
            else str(error)
        )
        raise InputError(
            f"价格表 {FILE} 读不了：{where}。写法见文件开头的说明。",
            f"The price table {FILE} can't be read: {where}. The head of the file says how it is written.",
        ) from None


def _as_json(path: Path) -> str:
    import json

    # as_of: 2025-08 is a text, 2025-08-07 a date to YAML: both are meant as written
    return json.dumps(yaml.safe_load(path.read_text("utf-8")), default=str)
