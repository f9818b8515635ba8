"""Differences between groups: sizes, signs, intervals, and how many persons they rest on.

Signs. A gap is positive where the group is worse off: for a rate that should be high it is
reference minus group, for one that should be low it is group minus reference. A gender gap is
always men minus women, so for unemployment a positive one means that women do better.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.rates import NOTES, published_only, rate_keys
from integstats.analysis.small_numbers import difference_interval
from integstats.catalogue import Measure
from integstats.errors import UnknownCodeError, UsageError, did_you_mean
from integstats.table import (
    STATUSES,
    holds,
    match_rows,
    recoded,
    require,
    require_unique,
    row_ids,
)

Comparator = Literal["same_sex", "all_natives", "native_men"]
REFERENCE_SEX: dict[str, str | None] = {
    "same_sex": None,
    "all_natives": "total",
    "native_men": "men",
}

_BLOCK = 2**16


def gaps(
    rates: pd.DataFrame,
    measure: str,
    *,
    by: str = "birth_region",
    group: str | None = None,
    reference: str | None = None,
    comparator: Comparator = "same_sex",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare a group with a reference group, for every place, period and other key.

    Parameters
    ----------
    rates
        What `rates` returned: the counts and the column of the measure.
    measure
        Id of the measure.
    by
        The key that tells the groups apart; it is consumed.
    group, reference
        Values of that key. Foreign-born against native-born when `by` is ``birth_region``; must
        be named for any other key.
    comparator
        Whom the group is held against: the reference of the same sex (``same_sex``), all of the
        reference (``all_natives``) or its men (``native_men``).
    confidence
        Of the interval: Newcombe's hybrid score interval for two independent shares, without
        correction for disclosure noise.

    Returns
    -------
    pandas.DataFrame
        The remaining keys; ``gap_pp``, ``gap_low``, ``gap_high`` (percentage points, positive =
        the group is worse off); ``ratio`` (rate of the group / rate of the reference);
        ``rate_<group>``, ``rate_<reference>`` (shares), ``n_<group>``, ``n_<reference>``
        (persons in the denominators); ``status``; ``note`` (the more serious of the two);
        ``missing_members`` where `rates` has it.
        A group without a reference row keeps its row with a missing gap. Where a publisher gives
        the rate without its counts, interval and persons are missing.

    Raises
    ------
    SchemaError
        When the counts or the rate are not there, or keys are not unique.
    UnknownCodeError
        When a group, reference or comparator does not exist.

    Examples
    --------
    >>> import integstats as ig
    >>> bas = ig.load("scb-bas-month", places=["Malmö"], start="2026-06")
    >>> found = gaps(ig.rates(bas), "employment_rate")
    >>> found.loc[found["sex"] == "women", ["gap_pp", "n_foreign_born"]].round(1).values.tolist()
    [[21.3, 50601.0]]
    """
    what = _columns(rates, measure, "gaps()")
    group, reference = _sides(rates, by, group, reference)
    if comparator not in REFERENCE_SEX:
        raise UnknownCodeError(
            f"Unknown comparator: {comparator!r}.{did_you_mean(comparator, REFERENCE_SEX)} "
            f"Allowed: {', '.join(REFERENCE_SEX)}."
        )
    keys = rate_keys(rates, [by])
    sex = REFERENCE_SEX[comparator]
    is_reference = holds(rates[by], reference)
    joined_on = keys
    if sex is not None:
        if "sex" not in keys:
            raise UsageError(f"The comparator {comparator} needs the key sex, which was consumed.")
        is_reference &= holds(rates["sex"], sex)
        joined_on = [key for key in keys if key != "sex"]
    left = np.flatnonzero(holds(rates[by], group))
    there = _found(rates, joined_on, left, np.flatnonzero(is_reference), "The reference of gaps()")
    return _differences(
        rates, what, (left, there), names=(group, reference), keys=keys, confidence=confidence
    )


