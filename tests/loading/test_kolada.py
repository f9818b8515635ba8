"""Kolada from end to end: asked, kept, read, compared, and every way in which it can fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from columns_page import columns_of_dataset
from publisher_standin import FAILURES, LASTING, PASSING, KoladaStandIn

import integstats as ig
from integstats import catalogue, store
from integstats.errors import (
    IncomparableError,
    IntegstatsError,
    SourceChangedError,
    SourceUnavailableError,
    UnknownCodeError,
)
from integstats.publishers import json_api
from integstats.publishers import kolada as source
from integstats.publishers.http import Client
from integstats.table import BASE_KEYS

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
BAS = sorted(f"N022{n}" for n in (67, 68, 69, 80, 81, 82, 83, 84, 85))
EVERYONE = [one.code for one in catalogue.places().values() if one.kind == "municipality"]


@pytest.fixture
def server(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[KoladaStandIn]:
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    monkeypatch.setattr(source, "CALLS", 1000)
    monkeypatch.setattr(json_api, "WINDOW", 0.01)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(source, "now", lambda: NOW)
    with KoladaStandIn(shared) as running:
        running.invent(BAS, ["0000", "0012", "1280", "1480", "1481"], range(2020, 2025))
        monkeypatch.setenv("INTEGSTATS_API_KOLADA", running.base_url)
        monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / "data"))
        yield running


def test_the_stored_real_figures_come_out_as_they_are(server: KoladaStandIn, shared: Path) -> None:
    """N03937 for 290 municipalities and fourteen years, against the stored panel."""
    result = ig.fetch("kolada-n03937", places=EVERYONE)
    assert result.calls == 12
    table = ig.load("kolada-n03937")
    panel = pd.read_parquet(shared / "data" / "kolada" / "panel_municipal_N03937.parquet")
    assert table["place"].nunique() == panel["region_code"].nunique() == 290
    total = table[table["sex"] == "total"]
    got = {
        (place, period.year): value
        for place, period, value in zip(
            total["place"], total["period"], total["openly_unemployed_rate_kolada"], strict=True
        )
    }
    stored = panel.dropna(subset=["unemployment_rate"])
    assert len(stored) > 4_000
    for code, year, value in stored[["region_code", "year", "unemployment_rate"]].itertuples(
        index=False
    ):
        assert got[str(code).zfill(4), year] == pytest.approx(value / 100, abs=1e-12)
    assert total["openly_unemployed_rate_kolada"].notna().sum() == len(stored)


def test_a_key_figure_becomes_a_measure_of_its_own_for_the_group_it_is_about(
    server: KoladaStandIn,
) -> None:
    ig.fetch("kolada-bas", places=["Mölndal", "riket", "Skåne län"])
    table = ig.load("kolada-bas")
    assert set(table["place"]) == {"00", "12", "1481"}
    keys = ["place", "period", "sex", "birth_region"]
    at = table.set_index(keys).loc[("1481", pd.Period("2023", "Y"), "women", "foreign_born")]
    for name, kpi in [
        ("employment_rate_kolada", "N02268"),
        ("unemployment_rate_kolada", "N02282"),
        ("participation_rate_kolada", "N02284"),
    ]:
        assert at[name] == pytest.approx(server.values[kpi, "1481", 2023, "K"] / 100)
    assert len(table) == 3 * 5 * 3 * 3
    assert list(table.columns[len(BASE_KEYS) : -1]) == columns_of_dataset("kolada-bas")


def test_a_published_gap_can_be_taken_but_nothing_pooled(server: KoladaStandIn) -> None:
    ig.fetch("kolada-bas", places=["Malmö", "Göteborg"])
    table = ig.rates(ig.load("kolada-bas"), "employment_rate_kolada")
    with pytest.raises(IncomparableError, match="no counts to pool"):
        ig.pool(table, ["Malmö", "Göteborg"])
    with pytest.raises(IncomparableError):
        ig.rates(table, "employment_rate")


def test_ages_of_their_own_key_figures_are_chosen_by_their_span(server: KoladaStandIn) -> None:
    server.invent(["N03941", "N03942", "N03946", "N03944"], ["1481"], range(2023, 2025))
    ig.fetch("kolada-registered", places=["Mölndal"])
    young = ig.load("kolada-registered", age="18-24")
    assert set(young["age"]) == {"18-24"}
    woman = young[(young["sex"] == "women") & (young["period"] == pd.Period("2024", "Y"))].iloc[0]
    expected = server.values["N03942", "1481", 2024, "K"]
    assert woman["registered_unemployment_rate_kolada"] == pytest.approx(expected / 100)
    assert pd.isna(woman["long_term_share_of_unemployed"])
    assert set(ig.load("kolada-registered")["age"]) == {"18-65"}


def test_short_pages_are_followed_to_the_end(server: KoladaStandIn) -> None:
    server.page_limit = 7
    result = ig.fetch("kolada-bas", places=["Mölndal", "Malmö"])
    assert result.calls == 1
    assert len(server.data_calls) == -(-2 * 5 * 9 // 7)
    assert len(ig.load("kolada-bas")) == 2 * 5 * 3 * 3


def test_deleted_null_and_absent_values_are_missing_not_zero(server: KoladaStandIn) -> None:
    server.deleted.add(("N02268", "1481", 2023, "K"))
    server.values["N02268", "1481", 2022, "K"] = None
    del server.values["N02268", "1481", 2021, "K"]
    ig.fetch("kolada-bas", places=["Mölndal"])
    table = ig.load("kolada-bas")
    women = table[(table["sex"] == "women") & (table["birth_region"] == "foreign_born")]
    rates = women.set_index(women["period"].dt.year)["employment_rate_kolada"]
    assert rates.loc[[2021, 2022, 2023]].isna().all()
    assert rates.loc[[2020, 2024]].notna().all()


def test_a_group_is_asked_for_by_its_members_never_for_its_unweighted_mean(
    server: KoladaStandIn,
) -> None:
    ig.fetch("kolada-bas", places=["Familjen Helsingborg"])
    [call] = server.data_calls
    members = call.path.split("/")[5].split(",")
    assert set(members) == set(catalogue.groups()["familjen-helsingborg"].members)


def test_a_place_without_figures_is_known_to_have_none(server: KoladaStandIn) -> None:
    ig.fetch("kolada-bas", places=["Mölndal", "Lomma"])
    table = ig.load("kolada-bas", places=["Lomma"])
    assert table["employment_rate_kolada"].isna().all()
    assert not ig.fetch("kolada-bas", places=["Lomma"]).changed


def test_no_segment_has_more_than_25_ids(server: KoladaStandIn) -> None:
    result = ig.fetch("kolada-bas")
    assert result.calls == 13
    for one in server.data_calls:
        assert all(len(ids.split(",")) <= 25 for ids in one.path.split("/")[3::2])


@pytest.fixture
def later(server: KoladaStandIn, monkeypatch: pytest.MonkeyPatch) -> KoladaStandIn:
    """What was stored on 1 September is looked at on the 20th."""
    ig.fetch("kolada-bas", places=["Mölndal"])
    monkeypatch.setattr(source, "now", lambda: datetime(2026, 9, 20, tzinfo=UTC))
    return server


def test_what_has_not_changed_stays_the_same_vintage(later: KoladaStandIn) -> None:
    before = len(later.data_calls)
    result = ig.fetch("kolada-bas", places=["Mölndal"])
    assert not result.changed
    assert result.vintage.startswith("2026-09-01.")
    assert len(later.data_calls) == before
    added = ig.fetch("kolada-bas", places=["Mölndal", "Malmö"])
    assert added.vintage == result.vintage
    assert added.cells == 9 * 3 * 7


def test_what_has_changed_is_asked_for_again_as_a_new_vintage(later: KoladaStandIn) -> None:
    later.changed = date(2026, 9, 10)
    later.values["N02268", "1481", 2024, "K"] += 1.5
    result = ig.fetch("kolada-bas", places=["Malmö"])
    assert result.vintage.startswith("2026-09-20.")
    assert result.revised_cells == 1
    assert set(ig.load("kolada-bas")["place"]) == {"1280", "1481"}
    found = ig.diff("kolada-bas")
    assert found.places == ("1481",)
    assert found.revisions["change"].tolist() == [pytest.approx(0.015)]


def test_a_change_on_the_day_of_fetching_is_not_missed(later: KoladaStandIn) -> None:
    later.changed = date(2026, 9, 1)
    assert ig.fetch("kolada-bas", places=["Mölndal"]).vintage.startswith("2026-09-20.")


THREE = ["1280", "1480", "1481"]


@pytest.fixture
def three_calls(server: KoladaStandIn, monkeypatch: pytest.MonkeyPatch) -> KoladaStandIn:
    monkeypatch.setattr(source, "IDS", 9)
    monkeypatch.setattr(source, "PAGE", 9 * 9)
    server.invent(BAS, EVERYONE[:27], range(2024, 2025))
    return server


@pytest.mark.parametrize("at", [1, 2, 3], ids=["first", "middle", "last"])
@pytest.mark.parametrize("kind", PASSING)
def test_a_failure_that_passes_is_waited_out(
    three_calls: KoladaStandIn, kind: str, at: int
) -> None:
    three_calls.fail(kind, at=at)
    result = ig.fetch("kolada-bas", places=EVERYONE[:27], start="2024", end="2024")
    assert result.calls == 3
    assert len(three_calls.data_calls) == 4
    assert ig.load("kolada-bas")["employment_rate_kolada"].notna().all()


@pytest.mark.parametrize("at", [1, 2, 3], ids=["first", "middle", "last"])
@pytest.mark.parametrize("kind", LASTING)
def test_a_failure_that_lasts_keeps_what_came(
    three_calls: KoladaStandIn, kind: str, at: int
) -> None:
    three_calls.fail(kind, at=at)
    with pytest.raises(SourceChangedError) as caught:
        ig.fetch("kolada-bas", places=EVERYONE[:27], start="2024", end="2024")
    assert "\n" not in str(caught.value)
    with pytest.raises(IntegstatsError):
        ig.load("kolada-bas", places=EVERYONE[:27])
    result = ig.fetch("kolada-bas", places=EVERYONE[:27], start="2024", end="2024")
    assert result.calls == 3 - (at - 1)
    assert ig.load("kolada-bas")["place"].nunique() == 27


def test_every_way_to_fail_is_tried() -> None:
    assert {*PASSING, *LASTING} == set(FAILURES)


def test_a_server_that_never_recovers_is_one_line(three_calls: KoladaStandIn) -> None:
    three_calls.fail("503", at=range(2, 10))
    with pytest.raises(SourceUnavailableError) as caught:
        ig.fetch("kolada-bas", places=EVERYONE[:27], start="2024", end="2024")
    assert "\n" not in str(caught.value)


def test_a_key_figure_that_is_gone_is_named(server: KoladaStandIn) -> None:
    del server.kpis["N02268"]
    with pytest.raises(SourceChangedError, match="N02268"):
        ig.fetch("kolada-bas", places=["Mölndal"])
    [finding] = ig.check(["kolada-bas"], now=NOW)
    assert finding.severity == "error"


def test_a_place_that_the_key_figures_do_not_have_is_refused(server: KoladaStandIn) -> None:
    with pytest.raises(UnknownCodeError, match="municipality"):
        ig.fetch("kolada-sfi", places=["Skåne län"])


def test_check_says_what_is_there_and_what_was_reworded(server: KoladaStandIn) -> None:
    [finding] = ig.check(["kolada-bas"], now=NOW)
    assert finding.severity == "ok"
    assert "last period 2024" in finding.message
    ig.fetch("kolada-bas", places=["Mölndal"])
    server.kpis["N02268"]["title"] = "Sysselsatta utrikes födda (%)"
    [finding] = ig.check(["kolada-bas"], now=NOW)
    assert finding.severity == "notice"
    assert "Sysselsatta utrikes födda" in finding.message


def test_the_definitions_are_kept_beside_the_figures(server: KoladaStandIn) -> None:
    ig.fetch("kolada-bas", places=["Mölndal"])
    kept = store.snapshots("kolada-bas")[0].sidecar["pinned"]["definitions"]
    assert "sysselsatta utrikes födda 20-64" in kept["N02268"]


@pytest.mark.parametrize(
    "name", [one.id for one in catalogue.datasets().values() if one.publisher.id == "kolada"]
)
def test_every_dataset_of_kolada_can_be_fetched(server: KoladaStandIn, name: str) -> None:
    dataset = catalogue.dataset(name)
    kpis = [code for one in dataset.series for code in one.codes.values()]
    server.invent(kpis, ["1481"], range(2022, 2025))
    ig.fetch(name, places=["Mölndal"], start="2022")
    table = ig.load(name)
    assert set(dataset.measures) <= set(table.columns)
    assert table[list(dataset.measures)].notna().any(axis=0).all()
    assert set(ig.rates(table).columns) >= {f"{measure}_note" for measure in dataset.measures}
