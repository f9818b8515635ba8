"""What every publisher must be able to do, so that fetching and checking need not know which it is.

A publisher is one module here with one class that follows `Publisher`. `integstats.loading`
drives it and knows nothing of addresses and formats: it asks what the publisher offers now
(`Offer`), which codes a wish means (a selection: codes per variable), cuts out of it what is
stored already, has the rest divided into calls (`Job`), and stores each `Answer` as it arrives.

To add a publisher: write the class; list it in ``integstats.loading.registry``; describe its
datasets in the catalogue (`publisher`, `keys`, `contents`); and, where its answers are not
JSON-stat, add a reader that makes a `Cube` of one stored answer to ``registry.READERS`` under the
name that the answer's ``query["format"]`` has. A publisher of whole files offers one variable with
the one code that names the file, and answers it in one call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from integstats.catalogue import Dataset

Selection = Mapping[str, tuple[str, ...]]
"""What is asked for: codes per variable, every variable of the offer named."""


@dataclass(frozen=True)
class Offer:
    """What a publisher offers of one dataset now.

    Attributes
    ----------
    table_id
        The publisher's id, kept in the manifest.
    updated
        When it was last updated, an ISO date or time: with the dataset and the table it makes the
        vintage. A publisher that tells no such time says in its module what stands for it.
    variables
        All codes per variable, in the publisher's order.
    time
        The variable of periods, its codes in time order; empty where the dataset comes as one file.
    pins
        Plain data for the sidecar: ``labels`` (variable: code: label, of the codes the catalogue
        relies on), and whatever codes were looked up (see `integstats.formats.mapping.resolved`).
    last_period
        The newest period, as the publisher writes it.
    detail
        Whatever the publisher's own class needs to go on.
    """

    table_id: str
    updated: str
    variables: Selection
    time: str
    pins: Mapping[str, Any]
    last_period: str
    detail: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Job:
    """A selection divided into calls.

    Attributes
    ----------
    calls
        One entry per call, in the publisher's own form.
    seconds
        The least time the publisher's rate limit allows for them.
    detail
        Whatever the publisher's own class needs to make them.
    """

    calls: Sequence[Any]
    seconds: float
    detail: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Answer:
    """One checked answer, as it is stored.

    Attributes
    ----------
    body
        The bytes as they came.
    selection
        What exactly was asked: of it is known later what is stored.
    format
        Name of the reader of `body`.
    url, fetched_at
        Where it came from, and when (UTC).
    cells
        How many figures were asked for.
    suffix
        Of the stored file.
    """

    body: bytes = field(repr=False)
    selection: Selection
    format: str
    url: str
    fetched_at: datetime
    cells: int
    suffix: str = ".json"


class Publisher(Protocol):
    """One publisher's server, asked within its limits; used in a ``with`` block.

    Every method that asks raises `SourceUnavailableError` when no whole answer came after all
    retries, and `SourceChangedError` when the answer is not what the catalogue expects.
    """

    def __enter__(self) -> Publisher: ...

    def __exit__(self, *exc: object) -> None: ...

    def reach(self) -> None:
        """Raise `SourceUnavailableError` unless the publisher answers at all."""

    def offer(self, dataset: Dataset, *, stored: str | None = None) -> Offer:
        """Return what there is now of a dataset.

        Parameters
        ----------
        dataset
            As the catalogue has it.
        stored
            The `updated` of the newest stored vintage, for a publisher that can only say whether
            anything has changed since.

        Raises
        ------
        SourceChangedError
            When a table, variable or code that the catalogue names is gone.
        """

    def selection(
        self,
        dataset: Dataset,
        offer: Offer,
        *,
        places: Sequence[str] | None,
        ages: Sequence[str] | None,
        start: str | None,
        end: str | None,
    ) -> dict[str, tuple[str, ...]]:
        """Return the codes that a wish means; `places` are keys of the catalogue, None for all.

        Raises
        ------
        UnknownCodeError
            When the dataset has no such place or age.
        UsageError
            When a period cannot be read, or none lies between `start` and `end`.
        """

    def plan(self, dataset: Dataset, offer: Offer, selection: Selection) -> Job:
        """Divide a selection into the fewest calls; nothing is asked for yet."""

    def answers(self, job: Job) -> Iterator[Answer]:
        """Make the calls one by one; each answer is checked before it is handed on."""
