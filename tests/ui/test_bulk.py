"""Grading in bulk on the page, without a browser: files, how they are read, the plan, a run in its own process, its results."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from call_samples import ROOT
from page_fakes import Played
from page_visit import PAIR, Visit
from scripted_server import ScriptedServer, unauthorized

from coach.content.library import Library
from coach.errors import CallState, InputError, NotAllowed
from coach.settings import Settings
from coach.ui.bulk import uploads
from coach.ui.bulk.folders import RunFolder, tidy_name
from coach.ui.viewer import Viewer

GOOD = [
    ("agent", "您好，青桥通信，我姓林。"),
    ("customer", "我家网又断了"),
    ("agent", "断网确实耽误事，我马上帮您查。"),
]
BAD = [
    ("customer", "我都打了三次了"),
    ("agent", "你听我说完行不行。"),
    ("customer", "你什么态度"),
    ("agent", "你闭嘴。"),
]
TICKS = {"rubric0": "empathy", "rubric1": "etiquette"}


@cache
def library() -> Library:
    return Library.load(ROOT)


@pytest.fixture
def visit(settings: Settings) -> Visit:
    return visiting(settings)


def visiting(settings: Settings, name: str = "", role: str = "trainer") -> Visit:
    played = Played()
    played.practice.library = library()
    return Visit(played, settings, Viewer(name, "trainee" if role == "trainee" else "trainer"))


def jsonl(folder: Path, calls: int, name: str = "通话.jsonl") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    with path.open("w", encoding="utf-8") as file:
        for number in range(calls):
            turns = [{"role": role, "text": text} for role, text in (BAD if number % 3 == 0 else GOOD)]
            file.write(json.dumps({"id": f"c{number:05}", "turns": turns}, ensure_ascii=False) + "\n")
    return path


def odd_table(folder: Path) -> Path:
    """A table in GB18030 whose columns nobody can guess."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "导出.csv"
    rows = ["单子,谁,讲了啥,第几"]
    rows += [f"T{call},{'甲' if at % 2 == 0 else '乙'},第{at}句话您好,{at}" for call in range(4) for at in range(4)]
    path.write_text("\n".join(rows), "gb18030")
    return path


async def upload(visit: Visit, *paths: Path) -> RunFolder:
    await visit._follow(visit.actions.bulk.upload(visit.visitor, list(paths)))
    return run_of(visit)


def run_of(visit: Visit) -> RunFolder:
    run = visit.actions.bulk.runs.shelf.find(visit.viewer.name, visit.memory.bulk)
    assert run is not None
    return run


async def until(visit: Visit, phase: Callable[[str], bool]) -> str:
    """Ticks as the page does, until the run is that far."""
    run, runs = run_of(visit), visit.actions.bulk.runs
    deadline = time.monotonic() + 90
    while not phase(runs.state(run).phase):
        assert time.monotonic() < deadline, runs.state(run)
        await asyncio.sleep(0.05)
        await visit._follow(visit.actions.bulk.tick(visit.visitor))
    await visit._follow(visit.actions.bulk.tick(visit.visitor))
    return runs.state(run).phase


def over(phase: str) -> bool:
    return phase in ("done", "stopped", "failed")


async def planned(visit: Visit, *paths: Path, **more: str) -> RunFolder:
    run = await upload(visit, *paths)
    await visit.press(do="bulk_plan", run=run.id, **TICKS, **more)
    return run


async def graded(visit: Visit, *paths: Path) -> RunFolder:
    run = await planned(visit, *paths)
    await visit.press(do="bulk_start", run=run.id, **TICKS)
    assert await until(visit, over) == "done"
    return run


async def test_a_file_is_moved_in_and_shown_as_it_is_read(visit: Visit, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "up", 5)
    run = await upload(visit, path)
    assert not path.exists()
    assert [file.name for file in run.files] == ["通话.jsonl"]
    assert "UTF-8" in visit.page["bulk"]
    assert "前 3 通是这样读的" in visit.page["bulk"]
    assert "我家网又断了" in visit.page["bulk"]
    assert visit.page["bulk_tick"] is False


