"""The numbers of a track as the slots that sentences about it use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from integstats import catalogue
from integstats.errors import UnknownCodeError
from integstats.targets.target import Target
from integstats.targets.track import Track
from integstats.targets.windows import step
from integstats.wording import numbers
from integstats.wording.change import Z_CERTAIN, Levels, least_change
from integstats.wording.claims import Value
from integstats.wording.phrases import Subject, comparator_code, group_code

DECIMALS = {"share": 1, "pp": 1, "ratio": 2, "persons": 0}
"""How many decimals a level has in each unit, in texts and charts alike."""


def subject_of(track: Track) -> Subject:
    """Return what the track is about."""
    target = track.target
    versus = comparator_code(target.comparator, target.sex) if target.comparator else ""
    return Subject(
        group=group_code(target.birth_region, target.sex),
        measure=target.measure,
        unit=track.unit,
        place=track.place,
        versus=versus,
    )


def track_values(track: Track) -> dict[str, Value]:
    """Return every slot that has a value; missing numbers have no slot."""
    target, verdict = track.target, track.verdict
    known_rate = catalogue.measures().get(target.measure)
    values: dict[str, Any] = {
        **subject_of(track).values(),
        "age": target.age_at(track.latest.period),
        "dataset": target.dataset,
        "better": target.better,
        "persons_better": known_rate.better if known_rate else target.better,
        "kind": target.kind,
        "amount": target.amount,
        "reading": target.reading,
        "decided": target.decided,
        "baseline_period": str(target.baseline_period),
        "deadline": str(target.deadline_period),
        "period": str(track.latest.period),
        "baseline": track.baseline.value,
        "latest": track.latest.value,
        "low": track.latest.low,
        "high": track.latest.high,
        "n": track.latest.n,
        "path_now": track.path_now,
        "goal": track.goal,
        "status": verdict.status,
        "reason": verdict.reason or "",
        "z": verdict.z,
        "expected_z": verdict.expected_z,
        "probability": verdict.probability,
        "share_done": verdict.share_done,
        "preliminary": verdict.preliminary,
        "small_base": verdict.small_base,
        "season_left_in": verdict.season_left_in,
        "outcome_unpublished": verdict.outcome_unpublished,
        "smallest": verdict.smallest_certain_change,
        "so_far": track.pace.so_far,
        "required": track.pace.required,
        "quotient": track.pace.quotient,
        "months_left": track.pace.months_left,
        "decimals": _decimals(track),
        "least": least_of(track),
        **_ends(track),
        **_levels(track),
        **_earlier_readings(track),
        **_persons(track),
    }
    if verdict.first_judgeable is not None:
        values["first_judgeable"] = str(verdict.first_judgeable)
    known = {slot: value for slot, value in values.items() if not _missing(value)}
    return known | _precision(track, known)


def bodies(target: Target) -> tuple[str, ...]:
    """Return the public bodies that would decide: Malmö stad; none where nobody is known."""
    found = []
    for key in target.places:
        try:
            found.append(catalogue.place_or_group(key).body)
        except UnknownCodeError:
            return ()
    return tuple(found)


def least_of(track: Track) -> float:
    """Return the smallest change of the track's dataset that is called one, percentage points."""
    known = catalogue.datasets().get(track.target.dataset)
    return least_change(known.revision_pp if known else 0.0)


def pace_decimals(so_far: float, required: float, *, least: int = 2) -> int:
    """Return how many decimals print two paces so that they do not contradict their quotient.

    Examples
    --------
    >>> pace_decimals(0.30, 0.63), pace_decimals(0.0253, 0.4369), pace_decimals(52, 147, least=0)
    (2, 3, 0)
    """
    if so_far > 0 and required > 0:
        for decimals in range(least, least + 3):
            first, second = (numbers.rounded(one, decimals) for one in (so_far, required))
            if first and abs(float(second / first) * so_far / required - 1) < 0.03:
                return decimals
    return least


def _decimals(track: Track) -> int:
    """More than usual where the reading and the target would be printed alike and are not."""
    least = DECIMALS[track.unit]
    if _missing(track.latest.value) or _missing(track.goal):
        return least
    scale = 100 if track.unit == "share" else 1
    return numbers.decimals_apart(
        scale * track.latest.value, scale * track.goal, least=least, most=least + 2
    )


def _precision(track: Track, known: Mapping[str, Any]) -> dict[str, int]:
    """How many decimals the quotients and paces need, so that they do not contradict each other."""
    scale = 100 if track.unit == "share" else 1
    found = {}
    if "share_done" in known:
        # Rounding must not move the share onto or across a limit of the rules.
        found["done_decimals"] = max(
            numbers.decimals_apart(100 * known["share_done"], limit, least=0, most=2)
            for limit in (60.0, 100.0)
        )
    if "so_far" in known and "required" in known:
        paces = (scale * known["so_far"], scale * known["required"])
        least = {"persons": 0 if max(map(abs, paces)) >= 10 else 1, "ratio": 3}.get(track.unit, 2)
        # Of a change that may be chance no quotient is printed that the paces must agree with.
        certain = known.get("z", 0.0) >= Z_CERTAIN
        found["pace_decimals"] = pace_decimals(*paces, least=least) if certain else least
    if "quotient" in known:
        least = 0 if known["quotient"] >= 10 else 1
        found["quotient_decimals"] = numbers.decimals_apart(known["quotient"], 1.0, least=least)
    if "per_month" in known:
        found["month_decimals"] = 0 if known["per_month"] >= 10 else 1
    return found


def levels_of(track: Track) -> Levels | None:
    """Return the two levels behind a gap or ratio; nothing where one is missing."""
    found = track.gap_levels
    if found is None:
        return None
    levels = Levels(
        own_before=found.own_before,
        own_now=found.own_now,
        reference_before=found.comparator_before,
        reference_now=found.comparator_now,
    )
    return None if any(map(_missing, levels.values().values())) else levels


def _earlier_readings(track: Track) -> dict[str, float]:
    """The two readings before the latest, for the rule of three in a row."""
    back = step(track.target.reading)
    periods = track.series["period"].array
    values = track.series["value"].to_numpy(dtype=float)
    found = {}
    for at, name in ((1, "reading_before"), (2, "reading_before_that")):
        period = track.latest.period - at * back
        where = np.flatnonzero(periods == period)
        if period > track.target.baseline_period and len(where):
            found[name] = float(values[where[0]])
    return found


def _ends(track: Track) -> dict[str, float]:
    """The two levels whose change is spoken of; none where one is missing, or across a break."""
    start, end = track.baseline.value, track.latest.value
    spoken = not (track.verdict.blocked_by or _missing(start) or _missing(end))
    return {"start": start, "end": end} if spoken else {}


def _levels(track: Track) -> dict[str, float]:
    levels = levels_of(track)
    return {} if levels is None else levels.values()


def _persons(track: Track) -> dict[str, float]:
    if track.persons is None:
        return {}
    return {
        "lacking": track.persons.target.lacking,
        "ahead": track.persons.target.ahead,
        "lacking_path": track.persons.path.lacking,
        "ahead_path": track.persons.path.ahead,
        "per_month": track.persons.per_month,
    }


def _missing(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