def gender_gap(rates: pd.DataFrame, measure: str, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return men minus women, within each birth region and every other key.

    Returns
    -------
    pandas.DataFrame
        The keys but `sex`; ``gap_pp``, ``gap_low``, ``gap_high`` (percentage points, men minus
        women whatever the measure: for unemployment a positive gap means that women do better);
        ``ratio`` (women / men); ``rate_women``, ``rate_men``, ``n_women``, ``n_men``; ``status``;
        ``note``.

    Raises
    ------
    SchemaError
        When the counts or the rate are not there.

    Examples
    --------
    >>> import integstats as ig
    >>> bas = ig.load("scb-bas-month", places=["riket"], start="2026-06")
    >>> found = gender_gap(ig.rates(bas), "employment_rate")
    >>> found = found[found["period"] == "2026-06"].set_index("birth_region")
    >>> found.loc[["foreign_born", "native_born"], "gap_pp"].round(1).tolist()
    [5.0, -0.3]
    """
    what = _columns(rates, measure, "gender_gap()")
    require(rates, ["sex"], what="gender_gap()")
    keys = rate_keys(rates, ["sex"])
    left, right = (np.flatnonzero(holds(rates["sex"], sex)) for sex in ("women", "men"))
    there = _found(rates, keys, left, right, "The men of gender_gap()")
    plain = Measure(what.id, what.numerator, what.denominator, "up", what.text)
    return _differences(
        rates, plain, (left, there), names=("women", "men"), keys=keys, confidence=confidence
    )


def double_gap(rates: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Split the distance between native men and foreign-born women, in both orders.

    Returns
    -------
    pandas.DataFrame
        The keys but `sex` and `birth_region`, and in percentage points, positive where the
        second-named group is worse off: ``double_gap_pp`` (native men to foreign-born women) =
        ``sex_native_pp`` (native men to native women) + ``birth_women_pp`` (native women to
        foreign-born women) = ``birth_men_pp`` (native men to foreign-born men) +
        ``sex_foreign_pp`` (foreign-born men to foreign-born women); ``interaction_pp`` =
        ``sex_native_pp`` − ``sex_foreign_pp``; the four rates ``native_men``, ``native_women``,
        ``foreign_men``, ``foreign_women`` (shares) and ``n_…``; ``status``.

    Raises
    ------
    SchemaError
        When the counts or the rate are not there.

    Examples
    --------
    The figures of SCB for July 2023, ages 15–74:

    >>> frame = pd.DataFrame({
    ...     "sex": ["men", "women"] * 2, "birth_region": ["native_born"] * 2 + ["foreign_born"] * 2,
    ...     "employed": [729.0, 728, 660, 612], "population": [1000.0] * 4,
    ...     "employment_rate": [0.729, 0.728, 0.660, 0.612], "status": ["preliminary"] * 4})
    >>> found = double_gap(frame, "employment_rate").iloc[0]
    >>> [round(float(found[c]), 1) for c in ("double_gap_pp", "sex_native_pp", "birth_women_pp",
    ...                                      "interaction_pp")]
    [11.7, 0.1, 11.6, -4.7]
    """
    what = _columns(rates, measure, "double_gap()")
    require(rates, ["sex", "birth_region"], what="double_gap()")
    keys = rate_keys(rates, ["sex", "birth_region"])
    where = {
        name: np.flatnonzero(holds(rates["sex"], sex) & holds(rates["birth_region"], birth))
        for name, (sex, birth) in {
            "native_men": ("men", "native_born"),
            "native_women": ("women", "native_born"),
            "foreign_men": ("men", "foreign_born"),
            "foreign_women": ("women", "foreign_born"),
        }.items()
    }
    left = where["foreign_women"]
    rows = {
        name: _found(rates, keys, left, there, "The table of double_gap()")
        for name, there in where.items()
    }
    rate = {name: _taken(rates[measure], there) for name, there in rows.items()}
    n = {f"n_{name}": _taken(rates[what.denominator], there) for name, there in rows.items()}
    sign = 100.0 if what.better == "up" else -100.0
    result = rates[keys].iloc[left].reset_index(drop=True)
    nm, nw, fm, fw = (
        sign * rate[k] for k in ("native_men", "native_women", "foreign_men", "foreign_women")
    )
    return result.assign(
        double_gap_pp=nm - fw,
        sex_native_pp=nm - nw,
        birth_women_pp=nw - fw,
        birth_men_pp=nm - fm,
        sex_foreign_pp=fm - fw,
        interaction_pp=(nm - nw) - (fm - fw),
        **rate,
        **n,
        status=_statuses(rates, list(rows.values())),
    )


def _columns(rates: pd.DataFrame, measure: str, who: str) -> Measure:
    what = catalogue.measure(measure)
    needed = [what.numerator, what.denominator, measure, "status"]
    if measure not in rates.columns:
        require(rates, needed, what=f"{who} of {measure} (call rates() first)")
    if not _without_counts(rates, what):
        require(rates, needed, what=who)
    return what


def _without_counts(rates: pd.DataFrame, measure: Measure) -> bool:
    """Whether only the rate is published, so that nothing is known of the persons behind it."""
    counted = {measure.numerator, measure.denominator} <= set(rates.columns)
    return not counted and "dataset" in rates.columns and published_only(rates, measure.id)


def _sides(
    rates: pd.DataFrame, by: str, group: str | None, reference: str | None
) -> tuple[str, str]:
    require(rates, [by], what="gaps()")
    if by == "birth_region":
        group, reference = group or "foreign_born", reference or "native_born"
    present = sorted({str(value) for value in rates[by].unique()})
    if group is None or reference is None:
        raise UsageError(
            f"Gaps over {by} need a group and a reference; {by} has: {', '.join(present)}."
        )
    for name in (group, reference):
        if name not in present:
            raise UnknownCodeError(
                f"No rows with {by} = {name!r}.{did_you_mean(name, present)} "
                f"The table has: {', '.join(present)}."
            )
    return group, reference


def _found(
    rates: pd.DataFrame, keys: Sequence[str], left: np.ndarray, right: np.ndarray, what: str
) -> np.ndarray:
    """For each row of `left`, the row of `right` that has its keys, or -1."""
    ids = row_ids(rates, keys)
    require_unique(rates, keys, what=what, rows=right, ids=ids)
    return match_rows(ids[left], ids[right], rows=right)


def _differences(
    rates: pd.DataFrame,
    measure: Measure,
    sides: tuple[np.ndarray, np.ndarray],
    *,
    names: tuple[str, str],
    keys: Sequence[str],
    confidence: float,
) -> pd.DataFrame:
    """Compare the rows of the group with those of the reference (-1: none)."""
    group, reference = names
    count, base = (
        [np.full(len(side), np.nan) for side in sides]
        if _without_counts(rates, measure)
        else [_taken(rates[name], side) for side in sides]
        for name in (measure.numerator, measure.denominator)
    )
    rate = [_taken(rates[measure.id], side) for side in sides]
    first, second = (1, 0) if measure.better == "up" else (0, 1)
    shown = ~(np.isnan(rate[0]) | np.isnan(rate[1]))
    if not shown.all():
        count = [np.where(shown, one, np.nan) for one in count]
    low, high = _interval(
        count[first], base[first], count[second], base[second], confidence=confidence
    )
    ratio = np.full(len(shown), np.nan)
    np.divide(rate[0], rate[1], out=ratio, where=shown & (rate[1] > 0))
    carried = [name for name in ("missing_members",) if name in rates.columns]
    return pd.DataFrame(
        {
            **{name: rates[name].array.take(sides[0]) for name in (*keys, *carried)},
            "gap_pp": 100 * (rate[first] - rate[second]),
            "gap_low": 100 * low,
            "gap_high": 100 * high,
            "ratio": ratio,
            f"rate_{group}": rate[0],
            f"rate_{reference}": rate[1],
            f"n_{group}": base[0],
            f"n_{reference}": base[1],
            "status": _statuses(rates, sides),
            "note": _notes(rates, measure.id, sides),
        },
        copy=False,
    )


def _interval(*counted: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Newcombe's interval in blocks whose intermediate arrays stay in the processor's cache."""
    low, high = np.empty(len(counted[0])), np.empty(len(counted[0]))
    for start in range(0, len(low), _BLOCK):
        block = slice(start, start + _BLOCK)
        low[block], high[block] = difference_interval(
            *(one[block] for one in counted), confidence=confidence
        )
    return low, high


def _taken(column: pd.Series, rows: np.ndarray) -> np.ndarray:
    """Values of `column` at `rows`; missing where the row is -1."""
    if not len(column):
        return np.full(len(rows), np.nan)
    values: np.ndarray = column.to_numpy(dtype=float)[rows]
    if len(rows) and rows.min() < 0:
        values[rows < 0] = np.nan
    return values


def _statuses(rates: pd.DataFrame, sides: Sequence[np.ndarray]) -> pd.Categorical:
    """The worst status of the rows that a result rests on; a row that is not there has none."""
    codes = _codes_at(recoded(rates["status"], STATUSES), sides, absent=-1)
    return pd.Categorical.from_codes(codes, categories=pd.Index(STATUSES))


def _notes(rates: pd.DataFrame, measure: str, sides: Sequence[np.ndarray]) -> pd.Categorical:
    name = f"{measure}_note"
    known = np.zeros(len(rates), dtype="int8")
    if name in rates.columns:
        known = recoded(rates[name], NOTES)
    codes = _codes_at(known, sides, absent=0)
    return pd.Categorical.from_codes(codes, categories=pd.Index(NOTES))


def _codes_at(codes: np.ndarray, sides: Sequence[np.ndarray], *, absent: int) -> np.ndarray:
    """The largest code at the rows of each side, `absent` standing for the row -1."""
    if len(codes) and codes.min() == codes.max() >= absent and (sides[0] >= 0).all():
        return np.full(len(sides[0]), codes[0])
    padded = np.append(codes, np.int8(absent))
    return np.asarray(np.maximum.reduce([padded[rows] for rows in sides]))
