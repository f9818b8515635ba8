"""Titles of charts of a gap over time: the message in at most fifteen words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from integstats.catalogue import Language
from integstats.wording.change import fell, has_changed, mostly_reference, rose
from integstats.wording.claims import Predicate, Text, Value
from integstats.wording.gap_courses import Course
from integstats.wording.titles import shortest_fit

Values = Mapping[str, Any]

_GAP = "{measure:gapdefinite}"
_END = "{end:level|pp|1}"


def started(test: Callable[[Values], bool]) -> Callable[[Values], bool]:
    """Return a condition on a change, which fails where there is one period only."""
    return lambda v: "start" in v and test(v)


def _forms(
    name: str,
    test: Callable[[Values], bool],
    sv: str,
    en: str,
    *,
    who: tuple[str, str] = (" för {group:who}", " for {group:who}"),
) -> list[Predicate]:
    """A title with all it has room for, then shorter ones.

    ``<who>``, ``<place>`` and ``<since>`` stand for whom, where and since when; the time goes
    first. It stays where a break in the series lies before it: of the periods before that nothing
    is said.
    """
    shown = [
        ("", "who", "place", "since"),
        (".no_start", "who", "place"),
        (".no_place", "who", "since"),
        (".short", "who"),
        (".since", "since"),
        (".bare",),
    ]
    found = []
    for suffix, *parts in shown:
        if ("<since>" not in sv and "since" in parts) or ("<who>" not in sv and "who" not in parts):
            continue
        words = []
        for text, whom, since in ((sv, who[0], "sedan"), (en, who[1], "since")):
            said = {
                "who": whom,
                "place": " {place:in}",
                "since": f" {since} {{start_period:period}}",
            }
            for part, word in said.items():
                text = text.replace(f"<{part}>", word if part in parts else "")
            words.append(text)
        of_time = "since" in parts if "<since>" in sv else None
        found.append(Predicate(f"{name}{suffix}", _when_dated(test, of_time), *words))
    return found


def _when_dated(test: Callable[[Values], bool], dated: bool | None) -> Callable[[Values], bool]:
    """Whether a title holds that tells since when, does not, or (None) is not about time."""

    def holds(v: Values) -> bool:
        can, must = "start_period" in v, dated is False and v["broken"]
        return (can or not dated) and not (can and must) and test(v)

    return holds


_ONE = [
    *_forms(
        "gap.title.by_reference",
        started(lambda v: fell(v) and mostly_reference(v)),
        f"{_GAP}<who><place> har minskat<since>, mest genom försämring bland inrikes födda",
        f"{_GAP}<who><place> has fallen<since>, mostly by worsening among native-born",
    ),
    Predicate(
        "gap.title.by_reference.gap",
        started(lambda v: fell(v) and mostly_reference(v) and not v["broken"]),
        "gapet för {group:who} har minskat, mest genom försämring bland inrikes födda",
        "the gap for {group:who} has fallen, mostly by worsening among native-born",
    ),
    *_forms(
        "gap.title.fell",
        started(lambda v: fell(v) and not mostly_reference(v)),
        f"{_GAP}<who><place> har minskat<since> till {_END}",
        f"{_GAP}<who><place> has fallen<since> to {_END}",
    ),
    *_forms(
        "gap.title.rose",
        started(rose),
        f"{_GAP}<who><place> har ökat<since> till {_END}",
        f"{_GAP}<who><place> has risen<since> to {_END}",
    ),
    *_forms(
        "gap.title.unchanged",
        started(lambda v: not has_changed(v)),
        f"{_GAP}<who><place> är i stort sett oförändrat<since>: {_END}",
        f"{_GAP}<who><place> is largely unchanged<since>: {_END}",
    ),
    *_forms(
        "gap.title.level",
        lambda v: "start" not in v,
        f"{_GAP}<who><place> är {_END}",
        f"{_GAP}<who><place> is {_END}",
    ),
]


def _unchanged(v: Values) -> bool:
    return not has_changed(v)


_COURSES = {"fell": fell, "rose": rose, "unchanged": _unchanged}
_VERBS = {
    "fell": ("har minskat", "has fallen", "minskat", "fallen"),
    "rose": ("har ökat", "has risen", "ökat", "risen"),
    "unchanged": ("är i stort sett oförändrat", "is largely unchanged", "", ""),
}
_SEX = {"women": ("kvinnor", "women"), "men": ("män", "men")}


def of_sex(v: Values, sex: str) -> dict[str, Any]:
    """Return the slots of one sex, where the slots of both carry its name as their ending."""
    return {
        slot.removesuffix(f"_{sex}"): value for slot, value in v.items() if slot.endswith(f"_{sex}")
    }


def _two(women: str, men: str) -> Callable[[Values], bool]:
    def both(v: Values) -> bool:
        pairs = [(_COURSES[women], of_sex(v, "women")), (_COURSES[men], of_sex(v, "men"))]
        return all("start" in one and course(one) for course, one in pairs)

    return both


def _two_titles() -> list[Predicate]:
    found = []
    for course in _COURSES:
        sv, en, _, _ = _VERBS[course]
        found += _forms(
            f"gap.title.both_{course}",
            _two(course, course),
            f"{_GAP} {sv}<who><place><since>",
            f"{_GAP} {en}<who><place><since>",
            who=(
                " för både utrikes födda kvinnor och män",
                " for both foreign-born women and men",
            ),
        )
    for first, second in (("women", "men"), ("men", "women")):
        for moved, other in (("fell", "unchanged"), ("rose", "unchanged"), ("fell", "rose")):
            of = {first: moved, second: other}
            sv, en, _, _ = _VERBS[moved]
            _, _, then_sv, then_en = _VERBS[other]
            found += _forms(
                f"gap.title.{first}_{moved}_{second}_{other}",
                _two(of["women"], of["men"]),
                f"{_GAP} {sv} för<who> {_SEX[first][0]}<place> men "
                f"{then_sv or 'inte'} för {_SEX[second][0]}<since>",
                f"{_GAP} {en} for<who> {_SEX[first][1]}<place> but "
                f"{then_en or 'not'} for {_SEX[second][1]}<since>",
                who=(" utrikes födda", " foreign-born"),
            )
    found += _forms(
        "gap.title.two_levels",
        lambda v: "start_women" not in v or "start_men" not in v,
        f"{_GAP}<place> är {{end_women:level|pp|1}} för utrikes födda kvinnor, "
        "{end_men:number} för män",
        f"{_GAP}<place> is {{end_women:level|pp|1}} for foreign-born women, "
        "{end_men:number} for men",
    )
    return found


_TWO = _two_titles()

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in (*_ONE, *_TWO)}


def gap_title(courses: Sequence[Course], values: Mapping[str, Value], *, lang: Language) -> Text:
    """Return the title of a gap over time."""
    for course in courses:
        one = course.values()
        if len(courses) == 1 or ("start" in one and fell(one) and mostly_reference(one)):
            return shortest_fit(_ONE, one, lang=lang)
    return shortest_fit(_TWO, values, lang=lang)
