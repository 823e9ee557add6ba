"""report.html of a batch: one file that needs nothing else, for people who were not there."""

from __future__ import annotations

from coach.batch.tally import Tally
from coach.reports.markup import markup

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
    return markup(
        "coach.batch",
        "report",
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
