"""What a report says about a call that went well and one that went badly."""

from __future__ import annotations

import json
import re
import warnings
from html.parser import HTMLParser
from pathlib import Path

import pytest
from call_samples import bad_call, bad_grade, good_call, good_grade, make_call, vocabulary
from typer.testing import CliRunner

from coach.cli.main import build_app
from coach.records.call import Outcome
from coach.records.grade import Evidence
from coach.reports.html import report_document, report_fragment
from coach.reports.model import Segment, Summary
from coach.reports.summary import summarise
from coach.settings import Settings
from coach.wiring import open_store


def good(language: str = "zh") -> Summary:
    return summarise(good_call(), good_grade(), vocabulary(), language)


def bad(language: str = "zh") -> Summary:
    return summarise(bad_call(), bad_grade(), vocabulary(), language)


def test_a_good_call_is_summed_up_with_score_band_and_what_to_keep() -> None:
    summary = good()
    assert (summary.score, summary.verdict, summary.ending) == (100, "合格", "客户满意地挂了电话。")
    assert summary.score_note == "有 1 项没法评，或者几次判得不一样；算上它们，总分会落在 67 到 100 之间。"
    assert [(item.quote, item.turn) for item in summary.keep] == [("换谁都得火", "第 2 句")]
    assert summary.next_time == "开口先说对方这几天怎么过的。"
    assert summary.rubrics[0].arithmetic == "做到 2 / 应做到 2（按权重）→ 100 分"


def test_no_score_is_explained_in_words_and_never_shown_as_zero() -> None:
    summary = bad()
    assert summary.score is None
    assert "给分数对您不公平" in summary.score_note
    assert summary.rubrics[0].arithmetic.startswith("没有分数")
    page = report_fragment(summary)
    assert "<b>—</b>" in page
    assert "<b>0</b>" not in page


def test_a_red_line_stands_on_the_first_screen_with_its_words() -> None:
    line = bad().red_lines[0]
    assert line.ask == "答应了规定不允许的事"
    assert line.effect == "总分最高 59 分，且不合格。"
    assert line.quotes[0].text == "免三个月"
    assert [rubric.name for rubric in bad().rubrics] == ["同理心"]


def test_each_check_tells_its_answer_its_words_and_why_it_was_not_judged() -> None:
    rows = {row.ask: row for row in bad().rubrics[0].criteria[0].checks}
    assert (rows["说出了客户的感受吗？"].answer, rows["说出了客户的感受吗？"].tone) == ("没做到", "bad")
    assert (rows["语气稳吗？"].answer, rows["语气稳吗？"].note) == ("没法评", "离线时规则判断不了这一项。")
    assert (rows["和客户争辩了吗？"].answer, rows["和客户争辩了吗？"].quotes[0].number) == ("出现了", 2)


