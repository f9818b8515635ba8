"""How large is the gap and how has it moved? Four rates above, the gaps of women and men below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from integstats import catalogue
from integstats.catalogue import Language
from integstats.charts import frame, theme
from integstats.charts.frame import Canvas, EndLabel
from integstats.wording import numbers

SEXES = ("women", "men")
BIRTH_REGIONS = ("native_born", "foreign_born")
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
    "status",
)


@dataclass(frozen=True, eq=False)
class Marks:
    """What the two panels draw: per sex a frame sorted by period, with the required columns."""

    by_sex: dict[str, pd.DataFrame]
    periods: pd.PeriodIndex


def draw(axes: tuple[Axes, Axes], data: Marks) -> None:
    """Draw the marks of both panels, without title, footer or labels.

    Parameters
    ----------
    axes
        The upper axes take the four rates (shares 0–1), the lower ones the gaps of women and men
        with their intervals (percentage points).
    data
        What `marks` returned.
    """
    upper, lower = axes
    lower.axhline(0, color=theme.MUTED, linewidth=0.8 * theme.scale(), zorder=1)
    for sex, rows in data.by_sex.items():
        x = theme.time_values(rows["period"])
        single = len(rows) == 1
        for birth in BIRTH_REGIONS:
            theme.line(upper, x, rows[f"rate_{birth}"], theme.look(birth, sex), single=single)
        style = theme.look("foreign_born", sex)
        lower.fill_between(
            x, rows["gap_low"], rows["gap_high"], facecolor=style.color, alpha=0.2, linewidth=0
        )
        theme.line(lower, x, rows["gap_pp"], style, single=single)


def marks(gaps: pd.DataFrame) -> Marks:
    """Return what the panels draw from the gaps of one place.

    Raises
    ------
    SchemaError
        When a required column is missing, or there are rows of more than one place or age.
    """
    require(gaps, REQUIRED, what="gap_trend()")
    for key in ("place", "age"):
        found = sorted({str(one) for one in gaps[key].unique()})
        if len(found) > 1:
            raise SchemaError(
                f"gap_trend() draws one {key}; got {len(found)}: {', '.join(found[:5])}. "
                f"Select one first."
            )
    by_sex = {
        sex: rows.sort_values("period", ignore_index=True)
        for sex in SEXES
        if len(rows := gaps[(gaps["sex"] == sex).to_numpy()])
    }
    if not by_sex:
        raise SchemaError("gap_trend() needs rows for women or men; got none.")
    return Marks(
        by_sex, pd.PeriodIndex(sorted({p for rows in by_sex.values() for p in rows["period"]}))
    )


def paint(canvas: Canvas, data: Marks) -> None:
    """Draw both panels with their axes and end labels on a canvas."""
    lang = canvas.lang
    rates = np.concatenate(
        [
            rows[f"rate_{birth}"].to_numpy(float)
            for rows in data.by_sex.values()
            for birth in BIRTH_REGIONS
        ]
    )
    spans = np.concatenate(
        [rows[c].to_numpy(float) for rows in data.by_sex.values() for c in ("gap_low", "gap_high")]
    )
    upper_labels, lower_labels = _labels(data, lang)
    both = [*upper_labels, *lower_labels]
    widest = [numbers.tick(0.25, unit="percent", decimals=1, lang=lang)]
    words = PANELS[lang]
    upper = canvas.panel(share=0.5, labels=both, heading=words[0], ticks=widest, below=False)
    lower = canvas.panel(above=0.53, share=0.47, labels=both, heading=words[1], ticks=widest)
    upper.set_ylim(*frame.padded(rates, zero=False))
    lower.set_ylim(*frame.padded(spans, zero=True))
    first, last = data.periods[0], data.periods[-1]
    low, high = theme.time_values(pd.PeriodIndex([first, last]))
    pad = max(0.01 * (high - low), 0.04)
    for axes in (upper, lower):
        axes.set_xlim(low - pad, high + pad)
        theme.time_axis(axes, first, last, lang=lang)
    upper.tick_params(labelbottom=False)
    draw((upper, lower), data)
    theme.value_axis(upper, "percent", lang=lang, count=4)
    theme.value_axis(lower, "points", lang=lang, count=4)
    canvas.end_labels(upper, upper_labels)
    canvas.end_labels(lower, lower_labels)
