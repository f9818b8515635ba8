"""Does the stand-in of PxWebAPI 2 answer as the real servers did?

Evidence: answers SCB gave in June 2026 (recorded by stefur/pxwebpy, d45f4cb2) and metadata
transcribed from real-estate-war-lord/am-dashboard-se; what the real server's own tests expect of
its tiny database (PxTools/PxWebApi, 92f4cfa4); and a client that somebody else wrote (pxwebpy
0.6.0) that gets the stored figures through it.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
from pxweb import PxApi
from pxweb_asking import RECORDED, SCB, SNAPSHOT, get, post, read, title
from pxweb_standin import (
    PxWebStandIn,
    Table,
    from_px,
    population_table,
    sample_table,
    scb_tables,
)

from integstats.publishers.pxweb import PxWeb

TRANSCRIBED = "data/pxweb/v2_scb_transcribed/scb_{}.meta.json"
TINY = "data/pxweb/px_files/PxWebApi_tinydatabase"
EXPECTED = "data/pxweb/v2_server_test_fixtures/ExpectedJson"


# -- What SCB answered ------------------------------------------------------------------------


def test_metadata_is_what_scb_answered(shared: Path) -> None:
    with PxWebStandIn([population_table(shared)], link_base=SCB) as server:
        answer = get(server, "/tables/TAB6471/metadata")
    assert answer.json() == read(shared / RECORDED / "TAB6471_metadata.json")


def test_data_is_what_scb_answered(scb: PxWebStandIn, shared: Path) -> None:
    answer = post(
        scb,
        "TAB6471",
        {
            "Region": ("vs_CKM02Län", ["*"]),
            "Alder": ("vs_CKM0410årN", ["*"]),
            "Kon": ["*"],
            "ContentsCode": ["*"],
            "Tid": ["TOP(4)"],
        },
    )
    recorded = read(shared / RECORDED / "TAB6471_data.json")
    # The order of the members too: clients that stream rely on it.
    assert json.dumps(answer.json()) == json.dumps(recorded)


def test_codelist_is_what_scb_answered(scb: PxWebStandIn, shared: Path) -> None:
    answer = get(scb, "/codelists/agg_Ålder10årJ")
    assert answer.json() == read(shared / RECORDED / "agg_Ålder10årJ.json")


def test_config_is_what_scb_answered(shared: Path) -> None:
    with PxWebStandIn([]) as server:
        assert get(server, "/config").json() == read(shared / RECORDED / "config.json")


@pytest.mark.parametrize("table", ["TAB6260", "TAB2948"])
def test_labour_market_metadata_is_the_transcribed(
    scb: PxWebStandIn, shared: Path, table: str
) -> None:
    served = get(scb, f"/tables/{table}/metadata?lang=en").json()
    kept = read(shared / TRANSCRIBED.format(table))
    for document in (served, kept):
        for dimension in document["dimension"].values():
            for codelist in dimension["extension"]["codelists"]:
                codelist.pop("links")  # they name the beta host in the transcribed one
    assert served == kept


def test_list_links_are_those_scb_answered(shared: Path) -> None:
    recorded = read(shared / RECORDED / "tables.json")
    one = sample_table()
    tables = [Table(f"TAB{i}", one.metadata, one.values) for i in range(4246)]
    with PxWebStandIn(tables, link_base=SCB) as server:
        answer = get(server, "/tables").json()
    assert answer["page"] == recorded["page"]
    assert answer["links"] == recorded["links"]
    assert set(answer["tables"][0]) == set(recorded["tables"][0])


def test_search_link_is_that_scb_answered(shared: Path) -> None:
    recorded = read(shared / RECORDED / "search.json")
    table = population_table(shared)
    now = datetime(2026, 6, 15, tzinfo=UTC)
    with PxWebStandIn([table], link_base=SCB, now=now) as server:
        found = get(server, "/tables?query=befolkning&pastDays=30").json()
        none = get(server, "/tables?query=folkmängden&pastDays=6").json()
        one = get(server, "/tables?query=folkmängden&pastDays=7").json()
    assert found["links"] == recorded["links"]
    assert len(none["tables"]) == 0
    assert [t["id"] for t in one["tables"]] == ["TAB6471"]


# -- What the real server's own tests expect ---------------------------------------------------

POPULATION = [
    {"id": "PO", "label": "Population", "sortCode": "Population"},
    {"id": "PO01", "label": "Population census", "sortCode": "Population census"},
]
ENVIRONMENT = {"id": "EN", "label": "Environment", "sortCode": "Environment"}
WASTE = [ENVIRONMENT, {"id": "EN01", "label": "Waste", "sortCode": "Waste"}]
MISCELLANEOUS = [ENVIRONMENT, {"id": "EN02", "label": "Miscellaneous", "sortCode": "Miscellaneous"}]
# The order and the folders of the database are in its menu, not in the px files.
DATABASE = {
    "TAB004": MISCELLANEOUS,
    "TAB005": MISCELLANEOUS,
    "TAB003": WASTE,
    "TAB001": POPULATION,
    "TAB002": POPULATION,
}
# Every member that differs from what is expected, and why. A new difference fails the test.
TEMPLATES = "the addresses come from link templates in that server's configuration"
REPLACED = "the expected file says VALUE_HAS_BEEN_REPLACED: its test does not compare the moment"
FIXTURES: dict[str, tuple[str, dict[str, str]]] = {
    "GetApiConfiguration.json": ("/config", {}),
    "ListAllTables.json": ("/tables?lang=en", {}),
    "TableById_tab004.json": ("/tables/tab004?lang=en", {}),
    "MetadataById_tab001_js2.json": (
        "/tables/tab001/metadata?lang=en",
        {"/link": TEMPLATES, "/dimension/SEX/link/related": TEMPLATES},
    ),
    "MetadataById_tab003_js2.json": ("/tables/tab003/metadata?lang=en", {}),
    "MetadataById_tab004_js2.json": ("/tables/tab004/metadata?lang=en", {"/updated": REPLACED}),
}


def differences(served: Any, expected: Any, where: str = "") -> Iterator[str]:
    """The paths of the members in which two JSON documents differ; objects have no order."""
    if isinstance(served, dict) and isinstance(expected, dict):
        for name in served.keys() | expected.keys():
            if name in served and name in expected:
                yield from differences(served[name], expected[name], f"{where}/{name}")
            else:
                yield f"{where}/{name}"
    elif isinstance(served, list) and isinstance(expected, list) and len(served) == len(expected):
        for i, (one, other) in enumerate(zip(served, expected, strict=True)):
            yield from differences(one, other, f"{where}/{i}")
    elif served != expected:
        yield where


@pytest.fixture(scope="module")
def px_server(shared: Path) -> Iterator[PxWebStandIn]:
    tables = [
        from_px(shared / TINY / f"{name}.px", paths={"en": [path], "sv": [path]})
        for name, path in DATABASE.items()
    ]
    config = {
        "apiVersion": "2.0.0-beta.12",
        "appVersion": "17.12.0",
        "defaultLanguage": "en",
        "maxCallsPerTimeWindow": 30,
        "timeWindow": 10,
    }
    with PxWebStandIn(
        tables, max_data_cells=10_000, max_calls=None, config=config, link_base="/api/v2"
    ) as server:
        yield server


@pytest.mark.parametrize("name", FIXTURES)
def test_px_answers_are_what_the_real_servers_tests_expect(
    px_server: PxWebStandIn, shared: Path, name: str
) -> None:
    path, known = FIXTURES[name]
    answer = get(px_server, path)
    assert answer.status_code == 200
    assert set(differences(answer.json(), read(shared / EXPECTED / name))) == set(known)


def test_px_extract_has_the_figure_of_the_expected_px_file(
    px_server: PxWebStandIn, shared: Path
) -> None:
    # Output as px is not served; the figure and the texts of the expected file are.
    expected = (shared / EXPECTED / "tab4_fewcells.px").read_text(encoding="utf-8-sig")
    path = (
        "/tables/TAB004/data?valueCodes[ContentsCode]=Emission&valueCodes[TIME]=2017"
        "&valueCodes[GREENHOUSEGAS]=CO2&valueCodes[SECTOR]=7.0"
    )
    document = get(px_server, path).json()
    assert f"DATA=\n{document['value'][0]} \n;" in expected.replace("\r", "")
    assert document["id"] == ["SECTOR", "GREENHOUSEGAS", "ContentsCode", "TIME"]
    for dimension in document["dimension"].values():
        (label,) = dimension["category"]["label"].values()
        assert f'VALUES("{dimension["label"]}")="{label}";' in expected
    by, and_ = "PxcMetaTitleBy", "PxcMetaTitleAnd"  # that test had no language file
    worded = document["label"].replace(" by ", f" {by} ").replace(" and ", f" {and_} ")
    assert f'TITLE="{worded}";' in expected
    assert title(get(px_server, path + "&outputFormat=px")) == "Unsupported output format"


def test_px_symbols_are_null_with_status(px_server: PxWebStandIn) -> None:
    answer = get(
        px_server,
        "/tables/TAB001/data?valueCodes[REGION]=AT&valueCodes[SEX]=F"
        "&valueCodes[ContentsCode]=*&valueCodes[TIME]=*",
    ).json()
    # The first line of the file's data: the age left out is the elimination value, Total.
    assert answer["value"] == [None, 4041797, 4143737]
    assert answer["status"] == {"0": ".."}
    assert answer["id"] == ["REGION", "SEX", "ContentsCode", "TIME"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tables/tab003/data?lang=en", 200),
        ("/tables/tabXYZ/data?lang=en", 400),
        ("/tables/TAB004/data?valueCodes=Emission&valueCodes[TIME]=2017", 400),
        ("/savedqueries/no-id", 404),
        ("/savedqueries/no-id/data", 404),
    ],
)
def test_statuses_are_what_the_real_servers_tests_expect(
    px_server: PxWebStandIn, path: str, status: int
) -> None:
    assert get(px_server, path).status_code == status


def test_saved_query_as_in_the_real_servers_tests(px_server: PxWebStandIn) -> None:
    items = {"ContentsCode": ["HNMGA"], "TIME": ["2001"], "REGION": ["*"], "SEX": ["F", "M"]}
    query = {
        "language": "en",
        "tableId": "TAB001",
        "outputFormat": "json-stat2",
        "outputFormatParams": [],
        "selection": {
            "placement": {"heading": [], "stub": ["ContentsCode"]},
            "selection": [
                *[{"variableCode": v, "valueCodes": c} for v, c in items.items()],
                {"variableCode": "age", "valueCodes": ["Total"]},
            ],
        },
    }
    url = px_server.base_url + "/savedqueries"
    assert requests.post(url, data=b"", timeout=10).status_code == 400
    made = requests.post(url, json=query, timeout=10)
    assert made.status_code == 201
    saved_id = made.json()["id"]
    back = get(px_server, f"/savedqueries/{saved_id}").json()["savedQuery"]
    assert back["selection"]["selection"][2]["valueCodes"] == ["*"]
    data = get(px_server, f"/savedqueries/{saved_id}/data").json()
    assert data["size"] == [1, 30, 2, 1, 1]
    assert data["id"][0] == "ContentsCode"
    expanded = get(px_server, f"/savedqueries/{saved_id}/selection").json()
    assert len(expanded["selection"][2]["valueCodes"]) == 30


# -- A client that somebody else wrote ---------------------------------------------------------


def test_pxwebpy_and_our_own_client_get_the_raw_cube(shared: Path, tmp_path: Path) -> None:
    raw = read(shared / SNAPSHOT)
    codes = {n: list(raw["dimension"][n]["category"]["index"]) for n in raw["id"]}
    wanted = codes | {"Tid": codes["Tid"][-12:], "Region": codes["Region"][:5]}
    cube = np.array(raw["value"]).reshape(raw["size"])[:5, ..., -12:]
    with PxWebStandIn(scb_tables(shared), max_data_cells=500, max_calls=None) as server:
        api = PxApi(server.base_url, language="en", disable_cache=True, max_workers=2)
        rows = api.get_table_data("TAB6260", value_codes=wanted, show="code")
        api._client.session.close()
        assert len(server.calls()) == 6  # 2,640 cells, at most 500 a call
        with PxWeb(server.base_url, lock_path=tmp_path / "lock") as ours:
            plan = ours.plan(ours.metadata("TAB6260"), wanted)
            parts = [(part.call, json.loads(part.body)) for part in ours.fetch(plan)]
    names = [raw["dimension"][n]["label"] for n in raw["id"]]
    got = {tuple(row[n] for n in names): row["value"] for row in rows}
    expected = dict(zip(itertools.product(*wanted.values()), cube.ravel().tolist(), strict=True))
    assert got == expected
    joined = np.full(cube.shape, np.nan)
    for call, document in parts:
        block = np.array(document["value"]).reshape(call.shape)
        where = zip(call.offset, call.shape, strict=True)
        joined[tuple(slice(start, start + size) for start, size in where)] = block
    np.testing.assert_array_equal(joined, cube)
