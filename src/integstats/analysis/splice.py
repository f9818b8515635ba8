"""Two series of different definitions joined into one, on request only, and labelled as such."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.breaks import DEFINITION, breaks_between
from integstats.analysis.inputs import require_word, row_groups
from integstats.errors import IncomparableError, SchemaError, UsageError
from integstats.table import (
    STATUSES,
    as_category,
    concat,
    key_columns,
    parse_period,
    require,
    require_unique,
    sort,
)

Method = Literal["overlap_ratio", "overlap_difference"]


def splice(
    older: pd.DataFrame,
    newer: pd.DataFrame,
    *,
    measure: str,
    by: Method,
    overlap: tuple[str | pd.Period, str | pd.Period] | None = None,
) -> pd.DataFrame:
    """Lift an older series to the level of a newer one, by the periods both have.

    Parameters
    ----------
    older, newer
        Tables of one dataset, vintage and age span each, of one frequency and the same other
        keys.
    measure
        The column to splice, a rate or a count; others are left out.
    by
        ``overlap_ratio``: older figures × Σ newer / Σ older over the overlap;
        ``overlap_difference``: older figures + the mean of newer − older over the overlap. One
        factor or difference for every place and other key.
    overlap
        First and last period of the overlap, both included; all periods that both have when left
        out.

    Returns
    -------
    pandas.DataFrame
        The keys; `measure`; ``status`` (``derived`` where adjusted); ``splice_note`` (category:
        method, first and last period and number of periods of the overlap where adjusted,
        otherwise empty), ``splice_periods`` (int64: how many periods the adjustment rests on, 0
        where not adjusted) and ``splice_adjustment`` (float64: the factor, or what was added;
        missing where not adjusted). ``dataset`` and ``vintage``, and ``age`` where the two
        differ, name both, joined by ``;``. The newer figures stand unchanged from their first
        known period on, the adjusted older ones before it. Periods without a figure are left out,
        never filled in.

    Raises
    ------
    IncomparableError
        When a place (or other key) has no period in which both figures are known; when a
        blocking break of either lies inside the overlap; when a frame mixes datasets, vintages or
        ages; or when an adjusted figure is impossible (below 0, or a rate above 1).
    SchemaError
        When a column is absent or the keys differ.
    UsageError
        For an unknown method or an overlap that ends before it begins.

    Notes
    -----
    Nothing says that the two definitions differ by the same factor, or amount, before the
    overlap as in it. The result is for showing a long line, labelled; never for a verdict.

    Examples
    --------
    >>> def years(dataset, first, rates):
    ...     return pd.DataFrame({"dataset": dataset, "vintage": "2024-01-01.00000000",
    ...         "place": "00", "age": "20-64", "status": "final", "employment_rate": rates,
    ...         "period": pd.period_range(first, periods=len(rates), freq="Y")})
    >>> whole = splice(years("scb-rams-year", "2018", [0.76, 0.77, 0.75]),
    ...                years("scb-bas-year", "2020", [0.765, 0.79]),
    ...                measure="employment_rate", by="overlap_difference")
    >>> whole[["period", "employment_rate", "status"]].astype(str).values.tolist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [['2018', '0.775', 'derived'], ['2019', '0.785', 'derived'], ['2020', '0.765', 'final'],
     ['2021', '0.79', 'final']]
    >>> whole["splice_note"].iloc[0]
    'overlap_difference 2020–2020, 1 period'
    """
    require_word(by, Method, name="by")
    frames = [_read(frame, measure, name) for frame, name in ((older, "older"), (newer, "newer"))]
    about = _shared_keys(*frames)
    bounds = _bounds(overlap, frames[0])
    both = concat([frame[[*about]] for frame in frames])
    split = len(frames[0])
    parts = []
    for rows in row_groups(both, about):
        old, new = frames[0].iloc[rows[rows < split]], frames[1].iloc[rows[rows >= split] - split]
        parts.append(_spliced(old, new, measure, by, bounds, about))
    result = concat(parts)
    for name in DEFINITION:
        if name in frames[0]:
            words = [str(frame[name].iloc[0]) for frame in frames]
            joined = words[0] if name == "age" and words[0] == words[1] else ";".join(words)
            result[name] = as_category([joined] * len(result))
    result["splice_note"] = as_category(result["splice_note"], [""])
    columns = [
        *key_columns(result),
        measure,
        "status",
        "splice_note",
        "splice_periods",
        "splice_adjustment",
    ]
    return sort(result[columns])


def _read(frame: pd.DataFrame, measure: str, name: str) -> pd.DataFrame:
    require(frame, ["dataset", "place", "period", "age", measure, "status"], what=f"{name} table")
    for key in DEFINITION:
        if key in frame and frame[key].nunique() > 1:
            raise IncomparableError(
                f"The {name} table has more than one {key}: "
                f"{', '.join(map(str, frame[key].unique()[:4]))}. Choose one to splice."
            )
    keys = key_columns(frame)
    require_unique(frame, keys, what=f"The {name} table")
    known = frame[[*keys, measure, "status"]]
    return known[known[measure].notna().to_numpy()].reset_index(drop=True)


def _shared_keys(older: pd.DataFrame, newer: pd.DataFrame) -> list[str]:
    keys = [key_columns(frame) for frame in (older, newer)]
    if set(keys[0]) != set(keys[1]):
        lone = sorted(set(keys[0]) ^ set(keys[1]))
        raise SchemaError(f"Only one of the tables has the keys {', '.join(lone)}; both need them.")
    frequencies = [frame["period"].dtype for frame in (older, newer)]
    if frequencies[0] != frequencies[1]:
        raise IncomparableError(
            f"The tables have the frequencies {frequencies[0]} and {frequencies[1]}; splice "
            "figures of one frequency."
        )
    return [key for key in keys[0] if key not in (*DEFINITION, "period")]


def _bounds(
    overlap: tuple[str | pd.Period, str | pd.Period] | None, frame: pd.DataFrame
) -> tuple[pd.Period, pd.Period] | None:
    if overlap is None:
        return None
    first, last = (parse_period(one, frame["period"].dtype.freq) for one in overlap)
    if last < first:
        raise UsageError(f"The overlap ends before it begins: {first} to {last}.")
    return first, last


def _spliced(
    old: pd.DataFrame,
    new: pd.DataFrame,
    measure: str,
    by: Method,
    bounds: tuple[pd.Period, pd.Period] | None,
    about: list[str],
) -> pd.DataFrame:
    one = (old if len(old) else new).iloc[0]
    named = ", ".join(
        catalogue.place_label(str(one[key])) if key == "place" else str(one[key]) for key in about
    )
    common = old[["period", measure]].merge(
        new[["period", measure]], on="period", suffixes=("_old", "_new")
    )
    if bounds is not None:
        common = common[common["period"].between(*bounds)]
    if common.empty:
        spans = [f"{frame['period'].min()}–{frame['period'].max()}" for frame in (old, new)]
        within = "" if bounds is None else f" within {bounds[0]}–{bounds[1]}"
        raise IncomparableError(
            f"{named}: no period{within} has both figures of {measure} (older "
            f"{spans[0] if len(old) else 'none'}, newer {spans[1] if len(new) else 'none'}); "
            "without an overlap nothing says how the two differ. Show them side by side."
        )
    first, last = common["period"].min(), common["period"].max()
    for frame in (old, new):
        _refuse_broken_overlap(frame.iloc[0], measure, first, last)
    earlier = old[(old["period"] < new["period"].min()).to_numpy()]
    sums = common[f"{measure}_old"].sum(), common[f"{measure}_new"].sum()
    if by == "overlap_ratio":
        if sums[0] == 0:
            raise IncomparableError(
                f"{named}: the older figures of the overlap are 0, so no ratio exists. Use "
                "overlap_difference, or show the series side by side."
            )
        adjustment = sums[1] / sums[0]
        values = earlier[measure] * adjustment
    else:
        adjustment = (sums[1] - sums[0]) / len(common)
        values = earlier[measure] + adjustment
    highest = 1.0 if measure in catalogue.measures() else np.inf
    if ((values < 0) | (values > highest)).any():
        raise IncomparableError(
            f"{named}: {by} gives impossible figures of {measure} "
            f"({values.min():.3g} to {values.max():.3g}). Use another method, or show the series "
            "side by side."
        )
    periods = len(common)
    note = f"{by} {first}–{last}, {periods} period{'s' * (periods > 1)}"
    adjusted = earlier.assign(
        **{measure: values},
        status=pd.Categorical(["derived"] * len(earlier), categories=list(STATUSES)),
        splice_note=note,
        splice_periods=periods,
        splice_adjustment=adjustment,
    )
    unchanged = new.assign(splice_note="", splice_periods=0, splice_adjustment=np.nan)
    return pd.concat([adjusted, unchanged.astype({"status": adjusted["status"].dtype})])


def _refuse_broken_overlap(row: pd.Series, measure: str, first: pd.Period, last: pd.Period) -> None:
    inside = breaks_between(
        dataset=str(row["dataset"]),
        measure=measure,
        age=str(row["age"]),
        place=str(row["place"]),
        start=first,
        end=last,
        effect="blocks",
    )
    if inside:
        raise IncomparableError(
            f"The overlap {first}–{last} is itself broken: {inside[0].id} "
            f"({inside[0].first_period}) lies inside it in {row['dataset']}. Give an overlap on "
            "one side of it."
        )
