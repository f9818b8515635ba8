"""Do the publishers still offer what the catalogue names?"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pandas as pd

from integstats import catalogue, store
from integstats.catalogue import Dataset
from integstats.errors import SourceChangedError, SourceUnavailableError
from integstats.sources import scb
from integstats.sources.pxweb import PxWeb, TableMeta

MAX_DELAY = {"M": 6, "Q": 3, "Y": 2}
"""Periods after which a table without a newer one is taken to have stopped."""


@dataclass(frozen=True)
class Finding:
    """One thing that `check` found.

    Attributes
    ----------
    dataset
        Id of the dataset.
    severity
        ``ok``; ``notice`` (harmless: a label was reworded, an update is available); ``warning``
        (the table seems to have stopped); ``error`` (a table, variable or code is gone, or it
        cannot be reached).
    message
        One line.
    """

    dataset: str
    severity: Literal["ok", "notice", "warning", "error"]
    message: str


def check(
    datasets: Iterable[str] | None = None,
    *,
    data_dir: Path | str | None = None,
    base_url: str | None = None,
    now: datetime | None = None,
) -> tuple[Finding, ...]:
    """Ask for the metadata of each dataset's table and compare it with the catalogue.

    Parameters
    ----------
    datasets
        Ids; all when left out.
    data_dir
        Where the user's snapshots lie, whose labels are compared.
    base_url
        Address of the server, instead of the publisher's or ``INTEGSTATS_API_SCB``.
    now
        The time to judge by whether a table has stopped.

    Returns
    -------
    tuple of Finding
        At least one per dataset.

    Raises
    ------
    SourceUnavailableError
        When the publisher does not answer at all.
    """
    chosen = [catalogue.dataset(name) for name in (datasets or catalogue.datasets())]
    moment = now or datetime.now(UTC)
    found: list[Finding] = []
    for publisher in {one.publisher.id: one.publisher for one in chosen}.values():
        address = base_url or os.environ.get(f"INTEGSTATS_API_{publisher.id.upper()}")
        with PxWeb(address or publisher.api) as server:
            server.config()
            for one in chosen:
                if one.publisher == publisher:
                    found += _checked(one, server, data_dir, moment)
    return tuple(found)


def _checked(
    dataset: Dataset, server: PxWeb, data_dir: Path | str | None, now: datetime
) -> list[Finding]:
    try:
        meta = server.metadata(dataset.table_id)
        pins = scb.pinned(dataset, meta)
    except SourceChangedError as error:
        return [Finding(dataset.id, "error", str(error))]
    except SourceUnavailableError as error:
        return [Finding(dataset.id, "error", str(error))]
    found = [*_reworded(dataset, pins["labels"], data_dir), *_stopped(dataset, meta, now)]
    stored = store.snapshots(dataset.id, data_dir=data_dir)
    newest = store.vintage_id(dataset.id, table_id=meta.id, updated=meta.updated)
    if stored and stored[0].vintage != newest:
        found.append(
            Finding(
                dataset.id,
                "notice",
                f"Updated {meta.updated}; stored is {stored[0].vintage}. "
                f"Get it: integstats fetch {dataset.id}",
            )
        )
    if found:
        return found
    last = next(variable for variable in meta.variables if variable.time).codes[-1]
    return [Finding(dataset.id, "ok", f"{meta.id}, updated {meta.updated}, last period {last}")]


def _reworded(
    dataset: Dataset, labels: dict[str, dict[str, str]], data_dir: Path | str | None
) -> list[Finding]:
    stored = store.snapshots(dataset.id, data_dir=data_dir)
    before: dict[str, dict[str, str]] = next(
        (one.sidecar["pinned"]["labels"] for one in stored if "pinned" in one.sidecar), {}
    )
    return [
        Finding(
            dataset.id,
            "notice",
            f"The label of {variable} {code} is now {labels[variable][code]!r}, was {label!r}; "
            "the code is the same.",
        )
        for variable, by_code in before.items()
        for code, label in by_code.items()
        if labels.get(variable, {}).get(code, label) != label
    ]


def _stopped(dataset: Dataset, meta: TableMeta, now: datetime) -> list[Finding]:
    codes = next(variable for variable in meta.variables if variable.time).codes
    last = pd.Period(codes[-1].replace("M", "-").replace("K", "Q"), freq=dataset.frequency)
    present = pd.Period(now.strftime("%Y-%m-%d"), freq=dataset.frequency)
    behind = present.ordinal - last.ordinal
    if dataset.ended or behind <= MAX_DELAY[dataset.frequency]:
        return []
    return [
        Finding(
            dataset.id,
            "warning",
            f"The newest period of {meta.id} is {codes[-1]}, {behind} periods ago: the table may "
            f"have been replaced. Look at {dataset.url or dataset.publisher.url}",
        )
    ]
