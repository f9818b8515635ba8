"""An empty presentation in 16 : 9 with an organisation's colour; it needs python-pptx."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Literal

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from integstats.catalogue import Language
from integstats.reports.report import Report
from integstats.wording.document_words import LANGUAGES
from integstats.wording.printable import one_line, printable

WIDTH, HEIGHT = 13.333, 7.5
MARGIN = 0.5
TITLE_TOP = 0.35
FONT = "Arial"
_LAYOUTS: dict[str, str] = {"opening": "Title Slide", "chart": "Title Only"}
_KEPT = (*_LAYOUTS.values(), "Title and Content", "Blank")
_DROPPED = ("/thumbnail", "/printerSettings")
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


@dataclass(frozen=True)
class Deck:
    """A presentation that slides are added to."""

    made: Any
    layouts: dict[str, Any]

    @classmethod
    def of(cls, report: Report) -> Deck:
        """Return an empty presentation, sizes and colours set where all slides have them from."""
        made = Presentation()
        wider = Inches(WIDTH) / made.slide_width
        made.slide_width, made.slide_height = Inches(WIDTH), Inches(HEIGHT)
        for layout in [one for one in made.slide_layouts if one.name not in _KEPT]:
            made.slide_layouts.remove(layout)
        for holder in (made.slide_master, *made.slide_layouts):
            for shape in holder.placeholders:
                if shape._element.spPr.find(qn("a:xfrm")) is not None:
                    shape.left, shape.width = int(shape.left * wider), int(shape.width * wider)
        _set_fonts(made)
        layouts = {
            key: next(one for one in made.slide_layouts if one.name == name)
            for key, name in _LAYOUTS.items()
        }
        _set_titles(made, layouts["opening"], report.organisation.accent)
        return cls(made, layouts)

    def add(self, kind: Literal["opening", "chart"]) -> Any:
        """Return a new slide, its placeholders empty."""
        return self.made.slides.add_slide(self.layouts[kind])

    def note(self, slide: Any, paragraphs: Iterable[str]) -> None:
        """Write the notes of a slide, each paragraph once."""
        frame = slide.notes_slide.notes_text_frame
        frame.text = "\n".join(dict.fromkeys(one_line(one) for one in paragraphs if one))

    def saved(self, report: Report) -> bytes:
        """Return the file, every text in its language."""
        package = self.made.part.package
        for part in (package, self.made.part):
            rels = part._rels
            for key in [key for key, one in rels.items() if one.reltype.endswith(_DROPPED)]:
                rels.pop(key)
        for part in package.iter_parts():
            root = getattr(part, "_element", None)
            if root is not None:
                _speak(root, report.lang)
        _set_properties(self.made.core_properties, report)
        target = io.BytesIO()
        self.made.save(target)
        return target.getvalue()


def describe(shape: Any, *, name: str, alt: str) -> None:
    """Name a picture, a chart or a table and give it its alternative text."""
    shape.name = printable(name)
    [properties] = shape._element.iterfind(f".//{qn('p:cNvPr')}")
    properties.set("descr", printable(alt))


def _set_fonts(made: Any) -> None:
    theme = made.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme.blob = theme.blob.replace(b'typeface="Calibri"', f'typeface="{FONT}"'.encode())


def _set_titles(made: Any, opening: Any, accent: str) -> None:
    style = made.slide_master._element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    words = style.find(qn("a:defRPr"))
    words.set("sz", "2600")
    words.set("b", "1")
    words.replace(
        words.find(qn("a:solidFill")),
        parse_xml(
            f'<a:solidFill xmlns:a="{_DRAWING}"><a:srgbClr '
            f'val="{accent.removeprefix("#").upper()}"/></a:solidFill>'
        ),
    )
    _place(made.slide_master.placeholders[0], TITLE_TOP, 0.95, MSO_ANCHOR.TOP)
    title, lead = opening.placeholders[0], opening.placeholders[1]
    _place(title, 1.1, 1.5, MSO_ANCHOR.BOTTOM)
    _place(lead, 2.85, 3.2, MSO_ANCHOR.TOP)
    for level in lead._element.iter(qn("a:lvl1pPr")):
        level.set("algn", "l")
        words = level.find(qn("a:defRPr"))
        for old in words.findall(qn("a:solidFill")):
            words.remove(old)
    for level in title._element.iter(qn("a:defRPr")):
        level.set("sz", str(Pt(34).centipoints))


def _place(shape: Any, top: float, high: float, anchor: Any) -> None:
    shape.left, shape.top = Inches(MARGIN), Inches(top)
    shape.width, shape.height = Inches(WIDTH - 2 * MARGIN), Inches(high)
    frame = shape.text_frame
    frame.vertical_anchor = anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0


def _speak(root: Any, lang: Language) -> None:
    """Name the language of every run, and of the texts of a chart."""
    code = LANGUAGES[lang]
    for tag in ("a:r", "a:fld"):
        for run in root.iter(qn(tag)):
            if run.find(qn("a:rPr")) is None:
                run.insert(0, run.makeelement(qn("a:rPr"), {}))
    for tag in ("a:rPr", "a:endParaRPr", "a:defRPr"):
        for one in root.iter(qn(tag)):
            one.set("lang", code)
    if root.tag == qn("c:chartSpace"):
        for at, (tag, value) in enumerate((("lang", code), ("roundedCorners", "0")), start=1):
            one = root.makeelement(qn(f"c:{tag}"), {"val": value})
            root.insert(at if root[0].tag == qn("c:date1904") else at - 1, one)


def _set_properties(found: Any, report: Report) -> None:
    found.title = printable(report.title.text)[:255]
    found.author = found.last_modified_by = printable(report.organisation.name) or "integstats"
    found.language = LANGUAGES[report.lang]
    found.subject = found.keywords = found.comments = found.category = ""
    found.created = found.modified = datetime.combine(report.dated, time(), UTC)
    found.revision = 1
