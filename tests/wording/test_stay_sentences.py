from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.catalogue import breaks
from integstats.errors import SchemaError
from integstats.wording.claims import Text
from integstats.wording.sentences import read_text
from integstats.wording.stay_courses import first_year, stay_words
from integstats.wording.stay_sentences import StayText, stay_text, value_label

Sound = Callable[[Text | str, str], None]
STAYS = ("0-1", "2-3", "4-9", "10-")


def made(
    levels: Sequence[Sequence[float]],
    *,
    n: float = 2_000.0,
    sexes: Sequence[str] = ("women",),
    stays: Sequence[str] = STAYS,
    place: str = "1280",
    start: int = 2022,
) -> pd.DataFrame:
    """Return rates by length of stay: for each year the rate of every stay."""
    rows = [
        {
            "dataset": "scb-integration-municipality",
            "place": place,
            "period": pd.Period(str(start + year), "Y"),
            "sex": sex,
            "birth_region": "foreign_born",
            "age": "20-65",
            "length_of_stay": stay,
            "employment_rate": rate,
            "n": n,
        }
        for sex in sexes
        for year, shares in enumerate(levels)
        for stay, rate in zip(stays, shares, strict=True)
    ]
    return pd.DataFrame(rows)


def check(text: StayText, lang: str, sound: Sound) -> None:
    texts = (text.title, text.subtitle, text.alt, *text.lines, *text.notes, text.footer)
    for one in texts:
        sound(one, lang)
        assert read_text(json.loads(json.dumps(one.to_dict()))) == one
    assert text.title.words() <= 15
    assert 80 <= len(text.alt.text) <= 600
    assert {"sv": "olika personer", "en": "different persons"}[lang] in text.notes[0].text


RISING = [[0.30, 0.45, 0.60, 0.70], [0.35, 0.45, 0.62, 0.72]]
TITLES = {
    "the longer, the higher": (
        RISING[1],
        2_000.0,
        "Utrikes födda kvinnor i Malmö: högre sysselsättningsgrad ju längre vistelsetid, 35,0 "
        "till 72,0\u00a0%",
    ),
    "the longer, the lower": (
        [0.70, 0.60, 0.50, 0.40],
        2_000.0,
        "Utrikes födda kvinnor i Malmö: lägre sysselsättningsgrad ju längre vistelsetid, 70,0 "
        "till 40,0\u00a0%",
    ),
    "only the ends differ": (
        [0.35, 0.62, 0.60, 0.72],
        2_000.0,
        "Utrikes födda kvinnor i Malmö: högre sysselsättningsgrad vid lång vistelsetid än kort, "
        "72,0 mot 35,0\u00a0%",
    ),
    "too few persons to tell": (
        [0.60, 0.62, 0.60, 0.66],
        60.0,
        "Utrikes födda kvinnor i Malmö: ingen säkerställd skillnad i sysselsättningsgrad mellan "
        "kort och lång vistelsetid",
    ),
    "no counts, alike": (
        [0.60, 0.62, 0.58, 0.604],
        np.nan,
        "Utrikes födda kvinnor i Malmö: ungefär samma sysselsättningsgrad vid kort och lång "
        "vistelsetid",
    ),
    "one stay shown": (
        [np.nan, np.nan, 0.6, np.nan],
        2_000.0,
        "Utrikes födda kvinnor i Malmö, vistelsetid 4–9 år: sysselsättningsgrad 60,0\u00a0%",
    ),
}


@pytest.mark.parametrize("name", TITLES)
def test_the_title_says_how_the_rate_goes_with_the_stay(name: str, sound: Sound) -> None:
    levels, n, title = TITLES[name]
    frame = made([levels], n=n)
    assert stay_text(frame, "employment_rate").title.text == title
    for lang in ("sv", "en"):
        check(stay_text(frame, "employment_rate", lang=lang), lang, sound)


def test_the_title_of_women_and_men(sound: Sound) -> None:
    both = made([RISING[1]], sexes=("women", "men"))
    assert stay_text(both, "employment_rate").title.text == (
        "Utrikes födda kvinnor och män i Malmö: högre sysselsättningsgrad ju längre vistelsetid"
    )
    mixed = pd.concat([made([RISING[1]]), made([[0.7, 0.6, 0.5, 0.4]], sexes=("men",))])
    assert stay_text(mixed, "employment_rate").title.text == (
        "Utrikes födda, lång mot kort vistelsetid: kvinnor 72,0 mot 35,0\u00a0%, män 40,0 mot "
        "70,0\u00a0%"
    )
    for lang in ("sv", "en"):
        for frame in (both, mixed):
            check(stay_text(frame, "employment_rate", lang=lang), lang, sound)


