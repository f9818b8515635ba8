"""Into work, or elsewhere? The net change of every labour market status, and of the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from integstats.analysis.small_numbers import WARN_BELOW
from integstats.catalogue import Language, Source
from integstats.charts import inputs, placement, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.editable import Editable, Series
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label, label
from integstats.charts.status_bars import BARS, TINTS, Marks, color_of, draw, marks, tinted
from integstats.charts.text_size import POINTS
from integstats.charts.theme import SizeName
from integstats.errors import SchemaError, UsageError
from integstats.table import TOTAL
from integstats.wording import phrases
from integstats.wording.claims import Text
from integstats.wording.status_sentences import (
    NAMES,
    StatusText,
    change_label,
    status_text,
)
from integstats.wording.terms import pick

PITCH = 1.18
"""Least height of a row in lines of text."""
HEAD = 2.3
"""Lines of text for the words above the bars."""
SHOWN = (
    "sex",
    "component",
    "period_start",
    "period_end",
    "count_start",
    "count_end",
    "change",
    "residual",
    "tolerance",
)


def status_waterfall(
    changes: pd.DataFrame,
    *,
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Chart:
    """Return the chart of the net change of every labour market status between two periods.

    Parameters
    ----------
    changes
        What `integstats.status_changes` returned for the unemployment rate, of one place, birth
        region and age: rows for women and men (a panel each), for one of them, or for both
        together; the columns used are ``dataset``, ``vintage``, ``place``, ``sex``,
        ``birth_region``, ``age``, ``component``, ``period_start``, ``period_end``,
        ``count_start``, ``count_end``, ``change``, ``explained``, ``rate_start``, ``rate_end``,
        ``tolerance``, ``status`` and ``note``.
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
        A bar for each status, in persons, each beginning where the one above it ends; a thin bar
        for what disclosure noise leaves over (minus ``residual``); and the population, which the
        others add up to. Its data sheet is the rows of `changes` that are drawn.

    Raises
    ------
    SchemaError
        When a required column is missing, the changes are those of another measure, there is
        more than one place, birth region, age or pair of periods, or no group has every change.
    UsageError
        When there is no such size.

    Examples
    --------
    >>> import integstats as ig
    >>> bas = ig.load("scb-bas-month", places=["Malmö"])
    >>> born = bas[(bas["birth_region"] == "foreign_born").to_numpy()]
    >>> chart = status_waterfall(ig.status_changes(born, start="2024-06", end="2026-06"))
    >>> chart.name
    'nettoforandring_utrikes-fodda_malmo_2024-06_2026-06'
    """
    chosen = theme.size(size)
    data = marks(changes)
    shown = changes[changes["sex"].isin(list(data.by_sex)).to_numpy()].reset_index(drop=True)
    if shown.groupby("sex", observed=True)["change"].apply(lambda one: one.isna().any()).all():
        raise SchemaError(
            "status_waterfall() has nothing to draw: every group has a missing change. Choose "
            "periods for which all statuses are published."
        )
    shown = shown.sort_values("sex", key=lambda one: one.astype(str).map(_order), kind="stable")
    shown = shown.reset_index(drop=True)
    origins = inputs.sources_of(shown, sources)
    words = status_text(shown, sources=origins, organisation=organisation or "", lang=lang)
    labels = {sex: _labels(bars, words, lang) for sex, bars in data.by_sex.items()}
    chart = Chart(
        name=_name(shown),
        kind="status_waterfall",
        data=shown,
        title=words.title,
        subtitle=words.subtitle,
        verdict=words.answer,
        alt=words.alt,
        description=Text.joined((*words.lines, *words.more), lang=lang),
        notes=(
            *words.notes,
            *(words.more if chosen.grows else ()),
            inputs.source_note(shown, origins, words.footer, organisation=organisation),
        ),
        optional_notes=() if chosen.grows else words.more,
        sources=origins,
        painter=partial(paint, data=data, labels=labels),
        labels=tuple(one for found in labels.values() for one in found),
        facts=_facts(words),
        told=tuple(
            float(bars["change"].iloc[at])
            for bars in data.by_sex.values()
            if len(bars)
            for at in (0, -1)
        ),
        lang=lang,
        size=size,
        synthetic=inputs.is_synthetic(shown),
        least=(len(BARS) * PITCH + HEAD) * chosen.body / POINTS,
        editable=_editable(data, labels, lang),
        shown=SHOWN,
    )
    return _fitted(chart)


def _fitted(chart: Chart) -> Chart:
    """Leave the sentences below the bars to the description where the bars would lack room."""
    if theme.size(chart.size).grows or chart.room() >= chart.least:
        return chart
    shorter = replace(chart, verdict=None)
    if shorter.room() < chart.least:
        raise UsageError(
            f"The size {chart.size} has too little room for the bars below so long texts. Choose "
            'size="report", which grows.'
        )
    return shorter


def paint(canvas: Canvas, *, data: Marks, labels: Mapping[str, Sequence[Label]]) -> None:
    """Draw the panels with their axes, the names of the bars and the changes on a canvas."""
    lang = canvas.lang
    names = [_bar_name(one, data, lang) for one in BARS]
    everything = [one for found in labels.values() for one in found]
    limits = _limits(data)
    reserve = canvas.reserve(everything) + 8 * canvas.size.scale / POINTS
    axes: list[Axes] = []
    for at in range(len(data.by_sex)):
        ax = canvas.panel(
            facet=(at, len(data.by_sex)),
            between=14 * canvas.size.scale / POINTS,
            ticks=names,
            heading=" " if len(data.by_sex) > 1 else "",
            axis_lines=0,
            keep_right=reserve,
        )
        ax.set_xlim(*limits)
        ax.set_ylim(-len(BARS) + 0.2, 0.55)
        axes.append(ax)
    draw(axes, data)
    for ax, sex in zip(axes, data.by_sex, strict=True):
        # Every bar has its number, so that no axis of numbers is needed.
        ax.grid(visible=False)
        ax.spines["bottom"].set_visible(False)
        theme.set_ticks(ax.xaxis, [], [])
        rows = [-float(one) for one in range(len(BARS))]
        theme.set_ticks(ax.yaxis, rows, names if ax is axes[0] else [])
        box, wide = ax.get_position(), canvas.figure.get_figwidth()
        if len(axes) > 1:
            color, left = data.colors[sex], box.x0 * wide
            canvas.write_heading(ax, _heading(sex, lang), color=color, align="left", x=left)
        right = box.x1 * wide + reserve
        placement.row_texts(canvas, ax, list(zip(rows, labels[sex], strict=False)), right)
        if data.by_sex[sex].empty:
            missing = {"sv": "uppgift saknas", "en": "figures are missing"}[lang]
            placement.row_note(canvas, ax, -3.0, missing)


def _order(sex: str) -> int:
    return (*inputs.SEXES, TOTAL).index(sex)


def _heading(sex: str, lang: Language) -> str:
    text = phrases.who(phrases.group_code(TOTAL, sex), lang)
    return text[:1].upper() + text[1:]


def _bar_name(bar: str, data: Marks, lang: Language) -> str:
    name = pick(NAMES, bar, lang)
    return f"{name[:1].upper()}{name[1:]}{'*' if bar in data.marked else ''}"


def _labels(bars: pd.DataFrame, words: StatusText, lang: Language) -> list[Label]:
    """The signed change of each bar; of the deviation also how much noise may make."""
    allowed = max(float(one["allowed"]) for one in words.values)  # type: ignore[arg-type]
    found = []
    for one in bars.itertuples(index=False):
        noise = allowed if one.bar == "deviation" else None
        first, *more = change_label(float(one.change), noise)
        parts = [first, *(part for claim in more for part in (" ", claim))]
        found.append(label(parts, float(one.stop), theme.TEXT, lang=lang))
    return found


def _limits(data: Marks) -> tuple[float, float]:
    """One range for both panels, also where nothing has changed."""
    ends = pd.concat([bars[["start", "stop"]] for bars in data.by_sex.values()]).to_numpy(float)
    return theme.padded(ends, zero=True, share=0.04) if ends.any() else (-1.0, 1.0)


def _facts(words: StatusText) -> Mapping[str, object]:
    """The numbers that texts say beside those of the sheet."""
    slots = ("work_start", "work_end", "allowed")
    found = {
        str(one["group"]): {slot: one[slot] for slot in slots if slot in one}
        for one in words.values
    }
    return MappingProxyType({"small_base": WARN_BELOW, **found})


def _name(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    sexes = [str(one) for one in rows["sex"].unique()]
    group = phrases.who(
        phrases.group_code(str(row["birth_region"]), sexes[0] if len(sexes) == 1 else TOTAL), "sv"
    )
    parts = [slug(group), slug(phrases.place_name(str(row["place"]), "sv"))]
    periods = [str(row[f"period_{side}"]).lower() for side in ("start", "end")]
    return "_".join(["nettoforandring", *parts, *periods])


def _editable(data: Marks, labels: Mapping[str, Sequence[Label]], lang: Language) -> Editable:
    """The same bars for an office program: each upon an invisible one that reaches from zero."""
    bars = pd.concat(
        [found.assign(sex=sex) for sex, found in data.by_sex.items()], ignore_index=True
    )
    texts = [one.text for found in labels.values() for one in found]
    low, high = (bars[["start", "stop"]].agg(end, axis=1).to_numpy() for end in ("min", "max"))
    carried = np.clip(0.0, low, high)
    # A bar on both sides of zero has a part on each: only parts of one sign stack.
    sides = (
        np.maximum(high, 0) - np.maximum(carried, 0),
        np.minimum(low, 0) - np.minimum(carried, 0),
    )
    categories: list[str] = []
    parts: dict[tuple[str, str, int], list[float | None]] = {}
    for at, one in enumerate(bars.itertuples(index=False)):
        bar, before = str(one.bar), f"{_heading(one.sex, lang)}: " if len(data.by_sex) > 1 else ""
        name = _bar_name(bar, data, lang)
        categories.append(
            f"{before}{name[:1].lower() if before else name[:1]}{name[1:]} {texts[at]}"
        )
        kind = pick(NAMES, bar if bar in TINTS else "statuses", lang)
        color = color_of(bar, data.colors[one.sex])
        color = color if bar == "deviation" else tinted(bar, color)
        for side, sizes in enumerate(sides):
            if sizes[at]:
                series = parts.setdefault((f"{before}{kind}", color, side), [None] * len(bars))
                series[at] = float(sizes[at])
    carrier = Series(pick(NAMES, "carrier", lang), tuple(carried.tolist()), None)
    drawn = [Series(name, tuple(values), color) for (name, color, _), values in parts.items()]
    words = {"sv": "Personer, netto", "en": "Persons, net"}[lang]
    return Editable("stacked_bar", tuple(categories), (carrier, *drawn), words, "count")
