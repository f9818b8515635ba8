"""The nine rules that every exported chart keeps, as a check that anyone can run."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from string import Formatter

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection, LineCollection
from matplotlib.figure import Figure
from matplotlib.text import Text as Drawn

from integstats.catalogue import Language
from integstats.charts import theme
from integstats.charts.chart import DPI, Chart
from integstats.errors import SchemaError
from integstats.targets.assumptions import member_codes
from integstats.wording import numbers, terms
from integstats.wording.brief import in_brief
from integstats.wording.claims import Claim, Text

MOST_WORDS = 15
ALT_LENGTH = (80, 600)
TEXT_CONTRAST, LINE_CONTRAST = 4.5, 3.0
TOUCHING = 0.5
"""Pixels by which texts may overlap: their boxes are rounded outwards."""
WATERMARK = "watermark"
BANNED = {
    "sv": re.compile(r"^(räkneexempel: )?utveckling(en)? av\b|\?", re.IGNORECASE),
    "en": re.compile(r"^(illustrative example: )?(the )?development of\b|\?", re.IGNORECASE),
}
ILLUSTRATIVE = {"sv": "räkneexempel", "en": "illustrative example"}
YEAR = re.compile(r"\b(19|20)\d\d\b")
AGE = re.compile(r"\b\d{1,2}–\d{2}\b")
ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True)
class Finding:
    """A broken rule: its number, 1 to 9, and what is wrong."""

    rule: int
    message: str


def lint(chart: Chart) -> tuple[Finding, ...]:
    """Check a chart against the rules for what is published.

    1. No text outside the canvas, no overlap between visible texts.
    2. The text of a tick, read by the rules of the language, is the tick's value.
    3. No hyphen as a minus, no decimal point in Swedish, no plain space before a per cent sign.
    4. Contrast at least 4.5 : 1 for text and 3 : 1 for lines and the edges of areas.
    5. The title has at most 15 words and none of the banned openings; that of a räkneexempel no
       word of a verdict.
    6. The source line has the table id and the date of the update; the subtitle age and period.
    7. The alt text has 80 to 600 characters, with the first value, the last, and the target.
    8. Every number in a text comes from a claim, and equals a cell of the data or target sheet.
    9. Bars start at zero, and panels of the same quantity share their axes.

    Parameters
    ----------
    chart
        Any chart; it is drawn once.

    Returns
    -------
    tuple of Finding
        What is wrong; empty when nothing is.
    """
    figure = chart.figure
    FigureCanvasAgg(figure)
    figure.set_dpi(DPI)
    figure.draw_without_rendering()
    rules = (
        (1, _layout(figure)),
        (2, _ticks(figure, chart.lang)),
        (3, _typography(chart, figure)),
        (4, _contrast(figure)),
        (5, _title(chart)),
        (6, _sources(chart)),
        (7, _alt(chart)),
        (8, _numbers(chart, figure)),
        (9, _axes(chart, figure)),
    )
    return tuple(Finding(rule, message) for rule, found in rules for message in found)


def _visible(figure: Figure) -> list[Drawn]:
    """Every text that is drawn, but the watermark."""
    found = []
    for text in figure.findobj(Drawn):
        assert isinstance(text, Drawn)
        shown = text.get_visible() and text.get_text().strip()
        if shown and not str(text.get_gid() or "").startswith(WATERMARK):
            found.append(text)
    hidden = {id(one) for axis in _axis_list(figure) for one in _hidden_ticks(axis)}
    return [one for one in found if id(one) not in hidden]


def _axis_list(figure: Figure) -> list[mpl.axis.Axis]:
    return [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]


def _hidden_ticks(axis: mpl.axis.Axis) -> Iterator[Drawn]:
    low, high = sorted(axis.get_view_interval())
    shown = axis.get_visible() and axis.axes.get_visible()
    for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
        inside = low - 1e-9 <= tick.get_loc() <= high + 1e-9
        if not (shown and inside and tick.label1.get_visible()):
            yield tick.label1
        if not tick.label2.get_visible():
            yield tick.label2


def _layout(figure: Figure) -> Iterator[str]:
    width, height = figure.canvas.get_width_height()
    texts = _visible(figure)
    corners = np.array([one.get_window_extent().extents for one in texts]).reshape(-1, 4)
    edges = np.array([-TOUCHING, -TOUCHING, width + TOUCHING, height + TOUCHING])
    inside = ((corners >= edges[[0, 1, 0, 1]]) & (corners <= edges[[2, 3, 2, 3]])).all(axis=1)
    for beyond in np.flatnonzero(~inside).tolist():
        yield f"outside the canvas: {texts[beyond].get_text()!r}"
    low, high = corners[:, :2], corners[:, 2:]
    for at, text in enumerate(texts):
        shared = np.minimum(high[at], high[at + 1 :]) - np.maximum(low[at], low[at + 1 :])
        for other in np.flatnonzero((shared > TOUCHING).all(axis=1)) + at + 1:
            yield f"texts overlap: {text.get_text()!r} and {texts[other].get_text()!r}"


def _ticks(figure: Figure, lang: Language) -> Iterator[str]:
    for axis in _axis_list(figure):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            text, value = tick.label1.get_text(), float(tick.get_loc())
            if not text or not low - 1e-9 <= value <= high + 1e-9:
                continue
            said = _tick_value(text, lang)
            if said is not None and not math.isclose(said, value, rel_tol=1e-9, abs_tol=1e-9):
                yield f"a tick at {value:g} says {text!r}"
            elif said is None and (YEAR.search(text) or not re.search(r"[^\W\d]", text)):
                yield f"a tick that cannot be read: {text!r}"


def _tick_value(text: str, lang: Language) -> float | None:
    """The value a tick's text stands for; nothing for a name."""
    if re.fullmatch(r"\d{4}", text):
        return float(text)
    flat = " ".join(text.split())
    months, quarters = _calendar(lang)
    head, _, year = flat.rpartition(" ")
    if re.fullmatch(r"\d{4}", year):
        part = months.get(head, quarters.get(head))
        return None if part is None else int(year) + part
    try:
        return numbers.parse(text, lang=lang)
    except SchemaError:
        return None


