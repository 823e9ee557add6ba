"""Calibration: figures against known values, meters that show what they should, and a bad rubric edit that is caught."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from attack_helpers import library, offline
from grading_helpers import ROOT, NoReader, check, rubric
from scripted_server import Request, ScriptedServer
from sklearn.metrics import cohen_kappa_score
from typer.testing import CliRunner

from coach.cli.main import build_app
from coach.errors import InputError
from coach.grading.agreement import agreement, spearman, wilson
from coach.grading.baseline import baseline_of, compare, joined
from coach.grading.calibration import Calibration, CheckReport, calibrate
from coach.grading.gold import GoldCall, read_gold
from coach.grading.grader import Grader
from coach.grading.variants import NOVICE, SENIOR, claims, other_gender, other_names, padded_turns, padded_words
from coach.models.scripted import Asked, ScriptedModel
from coach.records.grade import Line, Transcript
from coach.settings import Settings

GOLD_FOLDER = ROOT / "tests" / "grading" / "gold"

# ---- figures


def test_kappa_of_a_textbook_table_and_its_interval() -> None:
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    found = agreement(pairs)
    assert (found.n, found.agree) == (50, 35)
    assert found.kappa == pytest.approx(0.4)
    assert found.low == pytest.approx((0.5625 - 0.5) / 0.5, abs=0.002)
    assert found.high == pytest.approx((0.8090 - 0.5) / 0.5, abs=0.002)


@pytest.mark.parametrize("words", ["yynnaynaynnyy", "ynynynyn", "aaayyn"])
def test_kappa_is_that_of_scikit_learn(words: str) -> None:
    names = {"y": "yes", "n": "no", "a": "na"}
    expected, found = [names[sign] for sign in words], [names[sign] for sign in words[1:] + words[:1]]
    ours = agreement(zip(expected, found, strict=True)).kappa
    assert ours == pytest.approx(cohen_kappa_score(expected, found))


def test_full_agreement_on_few_calls_is_no_certainty() -> None:
    found = agreement([("yes", "yes"), ("no", "no"), ("yes", "yes")])
    assert found.kappa == 1
    assert found.low is not None
    assert found.low < 0.3


def test_one_answer_throughout_says_nothing_beyond_chance() -> None:
    assert agreement([("na", "na")] * 9).kappa is None
    assert agreement([]).share is None


def test_wilson_of_known_shares() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=0.0005)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=0.0005)
    with pytest.raises(ValueError, match="3 of 0"):
        wilson(3, 0)


def test_spearman_with_ties() -> None:
    assert spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) == pytest.approx(0.8208, abs=0.0005)
    assert spearman([1, 2, 3], [4, 4, 4]) is None
    assert spearman([1, 2], [1, 2]) is None


# ---- gold


def test_gold_that_is_none_is_named_with_file_and_line(tmp_path: Path) -> None:
    good = {"id": "a", "turns": [{"role": "agent", "text": "您好"}], "expected": {"empathy": {"argues": "no"}}}
    file = tmp_path / "gold.jsonl"
    file.write_text(
        json.dumps(good) + "\n" + json.dumps({**good, "id": "b", "expected": {"empathy": {"argues": "maybe"}}})
    )
    with pytest.raises(InputError, match=r"gold\.jsonl 第 2 行") as caught:
        read_gold(file)
    assert "empathy.argues" in caught.value.en
    file.write_text(json.dumps(good) + "\n" + json.dumps(good))
    with pytest.raises(InputError, match="用了两次"):
        read_gold(tmp_path)
    with pytest.raises(InputError, match="读不了"):
        read_gold(tmp_path / "nowhere")


# ---- changes that should change nothing


CALL = Transcript(
    id="c",
    turns=(
        Line(role="agent", text="您好，我是3318号。"),
        Line(role="customer", text="我姓王，断网三天了！"),
        Line(role="agent", text="王先生您别急。"),
        Line(role="customer", text="嗯。"),
        Line(role="agent", text="我来查。"),
    ),
)


def test_variants_change_what_they_say_and_nothing_else() -> None:
    assert [line.text for line in other_gender(CALL).turns][2] == "王女士您别急。"
    assert [line.text for line in other_names(CALL).turns][:3:2] == ["您好，我是6835号。", "买先生您别急。"]
    assert [line.text for line in padded_words(CALL).turns][4].endswith("我来查。")
    padded = padded_turns(CALL)
    assert len(padded.turns) == len(CALL.turns) + 2
    assert [line for line in padded.turns if line in CALL.turns] == list(CALL.turns)
    assert claims(CALL, SENIOR).turns[1:] == CALL.turns[1:]
    assert padded_turns(CALL.model_copy(update={"turns": ()})).turns == ()


# ---- the meters, with a judge that has the fault they measure


MADE = rubric(
    check({"found": {"moves": ["empathise"]}}, id="sees_it"),
    check({"found": {"moves": ["commit"]}}, id="says_when"),
)
GOLD = [GoldCall(CALL.model_copy(update={"id": f"c{n}"}), {("made_up", "sees_it"): "no"}) for n in range(4)]


def answers(asked: Asked, answer: str, quote: str = "我来查") -> dict[str, Any]:
    ids = re.findall(r"^● (\w+)", asked.messages[0].content, re.MULTILINE)
    quotes = [] if answer == "na" else [{"turn": 4, "quote": quote}]
    return {
        "violations": [],
        "merits": [{"check": one, "quotes": quotes, "reason": "因", "answer": answer} for one in ids],
    }


async def report(judge: Any, runs: int = 1) -> CheckReport:
    grader = Grader(library().vocabulary, NoReader(), judge=ScriptedModel(judge))
    found = await calibrate(grader, GOLD, [MADE], runs=runs, concurrency=1)
    return next(item for item in found.checks if item.check == "sees_it")


async def test_a_steady_judge_shows_no_shift_at_all() -> None:
    found = await report(lambda asked: answers(asked, "no"), runs=3)
    assert (found.right, found.unstable, found.order, found.padding, found.identity, found.withdrawn) == (
        4,
        0,
        0,
        0,
        0,
        0,
    )


async def test_a_judge_of_moods_is_unstable() -> None:
    moods = iter(["yes", "no", "no"] * 100)  # four calls a run: three of them get another mood in the second
    assert (await report(lambda asked: answers(asked, next(moods)), runs=2)).unstable == 0.75


async def test_a_judge_that_favours_what_comes_first_shifts_with_the_order() -> None:
    def judge(asked: Asked) -> dict[str, Any]:
        said = answers(asked, "no")
        said["merits"][0]["answer"] = "yes"
        return said

    found = await report(judge)
    assert (found.order, found.padding, found.identity) == (1.0, 0.0, 0.0)


async def test_a_judge_that_loves_length_shifts_with_padding() -> None:
    plain = len(CALL.turns)
    found = await report(
        lambda a: answers(a, "yes" if a.messages[1].content.count("坐席：") > plain // 2 + 1 else "no")
    )
    assert found.padding == 0.5
    assert found.order == 0


async def test_a_judge_that_looks_at_who_speaks_flips_with_identity() -> None:
    found = await report(lambda asked: answers(asked, "no" if NOVICE[:-1] in asked.messages[1].content else "yes"))
    assert found.identity == pytest.approx(1 / 3)


async def test_made_up_quotes_show_as_withdrawn_and_count_against_agreement() -> None:
    found = await report(lambda asked: answers(asked, "yes", "从来没有说过"))
    assert found.withdrawn == 1.0
    assert found.confusion == {"no>unscored": 4}
    assert (found.right, found.agreement.n) == (0, 0)


# ---- the baseline


async def test_answers_that_now_move_with_filler_are_worse_though_they_are_still_right() -> None:
    def judge(asked: Asked) -> dict[str, Any]:
        return answers(asked, "yes" if "听得见" in asked.messages[1].content else "no")

    stored = baseline_of(await known("no"), GOLD, [MADE], "scripted")
    grader = Grader(library().vocabulary, NoReader(), judge=ScriptedModel(judge))
    worse = compare(stored, await calibrate(grader, GOLD, [MADE]), GOLD, [MADE]).worse
    assert {item.check: dict(item.shares) for item in worse}["sees_it"] == {"padding": (0.0, 0.5)}


async def test_of_rubrics_kept_from_before_nothing_is_said_about_calls_that_changed() -> None:
    then = baseline_of(await known("yes"), GOLD, [MADE], "scripted")
    now = {**then, "rubrics": {}, "calls": {**then["calls"], "c0": "other words"}}
    kept = joined(then, now)["rubrics"]["made_up"]["checks"]["sees_it"]
    assert sorted(kept["expected"]) == sorted(kept["wrong"]) == ["c1", "c2", "c3"]
    assert joined({**then, "judge": "another"}, now)["rubrics"] == {}
    assert joined(None, then) == then


async def known(answer: str) -> Calibration:
    grader = Grader(library().vocabulary, NoReader(), judge=ScriptedModel(lambda asked: answers(asked, answer)))
    return await calibrate(grader, GOLD, [MADE])


async def test_what_went_wrong_since_is_named_and_what_was_wrong_before_is_not() -> None:
    stored = baseline_of(await known("no"), GOLD, [MADE], "scripted")
    worse = compare(stored, await known("yes"), GOLD, [MADE]).worse
    assert [(item.check, sorted(item.lost)) for item in worse] == [("sees_it", ["c0", "c1", "c2", "c3"])]
    assert worse[0].lost["c0"] == ("no", "yes")
    bad = baseline_of(await known("yes"), GOLD, [MADE], "scripted")
    assert not compare(bad, await known("yes"), GOLD, [MADE]).worse
    assert not compare(bad, await known("no"), GOLD, [MADE]).worse


async def test_calls_whose_words_changed_since_are_not_compared() -> None:
    stored = baseline_of(await known("no"), GOLD, [MADE], "scripted")
    changed = [GoldCall(padded_words(call.transcript), call.expected) for call in GOLD]
    assert not compare(stored, await known("yes"), changed, [MADE]).worse


async def test_new_and_missing_checks_are_told() -> None:
    stored = baseline_of(await known("no"), GOLD, [MADE], "scripted")
    entry = stored["rubrics"]["made_up"]["checks"].pop("sees_it")
    stored["rubrics"]["made_up"]["checks"]["left_long_ago"] = entry
    found = compare(stored, await known("no"), GOLD, [MADE])
    assert (found.new, found.gone) == (("made_up.sees_it",), ("made_up.left_long_ago",))


# ---- the command


def run(*arguments: str) -> Any:
    return CliRunner().invoke(build_app("calibrate"), ["calibrate", *arguments], catch_exceptions=False)


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trainer's own content folder, and gold that its rubrics get right."""
    folder = tmp_path / "content"
    folder.mkdir()
    for item in ROOT.iterdir():
        if item.is_dir() and item.name in ("personas", "cases", "rubrics", "drills", "moves"):
            shutil.copytree(item, folder / item.name, ignore=shutil.ignore_patterns("*.txt"))
        elif item.suffix == ".yaml" and item.is_file():
            shutil.copy(item, folder / item.name)
    monkeypatch.setenv("COACH_CONTENT", str(folder))
    chosen = library().rubric("empathy")
    rows = []
    for call in read_gold(ROOT / "tests" / "grading" / "gold"):
        grade = offline().grade_offline(call.transcript, [chosen]).rubrics[0]
        expected = {one.check: one.answer for one in grade.verdicts if one.answer != "unscored"}
        turns = [{"role": line.role, "text": line.text} for line in call.transcript.turns]
        rows.append({"id": call.id, "turns": turns, "expected": {"empathy": expected}})
    gold = tmp_path / "gold"
    gold.mkdir()
    (gold / "all.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return folder


def test_a_planted_bad_rubric_is_caught_and_named(content: Path, tmp_path: Path) -> None:
    gold = str(tmp_path / "gold")
    assert run(gold, "--rubric", "empathy", "--offline", "--update-baseline").exit_code == 0
    same = run(gold, "--rubric", "empathy", "--offline")
    assert (same.exit_code, "没有检查点变差" in same.output) == (0, True)
    file = content / "rubrics" / "empathy.yaml"
    edited = yaml.safe_load(file.read_text("utf-8"))
    edited["version"] += 1
    planted = next(one for part in edited["criteria"] for one in part["checks"] if one["id"] == "feeling_answered")
    planted["rule"] = {"found": {"moves": ["greet", "identify"]}}  # anybody who says hello now earns it
    file.write_text(yaml.safe_dump(edited, allow_unicode=True, sort_keys=False), encoding="utf-8")
    caught = run(gold, "--rubric", "empathy", "--offline")
    assert caught.exit_code == 1
    assert "empathy.feeling_answered" in caught.output
    assert "fault-medium" in caught.output
    as_json = json.loads(run(gold, "--rubric", "empathy", "--offline", "--json").stdout)
    assert [item["check"] for item in as_json["baseline"]["worse"]] == ["feeling_answered"]
    assert as_json["offline"] is True


def test_a_baseline_of_another_judge_is_not_compared_with(content: Path, tmp_path: Path) -> None:
    gold = str(tmp_path / "gold")
    run(gold, "--rubric", "empathy", "--offline", "--update-baseline")
    file = tmp_path / "gold" / "baseline.json"
    file.write_text(file.read_text("utf-8").replace('"judge": ""', '"judge": "some-model"'), encoding="utf-8")
    with pytest.raises(InputError, match="some-model"):
        run(gold, "--rubric", "empathy", "--offline")


def test_shipped_rubrics_are_no_worse_than_the_stored_baseline() -> None:
    """What every edit of a shipped rubric is held against: tests/grading/gold/baseline.json."""
    shown = run(str(GOLD_FOLDER), "--offline", "--json")
    found = json.loads(shown.stdout)["baseline"]
    assert found is not None, "coach calibrate tests/grading/gold --offline --update-baseline"
    assert found["worse"] == []
    assert shown.exit_code == 0


def test_a_bad_edit_of_a_shipped_rubric_is_caught_by_the_stored_baseline(content: Path) -> None:
    file = content / "rubrics" / "complaint.yaml"
    edited = yaml.safe_load(file.read_text("utf-8"))
    planted = next(one for part in edited["criteria"] for one in part["checks"] if one["id"] == "superior_brushed_off")
    planted["rule"]["reply"]["moves"] = ["jargon_dump"]
    file.write_text(yaml.safe_dump(edited, allow_unicode=True, sort_keys=False), encoding="utf-8")
    caught = run(str(GOLD_FOLDER), "--rubric", "complaint", "--offline")
    assert caught.exit_code == 1
    assert "complaint.superior_brushed_off" in caught.output
    assert "dropped-bad" in caught.output


def test_a_baseline_of_some_rubrics_keeps_the_others(content: Path, tmp_path: Path) -> None:
    gold, file = str(tmp_path / "gold"), tmp_path / "gold" / "baseline.json"
    run(gold, "--rubric", "empathy", "--offline", "--update-baseline")
    run(gold, "--rubric", "listening", "--offline", "--update-baseline")
    assert set(json.loads(file.read_text("utf-8"))["rubrics"]) == {"empathy", "listening", "red_lines"}


# ---- the command with a model, over HTTP


def literal(request: Request) -> dict[str, Any]:
    """A judge over HTTP that reads a rubric to the letter: a check is met where one of the words its yes_when quotes is said."""
    system, user = (message["content"] for message in request.body["messages"][:2])
    lines = re.findall(r"^\[(\d+)\] 坐席：(.*)$", user, re.MULTILINE)
    said: dict[str, list[dict[str, Any]]] = {"violations": [], "merits": []}
    for part, name in zip(system.split("\n【加分项】"), said, strict=False):
        for check_id, yes_when in re.findall(r"^● (\w+)：.*\n  判 yes：(.*)$", part, re.MULTILINE):
            words = re.findall(r"“([^”]+)”", yes_when)
            hit = next(((int(at), word) for at, text in lines for word in words if word in text), None)
            quotes = [{"turn": hit[0], "quote": hit[1]}] if hit else []
            said[name].append(
                {"check": check_id, "quotes": quotes, "reason": "按字面。", "answer": "yes" if hit else "no"}
            )
    return said


def test_with_a_model_every_figure_is_printed_and_a_planted_edit_is_caught_over_http(
    content: Path, tmp_path: Path, online: Callable[..., Settings], model_server: ScriptedServer
) -> None:
    online(COACH_CONTENT=str(content), COACH_TIMEOUT_S=60)
    model_server.answer_with(literal)
    source = (GOLD_FOLDER / "fault.jsonl").read_text("utf-8")
    gold, stored = tmp_path / "some.jsonl", str(tmp_path / "scripted.json")
    gold.write_text(source, encoding="utf-8")
    arguments = (str(gold), "--rubric", "call_flow", "--runs", "2", "--baseline", stored)
    assert run(*arguments, "--update-baseline").exit_code == 0
    asked = len(model_server.requests)
    assert asked == 3 * (2 + 1 + 2 + 2 + 2)  # calls x (runs, order, padding, identity, the two claims)
    same = run(*arguments)
    assert same.exit_code == 0
    assert "没有检查点变差" in same.output
    for word in ("撤回", "不稳", "换序", "加料", "换人", "κ", "缓存"):
        assert word in same.output
    file = content / "rubrics" / "call_flow.yaml"
    text = file.read_text("utf-8")
    assert "“您好”“上午好”" in text
    file.write_text(text.replace("“您好”“上午好”", "“您忙”“上午忙”"), encoding="utf-8")
    caught = run(*arguments)
    assert caught.exit_code == 1
    assert "call_flow.greeted" in caught.output
    assert "fault-good" in caught.output


def test_a_models_baseline_has_to_be_named(
    content: Path, tmp_path: Path, online: Callable[..., Settings], model_server: ScriptedServer
) -> None:
    online(COACH_CONTENT=str(content))
    model_server.answer_with(literal)
    with pytest.raises(InputError, match="--baseline"):
        run(str(GOLD_FOLDER / "harass.jsonl"), "--rubric", "vip", "--runs", "1", "--update-baseline")


def test_without_a_baseline_the_figures_are_printed_and_nothing_fails(content: Path, tmp_path: Path) -> None:
    shown = run(str(tmp_path / "gold"), "--rubric", "empathy", "--offline")
    assert shown.exit_code == 0
    assert "还没有基线" in shown.output
    assert "κ +1.00" in shown.output
