from __future__ import annotations

import gc
import itertools
import math
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from integstats.errors import (
    IntegstatsError,
    SourceChangedError,
    SourceUnavailableError,
    UnknownCodeError,
    UsageError,
)
from integstats.publishers.pxweb import PxWeb

# A synthetic table of invented places: 12 × 3 × 2 × 8 cells.
CODES = {
    "Region": [f"9{number:03}" for number in range(12)],
    "Kon": ["1", "2", "1+2"],
    "ContentsCode": ["EMP", "UNE"],
    "Tid": [f"2025M{month:02}" for month in range(1, 9)],
}
UPDATED = "2026-03-01T07:00:00Z"
CONFIG = {
    "apiVersion": "2.2.0",
    "languages": [{"id": "sv", "label": "Svenska"}, {"id": "en", "label": "English"}],
    "defaultLanguage": "sv",
    "maxDataCells": 100,
    "maxCallsPerTimeWindow": 3,
    "timeWindow": 1,
    "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    "sourceReferences": [{"language": "sv", "text": "Källa: ingen"}],
    "dataFormats": ["json-stat2", "csv"],
}
ALL = {"Region": ["*"], "Kon": ["*"], "ContentsCode": ["*"], "Tid": ["*"]}


def value(cell: tuple[str, ...]) -> int:
    return zlib.crc32("/".join(cell).encode())


def dataset(codes: dict[str, list[str]], values: list[int]) -> dict[str, Any]:
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "Invented",
        "updated": UPDATED,
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
        "id": list(codes),
        "size": [len(listed) for listed in codes.values()],
        "dimension": {
            name: {
                "label": name.lower(),
                "category": {
                    "index": {code: place for place, code in enumerate(listed)},
                    "label": {code: f"label of {code}" for code in listed},
                },
                "extension": {"elimination": name in ("Region", "Kon")},
            }
            for name, listed in codes.items()
        },
        "value": values,
    }


class Server:
    """Answers like PxWebApi 2 for the table TAB0, until ``spoil`` says otherwise."""

    def __init__(self, publisher: Any) -> None:
        self.base_url = publisher.url + "/api/v2"
        self.asked = publisher.asked
        self.config = dict(CONFIG)
        self.spoil: Callable[[str, int, dict[str, Any]], dict[str, Any]] = lambda *args: args[2]
        self._number: dict[str, int] = {}
        publisher.will(self._answer)

    def calls(self, kind: str) -> list[Any]:
        return [asked for asked in self.asked if kind_of(asked) == kind]

    def _answer(self, asked: Any) -> dict[str, Any]:
        kind = kind_of(asked)
        self._number[kind] = number = self._number.get(kind, 0) + 1
        if kind == "config":
            document = self.config
        elif kind == "metadata":
            document = dataset(CODES, [])
        elif kind == "data":
            chosen = {
                item["variableCode"]: item["valueCodes"]
                for item in orjson.loads(asked.body)["selection"]
            }
            cells = itertools.product(*chosen.values())
            document = dataset(chosen, [value(cell) for cell in cells])
        else:
            document = {}
        reply = {
            "body": orjson.dumps(document),
            "headers": {"Content-Type": "application/json", "X-Secret": "1"},
        }
        return self.spoil(kind, number, reply)


def kind_of(asked: Any) -> str:
    return urlsplit(asked.target).path.rsplit("/", 1)[-1]


def problem(title: str, status: int, **others: Any) -> dict[str, Any]:
    body = {"type": "Parameter error", "title": title, "status": status} | others
    return {"status": 400, "body": orjson.dumps(body)}


@pytest.fixture
def server(publisher: Any) -> Server:
    return Server(publisher)


@pytest.fixture
def connect(server: Server, time: Any, tmp_path: Path) -> Iterator[Callable[..., PxWeb]]:
    made: list[PxWeb] = []

    def connect(**kwargs: Any) -> PxWeb:
        defaults: dict[str, Any] = {
            "timeout": (5.0, 5.0),
            "lock_path": tmp_path / "lock",
            "lock_timeout": 0.1,
            "sleep": time.sleep,
            "clock": time.clock,
            "wall": time.wall,
            "jitter": lambda: 0.0,
        }
        made.append(PxWeb(server.base_url, **(defaults | kwargs)))
        return made[-1]

    yield connect
    for one in made:
        one.close()


