from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.charts.target_path import draw, marks


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


def drawn(chart) -> list[str]:
    texts = chart.figure.findobj(lambda one: hasattr(one, "get_text"))
    return [one.get_text() for one in texts if one.get_text()]


@pytest.fixture(scope="module")
def track(bas, target):
    return ig.track(target(), bas)


@pytest.mark.parametrize(("lang", "size"), [("sv", "report"), ("sv", "slide"), ("en", "square")])
def test_malmo_keeps_every_rule(track, lang, size):
    assert problems(charts.target_path(track, lang=lang, size=size)) == []


@pytest.mark.parametrize("deadline", ["2026-06", "2026-07", "2026-09", "2028-06"])
def test_a_deadline_near_or_far_keeps_every_rule(bas, target, deadline):
    track = ig.track(target("2024-06", deadline), bas)
    assert problems(charts.target_path(track)) == []


@pytest.mark.parametrize(
    "more",
    [
        {"reading": "month"},
        {"reading": "same_month"},
        {"path": "geometric"},
        {"places": ["Jämtlands län"], "sex": "men"},
        {"decided_by": "kommunfullmäktige", "decided_on": "2025-05-22"},
    ],
)
def test_other_targets_keep_every_rule(bas, target, more):
    assert problems(charts.target_path(ig.track(target(**more), bas))) == []


def test_a_gap_target(bas):
    goal = ig.Target.close_gap(
        "employment_rate", places="Malmö", sex="women", by_share=0.5, baseline="2024-06",
        deadline="2028-06",
    )  # fmt: skip
    assert problems(charts.target_path(ig.track(goal, bas))) == []


def test_a_target_of_persons(bas):
    goal = ig.Target.add_count(
        "employed", 5000, places="Malmö", sex="women", birth_region="foreign_born",
        dataset="scb-bas-month", baseline="2024-06", deadline="2027-06", better="up",
    )  # fmt: skip
    chart = charts.target_path(ig.track(goal, bas))
    assert problems(chart) == []
    assert "Riket" not in " ".join(drawn(chart))


def test_labels_name_the_last_value_the_target_and_the_comparison(track):
    texts = [one.text for one in charts.target_path(track).labels]
    assert "Malmö 17,9\u00a0%\n(17,5–18,3)" in texts
    assert "Mål: 9,2\u00a0%\ni juni 2027" in texts
    assert "Riket 13,0\u00a0%" in texts
    assert "Månadsvärden" in texts


def test_a_target_that_nobody_decided_is_a_rakneexempel_throughout(track):
    chart = charts.target_path(track)
    assert chart.name.startswith("rakneexempel_")
    assert chart.title.text.startswith("Räkneexempel: ")
    assert chart.verdict is not None
    assert chart.verdict.text.startswith("Om målet hade gällt: ")
    assert "Räkneexempel. Målet är inte beslutat av Malmö stad." in chart.footer


def test_a_decided_target_is_not(bas, target):
    decided = target(decided_by="kommunfullmäktige", decided_on="2025-05-22")
    chart = charts.target_path(ig.track(decided, bas))
    assert "rakneexempel" not in chart.name
    assert "Räkneexempel" not in " ".join(drawn(chart))


def test_the_path_is_dashed_dark_and_ends_at_the_target(track):
    axes = Figure().add_subplot()
    with theme.styled(theme.size("report")):
        draw(axes, marks(track))
    [path] = [one for one in axes.lines if one.is_dashed() and one.get_color() == theme.TARGET]
    assert path.get_ydata()[-1] == pytest.approx(track.goal)
    assert path.get_ydata()[0] == pytest.approx(track.baseline.value)
    assert path.get_xdata()[-1] == pytest.approx(2027 + 5.5 / 12)


def test_months_are_thin_and_the_reading_thick(track):
    axes = Figure().add_subplot()
    with theme.styled(theme.size("report")):
        draw(axes, marks(track))
    widths = {
        one.get_linewidth(): one.get_ydata()
        for one in axes.lines
        if one.get_color() == theme.FOREIGN_WOMEN and len(one.get_xdata()) > 1
    }
    thin, thick = widths[min(widths)], widths[max(widths)]
    shown = marks(track).outcome
    assert max(widths) > 2 * min(widths)
    assert np.allclose(thin, shown["month_value"])
    assert np.allclose(thick, shown["value"])


def test_a_year_before_the_baseline_is_shown_where_it_fits(bas, target):
    near = marks(ig.track(target("2025-06", "2027-06"), bas)).outcome
    far = marks(ig.track(target("2023-06", "2027-06"), bas)).outcome
    assert near["period"].min() == pd.Period("2024-06", "M")
    assert far["period"].min() == pd.Period("2023-06", "M")


def test_no_figures_at_all_still_makes_a_chart(track):
    hidden = track.series.assign(**dict.fromkeys(["value", "low", "high", "month_value"], np.nan))
    chart = charts.target_path(dataclasses.replace(track, series=hidden, comparison=None))
    assert not any(one.rule == 1 for one in charts.lint(chart))


def test_nothing_of_the_verdict_is_lost_to_a_small_size(track):
    slide, report = (charts.target_path(track, size=size) for size in ("slide", "report"))
    assert slide.verdict is not None
    assert report.verdict is not None
    assert slide.verdict.text == report.verdict.text
    assert any("Långt efter målbanan" in one for one in drawn(slide))


def test_the_sheet_tells_whose_figures_they_are(track):
    sheet = charts.target_path(track).data
    assert set(sheet["line"]) == {"outcome", "path", "comparison"}
    assert set(sheet["age"]) == {"20-64"}
    assert set(sheet["unit"]) == {"share"}
