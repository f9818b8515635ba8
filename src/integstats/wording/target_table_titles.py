"""Titles of a table of targets: how many are as planned, or a räkneexempel's levels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

from integstats.catalogue import Language
from integstats.targets.verdict import Status
from integstats.wording import numbers
from integstats.wording.claims import Predicate, Text, Value
from integstats.wording.titles import shortest_fit

Values = Mapping[str, Any]

AS_PLANNED: tuple[Status, ...] = ("met", "below_target", "ahead")
WORSE: tuple[Status, ...] = ("missed", "worse", "behind", "far_behind")
"""Verdicts that a title counts as worse than planned; those in neither list cannot be told."""

_SUBJECT = "{group:subject|{unit}|{measure}|{versus}}"
_PARTS = {
    "good": ("{good:count} enligt plan eller bättre", "{good:count} as planned or better"),
    "bad": ("{bad:count} sämre", "{bad:count} worse"),
    "unclear": ("{unclear:count} går inte att avgöra", "{unclear:count} cannot be told"),
}
_ALL = {
    "good": (
        "Alla {total:count} mål är enligt plan eller bättre",
        "All {total:count} targets are as planned or better",
    ),
    "bad": (
        "Alla {total:count} mål är sämre än planerat",
        "All {total:count} targets are worse than planned",
    ),
    "unclear": (
        "Inget av {total:count} mål går att avgöra",
        "None of {total:count} targets can be told",
    ),
}


def _has_parts(v: Values, shown: tuple[str, ...]) -> bool:
    """Whether exactly these of the counts are above zero, and they add up."""
    return (
        v["total"] == v["good"] + v["bad"] + v["unclear"]
        and tuple(name for name in _PARTS if v[name] > 0) == shown
    )


def _with_parts(shown: tuple[str, ...]) -> Callable[[Values], bool]:
    return lambda v: v["decided"] and _has_parts(v, shown)


def _counts() -> list[Predicate]:
    found = []
    for kept in product((True, False), repeat=3):
        shown = tuple(name for name, keep in zip(_PARTS, kept, strict=True) if keep)
        if not shown:
            continue
        if len(shown) == 1:
            sv, en = _ALL[shown[0]]
        else:
            sv = "{total:count} mål: " + ", ".join(_PARTS[name][0] for name in shown)
            en = "{total:count} targets: " + ", ".join(_PARTS[name][1] for name in shown)
        found.append(
            Predicate(
                f"table.title.{'_'.join(shown)}",
                _with_parts(shown),
                sv,
                en,
            )
        )
    return found


def _has_range(unit: str) -> Callable[[Values], bool]:
    return lambda v: (
        not v["decided"] and v["unit"] == unit and v["total"] > 1 and _look_different(v)
    )


def _look_different(v: Values) -> bool:
    """Whether the lowest and the highest level are written differently."""
    if "least" not in v:
        return False
    scale, decimals = (100 if v["unit"] == "share" else 1), v["decimals"]
    low, high = (numbers.rounded(scale * v[name], decimals) for name in ("least", "most"))
    return low < high


_RANGE_UNITS = {
    "share": (" procent", " per cent"),
    "pp": (" procentenheter", " percentage points"),
    "ratio": ("", ""),
    "persons": ("", ""),
}
_TITLES = [
    *_counts(),
    *(
        Predicate(
            f"table.title.range.{unit}{suffix}",
            _has_range(unit),
            f"räkneexempel: {sv} är {{least:interval|{{most}}|{{unit}}|{{decimals}}}}{unit_sv} i "
            "{total:count} {kind:kind}",
            f"illustrative example: {en} is {{least:interval|{{most}}|{{unit}}|{{decimals}}}}"
            f"{unit_en} in {{total:count}} {{kind:kind}}",
        )
        for unit, (unit_sv, unit_en) in _RANGE_UNITS.items()
        for suffix, sv, en in (
            ("", _SUBJECT, _SUBJECT),
            (".short", "{measure:definite|{unit}}", "{measure:definite|{unit}}"),
        )
    ),
    Predicate(
        "table.title.examples",
        lambda v: not v["decided"],
        "räkneexempel: {total:count} mål som ingen har beslutat",
        "illustrative example: {total:count} targets that nobody has decided",
    ),
]

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in _TITLES}


def table_title(values: Mapping[str, Value], *, lang: Language = "sv") -> Text:
    """Return the title of a table of several targets; `values` are those of its texts."""
    return shortest_fit(_TITLES, values, lang=lang)
