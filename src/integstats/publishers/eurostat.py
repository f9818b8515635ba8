"""Eurostat: the statistics API (JSON-stat 2).

Nothing but the answer itself says when a table was updated: a small one is asked for first, with
the newest period of one country. A figure that does not exist is left out of the answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from integstats import catalogue
from integstats.catalogue import Dataset
from integstats.errors import SourceChangedError
from integstats.publishers import codes
from integstats.publishers.json_api import JsonApi, now
from integstats.publishers.protocol import Answer, Job, Offer, Selection
from integstats.publishers.table_meta import TableMeta, VariableMeta

CALLS = 2
"""Requests a second; Eurostat documents no limit."""
CELLS = 200_000
"""The most figures asked for at once; more than Eurostat takes is answered with 413."""
SAMPLE = "SE"


class Eurostat(codes.AskedByCode):
    """Eurostat as a `Publisher`."""

    def __init__(self, base_url: str) -> None:
        self._api = JsonApi(base_url, calls=CALLS, complaint=_complaint)

    def __enter__(self) -> Eurostat:
        return self

    def __exit__(self, *exc: object) -> None:
        self._api.close()

    def reach(self) -> None:
        """Ask for the newest figures of one table and country."""
        self._api.get("/lfsa_ergacob", {"format": "JSON", "geo": SAMPLE, "lastTimePeriod": "1"})

    def offer(self, dataset: Dataset, *, stored: str | None = None) -> Offer:
        """Return the table's update and newest period, with the catalogue's codes checked.

        `stored` is not used. The countries are those of the catalogue.
        """
        place, time = dataset.keys["place"], dataset.keys["period"].variable
        wanted: dict[str, tuple[str, ...]] = {
            key.variable: tuple(key.codes.values())
            for key in dataset.keys.values()
            if key.variable and key.codes
        }
        wanted |= {name: (code,) for name, code in dataset.fixed.items()}
        wanted[dataset.contents_variable] = tuple(dataset.rates.values())
        query = [("format", "JSON"), ("lang", "EN"), ("lastTimePeriod", "1")]
        query += [(name, code) for name, ids in wanted.items() for code in ids]
        path = f"/{dataset.table_id}?{urlencode([*query, (place.variable, SAMPLE)])}"
        response, parsed = self._api.get(path)
        axes = _axes(parsed, response.url)
        newest, updated = max(axes.get(time, [""])), _updated(parsed, response.url)
        if not newest.isdecimal():
            raise SourceChangedError(
                f"{response.url} names no year as its newest period, but {newest!r}. Open the "
                "address and compare."
            )
        countries = {
            place.code(one.code): one.name_en
            for one in catalogue.places_abroad().values()
            if one.kind in dataset.places
        }
        years = [str(year) for year in range(int(dataset.first_period), int(newest) + 1)]
        own = {name: axes.get(name, {}) for name in wanted}
        meta = TableMeta(
            id=dataset.table_id,
            label=str(parsed.get("label")),
            source="Eurostat",
            language="en",
            updated=updated,
            variables=(
                *(
                    _variable(name, labels, metric=name == dataset.contents_variable)
                    for name, labels in own.items()
                ),
                _variable(place.variable, countries),
                _variable(time, dict(zip(years, years, strict=True)), time=True),
            ),
            notes=(),
            codelists={},
            body=response.body,
            url=response.url,
            fetched_at=now(),
        )
        return Offer(
            table_id=meta.id,
            updated=updated,
            variables={one.code: one.codes for one in meta.variables},
            time=time,
            pins=codes.pinned(dataset, meta),
            last_period=newest,
            detail=meta,
        )

    def plan(self, dataset: Dataset, offer: Offer, selection: Selection) -> Job:
        """Divide a selection by places; one call is enough for any dataset of the catalogue."""
        calls = codes.by_places(dataset, selection, cells=CELLS)
        return Job(calls=calls, seconds=(len(calls) - 1) / CALLS, detail=offer)

    def answers(self, job: Job) -> Iterator[Answer]:
        """Ask by code, every code named; the update must be the one that was offered."""
        for call in job.calls:
            query = [("format", "JSON"), ("lang", "EN")]
            query += [(name, code) for name, ids in call.items() for code in ids]
            response, parsed = self._api.get(f"/{job.detail.table_id}?{urlencode(query)}")
            for name, got in _axes(parsed, response.url).items():
                strange = set(got) - set(call.get(name, got))
                if strange:
                    raise SourceChangedError(
                        f"{response.url} answered with {name} {min(strange)}, which was not asked "
                        "for. Fetch again; if it stays so, the table has changed."
                    )
            updated = _updated(parsed, response.url)
            if updated != job.detail.updated:
                raise SourceChangedError(
                    f"{job.detail.table_id} was updated meanwhile ({updated}). Fetch again."
                )
            yield Answer(
                body=response.body,
                selection=call,
                format="eurostat",
                url=response.url,
                fetched_at=now(),
                cells=math.prod(map(len, call.values())),
            )


def _variable(
    code: str, labels: Mapping[str, str], *, time: bool = False, metric: bool = False
) -> VariableMeta:
    return VariableMeta(
        code, code, tuple(labels), tuple(labels.values()), False, time=time, metric=metric
    )


def _axes(parsed: Any, url: str) -> dict[str, dict[str, str]]:
    """Labels by code of each dimension."""
    try:
        found = {}
        for name in parsed["id"]:
            category = parsed["dimension"][name]["category"]
            labels = category.get("label", {})
            found[name] = {code: str(labels.get(code, code)) for code in category["index"]}
    except (KeyError, TypeError, AttributeError) as error:
        raise SourceChangedError(
            f"{url} does not answer in JSON-stat 2 ({type(error).__name__}: {error}). Open the "
            "address and compare."
        ) from None
    return found


def _updated(parsed: Any, url: str) -> str:
    try:
        return datetime.fromisoformat(parsed["updated"]).isoformat()
    except (KeyError, TypeError, ValueError):
        raise SourceChangedError(
            f"{url} names no time of update. Open the address and compare."
        ) from None


def _complaint(parsed: Any) -> str | None:
    if isinstance(parsed, dict) and ("error" in parsed or "warning" in parsed):
        said = parsed.get("error") or parsed.get("warning")
        first = said[0] if isinstance(said, list) and said else said
        return str(first.get("label", first)) if isinstance(first, dict) else str(first)
    return None
