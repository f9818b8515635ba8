"""The file of breaks: its form, and which comparisons it stops."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

FIELDS = {
    "id": str,
    "datasets": list,
    "measures": list,
    "ages": list,
    "places": list,
    "first_period": str,
    "effect": str,
    "text_sv": str,
    "text_en": str,
    "evidence": str,
    "url": str,
}
BLOCKING = {
    "rams-to-bas": "2020-01",
    "integration-tables-bas": "2022-01",
    "aku-2021": "2021-01",
    "eu-lfs-2021": "2021-01",
    "af-denominator-bas": "2022-01",
    "af-age-65": "2023-01",
    "af-age-66": "2026-01",
    "kolada-age-65": "2023-01",
}
COUNTS = [
    "employed",
    "unemployed",
    "labour_force",
    "students",
    "retired",
    "sick",
    "other",
    "population",
    "registered_unemployed",
]
RATES = ["employment_rate", "unemployment_rate", "participation_rate"]
BAS = [
    "scb-bas-month",
    "scb-bas-month-final",
    "scb-bas-quarter",
    "scb-bas-quarter-final",
    "scb-bas-year",
    "scb-bas-year-final",
    "scb-bas-november",
]


def catalogue_text(name: str) -> str:
    return (files("integstats") / "catalogue" / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def breaks() -> list[dict[str, Any]]:
    content = tomllib.loads(catalogue_text("breaks.toml"))
    assert set(content) == {"break"}
    return content["break"]


def found(
    breaks: list[dict[str, Any]],
    dataset: str,
    measure: str,
    *,
    age: str = "20-64",
    place: str = "00",
    effect: str | None = None,
) -> dict[str, str]:
    """First period of each break that concerns these figures, by id."""
    return {
        one["id"]: one["first_period"]
        for one in breaks
        if any(fnmatchcase(dataset, pattern) for pattern in one["datasets"])
        and (not one["measures"] or measure in one["measures"])
        and (not one["ages"] or age in one["ages"])
        and (not one["places"] or place in one["places"])
        and effect in (None, one["effect"])
    }


def test_every_break_has_every_field(breaks: list[dict[str, Any]]) -> None:
    for one in breaks:
        optional = {"months": list}
        assert {k: type(v) for k, v in one.items() if k not in optional} == FIELDS
        assert all(type(one[k]) is kind for k, kind in optional.items() if k in one)
        assert one["effect"] in {"blocks", "notes"}
        assert re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", one["first_period"])
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one["id"])
        assert one["datasets"]
        assert one["evidence"].endswith(".")
        assert re.fullmatch(r"(https?://\S+)?", one["url"])
        for key in ("text_sv", "text_en"):
            assert one[key].endswith(".")
            assert "\n" not in one[key]
        assert one["text_sv"] != one["text_en"]


def test_ids_are_unique(breaks: list[dict[str, Any]]) -> None:
    assert len({one["id"] for one in breaks}) == len(breaks)


def test_patterns_have_at_most_a_star_at_the_end(breaks: list[dict[str, Any]]) -> None:
    for one in breaks:
        for pattern in one["datasets"]:
            assert re.fullmatch(r"[a-z0-9-]+\*?", pattern), pattern


def test_measures_ages_and_places_are_known(breaks: list[dict[str, Any]]) -> None:
    known = {*COUNTS, *RATES, "registered_unemployment_rate"}
    places = {row["code"] for row in csv.DictReader(catalogue_text("places.csv").splitlines())}
    for one in breaks:
        assert set(one["measures"]) <= known
        assert all(re.fullmatch(r"\d\d-\d\d", age) for age in one["ages"])
        assert set(one["places"]) <= places


def test_what_blocks_and_from_when(breaks: list[dict[str, Any]]) -> None:
    blocking = {one["id"]: one["first_period"] for one in breaks if one["effect"] == "blocks"}
    assert blocking == BLOCKING


@pytest.mark.parametrize("dataset", BAS)
@pytest.mark.parametrize("age", ["20-64", "16-64", "20-65", "20-66"])
def test_no_break_stops_a_comparison_within_bas(
    breaks: list[dict[str, Any]], dataset: str, age: str
) -> None:
    for measure in (*RATES, *COUNTS):
        for place in ("00", "12", "1280", "0331", "19"):
            stops = found(breaks, dataset, measure, age=age, place=place, effect="blocks")
            assert stops == {}


def test_notes_on_the_monthly_rates(breaks: list[dict[str, Any]]) -> None:
    for rate in RATES:
        assert found(breaks, "scb-bas-month", rate) == {
            "bas-preliminary-revised-2026": "2020-01",
            "bas-disclosure-noise": "2020-01",
            "bas-entrepreneurs-2024": "2024-01",
        }


def test_notes_that_concern_one_status_only(breaks: list[dict[str, Any]]) -> None:
    august = "bas-students-august-2024"
    concerned = {count for count in COUNTS if august in found(breaks, "scb-bas-month", count)}
    assert concerned == {"students", "other"}
    concerned = {c for c in COUNTS if "bas-retired-2023" in found(breaks, "scb-bas-month", c)}
    assert concerned == {"retired"}


def test_pension_age_is_noted_only_for_ages_it_touches(breaks: list[dict[str, Any]]) -> None:
    def noted(age: str) -> set[str]:
        every = found(breaks, "scb-bas-month", "employment_rate", age=age)
        return {name for name in every if "pension" in name}

    assert noted("20-64") == set()
    assert noted("20-65") == {"bas-pension-age-2023"}
    assert noted("20-66") == {"bas-pension-age-2023", "bas-pension-age-2026"}


def test_final_figures_were_not_revised_with_the_preliminary(breaks: list[dict[str, Any]]) -> None:
    revised = {d for d in BAS if "bas-preliminary-revised-2026" in found(breaks, d, "employed")}
    assert revised == {"scb-bas-month", "scb-bas-quarter", "scb-bas-year"}


def test_registered_unemployment_is_stopped_by_age_and_denominator(
    breaks: list[dict[str, Any]],
) -> None:
    rate = "registered_unemployment_rate"
    ages = {"af-age-65": "2023-01", "af-age-66": "2026-01"}
    for dataset in ("af-registered-share", "af-registered-share-register"):
        stops = found(breaks, dataset, rate, age="16-65", effect="blocks")
        assert stops == {"af-denominator-bas": "2022-01", **ages}
        counts = found(breaks, dataset, "registered_unemployed", age="16-65", effect="blocks")
        assert counts == ages
    since_1996 = found(breaks, "af-registered-since-1996", "registered_unemployed", effect="blocks")
    assert since_1996 == ages


def test_other_datasets_that_are_stopped(breaks: list[dict[str, Any]]) -> None:
    expected = {
        "scb-rams-1993": {"rams-to-bas"},
        "scb-rams-2004": {"rams-to-bas"},
        "scb-rams-2019": {"rams-to-bas"},
        "scb-integration-municipality": {"integration-tables-bas"},
        "scb-integration-county": {"integration-tables-bas"},
        "scb-integration-country": {"integration-tables-bas"},
        "scb-aku-month": {"aku-2021"},
        "kolada-n03937": {"kolada-age-65"},
        "kolada-n02268": set(),
        "scb-self-sufficiency": set(),
        "scb-income-years": set(),
        "scb-population-birth": set(),
        "scb-population-birth-2025": set(),
        "dst-ras200": set(),
    }
    stopped = {d: set(found(breaks, d, "employment_rate", effect="blocks")) for d in expected}
    assert stopped == expected


def test_heby_concerns_the_two_counties_and_itself(breaks: list[dict[str, Any]]) -> None:
    heby = next(one for one in breaks if one["id"] == "heby-county-2007")
    assert set(heby["places"]) == {"03", "0331", "19"}
    assert "heby-county-2007" not in found(breaks, "scb-rams-2004", "employment_rate", place="12")


def test_the_notes_of_scb_say_the_same(breaks: list[dict[str, Any]], shared: Path) -> None:
    folder = shared / "data/pxweb/v2_scb_transcribed"
    notes = {
        table: " ".join(json.loads((folder / f"scb_{table}.meta.json").read_text("utf-8"))["note"])
        for table in ("TAB6260", "TAB2948")
    }
    by_id = {one["id"]: one for one in breaks}
    assert by_id["bas-preliminary-revised-2026"]["url"] in notes["TAB6260"]
    assert "2026-05-28" in notes["TAB6260"]
    assert "2026-05-28" not in notes["TAB2948"]
    assert "As of 2024, the method for classifying entrepreneurs" in notes["TAB2948"]
    assert "entrepreneurs" not in notes["TAB6260"]
    assert "As of 2023, the retirement age was raised from 65 to 66" in notes["TAB6260"]
    assert "as of 2026, to 67" in notes["TAB6260"]


def test_the_breaks_seen_in_the_figures_are_there(
    breaks: list[dict[str, Any]], shared: Path
) -> None:
    path = shared / "data/scb/TAB6260_25_places_2020M01-2026M06.csv"
    retired: dict[str, float] = {}
    native_students: dict[str, float] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["Region"] != "00":
                continue
            month = row["Tid"]
            retired[month] = retired.get(month, 0) + float(row["retired"])
            if row["Fodelseregion"] == "in":
                before = native_students.get(month, 0)
                native_students[month] = before + float(row["students"])

    evidence = {one["id"]: one["evidence"] for one in breaks}
    for month in ("2022M12", "2023M12", "2024M12"):
        assert f"{retired[month]:,.0f}" in evidence["bas-retired-2023"]
    august = {year: native_students[f"{year}M08"] for year in range(2020, 2026)}
    assert all(38_500 <= august[year] < 44_500 for year in range(2020, 2024))
    assert all(25_000 <= august[year] < 26_000 for year in (2024, 2025))
    assert "39,000-44,000" in evidence["bas-students-august-2024"]
    assert "25,000-26,000" in evidence["bas-students-august-2024"]