async def test_columns_and_speakers_are_asked_for_and_then_read(visit: Visit, tmp_path: Path) -> None:
    run = await upload(visit, odd_table(tmp_path / "up"))
    assert "「导出.csv」认不出哪一列是什么，请在下面选。" in visit.page["bulk"]
    assert "GB18030" in visit.page["bulk"]
    assert "--map" not in visit.page["bulk"]
    columns = {"map_id": "单子", "map_role": "谁", "map_text": "讲了啥", "map_order": "第几"}
    await visit.press(do="bulk_look", run=run.id, **columns)
    assert run.order.asked == ("甲", "乙")
    assert "--map" not in visit.page["bulk"]
    await visit.press(do="bulk_plan", run=run.id, **columns, **TICKS)
    assert "还没说 甲、乙 是坐席还是客户。" in visit.page["bulk_top"]
    assert "没有可以评的通话" in visit.page["bulk"]
    speakers = {"speaker0": "agent", "speaker1": "customer"}
    await visit.press(do="bulk_plan", run=run.id, **columns, **speakers, **TICKS)
    assert "要评 4 通" in visit.page["bulk"]
    assert "离线评，不花钱" in visit.page["bulk"]


async def test_a_speaker_far_down_is_asked_for_by_the_plan(visit: Visit, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "up", 8)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"id": "late", "turns": [{"role": "班长", "text": "您好"}]}\n')
    run = await planned(visit, path)
    assert run.order.asked == ("班长",)
    assert "要评 8 通" in visit.page["bulk"]
    assert "读不了 1 条" in visit.page["bulk"]


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("录音.mp3", 10, "「录音.mp3」读不了：只收"),
        ("空.csv", 0, "「空.csv」是空文件，没有收。"),
        ("大.csv", 3 << 20, "「大.csv」有 3 MB，单个文件最多 2 MB。请拆成几个文件。"),
    ],
)
async def test_what_is_not_taken_is_told(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, size: int, said: str
) -> None:
    monkeypatch.setattr(uploads, "FILE_MB", 2)
    path = tmp_path / name
    path.write_bytes(b"x" * size)
    await visit._follow(visit.actions.bulk.upload(visit.visitor, [path]))
    assert said in visit.page["bulk_top"]
    assert visit.actions.bulk.runs.shelf.of("") == []


async def test_a_run_is_graded_shown_and_deleted(visit: Visit, tmp_path: Path, settings: Settings) -> None:
    run = await graded(visit, jsonl(tmp_path / "up", 12))
    assert "T0000" not in visit.page["bulk"]
    for part in (
        "总分分布",
        "最弱的检查点",
        "最该听一听的几通",
        "你闭嘴",
        "results.xlsx",
        "report.html",
        "results.jsonl",
    ):
        assert part in visit.page["bulk"], part
    await visit.press(do="bulk_record", run=run.id, record="c00003")
    assert "通话 c00003" in visit.page["bulk"]
    assert "你闭嘴" in visit.page["bulk"]
    await visit.press(do="bulk")
    assert "12 通" in visit.page["bulk"]
    await visit.press(do="bulk_delete", run=run.id)
    assert "已经删除。" in visit.page["bulk_top"]
    left = [path for path in (settings.data / "bulk").rglob("*") if path.is_file()]
    assert left == []


async def test_the_table_is_sorted_filtered_and_never_trusts_what_is_sent(visit: Visit, tmp_path: Path) -> None:
    run = await graded(visit, jsonl(tmp_path / "up", 60))
    shown = visit.page["bulk"]
    assert "第 1 / 2 页" in shown
    assert shown.index("c00000</button></td>") < shown.index("c00003</button></td>")
    await visit.press(do="bulk_table", run=run.id, sort="-id", page="1")
    assert visit.page["bulk"].index(">c00059</button></td>") < visit.page["bulk"].index(">c00058</button></td>")
    await visit.press(do="bulk_table", run=run.id, find="C0004", only="all")
    assert "10 通符合" in visit.page["bulk"]
    await visit.press(do="bulk_table", run=run.id, only="violation")
    assert "20 通符合" in visit.page["bulk"]
    await visit.press(do="bulk_table", run=run.id, sort="__class__", only="../..", page="-7", find="<b>")
    assert "0 通符合" in visit.page["bulk"]
    assert '<b>"' not in visit.page["bulk"]


