"""Classes of a map: few, with round limits, in equal steps of one colour."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib as mpl
import numpy as np

from integstats.charts import theme
from integstats.wording import numbers

MOST = 5
"""More classes than this cannot be told apart on a map."""
MANY = 20
"""From this many values on, the outer twentieths do not stretch the classes."""
_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_LIGHT, _DARK = 0.66, 0.05
"""Relative luminance (WCAG) of the lightest and the darkest class."""


@dataclass(frozen=True)
class Classes:
    """Classes from low to high.

    Attributes
    ----------
    limits
        Where each class but the first begins: round numbers.
    least, most
        The smallest and the largest value, rounded to one decimal.
    """

    limits: tuple[float, ...]
    least: float
    most: float

    @classmethod
    def of(cls, values: np.ndarray) -> Classes:
        """Return classes of equal width for known values.

        The limits are the multiples of the smallest round step that gives at most five classes,
        and no more than there are different values. Values are rounded to one decimal, as they
        are written, so that a list and a map never disagree. The first and the last class reach
        to the smallest and the largest value.

        Examples
        --------
        >>> found = Classes.of(np.array([7.3, 9.1, 12.0, 13.9, 18.2]))
        >>> found.ranges()
        ((7.3, 8.9), (9.0, 11.9), (12.0, 14.9), (15.0, 17.9), (18.0, 18.2))
        """
        shown = np.array([_shown(one) for one in values])
        low, high = float(shown.min()), float(shown.max())
        bulk = np.quantile(shown, [0.05, 0.95]) if len(shown) >= MANY else np.array([low, high])
        for step in (base * 10.0**power for power in range(-1, 3) for base in _STEPS):
            if step * 10 != round(step * 10):
                continue
            first, last = np.floor(bulk[0] / step) + 1, np.floor(bulk[1] / step)
            limits = [float(round(step * at, 1)) for at in np.arange(first, last + 1)]
            limits = [one for one in limits if low < one <= high]
            if len(limits) < min(MOST, len(np.unique(shown))):
                return cls(tuple(limits), low, high)
        return cls((), low, high)

    def ranges(self) -> tuple[tuple[float, float], ...]:
        """Return the first and the last value, to one decimal, that each class may hold."""
        starts = (self.least, *self.limits)
        ends = (*(round(one - 0.1, 1) for one in self.limits), self.most)
        return tuple(zip(starts, ends, strict=True))

    def index(self, value: float) -> int:
        """Return which class a value is in, from 0."""
        return int(np.searchsorted(self.limits, _shown(value), side="right"))

    def height(self, value: float) -> float:
        """Return how far up a value lies when every class is one high; beyond the ends, a bit."""
        edges = (self.least, *self.limits, max(self.most, self.least + 0.1))
        shown = _shown(value)
        if shown < self.least or shown > self.most:
            return -0.35 if shown < self.least else len(edges) - 1 + 0.35
        return float(np.interp(shown, edges, np.arange(len(edges))))


def _shown(value: float) -> float:
    return float(numbers.rounded(float(value), 1))


def shades(color: str, number: int) -> tuple[str, ...]:
    """Return tints and shades of one colour from light to dark, in equal steps of contrast.

    They differ in lightness alone, so that every kind of colour vision tells them apart.

    Examples
    --------
    >>> shades("#1A1A1A", 3)
    ('#d5d5d5', '#808080', '#3f3f3f')
    """
    mixes = np.linspace(0, 2, 401)
    rgb = np.array(mpl.colors.to_rgb(color))
    ladder = [1 - mix * (1 - rgb) if mix <= 1 else (1 - (mix - 1) * 0.95) * rgb for mix in mixes]
    # Contrast with white falls as luminance rises: 1.05 / (L + 0.05).
    contrasts = [theme.contrast(mpl.colors.to_hex(tuple(one))) for one in ladder]
    light, dark = (1.05 / (one + 0.05) for one in (_LIGHT, _DARK))
    wanted = np.geomspace(light, dark, number) if number > 1 else [np.sqrt(light * dark)]
    chosen = np.interp(wanted, contrasts, np.arange(len(ladder))).round().astype(int)
    return tuple(mpl.colors.to_hex(tuple(ladder[one])) for one in chosen)
