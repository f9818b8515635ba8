"""Which places are surely better than which: the pairwise comparisons behind rank sets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from integstats.analysis.inputs import BoolArray, FloatArray


class ToldApart(NamedTuple):
    """Per place, the number of places that are surely larger, and surely smaller."""

    larger: np.ndarray
    smaller: np.ndarray


def tell_apart(
    values: FloatArray,
    errors: FloatArray,
    *,
    confidence: float,
    simultaneous: bool,
    sides: str,
    stepdown: bool,
    draws: int,
    seed: int,
) -> ToldApart:
    """Count the places surely larger and surely smaller than each.

    Parameters
    ----------
    values, errors
        Independent normal estimates and their standard errors, none missing.
    confidence, simultaneous, sides, stepdown, draws, seed
        As in `integstats.analysis.ranking.rank_confidence_sets`; with ``lower`` no place is
        counted as smaller, with ``upper`` none as larger.

    Returns
    -------
    ToldApart
    """
    places = len(values)
    if places < 2:
        nobody = np.zeros(places, dtype=np.int64)
        return ToldApart(nobody, nobody)
    noise = np.random.default_rng(seed).standard_normal((draws, places)).T.copy()
    noise *= errors[:, None]
    scale = np.hypot(errors[:, None], errors[None, :])
    apart = (values[:, None] - values[None, :]) / scale
    if simultaneous:
        larger_first = _all_pairs(apart, noise, scale, confidence, stepdown)
        larger, smaller = larger_first.sum(axis=0), larger_first.sum(axis=1)
    else:
        counted = [
            _one_place(place, apart, noise, scale, confidence, sides, stepdown)
            for place in range(places)
        ]
        larger, smaller = (np.array(column) for column in zip(*counted, strict=True))
    zero = np.zeros(places, dtype=np.int64)
    return ToldApart(zero if sides == "upper" else larger, zero if sides == "lower" else smaller)


def _all_pairs(
    apart: FloatArray, noise: FloatArray, scale: FloatArray, confidence: float, stepdown: bool
) -> BoolArray:
    """Return the matrix "row is surely larger than column", all pairs at once.

    A one-sided family of all ordered pairs is the two-sided family of all pairs, so the sets
    with one bound use the same comparisons as those with two.
    """
    open_pairs = ~np.eye(len(apart), dtype=bool)
    rejected = np.zeros_like(open_pairs)
    while True:
        largest = np.full(noise.shape[1], -np.inf)
        for place in range(len(apart) - 1):
            gaps = (noise[place] - noise[place + 1 :]) / scale[place, place + 1 :, None]
            forth, back = open_pairs[place, place + 1 :], open_pairs[place + 1 :, place]
            _take_larger(largest, gaps, forth, back)
        found = open_pairs & (apart > np.quantile(largest, confidence))
        rejected |= found
        open_pairs &= ~found
        if not stepdown or not found.any() or not open_pairs.any():
            return rejected


def _take_larger(largest: FloatArray, gaps: FloatArray, plus: BoolArray, minus: BoolArray) -> None:
    """Raise `largest`, per draw, to the gaps where `plus` and their negatives where `minus`."""
    if plus.all() and minus.all():
        np.maximum(largest, np.abs(gaps).max(axis=0), out=largest)
        return
    if plus.any():
        np.maximum(largest, gaps[plus].max(axis=0), out=largest)
    if minus.any():
        np.maximum(largest, -gaps[minus].min(axis=0), out=largest)


def _one_place(
    place: int,
    apart: FloatArray,
    noise: FloatArray,
    scale: FloatArray,
    confidence: float,
    sides: str,
    stepdown: bool,
) -> tuple[int, int]:
    """Count the places surely larger and surely smaller than one place, by itself."""
    others = np.arange(len(apart)) != place
    gaps = (noise[others] - noise[place]) / scale[place, others, None]
    observed = -apart[place, others]
    larger_open = np.full(observed.shape, sides != "upper")
    smaller_open = np.full(observed.shape, sides != "lower")
    larger = smaller = 0
    while True:
        largest = np.full(noise.shape[1], -np.inf)
        _take_larger(largest, gaps, larger_open, smaller_open)
        critical = np.quantile(largest, confidence)
        above = larger_open & (observed > critical)
        below = smaller_open & (-observed > critical)
        larger, smaller = larger + int(above.sum()), smaller + int(below.sum())
        larger_open &= ~above
        smaller_open &= ~below
        found = above.any() or below.any()
        if not stepdown or not found or not (larger_open.any() or smaller_open.any()):
            return larger, smaller
