"""Do the publishers still offer what the catalogue names?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pandas as pd

from integstats import catalogue, store
from integstats.catalogue import Dataset
from integstats.errors import SourceChangedError, SourceUnavailableError
from integstats.formats.cube import parse_period
from integstats.loading.registry import opened
from integstats.publishers.protocol import Offer, Publisher

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
        Address of the server, instead of the publisher's or ``INTEGSTATS_API_<PUBLISHER>``.
    now
        The time to judge by whether a table has stopped.

    Returns
    -------
    tuple of Finding
        At least one per dataset.

    Raises
    ------
    SourceUnavailableError
        When no publisher asked answers at all; where others do, it is an ``error`` of each of
        its datasets.
    """
    chosen = [catalogue.dataset(name) for name in (datasets or catalogue.datasets())]
    moment = now or datetime.now(UTC)
    found: list[Finding] = []
    unreached: list[SourceUnavailableError] = []
    publishers = {one.publisher.id: one.publisher for one in chosen}
    for publisher in publishers.values():
        own = [one for one in chosen if one.publisher == publisher]
        with opened(publisher, base_url=base_url) as server:
            try:
                server.reach()
            except SourceUnavailableError as error:
                unreached.append(error)
                found += [Finding(one.id, "error", str(error)) for one in own]
                continue
            for one in own:
                found += _checked(one, server, data_dir, moment)
    if len(unreached) == len(publishers):
        raise unreached[0]
    return tuple(found)


def _checked(
    dataset: Dataset, server: Publisher, data_dir: Path | str | None, now: datetime
) -> list[Finding]:
    stored = store.snapshots(dataset.id, data_dir=data_dir)
    try:
        offer = server.offer(dataset, stored=stored[0].updated if stored else None)
    except (SourceChangedError, SourceUnavailableError) as error:
        return [Finding(dataset.id, "error", str(error))]
    found = [*_reworded(dataset, offer.pins["labels"], data_dir), *_stopped(dataset, offer, now)]
    newest = store.vintage_id(dataset.id, table_id=offer.table_id, updated=offer.updated)
    if stored and stored[0].vintage != newest:
        found.append(
            Finding(
                dataset.id,
                "notice",
                f"Updated {offer.updated}; stored is {stored[0].vintage}. "
                f"Get it: integstats fetch {dataset.id}",
            )
        )
    if found:
        return found
    told = f"{offer.table_id}, updated {offer.updated}, last period {offer.last_period}"
    return [Finding(dataset.id, "ok", told)]


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


def _stopped(dataset: Dataset, offer: Offer, now: datetime) -> list[Finding]:
    last = parse_period(offer.last_period)
    present = pd.Period(now.strftime("%Y-%m-%d"), freq=dataset.frequency)
    behind = present.ordinal - last.ordinal
    if dataset.ended or behind <= MAX_DELAY[dataset.frequency]:
        return []
    return [
        Finding(
            dataset.id,
            "warning",
            f"The newest period of {offer.table_id} is {offer.last_period}, {behind} periods ago: "
            f"it may have been replaced. Look at {dataset.url or dataset.publisher.url}",
        )
    ]
