"""The anatomy around the marks: title and subtitle above, verdict and notes below.

Texts are wrapped to the canvas by their measured width, and the marks get what is left, so that
no text lies outside the canvas or on another at any size. Where too little would be left, it is
said in fewer words; then notes that can be read elsewhere are left out, then the end of the
verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

from integstats.catalogue import Language
from integstats.charts import theme
from integstats.charts.labels import Label
from integstats.charts.text_size import LINE, POINTS, balanced, text_width, wrapped
from integstats.charts.theme import Size
from integstats.wording import numbers
from integstats.wording.brief import in_brief
from integstats.wording.claims import Text

MARGIN = 0.12
"""Inches around everything."""
WATERMARK_EVERY = 7.0
"""Inches of a tall panel for each watermark, so that no page of it is without one."""
KEPT = 2
"""So many claims of a verdict are never left out: its word, or a probability and its worth."""
HINTED = 1.02
"""By how much letters that are fitted to pixels may widen a line."""
LONGEST_LEAD = 0.6
"""Of the width, where the verdict's word and what follows share a line."""


@dataclass(frozen=True)
class Wording:
    """The texts around the marks; `optional` notes are left out first, from the end."""

    title: Text
    subtitle: Text
    verdict: Text | None
    notes: tuple[Text, ...]
    optional: tuple[Text, ...] = ()

    def shorter(self) -> Iterator[Wording]:
        """Yield the texts, then shorter and shorter ones.

        First the same in fewer words, then without the optional notes, then without the sentences
        of the verdict from its end, until only its word and its caveats are left.
        """
        now = self
        yield now
        now = replace(
            now,
            subtitle=in_brief(now.subtitle),
            notes=tuple(map(in_brief, now.notes)),
            optional=tuple(map(in_brief, now.optional)),
        )
        yield now
        while now.optional:
            now = replace(now, optional=now.optional[:-1])
            yield now
        while now.verdict is not None and (less := _without_last(now.verdict)):
            now = replace(now, verdict=less)
            yield now


def _without_last(verdict: Text) -> Text | None:
    """The verdict without the last sentence that may be left out, if there is one."""
    claims = list(verdict.claims)
    for at in range(len(claims) - 1, KEPT - 1, -1):
        if not claims[at].predicate.id.startswith("caveat."):
            del claims[at]
            return Text.of(*claims, lang=verdict.lang)
    return None


@dataclass(frozen=True)
class _Block:
    """The wrapped lines of one paragraph, and the space below it in points.

    `lead` are bold words before its first line.
    """

    lines: list[str]
    points: float
    color: str
    bold: bool
    after: float
    lead: str = ""

    @property
    def height(self) -> float:
        return (len(self.lines) * self.points * LINE + self.after) / POINTS


