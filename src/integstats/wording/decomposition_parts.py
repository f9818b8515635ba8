"""Decompositions in one shape: a difference, and the parts that it arithmetically consists of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Literal

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.decomposition import DasGupta, Kitagawa
from integstats.analysis.oaxaca import Oaxaca
from integstats.analysis.shift_share import ShiftShare
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean

Decomposition = Kitagawa | DasGupta | Oaxaca | ShiftShare
Kind = Literal["kitagawa", "das_gupta", "oaxaca", "shift_share"]


@dataclass(frozen=True)
class Part:
    """A part of a difference: `effect` and, for a part of that, `group`; `value` as `Parts`.

    `shares` and `rates` are the group's, in the first and in the second population, where known.
    """

    effect: str
    group: tuple[str, ...]
    value: float
    shares: tuple[float, float] | None = None
    rates: tuple[float, float] | None = None


@dataclass(frozen=True)
class Parts:
    """A difference and what it consists of.

    Attributes
    ----------
    kind
        Which decomposition.
    keys
        The keys of the row: dataset, vintage, place, period, sex, birth_region, age.
    of, minus
        The two populations; the difference is `of` minus `minus`.
    of_level, minus_level
        Their levels: shares 0–1, or persons.
    total
        The difference in percentage points, or persons.
    effects
        Its parts, in the same unit; they add up to it.
    groups
        The parts of the effects.
    by
        Columns that tell the groups apart.
    persons
        How many persons each of the two rests on, where known.
    """

    kind: Kind
    keys: Mapping[str, str]
    of: str
    minus: str
    of_level: float
    minus_level: float
    total: float
    effects: tuple[Part, ...]
    groups: tuple[Part, ...]
    by: tuple[str, ...]
    persons: tuple[float, float] | None = None

    @property
    def focus(self) -> Part:
        """The effect that the text begins with: the first, or of factors the largest."""
        if self.kind == "das_gupta":
            return max(self.effects, key=lambda one: abs(one.value))
        return self.effects[0]

    @property
    def rest(self) -> float:
        """What the focus does not account for."""
        return self.total - self.focus.value

    def groups_of(self, effect: str) -> tuple[Part, ...]:
        """Return the parts of an effect."""
        return tuple(one for one in self.groups if one.effect == effect)


@singledispatch
def parts(result: object, *, first: str, second: str, keys: Mapping[str, str]) -> Parts:
    """Return a decomposition as parts.

    Parameters
    ----------
    result
        What `kitagawa`, `das_gupta`, `oaxaca` or `shift_share` returned.
    first, second
        The two populations as they were named there; the start and end of a shift-share. The
        difference is second minus first, but first minus second for `oaxaca`, as there.
    keys
        Keys of the row to take, and those that the result does not hold.

    Raises
    ------
    UsageError
        When the result is no decomposition.
    SchemaError
        When there are several rows, a part is missing, or the levels are no shares.
    UnknownCodeError
        When a population is not there.
    """
    raise UsageError(
        f"Not a decomposition: {type(result).__name__}. Give what kitagawa(), das_gupta(), "
        "oaxaca() or shift_share() returned."
    )


@parts.register
def _(result: Kitagawa, *, first: str, second: str, keys: Mapping[str, str]) -> Parts:
    row = _only(result.terms, keys, "kitagawa")
    held = _words(row)
    rows = _matching(result.groups, held)
    by = tuple(name for name in _text_columns(rows) if name not in held)
    effects = ["composition", "rate", *(["interaction"] if _any(rows["interaction"]) else [])]
    _shares(row["rate_first"], row["rate_second"])
    return Parts(
        "kitagawa",
        {**_all_ages(rows, by), **keys, **held},
        *(second, first, float(row["rate_second"]), float(row["rate_first"])),
        total=_pp(row["difference"]),
        effects=tuple(Part(name, (), _pp(row[name])) for name in effects),
        groups=tuple(
            Part(
                name,
                tuple(str(one[column]) for column in by),
                _pp(one[name]),
                (float(one["share_first"]), float(one["share_second"])),
                (float(one["rate_first"]), float(one["rate_second"])),
            )
            for name in effects
            for _, one in rows.iterrows()
        ),
        by=by,
    )


@parts.register
def _(result: DasGupta, *, first: str, second: str, keys: Mapping[str, str]) -> Parts:
    levels = {str(name): float(rate) for name, rate in result.rates.to_numpy().tolist()}
    for one in (first, second):
        if one not in levels:
            raise UnknownCodeError(
                f"Unknown population: {one!r}.{did_you_mean(one, levels)} "
                f"There are: {', '.join(levels)}."
            )
    _shares(levels[first], levels[second])
    frame = result.effects
    pair = (frame["from_population"].astype(str) == first) & (
        frame["to_population"].astype(str) == second
    )
    return Parts(
        "das_gupta",
        keys,
        *(second, first, levels[second], levels[first]),
        total=_pp(levels[second] - levels[first]),
        effects=tuple(
            Part(str(one["factor"]), (), _pp(one["effect"]))
            for _, one in frame[pair.to_numpy()].iterrows()
        ),
        groups=(),
        by=(),
    )


@parts.register
def _(result: Oaxaca, *, first: str, second: str, keys: Mapping[str, str]) -> Parts:
    row = result.terms.iloc[0]
    _shares(row["mean_first"], row["mean_second"])
    effects = ("explained", "unexplained")
    return Parts(
        "oaxaca",
        keys,
        *(first, second, float(row["mean_first"]), float(row["mean_second"])),
        total=_pp(row["gap"]),
        effects=tuple(Part(name, (), _pp(row[name])) for name in effects),
        groups=tuple(
            Part(name, (str(one["variable"]),), _pp(one[name]))
            for name in effects
            for _, one in result.variables.iterrows()
            if name == "unexplained" or one["variable"] != "constant"
        ),
        by=("variable",),
        persons=(float(row["n_first"]), float(row["n_second"])),
    )


@parts.register
def _(result: ShiftShare, *, first: str, second: str, keys: Mapping[str, str]) -> Parts:
    row = _only(result.terms, keys, "shift_share")
    held = _words(row)
    rows = _matching(result.groups, held)
    by = tuple(name for name in _text_columns(rows) if name not in held)
    effects = ["national", "mix", "regional"]
    effects += ["allocation"] if _any(rows["allocation"]) else []
    return Parts(
        "shift_share",
        {**_all_ages(rows, by), **keys, **held},
        *(second, first, float(row["end"]), float(row["start"])),
        total=_known(row["growth"]),
        effects=tuple(Part(name, (), _known(row[name])) for name in effects),
        groups=tuple(
            Part(name, tuple(str(one[column]) for column in by), _known(one[name]))
            for name in effects
            for _, one in rows.iterrows()
        ),
        by=by,
    )


def _only(frame: pd.DataFrame, keys: Mapping[str, str], what: str) -> pd.Series:
    """Return the one row with these keys."""
    rows = _matching(frame, keys)
    if len(rows) == 1:
        return rows.iloc[0]
    if rows.empty:
        asked = [name for name in keys if name in _text_columns(frame)]
        has = [f"{name}: {', '.join(frame[name].astype(str).unique()[:8])}" for name in asked]
        raise UnknownCodeError(
            f"{what}() has no row with {_shown(keys)}; it has {'; '.join(has) or 'no rows'}."
        )
    raise SchemaError(
        f"One decomposition is drawn at a time; {what}() has {len(rows)} rows: {_there_are(rows)}. "
        'Choose one with keys, as keys={"place": "1280"}.'
    )


def _matching(frame: pd.DataFrame, keys: Mapping[str, str]) -> pd.DataFrame:
    kept = np.ones(len(frame), dtype=bool)
    for name, value in keys.items():
        if name in _text_columns(frame):
            known = frame[name].astype(str)
            if name == "place" and not (known == value).any():
                value = catalogue.resolve(value).key
            kept &= (known == value).to_numpy()
    return frame[kept]


def _text_columns(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name].dtype)]


def _words(row: pd.Series) -> dict[str, str]:
    return {str(name): str(one) for name, one in row.items() if not isinstance(one, float)}


def _shown(keys: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in keys.items())


def _there_are(frame: pd.DataFrame) -> str:
    varying = [name for name in _text_columns(frame) if frame[name].nunique() > 1]
    rows = [_shown(one) for one in frame[varying].astype(str).head(4).to_dict("records")]
    return "; ".join(rows) + ("; …" if len(frame) > 4 else "")


def _all_ages(rows: pd.DataFrame, by: Sequence[str]) -> dict[str, str]:
    """Return the span of ages that the groups make up together."""
    if "age" not in by:
        return {}
    spans = [re.fullmatch(r"(\d+)-(\d+)", str(one)) for one in rows["age"].unique()]
    ends = [(int(one[1]), int(one[2])) for one in spans if one is not None]
    if len(ends) < len(spans):
        return {}
    return {"age": f"{min(low for low, _ in ends):02d}-{max(high for _, high in ends)}"}


def _any(values: pd.Series) -> bool:
    return bool(np.nan_to_num(values.to_numpy(dtype=float)).any())


def _known(value: object) -> float:
    number = float(value)  # type: ignore[arg-type]
    if not np.isfinite(number):
        raise SchemaError(
            "There is no decomposition to draw: a part is missing, since a count is suppressed or "
            "missing in some group. Merge groups, or choose a larger place."
        )
    return number


def _pp(value: object) -> float:
    """A difference of shares in percentage points."""
    return 100 * _known(value)


def _shares(*levels: float) -> None:
    for one in levels:
        if not 0 <= _known(one) <= 1:
            raise SchemaError(
                f"The levels of a decomposition must be shares 0 to 1; got {float(one):g}. Divide "
                "per cent by 100, or code the outcome as 0 and 1."
            )
