"""All that is written on a chart of foreign- and native-born side by side in many places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from integstats import catalogue
from integstats.analysis.gaps import Comparator
from integstats.catalogue import Language, Source
from integstats.errors import SchemaError
from integstats.table import require
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true
from integstats.wording.footer_sentences import source_line
from integstats.wording.gap_courses import REQUIRED
from integstats.wording.gap_sentences import GapText
from integstats.wording.phrases import comparator_code, group_code
from integstats.wording.titles import shortest_fit

MANY = 20
"""From this many comparisons on, what chance alone would show is said."""
BY_CHANCE = 0.025
"""How often an interval of 95 per cent lies above zero where there is no difference."""
Values = Mapping[str, Any]


def _clear(v: Values) -> int:
    """Return in how many places the interval of the gap lies above zero."""
    return sum(float(low) > 0 for low in v["lows"])


def _is_counted(v: Values) -> bool:
    return bool(v["clear"] == _clear(v) and v["total"] == len(v["lows"]) > 1)


def _all_clear(v: Values) -> bool:
    return _is_counted(v) and bool(v["clear"] == v["total"])


def _worse(better: str, test: Callable[[Values], bool]) -> Callable[[Values], bool]:
    return lambda v: catalogue.measure(v["measure"]).better == better and test(v)


_MANY = "{total:count} {kind:kind}"
_PART = {"sv": f"{{clear:count}} av {_MANY}", "en": f"{{clear:count}} of {_MANY}"}
_HELD = {
    "sv": "{group:who}: <word> {measure:noun} än {group:than|{versus}}",
    "en": "{group:who}: <word> {measure:noun} than {group:than|{versus}}",
}


def _titles() -> list[Predicate]:
    forms = (
        ("all", _all_clear, f"{_HELD['sv']} i alla {_MANY}", f"{_HELD['en']} in all {_MANY}"),
        ("some", _is_counted, f"{_HELD['sv']} i {_PART['sv']}", f"{_HELD['en']} in {_PART['en']}"),
        (
            "short",
            _is_counted,
            f"{{group:who}}: <word> {{measure:noun}} i {_PART['sv']}",
            f"{{group:who}}: <word> {{measure:noun}} in {_PART['en']}",
        ),
    )
    return [
        Predicate(
            f"places.title.{name}.{better}",
            _worse(better, test),
            sv.replace("<word>", word),
            en.replace("<word>", word_en),
        )
        for better, word, word_en in (("up", "lägre", "lower"), ("down", "högre", "higher"))
        for name, test, sv, en in forms
    ]


_TITLES = _titles()
_ONE_PLACE = Predicate(
    "places.title.one",
    lambda v: len(v["lows"]) == 1,
    "{measure:gapdefinite} för {group:who} {place:in} är {gap:level|pp|1}",
    "{measure:gapdefinite} for {group:who} {place:in} is {gap:level|pp|1}",
)
_SUBTITLE = [
    Predicate(
        "places.subtitle.what",
        lambda v: bool(v["lows"]),
        "{measure:measureunit}, {group:between|{versus}} {age:age}, {total:count} {kind:kind}, "
        "{period:period}.",
        "{measure:measureunit}, {group:between|{versus}} {age:age}, {total:count} {kind:kind}, "
        "{period:period}.",
    ),
    Predicate(
        "places.subtitle.difference",
        lambda v: bool(v["versus"]),
        "Skillnad i procentenheter, {group:minus|{versus}|{measure}}, med osäkerhetsintervall "
        "(95\u00a0%) vid minst ca {fewest:about} {group:who} {measure:base}.",
        "Difference in percentage points, {group:minus|{versus}|{measure}}, with uncertainty "
        "intervals (95%) at no fewer than about {fewest:about} {group:who} {measure:base}.",
    ),
]
_CLEAR = Predicate(
    "places.clear",
    _is_counted,
    "I {clear:count} av {total:count} {kind:kind} är skillnaden större än slumpen brukar ge "
    "(95\u00a0%).",
    "In {clear:count} of {total:count} {kind:kind} the difference is larger than chance usually "
    "gives (95%).",
)
_CHANCE = Predicate(
    "places.chance",
    lambda v: v["total"] >= MANY and v["by_chance"] == BY_CHANCE * v["total"],
    "Av {total:count} jämförelser väntas ungefär {by_chance:number|0} visa en sådan skillnad av "
    "en slump.",
    "Of {total:count} comparisons about {by_chance:number|0} would show such a difference by "
    "chance.",
)
_RANGE = Predicate(
    "places.range",
    lambda v: v["least_gap"] <= v["most_gap"] and len(v["lows"]) > 1,
    "Skillnaden är {least_gap:level|pp|1} i {least_place:place} (osäkerhetsintervall "
    "{least_low:interval|{least_high}|pp|1}) och {most_gap:level|pp|1} i {most_place:place} "
    "({most_low:interval|{most_high}|pp|1}); där intervallen överlappar är ordningen osäker.",
    "The difference is {least_gap:level|pp|1} in {least_place:place} (uncertainty interval "
    "{least_low:interval|{least_high}|pp|1}) and {most_gap:level|pp|1} in {most_place:place} "
    "({most_low:interval|{most_high}|pp|1}); where the intervals overlap the order is "
    "uncertain.",
)
_HIDDEN = Predicate(
    "places.hidden",
    lambda v: bool(v["hidden"]),
    "Uppgiften visas inte (för få personer) för {hidden:places}.",
    "The figure is not shown (too few persons) for {hidden:places}.",
)
_ALT = Predicate(
    "places.alt",
    lambda v: len(v["lows"]) >= 1,
    "Hanteldiagram: {measure:definite} bland {group:between|{versus}} i {total:count} {kind:kind}, "
    "{period:period}.",
    "Dumbbell chart: {measure:definite} among {group:between|{versus}} in {total:count} "
    "{kind:kind}, {period:period}.",
)
_ALT_LEVELS = Predicate(
    "places.alt_levels",
    lambda v: bool(v["most_place"]),
    "Nivåerna {most_place:in} är {most_own:rate} bland {group:who} och {most_reference:rate} "
    "bland {versus:who}; {least_place:in} {least_own:rate} och {least_reference:rate}.",
    "The levels {most_place:in} are {most_own:rate} among {group:who} and {most_reference:rate} "
    "among {versus:who}; {least_place:in} {least_own:rate} and {least_reference:rate}.",
)

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_TITLES,
        _ONE_PLACE,
        *_SUBTITLE,
        _CLEAR,
        _CHANCE,
        _RANGE,
        _HIDDEN,
        _ALT,
        _ALT_LEVELS,
    )
}


def dumbbell_text(
    gaps: pd.DataFrame,
    measure: str,
    *,
    sources: Sequence[Source] = (),
    comparator: Comparator = "same_sex",
    organisation: str = "",
    lang: Language = "sv",
) -> GapText:
    """Return everything that is written on a chart of the levels of two groups in many places.

    Parameters
    ----------
    gaps
        What `integstats.gaps` returned: one row per place, for one period, age and sex.
    measure
        Id of the measure.
    sources
        Where the figures come from.
    comparator
        As given to `gaps`.
    organisation
        Who publishes the chart.
    lang
        Language.

    Raises
    ------
    SchemaError
        When a column is missing, there is more than one period, age or sex, or no gap at all.
    """
    require(gaps, REQUIRED, what="The text of gaps in places")
    for key in ("period", "age", "sex"):
        found = sorted({str(one) for one in gaps[key].unique()})
        if len(found) != 1:
            raise SchemaError(
                f"The text of gaps in places needs one {key}; got {len(found)}: "
                f"{', '.join(found[:5]) or 'no rows'}. Select one first."
            )
    values = _values(gaps, measure, comparator)
    single = Claim(_ONE_PLACE, values)
    title = (
        Text.of(single, lang=lang) if single.holds() else shortest_fit(_TITLES, values, lang=lang)
    )
    lines = all_true((_CLEAR, _CHANCE, _RANGE, _HIDDEN), values)
    return GapText(
        title=title,
        subtitle=Text.of(*(Claim(one, values) for one in _SUBTITLE), lang=lang),
        alt=Text.of(*all_true((_ALT, _RANGE, _ALT_LEVELS), values), lang=lang),
        lines=tuple(Text.of(claim, lang=lang) for claim in lines),
        footer=(source_line(sources, organisation=organisation, lang=lang),),
    )


def _values(gaps: pd.DataFrame, measure: str, comparator: Comparator) -> dict[str, Value]:
    shown = gaps[gaps["gap_pp"].notna().to_numpy()].sort_values("gap_pp", kind="stable")
    if shown.empty:
        raise SchemaError(
            "The text of gaps in places needs at least one gap; every gap_pp is missing. Choose "
            "places with more persons."
        )
    sex = str(gaps["sex"].iloc[0])
    lows = tuple(repr(float(low)) for low in shown["gap_low"])
    total = len(shown)
    values: dict[str, Value] = {
        "group": group_code("foreign_born", sex),
        "versus": comparator_code(comparator, sex),
        "measure": measure,
        "age": str(gaps["age"].iloc[0]),
        "period": str(gaps["period"].iloc[0]),
        "kind": _kind(shown["place"]),
        "lows": lows,
        "clear": sum(float(low) > 0 for low in lows),
        "total": total,
        "by_chance": BY_CHANCE * total,
        "fewest": float(shown["n_foreign_born"].min()),
        "place": str(shown["place"].iloc[0]),
        "gap": float(shown["gap_pp"].iloc[0]),
        "hidden": tuple(str(one) for one in gaps.loc[gaps["gap_pp"].isna(), "place"]),
    }
    for name, row in (("least", shown.iloc[0]), ("most", shown.iloc[-1])):
        values |= {
            f"{name}_place": str(row["place"]),
            f"{name}_gap": float(row["gap_pp"]),
            f"{name}_low": float(row["gap_low"]),
            f"{name}_high": float(row["gap_high"]),
            f"{name}_own": float(row["rate_foreign_born"]),
            f"{name}_reference": float(row["rate_native_born"]),
        }
    return values


def _kind(places: pd.Series) -> str:
    known = catalogue.places()
    kinds = {known[key].kind if key in known else "mixed" for key in places.astype(str)}
    return kinds.pop() if kinds <= {"municipality"} or kinds <= {"county"} else "mixed"
