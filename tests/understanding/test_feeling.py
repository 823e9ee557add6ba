import pytest

from coach.understanding.feeling import feeling


@pytest.mark.parametrize(
    "line",
    [
        "气死我了，这都第三回了！",
        "你们就是骗子！！",
        "我要投诉你，什么态度！",
        "我爸刚走，号码也没了……我真受不了",
        "凭什么扣我的钱，欺负人是吧",
    ],
)
def test_strong_feeling_is_strong(line: str) -> None:
    assert feeling(line).strong
    assert feeling(line).has("upset")


@pytest.mark.parametrize(
    "line", ["好的，谢谢你。", "我想问一下套餐怎么改。", "嗯，是本人。", "没有了，再见。", "你好，帮我查个余额"]
)
def test_calm_lines_are_not_upset(line: str) -> None:
    assert not feeling(line).strong
    assert not feeling(line).has("harassed")


@pytest.mark.parametrize(
    "line", ["小姐姐你声音真好听，加个微信呗", "你这个废物，蠢得像猪", "下班我到楼下等着你", "你穿什么衣服呀"]
)
def test_abuse_and_pestering_count_as_harassment(line: str) -> None:
    assert feeling(line).has("harassed")


def test_what_a_line_does_is_told_apart() -> None:
    assert feeling("我什么时候能用上？").has("question")
    assert feeling("家里上不了网，红灯一直亮").has("problem")
    assert feeling("太贵了，不需要").has("objection")
    assert not feeling("好").has("question")
