"""Titles of charts of places sorted by their gap: what is sure of the order, in few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from integstats.catalogue import Language
from integstats.wording.claims import Predicate, Text, Value
from integstats.wording.titles import shortest_fit

Values = Mapping[str, Any]
Test = Callable[[Values], bool]


def is_ordered(v: Values) -> bool:
    """Whether anything is known of the order; never where all intervals share a value."""
    return bool(v["apart"] > 0 and v["highest_low"] > v["lowest_high"])


def no_order(v: Values) -> bool:
    """Whether several places are ranked and none is told apart from another."""
    return bool(v["ranked"] > 1 and v["apart"] == 0)


def _has_rank(v: Values) -> bool:
    return "rank_low" in v and 1 <= v["rank_low"] <= v["rank_high"] <= v["ranked"]


def any_rank(v: Values) -> bool:
    """Whether the place may have every rank."""
    return _has_rank(v) and v["rank_low"] == 1 and v["rank_high"] == v["ranked"]


def some_ranks(v: Values) -> bool:
    """Whether the place has several of the ranks, but not every one."""
    return _has_rank(v) and is_ordered(v) and not any_rank(v) and v["rank_low"] < v["rank_high"]


def one_rank(v: Values) -> bool:
    """Whether the rank of the place is established."""
    return _has_rank(v) and is_ordered(v) and v["rank_low"] == v["rank_high"]


def _sole_ends(v: Values) -> bool:
    return is_ordered(v) and v["may_least"] == v["may_most"] == 1


def _above_country(v: Values) -> bool:
    return is_ordered(v) and v.get("above", 0) > 0


def _title(name: str, test: Test, sv: str, en: str) -> Predicate:
    return Predicate(f"ranked.title.{name}", test, sv, en)


_SET = "{rank_low:count}–{rank_high:count}"
_ONE = "{rank_low:count}"
_AMONG = "{ranked:count} {kind:kind}"
_ALL = "{total:count} {kind:kind}"
_WHOSE = "{group:who}: {measure:gapdefinite}"
_GAP = {
    "sv": "{measure:gapdefinite} för {group:who}",
    "en": "{measure:gapdefinite} for {group:who}",
}


def _rank_titles(name: str, test: Test, has: tuple[str, str], ranks: str) -> list[Predicate]:
    """The rank of one place in words, shorter and shorter."""
    sv, en = (
        f"{{group:who}}: {{place:place}} {verb} {ranks}\u00a0{of}\u00a0{{ranked:count}}"
        for verb, of in zip(has, ("av", "of"), strict=True)
    )
    return [
        _title(
            name,
            test,
            f"{sv}, räknat från det minsta {{measure:gapdefinite}}",
            f"{en} on {{measure:gapdefinite}}, smallest first",
        ),
        _title(
            f"{name}.short",
            test,
            f"{sv} från det minsta {{measure:gapdefinite}}",
            f"{en}, smallest gap first",
        ),
        _title(f"{name}.shortest", test, f"{sv}, 1 är minst gap", f"{en}, 1 is smallest"),
    ]


_TITLES = [
    *_rank_titles("rank", some_ranks, ("har plats", "ranks"), _SET),
    *_rank_titles(
        "one_rank", one_rank, ("har säkerställd plats", "has the established rank"), _ONE
    ),
    _title(
        "any_rank",
        any_rank,
        f"{_GAP['sv']} {{place:in}} kan inte rangordnas bland {_AMONG}",
        f"{_GAP['en']} {{place:in}} cannot be ranked among {_AMONG}",
    ),
    _title(
        "any_rank.short",
        any_rank,
        f"{{group:who}}: {{place:place}} kan inte rangordnas bland {_AMONG}",
        f"{{group:who}}: {{place:place}} cannot be ranked among {_AMONG}",
    ),
    _title(
        "no_order",
        no_order,
        f"{_GAP['sv']}: slumpen kan förklara ordningen mellan {_AMONG}",
        f"{_GAP['en']}: chance can explain the order of {_AMONG}",
    ),
    _title(
        "no_order.short",
        no_order,
        f"{{group:who}}: slumpen kan förklara ordningen mellan {_AMONG}",
        f"{{group:who}}: chance can explain the order of {_AMONG}",
    ),
    _title(
        "ends",
        _sole_ends,
        f"{_GAP['sv']} är minst {{least_place:in}} och störst {{most_place:in}}",
        f"{_GAP['en']} is smallest {{least_place:in}} and largest {{most_place:in}}",
    ),
    _title(
        "above_country",
        _above_country,
        f"{_WHOSE} är större än i riket i {{above:count}} av {_AMONG}",
        f"{_WHOSE} is larger than in Sweden in {{above:count}} of {_AMONG}",
    ),
    _title(
        "may_be",
        is_ordered,
        f"{{group:who}}: {{may_least:count}} av {_AMONG} kan ha minst gap, {{may_most:count}} kan "
        "ha störst",
        f"{{group:who}}: {{may_least:count}} of {_AMONG} may have the smallest gap, "
        "{may_most:count} the largest",
    ),
    _title(
        "one_place",
        lambda v: v["total"] == 1,
        f"{_GAP['sv']} {{least_place:in}} är {{least_gap:level|pp|1}}",
        f"{_GAP['en']} {{least_place:in}} is {{least_gap:level|pp|1}}",
    ),
    _title(
        "span",
        lambda v: v["least_gap"] <= v["most_gap"],
        f"{_WHOSE} är {{least_gap:figure|pp|1}} till {{most_gap:level|pp|1}} i {_ALL}",
        f"{_WHOSE} is {{least_gap:figure|pp|1}} to {{most_gap:level|pp|1}} in {_ALL}",
    ),
]

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in _TITLES}


def ranked_title(values: Mapping[str, Value], *, lang: Language) -> Text:
    """Return the title: of one place where its ranks are known, else of all.

    Parameters
    ----------
    values
        What `integstats.wording.ranked_sentences.ranked_values` returned.
    lang
        Language.
    """
    single = ("rank", "one_rank", "any_rank")
    own = [one for one in _TITLES if one.id.split(".")[2] in single]
    if any(one.test(values) for one in own):
        return shortest_fit(own, values, lang=lang)
    return shortest_fit([one for one in _TITLES if one not in own], values, lang=lang)
