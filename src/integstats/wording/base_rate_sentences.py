"""How often a change as large as a target's has been reached before, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from integstats.catalogue import Language
from integstats.targets.base_rate import BaseRate, Scope
from integstats.wording import numbers
from integstats.wording.claims import Claim, Predicate, Text, first_true
from integstats.wording.phrases import comparator_code, group_code
from integstats.wording.track_values import DECIMALS
from integstats.wording.verdict_sentences import directed

Values = Mapping[str, Any]

_SUBJECT = "{group:subject|{unit}|{measure}|{versus}}"
_SIZE, _POINTS = "{size:rate|{size_decimals}}", "{size:change|pp|{decimals}}"
_LEVELS = {
    "sv": "från {from:figure|{unit}|{decimals}} {start:when} till "
    "{to:level|{unit}|{decimals}} {end:when}",
    "en": "from {from:figure|{unit}|{decimals}} {start:when} to "
    "{to:level|{unit}|{decimals}} {end:when}",
}
_HOW = {"sv": "{reading:reading}, {months:count} månader isär", "en": "{reading:reading}, "
        "{months:count} months apart"}  # fmt: skip


def _of(extent: str, test: Callable[[Values], bool]) -> Callable[[Values], bool]:
    return lambda v: v["extent"] == extent and 0 <= v["reached"] <= v["windows"] and test(v)


def _some(v: Values) -> bool:
    return bool(v["reached"] > 0)


def _none(v: Values) -> bool:
    return bool(v["reached"] == 0 < v["windows"])


def _is_quotient(v: Values) -> bool:
    return v["scale"] == "quotient" and math.isclose(v["best"], v["to"] / v["from"], rel_tol=1e-9)


def _is_difference(v: Values) -> bool:
    return v["scale"] == "difference" and math.isclose(v["best"], v["to"] - v["from"], abs_tol=1e-9)


def _improved(v: Values) -> bool:
    return bool((v["to"] < v["from"]) == (v["better"] == "down") and v["to"] != v["from"])


_COUNTS = [
    *(
        Predicate(
            f"base_rate.{extent}.{name}",
            _of(extent, test),
            f"{where_sv}: {sv}",
            f"{where_en}: {en}",
        )
        for extent, where_sv, where_en in (
            (
                "own",
                f"{_SUBJECT} {{place:in}}, {_HOW['sv']}",
                f"{_SUBJECT} {{place:in}}, {_HOW['en']}",
            ),
            ("county", "{place:place}", "{place:place}"),
            (
                "all",
                "Alla {places:count} områden i uppgifterna",
                "All {places:count} areas in the figures",
            ),
        )
        for name, test, sv, en in (
            (
                "some",
                _some,
                "en så stor förändring som målet förutsätter nåddes i {reached:count} av "
                "{windows:count} perioder, som överlappar varandra.",
                "a change as large as the target asks for was reached in {reached:count} of "
                "{windows:count} periods, which overlap.",
            ),
            (
                "none",
                _none,
                "en så stor förändring som målet förutsätter nåddes inte i någon av "
                "{windows:count} perioder.",
                "a change as large as the target asks for was reached in none of "
                "{windows:count} periods.",
            ),
        )
    ),
    Predicate(
        "base_rate.no_history",
        lambda v: v["windows"] == 0,
        f"{_SUBJECT} {{place:in}}: det finns ingen jämförbar period på {{months:count}} månader.",
        f"{_SUBJECT} {{place:in}}: there is no comparable period of {{months:count}} months.",
    ),
]
_BEST = [
    *directed(
        "base_rate.best",
        lambda v: _is_quotient(v) and _improved(v),
        f"Den största <noun>en {{best_place:in}} var {_SIZE}, {_LEVELS['sv']}.",
        f"The largest <noun> {{best_place:in}} was {_SIZE}, {_LEVELS['en']}.",
    ),
    *directed(
        "base_rate.best_difference",
        lambda v: _is_difference(v) and _improved(v),
        f"Den största <noun>en {{best_place:in}} var {_POINTS}, {_LEVELS['sv']}.",
        f"The largest <noun> {{best_place:in}} was {_POINTS}, {_LEVELS['en']}.",
    ),
    *directed(
        "base_rate.never_better",
        lambda v: v["windows"] > 0 and not _improved(v),
        "Någon <noun> syntes inte {best_place:in} i någon period.",
        "No <noun> was seen {best_place:in} in any period.",
    ),
]

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in (*_COUNTS, *_BEST)}


def base_rate_text(found: BaseRate, *, lang: Language = "sv") -> Text:
    """Return how often it was reached in the place, its county and all places, and the best."""
    claims: list[Claim] = []
    scopes = [found.own, found.county, found.everywhere]
    if found.everywhere.places == found.own.places:
        scopes = [found.own]
    for scope in scopes:
        if scope is None or (scope.windows == 0 and scope.extent != "own"):
            continue
        values = _values(found, scope)
        both = (first_true(_COUNTS, values), first_true(_BEST, values) if scope.windows else None)
        claims += [claim for claim in both if claim is not None]
    return Text.of(*claims, lang=lang)


def _values(found: BaseRate, scope: Scope) -> dict[str, Any]:
    target = found.target
    values: dict[str, Any] = {
        "group": group_code(target.birth_region, target.sex),
        "versus": comparator_code(target.comparator, target.sex) if target.comparator else "",
        "measure": target.measure,
        "unit": found.unit,
        "better": target.better,
        "reading": target.reading,
        "months": found.months,
        "extent": scope.extent,
        "scale": found.scale,
        "required": found.required,
        "place": scope.places[0] if scope.extent == "county" else found.place,
        "places": len(scope.places),
        "windows": scope.windows,
        "reached": scope.reached,
    }
    if scope.windows:
        change = scope.best if found.scale == "difference" else scope.best - 1
        values |= {
            "best": scope.best,
            "size": abs(change),
            "best_place": scope.best_place,
            "start": str(scope.best_start),
            "end": str(scope.best_end),
            "from": scope.best_from,
            "to": scope.best_to,
            "decimals": _decimals(found, scope),
            "size_decimals": numbers.decimals_apart(
                100 * scope.best, 100 * found.required, least=0, most=2
            ),
        }
    return values


def _decimals(found: BaseRate, scope: Scope) -> int:
    """How many decimals show the best change on its own side of the one that is asked for."""
    least, scale = DECIMALS[found.unit], 100 if found.unit == "share" else 1
    for decimals in range(least, least + 2):
        start, end = (
            float(numbers.rounded(scale * one, decimals))
            for one in (scope.best_from, scope.best_to)
        )
        difference = found.scale == "difference"
        asked = start + found.required if difference else start * found.required
        exactly = found.required - scope.best
        if exactly == 0 or (asked - end) * exactly > 0:
            return decimals
    return least + 2
