"""A small SYNTHETIC table."""

from __future__ import annotations

from typing import Any

import numpy as np

from .table import ArrayValues, Table


def sample_table(table_id: str = "TAB9001") -> Table:
    """An invented table that needs no stored material: 4 places, 3 ages, 2 contents, 5 years.

    Its figures are 0, 1, 2, … in the order of the cells (the second content a tenth of that); the
    first of the last place is missing, with the symbol `..`.
    """
    codes = {
        "Region": ["00", "10", "1001", "1002"],
        "Alder": ["0-9", "10-19", "tot"],
        "ContentsCode": ["C1", "C2"],
        "Tid": ["2020", "2021", "2022", "2023", "2024"],
    }
    labels = {"Region": ["Landet", "Länet", "Åby", "Öby"]}

    def dimension(name: str) -> dict[str, Any]:
        members = codes[name]
        category: dict[str, Any] = {
            "index": {c: i for i, c in enumerate(members)},
            "label": dict(zip(members, labels.get(name, members), strict=True)),
        }
        if name == "ContentsCode":
            category["unit"] = {
                "C1": {"base": "antal", "decimals": 0},
                "C2": {"base": "procent", "decimals": 1},
            }
        elimination = name in ("Region", "Alder")
        extension: dict[str, Any] = {"elimination": elimination, "show": "value", "codelists": []}
        if name == "Alder":
            extension["eliminationValueCode"] = "tot"
        return {"label": name.lower(), "category": category, "extension": extension}

    document = {
        "version": "2.0",
        "class": "dataset",
        "label": "Påhittad tabell",
        "source": "SYNTHETIC",
        "updated": "2025-01-02T07:00:00Z",
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
        "id": list(codes),
        "size": [len(c) for c in codes.values()],
        "dimension": {name: dimension(name) for name in codes},
        "extension": {
            "px": {
                "tableid": table_id,
                "decimals": 0,
                "language": "sv",
                "contents": "Påhittat",
                "heading": ["ContentsCode", "Tid"],
                "stub": ["Region", "Alder"],
                "matrix": table_id,
                "subject-code": "XX",
            }
        },
        "value": [],
    }
    values = np.arange(4 * 3 * 2 * 5, dtype=float).reshape(4, 3, 2, 5)
    values[..., 1, :] /= 10
    status = np.full(values.shape, "", dtype="U7")
    values[3, 0, 0, 0], status[3, 0, 0, 0] = np.nan, ".."
    return Table(table_id, {"sv": document}, ArrayValues(codes, values, status))
