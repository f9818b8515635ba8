"""One place, several sources: each by its own definition, never in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from integstats.catalogue import Language, Source
from integstats.charts import inputs, placement, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.editable import Dash, Editable, Marker, Series
from integstats.charts.frame import MARGIN, Canvas
from integstats.charts.labels import Label
from integstats.charts.text_size import LINE, POINTS, text_width, wrapped
from integstats.charts.theme import SizeName
from integstats.errors import UsageError
from integstats.table import TOTAL
from integstats.wording import numbers, phrases
from integstats.wording.claims import Text
from integstats.wording.source_sentences import SourceText, source_text
from integstats.wording.source_series import THEMES, SourceSeries, of_group, series_of, theme_of
from integstats.wording.terms import pick

TOGETHER = 4
"""So many series share a panel; more get one each."""
SHOWN = ("dataset", "measure", "age", "period", "value", "n", "status")
LABEL_PART = {"report": 0.36, "slide": 0.42, "square": 0.36}
"""Of the width, for the labels beside the lines."""
COLUMNS = {"report": 2, "slide": 3, "square": 2}
LEAST_SPAN = 0.02
"""Of the value axis, where all values are alike."""
PANEL_LINES = 6.5
"""Height of a panel's marks in lines of text."""
_STYLES: tuple[tuple[tuple[float, ...], str, str, Dash, Marker], ...] = (
    ((), "o", "●", "solid", "circle"),
    ((4.0, 1.6), "s", "■", "dash", "square"),
    ((1.2, 1.3), "D", "◆", "dot", "diamond"),
    ((6.0, 1.4, 1.2, 1.4), "^", "▲", "dash", "triangle"),
)
"""Dashes, marker, the marker as a sign in the label, and both in a native chart."""


@dataclass(frozen=True, eq=False)
class Line:
    """One series: years on x, shares on y, whether preliminary, and where no line crosses."""

    x: np.ndarray
    y: np.ndarray
    preliminary: np.ndarray
    cuts: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Marks:
    """The lines in order, their colour, the ends of the time axis, and whether each has a panel."""

    lines: tuple[Line, ...]
    color: str
    first: pd.Period
    last: pd.Period
    apart: bool


def marks(series: Sequence[SourceSeries], *, sex: str, birth_region: str) -> Marks:
    """Return what the chart draws of some series.

    A year stands at its own number where all are yearly; beside months or quarters it stands in
    the middle of the year.
    """
    periods = [pd.PeriodIndex([pd.Period(text) for text in one.rows["period"]]) for one in series]
    mixed = len({one.freqstr[0] for one in periods}) > 1
    shift = [0.5 if mixed and one.freqstr[0] == "Y" else 0.0 for one in periods]
    lines = tuple(
        Line(
            theme.time_values(index) + moved,
            one.rows["value"].to_numpy(dtype=float),
            (one.rows["status"] == "preliminary").to_numpy(),
            tuple((theme.edges([pd.Period(c) for c in one.cuts], index.freq) + moved).tolist()),
        )
        for one, index, moved in zip(series, periods, shift, strict=True)
    )
    fine = min((one.freqstr[0] for one in periods), key="MQY".index)
    return Marks(
        lines,
        theme.look(birth_region, sex).color,
        min(one[0].asfreq(fine, how="start") for one in periods),
        max(one[-1].asfreq(fine, how="end") for one in periods),
        len(series) > TOGETHER,
    )


def draw(axes: Sequence[Axes], data: Marks) -> None:
    """Draw the lines, without title, footer, labels or ticks.

    Parameters
    ----------
    axes
        One for each line where they stand apart, else one: years on x (`theme.time_values`),
        shares 0–1 on y.
    data
        What `marks` returned.
    """
    for number, line in enumerate(data.lines):
        ax = axes[number] if data.apart else axes[0]
        dashes, marker, *_ = _STYLES[0 if data.apart else number]
        theme.line(
            ax,
            line.x,
            line.y,
            color=data.color,
            width=1.6,
            dashes=dashes,
            marker=marker,
            preliminary=line.preliminary,
            cuts=line.cuts,
        )
        known = np.flatnonzero(np.isfinite(line.y))
        for at in line.cuts:
            _mark_cut(ax, line, at, data.color)
        if len(known):
            ax.plot(
                line.x[known[-1]],
                line.y[known[-1]],
                marker,
                color=data.color,
                markersize=5 * theme.scale(),
                zorder=4,
                clip_on=False,
            )


def _mark_cut(ax: Axes, line: Line, at: float, color: str) -> None:
    """A short dotted upright where a line is broken, from the one side's level to the other's."""
    before, after = line.y[line.x < at], line.y[line.x >= at]
    sides = [one[np.isfinite(one)] for one in (before, after)]
    if all(len(one) for one in sides):
        low, high = sorted((sides[0][-1], sides[1][0]))
        beyond = 0.03 * np.ptp(ax.get_ylim())
        ax.plot(
            [at, at],
            [low - beyond, high + beyond],
            color=color,
            linewidth=0.9 * theme.scale(),
            dashes=(1, 1),
        )


