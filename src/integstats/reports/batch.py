"""Many reports in one go: on all cores, resumable, and one that fails does not stop the others."""

from __future__ import annotations

import multiprocessing
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
import pandas as pd

import integstats
from integstats import catalogue
from integstats.catalogue import Language, Source
from integstats.charts.chart import slug
from integstats.errors import IntegstatsError, IntegstatsWarning
from integstats.reports import pack, provenance
from integstats.reports.contents import report, report_name
from integstats.reports.organisation import Organisation
from integstats.targets.target import Target

AHEAD = 2
"""How many reports may wait for each worker: their tables lie in memory."""


@dataclass(frozen=True, eq=False)
class Order:
    """One report to make: what `integstats.report` takes."""

    place: str
    table: pd.DataFrame
    targets: tuple[Target, ...] = ()
    peers: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class Style:
    """What all reports of a run share.

    Attributes
    ----------
    folder
        Each report gets a folder in it, named for the place.
    formats
        As for `integstats.publish`; None for all.
    sources
        Where the figures come from; None for what the catalogue knows.
    organisation, lang
        Who publishes, and the language.
    resume
        Leave out a place whose report is there, made by this version from the same figures and
        targets, in the same language and for the same organisation.
    allow_synthetic
        As for `integstats.publish`.
    """

    folder: Path
    formats: tuple[str, ...] | None = None
    sources: tuple[Source, ...] | None = None
    organisation: Organisation = field(default_factory=Organisation)
    lang: Language = "sv"
    resume: bool = False
    allow_synthetic: bool = False


@dataclass(frozen=True, eq=False)
class Made:
    """What became of one report.

    Attributes
    ----------
    place, folder
        The key of the place; where its files are.
    files
        Those written, or found when it was `reused`.
    lines
        What was found, a sentence each.
    charts
        The titles of the charts by file name.
    targets
        The target sheets.
    reused
        Whether it was left out because it was there already.
    error
        Why there is none; the others were made.
    """

    place: str
    folder: Path
    files: tuple[Path, ...] = ()
    lines: tuple[str, ...] = ()
    charts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    targets: tuple[Mapping[str, Any], ...] = ()
    reused: bool = False
    error: IntegstatsError | None = None


def publish_all(orders: Iterable[Order], style: Style, *, workers: int = 1) -> Iterator[Made]:
    """Make and write reports, in the order they are asked for.

    Parameters
    ----------
    orders
        The reports; read only as far ahead as the workers need.
    style
        What they share.
    workers
        How many processes; 1 makes them in this one.

    Yields
    ------
    Made
        One for each order.

    Raises
    ------
    UsageError
        When a format is unknown.
    OutputError
        When a folder cannot be written: that would happen to every report.

    Warns
    -----
    IntegstatsWarning
        Whatever the reports warn of, also from other processes.
    """
    pack.checked_formats(style.formats)
    if workers <= 1:
        for order in orders:
            yield _told(_made(order, style))
        return
    waiting: deque[Future[tuple[Made, list[Warning]]]] = deque()
    # Started afresh: a forked copy of a process whose libraries run threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        try:
            for order in orders:
                waiting.append(pool.submit(_made, order, style))
                if len(waiting) >= AHEAD * workers:
                    yield _told(waiting.popleft().result())
            while waiting:
                yield _told(waiting.popleft().result())
        finally:
            for one in waiting:
                one.cancel()


def _told(result: tuple[Made, list[Warning]]) -> Made:
    made, doubts = result
    for one in doubts:
        warnings.warn(one, stacklevel=3)
    return made


def _made(order: Order, style: Style) -> tuple[Made, list[Warning]]:
    """Make one report; doubts are handed back, since another process may have made it."""
    folder = style.folder / slug(catalogue.place_label(order.place))
    if style.resume and (found := _found(order, style, folder)) is not None:
        return found, []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            made = _published(order, style, folder)
        except IntegstatsError as error:
            if isinstance(error, pack.FATAL):
                raise
            made = Made(order.place, folder, error=error)
    doubts = [one.message for one in caught if isinstance(one.message, Warning)]
    return made, [one for one in doubts if isinstance(one, IntegstatsWarning)]


def _published(order: Order, style: Style, folder: Path) -> Made:
    written = report(
        order.place,
        order.table,
        targets=order.targets,
        peers=order.peers,
        sources=style.sources,
        organisation=style.organisation,
        lang=style.lang,
    )
    files = pack.publish(
        written, folder, formats=style.formats, allow_synthetic=style.allow_synthetic
    )
    return Made(
        place=order.place,
        folder=folder,
        files=files,
        lines=tuple(one.text for one in written.lead),
        charts={one.name: one.title.text for one in written.charts},
        targets=tuple(one.facts() for one in written.tracks),
    )


def _found(order: Order, style: Style, folder: Path) -> Made | None:
    """The report that is there, where it is what would be made."""
    name = report_name(order.place)
    wanted = pack.checked_formats(style.formats)
    path = folder / f"{name}.json"
    try:
        record = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    expected = {
        "package_version": integstats.__version__,
        "language": style.lang,
        "organisation": style.organisation.name,
    }
    if any(record.get(key) != value for key, value in expected.items()):
        return None
    if order.targets and _recorded(record) != [provenance.plain(one) for one in order.targets]:
        return None
    if not _same_figures(record, order.table):
        return None
    whole = [folder / f"{name}.{end}" for end in (*pack.DOCUMENTS, "json") if end in wanted]
    ends = [end for end in pack.PICTURES if end in wanted]
    charts = {one["name"]: one["title"] for one in record["charts"]}
    files = [*whole, *(folder / f"{chart}.{end}" for chart in charts for end in ends)]
    if not all(one.exists() for one in files):
        return None
    return Made(order.place, folder, files=tuple(files), charts=charts, reused=True)


def _recorded(record: Mapping[str, Any]) -> Sequence[Any]:
    return [one["target"] for one in record["targets"]]


def _same_figures(record: Mapping[str, Any], table: pd.DataFrame) -> bool:
    recorded = {(one["dataset"], one["vintage"]) for one in record["sources"]}
    pairs = table[["dataset", "vintage"]].drop_duplicates().astype(str)
    return recorded == set(pairs.itertuples(index=False, name=None))
