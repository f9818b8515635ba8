"""Where nothing has changed, an improvement is seldom claimed: METHOD's law, with few draws."""

from __future__ import annotations

import pytest
from false_alarms import claimed, endpoint_growth, ever_claimed, met

DRAWS = 20_000


@pytest.mark.parametrize("rate", [0.05, 0.16, 0.3, 0.4])
@pytest.mark.parametrize(("n", "fraction"), [(50, 0.75), (200, 0.5), (2000, 0.25), (2000, 0.75)])
def test_one_pre_set_reading_claims_an_improvement_in_at_most_six_per_cent(
    rate: float, n: int, fraction: float
) -> None:
    assert claimed(rate, n, fraction=fraction, draws=DRAWS, seed=1) <= 0.06


def test_it_does_claim_some_where_there_are_enough_persons() -> None:
    assert claimed(0.2, 2000, fraction=0.5, draws=DRAWS, seed=1) == pytest.approx(0.05, abs=0.007)


def test_growth_between_two_ends_claims_half() -> None:
    found = [endpoint_growth(rate, 200, draws=DRAWS, seed=1) for rate in (0.05, 0.16, 0.3, 0.4)]
    below, with_ties = (sum(one) / len(found) for one in zip(*found, strict=True))
    assert below == pytest.approx(0.47, abs=0.01)
    assert with_ties == pytest.approx(0.53, abs=0.01)


def test_looking_every_month_claims_it_far_more_often() -> None:
    assert ever_claimed(0.2, 2000, draws=2000, seed=1) > 0.2


def test_a_halving_met_by_chance_has_a_narrow_margin_and_needs_very_few_persons() -> None:
    """The rule of the deadline is not tested: what it claims by chance is told by its margin."""
    with_any, clear = met(0.05, 50, draws=DRAWS, seed=1)
    assert with_any > 0.06
    assert clear <= 0.01
    assert met(0.16, 200, draws=DRAWS, seed=1)[0] < 0.01
