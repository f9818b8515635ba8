"""Tracks of every status and kind, put together by hand so that each rule is met."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from integstats import catalogue
from integstats.targets.side_checks import GapLevels
from integstats.targets.target import Target
from integstats.targets.track import Track
from integstats.targets.verdict import (
    Pace,
    PathPosition,
    Persons,
    Point,
    Shortfall,
    Verdict,
)
from integstats.wording.claims import Text

GROUP = {"places": ["Malmö"], "sex": "women", "birth_region": "foreign_born", "age": "20-64"}
WINDOW = {"baseline": "2024-06", "deadline": "2027-06", "dataset": "scb-bas-month"}
DECISION = {"decided_by": "kommunfullmäktige", "decided_on": "2024-06-19"}

KINDS: dict[str, tuple[Callable[..., Target], tuple[Any, ...], dict[str, Any], float, float]] = {
    "rate_down": (Target.halve, ("unemployment_rate",), {}, 0.184, 0.092),
    "rate_up": (Target.reach, ("employment_rate", 0.70), {}, 0.607, 0.70),
    "gap": (Target.close_gap, ("employment_rate",), {"by_share": 0.5}, 22.2, 11.1),
    "ratio": (Target.close_gap, ("unemployment_rate",), {"to_ratio": 1.5}, 4.24, 1.5),
    "count_down": (Target.reach, ("unemployed", 3200), {}, 6400.0, 3200.0),
    "count_up": (Target.add_count, ("employed", 3000), {}, 29_539.0, 32_539.0),
}
"""Constructor, its arguments, and the values at the baseline and the target, in the unit."""

# status: share done, z, expected z, P; at the deadline the path is the target.
NUMBERS = {
    "met": (1.02, 5.0, 5.0, 0.9),
    "missed": (0.8, 5.0, 5.0, 0.05),
    "below_target": (2.2, 5.0, 3.0, 0.99),
    "worse": (-0.3, -3.0, 3.0, 0.001),
    "too_early": (0.5, 0.4, 1.0, 0.4),
    "no_certain_change": (0.3, 1.0, 4.0, 0.1),
    "ahead": (1.3, 4.0, 3.0, 0.9),
    "not_distinct": (1.0, 3.0, 3.0, 0.5),
    "behind": (0.7, 3.0, 4.0, 0.1),
    "far_behind": (0.4, 2.0, 4.0, 0.01),
}
RULES = (
    "cannot_judge", "met", "missed", "below_target", "worse", "too_early", "no_certain_change",
    "ahead", "not_distinct", "behind", "far_behind",
)  # fmt: skip


def make_track(
    status: str,
    kind: str = "rate_down",
    *,
    decided: bool = True,
    reason: str | None = None,
    preliminary: bool = False,
    narrow: bool = False,
    place: str = "Malmö",
) -> Track:
    """Return a track whose numbers lead to that status."""
    build, arguments, more, baseline, goal = KINDS[kind]
    target = build(
        *arguments,
        **{**GROUP, "places": [place]},
        **WINDOW,
        **more,
        **(DECISION if decided else {}),
    )
    nan = float("nan")
    at_deadline = status in ("met", "missed")
    done, z, expected, chance = NUMBERS.get(status, (nan, nan, nan, nan))
    now = pd.Period("2027-06" if at_deadline else "2025-12", "M")
    path_now = goal if at_deadline else (baseline + goal) / 2
    reading = baseline + (0.1 if done != done else done) * (path_now - baseline)
    hidden = reason in ("suppressed", "small_base")
    value = nan if hidden else reading
    half = 1.5 * abs(reading - goal) if narrow else 1e-6 * abs(baseline)
    low, high = value - half, value + half
    n = nan if "count" in kind else 37_000.0
    base = n if n == n else nan
    sign = 1 if target.better == "down" else -1
    passed, left = (36, 0) if at_deadline else (18, 18)
    so_far = sign * (baseline - reading) / passed
    required = sign * (reading - goal) / left if left else nan
    lacks = sign * (reading - goal) > 0
    point = Point(now, value, low, high, n, 5_000.0)
    periods = pd.period_range("2024-06", now, freq="M")
    before = pd.Series([baseline] * (len(periods) - 3) + [reading] * 3)
    series = pd.DataFrame(
        {
            "period": periods,
            "value": before,
            "low": before,
            "high": before,
            "n": n,
            "count": 5_000.0,
            "month_value": before,
            "status": "preliminary",
        }
    )
    is_gap = kind in ("gap", "ratio")
    if is_gap:
        series["comparator_n"] = 64_000.0
    first = (
        pd.Period("2026-06", "M") if status == "too_early" or reason == "too_few_periods" else None
    )
    return Track(
        target=target,
        place=target.place,
        unit=target.unit,
        series=series,
        path=pd.DataFrame({"period": [periods[0]], "value": [baseline]}),
        comparison=None,
        baseline=Point(
            target.baseline_period,
            nan if reason == "baseline_missing" else baseline,
            nan, nan, n, 6_000.0,
        ),
        latest=point,
        path_now=path_now,
        goal=nan if reason == "baseline_missing" else goal,
        verdict=Verdict(
            status=status,
            rule=RULES.index(status) + 1,
            reason=reason,
            blocked_by=catalogue.breaks()[:1] if reason == "break" else (),
            z=z,
            expected_z=expected,
            probability=chance,
            share_done=done,
            path_position=None if chance != chance else PathPosition(chance, "behind"),
            first_judgeable=first,
            smallest_certain_change=0.05 * baseline if status == "no_certain_change" else nan,
            preliminary=preliminary,
            narrow_margin=narrow,
            small_base=False,
            season_left_in=False,
            outcome_unpublished=False,
        ),
        pace=Pace(so_far, required, required / so_far if so_far > 0 else nan, passed, left),
        persons=None
        if reason
        else Persons(
            5_000.0,
            base,
            Shortfall(4_000, 33 if lacks else 0, 0 if lacks else 12),
            Shortfall(4_000, 83 if lacks else 0, 0 if lacks else 12),
            83 / left if left else nan,
        ),
        story=None,
        into_work=None,
        gap_levels=GapLevels(0.607, 0.62, 0.829, 0.826, "better", "unchanged", 0.2)
        if is_gap
        else None,
        after_deadline=None,
        notes=(),
        preliminary_periods=("2025-12",) if preliminary else (),
        missing_members=(),
        cagr_ratio=0.85,
        sources=catalogue.sources_of([("scb-bas-month", "2026-08-28.ed2136c3")]),
    )  # fmt: skip


@pytest.fixture(scope="session")
def track_of() -> Callable[..., Track]:
    """Return the builder of tracks."""
    return make_track


@pytest.fixture(scope="session")
def sound() -> Callable[[Text | str, str], None]:
    """Return the check that every text must pass."""
    return assert_sound


def assert_sound(text: Text | str, lang: str) -> None:
    """Fail where a text breaks the rules of numbers, or shows what no reader should see."""
    written = str(text)
    prose = re.sub(r"integstats \d+(\.\d+)+|https?://\S+", "X", written)
    assert not re.search(r"(?<!\d)-\d", prose), f"hyphen for minus: {written}"
    assert not re.search(r"\d %", prose), f"plain space before %: {written}"
    assert not re.search(r"[{}<>]|\bnan\b|None|  | ,| \.", prose), (
        f"a slot shows through: {written}"
    )
    if lang == "sv":
        assert not re.search(r"\d\.\d", prose), f"decimal point in Swedish: {written}"
    else:
        assert not re.search(r"\d,\d(?!\d\d)", prose), f"decimal comma in English: {written}"
        names = r"[A-ZÅÄÖ][a-zåäö]+|kommunfullmäktige|\blän\b"
        left = re.sub(names, "", prose)
        assert not re.search("[åäö]", left), f"Swedish in an English text: {written}"
    if isinstance(text, Text):
        assert text.problems() == ()
