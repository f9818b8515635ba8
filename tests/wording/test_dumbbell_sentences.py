"""Women and men in many places: counted apart, named apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats import catalogue
from integstats.errors import SchemaError
from integstats.wording.claims import Text
from integstats.wording.dumbbell_sentences import dumbbell_text

Sound = Callable[[Text | str, str], None]
CODES = [one for one in catalogue.places() if len(one) == 4]
LANGUAGES = ("sv", "en")


def made(women: list[float], men: list[float], *, half: float = 4.0) -> pd.DataFrame:
    """Return gaps in percentage points of as many municipalities; NaN where nothing is known."""
    rows = [
        {
            "dataset": "scb-bas-month",
            "place": code,
            "period": pd.Period("2026-06", "M"),
            "sex": sex,
            "age": "20-64",
            "gap_pp": gap,
            "gap_low": gap - half,
            "gap_high": gap + half,
            "rate_foreign_born": 0.5,
            "rate_native_born": 0.5 + gap / 100,
            "n_foreign_born": 900.0,
            "n_native_born": 9000.0,
            "status": "preliminary",
        }
        for sex, gaps in (("women", women), ("men", men))
        for code, gap in zip(CODES, gaps, strict=False)
    ]
    return pd.DataFrame(rows)


def title(women: list[float], men: list[float], lang: str = "sv", **more: str) -> str:
    measure = more.pop("measure", "employment_rate")
    return dumbbell_text(made(women, men), measure, lang=lang, **more).title.text


@pytest.mark.parametrize(
    ("women", "men", "sv", "en"),
    [
        (
            [20, 20, 20],
            [9, 9, 9],
            "Utrikes födda kvinnor och män: lägre sysselsättningsgrad än inrikes födda i alla 3 "
            "kommuner",
            "Foreign-born women and men: lower employment rate than native-born in all 3 "
            "municipalities",
        ),
        (
            [20, 20, 20],
            [9, 1, 9],
            "Lägre sysselsättningsgrad för utrikes födda kvinnor i 3 och män i 2 av 3 kommuner",
            "Lower employment rate for foreign-born women in 3 and men in 2 of 3 municipalities",
        ),
        (
            [1, 2, 3],
            [-9, 1, 2],
            "Utrikes födda kvinnor och män: ingenstans säkerställt lägre sysselsättningsgrad än "
            "inrikes födda",
            "Foreign-born women and men: nowhere an established lower employment rate than "
            "native-born",
        ),
        (
            [20, 20, 20],
            [9, 1, np.nan],
            "Lägre sysselsättningsgrad: utrikes födda kvinnor i 3 av 3, män i 1 av 2 kommuner",
            "Lower employment rate: foreign-born women in 3 of 3, men in 1 of 2 municipalities",
        ),
        (
            [20],
            [12.5],
            "Sysselsättningsgapet i Upplands Väsby är 20,0 procentenheter för utrikes födda "
            "kvinnor, 12,5 för män",
            # The place would be the sixteenth word; the subtitle has it.
            "The employment gap is 20.0 percentage points for foreign-born women, 12.5 for men",
        ),
    ],
)
def test_the_title_counts_women_and_men(
    women: list[float], men: list[float], sv: str, en: str
) -> None:
    assert title(women, men) == sv
    assert title(women, men, "en") == en


def test_a_rate_that_should_be_low_is_higher() -> None:
    text = title([20, 1], [9, 9], measure="unemployment_rate")
    assert text == "Högre arbetslöshet för utrikes födda kvinnor i 1 och män i 2 av 2 kommuner"


def test_held_against_native_men_the_title_says_so() -> None:
    text = dumbbell_text(made([20, 20], [9, 9]), "employment_rate", comparator="native_men")
    assert text.title.text.endswith("lägre sysselsättningsgrad än inrikes födda män i alla "
                                    "2 kommuner")  # fmt: skip


def test_what_cannot_be_counted_is_not_counted() -> None:
    frame = made([20, 20, 20], [9, 9, 9])
    last = (frame["place"] == CODES[2]).to_numpy()
    frame.loc[last, ["gap_low", "gap_high"]] = np.nan
    text = dumbbell_text(frame, "employment_rate")
    assert text.title.text.endswith("lägre sysselsättningsgrad i 2 av 2 kommuner")
    assert f"räknade: {catalogue.place_label(CODES[2])}." in text.footer[0].text
    none = dumbbell_text(frame.assign(gap_low=np.nan, gap_high=np.nan), "employment_rate")
    assert "är störst i" in none.title.text
    assert none.subtitle.text.endswith("utan bedömning av osäkerhet.")


def test_hidden_places_are_named_once_or_by_sex() -> None:
    both = dumbbell_text(made([20, 20, np.nan], [9, 9, np.nan]), "employment_rate")
    assert [one.text for one in both.footer[:-1]] == [
        f"Uppgiften visas inte (för få personer) för {catalogue.place_label(CODES[2])}."
    ]
    one = dumbbell_text(made([20, 20, 20], [9, 9, np.nan]), "employment_rate")
    assert one.footer[0].text.startswith("Utrikes födda män: uppgiften visas inte")


def test_a_sex_without_any_figure_is_not_spoken_of() -> None:
    text = dumbbell_text(made([20, 20], [np.nan, np.nan]), "employment_rate")
    assert text.title.text == (
        "Utrikes födda kvinnor: lägre sysselsättningsgrad än inrikes födda i alla 2 kommuner"
    )


def test_other_sexes_than_women_and_men_are_refused() -> None:
    frame = made([20], [9])
    frame = pd.concat([frame, frame.assign(sex="total")])
    with pytest.raises(SchemaError, match="needs women and men, or one sex"):
        dumbbell_text(frame, "employment_rate")


FIGURES = st.lists(st.one_of(st.floats(-40, 40), st.just(float("nan"))), min_size=4, max_size=4)


@settings(max_examples=20)
@given(women=FIGURES, men=FIGURES, half=st.sampled_from([0.5, 8.0, float("nan")]))
def test_whatever_the_gaps_the_text_stands(
    women: list[float], men: list[float], half: float, sound: Sound
) -> None:
    frame = made(women, men, half=half)
    if frame["gap_pp"].isna().all():
        return
    for lang in LANGUAGES:
        text = dumbbell_text(frame, "employment_rate", lang=lang)
        for one in (text.title, text.subtitle, text.alt, *text.lines, *text.footer):
            sound(one, lang)
        assert text.title.words() <= 15
        assert 80 <= len(text.alt.text) <= 600
