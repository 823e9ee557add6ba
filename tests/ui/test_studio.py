"""The trainers' part by its handlers: refused to trainees, from a template to a played exercise, conflicts, try-out, acceptance."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from builders import ROOT
from page_fakes import LINE, Played
from page_visit import Visit
from small_content import whole_content

from coach.errors import CallState, NotAllowed, NotFound
from coach.settings import Settings
from coach.ui.studio.actions import StudioActions
from coach.ui.viewer import Viewer

ELDER = {"kind": "persona", "name": "anxious_elder"}


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = whole_content(tmp_path / "content")
    monkeypatch.setenv("COACH_CONTENT", str(folder))
    return folder


class Trainer(Visit):
    """A trainer's browser."""

    def __init__(self, played: Played, name: str = "lin", role: Any = "trainer") -> None:
        super().__init__(played, Settings.load(), Viewer(name, role))

    @property
    def studio(self) -> StudioActions:
        return self.actions.studio

    @property
    def draft(self) -> Any:
        return self.studio.bench.drafts.get(self.viewer.name, self.memory.draft)

    def shown(self, part: str) -> str:
        return str(self.page["studio"].get(part, ""))  # type: ignore[attr-defined]

    async def press(self, **sent: str) -> list[Any]:
        before: dict[str, Any] = dict(self.page.get("studio", {}))
        frames = await super().press(**sent)
        for frame in frames:
            before |= frame.get("studio", {})
        self.page["studio"] = before  # type: ignore[typeddict-item]
        return frames

    async def edit(self, *edits: dict[str, Any]) -> None:
        await self.press(do="studio_edit", edits=json.dumps(list(edits)))

    async def write(self, text: str) -> None:
        before: dict[str, Any] = dict(self.page.get("studio", {}))
        async for frame in self.studio.write(self.visitor, text):
            before |= frame["studio"]
        self.page["studio"] = before  # type: ignore[typeddict-item]

    async def talk(self, text: str) -> list[str]:
        chats = []
        async for frame in self.studio.say(self.visitor, text):
            chats.append(frame["studio"]["chat"])
        return chats


@pytest.fixture
def played(content: Path) -> Played:
    return Played()


@pytest.fixture
def lin(played: Played) -> Trainer:
    return Trainer(played)


async def test_a_trainee_is_refused_by_every_handler(played: Played, lin: Trainer) -> None:
    await lin.press(do="studio_open", **ELDER)
    wu = Trainer(played, "wu", "trainee")
    wu.memory = lin.memory
    for do in ("studio", "studio_nonsense", *lin.studio._doings):
        with pytest.raises(NotAllowed, match="这里只给培训师用"):
            await wu.press(do=do, draft=lin.memory.draft, **ELDER)
    with pytest.raises(NotAllowed):
        await wu.write("id: x")
    with pytest.raises(NotAllowed):
        await wu.talk("您好")
    with pytest.raises(NotAllowed):
        async for _ in lin.studio.edit(wu.visitor, lin.draft):
            pass
    await wu.arrive()
    assert wu.page["view"] == "choose"


async def test_from_a_template_to_an_exercise_that_is_played_while_an_open_call_keeps_its_content(
    lin: Trainer, played: Played, content: Path
) -> None:
    await lin.press(do="studio")
    assert "等急了的客户" in lin.shown("head")
    await lin.press(do="studio_new", kind="persona", name="complaint")
    assert lin.page["view"] == "studio"
    assert 'data-set="temper/heat"' in lin.shown("form")
    await lin.edit(
        {"op": "set", "path": "id", "value": "tired_cook"}, {"op": "set", "path": "temper/heat", "value": "170"}
    )
    assert "数字 170；可以写：0 到 100 的整数" in lin.shown("marks")
    assert "还差 1 处" in lin.shown("head")
    await lin.press(do="studio_save")
    assert "还有 1 处要改" in lin.shown("head")
    assert not (content / "personas/tired_cook.yaml").exists()
    await lin.edit({"op": "set", "path": "temper/heat", "value": "70"})
    await lin.press(do="studio_save")
    assert "存好了：personas/tired_cook.yaml。学员现在就能练。" in lin.shown("head")
    assert "# 从这里改起" in (content / "personas/tired_cook.yaml").read_text("utf-8")

    await lin.press(do="start", persona="tired_cook", case="overbilled")
    call = lin.call
    assert call.exercise.persona.temper.heat == 70
    await lin.press(do="studio_open", kind="persona", name="tired_cook")
    await lin.edit({"op": "set", "path": "temper/heat", "value": "60"})
    await lin.press(do="studio_save")
    assert played.practice.library.persona("tired_cook").temper.heat == 60
    assert played.store.call(call.id).exercise.persona.temper.heat == 70