def test_each_length_of_stay_is_told_with_its_levels() -> None:
    text = stay_text(made(RISING), "employment_rate")
    assert text.lines[0].text.startswith(
        "Vistelsetid 0–1 år: sysselsättningsgraden bland utrikes födda kvinnor har ökat från 30,0 "
        "till 35,0 procent mellan 2022 och 2023. Vistelsetid 2–3 år: sysselsättningsgraden bland "
        "utrikes födda kvinnor är i stort sett oförändrad, från 45,0 till 45,0 procent"
    )
    few = stay_text(made(RISING, n=60.0), "employment_rate")
    assert "har ökat" not in few.lines[0].text


def test_without_counts_nothing_is_said_of_chance_but_that(sound: Sound) -> None:
    text = stay_text(made(RISING, n=np.nan), "employment_rate")
    assert "utan bedömning av osäkerhet" in text.lines[0].text
    assert "Antalet personer bakom andelarna är inte publicerat" in " ".join(
        one.text for one in text.notes
    )
    assert "slumpvariation" not in text.subtitle.text
    check(text, "sv", sound)


def test_hidden_and_small_lengths_of_stay_are_named() -> None:
    frame = made(RISING)
    hidden = (frame["length_of_stay"] == "0-1") & (frame["period"] == pd.Period("2023", "Y"))
    frame = frame.assign(
        employment_rate=frame["employment_rate"].mask(hidden),
        n=frame["n"].mask(frame["length_of_stay"] == "2-3", 41.0),
    )
    notes = " ".join(one.text for one in stay_text(frame, "employment_rate").notes)
    assert (
        "Uppgiften visas inte (för få personer) för utrikes födda kvinnor med vistelsetid 0–1 år"
        in notes
    )
    assert "färre än 50 utrikes födda kvinnor med vistelsetid 2–3 år" in notes


def test_a_blocking_break_is_never_compared_across() -> None:
    [block] = [one for one in breaks() if one.id == "integration-tables-bas"]
    frame = made([[0.2] * 4, *RISING], start=2021)
    text = stay_text(frame, "employment_rate", breaks=(block,))
    assert "mellan 2022 och 2023" in text.lines[0].text
    assert "2021" not in text.lines[0].text
    assert block.text_sv in text.notes[-1].text


def test_nothing_known_or_no_years_is_an_error() -> None:
    with pytest.raises(SchemaError, match="every employment_rate is missing"):
        stay_text(made([[np.nan] * 4]), "employment_rate")
    with pytest.raises(SchemaError, match="Not a length of stay in years: 'kort'"):
        stay_text(made([[0.5]], stays=("kort",)), "employment_rate")
    with pytest.raises(SchemaError, match="needs the column"):
        stay_text(made(RISING).drop(columns="n"), "employment_rate")


@pytest.mark.parametrize("code", ["", "10", "x-", "3-y", "total"])
def test_what_is_not_years_is_refused(code: str) -> None:
    with pytest.raises(SchemaError, match="Not a length of stay"):
        first_year(code)


def test_lengths_of_stay_in_words_and_in_order() -> None:
    assert [stay_words(one) for one in STAYS] == ["0–1 år", "2–3 år", "4–9 år", "10+ år"]
    assert sorted(STAYS) != sorted(STAYS, key=first_year) == list(STAYS)


def test_end_labels_have_the_persons_where_they_are_known() -> None:
    assert value_label(0.714, 1_234.0).render("sv") == "71,4\u00a0% (1\u202f234)"
    assert value_label(0.714).render("en") == "71.4%"


@settings(max_examples=20)
@given(
    levels=st.lists(st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4), min_size=1, max_size=3),
    sexes=st.sampled_from([("women",), ("men", "women"), ("total",)]),
    n=st.sampled_from([45.0, 400.0, 50_000.0, np.nan]),
    lang=st.sampled_from(["sv", "en"]),
)
def test_whatever_the_rates_the_text_stands(
    levels: list[list[float]], sexes: tuple[str, ...], n: float, lang: str, sound: Sound
) -> None:
    frame = made(levels, sexes=sexes, n=n)
    text = stay_text(frame, "employment_rate", lang=lang)
    check(text, lang, sound)
    last = levels[-1]
    word = {"sv": "högre", "en": "higher"}[lang]
    if word in text.title.text:
        assert last[-1] > last[0]
