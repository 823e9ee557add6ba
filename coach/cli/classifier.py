"""`coach classifier`: train the embedded classifier, and say how good it is."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

classifier_app = typer.Typer(
    help="内置分类器：训练、打分 · The embedded classifier: train it, score it.", no_args_is_help=True
)
Folder = Annotated[Path, typer.Option("--calls", help="标注好的通话所在的文件夹 / folder with the labelled calls")]
HeldOut = Annotated[Path, typer.Option("--heldout", help="留出来打分的通话 / calls held back for scoring")]


@classifier_app.command()
def train(
    calls: Folder = Path("moves/calls"),
    out: Annotated[Path | None, typer.Option(help="权重写到哪里 / where to write")] = None,
) -> None:
    """用标注好的通话重新训练（需要 dev 依赖） · Train again from the labelled calls (needs the dev extra)."""
    _needs_scipy()
    from coach.understanding.linear import WEIGHTS
    from coach.understanding.train import train as fit_all

    started = time.monotonic()
    weights = fit_all(calls)
    target = out or WEIGHTS
    weights.save(target)
    size = target.stat().st_size / 1e6
    print(f"训练好了：{target.name}，{size:.1f} MB，{time.monotonic() - started:.0f} 秒 / trained and saved")


@classifier_app.command()
def score(
    calls: Folder = Path("moves/calls"),
    heldout: HeldOut = Path("moves/heldout"),
    cross: Annotated[bool, typer.Option(help="也做按通话分组的交叉验证 / also cross-validate by call")] = True,
) -> None:
    """每个动作的准确率、召回率、F1 · Precision, recall and F1 of every move, beside a keyword list as the floor."""
    from coach.understanding.corpus import read_folder
    from coach.understanding.embedded import EmbeddedAppraiser
    from coach.understanding.linear import MOVES
    from coach.understanding.scoring import appraised, by_keywords, table
    from coach.understanding.scoring import score as count

    if heldout.is_dir() and any(heldout.glob("*.txt")):
        held = read_folder(heldout)
        print(
            f"留出部分 / held-back part：{len(held)} 通 calls\n{table(appraised(held, EmbeddedAppraiser()), by_keywords(held))}\n"
        )
    if cross:
        _needs_scipy()
        from coach.understanding.train import cross_validated

        known = read_folder(calls)
        found, gold = cross_validated(known)
        pairs = (
            (
                frozenset(m for m, yes in zip(MOVES, one, strict=True) if yes),
                frozenset(m for m, yes in zip(MOVES, two, strict=True) if yes),
            )
            for one, two in zip(found, gold, strict=True)
        )
        print(
            f"训练部分交叉验证 / cross-validated on the training part：{len(known)} 通 calls\n{table(count(pairs), by_keywords(known))}"
        )


def _needs_scipy() -> None:
    from importlib.util import find_spec

    from coach.errors import SettingsError

    if find_spec("scipy") is None:
        raise SettingsError(
            "训练要用 scipy，请先装开发依赖：pip install -e '.[dev]'", "Training needs scipy: pip install -e '.[dev]'"
        )
