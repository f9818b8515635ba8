"""What does a difference consist of? Composition and rates, factors, or growth, as signed bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from integstats import catalogue
from integstats.analysis.breaks import breaks_between
from integstats.catalogue import Break, Language, Source
from integstats.charts import inputs, placement, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.editable import Editable, Series
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label
from integstats.charts.text_size import POINTS
from integstats.charts.theme import SizeName
from integstats.errors import IncomparableError, SchemaError, UsageError
from integstats.wording import numbers, phrases, terms
from integstats.wording.claims import Text
from integstats.wording.decomposition_names import effect_name, group_name, unit_of, whole
from integstats.wording.decomposition_parts import Decomposition, Parts, parts
from integstats.wording.decomposition_sentences import decomposition_text, part_label

PITCH = 1.6
"""Height of a row in lines of text."""
AROUND = 3.2
"""Lines of text for the axis and the space around the rows."""
COLORS = (theme.TARGET, theme.MUTED, theme.NATIVE)
"""Of the whole, of its parts, and of the outlines of a part's groups."""
HEIGHTS = (0.74, 0.62, 0.4)
RATES = ("share_first", "share_second", "rate_first", "rate_second")
SHOWN = ("component", "group", "contribution_pp", "contribution", *RATES)
TICKS: Mapping[str, numbers.Unit] = MappingProxyType({"pp": "points", "persons": "count"})
PERSONS = {"sv": "personer", "en": "persons"}
SERIES = {
    "sv": ("Helheten", "Delar", "Grupper"),
    "en": ("The whole", "Parts", "Groups"),
}


@dataclass(frozen=True, eq=False)
class Marks:
    """The bars from the top: the whole, then each part followed by its groups.

    `values` are percentage points or persons; `depths` is 0 for the whole, 1 for a part and 2 for
    the group of a part; `names` are the words beside the bars.
    """

    values: tuple[float, ...]
    depths: tuple[int, ...]
    names: tuple[str, ...]
    unit: str


def marks(found: Parts, *, names: Mapping[str, str], lang: Language = "sv") -> Marks:
    """Return the bars of a decomposition."""
    at = 0 if lang == "sv" else 1
    rows = [(found.total, 0, whole(found)[at])]
    for effect in found.effects:
        rows.append((effect.value, 1, effect_name(found, effect.effect, names)[at]))
        rows += [
            (one.value, 2, group_name(found, one, names)[at])
            for one in found.groups_of(effect.effect)
        ]
    values, depths, words = zip(*rows, strict=True)
    upper = tuple(one[:1].upper() + one[1:] for one in words)
    return Marks(values, depths, upper, unit_of(found))


def draw(ax: Axes, data: Marks) -> None:
    """Draw the bars, without title, footer, labels or ticks.

    Parameters
    ----------
    ax
        Where to: percentage points or persons on x, the rows at 0, −1, −2, … on y.
    data
        What `marks` returned.
    """
    y = -np.arange(len(data.values), dtype=float)
    ax.barh(
        y,
        data.values,
        height=[HEIGHTS[one] for one in data.depths],
        color=[theme.BACKGROUND if one == 2 else COLORS[one] for one in data.depths],
        edgecolor=[COLORS[one] for one in data.depths],
        linewidth=0.8 * theme.scale(),
        zorder=2,
    )
    ax.axvline(0, color=theme.TEXT, linewidth=0.8 * theme.scale(), zorder=3)


