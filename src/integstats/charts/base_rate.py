"""Has such a change ever been reached? All changes over periods as long as the target's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from integstats import catalogue
from integstats.catalogue import Language, Source
from integstats.charts import placement, theme
from integstats.charts.base_rate_bars import (
    SHARE_OF_PERIODS,
    TICKS,
    bars,
    editable,
    sheet,
    shown,
)
from integstats.charts.chart import Chart, slug
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label, label
from integstats.charts.text_size import LINE, POINTS, text_width, wrapped
from integstats.charts.theme import SizeName
from integstats.errors import TargetError
from integstats.targets.base_rate import BaseRate, Scope
from integstats.wording import numbers, phrases
from integstats.wording.base_rate_sentences import (
    areas_label,
    base_rate_chart_text,
    best_label,
    goal_label,
)
from integstats.wording.claims import Text

BINS = 24
"""Bars at most over the whole range."""
ROW = 1.35
"""Height of a row of labels above the bars, in lines of text."""

OPTIONAL = ("assumption", "base_rate.best")


@dataclass(frozen=True, eq=False)
class Marks:
    """What is drawn: changes as shares (−0.5 is a halving), or for a gap in percentage points.

    `own` are those of the target's place; `everywhere` those of all places, or of the place where
    no other is loaded; `goal` is the target's; `best` the best of all and of the place, each
    once. A bar begins at every one of `edges`, and one of them is the goal.
    """

    own: np.ndarray
    everywhere: np.ndarray
    goal: float
    best: tuple[float, ...]
    edges: np.ndarray
    better: str
    color: str
    marker: str

    @property
    def alone(self) -> bool:
        """Whether no other place is loaded."""
        return len(self.own) == len(self.everywhere)


def marks(found: BaseRate) -> Marks:
    """Return what the chart of a base rate draws.

    Raises
    ------
    TargetError
        When the target's place has no period to draw.
    """
    if not found.own.windows:
        raise TargetError(
            f"base_rate() has no period of {found.months} months for "
            f"{catalogue.place_label(found.place)}, so that there is nothing to draw. Load a "
            "longer history."
        )
    shift = _shift(found)
    every = found.windows["change"].to_numpy(dtype=float) - shift
    at_place = (found.windows["place"] == found.place).to_numpy()
    goal = found.required - shift
    style = theme.look(found.target.birth_region, found.target.sex)
    return Marks(
        own=every[at_place],
        everywhere=every,
        goal=goal,
        best=tuple(one.best - shift for one in _scopes(found)),
        edges=_edges(every, goal),
        better=found.target.better,
        color=style.color,
        marker=style.marker,
    )


def draw(ax: Axes, data: Marks) -> None:
    """Draw the marks, without title, footer, labels or ticks.

    Parameters
    ----------
    ax
        Where to: changes on x, the share of the periods (0–1) on y.
    data
        What `marks` returned. Bars for all places, a line for the target's place; each adds up
        to 1. The target is a dashed line, each best change a dot on the axis.
    """
    color = data.color if data.alone else theme.NATIVE
    sns.histplot(
        x=data.everywhere,
        bins=data.edges.tolist(),
        stat="probability",
        ax=ax,
        color=to_rgba(color, 0.3),
        alpha=None,
        edgecolor=color,
        linewidth=0.6 * theme.scale(),
    )
    if not data.alone:
        width = data.edges[1] - data.edges[0]
        around = (data.edges > data.own.min() - 2 * width) & (
            data.edges < data.own.max() + 2 * width
        )
        sns.histplot(
            x=data.own,
            bins=data.edges[around].tolist(),
            stat="probability",
            ax=ax,
            element="step",
            fill=False,
            color=data.color,
            linewidth=2.0 * theme.scale(),
        )
    ax.set(xlabel="", ylabel="")
    ax.axvline(data.goal, color=theme.TARGET, linewidth=1.3 * theme.scale(), dashes=(4, 2))
    for at, one in enumerate(data.best):
        ax.plot(
            one,
            0,
            data.marker,
            color=data.color if at == len(data.best) - 1 else theme.NATIVE,
            markersize=5.5 * theme.scale(),
            clip_on=False,
            zorder=4,
        )


def base_rate(
    found: BaseRate,
    *,
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Chart:
    """Return the chart of how often a change as large as a target's has been reached before.

    Parameters
    ----------
    found
        What `integstats.base_rate` returned.
    lang
        Language.
    size
        ``report`` (16 × 10 cm), ``slide`` (25.4 × 14.3 cm) or ``square``.
    organisation
        Who processed the figures, for the source line.
    sources
        Where the figures come from; those of `found` when left out.

    Returns
    -------
    Chart
        Bars for all places loaded, a line for the target's place, the target, and the best
        changes with their dates. Its data sheet has a row for each bar: ``measure``, ``sex``,
        ``birth_region``, ``age``, ``place`` (the target's), ``change_from``, ``change_to`` (the
        edges: shares, −0.5 is a halving, or percentage points; `unit` says which), ``windows``
        and ``windows_share`` (of all places), ``own_windows`` and ``own_windows_share`` (of the
        target's place), ``unit``.

    Raises
    ------
    TargetError
        When the target's place has no period to draw.
    UsageError
        When there is no such size.
    """
    theme.size(size)
    origins = found.sources if sources is None else tuple(sources)
    data = marks(found)
    figures = bars(data)
    words = base_rate_chart_text(found, sources=origins, organisation=organisation or "", lang=lang)
    labels = _labels(found, data, lang)
    return Chart(
        name=_name(found),
        kind="base_rate",
        data=sheet(found, figures),
        title=words.title,
        subtitle=words.subtitle,
        verdict=words.verdict,
        alt=words.alt,
        description=Text.joined(words.lines, lang=lang),
        notes=tuple(one for one in words.footer if not _is_optional(one)),
        optional_notes=tuple(one for one in words.footer if _is_optional(one)),
        sources=origins,
        painter=partial(paint, data=data, labels=labels, unit=TICKS[found.scale]),
        labels=tuple(one for group in labels.values() for one in group),
        facts=MappingProxyType(_facts(found)),
        told=(found.own.best_from, found.own.best_to, data.goal),
        lang=lang,
        size=size,
        synthetic="synthetic" in found.target.dataset,
        least=0.5 * theme.size(size).height,
        editable=editable(found, data, figures, lang),
        shown=shown(data),
    )


def paint(
    canvas: Canvas, *, data: Marks, labels: dict[str, list[Label]], unit: numbers.Unit
) -> None:
    """Draw the marks with axes and labels on a canvas."""
    axes = canvas.panel(
        ticks=[canvas.widest_tick(0, 0.5, "percent")], heading=SHARE_OF_PERIODS[canvas.lang]
    )
    low, high = min(data.edges[0], data.goal), max(data.edges[-1], data.goal)
    pad = 0.03 * (high - low)
    axes.set_xlim(low - pad, high + pad)
    draw(axes, data)
    peak = _peak(data)
    axes.set_ylim(0, peak)
    rows = _in_rows(canvas, axes, labels["rows"], "left" if data.better == "down" else "right")
    tall = axes.get_position().height * canvas.figure.get_figheight() * POINTS
    free = tall / (canvas.size.body * LINE) - sum(_row_height(one.label) for one in rows)
    theme.value_axis(axes, "percent", lang=canvas.lang, count=int(np.clip(free / 2, 1, 5)))
    theme.value_axis(axes, unit, lang=canvas.lang, which="x", count=10)
    axes.set_ylim(0, peak * tall / (canvas.size.body * LINE) / max(free, 1.5))
    _write_rows(canvas, axes, rows)
    _name_series(canvas, axes, data, labels)


@dataclass(frozen=True)
class _Row:
    """A label and which of its ends stands at its value."""

    label: Label
    ha: str


def _in_rows(canvas: Canvas, axes: Axes, labels: list[Label], side: str) -> list[_Row]:
    """The labels, the outermost first, with as many line breaks as the room beside them needs."""
    low, high = axes.get_xlim()
    wide = axes.get_position().width * canvas.figure.get_figwidth()
    body, gap = canvas.size.body, 4 * canvas.size.scale / POINTS
    rows = []
    for one in sorted(labels, key=lambda one: one.value if side == "left" else -one.value):
        left = (one.value - low) / (high - low) * wide
        rooms = {"left": wide - left - gap, "right": left - gap}
        fits = text_width(one.text, body, one.bold) <= rooms[side]
        ha = side if fits else max(rooms, key=lambda name: rooms[name])
        text = "\n".join(wrapped(one.text, rooms[ha], body, one.bold))
        rows.append(_Row(replace(one, text=text), ha))
    return rows


def _write_rows(canvas: Canvas, axes: Axes, rows: list[_Row]) -> None:
    """Write each label in a row of its own above the bars, a line from it down to its value.

    The outermost is the highest, so that no line crosses a label.
    """
    line, y = canvas.line_height(axes), axes.get_ylim()[1]
    for one, ha in ((row.label, row.ha) for row in rows):
        axes.annotate(
            one.text,
            (one.value, y),
            xytext=((4 if ha == "left" else -4) * canvas.size.scale, 0),
            textcoords="offset points",
            fontsize=canvas.size.body,
            color=one.color,
            fontweight="bold" if one.bold else "normal",
            ha=ha,
            va="top",
            annotation_clip=False,
            linespacing=LINE * 0.85,
        )
        if not one.bold:
            ends, width = (0, y - 0.2 * line), 0.8 * theme.scale()
            axes.plot([one.value] * 2, ends, color=one.color, linewidth=width)
        y -= _row_height(one) * line


def _row_height(one: Label) -> float:
    """Return the height of a label's row in lines of text."""
    return one.text.count("\n") + ROW


def _name_series(canvas: Canvas, axes: Axes, data: Marks, labels: dict[str, list[Label]]) -> None:
    """Name the line and the bars, each above itself where it is the higher and there is room."""
    own, every = (
        np.histogram(one, data.edges)[0] / len(one) for one in (data.own, data.everywhere)
    )
    ha, step = ("left", 1) if data.better == "down" else ("right", -1)
    for name, here, other in (("own", own, every), ("areas", every, own)):
        places = []
        for at in np.argsort(-here, kind="stable")[:6]:
            covered = [one for one in range(at, at + 4 * step, step) if 0 <= one < len(own)]
            if (other[covered] <= here[covered].max()).all() and other[at] <= here[at]:
                x = data.edges[at + (step < 0)]
                places.append((x, float(here[covered].max()), ha, "bottom"))
        for one in labels[name]:
            placement.place_free(canvas, axes, one, places)


def _labels(found: BaseRate, data: Marks, lang: Language) -> dict[str, list[Label]]:
    """Every label by what it names."""
    rows = [label([goal_label(found)], data.goal, theme.TARGET, lang=lang, bold=True)]
    for scope, at in zip(_scopes(found), data.best, strict=True):
        color = data.color if scope.best_place == found.place else theme.MUTED
        rows.append(label([best_label(found, scope)], at, color, lang=lang))
    if data.alone:
        return {"rows": rows, "own": [], "areas": []}
    own = phrases.place_name(found.place, lang)
    return {
        "rows": rows,
        "own": [label([own], math.nan, data.color, lang=lang, bold=True)],
        "areas": [label([areas_label(found)], math.nan, theme.MUTED, lang=lang)],
    }


def _scopes(found: BaseRate) -> tuple[Scope, ...]:
    """The scopes whose best change is named: of all places, and of the place where it differs."""
    if found.everywhere.best_place == found.own.best_place:
        return (found.own,)
    return (found.everywhere, found.own)


def _shift(found: BaseRate) -> float:
    """What a quotient is less than one by is its change; a difference is one already."""
    return 1.0 if found.scale == "quotient" else 0.0


def _edges(values: np.ndarray, goal: float) -> np.ndarray:
    """Return where bars begin: at the goal, and at round distances from it."""
    low, high = float(values.min()), float(values.max())
    least = max((high - low) / BINS, 1e-9)
    power = 10.0 ** math.floor(math.log10(least))
    width = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= least * (1 - 1e-9))
    first = math.floor((low - goal) / width - 1e-9)
    last = math.ceil((high - goal) / width + 1e-9)
    return goal + width * np.arange(first, last + 1)


