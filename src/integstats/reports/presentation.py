"""The slides of a presentation; only `slides` imports it, since it needs python-pptx."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from integstats.catalogue import Language
from integstats.charts import theme
from integstats.charts.chart import Chart
from integstats.charts.editable import Editable
from integstats.charts.frame import Wording
from integstats.charts.text_size import LINE, POINTS, wrapped
from integstats.errors import IntegstatsError
from integstats.reports import native_chart, slide_table
from integstats.reports.cells import reader_table
from integstats.reports.native_chart import Box
from integstats.reports.report import Report, Section
from integstats.reports.slide_template import HEIGHT, MARGIN, TITLE_TOP, WIDTH, Deck, describe
from integstats.wording.claims import Text
from integstats.wording.printable import one_line

INNER = WIDTH - 2 * MARGIN
TITLE_HEIGHT = 0.95
TITLE_POINTS = (26, 24, 22, 20)
BODY_TOP = TITLE_TOP + TITLE_HEIGHT
SUBTITLE_POINTS, VERDICT_POINTS, NOTE_POINTS = 14, 14, 12
WORD_POINTS = 18
"""Of the verdict's word."""
ASIDE = 3.9
"""Width of the column beside a chart that holds the verdict."""
LEAST_CHART = 4.2
"""Inches of height that a chart is not made smaller than."""
LOGO = (1.7, 0.5)
MOST_PARTS = 4
"""Slides that one chart goes on over at most."""
SHADED = "Skuggat"
"""Begins what is said of an area that only the picture has, in the Swedish of a claim."""
WARNING = "#A3120A"


@dataclass(frozen=True)
class _Part:
    """What one slide shows of a chart."""

    title: str
    more: str = ""
    editable: Editable | None = None
    rows: range = range(0)


def written(report: Report) -> bytes:
    """Return the presentation as python-pptx writes it; its archive bears the time of writing."""
    deck = Deck.of(report)
    alone = not report.lead and [one.title.text for one in report.charts] == [report.title.text]
    if not alone:
        _opening(deck, report)
    for section in report.sections:
        for at, chart in enumerate(section.charts):
            _chart(deck, report, section if at == 0 else None, chart)
    return deck.saved(report)


def _opening(deck: Deck, report: Report) -> None:
    slide = deck.add("opening")
    lang = report.lang
    _fill(slide.shapes.title, [report.title.text])
    lead = [one.text for one in report.lead]
    _fill(slide.placeholders[1], lead or [_day(report)], size=_largest(lead, (20, 18, 16, 14)))
    if report.synthetic:
        _invented(slide, lang)
    by = report.organisation.name
    facts = ". ".join(one for one in (by, _day(report)) if one) if lead else by
    if facts:
        _text(slide, Box(MARGIN, 6.55, INNER - 3, 0.5), [facts], 14, theme.MUTED)
    _logo(deck, slide, report, high=0.9, wide=2.6)
    deck.note(slide, [*(one.text for one in report.lead), *report.footer])


def _day(report: Report) -> str:
    if not report.sources:
        return ""
    said = {"sv": "Uppgifterna uppdaterades", "en": "The figures were updated"}[report.lang]
    return f"{said} {report.dated.isoformat()}."


def _largest(texts: list[str], sizes: tuple[int, ...]) -> int:
    for points in sizes:
        if sum(_height(one, INNER, points) + 0.1 for one in texts) <= 2.9:
            return points
    return sizes[-1]


