"""How probable is it that the target is met? History, forecast, and what forecasts were worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from integstats.catalogue import Language
from integstats.charts import inputs, native_tracks, placement, theme
from integstats.charts.chart import Chart
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label, break_label, claim, label, range_claim
from integstats.charts.target_path import MONTHS, OPTIONAL, TICKS, name_of
from integstats.charts.theme import SizeName
from integstats.errors import TargetError, UsageError
from integstats.targets.outlook import Outlook
from integstats.targets.requirements import Unit
from integstats.targets.track import Track
from integstats.wording.claims import Claim, Text
from integstats.wording.outlook_sentences import end_claims, outlook_text, outlook_values
from integstats.wording.track_values import DECIMALS

YEARS = 3
"""How much history is shown."""
REASONS = {
    "deadline_published": "the figures of the deadline are published already",
    "baseline_missing": "the baseline has no figure",
    "break": "a blocking break lies between the baseline and the deadline",
    "short_series": "the series is shorter than a year",
    "too_few_errors": "fewer than 19 past forecasts reach as far ahead",
    "no_forecast": "no forecast reaches the deadline",
    "coverage_unknown": "no interval so far ahead has met its outcome yet",
}


@dataclass(frozen=True, eq=False)
class Marks:
    """What is drawn, in the target's unit.

    `history` has ``period``, ``value`` and ``month_value``; `fan` is `Forecast.frame`, with the
    last known value as its first row; `goal` is the target at the end of `fan`.
    """

    history: pd.DataFrame
    fan: pd.DataFrame
    goal: float
    color: str
    marker: str
    cuts: tuple[pd.Period, ...]
    smoothed: bool


def marks(found: Outlook, track: Track) -> Marks:
    """Return what the chart of an outlook draws.

    Raises
    ------
    TargetError
        When the outlook was refused; the message says why.
    UsageError
        When the track is of another target.
    """
    if found.reason or found.forecast is None:
        raise TargetError(
            f"No outlook can be drawn for the target {found.target.id!r}: "
            f"{REASONS.get(found.reason, found.reason)}. Choose a nearer deadline, or load more."
        )
    if track.target != found.target:
        raise UsageError(
            f"The outlook is of the target {found.target.id!r}; got the track of "
            f"{track.target.id!r}. Give the track of the same target."
        )
    length = YEARS * 12 // MONTHS[found.origin.freqstr[0]]
    rows = track.series
    shown = rows[
        ((rows["period"] > found.origin - length) & (rows["period"] <= found.origin)).to_numpy()
    ].sort_values("period", ignore_index=True)
    known = np.flatnonzero(shown["value"].notna().to_numpy())
    shown = shown.iloc[known[0] :].reset_index(drop=True) if len(known) else shown
    frame = found.forecast.frame
    start = {name: shown["value"].iloc[-1] for name in frame.columns if _is_value(name)}
    first = pd.DataFrame([{"period": found.origin, "horizon": 0, **start}])
    has_wide = frame["low_95"].notna().any()
    if not has_wide:
        first[["low_95", "high_95"]] = np.nan
    style = theme.look(found.target.birth_region, found.target.sex)
    return Marks(
        history=shown,
        fan=pd.concat([first, frame], ignore_index=True),
        goal=found.goal,
        color=style.color,
        marker=style.marker,
        cuts=tuple(
            one
            for one in inputs.cuts(track.notes, found.origin.freq)
            if shown["period"].iloc[0] < one <= found.origin
        ),
        smoothed=found.target.reading not in ("month", "quarter", "year"),
    )


def _is_value(name: str) -> bool:
    return name in ("point", "naive") or name.startswith(("low_", "high_"))


def draw(ax: Axes, data: Marks) -> None:
    """Draw the marks, without title, footer, labels or ticks.

    Parameters
    ----------
    ax
        Where to: years on x (`theme.time_values`), the target's unit on y.
    data
        What `marks` returned. History thick and single periods thin; the forecast in the same
        colour, dashed, with its intervals; the seasonal-naive forecast grey and dotted.
    """
    cuts = theme.edges(data.cuts, data.history["period"].dtype.freq).tolist()
    for at in cuts:
        ax.axvline(at, color=theme.MUTED, linewidth=0.8 * theme.scale(), dashes=(1, 2), zorder=1)
    x, ahead = theme.time_values(data.history["period"]), theme.time_values(data.fan["period"])
    for level, tint in ((95, 0.12), (80, 0.32)):
        known = data.fan[f"low_{level}"].notna().to_numpy()
        low, high = (data.fan[f"{end}_{level}"].to_numpy()[known] for end in ("low", "high"))
        ax.fill_between(
            ahead[known],
            low,
            high,
            # Opaque: the inner interval keeps its shade where the outer one has ended.
            facecolor=1 - tint * (1 - np.array(to_rgb(data.color))),
            edgecolor=data.color,
            linewidth=0.35 * theme.scale(),
            zorder=1.5,
        )
    for name, width in (("month_value", 0.8), ("value", 2.0)):
        if name == "value" or data.smoothed:
            values = data.history[name].to_numpy(dtype=float)
            theme.line(ax, x, values, color=data.color, width=width, cuts=cuts)
    for name, color, dashes in (
        ("naive", theme.NATIVE, (1.0, 1.2)),
        ("point", data.color, (3.0, 1.5)),
    ):
        values = data.fan[name].to_numpy(dtype=float)
        theme.line(ax, ahead, values, color=color, width=1.6, dashes=dashes)
    ax.plot(x[-1], data.history["value"].iloc[-1], data.marker, color=data.color,
            markersize=5.5 * theme.scale(), zorder=4)  # fmt: skip
    ax.plot(ahead[-1], data.goal, "o", color=theme.TARGET, markersize=5 * theme.scale(), zorder=4)
    ax.plot(ahead[[0, -1]], [data.goal] * 2, color=theme.TARGET, linewidth=1.3 * theme.scale(),
            dashes=(4, 2))  # fmt: skip


def outlook(
    found: Outlook,
    track: Track,
    *,
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
) -> Chart:
    """Return the chart of how probable it is that a target is met at its deadline.

    The probability is written with the seasonal-naive forecast's, and with how often the
    intervals have held: never without.

    Parameters
    ----------
    found
        What `integstats.outlook` returned.
    track
        What `integstats.track` returned for the same target and table: the history, the sources.
    lang
        Language.
    size
        ``report`` (16 × 10 cm), ``slide`` (25.4 × 14.3 cm) or ``square``.
    organisation
        Who processed the figures, for the source line.

    Returns
    -------
    Chart
        Three years of history, the forecast with its 80 and 95 % intervals (the wider one ends
        where too few errors are known), the seasonal-naive forecast, and the target. Its data
        sheet has the columns ``place``, ``period``, ``value``, ``month_value``, ``status``, those
        of `Forecast.frame` and, from the last known value on, ``goal``.

    Raises
    ------
    TargetError
        When the outlook was refused; the message says why.
    UsageError
        When the track is of another target, or there is no such size.
    """
    theme.size(size)
    data = marks(found, track)
    first = str(data.history["period"].iloc[0])
    words = outlook_text(found, track, first=first, organisation=organisation or "", lang=lang)
    values = outlook_values(found, track, first=first)
    labels = _labels(found, data, values, lang)
    optional = tuple(one for one in words.footer[:-1] if _is_optional(one))
    return Chart(
        name=name_of(track, "utsikt"),
        kind="outlook",
        data=_sheet(found, data),
        title=words.title,
        subtitle=words.subtitle,
        verdict=words.verdict,
        alt=words.alt,
        description=Text.joined(words.lines, lang=lang),
        notes=tuple(one for one in words.footer if one not in optional),
        optional_notes=optional,
        sources=track.sources,
        painter=partial(paint, data=data, labels=labels, unit=track.unit),
        labels=(*labels, *(break_label(one, lang) for one in data.cuts)),
        facts=MappingProxyType(
            {name: one for name, one in values.items() if isinstance(one, (int, float))}
        ),
        told=(values["start"], values["latest"], found.goal),
        lang=lang,
        size=size,
        synthetic="synthetic" in found.target.dataset,
        least=0.42 * theme.size(size).height,
        editable=native_tracks.of_outlook(found, data, lang),
        shown=_shown(data),
    )


def paint(canvas: Canvas, *, data: Marks, labels: list[Label], unit: Unit) -> None:
    """Draw the marks with axes and labels on a canvas."""
    first, last = data.history["period"].iloc[0], data.fan["period"].iloc[-1]
    low_x, high_x = theme.time_values(pd.PeriodIndex([first, last]))
    values = np.concatenate(
        [
            data.history["value"],
            data.history["month_value"] if data.smoothed else [],
            *(data.fan[name] for name in data.fan.columns if _is_value(name)),
            [data.goal],
        ]
    ).astype(float)
    low, high = theme.padded(values, zero=theme.moves(values), share=0.1)
    widest = canvas.widest_tick(low, high, TICKS[unit])
    ticks, texts = theme.time_ticks(first, last, lang=canvas.lang)
    room = canvas.right - canvas.left - canvas.reserve(labels) - 0.8
    texts = canvas.fitting(texts, room)
    axes = canvas.panel(
        labels=labels, ticks=[widest], axis_lines=1 + any("\n" in one for one in texts)
    )
    axes.set_ylim(low, high)
    pad = max(0.012 * (high_x - low_x), 0.03)
    axes.set_xlim(low_x - pad, high_x + pad)
    draw(axes, data)
    theme.set_ticks(axes.xaxis, ticks, texts)
    theme.value_axis(axes, TICKS[unit], lang=canvas.lang, count=5)
    placement.end_labels(canvas, axes, labels)
    placement.name_breaks(canvas, (axes,), data.cuts)


def _labels(found: Outlook, data: Marks, values: dict[str, object], lang: Language) -> list[Label]:
    """The labels at the ends: the forecast with its interval, the naive one, the target."""
    decimals = DECIMALS[found.unit]
    last = data.fan.iloc[-1]
    goal = claim(
        "label.goal_share" if found.unit == "share" else "label.goal_figure",
        goal=found.goal,
        unit=found.unit,
        decimals=decimals,
        deadline=str(found.target.deadline_period),
    )
    interval = range_claim(last["low_80"], last["high_80"], found.unit, decimals)
    made = [label([goal], found.goal, theme.TARGET, lang=lang, bold=True)]
    for one in end_claims(values):
        is_naive = one.predicate.id.endswith("naive")
        ends: list[Claim | str] = (
            [one] if is_naive and len(end_claims(values)) > 1 else [one, "\n", interval]
        )
        at = float(last["naive" if is_naive else "point"])
        color = theme.MUTED if is_naive else data.color
        made.append(label(ends, at, color, lang=lang, bold=not is_naive))
    return made


def _is_optional(text: Text) -> bool:
    return all(one.predicate.id.startswith(OPTIONAL) for one in text.claims)


def _sheet(found: Outlook, data: Marks) -> pd.DataFrame:
    columns = ["period", "value", "month_value", "status"]
    sheet = pd.concat([data.history[columns], data.fan.iloc[1:]], ignore_index=True)
    target = found.target
    sheet.insert(0, "age", [target.age_at(period) for period in sheet["period"]])
    for name in ("birth_region", "sex", "measure"):
        sheet.insert(0, name, getattr(target, name))
    sheet.insert(0, "place", found.place)
    ahead = (sheet["period"] >= found.origin).to_numpy()
    return sheet.assign(goal=np.where(ahead, found.goal, np.nan), unit=found.unit)


def _shown(data: Marks) -> tuple[str, ...]:
    """The columns of a reader's table."""
    single = ("month_value",) if data.smoothed else ()
    levels = [one for one in (80, 95) if data.fan[f"low_{one}"].notna().any()]
    ends = (f"{end}_{level}" for level in levels for end in ("low", "high"))
    return ("period", *single, "value", "point", *ends, "naive", "goal")