@pytest.fixture
def px(connect: Callable[..., PxWeb]) -> PxWeb:
    return connect()


def spoiled(server: Server, kind: str, at: int | None, **changes: Any) -> None:
    """Make call number ``at`` (or every one) of a kind answer something else."""
    server.spoil = lambda kind_, number, reply: (
        reply | changes if kind_ == kind and at in (None, number) else reply
    )


def changed(server: Server, change: Callable[[Any], None], at: int = 1) -> None:
    """Change the document of a data answer."""

    def spoil(kind: str, number: int, reply: dict[str, Any]) -> dict[str, Any]:
        if kind != "data" or number != at:
            return reply
        document = orjson.loads(reply["body"])
        change(document)
        return reply | {"body": orjson.dumps(document)}

    server.spoil = spoil


# What is asked, and how often


def test_a_table_in_planned_calls(px: PxWeb, server: Server, time: Any) -> None:
    meta = px.metadata("TAB0")
    plan = px.plan(meta, ALL)
    assert (plan.cells, plan.lower_bound, len(plan.calls)) == (576, 6, 6)
    assert plan.seconds == 1.0
    cube: dict[tuple[str, ...], int] = {}
    bodies = []
    for part in px.fetch(plan):
        bodies.append(part.body)
        document = orjson.loads(part.body)
        cells = itertools.product(*part.call.selection.values())
        cube |= dict(zip(cells, document["value"], strict=True))
        assert orjson.loads(part.query) == orjson.loads(server.calls("data")[-1].body)
        assert part.url == server.base_url + "/tables/TAB0/data?lang=sv&outputFormat=json-stat2"
        assert part.fetched_at == datetime.fromtimestamp(time.wall(), UTC)
        assert part.updated == UPDATED
        assert part.headers == {"content-type": "application/json"}
    assert cube == {cell: value(cell) for cell in itertools.product(*CODES.values())}
    assert list(cube) == list(itertools.product(*CODES.values()))  # rows in the order of the cube
    assert [kind_of(asked) for asked in server.asked] == ["config", "metadata", *["data"] * 6]


def test_one_cell_is_three_calls_and_the_next_one_more(px: PxWeb, server: Server) -> None:
    meta = px.metadata("TAB0")
    one = {"Region": ["9000"], "Kon": ["1"], "ContentsCode": ["EMP"], "Tid": ["TOP(1)"]}
    (part,) = px.fetch(px.plan(meta, one))
    assert part.call.selection["Tid"] == ("2025M08",)  # the newest
    assert len(server.asked) == 3
    list(px.fetch(px.plan(meta, one | {"Kon": ["2"]})))
    assert len(server.asked) == 4


def test_data_is_asked_for_by_code_in_a_post(px: PxWeb, server: Server) -> None:
    meta = px.metadata("TAB0", codelists={"Region": "agg_Påhittad"})
    assert meta.codelists == {"Region": "agg_Påhittad"}
    target = urlsplit(server.calls("metadata")[0].target)
    assert parse_qs(target.query) == {"lang": ["sv"], "codelist[Region]": ["agg_Påhittad"]}
    plan = px.plan(meta, {"tid": ["from(2025M07)"], "region": ["900?"], "CONTENTSCODE": ["EMP"]})
    assert plan.eliminated == ("Kon",)
    list(px.fetch(plan))
    (asked,) = server.calls("data")
    assert asked.method == "POST"
    assert orjson.loads(asked.body) == {
        "selection": [
            {
                "variableCode": "Region",
                "valueCodes": [f"900{number}" for number in range(10)],
                "codelist": "agg_Påhittad",
            },
            {"variableCode": "ContentsCode", "valueCodes": ["EMP"]},
            {"variableCode": "Tid", "valueCodes": ["2025M07", "2025M08"]},
        ]
    }


def test_nothing_is_asked_where_the_selection_is_wrong(px: PxWeb, server: Server) -> None:
    meta = px.metadata("TAB0")
    before = len(server.asked)
    with pytest.raises(UsageError, match="TAB0 needs a selection for ContentsCode"):
        px.plan(meta, {"Tid": ["*"]})
    with pytest.raises(UnknownCodeError, match=r"no value '1\+3' of Kon"):
        px.plan(meta, ALL | {"Kon": ["1+3"]})
    with pytest.raises(SourceChangedError, match=r"no value '1\+3' of Kon"):
        px.plan(meta, ALL | {"Kon": ["1+3"]}, pinned=True)
    assert len(server.asked) == before