@dataclass(frozen=True, eq=False)
class Canvas:
    """A figure whose texts are set; `left … top` bound the room for marks, in inches."""

    figure: Figure
    size: Size
    lang: Language
    left: float
    right: float
    bottom: float
    top: float
    axes: list[Axes]

    @classmethod
    def of(cls, size: Size, wording: Wording, *, lang: Language, least: float) -> Canvas:
        """Set the texts and return the room that is left.

        Parameters
        ----------
        size
            The size of the figure.
        wording
            Its texts.
        lang
            Language of numbers on the axes.
        least
            Inches the marks and their axes need; texts are shortened for it, and where that does
            not suffice the figure grows if its size may.
        """
        for texts in wording.shorter():
            above, below = _blocks(texts, size)
            taken = 2 * MARGIN + sum(one.height for one in (*above, *below))
            if size.height - taken >= least:
                break
        height = max(size.height, taken + least) if size.grows else size.height
        figure = Figure(figsize=(size.width, height))
        FigureCanvasAgg(figure)
        canvas = cls(figure, size, lang, MARGIN, size.width - MARGIN, 0, 0, [])
        top = height - MARGIN
        for block in above:
            canvas._set(block, top)
            top -= block.height
        bottom = MARGIN
        for block in reversed(below):
            bottom += block.height
            canvas._set(block, bottom)
        return replace(canvas, bottom=bottom, top=top)

    def _set(self, block: _Block, top: float) -> None:
        for number, line in enumerate(block.lines):
            y = top - (number + 1) * block.points * LINE / POINTS
            x = MARGIN
            if block.lead and number == 0:
                self._write(block.lead, x, y, block.points, True, block.color)
                x += _lead_width(block.lead, block.points)
            self._write(line, x, y, block.points, block.bold, block.color)

    def _write(self, text: str, x: float, y: float, points: float, bold: bool, color: str) -> None:
        self.figure.text(
            x / self.figure.get_figwidth(),
            (y + 0.25 * points / POINTS) / self.figure.get_figheight(),
            text,
            fontsize=points,
            fontweight="bold" if bold else "normal",
            color=color,
            va="baseline",
            ha="left",
        )

    def panel(
        self,
        *,
        above: float = 0.0,
        share: float = 1.0,
        facet: tuple[int, int] = (0, 1),
        between: float = 0.0,
        labels: Sequence[Label] = (),
        heading: str = "",
        ticks: Sequence[str] = (),
        axis_lines: int = 1,
        keep_right: float = 0.0,
    ) -> Axes:
        """Add axes in the free room.

        Parameters
        ----------
        above, share
            Part of the room (0–1) left free above, and taken.
        facet, between
            Which of how many side by side, and the inches between them.
        labels
            End labels it must leave room for on the right.
        heading
            A line above the axes, left-aligned; blank to leave room for one.
        ticks
            The widest texts of the value axis, to leave room for on the left.
        axis_lines
            Lines of text under the axes.
        keep_right
            Inches to leave free within its part of the width.
        """
        room = self.top - self.bottom
        top = self.top - above * room
        bottom = self.top - (above + share) * room
        points = self.size.body
        if heading:
            top -= 1.9 * points / POINTS
        if axis_lines:
            bottom += (axis_lines * points * LINE + 7 * self.size.scale) / POINTS
        gap = 6 * self.size.scale / POINTS
        left = self.left + max((text_width(one, points, False) for one in ticks), default=0.0)
        left += gap if ticks else 0.0
        right = self.right - (self.reserve(labels) + gap if labels else gap)
        at, number = facet
        each = (right - left - (number - 1) * between) / number
        left += at * (each + between)
        right = left + each - keep_right
        tall, wide = self.figure.get_figheight(), self.figure.get_figwidth()
        axes = self.figure.add_axes(
            (
                left / wide,
                bottom / tall,
                max(right - left, 0.5) / wide,
                max(top - bottom, 0.2) / tall,
            )
        )
        if heading.strip():
            self._write(heading, self.left, top + 0.45 * points / POINTS, points, True, theme.TEXT)
        self.axes.append(axes)
        return axes

    def widest_tick(self, low: float, high: float, unit: numbers.Unit) -> str:
        """Return the widest text that ticks between two values may have."""
        decimals = (
            0 if unit == "count" or (high - low) * (100 if unit == "percent" else 1) > 4 else 1
        )
        ends = [
            numbers.tick(one, unit=unit, decimals=decimals, lang=self.lang) for one in (low, high)
        ]
        return max(ends, key=len)

    def line_height(self, axes: Axes) -> float:
        """Return the height of a line of text in the axes' units."""
        bottom, top = axes.get_ylim()
        tall = axes.get_position().height * self.figure.get_figheight() * POINTS
        return float(self.size.body * LINE / tall * (top - bottom))

    def fitting(self, texts: Sequence[str], width: float) -> list[str]:
        """Return tick texts on one line where they fit side by side, else as they are."""
        flat = [one.replace("\n", " ") for one in texts]
        needed = max((text_width(one, self.size.body, False) for one in flat), default=0.0)
        between = width / max(len(flat) - 1, 1)
        return flat if needed + self.size.body / POINTS <= between else list(texts)

    def reserve(self, labels: Sequence[Label]) -> float:
        """Return the width of the widest label in inches."""
        return max(
            (
                text_width(line, self.size.body, one.bold)
                for one in labels
                for line in one.text.split("\n")
            ),
            default=0.0,
        )

    def width_of(self, heading: str) -> float:
        """Return the width of a heading in inches."""
        return text_width(heading, self.size.body, True)

    def write_heading(self, axes: Axes, text: str, *, color: str, align: str, x: float) -> None:
        """Write a line above the axes, from or until `x` inches."""
        top = axes.get_position().y1 + 0.5 * self.size.body / POINTS / self.figure.get_figheight()
        self.figure.text(
            x / self.figure.get_figwidth(),
            top,
            text,
            fontsize=self.size.body,
            fontweight="bold",
            color=color,
            ha=align,
            va="baseline",
        )

    def renderer(self) -> RendererAgg:
        """Return what measures the figure's texts."""
        canvas = self.figure.canvas
        assert isinstance(canvas, FigureCanvasAgg)
        renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
        assert isinstance(renderer, RendererAgg)
        return renderer

    def watermark(self, text: str) -> None:
        """Write a text across the marks: as wide as fits, and again further down a tall panel."""
        wanted = self.size.title * 1.6
        for number, axes in enumerate(self.axes):
            box = axes.get_position()
            wide = 0.85 * box.width * self.figure.get_figwidth()
            times = max(1, round(box.height * self.figure.get_figheight() / WATERMARK_EVERY))
            for at in range(times):
                axes.text(
                    0.5,
                    (at + 0.5) / times,
                    text,
                    transform=axes.transAxes,
                    fontsize=wanted * min(1.0, wide / text_width(text, wanted, True)),
                    color=theme.MUTED,
                    alpha=0.35,
                    rotation=12,
                    ha="center",
                    va="center",
                    fontweight="bold",
                    zorder=100,
                    gid=f"watermark-{number}-{at}",
                )


