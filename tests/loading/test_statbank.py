"""Statistics Denmark from end to end, against the stored real employment rates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from columns_page import columns_of_dataset
from publisher_standin import LASTING, PASSING, StatBankStandIn

import integstats as ig
from integstats import catalogue
from integstats.errors import (
    IncomparableError,
    IntegstatsError,
    SourceChangedError,
    SourceUnavailableError,
    UnknownCodeError,
)
from integstats.publishers import json_api
from integstats.publishers import statbank as source
from integstats.publishers.http import Client
from integstats.table import BASE_KEYS

DANISH = [one.code for one in catalogue.places_abroad().values() if one.code.startswith("dk:")]
YEARS = [str(year) for year in range(2008, 2022)]


@pytest.fixture
def server(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StatBankStandIn]:
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    monkeypatch.setattr(source, "CALLS", 1000)
    monkeypatch.setattr(json_api, "WINDOW", 0.01)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with StatBankStandIn(shared) as running:
        monkeypatch.setenv("INTEGSTATS_API_STATBANK", running.base_url)
        monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / "data"))
        yield running


def test_the_stored_real_rates_of_every_municipality_come_out(
    server: StatBankStandIn, shared: Path
) -> None:
    """98 municipalities and Denmark, 2008-2021, against the sheet StatBank's web page saves."""
    assert ig.fetch("dst-ras200").calls == 1
    table = ig.load("dst-ras200")
    assert list(table.columns[len(BASE_KEYS) : -1]) == columns_of_dataset("dst-ras200")
    everybody = table[(table["origin"] == "total") & (table["sex"] == "total")]
    got = everybody.set_index(["place", "period"])["employment_rate_dk"]
    sheet = pd.read_excel(
        shared / "data" / "dst" / "RAS200_total_2008-2021.xlsx", header=None
    ).iloc[3:, 4:]
    places = {**catalogue.places_abroad()}
    by_name = {one.name: code for code, one in places.items() if code in DANISH}
    by_name |= {"All Denmark": "dk:000", "Copenhagen": "dk:101"}
    compared = 0
    for row in sheet.itertuples(index=False):
        for year, value in zip(YEARS, row[1:], strict=True):
            if row[0] in by_name:
                period = pd.Period(year, "Y")
                assert got[by_name[row[0]], period] == pytest.approx(float(value) / 100)
                compared += 1
    assert compared >= 98 * 14
    assert got["dk:000", pd.Period("2021", "Y")] == pytest.approx(0.771)


def test_odense_stands_beside_malmo_under_its_own_measure_and_its_own_groups(
    server: StatBankStandIn,
) -> None:
    server.invent(["461"], YEARS)
    ig.fetch("dst-ras200", places=["Odense"])
    odense = ig.load("dst-ras200", places=["Odense"])
    assert set(odense["place"]) == {"dk:461"}
    assert set(odense["origin"]) == {
        "total", "danish", "immigrants", "immigrants_western", "immigrants_non_western",
    }  # fmt: skip
    assert set(odense["birth_region"]) == {"total"}
    assert catalogue.place_label("dk:461") == "Odense"
    row = odense[
        (odense["origin"] == "immigrants")
        & (odense["sex"] == "women")
        & (odense["period"] == pd.Period("2020", "Y"))
    ]
    expected = server.values["461", "21", "16-64", "K", "BFK", "2020"] / 100
    assert row["employment_rate_dk"].item() == pytest.approx(expected)
    malmo = ig.load("scb-bas-month", places=["Malmö"], start="2026-06")
    with pytest.raises(IncomparableError):
        ig.rates(malmo, "employment_rate_dk")


def test_a_gap_between_danish_groups_is_taken_by_origin(server: StatBankStandIn) -> None:
    server.invent(["461"], ["2021"])
    ig.fetch("dst-ras200", places=["Odense"], start="2021")
    table = ig.rates(ig.load("dst-ras200"))
    found = ig.gaps(
        table, "employment_rate_dk", by="origin", group="immigrants", reference="danish"
    )
    men = found[found["sex"] == "men"].iloc[0]
    own, other = (
        server.values["461", origin, "16-64", "M", "BFK", "2021"] for origin in ("21", "10")
    )
    assert men["gap_pp"] == pytest.approx(other - own)
    assert pd.isna(men["gap_low"])
    notes = catalogue.breaks_for(
        dataset="dst-ras200", measure="employment_rate_dk", age="16-64", place="dk:461"
    )
    assert [(one.id, one.effect) for one in notes] == [("dst-herkomst", "notes")]
    assert "herkomst" in catalogue.measure("employment_rate_dk").words("sv")["trap"]
    assert "herkomst" in catalogue.dataset("dst-ras200").definition("sv")


