"""What a chart of the net change by labour market status draws: bars one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb

from integstats.analysis.statuses import COMPONENTS
from integstats.charts import inputs, theme
from integstats.errors import SchemaError
from integstats.table import TOTAL, require, require_unique
from integstats.wording.status_courses import REQUIRED, STATUSES
from integstats.wording.status_sentences import breaks_by_component

BARS = (*STATUSES, "deviation", "population")
"""The bars from the top: the statuses, what noise leaves over, and what they add up to."""
HEIGHT = {"deviation": 0.22}
"""Height of a bar as a part of its row; 0.66 of the others."""
TINTS = {"unemployed": 1.0, "employed": 0.55, "deviation": 0.0, "population": 1.0}
"""How much of its colour a bar is filled with; 0.18 of the other statuses."""


@dataclass(frozen=True, eq=False)
class Marks:
    """What the panels draw.

    `by_sex` holds for each sex one row per bar of `BARS`: ``bar``, ``change`` (persons), and
    ``start`` and ``stop`` (persons) between which it is drawn; no rows where a change is missing.
    `colors` are those of the groups; `marked` the components that a break concerns.
    """

    by_sex: dict[str, pd.DataFrame]
    colors: dict[str, str]
    marked: frozenset[str]


def marks(changes: pd.DataFrame) -> Marks:
    """Return what the panels draw from the changes of one place and birth region.

    Raises
    ------
    SchemaError
        When a required column is missing, the changes are not those of the unemployment rate,
        there is more than one place, birth region, age or pair of periods, or a component stands
        twice or not at all.
    """
    rows = _checked(changes)
    birth = str(rows["birth_region"].iloc[0])
    by_sex = {
        sex: _bars(found.set_index(found["component"].astype(str))["change"])
        for sex in (*inputs.SEXES, TOTAL)
        if len(found := rows[(rows["sex"] == sex).to_numpy()])
    }
    everything = len(COMPONENTS)
    concerned = [one for one in breaks_by_component(rows).values() if len(one) < everything]
    return Marks(
        by_sex,
        {sex: theme.look(birth, sex).color for sex in by_sex},
        frozenset(name for names in concerned for name in names),
    )


def _checked(changes: pd.DataFrame) -> pd.DataFrame:
    what = "status_waterfall()"
    require(changes, REQUIRED, what=what)
    rows = changes[changes["sex"].isin(inputs.SEXES).to_numpy()]
    rows = rows if len(rows) else changes[(changes["sex"] == TOTAL).to_numpy()]
    if rows.empty:
        raise SchemaError(f"{what} needs rows with sex women, men or total; got none.")
    for key in (*inputs.IDENTITY, "birth_region", "period_start", "period_end"):
        found = [str(one) for one in rows[key].unique()]
        if len(found) > 1:
            raise SchemaError(
                f"{what} draws one {key}; got {len(found)}: {', '.join(found[:5])}"
                f"{', …' if len(found) > 5 else ''}. Select one first."
            )
    require_unique(rows, ["sex", "component"], what=what)
    for sex, one in rows.groupby("sex", observed=True):
        lacking = [name for name in COMPONENTS if name not in set(one["component"].astype(str))]
        if lacking:
            raise SchemaError(
                f"{what} needs every component of a group; {sex} lacks {', '.join(lacking)}. "
                "Give what integstats.status_changes returned, whole."
            )
    explained = set(rows.loc[rows["explained"].to_numpy(dtype=bool), "component"].astype(str))
    if explained != {"unemployed"}:
        raise SchemaError(
            f"{what} draws the changes of the unemployment rate; got those that explain "
            f"{', '.join(sorted(explained)) or 'nothing else'}. Call "
            'status_changes(…, measure="unemployment_rate").'
        )
    return rows.reset_index(drop=True)


def _bars(changes: pd.Series) -> pd.DataFrame:
    """The bars one after another: each begins where the one above it ends, the last at zero."""
    if changes.isna().any():
        return pd.DataFrame({"bar": [], "change": [], "start": [], "stop": []})
    steps = [float(changes[name]) for name in STATUSES]
    population = float(changes["population"])
    steps.append(population - sum(steps))
    stops = np.cumsum(steps)
    return pd.DataFrame(
        {
            "bar": BARS,
            "change": [*steps, population],
            "start": [0.0, *stops[:-1], 0.0],
            "stop": [*stops[:-1], population, population],
        }
    )


def draw(axes: Sequence[Axes], data: Marks) -> None:
    """Draw the marks of the panels, without title, footer, labels or ticks.

    Parameters
    ----------
    axes
        One for each sex of `data.by_sex`: persons on x, the bars at 0, −1, −2, … on y. The first
        and the last bar begin at zero, each between them where the one above it ends.
    data
        What `marks` returned.
    """
    for ax, (sex, bars) in zip(axes, data.by_sex.items(), strict=True):
        last = 0.5 - len(BARS)
        ax.vlines(0, last, 0.5, color=theme.MUTED, linewidth=0.8 * theme.scale(), zorder=2)
        for at, one in enumerate(bars.itertuples(index=False)):
            color = color_of(str(one.bar), data.colors[sex])
            height = HEIGHT.get(str(one.bar), 0.66)
            ax.broken_barh(
                [(min(one.start, one.stop), abs(one.stop - one.start))],
                (-at - height / 2, height),
                facecolor=tinted(str(one.bar), color),
                edgecolor=color,
                linewidth=0.8 * theme.scale(),
                zorder=2.5,
            )
        if len(bars):
            # The line above a sum, as in a column of figures.
            ends = bars[["start", "stop"]].to_numpy()
            ax.hlines(
                last + 1,
                ends.min(),
                ends.max(),
                color=theme.MUTED,
                linewidth=0.6 * theme.scale(),
                linestyle=(0, (2, 1.5)),
            )
            y = -np.arange(len(bars) - 1, dtype=float)
            ax.vlines(
                bars["stop"].to_numpy()[:-1],
                y - 1,
                y,
                color=theme.MUTED,
                linewidth=0.6 * theme.scale(),
                zorder=2.2,
            )


def color_of(bar: str, color: str) -> str:
    """Return the colour of a bar, given that of the group: a status has the group's."""
    return theme.MUTED if bar in ("deviation", "population") else color


def tinted(bar: str, color: str) -> str:
    """Return what a bar is filled with, given its colour."""
    part = TINTS.get(bar, theme.BAND_ALPHA)
    red, green, blue = (part * one + (1 - part) for one in to_rgb(color))
    return to_hex((red, green, blue))
