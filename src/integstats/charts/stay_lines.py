"""By length of stay: a rate over time, a line for each, with the persons behind it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.small_numbers import WARN_BELOW
from integstats.catalogue import Language, Source
from integstats.charts import inputs, placement, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.editable import Editable
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label, break_label, label
from integstats.charts.panel_grid import Grid
from integstats.charts.stay_marks import Line, Marks, draw, marks
from integstats.charts.text_size import LINE, POINTS, text_width
from integstats.charts.theme import SizeName
from integstats.charts.timeline import Timeline
from integstats.errors import UsageError
from integstats.table import TOTAL
from integstats.wording import numbers, phrases, terms
from integstats.wording.claims import Claim, Text
from integstats.wording.stay_courses import first_year, stay_words
from integstats.wording.stay_sentences import stay_text, value_label


def stay_lines(
    rates: pd.DataFrame,
    *,
    measure: str = "employment_rate",
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Chart:
    """Return the chart of a rate over time by length of stay, in one place.

    Parameters
    ----------
    rates
        What `integstats.rates` returned for one place and age: the lengths of stay of one birth
        region, for women and men (a panel each), for one of them, or for both together; and,
        where the table has them, the native-born (``length_of_stay`` total), who become a grey
        line. The columns used are those of the keys, ``length_of_stay`` (years: ``0-1``,
        ``10-``), ``status``, the measure's own and, where it is there, its denominator. Every
        other key must be ``total``.
    measure
        Id of the measure.
    lang
        Language.
    size
        ``report`` (16 × 10 cm; it grows), ``slide`` (25.4 × 14.3 cm) or ``square``.
    organisation
        Who processed the figures, for the source line.
    sources
        Where the figures come from; what the catalogue knows of them when left out.

    Returns
    -------
    Chart
        A line per length of stay, the longer the stay the heavier the line, with the rate and
        the persons behind it at its end; more than four have a panel each, for one sex. Its data
        sheet is the rows by length of stay with ``n`` (persons in the denominator), ``low`` and
        ``high`` (95 % Wilson interval, shares) and ``unit`` added, those of the native-born last.

    Raises
    ------
    SchemaError
        When a required column is missing, several places, ages, datasets, vintages or birth
        regions are left, another key is not ``total``, a length of stay is not in years, no rate
        is known, or more than four lengths of stay come for women and men at once.
    UnknownCodeError
        When the measure does not exist.
    UsageError
        When there is no such size, or it has too little room.
    """
    chosen = theme.size(size)
    data = marks(rates, measure)
    sheet = pd.concat([data.rows, data.reference], ignore_index=True)
    origins = inputs.sources_of(sheet, sources)
    words = stay_text(
        data.rows,
        measure,
        reference=data.reference if len(data.reference) else None,
        unnamed=data.by_stay and bool(len(data.reference)),
        breaks=data.breaks,
        sources=origins,
        organisation=organisation or "",
        lang=lang,
    )
    labels = {name: _labels(lines, data, lang) for name, lines in data.panels.items()}
    grid = _grid(data, labels, chosen, lang) if data.by_stay else None
    what = catalogue.measure(measure)
    keys = ("sex", "birth_region", "length_of_stay", "period")
    shown = (*keys, measure, "low", "high", what.numerator, what.denominator, "status")
    cuts = inputs.cuts(data.breaks, sheet["period"].dtype.freq)
    chart = Chart(
        name=_name(data),
        kind="stay_lines",
        data=sheet,
        title=words.title,
        subtitle=words.subtitle,
        alt=words.alt,
        description=Text.joined(words.lines, lang=lang),
        notes=(
            *inputs.partial_notes(data.rows, lang),
            *words.notes,
            inputs.source_note(data.rows, origins, words.footer, organisation=organisation),
        ),
        sources=origins,
        painter=partial(paint, data=data, labels=labels, grid=grid),
        labels=(
            *(one for found in labels.values() for one in found),
            *(grid.names if grid else ()),
            *(break_label(one, lang) for one in cuts),
        ),
        facts=MappingProxyType({"small_base": WARN_BELOW}),
        told=_told(data),
        lang=lang,
        size=size,
        synthetic=inputs.is_synthetic(sheet),
        least=grid.height if grid else _needed(data, chosen),
        editable=_editable(data, lang),
        shown=tuple(one for one in shown if one in sheet and sheet[one].notna().any()),
    )
    if not chosen.grows and chart.room() < chart.least:
        raise UsageError(
            f"The size {size} has too little room for {len(data.panels)} panels of so many lines "
            'below so long texts. Choose fewer, or size="report", which grows.'
        )
    return chart


def paint(
    canvas: Canvas, *, data: Marks, labels: dict[str, list[Label]], grid: Grid | None
) -> None:
    """Draw the panels with their axes, headings and end labels on a canvas."""
    periods = data.rows["period"]
    first, last = periods.min(), periods.max()
    limits = _limits(data)
    if grid is None:
        everything = [one for found in labels.values() for one in found]
        reserve = canvas.reserve(everything) + 9 * canvas.size.scale / POINTS
        axes = [
            canvas.panel(
                facet=(at, len(data.panels)),
                between=14 * canvas.size.scale / POINTS,
                ticks=[canvas.widest_tick(*limits, "percent")],
                heading=" " if len(data.panels) > 1 else "",
                axis_lines=_axis_lines(first, last, canvas.lang),
                keep_right=reserve,
            )
            for at in range(len(data.panels))
        ]
    else:
        axes = grid.panels(canvas, axis_lines=_axis_lines(first, last, canvas.lang))
    low, high = theme.time_values(pd.PeriodIndex([first, last]))
    pad = max(0.03 * (high - low), 0.05)
    for ax in axes:
        ax.set_xlim(low - pad, high + pad)
        ax.set_ylim(*limits)
    draw(axes, data)
    theme.value_axis(axes[0], "percent", lang=canvas.lang, count=4 if grid is None else 3)
    values = axes[0].get_yticks().tolist()
    written = [one.get_text() for one in axes[0].get_yticklabels()]
    wide = axes[0].get_position().width * canvas.figure.get_figwidth()
    ticks, texts = _time_ticks(first, last, wide, canvas)
    for at, (ax, name) in enumerate(zip(axes, data.panels, strict=True)):
        begins_row = at == 0 if grid is None else grid.is_first(at)
        has_axis = grid is None or grid.has_axis(at)
        theme.set_ticks(ax.yaxis, values, written if begins_row else [])
        theme.set_ticks(ax.xaxis, ticks, texts if has_axis else [])
        if not has_axis:
            ax.tick_params(bottom=False)
        if grid is None:
            placement.end_labels(canvas, ax, labels[name])
            if len(axes) > 1:
                left = ax.get_position().x0 * canvas.figure.get_figwidth()
                heading, color = _heading(name, canvas.lang), theme.look("foreign_born", name).color
                canvas.write_heading(ax, heading, color=color, align="left", x=left)
    cuts = inputs.cuts(data.breaks, periods.dtype.freq)
    placement.name_breaks(canvas, axes, cuts)


def _heading(sex: str, lang: Language) -> str:
    text = phrases.who(phrases.group_code(TOTAL, sex), lang)
    return text[:1].upper() + text[1:]


def _labels(lines: Sequence[Line], data: Marks, lang: Language) -> list[Label]:
    """What each line is, its last rate, and the persons behind that of a length of stay."""
    found = []
    for one in lines:
        last = inputs.last_known(one.rows, data.measure)
        if last is None or (data.by_stay and not one.stay):
            continue
        value, n = (float(one.rows[name].iloc[last]) for name in (data.measure, "n"))
        if one.stay:
            before, claim = stay_words(one.stay, lang), value_label(value, n)
        else:
            before, claim = terms.pick(terms.TERMS, "native_born", lang), value_label(value)
        parts: list[Claim | str] = [claim] if data.by_stay else [f"{before} ", claim]
        found.append(label(parts, value, one.color, lang=lang))
    return found


def _grid(data: Marks, labels: dict[str, list[Label]], size: theme.Size, lang: Language) -> Grid:
    """A panel for each length of stay, its name to the left and its last rate to the right."""
    hidden = {"sv": "visas inte", "en": "not shown"}[lang]
    names = [
        label([stay_words(stay, lang)], np.nan, theme.TEXT, lang=lang, bold=True)
        for stay in data.panels
    ]
    values = [
        found[0] if found else Label(hidden, (), np.nan, theme.MUTED) for found in labels.values()
    ]
    ticks = [numbers.tick(one, unit="percent", decimals=0, lang=lang) for one in _limits(data)]
    return Grid.of(names, values, ticks=ticks, size=size)


def _limits(data: Marks) -> tuple[float, float]:
    """One range for all panels, intervals of the last rates included."""
    columns = [
        one.rows[name].to_numpy(dtype=float)
        for lines in data.panels.values()
        for one in lines
        for name in (data.measure, *(("low", "high") if one.stay else ()))
    ]
    values = np.concatenate(columns)
    return theme.padded(values, zero=theme.moves(values), share=0.04)


def _axis_lines(first: pd.Period, last: pd.Period, lang: Language) -> int:
    return 1 + any("\n" in one for one in theme.time_ticks(first, last, lang=lang)[1])


def _time_ticks(
    first: pd.Period, last: pd.Period, width: float, canvas: Canvas
) -> tuple[list[float], list[str]]:
    """The ticks of `theme.time_ticks`, as many as stand side by side in so many inches."""
    ticks, texts = theme.time_ticks(first, last, lang=canvas.lang)
    body = canvas.size.body
    widest = max(text_width(line, body, False) for one in texts for line in one.split("\n"))
    span = max(ticks[-1] - ticks[0], 1e-9)
    # The axis is a little longer than from the first tick to the last.
    fits = [
        step
        for step in range(1, len(ticks))
        if (ticks[step] - ticks[0]) / span * 0.9 * width >= widest + 0.5 * body / POINTS
    ]
    step = fits[0] if fits else len(ticks)
    return ticks[::-1][::step][::-1], texts[::-1][::step][::-1]


def _needed(data: Marks, size: theme.Size) -> float:
    """Inches for the labels of a panel apart from each other, its heading and its axis."""
    most = max(len(lines) for lines in data.panels.values())
    lines = max(most * LINE, 5.0) + 1.9 * (len(data.panels) > 1) + 2 * LINE + 0.9
    return lines * size.body / POINTS


def _told(data: Marks) -> tuple[float, ...]:
    """The last rates of the shortest and of the longest stay, of each sex."""
    told = []
    for _, rows in data.rows.groupby("sex", observed=True):
        known = rows[rows[data.measure].notna().to_numpy()]
        if len(known):
            last = known[(known["period"] == known["period"].max()).to_numpy()]
            ordered = last.iloc[np.argsort(last["length_of_stay"].astype(str).map(first_year))]
            told += [float(ordered[data.measure].iloc[at]) for at in (0, -1)]
    return tuple(told)


def _name(data: Marks) -> str:
    row = data.rows.iloc[0]
    sexes = [str(one) for one in data.rows["sex"].unique()]
    group = phrases.group_code(str(row["birth_region"]), sexes[0] if len(sexes) == 1 else TOTAL)
    parts = [phrases.noun(data.measure, "sv"), phrases.who(group, "sv")]
    parts += ["vistelsetid", phrases.place_name(str(row["place"]), "sv")]
    return "_".join(slug(one) for one in parts)


def _editable(data: Marks, lang: Language) -> Editable:
    """Every line over one axis of periods."""
    periods = data.rows["period"]
    cuts = inputs.cuts(data.breaks, periods.dtype.freq)
    axis = Timeline.of(periods.min(), periods.max(), cuts=cuts, lang=lang)
    sexes = data.rows["sex"].astype(str).unique()
    found = {}
    for lines in data.panels.values():
        for one in lines:
            sex = str(one.rows["sex"].iloc[0])
            native = terms.pick(terms.TERMS, "native_born", lang)
            name = stay_words(one.stay, lang) if one.stay else native
            name = f"{_heading(sex, lang)}, {name}" if len(sexes) > 1 else name
            found[name] = axis.line(
                name[:1].upper() + name[1:],
                one.rows["period"],
                one.rows[data.measure],
                color=one.color,
                width=one.width,
                dashes=one.dashes,
                marker=one.marker,
            )
    unit = catalogue.measure(data.measure).words(lang)["unit"]
    return Editable("line", axis.names, tuple(found.values()), unit, "percent")
