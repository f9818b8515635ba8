"""Short ways to ask a PxWebAPI 2 server, for tests of the stand-in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import requests
from pxweb_standin import PxWebStandIn

Answer = requests.Response
SCB = "https://statistikdatabasen.scb.se/api/v2"
RECORDED = "data/pxweb/v2_scb"
SNAPSHOT = "data/scb/TAB6260_25_places_2020M01-2026M06.json"


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8-sig"))


def get(server: PxWebStandIn, path: str, **options: Any) -> Answer:
    return requests.get(server.base_url + path, timeout=10, **options)


def post(server: PxWebStandIn, table: str, selection: dict[str, Any], **others: Any) -> Answer:
    """Ask for data; a value is codes, or a codelist's id with codes."""
    items = []
    for variable, codes in selection.items():
        codelist, listed = codes if isinstance(codes, tuple) else (None, codes)
        items.append({"variableCode": variable, "codelist": codelist, "valueCodes": listed})
    return requests.post(
        f"{server.base_url}/tables/{table}/data?lang=sv",
        json={"selection": items} | others,
        timeout=10,
    )


def title(answer: Answer) -> str:
    return str(answer.json()["title"])


def codes_of(answer: Answer, variable: str) -> list[str]:
    assert answer.status_code == 200, answer.text
    return list(answer.json()["dimension"][variable]["category"]["index"])
