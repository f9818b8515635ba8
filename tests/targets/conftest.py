"""Tables to follow targets in: the real figures, and small ones made for a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from integstats import table as one_table

COUNTS = (
    "employed", "unemployed", "labour_force", "students", "retired", "sick", "other", "population",
)  # fmt: skip


@pytest.fixture(scope="session")
def bas(shared: Path) -> pd.DataFrame:
    """Sweden, the 21 counties and three cities, monthly 2020-01 to 2026-06, with totals."""
    raw = pd.read_csv(
        shared / "data/scb/TAB6260_25_places_2020M01-2026M06.csv",
        dtype={"Region": str, "Kon": str},
    )
    table = pd.DataFrame(
        {
            "dataset": one_table.as_category(["scb-bas-month"] * len(raw)),
            "vintage": one_table.as_category(["2026-08-28.test"] * len(raw)),
            "place": one_table.as_category(raw["Region"]),
            "period": pd.PeriodIndex(raw["Tid"].str.replace("M", "-"), freq="M"),
            "sex": one_table.as_category(raw["Kon"].map({"1": "men", "2": "women"})),
            "birth_region": one_table.as_category(
                raw["Fodelseregion"].map({"in": "native_born", "ut": "foreign_born"})
            ),
            "age": one_table.as_category(["20-64"] * len(raw)),
            **{name: raw[name].astype(float) for name in COUNTS},
            "status": one_table.as_category(["preliminary"] * len(raw), one_table.STATUSES),
        }
    )
    return one_table.add_totals(table)


@pytest.fixture(scope="session")
def registered(shared: Path) -> pd.DataFrame:
    """Registered unemployed, foreign- and native-born, Linköping and Sweden, 2008-01 to 2026-03."""
    raw = pd.read_csv(shared / "data/linkoping/linkoping_riket_af_monthly_2008_long.csv")
    raw = raw[raw["grupp"].isin(["UTRIKES", "INRIKES"])]
    wide = raw.pivot(index=["manad", "region", "grupp"], columns="matt", values="value")
    wide = wide.reset_index()
    labels = {
        "dataset": "own-linkoping-af", "vintage": "2026-04-01.test", "sex": "total", "age": "16-64",
    }  # fmt: skip
    births = {"UTRIKES": "foreign_born", "INRIKES": "native_born"}
    return pd.DataFrame(
        {
            **{name: one_table.as_category([label] * len(wide)) for name, label in labels.items()},
            "place": one_table.as_category(
                wide["region"].map({"Linköping": "0580", "Riket": "00"})
            ),
            "period": pd.PeriodIndex(wide["manad"], freq="M"),
            "birth_region": one_table.as_category(wide["grupp"].map(births)),
            "registered_unemployed": wide["Arbetslösa"].astype(float),
            "labour_force": wide["Arbetskraft"].astype(float),
            "status": one_table.as_category(["final"] * len(wide), one_table.STATUSES),
        }
    )


@pytest.fixture
def made() -> Callable[..., pd.DataFrame]:
    """Return a builder of small tables of foreign-born women, one count column a keyword.

    A column is a list over the periods, or one number for all of them.
    """

    def build(
        *,
        start: str = "2020-01",
        freq: str = "M",
        place: str = "1280",
        dataset: str = "scb-bas-month",
        vintage: str = "2026-08-28.test",
        sex: str = "women",
        birth_region: str = "foreign_born",
        status: str = "final",
        **columns: Sequence[float] | float,
    ) -> pd.DataFrame:
        length = max(len(one) for one in columns.values() if not isinstance(one, int | float))
        periods = pd.period_range(start, periods=length, freq=freq)
        labels = {
            "dataset": dataset, "vintage": vintage, "place": place, "sex": sex,
            "birth_region": birth_region, "age": "20-64", "status": status,
        }  # fmt: skip
        return pd.DataFrame(
            {
                **{name: pd.Categorical([label] * length) for name, label in labels.items()},
                "period": periods,
                **{
                    name: np.broadcast_to(np.array(one, float), length).copy()
                    for name, one in columns.items()
                },
            }
        )

    return build
