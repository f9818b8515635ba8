"""Rate against number of persons: which places stand out by more than chance?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import product
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from integstats import catalogue
from integstats.analysis.funnel import Funnel
from integstats.analysis.small_numbers import WARN_BELOW
from integstats.catalogue import Language, Source
from integstats.charts import inputs, placement, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.editable import Editable, Series
from integstats.charts.frame import Canvas
from integstats.charts.funnel_marks import Marks as Marks
from integstats.charts.funnel_marks import columns_of
from integstats.charts.funnel_marks import marks as marks
from integstats.charts.labels import Label, label
from integstats.charts.point_labels import Named, name_points
from integstats.charts.text_size import POINTS
from integstats.charts.theme import SizeName
from integstats.wording import numbers, phrases, terms
from integstats.wording.claims import Text
from integstats.wording.funnel_sentences import (
    AXES,
    SERIES,
    centre_claim,
    funnel_text,
    funnel_values,
    level_claim,
    level_counts,
)

NAMED = 12
"""Up to so many places outside the limits there is room for every name."""
COARSE = 40
"""About so many of them are enough where an office program joins them."""
OPTIONAL = ("funnel.names", "shown.nested")
"""Notes that are left out of the picture where it has too little room."""


def draw(ax: Axes, data: Marks) -> None:
    """Draw the marks, without title, footer, labels or ticks.

    Parameters
    ----------
    ax
        Where to: persons on x, rates (shares 0–1) on y.
    data
        What `marks` returned. Places outside any limit are in the colour of their group, others
        grey; hollow dots rest on few persons; the widest limits are solid, the others dashed.
    """
    x = data.curves["nobs"].to_numpy()
    for level, *columns in data.pairs:
        dashes = (None, None) if level == data.lines.levels[-1] else (4, 2)
        for name in columns:
            ax.plot(x, data.curves[name].to_numpy(), color=theme.MUTED, dashes=dashes,
                    linewidth=0.9 * theme.scale(), zorder=1.5)  # fmt: skip
    ax.plot(x[[0, -1]], [data.lines.centre] * 2, color=theme.TARGET,
            linewidth=1.2 * theme.scale(), zorder=1.6)  # fmt: skip
    shown = data.shown
    style, color = _look(data)
    n = shown[data.denominator].to_numpy(dtype=float)
    bold = (shown["place"] == data.highlight).to_numpy()
    outside, few = (shown["outside"] > 0).to_numpy(), n < WARN_BELOW
    for is_bold, is_outside, is_few in product((False, True), repeat=3):
        here = (bold == is_bold) & (outside == is_outside) & (few == is_few)
        own = color if is_bold or is_outside else theme.NATIVE
        face = theme.BACKGROUND if is_few else own
        size, edge = (7.5, theme.TEXT) if is_bold else (2 * data.radius, own)
        above = 2.5 + is_outside / 4 + is_bold / 2
        ax.plot(n[here], shown["rate"].to_numpy()[here], style.marker, color=own,
                markerfacecolor=face, markeredgecolor=edge, linestyle="None",
                markersize=size * theme.scale(), zorder=above)  # fmt: skip


def funnel(
    found: Funnel,
    *,
    measure: str = "employment_rate",
    highlight: str | None = None,
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Chart:
    """Return the funnel chart: rate against number of persons, with the limits of chance.

    Not to be confused with `integstats.funnel`, the analysis that it draws.

    Parameters
    ----------
    found
        What `integstats.funnel` returned for the counts of the measure, for one period, sex,
        birth region and age, and without the country. Its `table` has the columns ``dataset``,
        ``vintage``, ``place``, ``period``, ``sex``, ``birth_region``, ``age``, the measure's
        numerator and denominator, ``rate``, ``target``, ``z``, ``side``, ``outside`` and a pair of
        limits per confidence; its `groups` one row with ``target``, ``phi`` and ``tau2``.
    measure
        Id of the measure whose counts they are.
    highlight
        Name or key of a place that the title is about; it is named whatever side it lies on.
    lang
        Language.
    size
        ``report`` (16 × 10 cm), ``slide`` (25.4 × 14.3 cm) or ``square``.
    organisation
        Who processed the figures, for the source line.
    sources
        Where the figures come from; what the catalogue knows of them when left out.

    Returns
    -------
    Chart
        Exact limits are drawn with ``interpolation="cautious"``, so that every place that is
        judged to be outside, and no other, lies beyond its line. Only places outside some limit
        are named, the farthest out first. Rates on fewer than 30 persons are not shown. Its data
        sheet is `found.table` with the limits that are drawn.

    Raises
    ------
    SchemaError
        When a required column is missing, there are several funnels, the country is among its
        places, fewer than two places have a rate, or its limits are not those of shares.
    UnknownCodeError
        When the measure or the highlighted place does not exist.
    UsageError
        When there is no such size.
    """
    chosen = theme.size(size)
    data = marks(found, measure=measure, highlight=highlight)
    origins = inputs.sources_of(data.table, sources)
    values = funnel_values(
        data.table,
        measure,
        denominator=data.denominator,
        lines=data.lines,
        named=NAMED,
        highlight=data.highlight,
    )
    words = funnel_text(
        data.table,
        values,
        lines=data.lines,
        sources=origins,
        organisation=organisation or "",
        lang=lang,
    )
    known = data.shown["rate"]
    ends, names = _end_labels(data, lang), _names(data, lang)
    # A size that grows has room for every note.
    optional = tuple(one for one in words.footer if not chosen.grows and _is_optional(one))
    return Chart(
        name=_name(data, measure),
        kind="funnel",
        data=data.table,
        title=words.title,
        subtitle=words.subtitle,
        alt=words.alt,
        description=Text.joined(words.lines, lang=lang),
        notes=(
            *inputs.concept_notes(data.table, lang),
            *inputs.partial_notes(data.table, lang),
            *(one for one in words.footer if one not in optional),
        ),
        optional_notes=optional,
        sources=origins,
        painter=partial(paint, data=data, ends=ends, names=names, measure=measure),
        labels=(*ends, *(one.label for one in names)),
        facts=MappingProxyType(
            {
                **{name: one for name, one in values.items() if isinstance(one, (int, float))},
                "limits": {
                    columns_of(level)[0]: counted
                    for level, counted in zip(
                        data.lines.levels, level_counts(data.table, data.lines.levels), strict=True
                    )
                },
            }
        ),
        told=(float(known.min()), float(known.max())),
        lang=lang,
        size=size,
        synthetic=inputs.is_synthetic(data.table),
        least=(0.7 if chosen.grows else 0.5) * chosen.height,
        editable=_editable(data, measure, lang),
        shown=(
            "place",
            *(data.denominator, data.numerator, "rate", "target"),
            *(name for _, *both in data.pairs for name in both),
            *("side", "outside"),
        ),
    )


def paint(
    canvas: Canvas, *, data: Marks, ends: list[Label], names: list[Named], measure: str
) -> None:
    """Draw the marks with axes, the names of lines and of places outside them on a canvas."""
    lang = canvas.lang
    low, high = _heights(data)
    axes = canvas.panel(
        labels=ends,
        ticks=[numbers.tick(high, unit="percent", decimals=1, lang=lang)],
        heading=_capital(catalogue.measure(measure).words(lang)["name"]),
        axis_lines=2,
    )
    if data.log:
        axes.set_xscale("log")
    axes.set_xlim(*data.limits)
    axes.set_ylim(low, high)
    draw(axes, data)
    theme.value_axis(axes, "percent", lang=lang, count=5)
    if data.log:
        ticks = _log_ticks(canvas, axes)
        theme.set_ticks(axes.xaxis, ticks, [numbers.count(one, lang=lang) for one in ticks])
    else:
        theme.value_axis(axes, "count", lang=lang, which="x", count=5)
    axes.set_xlabel(_persons(data, measure, lang, log=data.log), fontsize=canvas.size.body)
    placement.end_labels(canvas, axes, ends)
    x = data.curves["nobs"].to_numpy()
    columns = [name for _, *both in data.pairs for name in both]
    curves = [np.column_stack([x, data.curves[name].to_numpy()]) for name in columns]
    curves.append(np.column_stack([x, np.full(len(x), data.lines.centre)]))
    dots = data.shown[[data.denominator, "rate"]].to_numpy(dtype=float)
    name_points(canvas, axes, names, dots=dots, lines=curves, radius=data.radius + 1)


def _heights(data: Marks) -> tuple[float, float]:
    """The ends of the axis of rates: the places, and the limits unless they are far wider."""
    rates = data.shown["rate"].to_numpy(dtype=float)
    columns = [name for _, *both in data.pairs for name in both]
    limits = data.shown[columns].to_numpy(dtype=float)
    beside, room = limits[len(limits) // 2], 0.5 * np.ptp(rates)
    low = max(limits.min(), min(rates.min() - room, beside.min()))
    high = min(limits.max(), max(rates.max() + room, beside.max()))
    ends = np.array([low, high, rates.min(), rates.max()])
    low, high = theme.padded(ends, zero=False, share=0.09)
    return max(low, -0.02), min(high, 1.02)


def _look(data: Marks) -> tuple[theme.Look, str]:
    """How the group is drawn; what stands out is never grey."""
    style = theme.look(*(str(data.table[key].iloc[0]) for key in ("birth_region", "sex")))
    return style, theme.TEXT if style.color == theme.NATIVE else style.color


def _end_labels(data: Marks, lang: Language) -> list[Label]:
    """The names of the lines, where they end."""
    last = data.curves.iloc[-1]
    made = [label([centre_claim(data.lines)], data.lines.centre, theme.TARGET, lang=lang)]
    for level, *columns in data.pairs:
        made += [
            label([level_claim(level)], float(last[name]), theme.MUTED, lang=lang)
            for name in columns
        ]
    return made


def _names(data: Marks, lang: Language) -> list[Named]:
    """The places to name: the highlighted one, then those outside, the farthest out first."""
    shown = data.shown
    bold = shown["place"] == data.highlight
    wanted = shown[(bold | (shown["outside"] > 0)).to_numpy()].assign(bold=bold)
    wanted = wanted.assign(far=wanted["z"].abs()).sort_values(
        ["bold", "outside", "far"], ascending=False, kind="stable"
    )
    color = _look(data)[1]
    return [
        Named(
            label(
                [catalogue.place_label(str(row["place"]), lang)],
                float(row["rate"]),
                color if row["bold"] else theme.TEXT,
                lang=lang,
                bold=bool(row["bold"]),
            ),
            float(row[data.denominator]),
            float(row["rate"]),
            always=bool(row["bold"]),
        )
        for row in wanted.to_dict("records")
    ]


def _log_ticks(canvas: Canvas, axes: Axes) -> list[float]:
    """Return round numbers of persons whose texts fit beside each other."""
    low, high = axes.get_xlim()
    wide = axes.get_position().width * canvas.figure.get_figwidth()
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    ticks: list[float] = []
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [step * 10.0**power for power in decades for step in steps]
        ticks = [one for one in ticks if low <= one <= high]
        texts = [Label(numbers.count(one, lang=canvas.lang), (), one, "") for one in ticks]
        apart = np.diff(np.log(ticks)) / np.log(high / low) * wide
        if len(ticks) < 2 or canvas.reserve(texts) + canvas.size.body / POINTS < apart.min():
            break
    return ticks


def _persons(data: Marks, measure: str, lang: Language, *, log: bool) -> str:
    birth, sex = (str(data.table[key].iloc[0]) for key in ("birth_region", "sex"))
    template = terms.pick(AXES, "log" if log else "linear", lang)
    who = phrases.who(phrases.group_code(birth, sex), lang)
    return _capital(template.format(group=who, base=catalogue.measure(measure).words(lang)["base"]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_optional(text: Text) -> bool:
    return all(one.predicate.id in OPTIONAL for one in text.claims)


def _editable(data: Marks, measure: str, lang: Language) -> Editable:
    """The places as points, outside and inside the limits, and each line as points that join."""
    shown = data.shown
    bold = (shown["place"] == data.highlight).to_numpy()
    outside = (shown["outside"] > 0).to_numpy()
    color = _look(data)[1]
    words = catalogue.measure(measure).words(lang)
    highlighted = "" if data.highlight is None else catalogue.place_label(data.highlight, lang)
    series = [
        Series(
            name,
            tuple(map(float, shown["rate"][rows])),
            shade,
            x=tuple(map(float, shown[data.denominator][rows])),
            marker="diamond" if rows is bold else "circle",
            width=0,
        )
        for name, rows, shade in (
            (terms.pick(SERIES, "outside", lang), outside & ~bold, color),
            (terms.pick(SERIES, "within", lang), ~outside & ~bold, theme.NATIVE),
            (highlighted, bold, theme.TEXT),
        )
        if rows.any()
    ]
    step = max(len(data.curves) // COARSE, 1)
    curves = pd.concat([data.curves.iloc[:-1:step], data.curves.iloc[-1:]])
    x = tuple(map(float, curves["nobs"]))
    centre = terms.pick(SERIES, "pooled" if data.lines.pooled else "given", lang)
    series.append(Series(centre, (data.lines.centre,) * len(x), theme.TARGET, x=x, width=1.25))
    for level, *columns in data.pairs:
        series += [
            Series(
                level_claim(level).render(lang),
                tuple(map(float, curves[name])),
                theme.MUTED,
                x=x,
                dash="solid" if level == data.lines.levels[-1] else "dash",
                width=1.0,
            )
            for name in columns
        ]
    return Editable(
        "scatter",
        (),
        tuple(series),
        _capital(words["name"]),
        "percent",
        category_axis=_persons(data, measure, lang, log=False),
        x_unit="count",
    )


def _name(data: Marks, measure: str) -> str:
    birth, sex, period = (str(data.table[key].iloc[0]) for key in ("birth_region", "sex", "period"))
    parts = ["tratt", phrases.noun(measure, "sv")]
    parts.append(phrases.who(phrases.group_code(birth, sex), "sv"))
    if data.highlight is not None:
        parts.append(phrases.place_name(data.highlight, "sv"))
    parts.append(f"{len(data.table)} platser")
    return "_".join([*map(slug, parts), period.lower()])
