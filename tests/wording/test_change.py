from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from integstats.wording.change import Levels, change_claim, least_change
from integstats.wording.claims import Claim
from integstats.wording.phrases import Subject

RATE = Subject("foreign_born:women", "unemployment_rate", "share", "1280")
GAP = Subject("foreign_born:women", "unemployment_rate", "pp", "1280", "native_born:women")


def claim(
    start: float, end: float, *, subject: Subject = RATE, z: float | None = 9.0, **more
) -> Claim:
    when = {"start_period": "2024-06", "end_period": "2026-06"}
    return change_claim(subject, start=start, end=end, z=z, least=0.5, **when, **more)


def test_the_famous_wrong_examples() -> None:
    """The best-known open tool writes "minskat mycket" for the one, "halverats" for the other."""
    assert claim(0.20, 0.10).render() == (
        "Arbetslösheten bland utrikes födda kvinnor i Malmö har halverats från 20,0 till 10,0 "
        "procent mellan juni 2024 och juni 2026."
    )
    assert claim(0.20, 0.01).render() == (
        "Arbetslösheten bland utrikes födda kvinnor i Malmö har minskat med 95 procent, från 20,0 "
        "till 1,0 procent, mellan juni 2024 och juni 2026."
    )
    assert "has halved from 20.0 to 10.0 per cent" in claim(0.20, 0.10).render("en")
    assert "has fallen by 95 per cent, from 20.0 to 1.0" in claim(0.20, 0.01).render("en")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (0.20, 0.0, "har minskat till noll, från 20,0 procent,"),
        (0.20, 0.0001, "har minskat med mer än 99 procent"),
        (0.20, 0.0499, "har minskat med 75 procent"),
        (0.20, 0.05, "har mer än halverats"),
        (0.20, 0.0899, "har mer än halverats"),
        (0.20, 0.09, "har halverats"),
        (0.20, 0.101, "har nästan halverats"),
        (0.20, 0.1001, "har minskat från 20,0 till 10,0"),  # not half, though printed so
        (0.20, 0.11, "har nästan halverats"),
        (0.20, 0.1101, "har minskat från"),
        (0.1314, 0.0656, "har minskat från 13,1 till 6,6"),  # 6.6 is not half of 13.1 as printed
        (0.10, 0.20, "har fördubblats"),
        (0.10, 0.19, "har nästan fördubblats"),
        (0.10, 0.25, "har mer än fördubblats"),
        (0.04, 0.20, "har mer än fyrdubblats"),
        (0.0, 0.20, "har ökat från noll till 20,0 procent"),
        (0.10, 0.15, "har ökat från 10,0 till 15,0"),
        (0.150, 0.1451, "är i stort sett oförändrad, från 15,0 till 14,5"),
        (0.150, 0.145, "har minskat från 15,0 till 14,5"),
    ],
)
def test_words_of_the_bands(start: float, end: float, words: str) -> None:
    assert words in claim(start, end).render()


def test_a_change_that_may_be_chance_is_not_told_as_one() -> None:
    text = claim(0.20, 0.15, z=1.6).render()
    assert "i stort sett oförändrad mellan juni 2024 och juni 2026. Förändringen" in text
    assert "kan vara en slump" in text
    assert "har minskat" in claim(0.20, 0.15, z=1.65).render()
    assert "har ökat" in claim(0.15, 0.20, z=-1.65).render()


def test_without_persons_the_sentence_says_so() -> None:
    assert claim(0.20, 0.15, z=None).render().endswith(", utan bedömning av osäkerhet.")
    assert claim(0.20, 0.199, z=None).render("en").endswith(", not assessed for uncertainty.")


def test_twice_the_known_revision_is_needed() -> None:
    assert least_change(0.2) == 0.5
    assert least_change(0.35) == 0.7


def test_a_gap_is_not_halved_by_the_native_born_getting_worse() -> None:
    half_by_natives = Levels(0.20, 0.15, 0.05, 0.10)
    mostly_natives = Levels(0.20, 0.1699, 0.05, 0.1201)
    assert "har halverats" in claim(15.0, 7.5, subject=GAP).render()
    assert "har mer än halverats" in claim(15.0, 5.0, subject=GAP, levels=half_by_natives).render()
    assert "har minskat från 15,0" in claim(15.0, 5.0, subject=GAP, levels=mostly_natives).render()


