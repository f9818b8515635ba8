"""Statistics Denmark: the StatBank API, version 1.

Its metadata names the time of update, which makes the vintage. The time is Danish and has no
zone; it is kept as it is written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from integstats.catalogue import Dataset
from integstats.errors import SourceChangedError
from integstats.publishers import codes
from integstats.publishers.json_api import JsonApi, now
from integstats.publishers.protocol import Answer, Job, Offer, Selection
from integstats.publishers.table_meta import TableMeta, VariableMeta

CELLS = 1_000_000
"""The most figures of one answer."""
CALLS = 1
"""Requests a second; none is documented, and others leave 0.7 s between theirs."""


class StatBank(codes.AskedByCode):
    """Statistics Denmark as a `Publisher`."""

    def __init__(self, base_url: str) -> None:
        self._api = JsonApi(base_url, calls=CALLS, complaint=_complaint)

    def __enter__(self) -> StatBank:
        return self

    def __exit__(self, *exc: object) -> None:
        self._api.close()

    def reach(self) -> None:
        """Ask for the list of subjects."""
        self._api.get("/subjects", {"format": "JSON", "lang": "en"})

    def offer(self, dataset: Dataset, *, stored: str | None = None) -> Offer:
        """Return the table's metadata with the catalogue's codes settled; `stored` is not used."""
        query = {"table": dataset.table_id, "format": "JSON", "lang": "en"}
        response, parsed = self._api.post("/tableinfo", query)
        try:
            meta = TableMeta(
                id=parsed["id"],
                label=parsed["text"],
                source="Danmarks Statistik",
                language="en",
                updated=parsed["updated"],
                variables=tuple(map(_variable, parsed["variables"])),
                notes=(),
                codelists={},
                body=response.body,
                url=response.url,
                fetched_at=now(),
            )
            time = next(one for one in meta.variables if one.time)
        except (KeyError, TypeError, AttributeError, StopIteration) as error:
            raise SourceChangedError(
                f"{response.url} does not describe a table as StatBank does "
                f"({type(error).__name__}: {error}). Open the address and compare."
            ) from None
        return Offer(
            table_id=meta.id,
            updated=meta.updated,
            variables={one.code: one.codes for one in meta.variables},
            time=time.code,
            pins=codes.pinned(dataset, meta),
            last_period=time.codes[-1],
            detail=meta,
        )

    def plan(self, dataset: Dataset, offer: Offer, selection: Selection) -> Job:
        """Divide a selection by places, so that each answer is within the limit."""
        calls = codes.by_places(dataset, selection, cells=CELLS)
        return Job(calls=calls, seconds=(len(calls) - 1) / CALLS, detail=offer.table_id)

    def answers(self, job: Job) -> Iterator[Answer]:
        """Ask for JSON-stat (version 1)."""
        for call in job.calls:
            response, parsed = self._api.post(
                "/data",
                {
                    "table": job.detail,
                    "format": "JSONSTAT",
                    "lang": "en",
                    "variables": [
                        {"code": name, "values": list(ids)} for name, ids in call.items()
                    ],
                },
            )
            _require_asked(parsed, call, response.url)
            yield Answer(
                body=response.body,
                selection=call,
                format="json-stat",
                url=response.url,
                fetched_at=now(),
                cells=math.prod(map(len, call.values())),
            )


def _variable(row: Mapping[str, Any]) -> VariableMeta:
    return VariableMeta(
        code=row["id"],
        label=row["text"],
        codes=tuple(str(one["id"]) for one in row["values"]),
        labels=tuple(str(one["text"]) for one in row["values"]),
        elimination=bool(row.get("elimination")),
        time=bool(row.get("time")),
    )


def _require_asked(parsed: Any, asked: Selection, url: str) -> None:
    """Refuse an answer that does not hold exactly the codes and figures asked for."""
    try:
        body = parsed["dataset"]
        axes = body["dimension"]
        got = {name: tuple(axes[name]["category"]["index"]) for name in axes["id"]}
        size = math.prod(axes["size"])
        figures = body["value"]
    except (KeyError, TypeError) as error:
        raise SourceChangedError(
            f"{url} does not answer in JSON-stat 1 ({type(error).__name__}: {error}). Open the "
            "address and compare."
        ) from None
    for name, ids in asked.items():
        lacking = set(ids) ^ set(got.get(name, ()))
        if lacking:
            raise SourceChangedError(
                f"{url} answered with other codes of {name} than were asked for, the first: "
                f"{min(lacking)}. Fetch again; if it stays so, the table has changed."
            )
    if len(figures) != size and not isinstance(figures, dict):
        raise SourceChangedError(
            f"{url} answered with {len(figures)} figures where its sizes say {size}. Fetch again."
        )


def _complaint(parsed: Any) -> str | None:
    if isinstance(parsed, dict) and "message" in parsed and "variables" not in parsed:
        return f"{parsed.get('errorTypeCode', '')} {parsed['message']}"
    return None