def _peak(data: Marks) -> float:
    """The height of the highest bar or step, with a little more."""
    parts = [
        np.histogram(values, data.edges)[0].max() / len(values)
        for values in (data.own, data.everywhere)
    ]
    return 1.15 * float(max(parts))


def _is_optional(text: Text) -> bool:
    return all(one.predicate.id.startswith(OPTIONAL) for one in text.claims)


def _facts(found: BaseRate) -> dict[str, Any]:
    """Return the numbers beside those of the sheet: those of the target and of each scope."""
    shift = _shift(found)
    scopes = (found.own, found.county, found.everywhere)
    return {
        "months": found.months,
        "required": found.required,
        "required_change": found.required - shift,
        **{
            one.extent: {
                "places": len(one.places),
                "windows": one.windows,
                "reached": one.reached,
                "best_change": one.best - shift,
                "best_from": one.best_from,
                "best_to": one.best_to,
            }
            for one in scopes
            if one is not None
        },
    }


def _name(found: BaseRate) -> str:
    target = found.target
    kind = catalogue.measures().get(target.measure)
    what = phrases.noun(target.measure, "sv") if kind else target.measure
    group = phrases.who(phrases.group_code(target.birth_region, target.sex), "sv")
    parts = ["" if target.decided else "rakneexempel", "forekomst"]
    parts += [slug(one) for one in (what, group, phrases.place_name(found.place, "sv"))]
    return "_".join(one for one in parts if one)
