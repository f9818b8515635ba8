"""How large is the gap and how has it moved? The rates above, the gaps of women and men below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from integstats import catalogue
from integstats.analysis.breaks import breaks_within
from integstats.analysis.gaps import Comparator
from integstats.catalogue import Language, Source
from integstats.charts import inputs, placement, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.editable import Editable
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label, break_label, figure_claim, label, range_claim
from integstats.charts.text_size import POINTS
from integstats.charts.theme import SizeName
from integstats.charts.timeline import Timeline
from integstats.errors import SchemaError
from integstats.wording import phrases, terms
from integstats.wording.claims import Claim, Text
from integstats.wording.gap_sentences import gap_trend_text


@dataclass(frozen=True, eq=False)
class Marks:
    """What the two panels draw.

    `by_sex` holds, for each sex, the rows of `integstats.gaps` sorted by period; `natives` the
    reference of each (one entry, where all share it); `cuts` the first periods after breaks.
    """

    by_sex: dict[str, pd.DataFrame]
    natives: dict[str, pd.DataFrame]
    cuts: tuple[pd.Period, ...]

    @property
    def periods(self) -> pd.Series:
        """The periods of all rows."""
        return pd.concat([rows["period"] for rows in self.by_sex.values()])


def marks(gaps: pd.DataFrame, measure: str, *, comparator: Comparator = "same_sex") -> Marks:
    """Return what the panels draw from the gaps of one place.

    Raises
    ------
    SchemaError
        When a required column is missing, there are rows of more than one place, age, dataset or
        vintage, a period stands twice, or there are no rows.
    """
    rows = inputs.checked(gaps, what="gap_trend()", single=inputs.IDENTITY)
    by_sex = {
        sex: found.reset_index(drop=True)
        for sex in inputs.SEXES
        if len(found := rows[(rows["sex"] == sex).to_numpy()])
    } or {"total": rows}
    shared = {"same_sex": None, "all_natives": "total", "native_men": "men"}[comparator]
    natives = by_sex if shared is None else {shared: next(iter(by_sex.values()))}
    breaks = breaks_within(rows, measure)
    return Marks(by_sex, natives, tuple(inputs.cuts(breaks, rows["period"].dtype.freq)))


def draw(axes: tuple[Axes, Axes], data: Marks) -> None:
    """Draw the marks of both panels, without title, footer, labels or ticks.

    Parameters
    ----------
    axes
        The upper axes take the rates (shares 0–1), the lower ones the gaps of women and men with
        their intervals (percentage points); years on x (`theme.time_values`).
    data
        What `marks` returned.
    """
    upper, lower = axes
    cuts = theme.edges(data.cuts, data.periods.dtype.freq).tolist()
    for ax in axes:
        for at in cuts:
            ax.axvline(
                at, color=theme.MUTED, linewidth=0.8 * theme.scale(), dashes=(1, 2), zorder=1
            )
    lower.axhline(0, color=theme.MUTED, linewidth=0.8 * theme.scale(), zorder=1)
    for sex, rows in data.natives.items():
        _line(upper, rows, "rate_native_born", theme.look("native_born", sex), cuts)
    for sex, rows in data.by_sex.items():
        _line(upper, rows, "rate_foreign_born", theme.look("foreign_born", sex), cuts)
    for sex, rows in data.by_sex.items():
        style = theme.look("foreign_born", sex)
        low, high = (rows[name].to_numpy(dtype=float) for name in ("gap_low", "gap_high"))
        x = theme.time_values(rows["period"])
        theme.band(lower, x, low, high, color=style.color, cuts=cuts)
        _line(lower, rows, "gap_pp", replace(style, width=1.1), cuts)


def _line(
    ax: Axes, rows: pd.DataFrame, column: str, style: theme.Look, cuts: Sequence[float]
) -> None:
    theme.line(
        ax,
        theme.time_values(rows["period"]),
        rows[column].to_numpy(dtype=float),
        color=style.color,
        width=style.width,
        dashes=style.dashes,
        marker=style.marker,
        preliminary=(rows["status"] == "preliminary").to_numpy(),
        cuts=cuts,
    )


def gap_trend(
    gaps: pd.DataFrame,
    *,
    measure: str = "employment_rate",
    place: str | None = None,
    comparator: Comparator = "same_sex",
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Chart:
    """Return the chart of the gaps of women and men in one place over time.

    Parameters
    ----------
    gaps
        What `integstats.gaps` returned for foreign-born against native-born, for women and men
        of one age, or of ages that follow each other in the dataset; the columns used are
        ``dataset``, ``vintage``, ``place``, ``period``, ``sex``, ``age``, ``gap_pp``,
        ``gap_low``, ``gap_high``, ``rate_foreign_born``, ``rate_native_born``,
        ``n_foreign_born``, ``n_native_born`` and ``status``.
    measure
        Id of the measure that `gaps` was called with.
    place
        Which place, where the frame has several: its name or code.
    comparator
        As given to `gaps`.
    lang
        Language.
    size
        ``report`` (16 × 10 cm), ``slide`` (25.4 × 14.3 cm) or ``square``.
    organisation
        Who processed the figures, for the source line.
    sources
        Where the figures come from; what the catalogue knows of them when left out
        (`integstats.sources` adds when they were fetched).

    Returns
    -------
    Chart
        Its data sheet is the rows of `gaps` that are drawn.

    Raises
    ------
    SchemaError
        When a required column is missing, several places, ages or vintages are left, or no gap
        is known.
    UnknownCodeError
        When the measure or the place does not exist.
    UsageError
        When there is no such size.

    Examples
    --------
    >>> import integstats as ig
    >>> bas = ig.load("scb-bas-month", places=["Malmö"])
    >>> chart = gap_trend(ig.gaps(ig.rates(bas), "employment_rate"))
    >>> chart.name
    'sysselsattningsgap_malmo'
    """
    theme.size(size)
    catalogue.measure(measure)
    rows = inputs.of_place(gaps, place)
    data = marks(rows, measure, comparator=comparator)
    shown = pd.concat(data.by_sex.values(), ignore_index=True)
    if shown["gap_pp"].isna().all():
        raise SchemaError("gap_trend() has no gap to draw: every gap_pp is missing.")
    origins = inputs.sources_of(shown, sources)
    words = gap_trend_text(
        shown,
        measure,
        sources=origins,
        comparator=comparator,
        organisation=organisation or "",
        lang=lang,
    )
    key = str(shown["place"].iloc[0])
    upper, lower = _labels(data, comparator, lang)
    gap_word = catalogue.measure(measure).words("sv")["gap"]
    return Chart(
        name=f"{slug(gap_word)}_{slug(phrases.place_name(key, 'sv'))}",
        kind="gap_trend",
        data=shown,
        title=words.title,
        subtitle=_subtitle(words.subtitle),
        alt=words.alt,
        description=Text.joined(words.lines, lang=lang),
        notes=(
            *inputs.partial_notes(shown, lang),
            *inputs.concept_notes(shown, lang),
            inputs.source_note(shown, origins, words.footer[-1], organisation=organisation),
        ),
        optional_notes=words.footer[:-1],
        sources=origins,
        painter=partial(
            paint,
            data=data,
            upper_labels=upper,
            lower_labels=lower,
            headings=_headings(measure, comparator, lang),
        ),
        labels=(*upper, *lower, *(break_label(one, lang) for one in data.cuts)),
        told=tuple(_ends(rows) for rows in data.by_sex.values()),
        lang=lang,
        size=size,
        synthetic=inputs.is_synthetic(shown),
        least=0.55 * theme.size(size).height,
        same_scale=False,
        editable=_editable(data, measure, lang),
        shown=_shown(shown),
    )


def paint(
    canvas: Canvas,
    *,
    data: Marks,
    upper_labels: Sequence[Label],
    lower_labels: Sequence[Label],
    headings: tuple[str, str, str],
) -> None:
    """Draw both panels with their axes and end labels on a canvas."""
    rates = _values(data.by_sex, "rate_foreign_born", "rate_native_born")
    spans = _values(data.by_sex, "gap_pp", "gap_low", "gap_high")
    rates_range = theme.padded(rates, zero=False)
    spans_range = theme.padded(spans, zero=True, share=0.1)
    widest = [
        canvas.widest_tick(*rates_range, "percent"),
        canvas.widest_tick(*spans_range, "points"),
    ]
    both = [*upper_labels, *lower_labels]
    first, last = data.periods.min(), data.periods.max()
    ticks, texts = theme.time_ticks(first, last, lang=canvas.lang)
    width = canvas.right - canvas.left - canvas.reserve(both) - 0.5
    texts = canvas.fitting(texts, width)
    lines = 1 + any("\n" in one for one in texts)
    # Two headings and the time axis take their lines; the rest is shared evenly.
    text = (lines * 1.25 + 1.2) * canvas.size.body / POINTS / (canvas.top - canvas.bottom)
    part = (1 - text) / 2
    ticks_room = [max(widest, key=len)]
    upper = canvas.panel(
        share=part, labels=both, heading=headings[0], ticks=ticks_room, axis_lines=0
    )
    lower = canvas.panel(
        above=part + 0.03,
        share=1 - part - 0.03,
        labels=both,
        heading=next(
            (one for one in headings[1:] if canvas.width_of(one) < canvas.right - canvas.left),
            headings[-1],
        ),
        ticks=ticks_room,
        axis_lines=lines,
    )
    low, high = theme.time_values(pd.PeriodIndex([first, last]))
    pad = max(0.012 * (high - low), 0.03)
    for axes, limits in ((upper, rates_range), (lower, spans_range)):
        axes.set_xlim(low - pad, high + pad)
        axes.set_ylim(*limits)
    draw((upper, lower), data)
    for axes in (upper, lower):
        theme.set_ticks(axes.xaxis, ticks, texts if axes is lower else [])
    upper.tick_params(bottom=False, labelbottom=False)
    upper.spines["bottom"].set_visible(False)
    theme.value_axis(upper, "percent", lang=canvas.lang, count=4)
    theme.value_axis(lower, "points", lang=canvas.lang, count=4)
    placement.end_labels(canvas, upper, upper_labels)
    placement.end_labels(canvas, lower, lower_labels)
    placement.name_breaks(canvas, (lower, upper), data.cuts)


def _labels(data: Marks, comparator: Comparator, lang: Language) -> tuple[list[Label], list[Label]]:
    """End labels of the two panels: the last known value of each line."""
    upper, lower = [], []
    for birth, frames in (("native_born", data.natives), ("foreign_born", data.by_sex)):
        for sex, rows in frames.items():
            column = f"rate_{birth}"
            last = inputs.last_known(rows, column)
            if last is None:
                continue
            value = float(rows[column].iloc[last])
            name = phrases.who(phrases.group_code(birth, sex), lang)
            color = theme.look(birth, sex).color
            upper.append(
                label([f"{name} ", figure_claim(value, "share", 1)], value, color, lang=lang)
            )
    for sex, rows in data.by_sex.items():
        last = inputs.last_known(rows, "gap_pp")
        if last is None:
            continue
        row = rows.iloc[last]
        name = phrases.who(
            phrases.group_code("foreign_born" if sex == "total" else "total", sex), lang
        )
        parts: list[Claim | str] = [f"{name} ", figure_claim(row["gap_pp"], "pp", 1)]
        if math.isfinite(row["gap_low"]) and math.isfinite(row["gap_high"]):
            parts += [" ", range_claim(row["gap_low"], row["gap_high"], "pp", 1)]
        color = theme.look("foreign_born", sex).color
        lower.append(label(parts, float(row["gap_pp"]), color, lang=lang, bold=True))
    return upper, lower


def _editable(data: Marks, measure: str, lang: Language) -> Editable:
    """The lines of the upper panel."""
    periods = data.periods
    axis = Timeline.of(periods.min(), periods.max(), cuts=data.cuts, lang=lang)
    lines = []
    for birth, frames in (("foreign_born", data.by_sex), ("native_born", data.natives)):
        for sex, rows in frames.items():
            name = phrases.who(phrases.group_code(birth, sex), lang)
            style = theme.look(birth, sex)
            lines.append(
                axis.line(
                    name[:1].upper() + name[1:],
                    rows["period"],
                    rows[f"rate_{birth}"],
                    color=style.color,
                    width=style.width,
                    dashes=style.dashes,
                    marker=style.marker,
                )
            )
    low, high = theme.padded(
        _values(data.by_sex, "rate_foreign_born", "rate_native_born"), zero=False
    )
    return Editable(
        "line",
        axis.names,
        tuple(lines),
        catalogue.measure(measure).words(lang)["unit"],
        "percent",
        low=math.floor(10 * max(low, 0)) / 10,
        high=math.ceil(10 * min(high, 1)) / 10,
    )


def _shown(sheet: pd.DataFrame) -> tuple[str, ...]:
    """The columns of a reader's table; keys that do not vary are in the subtitle."""
    keys = ("period", *(name for name in ("sex", "age") if sheet[name].nunique() > 1))
    return (*keys, "rate_foreign_born", "rate_native_born", "gap_pp", "gap_low", "gap_high")


