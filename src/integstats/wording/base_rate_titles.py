"""Titles of base rates: in how many periods so large a change was reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from integstats.catalogue import Language
from integstats.wording.claims import Predicate, Text
from integstats.wording.titles import shortest_fit

Values = Mapping[str, Any]

_SUBJECT = "{group:subject|{unit}|{measure}|{versus}}"


def is_halving(v: Values) -> bool:
    """Whether the target is to halve."""
    return bool(v["scale"] == "quotient" and v["required"] == 0.5)


def is_decided(decided: bool) -> Callable[[Values], bool]:
    """Return the condition that the target is decided, or that it is a räkneexempel."""
    return lambda v: v["decided"] == decided


def all_of(*tests: Callable[[Values], bool]) -> Callable[[Values], bool]:
    """Return the condition that all of some hold."""
    return lambda v: all(test(v) for test in tests)


def _some(v: Values) -> bool:
    return bool(0 < v["reached"] <= v["windows"])


def _none(v: Values) -> bool:
    return bool(v["reached"] == 0 < v["windows"])


def _titles() -> list[Predicate]:
    """How often it was reached: of a target and of a räkneexempel, with and without the place."""
    rates = {"down": ("lägre", "lower"), "up": ("högre", "higher")}
    persons = {"down": ("färre", "fewer"), "up": ("fler", "more")}
    moved = {"down": ("minskade", "fell"), "up": ("ökade", "rose")}
    what, asked = "{measure:definite|{unit}}", "{asked:pct|{asked_decimals}}"
    forms: list[tuple[str, Callable[[Values], bool], str, str]] = [
        (
            "halved",
            lambda v: is_halving(v) and v["unit"] in ("share", "persons"),
            f"{_SUBJECT}<in> halverades <not>",
            f"{_SUBJECT}<in> was halved <not>",
        ),
        *(
            (
                f"share_{better}",
                _with(better, "share"),
                f"{asked} {sv} {{measure:noun}} bland {{group:who}}<in> <none>",
                f"{asked} {en} {{measure:noun}} among {{group:who}}<in> <none>",
            )
            for better, (sv, en) in rates.items()
        ),
        *(
            (
                f"persons_{better}",
                _with(better, "persons"),
                f"{asked} {sv} {{group:counted|{{measure}}}}<in> <none>",
                f"{asked} {en} {{group:counted|{{measure}}}}<in> <none>",
            )
            for better, (sv, en) in persons.items()
        ),
        *(
            (
                f"moved_{better}",
                _with(better),
                f"{what} {sv} så mycket<in> <none>",
                f"{what} {en} as much<in> <none>",
            )
            for better, (sv, en) in moved.items()
        ),
        (
            "any",
            lambda v: bool(v["measure"]),
            "så stor förändring bland {group:who}<in> <none>",
            "as large a change among {group:who}<in> <none>",
        ),
    ]
    counts = {
        "some": (_some, "i {reached:count} av <all>", "in {reached:count} of <all>"),
        "not": (_none, "inte i någon av <all>", "in none of <all>"),
        "none": (_none, "i ingen av <all>", "in none of <all>"),
    }
    found = []
    for form, test, sv, en in forms:
        for place, where in (("", " {place:in}"), (".no_place", "")):
            for name, (counted, hit, hit_en) in counts.items():
                if name != "some" and f"<{name}>" not in sv:
                    continue
                for standing, decided, before, before_en in (
                    ("", True, "", ""),
                    (".example", False, "räkneexempel: ", "illustrative example: "),
                ):
                    found.append(
                        Predicate(
                            f"base_rate.title{standing}.{form}.{name}{place}",
                            all_of(test, counted, is_decided(decided)),
                            _filled_in(before + sv, where, hit, "{windows:count} perioder"),
                            _filled_in(before_en + en, where, hit_en, "{windows:count} periods"),
                        )
                    )
    return found


def _filled_in(form: str, where: str, hit: str, windows: str) -> str:
    form = form.replace("<in>", where).replace("<not>", hit).replace("<none>", hit)
    return form.replace("<all>", windows)


def _with(better: str, unit: str = "") -> Callable[[Values], bool]:
    """The condition that the target asks for a change that way, as a share where it has a unit."""
    return lambda v: (
        v["better"] == better == ("down" if v["change"] < 0 else "up")
        and (not unit or (v["unit"] == unit and v["scale"] == "quotient"))
    )


_TITLES = _titles()

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in _TITLES}


def base_rate_title(values: Values, *, lang: Language = "sv") -> Text:
    """Return the title of a base rate whose place has windows, in at most fifteen words.

    The place is left out where the title would have more.
    """
    return shortest_fit(_TITLES, values, lang=lang)
