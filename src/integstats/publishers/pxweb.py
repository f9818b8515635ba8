"""Speak PxWebApi 2 with any server of it: search, metadata, code lists, and data in planned calls.

Knows no publisher. Answers are handed on as the bytes that came, with what is needed to keep them;
reading figures out of them is not done here.
"""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import orjson
import requests

from integstats.errors import SourceChangedError, UsageError
from integstats.publishers import limits
from integstats.publishers.call_plan import Call, Plan, plan_calls
from integstats.publishers.http import Client, Response
from integstats.publishers.limits import Limiter, Turn
from integstats.publishers.pxweb_answer import (
    CodeList,
    CodeListValue,
    Config,
    Reader,
    TableInfo,
    check_data,
    read_codelist,
    read_config,
    read_table_info,
    reading,
)
from integstats.publishers.table_meta import TableMeta, VariableMeta, read_table_meta

__all__ = [
    "Call",
    "CodeList",
    "CodeListValue",
    "Config",
    "Part",
    "Plan",
    "PxWeb",
    "TableInfo",
    "TableMeta",
    "VariableMeta",
]

_log = logging.getLogger("integstats")
_FIRST_LIMIT = (1, 1.0)  # calls, seconds: until /config has named the server's own
_PAGE_SIZE = 200
_KEPT_HEADERS = ("content-type", "date", "etag", "last-modified")


@dataclass(frozen=True, slots=True)
class Part:
    """One arrived and checked answer to one call of a plan.

    Attributes
    ----------
    body
        The JSON-stat 2 answer as it came.
    call
        What was asked, and where its values belong in the whole.
    url, query
        The address, and the JSON that was posted to it.
    fetched_at
        When it came (UTC).
    updated
        When the publisher last updated what it holds (ISO 8601, UTC): the latest of the contents
        selected, so never later than the table's own.
    headers
        Those worth keeping, names in lower case.
    """

    body: bytes = field(repr=False)
    call: Call
    url: str
    query: bytes = field(repr=False)
    fetched_at: datetime
    updated: str
    headers: Mapping[str, str]


