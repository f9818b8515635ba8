"""Labels inside the plot area: what they say, and how they are moved apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from integstats.catalogue import Language
from integstats.charts.theme import MUTED
from integstats.wording import numbers, terms
from integstats.wording.claims import Claim, Predicate, Value

_RANGE = "{low:figure|{unit}|{decimals}}–{high:figure|{unit}|{decimals}}"
_RANGE_SV = "{low:figure|{unit}|{decimals}} till {high:figure|{unit}|{decimals}}"
_RANGE_EN = "{low:figure|{unit}|{decimals}} to {high:figure|{unit}|{decimals}}"
_SHOWN = "{value:figure|{unit}|{decimals}}"
_SHOWN_SHARE = "{value:pct|{decimals}}"


def _is_share(v: Mapping[str, Value]) -> bool:
    return v["unit"] == "share"


def _has_minus(v: Mapping[str, Value]) -> bool:
    return float(v["low"]) < 0  # type: ignore[arg-type]


LABELS: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        Predicate("label.share", _is_share, _SHOWN_SHARE, _SHOWN_SHARE),
        Predicate("label.figure", lambda v: not _is_share(v), _SHOWN, _SHOWN),
        Predicate("label.range", lambda v: not _has_minus(v), f"({_RANGE})", f"({_RANGE})"),
        Predicate("label.range_signed", _has_minus, f"({_RANGE_SV})", f"({_RANGE_EN})"),
        Predicate(
            "label.goal_share",
            _is_share,
            "Mål: {goal:pct|{decimals}}\n{deadline:when}",
            "Target: {goal:pct|{decimals}}\n{deadline:when}",
        ),
        Predicate(
            "label.goal_figure",
            lambda v: not _is_share(v),
            "Mål: {goal:figure|{unit}|{decimals}}\n{deadline:when}",
            "Target: {goal:figure|{unit}|{decimals}}\n{deadline:when}",
        ),
    )
}


@dataclass(frozen=True)
class Label:
    """A label beside a mark.

    Attributes
    ----------
    text
        What it says; a line break where it is to break.
    claims
        The texts it is made of, so that every figure in it can be checked.
    value
        Where on the value axis the mark is.
    color, bold
        How it is written.
    """

    text: str
    claims: tuple[Claim, ...]
    value: float
    color: str
    bold: bool = False


def label(
    parts: Sequence[Claim | str],
    value: float,
    color: str,
    *,
    lang: Language,
    bold: bool = False,
) -> Label:
    """Return a label made of claims and of the words, spaces and line breaks between them."""
    text = "".join(part if isinstance(part, str) else part.render(lang) for part in parts)
    claims = tuple(part for part in parts if isinstance(part, Claim))
    return Label(text[:1].upper() + text[1:], claims, value, color, bold)


def break_label(period: pd.Period, lang: Language) -> Label:
    """Return the label of a break."""
    word = terms.pick(terms.TERMS, "break", lang)
    return label([f"{word}\n{numbers.period(period, lang=lang)}"], math.nan, MUTED, lang=lang)


def claim(name: str, **values: Value) -> Claim:
    """Return the claim of one of `LABELS`."""
    return Claim(LABELS[name], values)


def figure_claim(value: float, unit: str, decimals: int) -> Claim:
    """Return the claim that writes a value in a unit."""
    name = "label.share" if unit == "share" else "label.figure"
    return claim(name, value=value, unit=unit, decimals=decimals)


def range_claim(low: float, high: float, unit: str, decimals: int) -> Claim:
    """Return the claim that writes an interval in brackets."""
    name = "label.range_signed" if low < 0 else "label.range"
    return claim(name, low=low, high=high, unit=unit, decimals=decimals)


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
    blocks: list[tuple[float, float]] = []
    for value in target:
        mean, size = float(value), 1.0
        while blocks and blocks[-1][0] > mean:
            before, other = blocks.pop()
            mean = (before * other + mean * size) / (other + size)
            size += other
        blocks.append((mean, size))
    base = np.concatenate([np.full(int(size), mean) for mean, size in blocks])
    least = low + height[0] / 2
    most = high - height[-1] / 2 - below[-1]
    base = np.clip(base, min(least, most), most)
    result = np.empty(len(order))
    result[order] = base + below
    return result
