"""What a target must hold to be evaluated: its words, and which of them go together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, get_args

from integstats import catalogue
from integstats.analysis.gaps import Comparator
from integstats.catalogue import Better, is_own
from integstats.errors import TargetError, UnknownCodeError, did_you_mean
from integstats.table import BIRTH_REGIONS, SEXES, TOTAL

if TYPE_CHECKING:
    from integstats.targets.target import Target

Kind = Literal["relative_reduction", "level", "gap_pp", "ratio", "count", "added_count", "rank"]
Reading = Literal["mean_12m", "same_month", "month", "mean_4q", "same_quarter", "quarter", "year"]
Path = Literal["linear", "geometric"]
Unit = Literal["share", "pp", "ratio", "persons", "rank"]
Frequency = Literal["M", "Q", "Y"]

READINGS: dict[Frequency, tuple[Reading, ...]] = {
    "M": ("mean_12m", "same_month", "month"),
    "Q": ("mean_4q", "same_quarter", "quarter"),
    "Y": ("year",),
}
"""The readings of each frequency, the default first."""
_WRITTEN: dict[Frequency, tuple[str, str]] = {
    "M": (r"\d{4}-(0[1-9]|1[0-2])", "a month as 2024-06"),
    "Q": (r"\d{4}Q[1-4]", "a quarter as 2024Q2"),
    "Y": (r"\d{4}", "a year as 2024"),
}


def check(target: Target) -> None:
    """Raise TargetError or UnknownCodeError, in one line, unless the target can be evaluated."""
    _check_words(target)
    _check_measure(target)
    _check_periods(target)
    _check_amount(target)


def known_better(measure: str, kind: str, comparator: str | None) -> Better | None:
    """Return the direction that is an improvement, or None for a count nobody has judged.

    A gap is signed so that less is better, and so is a rank; a ratio follows its measure, a count
    the rate it is the numerator of.
    """
    if kind == "rank" or (comparator and kind != "ratio"):
        return "down"
    for one in catalogue.measures().values():
        if measure in (one.id, one.numerator):
            return one.better
    return None


def frequency(dataset: str, baseline: str) -> Frequency:
    """Return M, Q or Y: the dataset's, or for own figures what the baseline is written as."""
    known = catalogue.datasets().get(dataset)
    if known:
        return known.frequency
    for freq, (pattern, _) in _WRITTEN.items():
        if re.fullmatch(pattern, baseline):
            return freq
    raise TargetError(
        f"Not a period: {baseline!r}. Write {', '.join(form for _, form in _WRITTEN.values())}."
    )


def number(amount: object) -> float:
    """Return the amount as a float, or raise TargetError."""
    if isinstance(amount, bool) or not isinstance(amount, int | float) or amount != amount:
        raise TargetError(f"The amount of a target must be a number, got {amount!r}.")
    return float(amount)


def require_measure(dataset: str, measure: str) -> None:
    """Raise UnknownCodeError unless the dataset has the rate or count; own figures may."""
    known = catalogue.datasets().get(dataset)
    if known and measure not in (*known.measures, *known.counts):
        raise UnknownCodeError(
            f"Unknown measure of {dataset}: {measure!r}."
            f"{did_you_mean(measure, [*known.measures, *known.counts])} "
            f"Rates: {', '.join(known.measures)}. Counts: {', '.join(known.counts)}."
        )


def _check_words(target: Target) -> None:
    known = None if is_own(target.dataset) else catalogue.dataset(target.dataset)
    keys = known.keys if known else {}
    births = tuple(keys["birth_region"].codes) if "birth_region" in keys else ()
    ages = tuple(keys["age"].codes) if "age" in keys else ()
    allowed: dict[str, Sequence[str]] = {
        "kind": get_args(Kind),
        "reading": READINGS[target.frequency],
        "path": get_args(Path),
        "better": get_args(Better),
        "sex": SEXES,
        # A total that the publisher lacks is summed at load.
        "birth_region": tuple(dict.fromkeys([*(births or BIRTH_REGIONS), TOTAL])),
        "age": ages or (target.age,),
    }
    if target.comparator is not None:
        allowed["comparator"] = get_args(Comparator)
    for name, words in allowed.items():
        got = getattr(target, name)
        if got not in words:
            raise UnknownCodeError(
                f"Unknown {name} of a target on {target.dataset}: {got!r}."
                f"{did_you_mean(str(got), words)} Allowed: {', '.join(words)}."
            )
    if target.decided_on and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", target.decided_on):
        raise TargetError(
            f"decided_on must be a date as 2018-05-21, 2018-05 or 2018, got {target.decided_on!r}."
        )


