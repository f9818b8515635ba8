"""What the pipeline computed from the raw snapshots, as Parquet for any program to read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from integstats import catalogue, store
from integstats.formats.mapping import SCHEMA_VERSION
from integstats.loading.read import load


def process(dataset: str, *, data_dir: Path | str | None = None) -> pd.DataFrame:
    """Return all of the newest stored figures of a dataset, and keep them as Parquet.

    The file ``processed/<dataset>.parquet`` in the data folder is made again whenever the raw
    files or the schema have changed; otherwise it is read.

    Returns
    -------
    pandas.DataFrame
        As `load` returns it.

    Raises
    ------
    SnapshotMissingError
        When nothing is stored.
    OutputError
        When the data folder cannot be written.
    """
    what = catalogue.dataset(dataset)
    raw = [part.sha256 for one in store.snapshots(what.id, data_dir=data_dir) for part in one.parts]
    kept = store.read_processed(what.id, raw=raw, schema_version=SCHEMA_VERSION, data_dir=data_dir)
    if kept is not None:
        return kept
    table = load(what.id, data_dir=data_dir)
    store.write_processed(what.id, table, raw=raw, schema_version=SCHEMA_VERSION, data_dir=data_dir)
    return table
