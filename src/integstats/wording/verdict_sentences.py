"""What is said of a verdict: the word, why, how much is done, what is needed, how many persons.

The word of a status is written only where the numbers in its slots lead to that status by
METHOD's eleven rules, worked out again here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from integstats.targets.track import Track
from integstats.targets.verdict import (
    Reason,
    Status,
    judge,
    judge_change,
    reaches,
    status_of,
)
from integstats.wording import numbers
from integstats.wording.change import Z_CERTAIN
from integstats.wording.claims import Claim, Predicate, Text, Value, first_true
from integstats.wording.terms import VERDICTS
from integstats.wording.track_values import pace_decimals, track_values

import numpy as np

Values = Mapping[str, Any]

REASONS: Mapping[Reason, tuple[str, str]] = {
    "break": (
        "det finns ett tidsseriebrott mellan utgångsläget {baseline_period:period} och "
        "{period:period}",
        "there is a break in the series between the baseline {baseline_period:period} and "
        "{period:period}",
    ),
    "too_few_periods": (
        "färre än tre perioder har gått sedan utgångsläget {baseline_period:period}",
        "fewer than three periods have passed since the baseline {baseline_period:period}",
    ),
    "suppressed": (
        "uppgiften visas inte (för få personer) eller saknas {period:when}",
        "the figure is not shown (too few persons) or is missing {period:when}",
    ),
    "small_base": (
        "färre än 30 personer att räkna andelen på",
        "fewer than 30 persons to take the share of",
    ),
    "no_variance": (
        "slumpvariationen kan inte beräknas, eftersom alla eller inga räknas",
        "the chance variation cannot be worked out, as all or none are counted",
    ),
    "baseline_missing": (
        "uppgift för utgångsläget {baseline_period:period} saknas",
        "there is no figure for the baseline {baseline_period:period}",
    ),
    "no_path": (
        "ingen målbana kan dras från utgångsläget {baseline_period:period}",
        "no target path can be drawn from the baseline {baseline_period:period}",
    ),
}
"""Why a target cannot be judged, after the words of the verdict."""

_MARGINS = {
    (False, False): ("", ""),
    (True, False): (", enligt preliminära uppgifter", ", according to preliminary figures"),
    (False, True): (", med liten marginal", ", by a narrow margin"),
    (True, True): (
        ", med liten marginal, enligt preliminära uppgifter",
        ", by a narrow margin, according to preliminary figures",
    ),
}


def status_by_rules(v: Values) -> Status:
    """Return the status that the slots lead to by the eleven rules."""
    sign = 1 if v["better"] == "down" else -1
    nan = math.nan
    recent = [v.get(name, nan) for name in ("latest", "reading_before", "reading_before_that")]
    goal = v.get("goal", nan)
    reached = reaches(np.array(recent), goal, sign=sign)
    change = judge_change(
        *(v.get(name, nan) for name in ("z", "expected_z", "probability", "share_done"))
    )
    rule = judge(
        hindered=np.array(bool(v["reason"])),
        at_deadline=np.array(v["period"] == v["deadline"]),
        reached=reached[0],
        stays_reached=reached.all(),
        change=change,
    )
    return status_of(int(rule))


def verdict_word(v: Values) -> str:
    """Return the key of `terms.VERDICTS` that the slots lead to."""
    status = status_by_rules(v)
    return "above_target" if status == "below_target" and v["better"] == "up" else status


def is_narrow(v: Values) -> bool:
    """Whether the target lies within the interval of the reading."""
    return all(name in v for name in ("low", "high", "goal")) and bool(
        v["low"] <= v["goal"] <= v["high"]
    )


def _is(word: str) -> Callable[[Values], bool]:
    return lambda v: verdict_word(v) == word


def _outcome(word: str, preliminary: bool, narrow: bool) -> Callable[[Values], bool]:
    return lambda v: (
        verdict_word(v) == word and v["preliminary"] == preliminary and is_narrow(v) == narrow
    )


def _because(reason: str) -> Callable[[Values], bool]:
    return lambda v: v["reason"] == reason


def _verdicts() -> list[Predicate]:
    found = []
    for word, (sv, en) in VERDICTS.items():
        if word in ("met", "missed"):
            for (preliminary, narrow), (more_sv, more_en) in _MARGINS.items():
                name = f"verdict.{word}" + ".narrow" * narrow + ".preliminary" * preliminary
                test = _outcome(word, preliminary, narrow)
                found.append(Predicate(name, test, f"{sv}{more_sv}.", f"{en}{more_en}."))
        elif word == "cannot_judge":
            found += [
                Predicate(
                    f"verdict.{word}.{reason}", _because(reason), f"{sv}: {why}.", f"{en}: {why_en}."
                )
                for reason, (why, why_en) in REASONS.items()
            ]
        else:
            found.append(Predicate(f"verdict.{word}", _is(word), f"{sv}.", f"{en}."))
    return found


def _judged(v: Values) -> bool:
    return not v["reason"] and "share_done" in v


def _still_running(v: Values) -> bool:
    return not v["reason"] and v["months_left"] > 0 and "so_far" in v and "required" in v


def _down(test: Callable[[Values], bool]) -> Callable[[Values], bool]:
    return lambda v: v["better"] == "down" and test(v)


def _up(test: Callable[[Values], bool]) -> Callable[[Values], bool]:
    return lambda v: v["better"] == "up" and test(v)


def _done_certain(v: Values) -> bool:
    return _judged(v) and v["share_done"] > 0 and v["z"] >= Z_CERTAIN and _before_deadline(v)


def _done_by_chance(v: Values) -> bool:
    return _judged(v) and v["share_done"] > 0 and v["z"] < Z_CERTAIN and _before_deadline(v)


def _done_at_deadline(v: Values) -> bool:
    return _judged(v) and v["share_done"] > 0 and not _before_deadline(v)


def _none_done(v: Values) -> bool:
    return _judged(v) and v["share_done"] <= 0


def _before_deadline(v: Values) -> bool:
    return bool(v["period"] < v["deadline"])


def _must_rise(v: Values) -> bool:
    return _still_running(v) and v["required"] > v["so_far"] > 0 and _quotient_fits(v)


def _quotient_fits(v: Values) -> bool:
    return math.isclose(v["quotient"], v["required"] / v["so_far"], rel_tol=1e-9)


def _suffices(v: Values) -> bool:
    return _still_running(v) and 0 < v["required"] <= v["so_far"]


def _must_turn(v: Values) -> bool:
    return _still_running(v) and v["so_far"] <= 0 < v["required"]


def _is_reached(v: Values) -> bool:
    return _still_running(v) and v["required"] <= 0


_SHARE = "{share_done:pct|{done_decimals}}"
_REACH = {
    "sv": "För att nå {goal:shown|{unit}|{decimals}} {deadline:when}",
    "en": "To reach {goal:shown|{unit}|{decimals}} {deadline:when}",
}
_NEEDED = "{required:change|{unit}|{pace_decimals}}"
_SO_FAR = "{so_far:changefigure|{unit}|{pace_decimals}}"


def _directed(name: str, test: Callable[[Values], bool], sv: str, en: str) -> list[Predicate]:
    """The same sentence for what should fall and for what should rise."""
    words = {
        "down": (_down, ("minskning", "minska"), ("fall", "fall")),
        "up": (_up, ("ökning", "öka"), ("rise", "rise")),
    }
    found = []
    for better, (only, (noun, verb), (noun_en, verb_en)) in words.items():
        found.append(
            Predicate(
                f"{name}.{better}",
                only(test),
                sv.replace("<noun>", noun).replace("<verb>", verb),
                en.replace("<noun>", noun_en).replace("<verb>", verb_en),
            )
        )
    return found


_PROGRESS = [
    *_directed(
        "progress.part",
        _done_certain,
        f"Hittills har {_SHARE} av den <noun> som målbanan förutsätter uppnåtts.",
        f"So far {_SHARE} of the <noun> that the target path requires has been achieved.",
    ),
    *_directed(
        "progress.may_be_chance",
        _done_by_chance,
        f"Hittills har {_SHARE} av den <noun> som målbanan förutsätter uppnåtts, men "
        "förändringen kan vara en slump.",
        f"So far {_SHARE} of the <noun> that the target path requires has been achieved, but the "
        "change may be chance.",
    ),
    *_directed(
        "progress.at_deadline",
        _done_at_deadline,
        f"Av den <noun> som målet förutsatte uppnåddes {_SHARE}.",
        f"Of the <noun> that the target required, {_SHARE} was achieved.",
    ),
    *_directed(
        "progress.none",
        _none_done,
        "Ingen del av den <noun> som målet förutsätter har uppnåtts.",
        "None of the <noun> that the target requires has been achieved.",
    ),
]
_PACE = [
    Predicate(
        "pace.must_rise",
        _must_rise,
        f"{_REACH['sv']} måste takten öka från {_SO_FAR} till {_NEEDED} i månaden "
        "({quotient:number|{quotient_decimals}} gånger).",
        f"{_REACH['en']} the pace must rise from {_SO_FAR} to {_NEEDED} a month "
        "({quotient:number|{quotient_decimals}} times).",
    ),
    Predicate(
        "pace.suffices",
        _suffices,
        f"{_REACH['sv']} räcker en takt på {_NEEDED} i månaden; hittills har den varit {_SO_FAR}.",
        f"{_REACH['en']} a pace of {_NEEDED} a month is enough; so far it has been {_SO_FAR}.",
    ),
    *_directed(
        "pace.must_turn",
        _must_turn,
        f"{_REACH['sv']} måste {{measure:definite|{{unit}}}} <verb> med {_NEEDED} i månaden; "
        "hittills har ingen <noun> skett.",
        f"{_REACH['en']} {{measure:definite|{{unit}}}} must <verb> by {_NEEDED} a month; so far "
        "there has been no <noun>.",
    ),
    Predicate(
        "pace.reached",
        _is_reached,
        "Målnivån {goal:shown|{unit}|{decimals}} är nådd {period:when}; måldatumet är "
        "{deadline:period}.",
        "The target level {goal:shown|{unit}|{decimals}} is reached {period:when}; the deadline "
        "is {deadline:period}.",
    ),
]

_FEWER = "{lacking:moreorfewer|{measure}|{group}|{persons_better}}"
_CONDITIONS = {
    "rate": (
        lambda v: v["unit"] == "share",
        ", {measure:unchangedbase}",
        ", {measure:unchangedbase}",
    ),
    "gap": (
        lambda v: v["unit"] in ("pp", "ratio"),
        ", {measure:unchangedbase} och nivån bland {versus:who} inte ändras",
        ", {measure:unchangedbase} and the level among {versus:who} does not change",
    ),
    "count": (lambda v: v["unit"] == "persons", "", ""),
}


def _persons_predicates() -> list[Predicate]:
    found = []
    for name, (unit, sv, en) in _CONDITIONS.items():
        found += [
            Predicate(
                f"persons.needed.{name}",
                _both(unit, lambda v: _has(v, "lacking") and _before_deadline(v)),
                f"Det motsvarar {_FEWER} netto{sv}.",
                f"That is {_FEWER} net{en}.",
            ),
            Predicate(
                f"persons.needed_at_deadline.{name}",
                _both(unit, lambda v: _has(v, "lacking") and not _before_deadline(v)),
                f"För att nå målet hade det behövts {_FEWER} netto{sv}.",
                f"To meet the target it would have taken {_FEWER} net{en}.",
            ),
            Predicate(
                f"persons.to_spare.{name}",
                _both(unit, lambda v: _has(v, "ahead")),
                f"Marginalen till målnivån är {{ahead:persons}} netto{sv}.",
                f"The margin to the target level is {{ahead:persons}} net{en}.",
            ),
        ]
    return found


def _both(
    first: Callable[[Values], bool], second: Callable[[Values], bool]
) -> Callable[[Values], bool]:
    return lambda v: not v["reason"] and first(v) and second(v)


def _has(v: Values, name: str) -> bool:
    return bool(v.get(name, 0) > 0)


_BESIDE_PATH = [
    Predicate(
        "persons.behind_path",
        lambda v: not v["reason"] and _has(v, "lacking_path") and _before_deadline(v),
        "För att ligga på målbanan {period:when} hade det behövts "
        "{lacking_path:moreorfewer|{measure}|{group}|{persons_better}}.",
        "To be on the target path {period:when} it would have taken "
        "{lacking_path:moreorfewer|{measure}|{group}|{persons_better}}.",
    ),
    Predicate(
        "persons.ahead_of_path",
        lambda v: not v["reason"] and _has(v, "ahead_path") and _before_deadline(v),
        "Marginalen till målbanan {period:when} är {ahead_path:persons}.",
        "The margin to the target path {period:when} is {ahead_path:persons}.",
    ),
    Predicate(
        "persons.per_month",
        lambda v: not v["reason"] and _has(v, "per_month") and v["months_left"] > 0,
        "Utslaget till {deadline:period} är det {per_month:number|{month_decimals}} i månaden, "
        "netto.",
        "Spread over the time to {deadline:period} it is {per_month:number|{month_decimals}} a "
        "month, net.",
    ),
]

_FOLLOW_UPS = [
    Predicate(
        "early.first",
        lambda v: (
            status_by_rules(v) == "too_early" or v["reason"] == "too_few_periods"
        )
        and v.get("first_judgeable", v["deadline"]) < v["deadline"],
        "Tidigast {first_judgeable:when} går det att se om utvecklingen följer målbanan.",
        "At the earliest {first_judgeable:when} it can be seen whether the target path is "
        "followed.",
    ),
    Predicate(
        "early.at_deadline",
        lambda v: (
            status_by_rules(v) == "too_early" or v["reason"] == "too_few_periods"
        )
        and v.get("first_judgeable") == v["deadline"],
        "Först vid måldatumet, {deadline:period}, går målet att bedöma.",
        "Only at the deadline, {deadline:period}, can the target be judged.",
    ),
    *_directed(
        "unchanged.smallest",
        lambda v: status_by_rules(v) == "no_certain_change" and "smallest" in v,
        "En <noun> på minst {smallest:change|{unit}|{decimals}} hade behövts för att den skulle "
        "vara säkerställd.",
        "A <noun> of at least {smallest:change|{unit}|{decimals}} would have been needed to be "
        "established.",
    ),
    *_directed(
        "unchanged.never",
        lambda v: status_by_rules(v) == "no_certain_change" and "smallest" not in v,
        "Med så få personer hade ingen <noun> kunnat säkerställas.",
        "With so few persons no <noun> could have been established.",
    ),
    Predicate(
        "outcome.unpublished",
        lambda v: v["outcome_unpublished"] and _before_deadline(v),
        "Utfallet för måldatumet är ännu inte publicerat.",
        "The outcome for the deadline is not yet published.",
    ),
    Predicate(
        "caveat.season",
        lambda v: v["season_left_in"],
        "Säsongen är inte borträknad.",
        "The season is not taken out.",
    ),
    Predicate(
        "caveat.small_base",
        lambda v: v["small_base"],
        "Uppgifterna vilar på färre än 50 personer.",
        "The figures rest on fewer than 50 persons.",
    ),
]
_LEADS = [
    Predicate("lead.verdict", lambda v: v["decided"], "Bedömning:", "Verdict:"),
    Predicate(
        "lead.illustrative",
        lambda v: not v["decided"],
        "Om målet hade gällt:",
        "If the target had been in force:",
    ),
]
_VERDICTS = _verdicts()
_PERSONS = _persons_predicates()

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_LEADS,
        *_VERDICTS,
        *_PROGRESS,
        *_PACE,
        *_PERSONS,
        *_BESIDE_PATH,
        *_FOLLOW_UPS,
    )
}


def verdict_values(track: Track) -> dict[str, Value]:
    """Return the slots of a track and how finely its quotients are printed."""
    values = track_values(track)
    scale = 100 if track.unit == "share" else 1
    if "share_done" in values:
        values["done_decimals"] = _share_decimals(track.verdict.share_done)
    if "so_far" in values and "required" in values:
        values["pace_decimals"] = pace_decimals(
            scale * track.pace.so_far, scale * track.pace.required
        )
    if "quotient" in values:
        values["quotient_decimals"] = numbers.decimals_apart(track.pace.quotient, 1.0)
    if "per_month" in values:
        values["month_decimals"] = 0 if float(values["per_month"]) >= 10 else 1  # type: ignore[arg-type]
    return values


def verdict_line(track: Track, *, lang: str = "sv") -> Text:
    """Return the lead and the word of the verdict, with what belongs to it; no more."""
    raise NotImplementedError


def _share_decimals(share: float) -> int:
    """Finer where rounding would move the share onto or across a limit of the rules."""
    return max(
        numbers.decimals_apart(100 * share, limit, least=0, most=2) for limit in (60.0, 100.0)
    )