def test_the_metadata_keeps_its_bytes(px: PxWeb, time: Any) -> None:
    meta = px.metadata("TAB0")
    assert orjson.loads(meta.body) == dataset(CODES, [])
    assert meta.url.endswith("/tables/TAB0/metadata?lang=sv")
    assert meta.fetched_at == datetime.fromtimestamp(time.wall(), UTC)


def test_a_lower_limit_may_be_given_and_a_higher_one_is_not_believed(px: PxWeb) -> None:
    meta = px.metadata("TAB0")
    assert len(px.plan(meta, ALL, max_cells=50).calls) == 12
    assert len(px.plan(meta, ALL, max_cells=10**6).calls) == 6


def test_the_language_is_sent_and_must_exist(connect: Any, server: Server) -> None:
    connect(language="en").metadata("TAB0")
    assert "lang=en" in server.calls("metadata")[0].target
    with pytest.raises(UsageError, match=r"no language 'dk'. It has sv, en"):
        connect(language="dk").metadata("TAB0")


def test_ids_are_quoted(px: PxWeb, server: Server) -> None:
    spoiled(server, "metadata", None, body=orjson.dumps(dataset(CODES, [])))
    px.metadata("å/b?c")
    assert server.calls("metadata")[0].target == "/api/v2/tables/%C3%A5%2Fb%3Fc/metadata?lang=sv"


