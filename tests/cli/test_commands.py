"""The commands as processes: what they print, how they exit, that they start fast and reach nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from builders import ROOT


def coach(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "coach.cli.main", *arguments],
        capture_output=True,
        text=True,
        input=stdin,
        cwd=ROOT,
        check=False,
    )


def test_help_names_every_command() -> None:
    done = coach("--help")
    assert done.returncode == 0
    for command in ("run", "try", "accept", "check", "appraise", "evaluate", "grade", "report", "classifier"):
        assert command in done.stdout


@pytest.mark.parametrize("command", ["--help", "check", "appraise"])
def test_light_commands_import_nothing_heavy(command: str, tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv=['coach', *sys.argv[1:]]\n"
        "from coach.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('gradio', 'langchain_openai', 'openai', 'matplotlib', 'sklearn') if name in sys.modules], file=sys.stderr)"
    )
    arguments = [command] if command != "appraise" else ["appraise", "-"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, input="", cwd=ROOT, check=False
    )
    assert done.stderr.strip().endswith("[]")


def test_the_list_of_commands_reads_no_content_models() -> None:
    """They cost half a second: a command that needs them imports them when it runs."""
    code = (
        "import sys, typer.main\n"
        "from coach.cli.main import build_app\n"
        "typer.main.get_command(build_app())\n"
        "print([name for name in ('pydantic', 'numpy', 'sqlalchemy', 'coach.content.case') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("trainee", "outcomes"),
    [
        ("skilled", {"satisfied"}),
        ("rude", {"complaint", "hung_up", "supervisor"}),
        ("evasive", {"complaint", "hung_up", "supervisor"}),
        ("overpromise", {"satisfied"}),
    ],
)
def test_try_plays_a_scripted_trainee_and_prints_turns_states_and_outcome(trainee: str, outcomes: set[str]) -> None:
    done = coach("try", "furious_complainer", "broadband_no_show", "--as", trainee, "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["outcome"] in outcomes
    assert shown["passed"] is (trainee == "skilled")
    customer = [turn for turn in shown["turns"] if turn["speaker"] == "customer"]
    assert all(0 <= turn["state"]["heat"] <= 100 for turn in customer)
    assert any(change["trigger"] for turn in customer for change in turn["changes"])


def test_try_prints_for_people_too() -> None:
    done = coach("try", "abusive_caller", "balance_pretext")
    assert "结局 ended_by_rule" in done.stdout
    assert "情绪" in done.stdout


def test_an_unknown_persona_is_named_with_the_nearest_ones() -> None:
    done = coach("try", "furious_complaner", "broadband_no_show")
    assert done.returncode == 2
    assert "furious_complainer" in done.stderr
    assert "Traceback" not in done.stderr


def test_accept_of_one_exercise_prints_curves_as_json() -> None:
    done = coach("accept", "furious_complainer", "broadband_no_show", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    (result,) = json.loads(done.stdout)
    assert result["accepted"]
    assert {curve["trainee"] for curve in result["curves"]} >= {
        "skilled",
        "cold",
        "evasive",
        "rude",
        "overpromise",
        "silent",
    }


def test_appraise_writes_one_line_a_trainee_turn_and_reports_bad_records() -> None:
    call = {
        "id": "c1",
        "turns": [{"role": "customer", "text": "我的网断了！"}, {"role": "agent", "text": "您好，很抱歉让您着急了。"}],
    }
    done = coach("appraise", "-", stdin=json.dumps(call, ensure_ascii=False) + "\nnot json\n")
    (line,) = [json.loads(text) for text in done.stdout.splitlines()]
    assert (line["id"], line["turn"]) == ("c1", 1)
    assert {"greet", "apologise"} <= {move["move"] for move in line["moves"]}
    assert all(move["quote"] in call["turns"][1]["text"] for move in line["moves"])
    assert done.returncode == 1
    assert "2" in done.stderr
