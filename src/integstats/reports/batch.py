"""Many reports in one go: on all cores, resumable, and one that fails does not stop the others."""

from __future__ import annotations

import multiprocessing
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

import integstats
from integstats.catalogue import Language, Source
from integstats.errors import IntegstatsError, IntegstatsWarning, OutputError
from integstats.reports import contents, pack, provenance, subject
from integstats.reports.organisation import Organisation
from integstats.reports.report import file_stem
from integstats.targets.target import Target

AHEAD = 2
"""How many reports may wait for each worker: their tables lie in memory."""


@dataclass(frozen=True, eq=False)
class Order:
    """One report to make: what `integstats.report` takes.

    No two orders of a run may be of places whose folders have the same name.
    """

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
        Leave out a place whose report is there, made by this version from the same figures,
        targets and peers, in the same language and for an organisation of the same name. Its
        provenance tells, so ``json`` must be among the formats.
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
        The key of the place, or its name where that is unknown; where its files are.
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
    charts: Mapping[str, str] = field(default_factory=dict)
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
        When a folder cannot be written: that would happen to every report. Also when a process
        was ended from outside.

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
        except BrokenProcessPool as error:
            raise OutputError(
                "A process that made reports was ended from outside, as when memory runs out; "
                "what was finished is kept. Use fewer at a time (--jobs), and --resume to go on."
            ) from error
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
    place = order.place
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            place = subject.place_key(place, order.table)
            made = (_found(place, order, style) if style.resume else None) or _published(
                place, order, style
            )
        except IntegstatsError as error:
            if isinstance(error, pack.FATAL):
                raise
            made = Made(place, _folder(place, style), error=error)
    return made, [one.message for one in caught if isinstance(one.message, IntegstatsWarning)]


def _folder(place: str, style: Style) -> Path:
    return style.folder / file_stem(place)


def _published(place: str, order: Order, style: Style) -> Made:
    folder = _folder(place, style)
    written = contents.report(
        place,
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
        place=place,
        folder=folder,
        files=files,
        lines=tuple(one.text for one in written.lead),
        charts={one.name: one.title.text for one in written.charts},
        targets=tuple(one.facts() for one in written.tracks),
    )


def _found(place: str, order: Order, style: Style) -> Made | None:
    """The report that is there, where it is what would be made."""
    folder = _folder(place, style)
    try:
        record = orjson.loads((folder / f"{subject.report_name(place)}.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    table = subject.with_group(place, order.table)
    targets = subject.followed_targets(place, table, order.targets)
    expected = {
        "schema_version": provenance.SCHEMA_VERSION,
        "package_version": integstats.__version__,
        "language": style.lang,
        "organisation": style.organisation.name,
        "figures": _figures(table),
        "peers": list(subject.ranked_among(place, table, order.peers)),
    }
    if not isinstance(record, dict) or any(record.get(key) != one for key, one in expected.items()):
        return None
    recorded = [one["target"] for one in record["targets"]]
    # A räkneexempel that the figures cannot carry is left out.
    if recorded != [one.to_dict() for one in targets] and (order.targets or recorded):
        return None
    files = tuple(folder / name for name in record["files"])
    ends = {one.suffix.removeprefix(".") for one in files}
    if not ends.issuperset(pack.checked_formats(style.formats)):
        return None
    if not all(one.exists() for one in files):
        return None
    charts = {one["name"]: one["title"] for one in record["charts"]}
    return Made(place, folder, files=files, charts=charts, reused=True)


def _figures(table: pd.DataFrame) -> list[list[str]]:
    pairs = table[["dataset", "vintage"]].drop_duplicates().astype(str)
    return sorted(map(list, pairs.itertuples(index=False, name=None)))
