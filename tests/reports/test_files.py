"""The files a report can be saved as: what they are called and what stands in the workbook."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from call_samples import bad_call, bad_grade, good_call, good_grade, vocabulary
from openpyxl import load_workbook
from typer.testing import CliRunner

from coach.cli.main import build_app
from coach.records.call import Outcome
from coach.records.notes import Correction
from coach.reports.files import FORMS, report_bytes, report_name, write_reports
from coach.reports.summary import summarise
from coach.reports.workbook import report_xlsx
from coach.settings import Settings
from coach.wiring import open_store


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows()] for sheet in book}


def test_the_name_of_a_file_tells_customer_case_and_time() -> None:
    call = good_call()
    summary = summarise(call, good_grade(), vocabulary(), "zh")
    odd = summary.model_copy(update={"persona": "../王 总/", "case": "账单：“113元”？"})
    moment = f"{call.created.astimezone():%Y%m%d-%H%M}"
    assert report_name(call, odd, "xlsx") == f"通话报告-王-总-账单-113元-{moment}-{call.id[:8]}.xlsx"
    english = summarise(call, good_grade(), vocabulary(), "en")
    assert report_name(call, english, "html").startswith("call-report-")
    assert report_name(call, english, "html").isascii()


def test_every_form_is_written_into_a_folder_of_the_call(tmp_path: Path) -> None:
    written = write_reports(
        tmp_path, good_call(), summarise(good_call(), good_grade(), vocabulary(), "zh"), good_grade()
    )
    assert tuple(written) == FORMS
    assert {path.parent for path in written.values()} == {tmp_path / "c1"}
    assert all(path.stat().st_size > 1000 for path in written.values())


def test_the_workbook_says_what_the_report_says() -> None:
    found = sheets(report_xlsx(summarise(good_call(), good_grade(), vocabulary(), "zh")))
    assert list(found)[:4] == ["通话报告", "逐项评分", "通话全文", "客户的心情"]
    overview = dict((row[0], row[1]) for row in found["通话报告"])
    assert overview["分数"] == 100
    assert "您说 (第 2 句): 换谁都得火" in overview["哪些值得学习"]
    assert found["逐项评分"][1][:5] == ("同理心", 100, "心情", "说出了客户的感受吗？", "做到了")
    assert found["通话全文"][2][:3] == (2, "您", "约了两次都白等，换谁都得火。")
    assert found["客户的心情"][1][:3] == (1, 78, 30)


def test_no_score_is_an_empty_cell_and_typed_formulas_stay_words() -> None:
    turns = bad_call().turns
    typed = turns[1].model_copy(update={"text": "=1+1 规定就是这样"})
    call = bad_call().model_copy(update={"turns": (turns[0], typed, *turns[2:])})
    found = sheets(report_xlsx(summarise(call, bad_grade(), vocabulary(), "zh")))
    overview = dict((row[0], row[1]) for row in found["通话报告"])
    assert overview["分数"] is None
    assert found["通话全文"][2][2] == "=1+1 规定就是这样"
    assert "红线" in overview


def test_every_form_tells_what_a_trainer_corrected() -> None:
    wrong = Correction(
        grade=good_grade().id,
        rubric="empathy",
        check="names_feeling",
        before="yes",
        answer="no",
        author="林老师",
        reason="<没说>缘由",
        score_before=100,
        score_after=0,
    )
    other = wrong.model_copy(update={"grade": "older", "author": "别人"})
    summary = summarise(good_call(), good_grade(), vocabulary(), "zh", [other, wrong])
    page, book, data = (report_bytes(form, summary, good_grade()) for form in ("html", "xlsx", "json"))
    assert summary.corrections is not None
    assert (summary.score, summary.corrections.score_before) == (100, 100)
    assert summary.corrections.score_after != 100
    shown = page.decode()
    assert "有判定被改过" in shown
    assert "林老师 改的，理由：&lt;没说&gt;缘由" in shown
    assert "总分：原来 100，改后" in shown
    assert "别人" not in shown
    told = json.loads(data)["report"]["corrections"]
    assert (told["score_before"], told["items"][0]["author"]) == (100, "林老师")
    overview = sheets(book)["通话报告"]
    assert any(row[0] == "有判定被改过" and row[1].startswith("总分：原来 100") for row in overview)
    assert any("林老师 改的，理由：<没说>缘由" in str(row[1]) for row in overview)


def test_without_a_correction_nothing_is_said_of_one() -> None:
    page = report_bytes("html", summarise(good_call(), good_grade(), vocabulary(), "zh"), good_grade()).decode()
    assert "有判定被改过" not in page


@pytest.mark.parametrize("form", FORMS)
def test_the_command_writes_every_form(settings: Settings, tmp_path: Path, form: str) -> None:
    store = open_store(settings)
    store.add_call(good_call())
    store.end_call("c1", good_call().ended or good_call().created, Outcome.SATISFIED)
    store.add_grade(good_grade())
    store.close()
    out = tmp_path / f"r.{form}"
    done = CliRunner().invoke(build_app(), ["report", "c1", "--format", form, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.stat().st_size > 1000
