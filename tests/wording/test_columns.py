from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import integstats as ig
from integstats import catalogue
from integstats.analysis.methods import METHODS
from integstats.errors import UnknownCodeError
from integstats.targets import base_rate, detectability
from integstats.targets.reading_table import ADJUSTED
from integstats.wording import numbers
from integstats.wording.columns import UNITS, Column, cell, column, unit_of, word

PAGE = Path(__file__).resolve().parents[2] / "docs" / "columns.md"
LANGUAGES: tuple[catalogue.Language, ...] = ("sv", "en")


def sections() -> dict[str, list[str]]:
    """Columns of each result of the page, the abbreviations written out."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        rows = re.findall(r"^\| (.+?) \|", body, flags=re.MULTILINE)
        found[title.strip("` ")] = [one for one in rows if one != "column"]
    counts = next(name for name in found if name.startswith("Counts"))
    del found["Words"], found["Datasets"]
    return {name: list(_spelled(rows, found, counts)) for name, rows in found.items()}


def _spelled(rows: list[str], found: dict[str, list[str]], counts: str) -> Iterator[str]:
    for row in rows:
        if row.startswith("*index*"):
            yield from re.findall(r"`(.+?)`", row)
        elif row.startswith("*keys*"):
            left_out = re.findall(r"`(.+?)`", row)
            keys = [one.strip("`") for one in found["Keys"]]
            yield from (one for one in keys if one not in left_out)
        elif row == "*counts*":
            yield from (one.strip("`") for one in found[counts])
        elif row.startswith("*columns of*"):
            [other] = re.findall(r"`(.+?)`", row)
            yield from _spelled(found[other], found, counts)
        else:
            yield row.strip("`")


@pytest.fixture(scope="module")
def bas() -> pd.DataFrame:
    return ig.load("scb-bas-month", places=["Malmö", "riket"])


@pytest.fixture(scope="module")
def target() -> ig.Target:
    return ig.Target.halve(
        "unemployment_rate",
        dataset="scb-bas-month",
        places=["Malmö"],
        sex="women",
        birth_region="foreign_born",
        baseline="2025-06",
        deadline="2027-06",
    )


def headers_of(names: list[str], lang: catalogue.Language, kind: str = "") -> list[str]:
    found = [column(name, kind=kind) for name in names]
    assert all(one.definition(lang) and one.unit in UNITS for one in found)
    return [one.header(lang) for one in found]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("section", sections())
def test_every_public_column_has_words(section: str, lang: catalogue.Language) -> None:
    names = sections()[section]
    assert names
    headers = headers_of(names, lang)
    assert max(Counter(headers).values()) == 1
    assert all(one and one == one.strip() and "{" not in one for one in headers)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_of_a_data_sheet_has_words(
    bas: pd.DataFrame, target: ig.Target, lang: catalogue.Language
) -> None:
    track = ig.track(target, bas)
    gaps = ig.gaps(ig.rates(bas), "employment_rate")
    found = base_rate.base_rate(target, bas)
    outlook = ig.outlook(target, bas)
    charts = [
        ig.charts.gap_trend(gaps[(gaps["place"] == "1280").to_numpy()]),
        ig.charts.dumbbell(gaps),
        ig.charts.target_path(track),
        ig.charts.outlook(outlook, track),
        ig.charts.base_rate(found, sources=ig.sources(bas)),
    ]
    for chart in charts:
        headers = headers_of(list(chart.data), lang, chart.kind)
        assert len(set(headers)) == len(headers)
    others = {
        "by_place": found.by_place,
        "readings": ig.reading_table(target, bas).frame,
        "detectability": detectability.frame(detectability.detectability(target, bas)),
    }
    for frame in others.values():
        headers = headers_of(list(frame), lang)
        assert len(set(headers)) == len(headers)


@pytest.mark.parametrize("dataset", catalogue.datasets().values(), ids=lambda one: one.id)
def test_every_column_that_a_publisher_gives_has_words(dataset: catalogue.Dataset) -> None:
    names = [*dataset.keys, *dataset.counts, *dataset.rates, *dataset.amounts]
    names += [f"{one}_status" for one in dataset.counts]
    names += [f"{one}_{end}" for one in dataset.counts for end in ("low", "high")]
    for lang in LANGUAGES:
        headers = headers_of(names, lang)
        assert len(set(headers)) == len(set(names))


def test_every_code_of_a_key_has_words() -> None:
    for dataset in catalogue.datasets().values():
        for key, spec in dataset.keys.items():
            if column(key).unit != "word":
                continue
            for code in {*spec.codes, *(one.words.get(key, "") for one in dataset.series)}:
                if code:
                    assert "_" not in word(key, code)
                    assert word(key, code) != code or code in ("pension", "Asia")


@pytest.mark.parametrize(
    ("name", "header", "unit"),
    [
        ("gap_pp", "Gap (procentenheter)", "pp"),
        ("n_foreign_women", "Antal personer, utrikes födda kvinnor", "count"),
        ("rate_eu_efta", "Andel, EU/Efta utom Norden", "share"),
        ("unemployment_rate", "Arbetslöshet (BAS)", "share"),
        ("unemployed_low", "Arbetslösa, minst", "count"),
        ("naive_low_80", f"Säsongsnaiv prognos, nedre gräns 80{numbers.NO_BREAK}%", "value"),
        ("high_99_8", f"Övre gräns 99,8{numbers.NO_BREAK}%", "value"),
    ],
)
def test_names_made_of_parts_are_read_by_their_parts(name: str, header: str, unit: str) -> None:
    assert (column(name).header(), column(name).unit) == (header, unit)


def test_a_name_may_mean_another_thing_in_a_kind_of_chart() -> None:
    assert column("target").unit == "text"
    assert column("target", kind="funnel").unit == "share"
    assert column("low_95", kind="funnel").unit == "share"
    assert column("gap_pp", kind="funnel") == column("gap_pp")
    assert (column("origin").unit, column("origin", kind="forecast").unit) == ("word", "period")
    counted = column("reached", kind="by_place")
    assert (column("reached").unit, counted.unit) == ("flag", "whole")
    assert counted.header() != column("reached").header()


def test_every_method_of_a_forecast_has_words() -> None:
    for name in (*METHODS, "own"):
        for lang in LANGUAGES:
            assert word("method", name, lang) not in (name, "")


def test_every_reading_of_a_table_of_readings_has_words(
    bas: pd.DataFrame, target: ig.Target
) -> None:
    readings = ig.reading_table(target, bas).frame["reading"].unique()
    assert ADJUSTED in readings
    assert all("_" not in word("reading", one) for one in readings)


@pytest.mark.parametrize("name", ["gap_p", "nonsense", "sex_low", "nonsense_rate_note", "words"])
def test_an_unknown_column_is_named_with_its_neighbours(name: str) -> None:
    with pytest.raises(UnknownCodeError, match=r"Unknown column: .* docs/columns.md"):
        column(name)


def test_the_nearest_names_are_suggested() -> None:
    with pytest.raises(UnknownCodeError, match="Did you mean 'gap_pp'"):
        column("gap_p")


@pytest.mark.parametrize(
    ("name", "value", "row_unit", "expected"),
    [
        ("value", 0.1234, "share", f"12,3{numbers.NO_BREAK}%"),
        ("value", 12.34, "pp", "12,3"),
        ("value", 1234.0, "persons", f"1{numbers.NARROW}234"),
        ("value", float("nan"), "share", ".."),
        ("ratio", 1.257, "", "1,26"),
        ("status", "derived", "", "beräknad"),
        ("status", "too_early", "", "För tidigt att bedöma"),
        ("age", "20-64", "", "20–64"),
        ("note", "", "", "–"),
        ("note", None, "", "–"),
        ("missing_members", "1280;1480", "", "Malmö, Göteborg"),
        ("explained", True, "", "ja"),
        ("place", "1280+1480", "", "Malmö och Göteborg"),
        ("period", pd.Period("2026-06", "M"), "", "juni 2026"),
        ("component", "retired", "", "pensionärer"),
        ("reading", "mean_12m", "", "tolvmånadersmedel"),
        ("reading", "seasonally_adjusted", "", "säsongsrensade månadsvärden"),
        ("error", -0.0123, "share", f"{numbers.MINUS}1,23 procentenheter"),
        ("mae", 0.0039, "share", "0,39 procentenheter"),
        ("mae", 1.26, "pp", "1,3"),
        ("mae", 41.6, "persons", "42"),
        ("mae", 0.5, "", "0,500"),
        ("covered", 42, "", "42"),
        ("covered", 1.0, "share", "1"),
        ("independent_errors", 3.5, "", "4"),
        ("reached", 42, "", "42"),
        ("reached", True, "", "ja"),
        ("dataset", "own-x", "", "own-x"),
    ],
)
def test_cells_are_written_for_readers(
    name: str, value: object, row_unit: str, expected: str
) -> None:
    assert cell(column(name), value, row_unit=row_unit) == expected


def test_a_break_is_written_as_what_it_is() -> None:
    one = catalogue.breaks()[0]
    assert cell(column("note"), one.id, lang="en") == one.text("en")


def test_the_unit_of_a_value_is_that_of_its_row() -> None:
    made = Column("x", "value", ("x", "x"), ("x", "x"))
    assert [unit_of(made, one) for one in ("share", "pp", "persons", "")] == [
        "share",
        "pp",
        "count",
        "number",
    ]
