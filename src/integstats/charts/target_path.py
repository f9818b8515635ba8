"""Are we on the way? The outcome, the path to the target, and how sure the outcome is."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from integstats import catalogue
from integstats.catalogue import Language
from integstats.charts import frame, inputs, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label, claim, figure_claim, label, range_claim
from integstats.charts.theme import SizeName
from integstats.targets.track import Track
from integstats.wording import numbers, phrases, terms
from integstats.wording.claims import Text
from integstats.wording.target_sentences import TargetText, target_text
from integstats.wording.track_values import DECIMALS

LONGEST_WITH_LEAD = 36
"""Months that a chart shows at most when it begins before the baseline."""
MONTHS = {"M": 1, "Q": 3, "Y": 12}
OPTIONAL = ("assumption", "break.")
SINGLE = {"M": "month", "Q": "quarter", "Y": "year"}


@dataclass(frozen=True, eq=False)
class Marks:
    """What is drawn, in the target's unit.

    `outcome` and `comparison` have ``period``, ``value``, ``low``, ``high``, ``month_value`` and
    ``status``, the latter may be empty; `path` has ``period`` and ``value``. `cuts` are the first
    periods after breaks. `smoothed` tells whether the single months differ from the reading.
    """

    outcome: pd.DataFrame
    comparison: pd.DataFrame
    path: pd.DataFrame
    color: str
    marker: str
    cuts: tuple[pd.Period, ...]
    smoothed: bool


def marks(track: Track) -> Marks:
    """Return what the chart of a track draws: from a year before the baseline where it fits."""
    start, deadline = track.target.baseline_period, track.target.deadline_period
    per_period = MONTHS[start.freqstr[0]]
    length = (deadline.ordinal - start.ordinal) * per_period
    lead = min(12, max(LONGEST_WITH_LEAD - length, 0)) // per_period
    until = deadline + 12 // per_period

    def window(rows: pd.DataFrame) -> pd.DataFrame:
        inside = (rows["period"] >= start - lead) & (rows["period"] <= until)
        return rows[inside.to_numpy()].sort_values("period", ignore_index=True)

    outcome = window(track.series)
    other = track.series.iloc[:0] if track.comparison is None else window(track.comparison.series)
    style = theme.look(track.target.birth_region, track.target.sex)
    breaks = [
        one
        for one in (*track.notes, *track.verdict.blocked_by)
        if len(outcome)
        and outcome["period"].iloc[0]
        < pd.Period(one.first_period, freq=start.freq)
        <= outcome["period"].iloc[-1]
    ]
    return Marks(
        outcome=outcome,
        comparison=other,
        path=track.path,
        color=style.color,
        marker=style.marker,
        cuts=tuple(inputs.cuts(breaks, start.freq)),
        smoothed=track.target.reading not in ("month", "quarter", "year"),
    )


def draw(ax: Axes, data: Marks) -> None:
    """Draw the marks, without title, footer, labels or ticks.

    Parameters
    ----------
    ax
        Where to: years on x (`theme.time_values`), the target's unit on y.
    data
        What `marks` returned.
    """
    cuts = theme.edges(data.cuts, data.path["period"].dtype.freq)
    for at in cuts:
        ax.axvline(at, color=theme.MUTED, linewidth=0.8 * theme.scale(), dashes=(1, 2), zorder=1)
    if len(data.comparison):
        theme.line(
            ax,
            theme.time_values(data.comparison["period"]),
            data.comparison["value"].to_numpy(),
            color=theme.NATIVE,
            width=1.0,
            cuts=cuts,
        )
    x = theme.time_values(data.outcome["period"])
    low, high = (data.outcome[name].to_numpy() for name in ("low", "high"))
    theme.band(ax, x, low, high, color=data.color, cuts=cuts)
    preliminary = (data.outcome["status"] == "preliminary").to_numpy()
    if data.smoothed:
        theme.line(
            ax, x, data.outcome["month_value"].to_numpy(), color=data.color, width=0.8, cuts=cuts
        )
    theme.line(
        ax,
        x,
        data.outcome["value"].to_numpy(),
        color=data.color,
        width=2.0,
        marker=data.marker,
        preliminary=preliminary,
        cuts=cuts,
    )
    path_x = theme.time_values(data.path["period"])
    path_y = data.path["value"].to_numpy(dtype=float)
    ax.plot(path_x, path_y, color=theme.TARGET, linewidth=1.3 * theme.scale(), dashes=(4, 2))
    ax.plot(path_x[[0, -1]], path_y[[0, -1]], "o", color=theme.TARGET, markersize=4 * theme.scale())
    last = _last(data.outcome, "value")
    if last is not None:
        ax.plot(x[last], data.outcome["value"].iloc[last], data.marker, color=data.color,
                markersize=5.5 * theme.scale(), zorder=4)


def target_path(
    track: Track,
    *,
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
) -> Chart:
    """Return the chart of a target: outcome, path, interval, and the same group elsewhere.

    Parameters
    ----------
    track
        What `integstats.track` returned. Single months are thin, the reading thick with its 95 %
        interval; riket (or the county) thin and grey; the path dashed.
    lang
        Language.
    size
        ``report`` (16 × 10 cm), ``slide`` (25.4 × 14.3 cm) or ``square``.
    organisation
        Who processed the figures, for the source line.

    Returns
    -------
    Chart
        Its data sheet is `Track.to_frame` for the periods shown, with the columns ``measure``,
        ``sex``, ``birth_region``, ``age`` and ``unit`` added.

    Raises
    ------
    UsageError
        When there is no such size.
    """
    theme.size(size)
    data = marks(track)
    shown = dataclasses.replace(track, series=data.outcome)
    if track.comparison is not None:
        beside = dataclasses.replace(track.comparison, series=data.comparison)
        shown = dataclasses.replace(shown, comparison=beside)
    words = target_text(shown, organisation=organisation or "", lang=lang)
    optional = tuple(one for one in words.footer[:-1] if _is_optional(one))
    labels = _labels(track, data, lang)
    told = (track.baseline.value, track.latest.value, track.goal)
    return Chart(
        name=_name(track),
        kind="target_path",
        data=_sheet(shown),
        title=words.title,
        subtitle=words.subtitle,
        verdict=words.verdict,
        alt=words.alt,
        description=_description(words, lang),
        notes=tuple(one for one in words.footer if one not in optional),
        optional_notes=optional,
        sources=track.sources,
        painter=partial(paint, data=data, labels=labels, unit=track.unit),
        labels=tuple(one for group in labels.values() for one in group),
        facts=MappingProxyType(track.facts()),
        told=tuple(one for one in told if math.isfinite(one)),
        lang=lang,
        size=size,
        synthetic="synthetic" in track.target.dataset,
        least=_least(size),
    )


def paint(canvas: Canvas, *, data: Marks, labels: dict[str, list[Label]], unit: str) -> None:
    """Draw the marks with axes and labels on a canvas."""
    lang = canvas.lang
    kind: numbers.Unit = {"share": "percent", "pp": "points", "persons": "count"}.get(
        unit, "plain"
    )  # type: ignore[assignment]
    periods = [*data.outcome["period"], *data.path["period"]]
    first, last = min(periods), max(periods)
    low_x, high_x = theme.time_values(pd.PeriodIndex([first, last]))
    values = _drawn(data)
    known = values[np.isfinite(values)]
    from_zero = not len(known) or known.max() - known.min() >= 0.25 * abs(known.max())
    low, high = frame.padded(values, zero=bool(from_zero))
    widest = max(
        (numbers.tick(one, unit=kind, decimals=_tick_decimals(kind, high - low), lang=lang)
         for one in (low, high)), key=len)
    inside = labels["outcome"] + labels["comparison"] + labels["single"]
    span = high_x - low_x
    end = _end_of(data, low_x)
    room = canvas.right - canvas.left - canvas.reserve(labels["goal"]) - 0.6
    free = (high_x - end) / span * room if span else 0.0
    beside_end = free > canvas.reserve(inside) + 0.25
    column = labels["goal"] if beside_end else [*labels["goal"], *inside]
    axes = canvas.panel(labels=column, ticks=[widest], axis_lines=2)
    axes.set_ylim(low, high)
    pad = max(0.012 * span, 0.03)
    axes.set_xlim(low_x - pad, high_x + pad)
    draw(axes, data)
    theme.time_axis(axes, first, last, lang=lang)
    theme.value_axis(axes, kind, lang=lang, count=5)
    canvas.end_labels(axes, column)
    if beside_end:
        _beside_end(canvas, axes, data, inside, end)
    _free_labels(canvas, axes, data, labels)


def _beside_end(
    canvas: Canvas, axes: Axes, data: Marks, inside: list[Label], end: float
) -> None:
    """Write the labels of the lines right of their end, above or below the path."""
    path_x = theme.time_values(data.path["period"])
    width = canvas.reserve(inside) / canvas.figure.get_figwidth() / axes.get_position().width
    low_x, high_x = axes.get_xlim()
    until = min(end + (width + 0.04) * (high_x - low_x), path_x[-1])
    along = np.interp([end, until], path_x, data.path["value"].to_numpy(dtype=float))
    bottom, top = axes.get_ylim()
    tall = axes.get_position().height * canvas.figure.get_figheight() * frame.POINTS
    line = canvas.size.body * frame.LINE / tall * (top - bottom)
    on_path = float(np.interp(end, path_x, data.path["value"].to_numpy(dtype=float)))
    above = [one for one in inside if not one.value < on_path]
    below = [one for one in inside if one.value < on_path]
    if sum(one.text.count("\n") + 1 for one in below) * line > along.min() - bottom:
        above, below = inside, []
    canvas.end_labels(axes, above, x=end, low=float(np.nanmax([*along, bottom])) + 0.3 * line)
    canvas.end_labels(axes, below, x=end, high=float(np.nanmin([*along, top])) - 0.3 * line)


def _free_labels(
    canvas: Canvas, axes: Axes, data: Marks, labels: dict[str, list[Label]]
) -> None:
    """Name the path and the breaks where there is room."""
    x, y = theme.time_values(data.path["period"]), data.path["value"].to_numpy(dtype=float)
    bottom, top = axes.get_ylim()
    cuts = theme.edges(data.cuts, data.path["period"].dtype.freq)
    for one, at in zip(labels["breaks"], cuts, strict=True):
        canvas.place_free(
            axes,
            one,
            [(at, height, ha, va) for height, va in ((bottom, "bottom"), (top, "top"))
             for ha in ("left", "right")],
        )
    if not np.isfinite(y).all():
        return
    for one in labels["start"]:
        canvas.place_free(
            axes, one, [(x[0], y[0], ha, va) for va in sides for ha in ("right", "center", "left")]
        )
    falls = y[-1] <= y[0]
    sides = (("left", "bottom"), ("right", "top")) if falls else (("right", "bottom"), ("left", "top"))
    for one in labels["path"]:
        canvas.place_free(
            axes,
            one,
            [
                (x[at], y[at], ha, va)
                for at in (int(part * (len(x) - 1)) for part in (0.7, 0.8, 0.6, 0.5, 0.4, 0.3))
                for ha, va in sides
            ],
        )


def _labels(track: Track, data: Marks, lang: Language) -> dict[str, list[Label]]:
    """Every label by what it names."""
    unit, decimals = track.unit, DECIMALS[track.unit]
    found: dict[str, list[Label]] = {
        name: [] for name in ("outcome", "comparison", "single", "goal", "path", "start", "breaks")
    }
    last = _last(data.outcome, "value")
    if last is not None:
        row = data.outcome.iloc[last]
        parts = [f"{phrases.place_name(track.place, lang)} ", figure_claim(row["value"], unit, decimals)]
        if math.isfinite(row["low"]):
            parts += ["\n", range_claim(row["low"], row["high"], unit, decimals)]
        found["outcome"].append(label(parts, row["value"], data.color, lang=lang, bold=True))
    single = _last(data.outcome, "month_value")
    if single is not None and data.smoothed:
        freq = SINGLE[data.path["period"].dtype.freq.freqstr[0]]
        found["single"].append(
            label(
                [terms.pick(terms.READINGS, freq, lang)],
                float(data.outcome["month_value"].iloc[single]),
                data.color,
                lang=lang,
            )
        )
    other = _last(data.comparison, "value")
    if other is not None and track.comparison is not None:
        value = float(data.comparison["value"].iloc[other])
        name = phrases.in_place(track.comparison.place, lang).partition(" ")[2]
        found["comparison"].append(
            label([f"{name} ", figure_claim(value, unit, decimals)], value, theme.NATIVE, lang=lang)
        )
    if math.isfinite(track.goal):
        name = "label.goal_share" if unit == "share" else "label.goal_figure"
        goal = claim(
            name,
            goal=track.goal,
            unit=unit,
            decimals=decimals,
            deadline=str(track.target.deadline_period),
        )
        found["goal"].append(label([goal], track.goal, theme.TARGET, lang=lang, bold=True))
        found["path"].append(
            label([terms.pick(terms.TERMS, "target_path", lang)], math.nan, theme.TARGET, lang=lang)
        )
    found["breaks"] = [break_label(one, lang) for one in data.cuts]
    return found


def break_label(period: pd.Period, lang: Language) -> Label:
    """Return the label of a break."""
    word = terms.pick(terms.TERMS, "break", lang)
    return label([f"{word}\n{numbers.period(period, lang=lang)}"], math.nan, theme.MUTED, lang=lang)


def _drawn(data: Marks) -> np.ndarray:
    columns = [data.outcome[name] for name in ("value", "low", "high")]
    if data.smoothed:
        columns.append(data.outcome["month_value"])
    return np.concatenate(
        [np.asarray(one, dtype=float) for one in (*columns, data.comparison["value"], data.path["value"])]
    )


def _tick_decimals(unit: numbers.Unit, span: float) -> int:
    wide = span * 100 if unit == "percent" else span
    return 0 if wide >= 4 or unit == "count" else 1


def _end_of(data: Marks, otherwise: float) -> float:
    last = _last(data.outcome, "value")
    return float(theme.time_values(data.outcome["period"])[last]) if last is not None else otherwise


def _last(rows: pd.DataFrame, column: str) -> int | None:
    known = np.flatnonzero(np.isfinite(rows[column].to_numpy(dtype=float)))
    return int(known[-1]) if len(known) else None


def _is_optional(text: Text) -> bool:
    return all(one.predicate.id.startswith(OPTIONAL) for one in text.claims)


def _description(words: TargetText, lang: Language) -> Text:
    return Text.joined(words.lines, lang=lang)


def _sheet(track: Track) -> pd.DataFrame:
    sheet = track.to_frame()
    target = track.target
    for name in ("age", "birth_region", "sex", "measure"):
        sheet.insert(2, name, getattr(target, name))
    sheet.insert(len(sheet.columns), "unit", track.unit)
    return sheet


def _least(size: str) -> float:
    return 0.5 * theme.size(size).height


def _name(track: Track) -> str:
    kind = catalogue.measures().get(track.target.measure)
    what = phrases.noun(track.target.measure, "sv") if kind else track.target.measure
    group = phrases.who(phrases.group_code(track.target.birth_region, track.target.sex), "sv")
    parts = ["" if track.target.decided else "rakneexempel", "mal"]
    parts += [slug(one) for one in (what, group, phrases.place_name(track.place, "sv"))]
    return "_".join(one for one in parts if one)
