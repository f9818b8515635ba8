"""Does the stand-in of PxWebAPI 2 fail and change on command, and do its figures hang together?"""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
from pxweb_asking import SNAPSHOT, Answer, get, post, read
from pxweb_standin import (
    RATES,
    STATUSES,
    PxWebStandIn,
    Table,
    from_jsonstat,
    sample_table,
    scb_tables,
)

# -- Failures on command -----------------------------------------------------------------------

SELECTION: dict[str, Any] = {"Region": ["*"], "ContentsCode": ["*"], "Tid": ["TOP(2)"]}


def ask(server: PxWebStandIn, timeout: float = 10) -> Answer:
    codes = "".join(f"&valueCodes[{v}]={c[0]}" for v, c in SELECTION.items())
    return requests.get(f"{server.base_url}/tables/TAB9001/data?lang=sv{codes}", timeout=timeout)


@pytest.mark.parametrize("at", [1, 3, 5])
@pytest.mark.parametrize("kind", ["429", "500", "502", "503", "504"])
def test_nth_call_fails_with_a_status(tiny: PxWebStandIn, kind: str, at: int) -> None:
    tiny.fail(kind, at=at)
    statuses = [ask(tiny).status_code for _ in range(5)]
    assert statuses == [int(kind) if i == at else 200 for i in range(1, 6)]


def test_retry_after_is_sent_if_asked_for(tiny: PxWebStandIn) -> None:
    tiny.fail("429", at=1)
    tiny.fail("429", at=2, retry_after=7)
    tiny.fail("503", at=3, retry_after="Wed, 21 Oct 2026 07:28:00 GMT")
    assert [ask(tiny).headers.get("Retry-After") for _ in range(3)] == [
        None,
        "7",
        "Wed, 21 Oct 2026 07:28:00 GMT",
    ]
    assert tiny.limit_violations == []


@pytest.mark.parametrize("kind", ["drop", "drop_after_headers", "truncated"])
def test_connection_breaks(tiny: PxWebStandIn, kind: str) -> None:
    whole = ask(tiny)
    tiny.fail(kind, at=2)
    assert ask(tiny).content == whole.content
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        ask(tiny)
    assert ask(tiny).content == whole.content
    assert [r.status for r in tiny.requests] == [200, 200, 0, 200]


