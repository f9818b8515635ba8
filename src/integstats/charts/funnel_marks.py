"""What a funnel chart draws: places, and the limits as a function of the number of persons."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.dispersion import Dispersion
from integstats.analysis.funnel import Funnel, funnel_limits
from integstats.analysis.small_numbers import NO_RATE_BELOW
from integstats.errors import SchemaError, UnknownCodeError
from integstats.table import require
from integstats.wording.funnel_sentences import REQUIRED, Lines

WHO = "funnel()"
COUNTRY = "00"
MANY = 60
"""More places than this have smaller dots."""
LOG_FROM = 20.0
"""Where the largest place is so many times the smallest, the axis of persons is logarithmic."""
GRID = 240
"""Points of each limit."""


@dataclass(frozen=True, eq=False)
class Marks:
    """What is drawn.

    `table` is that of `integstats.funnel`, by number of persons, without the rates that rest on
    fewer than 30; its limits are those drawn. `curves` has `nobs` and a column per limit; `limits`
    the ends of the axis of persons; `highlight` the key of a place.
    """

    table: pd.DataFrame
    numerator: str
    denominator: str
    lines: Lines
    curves: pd.DataFrame
    limits: tuple[float, float]
    highlight: str | None

    @property
    def log(self) -> bool:
        """Whether the axis of persons is logarithmic."""
        n = self.shown[self.denominator]
        return bool(n.max() >= LOG_FROM * n.min())

    @property
    def shown(self) -> pd.DataFrame:
        """The places that have a rate."""
        return self.table[self.table["rate"].notna().to_numpy()]

    @property
    def radius(self) -> float:
        """Half the width of a dot at the report size, in points."""
        return 2.25 if len(self.table) <= MANY else 1.6

    @property
    def pairs(self) -> list[tuple[float, str, str]]:
        """Each confidence, the widest last, and the columns of its two limits."""
        return [(one, *columns_of(one)) for one in self.lines.levels]


def marks(
    found: Funnel, *, measure: str = "employment_rate", highlight: str | None = None
) -> Marks:
    """Return what is drawn of one funnel.

    Raises
    ------
    SchemaError
        When a required column is missing, there are several funnels, the country is among its
        places, fewer than two places have a rate, or its limits are not those of shares.
    UnknownCodeError
        When the measure or the highlighted place does not exist.
    """
    what = catalogue.measure(measure)
    needed = ["dataset", "vintage", *REQUIRED, what.numerator, what.denominator]
    require(found.table, needed, what=f"{WHO} of {measure}")
    for key in ("period", "sex", "birth_region", "age", "dataset"):
        held = [str(one) for one in found.table[key].unique()]
        if len(held) != 1:
            raise SchemaError(
                f"{WHO} draws one {key}; got {len(held)}: {', '.join(held[:5]) or 'no rows'}. "
                "Select one before integstats.funnel."
            )
    if len(found.groups) != 1:
        raise SchemaError(
            f"{WHO} draws one funnel; got {len(found.groups)}. Select one value of every key."
        )
    if (found.table["place"] == COUNTRY).any() and len(found.table) > 1:
        raise SchemaError(
            f"{WHO} got the country among the places it is the sum of: leave it out before "
            "integstats.funnel, and give its rate as target to compare with it."
        )
    levels = _levels(found.table)
    count, n = (
        found.table[one].to_numpy(dtype=float) for one in (what.numerator, what.denominator)
    )
    centre = float(found.groups["target"].iloc[0])
    limits, widened = _limits(found, n, levels)
    both = np.isfinite(count) & np.isfinite(n)
    table = found.table.assign(
        **{name: one for name, one in limits(n).items() if name in found.table}
    )
    hidden = (n < NO_RATE_BELOW) | ~both
    table.loc[hidden, ["rate", "z", "outside"]] = np.nan
    table.loc[hidden, "side"] = "missing"
    shown = n[table["rate"].notna().to_numpy()]
    if len(shown) < 2:
        raise SchemaError(
            f"{WHO} needs at least 2 places with a rate; got {len(shown)}. Load more places, or "
            "places with more persons."
        )
    ends, grid = _grid(shown)
    total = n[both].sum()
    return Marks(
        table.sort_values(what.denominator, kind="stable", ignore_index=True),
        what.numerator,
        what.denominator,
        Lines(
            centre,
            bool(total > 0 and np.isclose(count[both].sum() / total, centre, rtol=1e-9)),
            levels,
            float(found.groups["phi"].iloc[0]),
            widened,
        ),
        limits(grid),
        ends,
        None if highlight is None else _key_of(highlight, table),
    )


def columns_of(level: float) -> tuple[str, str]:
    """The columns of the limits of a confidence."""
    name = f"{100 * level:.6g}".replace(".", "_")
    return f"low_{name}", f"high_{name}"


def _levels(table: pd.DataFrame) -> tuple[float, ...]:
    found = [re.fullmatch(r"low_(\d+(?:_\d+)?)", str(name)) for name in table.columns]
    levels = sorted(round(float(one[1].replace("_", ".")) / 100, 12) for one in found if one)
    if not levels:
        raise SchemaError(f"{WHO} needs limits, as low_95 and high_95: call integstats.funnel.")
    return tuple(levels)


def _limits(
    found: Funnel, n: np.ndarray, levels: Sequence[float]
) -> tuple[Callable[[np.ndarray], pd.DataFrame], bool]:
    """Return the limits as a function of the persons, and whether they are widened.

    What they were made with is not in the result, so it is found by making them again.
    """
    group = found.groups.iloc[0]
    exact = partial(funnel_limits, target=float(group["target"]), confidence=levels)
    spread = Dispersion(float(group["phi"]), float(group["tau2"]), int(group["places"]))
    names = [name for level in levels for name in columns_of(level)]
    given = found.table[names].to_numpy(dtype=float)

    def are(made: pd.DataFrame) -> bool:
        return np.allclose(made[names].to_numpy(), given, rtol=1e-9, atol=1e-12, equal_nan=True)

    if any(are(exact(n, interpolation=one)) for one in ("cautious", "spiegelhalter", "none")):
        return partial(exact, interpolation="cautious"), False
    for kind, scale in product(("multiplicative", "additive"), ("identity", "root")):
        wide = partial(exact, overdispersion=kind, dispersion=spread, scale=scale)
        if are(wide(n)):
            return wide, True
    raise SchemaError(
        f"{WHO} draws limits of shares (distribution='binomial'); those of this result are not. "
        "Call integstats.funnel with the counts of the measure."
    )


def _grid(n: np.ndarray) -> tuple[tuple[float, float], np.ndarray]:
    """Return the ends of the axis of persons, and where limits are drawn: at whole persons."""
    low, high = float(n.min()), float(n.max())
    if high >= LOG_FROM * low:
        ends = (low / 1.25, high * 1.25)
        grid = np.geomspace(*ends, GRID)
    else:
        pad = 0.06 * (high - low) or 0.2 * high
        ends = (max(low - pad, 1.0), high + pad)
        grid = np.linspace(*ends, GRID)
    inner = np.unique(np.rint(grid))
    return ends, inner[(inner >= 1) & (inner >= ends[0]) & (inner <= ends[1])]


def _key_of(highlight: str, table: pd.DataFrame) -> str:
    present = [str(one) for one in table["place"]]
    key = highlight if highlight in present else catalogue.resolve(highlight).key
    if key not in present:
        named = ", ".join(catalogue.place_label(one) for one in present[:8])
        raise UnknownCodeError(
            f"The funnel has no {catalogue.place_label(key)}; it has: {named}"
            f"{', …' if len(present) > 8 else ''}."
        )
    return key
