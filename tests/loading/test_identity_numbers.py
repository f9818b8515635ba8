from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integstats.loading.identity_numbers import stands_in

# 19121212-1212 and 191212121212 stand in the tax agency's own examples; 670919-9530 is Luhn's
# known answer in its description of the number, and 701063-2391 that of a coordination number.
PERSONAL = ["670919-9530", "6709199530", "19670919-9530", "196709199530", "670919+9530"]
COORDINATION = ["701063-2391", "19701063-2391"]


@pytest.mark.parametrize("text", [*PERSONAL, *COORDINATION, "191212121212", "Anna, 670919-9530."])
def test_every_spelling_is_found(text: str) -> None:
    assert stands_in([None, "", text])


@pytest.mark.parametrize("text", ["196709199530.0", "6709199530"])
def test_a_number_kept_by_a_spreadsheet_is_found(text: str) -> None:
    assert stands_in(["12", text])


@pytest.mark.parametrize(
    "text",
    [
        "670919-9531",  # the check digit is wrong
        "671319-9530",  # no such month
        "670932-9530",  # no such day
        "556036-0793",  # an organisation's number: its third digit makes it no date
        "16709199530",  # eleven digits
        "2024-06",
        "202406",
        "12345",
        "1 234 567",
        "Malmö",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert not stands_in([text])


def luhn(nine: str) -> str:
    total = 0
    for at, digit in enumerate(nine):
        double = int(digit) * (2 if at % 2 == 0 else 1)
        total += double - 9 if double > 9 else double
    return str(-total % 10)


BIRTHS = st.tuples(st.dates(), st.integers(0, 999)).map(
    lambda found: f"{found[0]:%y%m%d}{found[1]:03d}"
)


@given(BIRTHS, st.sampled_from(["", "19", "20"]), st.sampled_from(["", "-", "+"]))
def test_every_number_of_a_real_day_is_found(nine: str, century: str, dash: str) -> None:
    assert stands_in([f"{century}{nine[:6]}{dash}{nine[6:]}{luhn(nine)}"])


@given(BIRTHS, st.integers(1, 9))
def test_a_wrong_check_digit_is_not(nine: str, off: int) -> None:
    last = (int(luhn(nine)) + off) % 10
    assert not stands_in([f"{nine[:6]}-{nine[6:]}{last}"])


def test_numbers_that_have_lost_their_zeros_are_known_as_a_column() -> None:
    nines = ["010203456", "050607123", "091011222"]
    lost = [str(int(nine + luhn(nine))) for nine in nines]
    assert all(len(one) == 9 for one in lost)
    assert stands_in(lost)
    assert not stands_in([lost[0], "12", "13", "1500"]), "one large count may be so by chance"
