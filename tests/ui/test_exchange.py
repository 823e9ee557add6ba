"""Bringing in and taking away on the trainers' page: for trainers only, with notes; failures are sentences and leave nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from builders import ROOT
from starlette.applications import Starlette
from starlette.testclient import TestClient

sys.path.insert(0, str(ROOT / "tests" / "authoring"))
import card_files as made

from coach.authoring.cards import import_card
from coach.authoring.shelf import Shelf
from coach.errors import InputError, NotAllowed
from coach.settings import Settings
from coach.ui.exchange.downloads import add_cards
from coach.ui.exchange.taking import take_in
from coach.ui.memory import Memory
from coach.ui.studio.bench import Bench
from coach.ui.viewer import Viewer
from coach.ui.visitor import Visitor
from coach.wiring import build_offline

CALL = "坐席：您好。\n客户：喂，我网断了三天了，人呢？\n坐席：您等着吧。\n客户：我前天就报了修。\n"


@pytest.fixture
def bench(settings: Settings) -> Bench:
    return Bench(build_offline(settings), settings)


def visitor(role: str = "trainer") -> Visitor:
    return Visitor(Memory.read(None), "zh", Viewer("王老师", role))  # type: ignore[arg-type]


def upload(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("way", "name", "raw", "kind", "note"),
    [
        ("card", "a.png", made.png(("chara", made.packed(made.sillytavern_v2()))), "persona", "取到：name → 名字"),
        ("call", "c.txt", CALL.encode(), "case", "读的时候：没有接模型：只找出了"),
        ("rubric", "d.md", "先核对，后解释。".encode(), "rubric", "读的时候：没有接模型，没法起草"),
    ],
)
async def test_what_is_brought_becomes_a_draft_with_notes(
    bench: Bench, tmp_path: Path, way: str, name: str, raw: bytes, kind: str, note: str
) -> None:
    path = upload(tmp_path, name, raw)
    draft = await take_in(bench, visitor(), way, path)
    assert draft.kind == kind
    assert any(one.startswith(note) for one in draft.notes)
    assert bench.drafts.get("王老师", draft.id).text == draft.text
    assert not path.exists()


@pytest.mark.parametrize(
    ("way", "name", "raw", "sentence"),
    [
        ("card", "a.png", made.png(), "a.png 是普通图片"),
        ("case", "a.exe", b"x", "读不了 a.exe"),
        ("call", "a.txt", b" ", "没有第 1 通能读的电话"),
        ("nothing", "a.txt", b"x", "先选带进来的是什么。"),
        ("card", "a.json", b" " * (21 * 2**20), "a.json 有 21 MB，最多 20 MB。"),
        (
            "card",
            "big.json",
            made.text(made.risuai_v3(character_book={"entries": [{"content": "字" * 1000}] * 250})),
            "页面上最多 200000 个",
        ),
    ],
)
async def test_what_cannot_be_used_is_a_sentence_and_leaves_nothing(
    bench: Bench, tmp_path: Path, way: str, name: str, raw: bytes, sentence: str
) -> None:
    path = upload(tmp_path, name, raw)
    with pytest.raises(InputError) as refused:
        await take_in(bench, visitor(), way, path)
    assert sentence in refused.value.zh
    assert bench.drafts.all("王老师") == []
    assert not path.exists()


async def test_a_press_without_a_file_is_a_sentence(bench: Bench) -> None:
    with pytest.raises(InputError) as refused:
        await take_in(bench, visitor(), "card", Path(""))
    assert refused.value.zh == "文件没有收到，请再选一次。"


async def test_trainees_bring_nothing_in(bench: Bench, tmp_path: Path) -> None:
    path = upload(tmp_path, "a.json", made.text(made.flat_v1()))
    with pytest.raises(NotAllowed):
        await take_in(bench, visitor("trainee"), "card", path)
    assert not path.exists()


def test_cards_are_taken_away_by_trainers_only(settings: Settings) -> None:
    app = Starlette()
    add_cards(app, settings, lambda request: Viewer("x", request.headers["role"]))  # type: ignore[arg-type]
    client = TestClient(app)
    name = Shelf(ROOT).names("persona")[0]
    for form in ("json", "png"):
        got = client.get(f"/persona-cards/{name}.{form}", headers={"role": "trainer"})
        assert got.status_code == 200
        assert import_card(got.content, f"x.{form}", Shelf(ROOT)).ours
        assert client.get(f"/persona-cards/{name}.{form}", headers={"role": "trainee"}).status_code == 403
    for wrong in ("nobody.json", f"{name}.yaml", "..%2f..%2foperator.json"):
        assert client.get(f"/persona-cards/{wrong}", headers={"role": "trainer"}).status_code == 404


def test_what_brings_in_speaks_one_language_and_keeps_its_choice() -> None:
    import gradio as gr

    from coach.ui.exchange.parts import make_bringing, said_in

    with gr.Blocks():
        way, bring = make_bringing()
        for language, label, first in (("en", "Bring in", "Character card"), ("zh", "导入", "角色卡（png、json）")):
            told = said_in(language, way, bring)
            assert told[bring]["label"] == label
            assert told[way]["choices"][0] == (first, "card")
            assert "value" not in told[way]
