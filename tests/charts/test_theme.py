from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from integstats.charts import theme
from integstats.charts.text_size import text_width, wrapped
from integstats.charts.theme import padded
from integstats.errors import UsageError


def lines_of(draw) -> list:
    axes = Figure().add_subplot()
    with theme.styled(theme.size("report")):
        draw(axes)
    return axes.lines


def test_a_missing_value_is_a_gap_in_the_line():
    y = np.array([1.0, 2.0, np.nan, 3.0, 4.0])
    lines = lines_of(lambda ax: theme.line(ax, np.arange(5.0), y, color="k", width=1))
    assert [list(one.get_ydata()) for one in lines] == [[1, 2], [3, 4]]


def test_a_value_without_neighbours_is_a_marker():
    y = np.array([np.nan, 2.0, np.nan])
    [line] = lines_of(lambda ax: theme.line(ax, np.arange(3.0), y, color="k", width=1, marker="s"))
    assert line.get_marker() == "s"
    assert list(line.get_xdata()) == [1.0]


def test_no_line_crosses_a_break():
    lines = lines_of(
        lambda ax: theme.line(ax, np.arange(4.0), np.ones(4), color="k", width=1, cuts=[1.5])
    )
    assert [list(one.get_xdata()) for one in lines] == [[0, 1], [2, 3]]


@pytest.mark.parametrize(("flags", "dotted"), [([0, 0, 1, 1], 1), ([1, 1, 1, 1], 0), ([0] * 4, 0)])
def test_dots_only_where_preliminary_and_final_meet(flags, dotted):
    lines = lines_of(
        lambda ax: theme.line(
            ax,
            np.arange(4.0),
            np.ones(4),
            color="k",
            width=1,
            preliminary=np.array(flags, dtype=bool),
        )
    )
    assert sum(one.is_dashed() for one in lines) == dotted
    covered = [value for one in lines for value in one.get_xdata()]
    assert set(covered) == {0, 1, 2, 3}


def test_the_edge_of_an_interval_is_seen_by_itself():
    axes = Figure().add_subplot()
    x = np.arange(3.0)
    theme.band(axes, x, x, x + 1, color=theme.FOREIGN_WOMEN, cuts=[])
    [area] = axes.collections
    assert theme.contrast(mpl.colors.to_hex(area.get_edgecolor()[0])) >= 3


def test_time_is_proportional():
    months = theme.time_values(pd.period_range("2020-01", "2025-12", freq="M"))
    assert np.allclose(np.diff(months), 1 / 12)


@pytest.mark.parametrize("span", [1, 2, 5, 13, 24, 36, 78, 200])
def test_the_last_period_has_a_tick_in_a_short_span(span):
    last = pd.Period("2026-06", "M")
    ticks, texts = theme.time_ticks(last - span + 1, last, lang="sv")
    assert len(ticks) == len(texts) <= 9
    if span < 38:
        assert texts[-1] == "jun\n2026"
    else:
        assert all(one.isdigit() for one in texts)


def test_the_users_own_settings_do_not_reach_a_chart():
    with mpl.rc_context({"font.family": "serif", "axes.grid": False, "svg.fonttype": "path"}):
        with theme.styled(theme.size("slide")):
            assert mpl.rcParams["font.family"] == ["sans-serif"]
            assert mpl.rcParams["svg.fonttype"] == "none"
        assert mpl.rcParams["font.family"] == ["serif"]


def test_no_text_is_smaller_than_its_size_allows():
    assert min(theme.SIZES["report"].body, theme.SIZES["report"].title) >= 8
    assert min(theme.SIZES["slide"].body, theme.SIZES["slide"].title) >= 14


def test_an_unknown_size_names_the_near_one():
    with pytest.raises(UsageError, match="report"):
        theme.size("raport")


def test_wrapping_keeps_every_word_and_the_width():
    text = "Arbetslösa som andel av arbetskraften (BAS), utrikes födda kvinnor 20–64 år, Malmö."
    with theme.styled(theme.size("report")):
        lines = wrapped(text, 2.0, 8, False)
        assert " ".join(lines) == text
        assert all(text_width(one, 8, False) <= 2.0 for one in lines)


def test_axis_limits_of_nothing_are_sensible():
    assert padded(np.array([np.nan]), zero=True) == (0.0, 1.0)
    low, high = padded(np.array([0.5, 0.5]), zero=False)
    assert low < 0.5 < high
