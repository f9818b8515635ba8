"""How probable it is that a target is met, how that was tested, or why it is not said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from integstats.catalogue import Language
from integstats.errors import TargetError
from integstats.targets.outlook import Outlook, Past, Reason
from integstats.wording.base_rate_titles import all_of, is_decided
from integstats.wording.claims import Claim, Predicate, Text, all_true
from integstats.wording.phrases import comparator_code, group_code
from integstats.wording.track_values import DECIMALS

Values = Mapping[str, Any]

_SUBJECT = "{group:subject|{unit}|{measure}|{versus}}"
_UNIT = "{unit}|{decimals}"
STANDINGS = (
    ("", True, "", ""),
    (".example", False, "räkneexempel: ", "illustrative example: "),
)
"""How a decided target and a räkneexempel are begun."""
_NAIVE = {"sv": "den säsongsnaiva prognosen, som upprepar det senaste året",
          "en": "the seasonal-naive forecast, which repeats the last year"}  # fmt: skip


def _asks(better: str) -> Callable[[Values], bool]:
    return lambda v: v["better"] == better


def _because(reason: str) -> Callable[[Values], bool]:
    return lambda v: v["reason"] == reason


def _is_own(v: Values) -> bool:
    return bool(v["method"] != "seasonal_naive" and 0 <= v["low"] <= v["high"] <= 1)


def _is_naive(v: Values) -> bool:
    return bool(v["method"] == "seasonal_naive" and 0 <= v["low"] <= v["high"] <= 1)


_SAID = {
    "own": {
        "between": "{probability:rate|0} ({low:interval|{high}|share|0})",
        "most": "<most> {high:rate|0}",
        "least": "<least> {low:rate|0}",
    },
    "beside": {
        "between": "{naive_probability:rate|0}",
        "most": "<most> {naive_high:rate|0}",
        "least": "<least> {naive_low:rate|0}",
    },
}
"""A probability in words; where it is a bound, no number inside the bounds is known."""


def _bound(low: float, high: float) -> str:
    """Whether the past errors bound the probability from both sides, or only from one."""
    return "most" if low == 0 else "least" if high == 1 else "between"


def _probability(own: str, beside: str, example: tuple[str, str], decided: bool) -> Predicate:
    """The sentence of a forecast beside the naive one, or (``beside`` empty) of the naive alone."""
    mine, other = _SAID["own"][own], _SAID["beside"].get(beside, "")
    sv = f"prognosen och {other} enligt {_NAIVE['sv']}"
    en = f"the forecast and {other} by {_NAIVE['en']}"
    if not beside:
        sv = f"{_NAIVE['sv']}; ingen prognos har här träffat bättre"
        en = f"{_NAIVE['en']}; no forecast has done better here"
    sv = f"{example[0]}sannolikheten att målet nås {{deadline:when}} är {mine} enligt {sv}."
    en = f"{example[1]}the probability that the target is met {{deadline:when}} is {mine} by {en}."
    for code, word, word_en in (("<most>", "högst", "at most"), ("<least>", "minst", "at least")):
        sv, en = sv.replace(code, word), en.replace(code, word_en)
    method = f"own.{own}.{beside}" if beside else f"naive.{own}"
    return Predicate(
        f"outlook.probability.{method}{'' if decided else '.example'}",
        all_of(_is_bounded(own, beside), _is_own if beside else _is_naive, is_decided(decided)),
        sv,
        en,
    )


def _is_bounded(own: str, beside: str) -> Callable[[Values], bool]:
    return lambda v: (
        _bound(v["low"], v["high"]) == own
        and (not beside or _bound(v["naive_low"], v["naive_high"]) == beside)
    )


_BOUNDS = ("between", "most", "least")
PROBABILITY = [
    _probability(own, beside, example, decided)
    for own in _BOUNDS
    for beside in (*_BOUNDS, "")
    for decided, example in (
        (True, ("", "")),
        (False, ("om målet hade gällt: ", "had the target applied: ")),
    )
]


def _tried(method: str, bound: str) -> Predicate:
    """What such forecasts have been worth; for a bound the largest error, which makes it one."""
    is_method = _is_own if method == "own" else _is_naive
    coverage = f"{{{'coverage' if method == 'own' else 'naive_coverage'}:rate|0}}"
    beside, beside_en = (
        (", för den säsongsnaiva i {naive_coverage:rate|0}",
         ", for the seasonal-naive in {naive_coverage:rate|0}")
        if method == "own"
        else ("", "")
    )  # fmt: skip
    mean = "{mae:changefigure|{unit}|{error_decimals}}"
    both = {"own": (f"{mean} och {_NAIVE_MEAN}", f"{mean} and {_NAIVE_MEAN}")}.get(
        method, (_NAIVE_MEAN, _NAIVE_MEAN)
    )
    error = {
        "between": (f"medelfelet var {both[0]}", f"the mean error was {both[1]}"),
        "most": (
            f"{_MOST['sv']}, mindre än de {_APART} som skiljer prognosen från målet",
            f"{_MOST['en']}, less than the {_APART} between forecast and target",
        ),
        "least": (
            f"{_MOST['sv']}, inte mer än de {_APART} som prognosen klarar målet med",
            f"{_MOST['en']}, no more than the {_APART} by which the forecast meets the target",
        ),
    }[bound]
    return Predicate(
        f"outlook.worth.{method}" + ("" if bound == "between" else f".{bound}"),
        all_of(is_method, _WITHIN[bound]),
        "Prövat på {errors:count} tidigare prognoser lika långt fram (ca {independent:number|0} "
        f"oberoende) låg utfallet i 80-procentsintervallet i {coverage} av fallen{beside}; "
        f"{error[0]}.",
        "Tried on {errors:count} past forecasts as far ahead (about {independent:number|0} of "
        f"them independent), the outcome lay in the 80 per cent interval in {coverage} of the "
        f"cases{beside_en}; {error[1]}.",
    )


def _spare(v: Values) -> float:
    """How far the forecast lies on the right side of the target; negative on the wrong side."""
    return float((v["goal"] - v["point"]) * (1 if v["better"] == "down" else -1))


_NAIVE_MEAN = "{naive_mae:change|{unit}|{error_decimals}}"
_APART = "{apart:changefigure|{unit}|{error_decimals}}"
_MOST = {
    "sv": "prognosens fel var högst {largest:change|{unit}|{error_decimals}}",
    "en": "the forecast's error was at most {largest:change|{unit}|{error_decimals}}",
}
_WITHIN: Mapping[str, Callable[[Values], bool]] = {
    "between": lambda v: v["low"] > 0 and v["high"] < 1,
    "most": lambda v: (
        v["low"] == 0 and v["largest"] < -_spare(v) and v["apart"] == abs(v["goal"] - v["point"])
    ),
    "least": lambda v: (
        v["high"] == 1
        and v["largest"] <= _spare(v) + 1e-12
        and v["apart"] == abs(v["goal"] - v["point"])
    ),
}
_WORTH = [_tried(method, bound) for method in ("own", "naive") for bound in _BOUNDS]


_ABOUT = [
    Predicate(
        f"outlook.about.{better}{standing}",
        all_of(_asks(better), is_decided(decided)),
        f"{the} för {_SUBJECT} {{place:in}} är {limit} {{goal:level|{_UNIT}}} {{deadline:when}}.",
        f"{the_en} for {_SUBJECT} {{place:in}} is {limit_en} {{goal:level|{_UNIT}}} "
        "{deadline:when}.",
    )
    for better, limit, limit_en in (
        ("down", "högst", "at most"),
        ("up", "minst", "at least"),
    )
    for standing, decided, the, the_en in (
        ("", True, "målet", "the target"),
        (".example", False, "räkneexemplets mål", "the illustrative target"),
    )
]
REFUSALS: Mapping[Reason, tuple[str, str]] = {
    "deadline_published": (
        "utfallet vid måldatumet är redan publicerat",
        "the outcome at the deadline is already published",
    ),
    "baseline_missing": (
        "uppgift för utgångsläget {baseline_period:period} saknas",
        "there is no figure for the baseline {baseline_period:period}",
    ),
    "break": (
        "det finns ett tidsseriebrott mellan utgångsläget {baseline_period:period} och måldatumet",
        "there is a break in the series between the baseline {baseline_period:period} and the "
        "deadline",
    ),
    "short_series": (
        "serien är kortare än ett år",
        "the series is shorter than a year",
    ),
    "too_few_errors": (
        "färre än 19 tidigare prognoser når lika långt fram",
        "fewer than 19 past forecasts reach as far ahead",
    ),
    "no_forecast": (
        "ingen prognos når fram till måldatumet",
        "no forecast reaches the deadline",
    ),
    "coverage_unknown": (
        "inget intervall så långt fram har ännu mött sitt utfall, så ingen vet vad intervallen är "
        "värda",
        "no interval so far ahead has met its outcome yet, so that nobody knows what the "
        "intervals are worth",
    ),
}
"""Why no probability is given, after a colon."""
_REFUSED = [
    Predicate(
        f"outlook.refused.{reason}{standing}",
        all_of(_because(reason), is_decided(decided)),
        f"{before}sannolikheten att målet för {_SUBJECT} {{place:in}} nås {{deadline:when}} kan "
        f"inte anges: {why}.",
        f"{before_en}the probability that the target for {_SUBJECT} {{place:in}} is met "
        f"{{deadline:when}} cannot be given: {why_en}.",
    )
    for reason, (why, why_en) in REFUSALS.items()
    for standing, decided, before, before_en in STANDINGS
]

PREDICATES: Mapping[str, Predicate] = {
    one.id: one for one in (*PROBABILITY, *_WORTH, *_ABOUT, *_REFUSED)
}


def told_claims(values: Values) -> list[Claim]:
    """Return the probability, and what such forecasts have been worth."""
    return all_true((*PROBABILITY, *_WORTH), values)


def outlook_sentence(found: Outlook, *, lang: Language = "sv") -> Text:
    """Return an outlook as a paragraph that stands alone: the target, how probable, how tested.

    Where no probability is given, why.
    """
    if found.reason:
        return Text.of(*all_true(_REFUSED, _about_values(found)), lang=lang)
    values = told_values(found)
    return Text.of(*all_true(_ABOUT, values), *told_claims(values), lang=lang)


def _about_values(found: Outlook) -> dict[str, Any]:
    """Return what is known of every outlook: its target, and why there is no probability."""
    target = found.target
    return {
        "group": group_code(target.birth_region, target.sex),
        "versus": comparator_code(target.comparator, target.sex) if target.comparator else "",
        "measure": target.measure,
        "unit": found.unit,
        "place": found.place,
        "better": target.better,
        "decided": target.decided,
        "decimals": DECIMALS[found.unit],
        "baseline_period": str(target.baseline_period),
        "deadline": str(target.deadline_period),
        "reason": found.reason,
    }


def told_values(found: Outlook) -> dict[str, Any]:
    """Return the slots of the sentences about an outlook that has a probability.

    Raises
    ------
    TargetError
        When the outlook was refused, or has no forecast.
    """
    if found.reason or found.forecast is None or found.own is None or found.naive is None:
        raise TargetError(
            f"The outlook of {found.target.id!r} was refused: {found.reason}. Choose a nearer "
            "deadline."
        )
    last = found.forecast.frame.iloc[-1]
    errors = found.forecast.errors
    as_far = errors.loc[errors["horizon"] == found.horizon, "error"]
    naive_low, naive_high = _naive_bounds(found.naive)
    return {
        **_about_values(found),
        "age": found.target.age_at(found.origin),
        "error_decimals": DECIMALS[found.unit] + (found.unit == "share"),
        "origin": str(found.origin),
        "goal": found.goal,
        "method": found.forecast.method,
        "wide": bool(found.forecast.frame["low_95"].notna().any()),
        "point": float(last["point"]),
        "point_low": float(last["low_80"]),
        "point_high": float(last["high_80"]),
        "apart": abs(found.goal - float(last["point"])),
        "largest": float(as_far.abs().max()),
        "naive_point": float(last["naive"]),
        "probability": found.probability,
        "low": found.low,
        "high": found.high,
        "naive_probability": found.naive.probability,
        "naive_low": naive_low,
        "naive_high": naive_high,
        "errors": found.own.errors,
        "independent": found.own.independent_errors,
        "coverage": found.own.coverage_80,
        "naive_coverage": found.naive.coverage_80,
        "mae": found.own.mae,
        "naive_mae": found.naive.mae,
    }


def _naive_bounds(naive: Past) -> tuple[float, float]:
    """Return the bounds of the naive probability: half an independent error either way.

    Sums of rounded numbers miss 0 and 1 by a hair, where they are bounds.
    """
    half = 0.5 / (naive.independent_errors + 1)
    low, high = naive.probability - half, naive.probability + half
    return (0.0 if low < 1e-9 else low), (1.0 if high > 1 - 1e-9 else high)
