"""How far two labellers agree on moves: the held-back calls' labels against a second, blind labelling of some of their turns.

    python benchmarks/labellers.py

The second labels (second_labels.txt) were made from the words and the definitions in moves/moves.yaml alone. What the embedded
classifier can reach on moves is bounded by this.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from coach.content.moves import BOUNDARY, FAULTS, FEELING, QUESTIONS, RESOLVING, MoveId  # noqa: E402
from coach.grading.agreement import Agreement, agreement  # noqa: E402
from coach.records.call import Speaker  # noqa: E402
from coach.understanding.corpus import read_folder  # noqa: E402

M = MoveId
CONNECTING = frozenset({M.GREET, M.IDENTIFY, M.VERIFY, M.CHECK_OPEN, M.THANK, M.FAREWELL})
HEARING = frozenset({M.RESTATE, M.CLARIFY, M.TAKE_NOTE})
INFORMING = frozenset({M.INFORM, M.EXPLAIN, M.REFRAME, M.YARDSTICK, M.NARRATE, M.BENEFIT})
GROUPS = {
    "connecting": CONNECTING,
    "feeling": FEELING,
    "hearing": HEARING,
    "asking": QUESTIONS,
    "informing": INFORMING,
    "resolving": RESOLVING,
    "boundary": BOUNDARY,
    "faults": FAULTS,
}
Labels = dict[tuple[str, int], frozenset[MoveId]]
"""Moves by call and number of the agent turn in it, from 1."""


def stored() -> Labels:
    found: Labels = {}
    for call in read_folder(ROOT / "moves" / "heldout"):
        own = [turn for turn in call.turns if turn.speaker is Speaker.TRAINEE]
        found |= {(call.id, number): turn.moves for number, turn in enumerate(own, 1)}
    return found


def second() -> Labels:
    found: Labels = {}
    for line in (Path(__file__).parent / "second_labels.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            place, _, moves = line.partition(":")
            call, number = place.split()
            found[call, int(number)] = frozenset(map(MoveId, moves.split()))
    return found


def between(one: Labels, other: Labels, moves: Iterable[MoveId]) -> tuple[Agreement, Agreement]:
    """Agreement on whether a turn holds any of these moves, and on each of them."""
    wanted = frozenset(moves)
    places = sorted(one)
    whole = agreement((_yes(one[at] & wanted), _yes(other[at] & wanted)) for at in places)
    each = agreement((_yes({move} & one[at]), _yes({move} & other[at])) for at in places for move in sorted(wanted))
    return whole, each


def _yes(found: Iterable[MoveId]) -> str:
    return "yes" if any(True for _ in found) else "no"


def _told(found: Agreement) -> str:
    return "–" if found.kappa is None else f"{found.kappa:+.2f} [{found.low:+.2f} {found.high:+.2f}]"


def main() -> None:
    mine, known = second(), stored()
    theirs = {at: known[at] for at in mine}
    print(f"{len(mine)} agent turns, kappa [95 %]: any move of the group; each of its moves; how often labelled")
    for name, moves in {**GROUPS, "all moves": frozenset(MoveId)}.items():
        whole, each = between(theirs, mine, moves)
        counts = [sum(len(labels[at] & moves) for at in mine) for labels in (theirs, mine)]
        any_of = _told(whole) if name in GROUPS else ""
        print(f"  {name:12} {any_of:24} {_told(each):24} stored {counts[0]}, second {counts[1]}")


if __name__ == "__main__":
    main()
