"""The exported file on its own: nothing is asked for over the network, and paper shows no heading without anything below it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from windows import PHONE, WIDE

from coach.reports.html import report_document
from coach.reports.summary import summarise
from coach.settings import Settings
from coach.trial.play import play
from coach.wiring import build_offline


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    coach = build_offline(Settings.load())
    trial = asyncio.run(play(coach, coach.exercise("hair_splitter", "plan_unchanged"), "cold", 1))
    path = tmp_path_factory.mktemp("export") / "report.html"
    path.write_text(
        report_document(summarise(trial.call, trial.grade, coach.library.vocabulary, "zh")), encoding="utf-8"
    )
    return path


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_exported_file_asks_for_nothing_and_fits(exported: Path, chromium: Any, size: dict[str, int]) -> None:
    context = chromium.new_context(viewport=size, offline=True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(exported.as_uri())
    assert page.locator(".r-verdict").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    mark = page.locator(".r-transcript mark").first
    page.click(".r-transcript > summary")
    mark.focus()
    assert "：" in mark.evaluate("mark => getComputedStyle(mark, '::after').content"), (
        "what was quoted for, by keyboard"
    )
    assert asked == [exported.as_uri()]
    context.close()


def test_paper_shows_everything_unfolded_and_no_empty_heading(exported: Path, chromium: Any) -> None:
    page = chromium.new_page()
    page.goto(exported.as_uri())
    page.emulate_media(media="print")
    criteria = page.locator(".r-criterion")
    assert page.locator(".r-criterion.r-quiet").count() > 0, "this report has criteria that say nothing about the call"
    shown = page.evaluate(
        """() => [...document.querySelectorAll('.r-criterion')].filter(c => getComputedStyle(c).display !== 'none')
           .map(c => [...c.querySelectorAll('.r-check')].filter(k => getComputedStyle(k).display !== 'none').length)"""
    )
    assert 0 < len(shown) < criteria.count()
    assert min(shown) > 0
    assert not page.locator(".r-more-heading").is_visible()
    assert len(page.pdf(format="A4", prefer_css_page_size=True)) > 10_000
    page.close()
