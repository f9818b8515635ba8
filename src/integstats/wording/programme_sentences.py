"""Outcomes of programmes in words that claim no effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integstats.catalogue import Language
from integstats.targets.programmes import Difference, Needed, Outcome, effect_words
from integstats.wording.claims import Predicate, Text, all_true

Values = Mapping[str, Any]

_INTERVAL = {
    "sv": "95 procents osäkerhetsintervall {low:interval|{high}|share|1}",
    "en": "95 per cent uncertainty interval {low:interval|{high}|share|1}",
}
_COUNTS = {
    "sv": "{count:count} av {participants:count} deltagare, {share:rate|1} "
    f"({_INTERVAL['sv']}).",
    "en": "{count:count} of {participants:count} participants, {share:rate|1} "
    f"({_INTERVAL['en']}).",
}


def _is_share(v: Values) -> bool:
    return (
        abs(v["share"] - v["count"] / v["participants"]) < 1e-12
        and v["low"] <= v["share"] <= v["high"]
        and not effect_words(v["name"])
    )


def _is_enough(v: Values) -> bool:
    """With one participant fewer, the share would be of too few persons."""
    if not v["share"] > 0 or not v["needed_low"] <= v["needed"] <= v["needed_high"]:
        return False
    return bool((v["needed"] - 1) * v["share"] < v["persons"] <= v["needed"] * v["share"] + 1e-6)


_OUTCOME = [
    Predicate(
        "programme.outcome",
        lambda v: _is_share(v) and bool(v["name"]),
        f"{{name}}: {_COUNTS['sv']}",
        f"{{name}}: {_COUNTS['en']}",
    ),
    Predicate(
        "programme.outcome_unnamed",
        lambda v: _is_share(v) and not v["name"],
        _COUNTS["sv"],
        _COUNTS["en"],
    ),
    Predicate(
        "programme.open.who",
        lambda v: "who" in v["left_open"],
        "Det framgår inte vilka de {participants:count} var.",
        "The source does not say who the {participants:count} were.",
    ),
    Predicate(
        "programme.open.when",
        lambda v: "when" in v["left_open"],
        "Det framgår inte under vilken tid resultatet gäller.",
        "The source does not say over which time the result holds.",
    ),
    Predicate(
        "programme.open.counted",
        lambda v: "counted" in v["left_open"],
        "Det framgår inte vad som räknades som arbete.",
        "The source does not say what counted as a job.",
    ),
    Predicate(
        "programme.said.who",
        lambda v: bool(v["who"]) and not effect_words(v["who"]),
        "Deltagare: {who}.",
        "Participants: {who}.",
    ),
    Predicate(
        "programme.said.when",
        lambda v: bool(v["when"]) and not effect_words(v["when"]),
        "Tid: {when}.",
        "Time: {when}.",
    ),
    Predicate(
        "programme.said.counted",
        lambda v: bool(v["counted"]) and not effect_words(v["counted"]),
        "Som arbete räknades: {counted}.",
        "Counted as a job: {counted}.",
    ),
    Predicate(
        "programme.no_comparison",
        lambda v: v["participants"] > 0,
        "Utan jämförelsegrupp är det inte känt hur många som annars hade fått arbete.",
        "Without a comparison group it is not known how many would have found a job anyway.",
    ),
]
_NEEDED = [
    Predicate(
        "programme.needed",
        _is_enough,
        "Om ingen av deltagarna annars hade fått arbete, och alla arbeten består, krävs minst "
        "{needed:count} deltagare ({needed_low:count}–{needed_high:count}). Hur många som ändå "
        "hade fått arbete är inte känt.",
        "If none of the participants would have found a job otherwise, and all jobs last, at "
        "least {needed:count} participants are needed ({needed_low:count}–{needed_high:count}). "
        "How many would have found a job anyway is not known.",
    ),
    Predicate(
        "programme.never_enough",
        lambda v: v["share"] == 0,
        "Ingen av deltagarna fick arbete: hur många deltagare som krävs går inte att säga.",
        "None of the participants found a job: how many participants are needed cannot be said.",
    ),
]
_DIFFERENCE = [
    Predicate(
        "programme.differs",
        lambda v: v["low_pp"] > 0 or v["high_pp"] < 0,
        "Skillnaden mellan {first} och {second} är {difference:spp|1} (95 procents "
        "osäkerhetsintervall {low_pp:interval|{high_pp}|pp|1}). Deltagarna är inte valda av en "
        "slump, så skillnaden säger inte vad insatserna betydde.",
        "The difference between {first} and {second} is {difference:spp|1} (95 per cent "
        "uncertainty interval {low_pp:interval|{high_pp}|pp|1}). Participants are not chosen by "
        "chance, so the difference does not say what the programmes meant.",
    ),
    Predicate(
        "programme.does_not_differ",
        lambda v: v["low_pp"] <= 0 <= v["high_pp"],
        "Ingen säkerställd skillnad mellan {first} och {second}: {difference:spp|1} (95 procents "
        "osäkerhetsintervall {low_pp:interval|{high_pp}|pp|1}).",
        "No established difference between {first} and {second}: {difference:spp|1} (95 per cent "
        "uncertainty interval {low_pp:interval|{high_pp}|pp|1}).",
    ),
]

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in (*_OUTCOME, *_NEEDED, *_DIFFERENCE)}


def outcome_text(found: Outcome, *, lang: Language = "sv") -> Text:
    """Return the outcome, what its source says and leaves open, and that nobody was compared."""
    fields = ("name", "count", "participants", "share", "low", "high", "who", "when", "counted")
    values: dict[str, Any] = {name: getattr(found, name) for name in fields}
    return Text.of(*all_true(_OUTCOME, {**values, "left_open": found.left_open}), lang=lang)


def needed_text(found: Needed, *, lang: Language = "sv") -> Text:
    """Return the lower bound of participants."""
    slots: dict[str, Any] = {
        "persons": found.persons,
        "share": found.outcome.share,
        "needed": found.participants,
        "needed_low": found.low,
        "needed_high": found.high,
    }
    known = {slot: value for slot, value in slots.items() if value is not None}
    return Text.of(*all_true(_NEEDED, known), lang=lang)


def difference_text(found: Difference, *, lang: Language = "sv") -> Text:
    """Return the difference of two programmes with its interval."""
    unnamed = {"sv": ("den första insatsen", "den andra"), "en": ("the first", "the second")}[lang]
    values: dict[str, Any] = {
        "first": found.first.name or unnamed[0],
        "second": found.second.name or unnamed[1],
        "difference": found.difference_pp,
        "low_pp": found.low_pp,
        "high_pp": found.high_pp,
    }
    return Text.of(*all_true(_DIFFERENCE, values), lang=lang)
