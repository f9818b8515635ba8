"""Kolada's API v3 with its stored key figures, places, groups and values."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from publisher_standin.server import Request, StandIn

MOST = 25
Cell = tuple[str, str, int, str]


class KoladaStandIn(StandIn):
    """Answers ``/kpi``, ``/municipality``, ``/municipality_groups`` and ``/data``.

    The values are the stored real ones: N00945 and the two of kld_data for three cities, N03937
    for 290 municipalities. `invent` adds others. `changed` is the day from which `from_date`
    finds something; `page_limit` makes pages shorter than asked.
    """

    prefix = "/v3"

    def __init__(self, shared: Path) -> None:
        super().__init__()
        folder = shared / "data" / "kolada"
        with (folder / "kpi_integration_subset.csv").open(encoding="utf-8", newline="") as lines:
            self.kpis = {row["id"]: dict(row) for row in csv.DictReader(lines)}
        path = folder / "municipality_v3_rKolada_2026-04.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            self.places = {row["id"]: dict(row) for row in csv.DictReader(lines)}
        groups = (folder / "municipality_groups_v3_rKolada_2026-04.json").read_text("utf-8")
        self.groups = {one["id"]: one for one in json.loads(groups)}
        self.values: dict[Cell, float | None] = {}
        self.deleted: set[Cell] = set()
        self.changed = date(2026, 4, 1)
        self.page_limit = 5000
        for name in ("values_N00945.csv", "values_kld_data.csv"):
            with (folder / name).open(encoding="utf-8", newline="") as lines:
                for row in csv.DictReader(lines):
                    cell = (row["kpi"], row["municipality_id"], int(row["year"]), row["gender"])
                    self.values[cell] = float(row["value"]) if row["value"] else None
                    self.kpis.setdefault(row["kpi"], {"id": row["kpi"], "title": row["kpi"]})
        panel = pd.read_parquet(folder / "panel_municipal_N03937.parquet")
        for code, year, value in panel[["region_code", "year", "unemployment_rate"]].itertuples(
            index=False
        ):
            known = None if pd.isna(value) else float(value)
            self.values["N03937", str(code).zfill(4), int(year), "T"] = known

    def invent(self, kpis: list[str], places: list[str], years: range) -> None:
        """Put a synthetic figure at each cell, different in all of them."""
        for k, kpi in enumerate(kpis):
            for p, place in enumerate(places):
                for year in years:
                    for g, gender in enumerate("KMT"):
                        value = 10 + 5 * k + p / 10 + (year - years.start) / 100 + g / 1000
                        self.values[kpi, place, year, gender] = round(value, 3)

    def is_data(self, path: str) -> bool:
        return path.startswith("/data/") and "/municipality/" in path

    def answer(self, request: Request) -> tuple[int, Any]:
        steps = request.path.strip("/").split("/")
        if steps[0] in ("kpi", "municipality", "municipality_groups"):
            rows = {"kpi": self.kpis, "municipality": self.places}.get(steps[0], self.groups)
            ids = steps[1].split(",") if len(steps) > 1 else list(rows)
            if len(steps) > 1 and len(ids) > MOST:
                return 400, {"detail": f"At most {MOST} ids"}
            return self._page([rows[one] for one in ids if one in rows], request)
        if steps[0] != "data" or len(steps) not in (5, 7):
            return 404, {"detail": "Not Found"}
        asked = {name: ids.split(",") for name, ids in zip(steps[1::2], steps[2::2], strict=True)}
        if any(len(ids) > MOST for ids in asked.values()):
            return 400, {"detail": f"At most {MOST} ids in a segment"}
        since = request.params.get("from_date")
        if since and date.fromisoformat(since[0]) > self.changed:
            return self._page([], request)
        return self._page(self._values(asked), request)

    def _values(self, asked: dict[str, list[str]]) -> list[dict[str, Any]]:
        found: dict[tuple[str, str, int], list[dict[str, Any]]] = {}
        for (kpi, place, year, gender), value in self.values.items():
            if (
                kpi in asked.get("kpi", [kpi])
                and place in asked.get("municipality", [place])
                and str(year) in asked.get("year", [str(year)])
            ):
                inner = {"gender": gender, "count": 1, "status": "", "value": value}
                inner["isdeleted"] = (kpi, place, year, gender) in self.deleted
                found.setdefault((kpi, place, year), []).append(inner)
        for group in set(asked.get("municipality", ())) & self.groups.keys():
            members = [one["member_id"] for one in self.groups[group]["members"]]
            for kpi in asked["kpi"]:
                for year in map(int, asked.get("year", ())):
                    parts = [self.values.get((kpi, one, year, "T")) for one in members]
                    there = [one for one in parts if one is not None]
                    if there:
                        mean = sum(there) / len(there)
                        found[kpi, group, year] = [
                            {"gender": "T", "count": len(there), "status": "", "value": mean}
                        ]
        return [
            {"kpi": kpi, "municipality": place, "period": year, "values": values}
            for (kpi, place, year), values in found.items()
        ]

    def _page(self, entries: list[Any], request: Request) -> tuple[int, Any]:
        size = int(request.params.get("per_page", ["5000"])[0])
        if size > 5000:
            return 422, {"detail": "per_page is at most 5000"}
        size = min(size, self.page_limit)
        number = int(request.params.get("page", ["1"])[0])
        held = entries[(number - 1) * size : number * size]
        further = number * size < len(entries)
        return 200, {
            "values": held,
            "count": len(held),
            "next_url": f"{self.base_url}{request.path}?page={number + 1}" if further else None,
            "previous_url": None,
        }