def decomposition_bars(
    result: Decomposition,
    *,
    measure: str,
    population: str,
    first: str,
    second: str,
    keys: Mapping[str, str] | None = None,
    by_group: bool = True,
    names: Mapping[str, str] | None = None,
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Chart:
    """Return the chart of what a difference arithmetically consists of.

    Parameters
    ----------
    result
        What `integstats.kitagawa`, `das_gupta`, `oaxaca` or `shift_share` returned.
    measure
        Id of the measure that is split; for a shift-share the name of the count.
    population, first, second
        As given there: the column that tells the two populations apart, and its two values; for a
        shift-share ``"period"`` and its start and end. The bars are second minus first, as the
        result is, but for `oaxaca` first minus second.
    keys
        Keys of the row to draw where the result has several, as ``{"place": "1280"}``, and those
        that it does not hold: ``dataset``, ``vintage``, ``place``, ``period``, ``age``.
    by_group
        Whether each part is followed by its groups.
    names
        Words for factors, characteristics and groups that the package does not know, in the
        language of the chart.
    lang
        Language.
    size
        ``report`` (16 cm wide; the height grows with the rows), ``slide`` or ``square``.
    organisation
        Who processed the figures, for the source line.
    sources
        Where the figures come from; what the catalogue knows of them when left out.

    Returns
    -------
    Chart
        The whole and its parts, which add up to it, from zero; no word of a cause. Its data sheet
        has a row per bar: the keys, ``component`` and ``group`` in words (no group: all of the
        part), ``contribution_pp`` (percentage points) or ``contribution`` (persons), and of a
        Kitagawa's groups ``share_first``, ``share_second``, ``rate_first``, ``rate_second``.

    Raises
    ------
    SchemaError
        When the result has several rows, a part is missing, a key is not known, or the levels are
        no shares.
    IncomparableError
        When the two are periods on both sides of a blocking break.
    UnknownCodeError
        When the measure, a population or a place does not exist.
    UsageError
        When the result is no decomposition, there is no such size, or it has too little room.

    Examples
    --------
    >>> import integstats as ig
    >>> bas = ig.load("scb-bas-month", places=["Malmö", "riket"], start="2026-06")
    >>> both = bas[((bas["sex"] == "total") & (bas["birth_region"] != "total")).to_numpy()]
    >>> split = ig.kitagawa(both, population="place", first="00", second="1280",
    ...     groups=["birth_region"], numerator="unemployed", denominator="labour_force")
    >>> chart = decomposition_bars(split, measure="unemployment_rate", population="place",
    ...     first="00", second="1280")
    >>> chart.data["contribution_pp"].head(3).round(1).tolist()
    [4.4, 1.4, -0.7]
    """
    chosen = theme.size(size)
    words = names or {}
    found = parts(result, first=first, second=second, keys=keys or {})
    found = found if by_group else replace(found, groups=())
    if "dataset" not in found.keys:
        raise SchemaError(
            'The decomposition does not say its dataset: give keys={"dataset": …}, an id of the '
            "catalogue, or one that begins with own- for your own figures."
        )
    sheet = _sheet(found, population, measure, names=words, lang=lang)
    origins = _sources(found, sources)
    text = decomposition_text(
        found,
        measure=measure,
        population=population,
        names=words,
        sources=origins,
        breaks=_breaks(found, measure) if population == "period" else (),
        organisation=organisation or "",
        lang=lang,
    )
    data = marks(found, names=words, lang=lang)
    labels = tuple(_label(value, data.unit, lang) for value in data.values)
    chart = Chart(
        name=_name(found, population, measure),
        kind="decomposition_bars",
        data=sheet,
        title=text.title,
        subtitle=text.subtitle,
        alt=text.alt,
        description=Text.joined(text.lines, lang=lang),
        notes=(*text.notes, text.source),
        optional_notes=text.optional,
        sources=origins,
        painter=partial(paint, data=data, labels=labels),
        labels=labels,
        facts=MappingProxyType(dict(text.facts)),
        told=(found.total, found.focus.value),
        lang=lang,
        size=size,
        synthetic="synthetic" in found.keys["dataset"],
        least=(len(data.values) * PITCH + AROUND) * chosen.body / POINTS,
        editable=_editable(data, lang),
        shown=tuple(name for name in sheet.columns if name in SHOWN),
    )
    _refuse_too_many(chart, data)
    return chart


def paint(canvas: Canvas, *, data: Marks, labels: Sequence[Label]) -> None:
    """Draw the bars with the names of the rows and the signed values on a canvas."""
    reserve = canvas.reserve([replace(one, bold=True) for one in labels])
    reserve += 8 * canvas.size.scale / POINTS
    axes = canvas.panel(ticks=data.names, keep_right=reserve)
    axes.set_xlim(*_limits(np.array(data.values)))
    axes.set_ylim(-len(data.values) + 0.4, 0.6)
    draw(axes, data)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    theme.set_ticks(axes.yaxis, [-float(one) for one in range(len(data.names))], data.names)
    for tick, depth in zip(axes.get_yticklabels(), data.depths, strict=True):
        tick.set_color(theme.TEXT if depth < 2 else theme.MUTED)
    theme.value_axis(axes, TICKS[data.unit], lang=canvas.lang, which="x", count=5)
    right = axes.get_position().x1 * canvas.figure.get_figwidth() + reserve
    placement.row_texts(canvas, axes, [(-float(row), one) for row, one in enumerate(labels)], right)


def _limits(values: np.ndarray) -> tuple[float, float]:
    """A range that holds zero and every bar; bars of nothing still get an axis."""
    low, high = theme.padded(values, zero=True, share=0.05)
    return (low, high) if np.abs(values).max() > 0 else (-1.0, 1.0)


def _label(value: float, unit: str, lang: Language) -> Label:
    claim = part_label(value, unit)
    return Label(claim.render(lang), (claim,), value, theme.TEXT)


def _sheet(
    found: Parts, population: str, measure: str, *, names: Mapping[str, str], lang: Language
) -> pd.DataFrame:
    """The data sheet: a row for each bar."""
    at = 0 if lang == "sv" else 1
    column = "contribution_pp" if unit_of(found) == "pp" else "contribution"
    kept = {name: one for name, one in found.keys.items() if name != population}
    rows: list[dict[str, object]] = [
        {"component": whole(found)[at], "group": "", column: found.total}
    ]
    for effect in found.effects:
        own = effect_name(found, effect.effect, names)[at]
        rows.append({"component": own, "group": "", column: effect.value})
        for one in found.groups_of(effect.effect):
            row = {"component": own, "group": group_name(found, one, names)[at], column: one.value}
            for stem, pair in (("share", one.shares), ("rate", one.rates)):
                if pair is not None:
                    row |= {f"{stem}_first": pair[0], f"{stem}_second": pair[1]}
            rows.append(row)
    sheet = pd.DataFrame([{**kept, "measure": measure, **row} for row in rows])
    return sheet if found.groups else sheet.drop(columns="group")


def _sources(found: Parts, given: Sequence[Source] | None) -> tuple[Source, ...]:
    dataset, vintage = found.keys["dataset"], found.keys.get("vintage", "")
    if given is None and not vintage and dataset in catalogue.datasets():
        raise SchemaError(
            f"The decomposition does not say which vintage of {dataset} it is of: give "
            'keys={"vintage": …}, or sources from integstats.sources(table).'
        )
    return inputs.sources_of(pd.DataFrame([{"dataset": dataset, "vintage": vintage}]), given)


def _breaks(found: Parts, measure: str) -> tuple[Break, ...]:
    """The breaks between two periods, of which none may stop the comparison."""
    between = breaks_between(
        dataset=found.keys["dataset"],
        measure=measure,
        age=found.keys.get("age", ""),
        place=found.keys.get("place", ""),
        start=pd.Period(found.minus),
        end=pd.Period(found.of),
    )
    stops = [one for one in between if one.effect == "blocks"]
    if stops:
        raise IncomparableError(
            f"{found.minus} and {found.of} lie on both sides of a break: {stops[0].text('en')} "
            "Choose two periods on one side of it."
        )
    return between


def _editable(data: Marks, lang: Language) -> Editable:
    """The bars as one series for each depth, on each other, so that they stay in their rows."""
    in_pp = data.unit == "pp"
    words = terms.pick(terms.TERMS, "percentage_points", lang) if in_pp else PERSONS[lang]
    return Editable(
        "stacked_bar",
        data.names,
        tuple(
            Series(
                SERIES[lang][depth],
                tuple(
                    value if own == depth else None
                    for value, own in zip(data.values, data.depths, strict=True)
                ),
                COLORS[depth],
            )
            for depth in sorted(set(data.depths))
        ),
        value_axis=words,
        unit="pp" if in_pp else "count",
    )


def _name(found: Parts, population: str, measure: str) -> str:
    known = catalogue.measures()
    what = known[measure].words("sv")["name"].partition(" (")[0] if measure in known else measure
    place = "" if population == "place" else phrases.place_name(found.keys["place"], "sv")
    ends = (found.minus, found.of)
    parts_of_name = ["uppdelning", slug(what), slug(place), *(slug(one) for one in ends)]
    return "_".join(one for one in parts_of_name if one)


def _refuse_too_many(chart: Chart, data: Marks) -> None:
    chosen = theme.size(chart.size)
    if chosen.grows:
        return
    fits = int((chart.room() * POINTS / chosen.body - AROUND) / PITCH)
    if len(data.values) > fits:
        raise UsageError(
            f"The size {chart.size} has room for {fits} bars; got {len(data.values)}. Leave out "
            'the groups with by_group=False, or choose size="report", which grows.'
        )
