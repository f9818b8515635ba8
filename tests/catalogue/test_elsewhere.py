"""What the catalogue says of other publishers: datasets, places abroad, similar municipalities."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from integstats import catalogue
from integstats.catalogue import Dataset, Group, Place
from integstats.errors import UnknownCodeError

OTHERS = [
    one
    for one in catalogue.datasets().values()
    if one.publisher.id in ("kolada", "statbank", "eurostat")
]
ASKED_FOR = {
    *(f"N022{n}" for n in (67, 68, 69, 80, 81, 82, 83, 84, 85)),
    *(f"N039{n}" for n in (41, 42, 43, 44, 45, 46, 52, 54, 37)),
    *("N00971", "N00972", "N00973", "N00991", "N00995", "N00700", "N02994"),
    *("N18409", "N18410", "N18412", "N18957"),
}


@pytest.fixture(scope="module")
def kpis(shared: Path) -> dict[str, dict[str, str]]:
    path = shared / "data" / "kolada" / "kpi_integration_subset.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


def series_of_kolada() -> list[tuple[Dataset, dict[str, str], str, str]]:
    return [
        (one, dict(series.words), name, code)
        for one in OTHERS
        for series in one.series
        for name, code in series.codes.items()
    ]


def test_every_key_figure_of_the_issue_has_its_column_once() -> None:
    codes = [code for *_, code in series_of_kolada()]
    assert len(codes) == len(set(codes))
    assert set(codes) == ASKED_FOR


def test_key_figures_are_what_their_titles_say(kpis: dict[str, dict[str, str]]) -> None:
    """The words of a series against Kolada's own title and definition."""
    for dataset, words, name, code in series_of_kolada():
        title = kpis[code]["title"].casefold()
        assert "andel (%)" in title, code
        if dataset.id == "kolada-bas":
            assert ("utrikes födda" in title) == (words.get("birth_region") == "foreign_born")
            assert ("inrikes födda" in title) == (words.get("birth_region") == "native_born")
            start = {"employment": "sysselsättningsgrad", "unemployment": "arbetslöshet"}
            assert title.startswith(start.get(name.split("_")[0], "arbetskraftsdeltagande")), code
        age = words.get("age", dataset.default_age)
        if dataset.id in ("kolada-bas", "kolada-registered", "kolada-n03937"):
            assert f"{age} år" in title, code
        if name.startswith("long_term"):
            assert title.startswith("långtidsarbetslösa"), code
            base = {"rate": "arbetskraften", "share": "befolkningen", "unemployed": "arbetslösa,"}
            assert f" {base[name.rsplit('_', 1)[1]]}" in title, code
        assert ("4-6 år" in title) == ("length_of_stay" in words), code


def test_a_key_figure_of_municipalities_alone_has_no_other_places(
    kpis: dict[str, dict[str, str]],
) -> None:
    for dataset, _, _, code in series_of_kolada():
        only = kpis[code]["municipality_type"] == "K"
        assert (dataset.places == ("municipality",)) == only, code


def test_no_measure_is_shared_with_another_publisher() -> None:
    swedish = {
        name
        for one in catalogue.datasets().values()
        if one.publisher.id not in ("kolada", "statbank", "eurostat")
        for name in one.measures
    }
    assert not swedish & {name for one in OTHERS for name in one.measures}
    by_publisher = [{m for o in OTHERS if o.publisher.id == p for m in o.measures} for p in
                    ("kolada", "statbank", "eurostat")]  # fmt: skip
    assert len(set.union(*by_publisher)) == sum(map(len, by_publisher))


@pytest.mark.parametrize("one", OTHERS, ids=lambda one: one.id)
def test_a_dataset_is_complete(one: Dataset) -> None:
    assert set(one.rates) == set(one.measures)
    assert not one.counts
    assert not one.additive
    assert one.frequency == "Y"
    assert one.url.startswith("https://")
    assert one.publisher.api.startswith("https://")
    known = {**catalogue.places(), **catalogue.places_abroad()}
    assert set(one.places) <= {place.kind for place in known.values()}
    age = one.keys["age"]
    assert one.default_age in (age.constant, *age.codes)
    for lang in ("sv", "en"):
        assert one.name(lang)
        assert one.register(lang)
        assert one.definition(lang).endswith(".")


def test_danish_municipalities_are_those_of_the_stored_list(shared: Path) -> None:
    text = (shared / "data" / "dst" / "komgrp.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    stored = {
        f"dk:{row['KODE'].strip(chr(34))}": row["TITEL"] for row in rows if row["NIVEAU"] == "2"
    }
    ours = {
        code: one
        for code, one in catalogue.places_abroad().items()
        if one.kind == "dk-municipality"
    }
    assert set(ours) == set(stored)
    assert len(ours) == 98
    for code, title in stored.items():
        assert title in (ours[code].name, *ours[code].aliases)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Odense", "dk:461"),
        ("dk:461", "dk:461"),
        ("Copenhagen", "dk:101"),
        ("København", "dk:101"),
        ("Århus", "dk:751"),
        ("Danmark", "dk:000"),
        ("eu:SE", "eu:SE"),
        ("Sverige", "00"),
        ("Tyskland", "eu:DE"),
    ],
)
def test_places_abroad_are_understood_and_never_take_a_swedish_name(name: str, key: str) -> None:
    assert catalogue.resolve(name).key == key


def test_places_abroad_are_apart_from_the_312() -> None:
    assert len(catalogue.places()) == 312
    assert not set(catalogue.places()) & set(catalogue.places_abroad())
    assert not any(isinstance(one, Place) and one.abroad for one in catalogue.search())
    assert [one.key for one in catalogue.search("odense")] == ["dk:461"]
    for place in catalogue.places().values():
        assert not getattr(catalogue.resolve(place.name), "abroad", False)
        assert not place.abroad
    assert all(one.abroad for one in catalogue.places_abroad().values())


@pytest.fixture(scope="module")
def groups(shared: Path) -> dict[str, dict[str, object]]:
    path = shared / "data" / "kolada" / "municipality_groups_v3_rKolada_2026-04.json"
    return {one["id"]: one for one in json.loads(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("topic", catalogue.PEER_TOPICS)
def test_similar_municipalities_are_those_of_the_stored_list(
    groups: dict[str, dict[str, object]], topic: str
) -> None:
    found = 0
    for place in catalogue.places().values():
        if place.kind != "municipality":
            continue
        group = catalogue.peers(place.code, topic=topic)
        stored = groups[group.source.split()[1]]
        assert f"({stored['title']})" in group.source
        assert tuple(one["member_id"] for one in stored["members"]) == group.members
        assert place.code not in group.members
        assert len(group.members) == 7
        found += 1
    assert found == 290


def test_a_peer_group_is_a_group_like_any_other() -> None:
    group = catalogue.peers("Mölndal")
    assert isinstance(group, Group)
    assert catalogue.resolve(group.key) == catalogue.resolve(group.id) == group
    assert catalogue.place_label(group.key) == "Kommuner som liknar Mölndal (arbetsmarknad)"
    assert group not in catalogue.search("Mölndal")


@pytest.mark.parametrize(("name", "topic"), [("Skåne län", "labour_market"), ("Malmö", "labour")])
def test_who_has_no_similar_ones_is_told(name: str, topic: str) -> None:
    with pytest.raises(UnknownCodeError, match=r"290|labour_market"):
        catalogue.peers(name, topic=topic)
