"""Titles of a decomposition: how much of a difference one part arithmetically matches."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from integstats.catalogue import Language
from integstats.wording import numbers
from integstats.wording.claims import Predicate, Text, Value
from integstats.wording.titles import shortest_fit

Values = Mapping[str, Any]


def decimals_of(unit: str) -> int:
    """Return how many decimals the parts are written with."""
    return 1 if unit == "pp" else 0


def written(v: Values, name: str) -> float:
    """Return the number as the text shows it."""
    return float(numbers.rounded(v[name], decimals_of(v["unit"])))


def adds_up(v: Values) -> bool:
    """Return whether the focus and the rest are the total."""
    return math.isclose(v["focus"] + v["rest"], v["total"], rel_tol=1e-9, abs_tol=1e-9)


def _is_part(v: Values) -> bool:
    """Whether the focus lies between nothing and the whole difference, as written."""
    focus, total = written(v, "focus"), written(v, "total")
    return total != 0 and 0 <= focus / total <= 1


def _is_nothing(v: Values) -> bool:
    return written(v, "total") == 0


def of_unit(unit: str, test: Callable[[Values], bool] = adds_up) -> Callable[[Values], bool]:
    """Return the test that parts of this unit add up, and another."""
    return lambda v: v["unit"] == unit and adds_up(v) and test(v)


def _of_group(test: Callable[[Values], bool]) -> Callable[[Values], bool]:
    return lambda v: v["names_group"] and test(v)


_PAIRS = (
    (
        "whom",
        "{measure:noun} bland {group:who}, {of_sv} mot {minus_sv}: ",
        "{measure:noun} among {group:who}, {of_en} against {minus_en}: ",
    ),
    (
        "pair",
        "{measure:noun}, {of_sv} mot {minus_sv}: ",
        "{measure:noun}, {of_en} against {minus_en}: ",
    ),
    ("short", "{of_sv} mot {minus_sv}: ", "{of_en} against {minus_en}: "),
    ("bare", "", ""),
)
_FORMS: tuple[tuple[str, Callable[[Values], bool], str, str], ...] = (
    (
        "part",
        _is_part,
        "{differing_sv} motsvarar räknemässigt {focus_size:number|1} av "
        "{total_size:number|1} procentenheter",
        "{focus_size:number|1} of {total_size:number|1} percentage points arithmetically match "
        "{differing_en}",
    ),
    (
        "against",
        lambda v: not _is_nothing(v) and not _is_part(v),
        "vid {equal_sv} räknemässigt {rest:level|pp|1} i stället för {total:number|1}",
        "at {equal_en} arithmetically {rest:level|pp|1} instead of {total:number|1}",
    ),
    (
        "cancels",
        lambda v: _is_nothing(v) and written(v, "focus") != 0,
        "ingen skillnad, men {differing_sv} motsvarar räknemässigt {focus:level|pp|1}",
        "no difference, but {focus:level|pp|1} arithmetically match {differing_en}",
    ),
    (
        "nothing",
        lambda v: _is_nothing(v) and written(v, "focus") == 0,
        "ingen skillnad att dela upp",
        "no difference to split",
    ),
)
_COUNTED = "{group:counted|{measure}} {place:in}"
_TITLES = [
    *(
        Predicate(
            f"parts.title.{name}.{pair}",
            of_unit("pp", _of_group(test) if pair == "whom" else test),
            before_sv + sv,
            before_en + en,
        )
        for pair, before_sv, before_en in _PAIRS
        for name, test, sv, en in _FORMS
    ),
    Predicate(
        "parts.title.beyond",
        of_unit("persons", lambda v: _is_part(v) and written(v, "rest") != 0),
        f"{_COUNTED}: {{total:fewer}}, varav räknemässigt {{rest:fewer}} utöver "
        "jämförelseområdets takt",
        f"{_COUNTED}: {{total:fewer}}, arithmetically {{rest:fewer}} beyond the reference area's "
        "pace",
    ),
    Predicate(
        "parts.title.pace",
        of_unit("persons"),
        f"{_COUNTED}: {{total:fewer}}, med jämförelseområdets takt räknemässigt {{focus:fewer}}",
        f"{_COUNTED}: {{total:fewer}}, at the reference area's pace arithmetically {{focus:fewer}}",
    ),
]


PREDICATES: Mapping[str, Predicate] = {one.id: one for one in _TITLES}


def decomposition_title(values: Mapping[str, Value], *, lang: Language = "sv") -> Text:
    """Return the title of a decomposition; `values` are those of its texts."""
    return shortest_fit(_TITLES, values, lang=lang)
