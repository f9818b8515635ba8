"""Statistics Denmark's StatBank with table RAS200."""

from __future__ import annotations

import csv
import io
import itertools
import math
from pathlib import Path
from typing import Any

import pandas as pd

from publisher_standin.server import Request, StandIn

ENGLISH = {"All Denmark": "000", "Copenhagen": "101"}
ORIGINS = {
    "00": "Total",
    "10": "Persons of Danish origin",
    "21": "Immigrants, total",
    "24": "Immigrants from western countries",
    "25": "Immigrants from non-western countries",
    "35": "Descendants from non-western countries",
}


class StatBankStandIn(StandIn):
    """Answers ``/subjects``, ``/tableinfo`` and ``/data`` (JSONSTAT).

    Real are the employment rates 16–64 of everybody, 2008–2021, and the codes of the
    municipalities; `invent` makes the figures by ancestry and sex.
    """

    prefix = "/v1"

    def __init__(self, shared: Path) -> None:
        super().__init__()
        folder = shared / "data" / "dst"
        text = (folder / "komgrp.csv").read_text(encoding="utf-8-sig")
        rows = csv.DictReader(io.StringIO(text), delimiter=";")
        names = {row["TITEL"]: row["KODE"].strip('"') for row in rows if row["NIVEAU"] == "2"}
        codes = {**names, **ENGLISH}
        self.updated = "2025-10-28T08:00:00"
        years = [str(year) for year in range(2008, 2022)]
        self.variables: dict[str, dict[str, str]] = {
            "OMRÅDE": {"000": "All Denmark", "084": "Region Hovedstaden"}
            | {code: name for name, code in names.items()},
            "HERKOMST": dict(ORIGINS),
            "ALDER": {"16-64": "16-64 years", "18-64": "18-64 years"},
            "KØN": {"TOT": "Total", "M": "Men", "K": "Women"},
            "BEREGNING": {"EFK": "Activity rate", "BFK": "Employment rate"},
            "Tid": {year: year for year in years},
        }
        self.values: dict[tuple[str, ...], float] = {}
        sheet = pd.read_excel(folder / "RAS200_total_2008-2021.xlsx", header=None)
        for row in sheet.iloc[3:, 4:].itertuples(index=False):
            if row[0] in codes:
                for year, value in zip(years, row[1:], strict=True):
                    cell = (codes[row[0]], "00", "16-64", "TOT", "BFK", year)
                    self.values[cell] = float(value)

    def invent(self, places: list[str], years: list[str]) -> None:
        """Put synthetic figures by ancestry and sex at these places and years."""
        cells = itertools.product(places, ORIGINS, ["16-64"], ["TOT", "M", "K"], ["BFK"], years)
        for number, cell in enumerate(cells):
            self.values.setdefault(cell, 40 + number / 100)

    def is_data(self, path: str) -> bool:
        return path == "/data"

    def answer(self, request: Request) -> tuple[int, Any]:
        if request.path == "/subjects":
            return 200, [{"id": "1", "description": "People", "active": True}]
        if request.method != "POST" or request.body.get("table") != "RAS200":
            return 400, {"errorTypeCode": "EXTRACT-NOTFOUND", "message": "Table not found"}
        if request.path == "/tableinfo":
            return 200, {
                "id": "RAS200",
                "text": "Activity and employment rates (end November)",
                "unit": "Per cent",
                "updated": self.updated,
                "variables": [
                    {
                        "id": code,
                        "text": code.lower(),
                        "elimination": code not in ("BEREGNING", "Tid"),
                        "time": code == "Tid",
                        "values": [{"id": key, "text": text} for key, text in values.items()],
                    }
                    for code, values in self.variables.items()
                ],
            }
        asked = {one["code"]: one["values"] for one in request.body["variables"]}
        for code, ids in asked.items():
            for one in ids:
                if one not in self.variables.get(code, {}):
                    message = f"Value {one} of {code} is unknown"
                    return 400, {"errorTypeCode": "EXTRACT-BADVALUE", "message": message}
        if math.prod(map(len, asked.values())) > 1_000_000:
            return 400, {"errorTypeCode": "EXTRACT-TOOBIG", "message": "Too many cells"}
        axes = {code: asked[code] for code in self.variables}
        figures = [self.values.get(cell) for cell in itertools.product(*axes.values())]
        axes["ContentsCode"] = ["RAS200"]
        dimension: dict[str, Any] = {
            code: {
                "label": code.lower(),
                "category": {
                    "index": {key: at for at, key in enumerate(ids)},
                    "label": {key: self.variables.get(code, {}).get(key, key) for key in ids},
                },
            }
            for code, ids in axes.items()
        }
        dimension |= {"id": list(axes), "size": [len(ids) for ids in axes.values()]}
        dimension["role"] = {"metric": ["ContentsCode"], "time": ["Tid"]}
        return 200, {
            "dataset": {
                "dimension": dimension,
                "label": "Activity and employment rates",
                "source": "Statistics Denmark",
                "updated": "2025-10-28T07:00:00Z",
                "value": figures,
            }
        }
