"""Processed tables: Parquet that is used only as long as it belongs to the raw data it came from.

Beside each ``<name>.parquet`` lies ``<name>.json`` with the sha256 of the raw parts, the schema
version and a digest. It is written last, so that a Parquet file without its own record, whatever
happened in between, counts as absent and is computed again.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from integstats.errors import SchemaError
from integstats.store.files import atomic_write
from integstats.store.roots import write_root


def write_processed(
    name: str,
    frame: pd.DataFrame,
    *,
    raw: Iterable[str],
    schema_version: int,
    data_dir: Path | str | None = None,
) -> Path:
    """Store a computed table under ``processed/``, and what it was computed from.

    Parameters
    ----------
    name
        Of the file, without suffix.
    frame
        Any columns that Parquet can hold; categories are of str.
    raw
        The sha256 of every raw part that went into it, in any order.
    schema_version
        Of the computation: raise it when the same raw data shall give another table.
    data_dir
        See `integstats.store.write_root`.

    Returns
    -------
    Path
        The Parquet file.

    Raises
    ------
    SchemaError
        A category column has categories that are not str.
    OutputError
        The folder cannot be written.
    """
    categories = {}
    for column, dtype in frame.dtypes.items():
        if isinstance(dtype, pd.CategoricalDtype):
            values = dtype.categories.tolist()
            if not all(isinstance(value, str) for value in values):
                raise SchemaError(
                    f"The column {column!r} has categories of {dtype.categories.dtype}, expected "
                    "str: a processed table could not be read back as it was. Convert them."
                )
            categories[str(column)] = {"ordered": dtype.ordered, "values": values}
    content = frame.to_parquet(engine="pyarrow")
    record = _record(content, categories, raw=raw, schema_version=schema_version)
    path = _parquet(name, data_dir)
    atomic_write(path, content)
    atomic_write(
        path.with_suffix(".json"),
        orjson.dumps(record | {"categories": categories}, option=orjson.OPT_INDENT_2),
    )
    return path


def read_processed(
    name: str,
    *,
    raw: Iterable[str],
    schema_version: int,
    data_dir: Path | str | None = None,
) -> pd.DataFrame | None:
    """Return a table stored by `write_processed`, or None if it must be computed again.

    None when there is none, when it came from other raw parts or another schema version, and when
    either file is damaged. Values, dtypes, categories (also unused ones, their order) and periods
    are those of the table that was written.
    """
    path = _parquet(name, data_dir)
    try:
        content = path.read_bytes()
        record = orjson.loads(path.with_suffix(".json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    categories = record.pop("categories", None) if isinstance(record, dict) else None
    if record != _record(content, categories, raw=raw, schema_version=schema_version):
        return None
    frame = pd.read_parquet(io.BytesIO(content), engine="pyarrow")
    # Parquet forgets the categories of a column without rows.
    return frame.astype(
        {
            column: pd.CategoricalDtype(pd.Index(known["values"], dtype="str"), known["ordered"])
            for column, known in (categories or {}).items()
        }
    )


def _parquet(name: str, data_dir: Path | str | None) -> Path:
    return write_root(data_dir) / "processed" / f"{name}.parquet"


def _record(
    content: bytes, categories: Any, *, raw: Iterable[str], schema_version: int
) -> dict[str, Any]:
    digest = hashlib.sha256(content + orjson.dumps(categories, option=orjson.OPT_SORT_KEYS))
    return {
        "digest": digest.hexdigest(),
        "raw": sorted(set(raw)),
        "schema_version": schema_version,
    }
