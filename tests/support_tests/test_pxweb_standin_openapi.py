"""Does the stand-in keep to the OpenAPI document of PxWebAPI 2 (PxApiSpecs, 264f16c5)?

Schemathesis makes requests from the document, right ones and wrong ones, always the same, and
checks status, content type and body of every answer against it. Where the document contradicts
what SCB or the real server answered, the answer wins: each such place is listed and corrected.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from pxweb_standin import PxWebStandIn, scb_tables
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

RECORDED = "data/pxweb/v2_scb"
MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
SAVED_QUERY = {"$ref": "#/components/schemas/SavedQuery"}
BAD_REQUEST = {"$ref": "#/components/responses/ErrorResponse400"}
NOT_FOUND = {"$ref": "#/components/responses/ErrorResponse404"}
DATA = {
    "application/json": {"schema": {"$ref": "#/components/schemas/Dataset"}},
    "text/csv": {"schema": {"type": "string"}},
}
GONE = object()
# Where the document is wrong: the place, what stands there instead, and how it is known.
CORRECTIONS: list[tuple[str, Any, str]] = [
    ("components/schemas/updated/pattern", MOMENT, "every recorded answer has a moment, not a day"),
    ("components/schemas/Table/properties/updated/pattern", MOMENT, "the same"),
    (
        "components/schemas/VariableSelection/required",
        ["variableCode"],
        "`values` is required and defined nowhere; clients send, and servers answer, without it",
    ),
    ("components/schemas/Problem/properties/type/format", GONE, "it is 'Parameter error'"),
    (
        "components/schemas/SavedQuery/required",
        ["selection", "language", "tableId", "outputFormat", "outputFormatParams"],
        "SCB wants the last two as well",
    ),
    (
        "paths/~savedqueries/post/responses/201/content/application~json/schema",
        SAVED_QUERY,
        "the server answers with the query itself, not wrapped",
    ),
    (
        "components/responses/ErrorResponse404/content/text~html",
        {"schema": {"type": "string"}},
        "the web server itself refuses a GET of more than about 2,100 characters",
    ),
    ("paths/~tables/get/responses/400", BAD_REQUEST, "an unknown language"),
    ("paths/~tables/get/responses/404", NOT_FOUND, "a page that does not exist"),
    ("paths/~tables~{id}~data/get/responses/200/content", DATA, "JSON-stat is no JSON string"),
    ("paths/~tables~{id}~data/post/responses/200/content", DATA, "the same"),
    ("paths/~savedqueries~{id}~data/get/responses/200/content", DATA, "the same"),
]
OPERATIONS = [
    ("get", "/config"),
    ("get", "/tables"),
    ("get", "/tables/{id}"),
    ("get", "/tables/{id}/metadata"),
    ("get", "/tables/{id}/defaultselection"),
    ("get", "/tables/{id}/data"),
    ("post", "/tables/{id}/data"),
    ("get", "/codelists/{id}"),
    ("post", "/savedqueries"),
    ("get", "/savedqueries/{id}"),
    ("get", "/savedqueries/{id}/data"),
    ("get", "/savedqueries/{id}/selection"),
]
# What is recorded of SCB, and whether the document as it is would accept it.
ANSWERS = [
    ("/config", "config.json", True),
    ("/codelists/{id}", "agg_Ålder10årJ.json", True),
    ("/tables", "tables.json", False),
    ("/tables", "search.json", False),
    ("/tables/{id}/metadata", "TAB6471_metadata.json", False),
    ("/tables/{id}/data", "TAB6471_data.json", False),
]
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
MANDATORY = {"Alder": ["20-64"], "ContentsCode": ["000006HI"], "Tid": ["TOP(1)"]}
CODES = {
    "Region": ["00", "1280", "??", "TOP(3)"],
    "Kon": ["1", "2", "1+2", "*", "1*"],
    "Alder": ["20-64", "15-74", "060-64", "*"],
    "Fodelseregion": ["in", "UT", "t*"],
    "ContentsCode": ["000006HI", "000006II", "?????6??"],
    "Tid": ["TOP(2)", "FROM(2026M01)", "RANGE(2020M01,2020M03)", "2024M12"],
}


@pytest.fixture(scope="module")
def document(shared: Path) -> dict[str, Any]:
    """The document, but for its examples, which are in other files."""
    path = shared / "data/pxweb/openapi/PxAPI-2.yml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    _without_examples(document)
    return document


def _without_examples(part: Any) -> None:
    if isinstance(part, dict):
        part.pop("examples", None)
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in inner:
        _without_examples(one)


def place(document: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """The object and the member that a path of CORRECTIONS names; `~` is a slash in a name."""
    *names, last = (name.replace("~", "/") for name in path.split("/"))
    part = document
    for name in names:
        part = part[name]
    return part, last


@pytest.fixture(scope="module")
def corrected(document: dict[str, Any]) -> dict[str, Any]:
    result = copy.deepcopy(document)
    for path, value, _ in CORRECTIONS:
        part, member = place(result, path)
        if value is GONE:
            del part[member]
        else:
            part[member] = copy.deepcopy(value)
    return result


@pytest.fixture(scope="module")
def server(shared: Path) -> Iterator[PxWebStandIn]:
    with PxWebStandIn(scb_tables(shared), max_calls=None, max_data_cells=20_000) as server:
        items = [{"variableCode": v, "valueCodes": c} for v, c in MANDATORY.items()]
        saved = {
            "tableId": "TAB6260",
            "language": "sv",
            "selection": {"selection": items},
            "outputFormat": "json-stat2",
            "outputFormatParams": [],
        }
        url = server.base_url + "/savedqueries"
        assert requests.post(url, json=saved, timeout=10).json()["id"] == "1"
        yield server


@pytest.fixture(scope="module")
def narrowed(corrected: dict[str, Any]) -> dict[str, Any]:
    """The document with ids and codes that exist, so that many requests are answered with data."""
    result = copy.deepcopy(corrected)
    known = {
        "tables": ["TAB6260", "tab6260"],
        "codelists": ["vs_BLän", "VS_ARIKET"],
        "savedqueries": ["1"],
    }
    for url, item in result["paths"].items():
        for operation in item.values():
            for i, parameter in enumerate(operation.get("parameters", [])):
                if parameter.get("$ref", "").endswith("/id"):
                    own = copy.deepcopy(result["components"]["parameters"]["id"])
                    own["schema"]["enum"] = known[url.split("/")[1]]
                    operation["parameters"][i] = own
                elif parameter.get("name") == "valuecodes":
                    parameter["required"] = True
                    parameter["schema"] = {
                        "type": "object",
                        "properties": {
                            name: {"type": "array", "items": {"enum": codes}, "minItems": 1}
                            for name, codes in CODES.items()
                        },
                        "required": list(MANDATORY),
                        "additionalProperties": False,
                    }
                elif parameter.get("name") == "codelist":
                    parameter["schema"] = {
                        "type": "object",
                        "properties": {"Region": {"enum": ["vs_BLän", "vs_none"]}},
                        "additionalProperties": False,
                    }
                elif parameter.get("name") in ("heading", "stub"):
                    parameter["schema"]["items"] = {"enum": ["Tid", "Alder"]}
                    parameter["schema"]["maxItems"] = int(parameter["name"] == "heading")
    shared_ones = result["components"]["parameters"]
    shared_ones["lang"]["schema"] = {"enum": ["sv", "en", "SV"]}
    shared_ones["query"]["schema"] = {"enum": ["slutlig", "arbets*", "title:TAB6260"]}
    shared_ones["pageNumber"]["schema"] |= {"minimum": 1, "maximum": 2}
    shared_ones["pageSize"]["schema"] |= {"minimum": 1, "maximum": 3}
    shared_ones["outputFormat"]["schema"] = {"enum": ["json-stat2", "csv", "px"]}
    shared_ones["outputFormatParams"]["schema"]["maxItems"] = 1
    # Only the requests are narrowed: what is answered keeps the document's own schemas.
    schemas = result["components"]["schemas"]
    selection = copy.deepcopy(schemas["VariablesSelection"])
    selection["properties"]["selection"]["items"] = {
        "anyOf": [
            {
                "type": "object",
                "required": ["variableCode", "valueCodes"],
                "properties": {
                    "variableCode": {"enum": [name]},
                    "valueCodes": {
                        "type": "array",
                        "items": {"enum": codes},
                        "minItems": 1,
                        "uniqueItems": True,
                    },
                },
                "additionalProperties": False,
            }
            for name, codes in CODES.items()
        ]
    }
    query = copy.deepcopy(schemas["SavedQuery"])
    query["properties"] |= {
        "tableId": {"enum": ["TAB6260"]},
        "language": {"enum": ["sv", "en"]},
        "outputFormat": {"enum": ["json-stat2", "csv"]},
        "selection": selection,
    }
    for url, schema in (("/tables/{id}/data", selection), ("/savedqueries", query)):
        body = result["paths"][url]["post"]["requestBody"]
        body["content"]["application/json"]["schema"] = schema
    return result


def with_mandatory(selection: dict[str, Any]) -> None:
    """Name every variable once, the mandatory ones always: a repeated one crashes the server."""
    by_variable = {item["variableCode"]: item for item in reversed(selection["selection"])}
    for name, codes in MANDATORY.items():
        by_variable.setdefault(name, {"variableCode": name, "valueCodes": codes})
    selection["selection"] = list(by_variable.values())
    selection.pop("placement", None)


def exercise(
    document: dict[str, Any],
    server: PxWebStandIn,
    method: str,
    path: str,
    mode: GenerationMode,
    examples: int,
) -> Counter[int]:
    """Answer what schemathesis asks, check every answer, and count the statuses."""
    statuses: Counter[int] = Counter()
    operation = schemathesis.openapi.from_dict(document)[path][method]

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: schemathesis.Case) -> None:
        if mode == GenerationMode.POSITIVE and isinstance(case.body, dict):
            with_mandatory(case.body.get("selection") if path == "/savedqueries" else case.body)
        response = case.call_and_validate(base_url=server.base_url, checks=CHECKS)
        statuses[response.status_code] += 1

    run()
    return statuses


def test_the_operations_are_those_of_the_document(document: dict[str, Any]) -> None:
    named = {(method, path) for path, item in document["paths"].items() for method in item}
    assert named == set(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_right_requests(
    narrowed: dict[str, Any], server: PxWebStandIn, method: str, path: str
) -> None:
    examples = 1 if path == "/config" else 25
    statuses = exercise(narrowed, server, method, path, GenerationMode.POSITIVE, examples)
    # Nothing is proved if nothing was answered.
    assert statuses[201 if path == "/savedqueries" else 200] > 0, statuses


@pytest.mark.parametrize(
    ("method", "path"),
    [o for o in OPERATIONS if o[1] not in ("/config", "/savedqueries/{id}")],
)
def test_wrong_requests(
    corrected: dict[str, Any], server: PxWebStandIn, method: str, path: str
) -> None:
    statuses = exercise(corrected, server, method, path, GenerationMode.NEGATIVE, 10)
    # An empty parameter counts as absent, so now and then a wrong request is answered.
    assert statuses[400] + statuses[404] >= 9, statuses


@pytest.mark.parametrize(("path", "name", "accepted"), ANSWERS)
def test_corrections_are_what_scb_answers(
    document: dict[str, Any],
    corrected: dict[str, Any],
    shared: Path,
    path: str,
    name: str,
    accepted: bool,
) -> None:
    recorded = schemathesis.Response(
        status_code=200,
        headers={"content-type": ["application/json; charset=utf-8"]},
        content=(shared / RECORDED / name).read_bytes(),
        request=requests.Request("GET", "http://127.0.0.1" + path).prepare(),
        elapsed=0.0,
        verify=True,
    )
    schemathesis.openapi.from_dict(corrected)[path]["get"].validate_response(recorded)
    original = schemathesis.openapi.from_dict(document)[path]["get"]
    if accepted:
        original.validate_response(recorded)
    else:
        with pytest.raises(AssertionError, match="violates schema"):
            original.validate_response(recorded)
