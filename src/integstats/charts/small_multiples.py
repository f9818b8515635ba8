"""One group in many places, a small panel for each, all with the same axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from integstats import catalogue
from integstats.analysis.breaks import as_one_age, breaks_between
from integstats.catalogue import Break, Language, Source
from integstats.charts import inputs, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.editable import Editable, Series
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label, figure_claim, label
from integstats.charts.panel_grid import Grid
from integstats.charts.text_size import text_width
from integstats.charts.theme import SizeName
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean
from integstats.table import key_columns, require, require_unique
from integstats.wording import numbers, phrases
from integstats.wording.claims import Claim, Text
from integstats.wording.multiples_sentences import PANEL_WORDS, multiples_text
from integstats.wording.terms import pick

COUNTRY = "00"
WHO = "small_multiples()"
REQUIRED = ("dataset", "vintage", "place", "period", "sex", "birth_region", "age", "status")


@dataclass(frozen=True, eq=False)
class Marks:
    """What the panels draw.

    `places` in the order of the panels: the highest last value first, those without one last;
    `values` and `preliminary` have a row per place and a column per period, all periods between
    the first and the last included; `country` is a row of the same kind, or empty.
    """

    places: tuple[str, ...]
    values: pd.DataFrame
    preliminary: pd.DataFrame
    country: pd.Series
    breaks: tuple[Break, ...]
    look: theme.Look

    @property
    def beside(self) -> str:
        """The colour of the country: grey, unless the group itself is."""
        return theme.TEXT if self.look.color == theme.NATIVE else theme.NATIVE

    @property
    def last(self) -> pd.Series:
        """The value of each place in the last period that any has one of."""
        known = self.values.columns[self.values.notna().any().to_numpy()]
        return self.values[known[-1]]


def marks(
    rates: pd.DataFrame,
    measure: str,
    *,
    sex: str = "women",
    birth_region: str = "foreign_born",
) -> Marks:
    """Return what the panels draw of one group.

    Raises
    ------
    SchemaError
        When a required column is missing, there are several ages or datasets, a place and period
        stands twice, or no rate is known.
    UnknownCodeError
        When the measure does not exist, or the table has no rows of the group.
    """
    rows = _selected(rates, measure, sex, birth_region)
    periods = pd.period_range(rows["period"].min(), rows["period"].max())
    named = rows.assign(place=rows["place"].astype(str))
    values = named.pivot(index="place", columns="period", values=measure)
    values = values.reindex(columns=periods).astype(float)
    early = named.assign(early=(named["status"] == "preliminary").astype(float))
    early = early.pivot(index="place", columns="period", values="early").reindex(columns=periods)
    is_country = (values.index == COUNTRY) & (len(values) > 1)
    own = values[~is_country]
    if own.isna().all(axis=None):
        raise SchemaError(f"{WHO} has no rate to draw: every {measure} is missing.")
    last = own.columns[own.notna().any().to_numpy()][-1]
    places = own[last].sort_values(ascending=False, kind="stable", na_position="last").index
    return Marks(
        places=tuple(str(one) for one in places),
        values=own.loc[places],
        preliminary=early.loc[places] == 1,
        country=values[is_country].squeeze() if is_country.any() else pd.Series(dtype=float),
        breaks=_breaks(rows, measure),
        look=theme.look(birth_region, sex),
    )


def draw(axes: Sequence[Axes], data: Marks) -> None:
    """Draw the marks of the panels, without titles, footer, labels or ticks.

    Parameters
    ----------
    axes
        One for each of `data.places`: years on x (`theme.time_values`), rates (shares 0–1) on y.
    data
        What `marks` returned.
    """
    x = theme.time_values(data.values.columns)
    freq = data.values.columns.freq
    cuts = theme.edges(inputs.cuts(data.breaks, freq), freq).tolist()
    country = data.country.to_numpy(dtype=float)
    for ax, place in zip(axes, data.places, strict=True):
        for at in cuts:
            ax.axvline(
                at, color=theme.MUTED, linewidth=0.8 * theme.scale(), dashes=(1, 2), zorder=1
            )
        if len(country):
            theme.line(ax, x, country, color=data.beside, width=0.9, cuts=cuts)
        values = data.values.loc[place].to_numpy(dtype=float)
        theme.line(
            ax,
            x,
            values,
            color=data.look.color,
            width=1.5,
            marker=data.look.marker,
            preliminary=data.preliminary.loc[place].to_numpy(),
            cuts=cuts,
        )


def small_multiples(
    rates: pd.DataFrame,
    *,
    measure: str = "employment_rate",
    sex: str = "women",
    birth_region: str = "foreign_born",
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Chart:
    """Return the chart of one group over time in all places of a table, a panel for each.

    Parameters
    ----------
    rates
        What `integstats.rates` returned, of one age; the columns used are ``dataset``,
        ``vintage``, ``place``, ``period``, ``sex``, ``birth_region``, ``age``, ``status``, the
        measure's own, and where they are there its counts and ``<measure>_note``.
    measure
        Id of the measure.
    sex, birth_region
        The group: ``women``, ``men`` or ``total``; ``foreign_born``, ``native_born`` or
        ``total``, or a finer one that the table has.
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
        A panel per place, the highest value of the last period first; the country, where the
        table has it, is a thin line in each. Its data sheet is the rows of the group, place
        by place in the order of the panels.

    Raises
    ------
    SchemaError
        When a required column is missing, several ages or datasets are left, or no rate is known.
    UnknownCodeError
        When the measure does not exist, or the table has no rows of the group.
    UsageError
        When there is no such size, or it has too little room for so many places.

    Examples
    --------
    >>> import integstats as ig
    >>> rates = ig.rates(ig.load("scb-bas-month", places=["Malmö", "Göteborg", "riket"]))
    >>> small_multiples(rates).data["place"].unique().tolist()
    ['1480', '1280', '00']
    """
    chosen = theme.size(size)
    data = marks(rates, measure, sex=sex, birth_region=birth_region)
    rows = _selected(rates, measure, sex, birth_region)
    sheet = _sheet(rows, data, measure)
    origins = inputs.sources_of(sheet, sources)
    words = multiples_text(
        sheet,
        measure,
        breaks=data.breaks,
        sources=origins,
        organisation=organisation or "",
        lang=lang,
    )
    what = catalogue.measure(measure)
    grid = _grid(data, sheet, measure, chosen, lang)
    chart = Chart(
        name=_name(data, measure, sex, birth_region),
        kind="small_multiples",
        data=sheet,
        title=words.title,
        subtitle=words.subtitle,
        alt=words.alt,
        description=Text.joined(words.lines, lang=lang),
        notes=(
            *inputs.concept_notes(sheet, lang),
            *inputs.partial_notes(sheet, lang),
            *words.notes[:-1],
            inputs.source_note(sheet, origins, words.notes[-1], organisation=organisation),
        ),
        sources=origins,
        painter=partial(paint, data=data, grid=grid),
        labels=(*grid.names, *grid.values),
        facts=MappingProxyType(dict(words.facts)),
        told=words.told,
        lang=lang,
        size=size,
        synthetic=inputs.is_synthetic(sheet),
        least=grid.height,
        editable=_editable(data, measure, sex, birth_region, lang),
        shown=tuple(
            one
            for one in ("place", "period", measure, what.numerator, what.denominator, "status")
            if one in sheet
        ),
    )
    _refuse_too_many(chart, grid)
    return chart


def paint(canvas: Canvas, *, data: Marks, grid: Grid) -> None:
    """Draw the panels with their axes and headings on a canvas."""
    first, last = data.values.columns[[0, -1]]
    low_x, high_x = theme.time_values(data.values.columns[[0, -1]])
    pad = max(0.012 * (high_x - low_x), 0.03)
    ticks, texts = _time_ticks(first, last, grid, canvas.lang)
    lines = 1 + any("\n" in one for one in texts)
    axes = grid.panels(canvas, axis_lines=lines)
    limits = _limits(data)
    for ax in axes:
        ax.set_xlim(low_x - pad, high_x + pad)
        ax.set_ylim(*limits)
    draw(axes, data)
    theme.value_axis(axes[0], "percent", lang=canvas.lang, count=3)
    values = axes[0].get_yticks().tolist()
    written = [one.get_text() for one in axes[0].get_yticklabels()]
    for at, ax in enumerate(axes):
        theme.set_ticks(ax.yaxis, values, written if grid.is_first(at) else [])
        theme.set_ticks(ax.xaxis, ticks, texts if grid.has_axis(at) else [])
        if not grid.has_axis(at):
            ax.tick_params(bottom=False, labelbottom=False)
        if not grid.is_first(at):
            ax.tick_params(labelleft=False)


def _selected(rates: pd.DataFrame, measure: str, sex: str, birth_region: str) -> pd.DataFrame:
    """The rows of one group, checked."""
    catalogue.measure(measure)
    require(rates, [*REQUIRED, measure], what=f"{WHO} of {measure} (call rates() first)")
    chosen = np.ones(len(rates), dtype=bool)
    for key, word in (("sex", sex), ("birth_region", birth_region)):
        present = sorted(str(one) for one in rates[key].unique())
        if word not in present:
            raise UnknownCodeError(
                f"No rows with {key} {word!r}.{did_you_mean(word, present)} The table has: "
                f"{', '.join(present) or 'no rows'}."
            )
        chosen &= (rates[key] == word).to_numpy()
    rows = rates[chosen]
    if rows.empty:
        raise SchemaError(f"{WHO} needs rows of {birth_region} {sex}; the table has none.")
    lasting = as_one_age(rows)
    for key in ("age", "dataset"):
        found = [str(one) for one in lasting[key].unique()]
        if len(found) > 1:
            raise SchemaError(
                f"{WHO} draws one {key}; got {len(found)}: {', '.join(found[:5])}"
                f"{', …' if len(found) > 5 else ''}. Select one first."
            )
    require_unique(rows, ["place", "period"], what=WHO)
    return rows


def _sheet(rows: pd.DataFrame, data: Marks, measure: str) -> pd.DataFrame:
    """The rows that are drawn, in the order of the panels, the country last."""
    what = catalogue.measure(measure)
    columns = [*key_columns(rows), what.numerator, what.denominator, measure, f"{measure}_note"]
    columns += ["missing_members", "status"]
    order = {place: at for at, place in enumerate((*data.places, COUNTRY))}
    at = rows["place"].astype(str).map(order).to_numpy()
    sorted_rows = rows.iloc[np.lexsort((rows["period"].array.asi8, at))]
    return sorted_rows[[one for one in dict.fromkeys(columns) if one in rows]].reset_index(
        drop=True
    )


def _breaks(rows: pd.DataFrame, measure: str) -> tuple[Break, ...]:
    """The breaks inside the rows of any place, each once."""
    ages = ";".join(rows["age"].astype(str).unique())
    found: dict[str, Break] = {}
    for place in rows["place"].unique():
        between = breaks_between(
            dataset=str(rows["dataset"].iloc[0]),
            measure=measure,
            age=ages,
            place=str(place),
            start=rows["period"].min(),
            end=rows["period"].max(),
        )
        found |= {one.id: one for one in between}
    return tuple(sorted(found.values(), key=lambda one: (one.first_period, one.id)))


def _grid(data: Marks, sheet: pd.DataFrame, measure: str, size: theme.Size, lang: Language) -> Grid:
    note = f"{measure}_note"
    few = set()
    if note in sheet:
        small = (sheet[note] == "small_base").to_numpy() & sheet[measure].notna().to_numpy()
        few = set(sheet.loc[small, "place"].astype(str))
    last = data.last
    there = set(sheet.loc[(sheet["period"] == last.name).to_numpy(), "place"].astype(str))
    names, values = [], []
    for place, value in last.items():
        name = catalogue.place_label(str(place), lang)
        names.append(label([name], value, theme.TEXT, lang=lang, bold=True))
        if np.isfinite(value):
            parts: list[Claim | str] = [
                figure_claim(float(value), "share", 1),
                *(["\u202f*"] if place in few else []),
            ]
            values.append(label(parts, value, data.look.color, lang=lang, bold=True))
        else:
            word = pick(PANEL_WORDS, "hidden" if place in there else "absent", lang)
            values.append(Label(word, (), value, theme.MUTED))
    low, high = _limits(data)
    ticks = [
        numbers.tick(one, unit="percent", decimals=0 if high - low > 0.1 else 1, lang=lang)
        for one in (low, high)
    ]
    return Grid.of(names, values, ticks=ticks, size=size)


def _limits(data: Marks) -> tuple[float, float]:
    values = np.concatenate([data.values.to_numpy().ravel(), data.country.to_numpy(dtype=float)])
    return theme.padded(values, zero=theme.moves(values, least=0.5), share=0.08)


def _time_ticks(
    first: pd.Period, last: pd.Period, grid: Grid, lang: Language
) -> tuple[list[float], list[str]]:
    """The ticks of `theme.time_ticks`, as many as stand side by side under a panel."""
    ticks, texts = theme.time_ticks(first, last, lang=lang)
    words = [line for one in texts for line in one.split("\n")]
    widest = max(text_width(one, grid.size.body, False) for one in words) + 0.6 * grid.em
    span = (ticks[-1] - ticks[0]) or 1.0
    step = next(
        step
        for step in range(1, len(ticks) + 1)
        if step == len(ticks) or (ticks[step] - ticks[0]) / span * 0.8 * grid.width >= widest
    )
    return ticks[::-1][::step][::-1], texts[::-1][::step][::-1]


def _editable(data: Marks, measure: str, sex: str, birth_region: str, lang: Language) -> Editable:
    """The first and the last value of each place as bars; the country below."""
    columns = data.values.columns[data.values.notna().any().to_numpy()]
    ends = dict.fromkeys((columns[0], columns[-1]))
    names = [catalogue.place_label(one, lang) for one in data.places]
    if len(data.country):
        names.append(catalogue.place_label(COUNTRY, lang))
    series = []
    for period in ends:
        found = [*data.values[period], *([data.country[period]] if len(data.country) else [])]
        values = tuple(float(one) if np.isfinite(one) else None for one in found)
        color = data.look.color if period == columns[-1] else data.beside
        series.append(Series(numbers.period(period, lang=lang), values, color))
    unit = catalogue.measure(measure).words(lang)["unit"]
    who = phrases.who(phrases.group_code(birth_region, sex), lang)
    return Editable("bar", tuple(names), tuple(series), f"{unit}, {who}", "percent", low=0.0)


def _refuse_too_many(chart: Chart, grid: Grid) -> None:
    if grid.size.grows:
        return
    room, rows = chart.room(), 1
    while grid.height_of(rows + 1) <= room:
        rows += 1
    if grid.height > room:
        raise UsageError(
            f"The size {chart.size} has room for {rows * grid.columns} panels; got "
            f'{len(grid.names)}. Choose fewer places, or size="report", which grows.'
        )


def _name(data: Marks, measure: str, sex: str, birth_region: str) -> str:
    who = phrases.who(phrases.group_code(birth_region, sex))
    one = len(data.places) == 1
    where = phrases.place_name(data.places[0]) if one else f"{len(data.places)}-platser"
    return f"sma-diagram_{slug(phrases.noun(measure))}_{slug(who)}_{slug(where)}"