@pytest.mark.parametrize(
    "address", ["", "statistikdatabasen.scb.se/api/v2", "ftp://x/", "https://"]
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(UsageError, match="Not the address of a PxWeb server"):
        PxWeb(address)


# Limits


def test_the_servers_limit_is_kept(px: PxWeb, server: Server, time: Any) -> None:
    server.config |= {"maxCallsPerTimeWindow": 2, "timeWindow": 10, "maxDataCells": 48}
    moments: list[float] = []

    def note(kind: str, number: int, reply: dict[str, Any]) -> dict[str, Any]:
        moments.append(time.clock())
        return reply

    server.spoil = note
    list(px.fetch(px.plan(px.metadata("TAB0"), ALL)))
    assert len(moments) == 14
    for first, third in zip(moments, moments[2:], strict=False):
        assert third - first >= 10


def test_threads_share_the_limit_and_the_configuration(
    px: PxWeb, server: Server, time: Any
) -> None:
    moments: list[float] = []
    lock = threading.Lock()

    def note(kind: str, number: int, reply: dict[str, Any]) -> dict[str, Any]:
        with lock:
            moments.append(time.clock())
        return reply

    server.spoil = note
    threads = [threading.Thread(target=px.metadata, args=("TAB0",)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    moments.sort()
    assert len(moments) == 13
    assert len(server.calls("config")) == 1
    for first, fourth in zip(moments, moments[3:], strict=False):
        assert fourth - first >= 1 - 1e-6


@pytest.mark.parametrize(
    "change",
    [
        {"maxDataCells": 0},
        {"maxCallsPerTimeWindow": 0},
        {"timeWindow": 0},
        {"maxDataCells": None},
        {"languages": None},
    ],
)
def test_a_configuration_that_makes_no_sense(
    px: PxWeb, server: Server, change: dict[str, Any]
) -> None:
    server.config |= change
    with pytest.raises(SourceChangedError, match=r"/config does not answer as PxWebApi 2"):
        px.config()


def test_the_real_configuration(px: PxWeb, server: Server, shared: Path) -> None:
    server.config = orjson.loads((shared / "data/pxweb/v2_scb/config.json").read_bytes())
    config = px.config()
    assert (config.max_data_cells, config.max_calls, config.time_window) == (150_000, 3, 1.0)
    assert config.languages == ("en", "sv")
    assert config.source_references["sv"] == "Källa: SCB"
    assert "json-stat2" in config.data_formats


def test_the_timeout_is_passed_on(connect: Any, server: Server) -> None:
    never = threading.Event()
    spoiled(server, "metadata", None, wait=never)
    with pytest.raises(SourceUnavailableError, match=r"timed out \(5 s to connect, 0\.05 s of sil"):
        connect(timeout=(5.0, 0.05), attempts=1).metadata("TAB0")
    never.set()


# One at a time


def test_two_fetches_of_one_user_wait_for_each_other(connect: Any, tmp_path: Path) -> None:
    first, second = connect(), connect()
    parts = first.fetch(first.plan(first.metadata("TAB0"), ALL))
    next(parts)
    with pytest.raises(SourceUnavailableError, match="Another fetch has kept"):
        second.metadata("TAB0")
    first.metadata("TAB0")  # but it may itself ask for something in between
    parts.close()
    second.metadata("TAB0")


def test_an_interrupted_fetch_has_stored_what_came_and_gives_the_turn_back(
    px: PxWeb, server: Server, connect: Any
) -> None:
    stored = []

    def interrupted() -> None:
        for part in px.fetch(px.plan(px.metadata("TAB0"), ALL)):
            stored.append(part)
            if len(stored) == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    gc.collect()
    assert len(stored) == len(server.calls("data")) == 3  # nothing was asked for and thrown away
    connect().config()


def test_the_lock_lies_in_the_users_state_folder_per_host(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connect: Any
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    connect(lock_path=None).config()
    name = urlsplit(server.base_url).netloc.replace(":", "_")
    assert list(tmp_path.rglob(f"{name}.lock.last"))


def test_what_one_process_asked_counts_for_the_next(
    connect: Any, server: Server, time: Any
) -> None:
    server.config["timeWindow"] = 10
    connect().config()
    first = connect()
    first.metadata("TAB0")
    before = time.clock()
    connect().config()
    assert time.clock() - before == pytest.approx(10, abs=0.1)


# What goes wrong: never a partial table

PASSING = [
    {"status": 429, "body": b"API calls quota exceeded! maximum admitted 3 per 1s."},
    {"status": 500, "body": b""},
    {"status": 502, "body": b"<html>Bad gateway</html>"},
    {"status": 503, "body": orjson.dumps({"title": "Service unavailable", "status": 503})},
    {"status": 504},
    {"drop": True},
    {"cut": 100},
    {"cut": 100, "chunked": True},
    {"body": b""},
    {"body": b'{"version":"2.0","class":"dataset","val'},
]


@pytest.mark.parametrize("trouble", PASSING, ids=range(len(PASSING)))
@pytest.mark.parametrize("kind", ["config", "metadata", "data"])
def test_what_passes_is_waited_out(
    px: PxWeb, server: Server, trouble: dict[str, Any], kind: str
) -> None:
    spoiled(server, kind, 1, **trouble)
    parts = list(px.fetch(px.plan(px.metadata("TAB0"), ALL)))
    assert sum(part.call.cells for part in parts) == 576
    assert len(server.calls(kind)) == (7 if kind == "data" else 2)


@pytest.mark.parametrize("trouble", PASSING, ids=range(len(PASSING)))
def test_a_call_that_fails_fails_the_fetch(
    px: PxWeb, server: Server, trouble: dict[str, Any]
) -> None:
    server.spoil = lambda kind, number, reply: (
        reply | trouble if kind == "data" and number >= 3 else reply
    )
    arrived = []
    with pytest.raises(SourceUnavailableError, match="was tried 5 of 5 times"):
        arrived.extend(px.fetch(px.plan(px.metadata("TAB0"), ALL)))
    assert len(arrived) == 2


def test_a_web_page_is_no_data(px: PxWeb, server: Server) -> None:
    page = (
        b"\r\n<!DOCTYPE html>\n<html><body>Statistikdatabasen \xc3\xa4r st\xc3\xa4ngd</body></html>"
    )
    for kind in ("config", "metadata", "data"):
        server._number.clear()
        spoiled(server, kind, 1, body=page, headers={"Content-Type": "text/html"})
        with pytest.raises(SourceChangedError, match="a web page instead of data, with status 200"):
            list(px.fetch(px.plan(px.metadata("TAB0"), ALL)))


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"12", b"{}", b'{"value": []}'])
def test_json_that_is_no_answer(px: PxWeb, server: Server, body: bytes) -> None:
    spoiled(server, "data", 1, body=body)
    with pytest.raises(SourceChangedError, match="Open the address and compare"):
        list(px.fetch(px.plan(px.metadata("TAB0"), ALL)))
    assert len(server.calls("data")) == 1


def test_a_byte_order_mark_is_no_trouble(px: PxWeb, server: Server) -> None:
    spoiled(server, "config", 1, body=b"\xef\xbb\xbf" + orjson.dumps(CONFIG))
    assert px.config().max_calls == 3


TITLES = [
    ("Non-existent table", "search for its new id"),
    ("Non-existent variable", "Read the table's metadata again"),
    ("Non-existent value", "Read the table's metadata again"),
    ("Non-existent codelist", "Read the table's metadata again"),
    ("Missing selection for mandantory variable", "Read the table's metadata again"),
    ("Illegal selection expression", "Read the table's metadata again"),
    ("Too many cells selected", "plan with max_cells"),
    ("Unsupported language", "languages that /config names"),
]


@pytest.mark.parametrize(("title", "advice"), TITLES)
@pytest.mark.parametrize("status", [200, 400, 403, 404, 500])
def test_the_title_decides_whatever_the_status(
    px: PxWeb, server: Server, title: str, advice: str, status: int
) -> None:
    spoiled(server, "data", 1, **(problem(title, 404) | {"status": status}))
    with pytest.raises(SourceChangedError) as caught:
        list(px.fetch(px.plan(px.metadata("TAB0"), ALL)))
    assert f"HTTP {status} ({title})" in str(caught.value)
    assert advice in str(caught.value)
    assert len(server.calls("data")) == 1


def test_a_title_that_says_to_wait_is_waited_out(px: PxWeb, server: Server) -> None:
    spoiled(server, "data", 1, **(problem("Too many requests", 429) | {"status": 429}))
    assert len(list(px.fetch(px.plan(px.metadata("TAB0"), ALL)))) == 6


@pytest.mark.parametrize("status", [401, 403, 407, 451])
def test_a_refusal_without_a_reason_is_a_proxys(px: PxWeb, server: Server, status: int) -> None:
    spoiled(server, "metadata", 1, status=status, body=b"<html>Blocked</html>")
    with pytest.raises(SourceUnavailableError, match=r"refused.*proxy or firewall.*HTTPS_PROXY"):
        px.metadata("TAB0")


def test_another_status_without_a_reason(px: PxWeb, server: Server) -> None:
    spoiled(server, "metadata", 1, status=404, body=b"")
    with pytest.raises(SourceChangedError, match=r"HTTP 404 \(no reason given\)"):
        px.metadata("TAB0")


def test_a_problem_says_its_detail(px: PxWeb, server: Server) -> None:
    spoiled(server, "metadata", 1, **problem("Bad Request", 400, detail="Value, xxx"))
    with pytest.raises(SourceChangedError, match=r"\(Bad Request: Value, xxx\)"):
        px.metadata("TAB0")


def test_data_that_has_moved_is_not_asked_for_without_its_selection(
    px: PxWeb, server: Server
) -> None:
    spoiled(server, "data", 1, status=301, headers={"Location": "https://new.invalid/api/v2"})
    with pytest.raises(SourceChangedError, match=r"moved to https://new\.invalid/api/v2"):
        list(px.fetch(px.plan(px.metadata("TAB0"), ALL)))


# An answer is compared with what was asked


def drop_value(document: Any) -> None:
    document["value"].pop()


def drop_code(document: Any) -> None:
    document["dimension"]["Kon"]["category"]["index"].pop("1+2")
    document["size"][1] = 2
    document["value"] = document["value"][: math.prod(document["size"])]


def turn_codes(document: Any) -> None:
    document["dimension"]["Kon"]["category"]["index"] = {"2": 0, "1": 1, "1+2": 2}


def other_code(document: Any) -> None:
    index = document["dimension"]["Kon"]["category"]["index"]
    index["9"] = index.pop("2")


def drop_dimension(document: Any) -> None:
    document["id"].pop(0)
    document["size"].pop(0)


def turn_dimensions(document: Any) -> None:
    document["id"].reverse()
    document["size"].reverse()


def wrong_size(document: Any) -> None:
    document["size"][0] += 1


def values_outside(document: Any) -> None:
    document["value"] = {"0": 1, "96": 2}


def no_values(document: Any) -> None:
    document["value"] = None


def no_dimension(document: Any) -> None:
    del document["dimension"]["Tid"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (drop_value, "95 values came for 96 cells"),
        (drop_code, r"of Kon, 2 codes came for 3 \(not '1\+2'\)"),
        (turn_codes, "of Kon, 3 codes came for 3, in another order"),
        (other_code, r"of Kon, 3 codes came for 3 \(not '2'\)"),
        (drop_dimension, "dimensions Kon, ContentsCode, Tid came for Region, Kon"),
        (turn_dimensions, "dimensions Tid, ContentsCode, Kon, Region came for Region, Kon"),
        (wrong_size, r"size \[3, 3, 2, 8\] came for \[2, 3, 2, 8\]"),
        (values_outside, "2 values came for 96 cells"),
        (no_values, "does not answer as PxWebApi 2"),
        (no_dimension, "does not answer as PxWebApi 2"),
    ],
)
@pytest.mark.parametrize("at", [1, 4])
def test_an_answer_to_another_question_is_refused(
    px: PxWeb, server: Server, change: Any, message: str, at: int
) -> None:
    changed(server, change, at)
    arrived = []
    with pytest.raises(SourceChangedError, match=message):
        arrived.extend(px.fetch(px.plan(px.metadata("TAB0"), ALL)))
    assert len(arrived) == at - 1


def test_sparse_values_and_an_index_in_a_list_are_legal(px: PxWeb, server: Server) -> None:
    def change(document: Any) -> None:
        document["value"] = {"0": 1, "95": 2}
        for dimension in document["dimension"].values():
            dimension["category"]["index"] = list(dimension["category"]["index"])

    changed(server, change)
    assert len(list(px.fetch(px.plan(px.metadata("TAB0"), ALL)))) == 6


def test_a_table_updated_meanwhile_is_not_mixed(px: PxWeb, server: Server) -> None:
    changed(server, lambda document: document.update(updated="2026-03-02T07:00:00Z"), at=4)
    arrived = []
    with pytest.raises(SourceChangedError, match=r"updated while it was fetched.*Fetch it again"):
        arrived.extend(px.fetch(px.plan(px.metadata("TAB0"), ALL)))
    assert len(arrived) == 3


def test_contents_updated_earlier_than_the_table_are_no_update(px: PxWeb, server: Server) -> None:
    changed(server, lambda document: document.update(updated="2026-02-01T07:00:00Z"), at=4)
    assert len(list(px.fetch(px.plan(px.metadata("TAB0"), ALL)))) == 6


# Search, tables, code lists


def items(count: int) -> list[dict[str, Any]]:
    return [
        {"id": f"TAB{n}", "label": f"Invented {n}", "variableNames": ["region"], "links": []}
        for n in range(count)
    ]


def paged(server: Server, tables: list[dict[str, Any]], size: int) -> None:
    """Answer /tables in pages of a size of the server's own."""

    def spoil(kind: str, number: int, reply: dict[str, Any]) -> dict[str, Any]:
        if kind != "tables":
            return reply
        target = urlsplit(server.calls("tables")[-1].target)
        page = int(parse_qs(target.query)["pageNumber"][0])
        document = {
            "language": "sv",
            "tables": tables[(page - 1) * size : page * size],
            "page": {
                "pageNumber": page,
                "pageSize": size,
                "totalElements": len({table["id"] for table in tables}),
                "totalPages": -(-len(tables) // size),
            },
        }
        return reply | {"body": orjson.dumps(document)}

    server.spoil = spoil


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (65, 4)])
def test_a_search_reads_every_page(px: PxWeb, server: Server, count: int, pages: int) -> None:
    paged(server, items(count), 20)
    assert [table.id for table in px.search("folkmängd")] == [f"TAB{n}" for n in range(count)]
    assert len(server.calls("tables")) == pages


