"""Whether a target's change can show with so few persons, and what to do where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from integstats.catalogue import Language
from integstats.targets.detectability import Detectability
from integstats.wording import numbers
from integstats.wording.claims import Claim, Predicate, Text, all_true
from integstats.wording.phrases import comparator_code, group_code
from integstats.wording.track_values import DECIMALS
from integstats.wording.verdict_sentences import directed

Values = Mapping[str, Any]

_SUBJECT = "{group:subject|{unit}|{measure}|{versus}} {place:in}"
_SMALLEST = "{smallest:change|{unit}|{decimals}}"
_HALF, _END = "{half_change:change|{unit}|{decimals}}", "{end_change:change|{unit}|{decimals}}"
_PLAN = {
    "sv": f"Målbanan förutsätter {_HALF} vid halva tiden och {_END} vid måldatumet",
    "en": f"The target path asks for {_HALF} at half-time and {_END} at the deadline",
}


def _shows(v: Values, change: str) -> bool:
    return "smallest" in v and bool(v[change] >= v["smallest"])


def _enough(v: Values) -> bool:
    return _shows(v, "half_change")


def _only_at_deadline(v: Values) -> bool:
    return _shows(v, "end_change") and not _enough(v)


def _too_few(v: Values) -> bool:
    return not _shows(v, "end_change")


def _with_persons(test: Callable[[Values], bool], needed: str) -> Callable[[Values], bool]:
    return lambda v: test(v) and needed in v


_SENTENCES = [
    *directed(
        "detectable.smallest",
        lambda v: "smallest" in v and "n" in v,
        f"{_SUBJECT}: med ca {{n:about}} personer {{measure:base}} krävs en <noun> på minst "
        f"{_SMALLEST} från {{baseline:level|{{unit}}|{{decimals}}}} för att den ska synas i fyra "
        "fall av fem.",
        f"{_SUBJECT}: with about {{n:about}} persons {{measure:base}} a <noun> of at least "
        f"{_SMALLEST} from {{baseline:level|{{unit}}|{{decimals}}}} is needed to show in four "
        "cases of five.",
    ),
    *directed(
        "detectable.smallest_count",
        lambda v: "smallest" in v and "n" not in v,
        f"{_SUBJECT}: en <noun> på minst {_SMALLEST} från {{baseline:level|{{unit}}|{{decimals}}}} "
        "krävs för att den ska synas i fyra fall av fem.",
        f"{_SUBJECT}: a <noun> of at least {_SMALLEST} from "
        "{baseline:level|{unit}|{decimals}} is needed to show in four cases of five.",
    ),
    *directed(
        "detectable.nothing",
        lambda v: "smallest" not in v,
        f"{_SUBJECT}: med så få personer kan ingen <noun> synas i fyra fall av fem.",
        f"{_SUBJECT}: with so few persons no <noun> can show in four cases of five.",
    ),
    Predicate(
        "detectable.enough",
        _enough,
        f"{_PLAN['sv']}: det räcker redan vid halva tiden.",
        f"{_PLAN['en']}: that suffices already at half-time.",
    ),
    Predicate(
        "detectable.only_at_deadline",
        _only_at_deadline,
        f"{_PLAN['sv']}: det räcker vid måldatumet, men inte vid halva tiden.",
        f"{_PLAN['en']}: that suffices at the deadline, but not at half-time.",
    ),
    Predicate(
        "detectable.too_few",
        _too_few,
        f"{_PLAN['sv']}: det räcker inte ens vid måldatumet.",
        f"{_PLAN['en']}: that does not suffice even at the deadline.",
    ),
    Predicate(
        "detectable.first",
        lambda v: v["first_judgeable"] < v["deadline"],
        "Tidigast {first_judgeable:when} går målet att bedöma.",
        "At the earliest {first_judgeable:when} the target can be judged.",
    ),
    Predicate(
        "detectable.first_at_deadline",
        lambda v: v["first_judgeable"] == v["deadline"],
        "Först vid måldatumet, {deadline:period}, går målet att bedöma.",
        "Only at the deadline, {deadline:period}, can the target be judged.",
    ),
    Predicate(
        "detectable.pool_for_half_time",
        _with_persons(_only_at_deadline, "needed_half"),
        "För att synas vid halva tiden krävs minst {needed_half:count} personer: följ målet "
        "tillsammans med fler kommuner, eller vänta med bedömningen till måldatumet.",
        "To show at half-time at least {needed_half:count} persons are needed: follow the target "
        "together with more municipalities, or leave the verdict until the deadline.",
    ),
    Predicate(
        "detectable.pool_or_lengthen",
        _with_persons(_too_few, "needed_end"),
        "Minst {needed_end:count} personer krävs: följ målet tillsammans med fler kommuner, eller "
        "förläng målperioden så att en större förändring kan planeras.",
        "At least {needed_end:count} persons are needed: follow the target together with more "
        "municipalities, or lengthen the target period so that a larger change can be planned.",
    ),
]

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in _SENTENCES}


def detectability_text(found: Detectability, *, lang: Language = "sv") -> Text:
    """Return what change the figures can show, when, and advice; empty without figures."""
    if found.advice == "no_figures":
        return Text.of(lang=lang)
    target = found.target
    sign = 1 if target.better == "down" else -1
    values: dict[str, Any] = {
        "group": group_code(target.birth_region, target.sex),
        "versus": comparator_code(target.comparator, target.sex) if target.comparator else "",
        "measure": target.measure,
        "unit": found.unit,
        "place": found.place,
        "better": target.better,
        "decimals": _decimals(found),
        "n": found.n,
        "baseline": found.baseline,
        "half_change": sign * (found.baseline - found.half_time),
        "end_change": sign * (found.baseline - found.goal),
        "smallest": found.smallest,
        "needed_half": found.needed_half_time,
        "needed_end": found.needed_end,
        "first_judgeable": str(found.first_judgeable),
        "deadline": str(target.deadline_period),
    }
    known = {slot: value for slot, value in values.items() if value == value}
    claims: list[Claim] = all_true(_SENTENCES, known)
    return Text.of(*claims, lang=lang)


def _decimals(found: Detectability) -> int:
    """How many decimals tell what is needed from what is planned, so that both can be printed."""
    least, scale = DECIMALS[found.unit], 100 if found.unit == "share" else 1
    if found.smallest != found.smallest:
        return least
    planned = [abs(found.baseline - value) for value in (found.half_time, found.goal)]
    return max(
        numbers.decimals_apart(scale * found.smallest, scale * one, least=least, most=least + 2)
        for one in planned
    )
