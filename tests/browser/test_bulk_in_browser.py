"""In a real browser: a table with odd columns is uploaded, explained, graded offline, looked at, downloaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from windows import PHONE, WIDE, Open, Serve

from coach.settings import Settings
from coach.wiring import build_practice

SAID = [
    ("接线老林", "您好，青桥通信，我姓林，请问有什么可以帮您？"),
    ("打电话的", "我家网又断了，都三天了"),
    ("接线老林", "断了三天确实耽误事，我马上帮您查。"),
]


def odd_table(path: Path, calls: int) -> Path:
    rows = ["单子,谁,讲了啥,第几"]
    rows += [f"T{call:03},{who},{said},{at}" for call in range(calls) for at, (who, said) in enumerate(SAID)]
    path.write_text("\n".join(rows), "gb18030")
    return path


def fits(page: Any) -> None:
    """Nothing sticks out sideways, also on a phone."""
    page.set_viewport_size(PHONE)
    out = "[...document.querySelectorAll('.bulk > *')].filter(part => part.getBoundingClientRect().right > window.innerWidth)"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate(f"{out}.map(part => part.className)") == []
    page.set_viewport_size(WIDE)


def test_a_table_is_explained_graded_and_downloaded(
    serve: Serve, window: Open, settings: Settings, tmp_path: Path
) -> None:
    url, _ = serve(build_practice(settings))
    page = window(WIDE).page
    page.set_default_timeout(60000)  # each step starts a process
    page.goto(url)
    page.click("#top [data-do=bulk]")
    page.wait_for_selector("#bulk .bulk-home")
    fits(page)
    page.set_input_files("#bulk-upload input[type=file]", odd_table(tmp_path / "导出.csv", 12))
    page.wait_for_selector("#bulk .bulk-draft")
    assert "GB18030" in page.inner_text("#bulk .bulk-files")
    for field, column in (("id", "单子"), ("role", "谁"), ("text", "讲了啥"), ("order", "第几")):
        page.select_option(f"[name=map_{field}]", column)
    page.click("#bulk [data-do=bulk_look]")
    page.wait_for_selector("[name=speaker1]")
    page.select_option("[name=speaker0]", "agent")
    page.select_option("[name=speaker1]", "customer")
    page.click("#bulk [data-do=bulk_plan]")
    page.wait_for_selector(".bulk-plan")
    assert "要评 12 通" in page.inner_text(".bulk-plan")
    assert "我家网又断了" in page.inner_text(".bulk-calls")
    fits(page)
    page.click("#bulk [data-do=bulk_start]")
    page.wait_for_selector(".bulk-meter")
    page.reload()  # it goes on without the page
    page.wait_for_selector(".bulk-results")
    assert page.locator(".bulk-table tbody tr").count() == 12
    fits(page)
    with page.expect_download() as told:
        page.click(".bulk-downloads a[download='results.jsonl']")
    lines = Path(told.value.path()).read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [f"T{call:03}" for call in range(12)]
    page.click(".bulk-table tbody tr:first-child [data-do=bulk_record]")
    page.wait_for_selector(".bulk-record .bulk-verdicts")
    fits(page)
    page.click("#bulk [data-do=bulk_table]")
    page.wait_for_selector(".bulk-results")
    page.click("#bulk-top details.stop summary")
    page.click("#bulk-top [data-do=bulk_delete]")
    page.wait_for_selector("#bulk .bulk-home")
    assert [path for path in (settings.data / "bulk").rglob("*") if path.is_file()] == []
    page.click("#top [data-do=choose]")
    page.wait_for_selector("#choose .card")
