"""Sentences on a map of gaps and the list beside it."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.analysis.gaps import gaps
from integstats.analysis.rates import rates
from integstats.wording.claims import Text
from integstats.wording.gap_sentences import GapText
from integstats.wording.map_sentences import class_claim, country_claim, map_text, map_values
from integstats.wording.sentences import read_text

LANGUAGES = ("sv", "en")
Sound = Callable[[Text | str, str], None]


def made(levels: dict[str, float], *, n: float = 20_000.0, native: float = 0.80) -> pd.DataFrame:
    """Return gaps of women in places whose foreign-born have these employment rates."""
    rows = [
        {
            "dataset": "scb-bas-month",
            "vintage": "2026-08-28.ed2136c3",
            "place": place,
            "period": pd.Period("2026-06", "M"),
            "sex": "women",
            "birth_region": birth,
            "age": "20-64",
            "employed": np.round((level if birth == "foreign_born" else native) * persons),
            "population": persons,
            "status": "preliminary",
        }
        for place, level in levels.items()
        for birth in ("foreign_born", "native_born")
        for persons in [n * (100 if place == "00" else 1)]
    ]
    return gaps(rates(pd.DataFrame(rows), "employment_rate"), "employment_rate")


def text_of(frame: pd.DataFrame, *, ends: int = 0, lang: str = "sv") -> GapText:
    return map_text(map_values(frame, "employment_rate", ends=ends, in_list=True), lang=lang)


def check(text: GapText, lang: str, sound: Sound) -> None:
    for one in (text.title, text.subtitle, text.alt, *text.lines, *text.footer):
        sound(one, lang)
        assert read_text(json.loads(json.dumps(one.to_dict()))).problems() == ()
    assert text.title.words() <= 15
    assert 80 <= len(text.alt.text) <= 600


def test_more_places_above_the_country_than_below(sound: Sound) -> None:
    frame = made({"00": 0.65, "1280": 0.60, "1281": 0.61, "1283": 0.649, "1480": 0.72})
    for lang in LANGUAGES:
        check(text_of(frame, lang=lang), lang, sound)
    text = text_of(frame)
    assert text.title.text == (
        "Utrikes födda kvinnor: sysselsättningsgapet är större än i riket i 2 av 4 kommuner"
    )
    assert text.alt.text == (
        "Karta med lista: sysselsättningsgapet för utrikes födda kvinnor i 4 kommuner, juni 2026. "
        "Störst i Malmö: 20,0 procentenheter (osäkerhetsintervall 19,1–20,9). Minst i Göteborg: "
        "8,0 procentenheter (7,2–8,8). I riket: 15,0 procentenheter."
    )
    assert any("i 1 under; för övriga" in one.text for one in text.lines)


@pytest.mark.parametrize(
    ("levels", "wanted"),
    [
        ({"00": 0.65, "1280": 0.72, "1480": 0.71}, "är mindre än i riket i 2 av 2 kommuner"),
        ({"00": 0.65, "1280": 0.651, "1480": 0.649}, "skiljer sig gapet säkert från rikets"),
        ({"1280": 0.60, "1480": 0.70}, "gapet är 10,0–20,0 procentenheter i 2 kommuner"),
    ],
)
def test_the_other_titles(levels: dict[str, float], wanted: str, sound: Sound) -> None:
    for lang in LANGUAGES:
        check(text_of(made(levels), lang=lang), lang, sound)
    assert text_of(made(levels)).title.text.endswith(wanted)


def test_a_list_in_part_says_so() -> None:
    frame = made({f"12{number}": 0.6 + 0.001 * number for number in range(60, 68)})
    notes = [one.text for one in text_of(frame, ends=3).footer]
    assert (
        "Listan visar de 3 med störst och de 3 med minst gap av 8 kommuner; alla finns i "
        "datatabellen." in notes
    )
    assert not any("Listan visar" in one.text for one in text_of(frame).footer)


def test_chance_is_told_where_many_are_compared() -> None:
    levels = {f"01{number}": 0.65 for number in range(10, 29)} | {"00": 0.65, "1280": 0.60}
    assert any(
        one.text == "Av 20 jämförelser väntas ungefär 1 skilja sig av en slump."
        for one in text_of(made(levels)).lines
    )


def test_classes_and_the_country_in_the_legend() -> None:
    assert class_claim(12.0, 14.9).render() == "12,0–14,9"
    assert class_claim(12.0, 12.0).render() == "12,0"
    assert class_claim(-3.0, 1.4).render() == "−3,0 till 1,4"
    assert country_claim(16.84).render("en") == "Sweden\n16.8"


@settings(max_examples=30, deadline=None)
@given(
    levels=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=5),
    native=st.floats(0.02, 0.98),
    country=st.booleans(),
    n=st.sampled_from([60.0, 900.0, 50_000.0]),
)
def test_whatever_the_rates_the_text_stands(levels, native, country, n) -> None:
    codes = ("1280", "1480", "0180", "1281", "1283")
    places = dict(zip(codes, levels, strict=False)) | ({"00": 0.6} if country else {})
    frame = made(places, n=n, native=native)
    for lang in LANGUAGES:
        text = text_of(frame, lang=lang)
        for one in (text.title, text.subtitle, text.alt, *text.lines, *text.footer):
            assert one.problems() == ()
        assert text.title.words() <= 15
