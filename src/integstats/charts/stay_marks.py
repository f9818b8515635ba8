"""What a chart of a rate by length of stay draws: its lines, panel by panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from integstats import catalogue
from integstats.analysis.breaks import breaks_between
from integstats.analysis.small_numbers import WARN_BELOW, proportion_interval
from integstats.catalogue import Break
from integstats.charts import inputs, theme
from integstats.errors import SchemaError
from integstats.table import BASE_KEYS, TOTAL, key_columns, require, require_unique
from integstats.wording.stay_courses import first_year

WHO = "stay_lines()"
TOGETHER = 4
"""More lengths of stay than this have a panel each."""
REQUIRED = (*BASE_KEYS, "length_of_stay", "status")
DASHES: tuple[tuple[float, ...], ...] = ((1, 1.2), (2.5, 1.3), (6, 1.5), ())
"""From the shortest stay to the longest, which is always the last of them."""
WIDTHS = (1.3, 1.6, 1.9, 2.3)


@dataclass(frozen=True, eq=False)
class Line:
    """One line: the rows of a length of stay or of the native-born, sorted by period."""

    stay: str
    rows: pd.DataFrame
    color: str
    dashes: tuple[float, ...]
    marker: str
    width: float


@dataclass(frozen=True, eq=False)
class Marks:
    """What the panels draw.

    `panels` holds the lines of each panel by what it shows: a sex, or a length of stay where
    there are more than four; `rows` are all of them with the columns ``n`` (persons in the
    denominator, missing where no counts are published), ``low`` and ``high`` (the 95 %
    interval, shares).
    """

    panels: dict[str, tuple[Line, ...]]
    rows: pd.DataFrame
    reference: pd.DataFrame
    breaks: tuple[Break, ...]
    measure: str

    @property
    def by_stay(self) -> bool:
        """Whether each length of stay has a panel."""
        return bool(set(self.panels) - {*inputs.SEXES, TOTAL})


def marks(rates: pd.DataFrame, measure: str) -> Marks:
    """Return what the panels draw from the rates of one place.

    Raises
    ------
    SchemaError
        When a required column is missing, there is more than one place, age, dataset, vintage or
        birth region by length of stay, another key is not ``total``, a period stands twice, no
        rate is known, or more than four lengths of stay come for women and men at once.
    """
    rows = _checked(rates, measure)
    stays = rows["length_of_stay"].astype(str)
    is_reference = (stays == TOTAL) & (rows["birth_region"] == "native_born")
    reference, own = rows[is_reference.to_numpy()], rows[(stays != TOTAL).to_numpy()]
    if own.empty or own[measure].isna().all():
        raise SchemaError(
            f"{WHO} has no rate to draw: every {measure} by length of stay is missing."
        )
    _require_one(own, "birth_region")
    codes = sorted(own["length_of_stay"].astype(str).unique(), key=first_year)
    sexes = [sex for sex in (*inputs.SEXES, TOTAL) if (own["sex"] == sex).any()]
    if len(codes) > TOGETHER:
        if len(sexes) > 1:
            raise SchemaError(
                f"{WHO} draws more than {TOGETHER} lengths of stay in a panel each, for one sex; "
                f"got {len(codes)} for {', '.join(sexes)}. Select one sex first."
            )
        panels = {code: _lines(own, reference, sexes[0], [code]) for code in codes}
    else:
        panels = {sex: _lines(own, reference, sex, codes) for sex in sexes}
    order = {sex: at for at, sex in enumerate(sexes)}
    own = own.assign(_at=own["sex"].astype(str).map(order), _stay=stays[own.index].map(first_year))
    own = own.sort_values(["_at", "_stay", "period"], kind="stable").drop(columns=["_at", "_stay"])
    breaks = breaks_between(
        dataset=str(own["dataset"].iloc[0]),
        measure=measure,
        age=str(own["age"].iloc[0]),
        place=str(own["place"].iloc[0]),
        start=own["period"].min(),
        end=own["period"].max(),
    )
    return Marks(panels, own.reset_index(drop=True), reference, breaks, measure)


def _require_one(rows: pd.DataFrame, key: str) -> None:
    """Refuse rows with several values of a key."""
    found = [str(one) for one in rows[key].unique()]
    if len(found) > 1:
        raise SchemaError(
            f"{WHO} draws one {key}; got {len(found)}: {', '.join(found[:5])}"
            f"{', …' if len(found) > 5 else ''}. Select one first."
        )


def _checked(rates: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The rows of women and men, or of both together, with persons and intervals."""
    what = catalogue.measure(measure)
    require(rates, [*REQUIRED, measure], what=f"{WHO} of {measure} (call rates() first)")
    rows = rates[rates["sex"].isin(inputs.SEXES).to_numpy()]
    rows = rows if len(rows) else rates[(rates["sex"] == TOTAL).to_numpy()]
    if rows.empty:
        raise SchemaError(f"{WHO} needs rows with sex women, men or total; got none.")
    for key in inputs.IDENTITY:
        _require_one(rows, key)
    for key in key_columns(rows):
        found = sorted({str(one) for one in rows[key].unique()} - {TOTAL})
        if key not in (*BASE_KEYS, "length_of_stay") and found:
            raise SchemaError(
                f"{WHO} draws {key} total; got {', '.join(found[:5])}"
                f"{', …' if len(found) > 5 else ''}. Select total first."
            )
    keys = ["sex", "birth_region", "length_of_stay", "period"]
    require_unique(rows, keys, what=WHO)
    n = rows[what.denominator] if what.denominator in rows else pd.Series(np.nan, rows.index)
    rate = rows[measure].to_numpy(dtype=float)
    persons = n.to_numpy(dtype=float)
    low, high = proportion_interval(rate * persons, persons)
    rows = rows.assign(n=persons, low=low, high=high, unit="share")
    return rows.sort_values(keys, kind="stable", ignore_index=True)


