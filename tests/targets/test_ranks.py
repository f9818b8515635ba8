"""Ranks come with their confidence set and never with a verdict."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from integstats.errors import TargetError
from integstats.targets.ranks import rank
from integstats.targets.target import Target
from integstats.targets.track import track

GIVEN: dict[str, Any] = {
    "sex": "women", "birth_region": "foreign_born", "baseline": "2024-06", "deadline": "2026-06",
}  # fmt: skip


def first(place: str, **changes: Any) -> Target:
    return Target.reach_rank("employment_rate", 1, places=place, **{**GIVEN, **changes})


def test_skane_among_the_counties(bas: pd.DataFrame) -> None:
    found = rank(first("Skåne län"), bas)
    assert (found.ranked, str(found.period), found.goal) == (21, "2026-06", 1)
    order = found.frame["rate"].rank(ascending=False)
    assert found.frame["rank"].astype(float).tolist() == order.tolist()
    assert found.rank == 21
    assert found.rank_low <= found.rank <= found.rank_high
    assert "plats 21 av 21" in found.sentence()
    assert "ingen bedömning" in found.sentence()


def test_among_named_places(bas: pd.DataFrame) -> None:
    found = rank(first("Malmö"), bas, among=["Göteborg", "Stockholm"])
    assert set(found.frame["place"].astype(str)) == {"1280", "1480", "0180"}
    assert found.ranked == 3


def test_only_figures_until_the_deadline(bas: pd.DataFrame) -> None:
    assert str(rank(first("Malmö", deadline="2025-06"), bas).period) == "2025-06"


def test_lower_is_better_for_unemployment(bas: pd.DataFrame) -> None:
    target = Target.reach_rank("unemployment_rate", 1, places="Skåne län", **GIVEN)
    frame = rank(target, bas).frame
    assert frame["rate"].is_monotonic_increasing


def test_it_gets_no_verdict(bas: pd.DataFrame) -> None:
    with pytest.raises(TargetError, match="never gets a verdict"):
        track(first("Malmö"), bas)
    with pytest.raises(TargetError, match="reach_rank"):
        rank(Target.halve("unemployment_rate", places="Malmö", **GIVEN), bas)
