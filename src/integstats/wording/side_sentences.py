"""What stands beside a verdict: headcounts, jobs, the levels behind a gap, preliminary figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from integstats.targets.track import Track
from integstats.targets.windows import first_of
from integstats.wording.change import fell, mostly_reference
from integstats.wording.claims import Claim, Predicate, Value, first_true
from integstats.wording.track_values import track_values

Values = Mapping[str, Any]

_RATE = {
    -1: (
        "Andelen har minskat med {rate_change:ppsize}",
        "The share has fallen by {rate_change:ppsize}",
    ),
    0: (
        "Andelen är i stort sett oförändrad ({rate_change:spp})",
        "The share is largely unchanged ({rate_change:spp})",
    ),
    1: ("Andelen har ökat med {rate_change:ppsize}", "The share has risen by {rate_change:ppsize}"),
}
_COUNT = {
    -1: (
        "antalet {measure:countedword} har minskat med {count_change:size}",
        "the number of {measure:countedword} has fallen by {count_change:size}",
    ),
    0: (
        "antalet {measure:countedword} är i stort sett oförändrat ({count_change:fewer})",
        "the number of {measure:countedword} is largely unchanged ({count_change:fewer})",
    ),
    1: (
        "antalet {measure:countedword} har ökat med {count_change:size}",
        "the number of {measure:countedword} has risen by {count_change:size}",
    ),
}
_BASE = {
    1: (": fler ingår {measure:base}", ": more people are {measure:base}"),
    -1: (": färre ingår {measure:base}", ": fewer people are {measure:base}"),
    0: ("", ""),
}


def _course(direction: str, better: str) -> int:
    """Return −1 for what fell, 1 for what rose, 0 for what is largely unchanged."""
    if direction == "unchanged":
        return 0
    return 1 if (direction == "better") == (better == "up") else -1


def _base_course(v: Values, rate: int, count: int) -> int:
    """Return which way the denominator moved, where that is why the two stories differ."""
    change = v["base_change"]
    if rate < count and change >= 1:
        return 1
    return -1 if rate > count and change <= -1 else 0


def _tells(rate: int, count: int, base: int) -> Callable[[Values], bool]:
    def told(v: Values) -> bool:
        courses = [_course(v[name], v["better"]) for name in ("rate_direction", "count_direction")]
        signs_agree = all(
            not course or course == math.copysign(1, v[name])
            for course, name in zip(courses, ("rate_change", "count_change"), strict=True)
        )
        return courses == [rate, count] and signs_agree and _base_course(v, rate, count) == base

    return told


def _stories() -> list[Predicate]:
    found = []
    for rate, (rate_sv, rate_en) in _RATE.items():
        for count, (count_sv, count_en) in _COUNT.items():
            for base, (base_sv, base_en) in _BASE.items():
                if rate == count:
                    continue
                name = f"story.rate_{_NAMES[rate]}.count_{_NAMES[count]}.base_{_NAMES[base]}"
                found.append(
                    Predicate(
                        name,
                        _tells(rate, count, base),
                        f"{rate_sv}, men {count_sv}{base_sv}.",
                        f"{rate_en}, but {count_en}{base_en}.",
                    )
                )
    return found


_NAMES = {-1: "down", 0: "unchanged", 1: "up"}
_NET = {
    "sv": "(netto {unemployed:net|unemployment_rate} och {employed:net|employment_rate})",
    "en": "(net {unemployed:net|unemployment_rate} and {employed:net|employment_rate})",
}
_INTO_WORK = [
    Predicate(
        "work.into_work",
        lambda v: v["into_work"] and v["employment_after"] > v["employment_before"],
        "Sysselsättningsgraden har samtidigt ökat, från {employment_before:bare} till "
        f"{{employment_after:rate}} {_NET['sv']}.",
        "The employment rate has risen at the same time, from {employment_before:bare} to "
        f"{{employment_after:rate}} {_NET['en']}.",
    ),
    Predicate(
        "work.not_into_work",
        lambda v: not v["into_work"] and v["employment_direction"] == "unchanged",
        "Sysselsättningsgraden är däremot i stort sett oförändrad, från {employment_before:bare} "
        f"till {{employment_after:rate}} {_NET['sv']}.",
        "The employment rate, however, is largely unchanged, from {employment_before:bare} to "
        f"{{employment_after:rate}} {_NET['en']}.",
    ),
    Predicate(
        "work.fewer_in_work",
        lambda v: (
            v["employment_direction"] == "worse" and v["employment_after"] < v["employment_before"]
        ),
        "Sysselsättningsgraden har samtidigt minskat, från {employment_before:bare} till "
        f"{{employment_after:rate}} {_NET['sv']}.",
        "The employment rate has fallen at the same time, from {employment_before:bare} to "
        f"{{employment_after:rate}} {_NET['en']}.",
    ),
]
_LEVELS = {
    "sv": "{measure:definite} bland {group:who} {verb}, från {own_before:bare} till "
    "{own_now:rate}; bland {versus:who} från {reference_before:bare} till {reference_now:rate}.",
    "en": "{measure:definite} among {group:who} {verb}, from {own_before:bare} to {own_now:rate}; "
    "among {versus:who} from {reference_before:bare} to {reference_now:rate}.",
}


def _level(name: str, course: int, sv: str, en: str) -> Predicate:
    def moved(v: Values) -> bool:
        return _course(v["own_direction"], v["persons_better"]) == course and (
            not course or course == math.copysign(1, v["own_now"] - v["own_before"])
        )

    return Predicate(
        name, moved, _LEVELS["sv"].replace("{verb}", sv), _LEVELS["en"].replace("{verb}", en)
    )


_GAP_LEVELS = [
    _level("levels.own_down", -1, "har minskat", "has fallen"),
    _level("levels.own_up", 1, "har ökat", "has risen"),
    _level("levels.own_unchanged", 0, "är {measure:unchanged|share}", "is largely unchanged"),
]
MOSTLY_REFERENCE = Predicate(
    "levels.mostly_reference",
    mostly_reference,
    "Mer än hälften av minskningen motsvaras av att läget för {versus:who} har försämrats.",
    "More than half of the fall corresponds to a worsening among {versus:who}.",
)
_PRELIMINARY = Predicate(
    "preliminary.periods",
    lambda v: 0 < v["preliminary_count"] <= v["window"],
    "{preliminary_count:count} av {window:count} perioder i underlaget är preliminära och kan "
    "revideras.",
    "{preliminary_count:count} of the {window:count} periods behind it are preliminary and may be "
    "revised.",
)
_STORIES = _stories()

PREDICATES: Mapping[str, Predicate] = {
    one.id: one for one in (*_STORIES, *_INTO_WORK, *_GAP_LEVELS, MOSTLY_REFERENCE, _PRELIMINARY)
}


def side_claims(track: Track) -> list[Claim]:
    """Return what must be said beside the verdict of a track.

    (i) rate and headcount where they tell different stories, (ii) whether unemployment fell into
    jobs, (iii) for a gap the levels behind it, (iv) how much is preliminary.
    """
    values = track_values(track)
    found = [
        *_story(track, values),
        *_work(track, values),
        *_levels_behind(track, values),
        *_preliminary(track),
    ]
    return [claim for claim in found if claim.holds()]


def _story(track: Track, values: Mapping[str, Value]) -> list[Claim]:
    story = track.story
    if story is None or not story.differs:
        return []
    slots: dict[str, Value] = {
        **values,
        "rate_change": story.rate_change_pp,
        "count_change": story.count_change,
        "base_change": story.base_change,
        "rate_direction": story.rate_direction,
        "count_direction": story.count_direction,
    }
    claim = first_true(_STORIES, slots)
    return [] if claim is None else [claim]


def _work(track: Track, values: Mapping[str, Value]) -> list[Claim]:
    work = track.into_work
    if work is None or work.into_work is None:
        return []
    slots: dict[str, Value] = {
        **values,
        "unemployed": work.unemployed,
        "employed": work.employed,
        "employment_before": work.employment_rate_before,
        "employment_after": work.employment_rate_now,
        "employment_direction": work.employment_direction,
        "into_work": work.into_work,
    }
    claim = first_true(_INTO_WORK, slots)
    return [] if claim is None else [claim]


def _levels_behind(track: Track, values: Mapping[str, Value]) -> list[Claim]:
    if track.gap_levels is None or "own_now" not in values or "end" not in values:
        return []
    slots: dict[str, Value] = {**values, "own_direction": track.gap_levels.own_direction}
    claim = first_true(_GAP_LEVELS, slots)
    fell_claim = [Claim(MOSTLY_REFERENCE, slots)] if fell(slots) else []
    return [*([] if claim is None else [claim]), *fell_claim]


def _preliminary(track: Track) -> list[Claim]:
    first = first_of(track.target.baseline_period, track.target.reading)
    window = track.latest.period.ordinal - first.ordinal + 1
    slots: dict[str, Value] = {
        "preliminary_count": len(track.preliminary_periods),
        "window": window,
    }
    return [Claim(_PRELIMINARY, slots)]
