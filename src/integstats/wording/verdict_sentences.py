"""The word of a verdict, why it cannot be judged, and when it can.

The word of a status is written only where the numbers in its slots lead to that status by
METHOD's eleven rules, worked out again here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

import numpy as np

from integstats.catalogue import Language
from integstats.errors import SchemaError
from integstats.targets.track import Track
from integstats.targets.verdict import (
    Reason,
    Status,
    judge,
    judge_change,
    reaches,
    status_of,
)
from integstats.wording.change import is_large
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true, first_true
from integstats.wording.terms import VERDICTS
from integstats.wording.track_values import track_values

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
    (True, False): (", enligt preliminära uppgifter", ", on preliminary figures"),
    (False, True): (", med liten marginal", ", narrowly"),
    (True, True): (
        ", med liten marginal, enligt preliminära uppgifter",
        ", narrowly, on preliminary figures",
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
        stays_reached=np.array(reached.all()),
        change=change,
    )
    return status_of(int(rule))


def verdict_word(v: Values) -> str:
    """Return the key of `terms.VERDICTS` that the slots lead to; empty where they contradict."""
    status = status_by_rules(v)
    if status != v["status"]:
        return ""
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
    return lambda v: verdict_word(v) == "cannot_judge" and v["reason"] == reason


def _verdicts() -> dict[str, list[Predicate]]:
    """The predicates of each word."""
    found: dict[str, list[Predicate]] = {}
    for word, (sv, en) in VERDICTS.items():
        if word in ("met", "missed"):
            found[word] = [
                Predicate(
                    f"verdict.{word}" + ".narrow" * narrow + ".preliminary" * preliminary,
                    _outcome(word, preliminary, narrow),
                    f"{sv}{more_sv}.",
                    f"{en}{more_en}.",
                )
                for (preliminary, narrow), (more_sv, more_en) in _MARGINS.items()
            ]
        elif word == "cannot_judge":
            found[word] = [
                Predicate(
                    f"verdict.{word}.{reason}",
                    _because(reason),
                    f"{sv}: {why}.",
                    f"{en}: {why_en}.",
                )
                for reason, (why, why_en) in REASONS.items()
            ]
        else:
            found[word] = [Predicate(f"verdict.{word}", _is(word), f"{sv}.", f"{en}.")]
    return found


def before_deadline(v: Values) -> bool:
    """Whether the reading is earlier than the deadline."""
    return bool(v["period"] < v["deadline"])


def directed(name: str, test: Callable[[Values], bool], sv: str, en: str) -> list[Predicate]:
    """Return the same sentence for what should fall and for what should rise.

    In the templates ``<noun>``, ``<noun_the>`` and ``<verb>`` stand for the improvement, as
    minskning, minskningen and minska.
    """
    words = {
        "down": (("minskning", "minska"), ("fall", "fall")),
        "up": (("ökning", "öka"), ("rise", "rise")),
    }
    return [
        Predicate(
            f"{name}.{better}",
            _when_better(better, test),
            sv.replace("<noun>", noun).replace("<noun_the>", f"{noun}en").replace("<verb>", verb),
            en.replace("<noun>", noun_en).replace("<verb>", verb_en),
        )
        for better, ((noun, verb), (noun_en, verb_en)) in words.items()
    ]


def _when_better(better: str, test: Callable[[Values], bool]) -> Callable[[Values], bool]:
    return lambda v: v["better"] == better and test(v)


def _is_early(v: Values) -> bool:
    return v["reason"] == "too_few_periods" or status_by_rules(v) == "too_early"


_FOLLOW_UPS = [
    Predicate(
        "early.first",
        lambda v: _is_early(v) and v.get("first_judgeable", v["deadline"]) < v["deadline"],
        "Tidigast {first_judgeable:when} går det att se om utvecklingen följer målbanan.",
        "At the earliest {first_judgeable:when} it can be seen whether the target path is "
        "followed.",
    ),
    Predicate(
        "early.at_deadline",
        lambda v: _is_early(v) and v.get("first_judgeable") == v["deadline"],
        "Först vid måldatumet, {deadline:period}, går målet att bedöma.",
        "Only at the deadline, {deadline:period}, can the target be judged.",
    ),
    *directed(
        "unchanged.smallest",
        lambda v: status_by_rules(v) == "no_certain_change" and "smallest" in v,
        "En <noun> på minst {smallest:change|{unit}|{decimals}} hade behövts för att vara "
        "säkerställd.",
        "A <noun> of at least {smallest:change|{unit}|{decimals}} would have been needed to be "
        "established.",
    ),
    *directed(
        "unchanged.never",
        lambda v: status_by_rules(v) == "no_certain_change" and "smallest" not in v,
        "Med så få personer hade ingen <noun> kunnat säkerställas.",
        "With so few persons no <noun> could have been established.",
    ),
    Predicate(
        "worse.small",
        lambda v: status_by_rules(v) == "worse" and "end" in v and not is_large(v),
        "Förändringen är säkerställd men mindre än {least:ppsize}; därför sägs nivån vara i stort "
        "sett oförändrad.",
        "The change is established but smaller than {least:ppsize}; that is why the level is said "
        "to be largely unchanged.",
    ),
    Predicate(
        "outcome.unpublished",
        lambda v: v["outcome_unpublished"] and before_deadline(v),
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

PREDICATES: Mapping[str, Predicate] = {
    one.id: one for one in (*_LEADS, *chain(*_VERDICTS.values()), *_FOLLOW_UPS)
}


def verdict_line(track: Track, *, lang: Language = "sv") -> Text:
    """Return the verdict line: its lead, and the words of the verdict.

    A räkneexempel's begins "Om målet hade gällt:"; a decided target's "Bedömning:".
    """
    return Text.of(*lead_and_word(track_values(track)), lang=lang)


def lead_and_word(values: Mapping[str, Value]) -> list[Claim]:
    """Return the claims of the verdict line."""
    lead = first_true(_LEADS, values)
    return [word(values)] if lead is None else [lead, word(values)]


def word(values: Mapping[str, Value]) -> Claim:
    """Return the claim that is the verdict itself.

    Raises
    ------
    SchemaError
        When the status is not the one that the numbers lead to.
    """
    claim = first_true(_VERDICTS.get(verdict_word(values), ()), values)
    if claim is None:
        raise SchemaError(
            f"The status {values['status']!r} does not follow from the numbers of its track, "
            f"which lead to {status_by_rules(values)!r}; make the track anew with track()."
        )
    return claim


def follow_ups(values: Mapping[str, Value]) -> list[Claim]:
    """Return what belongs to the verdict: when it can be judged, what would have shown."""
    return all_true(_FOLLOW_UPS, values)
