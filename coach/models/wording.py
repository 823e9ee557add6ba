"""The few sentences this package itself says to models, beside the prompts it is given. They can move scores."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from pydantic import BaseModel

from coach.models.schemas import schema_for

FORM_REQUEST = """

【回答格式】只输出一个 JSON 对象，不要解释，不要代码围栏。它必须符合下面的 JSON Schema：
{schema}"""

REPAIR_REQUEST = """上一条回答不能用：
{problems}
请改正后重新输出完整的 JSON 对象，内容的意思不变，不要解释，不要代码围栏。它必须符合下面的 JSON Schema：
{schema}"""


@lru_cache(maxsize=64)
def _schema_text(schema: type[BaseModel]) -> str:
    return json.dumps(schema_for(schema, strict=False), ensure_ascii=False, separators=(",", ":"))


def form_request(schema: type[BaseModel]) -> str:
    """Added to the instructions where the endpoint can't be handed the schema itself."""
    return FORM_REQUEST.format(schema=_schema_text(schema))


def repair_request(problems: Sequence[str], schema: type[BaseModel]) -> str:
    """Sent back after an answer that doesn't fit."""
    listed = "\n".join(f"- {problem}" for problem in problems)
    return REPAIR_REQUEST.format(problems=listed, schema=_schema_text(schema))
