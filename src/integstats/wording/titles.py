"""Titles of target charts: the message in at most fifteen words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from integstats.catalogue import Language
from integstats.targets.track import Track
from integstats.wording.change import fell, has_changed, mostly_reference, rose
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true
from integstats.wording.track_values import track_values
from integstats.wording.verdict_sentences import word

MOST_WORDS = 15
Values = Mapping[str, Any]

_SUBJECT = "{group:subject|{unit}|{measure}|{versus}}"
_WHAT = "{measure:definite|{unit}}"
_NOW = "{latest:level|{unit}|{decimals}}"
_FIGURES = "{baseline:figure|{unit}|{decimals}}"


def _improving(v: Values) -> bool:
    return has_changed(v) and (v["end"] < v["start"]) == (v["better"] == "down")


def _by_reference(v: Values) -> bool:
    """A gap that closes mostly because the other group got worse is never told as a success."""
    return fell(v) and mostly_reference(v)


def _in_step(*statuses: str) -> Callable[[Values], bool]:
    return lambda v: v["status"] in statuses and _improving(v) and not _by_reference(v)


def _with_verb(name: str, test: Callable[[Values], bool], sv: str, en: str) -> list[Predicate]:
    """The same title for what falls and for what rises, with and without the place."""
    found = []
    for course, moved, verb, verb_en in (
        ("down", fell, "minskar", "is falling"),
        ("up", rose, "ökar", "is rising"),
    ):
        for suffix, where in (("", " {place:in}"), (".no_place", "")):
            found.append(
                Predicate(
                    f"title.{name}.{course}{suffix}",
                    _both(test, moved),
                    f"{{group:who}}{where}: {_WHAT} {verb}{sv}",
                    f"{{group:who}}{where}: {_WHAT} {verb_en}{en}",
                )
            )
    return found


def _both(
    first: Callable[[Values], bool], second: Callable[[Values], bool]
) -> Callable[[Values], bool]:
    return lambda v: first(v) and second(v)


def _has_level(v: Values) -> bool:
    return "latest" in v


_AFTER_VERDICT = [
    Predicate(
        "title.by_reference",
        _by_reference,
        f"{{group:who}}: {_WHAT} minskar, mest genom försämring bland inrikes födda",
        f"{{group:who}}: {_WHAT} is falling, mostly by worsening among native-born",
    ),
    Predicate(
        "title.by_reference.short",
        _by_reference,
        "{group:who}: gapet minskar genom försämring bland inrikes födda",
        "{group:who}: the gap falls by worsening among native-born",
    ),
    *_with_verb(
        "not_in_step",
        _in_step("behind", "far_behind"),
        ", men inte i takt med målet",
        ", but not in step with the target",
    ),
    *_with_verb("in_step", _in_step("ahead"), " i takt med målet", " in step with the target"),
    *_with_verb("improving", _in_step("not_distinct"), "", ""),
    *_with_verb("worse", lambda v: v["status"] == "worse" and not _improving(v), "", ""),
    Predicate(
        "title.level",
        lambda v: _has_level(v) and not v["reason"],
        f"{{group:who}} {{place:in}}: {_WHAT} är {_NOW}",
        f"{{group:who}} {{place:in}}: {_WHAT} is {_NOW}",
    ),
    Predicate(
        "title.level.no_place",
        lambda v: _has_level(v) and not v["reason"],
        f"{{group:who}}: {_WHAT} är {_NOW}",
        f"{{group:who}}: {_WHAT} is {_NOW}",
    ),
    Predicate(
        "title.level.short",
        lambda v: _has_level(v) and not v["reason"],
        f"{{group:who}}: {_NOW}",
        f"{{group:who}}: {_NOW}",
    ),
]
_REASON_WORDS = {
    "break": ("tidsseriebrott", "break in the series"),
    "too_few_periods": ("för kort tid", "too short a time"),
    "suppressed": ("uppgiften visas inte", "the figure is not shown"),
    "small_base": ("för få personer", "too few persons"),
    "no_variance": ("ingen slumpvariation", "no chance variation"),
    "baseline_missing": ("utgångsläget saknas", "no baseline"),
    "no_path": ("ingen målbana", "no target path"),
}


def _because(reason: str) -> Callable[[Values], bool]:
    return lambda v: v["status"] == "cannot_judge" and v["reason"] == reason


def _cannot_judge() -> list[Predicate]:
    found = []
    for reason, (sv, en) in _REASON_WORDS.items():
        for suffix, rest_sv, rest_en in (
            ("", f"Målet för {_SUBJECT} {{place:in}}", f"The target for {_SUBJECT} {{place:in}}"),
            (".no_place", f"Målet för {_SUBJECT}", f"The target for {_SUBJECT}"),
            (".short", "Målet för {group:who}", "The target for {group:who}"),
        ):
            found.append(
                Predicate(
                    f"title.cannot_judge.{reason}{suffix}",
                    _because(reason),
                    f"{{word:verdict}}: {sv}. {rest_sv}",
                    f"{{word:verdict}}: {en}. {rest_en}",
                )
            )
    return found


def _illustrative() -> list[Predicate]:
    forms = [
        ("change", f"{_SUBJECT} {{place:in}}", "från {start} till {end}"),
        ("change.no_place", _SUBJECT, "från {start} till {end}"),
        ("change.end", f"{_SUBJECT} {{place:in}}", "till {end}"),
        ("change.end.no_place", _SUBJECT, "till {end}"),
        ("change.short", f"{_WHAT} för {{group:who}}", "till {end}"),
    ]
    found = [
        Predicate(
            "title.example.by_reference",
            lambda v: _undecided(v) and "end" in v and _by_reference(v),
            "räkneexempel: gapet för {group:who} har minskat, mest genom försämring bland "
            "inrikes födda",
            "illustrative example: the gap for {group:who} has fallen, mostly by worsening among "
            "native-born",
        )
    ]
    for name, about, levels in forms:
        levels_sv = levels.replace("{start}", _FIGURES).replace("{end}", _NOW)
        levels_en = levels_sv.replace("från", "from").replace("till", "to")
        about_en = about.replace(" för ", " for ")
        for course, moved, verb, verb_en in (
            ("down", fell, "har minskat", "has fallen"),
            ("up", rose, "har ökat", "has risen"),
        ):
            found.append(
                Predicate(
                    f"title.example.{course}.{name}",
                    _both(_undecided_course, moved),
                    f"räkneexempel: {about} {verb} {levels_sv}",
                    f"illustrative example: {about_en} {verb_en} {levels_en}",
                )
            )
    steady = "{measure:unchanged|{unit}}"
    for name, about, about_en in (
        ("unchanged", f"{_SUBJECT} {{place:in}}", f"{_SUBJECT} {{place:in}}"),
        ("unchanged.no_place", _SUBJECT, _SUBJECT),
        ("unchanged.short", f"{_WHAT} för {{group:who}}", f"{_WHAT} for {{group:who}}"),
    ):
        found.append(
            Predicate(
                f"title.example.{name}",
                lambda v: _undecided(v) and "end" in v and not has_changed(v),
                f"räkneexempel: {about} är {steady}",
                f"illustrative example: {about_en} is {steady}",
            )
        )
    for name, about, about_en in (
        ("subject", f"{_SUBJECT} {{place:in}}", f"{_SUBJECT} {{place:in}}"),
        ("subject.no_place", _SUBJECT, _SUBJECT),
        ("subject.short", "{group:who} {place:in}", "{group:who} {place:in}"),
    ):
        found.append(
            Predicate(
                f"title.example.{name}",
                lambda v: _undecided(v) and "end" not in v,
                f"räkneexempel: mål för {about}",
                f"illustrative example: a target for {about_en}",
            )
        )
    return found


def _undecided(v: Values) -> bool:
    return not v["decided"]


def _undecided_course(v: Values) -> bool:
    return _undecided(v) and "end" in v and not _by_reference(v)


_CANNOT_JUDGE = _cannot_judge()
_ILLUSTRATIVE = _illustrative()

PREDICATES: Mapping[str, Predicate] = {
    one.id: one for one in (*_AFTER_VERDICT, *_CANNOT_JUDGE, *_ILLUSTRATIVE)
}


def track_title(track: Track, *, lang: Language = "sv") -> Text:
    """Return the title of a track: its verdict and the message, or a räkneexempel's message.

    The title of a räkneexempel has no word of a verdict. The place is left out where the title
    would have more than fifteen words.
    """
    values = title_values(track)
    if not track.target.decided:
        return shortest_fit(_ILLUSTRATIVE, values, lang=lang)
    if track.verdict.status == "cannot_judge":
        return shortest_fit(_CANNOT_JUDGE, values, lang=lang)
    return shortest_fit(_AFTER_VERDICT, values, before=[word(values)], lang=lang)


def title_values(track: Track) -> dict[str, Value]:
    """Return the slots of a track, and the status as a word of the title."""
    return {**track_values(track), "word": track.verdict.status}


def shortest_fit(
    predicates: Sequence[Predicate],
    values: Mapping[str, Value],
    *,
    before: Sequence[Claim] = (),
    lang: Language,
) -> Text:
    """Return the first text whose claim holds and that has at most fifteen words.

    The last one that holds, where none is so short.
    """
    text = None
    for claim in all_true(predicates, values):
        text = Text.of(*before, claim, lang=lang)
        if text.words() <= MOST_WORDS:
            break
    assert text is not None  # every list ends with a title that holds for all values
    return text
