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
from integstats.analysis.breaks import breaks_within
from integstats.catalogue import Break, Language
from integstats.charts import inputs, native_tracks, placement, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label, break_label, claim, figure_claim, label, range_claim
from integstats.charts.theme import SizeName
from integstats.targets.requirements import Unit
from integstats.targets.track import Track
from integstats.wording import numbers, phrases, terms
from integstats.wording.claims import Claim, Text
from integstats.wording.footer_sentences import break_claims
from integstats.wording.target_sentences import TargetText, target_text
from integstats.wording.track_values import DECIMALS

LONGEST_WITH_LEAD = 36
"""Months that a chart shows at most when it begins before the baseline."""
MONTHS = {"M": 1, "Q": 3, "Y": 12}
OPTIONAL = ("assumption", "break.")
TICKS: dict[Unit, numbers.Unit] = {
    "share": "percent",
    "pp": "points",
    "ratio": "plain",
    "persons": "count",
}


@dataclass(frozen=True, eq=False)
class Marks:
    """What is drawn, in the target's unit.

    `outcome` and `comparison` have ``period``, ``value``, ``low``, ``high``, ``month_value`` and
    ``status``, the latter may be empty; `path` has ``period`` and ``value``. `breaks` lie among
    the periods of the outcome. `smoothed` tells whether the single months differ from the reading.
    """

    outcome: pd.DataFrame
    comparison: pd.DataFrame
    path: pd.DataFrame
    color: str
    marker: str
    breaks: tuple[Break, ...]
    smoothed: bool

    @property
    def cuts(self) -> list[pd.Period]:
        """The first periods after breaks."""
        return inputs.cuts(self.breaks, self.path["period"].dtype.freq)


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
    identity = {"dataset": track.target.dataset, "age": track.target.age, "place": track.place}
    return Marks(
        outcome=outcome,
        comparison=other,
        path=track.path,
        color=style.color,
        marker=style.marker,
        breaks=breaks_within(outcome.assign(**identity), track.target.measure)
        if len(outcome)
        else (),
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
    cuts = theme.edges(data.cuts, data.path["period"].dtype.freq).tolist()
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
    last = inputs.last_known(data.outcome, "value")
    if last is not None:
        ax.plot(
            x[last],
            data.outcome["value"].iloc[last],
            data.marker,
            color=data.color,
            markersize=5.5 * theme.scale(),
            zorder=4,
        )


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
    outside = [one for one in data.breaks if one not in (*track.notes, *track.verdict.blocked_by)]
    if outside:
        optional += (Text.of(*break_claims(outside), lang=lang),)
    labels = _labels(track, data, lang)
    told = (track.baseline.value, track.latest.value, track.goal)
    return Chart(
        name=name_of(track),
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
        editable=native_tracks.of_path(track, data, lang),
        shown=_shown(shown, data),
    )


def paint(canvas: Canvas, *, data: Marks, labels: dict[str, list[Label]], unit: Unit) -> None:
    """Draw the marks with axes and labels on a canvas."""
    kind = TICKS[unit]
    periods = [*data.outcome["period"], *data.path["period"]]
    first, last = min(periods), max(periods)
    low_x, high_x = theme.time_values(pd.PeriodIndex([first, last]))
    span = float(high_x - low_x) or 1.0
    values = _drawn(data)
    low, high = theme.padded(values, zero=theme.moves(values), share=0.1)
    widest = canvas.widest_tick(low, high, kind)
    lines = labels["outcome"]
    end = _end_of(data, high_x)
    room = canvas.right - canvas.left - canvas.reserve(labels["goal"]) - 0.8
    ahead = (high_x - end) / span * room > canvas.reserve(lines) + 0.2
    column = (
        labels["goal"]
        if ahead
        else [*labels["goal"], *lines, *labels["single"], *labels["comparison"]]
    )
    ticks, texts = theme.time_ticks(first, last, lang=canvas.lang)
    texts = canvas.fitting(texts, room - (0 if ahead else canvas.reserve(column) - 0.3))
    axes = canvas.panel(
        labels=column, ticks=[widest], axis_lines=1 + any("\n" in one for one in texts)
    )
    axes.set_ylim(low, high)
    pad = max(0.012 * span, 0.03)
    axes.set_xlim(low_x - pad, high_x + pad)
    draw(axes, data)
    theme.set_ticks(axes.xaxis, ticks, texts)
    theme.value_axis(axes, kind, lang=canvas.lang, count=5)
    placement.end_labels(canvas, axes, column)
    if ahead:
        _beside_end(canvas, axes, data, labels["outcome"], end)
    placement.name_breaks(canvas, (axes,), data.cuts)
    if ahead:
        for name, rows, key in (
            ("single", data.outcome, "month_value"),
            ("comparison", data.comparison, "value"),
        ):
            for one in labels[name]:
                places = _along(rows, key)
                if not placement.place_free(canvas, axes, one, places):
                    placement.place_free(canvas, axes, one, places, over_lines=True)
    _name_path(canvas, axes, data, labels)


def _along(rows: pd.DataFrame, column: str) -> list[tuple[float, float, str, str]]:
    """Places for a label above or below a line, from its end backwards."""
    known = rows[rows[column].notna().to_numpy()]
    x, y = theme.time_values(known["period"]), known[column].to_numpy(dtype=float)
    if not len(x):
        return []
    at = [round(part * (len(x) - 1)) for part in (1, 0.9, 0.75, 0.5, 0.25)]
    places = [(x[one], y[one], "right", va) for one in at for va in ("top", "bottom")]
    return [*places, (x[0], y[0], "left", "top"), (x[0], y[0], "left", "bottom")]


def _beside_end(canvas: Canvas, axes: Axes, data: Marks, lines: list[Label], end: float) -> None:
    """Write the outcome's label right of its end, on its side of the path."""
    x, y = theme.time_values(data.path["period"]), data.path["value"].to_numpy(dtype=float)
    bottom, top = axes.get_ylim()
    if not np.isfinite(y).all():
        placement.end_labels(canvas, axes, lines, x=end)
        return
    low_x, high_x = axes.get_xlim()
    wide = axes.get_position().width * canvas.figure.get_figwidth()
    line = canvas.line_height(axes)
    flat = [dataclasses.replace(one, text=one.text.replace("\n", " ")) for one in lines]
    for labels in (lines, flat):
        until = end + (canvas.reserve(labels) / wide + 0.04) * (high_x - low_x)
        along = np.interp([end, min(until, x[-1])], x, y)
        needed = (sum(one.text.count("\n") + 1 for one in labels) - 0.4) * line
        rooms = {True: top - along.max(), False: along.min() - bottom}
        above = all(one.value >= along[0] for one in labels)
        if rooms[above] >= needed and until < high_x:
            break
    else:
        labels, above = lines, rooms[True] >= rooms[False]
    if above:
        placement.end_labels(canvas, axes, labels, x=end, low=float(along.max()) + 0.2 * line)
    else:
        placement.end_labels(canvas, axes, labels, x=end, high=float(along.min()) - 0.2 * line)


def _name_path(canvas: Canvas, axes: Axes, data: Marks, labels: dict[str, list[Label]]) -> None:
    """Name the path and its start where there is room."""
    x, y = theme.time_values(data.path["period"]), data.path["value"].to_numpy(dtype=float)
    if not np.isfinite(y).all():
        return
    falls = y[-1] <= y[0]
    starts = [
        ("right", "top"),
        ("center", "bottom"),
        ("left", "bottom"),
        ("right", "bottom"),
        ("left", "top"),
    ]
    for one in labels["start"]:
        placement.place_free(canvas, axes, one, [(x[0], y[0], ha, va) for ha, va in starts])
    sides = (
        [("left", "bottom"), ("right", "top")] if falls else [("right", "bottom"), ("left", "top")]
    )
    for one in labels["path"]:
        placement.place_free(
            canvas,
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
    last = inputs.last_known(data.outcome, "value")
    if last is not None:
        row = data.outcome.iloc[last]
        parts: list[Claim | str] = [
            f"{phrases.place_name(track.place, lang)} ",
            figure_claim(row["value"], unit, decimals),
        ]
        if math.isfinite(row["low"]):
            parts += ["\n", range_claim(row["low"], row["high"], unit, decimals)]
        found["outcome"].append(label(parts, row["value"], data.color, lang=lang, bold=True))
    single = inputs.last_known(data.outcome, "month_value")
    if single is not None and data.smoothed:
        found["single"].append(
            label(
                [native_tracks.single_reading(data.path["period"], lang)],
                float(data.outcome["month_value"].iloc[single]),
                data.color,
                lang=lang,
            )
        )
    other = inputs.last_known(data.comparison, "value")
    if other is not None and track.comparison is not None:
        value = float(data.comparison["value"].iloc[other])
        name = native_tracks.elsewhere(track.comparison, lang)
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
        start: list[Claim | str] = [
            f"{terms.pick(terms.TERMS, 'baseline', lang)} ",
            figure_claim(track.baseline.value, unit, decimals),
        ]
        found["start"].append(label(start, track.baseline.value, theme.TARGET, lang=lang))
        found["path"].append(
            label([terms.pick(terms.TERMS, "target_path", lang)], math.nan, theme.TARGET, lang=lang)
        )
    found["breaks"] = [break_label(one, lang) for one in data.cuts]
    return found


def _shown(track: Track, data: Marks) -> tuple[str, ...]:
    """The columns of a reader's table."""
    ages = {track.target.age_at(period) for period in data.outcome["period"]}
    single = ("month_value",) if data.smoothed else ()
    keys = ("line", *(["place"] if track.comparison is not None else []), "period")
    return (*keys, *(["age"] if len(ages) > 1 else []), *single, "value", "low", "high")


def _drawn(data: Marks) -> np.ndarray:
    columns = [data.outcome[name] for name in ("value", "low", "high")]
    if data.smoothed:
        columns.append(data.outcome["month_value"])
    return np.concatenate(
        [
            np.asarray(one, dtype=float)
            for one in (*columns, data.comparison["value"], data.path["value"])
        ]
    )


def _end_of(data: Marks, otherwise: float) -> float:
    last = inputs.last_known(data.outcome, "value")
    return float(theme.time_values(data.outcome["period"])[last]) if last is not None else otherwise


def _is_optional(text: Text) -> bool:
    return all(one.predicate.id.startswith(OPTIONAL) for one in text.claims)


def _description(words: TargetText, lang: Language) -> Text:
    return Text.joined(words.lines, lang=lang)


def _sheet(track: Track) -> pd.DataFrame:
    sheet = track.to_frame()
    target = track.target
    sheet.insert(2, "age", [target.age_at(period) for period in sheet["period"]])
    for name in ("birth_region", "sex", "measure"):
        sheet.insert(2, name, getattr(target, name))
    sheet.insert(len(sheet.columns), "unit", track.unit)
    return sheet


def _least(size: str) -> float:
    return 0.39 * theme.size(size).height


def name_of(track: Track, what_kind: str = "mal") -> str:
    """Return the stem of the file names of a chart of a track."""
    kind = catalogue.measures().get(track.target.measure)
    what = phrases.noun(track.target.measure, "sv") if kind else track.target.measure
    group = phrases.who(phrases.group_code(track.target.birth_region, track.target.sex), "sv")
    parts = ["" if track.target.decided else "rakneexempel", what_kind]
    parts += [slug(one) for one in (what, group, phrases.place_name(track.place, "sv"))]
    return "_".join(one for one in parts if one)
