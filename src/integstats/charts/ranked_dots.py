"""Places sorted by their gap, with intervals: which differ, and what is sure of the order?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from integstats import catalogue
from integstats.analysis.gaps import Comparator
from integstats.catalogue import Language, Source
from integstats.charts import inputs, placement, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.editable import Editable, Series
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label, figure_claim, label, range_claim
from integstats.charts.ranked_marks import Marks as Marks
from integstats.charts.ranked_marks import marks as marks
from integstats.charts.text_size import POINTS
from integstats.charts.theme import SizeName
from integstats.errors import UsageError
from integstats.wording import phrases, terms
from integstats.wording.claims import Text
from integstats.wording.ranked_sentences import (
    COUNTRY,
    HEADINGS,
    country_claim,
    rank_claim,
    ranked_text,
    ranked_values,
)

LINE_TOP = 0.35
"""Where the line of the country ends, in rows above the first."""
PITCH = 1.5
"""Height of a row in lines of text."""
HEAD_ROWS = 1.2
"""Room above the first row for the name of the country's line."""
OPTIONAL = ("ranked.how", "shown.nested")
"""Notes that are left out of the picture where it has too little room."""
SHOWN = (
    *("place", "gap_pp", "gap_low", "gap_high", "rank_low", "rank_high"),
    *("rate_foreign_born", "rate_native_born", "n_foreign_born", "n_native_born", "status"),
)


@dataclass(frozen=True)
class Labels:
    """What is written beside the marks: per row the gap and the ranks, and the country's line."""

    gaps: tuple[Label | None, ...]
    ranks: tuple[Label | None, ...]
    country: Label | None

    @property
    def written(self) -> tuple[Label, ...]:
        """Every label that there is."""
        return tuple(one for one in (*self.gaps, *self.ranks, self.country) if one is not None)


def draw(ax: Axes, data: Marks) -> None:
    """Draw the marks, without title, footer, labels or ticks.

    Parameters
    ----------
    ax
        Where to: gaps in percentage points on x, the places at 0, −1, −2, … on y.
    data
        What `marks` returned. The highlighted place stands out in the colour of its group, the
        others are grey; hollow dots rest on few persons.
    """
    own = theme.look("foreign_born", data.sex)
    bold = (data.rows["place"] == data.highlight).to_numpy()
    few = data.small
    low, gap, high = (
        data.rows[name].to_numpy(dtype=float) for name in ("gap_low", "gap_pp", "gap_high")
    )
    y = -np.arange(len(gap), dtype=float)
    rest = own.color if data.highlight is None else theme.NATIVE
    if np.isfinite(data.country):
        ends = (0.5 - np.isfinite(gap).sum(), LINE_TOP)
        ax.plot([data.country] * 2, ends, color=theme.TARGET, linewidth=1.1 * theme.scale(),
                dashes=(4, 2), zorder=2)  # fmt: skip
    for chosen, color, size in ((~bold, rest, 4.5), (bold, own.color, 6.5)):
        width = 0.4 * size * theme.scale()
        ax.hlines(y[chosen], low[chosen], high[chosen], color=color, linewidth=width, zorder=2.5)
        for hollow in (False, True):
            here = chosen & (few == hollow)
            face = theme.BACKGROUND if hollow else color
            ax.plot(gap[here], y[here], own.marker, color=color, markerfacecolor=face,
                    markersize=size * theme.scale(), zorder=3)  # fmt: skip