def _chart(deck: Deck, report: Report, section: Section | None, chart: Chart) -> None:
    texts, body = _fitted(chart, report)
    wide = INNER - (ASIDE + 0.25 if texts.verdict is not None else 0)
    box = Box(MARGIN, body.top, wide, body.height)
    for part in _parts(chart, box, body):
        slide = deck.add("chart")
        title = slide.shapes.title
        _fill(title, [part.title], size=_title_points(part.title))
        if chart.kind == slide_table.KIND:
            box = replace(body, width=INNER)
            slide_table.add(slide, chart, box, part.rows, accent=report.organisation.accent)
        elif part.editable is not None:
            native_chart.add(
                slide,
                part.editable,
                box,
                name=chart.kind,
                alt=chart.alt.text,
                lang=chart.lang,
                day=report.dated,
            )
        else:
            _picture(slide, chart, box)
        if chart.synthetic:
            _invented(slide, report.lang)
        subtitle = texts.subtitle.text
        above = Box(MARGIN, BODY_TOP, INNER, _height(subtitle, INNER, SUBTITLE_POINTS))
        _text(slide, above, [subtitle], SUBTITLE_POINTS, theme.MUTED)
        if texts.verdict is not None and chart.kind != slide_table.KIND:
            aside = Box(WIDTH - MARGIN - ASIDE, body.top, ASIDE, body.height)
            _verdict(slide, aside, texts.verdict)
        below = _below(texts, part.more)
        foot = body.top + body.height + 0.05
        across = INNER - _logo_room(report)
        _text(
            slide, Box(MARGIN, foot, across, HEIGHT - 0.2 - foot), [below], NOTE_POINTS, theme.MUTED
        )
        _logo(deck, slide, report, wide=LOGO[0], high=LOGO[1])
        deck.note(slide, _told(chart, section))


def _told(chart: Chart, section: Section | None) -> Iterator[str]:
    """The long text of the notes."""
    if section is not None:
        yield section.heading
        yield from (one.text for one in section.paragraphs)
    yield chart.subtitle.text
    yield chart.description.text
    if chart.verdict is not None:
        yield chart.verdict.text
    yield from chart.footer


def _parts(chart: Chart, box: Box, body: Box) -> Iterator[_Part]:
    """Return what each slide of a chart shows."""
    title = chart.title.text
    if chart.kind == slide_table.KIND:
        found = slide_table.rows_per_slide(reader_table(chart), Box(0, 0, INNER, body.height))
        for at, rows in enumerate(found, start=1):
            yield _Part(_numbered(title, at, len(found)), rows=rows)
        return
    if chart.editable is None:
        yield _Part(title)
        return
    parts = native_chart.parts_of(chart.editable, box.height)
    if len(parts) > MOST_PARTS:
        shown, total = len(parts[0].categories), len(chart.editable.categories)
        yield _Part(title, _first_of(shown, total, chart.lang), parts[0])
        return
    for at, one in enumerate(parts, start=1):
        yield _Part(_numbered(title, at, len(parts)), editable=one)


def _numbered(title: str, at: int, count: int) -> str:
    return title if count == 1 else f"{title} ({at}/{count})"


def _first_of(shown: int, total: int, lang: Language) -> str:
    if lang == "sv":
        return f"Visar de {shown} första av {total}; alla finns i arbetsboken och datafilen."
    return f"Shows the first {shown} of {total}; all are in the workbook and the data file."


def _fitted(chart: Chart, report: Report) -> tuple[Wording, Box]:
    """Return the texts, shortened until a chart has room beside them, and that room."""
    wording = chart.wording
    if chart.editable is not None:
        wording = replace(wording, subtitle=_without_shading(wording.subtitle))
    across = INNER - _logo_room(report)
    for texts in wording.shorter():
        top = BODY_TOP + _height(texts.subtitle.text, INNER, SUBTITLE_POINTS) + 0.15
        foot = max(_height(_below(texts), across, NOTE_POINTS), LOGO[1]) + 0.35
        body = Box(MARGIN, top, INNER, HEIGHT - top - foot)
        if body.height >= LEAST_CHART and _verdict_height(texts.verdict) <= body.height:
            break
    return texts, body


def _without_shading(text: Text) -> Text:
    claims = [one for one in text.claims if SHADED not in one.predicate.sv]
    return Text.of(*claims, lang=text.lang) if claims else text


def _below(texts: Wording, more: str = "") -> str:
    found = (*texts.notes[:-1], *texts.optional, *texts.notes[-1:])
    return " ".join(one for one in (more, *(one.text for one in found)) if one)


