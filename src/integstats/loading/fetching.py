"""Ask a publisher for what is not stored yet, and keep each answer as it arrives.

Which publisher it is makes no difference here: see `integstats.publishers.protocol`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from integstats import catalogue, store
from integstats.catalogue import Dataset
from integstats.errors import UsageError
from integstats.loading import whole_files
from integstats.loading.read import asked_of, stored_places, wanted_places
from integstats.loading.registry import opened
from integstats.loading.vintages import diff
from integstats.publishers.protocol import Answer, Job, Offer, Publisher, Selection
from integstats.store import Snapshot

Progress = Callable[[int, int, float], None]
"""Called with calls done, calls in all, and the least seconds the publisher's limit allows."""


@dataclass(frozen=True)
class FetchResult:
    """What a fetch brought.

    Attributes
    ----------
    dataset, vintage
        Ids of the dataset and of the snapshot that now holds everything asked for.
    changed
        False when nothing new had to be asked for.
    calls, cells
        Data calls made, and cells that came.
    new_periods
        Periods that no earlier stored vintage had.
    revised_cells
        Cells whose figure differs from the vintage before.
    paths
        Files written.
    """

    dataset: str
    vintage: str
    changed: bool
    calls: int
    cells: int
    new_periods: tuple[str, ...]
    revised_cells: int
    paths: tuple[Path, ...]


def fetch(
    dataset: str,
    *,
    places: str | Iterable[str] | None = None,
    start: str | None = None,
    end: str | None = None,
    age: str | Sequence[str] | None = None,
    data_dir: Path | str | None = None,
    file: Path | str | None = None,
    base_url: str | None = None,
    progress: Progress | None = None,
) -> FetchResult:
    """Fetch a dataset into the user's data folder; this uses the network.

    Where the publisher's table is the one already stored, only missing cells are asked for, as
    new parts beside the old ones. Where it has been updated, everything the user has of it is
    asked for again, as a new vintage. A failed call fails the fetch, and what had arrived is kept
    for the next one.

    Parameters
    ----------
    dataset
        Id of the dataset.
    places
        Names of municipalities, counties, the country or groups; all of the table when left out.
    start, end
        First and last period, as 2024-06; all when left out.
    age
        Age span, or several; the dataset's usual one when left out.
    data_dir
        Where to; see `integstats.store.write_root`.
    file
        A workbook of Arbetsförmedlingen that was saved by hand: it is taken in, without the
        network. So is one that lies in the folder ``raw/arbetsformedlingen/incoming``.
    base_url
        Address of the server, instead of the publisher's or ``INTEGSTATS_API_<PUBLISHER>``.
    progress
        Called after each data call.

    Returns
    -------
    FetchResult

    Raises
    ------
    UnknownCodeError
        When a dataset, place or age does not exist.
    SourceUnavailableError
        When the publisher could not be reached or did not answer.
    SourceChangedError
        When a table, variable or code is gone, or an answer is not what was asked for.
    OutputError
        When the data folder cannot be written.
    """
    what = catalogue.dataset(dataset)
    wanted = wanted_places(places, what)
    ages = [age] if isinstance(age, str) else list(age) if age is not None else None
    known = store.snapshots(what.id, data_dir=data_dir)
    saved = file or whole_files.waiting(what, data_dir=data_dir)
    if saved is not None:
        return _taken(what, Path(saved), known, data_dir=data_dir, progress=progress)
    with opened(what.publisher, base_url=base_url) as publisher:
        offer = publisher.offer(what, stored=known[0].updated if known else None)
        asked = publisher.selection(what, offer, places=wanted, ages=ages, start=start, end=end)
        return _bring(what, publisher, offer, asked, known, data_dir=data_dir, progress=progress)


def _reading(progress: Progress | None) -> Callable[[int, int], None] | None:
    """Tell of bytes read instead of calls made; the last call itself tells the end."""
    if progress is None:
        return None
    told = progress
    return lambda done, total: told(min(done, total - 1), total, 0.0)


def _taken(
    dataset: Dataset,
    file: Path,
    known: Sequence[Snapshot],
    *,
    data_dir: Path | str | None,
    progress: Progress | None,
) -> FetchResult:
    taken = whole_files.take(dataset, file, data_dir=data_dir, progress=_reading(progress))
    if progress is not None:
        progress(1, 1, 0.0)
    compared = known and taken.stored and taken.vintage not in {one.vintage for one in known}
    found = diff(dataset.id, data_dir=data_dir) if compared else None
    return FetchResult(
        dataset=dataset.id,
        vintage=taken.vintage,
        changed=taken.stored is not None,
        calls=0,
        cells=0,
        new_periods=found.new_periods if found else (),
        revised_cells=found.revised_cells if found else 0,
        paths=(taken.stored,) if taken.stored else (),
    )


