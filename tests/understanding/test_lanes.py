"""Packed weights sum up to what plain ones do."""

import numpy as np
import pytest

from coach.understanding.lanes import Lanes, plain_sums


@pytest.mark.parametrize("moves", [1, 4, 50])
@pytest.mark.parametrize("sizes", [[1], [1, 2, 3], [257, 258, 1], [600, 514, 5000, 1]])
@pytest.mark.parametrize("extreme", [None, 127, -127])
def test_sums_of_small_and_large_groups(moves: int, sizes: list[int], extreme: int | None) -> None:
    random = np.random.default_rng(7)
    matrix = random.integers(-127, 128, size=(900, moves)).astype(np.int8)
    if extreme is not None:
        matrix[:] = extreme
    lines = random.integers(0, 900, size=sum(sizes))
    assert np.array_equal(Lanes(matrix).sums(lines, np.array(sizes)), plain_sums(matrix, lines, np.array(sizes)))
