from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest
from pxweb_standin import PxWebStandIn
from tqdm import tqdm

from integstats.cli import fetching, main


def test_fetch_then_load_then_nothing_new(
    server: PxWebStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fetch", "scb-bas-month", "--places", "Mölndal"]) == 0
    assert "2,496 cells in 1 call," in capsys.readouterr().out
    assert main(["gaps", "Mölndal"]) == 0
    assert main(["fetch", "scb-bas-month", "--places", "Mölndal"]) == 10
    assert "nothing new" in capsys.readouterr().out
    assert main(["fetch", "scb-bas-month"]) == 10


def test_everything_that_is_stored_is_fetched_again(
    server: PxWebStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fetch", "scb-bas-month", "--places", "Mölndal", "--quiet"]) == 0
    server.tables["TAB6260"].updated = "2026-09-28T06:00:00Z"
    assert main(["fetch", "--everything", "--json"]) == 0
    [result] = json.loads(capsys.readouterr().out)
    assert result["changed"]
    assert result["cells"] == 26 * 2 * 2 * 78 * 8
    assert main(["diff", "scb-bas-month", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["revised_cells"] == 0


def test_diff_says_how_many_persons(
    server: PxWebStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fetch", "scb-bas-month", "--places", "Mölndal", "--quiet"]) == 0
    table = server.tables["TAB6260"]
    cell = {"Region": ["1481"], "Kon": ["2"], "Alder": ["20-64"], "Fodelseregion": ["ut"]}
    table.revise(
        {**cell, "ContentsCode": ["000006HI"], "Tid": ["2026M06"]}, lambda value: value + 7
    )
    table.updated = "2026-09-28T06:00:00Z"
    assert main(["fetch", "scb-bas-month", "--quiet"]) == 0
    assert main(["diff", "scb-bas-month"]) == 0
    assert "revised: 1 of 64,896 figures, largest 7 persons\n" in capsys.readouterr().out
    assert main(["diff", "scb-bas-month", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["largest"] == {"persons": 7}


@pytest.mark.parametrize(
    ("dataset", "unit", "limit"),
    [("scb-bas-month", "call", True), ("af-registered-share", "B", False)],
)
def test_the_bar_counts_what_it_is_told_of(
    dataset: str, unit: str, limit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    made: list[tqdm] = []

    def bar(**options: Any) -> tqdm:
        made.append(tqdm(**options))
        return made[0]

    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(fetching, "tqdm", bar)
    assert fetching._bar(dataset, quiet=True) is None
    told = fetching._bar(dataset, quiet=False)
    assert told is not None
    told(1, 3, 4.0)
    assert (made[0].unit, made[0].n, made[0].total) == (unit, 1, 3)
    assert ("under the publisher's limit" in (made[0].postfix or "")) is limit
    told(3, 3, 4.0)


def test_a_group_is_fetched_by_its_name_and_pooled(
    server: PxWebStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fetch", "scb-bas-month", "--places", "Familjen Helsingborg"]) == 0
    assert main(["gaps", "Familjen Helsingborg"]) == 0
    assert "Familjen Helsingborg" in capsys.readouterr().out


def test_a_partial_group_is_marked(
    server: PxWebStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["Bjuv", "Båstad", "Helsingborg"]
    assert main(["fetch", "scb-bas-month", "--places", *places, "--quiet"]) == 0
    assert main(["gaps", "Familjen Helsingborg"]) == 3
    capsys.readouterr()
    assert main(["gaps", "Familjen Helsingborg", "--allow-partial"]) == 0
    assert "utan Svalöv" in capsys.readouterr().out


def test_check_says_ok_and_five_when_a_code_is_gone(
    server: PxWebStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "scb-bas-month", "scb-bas-month-final"]) in (0, 5)
    capsys.readouterr()
    server.tables["TAB6260"].drop_code("ContentsCode", "000006HI")
    assert main(["check", "scb-bas-month"]) == 5
    assert "000006HI" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["fetch"], 2, "integstats fetch scb-bas-month --places"),
        (["fetch", "scb-bas-months"], 2, "scb-bas-month"),
        (["fetch", "scb-bas-month", "--everything"], 2, "not both"),
        (["fetch", "scb-bas-month", "--places", "Moldal"], 2, "Mölndal"),
        (["fetch", "scb-bas-month", "--places", "Malmö", "--age", "20-63"], 2, "20-63"),
        (["fetch", "scb-bas-month", "--places", "Malmö", "--from", "2031-01"], 2, "2026M06"),
    ],
)
def test_what_cannot_be_fetched_is_one_line(
    arguments: list[str],
    code: int,
    says: str,
    server: PxWebStandIn,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(arguments) == code
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert says in lines[0]
