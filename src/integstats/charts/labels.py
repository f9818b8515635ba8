"""Labels at the ends of lines, moved apart as little as possible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def spread(
    wanted: Sequence[float], heights: Sequence[float], *, low: float, high: float
) -> np.ndarray:
    """Return positions for labels so that none overlaps another.

    The sum of squared moves is the smallest possible (pool adjacent violators); the order of the
    labels stays. Where they do not all fit between `low` and `high` they are packed from `high`
    downwards.

    Parameters
    ----------
    wanted
        Middle of each label if it stood alone.
    heights
        Height of each label.
    low, high
        Where the lowest label may begin and the highest end.

    Returns
    -------
    numpy.ndarray
        Middle of each label, in the order given.

    Examples
    --------
    >>> spread([5.0, 5.0], [2.0, 2.0], low=0, high=10).tolist()
    [4.0, 6.0]
    """
    if not len(wanted):
        return np.empty(0)
    order = np.argsort(np.asarray(wanted, dtype=float), kind="stable")
    height = np.asarray(heights, dtype=float)[order]
    below = np.concatenate([[0.0], np.cumsum((height[:-1] + height[1:]) / 2)])
    target = np.asarray(wanted, dtype=float)[order] - below
    blocks: list[list[float]] = []
    for value in target:
        blocks.append([float(value), 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, size = blocks.pop()
            before, other = blocks[-1]
            blocks[-1] = [(before * other + mean * size) / (other + size), other + size]
    base = np.concatenate([np.full(int(size), mean) for mean, size in blocks])
    least = low + height[0] / 2
    most = high - height[-1] / 2 - below[-1]
    base = np.clip(base, min(least, most), most)
    result = np.empty(len(order))
    result[order] = base + below
    return result