def test_a_search_says_what_it_looks_for(px: PxWeb, server: Server) -> None:
    paged(server, items(1), 20)
    px.search("title:folkmängd å", past_days=3, include_discontinued=True)
    px.search("")
    asked = [parse_qs(urlsplit(one.target).query) for one in server.calls("tables")]
    assert asked[0] == {
        "lang": ["sv"],
        "query": ["title:folkmängd å"],
        "pastDays": ["3"],
        "includeDiscontinued": ["true"],
        "pageNumber": ["1"],
        "pageSize": ["200"],
    }
    assert "query" not in asked[1]
    assert asked[1]["includeDiscontinued"] == ["false"]


def test_a_list_that_moves_while_it_is_read_is_not_taken(px: PxWeb, server: Server) -> None:
    tables = items(40)
    tables[25] = tables[3]  # slid from the first page to the second
    paged(server, [*tables], 20)
    server_spoil = server.spoil

    def announce(kind: str, number: int, reply: dict[str, Any]) -> dict[str, Any]:
        reply = server_spoil(kind, number, reply)
        return reply | {"body": reply["body"].replace(b'"totalElements":39', b'"totalElements":40')}

    server.spoil = announce
    with pytest.raises(SourceChangedError, match="announced 40 tables and gave 39"):
        px.search("x")


