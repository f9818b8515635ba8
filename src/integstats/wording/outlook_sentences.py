"""How probable it is that a target is met, in words: never without what forecasts were worth."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from integstats.catalogue import Language
from integstats.targets.outlook import Outlook
from integstats.targets.track import Track
from integstats.wording.base_rate_titles import all_of, is_decided
from integstats.wording.claims import Claim, Predicate, Text, all_true
from integstats.wording.footer_sentences import track_footer
from integstats.wording.outlook_probability import (
    PROBABILITY,
    STANDINGS,
    told_claims,
    told_values,
)
from integstats.wording.target_sentences import TargetText, what_and_when
from integstats.wording.titles import shortest_fit

Values = Mapping[str, Any]

_SUBJECT = "{group:subject|{unit}|{measure}|{versus}}"
_WHAT = "{measure:definite|{unit}}"
_UNIT = "{unit}|{decimals}"


def _whole(v: Values) -> str:
    """Whether the 80 per cent interval lies past the target, before it, or around it."""
    sign = 1 if v["better"] == "down" else -1
    ends = sorted((sign * v["point_low"], sign * v["point_high"]))
    goal = sign * v["goal"]
    return "reaches" if ends[1] <= goal else "misses" if ends[0] > goal else "spans"


def _lies(how: str) -> Callable[[Values], bool]:
    return lambda v: _whole(v) == how


_TITLES = [
    Predicate(
        f"outlook.title{standing}.{how}{suffix}",
        all_of(_lies(how), is_decided(decided)),
        f"{before}prognosen för {about} {verb}",
        f"{before_en}the forecast for {about_en} {verb_en}",
    )
    for how, verb, verb_en in (
        ("misses", "når inte målet", "misses the target"),
        ("spans", "rymmer målet", "spans the target"),
        ("reaches", "når målet", "reaches the target"),
    )
    for suffix, about, about_en in (
        ("", f"{_SUBJECT} {{place:in}}", f"{_SUBJECT} {{place:in}}"),
        (".no_place", _SUBJECT, _SUBJECT),
        (".short", f"{_WHAT} för {{group:who}}", f"{_WHAT} for {{group:who}}"),
        (".shortest", "{group:who}", "{group:who}"),
    )
    for standing, decided, before, before_en in STANDINGS
]
_SUBTITLE = [
    Predicate(
        "outlook.subtitle.both",
        lambda v: bool(v["wide"]),
        "Prognos till {deadline:period}. Skuggat: intervall för 80\u00a0% (mörkare) och, där "
        "det finns, 95\u00a0% av fallen, efter {errors:count} tidigare fel lika långt fram.",
        "Forecast to {deadline:period}. Shaded: intervals for 80% (darker) and, where there is "
        "one, 95% of the cases, from {errors:count} past errors as far ahead.",
    ),
    Predicate(
        "outlook.subtitle.narrow",
        lambda v: not v["wide"],
        "Prognos till {deadline:period}. Skuggat: intervall för 80\u00a0% av fallen, efter "
        "{errors:count} tidigare fel lika långt fram.",
        "Forecast to {deadline:period}. Shaded: interval for 80% of the cases, from "
        "{errors:count} past errors as far ahead.",
    ),
]
_ALT = [
    Predicate(
        "outlook.alt.kind",
        lambda v: bool(v["method"]),
        "Linjediagram med prognos.",
        "Line chart with a forecast.",
    ),
    Predicate(
        "outlook.alt.course",
        lambda v: v["first"] < v["origin"],
        f"{_SUBJECT} {{place:in}} var {{start:level|{_UNIT}}} "
        f"{{first:when}} och {{latest:level|{_UNIT}}} {{origin:when}}.",
        f"{_SUBJECT} {{place:in}} was {{start:level|{_UNIT}}} "
        f"{{first:when}} and {{latest:level|{_UNIT}}} {{origin:when}}.",
    ),
    Predicate(
        "outlook.alt.forecast",
        lambda v: v["point_low"] <= v["point"] <= v["point_high"],
        f"Prognosen {{deadline:when}} är {{point:level|{_UNIT}}} (80-procentsintervall "
        f"{{point_low:interval|{{point_high}}|{_UNIT}}}), den säsongsnaiva "
        f"{{naive_point:level|{_UNIT}}}; målet är {{goal:level|{_UNIT}}}.",
        f"The forecast {{deadline:when}} is {{point:level|{_UNIT}}} (80 per cent interval "
        f"{{point_low:interval|{{point_high}}|{_UNIT}}}), the seasonal-naive one "
        f"{{naive_point:level|{_UNIT}}}; the target is {{goal:level|{_UNIT}}}.",
    ),
]
_POINT_LABEL = Predicate(
    "outlook.label.point",
    lambda v: v["method"] != "seasonal_naive",
    f"Prognos {{point:shown|{_UNIT}}}",
    f"Forecast {{point:shown|{_UNIT}}}",
)
_NAIVE_LABEL = Predicate(
    "outlook.label.naive",
    lambda v: math.isfinite(v["naive_point"]),
    f"Säsongsnaiv {{naive_point:shown|{_UNIT}}}",
    f"Seasonal-naive {{naive_point:shown|{_UNIT}}}",
)

PREDICATES: Mapping[str, Predicate] = {
    one.id: one for one in (*_TITLES, *_SUBTITLE, *_ALT, _POINT_LABEL, _NAIVE_LABEL)
}


def outlook_text(
    found: Outlook, track: Track, *, first: str, organisation: str = "", lang: Language = "sv"
) -> TargetText:
    """Return everything that is written on a chart of an outlook that has a probability.

    Parameters
    ----------
    found
        The outlook.
    track
        The track of the same target in the same figures.
    first
        The first period shown.
    organisation
        Who publishes the chart.
    lang
        Language.

    Raises
    ------
    TargetError
        When the outlook was refused, or has no forecast.
    """
    values = outlook_values(found, track, first=first)
    what = what_and_when(
        values, reading=found.target.reading, first=values["first"], last=found.origin
    )
    told = Text.of(*told_claims(values), lang=lang)
    return TargetText(
        title=shortest_fit(_TITLES, values, lang=lang),
        subtitle=Text.of(*what, *all_true(_SUBTITLE, values), lang=lang),
        verdict=told,
        alt=Text.of(*all_true((*_ALT, *PROBABILITY), values), lang=lang),
        lines=(told,),
        footer=track_footer(track, organisation=organisation, lang=lang),
    )


def end_claims(values: Values) -> tuple[Claim, ...]:
    """Return the claims that name the ends of the lines: the forecast, then the naive one."""
    return tuple(all_true((_POINT_LABEL, _NAIVE_LABEL), values))


def outlook_values(found: Outlook, track: Track, *, first: str) -> dict[str, Any]:
    """Return the slots of the sentences about an outlook.

    Raises
    ------
    TargetError
        When the outlook was refused, or has no forecast.
    """
    known = track.series.set_index("period")["value"]
    return {
        **told_values(found),
        "first": first,
        "start": float(known[first]),
        "latest": float(known[found.origin]),
    }
