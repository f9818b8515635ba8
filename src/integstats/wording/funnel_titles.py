"""Titles of funnel charts: who stands out by more than chance, in few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from integstats.catalogue import Language
from integstats.wording.claims import Predicate, Text, Value
from integstats.wording.titles import shortest_fit

SURE = 0.99
"""From this confidence on, chance cannot be said to explain what lies beyond a limit."""
Values = Mapping[str, Any]
Test = Callable[[Values], bool]


def _judged(side: str, *, outer: bool) -> Test:
    """Whether the highlighted place lies on a side, beyond the outermost limits or an inner one."""
    return lambda v: (
        v.get("side") == side and (v["outside"] == v["outer"]) == outer and v["outside"] > 0
    )


def _surely(test: Test) -> Test:
    return lambda v: test(v) and not v["widened"] and v["outer"] >= SURE


def _likely(side: str) -> Test:
    outer, inner = _judged(side, outer=True), _judged(side, outer=False)
    return lambda v: not v["widened"] and (inner(v) or (outer(v) and v["outer"] < SURE))


def _beyond_widened(*, outer: bool) -> Test:
    return lambda v: (
        v["widened"] and v.get("outside", 0) > 0 and (v["outside"] == v["outer"]) == outer
    )


def _within(widened: bool) -> Test:
    return lambda v: v.get("side") == "within" and v["widened"] == widened


def _counted(v: Values) -> bool:
    return bool(0 <= v["out"] == v["above"] + v["below"] <= v["total"])


def _some_out(widened: bool) -> Test:
    """Whether more lie outside the outermost limits than chance would put there."""
    return lambda v: _counted(v) and v["out"] > v["out_limit"] and v["widened"] == widened


def _chance_alone(v: Values) -> bool:
    few = _counted(v) and v["out"] <= v["out_limit"]
    return few and not v["widened"] and not is_excess(v)


def is_excess(v: Values) -> bool:
    """Whether the places differ more than chance lets them, as a whole."""
    return "phi" in v and v["phi"] > max(v["phi_limit"], 1.0)


def _title(name: str, test: Test, sv: str, en: str) -> Predicate:
    return Predicate(f"funnel.title.{name}", test, sv, en)


_WHAT = "{group:who}: {measure:definite}"
_HERE = f"{_WHAT} {{place:in}}"
_PART = {
    "sv": "{out:count} av {total:count} {kind:kind}",
    "en": "{out:count} of {total:count} {kind:kind}",
}
_SIDES = (("below", "lägre", "lower"), ("above", "högre", "higher"))
_TITLES = [
    *(
        _title(
            f"place_{side}",
            _surely(_judged(side, outer=True)),
            f"{_HERE} är {word} än slumpen kan förklara",
            f"{_HERE} is {word_en} than chance can explain",
        )
        for side, word, word_en in _SIDES
    ),
    *(
        _title(
            f"place_likely_{side}",
            _likely(side),
            f"{_HERE} är {word} än slumpen brukar ge",
            f"{_HERE} is {word_en} than chance usually gives",
        )
        for side, word, word_en in _SIDES
    ),
    _title(
        "place_beyond_widened",
        _beyond_widened(outer=True),
        f"{_HERE} ligger utanför de vidgade gränserna",
        f"{_HERE} lies outside the widened limits",
    ),
    _title(
        "place_between_widened",
        _beyond_widened(outer=False),
        f"{_HERE} ligger mellan de vidgade gränserna",
        f"{_HERE} lies between the widened limits",
    ),
    _title(
        "place_within",
        _within(False),
        f"{_HERE} ligger inom vad slumpen brukar ge",
        f"{_HERE} lies within what chance usually gives",
    ),
    _title(
        "place_within_widened",
        _within(True),
        f"{_HERE} ligger inom de vidgade gränserna",
        f"{_HERE} lies within the widened limits",
    ),
    _title(
        "some",
        _some_out(False),
        f"{_WHAT} avviker mer än slumpen ger i {_PART['sv']}",
        f"{_WHAT} deviates more than by chance in {_PART['en']}",
    ),
    _title(
        "some_widened",
        _some_out(True),
        f"{_WHAT} ligger utanför de vidgade gränserna i {_PART['sv']}",
        f"{_WHAT} lies outside the widened limits in {_PART['en']}",
    ),
    _title(
        "chance",
        _chance_alone,
        "{group:who}: slumpen kan förklara skillnaderna i {measure:noun} mellan {total:count} "
        "{kind:kind}",
        "{group:who}: chance can explain the differences in {measure:noun} between {total:count} "
        "{kind:kind}",
    ),
    _title(
        "short",
        _counted,
        f"{{group:who}}: {_PART['sv']} ligger utanför gränserna",
        f"{{group:who}}: {_PART['en']} lie outside the limits",
    ),
]

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in _TITLES}


def funnel_title(values: Mapping[str, Value], *, lang: Language) -> Text:
    """Return the title: of one place where its side is known, else of all.

    Parameters
    ----------
    values
        What `integstats.wording.funnel_sentences.funnel_values` returned.
    lang
        Language.
    """
    return shortest_fit(_TITLES, values, lang=lang)
