"""A chart that PowerPoint draws itself, and that anyone can edit; it needs python-pptx."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pptx.chart import data as chart_data
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from integstats.catalogue import Language
from integstats.charts import theme
from integstats.charts.editable import Editable, Series
from integstats.charts.text_size import text_width
from integstats.reports.axis_range import known, limits, tick_decimals
from integstats.reports.native_labels import (
    LINE_HEIGHT,
    NAMESPACES,
    TEXT,
    label_bars,
    legend,
    name_lines,
)
from integstats.reports.spreadsheet import embedded, number_format
from integstats.wording.printable import printable

PITCH = 1.3 * LINE_HEIGHT
"""Inches that a lying bar needs for its name."""
GRID = "#D9D9D9"
STEPS = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120)
"""Every how many categories one is named."""
TYPES = {
    "line": XL_CHART_TYPE.LINE_MARKERS,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked_column": XL_CHART_TYPE.COLUMN_STACKED,
    "stacked_bar": XL_CHART_TYPE.BAR_STACKED,
    "scatter": XL_CHART_TYPE.XY_SCATTER,
}
LYING = ("bar", "stacked_bar")
LINES = ("line", "scatter")
DASHES = {"solid": MSO_LINE.SOLID, "dash": MSO_LINE.DASH, "dot": MSO_LINE.ROUND_DOT}
MARKERS = {
    "none": XL_MARKER_STYLE.NONE,
    "circle": XL_MARKER_STYLE.CIRCLE,
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "square": XL_MARKER_STYLE.SQUARE,
    "triangle": XL_MARKER_STYLE.TRIANGLE,
}
_UNTYPED: Any = chart_data


@dataclass(frozen=True)
class Box:
    """Where something lies on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[Any, Any, Any, Any]:
        """Left, top, width and height as python-pptx takes them."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


def parts_of(editable: Editable, height: float) -> tuple[Editable, ...]:
    """Return a chart of lying bars in parts whose names can be read at a height; others whole.

    All parts have the same value axis.
    """
    if editable.kind not in LYING:
        return (editable,)
    most = max(int((height - 4 * LINE_HEIGHT) / PITCH), 1)
    count = math.ceil(len(editable.categories) / most)
    if count <= 1:
        return (editable,)
    size = math.ceil(len(editable.categories) / count)
    low, high = limits(editable)
    return tuple(
        replace(
            editable,
            categories=editable.categories[at : at + size],
            series=tuple(
                replace(one, values=one.values[at : at + size]) for one in editable.series
            ),
            low=low,
            high=high,
        )
        for at in range(0, len(editable.categories), size)
    )


def add(
    slide: Any, editable: Editable, box: Box, *, name: str, alt: str, lang: Language, day: date
) -> None:
    """Put a native chart on a slide, with its alternative text.

    Parameters
    ----------
    slide
        Of python-pptx.
    editable
        What is drawn.
    box
        Where.
    name, alt
        Name of the object, and what it shows in words.
    lang
        Language of its numbers.
    day
        What the workbook inside is dated.
    """
    editable = _printable(editable)
    ticks = tick_decimals(editable)
    on_axis = number_format(editable.unit, decimals=ticks, lang=lang)
    values = number_format(editable.unit, lang=lang)
    across = number_format(editable.x_unit, decimals=0, lang=lang)
    frame = slide.shapes.add_chart(TYPES[editable.kind], *box.emu, _data(editable, values, across))
    frame.name = printable(name)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", printable(alt))
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(
        embedded(editable, values=values, across=across, day=day)
    )
    chart.font.size = Pt(TEXT)
    chart.font.color.rgb = rgb(theme.TEXT)
    _head(chart, editable.value_axis)
    for drawn, series in zip(chart.plots[0].series, editable.series, strict=True):
        _style(drawn, series, editable)
    _axes(chart, editable, box, on_axis, across)
    label_bars(chart, editable, values=values)
    chart.has_legend = False
    beside = below = 0.0
    if editable.kind == "line":
        beside = name_lines(
            chart, editable, width=box.width, height=box.height, values=values, lang=lang
        )
    visible = [one for one in editable.series if one.color is not None]
    # Where a series only carries others, as in a waterfall, the categories say what each bar is.
    carried = editable.kind.startswith("stacked") and len(visible) < len(editable.series)
    if not beside and len(visible) > 1 and not carried:
        below = legend(chart, editable, width=box.width)
    _lay_out(chart, editable, box, beside=beside, below=below)


def _printable(editable: Editable) -> Editable:
    return replace(
        editable,
        categories=tuple(map(printable, editable.categories)),
        series=tuple(replace(one, name=printable(one.name)) for one in editable.series),
        value_axis=printable(editable.value_axis),
        category_axis=printable(editable.category_axis),
    )


def _data(editable: Editable, values: str, across: str) -> Any:
    if editable.kind == "scatter":
        found = _UNTYPED.XyChartData(number_format=across)
        for one in editable.series:
            points = found.add_series(one.name, number_format=values)
            for x, y in zip(one.x, one.values, strict=True):
                points.add_data_point(x, y)
        return found
    found = _UNTYPED.CategoryChartData(number_format=values)
    found.categories = list(editable.categories)
    for one in editable.series:
        found.add_series(one.name, one.values)
    return found


def _style(drawn: Any, series: Series, editable: Editable) -> None:
    if editable.kind not in LINES:
        drawn.invert_if_negative = False
        if series.color is None:
            drawn.format.fill.background()
            drawn.format.line.fill.background()
        else:
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = rgb(series.color)
        return
    if editable.kind == "line":
        drawn.smooth = False
    line, marker = drawn.format.line, drawn.marker
    if series.color is None or series.width <= 0:
        line.fill.background()
    else:
        line.color.rgb = rgb(series.color)
        line.width = Pt(series.width)
        line.dash_style = DASHES[series.dash]
    marker.style = MARKERS["none" if series.color is None else series.marker]
    if series.marker != "none" and series.color is not None:
        marker.size = 8
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = rgb(series.color)
        marker.format.line.color.rgb = rgb(series.color)


def _axes(chart: Any, editable: Editable, box: Box, on_axis: str, across: str) -> None:
    value, category = chart.value_axis, chart.category_axis
    for axis in (value, category):
        axis.format.line.color.rgb = rgb(GRID)
        axis.has_major_gridlines = axis is value
        axis.has_minor_gridlines = False
        axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    value.format.line.fill.background()
    value.major_gridlines.format.line.color.rgb = rgb(GRID)
    value.major_gridlines.format.line.width = Pt(0.75)
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = on_axis, False
    value.minimum_scale, value.maximum_scale = editable.low, editable.high
    if editable.low is None and editable.kind not in LINES and min(known(editable), default=0) >= 0:
        value.minimum_scale = 0
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if editable.category_axis:
        category.has_title = True
        _write(category.axis_title.text_frame, editable.category_axis)
    if editable.kind == "scatter":
        category.tick_labels.number_format = across
        category.tick_labels.number_format_is_linked = False
    elif editable.kind in LYING:
        category.reverse_order = True
        # The axis of a reversed category axis stands at its far end, which is the foot.
        value._element.find(qn("c:crosses")).set("val", "max")
    else:
        _thin_out(category, editable, box)
    if editable.kind not in LINES:
        chart.plots[0].gap_width = 50
        chart.plots[0].overlap = 100 if editable.kind.startswith("stacked") else 0


def _head(chart: Any, text: str) -> None:
    """Say what the value axis measures in words that lie, above its upper end.

    The title of the axis itself would stand on end, or break into many lines.
    """
    chart.has_title = True
    _write(chart.chart_title.text_frame, text)
    title = chart.chart_title._element
    for old in title.findall(qn("c:layout")):
        title.remove(old)
    title.find(qn("c:tx")).addnext(_layout("", x=0.0, y=0.0))


def _write(frame: Any, text: str) -> None:
    frame.text = text
    for one in frame.paragraphs[0].runs:
        one.font.size, one.font.bold = Pt(TEXT), False
        one.font.color.rgb = rgb(theme.TEXT)


def _thin_out(category: Any, editable: Editable, box: Box) -> None:
    """Write only as many category names as there is room for, at even distances."""
    widest = max((text_width(one, TEXT, False) for one in editable.categories), default=0.0)
    fit = max(int(0.8 * box.width / (widest + 0.25)), 1)
    count = len(editable.categories)
    step = next((one for one in STEPS if count <= fit * one), STEPS[-1])
    for tag in ("tickLblSkip", "tickMarkSkip"):
        category._element.find(qn("c:noMultiLvlLbl")).addprevious(
            parse_xml(f'<c:{tag} {NAMESPACES} val="{step}"/>')
        )


def _lay_out(chart: Any, editable: Editable, box: Box, *, beside: float, below: float) -> None:
    """Leave room above for the name of the value axis, at the right and below for other names."""
    above = 1.5 * LINE_HEIGHT / box.height
    foot = (below + (1.5 * LINE_HEIGHT if editable.category_axis else 0.0)) / box.height
    plot = chart._chartSpace.chart.plotArea
    for old in plot.findall(qn("c:layout")):
        plot.remove(old)
    width = 0.99 - beside / box.width
    plot.insert(0, _layout("outer", x=0.0, y=above, w=width, h=1 - above - foot))


def _layout(target: str, **shares: float) -> Any:
    inside = f'<c:layoutTarget val="{target}"/>' if target else ""
    inside += '<c:xMode val="edge"/><c:yMode val="edge"/>'
    inside += "".join(f'<c:{tag} val="{share:.4f}"/>' for tag, share in shares.items())
    return parse_xml(f"<c:layout {NAMESPACES}><c:manualLayout>{inside}</c:manualLayout></c:layout>")


def rgb(color: str) -> Any:
    """Return a colour as python-pptx takes it."""
    made: Any = RGBColor
    return made.from_string(color.removeprefix("#").upper())
