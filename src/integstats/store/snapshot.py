"""Snapshots: which are stored, what their manifests say, and the bytes of their parts.

The manifest is JSON with sorted keys: ``schema_version``, ``publisher``, ``dataset``,
``table_id``, ``vintage``, ``updated``, ``licence``, ``sidecar`` and ``parts``, a list of ``file``,
``sha256``, ``size``, ``query``, ``url``, ``obtained`` and ``fetched_at``, sorted by file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson

from integstats.errors import ChecksumError, SchemaError
from integstats.store.roots import read_roots

MANIFEST = "manifest.json"
SCHEMA_VERSION = 1
_FILE = re.compile(r"part-([0-9a-f]{8}|[0-9a-f]{64})\.[a-z0-9]+")
OBTAINED = re.compile(r"fetched|saved by hand|carried over from .+", re.DOTALL)
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One answer of a publisher, byte for byte, and how it was obtained.

    Attributes
    ----------
    path
        The file.
    sha256
        Of its bytes, 64 hex digits.
    size
        In bytes.
    query
        What was asked for, as plain JSON.
    url
        Where.
    obtained
        ``"fetched"``, ``"saved by hand"`` or ``"carried over from …"``.
    fetched_at
        When, to the second, in UTC; None if not known (never None for ``"fetched"``).
    """

    path: Path
    sha256: str
    size: int
    query: Mapping[str, Any]
    url: str
    obtained: str
    fetched_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What one folder holds of one vintage of a dataset.

    Attributes
    ----------
    publisher, dataset, table_id
        Ids in the catalogue, and the table's id with its publisher.
    vintage
        ``<updated date>.<8 hex>``, see `vintage_id`.
    updated
        When the publisher says the table was updated, as the publisher writes it.
    licence
        Of the data.
    folder
        Where the manifest and the parts are.
    parts
        Sorted by file name; all of one vintage, cells may overlap and then agree.
    embedded
        True if it came with the installed package. In an editable install that writes to its own
        data folder the two cannot be told apart, and this is False.
    sidecar
        Whatever else is to be kept about the table, as plain JSON (pinned codes, its title).
    """

    publisher: str
    dataset: str
    table_id: str
    vintage: str
    updated: str
    licence: str
    folder: Path
    parts: tuple[Part, ...]
    embedded: bool
    sidecar: Mapping[str, Any]


def snapshots(dataset: str, *, data_dir: Path | str | None = None) -> list[Snapshot]:
    """Return every complete snapshot of a dataset, the newest first.

    Parts of an unfinished fetch are not among them. A vintage that is both embedded and in the
    user's folder is returned twice, the user's first: their parts belong together.

    Parameters
    ----------
    dataset
        Its id in the catalogue.
    data_dir
        See `integstats.store.write_root`.

    Raises
    ------
    SchemaError
        A manifest cannot be read, or is not of its folder; the message names file and field.
    """
    own, *packaged = read_roots(data_dir)
    found = [
        read_manifest(path, embedded=root != own)
        for root in (own, *packaged)
        for path in root.glob(f"*/{dataset}/*/{MANIFEST}")
    ]
    return sorted(
        found,
        key=lambda one: (_updated_at(one.updated), one.vintage, not one.embedded),
        reverse=True,
    )


def read(part: Part) -> bytes:
    """Return the bytes of a part, after checking their size and sha256.

    Raises
    ------
    ChecksumError
        The file is missing, unreadable, or not what was fetched.
    """
    try:
        content = part.path.read_bytes()
    except OSError as error:
        fault = f"cannot be read ({error.strerror or error})"
    else:
        digest = hashlib.sha256(content).hexdigest()
        if digest == part.sha256 and len(content) == part.size:
            return content
        fault = (
            f"is not what was fetched: {len(content)} bytes, sha256 {digest[:8]}…, expected "
            f"{part.size} bytes, {part.sha256[:8]}…"
        )
    raise ChecksumError(
        f"The stored file {part.path} {fault}. Delete it and run: integstats fetch "
        f"{part.path.parents[1].name} (if it came with the package: reinstall integstats)."
    )


def vintage_id(dataset: str, *, table_id: str, updated: str) -> str:
    """Return the name of a vintage: the date of the update and 8 hex digits.

    The digits come from dataset, table and the publisher's full `updated`, so that whatever is
    fetched later of the same update has the same vintage.

    Raises
    ------
    SchemaError
        `updated` has no date in it.

    Examples
    --------
    >>> vintage_id("scb-bas-month", table_id="TAB6260", updated="2026-07-15T06:00:00Z")
    '2026-07-15.7b3df37c'
    """
    digest = hashlib.sha256("\n".join((dataset, table_id, updated)).encode()).hexdigest()
    return f"{_updated_at(updated):%Y-%m-%d}.{digest[:8]}"


def _updated_at(updated: str) -> datetime:
    try:
        moment = datetime.fromisoformat(updated)
    except ValueError as error:
        raise SchemaError(
            f"Cannot read the publisher's time of update: {updated!r}, expected an ISO date with "
            "or without a time, such as 2026-07-15T06:00:00Z. Hand it over in that form."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def manifest_bytes(snapshot: Snapshot) -> bytes:
    """Return the manifest of a snapshot as it is written to disk."""
    record = {
        "schema_version": SCHEMA_VERSION,
        "publisher": snapshot.publisher,
        "dataset": snapshot.dataset,
        "table_id": snapshot.table_id,
        "vintage": snapshot.vintage,
        "updated": snapshot.updated,
        "licence": snapshot.licence,
        "sidecar": snapshot.sidecar,
        "parts": [
            {
                "file": part.path.name,
                "sha256": part.sha256,
                "size": part.size,
                "query": part.query,
                "url": part.url,
                "obtained": part.obtained,
                "fetched_at": part.fetched_at,
            }
            for part in snapshot.parts
        ],
    }
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(record, option=options | orjson.OPT_UTC_Z)


def read_manifest(path: Path, *, embedded: bool) -> Snapshot:
    """Return the snapshot that the manifest at `path` describes.

    Raises
    ------
    SchemaError
        It cannot be read, has another schema, or belongs to another folder.
    """
    try:
        record = orjson.loads(path.read_bytes())
    except OSError as error:
        raise _wrong(path, f"cannot be read ({error.strerror or error})") from error
    except orjson.JSONDecodeError as error:
        raise _wrong(path, f"is not JSON ({error})") from error
    if not isinstance(record, dict):
        raise _wrong(path, f"is a JSON {type(record).__name__}, expected a mapping")
    version = _field(path, record, "schema_version", int)
    if version != SCHEMA_VERSION:
        raise _wrong(path, f"has schema_version {version}, this integstats reads {SCHEMA_VERSION}")
    folder = path.parent
    snapshot = Snapshot(
        publisher=_field(path, record, "publisher", str),
        dataset=_field(path, record, "dataset", str),
        table_id=_field(path, record, "table_id", str),
        vintage=_field(path, record, "vintage", str),
        updated=_field(path, record, "updated", str),
        licence=_field(path, record, "licence", str),
        folder=folder,
        parts=tuple(
            _part(path, item, f"parts[{number}]")
            for number, item in enumerate(_field(path, record, "parts", list))
        ),
        embedded=embedded,
        sidecar=_field(path, record, "sidecar", dict),
    )
    try:
        vintage = vintage_id(snapshot.dataset, table_id=snapshot.table_id, updated=snapshot.updated)
    except SchemaError as error:
        raise _wrong(path, f"has updated {snapshot.updated!r}, expected an ISO date") from error
    for field, got, wanted in (
        ("publisher", snapshot.publisher, folder.parents[1].name),
        ("dataset", snapshot.dataset, folder.parent.name),
        ("vintage", snapshot.vintage, folder.name),
        ("vintage", snapshot.vintage, vintage),
    ):
        if got != wanted:
            raise _wrong(path, f"has {field} {got!r}, expected {wanted!r} here")
    return snapshot


def _part(path: Path, record: Any, where: str) -> Part:
    if not isinstance(record, dict):
        raise _wrong(path, f"has {where} {record!r}, expected a mapping")
    file = _field(path, record, "file", str, where)
    sha256 = _field(path, record, "sha256", str, where)
    obtained = _field(path, record, "obtained", str, where)
    size = _field(path, record, "size", int, where)
    if re.fullmatch("[0-9a-f]{64}", sha256) is None:
        raise _wrong(path, f"has {where}.sha256 {sha256!r}, expected 64 hex digits")
    name = _FILE.fullmatch(file)
    if name is None or not sha256.startswith(name[1]):
        raise _wrong(path, f"has {where}.file {file!r}, expected part-{sha256[:8]} and a suffix")
    if OBTAINED.fullmatch(obtained) is None:
        raise _wrong(
            path,
            f"has {where}.obtained {obtained!r}, expected 'fetched', 'saved by hand' or "
            "'carried over from …'",
        )
    fetched_at = None
    if record.get("fetched_at") is not None or obtained == "fetched":
        written = _field(path, record, "fetched_at", str, where)
        try:
            fetched_at = datetime.fromisoformat(written).astimezone(UTC)
        except ValueError as error:
            raise _wrong(path, f"has {where}.fetched_at {written!r}, expected a time") from error
    return Part(
        path=path.parent / file,
        sha256=sha256,
        size=size,
        query=_field(path, record, "query", dict, where),
        url=_field(path, record, "url", str, where),
        obtained=obtained,
        fetched_at=fetched_at,
    )


def _field(
    path: Path, record: dict[str, Any], name: str, kind: type[_T], where: str | None = None
) -> _T:
    full = name if where is None else f"{where}.{name}"
    if name not in record:
        raise _wrong(path, f"lacks the field {full}")
    value = record[name]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _wrong(path, f"has {full} {value!r}, expected {kind.__name__}")
    return value


def _wrong(path: Path, fault: str) -> SchemaError:
    return SchemaError(
        f"The manifest {path} {fault}. Move the folder {path.parent} away and run: "
        f"integstats fetch {path.parents[1].name}"
    )
