"""The file of places against SCB's own region codes and Kolada's list of municipalities."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

COLUMNS = ["code", "kind", "name", "name_en", "county", "body", "aliases"]
COUNTIES = {
    "01": "Stockholms län",
    "03": "Uppsala län",
    "04": "Södermanlands län",
    "05": "Östergötlands län",
    "06": "Jönköpings län",
    "07": "Kronobergs län",
    "08": "Kalmar län",
    "09": "Gotlands län",
    "10": "Blekinge län",
    "12": "Skåne län",
    "13": "Hallands län",
    "14": "Västra Götalands län",
    "17": "Värmlands län",
    "18": "Örebro län",
    "19": "Västmanlands län",
    "20": "Dalarnas län",
    "21": "Gävleborgs län",
    "22": "Västernorrlands län",
    "23": "Jämtlands län",
    "24": "Västerbottens län",
    "25": "Norrbottens län",
}
CALL_THEMSELVES_STAD = {
    "Stockholms stad",
    "Sundbybergs stad",
    "Solna stad",
    "Lidingö stad",
    "Vaxholms stad",
    "Malmö stad",
    "Landskrona stad",
    "Helsingborgs stad",
    "Göteborgs Stad",
    "Mölndals stad",
    "Trollhättans Stad",
    "Borås Stad",
    "Västerås stad",
    "Haparanda stad",
}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    text = (files("integstats") / "catalogue" / "places.csv").read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines(), strict=True)
    assert reader.fieldnames == COLUMNS
    return list(reader)


@pytest.fixture(scope="module")
def by_code(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows}


def accepted(row: dict[str, str]) -> set[str]:
    """Every name of a place, without regard to case."""
    names = [row["name"], row["name_en"], *row["aliases"].split(";")]
    return {name.casefold() for name in names if name}


def test_one_country_21_counties_290_municipalities(rows: list[dict[str, str]]) -> None:
    assert Counter(row["kind"] for row in rows) == {
        "country": 1,
        "county": 21,
        "municipality": 290,
    }
    assert len({row["code"] for row in rows}) == 312


def test_codes_keep_their_leading_zeros(rows: list[dict[str, str]]) -> None:
    length = {"country": 2, "county": 2, "municipality": 4}
    for row in rows:
        assert row["code"].isdigit()
        assert len(row["code"]) == length[row["kind"]]
    assert {"00", "01", "0114", "0980"} <= {row["code"] for row in rows}


def test_no_row_is_ragged_or_padded(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert set(row) == set(COLUMNS)
        assert all(value == value.strip() for value in row.values()), row
        assert row["name"]
        assert row["name_en"]
        assert row["body"]
        parts = row["aliases"].split(";") if row["aliases"] else []
        assert all(part and part == part.strip() for part in parts), row
        names = [row["name"].casefold(), row["name_en"].casefold()]
        assert not {part.casefold() for part in parts} & set(names), row
        assert len({part.casefold() for part in parts}) == len(parts), row


def test_counties_have_their_exact_names(rows: list[dict[str, str]]) -> None:
    assert {row["code"]: row["name"] for row in rows if row["kind"] == "county"} == COUNTIES


def test_a_municipality_lies_in_the_county_of_its_code(rows: list[dict[str, str]]) -> None:
    for row in rows:
        if row["kind"] == "municipality":
            assert row["county"] == row["code"][:2]
            assert row["county"] in COUNTIES
        else:
            assert row["county"] == ""
    sizes = Counter(row["county"] for row in rows if row["kind"] == "municipality")
    assert (sizes["12"], sizes["14"], sizes["01"], sizes["09"]) == (33, 49, 26, 1)


def test_a_name_means_one_place(rows: list[dict[str, str]]) -> None:
    meanings: dict[str, list[str]] = {}
    for row in rows:
        for name in accepted(row):
            meanings.setdefault(name, []).append(row["code"])
    assert {name: codes for name, codes in meanings.items() if len(codes) > 1} == {}


def test_without_accents_only_habo_and_habo_are_confused(rows: list[dict[str, str]]) -> None:
    meanings: dict[str, set[str]] = {}
    for row in rows:
        for name in accepted(row):
            letters = unicodedata.normalize("NFKD", name)
            plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
            meanings.setdefault(plain, set()).add(row["code"])
    confused = {name: codes for name, codes in meanings.items() if len(codes) > 1}
    assert confused == {"habo": {"0305", "0643"}}


def test_a_bare_name_shared_with_a_county_is_the_municipality(
    by_code: dict[str, dict[str, str]],
) -> None:
    shared_names = {
        "Stockholm": ("0180", "01"),
        "Uppsala": ("0380", "03"),
        "Jönköping": ("0680", "06"),
        "Kalmar": ("0880", "08"),
        "Gotland": ("0980", "09"),
        "Örebro": ("1880", "18"),
    }
    for name, (municipality, county) in shared_names.items():
        assert by_code[municipality]["name"] == name
        assert name.casefold() not in accepted(by_code[county])
    alone = set(COUNTIES) - {county for _, county in shared_names.values()}
    for code in alone:
        bare = by_code[code]["name_en"].removesuffix(" county")
        assert bare.casefold() in accepted(by_code[code]), bare


def test_names_that_users_write(by_code: dict[str, dict[str, str]]) -> None:
    assert {"riket", "sverige", "sweden", "hela landet"} <= accepted(by_code["00"])
    assert {"göteborg", "gothenburg"} <= accepted(by_code["1480"])
    assert by_code["1480"]["name_en"] == "Gothenburg"
    assert {"skåne", "region skåne", "skåne county"} <= accepted(by_code["12"])
    assert {"dalarna", "region dalarna", "dalarna län"} <= accepted(by_code["20"])


def test_a_county_answers_to_its_region(rows: list[dict[str, str]]) -> None:
    for row in rows:
        if row["kind"] == "county":
            assert row["body"].startswith("Region ") or row["body"] == "Västra Götalandsregionen"
            assert row["body"].casefold() in accepted(row)


def test_bodies_known_by_name(by_code: dict[str, dict[str, str]]) -> None:
    expected = {
        "1280": "Malmö stad",
        "1481": "Mölndals stad",
        "1480": "Göteborgs Stad",
        "0180": "Stockholms stad",
        "1262": "Lomma kommun",
        "1281": "Lunds kommun",
        "0580": "Linköpings kommun",
        "2080": "Falu kommun",
        "1490": "Borås Stad",
        "1421": "Orust kommun",
        "1860": "Laxå kommun",
        "2514": "Kalix kommun",
        "1284": "Höganäs kommun",
        "1438": "Dals-Eds kommun",
        "0980": "Region Gotland",
        "12": "Region Skåne",
        "14": "Västra Götalandsregionen",
        "09": "Region Gotland",
        "23": "Region Jämtland Härjedalen",
    }
    assert {code: by_code[code]["body"] for code in expected} == expected


def test_the_other_municipalities_follow_the_genitive(rows: list[dict[str, str]]) -> None:
    municipalities = [row for row in rows if row["kind"] == "municipality"]
    stad = {row["body"] for row in municipalities if row["body"].casefold().endswith(" stad")}
    assert stad == CALL_THEMSELVES_STAD
    for row in municipalities:
        if row["body"] in stad or row["code"] in {"0980", "1421", "2080"}:
            continue
        ends_without_s = row["name"][-1] in "aeiouyåäösxz"
        genitive = row["name"] if ends_without_s else f"{row['name']}s"
        assert row["body"] == f"{genitive} kommun"


def test_codes_and_names_are_those_of_scb(by_code: dict[str, dict[str, str]], shared: Path) -> None:
    path = shared / "data/pxweb/v2_scb_transcribed/scb_TAB6260.meta.json"
    metadata = json.loads(path.read_text(encoding="utf-8"))
    labels = metadata["dimension"]["Region"]["category"]["label"]
    assert len(labels) == 312
    assert set(by_code) == set(labels)
    for code, label in labels.items():
        column = "name" if by_code[code]["kind"] == "municipality" else "name_en"
        assert by_code[code][column] == label


def test_municipalities_are_those_of_kolada(
    by_code: dict[str, dict[str, str]], shared: Path
) -> None:
    path = shared / "data/places/kolada_municipality.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        kolada = list(csv.DictReader(lines))
    names = {row["id"]: row["title"] for row in kolada if row["type"] == "K"}
    ours = {code: row["name"] for code, row in by_code.items() if row["kind"] == "municipality"}
    assert ours == names
    regions = {row["id"][2:] for row in kolada if row["type"] == "L"}
    assert regions == {code for code, row in by_code.items() if row["kind"] != "municipality"}