def _bring(
    dataset: Dataset,
    publisher: Publisher,
    offer: Offer,
    asked: Selection,
    known: Sequence[Snapshot],
    *,
    data_dir: Path | str | None,
    progress: Progress | None,
) -> FetchResult:
    vintage = store.vintage_id(dataset.id, table_id=offer.table_id, updated=offer.updated)
    same = [one for one in known if one.vintage == vintage]
    older = [one for one in known if one.vintage != vintage]
    written: list[Path] = []
    cells = 0
    with store.writing(
        dataset.id,
        publisher=dataset.publisher.id,
        table_id=offer.table_id,
        updated=offer.updated,
        licence=dataset.publisher.licence,
        sidecar={"pinned": dict(offer.pins)},
        data_dir=data_dir,
    ) as writer:
        held = [*writer.snapshot.parts, *(part for one in same for part in one.parts)]
        have = [asked_of(part) for part in held]
        blocks = [dict(asked)]
        if not same and older:
            blocks += _everything(dataset, older, offer, asked)
        jobs: list[Job] = []
        for block in blocks:
            for missing in missing_blocks(block, have):
                jobs.append(publisher.plan(dataset, offer, missing))
                have.append(missing)
        total = sum(len(job.calls) for job in jobs)
        seconds = sum(job.seconds for job in jobs)
        done = 0
        if progress is not None and total:
            progress(0, total, seconds)
        for job in jobs:
            for answer in publisher.answers(job):
                if whole_files.is_whole_file(dataset.id):
                    whole_files.require_readable(
                        answer.body,
                        offer.pins["title"],
                        dataset=dataset,
                        vintage=vintage,
                        data_dir=data_dir,
                        progress=_reading(progress),
                    )
                kept = writer.add(
                    answer.body,
                    query=_stored_query(answer),
                    url=answer.url,
                    fetched_at=answer.fetched_at,
                    suffix=answer.suffix,
                )
                written.append(kept.path)
                cells += answer.cells
                done += 1
                if progress is not None:
                    progress(done, total, seconds)
    found = diff(dataset.id, data_dir=data_dir) if written and older and not same else None
    return FetchResult(
        dataset=dataset.id,
        vintage=vintage,
        changed=bool(written),
        calls=done,
        cells=cells,
        new_periods=found.new_periods if found else (),
        revised_cells=found.revised_cells if found else 0,
        paths=tuple(written),
    )


def _stored_query(answer: Answer) -> dict[str, Any]:
    return {
        "selection": [
            {"variableCode": code, "valueCodes": list(values)}
            for code, values in answer.selection.items()
        ],
        "format": answer.format,
    }


def _everything(
    dataset: Dataset, older: Sequence[Snapshot], offer: Offer, asked: Selection
) -> list[dict[str, tuple[str, ...]]]:
    """What the newest stored vintage has, with the periods that have come since.

    Places, ages and periods are those stored; of all else, what is asked for now.
    """
    newest = [
        asked_of(part) for one in older if one.vintage == older[0].vintage for part in one.parts
    ]
    kept = {dataset.keys[key].variable for key in ("place", "age", "period") if key in dataset.keys}
    last = max((code for query in newest for code in query.get(offer.time, ())), default="")
    blocks: dict[tuple[Any, ...], dict[str, tuple[str, ...]]] = {}
    for query in newest:
        block = dict(asked)
        for name in kept & query.keys() & block.keys():
            known = set(offer.variables[name])
            block[name] = tuple(code for code in query[name] if code in known)
        old = block.get(offer.time, ())
        if old and old[-1] == last:
            codes = offer.variables[offer.time]
            block[offer.time] = (*old, *(code for code in codes if code > last))
        if all(block.values()):
            blocks[tuple(sorted(block.items()))] = block
    return list(blocks.values())


def missing_blocks(
    asked: Mapping[str, tuple[str, ...]], held: Sequence[Mapping[str, tuple[str, ...]]]
) -> list[dict[str, tuple[str, ...]]]:
    """Split what is asked into blocks that no held query has; each cell asked for once at most.

    A held block is cut out of what is left along one variable after the other.
    """
    left = [dict(asked)]
    for other in held:
        left = [rest for block in left for rest in _without(block, other)]
    return _joined(left)


def _without(
    block: dict[str, tuple[str, ...]], other: Mapping[str, tuple[str, ...]]
) -> list[dict[str, tuple[str, ...]]]:
    if set(other) != set(block):
        return [block]
    common = {name: set(codes) & set(other[name]) for name, codes in block.items()}
    if not all(common.values()):
        return [block]
    rest = []
    current = dict(block)
    for name, codes in block.items():
        outside = tuple(code for code in codes if code not in common[name])
        if outside:
            rest.append({**current, name: outside})
        current[name] = tuple(code for code in codes if code in common[name])
    return rest


def _joined(blocks: list[dict[str, tuple[str, ...]]]) -> list[dict[str, tuple[str, ...]]]:
    """Put blocks together that differ in one variable only, as long as any do."""
    again = True
    while again:
        again = False
        for one, other in product(blocks, blocks):
            differing = [name for name in one if one[name] != other[name]]
            if one is not other and len(differing) == 1:
                name = differing[0]
                merged = {**one, name: tuple(dict.fromkeys((*one[name], *other[name])))}
                blocks = [block for block in blocks if block is not one and block is not other]
                blocks.append(merged)
                again = True
                break
    return blocks


def everything(
    *, data_dir: Path | str | None = None, progress: Callable[[str], Progress | None] | None = None
) -> list[FetchResult]:
    """Fetch again every dataset of which anything is stored; see `fetch`.

    Raises
    ------
    UsageError
        When nothing is stored.
    """
    stored = [name for name in catalogue.datasets() if store.snapshots(name, data_dir=data_dir)]
    if not stored:
        raise UsageError("Nothing is stored yet; fetch a dataset first: integstats fetch DATASET")
    results = []
    for name in stored:
        results.append(
            fetch(
                name,
                places=sorted(stored_places(name, data_dir=data_dir)),
                data_dir=data_dir,
                progress=progress(name) if progress else None,
            )
        )
    return results
