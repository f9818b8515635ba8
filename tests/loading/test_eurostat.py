"""Eurostat from end to end, against the stored real figures and their flags."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from columns_page import columns_of_dataset
from publisher_standin import LASTING, PASSING, EurostatStandIn

import integstats as ig
from integstats import catalogue
from integstats.cli import main
from integstats.errors import IntegstatsError, SourceChangedError, SourceUnavailableError
from integstats.publishers import eurostat as source
from integstats.publishers import json_api
from integstats.publishers.http import Client
from integstats.table import BASE_KEYS

WORDS = {"FOR": "foreign_born", "NAT": "native_born", "NEU28_FOR": "non_eu_born"}


@pytest.fixture
def server(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EurostatStandIn]:
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    monkeypatch.setattr(source, "CALLS", 1000)
    monkeypatch.setattr(json_api, "WINDOW", 0.01)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with EurostatStandIn(shared) as running:
        monkeypatch.setenv("INTEGSTATS_API_EUROSTAT", running.base_url)
        monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / "data"))
        yield running


@pytest.mark.parametrize(
    ("dataset", "indicator"),
    [("eurostat-unemployment", "unemp"), ("eurostat-participation", "lfp")],
)
def test_the_stored_real_figures_and_flags_come_out(
    server: EurostatStandIn, shared: Path, dataset: str, indicator: str
) -> None:
    ig.fetch(dataset)
    measure = catalogue.dataset(dataset).measures[0]
    table = ig.load(dataset)
    got = table.set_index(["place", "period", "sex", "birth_region"])
    flags = got[f"{measure}_status"].astype(str)
    rates = dict(zip(got.index, zip(got[measure], flags, strict=True), strict=True))
    compared = flagged = 0
    path = shared / "data" / "eurostat" / "eurostat_cob_sex_1995_2020_long.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            place = f"eu:{row['country']}"
            if row["indicator"] != indicator or row["c_birth"] not in WORDS or not row["value"]:
                continue
            if place not in catalogue.places_abroad():
                continue
            sex = {"F": "women", "M": "men"}[row["sex"]]
            key = (place, pd.Period(row["year"], "Y"), sex, WORDS[row["c_birth"]])
            assert rates[key][0] == pytest.approx(float(row["value"]) / 100)
            assert rates[key][1] == row["flag"]
            compared += 1
            flagged += bool(row["flag"])
    assert compared > 3_000
    assert flagged > 400


def test_the_employment_rate_comes_out(server: EurostatStandIn) -> None:
    """The values rest on real ones, the structure on a recorded answer of another table.

    No published figure of lfsa_ergacob was at hand: those here are participation times one minus
    unemployment, both real, rounded to one decimal.
    """
    tables = {}
    for name in ("employment", "unemployment", "participation"):
        ig.fetch(f"eurostat-{name}")
        table = ig.load(f"eurostat-{name}")
        own = columns_of_dataset(f"eurostat-{name}")
        assert list(table.columns[len(BASE_KEYS) : -1]) == own
        [column] = catalogue.dataset(f"eurostat-{name}").measures
        keys = ["place", "period", "sex", "birth_region", "age"]
        tables[name] = table.set_index(keys)[column]
    made = tables["participation"] * (1 - tables["unemployment"])
    known = made.notna()
    assert known.sum() > 2_800
    assert (tables["employment"][known] - made[known]).abs().max() < 0.000501
    assert tables["employment"][~known].isna().all()
    # By hand, from the stored figures of Sweden 2019: 72.2 · (1 − 0.166), 84.0 · (1 − 0.045).
    women = tables["employment"].xs((pd.Period("2019", "Y"), "women"), level=("period", "sex"))
    assert women["eu:SE", "foreign_born", "15-64"] == pytest.approx(0.602)
    assert women["eu:SE", "native_born", "15-64"] == pytest.approx(0.802)


def test_a_mark_without_a_figure_is_a_missing_figure(server: EurostatStandIn) -> None:
    cell = ("lfsa_ergacob", "A", "PC", "F", "Y15-64", "FOR", "SE", "2020")
    server.figures[cell] = (None, "m")
    ig.fetch("eurostat-employment", places=["Sverige"], start="2019")
    rows = ig.load("eurostat-employment").set_index(["period", "sex", "birth_region"])
    gone = rows.loc[(pd.Period("2020", "Y"), "women", "foreign_born")]
    assert pd.isna(gone["employment_rate_eu"])
    assert gone["employment_rate_eu_status"] == "m"
    assert rows.loc[(pd.Period("2020", "Y"), "women", "native_born"), "employment_rate_eu"] > 0.7


def test_sverige_means_the_country_of_the_dataset(server: EurostatStandIn) -> None:
    ig.fetch("eurostat-unemployment", places=["Sverige", "Danmark"])
    table = ig.load("eurostat-unemployment", places=["Sverige"])
    assert set(table["place"]) == {"eu:SE"}
    assert catalogue.place_label("eu:SE") == "Sverige"
    at = table.set_index(["period", "sex", "birth_region"])["unemployment_rate_eu"]
    assert at[pd.Period("2019", "Y"), "women", "foreign_born"] == pytest.approx(0.166)
    assert at[pd.Period("2019", "Y"), "women", "native_born"] == pytest.approx(0.045)


@pytest.mark.parametrize("roles", [False, True])
def test_periods_are_periods_whether_or_not_the_answer_says_so(
    server: EurostatStandIn, roles: bool
) -> None:
    server.roles = roles
    ig.fetch("eurostat-participation", places=["Sverige"], start="2019")
    assert [str(one) for one in ig.load("eurostat-participation")["period"].unique()] == [
        "2019", "2020",
    ]  # fmt: skip


def test_figures_that_were_left_out_are_missing(server: EurostatStandIn) -> None:
    ig.fetch("eurostat-unemployment", places=["eu:EE", "eu:TR"], start="2019")
    table = ig.load("eurostat-unemployment")
    assert set(table["place"]) == {"eu:EE", "eu:TR"}
    assert table.loc[table["sex"] == "total", "unemployment_rate_eu"].isna().all()
    assert not ig.fetch("eurostat-unemployment", places=["eu:TR"], start="2019").changed


def test_provisional_figures_are_preliminary(server: EurostatStandIn) -> None:
    ig.fetch("eurostat-unemployment")
    table = ig.load("eurostat-unemployment")
    flags = table["unemployment_rate_eu_status"].astype(str)
    assert (table["status"] == "preliminary").equals(flags.str.contains("p"))
    assert (table["status"] == "preliminary").sum() >= 4


def test_an_update_is_a_new_vintage(
    server: EurostatStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    first = ig.fetch("eurostat-unemployment", places=["Sverige"])
    assert first.vintage.startswith("2021-04-22.")
    assert not ig.fetch("eurostat-unemployment", places=["Sverige"]).changed
    server.updated = "2021-09-14T23:00:00+0200"
    cell = ("lfsa_urgacob", "A", "PC", "F", "Y15-64", "FOR", "SE", "2020")
    server.figures[cell] = (server.figures[cell][0] + 1, "b")
    result = ig.fetch("eurostat-unemployment", places=["Danmark"])
    assert result.vintage.startswith("2021-09-14.")
    assert result.revised_cells == 1
    assert ig.diff("eurostat-unemployment").largest == pytest.approx({"share": 0.01})
    capsys.readouterr()
    assert main(["diff", "eurostat-unemployment"]) == 0
    assert "figures, largest 1.00 percentage points" in capsys.readouterr().out


THREE = ["Sverige", "Danmark", "Tyskland"]


@pytest.fixture
def three_calls(server: EurostatStandIn, monkeypatch: pytest.MonkeyPatch) -> EurostatStandIn:
    monkeypatch.setattr(source, "CELLS", 1)
    return server


@pytest.mark.parametrize("at", [1, 2, 3], ids=["first", "middle", "last"])
@pytest.mark.parametrize("kind", PASSING)
def test_a_failure_that_passes_is_waited_out(
    three_calls: EurostatStandIn, kind: str, at: int
) -> None:
    three_calls.fail(kind, at=at)
    assert ig.fetch("eurostat-unemployment", places=THREE).calls == 3
    assert ig.load("eurostat-unemployment")["place"].nunique() == 3


@pytest.mark.parametrize("at", [1, 2, 3], ids=["first", "middle", "last"])
@pytest.mark.parametrize("kind", LASTING)
def test_a_failure_that_lasts_keeps_what_came(
    three_calls: EurostatStandIn, kind: str, at: int
) -> None:
    three_calls.fail(kind, at=at)
    with pytest.raises(SourceChangedError) as caught:
        ig.fetch("eurostat-unemployment", places=THREE)
    assert "\n" not in str(caught.value)
    with pytest.raises(IntegstatsError):
        ig.load("eurostat-unemployment", places=THREE)
    assert ig.fetch("eurostat-unemployment", places=THREE).calls == 3 - (at - 1)


def test_a_server_that_never_recovers_is_one_line(three_calls: EurostatStandIn) -> None:
    three_calls.fail("503", at=range(1, 9))
    with pytest.raises(SourceUnavailableError) as caught:
        ig.fetch("eurostat-unemployment", places=THREE)
    assert "\n" not in str(caught.value)


def test_a_table_or_code_that_is_gone_is_said_in_the_publishers_words(
    server: EurostatStandIn,
) -> None:
    server.tables.remove("lfsa_ergacob")
    with pytest.raises(SourceChangedError, match="ERR_NOT_FOUND_4"):
        ig.fetch("eurostat-employment", places=["Sverige"])


def test_check_names_the_newest_year(server: EurostatStandIn) -> None:
    [found] = ig.check(["eurostat-unemployment"], now=datetime(2021, 12, 1, tzinfo=UTC))
    assert found.severity == "ok"
    assert "last period 2020" in found.message
