from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integstats.analysis.gaps import gaps
from integstats.analysis.rates import rates
from integstats.errors import SchemaError
from integstats.wording.claims import Text
from integstats.wording.dumbbell_sentences import dumbbell_text
from integstats.wording.gap_sentences import GapText, gap_trend_text
from integstats.wording.sentences import read_text

LANGUAGES = ("sv", "en")
MEASURES = {
    "employment_rate": ("employed", "population"),
    "unemployment_rate": ("unemployed", "labour_force"),
    "participation_rate": ("labour_force", "population"),
}
Sound = Callable[[Text | str, str], None]


def made(
    measure: str,
    *,
    foreign: Sequence[float],
    native: Sequence[float],
    n: float = 50_000.0,
    sexes: Sequence[str] = ("women",),
    place: str = "1280",
    start: str = "2023-06",
) -> pd.DataFrame:
    """Return gaps of one place whose rates are those given, one a year."""
    numerator, denominator = MEASURES[measure]
    periods = pd.period_range(start, periods=12 * len(foreign), freq="M")[::12]
    frames = [
        pd.DataFrame(
            {
                "dataset": "scb-bas-month",
                "vintage": "2026-08-28.test",
                "place": place,
                "period": periods,
                "sex": sex,
                "birth_region": birth,
                "age": "20-64",
                numerator: np.round(np.array(level) * n),
                denominator: n,
                "status": "preliminary",
            }
        )
        for sex in sexes
        for birth, level in (("foreign_born", foreign), ("native_born", native))
    ]
    return gaps(rates(pd.concat(frames, ignore_index=True), measure), measure)


def check(text: GapText, lang: str, sound: Sound) -> None:
    for one in (text.title, text.subtitle, text.alt, *text.lines, *text.footer):
        sound(one, lang)
        assert read_text(json.loads(json.dumps(one.to_dict()))) == one
    assert text.title.words() <= 15
    assert {"sv": "trikes född", "en": "oreign-born"}[lang] in text.title.text
    assert "utveckling av" not in text.title.text.lower()
    assert 80 <= len(text.alt.text) <= 600
    assert {"sv": "20–64 år", "en": "aged 20–64"}[lang] in text.subtitle.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("sexes", [("women", "men"), ("men",), ("total",)])
@pytest.mark.parametrize("now", [0.50, 0.60, 0.72])
def test_every_course_is_told(
    measure: str, sexes: tuple[str, ...], now: float, lang: str, sound: Sound
) -> None:
    frame = made(measure, foreign=[0.60, 0.61, now], native=[0.80, 0.80, 0.80], sexes=sexes)
    check(gap_trend_text(frame, measure, lang=lang), lang, sound)


def test_the_title_says_which_way_and_since_when() -> None:
    frame = made("employment_rate", foreign=[0.60, 0.65], native=[0.80, 0.80])
    text = gap_trend_text(frame, "employment_rate")
    assert text.title.text == (
        "Sysselsättningsgapet för utrikes födda kvinnor i Malmö har minskat sedan juni 2023 till "
        "15,0 procentenheter"
    )
    assert text.lines[0].text == (
        "Skillnaden i sysselsättningsgrad mellan utrikes och inrikes födda kvinnor i Malmö har "
        "minskat från 20,0 till 15,0 procentenheter mellan juni 2023 och juni 2024. "
        "Sysselsättningsgraden gick från 60,0 till 65,0 procent bland utrikes födda kvinnor och "
        "från 80,0 till 80,0 procent bland inrikes födda kvinnor."
    )


def test_women_and_men_that_differ_are_both_in_the_title() -> None:
    women = made("employment_rate", foreign=[0.60, 0.65], native=[0.80, 0.80])
    men = made("employment_rate", foreign=[0.60, 0.55], native=[0.80, 0.80], sexes=("men",))
    still = made("employment_rate", foreign=[0.60, 0.60], native=[0.80, 0.80], sexes=("men",))
    assert gap_trend_text(pd.concat([women, men]), "employment_rate").title.text == (
        "Sysselsättningsgapet har minskat för utrikes födda kvinnor i Malmö men ökat för män"
    )
    assert gap_trend_text(pd.concat([women, still]), "employment_rate").title.text == (
        "Sysselsättningsgapet har minskat för utrikes födda kvinnor i Malmö men inte för män"
    )


def test_a_gap_that_closed_because_natives_got_worse_is_not_a_success(sound: Sound) -> None:
    frame = made("employment_rate", foreign=[0.60, 0.605], native=[0.80, 0.70])
    for lang, words in (("sv", "mest genom försämring bland"), ("en", "mostly by worsening")):
        text = gap_trend_text(frame, "employment_rate", lang=lang)
        check(text, lang, sound)
        assert words in text.title.text
        assert {"sv": "har halverats", "en": "has halved"}[lang] not in text.lines[0].text
    both = pd.concat(
        [frame, made("employment_rate", foreign=[0.6, 0.7], native=[0.8, 0.8], sexes=("men",))]
    )
    title = gap_trend_text(both, "employment_rate").title.text
    assert "utrikes födda kvinnor" in title
    assert "försämring" in title


