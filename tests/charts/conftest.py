"""Frames and tracks for the charts: real ones from the committed snapshot, and invented ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import integstats as ig

LOAD = {"places": ["riket", "Malmö", "Göteborg", "Stockholm", "Skåne län", "Jämtlands län"]}


@pytest.fixture(scope="session")
def bas() -> pd.DataFrame:
    return ig.load("scb-bas-month", **LOAD)


@pytest.fixture(scope="session")
def gaps(bas: pd.DataFrame) -> pd.DataFrame:
    return ig.gaps(ig.rates(bas), "employment_rate")


@pytest.fixture(scope="session")
def target() -> Callable[..., ig.Target]:
    def made(baseline: str = "2025-06", deadline: str = "2027-06", **more: object) -> ig.Target:
        given = {
            "dataset": "scb-bas-month",
            "places": ["Malmö"],
            "sex": "women",
            "birth_region": "foreign_born",
            "age": "20-64",
        }
        return ig.Target.halve(
            "unemployment_rate", baseline=baseline, deadline=deadline, **{**given, **more}
        )

    return made


@pytest.fixture
def invented() -> Callable[..., pd.DataFrame]:
    """Gaps of invented figures: places × periods × women and men."""

    def made(
        places: tuple[str, ...] = ("Exempelkommun A",),
        *,
        periods: int = 18,
        freq: str = "M",
        own: float = 0.6,
        native: float = 0.8,
        n: float = 400.0,
    ) -> pd.DataFrame:
        rows = []
        first = pd.Period("2024", freq="Y").asfreq(freq, how="start")
        for number, place in enumerate(places):
            for at in range(periods):
                for sex, shift in (("women", 0.0), ("men", 0.02)):
                    # Rates stay shares whatever is asked for.
                    rate = float(np.clip(own + shift + 0.001 * at + 0.003 * number, 0, 1))
                    gap = 100 * (native - rate)
                    rows.append(
                        {
                            "dataset": "synthetic-bas",
                            "vintage": "2026-01-01.00000000",
                            "place": place,
                            "period": first + at,
                            "sex": sex,
                            "age": "20-64",
                            "gap_pp": gap,
                            "gap_low": gap - 4,
                            "gap_high": gap + 4,
                            "rate_foreign_born": rate,
                            "rate_native_born": native,
                            "n_foreign_born": n,
                            "n_native_born": 3 * n,
                            "status": "final",
                        }
                    )
        return pd.DataFrame(rows)

    return made
