"""Many turns scored together: the same as one by one, and the same as what training sees."""

from pathlib import Path

import numpy as np

from coach.records.call import Speaker
from coach.understanding.corpus import read_folder, trainee_turns
from coach.understanding.embedded import EmbeddedAppraiser
from coach.understanding.linear import load_weights
from coach.understanding.together import Places, scores_of

ROOT = Path(__file__).resolve().parents[2]
TURNS = [
    (turn.text, list(before))
    for call in read_folder(ROOT / "moves" / "calls")[::23]
    for _, turn, before in trainee_turns(call)
]
ODD = [
    ("", []),
    ("……", [(Speaker.CUSTOMER, "喂？")]),
    ("İstanbul ΟΔΟΣ 😀 ﬁ\x00好的", []),
    ("ABC123，\ud800，^$^$ 嗯", [(Speaker.TRAINEE, "您好。")]),
]


def test_turns_read_together_are_read_as_one_by_one(appraiser: EmbeddedAppraiser) -> None:
    turns = [*TURNS[:80], *ODD, *TURNS[80:160]]
    assert appraiser.appraise_all(turns) == [appraiser.appraise(text, before=before) for text, before in turns]
    assert appraiser.appraise_all([]) == []


def test_scores_are_the_sums_of_the_features_that_training_lists() -> None:
    weights = load_weights()
    extractor = weights.extractor()
    turns = [(text, before) for text, before in [*TURNS[:60], *ODD] if extractor.looked(text, before).clauses]
    looked = [extractor.looked(text, before) for text, before in turns]
    found = scores_of(weights, weights.gram_table, looked, Places(looked))
    expected = []
    for text, before in turns:
        clauses, rows = extractor.turn(text, before)
        for clause, row in zip(clauses, rows, strict=True):
            same = [other for one, other in zip(clauses, rows, strict=True) if one.sentence == clause.sentence]
            units = [set(row), set().union(*same), set().union(*rows)]
            levels = [weights.matrices[at][sorted(unit)].sum(axis=0, dtype=np.int32) for at, unit in enumerate(units)]
            parts = [summed * weights.scale[at] for at, summed in enumerate(levels)]
            expected.append(parts[0] + parts[1] + parts[2] + weights.bias)
    assert np.array_equal(found, np.array(expected))


def test_of_every_known_gram_the_beginnings_are_known() -> None:
    """GramTable looks for a longer one only where the shorter one is known."""
    known = load_weights().vocabulary
    assert all(gram[:-1] in known for gram in known if len(gram) > 1)
