from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

import integstats as ig
from integstats.errors import OutputError, UsageError
from integstats.reports import provenance


@pytest.fixture(scope="module")
def gaps() -> pd.DataFrame:
    return ig.gaps(ig.rates(ig.load("scb-bas-month", places=["Malmö"])), "employment_rate")


@pytest.fixture(scope="module")
def chart(gaps: pd.DataFrame) -> ig.Chart:
    return ig.charts.gap_trend(gaps)


@pytest.fixture(scope="module")
def track() -> ig.Track:
    bas = ig.load("scb-bas-month", places=["Malmö", "riket"])
    target = ig.Target.halve(
        "unemployment_rate",
        places=["Malmö"],
        sex="women",
        birth_region="foreign_born",
        baseline="2024-06",
        deadline="2026-06",
    )
    return ig.track(target, bas)


def test_one_call_writes_one_folder(chart: ig.Chart, tmp_path: Path) -> None:
    paths = ig.publish(chart, tmp_path / "out")
    assert {path.suffix for path in paths} == {".png", ".svg", ".csv", ".txt", ".json"}
    assert {path.stem for path in paths} == {chart.name}
    assert paths[0].read_bytes().startswith(b"\x89PNG")


def test_the_svg_is_readable_without_seeing_it(chart: ig.Chart, tmp_path: Path) -> None:
    path = chart.save(tmp_path / "chart.svg")
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    assert root.get("role") == "img"
    assert root.get("lang") == "sv"
    names = {child.tag.rpartition("}")[2]: child for child in root}
    assert names["title"].text == chart.title.text
    assert names["desc"].text == chart.alt.text
    assert root.get("aria-labelledby") == f"{names['title'].get('id')} {names['desc'].get('id')}"
    texts = "".join(root.itertext())
    assert "TAB6260" in texts


def test_the_swedish_sheet_is_swedish_and_the_english_plain(
    gaps: pd.DataFrame, tmp_path: Path
) -> None:
    swedish = ig.charts.gap_trend(gaps, lang="sv").save(tmp_path / "sv.csv").read_bytes()
    english = ig.charts.gap_trend(gaps, lang="en").save(tmp_path / "en.csv").read_bytes()
    assert swedish.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(swedish.decode("utf-8-sig")), delimiter=";"))
    plain = list(csv.DictReader(io.StringIO(english.decode("utf-8"))))
    assert len(rows) == len(plain) > 100
    for mine, other in zip(rows, plain, strict=True):
        assert float(mine["gap_pp"].replace(",", ".")) == float(other["gap_pp"])
        assert "." not in mine["gap_pp"]


def test_provenance_says_what_the_figures_rest_on(track: ig.Track, tmp_path: Path) -> None:
    path = next(one for one in ig.publish(track, tmp_path) if one.suffix == ".json")
    assert path.name.startswith("rakneexempel_")
    found = json.loads(path.read_text(encoding="utf-8"))
    source = found["sources"][0]
    assert source["table_id"] == "TAB6260"
    assert source["updated"] == "2026-08-28"
    assert source["obtained"] == "carried over"
    assert found["target"]["verdict.status"] == "missed"
    assert found["target"]["goal"] == pytest.approx(0.0892, abs=5e-5)
    assert found["package_version"] == ig.__version__


def test_publishing_again_keeps_the_bytes_and_the_time(chart: ig.Chart, tmp_path: Path) -> None:
    first = {path: path.read_bytes() for path in ig.publish(chart, tmp_path)}
    assert {path: path.read_bytes() for path in ig.publish(chart, tmp_path)} == first


def test_the_time_moves_when_something_else_did() -> None:
    from datetime import UTC, datetime

    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    first = provenance.stamped({"rows": 1}, before=None, now=early)
    assert provenance.stamped({"rows": 1}, before=first, now=late) == first
    assert b"2026-02-01" in provenance.stamped({"rows": 2}, before=first, now=late)


def test_only_charts_and_tracks_are_published(gaps: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gap_trend"):
        ig.publish(gaps, tmp_path)  # type: ignore[arg-type]


def test_invented_figures_are_refused_unless_allowed(gaps: pd.DataFrame, tmp_path: Path) -> None:
    invented = gaps.assign(dataset=pd.Categorical(["synthetic-gaps"] * len(gaps)))
    chart = ig.charts.gap_trend(invented)
    assert chart.synthetic
    with pytest.raises(UsageError, match="allow_synthetic"):
        ig.publish(chart, tmp_path)
    assert not list(tmp_path.iterdir())
    assert ig.publish(chart, tmp_path, allow_synthetic=True)


def test_an_unknown_suffix_names_the_known(chart: ig.Chart, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\.png"):
        chart.save(tmp_path / "chart.bmp")


def test_text_is_never_a_formula(chart: ig.Chart, tmp_path: Path) -> None:
    import dataclasses

    data = chart.data.assign(place="=HYPERLINK(1)")
    cells = dataclasses.replace(chart, data=data).save(tmp_path / "a.csv").read_text("utf-8-sig")
    assert "'=HYPERLINK(1)" in cells
    assert ";=HYPERLINK" not in cells
