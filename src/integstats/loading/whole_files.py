"""Datasets that come as one whole workbook: reading it once, and taking in one saved by hand.

Reading a workbook of 60 MB takes seconds to minutes, so what was read is kept as Parquet in the
folder ``processed`` and read from there as long as it belongs to the same file. A workbook that
somebody has saved in a browser is put into ``raw/arbetsformedlingen/incoming/`` in the data folder
(or named with ``--file``); the next fetch of its dataset takes it in without asking the network.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from integstats import catalogue, store
from integstats.catalogue import Dataset, workbooks
from integstats.errors import OutputError, SchemaError, SourceChangedError, UsageError
from integstats.formats import workbook, xlsx
from integstats.store import Part

Progress = Callable[[int, int], None]
SCHEMA_VERSION = 1
"""Rises whenever the same workbook gives another table."""
_MONTH = re.compile(r"(20\d\d-(?:0[1-9]|1[0-2]))(?: ?\(\d+\))?\.xlsx", re.IGNORECASE)


@dataclass(frozen=True)
class Taken:
    """What became of a workbook saved by hand: the vintage it made, and the file stored, if new."""

    vintage: str
    stored: Path | None


def is_whole_file(dataset: str) -> bool:
    """Whether a dataset comes as one workbook.

    Examples
    --------
    >>> is_whole_file("af-registered-share"), is_whole_file("scb-bas-month")
    (True, False)
    """
    return dataset in workbooks.layouts()


def table(
    content: bytes,
    *,
    dataset: Dataset,
    vintage: str,
    data_dir: Path | str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the one table of a workbook, from what was kept of it where that belongs to it.

    Raises
    ------
    SchemaError
        See `integstats.formats.workbook.read`.
    """
    name = f"{dataset.id}.{vintage}"
    raw = [hashlib.sha256(content).hexdigest()]
    kept = store.read_processed(name, raw=raw, schema_version=SCHEMA_VERSION, data_dir=data_dir)
    if kept is not None:
        return kept
    read = workbook.read(content, dataset=dataset, vintage=vintage, progress=progress)
    workbook.require_totals(read, dataset)
    _keep(read, name, raw=raw, data_dir=data_dir)
    return read


def _keep(
    read: pd.DataFrame, name: str, *, raw: Sequence[str], data_dir: Path | str | None
) -> None:
    # A folder that cannot be written costs time, not figures.
    with contextlib.suppress(OutputError):
        store.write_processed(name, read, raw=raw, schema_version=SCHEMA_VERSION, data_dir=data_dir)


def stored_table(
    parts: Sequence[Part], dataset: Dataset, vintage: str, *, data_dir: Path | str | None = None
) -> pd.DataFrame:
    """Return the table of a stored vintage: of its newest file, should it have several."""
    newest = max(
        parts, key=lambda one: (one.fetched_at or datetime.min.replace(tzinfo=UTC), one.sha256)
    )
    return table(store.read(newest), dataset=dataset, vintage=vintage, data_dir=data_dir)


def require_readable(
    content: bytes,
    name: str,
    *,
    dataset: Dataset,
    vintage: str,
    data_dir: Path | str | None = None,
    progress: Progress | None = None,
) -> None:
    """Raise SourceChangedError unless a downloaded workbook is the one its name says.

    It is read whole, and what was read is kept for `table`.
    """
    try:
        read = table(
            content, dataset=dataset, vintage=vintage, data_dir=data_dir, progress=progress
        )
        _require_month(read, name)
    except SchemaError as error:
        raise SourceChangedError(f"{dataset.id}: {name}: {error}") from error


def _require_month(read: pd.DataFrame, name: str) -> None:
    named = _MONTH.search(name)
    last = str(read["period"].max())
    if named is not None and named[1] != last:
        raise SchemaError(
            f"{name} ends in {last}, which is not the month of its name. It is not the file it "
            "seems to be: download it again."
        )