def test_quoted_words_are_marked_in_the_transcript_and_bad_ones_win() -> None:
    marked = bad().lines[1].segments
    assert marked[-2:] == (Segment(text="规定就是这样", mark="bad", tip="和客户争辩了吗？"), Segment(text="。"))
    grade = good_grade()
    verdict = grade.rubrics[0].verdicts[0].model_copy(update={"evidence": (Evidence(turn=1, quote="白等，换谁"),)})
    wrong = (
        grade.rubrics[0].verdicts[2].model_copy(update={"answer": "yes", "evidence": (Evidence(turn=1, quote="换谁"),)})
    )
    rubric = grade.rubrics[0].model_copy(update={"verdicts": (verdict, grade.rubrics[0].verdicts[1], wrong)})
    both = summarise(good_call(), grade.model_copy(update={"rubrics": (rubric,)}), vocabulary(), "zh")
    assert [(part.text, part.mark) for part in both.lines[1].segments] == [
        ("约了两次都", ""),
        ("白等，", "good"),
        ("换谁", "bad"),
        ("都得火。", ""),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_people_typed_is_never_markup(language: str) -> None:
    for page in (report_fragment(bad(language)), report_document(bad(language))):
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<i>" not in page
        assert "&lt;b&gt;" in page


class _Loads(HTMLParser):
    """Collects everything a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "data")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_exported_file_stands_on_its_own(language: str) -> None:
    page = report_document(good(language))
    loads = _Loads()
    loads.feed(page)
    assert all(address.startswith("#") for address in loads.addresses)
    assert "@import" not in page
    assert "url(http" not in page
    assert f'<html lang="{"en" if language == "en" else "zh-CN"}">' in page
    assert "{{" not in page


def test_the_curve_marks_peak_and_end_in_chinese_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        summary = bad()
    words = re.findall(r">([^<>\n]+)</text>", summary.curve)
    assert "最难受 92" in words
    assert "最后 88" in words
    assert "通话里的第几句" in words
    assert 'aria-label="情绪从 78 开始，第 3 句最高到 92，结束时 88。"' in summary.curve
    assert "#c2410c" not in summary.curve
    assert summary.curve == bad().curve


def test_pleasing_a_customer_with_a_forbidden_promise_is_no_good_end() -> None:
    turns = good_call().turns
    last = turns[-1].step
    assert last is not None
    trapped = turns[-1].model_copy(
        update={"step": last.model_copy(update={"state": last.state.model_copy(update={"trapped": True})})}
    )
    summary = summarise(make_call((*turns[:-1], trapped), Outcome.SATISFIED), good_grade(), vocabulary(), "zh")
    assert not summary.good_end
    assert "兑现不了" in summary.ending


def test_the_foot_says_where_the_report_comes_from() -> None:
    foot = dict(good().foot)
    assert foot["客户台词"] == "编好的台词"
    assert foot["评分"] == "固定规则"
    assert "没有用大模型" in good().source_note
    online = good_grade().model_copy(update={"offline": False, "model": "judge-1", "votes": 3})
    summary = summarise(good_call(), online, vocabulary(), "zh")
    assert dict(summary.foot)["评分"] == "judge-1 · 3 次表决"
    assert not summary.offline


def test_the_command_writes_the_report_of_a_stored_call(settings: Settings, tmp_path: Path) -> None:
    store = open_store(settings)
    store.add_call(good_call())
    store.end_call("c1", good_call().ended or good_call().created, Outcome.SATISFIED)
    store.add_grade(good_grade())
    store.close()
    out = tmp_path / "deep" / "report.html"
    done = CliRunner().invoke(build_app(), ["report", "c1", "--out", str(out), "--lang", "en"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "What is worth keeping" in out.read_text("utf-8")


def test_the_same_report_can_be_had_as_json(settings: Settings, tmp_path: Path) -> None:
    store = open_store(settings)
    store.add_call(good_call())
    store.end_call("c1", good_call().ended or good_call().created, Outcome.SATISFIED)
    store.add_grade(good_grade())
    store.close()
    out = tmp_path / "report.json"
    done = CliRunner().invoke(build_app(), ["report", "c1", "--format", "json", "--out", str(out)])
    assert done.exit_code == 0, done.output
    told = json.loads(out.read_text("utf-8"))
    assert (told["report"]["score"], told["grade"]["id"]) == (100, "g1")
    assert told["report"]["tables"][0]["id"] == "lines"
    assert "<svg" not in out.read_text("utf-8")


def test_every_picture_has_a_table_that_says_the_same_and_no_score_is_no_point() -> None:
    pictures = {picture.id: picture for picture in good().pictures}
    assert pictures["lines"].rows[0][0] == "2"
    assert "动作empathise" in pictures["lines"].rows[0][1]
    assert 'aria-label="' in pictures["lines"].wide
    assert [row[0] for row in pictures["layers"].rows] == ["情况", "难处", "影响", "解决"]
    assert pictures["radar"].rows[0][:2] == ("同理心", "100")
    assert pictures["radar"].wide == ""  # one score makes no radar
    assert "radar" not in {picture.id for picture in bad().pictures}


def test_only_outcome_and_the_three_things_stand_unfolded() -> None:
    page = report_fragment(bad())
    opened = page[: page.index("<details")]
    for part in ("r-verdict", "r-red", "r-three"):
        assert f'class="{part}' in opened
    assert "r-transcript" not in opened
    assert 'data-tip="要改：和客户争辩了吗？"' in page