def _check_measure(target: Target) -> None:
    require_measure(target.dataset, target.measure)
    is_rate = target.measure in catalogue.measures()
    needs_rate = target.kind in ("level", "gap_pp", "ratio", "rank") or target.comparator
    if needs_rate and not is_rate:
        raise TargetError(
            f"A target of the kind {target.kind} needs a rate, got the count {target.measure!r}: "
            f"choose one of {', '.join(catalogue.measures())}, or the kind count."
        )
    if target.kind in ("count", "added_count") and is_rate:
        raise TargetError(
            f"A target of the kind {target.kind} needs a count of persons, got the rate "
            f"{target.measure!r}: choose {catalogue.measure(target.measure).numerator!r}."
        )
    has_gap = target.kind in ("gap_pp", "ratio")
    if has_gap != bool(target.comparator) and target.kind != "relative_reduction":
        raise TargetError(
            f"A target of the kind {target.kind} {'needs a' if has_gap else 'has no'} comparator."
        )
    if target.comparator and target.birth_region in ("native_born", "total"):
        raise TargetError(
            f"A gap is measured to the native-born; birth_region must be foreign_born, got "
            f"{target.birth_region!r}."
        )
    better = known_better(target.measure, target.kind, target.comparator)
    if better not in (None, target.better):
        raise TargetError(
            f"better must be {better!r} for {target.measure} as {target.kind}, got "
            f"{target.better!r}; leave it out."
        )


def _check_periods(target: Target) -> None:
    pattern, form = _WRITTEN[target.frequency]
    for name in ("baseline", "deadline"):
        if not re.fullmatch(pattern, getattr(target, name)):
            raise TargetError(
                f"The {name} of a target on {target.dataset} must be {form}, got "
                f"{getattr(target, name)!r}."
            )
    start, end = target.baseline_period, target.deadline_period
    if end <= start:
        raise TargetError(f"The deadline {end} must be later than the baseline {start}.")
    if target.reading in ("same_month", "same_quarter"):
        step = 12 if target.frequency == "M" else 4
        if (end.ordinal - start.ordinal) % step:
            raise TargetError(
                f"With the reading {target.reading} the deadline must lie whole years after the "
                f"baseline {start}, got {end}. Choose {READINGS[target.frequency][0]} or move it."
            )


def _check_amount(target: Target) -> None:
    kind, amount = target.kind, target.amount
    if kind == "relative_reduction" and not target.comparator and target.better == "up":
        raise TargetError(
            f"{target.measure} should rise, so it cannot be the target to reduce it. Use "
            f"Target.reach(…) for a level or Target.close_gap(…, by_share={amount:g}) for the gap."
        )
    ranges = {
        "relative_reduction": (0 < amount <= 1, "a share above 0 and at most 1, as 0.5 to halve"),
        "level": (0 <= amount <= 1, "a share from 0 to 1, as 0.092 for 9.2 per cent"),
        "gap_pp": (-100 <= amount <= 100, "percentage points from −100 to 100"),
        "ratio": (0 < amount < float("inf"), "above 0, as 0.9"),
        "count": (0 <= amount < float("inf"), "0 or more persons"),
        "added_count": (
            0 < amount * (1 if target.better == "up" else -1) < float("inf"),
            "above 0 where more is better, and below 0 where fewer is better",
        ),
        "rank": (amount >= 1 and amount.is_integer(), "a whole number from 1"),
    }
    fits, allowed = ranges[kind]
    if not fits:
        raise TargetError(
            f"The amount of a target of the kind {kind} must be {allowed}; got {amount:g}."
        )
    reaches_zero = (kind == "relative_reduction" and amount == 1) or amount <= 0
    if target.path == "geometric" and (reaches_zero or kind == "added_count"):
        raise TargetError(
            f"A geometric path cannot lead to the {kind} {amount:g}; choose path='linear'."
        )