def test_a_server_that_repeats_its_first_page_is_not_read_for_ever(
    px: PxWeb, server: Server
) -> None:
    body = {
        "tables": items(20),
        "page": {"pageNumber": 1, "pageSize": 20, "totalElements": 60, "totalPages": 3},
    }
    spoiled(server, "tables", None, body=orjson.dumps(body))
    with pytest.raises(SourceChangedError, match="page 1 came for page 2"):
        px.search("x")


def test_the_real_search(px: PxWeb, server: Server, shared: Path) -> None:
    spoiled(server, "tables", None, body=(shared / "data/pxweb/v2_scb/search.json").read_bytes())
    found = px.search("befolkning", past_days=30)
    assert len(found) == 10
    first = found[0]
    assert (first.id, first.updated) == ("TAB4552", "2026-06-02T06:00:00Z")
    assert (first.first_period, first.last_period, first.time_unit) == ("1960", "2024", "Annual")
    assert first.paths[0][0] == "Miljö"
    assert first.discontinued is None


def test_one_table(px: PxWeb, server: Server, shared: Path) -> None:
    body = shared / "data/pxweb/v2_server_test_fixtures/ExpectedJson/TableById_tab004.json"
    spoiled(server, "TAB004", None, body=body.read_bytes())
    table = px.table("TAB004")
    assert (table.id, table.last_period, table.subject_code) == ("TAB004", "2017", "EN")


