import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from coach.cli.appraise import appraise
from coach.cli.classifier import classifier_app
from coach.errors import InputError

app = typer.Typer()
app.command()(appraise)
CALL = {
    "id": "call-1",
    "turns": [
        {"role": "customer", "text": "喂？"},
        {"role": "agent", "text": "您好，青桥通信8021号为您服务。"},
        {"role": "agent", "text": "请稍等。"},
    ],
}


def run(text: str, tmp_path: Path) -> tuple[int, list[dict[str, object]], str]:
    path = tmp_path / "calls.jsonl"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, [str(path)])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_one_line_an_agent_turn_with_turns_counted_over_all(tmp_path: Path) -> None:
    code, lines, _ = run(json.dumps(CALL, ensure_ascii=False) + "\n\n", tmp_path)
    assert code == 0
    assert [(line["id"], line["turn"]) for line in lines] == [("call-1", 1), ("call-1", 2)]
    assert lines[0]["moves"] == [
        {"move": "greet", "quote": "您好"},
        {"move": "identify", "quote": "青桥通信8021号为您服务"},
    ]
    assert lines[1]["moves"] == []


def test_bad_lines_are_told_with_number_and_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    bad = [
        "{",
        "[1]",
        '{"id": 1, "turns": [{"role": "boss", "text": "x"}]}',
        '{"turns": []}',
        '{"id": 2, "turns": [{"role": "agent"}]}',
    ]
    code, lines, told = run("\n".join([*bad, json.dumps(CALL)]), tmp_path)
    assert code == 1
    assert len(lines) == 2
    assert [line.split(":")[0] for line in told.splitlines()[:5]] == ["1", "2", "3", "4", "5"]
    assert "第 0 句要有 role" in told.splitlines()[2]


def test_standard_input_is_read_too() -> None:
    result = CliRunner().invoke(app, ["-"], input=json.dumps(CALL))
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2


def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(tmp_path / "none.jsonl")])
    assert isinstance(result.exception, InputError)
    assert "打不开文件" in str(result.exception)


def test_the_score_command_prints_the_held_back_figure_beside_the_floor() -> None:
    root = Path(__file__).resolve().parents[2]
    result = CliRunner().invoke(classifier_app, ["score", "--no-cross", "--heldout", str(root / "moves" / "heldout")])
    assert result.exit_code == 0
    assert "macro F1" in result.stdout
    assert "keywords F1" in result.stdout
