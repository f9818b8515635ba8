from __future__ import annotations

import pytest

import integstats as ig
from integstats import catalogue, store
from integstats.errors import UnknownCodeError


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("00", "00"),
        ("riket", "00"),
        ("Sverige", "00"),
        ("Sweden", "00"),
        ("Goteborg", "1480"),
        ("Gothenburg", "1480"),
        ("Malmo", "1280"),
        ("MALMÖ STAD", "1280"),
        ("Skåne", "12"),
        ("Region Skåne", "12"),
        ("Skåne län", "12"),
        ("Uppsala", "0380"),
        ("Uppsala län", "03"),
        ("Habo", "0643"),
        ("Håbo", "0305"),
        ("malung salen", "2023"),
        ("Familjen Helsingborg", "group:familjen-helsingborg"),
    ],
)
def test_names_are_understood(name: str, key: str) -> None:
    assert catalogue.resolve(name).key == key


def test_a_shared_name_says_what_else_it_means() -> None:
    assert [one.key for one in catalogue.also_means("Uppsala")] == ["03"]
    assert [one.key for one in catalogue.also_means("Malmö")] == []


def test_every_name_and_code_finds_its_own_place() -> None:
    for place in catalogue.places().values():
        assert catalogue.resolve(place.code) == place
        found = catalogue.resolve(place.name)
        assert found == place or (place.kind == "county" and found.name == place.name)


def test_a_misspelt_place_names_the_near_one() -> None:
    with pytest.raises(UnknownCodeError, match=r"'Moldal'\. Did you mean 'Mölndal'"):
        catalogue.resolve("Moldal")


@pytest.mark.parametrize(
    ("look_up", "near"),
    [(catalogue.dataset, "scb-bas-month"), (catalogue.measure, "unemployment_rate")],
)
def test_an_unknown_id_names_the_near_one(look_up: object, near: str) -> None:
    with pytest.raises(UnknownCodeError, match=near):
        look_up(near[:-2])  # type: ignore[operator]


def test_every_measure_has_its_words_in_both_languages() -> None:
    swedish = {key: one.words("sv").keys() for key, one in catalogue.measures().items()}
    english = {key: one.words("en").keys() for key, one in catalogue.measures().items()}
    assert swedish == english
    assert len({frozenset(words) for words in swedish.values()}) == 1


def test_every_dataset_carries_known_measures_from_its_own_counts_or_published() -> None:
    for one in catalogue.datasets().values():
        assert set(one.rates) <= set(one.measures)
        for name in one.measures:
            measure = catalogue.measure(name)
            assert name in one.rates or {measure.numerator, measure.denominator} <= set(one.counts)


def test_no_blocking_break_lies_in_the_embedded_series() -> None:
    for measure in ("employment_rate", "unemployment_rate"):
        for place in ("00", "12", "1280"):
            assert not catalogue.breaks_for(
                dataset="scb-bas-month", measure=measure, age="20-64", place=place, effect="blocks"
            )


def test_the_embedded_vintage_is_known_as_carried_over() -> None:
    embedded = store.snapshots("scb-bas-month")[0]
    source = catalogue.sources_of([("scb-bas-month", embedded.vintage)])[0]
    assert source.obtained == "carried over"
    assert source.updated == "2026-08-28"
    assert source.note("sv") == "återgiven ur Göteborgs stads publicerade kopia"


def test_listings_are_tables() -> None:
    assert len(ig.places()) == 312 + len(catalogue.groups())
    assert ig.places("xyzzy").empty
    assert list(ig.datasets().index) == list(catalogue.datasets())
    assert list(ig.measures().index) == list(catalogue.measures())
