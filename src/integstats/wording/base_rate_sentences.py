"""How often a change as large as a target's has been reached before, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from integstats.catalogue import Language, Source
from integstats.targets.base_rate import BaseRate, Scope
from integstats.wording import numbers
from integstats.wording.base_rate_titles import all_of, base_rate_title, is_decided, is_halving
from integstats.wording.claims import Claim, Predicate, Text, all_true, first_true
from integstats.wording.footer_sentences import target_footer
from integstats.wording.phrases import comparator_code, group_code
from integstats.wording.target_sentences import TargetText, what_and_when
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


def _on(scale: str) -> Callable[[Values], bool]:
    return lambda v: v["scale"] == scale


def _beside_others(v: Values) -> bool:
    return bool(v["areas"] > 1 and v["windows_all"] > v["windows"] > 0)


def _asked_is_stated(v: Values) -> bool:
    stated = v["required"] - (1 if v["scale"] == "quotient" else 0)
    return math.isclose(v["change"], stated, abs_tol=1e-12)


_SUBTITLE = [
    Predicate(
        "base_rate.subtitle.others",
        _beside_others,
        "Förändring på {months:count} månader. Staplar: alla {areas:count} områden i uppgifterna, "
        "{windows_all:count} perioder. Linje: {place:place}, {windows:count} perioder. "
        "Perioderna överlappar varandra.",
        "Change over {months:count} months. Bars: all {areas:count} areas in the figures, "
        "{windows_all:count} periods. Line: {place:place}, {windows:count} periods. The periods "
        "overlap.",
    ),
    Predicate(
        "base_rate.subtitle.alone",
        lambda v: v["areas"] == 1,
        "Förändring på {months:count} månader. Staplar: {windows:count} perioder, som överlappar "
        "varandra.",
        "Change over {months:count} months. Bars: {windows:count} periods, which overlap.",
    ),
]
_ASKED = {"quotient": "{change:spct|{asked_decimals}}", "difference": "{change:spp|1}"}
_ALT = [
    Predicate(
        "base_rate.alt.others",
        _beside_others,
        f"Histogram över förändringen på {{months:count}} månader av {_SUBJECT} {{place:in}} "
        "(linje) och i alla {areas:count} områden i uppgifterna (staplar).",
        f"Histogram of the change over {{months:count}} months of {_SUBJECT} {{place:in}} (line) "
        "and in all {areas:count} areas in the figures (bars).",
    ),
    Predicate(
        "base_rate.alt.alone",
        lambda v: v["areas"] == 1,
        f"Histogram över förändringen på {{months:count}} månader av {_SUBJECT} {{place:in}}.",
        f"Histogram of the change over {{months:count}} months of {_SUBJECT} {{place:in}}.",
    ),
    *(
        Predicate(
            f"base_rate.alt.goal.{scale}{standing}",
            all_of(_asked_is_stated, _on(scale), is_decided(ok)),
            f"{the_sv} förutsätter en förändring på {asked}.",
            f"{the_en} asks for a change of {asked}.",
        )
        for scale, asked in _ASKED.items()
        for standing, ok, the_sv, the_en in (
            ("", True, "Målet", "The target"),
            (".example", False, "Räkneexemplet", "The illustrative target"),
        )
    ),
    Predicate(
        "base_rate.alt.reached",
        lambda v: 0 <= v["reached"] <= v["windows"] and not _beside_others(v),
        "Så mycket nåddes i {reached:count} av {windows:count} perioder.",
        "As much was reached in {reached:count} of {windows:count} periods.",
    ),
    Predicate(
        "base_rate.alt.reached_others",
        lambda v: _beside_others(v) and v["reached"] <= v["reached_all"] <= v["windows_all"],
        "Så mycket nåddes i {reached:count} av {windows:count} perioder {place:in} och i "
        "{reached_all:count} av {windows_all:count} i alla områden.",
        "As much was reached in {reached:count} of {windows:count} periods {place:in} and in "
        "{reached_all:count} of {windows_all:count} in all areas.",
    ),
]
_LABELS = [
    Predicate(
        "base_rate.label.halving",
        lambda v: is_halving(v) and _asked_is_stated(v),
        f"Mål: halvering, {_ASKED['quotient']}",
        f"Target: halving, {_ASKED['quotient']}",
    ),
    *(
        Predicate(
            f"base_rate.label.goal.{scale}",
            all_of(_asked_is_stated, _on(scale)),
            f"Mål: {asked}",
            f"Target: {asked}",
        )
        for scale, asked in _ASKED.items()
    ),
]
_BEST_SHOWN = {
    "quotient": "{best_change:spct|{size_decimals}}, {start:periods|{end}}",
    "difference": "{best_change:spp|{decimals}}, {start:periods|{end}}",
}
_BEST_LABELS = [
    Predicate(
        f"base_rate.label.best.{scale}",
        all_of(
            _on(scale),
            lambda v: math.isclose(abs(v["best_change"]), v["size"]),
        ),
        f"Bäst {{best_place:in}}: {shown}",
        f"Best {{best_place:in}}: {shown}",
    )
    for scale, shown in _BEST_SHOWN.items()
]
_AREAS_LABEL = Predicate(
    "base_rate.label.areas",
    _beside_others,
    "Alla {areas:count} områden",
    "All {areas:count} areas",
)

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_COUNTS, *_BEST, *_SUBTITLE, *_ALT, *_LABELS, *_BEST_LABELS, _AREAS_LABEL,
    )
}  # fmt: skip


def base_rate_chart_text(
    found: BaseRate,
    *,
    sources: Sequence[Source] = (),
    organisation: str = "",
    lang: Language = "sv",
) -> TargetText:
    """Return everything that is written on a chart of a base rate that has windows of its place.

    In the place of a verdict stands how often the change was reached in all places, empty where
    no other is loaded; the footer begins with the largest changes.

    Parameters
    ----------
    found
        The base rate.
    sources
        Where the figures come from.
    organisation
        Who publishes the chart.
    lang
        Language.
    """
    values = chart_values(found)
    everywhere = _values(found, found.everywhere)
    best = [first_true(_BEST, values)]
    counts = []
    if found.everywhere.places != found.own.places:
        counts = [first_true(_COUNTS, everywhere)]
        if found.everywhere.best_place != found.own.best_place:
            best = [first_true(_BEST, everywhere), *best]
    counted, largest = (
        Text.of(*(claim for claim in claims if claim is not None), lang=lang)
        for claims in (counts, best)
    )
    footer = target_footer(found.target, sources, organisation=organisation, lang=lang)
    period = found.windows["start"].min(), found.windows["end"].max()
    what = what_and_when(values, reading=found.target.reading, first=period[0], last=period[1])
    return TargetText(
        title=base_rate_title(values, lang=lang),
        subtitle=Text.of(*what, *all_true(_SUBTITLE, values), lang=lang),
        verdict=counted,
        alt=Text.of(*all_true(_ALT, values), *largest.claims, lang=lang),
        lines=(base_rate_text(found, lang=lang),),
        footer=(largest, *footer),
    )


def goal_label(found: BaseRate) -> Claim:
    """Return the claim that names the target on a chart."""
    claim = first_true(_LABELS, chart_values(found))
    assert claim is not None  # a target has one of the two scales
    return claim


def best_label(found: BaseRate, scope: Scope) -> Claim:
    """Return the claim that names the best change of a scope with its place and dates."""
    claim = first_true(_BEST_LABELS, _values(found, scope))
    assert claim is not None  # a scope with windows has a best one
    return claim


def areas_label(found: BaseRate) -> Claim:
    """Return the claim that names all places loaded; it holds where there are others."""
    return Claim(_AREAS_LABEL, chart_values(found))


def chart_values(found: BaseRate) -> dict[str, Any]:
    """Return the slots of a chart of a base rate: of its own place, and of all beside it."""
    change = found.required - (1 if found.scale == "quotient" else 0)
    last = found.windows["end"].max() if len(found.windows) else found.target.baseline_period
    return {
        **_values(found, found.own),
        "age": found.target.age_at(last),
        "decided": found.target.decided,
        "change": change,
        "asked": abs(change),
        "asked_decimals": 0 if math.isclose(100 * change, round(100 * change)) else 1,
        "areas": len(found.everywhere.places),
        "reached_all": found.everywhere.reached,
        "windows_all": found.everywhere.windows,
    }


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
            "best_change": change,
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
