from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import integstats as ig
from integstats import store
from integstats.loading.processed import process


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    stored = store.snapshots("scb-bas-month")[0]
    folder = tmp_path / "raw" / "scb" / "scb-bas-month" / stored.vintage
    shutil.copytree(stored.folder, folder)
    return tmp_path


def test_what_is_kept_is_what_load_gives(data_dir: Path) -> None:
    first = process("scb-bas-month", data_dir=data_dir)
    again = process("scb-bas-month", data_dir=data_dir)
    pd.testing.assert_frame_equal(first, ig.load("scb-bas-month", data_dir=data_dir))
    pd.testing.assert_frame_equal(again, first)


def test_any_program_can_read_it(data_dir: Path) -> None:
    process("scb-bas-month", data_dir=data_dir)
    plain = pd.read_parquet(data_dir / "processed" / "scb-bas-month.parquet")
    assert len(plain) == 25 * 78 * 9
    assert {"place", "period", "unemployed"} <= set(plain.columns)


def test_new_raw_files_make_it_anew(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process("scb-bas-month", data_dir=data_dir)
    calls = []
    monkeypatch.setattr(
        "integstats.loading.processed.load",
        lambda *args, **kwargs: calls.append(args) or ig.load(*args, **kwargs),
    )
    process("scb-bas-month", data_dir=data_dir)
    assert not calls
    monkeypatch.setattr("integstats.loading.processed.SCHEMA_VERSION", 999)
    process("scb-bas-month", data_dir=data_dir)
    assert len(calls) == 1
