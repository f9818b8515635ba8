"""Women and men, foreign- and native-born, in many places: how far apart, and where most?"""

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
from integstats.charts.labels import Label, figure_claim, label
from integstats.charts.text_size import POINTS
from integstats.charts.theme import SizeName
from integstats.errors import SchemaError, UsageError
from integstats.table import TOTAL, parse_period
from integstats.wording import phrases, terms
from integstats.wording.claims import Text
from integstats.wording.dumbbell_sentences import dumbbell_text

PITCH = 1.75
"""Height of a row in lines of text."""
HEAD_ROWS = 1.1
"""Room above the first row for the words that name the dots."""


@dataclass(frozen=True, eq=False)
class Marks:
    """What the facets draw.

    `places` from the largest gap of the first sex downwards, those without a gap last; `by_sex`
    holds for each sex the rows of `integstats.gaps` in that order, missing ones included.
    """

    places: tuple[str, ...]
    by_sex: dict[str, pd.DataFrame]
    better: str


def marks(gaps: pd.DataFrame, measure: str, *, period: str | pd.Period | None = None) -> Marks:
    """Return what the facets draw of one period: the latest when none is named.

    Raises
    ------
    SchemaError
        When a required column is missing, there are several ages, or datasets of one country, or
        no rows of the period.
    """
    rows = inputs.checked(gaps, what="dumbbell()", single=("age",))
    inputs.refuse_mixed_datasets(rows, what="dumbbell()")
    rows = rows[(rows["period"] == _period(rows, period)).to_numpy()]
    if rows.empty:
        first, last = gaps["period"].min(), gaps["period"].max()
        raise SchemaError(
            f"dumbbell() has no rows of the period {period}; the gaps run from {first} to {last}."
        )
    known = [sex for sex in (*inputs.SEXES, TOTAL) if (rows["sex"] == sex).any()]
    by_sex = {sex: rows[(rows["sex"] == sex).to_numpy()].set_index("place") for sex in known}
    ranked = by_sex[known[0]].sort_values("gap_pp", ascending=False, kind="stable").index
    places = [str(one) for one in ranked]
    places += [one for one in rows["place"].astype(str).unique() if one not in places]
    return Marks(
        tuple(places),
        {sex: found.reindex(places).reset_index() for sex, found in by_sex.items()},
        catalogue.measure(measure).better,
    )


def draw(axes: Sequence[Axes], data: Marks) -> None:
    """Draw the marks of the facets, without title, footer, labels or ticks.

    Parameters
    ----------
    axes
        One for each sex of `data.by_sex`: rates (shares 0–1) on x, the places at 0, −1, −2, … on
        y. The whisker at the foreign-born is the interval of the gap, seen from the native-born.
    data
        What `marks` returned.
    """
    sign = -1.0 if data.better == "up" else 1.0
    for ax, (sex, rows) in zip(axes, data.by_sex.items(), strict=True):
        y = -np.arange(len(rows), dtype=float)
        own, other = (
            rows[f"rate_{birth}"].to_numpy(dtype=float) for birth in ("foreign_born", "native_born")
        )
        ends = [
            other + sign * rows[name].to_numpy(dtype=float) / 100
            for name in ("gap_low", "gap_high")
        ]
        style, native = theme.look("foreign_born", sex), theme.look("native_born", sex)
        ax.hlines(y, own, other, color=native.color, linewidth=1.2 * theme.scale(), zorder=2)
        ax.hlines(y, *ends, color=style.color, linewidth=3.0 * theme.scale(), zorder=2.5)
        for x, look, size in ((other, native, 5.0), (own, style, 5.5)):
            ax.plot(x, y, look.marker, color=look.color, markersize=size * theme.scale(), zorder=3)


