"""Sums of many lines of eight-bit weights, group by group."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Sums = npt.NDArray[np.int32]
_IN_A_NUMBER = 4
_RAISED = 128
_MOST = 0xFFFF // (2 * _RAISED - 1)
"""Lines of a group up to which no sum runs over into its neighbour."""
WORTH_PACKING = 4096
"""Lines from which packed weights pay: packing all takes longer than summing so many."""


class Lanes:
    """A matrix of weights, four to a 64-bit number, so that a sum takes a quarter of the additions and casts nothing.

    Each weight stands in 16 bits, raised by 128 to be positive; what was raised is taken off the sums.
    """

    def __init__(self, matrix: npt.NDArray[np.int8]) -> None:
        lines, self._width = matrix.shape
        raised = np.zeros((lines, -(-self._width // _IN_A_NUMBER) * _IN_A_NUMBER), dtype=np.uint16)
        raised[:, : self._width] = matrix.astype(np.int16) + _RAISED
        self._packed = raised.view(np.int64)

    def sums(self, lines: Ints, sizes: Ints) -> Sums:
        """A line a group. `sizes`: how many of `lines` belong to each group, one at least."""
        pieces = -(-sizes // _MOST)
        if pieces.max() == 1:
            return self._few(lines, sizes)
        cut = np.full(pieces.sum(), _MOST)
        cut[np.cumsum(pieces) - 1] = sizes - (pieces - 1) * _MOST
        found: Sums = np.add.reduceat(self._few(lines, cut), np.cumsum(pieces) - pieces, axis=0)
        return found

    def _few(self, lines: Ints, sizes: Ints) -> Sums:
        """The same for groups of up to _MOST."""
        added = np.add.reduceat(self._packed.take(lines, axis=0), np.cumsum(sizes) - sizes, axis=0)
        raised = added.view(np.uint16)[:, : self._width].astype(np.int32)
        found: Sums = raised - (_RAISED * sizes)[:, None].astype(np.int32)
        return found


def plain_sums(matrix: npt.NDArray[np.int8], lines: Ints, sizes: Ints) -> Sums:
    """The same without packing anything first."""
    found: Sums = np.add.reduceat(matrix.take(lines, axis=0), np.cumsum(sizes) - sizes, axis=0, dtype=np.int32)
    return found
