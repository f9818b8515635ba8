"""Eurostat's statistics API with its labour force survey by country of birth."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path
from typing import Any

from publisher_standin.server import Request, StandIn

TABLES = {"lfsa_urgacob": "unemp", "lfsa_argacob": "lfp"}
EMPLOYMENT = "lfsa_ergacob"
BIRTH = {"NEU28_FOR": "NEU27_2020_FOR"}
DIMENSIONS = ("freq", "unit", "sex", "age", "c_birth", "geo", "time")


class EurostatStandIn(StandIn):
    """Answers ``/<table>?…`` sparsely: figures that do not exist are left out.

    Real are participation and unemployment 15–64 by sex and country of birth, 1995–2020, with
    their flags (born outside EU28 stands for outside EU27_2020). The employment rate is made of
    these two, participation · (1 − unemployment), rounded as Eurostat rounds: no published figure
    of that table was at hand. A figure None is left out and keeps its flag. `roles` says whether
    the answers name their time variable; Eurostat's do not.

    The structure is that of JSON-stat 2 with what Eurostat adds under ``extension``, as in an
    answer of the table PRC_HICP_MANR that another project had recorded in 2026.
    """

    prefix = "/data"

    def __init__(self, shared: Path) -> None:
        super().__init__()
        self.updated = "2021-04-22T23:00:00+0200"
        self.roles = False
        self.tables = [*TABLES, EMPLOYMENT]
        self.figures: dict[tuple[str, ...], tuple[float | None, str]] = {}
        path = shared / "data" / "eurostat" / "eurostat_cob_sex_1995_2020_long.csv"
        tables = {indicator: table for table, indicator in TABLES.items()}
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["indicator"] in tables and row["value"]:
                    birth = BIRTH.get(row["c_birth"], row["c_birth"])
                    cell = (tables[row["indicator"]], "A", "PC", row["sex"], "Y15-64", birth)
                    key = (*cell, row["country"], row["year"])
                    self.figures[key] = (float(row["value"]), row["flag"])

        for (table, *cell), (active, flag) in list(self.figures.items()):
            idle, other = self.figures.get(("lfsa_urgacob", *cell), (None, ""))
            if table == "lfsa_argacob" and active is not None and idle is not None:
                rate = round(active * (1 - idle / 100), 1)
                self.figures[EMPLOYMENT, *cell] = (rate, "".join(sorted({*flag, *other})))

    def is_data(self, path: str) -> bool:
        return True

    def fail(self, kind: str, *, at: Any = 1) -> None:
        """The first call of a fetch asks for the newest period only: it is not counted."""
        super().fail(kind, at=at + 1 if isinstance(at, int) else [one + 1 for one in at])

    def answer(self, request: Request) -> tuple[int, Any]:
        table = request.path.strip("/")
        if table not in self.tables:
            label = "ERR_NOT_FOUND_4: The requested resource is not available."
            return 404, {"error": [{"status": 404, "id": 100, "label": label}]}
        known = {
            "freq": ["A"],
            "unit": ["PC"],
            "sex": ["T", "M", "F"],
            "age": ["Y15-64", "Y20-64"],
            "c_birth": ["TOTAL", "NAT", "FOR", "EU28_FOR", "NEU27_2020_FOR"],
            "geo": sorted({key[6] for key in self.figures}),
            "time": sorted({key[7] for key in self.figures}),
        }
        axes = {}
        for name, ids in known.items():
            wanted = request.params.get(name, ids)
            if name not in ("geo", "time") and not set(wanted) <= set(ids):
                label = f"ERR_INVALID: unknown value of {name}"
                return 400, {"error": [{"status": 400, "id": 150, "label": label}]}
            axes[name] = [one for one in ids if one in wanted]
        if "lastTimePeriod" in request.params:
            axes["time"] = axes["time"][-int(request.params["lastTimePeriod"][0]) :]
        value, status = {}, {}
        for at, cell in enumerate(itertools.product(*axes.values())):
            found = self.figures.get((table, *cell))
            if found is not None:
                if found[0] is not None:
                    value[str(at)] = found[0]
                if found[1]:
                    status[str(at)] = found[1]
        body: dict[str, Any] = {
            "version": "2.0",
            "class": "dataset",
            "label": table,
            "source": "ESTAT",
            "updated": self.updated,
            "value": value,
            "status": status,
            "id": list(axes),
            "size": [len(ids) for ids in axes.values()],
            "dimension": {
                name: {
                    "label": name,
                    "category": {
                        "index": {code: at for at, code in enumerate(ids)},
                        "label": {code: code for code in ids},
                    },
                }
                for name, ids in axes.items()
            },
        }
        body["extension"] = {
            "lang": "EN",
            "id": table.upper(),
            "agencyId": "ESTAT",
            "version": "1.0",
            "datastructure": {"id": table.upper(), "agencyId": "ESTAT", "version": "1.0"},
            "annotation": [{"type": "UPDATE_DATA", "date": self.updated}],
            "positions-with-no-data": {name: [] for name in axes},
        }
        if self.roles:
            body["role"] = {"time": ["time"], "geo": ["geo"]}
        return 200, body
