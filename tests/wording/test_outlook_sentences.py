"""A probability that is only a bound is told as one, and a refusal says why."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, get_args

import pandas as pd
import pytest

import integstats as ig
from integstats.catalogue import Language
from integstats.targets.outlook import Outlook, Reason
from integstats.wording.claims import Claim
from integstats.wording.outlook_probability import (
    PREDICATES,
    REFUSALS,
    outlook_sentence,
    told_claims,
    told_values,
)

GIVEN: dict[str, Any] = {
    "dataset": "scb-bas-month", "places": ["Malmö"], "sex": "women", "age": "20-64",
    "birth_region": "foreign_born", "baseline": "2025-06", "deadline": "2027-06",
}  # fmt: skip
LANGUAGES: tuple[Language, ...] = ("sv", "en")


@pytest.fixture(scope="module")
def bas() -> pd.DataFrame:
    return ig.load("scb-bas-month", places=["Malmö"])


@pytest.fixture(scope="module")
def reduced(bas: pd.DataFrame) -> Callable[[float], Outlook]:
    return lambda share: ig.outlook(ig.Target.reduce("unemployment_rate", share, **GIVEN), bas)


def test_beyond_every_past_error_only_the_upper_bound_is_said(
    reduced: Callable[[float], Outlook],
) -> None:
    half, more = reduced(0.5), reduced(0.7)
    # The number itself does not tell the two targets apart, so it must not be written.
    assert half.probability == more.probability
    assert (half.low, more.low) == (0, 0)
    for found, far in ((half, "8,20"), (more, "11,89")):
        text = found.sentence()
        assert "är högst 22 procent enligt prognosen och högst 22 procent enligt" in text
        assert f"högst 0,96 procentenheter, mindre än de {far} som skiljer" in text
        assert "11 procent" not in text
    assert "is at most 22 per cent by the forecast" in half.sentence("en")
    assert "at most 0.96 percentage points, less than the 8.20 between" in half.sentence("en")


def test_the_largest_error_is_the_one_that_makes_the_bound(
    reduced: Callable[[float], Outlook],
) -> None:
    found = reduced(0.5)
    assert found.forecast is not None
    errors = found.forecast.errors
    largest = errors.loc[(errors["horizon"] == 12).to_numpy(), "error"].abs().max()
    assert told_values(found)["largest"] == largest < found.forecast.frame["point"].iloc[-1]
    worth = next(one for one in told_claims(told_values(found)) if "worth" in one.predicate.id)
    within = dataclasses.replace(worth, values={**worth.values, "largest": 0.09})
    assert worth.holds()
    assert not within.holds()


def test_at_the_other_end_only_the_lower_bound_is_said(reduced: Callable[[float], Outlook]) -> None:
    found = reduced(0.0001)
    assert found.high == 1
    assert "är minst 78 procent enligt prognosen och 71 procent enligt" in found.sentence()
    assert "inte mer än de 1,02 som prognosen klarar målet med" in found.sentence()
    assert "is at least 78 per cent by the forecast" in found.sentence("en")


def test_inside_the_errors_both_bounds_are_said(reduced: Callable[[float], Outlook]) -> None:
    assert "är 51 procent (40–62) enligt prognosen" in reduced(0.05).sentence()
    beside = reduced(0.1).sentence()
    assert "är 14 procent (3–25) enligt prognosen och högst 22 procent enligt" in beside
    assert "medelfelet var 0,39 och 0,52 procentenheter" in beside


def test_the_bounds_of_a_naive_forecast_are_its_own(bas: pd.DataFrame) -> None:
    target = ig.Target.reduce("unemployment_rate", 0.5, **GIVEN)
    found = ig.outlook(target, bas)
    assert found.forecast is not None
    naive = dataclasses.replace(found, forecast=dataclasses.replace(
        found.forecast, method="seasonal_naive"))  # fmt: skip
    ids = [one.predicate.id for one in told_claims(told_values(naive))]
    assert ids == ["outlook.probability.naive.most.example", "outlook.worth.naive.most"]


@pytest.mark.parametrize("share", [0.5, 0.1, 0.05, 0.0001])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_names_the_target_and_stands(
    reduced: Callable[[float], Outlook], share: float, lang: Language
) -> None:
    text = outlook_sentence(reduced(share), lang=lang)
    assert text.problems() == ()
    first = [one.predicate.id for one in text.claims]
    assert first[0] == "outlook.about.down.example"
    assert len(first) == 3
    assert "Malmö" in text.text
    assert "{" not in text.text


def test_a_target_to_raise_is_at_least(bas: pd.DataFrame) -> None:
    target = ig.Target.reach(
        "employment_rate", 0.70, **GIVEN, decided_by="kommunfullmäktige", decided_on="2025-06-19"
    )
    text = ig.outlook(target, bas).sentence()
    assert text.startswith(
        "Målet för sysselsättningsgraden bland utrikes födda kvinnor i Malmö är minst 70,0 procent "
        "i juni 2027. Sannolikheten att målet nås"
    )


def test_every_reason_has_words() -> None:
    assert set(REFUSALS) == set(get_args(Reason)) - {""}


@pytest.mark.parametrize("reason", sorted(set(get_args(Reason)) - {""}))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refusal_says_why(
    reduced: Callable[[float], Outlook], reason: Reason, lang: Language
) -> None:
    nan = float("nan")
    refused = dataclasses.replace(
        reduced(0.5), reason=reason, probability=nan, low=nan, high=nan, goal=nan,
        own=None, naive=None, forecast=None,
    )  # fmt: skip
    text = outlook_sentence(refused, lang=lang)
    assert [one.predicate.id for one in text.claims] == [f"outlook.refused.{reason}.example"]
    assert "Malmö" in text.text
    assert "_" not in text.text
    assert refused.sentence(lang) == text.text


def test_refusals_of_the_snapshot(bas: pd.DataFrame) -> None:
    def said(deadline: str) -> str:
        given = {**GIVEN, "deadline": deadline}
        return ig.outlook(ig.Target.reduce("unemployment_rate", 0.2, **given), bas).sentence()

    assert said("2026-06").endswith("kan inte anges: utfallet vid måldatumet är redan publicerat.")
    assert said("2029-06").endswith("färre än 19 tidigare prognoser når lika långt fram.")
    assert said("2028-06").endswith("så ingen vet vad intervallen är värda.")


def test_a_bound_is_not_written_of_a_probability_inside(
    reduced: Callable[[float], Outlook],
) -> None:
    values = told_values(reduced(0.05))
    for name, one in PREDICATES.items():
        if name.startswith("outlook.probability.own.") and not name.startswith(
            "outlook.probability.own.between.between"
        ):
            assert not Claim(one, values).holds()
