"""Targets on a source whose ages change with the calendar, from the workbook to the words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from af_workbooks import one_place_workbook

import integstats as ig
from integstats import catalogue
from integstats.errors import TargetError
from integstats.formats import workbook
from integstats.targets.track import Track
from integstats.wording.target_sentences import target_text

NAME = "af-registered-share"
MONTHS = [str(one) for one in pd.period_range("2022-06", "2026-08", freq="M")]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    read = workbook.read(
        one_place_workbook(MONTHS), dataset=catalogue.dataset(NAME), vintage="2026-09-11.00000000"
    )
    return read[(read["place"] == "1280").to_numpy()].reset_index(drop=True)


def made(baseline: str, deadline: str, **more: Any) -> ig.Target:
    return ig.Target.halve(
        "registered_unemployment_rate",
        dataset=NAME,
        places=["Malmö"],
        sex="women",
        birth_region="foreign_born",
        baseline=baseline,
        deadline=deadline,
        **more,
    )


def blocked(track: Track) -> list[str]:
    return [one.id for one in track.verdict.blocked_by]


def test_the_table_has_three_ages_one_after_the_other(table: pd.DataFrame) -> None:
    spans = table.groupby("age", observed=True)["period"].agg(["min", "max"]).astype(str)
    assert spans.loc["16-65"].tolist() == ["2023-01", "2025-12"]
    assert spans.index.tolist() == ["16-64", "16-65", "16-66"]


@pytest.mark.parametrize("age", ["16-64", "16-65", "16-66"])
@pytest.mark.parametrize(
    ("baseline", "deadline", "reading", "named"),
    [
        ("2025-06", "2026-06", "month", ["af-age-66"]),
        ("2025-06", "2026-06", "mean_12m", ["af-age-66"]),
        ("2022-08", "2024-08", "same_month", ["af-age-65"]),
        ("2022-08", "2026-08", "same_month", ["af-age-65", "af-age-66"]),
        ("2023-06", "2025-06", "mean_12m", ["af-age-65"]),  # the baseline's own year crosses it
    ],
)
def test_a_window_across_a_change_of_ages_cannot_be_judged(
    table: pd.DataFrame, baseline: str, deadline: str, reading: str, named: list[str], age: str
) -> None:
    track = ig.track(made(baseline, deadline, reading=reading, age=age), table)
    assert (track.verdict.status, track.verdict.reason) == ("cannot_judge", "break")
    assert blocked(track) == named


def test_a_window_inside_one_span_is_judged_whatever_age_stands_for_the_series(
    table: pd.DataFrame,
) -> None:
    tracks = [
        ig.track(made("2024-01", "2025-12", age=age), table) for age in ("16-64", "16-65", "16-66")
    ]
    assert {one.verdict.status for one in tracks} == {tracks[0].verdict.status}
    assert tracks[0].verdict.status != "cannot_judge"
    rates = [one.latest.value for one in tracks]
    assert np.ptp(rates) == 0
    assert all("16–65 år" in target_text(one).subtitle.text for one in tracks)
    assert all("16–66 år" not in target_text(one).subtitle.text for one in tracks)


def test_the_usual_age_is_that_of_the_deadline() -> None:
    assert made("2024-01", "2025-12").age == "16-65"
    assert made("2024-01", "2026-01").age == "16-66"
    assert made("2024-01", "2026-01").age_at(pd.Period("2022-05", "M")) == "16-64"


def test_across_a_break_no_change_is_claimed_and_the_break_is_said(table: pd.DataFrame) -> None:
    track = ig.track(made("2024-06", "2026-06", reading="month"), table)
    text = target_text(track)
    everything = " ".join(
        (text.title.text, text.verdict.text, track.summary(), *(one.text for one in text.lines))
    )
    assert "minskat" not in everything
    assert "ökat" not in everything
    assert "tidsseriebrott" in text.verdict.text
    ages = "16–66 år, Malmö. Före januari 2026: 16–65 år; före januari 2023: 16–64 år."
    assert ages in text.subtitle.text
    assert any("Från januari 2026 avser" in one.text for one in text.footer)


def test_figures_after_the_deadline_and_a_break_are_not_held_against_it(
    table: pd.DataFrame,
) -> None:
    assert ig.track(made("2024-01", "2025-12", reading="month"), table).after_deadline is None
    before = table[(table["period"] <= "2025-12").to_numpy()]
    after = ig.track(made("2024-01", "2025-06", reading="month"), before).after_deadline
    assert after is not None
    assert str(after.period) == "2025-12"


def test_the_chart_draws_both_pieces_with_the_cut_between_them(table: pd.DataFrame) -> None:
    chart = ig.charts.target_path(ig.track(made("2023-06", "2025-06", reading="month"), table))
    labels = [one.text for one in chart.labels if one.text.startswith("Tidsseriebrott")]
    assert labels == ["Tidsseriebrott\njanuari 2023", "Tidsseriebrott\njanuari 2026"]
    ages = chart.data.drop_duplicates(["period", "age"]).set_index("period")["age"]
    assert ages.index.is_unique
    assert [ages[pd.Period(one)] for one in ("2022-12", "2023-01", "2025-12", "2026-01")] == [
        "16-64",
        "16-65",
        "16-65",
        "16-66",
    ]
    assert ig.charts.lint(chart) == ()


def test_ages_that_are_not_declared_to_follow_each_other_stay_apart(table: pd.DataFrame) -> None:
    own = table.assign(dataset="own-figures")
    given = {"dataset": "own-figures", "age": "16-65"}
    target = ig.Target.from_dict({**made("2024-01", "2025-12").to_dict(), **given, "assumed": ()})
    assert ig.track(target, own).series["month_value"].notna().sum() == 36
    with pytest.raises(TargetError, match="no figures with age '16-67'"):
        ig.track(ig.Target.from_dict({**target.to_dict(), "age": "16-67"}), own)