def test_truncated_answer_announces_more_than_it_sends(tiny: PxWebStandIn) -> None:
    tiny.fail("truncated")
    host, port = tiny.base_url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(b"GET /api/v2/tables/TAB9001/data HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = b""
        while part := raw.recv(65536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    announced = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
    assert 0 < len(body) < announced


def test_answers_that_are_no_data(tiny: PxWebStandIn) -> None:
    tiny.fail("html", at=1)
    tiny.fail("garbage", at=2)
    page, garbage = ask(tiny), ask(tiny)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html")
    assert garbage.headers["Content-Type"].startswith("application/json")
    for answer in (page, garbage):
        with pytest.raises(ValueError, match=r"Expecting|utf-8"):
            answer.json()


def test_wrong_count_missing_code_and_other_order(tiny: PxWebStandIn) -> None:
    whole = ask(tiny).json()
    assert whole["size"] == [4, 2, 2]
    for i, kind in enumerate(("wrong_count", "missing_code", "reordered"), 1):
        tiny.fail(kind, at=i)
    short, lacking, reversed_ = (ask(tiny).json() for _ in range(3))
    assert short["size"] == whole["size"]
    assert len(short["value"]) == 15
    assert lacking["size"] == [3, 2, 2]
    assert list(lacking["dimension"]["Region"]["category"]["index"]) == ["00", "10", "1001"]
    assert lacking["value"] == whole["value"][:12]
    assert list(reversed_["dimension"]["Region"]["category"]["index"]) == [
        "1002",
        "1001",
        "10",
        "00",
    ]
    blocks = np.array(whole["value"]).reshape(4, 4)
    assert reversed_["value"] == blocks[::-1].ravel().tolist()


def test_slow_answer_meets_the_read_timeout_and_closing_does_not_wait() -> None:
    with PxWebStandIn([sample_table()], max_calls=None) as server:
        server.fail("slow", delay=600)
        with pytest.raises(requests.ReadTimeout):
            ask(server, timeout=0.2)
        assert ask(server).status_code == 200


def test_failures_by_endpoint_and_every_call(tiny: PxWebStandIn) -> None:
    tiny.fail("503", at=None, endpoint="metadata")
    assert ask(tiny).status_code == 200
    assert [get(tiny, "/tables/TAB9001/metadata").status_code for _ in range(2)] == [503, 503]
    tiny.heal()
    assert get(tiny, "/tables/TAB9001/metadata").status_code == 200
    tiny.fail("500", at=[1, 2], endpoint="any")
    assert [get(tiny, "/config").status_code, ask(tiny).status_code] == [500, 500]
    with pytest.raises(ValueError, match="unknown failure"):
        tiny.fail("tired")


def test_publisher_updates_in_the_middle_of_a_download(tiny: PxWebStandIn) -> None:
    def update() -> None:
        tiny.tables["TAB9001"].updated = "2025-02-03T07:00:00Z"

    tiny.fail(update, at=2)
    moments = [ask(tiny).json()["updated"] for _ in range(3)]
    assert moments == ["2025-01-02T07:00:00Z", "2025-02-03T07:00:00Z", "2025-02-03T07:00:00Z"]


# -- Tables that change ------------------------------------------------------------------------

CHANGES: dict[str, tuple[Callable[[Table], None], Callable[[Any], bool]]] = {
    "a code is gone": (
        lambda t: t.drop_code("Region", "10"),
        lambda d: list(d["dimension"]["Region"]["category"]["index"].values()) == [0, 1, 2],
    ),
    "a label is reworded": (
        lambda t: t.relabel("Alder", "0-9", "0–9 år"),
        lambda d: d["dimension"]["Alder"]["category"]["label"]["0-9"] == "0–9 år",
    ),
    "a period is new": (
        lambda t: t.add_code("Tid", "2025"),
        lambda d: d["size"] == [4, 3, 2, 6],
    ),
    "the moment moves": (
        lambda t: setattr(t, "updated", "2026-01-01T07:00:00Z"),
        lambda d: d["updated"] == "2026-01-01T07:00:00Z",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_metadata_changes(tiny: PxWebStandIn, change: str) -> None:
    make, seen = CHANGES[change]
    assert not seen(get(tiny, "/tables/TAB9001/metadata").json())
    make(tiny.tables["TAB9001"])
    assert seen(get(tiny, "/tables/TAB9001/metadata").json())


def test_figures_change(tiny: PxWebStandIn) -> None:
    table = tiny.tables["TAB9001"]
    before = np.array(ask(tiny).json()["value"])
    table.rename_code("ContentsCode", "C1", "C9")
    assert ask(tiny).json()["dimension"]["ContentsCode"]["category"]["unit"].keys() == {"C9", "C2"}
    np.testing.assert_array_equal(np.array(ask(tiny).json()["value"]), before)
    table.revise({"Region": ["00"], "Tid": ["2024"]}, lambda old: old + 1000)
    difference = np.array(ask(tiny).json()["value"]) - before
    assert difference.tolist() == [0, 1000, 0, 1000] + [0] * 12
    table.revise({"Region": ["10"]}, np.nan, "..")
    answer = ask(tiny).json()
    assert [i for i, v in enumerate(answer["value"]) if v is None] == [4, 5, 6, 7]
    assert answer["status"] == dict.fromkeys(map(str, range(4, 8)), "..")
    table.drop_code("Region", "10")
    assert "status" not in ask(tiny).json()


def test_from_jsonstat_keeps_figures_and_symbols(shared: Path) -> None:
    path = shared / "data/pxweb/synthetic/TAB6260_slice_SYNTHETIC_values.json"
    stored = read(path)
    with PxWebStandIn([from_jsonstat(path)], max_calls=None) as server:
        answer = requests.post(
            server.base_url + "/tables/TAB6260/data?lang=en",
            json={"selection": [{"variableCode": v, "valueCodes": ["*"]} for v in stored["id"]]},
            timeout=10,
        ).json()
    for member in ("id", "size", "value", "status", "dimension"):
        assert answer[member] == stored[member]


# -- The figures of the labour market tables ---------------------------------------------------


def bas(server: PxWebStandIn, table: str, **selection: list[str]) -> tuple[np.ndarray, Any]:
    chosen = {"Kon": ["*"], "Fodelseregion": ["*"], "ContentsCode": ["*"], "Tid": ["TOP(2)"]}
    answer = post(server, table, chosen | selection).json()
    return np.array(answer["value"], dtype=float).reshape(answer["size"]), answer


def test_real_figures_are_served_where_they_are_stored(scb: PxWebStandIn, shared: Path) -> None:
    raw = read(shared / SNAPSHOT)
    names = {n: list(raw["dimension"][n]["category"]["index"]) for n in raw["id"]}
    answer = post(scb, "TAB6260", names).json()
    assert answer["id"] == raw["id"]
    assert answer["value"] == raw["value"]
    some, _ = bas(scb, "TAB6260", Region=["1280", "1283"], Alder=["20-64", "20-65"])
    cube = np.array(raw["value"]).reshape(raw["size"])
    malmo = cube[names["Region"].index("1280"), :, 0, :, :, -2:]
    # Beside places, ages and totals that are not stored: men and women, in and ut.
    np.testing.assert_array_equal(some[0, :2, 0, 1:], malmo)


@pytest.mark.parametrize("table", ["TAB6260", "TAB2948"])
def test_figures_hang_together(scb: PxWebStandIn, table: str) -> None:
    regions = ["00", "12", "1280", "1283", "2584"]
    ages = ["16-19", "20-24", "16-64", "20-64", "20-65"]
    cube, answer = bas(scb, table, Region=regions, Alder=ages)
    where = {code: i for i, code in enumerate(codes_of_document(answer, "Alder"))}
    kinds = ["employed", "unemployed", "labour_force", *STATUSES[2:], "total", *RATES]
    part = {kind: cube[:, :, :, :, i] for i, kind in enumerate(kinds)}
    assert (cube >= 0).all()
    np.testing.assert_array_equal(cube[..., :8, :], np.floor(cube[..., :8, :]))
    counts = cube[..., :8, :]
    if table == "TAB6260":  # the real figures carry SCB's disclosure noise
        counts = counts[3:]
        part = {kind: values[3:] for kind, values in part.items()}
    np.testing.assert_array_equal(counts[:, 2], counts[:, 0] + counts[:, 1])
    np.testing.assert_array_equal(counts[:, :, :, 0], counts[:, :, :, 1] + counts[:, :, :, 2])
    np.testing.assert_array_equal(sum(part[s] for s in STATUSES), part["total"])
    np.testing.assert_array_equal(part["employed"] + part["unemployed"], part["labour_force"])
    for rate, (above, below) in RATES.items():
        np.testing.assert_array_equal(part[rate], np.round(100 * part[above] / part[below], 1))
    young = counts[:, :, where["16-19"]] + counts[:, :, where["20-64"]]
    np.testing.assert_array_equal(young, counts[:, :, where["16-64"]])
    assert (counts[:, :, where["20-65"]] > counts[:, :, where["20-64"]])[..., 0, :].all()


def codes_of_document(document: Any, variable: str) -> list[str]:
    return list(document["dimension"][variable]["category"]["index"])


def test_totals_of_real_figures_are_their_sums(scb: PxWebStandIn) -> None:
    cube, _ = bas(scb, "TAB6260", Region=["0180", "1280"], Alder=["20-64"])
    counts = cube[:, :, 0, :, [0, 1, 3, 4, 5, 6]]
    np.testing.assert_array_equal(counts[:, :, 2], counts[:, :, 0] + counts[:, :, 1])
    np.testing.assert_array_equal(counts[..., 0, :], counts[..., 1, :] + counts[..., 2, :])


def test_figures_depend_on_the_codes_alone(shared: Path, scb: PxWebStandIn) -> None:
    everything, _ = bas(scb, "TAB2948", Region=["1281", "1283"], Alder=["20-64", "20-65"])
    with PxWebStandIn(scb_tables(shared), max_calls=None) as other:
        other.tables["TAB2948"].drop_code("Region", "0114")
        one, _ = bas(other, "TAB2948", Region=["1283"], Alder=["20-65"], Tid=["2024M12"])
    np.testing.assert_array_equal(one[0, :, 0, :, :, 0], everything[1, :, 1, :, :, 1])


def test_languages_have_the_same_codes(scb: PxWebStandIn) -> None:
    swedish = get(scb, "/tables/TAB6260/metadata").json()
    english = get(scb, "/tables/TAB6260/metadata?lang=en").json()
    for name in english["id"]:
        one, other = (d["dimension"][name]["category"]["index"] for d in (swedish, english))
        assert one == other
    labels = swedish["dimension"]["Region"]["category"]["label"]
    assert (labels["12"], labels["1481"]) == ("Skåne län", "Mölndal")