def test_a_gap_that_changes_its_sign_has_no_multiple() -> None:
    assert "har minskat från 2,0 till −1,0" in claim(2.0, -1.0, subject=GAP).render()
    assert "har ökat från −1,0 till 2,0" in claim(-1.0, 2.0, subject=GAP).render()


@pytest.mark.parametrize(
    ("subject", "word"),
    [
        (RATE, "oförändrad"),
        (GAP, "oförändrad"),
        (Subject("total:total", "participation_rate", "share", "00"), "oförändrat"),
        (Subject("foreign_born:men", "unemployed", "persons", "00"), "oförändrat"),
        (Subject("total:men", "registered_unemployment_rate", "share", "00"), "oförändrad"),
    ],
)
def test_unchanged_agrees_with_its_noun(subject: Subject, word: str) -> None:
    text = claim(0.5, 0.5, subject=subject).render()
    assert f"är i stort sett {word}, från" in text


RATES = st.integers(0, 10_000).map(lambda k: k / 10_000)


@given(start=RATES, end=RATES)
def test_the_word_bands_hold_for_every_pair_of_numbers(start: float, end: float) -> None:
    found = claim(start, end).predicate.id.removeprefix("change.")
    first, last = (Fraction(round(one * 10_000), 10_000) for one in (start, end))
    large = abs(first - last) >= Fraction(5, 1000)
    if found == "unchanged":
        assert not large
        return
    assert large
    fell = last < first
    q = (last / first if first else None) if fell else (first / last if last else None)
    assert q is not None
    bands = {
        "to_zero": q == 0,
        "by_nearly_all": 0 < q < Fraction(1, 100),
        "by_percent": 0 < q < Fraction(1, 4),
        "more_than_halved": Fraction(1, 4) <= q < Fraction(45, 100),
        "halved": Fraction(45, 100) <= q <= Fraction(1, 2),
        "almost_halved": Fraction(1, 2) < q <= Fraction(55, 100),
        "from_zero": q == 0,
        "more_than_quadrupled": 0 < q < Fraction(1, 4),
        "more_than_doubled": Fraction(1, 4) <= q < Fraction(45, 100),
        "doubled": Fraction(45, 100) <= q <= Fraction(1, 2),
        "almost_doubled": Fraction(1, 2) < q <= Fraction(55, 100),
        "fell": q > 0,
        "rose": q > 0,
    }
    assert bands[found]
    falls = {
        "to_zero",
        "by_nearly_all",
        "by_percent",
        "more_than_halved",
        "halved",
        "almost_halved",
        "fell",
    }
    assert fell == (found in falls)


@given(start=RATES, end=RATES)
def test_the_word_never_contradicts_the_levels_as_printed(start: float, end: float) -> None:
    assume(start > 0 and end > 0)
    found = claim(start, end).predicate.id.removeprefix("change.")
    shown_start, shown_end = (int(1000 * one + 0.5 + 1e-9) for one in (start, end))
    if found == "halved":
        assert 45 * shown_start <= 100 * shown_end <= 50 * shown_start
    if found == "more_than_halved":
        assert 2 * shown_end < shown_start
    if found == "almost_halved":
        assert 2 * shown_end > shown_start
    if found == "doubled":
        assert 45 * shown_end <= 100 * shown_start <= 50 * shown_end
    if found in ("fell", "halved", "almost_halved", "more_than_halved", "by_percent"):
        assert shown_end < shown_start


@given(start=RATES, end=RATES, z=st.none() | st.floats(-5, 5), lang=st.sampled_from(["sv", "en"]))
def test_exactly_one_predicate_applies_and_its_levels_are_written(
    start: float, end: float, z: float | None, lang: str
) -> None:
    from integstats.wording.change import PREDICATES

    found = claim(start, end, z=z)
    assert [one.id for one in PREDICATES.values() if one.test(found.values)] == [found.predicate.id]
    assert found.render(lang)
