"""How much of the change is done, what pace is needed, and how many persons it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from integstats.wording.change import Z_CERTAIN
from integstats.wording.claims import Claim, Predicate, Value, all_true, first_true
from integstats.wording.verdict_sentences import before_deadline, directed

Values = Mapping[str, Any]


BEYOND = 2.0
"""Above this share, how much is done is told in words."""


def _is_ahead_of_start(v: Values) -> bool:
    """Whether the target asks for an improvement on the baseline at all."""
    sign = 1 if v["better"] == "down" else -1
    return bool(sign * (v["baseline"] - v["goal"]) > 0)


def _no_change_asked(v: Values) -> bool:
    return not v["reason"] and not _is_ahead_of_start(v)


def _judged(v: Values) -> bool:
    return not v["reason"] and "share_done" in v and _is_ahead_of_start(v)


def _far_beyond(v: Values) -> bool:
    return _judged(v) and bool(v["share_done"] > BEYOND and v["z"] >= Z_CERTAIN)


def _still_running(v: Values) -> bool:
    return not v["reason"] and v["months_left"] > 0 and "so_far" in v and "required" in v


def _done_certain(v: Values) -> bool:
    return _judged(v) and v["share_done"] > 0 and v["z"] >= Z_CERTAIN and before_deadline(v)


def _done_by_chance(v: Values) -> bool:
    return _judged(v) and v["share_done"] > 0 and v["z"] < Z_CERTAIN and before_deadline(v)


def _done_at_deadline(v: Values) -> bool:
    return _judged(v) and v["share_done"] > 0 and not before_deadline(v)


def _none_done(v: Values) -> bool:
    return _judged(v) and v["share_done"] <= 0


def _must_rise(v: Values) -> bool:
    certain = v.get("z", 0.0) >= Z_CERTAIN
    return certain and _needs_more(v) and _quotient_fits(v)


def _needs_more(v: Values) -> bool:
    return _still_running(v) and bool(v["required"] > v["so_far"] > 0)


def _quotient_fits(v: Values) -> bool:
    return math.isclose(v["quotient"], v["required"] / v["so_far"], rel_tol=1e-9)


def _suffices(v: Values) -> bool:
    return _still_running(v) and 0 < v["required"] <= v["so_far"]


def _must_turn(v: Values) -> bool:
    return _still_running(v) and v["so_far"] <= 0 < v["required"]


def _is_reached(v: Values) -> bool:
    return _still_running(v) and v["required"] <= 0


_SHARE = "{share_done:pct|{done_decimals}}"
_REACH = {
    "sv": "För att nå {goal:reach|{unit}|{decimals}} {deadline:when}",
    "en": "To reach {goal:reach|{unit}|{decimals}} {deadline:when}",
}
_NEEDED = "{required:change|{unit}|{pace_decimals}}"
_SO_FAR = "{so_far:changefigure|{unit}|{pace_decimals}}"


_PROGRESS = [
    Predicate(
        "progress.not_asked",
        _no_change_asked,
        "Målnivån var nådd redan vid utgångsläget {baseline_period:period}.",
        "The target level was reached already at the baseline {baseline_period:period}.",
    ),
    *directed(
        "progress.far_beyond",
        _far_beyond,
        "<noun_the> är mer än dubbelt så stor som målbanan förutsätter.",
        "The <noun> is more than twice as large as the target path requires.",
    ),
    *directed(
        "progress.part",
        _done_certain,
        f"Hittills har {_SHARE} av den <noun> som målbanan förutsätter uppnåtts.",
        f"So far {_SHARE} of the <noun> that the target path requires has been achieved.",
    ),
    *directed(
        "progress.may_be_chance",
        _done_by_chance,
        f"Hittills har {_SHARE} av den <noun> som målbanan förutsätter uppnåtts, men "
        "förändringen kan vara en slump.",
        f"So far {_SHARE} of the <noun> that the target path requires has been achieved, but the "
        "change may be chance.",
    ),
    *directed(
        "progress.at_deadline",
        _done_at_deadline,
        f"Av den <noun> som målet förutsatte uppnåddes {_SHARE}.",
        f"Of the <noun> that the target required, {_SHARE} was achieved.",
    ),
    *directed(
        "progress.none",
        _none_done,
        "Ingen del av den <noun> som målet förutsätter har uppnåtts.",
        "No part of the <noun> that the target requires has been achieved.",
    ),
]
_PACE = [
    Predicate(
        "pace.must_multiply",
        lambda v: v["unit"] == "ratio" and _must_rise(v),
        f"{_REACH['sv']} måste takten bli {{quotient:number|{{quotient_decimals}}}} gånger så hög.",
        f"{_REACH['en']} the pace must become {{quotient:number|{{quotient_decimals}}}} times as "
        "high.",
    ),
    Predicate(
        "pace.must_rise",
        _must_rise,
        f"{_REACH['sv']} måste takten öka från {_SO_FAR} till {_NEEDED} i månaden "
        "({quotient:number|{quotient_decimals}} gånger).",
        f"{_REACH['en']} the pace must rise from {_SO_FAR} to {_NEEDED} a month "
        "({quotient:number|{quotient_decimals}} times).",
    ),
    Predicate(
        "pace.needs",
        _needs_more,
        f"{_REACH['sv']} krävs en takt på {_NEEDED} i månaden; hittills har den varit {_SO_FAR}.",
        f"{_REACH['en']} a pace of {_NEEDED} a month is needed; so far it has been {_SO_FAR}.",
    ),
    Predicate(
        "pace.suffices",
        _suffices,
        f"{_REACH['sv']} räcker en takt på {_NEEDED} i månaden; hittills har den varit {_SO_FAR}.",
        f"{_REACH['en']} a pace of {_NEEDED} a month is enough; so far it has been {_SO_FAR}.",
    ),
    *directed(
        "pace.must_turn",
        _must_turn,
        f"{_REACH['sv']} måste {{measure:definite|{{unit}}}} <verb> med {_NEEDED} i månaden; "
        "hittills har ingen <noun> skett.",
        f"{_REACH['en']} {{measure:definite|{{unit}}}} must <verb> by {_NEEDED} a month; so far "
        "there has been no <noun>.",
    ),
    Predicate(
        "pace.reached",
        _is_reached,
        "Målnivån {goal:shown|{unit}|{decimals}} är nådd {period:when}; måldatumet är "
        "{deadline:period}.",
        "The target level {goal:shown|{unit}|{decimals}} is reached {period:when}; the deadline "
        "is {deadline:period}.",
    ),
]

_FEWER = "{lacking:moreorfewer|{measure}|{group}|{persons_better}}"
_CONDITIONS = {
    "rate": (
        lambda v: v["unit"] == "share",
        ", {measure:unchangedbase}",
        ", {measure:unchangedbase}",
    ),
    "gap": (
        lambda v: v["unit"] in ("pp", "ratio"),
        ", {measure:unchangedbase} och nivån bland {versus:who} inte ändras",
        ", {measure:unchangedbase} and the level among {versus:who} does not change",
    ),
    "count": (lambda v: v["unit"] == "persons", "", ""),
}


def _persons_predicates() -> list[Predicate]:
    found = []
    for name, (unit, sv, en) in _CONDITIONS.items():
        found += [
            Predicate(
                f"persons.needed.{name}",
                _both(unit, lambda v: _has(v, "lacking") and before_deadline(v)),
                f"Det motsvarar {_FEWER} netto{sv}.",
                f"That is {_FEWER} net{en}.",
            ),
            Predicate(
                f"persons.needed_at_deadline.{name}",
                _both(unit, lambda v: _has(v, "lacking") and not before_deadline(v)),
                f"För att nå målet hade det behövts {_FEWER} netto{sv}.",
                f"To meet the target it would have taken {_FEWER} net{en}.",
            ),
            Predicate(
                f"persons.to_spare.{name}",
                _both(unit, lambda v: _has(v, "ahead")),
                f"Marginalen till målnivån är {{ahead:persons}} netto{sv}.",
                f"The margin to the target level is {{ahead:persons}} net{en}.",
            ),
        ]
    return found


def _both(
    first: Callable[[Values], bool], second: Callable[[Values], bool]
) -> Callable[[Values], bool]:
    return lambda v: not v["reason"] and first(v) and second(v)


def _has(v: Values, name: str) -> bool:
    return bool(v.get(name, 0) > 0)


_BESIDE_PATH = [
    Predicate(
        "persons.behind_path",
        lambda v: not v["reason"] and _has(v, "lacking_path") and before_deadline(v),
        "För att ligga på målbanan {period:when} hade det behövts "
        "{lacking_path:moreorfewer|{measure}|{group}|{persons_better}}.",
        "To be on the target path {period:when} it would have taken "
        "{lacking_path:moreorfewer|{measure}|{group}|{persons_better}}.",
    ),
    Predicate(
        "persons.ahead_of_path",
        lambda v: not v["reason"] and _has(v, "ahead_path") and before_deadline(v),
        "Marginalen till målbanan {period:when} är {ahead_path:persons}.",
        "The margin to the target path {period:when} is {ahead_path:persons}.",
    ),
    Predicate(
        "persons.per_month",
        lambda v: not v["reason"] and _has(v, "per_month") and v["months_left"] > 0,
        "Utslaget till {deadline:period} är det {per_month:number|{month_decimals}} i månaden, "
        "netto.",
        "Spread over the time to {deadline:period} it is {per_month:number|{month_decimals}} a "
        "month, net.",
    ),
]
_PERSONS = _persons_predicates()

PREDICATES: Mapping[str, Predicate] = {
    one.id: one for one in (*_PROGRESS, *_PACE, *_PERSONS, *_BESIDE_PATH)
}


def progress(values: Mapping[str, Value]) -> list[Claim]:
    """Return how much is done, the pace needed, and the persons it stands for."""
    found = (first_true(group, values) for group in (_PROGRESS, _PACE, _PERSONS))
    return [claim for claim in found if claim is not None]


def beside_path(values: Mapping[str, Value]) -> list[Claim]:
    """Return the persons between the reading and the path, and what is needed a month."""
    return all_true(_BESIDE_PATH, values)
