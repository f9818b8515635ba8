"""How a rate goes with length of stay, and the title that says so in at most fifteen words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from integstats.catalogue import Language
from integstats.wording.change import Z_CERTAIN
from integstats.wording.claims import Predicate, Text, Value
from integstats.wording.gap_titles import of_sex
from integstats.wording.titles import shortest_fit

Values = Mapping[str, Any]
Test = Callable[[Values], bool]
LEAST_STEPS = 3
"""Fewer lengths of stay than this make no "the longer, the higher"."""


def steps(v: Values) -> tuple[float, ...]:
    """Return the rates of the last period, from the shortest stay to the longest."""
    return tuple(float(one) for one in v["levels"])


def _moved(v: Values, first: float, second: float, z: str | None) -> int:
    """Return 1 or −1 where the second is surely higher or lower; without z, by its size alone."""
    change = second - first
    if abs(change) < v["least"] / 100 - 1e-12 or (z is not None and abs(float(z)) < Z_CERTAIN):
        return 0
    return 1 if change > 0 else -1


def _each(direction: int) -> Test:
    """Whether every step to a longer stay goes the same way."""

    def held(v: Values) -> bool:
        found = steps(v)
        zs = v["zs"] or [None] * (len(found) - 1)
        return len(found) >= LEAST_STEPS and all(
            _moved(v, *pair, z) == direction for pair, z in zip(pairwise(found), zs, strict=True)
        )

    return held


def _ends(direction: int, assessed: bool | None = None) -> Test:
    """Whether the longest stay differs from the shortest this way."""

    def held(v: Values) -> bool:
        found = steps(v)
        known = "ends_z" in v
        return (
            len(found) > 1
            and assessed in (None, known)
            and _moved(v, found[0], found[-1], v["ends_z"] if known else None) == direction
        )

    return held


def _forms(name: str, test: Test, sv: str, en: str) -> list[Predicate]:
    """A title with the place, then without; ``<place>`` stands for where."""
    return [
        Predicate(
            f"stay.title.{name}{suffix}",
            test,
            *(text.replace("<place>", place) for text in (sv, en)),
        )
        for suffix, place in (("", " {place:in}"), (".no_place", ""))
    ]


_WORDS = {1: ("högre", "higher"), -1: ("lägre", "lower")}
_COURSES = {1: "up", -1: "down"}
_WHO = "{group:who}<place>"
_FLAT = {
    "sv": "ingen säkerställd skillnad i {measure:noun} mellan kort och lång vistelsetid",
    "en": "no established difference in {measure:noun} between short and long stay",
}
_ALIKE = {
    "sv": "ungefär samma {measure:noun} vid kort och lång vistelsetid",
    "en": "about the same {measure:noun} at short and long stay",
}
_ONE = [
    *(
        one
        for way, (sv, en) in _WORDS.items()
        for one in _forms(
            f"each_{_COURSES[way]}",
            _each(way),
            f"{_WHO}: {sv} {{measure:noun}} ju längre vistelsetid, {{short_end:bare}} till "
            "{long_end:pct}",
            f"{_WHO}: {en} {{measure:noun}} the longer the stay, {{short_end:bare}} to "
            "{long_end:pct}",
        )
    ),
    *(
        one
        for way, (sv, en) in _WORDS.items()
        for one in _forms(
            f"ends_{_COURSES[way]}",
            _ends(way),
            f"{_WHO}: {sv} {{measure:noun}} vid lång vistelsetid än kort, {{long_end:bare}} mot "
            "{short_end:pct}",
            f"{_WHO}: {en} {{measure:noun}} with long stay than short, {{long_end:bare}} against "
            "{short_end:pct}",
        )
    ),
    *_forms("flat", _ends(0, True), f"{_WHO}: {_FLAT['sv']}", f"{_WHO}: {_FLAT['en']}"),
    *_forms("alike", _ends(0, False), f"{_WHO}: {_ALIKE['sv']}", f"{_WHO}: {_ALIKE['en']}"),
    *_forms(
        "one",
        lambda v: len(v["levels"]) == 1,
        f"{_WHO}, vistelsetid {{short_sv}}: {{measure:noun}} {{short_end:pct}}",
        f"{_WHO}, length of stay {{short_en}}: {{measure:noun}} {{short_end:pct}}",
    ),
]


def _both(test: Test) -> Test:
    return lambda v: test(of_sex(v, "women")) and test(of_sex(v, "men"))


_PAIR = {"sv": "{group_women:who} och män<place>", "en": "{group_women:who} and men<place>"}
_TWO = [
    *(
        one
        for way, (sv, en) in _WORDS.items()
        for one in _forms(
            f"both_each_{_COURSES[way]}",
            _both(_each(way)),
            f"{_PAIR['sv']}: {sv} {{measure:noun}} ju längre vistelsetid",
            f"{_PAIR['en']}: {en} {{measure:noun}} the longer the stay",
        )
    ),
    *(
        one
        for way, (sv, en) in _WORDS.items()
        for one in _forms(
            f"both_ends_{_COURSES[way]}",
            _both(_ends(way)),
            f"{_PAIR['sv']}: {sv} {{measure:noun}} vid lång vistelsetid än kort",
            f"{_PAIR['en']}: {en} {{measure:noun}} with long stay than short",
        )
    ),
    *_forms("both_flat", _both(_ends(0, True)), *(f"{_PAIR[one]}: {_FLAT[one]}" for one in _PAIR)),
    *_forms(
        "both_alike", _both(_ends(0, False)), *(f"{_PAIR[one]}: {_ALIKE[one]}" for one in _PAIR)
    ),
    *_forms(
        "two_levels",
        lambda v: bool(v["levels_women"] and v["levels_men"]),
        "{group:who}<place>, lång mot kort vistelsetid: kvinnor {long_end_women:bare} mot "
        "{short_end_women:pct}, män {long_end_men:bare} mot {short_end_men:pct}",
        "{group:who}<place>, long against short stay: women {long_end_women:bare} against "
        "{short_end_women:pct}, men {long_end_men:bare} against {short_end_men:pct}",
    ),
]

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in (*_ONE, *_TWO)}


def stay_title(
    groups: Sequence[Mapping[str, Value]], shared: Mapping[str, Value], *, lang: Language
) -> Text:
    """Return the title about one group, or about women and men.

    Parameters
    ----------
    groups
        The slots of each.
    shared
        The slots of both, those of one with its sex as their ending.
    lang
        Language.
    """
    if len(groups) == 1:
        return shortest_fit(_ONE, groups[0], lang=lang)
    return shortest_fit(_TWO, shared, lang=lang)