def source_comparison(
    found: pd.DataFrame,
    *,
    sex: str = TOTAL,
    birth_region: str = "foreign_born",
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Chart:
    """Return the chart of what several sources say of one place and group, side by side.

    The definitions differ, so no series is joined to another and no difference between them is
    told. Up to four series share a panel, with what each counts written at its end; more get a
    panel each, on the same axes.

    Parameters
    ----------
    found
        What `integstats.compare_sources` returned: ``dataset``, ``vintage``, ``measure``,
        ``place``, ``period`` (text), ``sex``, ``birth_region``, ``age``, ``value`` (share 0–1),
        ``n`` and ``status``; the definitions are the catalogue's, in the language of the chart.
    sex, birth_region
        Which group. Datasets that lack it are named.
    lang
        Language.
    size
        ``report`` (16 cm wide; the height grows with the series), ``slide`` or ``square``.
    organisation
        Who processed the figures, for the source line.
    sources
        Where the figures come from; what the catalogue knows of them when left out.

    Returns
    -------
    Chart
        Its data sheet is the rows of the group, with their ``unit``: ``share``.

    Raises
    ------
    SchemaError
        When a required column is missing, there are several places or themes, no rows of the
        group, two figures of one series and period, or no figure at all.
    UnknownCodeError
        When a measure does not exist.
    UsageError
        When there is no such size, or it has too little room for so many series.

    Examples
    --------
    >>> import integstats as ig
    >>> chart = source_comparison(ig.compare_sources("Malmö"))
    >>> chart.name
    'arbetsloshet_malmo_1-serie'
    """
    chosen = theme.size(size)
    rows = of_group(found, sex, birth_region)
    series = list(series_of(rows))
    place = str(rows["place"].iloc[0])
    origins = inputs.sources_of(rows, sources)
    has = set(rows["dataset"].astype(str))
    absent = [one for one in found["dataset"].astype(str).unique() if one not in has]
    words = source_text(
        series,
        place=place,
        group=phrases.group_code(birth_region, sex),
        absent=absent,
        sources=origins,
        organisation=organisation or "",
        lang=lang,
    )
    data = marks(series, sex=sex, birth_region=birth_region)
    labels = _labels(words, data, size, lang)
    course = series[0].known["value"].to_numpy(dtype=float)
    chart = Chart(
        name=_name(series, place),
        kind="source_comparison",
        data=rows.assign(unit="share"),
        title=words.title,
        subtitle=words.subtitle,
        alt=words.alt,
        description=Text.joined(words.lines, lang=lang),
        notes=(*inputs.concept_notes(rows, lang), *words.notes, words.source),
        optional_notes=words.optional,
        sources=origins,
        painter=partial(paint, data=data, labels=labels, columns=COLUMNS[size]),
        labels=labels,
        facts=MappingProxyType(dict(words.facts)),
        told=(float(course[0]), float(course[-1])) if len(course) else (),
        lang=lang,
        size=size,
        synthetic=inputs.is_synthetic(rows),
        least=_needed(labels, data, chosen, COLUMNS[size]),
        editable=_editable(series, data, lang),
        shown=SHOWN,
    )
    if not chosen.grows and chart.room() < chart.least - 1e-9:
        raise UsageError(
            f"The size {size} has too little room for {len(series)} series and what each counts. "
            'Give fewer datasets, or size="report", which grows.'
        )
    return chart


def paint(canvas: Canvas, *, data: Marks, labels: Sequence[Label], columns: int) -> None:
    """Draw the lines with axes and labels on a canvas."""
    values = np.concatenate([one.y for one in data.lines])
    low, high = theme.padded(values, zero=theme.moves(values), share=0.08)
    high = max(high, low + LEAST_SPAN)
    widest = canvas.widest_tick(low, high, "percent")
    if data.apart:
        panels = list(_panels(canvas, labels, widest, columns))
    else:
        _, texts = theme.time_ticks(data.first, data.last, lang=canvas.lang)
        lines = 1 + any("\n" in one for one in texts)
        panels = [canvas.panel(labels=labels, ticks=[widest], axis_lines=lines)]
    x = np.concatenate([one.x for one in data.lines])
    pad = max(0.012 * np.ptp(x), 0.03)
    for axes in panels:
        axes.set_xlim(x.min() - pad, x.max() + pad)
        axes.set_ylim(low, high)
    draw(panels, data)
    wide = panels[0].get_position().width * canvas.figure.get_figwidth()
    ticks, texts = _time_ticks(canvas, data, wide)
    for axes in panels:
        theme.set_ticks(axes.xaxis, ticks, texts)
        theme.value_axis(axes, "percent", lang=canvas.lang, count=3 if data.apart else 5)
    if not data.apart:
        placement.end_labels(canvas, panels[0], labels)


def _panels(canvas: Canvas, labels: Sequence[Label], widest: str, columns: int) -> Iterator[Axes]:
    """Yield a panel for each label, which stands above it in lines."""
    rows = ceil(len(labels) / columns)
    room = canvas.top - canvas.bottom
    height = canvas.size.body * LINE / POINTS
    heads = [
        max(one.text.count("\n") + 1 for one in labels[row * columns : (row + 1) * columns])
        for row in range(rows)
    ]
    # What the headings leave is shared evenly.
    each = (room - (sum(heads) + 0.6 * rows) * height) / rows
    top = 0.0
    for row, lines in enumerate(heads):
        top += (lines + 0.6) * height
        for column, one in enumerate(labels[row * columns : (row + 1) * columns]):
            axes = canvas.panel(
                above=top / room,
                share=each / room,
                facet=(column, columns),
                between=18 * canvas.size.scale / POINTS,
                ticks=[widest],
                axis_lines=1,
            )
            if column:
                axes.tick_params(labelleft=False)
            for number, line in enumerate(one.text.split("\n")):
                y = canvas.top - top + (lines - number - 0.45) * height
                canvas.figure.text(
                    axes.get_position().x0,
                    y / canvas.figure.get_figheight(),
                    line,
                    color=one.color,
                    va="baseline",
                )
            yield axes
        top += each


def _time_ticks(canvas: Canvas, data: Marks, wide: float) -> tuple[list[float], list[str]]:
    """Ticks of the time axis, as many as there is room for."""
    ticks, texts = theme.time_ticks(data.first, data.last, lang=canvas.lang)
    if data.apart:
        texts = [one.replace("\n", " ") for one in texts]
    points = canvas.size.body
    needed = (
        max(text_width(line, points, False) for one in texts for line in one.split("\n"))
        + points / POINTS
    )
    step = max(1, ceil(len(ticks) * needed / wide))
    return ticks[::-1][::step][::-1], texts[::-1][::step][::-1]


def _labels(words: SourceText, data: Marks, name: SizeName, lang: Language) -> tuple[Label, ...]:
    """What stands at each line, or above each panel: wrapped to the room it has."""
    size = theme.size(name)
    inside = size.width - 2 * MARGIN
    beside = LABEL_PART[name] * inside
    width = inside / COLUMNS[name] - 0.6 * size.scale if data.apart else beside
    made = []
    for number, (claim, line) in enumerate(zip(words.labels, data.lines, strict=True)):
        sign = "" if data.apart else f"{_STYLES[number][2]}\u00a0"
        text = "\n".join(wrapped(sign + claim.render(lang), width, size.body, False))
        known = line.y[np.isfinite(line.y)]
        at = float(known[-1]) if len(known) else 0.0
        made.append(Label(text, (claim,), at, data.color if not data.apart else theme.TEXT))
    return tuple(made)


def _needed(labels: Sequence[Label], data: Marks, size: theme.Size, columns: int) -> float:
    """Inches for the labels, or for the panels with their headings."""
    lines = [one.text.count("\n") + 1 for one in labels]
    if not data.apart:
        return max(0.27 * size.height, (sum(lines) + 1.6) * size.body * LINE / POINTS)
    heads = [max(lines[at : at + columns]) for at in range(0, len(lines), columns)]
    return (sum(heads) + len(heads) * (PANEL_LINES + 2.2)) * size.body * LINE / POINTS


def _editable(series: Sequence[SourceSeries], data: Marks, lang: Language) -> Editable:
    """The same lines; where sources differ in frequency, as points on an axis of years."""
    named = [one.values()[f"name_{lang}"] for one in series]
    texts = [list(one.rows["period"]) for one in series]
    same = len({len(one) for rows in texts for one in rows}) == 1
    periods = sorted({one for rows in texts for one in rows}) if same else []
    made = []
    for number, (name, one, line) in enumerate(zip(named, series, data.lines, strict=True)):
        _, _, _, dash, marker = _STYLES[number % len(_STYLES)]
        values = dict(zip(one.rows["period"], line.y.tolist(), strict=True))
        shown = [values.get(period, np.nan) for period in periods] if same else line.y.tolist()
        made.append(
            Series(
                str(name),
                tuple(None if value != value else value for value in shown),
                data.color,
                x=() if same else tuple(line.x.tolist()),
                dash=dash,
                marker=marker if len(shown) < 30 else "none",
            )
        )
    share = "Andel" if lang == "sv" else "Share"
    if same:
        categories = tuple(numbers.period(one, lang=lang) for one in periods)
        return Editable("line", categories, tuple(made), share, "percent")
    return Editable(
        "scatter", (), tuple(made), share, "percent", "År" if lang == "sv" else "Year", "years"
    )


def _name(series: Sequence[SourceSeries], place: str) -> str:
    theme_word = pick(THEMES, theme_of([one.measure for one in series]), "sv")
    many = "serie" if len(series) == 1 else "serier"
    return f"{slug(theme_word)}_{slug(phrases.place_name(place, 'sv'))}_{len(series)}-{many}"