async def test_a_run_outlives_a_reload_is_stopped_and_gone_on_with(visit: Visit, tmp_path: Path) -> None:
    run = await planned(visit, jsonl(tmp_path / "up", 4000))
    await visit.press(do="bulk_start", run=run.id, **TICKS)
    assert visit.page["bulk_tick"] is True
    with pytest.raises(CallState, match="先停下来再删除"):
        await visit.press(do="bulk_delete", run=run.id)
    await until(visit, lambda _: run.state.graded > 0)
    await visit.arrive()  # the page is reloaded
    assert "/ 4,000 通" in visit.page["bulk_top"]
    await visit.press(do="bulk_cancel", run=run.id)
    assert "正在收尾" in visit.page["bulk_top"]
    assert await until(visit, over) == "stopped"
    first = run.state.graded
    assert 0 < first < 4000
    assert "点「接着评」从这里继续" in visit.page["bulk_top"]
    await visit.press(do="bulk_start", run=run.id)
    await until(visit, lambda _: run.state.graded > 0)
    await visit.press(do="bulk_cancel", run=run.id)
    await until(visit, over)
    assert run.state.skipped >= first  # nothing was graded twice
    ids = [json.loads(line)["id"] for line in (run.out / "results.jsonl").open(encoding="utf-8")]
    assert len(ids) == len(set(ids)) == run.state.whole


async def test_a_run_whose_process_is_gone_offers_to_go_on(visit: Visit, tmp_path: Path, settings: Settings) -> None:
    run = await planned(visit, jsonl(tmp_path / "up", 4000))
    await visit.press(do="bulk_start", run=run.id, **TICKS)
    await until(visit, lambda _: run.state.graded > 0)
    process = visit.actions.bulk.runs._going[run.path]
    process.kill()
    process.wait()
    again = visiting(settings)  # the server was started anew
    again.memory = visit.memory
    await until(again, over)
    await again.arrive()
    assert "没有评完就断了" in again.page["bulk_top"]
    assert "接着评" in again.page["bulk_top"]


async def test_one_run_at_a_time_for_a_trainer(visit: Visit, tmp_path: Path) -> None:
    first = await planned(visit, jsonl(tmp_path / "up", 4000))
    await visit.press(do="bulk_start", run=first.id, **TICKS)
    await visit.press(do="bulk")
    second = await planned(visit, jsonl(tmp_path / "up", 3))
    with pytest.raises(CallState, match="您还有一批正在评"):
        await visit.press(do="bulk_start", run=second.id, **TICKS)
    await visit.press(do="bulk_cancel", run=first.id)
    await until(visit, over)


async def test_what_was_changed_after_the_plan_is_planned_before_it_starts(visit: Visit, tmp_path: Path) -> None:
    run = await planned(visit, jsonl(tmp_path / "up", 6))
    await visit.press(do="bulk_start", run=run.id, **TICKS, limit="2")
    assert run.state.phase == "draft"
    assert "要评 2 通" in visit.page["bulk"]
    with pytest.raises(InputError, match="要填 1 到 10000000 的整数，现在是「很多」"):
        await visit.press(do="bulk_start", run=run.id, **TICKS, limit="很多")
    with pytest.raises(InputError, match="请至少勾一张评分表"):
        await visit.press(do="bulk_plan", run=run.id)
    await visit.press(do="bulk_start", run=run.id, **TICKS, limit="2")
    assert await until(visit, over) == "done"
    assert run.state.graded == 2
    assert "只评了设定的 2 通" in visit.page["bulk_top"]
    with pytest.raises(InputError, match="已经开始评，不能再改"):
        await visit.press(do="bulk_look", run=run.id)


