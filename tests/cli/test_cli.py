"""The command line as its users meet it: what it prints, what it writes, which code it returns."""

from __future__ import annotations

import builtins
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from integstats import store
from integstats.cli import main

HALVE = [
    *("target", "--halve", "unemployment_rate", "--place", "Malmö", "--sex", "women"),
    *("--birth-region", "foreign_born", "--baseline", "2024-06", "--deadline", "2026-06"),
]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's data folder, so that nothing is written beside the code."""
    folder = tmp_path / "data"
    monkeypatch.setenv("INTEGSTATS_DATA", str(folder))
    return folder


def one_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line]
    assert len(lines) == 1, text
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["report", "Moldal"], 2, "Did you mean 'Mölndal'"),
        (["gaps", "Malmö", "--measure", "unemployment"], 2, "unemployment_rate"),
        (["gaps", "Malmö", "--start", "2031-01"], 6, "2020-01 to 2026-06"),
        (["gaps", "Malmö", "--start", "juni"], 6, "2024-06"),
        (["report", "Malmö", "Mölndal"], 3, "integstats fetch scb-bas-month --places Mölndal"),
        (["report", "Familjen Helsingborg"], 3, '--places "Familjen Helsingborg"'),
        (["gaps", "Malmö", "--dataset", "scb-bas"], 2, "scb-bas-month"),
        (["gaps", "Malmö", "--format", "parquet"], 2, "--out"),
        ([*HALVE[:-3], "2010-01", "--deadline", "2012-01"], 7, "2020-01"),
        (["target", "--halve", "employment_rate", *HALVE[3:]], 7, "employment_rate"),
    ],
)
def test_what_goes_wrong_is_one_line_and_a_code(
    arguments: list[str],
    code: int,
    says: str,
    data_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    printed = capsys.readouterr()
    assert says in one_line(printed.err)
    assert "Traceback" not in printed.err
    assert not (tmp_path / "out").exists()


def test_a_county_is_its_own_row_and_its_municipalities_are_members(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert main(["report", "Skåne", "--formats", "json", "--out", out]) == 0
    assert (tmp_path / "out" / "skane-lan" / "rapport_skane-lan.json").is_file()
    capsys.readouterr()
    assert main(["report", "Skåne", "--members", "--out", str(tmp_path / "members")]) == 3
    line = one_line(capsys.readouterr().err)
    assert "Lomma" in line
    assert "integstats fetch scb-bas-month --places" in line


def test_the_report_of_malmo(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["report", "Malmö", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    for words in ("Malmö", "21,3", "12,7", "TAB6260", "2026-08-28", "rapport_malmo.docx"):
        assert words in printed, printed
    files = sorted(path.name for path in (out / "malmo").iterdir())
    for end in ("png", "svg", "csv"):
        assert len([name for name in files if name.endswith(f".{end}")]) == 7
    assert len([name for name in files if name.startswith("rakneexempel_")]) == 2 * 4
    assert {"rapport_malmo.html", "rapport_malmo.pptx", "rapport_malmo.xlsx"} < set(files)
    assert {"rapport_malmo.txt", "tillganglighet.txt"} < set(files)
    record = json.loads((out / "malmo" / "rapport_malmo.json").read_text("utf-8"))
    [target] = record["targets"]
    assert target["verdict.status"] == "missed"
    assert sorted(record["files"]) == files
    assert record["sources"][0]["table_id"] == "TAB6260"
    assert (data_dir / "processed" / "scb-bas-month.parquet").exists()


def test_writing_again_changes_no_byte(data_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ["report", "Malmö", "--out", str(out), "--formats", "csv,xlsx,json", "--quiet"]
    assert main(command) == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert main(command) == 0
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_english_and_json(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    command = ["report", "Malmö", "--lang", "en", "--json", "--formats", "json", "--out", out]
    assert main(command) == 0
    [found] = json.loads(capsys.readouterr().out)
    assert (found["place"], found["reused"]) == ("1280", False)
    assert "percentage points" in " ".join(found["lines"])
    assert found["targets"][0]["verdict.status"] == "missed"
    assert all(Path(path).exists() for path in found["files"])


def test_a_target_prints_its_verdict(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(HALVE) == 0
    printed = capsys.readouterr().out
    assert "Målet uppnåddes inte" in printed
    assert "Om målet hade gällt" in printed
    assert "Den största minskningen i Jämtlands län var 40 procent" in printed
    assert "för att den ska synas i fyra fall av fem" in printed


def test_a_target_as_json_has_its_numbers(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*HALVE, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["baseline.value"] == pytest.approx(0.1784, abs=5e-5)
    assert found["goal"] == pytest.approx(0.0892, abs=5e-5)
    assert found["latest.value"] == pytest.approx(0.1788, abs=5e-5)
    assert found["verdict.status"] == "missed"
    assert found["base_rate"]["own"]["windows"] == 43
    assert found["base_rate"]["everywhere"]["best_place"] == "23"
    assert found["base_rate"]["sentence"].startswith("Arbetslösheten bland utrikes födda kvinnor")
    assert found["detectability"]["advice"] == "enough"
    assert found["detectability"]["n"] == pytest.approx(found["baseline.n"])


def test_a_target_longer_than_the_history_still_has_its_verdict(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    longer = [*HALVE[: HALVE.index("--deadline") + 1], "2034-06", "--json"]
    assert main(longer) == 0
    found = capsys.readouterr()
    assert json.loads(found.out)["base_rate"] is None
    assert "Load a longer history" in found.err


@pytest.mark.parametrize("format", ["csv", "json"])
def test_gaps_as_data(format: str, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gaps", "Malmö", "--format", format, "--start", "2026-06"]) == 0
    assert "21.33" in capsys.readouterr().out


def test_gaps_as_parquet(data_dir: Path, tmp_path: Path) -> None:
    import pandas as pd

    target = tmp_path / "gaps.parquet"
    assert main(["gaps", "Malmö", "--format", "parquet", "--out", str(target)]) == 0
    assert len(pd.read_parquet(target)) == 78 * 3


@pytest.mark.parametrize(
    "command", ["report", "notebook", "gaps", "target", "places", "datasets", "fetch"]
)
def test_help_teaches_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert "examples:" in text
    assert f"integstats {command}" in text
    assert "exit codes:" in text


def test_a_shared_name_is_said(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["gaps", "Uppsala"])
    assert 'for the county write "Uppsala län"' in capsys.readouterr().err


def test_strict_turns_a_warning_into_nine(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("integstats.analysis.rates.WARN_BELOW", 10**9)
    assert main(["gaps", "Malmö", "--strict"]) == 9
    assert "warning" in capsys.readouterr().err
    assert main(["gaps", "Malmö"]) == 0


def test_a_corrupted_byte_of_the_snapshot_is_six(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = store.snapshots("scb-bas-month")[0]
    folder = data_dir / "raw" / "scb" / "scb-bas-month" / stored.vintage
    shutil.copytree(stored.folder, folder)
    part = next(folder.glob("part-*.json"))
    content = bytearray(part.read_bytes())
    content[1000] ^= 1
    part.write_bytes(content)
    # The embedded copy of the same part is whole, but the user's is read first.
    code = main(["gaps", "Malmö"])
    assert code == 6
    assert part.name in one_line(capsys.readouterr().err)


def test_a_folder_that_cannot_be_written_is_eight(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    assert main(["report", "Malmö", "--formats", "json", "--out", str(blocked / "out")]) == 8
    assert "file" in one_line(capsys.readouterr().err)
    assert blocked.read_text(encoding="utf-8") == "in the way"


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_an_error_while_writing_leaves_the_old_outputs_whole(
    step: str,
    data_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    command = ["report", "Malmö", "--formats", "csv,json", "--out", str(out)]
    assert main([*command, "--quiet"]) == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def full(*args: object, **kwargs: object) -> int:
        raise OSError(28, "No space left on device")

    if step == "write":
        opened = builtins.open

        def guarded(file: object, mode: str = "r", *rest: object, **named: object) -> object:
            stream = opened(file, mode, *rest, **named)  # type: ignore[call-overload]
            if "x" not in mode:
                return stream
            stream.close()
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("builtins.open", guarded)
    else:
        monkeypatch.setattr(os, step, full)
    code = main([*command, "--lang", "en"])
    monkeypatch.undo()
    assert code == 8
    assert "No space left on device" in capsys.readouterr().err
    after = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert {path: after.get(path) for path in before} == before
    assert not [path for path in after if path.suffix == ".tmp" or path.name.startswith(".")]


def test_the_module_runs_as_a_program(data_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "integstats", "places", "Möln"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0
    assert "1481" in done.stdout
