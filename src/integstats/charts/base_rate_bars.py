"""The bars of a base rate as figures: the data sheet, and what an office program draws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from integstats.catalogue import Language
from integstats.charts import theme
from integstats.charts.editable import Editable, Series
from integstats.charts.labels import label
from integstats.targets.base_rate import BaseRate
from integstats.wording import numbers, phrases
from integstats.wording.base_rate_sentences import areas_label, goal_label

if TYPE_CHECKING:
    from integstats.charts.base_rate import Marks

TICKS: dict[str, numbers.Unit] = {"quotient": "percent", "difference": "points"}
SHARE_OF_PERIODS = {"sv": "Andel av perioderna", "en": "Share of the periods"}
CHANGE = {"sv": "Förändring under perioden", "en": "Change over the period"}
TO = {"sv": "till", "en": "to"}
FARTHEST = 24
"""So many empty bars at most stand between the others and the target."""


def bars(data: Marks) -> pd.DataFrame:
    """Count the periods of each bar, out to the target where it is not far from them.

    Returns
    -------
    pandas.DataFrame
        A row for each bar: ``change_from``, ``change_to`` (its edges), ``windows``,
        ``windows_share`` (of all places), ``own_windows``, ``own_windows_share`` (of the target's
        place); each share column adds up to 1.
    """
    edges = _out_to_goal(data)
    every, own = (np.histogram(one, edges)[0] for one in (data.everywhere, data.own))
    return pd.DataFrame(
        {
            "change_from": edges[:-1],
            "change_to": edges[1:],
            "windows": every,
            "windows_share": every / len(data.everywhere),
            "own_windows": own,
            "own_windows_share": own / len(data.own),
        }
    )


def _out_to_goal(data: Marks) -> np.ndarray:
    """The edges of the bars, and of empty ones between them and the target."""
    edges = data.edges
    width = edges[1] - edges[0]
    before, after = round((edges[0] - data.goal) / width), round((data.goal - edges[-1]) / width)
    if 0 < before <= FARTHEST:
        return np.concatenate([data.goal + width * np.arange(before), edges])
    if 0 < after <= FARTHEST:
        return np.concatenate([edges, edges[-1] + width * np.arange(1, after + 1)])
    return edges


def sheet(found: BaseRate, figures: pd.DataFrame) -> pd.DataFrame:
    """Return the data sheet: the bars, and of whom they are."""
    target = found.target
    keys = {name: getattr(target, name) for name in ("measure", "sex", "birth_region")}
    keys |= {"age": target.age_at(found.windows["end"].max()), "place": found.place}
    whole = pd.DataFrame(keys, index=figures.index).join(figures)
    return whole.assign(unit="share" if found.scale == "quotient" else "pp")


def shown(data: Marks) -> tuple[str, ...]:
    """Return the columns of a reader's table."""
    every = () if data.alone else ("windows", "windows_share")
    return ("change_from", "change_to", *every, "own_windows", "own_windows_share")


def editable(found: BaseRate, data: Marks, figures: pd.DataFrame, lang: Language) -> Editable:
    """Return the bars of all places beside those of the target's."""
    parts = [(phrases.place_name(found.place, lang), "own_windows_share", data.color)]
    if not data.alone:
        every = label([areas_label(found)], math.nan, theme.NATIVE, lang=lang).text
        parts.insert(0, (every, "windows_share", theme.NATIVE))
    unit = TICKS[found.scale]
    edges = [*figures["change_from"].tolist(), figures["change_to"].iloc[-1]]
    decimals = numbers.tick_decimals(edges, unit)
    ends = [numbers.tick(one, unit=unit, decimals=decimals, lang=lang) for one in edges]
    starts = [one.removesuffix("%").rstrip() for one in ends]
    return Editable(
        "column",
        tuple(f"{one} {TO[lang]} {end}" for one, end in zip(starts, ends[1:], strict=False)),
        tuple(
            Series(name, tuple(figures[column].tolist()), color) for name, column, color in parts
        ),
        SHARE_OF_PERIODS[lang],
        "percent",
        category_axis=f"{CHANGE[lang]}. {goal_label(found).render(lang)}",
        low=0.0,
    )
