from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from integstats.cli.own import run

CSV = "Kommun;Månad;Kön;Antal\nLomma;2026-01;K;12\nLomma;2026-01;M;<5\n"
MAPPING = """
id = "own-synthetic-small"
as_of = "2026-09-30"
[keys]
place = "Kommun"
period = "Månad"
sex = "Kön"
[constants]
age = "20-64"
[counts]
participants = "Antal"
"""


@pytest.fixture
def options(tmp_path: Path) -> argparse.Namespace:
    (tmp_path / "synthetic_own.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "own.toml").write_text(MAPPING, encoding="utf-8")
    return argparse.Namespace(
        file=str(tmp_path / "synthetic_own.csv"),
        mapping=str(tmp_path / "own.toml"),
        format="text",
        out=None,
        json=False,
        quiet=False,
    )


def test_it_says_what_the_file_became(
    options: argparse.Namespace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(options) == 0
    told = capsys.readouterr().out
    assert "own-synthetic-small: 3 rows, 1 place, 2026-01 to 2026-01, as of 2026-09-30." in told
    assert "participants: 2 hidden, 0 missing, 3 in all" in told
    assert "1262" in told


def test_the_table_can_be_written(
    options: argparse.Namespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options.json = True
    assert run(options) == 0
    assert [one["sex"] for one in json.loads(capsys.readouterr().out)] == ["women", "men", "total"]
    options.json, options.format, options.out = False, "csv", str(tmp_path / "out.csv")
    assert run(options) == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").startswith("dataset,vintage,place")