def dumbbell(
    gaps: pd.DataFrame,
    *,
    measure: str = "employment_rate",
    period: str | pd.Period | None = None,
    comparator: Comparator = "same_sex",
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Chart:
    """Return the chart of foreign- and native-born women and men in all places of a frame.

    Parameters
    ----------
    gaps
        What `integstats.gaps` returned for foreign-born against native-born, of one age and one
        dataset. Places abroad have another; theirs must bear the same names (of Danish origin,
        immigrants for the foreign-born), and the chart says that they are another group. The
        columns used are ``dataset``, ``vintage``, ``place``, ``period``, ``sex``, ``age``,
        ``gap_pp``, ``gap_low``, ``gap_high``, ``rate_foreign_born``, ``rate_native_born``,
        ``n_foreign_born``, ``n_native_born`` and ``status``.
    measure
        Id of the measure that `gaps` was called with.
    period
        Which period; the latest when left out.
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
        The places are sorted by the gap of women, the largest first. Its data sheet is the rows
        of `gaps` of the period, in that order.

    Raises
    ------
    SchemaError
        When a required column is missing, several ages are left, or no gap is known.
    UnknownCodeError
        When the measure does not exist.
    UsageError
        When there is no such size, or it has too little room for so many places.
    """
    chosen = theme.size(size)
    data = marks(gaps, measure, period=period)
    moment = gaps[(gaps["period"] == _period(gaps, period)).to_numpy()]
    shown = pd.concat(data.by_sex.values(), ignore_index=True)
    shown = shown[shown["gap_pp"].notna().to_numpy()]
    if shown.empty:
        raise SchemaError("dumbbell() has no gap to draw: every gap_pp is missing.")
    origins = inputs.sources_of(moment, sources)
    words = dumbbell_text(
        moment[moment["sex"].isin(list(data.by_sex)).to_numpy()],
        measure,
        sources=origins,
        comparator=comparator,
        organisation=organisation or "",
        lang=lang,
    )
    labels = {sex: _gap_labels(rows, sex, lang) for sex, rows in data.by_sex.items()}
    chart = Chart(
        name=_name(data, measure, str(moment["period"].iloc[0])),
        kind="dumbbell",
        data=_sheet(moment, data),
        title=words.title,
        subtitle=words.subtitle,
        alt=words.alt,
        description=Text.joined(words.lines, lang=lang),
        notes=(
            *inputs.partial_notes(moment, lang),
            *words.footer[:-1],
            *inputs.concept_notes(moment, lang),
            inputs.source_note(moment, origins, words.footer[-1], organisation=organisation),
        ),
        sources=origins,
        painter=partial(paint, data=data, labels=labels, measure=measure),
        labels=tuple(one for found in labels.values() for one in found if one is not None),
        facts=MappingProxyType({"places": shown["place"].astype(str).unique().tolist()}),
        told=_told(data),
        lang=lang,
        size=size,
        synthetic=inputs.is_synthetic(moment),
        least=_needed(len(data.places), chosen),
        editable=_editable(data, measure, lang),
        shown=_shown(moment),
    )
    _refuse_too_many(chart, data)
    return chart


def paint(
    canvas: Canvas, *, data: Marks, labels: dict[str, list[Label | None]], measure: str
) -> None:
    """Draw the facets with their axes, the names of the places and the gaps on a canvas."""
    lang = canvas.lang
    names = [catalogue.place_label(one, lang) for one in data.places]
    words = catalogue.measure(measure).words(lang)
    column = [one for found in labels.values() for one in found if one is not None]
    facets = list(data.by_sex)
    limits = _limits(data)
    axes: list[Axes] = []
    whose = [_who(sex, lang) for sex in facets]
    gap_word = words["gap"][:1].upper() + words["gap"][1:]
    reserve = canvas.reserve(column) + 12 * canvas.size.scale / POINTS
    between = 16 * canvas.size.scale / POINTS
    for at in range(len(facets)):
        ax = canvas.panel(
            facet=(at, len(facets)),
            between=between,
            ticks=names,
            heading=" ",
            keep_right=reserve,
        )
        ax.set_xlim(*limits)
        ax.set_ylim(-len(names) + 0.4, HEAD_ROWS)
        axes.append(ax)
    draw(axes, data)
    for ax, sex in zip(axes, facets, strict=True):
        ax.grid(visible=False, axis="y")
        ax.grid(visible=True, axis="x")
        theme.set_ticks(
            ax.yaxis, [-float(one) for one in range(len(names))], names if ax is axes[0] else []
        )
        theme.value_axis(ax, "percent", lang=lang, which="x", count=4)
        color = theme.look("foreign_born", sex).color
        box, wide = ax.get_position(), canvas.figure.get_figwidth()
        left, right = box.x0 * wide, box.x1 * wide + reserve
        canvas.write_heading(ax, _who(sex, lang), color=color, align="left", x=left)
        if canvas.width_of(f"{max(whose, key=len)}  {gap_word}") > right - left:
            points = terms.pick(terms.TERMS, "percentage_points", lang)
            gap_word = points[:1].upper() + points[1:]
        canvas.write_heading(ax, gap_word, color=theme.TEXT, align="right", x=right)
        placement.row_texts(canvas, ax, [(-row, one) for row, one in enumerate(labels[sex])], right)
        start = canvas.left if ax is axes[0] else left - between + 4 * canvas.size.scale / POINTS
        _name_dots(canvas, ax, data.by_sex[sex], sex, within=(start, right))
    hidden = terms.pick(terms.TERMS, "suppressed", lang)
    for ax, rows in zip(axes, data.by_sex.values(), strict=True):
        for row in np.flatnonzero(rows["gap_pp"].isna().to_numpy()):
            placement.row_note(canvas, ax, -float(row), hidden)


def _who(sex: str, lang: Language) -> str:
    birth = "foreign_born" if sex == TOTAL else TOTAL
    text = phrases.who(phrases.group_code(birth, sex), lang)
    return text[:1].upper() + text[1:]


def _name_dots(
    canvas: Canvas, ax: Axes, rows: pd.DataFrame, sex: str, *, within: tuple[float, float]
) -> None:
    """Name the two dots of the first row that has both, above it."""
    known = np.flatnonzero(rows["gap_pp"].notna().to_numpy())
    if not len(known) or known[0] != 0:
        return
    dots = [
        (
            float(rows[f"rate_{birth}"].iloc[0]),
            terms.pick(terms.BORN, birth, canvas.lang),
            theme.look(birth, sex).color,
        )
        for birth in ("foreign_born", "native_born")
    ]
    left, right = sorted(dots, key=lambda dot: dot[0])
    placement.above_dots(canvas, ax, 0.0, left, right, within=within)


def _gap_labels(rows: pd.DataFrame, sex: str, lang: Language) -> list[Label | None]:
    color = theme.TEXT
    return [
        label([figure_claim(float(gap), "pp", 1)], float(gap), color, lang=lang)
        if np.isfinite(gap)
        else None
        for gap in rows["gap_pp"].to_numpy(dtype=float)
    ]


def _limits(data: Marks) -> tuple[float, float]:
    """One range for all facets, whiskers included."""
    sign = -1.0 if data.better == "up" else 1.0
    values = [
        np.concatenate(
            [
                rows["rate_foreign_born"].to_numpy(dtype=float),
                other := rows["rate_native_born"].to_numpy(dtype=float),
                *(
                    other + sign * rows[name].to_numpy(dtype=float) / 100
                    for name in ("gap_low", "gap_high")
                ),
            ]
        )
        for rows in data.by_sex.values()
    ]
    together = np.concatenate(values)
    return theme.padded(together, zero=theme.moves(together, least=0.5), share=0.08)


def _told(data: Marks) -> tuple[float, ...]:
    """The largest and the smallest gap that the texts speak of."""
    gaps = next(iter(data.by_sex.values()))["gap_pp"].dropna()
    return (float(gaps.max()), float(gaps.min())) if len(gaps) > 1 else ()


def _editable(data: Marks, measure: str, lang: Language) -> Editable:
    """The gaps as lying bars in the order of the places; the levels are in the data sheet."""
    words = catalogue.measure(measure).words(lang)
    points = terms.pick(terms.TERMS, "percentage_points", lang)
    series = tuple(
        Series(
            _who(sex, lang),
            tuple(float(one) if np.isfinite(one) else None for one in rows["gap_pp"]),
            theme.look("foreign_born", sex).color,
        )
        for sex, rows in data.by_sex.items()
    )
    names = tuple(catalogue.place_label(one, lang) for one in data.places)
    gap = f"{words['gap'][:1].upper()}{words['gap'][1:]}, {points}"
    return Editable("bar", names, series, gap, "pp")


def _sheet(moment: pd.DataFrame, data: Marks) -> pd.DataFrame:
    """The rows in the order of the chart; of each place women, men and both together."""
    place = pd.Index(data.places).get_indexer(moment["place"].astype(str))
    sex = pd.Index((*inputs.SEXES, TOTAL)).get_indexer(moment["sex"].astype(str))
    return moment.iloc[np.lexsort((sex, place))].reset_index(drop=True)


def _shown(moment: pd.DataFrame) -> tuple[str, ...]:
    """The columns of a reader's table; keys that do not vary are in the subtitle."""
    sex = ("sex",) if moment["sex"].nunique() > 1 else ()
    rates = ("rate_foreign_born", "rate_native_born")
    return ("place", *sex, *rates, "gap_pp", "gap_low", "gap_high", "n_foreign_born")


def _period(rows: pd.DataFrame, period: str | pd.Period | None) -> pd.Period:
    if period is None:
        return rows["period"].max()
    return parse_period(period, rows["period"].dtype.freq)


def _needed(places: int, size: theme.Size) -> float:
    """Inches for so many rows, the words above them and the axis below."""
    lines = (places + HEAD_ROWS) * PITCH + 4.0
    return lines * size.body / POINTS


def _refuse_too_many(chart: Chart, data: Marks) -> None:
    chosen = theme.size(chart.size)
    if chosen.grows:
        return
    room = chart.room()
    fits = int((room * POINTS / chosen.body - 4.0) / PITCH - HEAD_ROWS)
    if len(data.places) > fits:
        raise UsageError(
            f"The size {chart.size} has room for {fits} places; got {len(data.places)}. Choose "
            'fewer places, or size="report", which grows.'
        )


def _name(data: Marks, measure: str, period: str) -> str:
    what = slug(catalogue.measure(measure).words("sv")["gap"])
    if len(data.places) == 1:
        return f"{what}_{slug(phrases.place_name(data.places[0], 'sv'))}_{period.lower()}"
    return f"{what}_{len(data.places)}-platser_{period.lower()}"