@cache
def _calendar(lang: Language) -> tuple[dict[str, float], dict[str, float]]:
    months = {
        numbers.period(f"2024-{month:02d}", short=True, lang=lang): (month - 0.5) / 12
        for month in range(1, 13)
    }
    quarters = {
        numbers.period(f"2024Q{part}", lang=lang).rpartition(" ")[0]: (part - 0.5) / 4
        for part in range(1, 5)
    }
    return months, quarters


def _typography(chart: Chart, figure: Figure) -> Iterator[str]:
    written = [one.get_text() for one in _visible(figure)]
    for text in {*written, *(one.text for one in chart.texts)}:
        plain = ISO_DATE.sub("", text)
        if re.search(r"(?<![\w-])-\d", plain):
            yield f"a hyphen for a minus: {text!r}"
        if chart.lang == "sv" and re.search(r"\d\.\d", _without_versions(plain)):
            yield f"a decimal point in Swedish: {text!r}"
        if re.search(r"\d %", plain) or (chart.lang == "sv" and re.search(r"\d%", plain)):
            yield f"not a no-break space before %: {text!r}"


def _without_versions(text: str) -> str:
    return re.sub(r"integstats \d+\.\d+(\.\w+)*|https?://\S+|integstats\s*$", "", _joined(text))


def _joined(text: str) -> str:
    """A version number may stand alone on its line."""
    return re.sub(r"^\d+\.\d+\.\w+\.?$", "", text)


def _contrast(figure: Figure) -> Iterator[str]:
    background = mpl.colors.to_hex(figure.get_facecolor())
    for text in _visible(figure):
        if (ratio := _ratio(text.get_color(), text.get_alpha(), background)) < TEXT_CONTRAST:
            yield f"text with contrast {ratio:.2f} : 1: {text.get_text()!r}"
    for axes in figure.axes:
        for line in axes.lines:
            drawn = line.get_linestyle() != "None" or line.get_marker() not in ("None", None)
            if line.get_visible() and drawn:
                ratio = _ratio(line.get_color(), line.get_alpha(), background)
                if ratio < LINE_CONTRAST:
                    yield f"a line with contrast {ratio:.2f} : 1"
        for area in axes.collections:
            if area.get_visible() and (ratio := _strongest(area, background)) < LINE_CONTRAST:
                yield f"an area whose edge has contrast {ratio:.2f} : 1"


