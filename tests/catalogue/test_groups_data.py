"""The file of groups against Kolada's list, SKR's classification and the county codes."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import tomllib
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

SIZES = {
    "familjen-helsingborg": 11,
    "skane-nordost": 6,
    "skane": 33,
    "vastra-gotaland": 49,
    "goteborgsregionen": 13,
    "skr-a1-storstader": 3,
    "skr-a2-pendlingskommun-nara-storstad": 43,
    "skr-b3-storre-stad": 23,
    "skr-b4-pendlingskommun-nara-storre-stad": 63,
    "skr-b5-lagpendlingskommun-nara-storre-stad": 24,
    "skr-c6-mindre-stad": 27,
    "skr-c7-pendlingskommun-nara-mindre-stad": 51,
    "skr-c8-landsbygdskommun": 35,
    "skr-c9-landsbygdskommun-besoksnaring": 21,
}


@pytest.fixture(scope="module")
def groups() -> dict[str, dict[str, Any]]:
    path = files("integstats") / "catalogue" / "groups.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def municipalities() -> dict[str, str]:
    text = (files("integstats") / "catalogue" / "places.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: row["name"] for row in rows if row["kind"] == "municipality"}


def skr_groups(groups: dict[str, dict[str, Any]]) -> dict[str, set[str]]:
    """Members of SKR's groups by SKR's own code, as A1."""
    return {
        key.split("-")[1].upper(): set(group["members"])
        for key, group in groups.items()
        if group["kind"] == "skr"
    }


def test_the_groups_and_their_sizes(groups: dict[str, dict[str, Any]]) -> None:
    assert {key: len(group["members"]) for key, group in groups.items()} == SIZES


def test_fields(groups: dict[str, dict[str, Any]]) -> None:
    for key, group in groups.items():
        assert set(group) - {"url"} == {"name", "name_en", "kind", "source", "as_of", "members"}
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)
        assert group["kind"] in {"cooperation", "county", "skr"}
        assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])(-\d\d)?", group["as_of"])
        assert re.match(r"Kolada G\d+ \(", group["source"])
        assert group["name"]
        assert group["name_en"]
        assert group.get("url", "https://").startswith("https://")


def test_members_are_municipalities_once_each(
    groups: dict[str, dict[str, Any]], municipalities: dict[str, str]
) -> None:
    for group in groups.values():
        members = group["members"]
        assert all(isinstance(code, str) for code in members)
        assert set(members) <= set(municipalities)
        assert members == sorted(set(members))


def test_names_are_unique(groups: dict[str, dict[str, Any]]) -> None:
    for field in ("name", "name_en", "source"):
        assert len({group[field] for group in groups.values()}) == len(groups)


def test_skr_has_nine_groups_that_share_out_every_municipality(
    groups: dict[str, dict[str, Any]], municipalities: dict[str, str]
) -> None:
    nine = skr_groups(groups)
    assert set(nine) == {"A1", "A2", "B3", "B4", "B5", "C6", "C7", "C8", "C9"}
    assert sum(map(len, nine.values())) == 290
    assert set().union(*nine.values()) == set(municipalities)
    assert nine["A1"] == {"0180", "1280", "1480"}


def test_county_groups_are_the_county(
    groups: dict[str, dict[str, Any]], municipalities: dict[str, str]
) -> None:
    for key, county in (("skane", "12"), ("vastra-gotaland", "14")):
        in_county = {code for code in municipalities if code.startswith(county)}
        assert set(groups[key]["members"]) == in_county


def test_members_of_the_cooperations(
    groups: dict[str, dict[str, Any]], municipalities: dict[str, str]
) -> None:
    expected = {
        "familjen-helsingborg": (
            "Bjuv, Båstad, Helsingborg, Höganäs, Klippan, Landskrona, Perstorp, Svalöv, Åstorp, "
            "Ängelholm, Örkelljunga"
        ),
        "skane-nordost": "Bromölla, Hässleholm, Hörby, Kristianstad, Osby, Östra Göinge",
        "goteborgsregionen": (
            "Ale, Alingsås, Göteborg, Härryda, Kungsbacka, Kungälv, Lerum, Lilla Edet, Mölndal, "
            "Partille, Stenungsund, Tjörn, Öckerö"
        ),
    }
    for key, names in expected.items():
        assert {municipalities[code] for code in groups[key]["members"]} == set(names.split(", "))


def test_members_are_those_of_the_kolada_group_named(
    groups: dict[str, dict[str, Any]], shared: Path
) -> None:
    path = shared / "data/kolada/municipality_groups_v3_rKolada_2026-04.json"
    kolada = {group["id"]: group for group in json.loads(path.read_text(encoding="utf-8"))}
    for group in groups.values():
        found = re.match(r"Kolada (G\d+) \(([^)]*)\)", group["source"])
        assert found is not None
        published = kolada[found[1]]
        assert published["title"].removesuffix(" (ovägt medel)") == found[2]
        assert {member["member_id"] for member in published["members"]} == set(group["members"])


def test_skr_groups_agree_with_a_second_copy(
    groups: dict[str, dict[str, Any]], shared: Path
) -> None:
    path = shared / "data/scb/others/Kommun_Statistik.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        pairs = database.execute("SELECT Gruppkod, Kommunkod FROM Kommungruppsindelning").fetchall()
    second: dict[str, set[str]] = {}
    for group, code in pairs:
        second.setdefault(group, set()).add(str(code).zfill(4))
    assert skr_groups(groups) == second