async def test_a_wrong_key_stops_the_run_and_says_why(
    tmp_path: Path, model_server: ScriptedServer, online: Callable[..., Settings]
) -> None:
    visit = visiting(online())
    model_server.answer_with(lambda _: unauthorized())
    run = await planned(visit, jsonl(tmp_path / "up", 40), how="model")
    assert "scripted-model" in visit.page["bulk"]
    assert "没有 scripted-model 的价格" in visit.page["bulk"]
    await visit.press(do="bulk_start", run=run.id, **TICKS, how="model")
    assert await until(visit, over) == "failed"
    assert "接连 3 次都失败" in visit.page["bulk_top"]


async def test_a_trainee_is_refused_everywhere(tmp_path: Path, settings: Settings) -> None:
    trainer = visiting(settings, "王老师")
    run = await upload(trainer, jsonl(tmp_path / "up", 3))
    trainee = visiting(settings, "小李", "trainee")
    for name in trainee.actions.bulk._doings:
        with pytest.raises(NotAllowed):
            await trainee.press(do=name, run=run.id)
    with pytest.raises(NotAllowed):
        await trainee._follow(trainee.actions.bulk.upload(trainee.visitor, []))
    trainee.memory = trainer.memory
    with pytest.raises(NotAllowed):
        await trainee._follow(trainee.actions.bulk.tick(trainee.visitor))
    await trainee.arrive()  # in a browser that a trainer used before: their own page
    assert trainee.page["view"] == "choose"
    assert 'data-do="bulk"' not in trainee.page["top"]


async def test_another_trainers_run_is_as_good_as_none(tmp_path: Path, settings: Settings) -> None:
    first, second = visiting(settings, "王老师"), visiting(settings, "赵老师")
    run = await upload(first, jsonl(tmp_path / "up", 3))
    for name in ("bulk_open", "bulk_record", "bulk_delete", "bulk_start", "bulk_look", "bulk_cancel"):
        with pytest.raises(InputError, match="找不到这一批"):
            await second.press(do=name, run=run.id)
    for odd in ("", "..", "../open", f"../{run.path.parent.name}/{run.id}", run.id.upper()):
        with pytest.raises(InputError, match="找不到这一批"):
            await first.press(do="bulk_open", run=odd)
    await second.press(do="bulk")
    assert "通话.jsonl" not in second.page["bulk"]


async def test_files_are_escaped_and_named_safely(visit: Visit, tmp_path: Path) -> None:
    folder = tmp_path / "up"
    folder.mkdir()
    path = folder / "a<img src=x>.txt"
    path.write_text("客服：<script>alert(1)</script>您好\n客户：喂", "utf-8")
    await upload(visit, path)
    assert "<script>" not in visit.page["bulk"] + visit.page["bulk_top"]
    assert "<img" not in visit.page["bulk"] + visit.page["bulk_top"]
    assert tidy_name("../../etc/passwd.csv") == "_.._etc_passwd.csv"
    assert tidy_name(f"{'长' * 300}.xlsx") == f"{'长' * 100}.xlsx"


async def test_a_trainee_is_answered_while_a_batch_is_graded(visit: Visit, tmp_path: Path, settings: Settings) -> None:
    """Grading is work for the processor: in the page's own process it would stand in the way of every call."""
    run = await planned(visit, jsonl(tmp_path / "up", 4000))
    await visit.press(do="bulk_start", run=run.id, **TICKS)
    await until(visit, lambda _: run.state.graded > 0)
    trainee = visiting(settings, "小李", "trainee")
    trainee.played = Played()
    trainee = Visit(trainee.played, settings, trainee.viewer)
    await trainee.press(**PAIR)
    late = 0.0

    async def pulse() -> None:
        nonlocal late
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            late = max(late, time.monotonic() - before - 0.01)

    beat = asyncio.create_task(pulse())
    await trainee.say("您好，我马上帮您查。")
    beat.cancel()
    assert len(trainee.call.turns) == 3
    assert visit.actions.bulk.runs.under_way(run)  # it was still grading
    assert late < 1.0  # grading 4,000 calls in this process would take longer than that at once
    await visit.press(do="bulk_cancel", run=run.id)
    await until(visit, over)
