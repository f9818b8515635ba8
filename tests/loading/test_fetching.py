"""Fetching from a server that follows SCB's: what is asked, what is kept, what goes wrong."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from pxweb_standin import FAILURES, PxWebStandIn

import integstats as ig
from integstats import catalogue, store
from integstats.errors import (
    IntegstatsError,
    SourceChangedError,
    SourceUnavailableError,
    UnknownCodeError,
)
from integstats.loading import sources
from integstats.loading.fetching import missing_blocks
from integstats.publishers.pxweb import PxWeb


def data_calls(server: PxWebStandIn) -> list[str]:
    return [one.path for one in server.requests if one.path.rstrip("/").endswith("/data")]


def test_a_municipality_is_fetched_and_loaded(server: PxWebStandIn) -> None:
    result = ig.fetch("scb-bas-month", places=["Mölndal"])
    assert result.changed
    assert result.calls == len(data_calls(server)) == 1
    bas = ig.load("scb-bas-month", places=["Mölndal", "Malmö"])
    assert set(bas["place"]) == {"1280", "1481"}
    assert bas["period"].nunique() == 78
    source = sources(bas[bas["place"] == "1481"])[0]
    assert source.obtained == "fetched"
    assert source.fetched_at is not None


def test_fetched_figures_are_those_of_the_embedded_snapshot(
    server: PxWebStandIn, tmp_path: Path
) -> None:
    embedded = ig.load("scb-bas-month", places=["Stockholm"])
    server.tables["TAB6260"].updated = "2026-09-28T06:00:00Z"
    ig.fetch("scb-bas-month", places=["Stockholm"])
    fetched = ig.load("scb-bas-month", places=["Stockholm"])
    assert set(fetched["vintage"]) != set(embedded["vintage"])
    counts = list(catalogue.dataset("scb-bas-month").counts)
    assert (fetched[counts].to_numpy() == embedded[counts].to_numpy()).all()


def test_what_is_there_is_not_asked_for_again(server: PxWebStandIn) -> None:
    assert ig.fetch("scb-bas-month", places=["Mölndal"]).changed
    before = len(data_calls(server))
    again = ig.fetch("scb-bas-month", places=["Mölndal", "Malmö"])
    assert not again.changed
    assert again.calls == 0
    assert len(data_calls(server)) == before


def test_only_the_missing_place_is_asked_for(server: PxWebStandIn) -> None:
    ig.fetch("scb-bas-month", places=["Mölndal"])
    result = ig.fetch("scb-bas-month", places=["Mölndal", "Lomma"])
    assert result.cells == 2 * 2 * 78 * 8
    assert set(ig.load("scb-bas-month", places=["Mölndal", "Lomma"])["place"]) == {"1481", "1262"}


def test_an_update_brings_everything_the_user_has_again(server: PxWebStandIn) -> None:
    ig.fetch("scb-bas-month", places=["Mölndal"])
    server.tables["TAB6260"].updated = "2026-09-28T06:00:00Z"
    result = ig.fetch("scb-bas-month", places=["Lomma"])
    assert result.vintage.startswith("2026-09-28.")
    newest = ig.load("scb-bas-month")
    assert set(newest["vintage"]) == {result.vintage}
    assert newest["place"].nunique() == 27
    assert result.revised_cells == 0
    assert ig.diff("scb-bas-month").compared_cells > 60_000


def test_all_municipalities_come_in_five_calls_within_the_limit(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pxweb_standin import scb_tables

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with PxWebStandIn(list(scb_tables(shared)), max_calls=3, time_window=0.3) as running:
        everyone = [p.code for p in catalogue.places().values() if p.kind == "municipality"]
        result = ig.fetch(
            "scb-bas-month", places=everyone, base_url=running.base_url, data_dir=tmp_path
        )
        # Three cities are in the embedded snapshot already.
        assert result.cells == 287 * 2 * 2 * 78 * 8
        assert result.calls == 5
        assert running.limit_violations == []
    assert ig.load("scb-bas-month", places=everyone, data_dir=tmp_path)["place"].nunique() == 290


PASSING = ["429", "500", "502", "503", "504", "drop", "drop_after_headers", "truncated", "garbage"]
LASTING = ["html", "wrong_count", "missing_code", "reordered"]
THREE = ["Mölndal", "Lomma", "Skövde"]


@pytest.fixture
def three_calls(server: PxWebStandIn, monkeypatch: pytest.MonkeyPatch) -> PxWebStandIn:
    """A server that gives one municipality a call, asked without waiting between the tries."""
    server.api.config["maxDataCells"] = 78 * 8 * 4
    monkeypatch.setitem(PxWeb.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    return server


def test_every_way_to_fail_is_tried() -> None:
    assert {*PASSING, *LASTING, "slow"} == set(FAILURES)


@pytest.mark.parametrize("at", [1, 2, 3], ids=["first", "middle", "last"])
@pytest.mark.parametrize("kind", PASSING)
def test_a_failure_that_passes_is_waited_out(three_calls: PxWebStandIn, kind: str, at: int) -> None:
    three_calls.fail(kind, at=at)
    result = ig.fetch("scb-bas-month", places=THREE)
    assert result.calls == 3
    assert len(three_calls.calls("data")) == 4
    assert ig.load("scb-bas-month", places=THREE)["place"].nunique() == 3


@pytest.mark.parametrize("at", [1, 2, 3], ids=["first", "middle", "last"])
@pytest.mark.parametrize("kind", LASTING)
def test_a_failure_that_lasts_keeps_what_came_and_the_next_fetch_goes_on(
    three_calls: PxWebStandIn, kind: str, at: int
) -> None:
    three_calls.fail(kind, at=at)
    with pytest.raises(SourceChangedError) as caught:
        ig.fetch("scb-bas-month", places=THREE)
    assert "\n" not in str(caught.value)
    with pytest.raises(IntegstatsError):
        ig.load("scb-bas-month", places=THREE)
    assert ig.load("scb-bas-month", places=["Malmö"]) is not None
    result = ig.fetch("scb-bas-month", places=THREE)
    assert result.calls == 3 - (at - 1)
    assert ig.load("scb-bas-month", places=THREE)["place"].nunique() == 3


@pytest.mark.parametrize("at", [1, 3], ids=["first", "last"])
def test_a_server_that_never_recovers_is_one_line(three_calls: PxWebStandIn, at: int) -> None:
    three_calls.fail("503", at=range(at, at + 10))
    with pytest.raises(SourceUnavailableError) as caught:
        ig.fetch("scb-bas-month", places=THREE)
    assert "\n" not in str(caught.value)
    three_calls.heal()
    assert ig.fetch("scb-bas-month", places=THREE).calls == 3 - (at - 1)


def test_an_interruption_keeps_what_came(three_calls: PxWebStandIn) -> None:
    def stop(done: int, total: int, seconds: float) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ig.fetch("scb-bas-month", places=THREE, progress=stop)
    assert ig.fetch("scb-bas-month", places=THREE).calls == 1


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX systems")
def test_a_killed_fetch_leaves_the_store_readable_and_goes_on(
    three_calls: PxWebStandIn, tmp_path: Path
) -> None:
    three_calls.fail("slow", at=2, delay=30.0)
    code = f"import integstats; integstats.fetch('scb-bas-month', places={THREE!r})"
    process = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ))
    folder = tmp_path / "data" / "raw" / "scb" / "scb-bas-month"
    for _ in range(600):
        if list(folder.glob("*/pending.json")):
            break
        time.sleep(0.05)
    process.kill()
    process.wait(timeout=10)
    assert list(folder.glob("*/pending.json"))
    assert ig.load("scb-bas-month", places=["Malmö"])["place"].nunique() == 1
    with pytest.raises(IntegstatsError):
        ig.load("scb-bas-month", places=THREE)
    three_calls.heal()
    assert ig.fetch("scb-bas-month", places=THREE).calls == 2
    assert ig.load("scb-bas-month", places=THREE)["place"].nunique() == 3
    assert not list(folder.glob("*/pending.json"))


def test_a_code_that_is_gone_is_an_error_that_names_it(server: PxWebStandIn) -> None:
    server.tables["TAB6260"].drop_code("ContentsCode", "000006HI")
    with pytest.raises(SourceChangedError, match=r"000006HI.*employed"):
        ig.fetch("scb-bas-month", places=["Mölndal"])


def test_a_misspelt_place_is_noticed_before_anything_is_asked(server: PxWebStandIn) -> None:
    with pytest.raises(UnknownCodeError, match="Mölndal"):
        ig.fetch("scb-bas-month", places=["Moldal"])
    assert server.requests == []


def test_without_a_server_the_error_says_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("time.sleep", lambda _: None)
    with pytest.raises(SourceUnavailableError, match="HTTPS_PROXY"):
        ig.fetch(
            "scb-bas-month",
            places=["Mölndal"],
            base_url="http://127.0.0.1:9/api/v2",
            data_dir=tmp_path,
        )
    assert not list(tmp_path.rglob("manifest.json"))


def test_progress_counts_every_call(server: PxWebStandIn) -> None:
    seen: list[tuple[int, int]] = []
    server.api.config["maxDataCells"] = 78 * 8 * 4
    ig.fetch(
        "scb-bas-month",
        places=["Mölndal", "Lomma"],
        progress=lambda done, total, _: seen.append((done, total)),
    )
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_the_result_is_plain_data(server: PxWebStandIn) -> None:
    result = ig.fetch("scb-bas-month", places=["Mölndal"])
    assert Counter(field.name for field in dataclasses.fields(result)) == Counter(
        ["dataset", "vintage", "changed", "calls", "cells", "new_periods", "revised_cells", "paths"]
    )
    assert all(path.exists() for path in result.paths)


def cells(block: dict[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    return {(a, b) for a in block["a"] for b in block["b"]}


def test_missing_blocks_cover_what_is_missing_exactly_once() -> None:
    asked = {"a": ("1", "2", "3"), "b": ("x", "y", "z")}
    held = [{"a": ("1", "2"), "b": ("x",)}, {"a": ("2",), "b": ("x", "y")}]
    blocks = missing_blocks(asked, held)
    found = [cell for block in blocks for cell in cells(block)]
    assert Counter(found) == Counter(
        cells(asked) - {cell for block in held for cell in cells(block)}
    )


def test_a_snapshot_can_be_named(server: PxWebStandIn) -> None:
    first = ig.load("scb-bas-month", places=["Malmö"])["vintage"].iloc[0]
    server.tables["TAB6260"].updated = "2026-09-28T06:00:00Z"
    ig.fetch("scb-bas-month", places=["Malmö"])
    assert ig.load("scb-bas-month", places=["Malmö"])["vintage"].iloc[0] != first
    assert ig.load("scb-bas-month", places=["Malmö"], vintage=first)["vintage"].iloc[0] == first
    assert len({one.vintage for one in store.snapshots("scb-bas-month")}) == 2
