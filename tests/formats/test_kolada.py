from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from integstats.errors import SchemaError
from integstats.formats import kolada


def page(*entries: dict[str, Any], further: bool = False) -> dict[str, Any]:
    return {"values": list(entries), "count": len(entries), "next_url": "x" if further else None}


def entry(kpi: str, place: str, year: int, **genders: Any) -> dict[str, Any]:
    values = [
        one if isinstance(one, dict) else {"gender": gender, "count": 1, "status": "", "value": one}
        for gender, one in genders.items()
    ]
    return {"kpi": kpi, "municipality": place, "period": year, "values": values}


@pytest.mark.parametrize("name", ["values_N00945.csv", "values_kld_data.csv"])
def test_stored_real_values_in_kolada_s_form(shared: Path, name: str) -> None:
    with (shared / "data" / "kolada" / name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    entries = [
        entry(r["kpi"], r["municipality_id"], int(r["year"]), **{r["gender"]: float(r["value"])})
        for r in rows
    ]
    half = len(entries) // 2
    pages = [page(*entries[:half], further=True), page(*entries[half:])]
    cube = kolada.read(json.dumps(pages).encode(), {})
    frame = cube.to_frame().dropna(subset=["value"])
    got = {
        (k, m, g, str(p)): v
        for k, m, g, p, v in frame[["kpi", "municipality", "gender", "period", "value"]].itertuples(
            index=False
        )
    }
    assert got == {
        (r["kpi"], r["municipality_id"], r["gender"], r["year"]): float(r["value"]) for r in rows
    }
    assert "0180" in cube.dimension("municipality").codes


def test_the_mean_of_a_group_is_left_out() -> None:
    body = page(entry("N1", "G33623", 2023, T=50.0), entry("N1", "1481", 2023, T=60.0))
    cube = kolada.read(json.dumps(body).encode(), {})
    assert cube.dimension("municipality").codes == ("1481",)
    assert cube.values.ravel().tolist() == [60.0]


def test_null_and_deleted_are_missing_and_their_words_are_kept() -> None:
    gone = {"gender": "M", "value": 3.0, "isdeleted": True}
    private = {"gender": "K", "value": None, "status": "Private"}
    body = page(entry("N1", "1481", 2023, T=5.0, K=private, M=gone))
    cube = kolada.read(json.dumps(body).encode(), {"gender": ("K", "M", "T")})
    at = {code: cube.select({"gender": code}) for code in "KMT"}
    assert np.isnan(at["K"].values).all()
    assert np.isnan(at["M"].values).all()
    assert at["T"].values.item() == 5.0
    assert list(at["K"].status.values()) == ["Private"]


def test_what_was_asked_and_did_not_come_is_missing_but_no_year_is_made_up() -> None:
    body = page(entry("N1", "1481", 2023, T=5.0))
    asked = {
        "kpi": ("N1", "N2"),
        "municipality": ("1480", "1481"),
        "gender": ("K", "T"),
        "period": ("2022", "2023", "2024"),
    }
    cube = kolada.read(json.dumps(body).encode(), asked)
    assert cube.shape == (2, 2, 2, 1)
    assert np.count_nonzero(~np.isnan(cube.values)) == 1
    assert cube.dimension("period").codes == ("2023",)


def test_nothing_at_all_is_an_empty_cube() -> None:
    cube = kolada.read(json.dumps(page()).encode(), {"municipality": ("1481",)})
    assert cube.size == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"detail": "Not Found"}',
        b'{"values": [1]}',
        b'{"values": [{"kpi": "N1", "municipality": "1", "period": 1, "values": [{"value": 1}]}]}',
        json.dumps(page(entry("N1", "1", 1, T=1.0), entry("N1", "1", 1, T=2.0))).encode(),
    ],
)
def test_what_is_no_answer_is_refused_in_one_line(body: bytes) -> None:
    with pytest.raises(SchemaError) as caught:
        kolada.read(body, {})
    assert "\n" not in str(caught.value)
