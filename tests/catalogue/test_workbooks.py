from __future__ import annotations

import itertools

import pytest

from integstats import catalogue
from integstats.catalogue import workbooks
from integstats.errors import SchemaError


def test_every_place_is_found_by_its_name() -> None:
    kinds: dict[str, int] = {}
    for place in catalogue.places().values():
        if place.kind == "county":
            assert workbooks.county_code(place.name) == place.code
            assert workbooks.county_code(place.name.removesuffix(" län")) == place.code
        elif place.kind == "municipality":
            assert workbooks.municipality_code(place.name, place.code[:2]) == place.code
        kinds[place.kind] = kinds.get(place.kind, 0) + 1
    assert (kinds["county"], kinds["municipality"]) == (21, 290)


@pytest.mark.parametrize(
    "name", ["Stockholm", "Uppsala", "Jönköping", "Kalmar", "Gotland", "Örebro"]
)
def test_names_that_a_county_and_a_municipality_share_are_told_apart(name: str) -> None:
    county = workbooks.county_code(name)
    municipality = workbooks.municipality_code(name, county)
    assert (len(county), len(municipality)) == (2, 4)
    assert municipality.startswith(county)


def test_a_name_is_not_found_under_another_county() -> None:
    with pytest.raises(SchemaError, match="'Lomma' under Kronobergs län"):
        workbooks.municipality_code("Lomma", "07")


def test_every_workbook_is_a_dataset_with_its_ages() -> None:
    for name in workbooks.layouts():
        dataset = catalogue.dataset(name)
        assert dataset.publisher.id == "arbetsformedlingen"
        assert dataset.default_age in workbooks.usual_ages(name)
        assert {workbooks.age_in("2026-08"), workbooks.age_in("1996-01")} & set(
            workbooks.usual_ages(name)
        )
    known = [one.id for one in catalogue.datasets().values() if one.id.startswith("af-")]
    assert known == list(workbooks.layouts())


def test_ages_that_follow_each_other_are_one_series() -> None:
    assert workbooks.age_succession("af-registered-share", "16-64") == ("16-64", "16-65", "16-66")
    assert workbooks.age_succession("af-registered-share-register", "16-65") == ("16-64", "16-65")
    assert workbooks.age_succession("af-registered-share", "20-64") == ("20-64",)
    assert workbooks.age_succession("scb-bas-month", "16-65") == ("16-65",)
    assert workbooks.age_succession("own-figures", "16-65") == ("16-65",)
    assert workbooks.age_at("af-registered-share", "16-66", "2022-12") == "16-64"
    assert workbooks.age_at("scb-bas-month", "16-66", "2022-12") == "16-66"


def test_a_blocking_break_lies_wherever_one_age_follows_another() -> None:
    months = [f"{year}-{month:02d}" for year in range(1996, 2027) for month in range(1, 13)]
    for name in workbooks.layouts():
        spans = workbooks.usual_ages(name)
        changes = {
            after
            for before, after in itertools.pairwise(months)
            if {workbooks.age_in(before), workbooks.age_in(after)} <= set(spans)
            and workbooks.age_in(before) != workbooks.age_in(after)
        }
        found = [
            one.first_period
            for one in catalogue.breaks_for(
                dataset=name, measure="registered_unemployed", age=spans[-1], place="1280"
            )
            if one.effect == "blocks"
        ]
        assert changes <= set(found)


def test_the_breaks_of_the_catalogue_lie_where_the_ages_change() -> None:
    starts = {one.first_period for one in catalogue.breaks() if one.id.startswith("af-age-")}
    months = [f"{year}-{month:02d}" for year in range(2020, 2027) for month in range(1, 13)]
    changes = {
        after
        for before, after in itertools.pairwise(months)
        if workbooks.age_in(before) != workbooks.age_in(after)
    }
    assert changes == starts
