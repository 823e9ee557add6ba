"""A trainer who has never seen the files: from templates to an exercise that a trainee plays, with every step of it looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_content import whole_content
from windows import PHONE, Open, Serve, ready, say, shot

from coach.authoring.edits import Edit, edited
from coach.authoring.kinds import MODELS
from coach.settings import Settings
from coach.ui.studio.bench import Bench
from coach.ui.viewer import Viewer
from coach.wiring import build_practice

MINE = "cases/street_cut.yaml"


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = whole_content(tmp_path / "content")
    monkeypatch.setenv("COACH_CONTENT", str(folder))
    return folder


@pytest.fixture
def settings(content: Path) -> Settings:
    return Settings.load()


def unfold(page: Any, *parts: str) -> None:
    for part in parts:
        page.click(f"#studio-form {part} > summary")


def fill(page: Any, path: str, words: str, left: int) -> None:
    """Types into a field and waits until the page says that so many places are left to mend."""
    page.fill(f"#studio-form [data-set='{path}']", words)
    mended(page, left)


def mended(page: Any, left: int) -> None:
    page.wait_for_function(f"document.querySelectorAll('#studio-marks .mark-error').length == {left}")
    page.wait_for_function(f"document.querySelectorAll('#studio-form .beside-error').length == {left}")


def from_template(page: Any, kind: str, name: str) -> None:
    page.click("#top [data-do=studio]")
    page.click(f".shelf-kinds [data-kind={kind}]")
    page.click(f".shelf-templates [data-kind={kind}][data-name={name}]")
    page.wait_for_selector("#studio-form [data-set='id']")


def save(page: Any) -> str:
    page.click("#studio-head [data-do=studio_save]")
    page.wait_for_selector("#studio-head .bench-told:not(:text('正在保存'))")
    return str(page.inner_text("#studio-head .bench-told"))


def test_a_trainer_makes_an_exercise_that_a_trainee_plays(
    serve: Serve, window: Open, settings: Settings, content: Path
) -> None:
    practice = build_practice(settings)
    url, _ = serve(practice)
    page = window().page
    page.goto(url)
    page.wait_for_selector("#choose .card")

    # a customer from a template, with mistakes on the way
    from_template(page, "persona", "complaint")
    fill(page, "id", "Noodle Chef", 1)
    assert "小写英文字母、数字、下划线" in page.inner_text("#studio-form [data-at=id] .beside")
    fill(page, "id", "noodle_chef", 0)
    unfold(page, ".section[data-fold=temper]")
    fill(page, "temper/heat", "很大", 1)
    assert "「很大」；可以写：0 到 100 的整数" in page.inner_text("#studio-form [data-at='temper/heat'] .beside")
    shot(page, "studio-mistake")
    assert "还有 1 处要改" in save(page)
    fill(page, "temper/heat", "72", 0)
    assert "存好了：personas/noodle_chef.yaml" in save(page)

    # a case, whose YAML is typed into as well; whatever is typed survives a reload
    from_template(page, "case", "complaint")
    fill(page, "id", "street_cut", 0)
    page.select_option("#studio-form [data-set='personas/0']", "noodle_chef")
    unfold(page, ".section[data-fold=facts]")
    page.click("#studio-form [data-op=add][data-path=facts]")
    mended(page, 3)
    unfold(page, "[data-at='facts/3']")
    shot(page, "studio-new-fact")
    page.click("#studio-form [data-op=remove][data-path='facts/3']")
    mended(page, 0)
    page.click("#studio-code .cm-content")
    page.keyboard.press("Control+Home")
    page.keyboard.type("heat：5\n")
    page.wait_for_selector("#studio-form .form-away")
    assert "中文冒号" in page.inner_text("#studio-marks")
    page.reload()
    page.wait_for_selector("#studio-form .form-away")
    page.click("#studio-code .cm-content")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Delete")
    page.wait_for_selector("#studio-form [data-set='id']")
    assert page.input_value("#studio-form [data-set='id']") == "street_cut"
    assert page.input_value("#studio-form [data-set='personas/0']") == "noodle_chef"

    # tried out
    page.click("#studio-head [role=tab][data-tab=try]")
    page.click("#studio-panel [data-do=studio_try]")
    page.wait_for_selector("#studio-chat [data-answers='1']")
    page.wait_for_selector("#studio-say textarea:not([disabled])")
    page.fill("#studio-say textarea", "约了两回都让您白等，换谁都得着急。")
    page.press("#studio-say textarea", "Enter")
    page.wait_for_selector("#studio-chat [data-answers='2'][data-speaking=no]")
    assert "情绪" in page.inner_text("#studio-chat li:last-child .state")
    shot(page, "studio-try")

    # accepted
    page.click("#studio-head [role=tab][data-tab=accept]")
    page.click("#studio-panel [data-do=studio_accept]")
    page.wait_for_selector("#studio-panel [data-state=done] .curves-wide svg", timeout=60000)
    assert "通过验收" in page.inner_text("#studio-panel")
    assert page.locator("#studio-panel .scores tbody tr").count() == 7
    shot(page, "studio-accept")

    # saved, and saved by another meanwhile: both versions are shown
    assert f"存好了：{MINE}。学员现在就能练。" in save(page)
    zhou, bench = Viewer("zhou"), Bench(practice, settings)
    theirs = bench.open(zhou, "case", "street_cut")
    text = edited(theirs.text, Edit("set", ("name", "zh"), "宽带三天没修"), MODELS["case"])
    bench.save(theirs.model_copy(update={"text": text}), zhou)
    page.click("#studio-head [role=tab][data-tab=form]")
    page.fill("#studio-form [data-set='name/zh']", "一条街都断了")
    page.wait_for_function("document.querySelector('#studio-head h2').textContent == '一条街都断了'")
    page.click("#studio-head [data-do=studio_save]")
    page.wait_for_selector("#studio-panel .conflict")
    assert "它又被改过（zhou）" in page.inner_text("#studio-panel")
    assert "宽带三天没修" in page.inner_text("#studio-panel .diff .theirs")
    assert "一条街都断了" in page.inner_text("#studio-panel .diff .mine")
    shot(page, "studio-conflict")
    page.click("#studio-panel [data-do=studio_mine]")
    page.wait_for_selector("#studio-head .bench-told")
    assert "一条街都断了" in (content / MINE).read_text("utf-8")
    assert "# 陷阱：好听、规定不许的那句话" in (content / MINE).read_text("utf-8")

    # played as a trainee plays it
    page.click("#top [data-do=choose]")
    page.wait_for_selector("#choose .card")
    page.click("#choose .more")
    page.click('#choose [data-persona="noodle_chef"][data-case="street_cut"]')
    ready(page)
    say(page, "您好，约了两回都让您白等，换谁都得着急。", 1)


def test_the_bench_fits_a_phone(serve: Serve, window: Open, settings: Settings) -> None:
    url, _ = serve(build_practice(settings))
    page = window(PHONE).page
    page.goto(url)
    page.wait_for_selector("#choose .card")
    page.click("#top [data-do=studio]")
    page.wait_for_selector(".shelf")
    shot(page, "studio-phone-list")
    from_template(page, "persona", "vip")
    unfold(page, ".section[data-fold=temper]")
    fill(page, "temper/heat", "160", 1)
    wide = page.evaluate("document.documentElement.scrollWidth")
    shot(page, "studio-phone-form")
    assert wide <= PHONE["width"]
    page.click("#studio-head [role=tab][data-tab=accept]")
    page.wait_for_selector("#studio-panel .accept")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
