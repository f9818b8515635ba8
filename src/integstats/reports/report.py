"""A report: sections in order, each a question with its answer in text and charts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal

from integstats import catalogue
from integstats.catalogue import Language, Source
from integstats.charts.chart import Chart, slug
from integstats.errors import SchemaError
from integstats.reports.organisation import Organisation
from integstats.targets.track import Track
from integstats.wording.claims import Claim, Text

SectionId = Literal[
    "chart", "gap", "movement", "target", "statuses", "peers", "certainty", "limits", "members"
]
FIRST_DAY = date(1980, 1, 1)
"""What a file of no known source is dated: the first day a zip archive can hold."""


@dataclass(frozen=True, eq=False)
class Section:
    """One question and its answer.

    Attributes
    ----------
    id
        Which question.
    heading
        The question or the thing in words, without figures; blank for a chart that stands alone.
    paragraphs
        The answer.
    charts
        What shows it, in order.
    """

    id: SectionId
    heading: str
    paragraphs: tuple[Text, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, eq=False)
class Report:
    """What is published about a place or a group, before it is any file.

    Attributes
    ----------
    name
        Stem of its file names.
    title
        What it is about.
    lead
        The answer in a few sentences.
    sections
        In reading order. The sources are not a section: every file tells them from `sources`.
    footer
        The source line and what else must stand below everything.
    sources
        Where the figures come from, each once.
    lang
        Language.
    organisation
        Who publishes.
    tracks
        The targets it follows, in the order of their charts.
    peers
        Keys of the places that a place is ranked among, itself included.

    Raises
    ------
    SchemaError
        When two charts have the same name, so that one file would replace another.
    """

    name: str
    title: Text
    lead: tuple[Text, ...]
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
    sources: tuple[Source, ...]
    lang: Language
    organisation: Organisation = field(default_factory=Organisation)
    tracks: tuple[Track, ...] = ()
    peers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = Counter(chart.name for chart in self.charts)
        for name, count in names.items():
            if count > 1:
                raise SchemaError(
                    f"{count} charts of the report {self.name!r} are named {name!r}, so that their "
                    "files would replace each other. Give each its own: "
                    "dataclasses.replace(chart, name=…)."
                )

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Its charts in order."""
        return tuple(chart for section in self.sections for chart in section.charts)

    @property
    def is_single_chart(self) -> bool:
        """Whether it is one chart that stands alone."""
        return [one.id for one in self.sections] == ["chart"]

    @property
    def synthetic(self) -> bool:
        """Whether any figure is invented."""
        return any(chart.synthetic for chart in self.charts)

    @property
    def own_texts(self) -> tuple[Text, ...]:
        """Its title, lead and paragraphs, without the texts of its charts."""
        paragraphs = (text for section in self.sections for text in section.paragraphs)
        return (self.title, *self.lead, *paragraphs)

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every text of its own and of its charts."""
        return (*self.own_texts, *(text for chart in self.charts for text in chart.texts))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim of its texts and its charts' labels."""
        labels = (claim for chart in self.charts for one in chart.labels for claim in one.claims)
        return (*(claim for text in self.texts for claim in text.claims), *labels)

    @property
    def dated(self) -> date:
        """The day of the newest update of its figures: what its files are dated."""
        days = [date.fromisoformat(one.updated) for one in self.sources if one.updated]
        return max(days, default=FIRST_DAY)


def of_chart(
    chart: Chart, *, tracks: Sequence[Track] = (), organisation: Organisation | None = None
) -> Report:
    """Return a single chart as a report of one section without a heading."""
    verdict = (chart.verdict,) if chart.verdict is not None else ()
    return Report(
        name=chart.name,
        title=chart.title,
        lead=(),
        sections=(Section("chart", "", verdict, (chart,)),),
        footer=chart.footer,
        sources=chart.sources,
        lang=chart.lang,
        organisation=organisation or Organisation(),
        tracks=tuple(tracks),
    )


def file_stem(place: str) -> str:
    """Return a place as part of the names of files and folders.

    Places whose names differ in accents only have their code too; a name without a Latin letter
    or a figure is told apart by its checksum.

    Examples
    --------
    >>> file_stem("1481"), file_stem("0305"), file_stem("0643")
    ('molndal', 'habo-0305', 'habo-0643')
    """
    stem = slug(catalogue.place_label(place))
    if not stem:
        return hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()[:8]
    return stem if _stems().get(stem, 0) < 2 else f"{stem}-{slug(place)}"


@cache
def _stems() -> Mapping[str, int]:
    keys = [*catalogue.places(), *(one.key for one in catalogue.groups().values())]
    return Counter(slug(catalogue.place_label(key)) for key in keys)
