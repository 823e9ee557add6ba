"""`coach import`, `coach export`, and `coach check` of one draft, as processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import card_files as made
import pytest
from builders import ROOT
from small_content import whole_content


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the content that a test may write into."""
    return whole_content(tmp_path / "content")


def coach(content: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "coach.cli.main", *arguments],
        capture_output=True,
        text=True,
        cwd=content.parent,
        env={**os.environ, "COACH_CONTENT": str(content), "PYTHONPATH": str(ROOT)},
        check=False,
    )


def test_a_card_becomes_a_draft_that_is_not_content(content: Path) -> None:
    card = content.parent / "taxi.png"
    card.write_bytes(made.png(("chara", made.packed(made.sillytavern_v2()))))
    done = coach(content, "import", str(card), "--as", "taxi_driver")
    assert done.returncode == 0, done.stderr
    assert "还没有发布" in done.stdout
    assert "name → 名字" in done.stdout
    draft = content / "drafts" / "taxi_driver.yaml"
    assert draft.is_file()
    assert "taxi_driver" not in coach(content, "try", "taxi_driver", "overbilled").stdout
    checked = coach(content, "check", str(draft))
    assert checked.returncode == 0, checked.stdout
    again = coach(content, "import", str(card), "--as", "taxi_driver")
    assert again.returncode == 2
    assert "已经在了，没有覆盖" in again.stderr
    draft.rename(content / "personas" / "taxi_driver.yaml")
    assert coach(content, "check", str(content)).returncode == 0
    played = coach(content, "try", "taxi_driver", "overbilled", "--json")
    assert json.loads(played.stdout)["outcome"]


def test_a_persona_goes_out_and_in(content: Path) -> None:
    picture = content.parent / "face.png"
    picture.write_bytes(made.png())
    done = coach(content, "export", "furious_complainer", "--v2", "--png", str(picture), "--out", "out.png")
    assert done.returncode == 0, done.stderr
    back = coach(content, "import", "out.png", "--as", "twin", "--json")
    told = json.loads(back.stdout)
    assert told["took"] == [{"zh": "自己的卡，完整读回", "en": "a card of ours, read back whole"}]
    assert told["left"] == told["todo"] == []
    both = coach(content, "export", "furious_complainer", "--v2", "--v3")
    assert "只能写一个" in both.stderr


def test_mistakes_on_the_way_are_sentences(content: Path) -> None:
    for arguments, sentence in (
        (("import", "nothing.png"), "打不开 nothing.png"),
        (("export", "nobody"), "没有叫「nobody」的客户画像"),
        (("check", "/etc/hostname"), "看不出是客户画像、案例还是评分表"),
    ):
        done = coach(content, *arguments)
        assert done.returncode == 2
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
    (content.parent / "half.yaml").write_text("id: half\nspeech: {}\nopenings: []\n", "utf-8")
    done = coach(content, "check", "half.yaml")
    assert done.returncode == 1
    assert "half.yaml:1 字段 name：找到：没有 name，必须写" in done.stdout