def test_a_real_code_list(px: PxWeb, server: Server, shared: Path) -> None:
    body = (shared / "data/pxweb/v2_scb/agg_Ålder10årJ.json").read_bytes()
    spoiled(server, "agg_%C3%85lder10%C3%A5rJ", None, body=body)
    listed = px.codelist("agg_Ålder10årJ")
    assert (listed.id, listed.type, listed.language) == ("agg_Ålder10årJ", "Aggregation", "sv")
    assert listed.values[0].code == "-9"
    assert set(listed.values[0].members) == {str(age) for age in range(10)}


def test_real_data_answers_its_own_question(px: PxWeb, server: Server, shared: Path) -> None:
    server.config["maxDataCells"] = 150_000
    recorded = shared / "data/pxweb/v2_scb"
    server.spoil = lambda kind, number, reply: (
        reply | {"body": (recorded / f"TAB6471_{kind}.json").read_bytes()}
        if kind in ("metadata", "data")
        else reply
    )
    meta = px.metadata("TAB6471")
    ages = ["0-9", *(f"{age}-{age + 9}" for age in range(10, 100, 10)), "100+10"]
    counties = [code for code in meta.resolve("Region", "??") if code != "00"]
    selection = {"Region": counties, "Alder": ages, "ContentsCode": ["000007SF"], "Kon": ["*"]}
    (part,) = px.fetch(px.plan(meta, selection | {"Tid": ["TOP(4)"]}))
    assert part.call.shape == (21, 11, 3, 1, 4)
    assert part.updated == meta.updated == "2026-06-08T06:00:00Z"
    with pytest.raises(SourceChangedError, match="of Tid, 4 codes came for 5"):
        list(px.fetch(px.plan(meta, selection | {"Tid": ["TOP(5)"]})))


def test_every_error_is_one_line(px: PxWeb, server: Server) -> None:
    troubles: list[dict[str, Any]] = [
        {"status": 503},
        {"body": b"<html>\n</html>"},
        problem("Non-existent table", 404),
    ]
    for trouble in troubles:
        server._number.clear()
        spoiled(server, "metadata", None, **trouble)
        with pytest.raises(IntegstatsError) as caught:
            px.metadata("TAB0")
        assert "\n" not in str(caught.value)
        assert "/tables/TAB0/metadata" in str(caught.value)
