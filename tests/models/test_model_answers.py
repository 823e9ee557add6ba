"""Reading what models write."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, Field

from coach.models.answers import Invalid, ThinkingFilter, json_objects, parse_answer, strip_thinking
from coach.models.schemas import schema_for


class Inner(BaseModel):
    """A nested type with a field named like a keyword."""

    title: str = Field(max_length=10)
    kind: Literal["好", "坏"] = "好"


class Verdict(BaseModel):
    reason: str = Field(max_length=20, description="为什么")
    score: int = Field(ge=0, le=2)
    parts: list[Inner] = Field(default_factory=list, max_length=3)


GOOD = '{"reason": "先安抚了", "score": 2, "parts": []}'


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"好的，结果如下：\n{GOOD}\n希望有帮助。",
        f'<think>要给 {{几分}} 呢？先给 {{"score": 9}}</think>\n{GOOD}',
        f"思考没有开头标记</think>{GOOD}",
        f'例如 {{"score": 7}}，最后：{GOOD}',
        '{"reason": "先\n安抚了", "score": 2, "parts": []}',
    ],
)
def test_json_is_found_wherever_it_stands(text: str) -> None:
    parsed = parse_answer(text, Verdict)
    assert isinstance(parsed, Verdict)
    assert parsed.score == 2


def test_what_is_wrong_is_said_field_by_field() -> None:
    parsed = parse_answer('{"reason": "好", "score": 5}', Verdict)
    assert isinstance(parsed, Invalid)
    assert len(parsed.problems) == 1
    assert parsed.problems[0].startswith("score:")


def test_no_json_at_all_is_said_too() -> None:
    assert parse_answer("我觉得挺好的 {呵呵}", Verdict) == Invalid(("没有找到完整的 JSON 对象",))


def test_only_outermost_objects_are_offered() -> None:
    assert list(json_objects('{"a": {"b": 1}} {"c": 2}')) == [{"a": {"b": 1}}, {"c": 2}]


def test_thinking_that_never_ends_is_no_answer() -> None:
    assert strip_thinking("<think>嗯……") == ""


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<think>装生气</think>\n\n你们到底管不管？", "你们到底管不管？"),
        ("你们到底管不管？", "你们到底管不管？"),
        ("  <b>粗体", "  <b>粗体"),
        ("<thin", "<thin"),
        ("<think>没完", ""),
    ],
)
def test_a_stream_hides_the_thinking_and_nothing_else(text: str, shown: str, size: int) -> None:
    sieve = ThinkingFilter()
    pieces = [sieve.feed(text[start : start + size]) for start in range(0, len(text), size)]
    assert "".join(pieces) + sieve.rest() == shown


def test_the_schema_asks_for_every_field_and_no_other() -> None:
    schema = schema_for(Verdict, strict=False)
    assert schema["required"] == ["reason", "score", "parts"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["reason"] == {"type": "string", "maxLength": 20, "description": "为什么"}
    assert list(schema["$defs"]["Inner"]["properties"]) == ["title", "kind"]
    assert schema["$defs"]["Inner"]["properties"]["kind"]["enum"] == ["好", "坏"]
    assert "default" not in str(schema)


def test_the_strict_schema_says_nothing_of_text_lengths() -> None:
    schema = schema_for(Verdict, strict=True)
    assert "maxLength" not in str(schema)
    assert schema["properties"]["parts"]["maxItems"] == 3
    assert schema["properties"]["score"]["maximum"] == 2