def _strongest(area: Collection, background: str) -> float:
    """Contrast of an area's edge or, where it has none, of its fill."""
    edges = area.get_edgecolor()
    seen = edges if len(edges) and not isinstance(area, LineCollection) else area.get_facecolor()
    if isinstance(area, LineCollection):
        seen = area.get_color()
    if not len(seen) or (len(edges) and not np.any(np.asarray(area.get_linewidth()) > 0)):
        seen = area.get_facecolor()
    return min((_ratio(one, None, background) for one in seen), default=math.inf)


def _ratio(color: object, alpha: float | None, background: str) -> float:
    red, green, blue, own = mpl.colors.to_rgba(color)  # type: ignore[arg-type]
    part = own if alpha is None else alpha
    below = np.array(mpl.colors.to_rgb(background))
    mixed = part * np.array([red, green, blue]) + (1 - part) * below
    return theme.contrast(mpl.colors.to_hex(tuple(mixed.tolist())), background)


def _title(chart: Chart) -> Iterator[str]:
    title = chart.title.text
    if chart.title.words() > MOST_WORDS:
        yield f"the title has {chart.title.words()} words: {title!r}"
    if BANNED[chart.lang].search(title):
        yield f"the title asks or begins with a banned opening: {title!r}"
    if title.casefold().startswith(ILLUSTRATIVE[chart.lang]):
        for code in terms.VERDICTS:
            word = terms.pick(terms.VERDICTS, code, chart.lang)
            if word.casefold() in title.casefold():
                yield f"the title of a räkneexempel has the verdict {word!r}"


def _sources(chart: Chart) -> Iterator[str]:
    line = chart.footer[-1] if chart.footer else ""
    for source, written in product(chart.sources, _whole_and_brief(chart.notes[-1:])):
        if source.dataset.table_id not in written:
            yield f"the source line lacks the table id {source.dataset.table_id}: {written!r}"
        if source.updated not in written:
            yield f"the source line lacks the date {source.updated}: {written!r}"
    if not line:
        yield "there is no source line"
    own = chart.synthetic or "own-" in line
    if not chart.sources and not own and not ISO_DATE.search(line):
        yield f"there are no sources: {line!r}"
    for subtitle in _whole_and_brief([chart.subtitle]):
        if not AGE.search(subtitle):
            yield f"the subtitle lacks the age: {subtitle!r}"
        if not YEAR.search(AGE.sub("", subtitle)):
            yield f"the subtitle lacks the period: {subtitle!r}"


def _whole_and_brief(texts: Iterable[Text]) -> list[str]:
    """Texts as they are, and as they are written where there is too little room."""
    return list(dict.fromkeys(one.text for text in texts for one in (text, in_brief(text))))


def _alt(chart: Chart) -> Iterator[str]:
    low, high = ALT_LENGTH
    if not low <= len(chart.alt.text) <= high:
        yield f"the alt text has {len(chart.alt.text)} characters, allowed are {low} to {high}"
    said = [value for _, value in chart.alt.numbers()]
    for wanted in chart.told:
        if math.isfinite(wanted) and not any(math.isclose(wanted, one) for one in said):
            yield f"the alt text does not tell {wanted:g}"


def _numbers(chart: Chart, figure: Figure) -> Iterator[str]:
    for text in chart.texts:
        yield from text.problems()
    known = _cells(chart)
    for claim in chart.claims:
        for slot, value in _printed(claim):
            if not _is_known(abs(value), known) and not _follows(claim, slot, value):
                yield f"{slot} of {claim.predicate.id} is {value!r}, which no sheet has"
    spoken = _spoken(chart)
    ticks = {id(tick.label1) for axis in _axis_list(figure) for tick in axis.get_major_ticks()}
    for drawn in _visible(figure):
        for line in drawn.get_text().split("\n"):
            if id(drawn) not in ticks and re.search(r"\d", line) and line not in spoken:
                yield f"a number that no claim says: {line!r}"


