"""All targets at once: where each began, what it is to reach, where it stands, how it is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import pandas as pd
from matplotlib.axes import Axes

from integstats.catalogue import Language, Source
from integstats.charts import frame, theme
from integstats.charts.chart import Chart, slug
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label
from integstats.charts.text_size import LINE, POINTS, text_width, wrapped
from integstats.charts.theme import SizeName
from integstats.errors import UsageError
from integstats.targets.track import Track
from integstats.wording import phrases
from integstats.wording.claims import Text
from integstats.wording.target_table_cells import verdict_note
from integstats.wording.target_table_sentences import TargetTableText, target_table_text
from integstats.wording.track_values import track_values
from integstats.wording.verdict_sentences import verdict_word
from integstats.wording.verdict_symbols import SYMBOLS

BETWEEN = 1.2
"""Space between columns, and PADDING around the lines of a row, in lines of text."""
PADDING = 0.28
FOOT = 0.4
"""Space below the last line, in lines of text."""
RIGHT_ALIGNED = (4, 5)
"""Columns of plain numbers."""
VERDICT = 1


@dataclass(frozen=True)
class Cell:
    """A wrapped text: `x` in inches from the left, `y` in lines from the top, down is negative.

    The first `bold` of its lines are bold; `right` texts end at `x`.
    """

    lines: tuple[str, ...]
    x: float
    y: float
    bold: int
    right: bool


@dataclass(frozen=True, eq=False)
class Marks:
    """The table laid out for one width.

    `cells` are all its texts, `rules` the heights of its lines, strong ones first; `ends` is
    where each row ends; `width` is in inches and `height` in lines of text.
    """

    cells: tuple[Cell, ...]
    strong: tuple[float, ...]
    rules: tuple[float, ...]
    ends: tuple[float, ...]
    width: float
    height: float


def marks(words: TargetTableText, symbols: Sequence[str], *, size: theme.Size) -> Marks:
    """Return the table laid out for a size: columns as wide as their texts need, then wrapped.

    Parameters
    ----------
    words
        What `target_table_text` returned.
    symbols
        One for each row, written before the word of its verdict.
    size
        The size of the figure.
    """
    width = size.width - 2 * frame.MARGIN - 6 * size.scale / POINTS
    rows = [[[one.text for one in texts] for texts in cells] for cells in words.rows]
    for row, symbol in zip(rows, symbols, strict=True):
        row[VERDICT] = [f"{symbol} {one}".removesuffix(".") for one in row[VERDICT]]
    headers = [one.text for one in words.headers]
    gap = BETWEEN * size.body / POINTS
    widths = _widths(headers, rows, width - gap * (len(headers) - 1), size.body)
    lefts = [sum(widths[:at]) + at * gap for at in range(len(widths))]
    cells: list[Cell] = []
    rules: list[float] = []
    ends: list[float] = []

    def put(texts: Sequence[Sequence[str]], y: float, bold: Sequence[int]) -> float:
        """Add one row of cells, each of paragraphs, and return where it ends."""
        deepest = 0
        for at, paragraphs in enumerate(texts):
            strong = [n < bold[at] for n in range(len(paragraphs))]
            parts = [
                wrapped(one, widths[at], size.body, is_strong)
                for one, is_strong in zip(paragraphs, strong, strict=True)
            ]
            right = at in RIGHT_ALIGNED
            x = lefts[at] + (widths[at] if right else 0.0)
            lines = tuple(line for part in parts for line in part)
            count = sum(len(part) for part, one in zip(parts, strong, strict=True) if one)
            cells.append(Cell(lines, x, y, count, right))
            deepest = max(deepest, len(lines))
        return y - deepest - 2 * PADDING

    y = put([[one] for one in headers], -PADDING, [1] * len(headers))
    strong_rules = [y]
    for at, row in enumerate(rows):
        if words.examples and at == words.first_example:
            rules.append(y)
            cells.append(Cell((words.examples.text,), 0.0, y - PADDING, 1, False))
            y -= 1 + 2 * PADDING
            strong_rules.append(y)
        elif at:
            rules.append(y)
        y = put(row, y - PADDING, [1] + [0] * (len(row) - 1)) + PADDING
        ends.append(-y)
    strong_rules.append(y)
    return Marks(tuple(cells), tuple(strong_rules), tuple(rules), tuple(ends), width, FOOT - y)


def _widths(
    headers: Sequence[str], rows: Sequence[Sequence[Sequence[str]]], room: float, points: float
) -> list[float]:
    """Return the width of each column: what its texts need on one line, or a fair part of it."""
    wanted, least = [], []
    for at, header in enumerate(headers):
        texts = [(header, True)]
        texts += [(one, at == 0 and n == 0) for row in rows for n, one in enumerate(row[at])]
        words = {(part, bold) for one, bold in texts for part in one.split(" ")}
        least.append(max(text_width(part, points, bold) for part, bold in words))
        own = max(text_width(one, points, bold) for one, bold in texts[1:])
        wanted.append(max(own, least[-1], _in_two_lines(header, points)))
    spare = room - sum(least)
    asked = sum(wanted) - sum(least)
    share = min(1.0, max(spare, 0.0) / asked) if asked else 0.0
    return [low + share * (high - low) for low, high in zip(least, wanted, strict=True)]


def _in_two_lines(header: str, points: float) -> float:
    """Return how wide a header is that may break once."""
    words = header.split(" ")
    splits = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(len(words))]
    return min(max(text_width(one, points, True) for one in split) for split in splits)


def draw(ax: Axes, data: Marks) -> None:
    """Draw the table, without title and footer.

    Parameters
    ----------
    ax
        Where to: inches from the left on x, lines of text on y, from 0 downwards.
    data
        What `marks` returned for the size of the axes.
    """
    for rules, width, color in (
        (data.strong, 1.0, theme.TEXT),
        (data.rules, 0.4, theme.NATIVE),
    ):
        ax.hlines(rules, 0, data.width, color=color, linewidth=width * theme.scale())
    for cell in data.cells:
        for number, line in enumerate(cell.lines):
            ax.text(
                cell.x,
                cell.y - number - 0.75,
                line,
                fontweight="bold" if number < cell.bold else "normal",
                ha="right" if cell.right else "left",
                va="baseline",
            )


def target_table(
    tracks: Sequence[Track],
    *,
    lang: Language = "sv",
    size: SizeName = "report",
    organisation: str | None = None,
) -> Chart:
    """Return a table of targets, drawn as a figure: a row for each track.

    Parameters
    ----------
    tracks
        What `integstats.track` returned for each target, or `integstats.track_members` for the
        members of a group. Decided targets come first; räkneexempel come last and are marked.
    lang
        Language.
    size
        ``report`` (16 cm wide; the height grows with the rows), ``slide`` or ``square``.
    organisation
        Who processed the figures, for the source line.

    Returns
    -------
    Chart
        What all rows have in common (group, measure, dates) is said once, in the subtitle. It has
        no native chart: a table is a table, made from ``data`` and ``shown``. The data sheet has a
        row per target: ``target``, ``place``, ``sex``, ``birth_region``, ``age``, ``dataset``,
        ``measure``, ``comparator``, ``unit``, ``reading``, ``decided``, ``baseline_period``,
        ``baseline``, ``deadline``, ``goal``, ``period``, ``latest``, ``low``, ``high``, ``n``,
        ``path``, ``share_done``, ``lacking`` and ``ahead`` (persons net to the target level),
        ``symbol``, ``verdict`` and ``verdict_note`` (the verdict in words, with its reason).

    Raises
    ------
    UsageError
        When there is no track, no such size, or it has too little room for so many rows.

    Examples
    --------
    >>> import integstats as ig
    >>> bas = ig.load("scb-bas-month", places=["Skåne län", "Jämtlands län"])
    >>> goal = ig.Target.halve("unemployment_rate", places=["Skåne län", "Jämtlands län"],
    ...     dataset="scb-bas-month", sex="women", birth_region="foreign_born", age="20-64",
    ...     baseline="2024-06", deadline="2027-06")
    >>> chart = target_table(ig.track_members(goal, bas, members=["Skåne län", "Jämtlands län"]))
    >>> chart.data[["place", "verdict"]].values.tolist()
    [['12', 'no_certain_change'], ['23', 'no_certain_change']]
    """
    chosen = theme.size(size)
    words = target_table_text(tracks, organisation=organisation or "", lang=lang)
    rows = [tracks[at] for at in words.order]
    data = marks(words, [SYMBOLS[one.verdict.status] for one in rows], size=chosen)
    sheet = _sheet(rows, lang)
    sources: list[Source] = []
    for track in rows:
        sources += [one for one in track.sources if one not in sources]
    told = [rows[0].latest.value, rows[0].goal]
    chart = Chart(
        name=_name(rows),
        kind="target_table",
        data=sheet,
        title=words.title,
        subtitle=words.subtitle,
        alt=words.alt,
        description=Text.joined(words.lines, lang=lang),
        notes=(*words.notes, words.source),
        optional_notes=words.optional,
        sources=tuple(sources),
        painter=partial(paint, data=data),
        labels=tuple(_labels(words)),
        facts=MappingProxyType(dict(words.facts)),
        told=() if any(one != one for one in told) else tuple(told),
        lang=lang,
        size=size,
        synthetic=any("synthetic" in one.target.dataset for one in rows),
        least=data.height * chosen.body * LINE / POINTS,
        shown=_shown(sheet),
    )
    _refuse_too_many(chart, data)
    return chart


def paint(canvas: Canvas, *, data: Marks) -> None:
    """Draw the table on a canvas, from the top of its room."""
    tall = canvas.top - canvas.bottom
    part = min(data.height * canvas.size.body * LINE / POINTS / tall, 1.0)
    axes = canvas.panel(share=part, axis_lines=0)
    axes.set_xlim(0, data.width)
    axes.set_ylim(-data.height, 0)
    axes.grid(visible=False)
    for axis in (axes.xaxis, axes.yaxis):
        theme.set_ticks(axis, [], [])
    for spine in axes.spines.values():
        spine.set_visible(False)
    draw(axes, data)


def _labels(words: TargetTableText) -> list[Label]:
    """Every text of the table as a label, so that its figures are checked."""
    texts = [*words.headers, *(one for row in words.rows for cell in row for one in cell)]
    texts += [words.examples] if words.examples else []
    return [Label(one.text, one.claims, 0.0, theme.TEXT) for one in texts]


def _sheet(rows: Sequence[Track], lang: Language) -> pd.DataFrame:
    found = []
    for track in rows:
        target, persons = track.target, track.persons
        found.append(
            {
                "target": target.id,
                "place": track.place,
                "sex": target.sex,
                "birth_region": target.birth_region,
                "age": target.age,
                "dataset": target.dataset,
                "measure": target.measure,
                "comparator": target.comparator or "",
                "unit": track.unit,
                "reading": target.reading,
                "decided": target.decided,
                "baseline_period": str(target.baseline_period),
                "baseline": track.baseline.value,
                "deadline": str(target.deadline_period),
                "goal": track.goal,
                "period": str(track.latest.period),
                "latest": track.latest.value,
                "low": track.latest.low,
                "high": track.latest.high,
                "n": track.latest.n,
                "path": track.path_now,
                "share_done": track.verdict.share_done,
                "lacking": float("nan") if persons is None else float(persons.target.lacking),
                "ahead": float("nan") if persons is None else float(persons.target.ahead),
                "symbol": SYMBOLS[track.verdict.status],
                "verdict": verdict_word(track_values(track)),
                "verdict_note": verdict_note(track, lang=lang),
            }
        )
    return pd.DataFrame(found)


def _shown(sheet: pd.DataFrame) -> tuple[str, ...]:
    """The columns of a reader's table: those that say the same on all of many rows are left out."""
    always = (
        *("place", "baseline", "goal", "latest", "low", "high"),
        *("symbol", "verdict_note", "share_done", "lacking"),
    )
    names = (
        *("place", "birth_region", "sex", "age", "measure", "reading", "decided"),
        *("baseline_period", "baseline", "deadline", "goal", "period", "latest", "low", "high"),
        *("symbol", "verdict_note", "share_done", "lacking"),
    )
    dates = ("baseline_period", "deadline", "period")
    return tuple(
        name
        for name in names
        if name in always or name in dates or sheet[name].nunique(dropna=False) > 1
    )


def _name(rows: Sequence[Track]) -> str:
    example = "" if any(one.target.decided for one in rows) else "rakneexempel_"
    if len(rows) == 1:
        return f"{example}maltabell_{slug(phrases.place_name(rows[0].place, 'sv'))}"
    return f"{example}maltabell_{len(rows)}-mal"


def _refuse_too_many(chart: Chart, data: Marks) -> None:
    chosen = theme.size(chart.size)
    if chosen.grows:
        return
    lines = chart.room() * POINTS / (chosen.body * LINE)
    if data.height > lines + 1e-9:
        fits = sum(one + FOOT <= lines for one in data.ends)
        raise UsageError(
            f"The size {chart.size} has room for {fits} of these targets; got {len(data.ends)}. "
            'Choose fewer, or size="report", which grows.'
        )
