"""The names and values in a native chart: beside its lines, at its bars, or in a legend."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from pptx.enum.chart import XL_LEGEND_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from integstats.catalogue import Language
from integstats.charts import theme
from integstats.charts.editable import Editable, Series
from integstats.charts.text_size import LINE, POINTS, text_width
from integstats.reports.axis_range import limits
from integstats.wording import numbers

TEXT = 14
"""Points; the smallest text in a chart on a slide."""
LINE_HEIGHT = TEXT * LINE / POINTS
WIDEST = 0.34
"""Of the width of the chart, what names beside the lines may take."""
LABELLED = 20
"""Bars at most that bear their values."""
NAMESPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_SHOWN = {
    "showLegendKey": False,
    "showVal": True,
    "showCatName": False,
    "showSerName": True,
    "showPercent": False,
    "showBubbleSize": False,
}


def name_lines(
    chart: Any, editable: Editable, *, width: float, height: float, values: str, lang: Language
) -> float:
    """Name each line at its last point, with its value there.

    Lines that end before the others would have their names on these; lines that end near each
    other would have theirs on one another.

    Parameters
    ----------
    chart
        Of python-pptx.
    editable
        What it draws.
    width, height
        Of the chart, in inches.
    values
        Number format.
    lang
        Language.

    Returns
    -------
    float
        The inches that the names need; 0 where no line is named, and a legend is needed.
    """
    last = len(editable.categories) - 1
    visible = [at for at, one in enumerate(editable.series) if one.color is not None]
    ends = [editable.series[at].values[last] for at in visible]
    known = sorted(one for one in ends if one is not None)
    if not known or len(known) < len(visible):
        return 0.0
    low, high = limits(editable)
    line = LINE_HEIGHT * (high - low) / max(height - 4 * LINE_HEIGHT, 0.5)
    if any(second - first < line for first, second in pairwise(known)):
        return 0.0
    needed = 0.2 + max(
        text_width(f"{editable.series[at].name} {_written(value, editable, lang)}", TEXT, True)
        for at, value in zip(visible, ends, strict=True)
        if value is not None
    )
    if needed > WIDEST * width:
        return 0.0
    for at in visible:
        _name_end(chart.plots[0].series[at], editable.series[at], last, values)
    return needed


def _written(value: float, editable: Editable, lang: Language) -> str:
    if editable.unit == "percent":
        return numbers.percent(value, lang=lang)
    return numbers.number(value, decimals=0 if editable.unit == "count" else 1, lang=lang)


def _name_end(drawn: Any, series: Series, point: int, values: str) -> None:
    color = (series.color or theme.TEXT).removeprefix("#").upper()
    labels = drawn._element.get_or_add_dLbls()
    for old in list(labels):
        labels.remove(old)
    on = "".join(f'<c:{tag} val="{int(one)}"/>' for tag, one in _SHOWN.items())
    off = "".join(f'<c:{tag} val="0"/>' for tag in _SHOWN)
    escaped = values.replace("&", "&amp;").replace('"', "&quot;")
    labels.append(
        parse_xml(
            f'<c:dLbl {NAMESPACES}><c:idx val="{point}"/>'
            f'<c:numFmt formatCode="{escaped}" sourceLinked="0"/>'
            "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
            '<c:txPr><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr>'
            f'<a:defRPr sz="{TEXT * 100}" b="1"><a:solidFill><a:srgbClr val="{color}"/>'
            "</a:solidFill></a:defRPr></a:pPr><a:endParaRPr/></a:p></c:txPr>"
            f'<c:dLblPos val="r"/>{on}<c:separator> </c:separator></c:dLbl>'
        )
    )
    for one in parse_xml(f"<c:dLbls {NAMESPACES}>{off}</c:dLbls>"):
        labels.append(one)


def label_bars(chart: Any, editable: Editable, *, values: str) -> None:
    """Write the values at the bars where there is one series of few."""
    if editable.kind not in ("bar", "column") or len(editable.series) > 1:
        return
    if len(editable.categories) > LABELLED:
        return
    plot = chart.plots[0]
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = values, False
    labels.font.size = Pt(TEXT)


def legend(chart: Any, editable: Editable, *, width: float) -> float:
    """Put a legend below, without what is not seen; return the inches it needs."""
    chart.has_legend = True
    found = chart.legend
    found.position = XL_LEGEND_POSITION.BOTTOM
    found.include_in_layout = False
    found.font.size = Pt(TEXT)
    place = found._element.find(qn("c:legendPos"))
    for at in reversed(range(len(editable.series))):
        if editable.series[at].color is None:
            place.addnext(
                parse_xml(
                    f'<c:legendEntry {NAMESPACES}><c:idx val="{at}"/><c:delete val="1"/>'
                    "</c:legendEntry>"
                )
            )
    named = [text_width(one.name, TEXT, False) for one in editable.series if one.color is not None]
    abreast = max(int(0.95 * width / (max(named, default=0.0) + 0.7)), 1)
    return math.ceil(len(named) / abreast) * LINE_HEIGHT + 0.15