def _blocks(texts: Wording, size: Size) -> tuple[list[_Block], list[_Block]]:
    """What stands above and below the marks."""
    width = size.width - 2 * MARGIN
    body = size.body

    def block(text: str, color: str, *, bold: bool = False, after: float = 0.0) -> _Block:
        return _Block(wrapped(text, width, body, bold), body, color, bold, after)

    title = balanced(texts.title.text, width, size.title)
    above = [
        _Block(title, size.title, theme.TEXT, True, 0.3 * body),
        block(texts.subtitle.text, theme.MUTED, after=0.9 * body),
    ]
    below = []
    if texts.verdict is not None and texts.verdict:
        head, rest = _verdict_parts(texts.verdict)
        indent = _lead_width(head, body)
        if head and rest and not size.grows and indent < LONGEST_LEAD * width:
            lines = wrapped(rest, width, body, False, indent=indent)
            below = [_Block(lines, body, theme.TEXT, False, 0.0, lead=head)]
        else:
            below = [block(one, theme.TEXT, bold=one is head) for one in (head, rest) if one]
        below[-1] = replace(below[-1], after=0.5 * body)
    notes = [*texts.notes[:-1], *texts.optional, *texts.notes[-1:]]
    paragraphs = [one.text for one in notes]
    if not size.grows:
        paragraphs = [" ".join(paragraphs)]
    below += [block(one, theme.MUTED) for one in paragraphs if one]
    return above, below


def _lead_width(text: str, points: float) -> float:
    """The width of bold words and the space after them; at screen resolution they are wider."""
    return HINTED * text_width(f"{text} ", points, True)


def _verdict_parts(verdict: Text) -> tuple[str, str]:
    """The lead with the word of the verdict, and what follows."""
    ids = [one.predicate.id for one in verdict.claims]
    at = next((n + 1 for n, name in enumerate(ids) if name.startswith("verdict.")), 0)
    parts = (verdict.claims[:at], verdict.claims[at:])
    head, rest = (Text.of(*claims, lang=verdict.lang).text for claims in parts)
    return head, rest
