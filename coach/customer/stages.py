"""The stage of the call (H8), tracked live: it only moves forward."""

from __future__ import annotations

from coach.content.moves import QUESTIONS
from coach.content.moves import MoveId as M
from coach.records.call import Appraisal, Stage, State

ORDER = tuple(Stage)


def next_stage(state: State, appraisal: Appraisal) -> Stage:
    """The furthest stage that this turn reached, never behind the present one."""
    reached = Stage.CONNECT
    if appraisal.kinds & (QUESTIONS | {M.VERIFY, M.RESTATE}):
        reached = Stage.UNDERSTAND
    if state.released and M.RESTATE in appraisal.kinds:
        reached = Stage.JUDGE
    if appraisal.kinds & {M.EXPLAIN, M.OFFER, M.COMMIT, M.CHOICE, M.ESCALATE} or state.landed:
        reached = Stage.ACT
    if state.agreed:
        reached = Stage.CONFIRM
    if state.agreed and appraisal.kinds & {M.FAREWELL, M.THANK}:
        reached = Stage.CLOSE
    return max(reached, state.stage, key=ORDER.index)