def _headings(measure: str, comparator: Comparator, lang: Language) -> tuple[str, str, str]:
    """The headings of the upper and the lower panel, and the latter in fewer words."""
    words = catalogue.measure(measure).words(lang)
    versus = phrases.comparator_code(comparator, "total")
    minus = phrases.minus("foreign_born:total", versus, measure, lang)
    points = terms.pick(terms.TERMS, "percentage_points", lang)
    upper, lower = words["name"], f"{words['gap']}, {points} ({minus})"
    return (
        upper[:1].upper() + upper[1:],
        lower[:1].upper() + lower[1:],
        f"Gap, {points} ({minus})",
    )


def _subtitle(text: Text) -> Text:
    """The subtitle but for what the heading of the lower panel says."""
    claims = [one for one in text.claims if one.predicate.id != "gap.subtitle.lower"]
    return Text.of(*claims, lang=text.lang)


def _ends(rows: pd.DataFrame) -> float:
    last = inputs.last_known(rows, "gap_pp")
    return math.nan if last is None else float(rows["gap_pp"].iloc[last])


def _values(frames: dict[str, pd.DataFrame], *columns: str) -> np.ndarray:
    return np.concatenate(
        [rows[name].to_numpy(dtype=float) for rows in frames.values() for name in columns]
    )