def test_only_what_is_missing_is_asked_for_and_an_update_brings_all_again(
    server: StatBankStandIn,
) -> None:
    server.invent(["461", "751"], YEARS)
    ig.fetch("dst-ras200", places=["Odense"])
    assert not ig.fetch("dst-ras200", places=["Odense"]).changed
    assert ig.fetch("dst-ras200", places=["Odense", "Aarhus"]).cells == 5 * 3 * 14
    server.updated = "2026-10-28T08:00:00"
    server.values["461", "21", "16-64", "K", "BFK", "2021"] += 2
    server.variables["Tid"]["2022"] = "2022"
    server.invent(["461", "751"], ["2022"])
    result = ig.fetch("dst-ras200", places=["Aarhus"])
    assert result.vintage.startswith("2026-10-28.")
    assert result.new_periods == ("2022",)
    assert result.revised_cells == 1
    assert set(ig.load("dst-ras200")["place"]) == {"dk:461", "dk:751"}


def test_swedish_places_are_refused(server: StatBankStandIn) -> None:
    with pytest.raises(UnknownCodeError, match="dk-municipality"):
        ig.fetch("dst-ras200", places=["Malmö"])


def test_calls_stay_below_the_limit(
    server: StatBankStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "CELLS", 5 * 3 * 14 * 40)
    assert ig.fetch("dst-ras200").calls == 3
    assert ig.load("dst-ras200")["place"].nunique() == 99


@pytest.mark.parametrize("at", [1, 2, 3], ids=["first", "middle", "last"])
@pytest.mark.parametrize("kind", PASSING)
def test_a_failure_that_passes_is_waited_out(
    server: StatBankStandIn, monkeypatch: pytest.MonkeyPatch, kind: str, at: int
) -> None:
    monkeypatch.setattr(source, "CELLS", 5 * 3 * 14 * 40)
    server.fail(kind, at=at)
    assert ig.fetch("dst-ras200").calls == 3
    assert len(server.data_calls) == 4


@pytest.mark.parametrize("at", [1, 2, 3], ids=["first", "middle", "last"])
@pytest.mark.parametrize("kind", LASTING)
def test_a_failure_that_lasts_keeps_what_came(
    server: StatBankStandIn, monkeypatch: pytest.MonkeyPatch, kind: str, at: int
) -> None:
    monkeypatch.setattr(source, "CELLS", 5 * 3 * 14 * 40)
    server.fail(kind, at=at)
    with pytest.raises(SourceChangedError) as caught:
        ig.fetch("dst-ras200")
    assert "\n" not in str(caught.value)
    with pytest.raises(IntegstatsError):
        ig.load("dst-ras200")
    assert ig.fetch("dst-ras200").calls == 3 - (at - 1)


def test_a_server_that_never_recovers_is_one_line(server: StatBankStandIn) -> None:
    server.fail("500", at=range(1, 9))
    with pytest.raises(SourceUnavailableError) as caught:
        ig.fetch("dst-ras200", places=["Odense"])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("variable", "code"), [("HERKOMST", "21"), ("BEREGNING", "BFK")])
def test_a_code_that_is_gone_is_named(server: StatBankStandIn, variable: str, code: str) -> None:
    del server.variables[variable][code]
    with pytest.raises(SourceChangedError, match=f"{code}.*{variable}"):
        ig.fetch("dst-ras200", places=["Odense"])


def test_check_knows_updates_and_old_tables(server: StatBankStandIn) -> None:
    now = datetime(2022, 12, 1, tzinfo=UTC)
    assert [one.severity for one in ig.check(["dst-ras200"], now=now)] == ["ok"]
    server.invent(["461"], YEARS)
    ig.fetch("dst-ras200", places=["Odense"])
    server.updated = "2026-10-28T08:00:00"
    server.variables["HERKOMST"]["21"] = "Immigrants"
    found = ig.check(["dst-ras200"], now=datetime(2026, 12, 1, tzinfo=UTC))
    assert sorted(one.severity for one in found) == ["notice", "notice", "warning"]
