"""Kolada, API v3: key figures by municipality, year and sex.

Kolada tells no time of update. The vintage is therefore the day on which we first asked for it,
and it stays current for as long as Kolada, asked with ``from_date``, names no value of the
dataset that has changed since the day before (its dates have no hours). Were that parameter not
heeded, every day's fetch would be a vintage of its own: figures are then asked for too often,
never too seldom.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from integstats.catalogue import Dataset
from integstats.errors import SourceChangedError
from integstats.publishers import codes
from integstats.publishers.http import Response
from integstats.publishers.json_api import JsonApi, now
from integstats.publishers.protocol import Answer, Job, Offer, Selection
from integstats.publishers.table_meta import TableMeta, VariableMeta

IDS = 25
"""The most ids of one segment of an address."""
PAGE = 5000
"""The most entries of a page; an entry is one key figure, place and year."""
CALLS = 5
"""Requests a second; Kolada documents no limit, other clients keep to this one."""
GENDERS = {"K": "Kvinnor", "M": "Män", "T": "Totalt"}


class Kolada(codes.AskedByCode):
    """Kolada as a `Publisher`."""

    def __init__(self, base_url: str) -> None:
        self._api = JsonApi(base_url, calls=CALLS, complaint=_complaint)

    def __enter__(self) -> Kolada:
        return self

    def __exit__(self, *exc: object) -> None:
        self._api.close()

    def reach(self) -> None:
        """Ask for the list of places."""
        self._api.get("/municipality", {"per_page": "1"})

    def offer(self, dataset: Dataset, *, stored: str | None = None) -> Offer:
        """Return the key figures with their titles, and whether any has changed since `stored`."""
        wanted = list(dict.fromkeys(c for one in dataset.series for c in one.codes.values()))
        kpis = {
            kpi["id"]: kpi
            for some in _chunks(wanted, IDS)
            for kpi in self._entries("/kpi/" + ",".join(some), {}, "id", "title")
        }
        places = self._entries("/municipality", {}, "id", "title")
        today = now()
        last = _last_period(kpis.values(), today.date())
        years = [str(y) for y in range(int(dataset.first_period), today.year + 1)]
        meta = TableMeta(
            id=dataset.table_id,
            label=dataset.name_sv,
            source="Kolada",
            language="sv",
            updated=self._updated(wanted, years, stored, today.date()),
            variables=(
                _variable("kpi", {key: one["title"] for key, one in kpis.items()}, metric=True),
                _variable("municipality", {one["id"]: one["title"] for one in places}),
                _variable("gender", GENDERS),
                _variable("period", dict(zip(years, years, strict=True)), time=True),
            ),
            notes=(),
            codelists={},
            body=b"",
            url=self._api.base_url,
            fetched_at=today,
        )
        pins = codes.pinned(dataset, meta)
        return Offer(
            table_id=meta.id,
            updated=meta.updated,
            variables={one.code: one.codes for one in meta.variables},
            time="period",
            pins={**pins, "definitions": {k: one.get("description") for k, one in kpis.items()}},
            last_period=str(last),
            detail=meta,
        )

    def plan(self, dataset: Dataset, offer: Offer, selection: Selection) -> Job:
        """Divide a selection so that no segment has too many ids and every answer fits a page."""
        kpis = _chunks(selection["kpi"], IDS)
        places = _chunks(selection["municipality"], IDS)
        longest = max(map(len, kpis)) * max(map(len, places))
        years = _chunks(selection["period"], min(IDS, PAGE // longest))
        calls = [
            {**selection, "kpi": some, "municipality": here, "period": when}
            for some, here, when in product(kpis, places, years)
        ]
        return Job(calls=calls, seconds=max(0.0, (len(calls) - CALLS) / CALLS))

    def answers(self, job: Job) -> Iterator[Answer]:
        """Make the calls; all pages of a call are one answer."""
        for call in job.calls:
            segments = {name: call[name] for name in ("kpi", "municipality", "period")}
            path = "/data/kpi/{kpi}/municipality/{municipality}/year/{period}".format(
                **{name: ",".join(ids) for name, ids in segments.items()}
            )
            bodies = []
            for response, page in self._pages(path, {}):
                for entry in page["values"]:
                    _require_asked(entry, segments, response.url)
                bodies.append(response.body)
            yield Answer(
                body=bodies[0] if len(bodies) == 1 else b"[" + b",".join(bodies) + b"]",
                selection=call,
                format="kolada-v3",
                url=self._api.base_url + path,
                fetched_at=now(),
                cells=math.prod(map(len, call.values())),
            )

    def _updated(
        self, kpis: Sequence[str], years: Sequence[str], stored: str | None, today: date
    ) -> str:
        if stored is None or stored == today.isoformat():
            return today.isoformat()
        since = (datetime.fromisoformat(stored).date() - timedelta(days=1)).isoformat()
        for some, when in product(_chunks(kpis, IDS), _chunks(years, IDS)):
            path = f"/data/kpi/{','.join(some)}/year/{','.join(when)}"
            _, page = next(self._pages(path, {"from_date": since, "per_page": "1"}))
            if page["values"]:
                return today.isoformat()
        return stored

    def _entries(self, path: str, params: Mapping[str, str], *needed: str) -> list[dict[str, Any]]:
        found = []
        for response, page in self._pages(path, params):
            for entry in page["values"]:
                if not isinstance(entry, dict) or not all(entry.get(key) for key in needed):
                    raise _changed(response.url, f"an entry without {' or '.join(needed)}")
                found.append(entry)
        return found

    def _pages(
        self, path: str, params: Mapping[str, str]
    ) -> Iterator[tuple[Response, dict[str, Any]]]:
        """All pages: the next one is asked for while the answer names one."""
        number = 0
        while True:
            number += 1
            asked = {"per_page": str(PAGE), **params, "page": str(number)}
            response, page = self._api.get(path, asked)
            if not isinstance(page, dict) or not isinstance(page.get("values"), list):
                raise _changed(response.url, "no list of values")
            if page.get("count", len(page["values"])) != len(page["values"]):
                raise _changed(
                    response.url, f"{len(page['values'])} values where it counts {page['count']}"
                )
            if "next_url" not in page:
                raise _changed(response.url, "no next_url, so that further pages would be missed")
            yield response, page
            if not page["next_url"]:
                return
            if not page["values"]:
                raise _changed(response.url, "an empty page that names a next one")


def _variable(
    code: str, labels: Mapping[str, str], *, time: bool = False, metric: bool = False
) -> VariableMeta:
    return VariableMeta(
        code, code, tuple(labels), tuple(labels.values()), False, time=time, metric=metric
    )


def _last_period(kpis: Any, today: date) -> int:
    """The newest year published: that of the next publication, or the one before until its day."""
    found = []
    for kpi in kpis:
        period, day = kpi.get("publ_period"), kpi.get("publication_date")
        if period and day:
            found.append(int(period) - (date.fromisoformat(day) > today))
    return max(found, default=today.year - 1)


def _require_asked(entry: Any, asked: Mapping[str, tuple[str, ...]], url: str) -> None:
    try:
        got = {name: str(entry[name]) for name in asked}
    except (KeyError, TypeError):
        raise _changed(url, f"an entry of another form: {str(entry)[:80]}") from None
    for name, value in got.items():
        if value not in asked[name]:
            raise _changed(url, f"{name} {value}, which was not asked for")


def _chunks(ids: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Equal parts, as few as hold `size` each at most."""
    parts = -(-len(ids) // size)
    length = -(-len(ids) // parts)
    return [tuple(ids[at : at + length]) for at in range(0, len(ids), length)]


def _complaint(parsed: Any) -> str | None:
    if isinstance(parsed, dict) and "values" not in parsed and "detail" in parsed:
        return str(parsed["detail"])
    return None


def _changed(url: str, what: str) -> SourceChangedError:
    return SourceChangedError(
        f"{url} answered with {what}. Open the address and compare with Kolada's own description."
    )