async def test_saving_takes_along_what_was_typed_the_moment_before(lin: Trainer, content: Path) -> None:
    await lin.press(do="studio_open", **ELDER)
    heat = json.dumps([{"op": "set", "path": "temper/heat", "value": "51"}])

    async def press(**sent: str) -> list[Any]:
        return [frame async for frame in lin.studio.do(lin.visitor, sent)]

    _, saved = await asyncio.gather(press(do="studio_edit", edits=heat), press(do="studio_save"))
    assert "heat: 51" in (content / "personas/anxious_elder.yaml").read_text("utf-8")
    assert "正在保存" in saved[0]["studio"]["head"]
    assert "存好了：personas/anxious_elder.yaml" in saved[-1]["studio"]["head"]
    assert not lin.draft.touched


async def test_whatever_is_typed_as_yaml_is_kept_and_comes_back_after_a_reload(lin: Trainer, played: Played) -> None:
    await lin.press(do="studio_open", **ELDER)
    await lin.write("id: anxious_elder\nname：怕\n")
    assert "中文冒号" in lin.shown("marks")
    assert "表单先收起来了" in lin.shown("form")
    with pytest.raises(Exception, match="YAML 现在读不出来"):
        await lin.edit({"op": "set", "path": "id", "value": "x"})
    again = Trainer(played)
    again.memory = lin.memory
    await again.arrive()
    assert again.page["view"] == "studio"
    assert again.page["studio"]["code"] == "id: anxious_elder\nname：怕\n"
    await again.press(do="studio")
    assert "还没存的草稿" in again.shown("head")
    await again.press(do="studio_drop", draft=lin.memory.draft)
    assert "还没存的草稿" not in again.shown("head")


async def test_names_and_texts_from_people_are_escaped(lin: Trainer) -> None:
    await lin.press(do="studio_open", **ELDER)
    await lin.edit(
        {"op": "set", "path": "name/zh", "value": "<b>怕</b>\"'"}, {"op": "set", "path": "temper/heat", "value": "<i>"}
    )
    for part in ("head", "form", "marks"):
        assert "<b>怕" not in lin.shown(part)
        assert "<i>" not in lin.shown(part)


async def test_a_draft_written_elsewhere_is_opened_with_its_notes(lin: Trainer) -> None:
    text = (ROOT / "cases/overbilled.yaml").read_text("utf-8")
    draft = lin.studio.bench.open_text(lin.viewer, "case", text, ["第 3 段没有写清楚要退多少"])
    async for frame in lin.studio.edit(lin.visitor, draft):
        assert "第 3 段没有写清楚要退多少" in frame["studio"]["marks"]
        assert "「overbilled」，cases/overbilled.yaml:2 已经用了" in frame["studio"]["marks"]
    await lin.press(do="studio_noted", draft=draft.id)
    assert "第 3 段" not in lin.shown("marks")


async def test_another_trainers_draft_is_not_there(lin: Trainer, played: Played) -> None:
    await lin.press(do="studio_open", **ELDER)
    with pytest.raises(NotFound):
        await Trainer(played, "zhou").press(do="studio_save", draft=lin.memory.draft)


async def test_saving_after_another_trainer_shows_both_versions_and_either_can_be_taken(
    lin: Trainer, played: Played, content: Path
) -> None:
    zhou = Trainer(played, "zhou")
    for trainer, heat in ((lin, "51"), (zhou, "49")):
        await trainer.press(do="studio_open", **ELDER)
        await trainer.edit({"op": "set", "path": "temper/heat", "value": heat})
    await zhou.press(do="studio_save")
    await lin.press(do="studio_save")
    assert "personas/anxious_elder.yaml 以后，它又被改过（zhou）" in lin.shown("panel")
    assert "−   heat: 49" in lin.shown("panel")
    assert "＋   heat: 51" in lin.shown("panel")
    file = content / "personas/anxious_elder.yaml"
    assert "heat: 49" in file.read_text("utf-8")

    await lin.press(do="studio_mine")
    assert "heat: 51" in file.read_text("utf-8")
    await lin.press(do="studio_tab", tab="versions")
    versions = lin.studio.bench.history.all("persona", "anxious_elder")
    assert [version.author for version in versions] == ["", "zhou", "lin"]
    assert "zhou 存的" in lin.shown("panel")
    await lin.press(do="studio_restore", version=versions[1].id)
    assert "heat: 49" in lin.draft.text
    assert "heat: 51" in file.read_text("utf-8")

    await zhou.edit({"op": "set", "path": "temper/heat", "value": "48"})
    await zhou.press(do="studio_save")
    await zhou.press(do="studio_theirs")
    assert "heat: 51" in zhou.draft.text
    assert "heat: 48" in lin.studio.bench.history.all("persona", "anxious_elder")[-1].text