def _spoken(chart: Chart) -> str:
    """All that texts and labels say; notes may stand in one paragraph, in brief or left out."""
    texts: Iterable[Text] = chart.texts
    lines = [one.text for one in texts] + [one.text for one in chart.labels]
    for shown in chart.wording.shorter():
        notes = (*shown.notes[:-1], *shown.optional, *shown.notes[-1:])
        lines += [one.text for one in (shown.subtitle, *notes)]
    return " ".join(" ".join(lines).split("\n"))


def _printed(claim: Claim) -> Iterator[tuple[str, float]]:
    """The slots that a claim writes as numbers."""
    for lang in ("sv", "en"):
        for _, slot, spec, _ in Formatter().parse(claim.predicate.template(lang)):
            value = claim.values.get(slot) if slot else None
            if slot and isinstance(value, (int, float)) and not isinstance(value, bool):
                yield slot, float(value)
                second = re.search(r"\|\{(\w+_high)\}", spec or "")
                if second and isinstance(other := claim.values.get(second[1]), (int, float)):
                    yield second[1], float(other)


def _cells(chart: Chart) -> np.ndarray:
    """Every number of the data and target sheets, and how many rows or entries they have."""
    columns = [
        chart.data[name].to_numpy(dtype=float)
        for name in chart.data.columns
        if pd.api.types.is_numeric_dtype(chart.data[name].dtype)
    ]
    flat = np.concatenate([*columns, *(_flattened(one) for one in chart.facts.values())])
    return np.unique(np.abs(flat[np.isfinite(flat)]))


def _flattened(value: object) -> np.ndarray:
    if isinstance(value, dict):
        return np.concatenate([np.empty(0), *(_flattened(one) for one in value.values())])
    if isinstance(value, (list, tuple)):
        return np.array([len(value)], dtype=float)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return np.array([value], dtype=float)
    return np.empty(0)


def _is_known(value: float, known: np.ndarray) -> bool:
    if not len(known):
        return False
    at = np.searchsorted(known, value)
    near = known[max(at - 1, 0) : at + 1]
    return bool(np.isclose(near, value, rtol=1e-9, atol=1e-12).any())


def _follows(claim: Claim, slot: str, value: float) -> bool:
    """Whether a number follows from the others of its claim, which its predicate has checked."""
    held = claim.values
    if slot == "cut":
        return math.isclose(value, 1 - float(held["end"]) / float(held["start"]))  # type: ignore[arg-type]
    if slot in ("present", "total") and "absent" in held:
        absent, members = held["absent"], member_codes(str(held["place"]).split("+"))
        assert isinstance(absent, tuple)
        return value == len(members) - (len(absent) if slot == "present" else 0)
    name, _, sex = slot.rpartition("_") if slot.endswith(("_women", "_men")) else (slot, "", "")
    lows = held.get(f"lows_{sex}" if sex else "lows")
    if name in ("clear", "total", "by_chance") and isinstance(lows, tuple):
        counted = {
            "clear": sum(float(one) > 0 for one in lows),
            "total": len(lows),
            "by_chance": 0.025 * len(lows),
        }
        return math.isclose(value, counted[name])
    return False


def _axes(chart: Chart, figure: Figure) -> Iterator[str]:
    panels: list[Axes] = figure.axes
    for axes in panels:
        for bars in axes.containers:
            for bar in getattr(bars, "patches", ()):
                upright = any(
                    math.isclose(end, 0, abs_tol=1e-12)
                    for end in (bar.get_y(), bar.get_y() + bar.get_height())
                )
                lying = math.isclose(bar.get_x(), 0, abs_tol=1e-12)
                if not (upright or lying):
                    yield "a bar does not start at zero"
            low, high = axes.get_ylim()
            if bars and not low <= 0 <= high:
                yield "the axis of bars does not have zero"
    if chart.same_scale and len(panels) > 1:
        for name in ("xlim", "ylim"):
            limits = [getattr(axes, f"get_{name}")() for axes in panels]
            if any(not np.allclose(one, limits[0]) for one in limits):
                yield f"panels of the same quantity differ in their {name}"
