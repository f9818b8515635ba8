"""Writing a snapshot: each answer is kept as it arrives, and all are shown at once at the end."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from integstats.errors import ChecksumError, UsageError
from integstats.store.files import TEMPORARY, atomic_write, locked, remove
from integstats.store.roots import write_root
from integstats.store.snapshot import (
    MANIFEST,
    OBTAINED,
    Part,
    Snapshot,
    manifest_bytes,
    read,
    read_manifest,
    vintage_id,
)

PENDING = "pending.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_log = logging.getLogger("integstats")


@contextmanager
def writing(
    dataset: str,
    *,
    publisher: str,
    table_id: str,
    updated: str,
    licence: str,
    sidecar: Mapping[str, Any] | None = None,
    data_dir: Path | str | None = None,
    timeout: float = 60.0,
) -> Iterator[SnapshotWriter]:
    """Open one vintage of a dataset for more parts, alone among all processes.

    Each added part is on disk at once, under ``pending.json``, where no reader looks. Leaving the
    block normally writes the manifest, which makes all of them part of the snapshot; leaving it
    by an exception, or by being killed, does not, but the parts stay and the next `writing` of
    the same vintage finds them in ``writer.snapshot.parts``. An existing part whose bytes are
    damaged is not among them, and leaves the manifest with the next commit.

    Parameters
    ----------
    dataset, publisher
        Ids in the catalogue; folders are named after them.
    table_id, updated
        The publisher's id of the table, and its time of update as the publisher writes it: with
        `dataset` they make the vintage.
    licence
        Of the data.
    sidecar
        What else to keep, as plain JSON. Keys that an earlier fetch stored and this one does not
        have are kept.
    data_dir
        See `integstats.store.write_root`.
    timeout
        Seconds to wait for another process that is writing the same dataset.

    Yields
    ------
    SnapshotWriter
        With ``snapshot``, all that the vintage already has here, and ``add``.

    Raises
    ------
    OutputError
        The folder cannot be written, or another process holds the dataset.
    SchemaError
        `updated` has no date, or the vintage's manifest cannot be read.
    """
    for name in (publisher, dataset):
        if _NAME.fullmatch(name) is None:
            raise UsageError(f"Not a name for a folder: {name!r}. Use a-z, 0-9, '-', '_' and '.'.")
    raw = write_root(data_dir) / "raw"
    vintage = vintage_id(dataset, table_id=table_id, updated=updated)
    with locked(raw / publisher / f"{dataset}.lock", timeout=timeout):
        writer = SnapshotWriter(
            Snapshot(
                publisher=publisher,
                dataset=dataset,
                table_id=table_id,
                vintage=vintage,
                updated=updated,
                licence=licence,
                folder=raw / publisher / dataset / vintage,
                parts=(),
                embedded=False,
                sidecar=sidecar or {},
            )
        )
        yield writer
        writer._commit()


class SnapshotWriter:
    """One vintage under the dataset's lock; made by `writing`.

    Attributes
    ----------
    snapshot : Snapshot
        All usable parts the vintage has in this folder: those of the manifest, those of a fetch
        that did not finish, and those just added.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        parts: dict[str, Part] = {}
        sidecar: dict[str, Any] = {}
        for name in (MANIFEST, PENDING):
            path = snapshot.folder / name
            if path.exists():
                stored = read_manifest(path, embedded=False)
                sidecar |= stored.sidecar
                for part in stored.parts:
                    try:
                        read(part)
                    except ChecksumError as error:
                        _log.warning("%s It is left out until it is fetched again.", error)
                    else:
                        parts.setdefault(part.sha256, part)
        for path in snapshot.folder.glob(TEMPORARY):
            remove(path)
        self.snapshot = replace(
            snapshot, parts=_by_file(parts.values()), sidecar=sidecar | dict(snapshot.sidecar)
        )

    def add(
        self,
        content: bytes,
        *,
        query: Mapping[str, Any],
        url: str,
        fetched_at: datetime | None = None,
        obtained: str = "fetched",
        suffix: str = ".json",
    ) -> Part:
        """Store one whole answer; it outlasts whatever happens next.

        Check the answer before adding it: what is added is committed sooner or later, by this
        fetch or by the next one. The same bytes are stored once, with what was first said of them.

        Parameters
        ----------
        content
            The answer, byte for byte.
        query
            What was asked for, as plain JSON.
        url
            Where.
        fetched_at
            When, with a time zone; required for ``"fetched"``. Kept to the second, in UTC.
        obtained
            ``"fetched"``, ``"saved by hand"`` or ``"carried over from …"``.
        suffix
            Of the file, lower case: ``".json"``, ``".px"``, ``".xlsx"``, ``".csv"``.

        Raises
        ------
        UsageError
            `fetched_at` is needed and missing or has no time zone, or `obtained` or `suffix` is
            not one of the above.
        OutputError
            The file could not be written.
        """
        if OBTAINED.fullmatch(obtained) is None:
            raise UsageError(
                f"Unknown obtained: {obtained!r}. Allowed are 'fetched', 'saved by hand' and "
                "'carried over from …'."
            )
        if fetched_at is None and obtained == "fetched":
            raise UsageError("A fetched part needs fetched_at, the time when it was fetched.")
        if fetched_at is not None and fetched_at.tzinfo is None:
            raise UsageError(f"fetched_at needs a time zone, got {fetched_at}. Use UTC.")
        if re.fullmatch(r"\.[a-z0-9]+", suffix) is None:
            raise UsageError(f"Not a suffix of a part: {suffix!r}. Write it like '.json'.")
        sha256 = hashlib.sha256(content).hexdigest()
        held = {part.sha256: part for part in self.snapshot.parts}
        if sha256 in held:
            return held[sha256]
        path = self.snapshot.folder / f"part-{sha256[:8]}{suffix}"
        if path in {part.path for part in self.snapshot.parts}:
            path = path.with_name(f"part-{sha256}{suffix}")
        part = Part(
            path=path,
            sha256=sha256,
            size=len(content),
            query=orjson.loads(orjson.dumps(dict(query))),
            url=url,
            obtained=obtained,
            fetched_at=fetched_at and fetched_at.astimezone(UTC).replace(microsecond=0),
        )
        snapshot = replace(self.snapshot, parts=_by_file([*self.snapshot.parts, part]))
        pending = manifest_bytes(snapshot)
        atomic_write(path, content)
        atomic_write(self.snapshot.folder / PENDING, pending)
        self.snapshot = snapshot
        return part

    def _commit(self) -> None:
        path = self.snapshot.folder / MANIFEST
        content = manifest_bytes(self.snapshot)
        if self.snapshot.parts and not (path.exists() and path.read_bytes() == content):
            atomic_write(path, content)
        remove(self.snapshot.folder / PENDING)


def _by_file(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: part.path.name))
