"""A chart: its data, its words, and how to draw it. Nothing is drawn before it is asked for."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from integstats.catalogue import Language, Source, fold
from integstats.charts import frame, theme
from integstats.charts.theme import SizeName
from integstats.wording.claims import Claim, Text

DPI = 300
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
    title, subtitle, verdict, alt, description
        Texts with the claims they consist of; `verdict` is empty where nothing is judged.
    footer
        Source, processing and reservations, a paragraph each.
    sources
        Where the figures come from.
    lang, size
        Language, and size by name: report, slide or square.
    synthetic
        Whether any figure is invented; such a chart carries a watermark.
    height
        Height in inches where the content needs another than the size has.
    """

    name: str
    kind: str
    data: pd.DataFrame
    title: Text
    subtitle: Text
    alt: Text
    description: Text
    footer: tuple[str, ...]
    sources: tuple[Source, ...]
    painter: Painter = field(repr=False)
    verdict: Text | None = None
    lang: Language = "sv"
    size: SizeName = "report"
    synthetic: bool = False
    height: float | None = None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim of its texts."""
        texts = [self.title, self.subtitle, self.verdict, self.alt, self.description]
        return tuple(claim for text in texts if text is not None for claim in text.claims)

    @property
    def figure(self) -> Figure:
        """The drawn figure, made anew at each call; no pyplot state is used."""
        chosen = theme.size(self.size)
        with theme.styled(chosen):
            canvas = frame.Canvas.of(
                chosen,
                title=self.title.text,
                subtitle=self.subtitle.text,
                verdict=self.verdict.text if self.verdict is not None else "",
                footer=self.footer,
                lang=self.lang,
                height=self.height,
            )
            self.painter(canvas)
            if self.synthetic:
                canvas.watermark("PÅHITTADE TAL" if self.lang == "sv" else "INVENTED FIGURES")
            return canvas.figure

    def png(self) -> bytes:
        """Return the chart as PNG, 300 dots per inch, with title and alt text inside."""
        target = io.BytesIO()
        metadata = {
            "Title": self.title.text,
            "Description": self.alt.text,
            "Software": "integstats",
        }
        with theme.styled(theme.size(self.size)):
            figure = self.figure
            FigureCanvasAgg(figure)
            figure.savefig(target, format="png", dpi=DPI, metadata=metadata)
        return target.getvalue()

    def svg(self) -> bytes:
        """Return the chart as SVG: text stays text; role, language, title and description inside."""
        target = io.StringIO()
        with theme.styled(theme.size(self.size)):
            self.figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
        return _accessible(
            target.getvalue(),
            title=self.title.text,
            alt=self.alt.text,
            lang=self.lang,
            id=self.name,
        )

    def _repr_png_(self) -> bytes:
        return self.png()

    def save(self, path: Path | str) -> Path:
        """Write the chart as .png or .svg, whole or not at all.

        Raises
        ------
        OutputError
            When it cannot be written, or the suffix is another.
        """
        from integstats.reports.pack import write_chart

        return write_chart(self, Path(path))


def _accessible(svg: str, *, title: str, alt: str, lang: str, id: str) -> bytes:
    stem = re.sub(r"[^A-Za-z0-9_-]", "-", id)
    head = (
        f' role="img" lang="{lang}" xml:lang="{lang}"'
        f' aria-labelledby="{stem}-title {stem}-desc">'
        f"\n <title id={quoteattr(stem + '-title')}>{escape(title)}</title>"
        f"\n <desc id={quoteattr(stem + '-desc')}>{escape(alt)}</desc>"
    )
    start = svg.index("<svg")
    end = svg.index(">", start)
    body = re.sub(r"\s*<metadata>.*?</metadata>", "", svg[end + 1 :], flags=re.DOTALL)
    return (svg[:end] + head + body).encode("utf-8")


def slug(text: str) -> str:
    """Return a text as part of a file name.

    Examples
    --------
    >>> slug("Västra Götalands län")
    'vastra-gotalands-lan'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