class PxWeb:
    """A server of PxWebApi 2.

    One object makes its calls within the server's limits, from any number of threads; between
    processes of one user a lock file lets one ask at a time. ``/config`` is read once, before the
    first other call.

    Parameters
    ----------
    base_url
        Up to and including ``/api/v2``.
    language
        Of labels and notes; codes are the same in every language.
    timeout
        Seconds to connect, and seconds of silence while reading.
    attempts, budget
        The most times one call is made, and the most seconds it may take in all.
    lock_path
        The lock file; without it, one per host in the user's state folder.
    lock_timeout
        Seconds to wait for another process.
    session
        A requests session of the caller's.
    sleep, clock, wall, jitter
        Waiting, monotonic seconds, seconds since 1970, and a random number in [0, 1).

    Examples
    --------
    The latest twelve months for every code of four characters::

        with PxWeb("https://example.org/api/v2") as server:
            meta = server.metadata("TAB6260")
            plan = server.plan(meta, {"Region": ["????"], "Alder": ["20-64"], "Tid": ["TOP(12)"],
                                      "ContentsCode": ["000006HI"]})
            for part in server.fetch(plan):
                store(part)
    """

    def __init__(
        self,
        base_url: str,
        *,
        language: str = "sv",
        timeout: tuple[float, float] = (10.0, 120.0),
        attempts: int = 5,
        budget: float = 600.0,
        lock_path: Path | None = None,
        lock_timeout: float = 600.0,
        session: requests.Session | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        host = urlsplit(base_url).netloc
        if not base_url.startswith(("https://", "http://")) or not host:
            raise UsageError(
                f"Not the address of a PxWeb server: {base_url!r}. It begins with https:// and "
                "ends with /api/v2."
            )
        self.base_url = base_url.rstrip("/")
        self.language = language
        self._limiter = Limiter(*_FIRST_LIMIT, clock=clock, sleep=sleep)
        self._client = Client(
            limiter=self._limiter,
            timeout=timeout,
            attempts=attempts,
            budget=budget,
            session=session,
            sleep=sleep,
            clock=clock,
            wall=wall,
            jitter=jitter,
        )
        self._turn = Turn(
            lock_path or limits.lock_path(base_url),
            limiter=self._limiter,
            timeout=lock_timeout,
            wall=wall,
        )
        self._wall = wall
        self._config: Config | None = None
        self._config_lock = threading.Lock()

    def __enter__(self) -> PxWeb:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def config(self) -> Config:
        """Return what the server says of itself, asked for once.

        Raises
        ------
        SourceUnavailableError
            When the server did not answer (this holds for every method that asks).
        SourceChangedError
            When it answered something else than PxWebApi 2 does (this, too).
        UsageError
            When it does not have our language.
        """
        with self._config_lock:
            if self._config is None:
                with self._turn.taken():
                    response, parsed = self._get("/config", {})
                with reading(response.url):
                    config = read_config(parsed, response.body)
                if self.language not in config.languages:
                    raise UsageError(
                        f"{self.base_url} has no language {self.language!r}. It has "
                        f"{', '.join(config.languages)}."
                    )
                self._limiter.set(config.max_calls, config.time_window)
                self._config = config
            return self._config

    def search(
        self, text: str, *, past_days: int | None = None, include_discontinued: bool = False
    ) -> list[TableInfo]:
        """Return every table the search finds, from all pages.

        Parameters
        ----------
        text
            Whole words, any of which may fit; ``befolk*`` and ``title:folkmängd`` work at SCB.
            Empty for all tables.
        past_days
            Only those updated in so many days.
        include_discontinued
            Whether to include tables marked as discontinued.
        """
        params = {
            "includeDiscontinued": str(include_discontinued).lower(),
            "pageSize": str(_PAGE_SIZE),
        }
        if text:
            params["query"] = text
        if past_days is not None:
            params["pastDays"] = str(past_days)
        found: dict[str, TableInfo] = {}
        page, pages, announced = 0, 1, 0
        with self._asking():
            while page < pages:
                page += 1
                response, parsed = self._get("/tables", {**params, "pageNumber": str(page)})
                with reading(response.url):
                    at = parsed["page"]
                    pages, announced = int(at["totalPages"]), int(at["totalElements"])
                    if at["pageNumber"] != page:
                        raise ValueError(f"page {at['pageNumber']} came for page {page}")
                    items = [read_table_info(item) for item in parsed["tables"]]
                found |= {item.id: item for item in items}
        if len(found) != announced:
            raise SourceChangedError(
                f"The search for {text!r} at {self.base_url} announced {announced} tables and gave "
                f"{len(found)}: the list changed while it was read. Search again."
            )
        return list(found.values())

    def table(self, table_id: str) -> TableInfo:
        """Return one table's entry in the list: title, periods, and when it was last updated."""
        with self._asking():
            response, parsed = self._get(_path("tables", table_id), {})
        with reading(response.url):
            return read_table_info(parsed)

    def metadata(self, table_id: str, *, codelists: Mapping[str, str] | None = None) -> TableMeta:
        """Return a table's variables and codes.

        Parameters
        ----------
        table_id
            Such as ``TAB6260``.
        codelists
            Code lists to see variables through, per variable code.
        """
        applied = dict(codelists or {})
        params = {f"codelist[{code}]": listed for code, listed in applied.items()}
        with self._asking():
            response, parsed = self._get(_path("tables", table_id, "metadata"), params)
        return read_table_meta(
            parsed,
            table_id=table_id,
            codelists=applied,
            body=response.body,
            url=response.url,
            fetched_at=self._now(),
        )

    def codelist(self, codelist_id: str) -> CodeList:
        """Return a code list and, for an aggregation, what each of its values is made of."""
        with self._asking():
            response, parsed = self._get(_path("codelists", codelist_id), {})
        with reading(response.url):
            return read_codelist(parsed, response.body)

    def plan(
        self,
        meta: TableMeta,
        selection: Mapping[str, Sequence[str]],
        *,
        max_cells: int | None = None,
        pinned: bool = False,
    ) -> Plan:
        """Divide a selection into the fewest calls the server allows; no data is asked for yet.

        Parameters
        ----------
        meta
            From :meth:`metadata`; code lists applied there are asked through.
        selection
            Codes and expressions per variable, see :meth:`TableMeta.resolve`.
        max_cells
            A lower limit per call than the one the server states.
        pinned
            The codes are a catalogue's: one that is gone is a `SourceChangedError`, not an
            `UnknownCodeError`.

        Raises
        ------
        UnknownCodeError, SourceChangedError, UsageError
            As :func:`plan_calls` says.
        """
        config = self.config()
        limit = config.max_data_cells
        plan = plan_calls(
            meta,
            selection,
            max_cells=limit if max_cells is None else min(max_cells, limit),
            calls_per_window=config.max_calls,
            window=config.time_window,
            pinned=pinned,
        )
        _log.info("%s: %d cells in %d calls", meta.id, plan.cells, len(plan.calls))
        return plan

    def fetch(self, plan: Plan) -> Iterator[Part]:
        """Make the calls of a plan and yield each answer as soon as it has arrived and is checked.

        Store each part as it comes: nothing that has arrived is lost when the rest is broken off.
        Together they are the selection only when the loop ends without an error. The turn is given
        back when it ends or is broken off.

        Raises
        ------
        SourceUnavailableError
            When one of the calls was not answered; no part is ever left out.
        SourceChangedError
            When an answer does not hold exactly the dimensions, codes and number of values that
            were asked for, or the publisher updated the table meanwhile.
        """
        table = plan.table
        path = _path("tables", table.id, "data")
        with self._asking():
            for number, call in enumerate(plan.calls, start=1):
                _log.debug("%s: call %d of %d", table.id, number, len(plan.calls))
                query = _query(call, table.codelists)
                response, parsed = self._post(path, query, {"outputFormat": "json-stat2"})
                check_data(parsed, call, table, response.url)
                yield Part(
                    body=response.body,
                    call=call,
                    url=response.url,
                    query=orjson.dumps(query),
                    fetched_at=self._now(),
                    updated=parsed.get("updated") or "",
                    headers={
                        name: response.headers[name]
                        for name in _KEPT_HEADERS
                        if name in response.headers
                    },
                )

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        with self._turn.taken():
            self.config()
            yield

    def _get(self, path: str, params: Mapping[str, str]) -> tuple[Response, Any]:
        reader = Reader()
        sent = params if path == "/config" else {"lang": self.language, **params}
        with self._turn.marked():
            response = self._client.get(self.base_url + path, params=sent, check=reader)
        return response, reader.parsed

    def _post(self, path: str, query: object, params: Mapping[str, str]) -> tuple[Response, Any]:
        reader = Reader()
        sent = {"lang": self.language, **params}
        with self._turn.marked():
            response = self._client.post(self.base_url + path, query, params=sent, check=reader)
        return response, reader.parsed

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._wall(), UTC)


def _path(*steps: str) -> str:
    return "".join(f"/{quote(step, safe='')}" for step in steps)


def _query(call: Call, codelists: Mapping[str, str]) -> dict[str, Any]:
    selection: list[dict[str, Any]] = []
    for code, values in call.selection.items():
        asked: dict[str, Any] = {"variableCode": code, "valueCodes": list(values)}
        if code in codelists:
            asked["codelist"] = codelists[code]
        selection.append(asked)
    return {"selection": selection}
