"""Read the answers of a PxWebApi 2 server, and tell what is an answer from what is not."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from integstats.errors import SourceChangedError, SourceUnavailableError
from integstats.publishers.call_plan import Call
from integstats.publishers.http import RETRIED, Response
from integstats.publishers.table_meta import TableMeta, category_codes

_REFUSED = frozenset({401, 403, 407, 451})  # without a problem body: not the publisher's own answer
_READ_AGAIN = "Read the table's metadata again."
_ADVICE = {
    "non-existent table": "It has been closed or renamed: search for its new id.",
    "non-existent variable": _READ_AGAIN,
    "non-existent codelist": _READ_AGAIN,
    "non-existent value": _READ_AGAIN,
    "non-existent page": "The list changed while it was read: search again.",
    "missing selection for mandantory variable": _READ_AGAIN,
    "illegal selection for mandantory variable": _READ_AGAIN,
    "illegal selection expression": _READ_AGAIN,
    "illegal placment": _READ_AGAIN,
    "too many cells selected": "The true limit is below what /config says: plan with max_cells.",
    "unsupported output format": "The server no longer gives json-stat2.",
    "unsupported language": "Choose one of the languages that /config names.",
}
"""What to do, per title of a problem body (the server's own spelling). None is worth a retry."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a server says of itself: limits (``time_window`` in seconds), languages, licence."""

    api_version: str
    max_data_cells: int
    max_calls: int
    time_window: float
    languages: tuple[str, ...]
    default_language: str
    data_formats: tuple[str, ...]
    license: str
    source_references: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table as the list of tables has it.

    ``updated`` is as published (ISO 8601, UTC), ``paths`` holds the labels from the subject down.
    ``discontinued`` is seldom set: compare ``last_period`` instead.
    """

    id: str
    label: str
    updated: str
    first_period: str
    last_period: str
    time_unit: str
    variable_names: tuple[str, ...]
    source: str
    subject_code: str
    discontinued: bool | None
    paths: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class CodeListValue:
    """A value of a code list and the codes of the variable it is made of."""

    code: str
    label: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list: ``type`` is ``Valueset`` or ``Aggregation`` (which gives new codes)."""

    id: str
    label: str
    type: str
    language: str
    values: tuple[CodeListValue, ...]
    body: bytes = field(repr=False)


class Reader:
    """Judge an answer as it comes, and keep what was read so that it is read once.

    An instance is a :data:`~integstats.publishers.http.Check` for one request.
    """

    def __init__(self) -> None:
        self.parsed: Any = None

    def __call__(self, response: Response) -> str | None:
        """Accept an answer, ask for it again, or raise what its title means."""
        text = response.body.removeprefix(b"\xef\xbb\xbf").lstrip()
        if response.status != 200:
            _refuse(response, text)
            return None
        if text.startswith(b"<"):
            raise SourceChangedError(
                f"{response.url} answered with a web page instead of data, with status 200. Open "
                "the address in a browser: the publisher has closed it for maintenance or moved "
                "it, or a proxy wants a login (HTTPS_PROXY)."
            )
        try:
            self.parsed = orjson.loads(text)
        except orjson.JSONDecodeError:
            return f"the body was cut short ({len(response.body):,} bytes that are not whole JSON)"
        if not isinstance(self.parsed, dict):
            raise SourceChangedError(
                f"{response.url} answered {type(self.parsed).__name__} where PxWebApi 2 has an "
                "object. Open the address and compare."
            )
        if str(self.parsed.get("title")).casefold() in _ADVICE:
            _refuse(response, text)
        return None


@contextlib.contextmanager
def reading(url: str) -> Iterator[None]:
    """Turn what goes wrong in reading an answer into a `SourceChangedError` that names it."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceChangedError(
            f"{url} does not answer as PxWebApi 2 does ({type(error).__name__}: {error}). Open the "
            "address and compare."
        ) from error


def read_config(parsed: Any, body: bytes) -> Config:
    """Read an answer of ``/config``; ValueError where a limit allows nothing."""
    config = Config(
        api_version=str(parsed.get("apiVersion") or ""),
        max_data_cells=int(parsed["maxDataCells"]),
        max_calls=int(parsed["maxCallsPerTimeWindow"]),
        time_window=float(parsed["timeWindow"]),
        languages=tuple(language["id"] for language in parsed["languages"]),
        default_language=parsed.get("defaultLanguage") or "",
        data_formats=tuple(parsed.get("dataFormats") or ()),
        license=parsed.get("license") or "",
        source_references={
            reference["language"]: reference["text"]
            for reference in parsed.get("sourceReferences") or ()
        },
        body=body,
    )
    if min(config.max_data_cells, config.max_calls, config.time_window) <= 0:
        raise ValueError("a limit that allows nothing")
    return config


def read_table_info(item: Any) -> TableInfo:
    """Read one table of an answer of ``/tables`` or ``/tables/{id}``."""
    return TableInfo(
        id=item["id"],
        label=item.get("label") or "",
        updated=item.get("updated") or "",
        first_period=item.get("firstPeriod") or "",
        last_period=item.get("lastPeriod") or "",
        time_unit=item.get("timeUnit") or "",
        variable_names=tuple(item.get("variableNames") or ()),
        source=item.get("source") or "",
        subject_code=item.get("subjectCode") or "",
        discontinued=item.get("discontinued"),
        paths=tuple(
            tuple(step.get("label") or step["id"] for step in path)
            for path in item.get("paths") or ()
        ),
    )


def read_codelist(parsed: Any, body: bytes) -> CodeList:
    """Read an answer of ``/codelists/{id}``."""
    return CodeList(
        id=parsed["id"],
        label=parsed.get("label") or "",
        type=parsed.get("type") or "",
        language=parsed.get("language") or "",
        values=tuple(
            CodeListValue(
                value["code"],
                value.get("label") or value["code"],
                tuple(value.get("valueMap") or ()),
            )
            for value in parsed["values"]
        ),
        body=body,
    )


def check_data(parsed: Any, call: Call, table: TableMeta, url: str) -> None:
    """Compare a data answer with what was asked: dimensions, codes, sizes, number of values.

    Raises
    ------
    SourceChangedError
        At the first difference, and when the publisher has updated the table since its metadata
        were read.
    """
    asked = call.selection
    with reading(url):
        got = {code: category_codes(parsed["dimension"][code]) for code in parsed["id"]}
        size, values = tuple(parsed["size"]), parsed["value"]
        updated = parsed.get("updated") or ""
        count = len(values)
        if isinstance(values, dict):  # sparse: only the cells that hold something
            inside = all(0 <= int(position) < call.cells for position in values)
            count = call.cells if inside else -1
    wrong = [code for code in asked if got.get(code) != asked[code]]
    if list(got) != list(asked):
        differs = f"the dimensions {', '.join(got)} came for {', '.join(asked)}"
    elif wrong:
        first = wrong[0]
        missing = [code for code in asked[first] if code not in got[first]]
        differs = f"of {first}, {len(got[first])} codes came for {len(asked[first])}" + (
            f" (not {missing[0]!r})" if missing else ", in another order or with others among them"
        )
    elif size != call.shape:
        differs = f"the size {list(size)} came for {list(call.shape)}"
    elif count != math.prod(size):
        differs = f"{len(values):,} values came for {call.cells:,} cells"
    elif updated > table.updated:
        raise SourceChangedError(
            f"Table {table.id} was updated while it was fetched ({table.updated} to {updated}): "
            "its parts would not fit together. Fetch it again."
        )
    else:
        return
    raise SourceChangedError(
        f"Table {table.id} did not answer what was asked: {differs}. Fetch again, with metadata "
        f"read anew; if it persists, {url} no longer works as documented."
    )


def _refuse(response: Response, text: bytes) -> None:
    """Raise what an answer that is no data means, by its title; return if a retry may help."""
    try:
        problem = orjson.loads(text)
        title, detail = str(problem["title"]), str(problem.get("detail") or "")
    except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError):
        title, detail = "", ""
    advice = _ADVICE.get(title.casefold())
    if advice is None and response.status in RETRIED:
        return
    if not title and response.status in _REFUSED:
        raise SourceUnavailableError(
            f"{response.url} was refused (HTTP {response.status}) without the publisher's reason, "
            "probably by a proxy or firewall. Set HTTPS_PROXY and REQUESTS_CA_BUNDLE, or ask from "
            "another network."
        )
    if 300 <= response.status < 400:
        place = response.headers.get("location", "elsewhere")
        advice = f"It has moved to {place}: change the base URL."
    reason = ": ".join(dict.fromkeys(filter(None, (title, detail)))) or "no reason given"
    raise SourceChangedError(
        f"{response.url} answered HTTP {response.status} ({reason}). "
        f"{advice or 'Open the address and compare with the documentation of PxWebApi 2.'}"
    )
