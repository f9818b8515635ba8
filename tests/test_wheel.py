"""The wheel in an environment of its own: the figures come along, and nothing is written beside."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), "."],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return next(out.glob("*.whl"))


def test_the_wheel_carries_the_snapshot_and_the_catalogue(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert any(n.startswith("integstats/_snapshot/scb/") and "part-" in n for n in names)
    assert {"integstats/py.typed", "integstats/catalogue/places.csv"} <= names
    assert "integstats/charts/integstats.mplstyle" in names
    assert "integstats/_notebooks/01_employment_gap.ipynb" in names
    assert {"integstats/wording/columns.toml", "integstats/reports/page.css"} <= names
    assert not [n for n in names if n.endswith((".lock", "pending.json"))]
    assert wheel.stat().st_size < 2_000_000


def test_the_main_job_works_from_the_wheel_in_a_read_only_folder(
    wheel: Path, tmp_path: Path
) -> None:
    site, work, out = tmp_path / "site", tmp_path / "empty", tmp_path / "out"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    work.mkdir()
    work.chmod(0o555)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("INTEGSTATS")
    } | {"PYTHONPATH": str(site), "HOME": str(tmp_path / "home"), "PYTHONIOENCODING": "utf-8"}
    code = "import integstats, sys; sys.stderr.write(integstats.__file__)"
    where = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert where.stderr.startswith(str(site))
    done = subprocess.run(
        [sys.executable, "-m", "integstats", "report", "Malmö", "--out", str(out)],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "21,3" in done.stdout
    written = {path.suffix for path in (out / "malmo").iterdir()}
    assert {".png", ".svg", ".docx", ".pptx", ".xlsx", ".html", ".json"} <= written
    assert not list(work.iterdir())
