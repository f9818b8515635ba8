"""The chart of how often a change was reached: what is drawn, and every rule kept."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import integstats as ig
from integstats import charts
from integstats.charts.base_rate import draw, marks
from integstats.errors import TargetError
from integstats.loading import sources
from integstats.targets.base_rate import base_rate

GIVEN: dict[str, Any] = {
    "dataset": "scb-bas-month", "places": ["Malmö"], "sex": "women", "age": "20-64",
    "birth_region": "foreign_born", "baseline": "2024-06", "deadline": "2026-06",
}  # fmt: skip
DECIDED = {"decided_by": "kommunfullmäktige", "decided_on": "2024-06-19"}


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


@pytest.fixture(scope="module")
def halving(bas):
    return base_rate(ig.Target.halve("unemployment_rate", **GIVEN), bas)


@pytest.fixture(scope="module")
def origins(bas):
    return sources(bas)


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("size", ["report", "slide", "square"])
@pytest.mark.parametrize("place", ["Malmö", "riket", "Jämtlands län"])
def test_halving_keeps_every_rule(bas, origins, place, lang, size):
    target = ig.Target.halve("unemployment_rate", **{**GIVEN, "places": [place]})
    chart = charts.base_rate(base_rate(target, bas), lang=lang, size=size, sources=origins)
    assert problems(chart) == []


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize(
    "target",
    [
        ig.Target.reduce("unemployment_rate", 0.15, **GIVEN, **DECIDED),
        ig.Target.reach("employment_rate", 0.75, **GIVEN),
        ig.Target.reach("employment_rate", 0.50, **GIVEN),
        ig.Target.add_count("employed", 3000, **GIVEN),
        ig.Target.close_gap("employment_rate", to_pp=20, **GIVEN),
        ig.Target.close_gap("unemployment_rate", to_ratio=2.0, **GIVEN),
    ],
    ids=lambda one: f"{one.kind}-{one.amount}" if isinstance(one, ig.Target) else one,
)
def test_every_kind_keeps_every_rule(bas, origins, target, lang):
    found = base_rate(target, bas)
    for size in ("report", "slide"):
        assert problems(charts.base_rate(found, lang=lang, size=size, sources=origins)) == []


def test_bars_are_all_windows_and_the_line_those_of_the_place(halving):
    data = marks(halving)
    ax = Figure().subplots()
    draw(ax, data)
    heights = np.array([one.get_height() for one in ax.patches])
    counted, _ = np.histogram(halving.windows["change"] - 1, data.edges)
    assert np.allclose(heights, counted / len(halving.windows))
    assert heights.sum() == pytest.approx(1)
    steps, goal, best, own_best = ax.lines
    own = halving.windows.loc[(halving.windows["place"] == "1280").to_numpy(), "change"] - 1
    counted, _ = np.histogram(own, data.edges)
    assert set(np.round(steps.get_ydata(), 9)) == set(np.round([0, *counted / 43], 9))
    assert goal.get_xdata() == [-0.5, -0.5]
    assert best.get_xdata()[0] == pytest.approx(halving.everywhere.best - 1)
    assert own_best.get_xdata()[0] == pytest.approx(0.748 - 1, abs=0.0005)


def test_no_bar_stands_on_both_sides_of_the_target(bas):
    target = ig.Target.reduce("unemployment_rate", 0.137, **GIVEN)
    found = base_rate(target, bas)
    data = marks(found)
    assert np.isclose(data.edges, -0.137).sum() == 1
    ax = Figure().subplots()
    draw(ax, data)
    reached = [one.get_height() for one in ax.patches if one.get_x() < -0.137 - 1e-9]
    assert sum(reached) == pytest.approx(found.everywhere.reached / found.everywhere.windows)


def test_the_title_says_how_often_and_only_a_decided_target_has_no_prefix(bas, halving, origins):
    chart = charts.base_rate(halving, sources=origins)
    assert chart.title.text == (
        "Räkneexempel: arbetslösheten bland utrikes födda kvinnor i Malmö halverades inte i "
        "någon av 43 perioder"
    )
    assert chart.name.startswith("rakneexempel_")
    decided = base_rate(ig.Target.halve("unemployment_rate", **GIVEN, **DECIDED), bas)
    title = charts.base_rate(decided, lang="en", sources=origins).title.text
    assert title.startswith("Unemployment among foreign-born women in Malmö was halved in none of")
    assert "40\u00a0%, juni 2021–juni 2023" in " ".join(one.text for one in chart.labels)


def test_a_target_that_is_passed_already_is_not_told_as_a_rise(bas, origins):
    passed = base_rate(ig.Target.reach("employment_rate", 0.50, **GIVEN), bas)
    title = charts.base_rate(passed, sources=origins).title.text
    assert "högre" not in title
    assert "så stor förändring" in title


def test_only_one_place_is_drawn_in_its_own_colour(bas, origins):
    alone = bas[(bas["place"] == "1280").to_numpy()]
    found = base_rate(ig.Target.halve("unemployment_rate", **GIVEN), alone)
    assert marks(found).alone
    chart = charts.base_rate(found, sources=origins)
    assert problems(chart) == []
    assert len(chart.figure.axes[0].patches) > 3
    assert "områden" not in chart.subtitle.text


def test_published_figures_bring_their_sources(bas, halving, origins):
    chart = charts.base_rate(halving)
    assert [one.updated for one in chart.sources] == [one.updated for one in origins]
    assert "tabell TAB6260" in chart.footer[-1]
    assert charts.base_rate(halving, sources=origins).sources == tuple(origins)


def test_without_windows_there_is_nothing_to_draw(halving, origins):
    empty = dataclasses.replace(halving, own=dataclasses.replace(halving.own, windows=0, places=()))
    with pytest.raises(TargetError, match="longer history"):
        charts.base_rate(empty, sources=origins)
