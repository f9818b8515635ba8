"""How a gap has moved: where the comparison starts and ends, and how sure the change is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.breaks import as_one_age, mark_breaks
from integstats.analysis.gaps import Comparator
from integstats.analysis.small_numbers import rate_variance
from integstats.errors import SchemaError
from integstats.table import require
from integstats.wording.change import Levels, least_change
from integstats.wording.claims import Value
from integstats.wording.phrases import Subject, comparator_code, group_code

REQUIRED = (
    "place",
    "period",
    "sex",
    "age",
    "gap_pp",
    "gap_low",
    "gap_high",
    "rate_foreign_born",
    "rate_native_born",
    "n_foreign_born",
    "n_native_born",
)
SEXES = ("women", "men", "total")
PER_YEAR = {"M": 12, "Q": 4, "Y": 1}


@dataclass(frozen=True)
class Course:
    """The gap of one sex: where the comparison starts and ends.

    `start` is None where there is one period only; `whole_years` tells whether the two lie in
    the same season, `broken` whether a blocking break kept the comparison from starting earlier.
    `z` is the change divided by its standard error.
    """

    subject: Subject
    start: pd.Series | None
    end: pd.Series
    z: float | None
    least: float
    whole_years: bool
    broken: bool

    @property
    def levels(self) -> Levels | None:
        """The levels behind the gap at both ends."""
        if self.start is None:
            return None
        return Levels(
            own_before=float(self.start["rate_foreign_born"]),
            own_now=float(self.end["rate_foreign_born"]),
            reference_before=float(self.start["rate_native_born"]),
            reference_now=float(self.end["rate_native_born"]),
        )

    def values(self) -> dict[str, Value]:
        """Return the slots of sentences about the course."""
        values: dict[str, Value] = {
            **self.subject.values(),
            "end": float(self.end["gap_pp"]),
            "end_period": str(self.end["period"]),
            "low": float(self.end["gap_low"]),
            "high": float(self.end["gap_high"]),
            "n": float(self.end["n_foreign_born"]),
            "own_end": float(self.end["rate_foreign_born"]),
            "reference_end": float(self.end["rate_native_born"]),
            "least": self.least,
            "decimals": 1,
            "whole_years": self.whole_years,
            "broken": self.broken,
        }
        if self.start is not None and self.levels is not None:
            values["start"] = float(self.start["gap_pp"])
            values["start_period"] = str(self.start["period"])
            values |= self.levels.values()
        if self.z is not None:
            values["z"] = self.z
        return values


def gap_courses(
    gaps: pd.DataFrame, measure: str, *, comparator: Comparator = "same_sex"
) -> list[Course]:
    """Return how the gap of each sex has moved; both sexes together only where alone.

    The comparison ends at the latest period with a gap and starts at the earliest one that lies
    whole years before it, or else at the earliest; never on the other side of a blocking break.
    """
    require(gaps, REQUIRED, what="The text of a gap")
    lasting = as_one_age(gaps) if "dataset" in gaps else gaps
    for key in ("place", "age"):
        found = sorted({str(one) for one in lasting[key].unique()})
        if len(found) != 1:
            raise SchemaError(
                f"The text of a gap over time needs one {key}; got {len(found)}: "
                f"{', '.join(found[:5]) or 'no rows'}. Select one first."
            )
    courses: list[Course] = []
    for sex in SEXES:
        rows = gaps[((gaps["sex"] == sex) & gaps["gap_pp"].notna()).to_numpy()]
        if len(rows) and not (sex == "total" and courses):
            courses.append(_course(rows.sort_values("period"), measure, sex, comparator))
    if not courses:
        raise SchemaError(
            "The text of a gap needs at least one period with a gap; every gap_pp is missing. "
            "Choose a place with more persons."
        )
    return courses


def _unbroken(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The rows since the latest blocking break."""
    if "dataset" not in rows:
        return rows
    segment = mark_breaks(rows, measure)["segment"].to_numpy()
    return rows[segment == segment[-1]]


def _course(rows: pd.DataFrame, measure: str, sex: str, comparator: Comparator) -> Course:
    shown = len(rows)
    rows = _unbroken(rows, measure)
    end = rows.iloc[-1]
    step = PER_YEAR[frequency(rows)]
    apart = end["period"].ordinal - rows["period"].map(lambda period: period.ordinal)
    whole = rows[((apart > 0) & (apart % step == 0)).to_numpy()]
    earlier = whole if len(whole) else rows.iloc[:-1]
    start = earlier.iloc[0] if len(earlier) else None
    name = str(end["dataset"]).partition(";")[0] if "dataset" in rows else ""
    dataset = catalogue.datasets().get(name)
    noise, revision = (dataset.noise_variance, dataset.revision_pp) if dataset else (0.0, 0.0)
    return Course(
        subject=Subject(
            group=group_code("foreign_born", sex),
            measure=measure,
            unit="pp",
            place=str(end["place"]),
            versus=comparator_code(comparator, sex),
        ),
        start=start,
        end=end,
        z=None if start is None else _z(start, end, noise),
        least=least_change(revision),
        whole_years=bool(len(whole)),
        broken=len(rows) < shown,
    )


def _z(start: pd.Series, end: pd.Series, noise: float) -> float | None:
    """Return the fall of a gap divided by its standard error."""
    spread = sum(
        float(rate_variance(row[f"rate_{side}"], row[f"n_{side}"], noise_variance=noise))
        for row in (start, end)
        for side in ("foreign_born", "native_born")
    )
    if not spread > 0:
        return None
    return float((start["gap_pp"] - end["gap_pp"]) / (100 * np.sqrt(spread)))


def frequency(gaps: pd.DataFrame) -> str:
    """Return M, Q or Y: how often the gaps are measured."""
    return str(gaps["period"].dtype.freq.freqstr)[0]