def ranked_dots(
    gaps: pd.DataFrame,
    *,
    measure: str = "employment_rate",
    sex: str = "women",
    period: str | pd.Period | None = None,
    highlight: str | None = None,
    comparator: Comparator = "same_sex",
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Chart:
    """Return the chart of places sorted by their gap, with intervals and the ranks each may have.

    A rank is never one number unless it is established: it is the set of ranks that are possible
    when chance is counted in, for all places at once.

    Parameters
    ----------
    gaps
        What `integstats.gaps` returned for foreign-born against native-born, of one age; the
        columns used are ``dataset``, ``vintage``, ``place``, ``period``, ``sex``, ``age``,
        ``gap_pp``, ``gap_low``, ``gap_high``, ``rate_foreign_born``, ``rate_native_born``,
        ``n_foreign_born``, ``n_native_born`` and ``status``. The country is drawn as a line and
        not ranked.
    measure
        Id of the measure that `gaps` was called with.
    sex
        Whose gap: ``women``, ``men`` or ``total``.
    period
        Which period; the latest when left out.
    highlight
        Name or key of the place that the chart is about.
    comparator
        As given to `gaps`.
    lang
        Language.
    size
        ``report`` (16 cm wide; the height grows with the places), ``slide`` or ``square``.
    organisation
        Who processed the figures, for the source line.
    sources
        Where the figures come from; what the catalogue knows of them when left out.

    Returns
    -------
    Chart
        The smallest gap first. Its data sheet is the rows of `gaps` in that order, the country
        last, with ``rank_low`` and ``rank_high``: the best and the worst rank that a place may
        have, 1 being the smallest gap.

    Raises
    ------
    SchemaError
        When a required column is missing, several ages are left, or no gap is known.
    UnknownCodeError
        When the measure, the sex or the highlighted place does not exist.
    UsageError
        When there is no such size, it has too little room for so many places, or the country is
        to be highlighted.

    Notes
    -----
    `integstats.analysis.ranking.rank_confidence_sets` (Mogstad, Romano, Shaikh and Wilhelm 2024),
    95 %, simultaneous. The standard error of a gap is the root of the sum of the two
    `rate_variance`, at (x + ½)/(n + 1), disclosure noise included. Where all intervals share a
    value, no place is told apart from another.
    """
    chosen = theme.size(size)
    data = marks(gaps, sex=sex, period=period, highlight=highlight)
    sheet = _sheet(gaps, data)
    origins = inputs.sources_of(sheet, sources)
    preliminary = (sheet["status"] == "preliminary").any()
    words = ranked_text(
        sheet,
        measure,
        sources=origins,
        preliminary=bool(preliminary) or None,
        highlight=data.highlight,
        comparator=comparator,
        organisation=organisation or "",
        lang=lang,
    )
    values = ranked_values(sheet, measure, highlight=data.highlight, comparator=comparator)
    known = data.rows["gap_pp"].dropna()
    # A size that grows has room for every note.
    optional = tuple(one for one in words.footer if not chosen.grows and _is_optional(one))
    labels = _labels(data, lang)
    chart = Chart(
        name=_name(data, measure, str(sheet["period"].iloc[0])),
        kind="ranked_dots",
        data=sheet,
        title=words.title,
        subtitle=words.subtitle,
        alt=words.alt,
        description=Text.joined(words.lines, lang=lang),
        notes=(
            *inputs.concept_notes(sheet, lang),
            *inputs.partial_notes(sheet, lang),
            *(one for one in words.footer if one not in optional),
        ),
        optional_notes=optional,
        sources=origins,
        painter=partial(paint, data=data, labels=labels),
        labels=labels.written,
        facts=MappingProxyType(
            {name: one for name, one in values.items() if isinstance(one, (int, float))}
        ),
        told=(float(known.iloc[0]), float(known.iloc[-1])),
        lang=lang,
        size=size,
        synthetic=inputs.is_synthetic(sheet),
        least=_needed(len(data.rows), chosen),
        editable=_editable(data, measure, lang),
        shown=SHOWN,
    )
    _refuse_too_many(chart, data)
    return chart


def paint(canvas: Canvas, *, data: Marks, labels: Labels) -> None:
    """Draw the marks with their axis, the names of the places, gaps and ranks on a canvas."""
    lang = canvas.lang
    names = [catalogue.place_label(one, lang) for one in data.places]
    gap_words, rank_word = (terms.pick(HEADINGS, one, lang) for one in ("gap", "rank"))
    between = 12 * canvas.size.scale / POINTS
    gaps, ranks = ([one for one in found if one] for found in (labels.gaps, labels.ranks))
    rank_width = max(canvas.reserve(ranks), canvas.width_of(rank_word)) + between if ranks else 0.0
    bold = [f"{names[data.places.index(data.highlight)]}   "] if data.highlight else []
    axes = canvas.panel(
        ticks=[*names, *bold], heading=" ", keep_right=canvas.reserve(gaps) + between + rank_width
    )
    color = theme.look("foreign_born", data.sex).color
    axes.set_xlim(*_limits(data))
    axes.set_ylim(0.4 - len(names), HEAD_ROWS)
    low, high = axes.get_xlim()
    if low < 0 < high:
        ends = (0.5 - data.rows["gap_pp"].notna().sum(), HEAD_ROWS)
        axes.plot([0, 0], ends, color=theme.MUTED, linewidth=0.8 * theme.scale(), zorder=1)
    draw(axes, data)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    theme.set_ticks(axes.yaxis, [-float(one) for one in range(len(names))], names)
    theme.value_axis(axes, "points", lang=lang, which="x", count=6)
    if data.highlight is not None:
        tick = axes.yaxis.get_major_ticks()[data.places.index(data.highlight)].label1
        tick.set(color=color, fontweight="bold")
    box, wide = axes.get_position(), canvas.figure.get_figwidth()
    right = canvas.right
    canvas.write_heading(axes, gap_words, color=theme.TEXT, align="left", x=box.x0 * wide)
    for column, heading, width in ((labels.ranks, rank_word, rank_width), (labels.gaps, "", 0.0)):
        if any(column):
            canvas.write_heading(axes, heading, color=theme.TEXT, align="right", x=right)
            rows = [(-float(row), one) for row, one in enumerate(column)]
            placement.row_texts(canvas, axes, rows, right)
        right -= width
    hidden = terms.pick(terms.TERMS, "suppressed", lang)
    for row in np.flatnonzero(data.rows["gap_pp"].isna().to_numpy()):
        placement.row_note(canvas, axes, -float(row), hidden)
    if labels.country is not None:
        share = (data.country - low) / (high - low)
        axes.annotate(
            labels.country.text,
            (data.country, LINE_TOP),
            xytext=(0, canvas.size.scale),
            textcoords="offset points",
            fontsize=canvas.size.body,
            color=labels.country.color,
            ha="left" if share < 0.25 else "right" if share > 0.75 else "center",
            va="bottom",
        )


def _sheet(gaps: pd.DataFrame, data: Marks) -> pd.DataFrame:
    """The rows that are drawn, in order, the country last."""
    first = data.rows.iloc[0]
    is_country = (gaps["place"] == COUNTRY) & (gaps["sex"] == data.sex)
    country = gaps[(is_country & (gaps["period"] == first["period"])).to_numpy()]
    return pd.concat([data.rows, country], ignore_index=True)


def _labels(data: Marks, lang: Language) -> Labels:
    own = theme.look("foreign_born", data.sex).color
    gaps: list[Label | None] = []
    ranks: list[Label | None] = []
    for row in data.rows.to_dict("records"):
        color = own if row["place"] == data.highlight else theme.TEXT
        value = float(row["gap_pp"])
        parts = [figure_claim(value, "pp", 1)] if np.isfinite(value) else []
        gaps.append(label(parts, value, color, lang=lang) if parts else None)
        known = pd.notna(row["rank_low"]) and len(data.rows) > 1
        parts = [rank_claim(int(row["rank_low"]), int(row["rank_high"]))] if known else []
        ranks.append(label(parts, value, color, lang=lang) if parts else None)
    level = data.country
    line = (
        label([country_claim(level)], level, theme.TARGET, lang=lang)
        if np.isfinite(level)
        else None
    )
    return Labels(tuple(gaps), tuple(ranks), line)


def _limits(data: Marks) -> tuple[float, float]:
    columns = [data.rows[name].to_numpy(dtype=float) for name in ("gap_low", "gap_pp", "gap_high")]
    values = np.concatenate([*columns, [data.country]])
    return theme.padded(values, zero=theme.moves(values, least=0.5), share=0.04)


def _editable(data: Marks, measure: str, lang: Language) -> Editable:
    """Bars from zero; the interval, which a bar does not show, stands with the name."""
    shown = data.rows[data.rows["gap_pp"].notna().to_numpy()]
    names = []
    for row in shown.to_dict("records"):
        name = catalogue.place_label(str(row["place"]), lang)
        if pd.notna(row["gap_low"]) and pd.notna(row["gap_high"]):
            name += f" {range_claim(row['gap_low'], row['gap_high'], 'pp', 1).render(lang)}"
        names.append(name)
    values = [float(one) for one in shown["gap_pp"]]
    chosen = [str(one) == data.highlight for one in shown["place"]]
    words = catalogue.measure(measure).words(lang)["gap"]
    own = theme.look("foreign_born", data.sex).color
    parts = [(words[:1].upper() + words[1:], False, theme.NATIVE if any(chosen) else own)]
    if data.highlight is not None and any(chosen):
        parts.append((catalogue.place_label(data.highlight, lang), True, own))
    series = [
        Series(
            name,
            (
                *(v if one == bold else None for v, one in zip(values, chosen, strict=True)),
                *([None] if np.isfinite(data.country) else []),
            ),
            color,
        )
        for name, bold, color in parts
    ]
    if np.isfinite(data.country):
        country = catalogue.place_label(COUNTRY, lang)
        names.append(country)
        series.append(Series(country, (*[None] * len(values), data.country), theme.TARGET))
    return Editable(
        "stacked_bar",
        tuple(names),
        tuple(series),
        terms.pick(HEADINGS, "gap", lang),
        "pp",
    )


def _is_optional(text: Text) -> bool:
    return all(one.predicate.id in OPTIONAL for one in text.claims)


def _needed(places: int, size: theme.Size) -> float:
    """Inches for so many rows, the words above them and the axis below."""
    return ((places + HEAD_ROWS) * PITCH + 4.0) * size.body / POINTS


def _refuse_too_many(chart: Chart, data: Marks) -> None:
    chosen = theme.size(chart.size)
    if chosen.grows:
        return
    fits = int((chart.room() * POINTS / chosen.body - 4.0) / PITCH - HEAD_ROWS)
    if len(data.rows) > fits:
        raise UsageError(
            f"The size {chart.size} has room for {fits} places; got {len(data.rows)}. Choose "
            'fewer places, or size="report", which grows.'
        )


def _name(data: Marks, measure: str, period: str) -> str:
    parts = [f"ordnat-{catalogue.measure(measure).words('sv')['gap']}"]
    parts.append(phrases.who(phrases.group_code("foreign_born", data.sex)))
    if data.highlight is not None:
        parts.append(phrases.place_name(data.highlight, "sv"))
    parts.append(f"{len(data.rows)} platser")
    return "_".join([*map(slug, parts), period.lower()])
