"""The main command: what can be asked of it, and what becomes of several places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sample_reports import logo

from integstats.cli import main

DECIDED = """
[[target]]
name = "halvering"
source_text = "halvera arbetslösheten bland utrikes födda kvinnor"
measure = "unemployment_rate"
dataset = "scb-bas-month"
kind = "relative_reduction"
amount = 0.5
places = ["Malmö"]
birth_region = "foreign_born"
sex = "women"
baseline = "2024-06"
deadline = "2027-06"
decided_by = "kommunfullmäktige"
decided_on = "2024-06-19"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command runs; the user's own data folder is elsewhere."""
    monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(*arguments: str, formats: str = "json") -> int:
    return main(["report", *arguments, "--formats", formats, "--out", "out"])


def record(place: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(f"out/{place}/rapport_{place}.json").read_bytes())
    return found


def test_only_the_formats_named_are_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report("Malmö", formats="csv, json") == 0
    assert {path.suffix for path in (folder / "out" / "malmo").iterdir()} == {".csv", ".json"}
    assert main(["report", "Malmö", "--formats", "htm", "--out", "other"]) == 2
    assert "Did you mean 'html'" in capsys.readouterr().err
    assert not (folder / "other").exists()


def test_a_decided_target_is_followed_in_the_report_of_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mal.toml").write_text(DECIDED, encoding="utf-8")
    assert report("Malmö", "Göteborg", "--targets", "mal.toml") == 0
    printed = capsys.readouterr()
    assert "Bedömning" in printed.out
    assert printed.err == ""
    [followed] = record("malmo")["targets"]
    assert (followed["decided"], followed["target"]["decided_by"]) == (True, "kommunfullmäktige")
    [example] = record("goteborg")["targets"]
    assert not example["decided"]
    assert [
        one["chart"]
        for one in json.loads(next((folder / "out" / "jamforelse").glob("*.json")).read_bytes())[
            "charts"
        ]
    ] == ["dumbbell"]
    assert main(["text", "--check", "out/malmo/rapport_malmo.json", "--strict"]) == 0
    assert "charts of targets only" in capsys.readouterr().out
    assert report("Göteborg", "--targets", "mal.toml") == 0
    assert "No target of mal.toml is one of the places named" in capsys.readouterr().err


def test_targets_that_cannot_be_followed_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = DECIDED.replace("2024-06-19", "").replace('baseline = "2024-06"\n', "")
    (folder / "mal.toml").write_text(text, encoding="utf-8")
    assert report("Malmö", "--targets", "mal.toml") == 7
    said = capsys.readouterr().err
    assert "lacks baseline" in said
    assert "integstats targets --file mal.toml" in said
    assert report("Malmö", "--targets", "none.toml") == 2
    assert not (folder / "out").exists()


def test_peers_are_those_named_and_must_be_stored(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report("Malmö", "--peers", "Göteborg", "Stockholm") == 0
    assert record("malmo")["peers"] == ["1280", "1480", "0180"]
    assert report("Malmö", "--peers", "Göteborg", "Lomma") == 3
    assert "integstats fetch scb-bas-month --places Lomma" in capsys.readouterr().err


def test_what_is_there_is_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report("Malmö", "--quiet") == 0
    capsys.readouterr()
    assert report("Malmö", "Stockholm", "--resume") == 0
    printed = capsys.readouterr().out
    assert printed.count("Fanns redan.") == 1
    assert (folder / "out" / "stockholm").is_dir()


@pytest.mark.parametrize("jobs", ["0", "-2"])
def test_no_jobs_are_no_way_to_work(
    jobs: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report("Malmö", "--jobs", jobs) == 2
    assert f"--jobs must be 1 or more; got {jobs}." in capsys.readouterr().err
    assert not (folder / "out").exists()


def test_an_organisation_is_a_name_or_a_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "logo.png").write_bytes(logo())
    (folder / "utgivare.toml").write_text(
        'name = "Malmö stad"\nlogo = "logo.png"\naccent = "#005CA9"\n', encoding="utf-8"
    )
    command = ["report", "Malmö", "--out", "out", "--formats", "html,json", "--organisation"]
    assert main([*command, "utgivare.toml"]) == 0
    page = (folder / "out" / "malmo" / "rapport_malmo.html").read_text("utf-8")
    assert "--accent: #005CA9" in page
    assert 'alt="Malmö stad"' in page
    assert "Bearbetning: Malmö stad" in page
    assert record("malmo")["organisation"] == "Malmö stad"
    capsys.readouterr()
    assert main([*command, "none.toml"]) == 2
    assert "none.toml" in capsys.readouterr().err


def test_one_place_that_fails_is_told_and_the_others_are_made(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from integstats.errors import SchemaError
    from integstats.reports import contents

    whole = contents.report

    def failing(place: str, *given: Any, **named: Any) -> Any:
        if place == "1480":
            raise SchemaError("No gap of Göteborg is known.")
        return whole(place, *given, **named)

    monkeypatch.setattr(contents, "report", failing)
    assert report("Malmö", "Göteborg", "--json") == 6
    printed = capsys.readouterr()
    made, failed = json.loads(printed.out)
    assert (made["place"], "error" in made) == ("1280", False)
    assert (failed["place"], failed["error"]) == ("1480", "No gap of Göteborg is known.")
    assert "Göteborg: No gap of Göteborg is known." in printed.err
    assert report("Göteborg") == 6
