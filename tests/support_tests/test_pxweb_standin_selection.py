"""Does the stand-in of PxWebAPI 2 select, sum and refuse as the real server does?

One test per statement of sources/scb.md, A4 to A6, and of the real server's selection rules.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pxweb_asking import codes_of, get, post, title
from pxweb_standin import (
    ArrayValues,
    PxWebStandIn,
    sample_table,
)
from pxweb_standin.server import Limit

# -- Selection (A4, A5) ------------------------------------------------------------------------

YEARS = ["2020", "2021", "2022", "2023", "2024"]
EXPRESSIONS: list[tuple[str, str, list[str]]] = [
    ("Tid", "*", YEARS),
    ("Tid", "202*", YEARS),
    ("Tid", "*4", ["2024"]),
    ("Tid", "*02*", YEARS),
    ("Tid", "????", YEARS),
    ("Tid", "202?", YEARS),
    ("Tid", "TOP(2)", ["2023", "2024"]),
    ("Tid", "top(2,1)", ["2022", "2023"]),
    ("Tid", "TOP(99)", YEARS),
    ("Tid", "TOP(2,4)", ["2020"]),
    ("Tid", "BOTTOM(2)", ["2020", "2021"]),
    ("Tid", "bottom(1,3)", ["2023"]),
    ("Tid", "FROM(2023)", ["2023", "2024"]),
    ("Tid", "to(2021)", ["2020", "2021"]),
    ("Tid", "RANGE(2021,2022)", ["2021", "2022"]),
    ("Tid", "range(2022,2021)", ["2021", "2022"]),
    ("Region", "TOP(2)", ["00", "10"]),
    ("Region", "BOTTOM(1)", ["1002"]),
    ("Region", "bottom(2,1)", ["10", "1001"]),
    ("Region", "????", ["1001", "1002"]),
    ("Region", "??", ["00", "10"]),
    ("Region", "10*", ["10", "1001", "1002"]),
    ("ContentsCode", "c1", ["C1"]),
    ("Alder", "TOT", ["tot"]),
]


@pytest.mark.parametrize(("variable", "expression", "expected"), EXPRESSIONS)
def test_expressions(
    tiny: PxWebStandIn, variable: str, expression: str, expected: list[str]
) -> None:
    everything: dict[str, Any] = {"ContentsCode": ["C1"], "Tid": ["2020"]}
    answer = post(tiny, "TAB9001", everything | {variable: [expression]})
    assert codes_of(answer, variable) == expected
    others = "".join(f"&valueCodes[{v}]={c[0]}" for v, c in everything.items() if v != variable)
    by_get = get(tiny, f"/tables/TAB9001/data?valueCodes[{variable}]=[{expression}]{others}")
    assert by_get.json() == answer.json()


PROBLEMS: list[tuple[dict[str, Any], str]] = [
    ({"Tid": ["2019"]}, "Non-existent value"),
    ({"Tid": ["FROM(2019)"]}, "Non-existent value"),
    ({"Tid": ["LAST(1)"]}, "Non-existent value"),
    ({"Tid": ["2*2"]}, "Illegal selection expression"),
    ({"Tid": ["*2*2*"]}, "Illegal selection expression"),
    ({"Tid": ["TOP(0)"]}, "Illegal selection expression"),
    ({"Tid": ["TOP(x)"]}, "Illegal selection expression"),
    ({"Tid": ["RANGE(2020)"]}, "Illegal selection expression"),
    ({"Tid": []}, "Missing selection for mandantory variable"),
    ({"Tid": ["9*"]}, "Missing selection for mandantory variable"),
    ({"Tid": ["2020"], "Kon": ["1"]}, "Non-existent variable"),
    ({"Tid": ["2020"], "Region": ("vs_none", ["*"])}, "Non-existent codelist"),
]


@pytest.mark.parametrize(("selection", "expected"), PROBLEMS)
def test_problems(tiny: PxWebStandIn, selection: dict[str, Any], expected: str) -> None:
    answer = post(tiny, "TAB9001", {"ContentsCode": ["C1"]} | selection)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json() == {"type": "Parameter error", "title": expected, "status": 400}


def test_mandatory_variable_must_be_there(tiny: PxWebStandIn) -> None:
    answer = get(tiny, "/tables/TAB9001/data?valueCodes[Tid]=2020")
    assert title(answer) == "Missing selection for mandantory variable"


def test_left_out_variable_is_its_elimination_value_or_a_sum(tiny: PxWebStandIn) -> None:
    cube = np.arange(120, dtype=float).reshape(4, 3, 2, 5)
    answer = post(tiny, "TAB9001", {"ContentsCode": ["C1"], "Tid": ["2021"]}).json()
    assert answer["id"] == ["ContentsCode", "Tid"]
    assert answer["value"] == [cube[:, 2, 0, 1].sum()]
    assert "status" not in answer
    one = post(tiny, "TAB9001", {"Alder": ["0-9"], "ContentsCode": ["C1"], "Tid": ["2020"]}).json()
    assert one["value"] == [None]
    assert one["status"] == {"0": ".."}


def test_codes_come_in_the_tables_order_and_any_case(tiny: PxWebStandIn) -> None:
    path = "/TABLES/tab9001/DATA?VALUECODES[region]=1002,00&valuecodes[contentscode]=c1"
    answer = get(tiny, path + "&valueCodes[TIME]=2021&OUTPUTFORMAT=json-stat2")
    assert codes_of(answer, "Region") == ["00", "1002"]


@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_selection_is_a_slice_of_the_cube(tiny: PxWebStandIn, data: st.DataObject) -> None:
    table = tiny.tables["TAB9001"]
    assert isinstance(table.values, ArrayValues)
    codes = table.values.codes
    chosen = {
        name: data.draw(st.lists(st.sampled_from(members), min_size=1, unique=True))
        for name, members in codes.items()
    }
    order = data.draw(st.permutations(list(codes)))
    split = data.draw(st.integers(0, len(order)))
    placement = {"stub": order[:split], "heading": order[split:]}
    answer = post(tiny, "TAB9001", chosen, placement=placement).json()
    assert answer["id"] == order
    assert answer["extension"]["px"]["heading"] == order[split:]
    inorder = {n: sorted(c, key=codes[n].index) for n, c in chosen.items()}
    block = table.values(inorder).values.transpose([list(codes).index(n) for n in order])
    got = np.array([np.nan if v is None else v for v in answer["value"]])
    np.testing.assert_array_equal(got, block.ravel())
    assert {n: list(d["category"]["index"]) for n, d in answer["dimension"].items()} == inorder


@pytest.mark.parametrize(
    "placement",
    [
        {"stub": ["Region"], "heading": []},
        {"stub": ["Tid", "Tid"], "heading": ["ContentsCode"]},
        {"stub": ["Tid"], "heading": ["tid"]},
    ],
)
def test_illegal_placement(tiny: PxWebStandIn, placement: dict[str, list[str]]) -> None:
    selection = {"ContentsCode": ["C1"], "Tid": ["2021"]}
    answer = post(tiny, "TAB9001", selection, placement=placement)
    assert title(answer) == "Illegal placment"


def test_default_selection(scb: PxWebStandIn, tiny: PxWebStandIn) -> None:
    # TAB6471 drops Region (A5).
    assert get(scb, "/tables/TAB6471/data").json()["id"] == ["Kon", "ContentsCode", "Tid", "Alder"]
    bas = get(scb, "/tables/TAB6260/data").json()
    assert dict(zip(bas["id"], bas["size"], strict=True)) == {
        "Alder": 20,
        "ContentsCode": 1,
        "Tid": 1,
        "Fodelseregion": 3,
    }
    assert codes_of(get(scb, "/tables/TAB6260/data"), "Tid") == ["2026M06"]
    told = get(scb, "/tables/TAB6260/defaultselection").json()
    assert told["placement"]["stub"] == ["Alder"]
    # Posted without codelists the same figures come back.
    query = {"selection": told["selection"], "placement": told["placement"]}
    url = scb.base_url + "/tables/TAB6260/data"
    assert requests.post(url, json=query, timeout=10).json() == bas
    empty = requests.post(tiny.base_url + "/tables/TAB9001/data", timeout=10)
    assert empty.json() == get(tiny, "/tables/TAB9001/data").json()


def test_value_set_and_aggregation(scb: PxWebStandIn) -> None:
    rest = {"Kon": ["1"], "ContentsCode": ["*"], "Tid": ["2026M04"]}
    counties = post(scb, "TAB6471", rest | {"Region": ("vs_CKM02Län", ["*"]), "Alder": ["TotSA"]})
    assert len(codes_of(counties, "Region")) == 21
    outside = post(scb, "TAB6471", rest | {"Region": ("vs_CKM02Län", ["00"]), "Alder": ["TotSA"]})
    assert title(outside) == "Non-existent value"

    ages = ("agg_Ålder10årJ", ["-9", "100+"])
    summed = post(scb, "TAB6471", rest | {"Region": ["1283"], "Alder": ages}).json()
    years = [*[str(y) for y in range(10)], "100+"]
    single = post(scb, "TAB6471", rest | {"Region": ["1283"], "Alder": years}).json()
    assert summed["dimension"]["Alder"]["category"]["label"] == {"-9": "0-9 år", "100+": "100+ år"}
    assert summed["value"] == [sum(single["value"][:10]), single["value"][10]]
    # Codes of the table are not codes of the aggregation.
    wrong = post(scb, "TAB6471", rest | {"Alder": ("agg_Ålder10årJ", ["5"])})
    assert title(wrong) == "Non-existent value"


def test_metadata_with_a_codelist(scb: PxWebStandIn) -> None:
    path = "/tables/TAB6260/metadata?lang=en&codelist[Region]=vs_BLän"
    document = get(scb, path).json()
    assert document["size"] == [21, 3, 20, 3, 11, 78]
    assert document["dimension"]["Region"]["category"]["label"]["12"] == "Skåne county"
    wrong = get(scb, "/tables/TAB6260/metadata?codelist[Region]=vs_none")
    assert (wrong.status_code, title(wrong)) == (400, "Non-existent codelist")


def test_sums_of_missing_figures_are_missing(tiny: PxWebStandIn) -> None:
    tiny.tables["TAB9001"].metadata["sv"]["dimension"]["Alder"]["extension"].pop(
        "eliminationValueCode"
    )
    answer = post(tiny, "TAB9001", {"Region": ["1002"], "ContentsCode": ["C1"], "Tid": ["2020"]})
    assert answer.json()["value"] == [None]
    assert answer.json()["status"] == {"0": ".."}


# -- Odd cases (A4), errors and limits (A6) ----------------------------------------------------


def test_repeated_parameter_keeps_the_first(tiny: PxWebStandIn) -> None:
    path = (
        "/tables/TAB9001/data?valueCodes[ContentsCode]=C1&valueCodes[Tid]=2020&valueCodes[Tid]=2021"
    )
    assert codes_of(get(tiny, path), "Tid") == ["2020"]


def test_long_get_is_not_found_and_post_is(scb: PxWebStandIn) -> None:
    towns = [code for code in scb.tables["TAB6260"].codes("Region") if len(code) == 4]
    rest = {"Alder": ["20-64"], "ContentsCode": ["000006HI"], "Tid": ["2026M06"]}
    path = "/tables/TAB6260/data?valueCodes[Region]=" + ",".join(towns)
    path += "".join(f"&valueCodes[{variable}]={codes[0]}" for variable, codes in rest.items())
    whole = get(scb, path)
    assert len(whole.request.path_url) < 2000
    assert codes_of(whole, "Region") == towns
    longer = get(scb, path + "&valueCodes[Kon]=" + ",".join(["1", "2"] * 300))
    assert len(longer.request.path_url) > 2100
    assert longer.status_code == 404
    assert longer.headers["Content-Type"] == "text/html"
    posted = post(scb, "TAB6260", rest | {"Region": towns})
    assert posted.json() == whole.json()


def test_repeated_code_crashes_the_server(tiny: PxWebStandIn) -> None:
    path = "/tables/TAB9001/data?valueCodes[ContentsCode]=C1&valueCodes[Tid]=2023,2023"
    for answer in (
        get(tiny, path),
        post(tiny, "TAB9001", {"ContentsCode": ["C1", "c1"], "Tid": ["2023"]}),
    ):
        assert answer.status_code == 500
        assert answer.content == b""
    # A code that an expression holds too is not a repetition.
    both = post(tiny, "TAB9001", {"ContentsCode": ["C1"], "Tid": ["2024", "TOP(2)"]})
    assert codes_of(both, "Tid") == ["2023", "2024"]


def test_commas_part_codes_outside_brackets_only(tiny: PxWebStandIn) -> None:
    tiny.tables["TAB9001"].rename_code("Alder", "0-9", "1R,1RKV")
    base = "/tables/TAB9001/data?valueCodes[ContentsCode]=C1&valueCodes[Tid]="
    assert codes_of(get(tiny, base + "2020,[range(2022,2023)]"), "Tid") == ["2020", "2022", "2023"]
    assert title(get(tiny, base + "range(2022,2023)")) == "Illegal selection expression"
    assert title(get(tiny, base + "2020&valueCodes[Alder]=1R,1RKV")) == "Non-existent value"
    answer = post(
        tiny, "TAB9001", {"Alder": ["1R,1RKV"], "ContentsCode": ["C1"], "Tid": ["TOP(1,1)"]}
    )
    assert codes_of(answer, "Alder") == ["1R,1RKV"]


def test_plus_must_be_escaped(scb: PxWebStandIn) -> None:
    path = (
        "/tables/TAB6260/data?valueCodes[Alder]=20-64&valueCodes[ContentsCode]=000006HI"
        "&valueCodes[Tid]=2026M06&valueCodes[Kon]="
    )
    assert title(get(scb, path + "1+2")) == "Non-existent value"
    assert codes_of(get(scb, path + "1%2B2"), "Kon") == ["1+2"]


def test_unknown_table_has_another_status_in_the_body(tiny: PxWebStandIn) -> None:
    data = get(tiny, "/tables/TAB0/data")
    assert (data.status_code, data.json()["status"]) == (400, 404)
    for path in ("/tables/TAB0", "/tables/TAB0/metadata", "/tables/TAB0/defaultselection"):
        answer = get(tiny, path)
        assert (answer.status_code, title(answer)) == (404, "Non-existent table")
    assert get(tiny, "/codelists/vs_none").status_code == 404


def test_unknown_language(tiny: PxWebStandIn) -> None:
    for path in (
        "/tables?lang=no",
        "/tables/TAB9001/metadata?lang=no",
        "/tables/TAB9001/data?lang=no",
    ):
        answer = get(tiny, path)
        assert (answer.status_code, title(answer)) == (400, "Unsupported language")


@pytest.mark.parametrize(
    ("path", "member"),
    [
        ("/tables?pageNumber=x", "pageNumber"),
        ("/tables?pastDays=0", "pastDays"),
        ("/tables/TAB9001/data?valuecodes[]=1", "valuecodes"),
        ("/tables/TAB9001/data?outputFormat=docx", "outputFormat"),
        ("/tables/TAB9001/metadata?defaultSelection=maybe", "defaultSelection"),
    ],
)
def test_the_other_shape_of_errors(tiny: PxWebStandIn, path: str, member: str) -> None:
    answer = get(tiny, path)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [member]
    assert title(answer) == "One or more validation errors occurred."


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"selection": [{}]}', '{"selection": "*"}'])
def test_unreadable_bodies(tiny: PxWebStandIn, body: str) -> None:
    url = tiny.base_url + "/tables/TAB9001/data"
    headers = {"Content-Type": "application/json"}
    answer = requests.post(url, data=body, headers=headers, timeout=10)
    assert answer.status_code == 400
    assert "errors" in answer.json()


@pytest.mark.parametrize("form", ["px", "xlsx", "html", "json-px", "parquet"])
def test_formats_that_are_not_served(tiny: PxWebStandIn, form: str) -> None:
    answer = get(tiny, f"/tables/TAB9001/data?outputFormat={form}")
    assert (answer.status_code, title(answer)) == (400, "Unsupported output format")


def test_parameters_of_json_stat_are_refused(tiny: PxWebStandIn) -> None:
    answer = get(tiny, "/tables/TAB9001/data?outputFormat=json-stat2&outputFormatParams=UseTexts")
    assert title(answer) == "Unsupported output format"


def test_csv(tiny: PxWebStandIn) -> None:
    path = (
        "/tables/TAB9001/data?outputFormat=csv&valueCodes[Region]=00,1002&valueCodes[Alder]=0-9"
        "&valueCodes[ContentsCode]=*&valueCodes[Tid]=2020"
    )
    plain = get(tiny, path)
    assert plain.headers["Content-Type"] == "text/csv; charset=iso-8859-1"
    assert plain.content.decode("iso-8859-1").split("\r\n") == [
        '"Region","Alder","C1 2020","C2 2020"',
        '"00","0-9",0,0.5',
        '"1002","0-9",..,9.5',
        "",
    ]
    texts = get(tiny, path + "&outputFormatParams=UseTexts,SeparatorSemicolon,IncludeTitle")
    assert texts.content.decode("iso-8859-1").split("\r\n")[:3] == [
        '"Påhittat efter region, alder och tid"',
        '"region";"alder";"C1 2020";"C2 2020"',
        '"Landet";"0-9";0;0.5',
    ]


@pytest.mark.parametrize("status", [400, 403])
def test_too_many_cells(status: int) -> None:
    selection: dict[str, Any] = {"Region": ["*"], "ContentsCode": ["*"], "Tid": ["*"]}
    with PxWebStandIn([sample_table()], max_data_cells=39, too_many_status=status) as server:
        answer = post(server, "TAB9001", selection)
        assert (answer.status_code, title(answer)) == (status, "Too many cells selected")
        assert get(server, "/config").json()["maxDataCells"] == 39
    with PxWebStandIn([sample_table()], max_data_cells=40) as server:
        assert post(server, "TAB9001", selection).status_code == 200


def test_limit_slides() -> None:
    limit = Limit(2, 1.0)
    assert [limit.take(t)[0] for t in (0.0, 0.5, 0.9, 1.0, 1.4, 1.5)] == [
        True,
        True,
        False,
        True,
        False,
        True,
    ]
    allowed, left, wait = limit.take(1.75)
    assert (allowed, left, wait) == (False, 0, 0.25)


def test_calls_too_soon_are_refused_and_told_when() -> None:
    with PxWebStandIn([sample_table()], max_calls=2, time_window=60) as server:
        first = [get(server, "/tables") for _ in range(2)]
        refused = get(server, "/tables")
        config = get(server, "/config")
        assert server.limit_violations == server.requests[2:3]
    assert [a.status_code for a in first] == [200, 200]
    assert [a.headers["X-Rate-Limit-Remaining"] for a in first] == ["1", "0"]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "json" not in refused.headers["Content-Type"]
    assert (config.json()["maxCallsPerTimeWindow"], config.json()["timeWindow"]) == (2, 60)
    assert "X-Rate-Limit-Limit" not in config.headers


def test_requests_are_logged(tiny: PxWebStandIn) -> None:
    get(tiny, "/config")
    post(tiny, "TAB9001", {"Tid": ["x"]})
    log = tiny.requests
    assert [(r.method, r.endpoint, r.status) for r in log] == [
        ("GET", "config", 200),
        ("POST", "data", 400),
    ]
    assert json.loads(log[1].body)["selection"][0]["valueCodes"] == ["x"]
    assert log[0].time <= log[1].time
    assert tiny.calls() == log[1:]
    assert tiny.limit_violations == []


def test_pages_and_words(scb: PxWebStandIn) -> None:
    first = get(scb, "/tables?lang=sv&pageSize=2").json()
    second = get(scb, "/tables?lang=sv&pageSize=2&pageNumber=2").json()
    ids = [t["id"] for t in first["tables"] + second["tables"]]
    assert ids == ["TAB6260", "TAB2948", "TAB6471"]
    assert [link["rel"] for link in second["page"]["links"]] == ["previous", "last"]
    beyond = get(scb, "/tables?pageSize=2&pageNumber=3")
    assert (beyond.status_code, title(beyond)) == (404, "Non-existent page")

    def found(words: str) -> list[str]:
        answer = get(scb, "/tables", params={"query": words, "lang": "sv"}).json()
        return [table["id"] for table in answer["tables"]]

    assert found("folkmängd") == []
    assert found("folkmängd*") == ["TAB6471"]
    assert found("arbetsmarknadsstatus slutlig") == ["TAB2948"]
    assert found("tab6260") == ["TAB6260"]
    assert found("title:tab6260") == []


def test_discontinued_tables_are_listed_on_request() -> None:
    gone = sample_table()
    gone.discontinued = True
    with PxWebStandIn([gone], max_calls=None) as server:
        assert get(server, "/tables").json()["tables"] == []
        (item,) = get(server, "/tables?includeDiscontinued=true").json()["tables"]
    assert item["discontinued"] is True


def test_paths_and_methods_that_are_not_there(tiny: PxWebStandIn) -> None:
    assert get(tiny, "/navigation").status_code == 404
    wrong = requests.post(tiny.base_url + "/config", timeout=10)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET")