def _lines(
    own: pd.DataFrame, reference: pd.DataFrame, sex: str, codes: Sequence[str]
) -> tuple[Line, ...]:
    """The native-born, then each length of stay, of one sex."""
    lines = []
    style = theme.look("native_born", sex)
    native = reference[(reference["sex"] == sex).to_numpy()].reset_index(drop=True)
    if len(native):
        # Alone in its panel and grey, it needs no dashes, which here mean a short stay.
        lines.append(Line("", native, style.color, (), style.marker, style.width))
    style = theme.look("foreign_born", sex)
    for at, code in enumerate(codes, start=len(DASHES) - len(codes)):
        chosen = (own["sex"] == sex) & (own["length_of_stay"] == code)
        rows = own[chosen.to_numpy()].reset_index(drop=True)
        lines.append(Line(code, rows, style.color, DASHES[at], style.marker, WIDTHS[at]))
    return tuple(lines)


def draw(axes: Sequence[Axes], data: Marks) -> None:
    """Draw the marks of the panels, without title, footer, labels or ticks.

    Parameters
    ----------
    axes
        One for each of `data.panels`: years on x (`theme.time_values`), rates (shares 0–1) on y.
        The interval of the last rate of each line is a vertical stroke; rates of fewer than 50
        persons have hollow dots.
    data
        What `marks` returned.
    """
    freq = data.rows["period"].dtype.freq
    cuts = theme.edges(inputs.cuts(data.breaks, freq), freq).tolist()
    for ax, lines in zip(axes, data.panels.values(), strict=True):
        for at in cuts:
            ax.axvline(
                at, color=theme.MUTED, linewidth=0.8 * theme.scale(), dashes=(1, 2), zorder=1
            )
        for one in lines:
            _draw_line(ax, one, data.measure, cuts)


def _draw_line(ax: Axes, one: Line, measure: str, cuts: Sequence[float]) -> None:
    x = theme.time_values(one.rows["period"])
    y = one.rows[measure].to_numpy(dtype=float)
    theme.line(
        ax,
        x,
        y,
        color=one.color,
        width=one.width,
        dashes=one.dashes,
        marker=one.marker,
        preliminary=(one.rows["status"] == "preliminary").to_numpy(),
        cuts=cuts,
    )
    few = np.isfinite(y) & (one.rows["n"].to_numpy(dtype=float) < WARN_BELOW)
    last = inputs.last_known(one.rows, measure)
    if one.stay and few.any():
        size = 5.0 * theme.scale()
        face = theme.BACKGROUND
        ax.plot(
            x[few],
            y[few],
            one.marker,
            color=one.color,
            markerfacecolor=face,
            markersize=size,
            zorder=3,
        )
    if one.stay and last is not None:
        low, high = (float(one.rows[name].iloc[last]) for name in ("low", "high"))
        if np.isfinite(low) and np.isfinite(high):
            # The strokes of lines near each other may meet: each has its ends marked.
            ax.plot(
                [x[last]] * 2,
                [low, high],
                color=one.color,
                marker="_",
                markersize=5.0 * theme.scale(),
                linewidth=1.2 * theme.scale(),
                zorder=2,
            )
