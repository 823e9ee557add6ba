from pathlib import Path

import pytest
import yaml

from coach.content.case import Case
from coach.content.moves import Vocabulary
from coach.understanding.embedded import EmbeddedAppraiser

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def appraiser() -> EmbeddedAppraiser:
    return EmbeddedAppraiser()


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary.model_validate(yaml.safe_load((ROOT / "moves" / "moves.yaml").read_text(encoding="utf-8")))


def _text(zh: str) -> dict[str, str]:
    return {"zh": zh, "en": zh}


@pytest.fixture(scope="session")
def case() -> Case:
    """Broadband is down; a waiver of three months is the trap."""
    return Case.model_validate(
        {
            "id": "no_net", "name": "断网", "summary": "断网三天", "teaches": ["H4"], "call_type": "fault", "personas": ["someone"],
            "rubrics": ["empathy"], "request": "修好宽带", "openings": ["网断了。", "没网。"],
            "demand": {"what": "今天修好", "say": ["今天修。", "就今天。"]}, "hidden_need": "怕白等", "bottom_line": "有准信",
            "facts": [
                {"id": "since", "what": "周六断的", "say": ["周六。"], "release": {"when": "asked", "cues": ["什么时候|哪天+断|没网"]},
                 "layer": "info", "ask": "您家的网是哪天断的？", "telltale": ["周六"]},
                {"id": "light", "what": "红灯", "say": ["红灯。"], "release": {"when": "asked", "cues": ["灯|光猫"]},
                 "layer": "problem", "ask": "光猫上的灯是什么颜色？", "telltale": ["红灯"]},
                {"id": "lessons", "what": "孩子上网课", "say": ["网课。"], "release": {"when": "asked_openly", "cues": ["影响|耽误"]},
                 "layer": "impact", "ask": "这几天最耽误您什么事？", "telltale": ["网课"]},
            ],
            "concerns": [{"id": "when_come", "what": "几点来", "say": ["几点？"], "answered_by": ["4小时内|四小时内"],
                          "answer": "师傅4小时内给您打电话约时间。"}],
            "resolutions": [
                {"id": "expedite", "what": "加急", "say": "我现在给您做加急。", "cues": ["加急"]},
                {"id": "compensate", "what": "补偿", "say": "超时的天数按规定补偿您。", "cues": ["补偿"]},
            ],
            "trap": {"what": "免三个月", "say": "我直接给您免三个月月费。", "cues": ["免三个月", "保证|一定+今天+修好"], "why": "没有权限"},
            "knowledge": {"customer": [{"label": "机主", "value": "梁"}, {"label": "套餐", "value": "79"}], "record": ["报修"],
                          "rules": ["broadband_repair"], "must_not": ["不能免月租"]},
            "coaching": {"empathise": ["等了三天换谁都急。", "请了假人没来。"], "restate": "网断三天，对吗？", "explain": "因为光缆断了。",
                         "narrate": "我正在查，一分钟。", "reframe": "并成一张单更快。", "close": "晚上先用热点。"},
        }
    )  # fmt: skip
