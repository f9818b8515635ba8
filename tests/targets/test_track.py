"""A target followed: every status, the laws, breaks, members, comparison, and the data sheet."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integstats import catalogue
from integstats.catalogue import Break
from integstats.errors import SmallBaseWarning, SnapshotMissingError, TargetError, UnknownCodeError
from integstats.table import concat
from integstats.targets.target import Target
from integstats.targets.track import Track, track, track_members

Build = Callable[..., pd.DataFrame]
GROUP: dict[str, Any] = {
    "sex": "women", "birth_region": "foreign_born", "age": "20-64", "dataset": "scb-bas-month",
}  # fmt: skip
FROM_START: dict[str, Any] = {
    "places": ["Malmö"], "baseline": "2020-01", "deadline": "2022-01", "reading": "month", **GROUP,
}  # fmt: skip
SAME_BUILDER = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def malmo(**changes: Any) -> Target:
    given = {"places": ["Malmö"], "baseline": "2024-06", "deadline": "2026-06", **GROUP}
    return Target.halve("unemployment_rate", **{**given, **changes})


def monthly(made: Build, rates: Sequence[float], n: float = 2000.0, **more: Any) -> pd.DataFrame:
    """A table of monthly rates from January 2020."""
    base = np.broadcast_to(np.array(n, float), len(rates))
    return made(unemployed=np.array(rates) * base, labour_force=base.tolist(), **more)


def followed(made: Build, rates: Sequence[float], **changes: Any) -> Track:
    n = changes.pop("n", 2000.0)
    target = Target.halve("unemployment_rate", **{**FROM_START, **changes})
    return track(target, monthly(made, rates, n, dataset=target.dataset))


def straight(start: float, end: float, months: int) -> list[float]:
    return np.linspace(start, end, months + 1).tolist()


def made_break(first_period: str, effect: Any = "blocks", **only: Any) -> Break:
    given = {"datasets": ("*",), "measures": (), "ages": (), "places": (), **only}
    return Break(
        id="made-break", first_period=first_period, effect=effect, text_sv="Ny definition.",
        text_en="New definition.", evidence="invented", url="", **given,
    )  # fmt: skip


def test_malmo_from_june_2024_to_june_2026(bas: pd.DataFrame) -> None:
    found = track(malmo(), bas)
    assert 100 * found.baseline.value == pytest.approx(17.84, abs=0.005)
    assert 100 * found.goal == pytest.approx(8.92, abs=0.005)
    assert 100 * found.latest.value == pytest.approx(17.88, abs=0.005)
    assert (found.verdict.status, found.verdict.rule) == ("missed", 3)
    assert not found.target.decided
    assert found.path_now == found.goal
    assert found.verdict.preliminary
    assert not found.verdict.narrow_margin
    assert found.persons is not None
    assert found.persons.target.lacking == math.ceil(
        found.latest.count - found.goal * found.latest.n
    )
    assert (found.pace.months_passed, found.pace.months_left) == (24, 0)
    assert len(found.preliminary_periods) == 36
    assert [one.id for one in found.notes] == ["bas-entrepreneurs-2024"]
    assert [one.updated for one in found.sources] == ["2026-08-28"]


@pytest.mark.parametrize("sex", ["women", "men", "total"])
def test_read_in_august_2025_no_place_is_worse(bas: pd.DataFrame, sex: str) -> None:
    until = bas[bas["period"] <= "2025-08"]
    places = sorted(set(bas["place"].astype(str)))
    target = malmo(sex=sex, baseline="2025-06", deadline="2027-06")
    tracks = track_members(target, until, members=places)
    assert len(tracks) == 25
    assert {one.verdict.status for one in tracks} == {"cannot_judge"}
    assert {one.verdict.reason for one in tracks} == {"too_few_periods"}
    assert {str(one.verdict.first_judgeable) for one in tracks if one.place == "00"} == {"2025-09"}
    # Nor would the rule on z say so of any place that had improved a year after the baseline.
    later = track_members(target, bas, members=places)
    improved = [now.latest.value < now.baseline.value for now in later]
    assert sum(improved) >= 10
    assert all(
        one.verdict.z >= -1.645 for one, better in zip(tracks, improved, strict=True) if better
    )


def test_a_single_month_would_have_said_worse(bas: pd.DataFrame) -> None:
    until = bas[bas["period"] <= "2025-08"]
    month = malmo(places=["riket"], baseline="2025-06", deadline="2027-06", reading="month")
    found = track(month, until)
    assert found.verdict.z == pytest.approx(-8.6, abs=0.05)
    assert found.verdict.season_left_in
    same = malmo(places=["riket"], baseline="2025-06", deadline="2027-06", reading="same_month")
    dated = track(same, until)
    assert str(dated.latest.period) == "2025-06"
    assert (dated.verdict.reason, dated.verdict.season_left_in) == ("too_few_periods", False)
    year_on = track(same, bas)
    assert str(year_on.latest.period) == "2026-06"
    assert year_on.verdict.status != "cannot_judge"


@pytest.mark.parametrize(
    ("rates", "status", "rule"),
    [
        ([0.20, 0.20, 0.20], "cannot_judge", 1),
        (straight(0.20, 0.10, 24), "met", 2),
        ([*straight(0.20, 0.08, 23), 0.11], "missed", 3),
        ([*straight(0.20, 0.12, 9), 0.10, 0.09, 0.10], "below_target", 4),
        ([*straight(0.20, 0.12, 9), 0.10, 0.101, 0.10], "ahead", 8),
        (straight(0.20, 0.25, 12), "worse", 5),
        ([0.20, 0.20, 0.20, 0.195], "too_early", 6),
        (straight(0.20, 0.19, 12), "no_certain_change", 7),
        (straight(0.20, 0.12, 12), "ahead", 8),
        (straight(0.20, 0.15, 12), "not_distinct", 9),
        (straight(0.20, 0.168, 12), "behind", 10),
        (straight(0.20, 0.175, 12), "far_behind", 11),
    ],
)
def test_every_row_of_the_verdict_table(
    made: Build, rates: list[float], status: str, rule: int
) -> None:
    found = followed(made, rates)
    assert (found.verdict.status, found.verdict.rule) == (status, rule)
    assert (found.verdict.reason is None) == (status != "cannot_judge")
    assert (found.verdict.first_judgeable is None) == (status not in ("too_early", "cannot_judge"))
    assert math.isnan(found.verdict.smallest_certain_change) == (status != "no_certain_change")
    assert found.verdict.path_position is not None
    side = "ahead" if found.latest.value <= found.path_now + 1e-12 else "behind"
    assert found.verdict.path_position.side == side


def nothing_known(table: pd.DataFrame, period: str) -> pd.DataFrame:
    here = (table["period"] == period).to_numpy()
    return table.assign(unemployed=table["unemployed"].mask(here))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: t[t["period"] <= "2020-03"], "too_few_periods"),
        (lambda t: nothing_known(t, "2021-01"), "suppressed"),
        (lambda t: nothing_known(t, "2020-01"), "baseline_missing"),
        (lambda t: t[t["period"] != "2020-01"].assign(place="1281"), "baseline_missing"),
        (lambda t: t.assign(labour_force=29.0, unemployed=4.0), "small_base"),
        (lambda t: t.assign(unemployed=0.0, dataset="own-x"), "no_variance"),
        (lambda t: t.assign(unemployed=2000.0, dataset="own-x"), "no_variance"),
    ],
)
def test_why_a_target_cannot_be_judged(
    made: Build, change: Callable[[pd.DataFrame], pd.DataFrame], reason: str
) -> None:
    whole = monthly(made, straight(0.20, 0.12, 12))
    table = change(whole)
    place = str(table["place"].iloc[0])
    if place != "1280":
        table = concat([whole, table])
    target = Target.halve(
        "unemployment_rate",
        **{**FROM_START, "places": [place], "dataset": str(table["dataset"].iloc[0])},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallBaseWarning)
        found = track(target, table)
    assert (found.verdict.status, found.verdict.reason) == ("cannot_judge", reason)
    json.dumps(found.facts())


def test_a_share_of_a_gap_that_is_not_there_has_no_path(made: Build) -> None:
    own, native = (
        made(unemployed=[rate * 2000] * 8, labour_force=2000.0, birth_region=birth)
        for birth, rate in (("foreign_born", 0.04), ("native_born", 0.05))
    )
    target = Target.close_gap("unemployment_rate", by_share=0.5, **{
        **FROM_START, "deadline": "2021-01",
    })  # fmt: skip
    found = track(target, concat([own, native]))
    assert (found.verdict.status, found.verdict.reason) == ("cannot_judge", "no_path")
    assert found.baseline.value == pytest.approx(-1)
    assert found.persons is None


@pytest.mark.parametrize(
    ("first_period", "reading", "stops"),
    [
        ("2023-07", "mean_12m", False),
        ("2023-08", "mean_12m", True),
        ("2024-06", "mean_12m", True),
        ("2026-06", "mean_12m", True),
        ("2026-07", "mean_12m", False),
        ("2024-06", "month", False),
        ("2024-07", "month", True),
        ("2023-08", "same_month", False),
    ],
)
def test_a_break_between_baseline_and_now_stops_the_verdict_and_is_named(
    bas: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
    first_period: str,
    reading: str,
    stops: bool,
) -> None:
    one = made_break(first_period)
    monkeypatch.setattr(catalogue.reading, "breaks", lambda: (one,))
    found = track(malmo(reading=reading), bas)
    if not stops:
        assert found.verdict.status == "missed"
        assert found.verdict.blocked_by == ()
        return
    assert (found.verdict.status, found.verdict.reason) == ("cannot_judge", "break")
    assert found.verdict.blocked_by == (one,)
    assert found.facts()["verdict.blocked_by"] == ["made-break"]
    # Nothing is computed across it.
    assert math.isnan(found.verdict.z)
    assert found.verdict.path_position is None
    assert math.isnan(found.pace.so_far)
    assert math.isnan(found.goal)
    assert found.persons is found.story is found.into_work is None
    assert np.isnan(found.path["value"]).all()


@pytest.mark.parametrize(
    "one",
    [
        made_break("2025-01", measures=("employment_rate",)),
        made_break("2025-01", ages=("16-64",)),
        made_break("2025-01", places=("1480",)),
        made_break("2025-01", datasets=("scb-rams-*",)),
        made_break("2025-01", "notes"),
    ],
)
def test_only_a_blocking_break_of_the_targets_own_measure_stops_it(
    bas: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, one: Break
) -> None:
    monkeypatch.setattr(catalogue.reading, "breaks", lambda: (one,))
    found = track(malmo(), bas)
    assert found.verdict.status == "missed"
    assert found.notes == ((one,) if one.effect == "notes" else ())


def test_a_break_in_one_member_stops_the_pooled_place(
    bas: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = made_break("2025-01", places=("1480",))
    monkeypatch.setattr(catalogue.reading, "breaks", lambda: (one,))
    found = track(malmo(places=["Malmö", "Göteborg"]), bas)
    assert found.verdict.blocked_by == (one,)


@SAME_BUILDER
@given(b=st.floats(0.02, 0.9), n=st.sampled_from([60.0, 900.0, 40_000.0]), t=st.integers(3, 23))
def test_exactly_on_the_path(made: Build, b: float, n: float, t: int) -> None:
    found = followed(made, straight(b, b / 2, 24)[: t + 1], n=n)
    judged = found.verdict
    assert judged.probability == pytest.approx(0.5, abs=1e-6)
    assert judged.status == ("not_distinct" if judged.expected_z >= 1.645 else "too_early")
    assert judged.z == pytest.approx(judged.expected_z)
    if judged.status == "too_early":
        assert judged.first_judgeable is not None
        assert judged.first_judgeable > found.latest.period


@SAME_BUILDER
@given(b=st.floats(0.02, 0.9), n=st.sampled_from([60.0, 900.0, 40_000.0]))
def test_on_the_path_at_the_deadline_the_target_is_met(made: Build, b: float, n: float) -> None:
    found = followed(made, straight(b, b / 2, 24), n=n)
    assert found.verdict.status == "met"
    assert found.persons is not None
    assert found.persons.target.lacking == 0


@SAME_BUILDER
@given(
    rates=st.lists(st.floats(0.02, 0.98), min_size=1, max_size=25),
    level=st.floats(0.05, 0.95),
    n=st.integers(60, 5000),
)
def test_better_up_mirrors_better_down(
    made: Build, rates: list[float], level: float, n: int
) -> None:
    counts = np.round(np.array(rates) * n)
    common = {**FROM_START, "dataset": "own-x"}
    falling = track(
        Target.reach("unemployment_rate", level, **common),
        made(unemployed=counts, labour_force=float(n), dataset="own-x"),
    )
    rising = track(
        Target.reach("employment_rate", 1 - level, **common),
        made(employed=n - counts, population=float(n), dataset="own-x"),
    )
    for name in ("status", "reason", "narrow_margin", "first_judgeable", "blocked_by"):
        assert getattr(rising.verdict, name) == getattr(falling.verdict, name)
    for name in ("z", "expected_z", "probability", "smallest_certain_change"):
        assert getattr(rising.verdict, name) == pytest.approx(
            getattr(falling.verdict, name), rel=1e-5, abs=1e-6, nan_ok=True
        )
    assert (rising.persons is None) == (falling.persons is None)
    if rising.persons and falling.persons:
        assert rising.persons.target.lacking == falling.persons.target.lacking
        assert rising.persons.path.ahead == falling.persons.path.ahead
    assert rising.pace.so_far == pytest.approx(falling.pace.so_far, nan_ok=True, abs=1e-9)


def test_a_target_at_the_baseline_is_reached_from_the_start(made: Build) -> None:
    target = Target.reach("unemployment_rate", 0.2, **FROM_START)
    kept = track(target, monthly(made, [0.2] * 13))
    assert kept.verdict.status == "below_target"
    assert kept.verdict.share_done != kept.verdict.share_done
    lost = track(target, monthly(made, [*([0.2] * 12), 0.201]))
    assert lost.verdict.status == "too_early"
    assert str(lost.verdict.first_judgeable) == "2022-01"
    assert track(target, monthly(made, [0.2] * 25)).verdict.status == "met"


def test_at_the_baseline_itself(made: Build) -> None:
    found = followed(made, [0.2])
    assert found.latest.period == found.baseline.period
    assert found.verdict.reason == "too_few_periods"
    assert found.verdict.z == 0
    assert found.verdict.probability == 0.5
    assert math.isnan(found.pace.so_far)
    assert found.path["value"].iloc[[0, -1]].tolist() == [0.2, 0.1]


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_nobody_or_everybody(made: Build, rate: float) -> None:
    found = followed(made, [rate] * 13)
    # The disclosure noise keeps the variance above 0, so the rules apply.
    expected = {0.0: "below_target", 1.0: "no_certain_change"}
    assert found.verdict.status == expected[rate]
    assert found.verdict.z == 0
    assert (found.latest.low == 0.0) if rate == 0 else (found.latest.high == 1.0)


def test_only_data_until_the_deadline_counts(made: Build) -> None:
    found = followed(made, [*straight(0.20, 0.10, 24), 0.15, 0.16])
    assert found.verdict.status == "met"
    assert found.after_deadline is not None
    assert str(found.after_deadline.period) == "2022-03"
    assert found.after_deadline.value == pytest.approx(0.16)
    assert followed(made, straight(0.20, 0.10, 24)).after_deadline is None


@pytest.mark.parametrize(("last", "narrow"), [(0.11, True), (0.099, True), (0.13, False)])
def test_a_narrow_margin(made: Build, last: float, narrow: bool) -> None:
    assert followed(made, straight(0.20, last, 24)).verdict.narrow_margin is narrow


@pytest.mark.parametrize(
    ("deadline", "unpublished"), [("2026-06", False), ("2026-07", True), ("2026-08", False)]
)
def test_a_deadline_that_has_passed_without_figures(
    bas: pd.DataFrame, deadline: str, unpublished: bool
) -> None:
    found = track(malmo(deadline=deadline), bas)
    assert found.verdict.outcome_unpublished is unpublished


def test_final_figures_are_not_called_preliminary(made: Build) -> None:
    table = monthly(made, straight(0.20, 0.12, 12))
    target = Target.halve("unemployment_rate", **FROM_START)
    assert not track(target, table).verdict.preliminary
    marked = table.assign(
        status=pd.Categorical(["final"] * 12 + ["preliminary"], categories=["final", "preliminary"])
    )
    found = track(target, marked)
    assert found.verdict.preliminary
    assert found.preliminary_periods == ("2021-01",)


def test_the_smallest_change_that_would_have_shown(made: Build) -> None:
    found = followed(made, straight(0.20, 0.19, 12))
    change = found.verdict.smallest_certain_change
    assert 0.01 < change < 0.03
    shown = followed(made, [*straight(0.20, 0.19, 11), 0.20 - change - 1e-6])
    assert shown.verdict.z >= 1.645
    hidden = followed(made, [*straight(0.20, 0.19, 11), 0.20 - change + 1e-6])
    assert hidden.verdict.z < 1.645


def test_the_first_period_that_can_be_judged(made: Build) -> None:
    found = followed(made, [0.20, 0.20, 0.20, 0.195])
    first = found.verdict.first_judgeable
    assert first is not None
    at = (first - found.baseline.period).n
    assert followed(made, straight(0.20, 0.10, 24)[: at + 1]).verdict.status == "not_distinct"
    assert followed(made, straight(0.20, 0.10, 24)[:at]).verdict.status == "too_early"


def test_few_persons_wait_for_the_deadline(made: Build) -> None:
    with pytest.warns(SmallBaseWarning, match="1 of 1 tracks rest on fewer than 50 persons: Malmö"):
        found = followed(made, straight(0.20, 0.195, 12), n=40.0)
    assert found.verdict.small_base
    assert found.verdict.status == "too_early"
    assert str(found.verdict.first_judgeable) == "2022-01"


def test_a_deadline_too_near_can_never_be_judged(made: Build) -> None:
    found = followed(made, straight(0.20, 0.10, 2), deadline="2020-03")
    assert (found.verdict.reason, found.verdict.first_judgeable) == ("too_few_periods", None)


def test_quarters(made: Build) -> None:
    given: dict[str, Any] = {
        "places": ["Malmö"], "sex": "women", "birth_region": "foreign_born", "age": "20-64",
        "dataset": "own-x", "baseline": "2020Q4", "deadline": "2022Q4",
    }  # fmt: skip
    values = [0.20] * 4 + [0.12] * 8
    table = made(
        unemployed=np.array(values) * 2000, labour_force=2000.0, freq="Q", start="2020Q1",
        dataset="own-x",
    )  # fmt: skip
    found = track(Target.halve("unemployment_rate", **given), table)
    assert (found.baseline.value, found.goal) == (pytest.approx(0.20), pytest.approx(0.10))
    assert found.latest.value == pytest.approx(0.12)
    assert (found.verdict.status, found.verdict.narrow_margin) == ("missed", False)
    assert (found.pace.months_passed, found.pace.months_left) == (24, 0)
    early = track(Target.halve("unemployment_rate", **given), table[:8])
    assert early.latest.value == pytest.approx(0.12)
    assert (early.verdict.status, early.pace.months_left) == ("ahead", 12)
    assert early.pace.required == pytest.approx((0.12 - 0.10) / 12)
    assert early.sources == ()


def test_own_counts_by_year(made: Build) -> None:
    target = Target.add_count(
        "placements", 500, places=["Linköping"], sex="total", birth_region="total",
        age="20-64", dataset="own-linkoping", better="up", baseline="2020", deadline="2025",
    )  # fmt: skip
    table = made(
        placements=[100.0, 150, 250, 400, 450], place="0580", sex="total",
        birth_region="total", freq="Y", start="2020", dataset="own-linkoping", vintage="own",
    )  # fmt: skip
    found = track(target, table)
    assert (found.unit, found.goal, found.path_now) == ("persons", 600, 500)
    assert found.verdict.status == "behind"
    assert found.persons is not None
    assert (found.persons.path.lacking, found.persons.target.lacking) == (50, 150)
    assert found.persons.per_month == pytest.approx(150 / 12)
    assert math.isnan(found.persons.base)
    assert found.story is found.comparison is None
    assert not found.verdict.outcome_unpublished


def test_a_gap_shows_the_levels_behind_it(made: Build) -> None:
    own = made(employed=straight(1200, 1240, 12), population=2000.0)
    native = made(employed=straight(1800, 1700, 12), population=2000.0, birth_region="native_born")
    target = Target.close_gap("employment_rate", to_pp=20, **FROM_START)
    found = track(target, concat([own, native]))
    levels = found.gap_levels
    assert levels is not None
    assert found.baseline.value == pytest.approx(30)
    assert found.latest.value == pytest.approx(23)
    assert found.verdict.status in ("ahead", "not_distinct")
    assert levels.own_now - levels.own_before == pytest.approx(0.02)
    assert levels.comparator_direction == "worse"
    assert levels.comparator_share == pytest.approx(5 / 7)
    assert found.persons is not None
    # 20 points below 85 per cent is 65: 60 more persons than 1,240.
    assert found.persons.target.lacking == 60
    assert found.story is None


def test_a_ratio_is_judged_on_its_log(made: Build) -> None:
    own = made(unemployed=straight(400, 300, 12), labour_force=2000.0)
    native = made(unemployed=[100.0] * 13, labour_force=2000.0, birth_region="native_born")
    target = Target.close_gap("unemployment_rate", to_ratio=2, **FROM_START)
    found = track(target, concat([own, native]))
    assert found.unit == "ratio"
    assert (found.baseline.value, found.latest.value) == (pytest.approx(4), pytest.approx(3))
    variances = [0.95 / 100 + 2.1 * (1 + 0.05**2) / 100**2] * 2
    for rate in (0.20, 0.15):
        variances.append((1 - rate) / (rate * 2000) + 2.1 * (1 + rate**2) / (rate * 2000) ** 2)
    assert found.verdict.z == pytest.approx(math.log(4 / 3) / math.sqrt(sum(variances)))
    assert found.persons is not None
    assert found.persons.target.lacking == 100


def test_rate_and_headcount_tell_different_stories(made: Build) -> None:
    table = made(
        unemployed=straight(1000, 990, 12), labour_force=straight(5000, 5600, 12),
        employed=straight(4000, 4610, 12), population=straight(7000, 7600, 12),
    )  # fmt: skip
    found = track(Target.halve("unemployment_rate", **FROM_START), table)
    story = found.story
    assert story is not None
    assert story.differs
    assert (story.rate_direction, story.count_direction) == ("better", "unchanged")
    assert story.count_change == pytest.approx(-10)
    assert story.base_change == pytest.approx(600)
    assert story.rate_change_pp == pytest.approx(100 * (990 / 5600 - 0.2))
    work = found.into_work
    assert work is not None
    assert work.into_work is True
    assert (work.employed, work.population) == (pytest.approx(610), pytest.approx(600))


def test_unemployment_can_fall_without_jobs(made: Build) -> None:
    table = made(
        unemployed=straight(1000, 600, 12), labour_force=straight(5000, 4600, 12),
        employed=4000.0, population=7000.0,
    )  # fmt: skip
    found = track(Target.halve("unemployment_rate", **FROM_START), table)
    assert found.into_work is not None
    assert found.into_work.into_work is False
    assert found.into_work.employment_direction == "unchanged"


def test_small_changes_are_by_and_large_unchanged(bas: pd.DataFrame) -> None:
    found = track(malmo(places=["riket"], baseline="2025-05"), bas)
    assert found.story is not None
    assert abs(found.verdict.z) > 1.645
    assert abs(found.story.rate_change_pp) < 0.5
    assert found.story.rate_direction == "unchanged"


def test_shown_beside_riket_or_the_county(bas: pd.DataFrame) -> None:
    beside = track(malmo(), bas).comparison
    assert beside is not None
    assert beside.place == "00"
    own = track(malmo(places=["riket"]), bas)
    assert own.comparison is None
    assert beside.latest == own.latest
    pd.testing.assert_frame_equal(beside.series, own.series)
    without = bas[bas["place"] != "00"]
    county = track(malmo(), without).comparison
    assert county is not None
    assert county.place == "12"
    assert track(malmo(places=["Skåne"]), without).comparison is None
    chosen = track(malmo(), bas, compare="Göteborg").comparison
    assert chosen is not None
    assert chosen.place == "1480"
    with pytest.raises(SnapshotMissingError, match=r"compare with for Mölndal; it has: .*Malmö"):
        track(malmo(), bas, compare="Mölndal")
    with pytest.raises(UnknownCodeError, match="Did you mean 'Mölndal'"):
        track(malmo(), bas, compare="Moldal")


def test_headcounts_are_not_shown_beside_those_of_riket(bas: pd.DataFrame) -> None:
    given = {"places": ["Malmö"], "baseline": "2024-06", "deadline": "2026-06", **GROUP}
    found = track(Target.reduce("unemployed", 0.5, **given), bas)
    assert found.comparison is None
    assert found.latest.value == pytest.approx(6699.75)
    assert found.persons is not None
    assert found.persons.target.allowed == math.floor(found.goal)


def test_places_are_pooled_from_their_counts(bas: pd.DataFrame) -> None:
    together = track(malmo(places=["Malmö", "Göteborg"]), bas)
    apart = track_members(malmo(places=["Malmö", "Göteborg"]), bas)
    assert together.place == "1280+1480"
    assert [one.place for one in apart] == ["1280", "1480"]
    persons = sum(one.latest.n for one in apart)
    assert together.latest.n == pytest.approx(persons)
    assert together.latest.value == pytest.approx(
        sum(one.latest.value * one.latest.n for one in apart) / persons
    )
    assert together.verdict.preliminary
    assert together.comparison is not None


def test_a_pooled_row_of_the_table_is_used_as_it_is(bas: pd.DataFrame) -> None:
    rows = bas[bas["place"] == "1280"]
    group = rows.assign(
        place="group:familjen-helsingborg", missing_members="1214;1257",
        unemployed=rows["unemployed"] * 2,
    )  # fmt: skip
    found = track(malmo(places=["Familjen Helsingborg"]), concat([bas, group]))
    assert found.place == "group:familjen-helsingborg"
    assert found.missing_members == ("1214", "1257")
    assert found.latest.value == pytest.approx(2 * track(malmo(), bas).latest.value)


def test_a_group_without_its_members_is_refused(bas: pd.DataFrame) -> None:
    with pytest.raises(SnapshotMissingError, match="lacks 11 of 11 members"):
        track(malmo(places=["Familjen Helsingborg"]), bas)
    with pytest.raises(SnapshotMissingError, match="integstats fetch scb-bas-month"):
        track_members(malmo(places=["Skåne"]), bas)


def test_what_was_decided_together_was_not_decided_for_each(bas: pd.DataFrame) -> None:
    decided = {"decided_by": "Storstadsrådet", "decided_on": "2024-06-01"}
    several = malmo(places=["Malmö", "Göteborg"], **decided)
    assert track(several, bas).target.decided
    assert not any(one.target.decided for one in track_members(several, bas))
    [alone] = track_members(malmo(**decided), bas)
    assert alone.target.decided


def test_members_are_what_each_is_alone(bas: pd.DataFrame) -> None:
    target = malmo(deadline="2027-06")
    for one in track_members(target, bas, members=["riket", "Malmö", "Skåne län"]):
        alone = track(malmo(deadline="2027-06", places=[one.place]), bas)
        assert one.facts() | {"target": None} == alone.facts() | {"target": None}
        pd.testing.assert_frame_equal(one.series, alone.series)
        pd.testing.assert_frame_equal(one.path, alone.path)


def test_one_warning_for_many_small_places(made: Build) -> None:
    tables = [
        monthly(made, straight(0.20, 0.12, 12), n, place=place)
        for place, n in (("1280", 40.0), ("1281", 20.0), ("1480", 4000.0))
    ]
    target = Target.halve("unemployment_rate", **FROM_START)
    with pytest.warns(SmallBaseWarning) as caught:
        tracks = track_members(target, concat(tables), members=["Malmö", "Lund", "Göteborg"])
    assert len(caught) == 1
    assert "2 of 3 tracks rest on fewer than 50 persons: Malmö, Lund." in str(caught[0].message)
    assert [one.verdict.reason for one in tracks] == [None, "small_base", None]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (malmo(baseline="2019-06", deadline="2021-06"), "from 2020-01 to 2026-06"),
        (malmo(baseline="2026-07", deadline="2028-07"), "outside the data"),
        (malmo(baseline="2020-06"), "needs figures from 2019-07.*choose 2020-12 or later"),
        (malmo(age="16-64"), "it has: 20-64"),
        (
            Target.reach_rank(
                "unemployment_rate", 1, places="Malmö", baseline="2024-06", deadline="2026-06"
            ),
            "never gets a verdict",
        ),
    ],
)
def test_what_the_figures_cannot_carry_is_said_in_one_line(
    bas: pd.DataFrame, target: Target, message: str
) -> None:
    with pytest.raises(TargetError, match=message) as caught:
        track(target, bas)
    assert "\n" not in str(caught.value)


def test_a_place_that_is_not_there(bas: pd.DataFrame) -> None:
    with pytest.raises(SnapshotMissingError, match=r'for Mölndal.*--places "Mölndal"'):
        track(malmo(places=["Mölndal"]), bas)


def test_the_data_sheet(bas: pd.DataFrame) -> None:
    found = track(malmo(), bas)
    sheet = found.to_frame()
    assert sheet.columns.tolist() == [
        "target", "line", "place", "period", "value", "low", "high", "n", "count",
        "month_value", "status",
    ]  # fmt: skip
    assert sheet["line"].value_counts().to_dict() == {"outcome": 78, "comparison": 78, "path": 25}
    assert isinstance(sheet["period"].dtype, pd.PeriodDtype)
    assert isinstance(sheet["status"].dtype, pd.CategoricalDtype)
    outcome = sheet[sheet["line"] == "outcome"].set_index("period")
    assert outcome.loc["2026-06", "value"] == found.latest.value
    path = sheet[sheet["line"] == "path"]
    assert path["value"].iloc[[0, -1]].tolist() == [found.baseline.value, found.goal]


def test_the_target_sheet_is_plain_data(bas: pd.DataFrame) -> None:
    found = track(malmo(deadline="2027-06"), bas)
    facts = json.loads(json.dumps(found.facts()))
    assert facts["target"]["places"] == ["1280"]
    assert facts["verdict.status"] == found.verdict.status
    assert facts["persons.target.lacking"] == found.persons.target.lacking
    assert facts["eurostat_cagr_ratio"] == found.cagr_ratio
    assert facts["decided"] is False


def test_eurostats_ratio_stands_beside_a_straight_path(made: Build) -> None:
    found = followed(made, straight(0.20, 0.15, 12))
    assert found.verdict.status == "not_distinct"
    assert found.cagr_ratio == pytest.approx(0.854, abs=0.0005)


def test_the_table_is_not_changed(bas: pd.DataFrame) -> None:
    table = bas[bas["place"].isin(["00", "1280", "1480"])]
    before = table.copy(deep=True)
    series = track(malmo(places=["Malmö", "Göteborg"]), table).series
    series["value"] = 0.0
    pd.testing.assert_frame_equal(table, before)
