"""How commands print: tables, JSON, files."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from integstats.errors import UsageError
from integstats.reports.provenance import plain
from integstats.store import atomic_write


def print_json(value: Any) -> None:
    """Print plain data as JSON."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    sys.stdout.write(orjson.dumps(plain(value), option=options).decode("utf-8"))


def print_table(frame: pd.DataFrame) -> None:
    """Print a frame in columns: text to the left, numbers to the right."""
    cells = {name: [str(one) for one in frame[name]] for name in frame.columns}
    right = {name: pd.api.types.is_numeric_dtype(frame[name].dtype) for name in frame.columns}
    width = {name: max([len(str(name)), *map(len, column)]) for name, column in cells.items()}

    def line(values: dict[str, str]) -> str:
        return "  ".join(
            values[name].rjust(width[name]) if right[name] else values[name].ljust(width[name])
            for name in frame.columns
        ).rstrip()

    print(line({str(name): str(name) for name in frame.columns}))
    for at in range(len(frame)):
        print(line({name: cells[name][at] for name in frame.columns}))


def write_frame(frame: pd.DataFrame, format: str, out: str | None) -> None:
    """Write a frame as csv, json or parquet, to a file or to the screen.

    Raises
    ------
    UsageError
        When Parquet is asked for without a file.
    OutputError
        When the file cannot be written.
    """
    content = _bytes(frame, format, out)
    if out is None:
        sys.stdout.write(content.decode("utf-8"))
        return
    atomic_write(Path(out), content)


def _bytes(frame: pd.DataFrame, format: str, out: str | None) -> bytes:
    if format == "parquet":
        if out is None:
            raise UsageError("Parquet is not for the screen; name a file: --out FILE.parquet")
        target = io.BytesIO()
        readable(frame).to_parquet(target, index=False)
        return target.getvalue()
    if format == "json":
        records = readable(frame).to_dict(orient="records")
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        return orjson.dumps(plain(records), option=options)
    return bytes(readable(frame).to_csv(index=False, lineterminator="\n").encode("utf-8"))


def readable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame any program reads: text instead of categories and periods."""
    return frame.assign(
        **{
            name: frame[name].astype(str)
            for name in frame.columns
            if not pd.api.types.is_numeric_dtype(frame[name].dtype)
        }
    )