def test_one_period_alone_is_told_as_a_level(sound: Sound) -> None:
    one = made("unemployment_rate", foreign=[0.18], native=[0.05], sexes=("women", "men"))
    for lang in LANGUAGES:
        check(gap_trend_text(one, "unemployment_rate", lang=lang), lang, sound)
    assert gap_trend_text(one, "unemployment_rate").title.text == (
        "Arbetslöshetsgapet i Malmö är 13,0 procentenheter för utrikes födda kvinnor, 13,0 för män"
    )


def test_periods_that_are_not_whole_years_apart_say_so() -> None:
    frame = made("employment_rate", foreign=[0.60, 0.65], native=[0.80, 0.80])
    later = frame.assign(period=[pd.Period("2023-06", "M"), pd.Period("2023-12", "M")])
    assert "Säsongen är inte borträknad" in gap_trend_text(later, "employment_rate").lines[0].text
    assert "Säsongen" not in gap_trend_text(frame, "employment_rate").lines[0].text


def test_a_table_that_is_not_of_one_place_is_refused() -> None:
    two = pd.concat(
        [made("employment_rate", foreign=[0.6], native=[0.8], place=one) for one in ("1280", "00")]
    )
    with pytest.raises(SchemaError, match="needs one place; got 2: 00, 1280"):
        gap_trend_text(two, "employment_rate")
    hidden = made("employment_rate", foreign=[0.6], native=[0.8]).assign(gap_pp=np.nan)
    with pytest.raises(SchemaError, match="every gap_pp is missing"):
        gap_trend_text(hidden, "employment_rate")
    with pytest.raises(SchemaError, match="needs the column"):
        gap_trend_text(hidden.drop(columns="n_foreign_born"), "employment_rate")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    foreign=st.lists(st.floats(0.02, 0.98), min_size=2, max_size=3),
    native=st.floats(0.02, 0.98),
    drift=st.floats(-0.15, 0.15),
    n=st.sampled_from([60.0, 400.0, 50_000.0]),
)
def test_whatever_the_rates_the_text_stands(
    foreign: list[float], native: float, drift: float, n: float, sound: Sound
) -> None:
    natives = np.clip(native + drift * np.arange(len(foreign)), 0.01, 0.99)
    frame = made("employment_rate", foreign=foreign, native=list(natives), n=n)
    text = gap_trend_text(frame, "employment_rate")
    check(text, "sv", sound)
    fall = frame["gap_pp"].iloc[0] - frame["gap_pp"].iloc[-1]
    worse = 100 * (frame["rate_native_born"].iloc[0] - frame["rate_native_born"].iloc[-1])
    if worse > fall / 2:
        assert "halverats" not in text.lines[0].text


def several(levels: dict[str, float], n: float = 20_000.0) -> pd.DataFrame:
    return pd.concat(
        [
            made("employment_rate", foreign=[level], native=[0.80], place=place, n=n)
            for place, level in levels.items()
        ],
        ignore_index=True,
    )


def test_places_side_by_side(sound: Sound) -> None:
    frame = several({"1280": 0.60, "1281": 0.70, "1283": 0.81})
    for lang in LANGUAGES:
        check(dumbbell_text(frame, "employment_rate", lang=lang), lang, sound)
    text = dumbbell_text(frame, "employment_rate")
    assert text.title.text == (
        "Utrikes födda kvinnor: lägre sysselsättningsgrad än inrikes födda i 2 av 3 kommuner"
    )
    assert "där intervallen överlappar är ordningen osäker" in text.alt.text
    assert not any("av en slump" in one.text for one in text.lines)


def test_all_of_many_places_and_what_chance_would_show(sound: Sound) -> None:
    codes = [f"12{number}" for number in (14, 30, 31, 33, 56, 57, 60, 61, 62, 63, 64, 65, 66, 67)]
    codes += [f"12{number}" for number in (70, 72, 73, 75, 76, 77, 78, 80)]
    text = dumbbell_text(several(dict.fromkeys(codes, 0.6)), "employment_rate")
    assert text.title.text.endswith("än inrikes födda i alla 22 kommuner")
    assert any("av 22 jämförelser väntas ungefär 1 visa" in one.text for one in text.lines)


def test_one_place_alone_and_hidden_places(sound: Sound) -> None:
    frame = several({"1280": 0.60, "1281": 0.70})
    hidden = frame.assign(gap_pp=frame["gap_pp"].where(frame["place"] == "1280"))
    text = dumbbell_text(hidden, "employment_rate")
    assert text.title.text == (
        "Sysselsättningsgapet för utrikes födda kvinnor i Malmö är 20,0 procentenheter"
    )
    assert "Uppgiften visas inte (för få personer) för Lund." in [one.text for one in text.lines]
    check(dumbbell_text(hidden, "employment_rate", lang="en"), "en", sound)


def test_places_of_several_periods_are_refused() -> None:
    with pytest.raises(SchemaError, match="needs one period; got 2"):
        dumbbell_text(
            made("employment_rate", foreign=[0.6, 0.6], native=[0.8, 0.8]), "employment_rate"
        )
