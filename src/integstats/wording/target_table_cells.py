"""The cells of a table of targets, each a text of claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from integstats.catalogue import Language
from integstats.targets.target import Target
from integstats.targets.track import Track
from integstats.targets.verdict import Reason
from integstats.wording.claims import Claim, Predicate, Text, Value, first_true
from integstats.wording.terms import VERDICTS
from integstats.wording.track_values import track_values
from integstats.wording.verdict_sentences import PREDICATES as VERDICT_PREDICATES
from integstats.wording.verdict_sentences import verdict_word, word

Values = Mapping[str, Any]

MOST_DONE = 2.0
"""A share of the planned change beyond this, either way, is not written as a number."""

_SUBJECT = "{group:subject|{unit}|{measure}|{versus}}"
_SHORT_REASONS: Mapping[Reason, tuple[str, str]] = {
    "break": ("tidsseriebrott", "break in the series"),
    "too_few_periods": ("färre än tre perioder har gått", "fewer than three periods passed"),
    "suppressed": ("uppgiften visas inte eller saknas", "the figure is not shown or missing"),
    "small_base": ("färre än 30 personer", "fewer than 30 persons"),
    "no_variance": ("alla eller inga räknas", "all or none are counted"),
    "baseline_missing": ("utgångsläget saknas", "the baseline is missing"),
    "no_path": ("ingen målbana kan dras", "no target path can be drawn"),
}


def _hindered(reason: str) -> Callable[[Values], bool]:
    return lambda v: verdict_word(v) == "cannot_judge" and v["reason"] == reason


_CANNOT_JUDGE = {
    reason: Predicate(
        f"table.cannot_judge.{reason}",
        _hindered(reason),
        f"{VERDICTS['cannot_judge'][0]}: {sv}.",
        f"{VERDICTS['cannot_judge'][1]}: {en}.",
    )
    for reason, (sv, en) in _SHORT_REASONS.items()
}
_PLACE = Predicate("table.place", lambda v: bool(v["place"]), "{place:place}", "{place:place}")
_WHOM = Predicate(
    "table.whom",
    lambda v: bool(v["group"]),
    f"{_SUBJECT}, {{age:age}}",
    f"{_SUBJECT}, {{age:age}}",
)
_READ = Predicate(
    "table.reading", lambda v: bool(v["reading"]), "{reading:reading}", "{reading:reading}"
)
_DECIDED = Predicate(
    "table.decided",
    lambda v: v["decided"] and bool(v["decided_by"]),
    "beslutat av {decided_by} {decided_on}",
    "decided by {decided_by} {decided_on}",
)
_FROM_TO = [
    Predicate(
        "table.from_to.share",
        lambda v: "baseline" in v and "goal" in v and v["unit"] == "share",
        "{baseline:shown|{unit}|{decimals}}\u00a0→\u00a0{goal:shown|{unit}|{decimals}}",
        "{baseline:shown|{unit}|{decimals}}\u00a0→\u00a0{goal:shown|{unit}|{decimals}}",
    ),
    Predicate(
        "table.from_to",
        lambda v: "baseline" in v and "goal" in v,
        "{baseline:figure|{unit}|{decimals}}\u00a0→\u00a0{goal:shown|{unit}|{decimals}}",
        "{baseline:figure|{unit}|{decimals}}\u00a0→\u00a0{goal:shown|{unit}|{decimals}}",
    ),
    Predicate(
        "table.from",
        lambda v: "baseline" in v and "goal" not in v,
        "{baseline:shown|{unit}|{decimals}}",
        "{baseline:shown|{unit}|{decimals}}",
    ),
]
_DATES = Predicate(
    "table.dates",
    lambda v: v["baseline_period"] < v["deadline"],
    "från {baseline_period:period} till {deadline:period}",
    "from {baseline_period:period} to {deadline:period}",
)
_LATEST = [
    Predicate(
        "table.latest.share",
        lambda v: "latest" in v and "low" in v and v["unit"] == "share",
        "{latest:shown|{unit}|{decimals}} ({low:interval|{high}|{unit}|{decimals}})",
        "{latest:shown|{unit}|{decimals}} ({low:interval|{high}|{unit}|{decimals}})",
    ),
    Predicate(
        "table.latest",
        lambda v: "latest" in v and "low" in v,
        "{latest:figure|{unit}|{decimals}} ({low:interval|{high}|{unit}|{decimals}})",
        "{latest:figure|{unit}|{decimals}} ({low:interval|{high}|{unit}|{decimals}})",
    ),
    Predicate(
        "table.latest.bare",
        lambda v: "latest" in v,
        "{latest:shown|{unit}|{decimals}}",
        "{latest:shown|{unit}|{decimals}}",
    ),
    Predicate(
        "table.latest.hidden",
        lambda v: "latest" not in v,
        "visas inte (för få personer) eller saknas",
        "not shown (too few persons) or missing",
    ),
]
_PERIOD = Predicate(
    "table.period", lambda v: bool(v["period"]), "avser {period:period}", "for {period:period}"
)


def _is_asked(v: Values) -> bool:
    """Whether enough of the change is planned by now for a share of it to mean anything."""
    return "share_done" in v and v["status"] not in ("cannot_judge", "too_early")


_DONE = [
    Predicate(
        "table.done",
        lambda v: _is_asked(v) and abs(v["share_done"]) <= MOST_DONE,
        "{share_done:pct|{done_decimals}}",
        "{share_done:pct|{done_decimals}}",
    ),
    Predicate(
        "table.done.beyond",
        lambda v: _is_asked(v) and v["share_done"] > MOST_DONE,
        "över 200\u00a0%",
        "over 200%",
    ),
    Predicate(
        "table.done.opposite",
        lambda v: _is_asked(v) and v["share_done"] < -MOST_DONE,
        "under \u2212200\u00a0%",
        "below \u2212200%",
    ),
]
_PERSONS = [
    Predicate(
        "table.persons.down",
        lambda v: v.get("lacking", 0) > 0 and v["persons_better"] == "down",
        "{lacking:count}\u00a0färre",
        "{lacking:count}\u00a0fewer",
    ),
    Predicate(
        "table.persons.up",
        lambda v: v.get("lacking", 0) > 0 and v["persons_better"] == "up",
        "{lacking:count}\u00a0fler",
        "{lacking:count}\u00a0more",
    ),
    Predicate(
        "table.persons.none",
        lambda v: v.get("lacking", 1) == 0,
        "0 ({ahead:count} till godo)",
        "0 ({ahead:count} to spare)",
    ),
]
_NOTHING = Predicate("table.nothing", lambda v: True, "–", "–")

_HEADERS: Mapping[str, tuple[str, str]] = {
    "place": ("Område", "Area"),
    "target": ("Område och mål", "Area and target"),
    "verdict": ("Bedömning", "Verdict"),
    "example": ("Om målet hade gällt", "If the target had been in force"),
    "from_to": ("Utgångsläge → mål", "Baseline → target"),
    "latest": ("Senaste värde", "Latest value"),
    "done_down": ("Andel av planerad minskning", "Share of planned fall"),
    "done_up": ("Andel av planerad ökning", "Share of planned rise"),
    "done": ("Andel av planerad förändring", "Share of planned change"),
    "persons": ("Personer till målet", "Persons to the target"),
}
_HEADER = {
    name: Predicate(f"table.header.{name}", lambda v: True, sv, en)
    for name, (sv, en) in _HEADERS.items()
}

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_CANNOT_JUDGE.values(),
        _PLACE,
        _WHOM,
        _READ,
        _DECIDED,
        *_FROM_TO,
        _DATES,
        *_LATEST,
        _PERIOD,
        *_DONE,
        *_PERSONS,
        _NOTHING,
        *_HEADER.values(),
    )
}


def verdict_note(track: Track, *, lang: Language = "sv") -> str:
    """Return the word of a verdict with what limits it, without a full stop."""
    return few_words(track_values(track)).render(lang).removesuffix(".")


def few_words(values: Mapping[str, Value]) -> Claim:
    """Return the claim of the verdict; why it cannot be judged in few words."""
    short = first_true(list(_CANNOT_JUDGE.values()), values)
    return word(values) if short is None else short


_FIELDS: Mapping[str, Callable[[Track], object]] = {
    "whom": lambda one: (
        *(one.target.sex, one.target.birth_region, one.target.age, one.target.measure),
        *(one.unit, one.target.comparator, one.target.dataset),
    ),
    "reading": lambda one: one.target.reading,
    "dates": lambda one: (one.target.baseline, one.target.deadline),
    "period": lambda one: one.latest.period,
    "better": lambda one: one.target.better,
}


def common_fields(rows: Sequence[Track]) -> frozenset[str]:
    """Return what all rows have alike, so that it is written once."""
    alike = {name for name, field in _FIELDS.items() if len({field(one) for one in rows}) == 1}
    decisions = {decision(one.target) for one in rows if one.target.decided}
    return frozenset(alike | ({"decision"} if len(decisions) == 1 else set()))


def decision(target: Target) -> tuple[str, str, str]:
    """Return who decided, when, and where it is written."""
    return (target.decided_by, target.decided_on, target.url)


def headers(rows: Sequence[Track], common: frozenset[str], lang: Language) -> tuple[Text, ...]:
    """Return what stands above the columns."""
    decided = any(one.target.decided for one in rows)
    done = f"done_{rows[0].target.better}" if "better" in common else "done"
    names = (
        "place" if "whom" in common else "target",
        "verdict" if decided else "example",
        "from_to",
        "latest",
        done,
        "persons",
    )
    return tuple(Text.of(Claim(_HEADER[name], {}), lang=lang) for name in names)


def cells(
    track: Track,
    slots: Mapping[str, Value],
    common: frozenset[str],
    *,
    mixed: bool,
    lang: Language,
) -> tuple[tuple[Text, ...], ...]:
    """Return the paragraphs of each column; what all rows have alike is left out."""
    target = track.target
    held = {**slots, "decided_by": target.decided_by, "decided_on": target.decided_on}
    about = [_PLACE]
    about += [one for name, one in (("whom", _WHOM), ("reading", _READ)) if name not in common]
    about += [_DECIDED] if target.decided and "decision" not in common else []
    lead = [VERDICT_PREDICATES["lead.illustrative"]] if mixed and not target.decided else []
    dates = [] if "dates" in common else [_DATES]
    period = [] if "period" in common else [_PERIOD]

    def one(claim: Claim | None) -> Text:
        return Text.of(Claim(_NOTHING, {}) if claim is None else claim, lang=lang)

    return (
        tuple(one(Claim(predicate, held)) for predicate in about),
        (
            Text.of(
                *(Claim(predicate, held) for predicate in lead),
                few_words(held),
                lang=lang,
            ),
        ),
        (one(first_true(_FROM_TO, held)), *(one(Claim(predicate, held)) for predicate in dates)),
        (one(first_true(_LATEST, held)), *(one(Claim(predicate, held)) for predicate in period)),
        (one(first_true(_DONE, held)),),
        (one(first_true(_PERSONS, held)),),
    )
