"""A chart: its data, its words, and how to draw it. Nothing is drawn before it is asked for."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pandas as pd
from matplotlib.figure import Figure

from integstats.catalogue import Language, Source, fold
from integstats.charts import frame, theme
from integstats.charts.editable import Editable
from integstats.charts.labels import Label
from integstats.charts.theme import SizeName
from integstats.wording.claims import Claim, Text
from integstats.wording.printable import printable

DPI = 300
SCREEN_DPI = 110
"""Dots per inch at which a notebook shows a picture."""
Painter = Callable[[frame.Canvas], None]


@dataclass(frozen=True, eq=False)
class Chart:
    """One chart with everything that must travel with it.

    Attributes
    ----------
    name
        Stem of its file names.
    kind
        Name of the chart function.
    data
        The data sheet: every figure that is drawn, with the code names as columns.
    title, subtitle, alt, description
        Texts with the claims they consist of.
    notes
        What stands below the marks, the source line last.
    sources
        Where the figures come from.
    painter
        Draws the marks on a canvas whose texts are set.
    verdict
        Where something is judged.
    optional_notes
        Notes that are left out of the picture where it has too little room; they are in `footer`.
    labels
        The labels in the plot area that name figures.
    facts
        Numbers that texts may name beside those of the data sheet, by name: the target sheet.
    told
        Figures that the alt text must name: first, last, target.
    lang, size
        Language, and size by name: report, slide or square.
    synthetic
        Whether any figure is invented; such a chart carries a watermark.
    least
        Inches that the marks need.
    same_scale
        Whether all panels show the same quantity, and so must share their axes.
    editable
        The same figures as an office program draws them; none where it cannot, as for a map.
    shown
        Columns of the data sheet that a reader's table has, in order; all when empty.
    """

    name: str
    kind: str
    data: pd.DataFrame
    title: Text
    subtitle: Text
    alt: Text
    description: Text
    notes: tuple[Text, ...]
    sources: tuple[Source, ...]
    painter: Painter = field(repr=False)
    verdict: Text | None = None
    optional_notes: tuple[Text, ...] = ()
    labels: tuple[Label, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    told: tuple[float, ...] = ()
    lang: Language = "sv"
    size: SizeName = "report"
    synthetic: bool = False
    least: float = 1.6
    same_scale: bool = True
    editable: Editable | None = None
    shown: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every text of the chart but its labels."""
        found = [self.title, self.subtitle, self.verdict, *self.optional_notes, *self.notes]
        return tuple(one for one in (*found, self.alt, self.description) if one is not None)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim of its texts and labels."""
        speakers: tuple[Text | Label, ...] = (*self.texts, *self.labels)
        return tuple(claim for one in speakers for claim in one.claims)

    @property
    def footer(self) -> tuple[str, ...]:
        """What stands below the chart, a paragraph each, the source line last."""
        texts = (*self.notes[:-1], *self.optional_notes, *self.notes[-1:])
        return tuple(one.text for one in texts)

    @property
    def figure(self) -> Figure:
        """The drawn figure, made anew at each call; no pyplot state is used."""
        with theme.styled(theme.size(self.size)):
            canvas = self._canvas()
            self.painter(canvas)
            if self.synthetic:
                canvas.watermark("PÅHITTADE TAL" if self.lang == "sv" else "INVENTED FIGURES")
            return canvas.figure

    def room(self) -> float:
        """Return the inches of height that the texts leave for the marks."""
        with theme.styled(theme.size(self.size)):
            canvas = self._canvas()
        return canvas.top - canvas.bottom

    @property
    def wording(self) -> frame.Wording:
        """The texts around the marks."""
        return frame.Wording(
            self.title, self.subtitle, self.verdict, self.notes, self.optional_notes
        )

    def _canvas(self) -> frame.Canvas:
        chosen = theme.size(self.size)
        return frame.Canvas.of(chosen, self.wording, lang=self.lang, least=self.least)

    def png(self) -> bytes:
        """Return the chart as PNG, 300 dots per inch, with title and alt text inside."""
        return self._png

    @cached_property
    def _png(self) -> bytes:
        """Drawn once, since several files of a pack hold the same picture."""
        target = io.BytesIO()
        metadata = {
            "Title": printable(self.title.text),
            "Description": printable(self.alt.text),
            "Software": "integstats",
        }
        figure = self.figure
        with theme.styled(theme.size(self.size)):
            figure.savefig(target, format="png", dpi=DPI, metadata=metadata)
        return target.getvalue()

    def svg(self) -> bytes:
        """Return the chart as SVG; text stays text, with role, language, title and alt text."""
        return self._svg

    @cached_property
    def _svg(self) -> bytes:
        target = io.StringIO()
        figure = self.figure
        with theme.styled(theme.size(self.size)):
            figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
        found = _accessible(
            target.getvalue(),
            title=self.title.text,
            alt=self.alt.text,
            lang=self.lang,
            id=self.name,
        )
        return printable(found).encode("utf-8")

    def _repr_png_(self) -> bytes:
        return self.png()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, object], dict[str, object]]:
        """Show the picture in a notebook with its alt text, as wide as it is in print."""
        width = round(theme.size(self.size).width * SCREEN_DPI)
        data: dict[str, object] = {"image/png": self.png(), "text/plain": self.alt.text}
        return data, {"image/png": {"alt": self.alt.text, "width": width}}

    def save(self, path: Path | str) -> Path:
        """Write the chart as one file; the suffix says which.

        ``.png``, ``.svg``, ``.csv`` (the data sheet), ``.txt`` (its texts), ``.docx``, ``.pptx``,
        ``.xlsx`` or ``.html``.

        Raises
        ------
        OutputError
            When it cannot be written, or the suffix is another.
        UsageError
            When the extra that writes it is not installed.
        """
        from integstats.reports.pack import write_chart

        return write_chart(self, Path(path))


def _accessible(svg: str, *, title: str, alt: str, lang: str, id: str) -> str:
    stem = slug(id)
    head = (
        f' role="img" lang="{lang}" xml:lang="{lang}"'
        f' aria-labelledby="{stem}-title {stem}-desc">'
        f"\n <title id={quoteattr(stem + '-title')}>{escape(title)}</title>"
        f"\n <desc id={quoteattr(stem + '-desc')}>{escape(alt)}</desc>"
    )
    start = svg.index("<svg")
    end = svg.index(">", start)
    body = re.sub(r"\s*<metadata>.*?</metadata>", "", svg[end + 1 :], flags=re.DOTALL)
    return svg[:end] + head + body


def slug(text: str) -> str:
    """Return a text as part of a file name.

    Examples
    --------
    >>> slug("Västra Götalands län")
    'vastra-gotalands-lan'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
