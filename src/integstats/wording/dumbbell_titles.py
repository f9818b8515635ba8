"""Titles of charts of women and men in many places: in how many is a difference sure?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from integstats import catalogue
from integstats.catalogue import Language
from integstats.wording.claims import Predicate, Text, Value
from integstats.wording.titles import shortest_fit

Values = Mapping[str, Any]
_MANY = "{total:count} {kind:kind}"


def is_counted(v: Values) -> bool:
    """Whether the places whose interval of the gap lies above zero are counted right."""
    return bool(v["clear"] == sum(float(low) > 0 for low in v["lows"]) and v["total"] > 1) and (
        v["total"] == len(v["lows"])
    )


def of_sex(v: Values, sex: str) -> dict[str, Any]:
    """Return the slots of one sex, where the slots of both carry its name as their ending."""
    own = {slot: value for slot, value in v.items() if slot.endswith(f"_{sex}")}
    return {**v, **{slot.removesuffix(f"_{sex}"): value for slot, value in own.items()}}


def both(test: Callable[[Values], bool]) -> Callable[[Values], bool]:
    """Return the condition that something holds for women and for men."""
    return lambda v: "group_men" in v and all(test(of_sex(v, sex)) for sex in ("women", "men"))


def _every_counted(v: Values) -> bool:
    return is_counted(v) and bool(v["clear"] == v["total"])


def _all_clear(v: Values) -> bool:
    """Every place shown has an interval, and it lies above zero."""
    return _every_counted(v) and not v["without"]


def _none_clear(v: Values) -> bool:
    return is_counted(v) and not v["clear"]


def _is_single(v: Values) -> bool:
    return bool(v["shown"] == 1)


def _alike(v: Values) -> bool:
    return both(is_counted)(v) and bool(v["total_women"] == v["total_men"])


def _worse(better: str, test: Callable[[Values], bool]) -> Callable[[Values], bool]:
    return lambda v: catalogue.measure(v["measure"]).better == better and test(v)


def _one(test: Callable[[Values], bool]) -> Callable[[Values], bool]:
    return lambda v: "group_men" not in v and test(v)


_THAN = {"sv": "än {group:than|{versus}}", "en": "than {group:than|{versus}}"}
_OF = {"sv": f"i {{clear:count}} av {_MANY}", "en": f"in {{clear:count}} of {_MANY}"}
_WOMEN_AND_MEN = {
    "sv": "utrikes födda kvinnor och män",
    "en": "foreign-born women and men",
}
_COUNTED: tuple[tuple[str, Callable[[Values], bool], str, str], ...] = (
    (
        "both_all",
        lambda v: both(_all_clear)(v) and _alike(v),
        f"{_WOMEN_AND_MEN['sv']}: <word> {{measure:noun}} än {{group_women:than|{{versus_women}}}} "
        "i alla {total_women:count} {kind:kind}",
        f"{_WOMEN_AND_MEN['en']}: <word> {{measure:noun}} than "
        "{group_women:than|{versus_women}} in all {total_women:count} {kind:kind}",
    ),
    (
        "both_all.short",
        lambda v: both(_all_clear)(v) and _alike(v),
        f"{_WOMEN_AND_MEN['sv']}: <word> {{measure:noun}} i alla {{total_women:count}} "
        "{kind:kind}",
        f"{_WOMEN_AND_MEN['en']}: <word> {{measure:noun}} in all {{total_women:count}} "
        "{kind:kind}",
    ),
    (
        "both_counted",
        lambda v: _alike(v) and both(_every_counted)(v) and not both(_all_clear)(v),
        f"{_WOMEN_AND_MEN['sv']}: <word> {{measure:noun}} i {{clear_women:count}} av "
        "{total_women:count} {kind:kind}",
        f"{_WOMEN_AND_MEN['en']}: <word> {{measure:noun}} in {{clear_women:count}} of "
        "{total_women:count} {kind:kind}",
    ),
    (
        "both_none",
        both(_none_clear),
        f"{_WOMEN_AND_MEN['sv']}: ingenstans säkerställt <word> {{measure:noun}} än "
        "{group_women:than|{versus_women}}",
        f"{_WOMEN_AND_MEN['en']}: nowhere an established <word> {{measure:noun}} than "
        "{group_women:than|{versus_women}}",
    ),
    (
        "both_some",
        lambda v: _alike(v) and not both(_none_clear)(v),
        "<word> {measure:noun} för utrikes födda kvinnor i {clear_women:count} och män i "
        "{clear_men:count} av {total_men:count} {kind:kind}",
        "<word> {measure:noun} for foreign-born women in {clear_women:count} and men in "
        "{clear_men:count} of {total_men:count} {kind:kind}",
    ),
    (
        "both_some.short",
        lambda v: _alike(v) and not both(_none_clear)(v),
        "<word> {measure:noun}: utrikes födda kvinnor i {clear_women:count}, män i "
        "{clear_men:count} av {total_men:count} {kind:kind}",
        "<word> {measure:noun}: foreign-born women in {clear_women:count}, men in "
        "{clear_men:count} of {total_men:count} {kind:kind}",
    ),
    (
        "both_unlike",
        lambda v: both(is_counted)(v) and not _alike(v) and not both(_none_clear)(v),
        "<word> {measure:noun}: utrikes födda kvinnor i {clear_women:count} av "
        "{total_women:count}, män i {clear_men:count} av {total_men:count} {kind:kind}",
        "<word> {measure:noun}: foreign-born women in {clear_women:count} of "
        "{total_women:count}, men in {clear_men:count} of {total_men:count} {kind:kind}",
    ),
    (
        "all",
        _one(_all_clear),
        f"{{group:who}}: <word> {{measure:noun}} {_THAN['sv']} i alla {_MANY}",
        f"{{group:who}}: <word> {{measure:noun}} {_THAN['en']} in all {_MANY}",
    ),
    (
        "none",
        _one(_none_clear),
        f"{{group:who}}: ingenstans säkerställt <word> {{measure:noun}} {_THAN['sv']}",
        f"{{group:who}}: nowhere an established <word> {{measure:noun}} {_THAN['en']}",
    ),
    (
        "some",
        _one(lambda v: is_counted(v) and not _none_clear(v)),
        f"{{group:who}}: <word> {{measure:noun}} {_THAN['sv']} {_OF['sv']}",
        f"{{group:who}}: <word> {{measure:noun}} {_THAN['en']} {_OF['en']}",
    ),
    (
        "short",
        _one(lambda v: is_counted(v) and not _none_clear(v)),
        f"{{group:who}}: <word> {{measure:noun}} {_OF['sv']}",
        f"{{group:who}}: <word> {{measure:noun}} {_OF['en']}",
    ),
)
_UNCOUNTED = [
    *(
        Predicate(
            f"places.title.both_one{suffix}",
            lambda v: both(_is_single)(v) and v["place_women"] == v["place_men"],
            f"{{measure:gapdefinite}}{where} är {{most_gap_women:level|pp|1}} för utrikes födda "
            "kvinnor, {most_gap_men:number} för män",
            f"{{measure:gapdefinite}}{where} is {{most_gap_women:level|pp|1}} for foreign-born "
            "women, {most_gap_men:number} for men",
        )
        for suffix, where in (("", " {place:in}"), (".no_place", ""))
    ),
    Predicate(
        "places.title.one",
        _is_single,
        "{measure:gapdefinite} för {group:who} {place:in} är {most_gap:level|pp|1}",
        "{measure:gapdefinite} for {group:who} {place:in} is {most_gap:level|pp|1}",
    ),
    Predicate(
        "places.title.most",
        lambda v: v["shown"] > 1 and v["most_gap"] >= v["least_gap"],
        "{measure:gapdefinite} för {group:who} är störst {most_place:in}: {most_gap:level|pp|1}",
        "{measure:gapdefinite} for {group:who} is largest {most_place:in}: {most_gap:level|pp|1}",
    ),
    Predicate(
        "places.title.most.short",
        lambda v: v["shown"] > 1 and v["most_gap"] >= v["least_gap"],
        "gapet för {group:who} är störst {most_place:in}",
        "the gap for {group:who} is largest {most_place:in}",
    ),
]
_TITLES = [
    *(
        Predicate(
            f"places.title.{name}.{better}",
            _worse(better, test),
            sv.replace("<word>", word),
            en.replace("<word>", word_en),
        )
        for better, word, word_en in (("up", "lägre", "lower"), ("down", "högre", "higher"))
        for name, test, sv, en in _COUNTED
    ),
    *_UNCOUNTED,
]

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in _TITLES}


def dumbbell_title(values: Mapping[str, Value], *, lang: Language = "sv") -> Text:
    """Return the title: how many places have a sure difference, or where it is largest."""
    return shortest_fit(_TITLES, values, lang=lang)
