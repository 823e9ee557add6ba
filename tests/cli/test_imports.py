"""What a command needn't have it doesn't import: a person waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOOK = """
import sys
from coach.cli.main import main
sys.argv = ["coach", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
print("IMPORTED", *sorted({name.split(".")[0] for name in sys.modules}))
"""
CALL = '{"id": "a", "turns": [{"role": "customer", "text": "宽带断了。"}, {"role": "agent", "text": "您好，我先看一下。"}]}\n'


def imported(*command: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", LOOK, *command], capture_output=True, text=True, check=True, cwd=ROOT)
    told = done.stdout.rsplit("IMPORTED", 1)
    assert len(told) == 2, done.stderr
    return set(told[1].split())


HEAVY = {"numpy", "sqlalchemy", "openai", "langchain_core", "gradio", "aiohttp"}


def test_help_imports_nothing_heavy() -> None:
    found = imported("--help")
    assert "typer" in found
    assert not found & HEAVY


def test_grading_offline_imports_no_model_and_no_page(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(CALL, "utf-8")
    found = imported(
        "evaluate", str(tmp_path / "in.jsonl"), "--rubric", "empathy", "--offline", "--out", str(tmp_path / "out")
    )
    assert (tmp_path / "out" / "results.jsonl").read_text("utf-8").count("\n") == 1
    assert "numpy" in found
    assert not found & (HEAVY - {"numpy", "sqlalchemy"} | {"alembic", "dask"})
