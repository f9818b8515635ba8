"""Programmes: intervals by others, a lower bound in persons, and no claimed effects."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from integstats.errors import UsageError
from integstats.targets.programmes import (
    compare,
    effect_words,
    frame,
    outcome,
    participants_needed,
    pooled,
    refuse_effect_words,
)
from integstats.wording.programme_sentences import difference_text, needed_text, outcome_text
from integstats.wording.readable import readable


def test_lomma() -> None:
    found = outcome(16, 22, name="Lomma M.I.N.")
    assert [round(100 * one, 1) for one in (found.share, found.low, found.high)] == [
        72.7, 51.8, 86.8,
    ]  # fmt: skip
    assert found.left_open == ("who", "when", "counted")
    text = found.sentence()
    assert "16 av 22 deltagare, 72,7 procent" in text
    assert "51,8–86,8" in text
    for told in ("vilka de 22 var", "under vilken tid", "vad som räknades som arbete"):
        assert told in text


def test_what_the_source_says_is_printed() -> None:
    found = outcome(3, 8, who="utrikes födda kvinnor", when="2023", counted="anställning")
    assert found.left_open == ()
    assert "Som arbete räknades: anställning." in found.sentence()
    assert "framgår inte" not in found.sentence()


def test_the_lower_bound_is_worded_as_the_method_says() -> None:
    found = participants_needed(outcome(16, 22), 83)
    assert (found.participants, found.low, found.high) == (115, 96, 161)
    assert found.sentence() == (
        "Om ingen av deltagarna annars hade fått arbete, och alla arbeten består, krävs minst "
        "115 deltagare (96–161). Hur många som ändå hade fått arbete är inte känt."
    )


def test_outcomes_as_a_table_for_readers() -> None:
    found = frame([outcome(16, 22, name="Lomma M.I.N.", when="2023"), outcome(1020, 2000)])
    shown = readable(found)
    assert shown.columns.name == "Insats"
    assert shown.index.tolist() == ["Lomma M.I.N.", ".."]
    assert shown["Antal deltagare"].tolist() == ["22", "2\u202f000"]
    assert shown["Andel med resultatet"].tolist() == ["72,7\u00a0%", "51,0\u00a0%"]
    assert shown["Andel med resultatet, nedre gräns"].iloc[0] == "51,8\u00a0%"
    assert shown["Tid enligt källan"].tolist() == ["2023", ".."]


def test_no_outcomes_are_a_table_with_the_same_columns() -> None:
    one = frame([outcome(1, 2)])
    none = frame([])
    assert (none.dtypes == one.dtypes).all()
    assert none.empty


@given(st.integers(1, 200), st.integers(0, 200), st.integers(1, 5000))
@settings(max_examples=80, deadline=None)
def test_the_bound_is_the_fewest(count: int, more: int, persons: int) -> None:
    one = outcome(count, count + more)
    found = participants_needed(one, persons)
    assert found.participants is not None
    assert found.low is not None
    assert found.high is not None
    assert found.participants * one.share >= persons - 1e-6
    assert (found.participants - 1) * one.share < persons
    assert found.low <= found.participants <= found.high
    assert needed_text(found).problems() == ()


def test_nobody_is_never_enough() -> None:
    found = participants_needed(outcome(0, 8), 10)
    assert (found.participants, found.high) == (None, None)
    assert "går inte att säga" in found.sentence()


def test_two_programmes_by_newcombe() -> None:
    found = compare(outcome(16, 22, name="A"), outcome(10, 22, name="B"))
    low, high = confint_proportions_2indep(16, 22, 10, 22, method="newcomb")
    assert (found.low_pp, found.high_pp) == pytest.approx((100 * low, 100 * high))
    assert not found.certain
    assert found.sentence().startswith("Ingen säkerställd skillnad mellan A och B")
    sure = compare(outcome(16, 22, name="A"), outcome(3, 22, name="B"))
    assert sure.certain
    assert "inte valda av en slump" in sure.sentence()


def test_pooled_from_counts() -> None:
    found = pooled([outcome(16, 22, when="2023"), outcome(3, 8, when="2023", who="unga")])
    assert (found.count, found.participants) == (19, 30)
    assert (found.when, found.left_open) == ("2023", ("who", "counted"))
    with pytest.raises(UsageError, match="at least one"):
        pooled([])


@pytest.mark.parametrize(
    "text",
    [
        "Insatsen har effekt", "Effekten är stor", "sysselsättningseffekter", "leder till jobb",
        "ledde  till\narbete", "har lett till", "Insatsen GER jobb", "gav jobb", "har gett jobb",
        "tack vare insatsen", "bidrar till", "bidrog till arbete", "att bidra till fler jobb",
        "It had an effect", "leads to work", "thanks to the programme", "contributed to jobs",
    ],
)  # fmt: skip
def test_effects_are_refused_without_a_comparison_group(text: str) -> None:
    assert effect_words(text)
    with pytest.raises(UsageError, match="comparison group"):
        refuse_effect_words(text)
    refuse_effect_words(text, comparison_group=True)
    with pytest.raises(UsageError, match="comparison group"):
        outcome(1, 2, counted=text)


@pytest.mark.parametrize(
    "text",
    ["16 av 22 fick arbete", "ett effektivt sätt", "Gert leder gruppen", "bidrag", "lager", ""],
)
def test_other_words_are_not(text: str) -> None:
    assert effect_words(text) == ()


@pytest.mark.parametrize(("count", "participants"), [(3, 2), (-1, 5), (0, 0), (1.5, 3)])
def test_numbers_that_are_no_outcome(count: Any, participants: Any) -> None:
    with pytest.raises(UsageError, match="whole number"):
        outcome(count, participants)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_our_own_words_claim_no_effect(lang: Any) -> None:
    first, second = outcome(16, 22, name="A"), outcome(3, 22, name="B")
    texts = [
        outcome_text(first, lang=lang),
        needed_text(participants_needed(first, 83), lang=lang),
        difference_text(compare(first, second), lang=lang),
    ]
    for text in texts:
        assert text.problems() == ()
        assert effect_words(text.text) == ()


def test_a_changed_number_is_not_written() -> None:
    claim = needed_text(participants_needed(outcome(16, 22), 83)).claims[0]
    assert not type(claim)(claim.predicate, {**claim.values, "needed": 114}).holds()
