from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from sample_reports import gaps_of, malmo

import integstats as ig
from integstats.reports.cells import reader_table
from integstats.wording import numbers

SHOWN = ("period", "sex", "gap_pp", "rate_foreign_born", "n_foreign_born", "note")


@pytest.fixture(scope="module")
def chart() -> ig.Chart:
    found = ig.charts.gap_trend(gaps_of("Exempelkommun A", missing=True))
    return dataclasses.replace(found, shown=SHOWN)


def test_codes_are_words_and_numbers_have_their_units(chart: ig.Chart) -> None:
    found = reader_table(chart)
    assert found.headers[:3] == ("Period", "Kön", "Gap (procentenheter)")
    assert found.rows[-1] == (
        "juni 2025",
        "kvinnor" if chart.data["sex"].iloc[-1] == "women" else "män",
        "18,3",
        "61,7\u00a0%",
        "400",
        "–",
    )
    assert found.numeric == (False, False, True, True, True, False)
    assert found.whole


def test_what_is_not_shown_is_not_what_is_missing(chart: ig.Chart) -> None:
    rows = reader_table(chart).rows
    women = [row for row in rows if row[1] == "kvinnor"]
    assert women[0][2:4] == ("uppgiften visas inte", "uppgiften visas inte")
    assert women[1][2:4] == ("..", "..")
    assert any(note.startswith("..") for note in reader_table(chart).notes)


def test_no_cell_is_empty() -> None:
    for chart in malmo().charts:
        everything = dataclasses.replace(chart, shown=())
        for row in reader_table(everything).rows:
            assert all(text.strip() for text in row)


def test_what_all_rows_share_is_said_once(chart: ig.Chart) -> None:
    found = reader_table(dataclasses.replace(chart, shown=("place", "age", *SHOWN)))
    assert "Område" not in found.headers
    assert "Ålder" not in found.headers
    assert found.notes[0] == "I alla rader: Område: Exempelkommun A. Ålder: 20–64."


def test_a_table_always_keeps_a_column_that_names_its_rows(chart: ig.Chart) -> None:
    found = reader_table(dataclasses.replace(chart, shown=("place", "age", "gap_pp")))
    assert found.headers == ("Område", "Gap (procentenheter)")


@pytest.mark.parametrize("most", [2, 7, 30, 35])
def test_the_latest_periods_are_kept_whole(chart: ig.Chart, most: int) -> None:
    found = reader_table(chart, most=most)
    assert len(found.rows) == most // 2 * 2
    assert not found.whole
    first = chart.data["period"].max() - most // 2 + 1
    assert found.since == numbers.period(first)
    assert found.total == len(chart.data)


def test_a_period_with_more_rows_than_there_is_room_for_shows_its_first() -> None:
    frame = pd.concat([gaps_of(f"Exempelkommun {one}", periods=1) for one in "ABCD"])
    chart = dataclasses.replace(
        ig.charts.gap_trend(gaps_of("Exempelkommun A")),
        data=frame.reset_index(drop=True),
        shown=("place", "sex", "gap_pp"),
    )
    found = reader_table(chart, most=5)
    assert (len(found.rows), found.total, found.since) == (5, 8, "")


def test_the_figures_of_a_target_have_the_unit_of_their_row() -> None:
    chart = dataclasses.replace(malmo().charts[2], shown=("line", "period", "value", "low", "n"))
    rows = reader_table(chart).rows
    outcome = next(row for row in rows if row[:2] == ("utfall", "juni 2026"))
    assert outcome[2] == "17,9\u00a0%"
    path = [row for row in rows if row[0] == "målbana"]
    assert path[-1] == ("målbana", "juni 2026", "8,9\u00a0%", "–", "–")


def test_a_column_of_own_figures_has_its_own_name(chart: ig.Chart) -> None:
    data = chart.data.assign(programme="=A\nB\x00", hours=12.0, share_of=0.25)
    own = dataclasses.replace(chart, data=data, shown=("sex", "programme", "hours", "share_of"))
    found = reader_table(own)
    assert found.headers == ("Kön", "hours", "share_of")
    assert found.rows[0][1:] == ("12", "0,250")
    assert found.notes[0] == "I alla rader: programme: =A B\ufffd."


def test_what_noise_can_leave_is_whole_persons() -> None:
    bas = ig.load("scb-bas-month", places=["Malmö"])
    born = bas[(bas["birth_region"] == "foreign_born").to_numpy()]
    found = reader_table(
        ig.charts.status_waterfall(ig.status_changes(born, start="2024-06", end="2026-06"))
    )
    at = found.headers.index("Tolerans (personer)")
    assert {row[at] for row in found.rows} == {"24"}


def test_the_chart_is_not_changed(chart: ig.Chart) -> None:
    before = chart.data.copy()
    reader_table(chart, most=3)
    pd.testing.assert_frame_equal(chart.data, before)
    assert np.isnan(chart.data.loc[chart.data["note"] == "suppressed", "gap_pp"]).all()
