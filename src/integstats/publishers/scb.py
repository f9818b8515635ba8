"""Statistics Sweden, through PxWebApi 2."""

from __future__ import annotations

from collections.abc import Iterator

from integstats.catalogue import Dataset
from integstats.publishers import codes
from integstats.publishers.protocol import Answer, Job, Offer, Selection
from integstats.publishers.pxweb import PxWeb


class Scb(codes.AskedByCode):
    """Statistics Sweden as a `Publisher`."""

    def __init__(self, base_url: str) -> None:
        self._server = PxWeb(base_url)

    def __enter__(self) -> Scb:
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.close()

    def reach(self) -> None:
        """Read what the server says of itself."""
        self._server.config()

    def offer(self, dataset: Dataset, *, stored: str | None = None) -> Offer:
        """Return the table's metadata with the catalogue's codes settled; `stored` is not used."""
        meta = self._server.metadata(dataset.table_id)
        pins = codes.pinned(dataset, meta)
        time = next(variable for variable in meta.variables if variable.time)
        return Offer(
            table_id=meta.id,
            updated=meta.updated,
            variables={variable.code: tuple(variable.codes) for variable in meta.variables},
            time=time.code,
            pins=pins,
            last_period=time.codes[-1],
            detail=meta,
        )

    def plan(self, dataset: Dataset, offer: Offer, selection: Selection) -> Job:
        """Divide a selection into the fewest calls the server allows."""
        plan = self._server.plan(offer.detail, selection, pinned=True)
        return Job(calls=plan.calls, seconds=plan.seconds, detail=plan)

    def answers(self, job: Job) -> Iterator[Answer]:
        """Make the calls within the server's limit."""
        for part in self._server.fetch(job.detail):
            yield Answer(
                body=part.body,
                selection=part.call.selection,
                format="json-stat2",
                url=part.url,
                fetched_at=part.fetched_at,
                cells=part.call.cells,
            )
