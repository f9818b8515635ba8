from __future__ import annotations

import pandas as pd
import pytest

from integstats.charts.timeline import Timeline


@pytest.mark.parametrize(
    ("first", "last", "freq", "lang", "names"),
    [
        ("2024-05", "2024-06", "M", "sv", ("maj 2024", "jun 2024")),
        ("2024-05", "2024-06", "M", "en", ("May 2024", "Jun 2024")),
        ("2024Q4", "2025Q1", "Q", "sv", ("kvartal 4 2024", "kvartal 1 2025")),
        ("2023", "2024", "Y", "sv", ("2023", "2024")),
    ],
)
def test_periods_in_words(first, last, freq, lang, names):
    found = Timeline.of(pd.Period(first, freq), pd.Period(last, freq), lang=lang)
    assert found.names == names


def test_values_stand_at_their_period_and_missing_ones_are_gaps():
    months = pd.period_range("2024-01", periods=4, freq="M")
    axis = Timeline.of(months[0], months[-1], cuts=[months[2]], lang="sv")
    line = axis.line("En", months[[0, 1, 3]], [1.0, float("nan"), 2.0], color="#000000", width=2.0)
    assert axis.names == ("jan 2024", "feb 2024", "tidsseriebrott", "mar 2024", "apr 2024")
    assert line.values == (1.0, None, None, None, 2.0)


def test_a_marker_only_where_no_line_shows_the_value():
    months = pd.period_range("2024-01", periods=5, freq="M")
    axis = Timeline.of(months[0], months[-1], lang="sv")
    given = {"color": "#000000", "width": 2.0, "marker": "s"}
    assert axis.line("Hel", months, [1, 2, 3, 4, 5], **given).marker == "none"
    assert axis.line("Ensam", months, [1, 2, float("nan"), 4, float("nan")], **given).marker == (
        "square"
    )
