from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integstats.errors import SchemaError, UnknownCodeError
from integstats.wording import numbers
from integstats.wording.numbers import EN_DASH, MINUS, NARROW, NO_BREAK

LANGUAGES = st.sampled_from(["sv", "en"])


def test_the_examples_of_the_charts_page() -> None:
    assert numbers.percent(0.13) == f"13,0{NO_BREAK}%"
    assert numbers.percent_interval(0.116, 0.145) == f"11,6{EN_DASH}14,5"
    assert numbers.count(38_000) == f"38{NARROW}000"
    assert numbers.period("2027-03") == "mars 2027"
    assert numbers.periods("2024-06", "2026-06") == f"juni 2024{EN_DASH}juni 2026"


def test_english() -> None:
    assert numbers.percent(0.13, lang="en") == "13.0%"
    assert numbers.count(38_000, lang="en") == "38,000"
    assert numbers.points(-4.7, lang="en") == f"{MINUS}4.7 percentage points"
    assert numbers.period("2024Q3", lang="en") == "Q3 2024"


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (14.45, 1, "14,5"),  # the nearest float lies below 14.45
        (2.5, 0, "3"),
        (-2.5, 0, f"{MINUS}3"),
        (-0.04, 1, "0,0"),  # never a negative zero
        (100 * (0.3135 - 0.1), 1, "21,4"),  # 21.349999999999998
        (999_999.5, 0, f"1{NARROW}000{NARROW}000"),
        (1e-9, 1, "0,0"),
    ],
)
def test_half_is_rounded_away_from_zero_as_a_reader_expects(
    value: float, decimals: int, shown: str
) -> None:
    assert numbers.number(value, decimals=decimals) == shown


def test_signed_numbers_have_no_sign_at_zero() -> None:
    assert numbers.number(0.3, signed=True) == "0"
    assert numbers.number(1.3, signed=True) == "+1"


def test_a_range_with_a_negative_bound_is_written_with_words() -> None:
    assert numbers.interval(-1.2, 0.4) == f"{MINUS}1,2 till 0,4"
    assert numbers.interval(-0.04, 0.4) == f"0,0{EN_DASH}0,4"


def test_percentage_points_are_never_per_cent() -> None:
    assert numbers.points(21.3) == "21,3 procentenheter"
    assert numbers.points(1, decimals=0) == "1 procentenhet"
    assert numbers.points(1.0) == "1,0 procentenheter"
    assert numbers.points(-1, decimals=0, lang="en") == f"{MINUS}1 percentage point"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_missing_figure_is_never_written(value: float) -> None:
    with pytest.raises(SchemaError, match="missing figure"):
        numbers.number(value)


def test_periods_are_read_from_pandas_and_from_text() -> None:
    assert numbers.period(pd.Period("2024-05", "M")) == "maj 2024"
    assert numbers.period(pd.Period("2024Q2", "Q")) == "kvartal 2 2024"
    assert numbers.period(pd.Period("2024", "Y")) == "2024"
    assert numbers.period("2024-06", short=True) == "jun"
    assert numbers.periods("2024", "2024") == "2024"
    with pytest.raises(SchemaError, match="2024-13"):
        numbers.period("2024-13")


def test_dates_are_iso_dates() -> None:
    assert numbers.date("2026-08-28T09:30:00Z") == "2026-08-28"
    with pytest.raises(SchemaError, match="28/8"):
        numbers.date("28/8 2026")


@given(
    value=st.floats(-1e9, 1e9),
    decimals=st.integers(0, 4),
    lang=LANGUAGES,
    signed=st.booleans(),
)
def test_what_is_written_is_read_back_as_the_rounded_number(
    value: float, decimals: int, lang: str, signed: bool
) -> None:
    shown = numbers.number(value, decimals=decimals, lang=lang, signed=signed)
    assert numbers.parse(shown, lang=lang) == float(numbers.rounded(value, decimals))
    assert "-" not in shown
    assert " " not in shown


@given(value=st.floats(-2, 2), decimals=st.integers(0, 3), lang=LANGUAGES)
def test_a_per_cent_is_read_back_as_a_share(value: float, decimals: int, lang: str) -> None:
    shown = numbers.percent(value, decimals=decimals, lang=lang)
    assert numbers.parse(shown, lang=lang) == pytest.approx(value, abs=0.51 * 10 ** -(decimals + 2))
    assert math.copysign(1, numbers.parse(shown, lang=lang)) == 1 or MINUS in shown


@given(
    start=st.integers(-50, 50),
    step=st.sampled_from([0.01, 0.02, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 1000]),
    unit=st.sampled_from(["percent", "points", "count", "plain"]),
    lang=LANGUAGES,
)
def test_tick_text_equals_tick_value(start: int, step: float, unit: str, lang: str) -> None:
    ticks = [(start + k) * step for k in range(5)]
    decimals = numbers.tick_decimals(ticks, unit)
    for value in ticks:
        text = numbers.tick(value, unit=unit, decimals=decimals, lang=lang)
        assert numbers.parse(text, lang=lang) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("13.0", "sv"),
        ("13,0", "en"),
        ("-3", "sv"),
        ("13 %", "sv"),
        ("38 000", "sv"),
        ("1234,567", "en"),
        ("", "sv"),
        ("13\u00a0%", "en"),
        ("3,", "sv"),
    ],
)
def test_the_rules_of_the_language_are_kept_strictly(text: str, lang: str) -> None:
    with pytest.raises(SchemaError, match="Not a number"):
        numbers.parse(text, lang=lang)


def test_an_unknown_unit_names_the_known_ones() -> None:
    with pytest.raises(UnknownCodeError, match="Did you mean 'percent'"):
        numbers.tick(1, unit="procent")  # type: ignore[arg-type]


@given(first=st.floats(0.001, 100), second=st.floats(0.001, 100))
def test_numbers_that_differ_visibly_are_told_apart(first: float, second: float) -> None:
    decimals = numbers.decimals_apart(first, second)
    if abs(first - second) > 0.0011:
        assert numbers.rounded(first, decimals) != numbers.rounded(second, decimals)
    assert 1 <= decimals <= 3
