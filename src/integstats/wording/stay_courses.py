"""Rates by length of stay: in what order, from where to where, and how sure the differences are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.breaks import begins
from integstats.analysis.small_numbers import WARN_BELOW, rate_variance
from integstats.catalogue import Break, Dataset, Language
from integstats.errors import SchemaError
from integstats.wording import numbers
from integstats.wording.change import least_change
from integstats.wording.claims import Value
from integstats.wording.phrases import group_code

COLUMNS = ("dataset", "place", "period", "sex", "birth_region", "age", "length_of_stay", "n")
"""What is needed beside the rate; `n` is missing where no counts are published."""


def stay_words(code: str, lang: Language = "sv") -> str:
    """Return a length of stay in words.

    Raises
    ------
    SchemaError
        When it is not written as years: ``0-1``, or ``10-`` without an end.

    Examples
    --------
    >>> stay_words("0-1"), stay_words("10-"), stay_words("4-9", "en")
    ('0–1 år', '10+ år', '4–9 years')
    """
    first_year(code)
    years = f"{code[:-1]}+" if code.endswith("-") else numbers.span(code)
    return f"{years} {'år' if lang == 'sv' else 'years'}"


def first_year(code: str) -> int:
    """Return the first year of a length of stay, by which the lengths are ordered.

    Raises
    ------
    SchemaError
        When it is not written as years.

    Examples
    --------
    >>> sorted(["10-", "4-9", "0-1"], key=first_year)
    ['0-1', '4-9', '10-']
    """
    first, _, last = code.partition("-")
    if not first.isdigit() or "-" not in code or (last and not last.isdigit()):
        raise SchemaError(
            f"Not a length of stay in years: {code!r}. Write it as '0-1', or '10-' without an end."
        )
    return int(first)


def rates_by_stay(rows: pd.DataFrame, measure: str) -> dict[str, pd.DataFrame]:
    """Return the known rates of each length of stay, the shortest first."""
    shown = rows[rows[measure].notna().to_numpy()]
    codes = sorted(shown["length_of_stay"].astype(str).unique(), key=first_year)
    return {code: shown[(shown["length_of_stay"] == code).to_numpy()] for code in codes}


def stay_values(
    rows: pd.DataFrame,
    measure: str,
    *,
    reference: pd.DataFrame | None,
    breaks: Sequence[Break],
) -> dict[str, Value]:
    """Return the slots of one group: who, and the rates of its last period by length of stay.

    `levels` are those rates from the shortest stay to the longest, ``short_…`` and ``long_…``
    the two ends; `zs` are the differences between neighbours in standard errors, `ends_z` that
    of the ends; empty and absent where the persons behind the rates are not known.
    """
    by_stay = rates_by_stay(rows, measure)
    end = max(one["period"].max() for one in by_stay.values())
    last = {
        code: one[(one["period"] == end).to_numpy()].iloc[0]
        for code, one in by_stay.items()
        if (one["period"] == end).any()
    }
    row = next(iter(last.values()))
    sex = str(row["sex"])
    zs = [z_between(*pair, measure) for pair in pairwise(last.values())]
    ends_z = z_between(row, last[list(last)[-1]], measure)
    values: dict[str, Value] = {
        **whom(row, measure),
        "end_period": str(end),
        "levels": tuple(repr(float(one[measure])) for one in last.values()),
        "zs": tuple(repr(one) for one in zs) if None not in zs else (),
    }
    if ends_z is not None:
        values["ends_z"] = ends_z
    for name, code in (("short", next(iter(last))), ("long", list(last)[-1])):
        values |= {
            f"{name}_sv": stay_words(code, "sv"),
            f"{name}_en": stay_words(code, "en"),
            f"{name}_end": float(last[code][measure]),
        }
        start = start_of(by_stay[code], breaks)
        if start is not None:
            values[f"{name}_start"] = float(start[measure])
    if reference is not None:
        native = reference[(reference["sex"] == sex).to_numpy()]
        found = native[(native["period"] == end).to_numpy() & native[measure].notna().to_numpy()]
        if len(found):
            values["versus"] = group_code("native_born", sex)
            values["reference_end"] = float(found[measure].iloc[0])
    return values


def whom(row: pd.Series, measure: str) -> dict[str, Value]:
    """Return the slots that tell the group, and the least change that is called one."""
    revision = max((one.revision_pp for one in _datasets(row)), default=0.0)
    return {
        "group": group_code(str(row["birth_region"]), str(row["sex"])),
        "measure": measure,
        "place": str(row["place"]),
        "age": str(row["age"]),
        "unit": "share",
        "least": least_change(revision),
    }


def start_of(rows: pd.DataFrame, breaks: Sequence[Break]) -> pd.Series | None:
    """Return the first row that the last may be held against; none where there is no other."""
    ordered = rows.sort_values("period")
    freq = ordered["period"].dtype.freq
    for one in breaks:
        if one.effect == "blocks":
            ordered = ordered[(ordered["period"] >= begins(one, freq)).to_numpy()]
    return ordered.iloc[0] if len(ordered) > 1 else None


def z_between(first: pd.Series, second: pd.Series, measure: str) -> float | None:
    """Return the difference in standard errors; nothing where the persons are not known."""
    n = [float(one["n"]) for one in (first, second)]
    if not np.isfinite(n).all():
        return None
    rates = [float(one[measure]) for one in (first, second)]
    noise = max((one.noise_variance for one in _datasets(second)), default=0.0)
    variance = float(rate_variance(rates, n, noise_variance=noise).sum())
    # Rates of exactly 0 and 1 have no variance; their difference is sure all the same.
    return (rates[1] - rates[0]) / math.sqrt(max(variance, 1e-12))


def shortcomings(rows: pd.DataFrame, measure: str) -> dict[str, Value]:
    """Return which lengths of stay have hidden rates, and which few persons."""
    row = rows.iloc[0]
    values: dict[str, Value] = {**whom(row, measure), "limit": WARN_BELOW}
    shown = rows[measure].notna()
    for name, concerned in (
        ("hidden", ~shown),
        ("small", shown & (rows["n"] < WARN_BELOW)),
    ):
        codes = sorted(rows.loc[concerned, "length_of_stay"].astype(str).unique(), key=first_year)
        for lang in ("sv", "en"):
            values[f"{name}_{lang}"] = tuple(stay_words(code, lang) for code in codes)
    return values


def _datasets(row: pd.Series) -> list[Dataset]:
    """The datasets of the catalogue that a row comes from; none of own and invented figures."""
    known = catalogue.datasets()
    return [known[one] for one in str(row["dataset"]).split(";") if one in known]
