"""What a chart of places sorted by their gap draws, and the ranks that each place may have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.ranking import rank_confidence_sets
from integstats.analysis.small_numbers import WARN_BELOW, rate_variance
from integstats.charts import inputs
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean
from integstats.table import parse_period, require
from integstats.wording.ranked_sentences import COUNTRY

WHO = "ranked_dots()"


@dataclass(frozen=True, eq=False)
class Marks:
    """What is drawn.

    `rows` are those of `integstats.gaps` without the country, the smallest gap first and missing
    ones last, with `rank_low` and `rank_high`; `country` is its gap in percentage points, missing
    where it is not in the frame; `highlight` the key of a place; `sex` whose gap it is.
    """

    rows: pd.DataFrame
    country: float
    highlight: str | None
    sex: str

    @property
    def places(self) -> tuple[str, ...]:
        """Keys of the places, in order."""
        return tuple(str(one) for one in self.rows["place"])

    @property
    def small(self) -> np.ndarray:
        """Which places rest on few persons."""
        few = self.rows[["n_foreign_born", "n_native_born"]].min(axis=1) < WARN_BELOW
        return np.asarray(few, dtype=bool)


def marks(
    gaps: pd.DataFrame,
    *,
    sex: str = "women",
    period: str | pd.Period | None = None,
    highlight: str | None = None,
) -> Marks:
    """Return what is drawn of one period and sex, with the ranks that each place may have.

    Raises
    ------
    SchemaError
        When a required column is missing, there are several ages or datasets, a place stands
        twice, or no rows are left.
    UnknownCodeError
        When the frame has no rows of the sex or of the highlighted place.
    UsageError
        When the country is to be highlighted, which is not ranked.
    """
    require(gaps, inputs.REQUIRED, what=WHO)
    known = [str(one) for one in gaps["sex"].unique()]
    if sex not in known:
        raise UnknownCodeError(
            f"{WHO} has no rows with sex = {sex!r}.{did_you_mean(sex, known)} The frame has: "
            f"{', '.join(known) or 'no rows'}."
        )
    moment = (
        gaps["period"].max() if period is None else parse_period(period, gaps["period"].dtype.freq)
    )
    rows = gaps[((gaps["sex"] == sex) & (gaps["period"] == moment)).to_numpy()]
    if rows.empty:
        first, last = gaps["period"].min(), gaps["period"].max()
        raise SchemaError(
            f"{WHO} has no rows of the period {period}; the gaps run from {first} to {last}."
        )
    rows = inputs.checked(rows, what=WHO, single=("age", "dataset"))
    is_country = (rows["place"] == COUNTRY).to_numpy()
    level = rows.loc[is_country, "gap_pp"].to_numpy(dtype=float)
    ranked = _with_ranks(rows[~is_country])
    if ranked["gap_pp"].isna().all():
        raise SchemaError(
            f"{WHO} has no gap to draw: every gap_pp is missing, or only the country is there. "
            "Load places with more persons."
        )
    key = None if highlight is None else _key_of(highlight, ranked)
    return Marks(
        ranked.sort_values("gap_pp", kind="stable", ignore_index=True),
        float(level[0]) if len(level) else float("nan"),
        key,
        sex,
    )


def _with_ranks(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the ranks that each place may have, 1 being the smallest gap."""
    dataset = catalogue.datasets().get(str(rows["dataset"].iloc[0])) if len(rows) else None
    noise = dataset.noise_variance if dataset else 0.0
    variance = np.zeros(len(rows))
    for birth in ("foreign_born", "native_born"):
        rate, n = (rows[f"{one}_{birth}"].to_numpy(dtype=float) for one in ("rate", "n"))
        # Where nobody or everybody is counted the variance of the rate itself would be 0.
        smooth = (np.clip(rate, 0, 1) * n + 0.5) / (n + 1)
        variance = variance + rate_variance(smooth, n, noise_variance=noise)
    known = rows[["gap_pp", "gap_low", "gap_high"]].notna().all(axis=1).to_numpy()
    sets = rank_confidence_sets(
        np.where(known, rows["gap_pp"].to_numpy(dtype=float), np.nan),
        100 * np.sqrt(variance),
        better="down",
    )
    ranks = sets[["rank_low", "rank_high"]].set_axis(rows.index)
    if rows["gap_low"].max() <= rows["gap_high"].min():
        known = ranks["rank_low"].notna().to_numpy()
        ranks.loc[known, ["rank_low", "rank_high"]] = [1, int(known.sum())]
    return rows.assign(rank_low=ranks["rank_low"], rank_high=ranks["rank_high"])


def _key_of(highlight: str, rows: pd.DataFrame) -> str:
    """Return the key of the place to stand out."""
    present = [str(one) for one in rows["place"]]
    key = highlight if highlight in present else catalogue.resolve(highlight).key
    if key == COUNTRY:
        raise UsageError(
            f"{WHO} does not rank the country, it is drawn as a line: highlight a place, or none."
        )
    return str(inputs.of_place(rows, key)["place"].iloc[0])
