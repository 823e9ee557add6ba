import time
from pathlib import Path

import numpy as np
import pytest

from coach.content.moves import MoveId
from coach.errors import StoreError
from coach.records.call import Speaker
from coach.understanding.corpus import corpus_hash, read_folder, trainee_turns
from coach.understanding.embedded import EmbeddedAppraiser
from coach.understanding.linear import RETRAIN, WEIGHTS, load_weights
from coach.understanding.scoring import appraised, by_keywords, macro, micro, score, table

ROOT = Path(__file__).resolve().parents[2]
M = MoveId


def test_the_shipped_weights_were_trained_from_the_corpus_as_it_stands() -> None:
    stands = corpus_hash((ROOT / "moves" / "calls").glob("*.txt"))
    assert load_weights().corpus == stands, f"moves/calls has changed since the weights were trained; run: {RETRAIN}"


def test_the_weights_are_small_enough_to_ship_and_load_fast() -> None:
    assert WEIGHTS.stat().st_size < 6_000_000
    load_weights.cache_clear()
    started = time.perf_counter()
    load_weights()
    assert time.perf_counter() - started < 1.0


def test_held_back_calls_of_another_author_are_read_well_and_far_above_the_keyword_floor() -> None:
    held = read_folder(ROOT / "moves" / "heldout")
    scores, floor = appraised(held, EmbeddedAppraiser()), by_keywords(held)
    assert micro(scores) > 0.70 > 0.5 > micro(floor)
    assert macro(scores) > macro(floor) + 0.2
    assert f"{micro(scores):.3f}" in table(scores, floor)


def test_scores_count_hits_extras_and_misses() -> None:
    both = score(
        [(frozenset({M.GREET, M.THANK}), frozenset({M.GREET, M.CARE})), (frozenset({M.GREET}), frozenset({M.GREET}))]
    )
    assert (both[M.GREET].precision, both[M.GREET].recall, both[M.GREET].support) == (1.0, 1.0, 2)
    assert (both[M.THANK].extra, both[M.CARE].missed) == (1, 1)
    assert micro(both) == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert macro(both) == pytest.approx(0.5)


def test_weights_of_another_make_are_refused_with_the_way_to_mend_them(tmp_path: Path) -> None:
    broken = tmp_path / "weights.npz"
    broken.write_bytes(b"nothing")
    with pytest.raises(StoreError, match=RETRAIN):
        load_weights(broken)
    np.savez(broken, shape_of_features=np.array("other"))
    with pytest.raises(StoreError, match="对不上"):
        load_weights(broken)


def test_training_on_a_few_calls_gives_weights_that_read_them(tmp_path: Path) -> None:
    from coach.understanding.train import train

    lines = []
    for at in range(12):
        lines += [
            f"== small-{at} 小",
            "客：喂？",
            "坐：[greet:您好]，[identify:这里是青桥通信8021号]。",
            "客：没别的了。",
            "坐：[thank:谢谢您]，[farewell:再见]。",
        ]
    (tmp_path / "calls.txt").write_text("\n".join(lines), encoding="utf-8")
    first, second = train(tmp_path), train(tmp_path)
    assert np.array_equal(first.matrices, second.matrices)
    first.save(tmp_path / "w.npz")
    kept = EmbeddedAppraiser(load_weights(tmp_path / "w.npz"))
    assert kept.appraise("您好，这里是青桥通信8021号。", before=[(Speaker.CUSTOMER, "喂？")]).kinds == {
        M.GREET,
        M.IDENTIFY,
    }


def test_a_clause_is_appraised_in_a_fraction_of_a_millisecond() -> None:
    appraiser = EmbeddedAppraiser()
    turns = [
        (turn.text, before)
        for call in read_folder(ROOT / "moves" / "heldout")[:20]
        for _, turn, before in trainee_turns(call)
    ]
    started = time.perf_counter()
    for text, before in turns:
        appraiser.appraise(text, before=before)
    assert (time.perf_counter() - started) / len(turns) < 0.01
