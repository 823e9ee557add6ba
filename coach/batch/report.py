"""report.html of a batch: one file that needs nothing else, for people who were not there."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from coach.batch.tally import Tally

CAUSES = {
    "evidence_not_found": "引的话在坐席原话里找不到 · quote not found",
    "no_answer": "模型没有回答 · no answer",
    "invalid_answer": "模型答得不合格式 · invalid answer",
    "model_failed": "模型故障 · model failed",
    "not_decidable_offline": "离线判不了 · not decidable offline",
    "split_votes": "几次判得不一样 · votes split",
}


def html_report(
    tally: Tally,
    *,
    title: str,
    how: str,
    rejected: int,
    stopped: str = "",
    cost: float | None = None,
    currency: str = "",
) -> str:
    """The page. `how` says who judged; `cost` is None where the price table has no price."""
    return _template().render(
        tally=tally,
        title=title,
        how=how,
        rejected=rejected,
        stopped=stopped,
        cost=cost,
        currency=currency,
        causes=CAUSES,
        scored=[rubric for rubric in tally.rubrics if rubric.kind == "score"],
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    folder = Path(__file__).resolve().parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")