def _split(verdict: Text) -> tuple[str, str]:
    """The verdict's word, where it has one, and what follows."""
    claims = verdict.claims
    named = [at for at, one in enumerate(claims) if one.predicate.id.startswith("verdict.")]
    count = named[0] + 1 if named else 0
    word, rest = (Text.of(*part, lang=verdict.lang) for part in (claims[:count], claims[count:]))
    return word.text, rest.text


def _verdict_height(verdict: Text | None) -> float:
    if verdict is None:
        return 0.0
    word, rest = _split(verdict)
    return (
        _height(word, ASIDE, WORD_POINTS, bold=True) + _height(rest, ASIDE, VERDICT_POINTS) + 0.15
    )


def _verdict(slide: Any, box: Box, verdict: Text) -> None:
    word, rest = _split(verdict)
    shape = _text(slide, box, [one for one in (word, rest) if one], VERDICT_POINTS, theme.TEXT)
    if word:
        first = shape.text_frame.paragraphs[0]
        first.space_after = Pt(8)
        first.runs[0].font.size, first.runs[0].font.bold = Pt(WORD_POINTS), True


def _picture(slide: Any, chart: Chart, box: Box) -> None:
    shape = slide.shapes.add_picture(io.BytesIO(_drawn(chart)), Inches(box.left), Inches(box.top))
    share = min(Inches(box.width) / shape.width, Inches(box.height) / shape.height)
    shape.width, shape.height = int(shape.width * share), int(shape.height * share)
    describe(shape, name=chart.kind, alt=chart.alt.text)


def _drawn(chart: Chart) -> bytes:
    """The marks alone at the size of a slide, whose texts stand beside them; else all of it."""
    nothing = Text(chart.lang, "", ())
    bare = replace(
        chart,
        size="slide",
        title=nothing,
        subtitle=nothing,
        verdict=None,
        notes=(),
        optional_notes=(),
    )
    try:
        return bare.png()
    except IntegstatsError:
        return chart.png()


def _invented(slide: Any, lang: Language) -> None:
    said = {"sv": "PÅHITTADE TAL", "en": "INVENTED FIGURES"}[lang]
    shape = _text(slide, Box(WIDTH - MARGIN - 4, 0.05, 4, 0.32), [said], 16, WARNING)
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.runs[0].font.bold = True
    paragraph.alignment = PP_ALIGN.RIGHT


def _logo_room(report: Report) -> float:
    return 0.0 if report.organisation.logo is None else LOGO[0] + 0.25


def _logo(deck: Deck, slide: Any, report: Report, *, wide: float, high: float) -> None:
    logo = report.organisation.logo
    if logo is None:
        return
    shape = slide.shapes.add_picture(io.BytesIO(logo), 0, 0)
    share = min(Inches(wide) / shape.width, Inches(high) / shape.height)
    shape.width, shape.height = int(shape.width * share), int(shape.height * share)
    shape.left = Inches(WIDTH - MARGIN) - shape.width
    shape.top = Inches(HEIGHT - 0.25) - shape.height
    describe(shape, name="Logo", alt=report.organisation.name)


def _title_points(title: str) -> int:
    for points in TITLE_POINTS:
        if _height(title, INNER, points, bold=True) <= TITLE_HEIGHT:
            return points
    return TITLE_POINTS[-1]


def _height(text: str, width: float, points: float, *, bold: bool = False) -> float:
    lines = wrapped(one_line(text), width, points, bold) if text else []
    return len(lines) * points * LINE / POINTS


def _text(slide: Any, box: Box, texts: list[str], points: float, color: str) -> Any:
    shape = slide.shapes.add_textbox(*box.emu)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _fill(shape, texts, size=points, color=color)
    return shape


def _fill(shape: Any, texts: list[str], *, size: float | None = None, color: str = "") -> None:
    frame = shape.text_frame
    for at, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = one_line(text)
        if size is not None:
            run.font.size = Pt(size)
        if color:
            run.font.color.rgb = native_chart.rgb(color)
