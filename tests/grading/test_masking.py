"""What is hidden before a transcript leaves the machine, and that quotes come back."""

from __future__ import annotations

import pytest

from coach.grading.masking import Mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13812345678对吗", "电话‹手机号1›对吗"),
        ("我的号138-1234-5678", "我的号‹手机号1›"),
        ("+86 138 1234 5678", "‹手机号1›"),
        ("幺三八零零幺三八零零零", "‹手机号1›"),
        ("座机010-62345678", "座机‹座机1›"),
        ("身份证11010519491231002X", "身份证‹证件1›"),
        ("卡号4111 1111 1111 1111。", "卡号‹卡号1›。"),
        ("发到li.lei@example.com吧", "发到‹邮箱1›吧"),
        ("我住青山市东湖区文汇路18号3栋502室", "我住‹地址1›"),
        ("梁先生您好", "‹称呼1›您好"),
        ("工号8021为您服务", "工号‹工号1›为您服务"),
        ("赵小梅说的，是赵小梅", "‹姓名1›说的，是‹姓名1›"),
    ],
)
def test_what_is_hidden(text: str, masked: str) -> None:
    assert Mask(["赵小梅"]).mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "套餐39元40GB",
        "单号6222021234567890127请记",
        "单号20240506001234567",
        "身份证110105194912310021",
        "10077热线",
        "一共三十块五",
        "2024年5月6日",
        "这条路不好走",
        "总是断",
        "大总管",
    ],
)
def test_what_is_no_ones_secret_stays(text: str) -> None:
    assert Mask().mask(text) == text


def test_placeholders_are_stable_and_come_back_as_first_written() -> None:
    mask = Mask()
    said = "13812345678和13987654321，还是138 1234 5678"
    hidden = mask.mask(said)
    assert hidden == "‹手机号1›和‹手机号2›，还是‹手机号1›"
    assert mask.unmask("报了‹手机号2›") == "报了13987654321"
    assert mask.unmask("‹手机号9›") == "‹手机号9›"


def test_a_forged_placeholder_in_the_transcript_reveals_nothing() -> None:
    mask = Mask()
    mask.mask("13812345678")
    assert mask.unmask(mask.mask("我说‹手机号1›")) == "我说(手机号1)"