def waiting(dataset: Dataset, *, data_dir: Path | str | None = None) -> Path | None:
    """Return the newest workbook of a dataset in the folder ``incoming`` that is not stored yet."""
    if not is_whole_file(dataset.id):
        return None
    pattern = re.compile(re.escape(dataset.table_id) + "-" + _MONTH.pattern, re.IGNORECASE)
    named = {
        path: month[1]
        for path in incoming(data_dir).glob("*.xlsx")
        if (month := pattern.fullmatch(path.name))
    }
    known = {
        part.sha256
        for snapshot in store.snapshots(dataset.id, data_dir=data_dir)
        for part in snapshot.parts
    }
    for path in sorted(named, key=lambda one: (named[one], one.name), reverse=True):
        if hashlib.sha256(path.read_bytes()).hexdigest() not in known:
            return path
    return None


def incoming(data_dir: Path | str | None = None) -> Path:
    """Return the folder for workbooks saved by hand."""
    return store.write_root(data_dir) / "raw" / "arbetsformedlingen" / "incoming"


def take(
    dataset: Dataset,
    file: Path,
    *,
    data_dir: Path | str | None = None,
    progress: Progress | None = None,
) -> Taken:
    """Store a workbook that somebody has saved by hand; no network.

    Its vintage is of the day on which the workbook says it was saved, but of a day before the next
    month's file at the latest: whoever opens an old file and saves it makes it no newer.

    Parameters
    ----------
    dataset
        The dataset it is the workbook of; that is checked by its fields, not by its name.
    file
        The workbook; it is copied and left where it is.
    data_dir
        See `integstats.store.write_root`.
    progress
        Called with bytes of XML read and in all.

    Raises
    ------
    UsageError
        When the dataset does not come as a workbook, or the file is not there.
    SchemaError
        When it is not that workbook; see `integstats.formats.workbook.read`.
    OutputError
        When the data folder cannot be written.
    """
    if not is_whole_file(dataset.id):
        raise UsageError(
            f"{dataset.id} does not come as a workbook. Those that do: "
            f"{', '.join(workbooks.layouts())}."
        )
    if not file.is_file():
        raise UsageError(f"There is no file {file}. Name the workbook that you saved.")
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    for snapshot in store.snapshots(dataset.id, data_dir=data_dir):
        if any(part.sha256 == digest for part in snapshot.parts):
            return Taken(snapshot.vintage, None)
    read = workbook.read(content, dataset=dataset, vintage="", progress=progress)
    workbook.require_totals(read, dataset)
    _require_month(read, file.name)
    last = read["period"].max()
    updated = min(xlsx.saved_at(content) or "9", f"{(last + 2).start_time:%Y-%m-%d}")
    vintage = store.vintage_id(dataset.id, table_id=dataset.table_id, updated=updated)
    with store.writing(
        dataset.id,
        publisher=dataset.publisher.id,
        table_id=dataset.table_id,
        updated=updated,
        licence=dataset.publisher.licence,
        sidecar={"pinned": {"labels": {}, "title": file.name}},
        data_dir=data_dir,
    ) as writer:
        part = writer.add(
            content,
            query=_query(dataset, f"{dataset.table_id}-{last}.xlsx"),
            url=dataset.url,
            obtained="saved by hand",
            suffix=".xlsx",
        )
    own = pd.Categorical([vintage] * len(read), categories=pd.Index([vintage], dtype="str"))
    kept = read.assign(vintage=own)
    _keep(kept, f"{dataset.id}.{vintage}", raw=[digest], data_dir=data_dir)
    return Taken(vintage, part.path)


def _query(dataset: Dataset, name: str) -> dict[str, object]:
    variable = dataset.keys["place"].variable
    places = [code for code, one in catalogue.places().items() if one.kind in dataset.places]
    selection = {"file": [name], **({variable: places} if variable else {})}
    return {
        "selection": [
            {"variableCode": code, "valueCodes": values} for code, values in selection.items()
        ],
        "format": "xlsx",
    }
