"""The charts of a track and of its outlook as an office program draws them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from integstats.catalogue import Language
from integstats.charts import theme
from integstats.charts.editable import Editable, Series, Unit
from integstats.charts.timeline import Timeline
from integstats.targets import requirements
from integstats.targets.comparison import Comparison
from integstats.targets.outlook import Outlook
from integstats.targets.target import Target
from integstats.targets.track import Track
from integstats.wording import numbers, phrases, terms

if TYPE_CHECKING:
    from integstats.charts import outlook, target_path

UNITS: dict[requirements.Unit, Unit] = {
    "share": "percent",
    "pp": "pp",
    "ratio": "ratio",
    "persons": "count",
}
PATH_DASHES = (4.0, 2.0)
LEVELS: dict[int, tuple[float, ...]] = {80: (), 95: (1.0, 1.2)}
"""How the ends of the interval of each level are dashed."""
INTERVALS = {
    "low": ("nedre gräns", "lower bound"),
    "high": ("övre gräns", "upper bound"),
}


def of_path(track: Track, data: target_path.Marks, lang: Language) -> Editable:
    """Return the lines and the target; the interval is in the picture and the data sheet."""
    periods = [*data.outcome["period"], *data.path["period"]]
    axis = Timeline.of(min(periods), max(periods), cuts=data.cuts, lang=lang)
    lines = _outcome(axis, track.target, track.place, data, data.outcome, lang)
    if track.comparison is not None and len(data.comparison):
        lines.append(
            axis.line(
                f"{elsewhere(track.comparison, lang)}, {_reading(track.target, lang)}",
                data.comparison["period"],
                data.comparison["value"],
                color=theme.NATIVE,
                width=1.0,
            )
        )
    if math.isfinite(track.goal):
        periods, values = data.path["period"], data.path["value"]
        path = _term("target_path", lang)
        lines += [
            axis.line(path, periods, values, color=theme.TARGET, width=1.3, dashes=PATH_DASHES),
            axis.dots(_term("target", lang), periods[-1:], values[-1:], color=theme.TARGET),
        ]
    return _chart(axis, lines, track.target, lang)


def of_outlook(found: Outlook, data: outlook.Marks, lang: Language) -> Editable:
    """Return history, forecasts, the target, and the ends of the intervals as thin lines."""
    history, fan = data.history, data.fan
    axis = Timeline.of(history["period"].iloc[0], fan["period"].iloc[-1], cuts=data.cuts, lang=lang)
    lines = _outcome(axis, found.target, found.place, data, history, lang)
    forecast = _term("forecast", lang)
    naive = {"sv": "Säsongsnaiv prognos", "en": "Seasonal-naive forecast"}[lang]
    for name, column, color, dashes in (
        (forecast, "point", data.color, (3.0, 1.5)),
        (naive, "naive", theme.NATIVE, (1.0, 1.2)),
    ):
        lines.append(
            axis.line(name, fan["period"], fan[column], color=color, width=1.6, dashes=dashes)
        )
    for level, dashing in LEVELS.items():
        for end, words in INTERVALS.items():
            values = fan[f"{end}_{level}"]
            if values.notna().any():
                share = numbers.percent(level / 100, decimals=0, lang=lang)
                name = f"{forecast}, {share}, {words[lang == 'en']}"
                lines.append(
                    axis.line(
                        name, fan["period"], values, color=data.color, width=0.5, dashes=dashing
                    )
                )
    lines.append(
        axis.line(
            _term("target", lang),
            fan["period"],
            [found.goal] * len(fan),
            color=theme.TARGET,
            width=1.3,
            dashes=PATH_DASHES,
        )
    )
    return _chart(axis, lines, found.target, lang)


def elsewhere(comparison: Comparison, lang: Language) -> str:
    """Return the name of the place compared with: Riket for the country."""
    return _capital(phrases.in_place(comparison.place, lang).partition(" ")[2])


def single_reading(periods: pd.Series, lang: Language) -> str:
    """Return what the figures of single periods are called: månadsvärden."""
    freq = {"M": "month", "Q": "quarter", "Y": "year"}[periods.dtype.freq.freqstr[0]]
    return terms.pick(terms.READINGS, freq, lang)


def _outcome(
    axis: Timeline,
    target: Target,
    place: str,
    data: target_path.Marks | outlook.Marks,
    rows: pd.DataFrame,
    lang: Language,
) -> list[Series]:
    """The single periods, where they are drawn, and the reading."""
    name = phrases.place_name(place, lang)
    found = []
    for column, word, width in (
        ("month_value", single_reading(rows["period"], lang), 0.8),
        ("value", _reading(target, lang), 2.0),
    ):
        if column == "value" or data.smoothed:
            found.append(
                axis.line(
                    f"{name}, {word}",
                    rows["period"],
                    rows[column],
                    color=data.color,
                    width=width,
                    marker=data.marker,
                )
            )
    return found


def _chart(axis: Timeline, lines: list[Series], target: Target, lang: Language) -> Editable:
    unit = target.unit
    versus = phrases.comparator_code(target.comparator, target.sex) if target.comparator else ""
    group = phrases.group_code(target.birth_region, target.sex)
    words = phrases.subject(group, unit, target.measure, versus, lang)
    if unit == "pp":
        words = f"{words}, {terms.pick(terms.TERMS, 'percentage_points', lang)}"
    return Editable("line", axis.names, tuple(lines), _capital(words), UNITS[unit])


def _reading(target: Target, lang: Language) -> str:
    return terms.pick(terms.READINGS, target.reading, lang)


def _term(name: str, lang: Language) -> str:
    return _capital(terms.pick(terms.TERMS, name, lang))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
