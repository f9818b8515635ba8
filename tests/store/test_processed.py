"""Processed tables come back exactly, or not at all."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from integstats.errors import OutputError, SchemaError
from integstats.store import read_processed, write_processed

RAW = ["b" * 64, "a" * 64]


def _table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "dataset": pd.Categorical(["synthetic-bas-month"] * 3),
            "place": pd.Categorical(["9902", "00", "00"], categories=["9903", "00", "9902"]),
            "period": pd.PeriodIndex(["2026-05", "2026-06", None], freq="M"),
            "sex": pd.Categorical(
                ["women", None, "men"], categories=["men", "women", "total"], ordered=True
            ),
            "age": pd.Categorical([None] * 3, categories=["20-64"]),
            "origin": pd.Categorical([None] * 3, categories=pd.Index([], dtype="str")),
            "employed": [1.0, np.nan, 0.1 + 0.2],
            "note": ["å", None, ""],
            "n": np.array([1, 2, 3], dtype="int8"),
        }
    )


def _there_and_back(frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    write_processed("rates", frame, raw=RAW, schema_version=1, data_dir=folder)
    found = read_processed("rates", raw=RAW, schema_version=1, data_dir=folder)
    assert found is not None
    return found


@pytest.mark.parametrize("rows", [slice(None), slice(0, 0), slice(1, 2)])
def test_everything_survives(tmp_path: Path, rows: slice) -> None:
    frame = _table().iloc[rows]
    before = frame.copy(deep=True)
    found = _there_and_back(frame, tmp_path)
    assert_frame_equal(found, frame, check_exact=True, check_column_type=True)
    assert_frame_equal(frame, before, check_exact=True)
    for column in ("dataset", "place", "sex", "age", "origin"):
        assert found[column].dtype == frame[column].dtype
        assert found[column].cat.categories.tolist() == frame[column].cat.categories.tolist()
        assert found[column].cat.ordered == frame[column].cat.ordered
    assert sorted(path.name for path in (tmp_path / "processed").iterdir()) == [
        "rates.json",
        "rates.parquet",
    ]


@pytest.mark.parametrize("freq", ["M", "Q", "Y", "W"])
def test_every_frequency_survives(tmp_path: Path, freq: str) -> None:
    frame = pd.DataFrame({"period": pd.period_range("2020", periods=3, freq=freq)})
    assert_frame_equal(_there_and_back(frame, tmp_path), frame)


def test_an_index_survives(tmp_path: Path) -> None:
    frame = _table().iloc[::-1].set_index(["place", "n"])
    assert_frame_equal(_there_and_back(frame, tmp_path), frame, check_exact=True)


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from([None, "00", "9901", "ö;x"]), st.floats(), st.integers(0, 500)),
        max_size=8,
    ),
    order=st.permutations(["00", "9901", "ö;x", "unused"]),
    ordered=st.booleans(),
)
def test_any_table_survives(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str | None, float, int]],
    order: list[str],
    ordered: bool,
) -> None:
    frame = pd.DataFrame(
        {
            "place": pd.Categorical([row[0] for row in rows], categories=order, ordered=ordered),
            "employed": np.array([row[1] for row in rows], dtype="float64"),
            "period": pd.PeriodIndex.from_ordinals([row[2] for row in rows], freq="M"),
        }
    )
    found = _there_and_back(frame, tmp_path_factory.mktemp("data"))
    assert_frame_equal(found, frame, check_exact=True)


def test_the_order_of_the_raw_parts_does_not_matter(tmp_path: Path) -> None:
    write_processed("rates", _table(), raw=RAW, schema_version=1, data_dir=tmp_path)
    again = [*reversed(RAW), RAW[0]]
    assert read_processed("rates", raw=again, schema_version=1, data_dir=tmp_path) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"raw": RAW[:1]},
        {"raw": [*RAW, "c" * 64]},
        {"raw": []},
        {"schema_version": 2},
        {"name": "gaps"},
    ],
)
def test_other_raw_data_or_schema_is_computed_again(tmp_path: Path, change: dict[str, Any]) -> None:
    facts: dict[str, Any] = {"name": "rates", "raw": RAW, "schema_version": 1}
    write_processed(frame=_table(), **facts, data_dir=tmp_path)
    assert read_processed(**facts, data_dir=tmp_path) is not None
    assert read_processed(**facts | change, data_dir=tmp_path) is None


@pytest.mark.parametrize("suffix", [".parquet", ".json"])
@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "gone", "nonsense"])
def test_damage_is_computed_again(tmp_path: Path, suffix: str, damage: str) -> None:
    path = write_processed("rates", _table(), raw=RAW, schema_version=1, data_dir=tmp_path)
    path = path.with_suffix(suffix)
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[content.index(b"9902")] ^= 1
    changed = {"cut": content[:-9], "empty": b"", "nonsense": b"[]", "flip": content}
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(changed[damage])
    assert read_processed("rates", raw=RAW, schema_version=1, data_dir=tmp_path) is None


def test_written_anew_over_the_old(tmp_path: Path) -> None:
    write_processed("rates", _table(), raw=RAW, schema_version=1, data_dir=tmp_path)
    newer = _table().assign(employed=1.5)
    write_processed("rates", newer, raw=RAW[:1], schema_version=1, data_dir=tmp_path)
    found = read_processed("rates", raw=RAW[:1], schema_version=1, data_dir=tmp_path)
    assert found is not None
    assert_frame_equal(found, newer)
    assert read_processed("rates", raw=RAW, schema_version=1, data_dir=tmp_path) is None


@pytest.mark.parametrize(("writes", "stale"), [(0, True), (1, False)])
def test_a_fault_never_pairs_a_table_with_another_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int, stale: bool
) -> None:
    """Before the first rename the old table stands; between the two there is none."""
    facts: dict[str, Any] = {"raw": RAW, "schema_version": 1, "data_dir": tmp_path}
    write_processed("rates", _table(), **facts)
    real = os.replace
    done = 0

    def fail(source: Path, target: Path) -> None:
        nonlocal done
        if done == writes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        done += 1
        real(source, target)

    newer = _table().assign(employed=2.5)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(OutputError, match="No space left"):
            write_processed("rates", newer, **facts)
    found = read_processed("rates", **facts)
    assert (found is not None) == stale
    if found is not None:
        assert_frame_equal(found, _table())


def test_categories_that_are_not_str(tmp_path: Path) -> None:
    frame = pd.DataFrame({"place": pd.Categorical([1283, 1280])})
    with pytest.raises(SchemaError, match="'place' has categories of int64, expected str"):
        write_processed("rates", frame, raw=RAW, schema_version=1, data_dir=tmp_path)
    assert not (tmp_path / "processed").exists()


def test_the_record_says_where_the_table_came_from(tmp_path: Path) -> None:
    path = write_processed("rates", _table(), raw=RAW, schema_version=3, data_dir=tmp_path)
    record = json.loads(path.with_suffix(".json").read_bytes())
    assert (record["raw"], record["schema_version"]) == (sorted(RAW), 3)
