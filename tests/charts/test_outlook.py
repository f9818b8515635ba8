"""The chart of an outlook: never a probability without the naive one and the coverage."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.charts.outlook import REASONS, draw, marks
from integstats.errors import TargetError, UsageError
from integstats.targets.outlook import outlook
from integstats.wording.claims import Text

GIVEN: dict[str, Any] = {
    "dataset": "scb-bas-month", "places": ["Malmö"], "sex": "women", "age": "20-64",
    "birth_region": "foreign_born", "baseline": "2025-06", "deadline": "2027-06",
}  # fmt: skip
DECIDED = {"decided_by": "kommunfullmäktige", "decided_on": "2025-06-19"}


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


def both(bas, target):
    return outlook(target, bas), ig.track(target, bas)


@pytest.fixture(scope="module")
def halving(bas):
    return both(bas, ig.Target.halve("unemployment_rate", **GIVEN))


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_a_year_ahead_keeps_every_rule(halving, lang, size):
    assert problems(charts.outlook(*halving, lang=lang, size=size)) == []


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize(
    "target",
    [
        ig.Target.reduce("unemployment_rate", 0.05, **GIVEN, **DECIDED),
        ig.Target.reach("employment_rate", 0.50, **{**GIVEN, "reading": "month"}),
        ig.Target.add_count("employed", 100, **{**GIVEN, "baseline": "2024-06"}),
        ig.Target.close_gap("employment_rate", to_pp=20, **GIVEN),
        ig.Target.close_gap("unemployment_rate", to_ratio=2.0, **GIVEN),
    ],
    ids=lambda one: f"{one.kind}-{one.amount}" if isinstance(one, ig.Target) else one,
)
def test_every_kind_keeps_every_rule(bas, target, lang):
    found, track = both(bas, target)
    for size in ("report", "slide"):
        assert problems(charts.outlook(found, track, lang=lang, size=size)) == []


def test_the_fan_is_the_calibrated_intervals_from_the_last_known_value(halving):
    data = marks(*halving)
    frame = halving[0].forecast.frame
    ax = Figure().subplots()
    with theme.styled(theme.size("report")):
        draw(ax, data)
    wide, narrow = (one.get_paths()[0].vertices for one in ax.collections)
    assert narrow[:, 1].min() == pytest.approx(frame["low_80"].min())
    assert narrow[:, 1].max() == pytest.approx(max(frame["high_80"].max(), narrow[0, 1]))
    ahead = theme.time_values(frame["period"])
    assert narrow[:, 0].max() == pytest.approx(ahead[-1])
    # Fewer than four independent errors reach a year ahead: no 95 per cent interval there.
    known = frame["low_95"].notna().to_numpy()
    assert not known.all()
    assert wide[:, 0].max() == pytest.approx(ahead[known][-1])
    lines = {one.get_color(): one for one in ax.lines if len(one.get_xdata()) == len(frame) + 1}
    assert np.allclose(lines[theme.NATIVE].get_ydata()[1:], frame["naive"])
    assert np.allclose(lines[data.color].get_ydata()[1:], frame["point"])
    assert lines[data.color].get_ydata()[0] == data.history["value"].iloc[-1]
    assert ax.lines[-1].get_ydata().tolist() == [halving[0].goal] * 2


@pytest.mark.parametrize(
    ("share", "probabilities"),
    [(0.05, {"probability", "naive_probability"}), (0.5, {"high", "naive_high", "largest"})],
)
def test_the_probability_never_stands_alone(bas, share, probabilities):
    chart = charts.outlook(*both(bas, ig.Target.reduce("unemployment_rate", share, **GIVEN)))
    text = chart.verdict.text
    assert text.startswith("Om målet hade gällt: sannolikheten")
    said = {name.rpartition(".")[2] for name, _ in chart.verdict.numbers()}
    assert {*probabilities, "coverage", "naive_coverage", "errors"} <= said
    shown = " ".join(one.get_text().replace("\n", " ") for one in chart.figure.texts)
    for words in ("säsongsnaiva prognosen", "80-procentsintervallet i 100 procent"):
        assert words in shown
    assert "sannolikhet" not in chart.title.text


@pytest.mark.parametrize(
    ("share", "verb"), [(0.5, "når inte målet"), (0.05, "rymmer målet"), (0.0001, "målet")]
)
def test_the_title_follows_from_the_interval(bas, share, verb):
    chart = charts.outlook(*both(bas, ig.Target.reduce("unemployment_rate", share, **GIVEN)))
    assert chart.title.text.endswith(verb)
    [claim] = chart.title.claims
    moved = dataclasses.replace(claim, values={**claim.values, "goal": 2 - claim.values["goal"]})
    assert not moved.holds() or "når målet" in Text.of(moved, lang="sv").text


@pytest.mark.parametrize(
    ("deadline", "why"), [("2026-06", "published already"), ("2029-06", "fewer than 19")]
)
def test_a_refused_outlook_is_no_chart(bas, deadline, why):
    target = ig.Target.reduce("unemployment_rate", 0.2, **{**GIVEN, "deadline": deadline})
    with pytest.raises(TargetError, match=why):
        charts.outlook(*both(bas, target))


def test_every_reason_for_a_refusal_has_words():
    from typing import get_args

    from integstats.targets.outlook import Reason

    assert set(REASONS) == set(get_args(Reason)) - {""}


def test_the_track_is_that_of_the_target(bas, halving):
    other = ig.track(ig.Target.reduce("unemployment_rate", 0.1, **GIVEN), bas)
    with pytest.raises(UsageError, match="same target"):
        charts.outlook(halving[0], other)