async def test_another_file_with_mistakes_is_told_and_does_not_lose_the_save(lin: Trainer, content: Path) -> None:
    (content / "cases/overbilled.yaml").write_text("id: [", "utf-8")
    await lin.press(do="studio_open", **ELDER)
    await lin.edit({"op": "set", "path": "temper/heat", "value": "51"})
    await lin.press(do="studio_save")
    assert "可是别的文件有错，学员暂时还练不到这一份" in lin.shown("head")
    assert "cases/overbilled.yaml:" in lin.shown("head")
    assert "heat: 51" in (content / "personas/anxious_elder.yaml").read_text("utf-8")


async def test_the_try_out_plays_the_draft_and_leaves_no_call_behind(lin: Trainer, played: Played) -> None:
    await lin.press(do="studio_open", **ELDER)
    await lin.edit({"op": "set", "path": "temper/heat", "value": "91"})
    await lin.press(do="studio_tab", tab="try")
    assert "开始试聊" in lin.shown("panel")
    with pytest.raises(CallState, match="先选搭档"):
        await lin.talk("您好")
    await lin.press(do="studio_try", partner="overbilled")
    assert "91" in lin.shown("chat")
    chats = await lin.talk("<b>换谁都着急")
    assert "&lt;b&gt;换谁都着急" in chats[0]
    assert LINE in chats[-1]
    assert 'data-answers="2"' in chats[-1]
    await lin.press(do="studio_hang_up")
    assert played.grader.asked == 1
    assert played.store.recent_calls() == []
    assert lin.draft.partner == "overbilled"

    await lin.edit({"op": "set", "path": "temper/heat", "value": "x"})
    with pytest.raises(CallState, match="还有 1 处错误，先改好才能试聊和验收"):
        await lin.press(do="studio_try", partner="overbilled")


async def test_a_failure_in_the_try_out_is_said_and_can_be_tried_again(lin: Trainer, played: Played) -> None:
    await lin.press(do="studio_open", **ELDER)
    await lin.press(do="studio_try", partner="overbilled")
    played.voice.failures.append(CallState("模型没有回话。"))
    assert "模型没有回话。" in (await lin.talk("您好"))[-1]
    await lin.press(do="studio_retry")
    assert LINE in lin.shown("chat")


async def test_the_acceptance_test_shows_progress_curves_and_what_to_change(lin: Trainer) -> None:
    await lin.press(do="studio_open", kind="case", name="overbilled")
    frames = await lin.press(do="studio_accept", partner="hair_splitter")
    panels = [frame["studio"]["panel"] for frame in frames]
    assert any('data-state="running"' in panel for panel in panels)
    assert 'data-state="done"' in panels[-1]
    assert "通过验收：七种打法分得开" in panels[-1]
    assert panels[-1].count("<svg") == 2
    assert panels[-1].count("<tr") == 8

    await lin.edit(
        {"op": "set", "path": "trap/cues/0", "value": "从来不说的词"}, {"op": "remove", "path": "trap/cues/1"}
    )
    await lin.edit(
        {"op": "remove", "path": "trap/cues/1"}, {"op": "set", "path": "trap/say", "value": "我给您从来不说的词。"}
    )
    await lin.press(do="studio_tab", tab="accept")
    assert "验收以后又改过" in lin.shown("panel")


async def test_the_acceptance_test_can_be_stopped(lin: Trainer) -> None:
    await lin.press(do="studio_open", kind="case", name="overbilled")
    frames = lin.actions.do(lin.visitor, {"do": "studio_accept", "partner": "hair_splitter"})
    await anext(frames)
    with pytest.raises(CallState, match="正在验收"):
        async for _ in lin.studio.accepting.run(lin.draft, None, ""):  # type: ignore[arg-type]
            pass
    await lin.press(do="studio_accept_stop")
    last = ""
    async for frame in frames:
        last = frame["studio"]["panel"]
    assert "验收停下了" in last
    assert lin.studio.accepting.result(lin.draft) is None
    left = lin.actions.do(lin.visitor, {"do": "studio_accept", "partner": "hair_splitter"})
    await anext(left)
    await left.aclose()  # the page was closed
    await asyncio.sleep(0)
    assert lin.studio.accepting._running == {}
