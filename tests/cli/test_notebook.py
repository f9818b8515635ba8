from __future__ import annotations

import json
from pathlib import Path

import pytest

from integstats.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_a_name_the_notebooks_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["notebook"]) == 0
    listed = capsys.readouterr().out.split()
    assert listed[0] == "01_employment_gap"
    assert main(["notebook", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == listed


def test_an_unknown_notebook_or_place_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["notebook", "employment_gab"]) == 2
    assert "Did you mean" in capsys.readouterr().err
    assert main(["notebook", "1", "--place", "Moldal"]) == 2
    assert "Did you mean 'Mölndal'" in capsys.readouterr().err


@pytest.mark.filterwarnings("default")
def test_a_place_that_is_not_stored_does_not_stop_the_others(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its error and its exit code are told, and nothing of it is written."""
    command = ["notebook", "employment_gap", "--out", "sidor", "--json"]
    assert main([*command, "--place", "Lomma", "--place", "Malmö"]) == 3
    printed = capfd.readouterr()
    assert [line for line in printed.err.splitlines() if line] == [
        one for one in printed.err.splitlines() if one.startswith("integstats: Lomma: ")
    ]
    assert "integstats fetch scb-bas-month --places Lomma" in printed.err
    [made] = json.loads(printed.out)
    assert (made["place"], made["name"]) == ("1280", "Malmö")
    files = sorted(path.name for path in (folder / "sidor").iterdir())
    assert files == ["01_employment_gap_malmo.html", "01_employment_gap_malmo.ipynb"]


def test_members_are_run_one_by_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from integstats.cli import notebook

    asked: list[tuple[str | None, str | None]] = []

    def noted(name: str, out: Path, *, place: str | None, stem: str | None, **_: object) -> tuple:
        asked.append((place, stem))
        return (out / f"{stem}.ipynb", out / f"{stem}.html")

    monkeypatch.setattr(notebook, "run_notebook", noted)
    assert main(["notebook", "1", "--place", "Storstäder", "--members"]) == 0
    assert [place for place, _ in asked] == ["Stockholm", "Malmö", "Göteborg"]
    assert asked[0][1] == "01_employment_gap_stockholm"
    assert "01_employment_gap_goteborg.html" in capsys.readouterr().out
    asked.clear()
    assert main(["notebook", "1"]) == 0
    assert asked == [(None, None)]
