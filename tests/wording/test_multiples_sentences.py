"""Sentences about one group in many places."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats import catalogue
from integstats.analysis.rates import rates
from integstats.wording.claims import Text
from integstats.wording.multiples_sentences import MultiplesText, multiples_text
from integstats.wording.sentences import read_text

LANGUAGES = ("sv", "en")
Sound = Callable[[Text | str, str], None]


def made(levels: dict[str, list[float]], *, n: float = 40_000.0, start: str = "2023-06"):
    """Return rates of foreign-born women, a value a year for each place."""
    first = pd.Period(start, "M")
    rows = [
        {
            "dataset": "scb-bas-month",
            "vintage": "2026-08-28.ed2136c3",
            "place": place,
            "period": first + 12 * year,
            "sex": "women",
            "birth_region": "foreign_born",
            "age": "20-64",
            "employed": np.round(level * n),
            "population": n,
            "status": "preliminary",
        }
        for place, course in levels.items()
        for year, level in enumerate(course)
    ]
    return rates(pd.DataFrame(rows), "employment_rate")


def check(text: MultiplesText, lang: str, sound: Sound) -> None:
    for one in (text.title, text.subtitle, text.alt, *text.lines, *text.notes):
        sound(one, lang)
        stored = json.loads(json.dumps(one.to_dict()))
        assert read_text(stored).problems() == ()
    assert text.title.words() <= 15
    assert 80 <= len(text.alt.text) <= 600


def test_places_that_rose_and_fell_are_counted(sound: Sound) -> None:
    frame = made({"1280": [0.6, 0.66], "1480": [0.6, 0.66], "0180": [0.7, 0.6], "1281": [0.5, 0.5]})
    for lang in LANGUAGES:
        check(multiples_text(frame, "employment_rate", lang=lang), lang, sound)
    text = multiples_text(frame, "employment_rate")
    assert text.title.text == (
        "Utrikes födda kvinnor: sysselsättningsgraden har ökat i 2 och minskat i 1 av 4 kommuner"
    )
    assert text.lines[0].text == (
        "Från juni 2023 till juni 2024 har sysselsättningsgraden ökat i 2, minskat i 1 och är i "
        "stort sett oförändrad i 1 av 4 kommuner."
    )


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        (0.60, 0.66, "har ökat i alla 2 kommuner sedan juni 2023"),
        (0.66, 0.60, "har minskat i alla 2 kommuner sedan juni 2023"),
        (0.60, 0.603, "är i stort sett oförändrad i alla 2 kommuner"),
    ],
)
def test_all_places_alike(before: float, now: float, wanted: str) -> None:
    frame = made({"1280": [before, now], "1480": [before, now]})
    assert multiples_text(frame, "employment_rate").title.text.endswith(wanted)


def test_a_change_that_chance_could_make_is_none() -> None:
    frame = made({"1280": [0.60, 0.62], "1480": [0.60, 0.62]}, n=500.0)
    assert "oförändrad i alla 2" in multiples_text(frame, "employment_rate").title.text


def test_without_persons_the_sentence_says_so(sound: Sound) -> None:
    frame = made({"1280": [0.6, 0.66], "1480": [0.6, 0.66]})
    text = multiples_text(frame.drop(columns=["population"]), "employment_rate")
    assert any("kan inte bedömas: antalet personer" in one.text for one in text.lines)
    check(text, "sv", sound)


def test_the_country_is_told_apart(sound: Sound) -> None:
    frame = made({"00": [0.6, 0.65], "1280": [0.6, 0.66], "1480": [0.6, 0.62]})
    text = multiples_text(frame, "employment_rate")
    check(text, "sv", sound)
    assert "i alla 2 kommuner" in text.title.text
    assert "I riket: 65,0 procent i juni 2024." in text.alt.text
    assert text.told == (0.66, 0.6, 0.62, 0.6)


def test_one_place_is_named(sound: Sound) -> None:
    for lang in LANGUAGES:
        text = multiples_text(made({"1280": [0.6, 0.66]}), "employment_rate", lang=lang)
        check(text, lang, sound)
    assert multiples_text(made({"1280": [0.6, 0.66]}), "employment_rate").title.text == (
        "Utrikes födda kvinnor: sysselsättningsgraden har ökat i Malmö sedan juni 2023"
    )


def test_nothing_is_compared_across_a_blocking_break() -> None:
    frame = made({"1280": [0.6, 0.7], "1480": [0.6, 0.7]})
    [notes] = [one for one in catalogue.breaks() if one.first_period == "2024-01"][:1]
    blocking = type(notes)(**{**vars(notes), "effect": "blocks", "id": "made"})
    text = multiples_text(frame, "employment_rate", breaks=[blocking])
    assert text.title.text == (
        "Utrikes födda kvinnor: sysselsättningsgraden är 70,0–70,0 procent i 2 kommuner"
    )
    assert any("före och efter brottet jämförs inte" in one.text for one in text.lines)
    told = multiples_text(frame, "employment_rate", breaks=[notes])
    assert "har ökat i alla 2 kommuner" in told.title.text


def test_many_hidden_places_are_counted() -> None:
    codes = [one.code for one in catalogue.places().values() if one.kind == "municipality"][:9]
    frame = made({key: [0.6, 0.6] for key in codes})
    frame.loc[(frame["period"] == "2024-06") & (frame["place"] != codes[0]), "employment_rate"] = (
        np.nan
    )
    notes = [one.text for one in multiples_text(frame, "employment_rate").notes]
    assert "Uppgiften i juni 2024 visas inte (för få personer) för 8 av 9 kommuner." in notes


@settings(max_examples=40, deadline=None)
@given(
    courses=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=4),
    n=st.sampled_from([60.0, 900.0, 50_000.0]),
    measure=st.just("employment_rate"),
)
def test_whatever_the_rates_the_text_stands(courses, n, measure) -> None:
    codes = ("1280", "1480", "0180", "1281")
    frame = made(dict(zip(codes, map(list, courses), strict=False)), n=n)
    for lang in LANGUAGES:
        text = multiples_text(frame, measure, lang=lang)
        for one in (text.title, text.subtitle, text.alt, *text.lines, *text.notes):
            assert one.problems() == ()
        assert text.title.words() <= 15
