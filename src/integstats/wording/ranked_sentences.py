"""All that is written on a chart of places sorted by their gap, with what is sure of the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from integstats.analysis.gaps import Comparator
from integstats.catalogue import Language, Source
from integstats.errors import SchemaError
from integstats.table import require
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true
from integstats.wording.footer_sentences import source_line
from integstats.wording.gap_courses import REQUIRED
from integstats.wording.gap_sentences import GapText
from integstats.wording.phrases import comparator_code, group_code
from integstats.wording.place_notes import place_notes, place_values
from integstats.wording.ranked_titles import (
    any_rank,
    is_ordered,
    no_order,
    one_rank,
    ranked_title,
    some_ranks,
)
from integstats.wording.terms import Words

COUNTRY = "00"
MANY = 20
"""From this many comparisons on, what chance alone would show is said."""
BY_CHANCE = 0.05
"""How often an interval of 95 per cent misses the country's gap where nothing differs."""
HEADINGS: Words = {
    "gap": ("Skillnad i procentenheter", "Difference in percentage points"),
    "rank": ("Plats", "Rank"),
}
Values = Mapping[str, Any]


def _has_ends(v: Values) -> bool:
    return bool(v["total"] > 1 and v["least_gap"] <= v["most_gap"])


def _has_country(v: Values) -> bool:
    return "country" in v and v["above"] + v["below"] <= v["ranked"] and v["ranked"] > 1


_SET = "{rank_low:count}–{rank_high:count}"
_ONE = "{rank_low:count}"
_ALL = "{total:count} {kind:kind}"
_BETWEEN = {
    "sv": "{measure:gapdefinite} mellan {group:between|{versus}}",
    "en": "{measure:gapdefinite} between {group:between|{versus}}",
}
_WHAT = [
    Predicate(
        "ranked.subtitle.what",
        lambda v: v["total"] > 1,
        "{measure:measureunit}, {group:between|{versus}} {age:age}, {total:count} {kind:kind}, "
        "{period:period}.",
        "{measure:measureunit}, {group:between|{versus}} {age:age}, {total:count} {kind:kind}, "
        "{period:period}.",
    ),
    Predicate(
        "ranked.subtitle.what_one",
        lambda v: v["total"] == 1,
        "{measure:measureunit}, {group:between|{versus}} {age:age}, {least_place:place}, "
        "{period:period}.",
        "{measure:measureunit}, {group:between|{versus}} {age:age}, {least_place:place}, "
        "{period:period}.",
    ),
]
_DIFFERENCE = Predicate(
    "ranked.subtitle.difference",
    lambda v: bool(v["versus"]),
    "Skillnad i procentenheter, {group:minus|{versus}|{measure}}.",
    "Difference in percentage points, {group:minus|{versus}|{measure}}.",
)
_WHISKERS = Predicate(
    "ranked.subtitle.whiskers",
    lambda v: "fewest" in v and v["fewest"] > 0,
    "Streck: osäkerhetsintervall (95\u00a0%), minst ca {fewest:about} {group:who}.",
    "Bars: uncertainty intervals (95%), no fewer than about {fewest:about} {group:who}.",
)
_HOW_RANKED = Predicate(
    "ranked.how",
    lambda v: v["ranked"] > 1,
    "Plats: de platser som är möjliga när slumpen räknas in, för alla samtidigt (95\u00a0%); 1 är "
    "den minsta skillnaden.",
    "Rank: the ranks that are possible when chance is counted in, for all at once (95%); 1 is the "
    "smallest difference.",
)
_WITHOUT = Predicate(
    "ranked.without_interval",
    lambda v: v["ranked"] < v["total"],
    "Inte rangordnade: {unranked:count} av {total:count} {kind:kind}, eftersom antalet personer "
    "inte är känt.",
    "Not ranked: {unranked:count} of {total:count} {kind:kind}, as the number of persons is not "
    "known.",
)
_RANGE = [
    Predicate(
        "ranked.range",
        lambda v: _has_ends(v) and {"least_low", "most_low"} <= set(v),
        "Skillnaden är {least_gap:level|pp|1} i {least_place:place} (osäkerhetsintervall "
        "{least_low:interval|{least_high}|pp|1}) och {most_gap:level|pp|1} i {most_place:place} "
        "({most_low:interval|{most_high}|pp|1}); där intervallen överlappar är ordningen osäker.",
        "The difference is {least_gap:level|pp|1} in {least_place:place} (uncertainty interval "
        "{least_low:interval|{least_high}|pp|1}) and {most_gap:level|pp|1} in {most_place:place} "
        "({most_low:interval|{most_high}|pp|1}); where the intervals overlap the order is "
        "uncertain.",
    ),
    Predicate(
        "ranked.range_without",
        lambda v: _has_ends(v) and not {"least_low", "most_low"} <= set(v),
        "Skillnaden är {least_gap:level|pp|1} i {least_place:place} och {most_gap:level|pp|1} i "
        "{most_place:place}, utan bedömning av osäkerhet.",
        "The difference is {least_gap:level|pp|1} in {least_place:place} and "
        "{most_gap:level|pp|1} in {most_place:place}, without an assessment of uncertainty.",
    ),
    Predicate(
        "ranked.level",
        lambda v: v["total"] == 1 and "least_low" in v,
        "Skillnaden är {least_gap:level|pp|1} (osäkerhetsintervall "
        "{least_low:interval|{least_high}|pp|1}).",
        "The difference is {least_gap:level|pp|1} (uncertainty interval "
        "{least_low:interval|{least_high}|pp|1}).",
    ),
    Predicate(
        "ranked.level_without",
        lambda v: v["total"] == 1 and "least_low" not in v,
        "Skillnaden är {least_gap:level|pp|1}, utan bedömning av osäkerhet.",
        "The difference is {least_gap:level|pp|1}, without an assessment of uncertainty.",
    ),
]
_PLACE = [
    Predicate(
        "ranked.place",
        some_ranks,
        "{place:place} har {gap:level|pp|1} ({low:interval|{high}|pp|1}) och någon av platserna "
        f"{_SET} av {{ranked:count}}.",
        "{place:place} has {gap:level|pp|1} ({low:interval|{high}|pp|1}) and one of the ranks "
        f"{_SET} of {{ranked:count}}.",
    ),
    Predicate(
        "ranked.place_one",
        one_rank,
        "{place:place} har {gap:level|pp|1} ({low:interval|{high}|pp|1}) och säkerställd plats "
        f"{_ONE} av {{ranked:count}}.",
        "{place:place} has {gap:level|pp|1} ({low:interval|{high}|pp|1}) and the established rank "
        f"{_ONE} of {{ranked:count}}.",
    ),
    Predicate(
        "ranked.place_any",
        any_rank,
        "{place:place} har {gap:level|pp|1} ({low:interval|{high}|pp|1}) och kan ha vilken som "
        "helst av de {ranked:count} platserna.",
        "{place:place} has {gap:level|pp|1} ({low:interval|{high}|pp|1}) and may have any of the "
        "{ranked:count} ranks.",
    ),
]
_COUNTRY = Predicate(
    "ranked.country",
    _has_country,
    "I riket är skillnaden {country:level|pp|1}: i {above:count} av {ranked:count} {kind:kind} "
    "ligger hela osäkerhetsintervallet över den, i {below:count} under.",
    "In Sweden the difference is {country:level|pp|1}: in {above:count} of {ranked:count} "
    "{kind:kind} the whole uncertainty interval lies above it, in {below:count} below.",
)
_CHANCE = Predicate(
    "ranked.chance",
    lambda v: _has_country(v) and v["ranked"] >= MANY and v["chance"] == BY_CHANCE * v["ranked"],
    "Av {ranked:count} intervall väntas ungefär {chance:number|0} hamna helt över eller under "
    "riket av en slump.",
    "Of {ranked:count} intervals about {chance:number|0} would lie wholly above or below Sweden "
    "by chance.",
)
_ENDS = Predicate(
    "ranked.ends",
    is_ordered,
    "Den minsta skillnaden kan finnas i {may_least:count} av {ranked:count} {kind:kind}, den "
    "största i {may_most:count}.",
    "The smallest difference may be in {may_least:count} of {ranked:count} {kind:kind}, the "
    "largest in {may_most:count}.",
)
_NO_ORDER = Predicate(
    "ranked.no_order",
    no_order,
    "Ingen ordning är säkerställd: slumpen kan förklara skillnaderna mellan de {ranked:count} "
    "{kind:kind} som visas.",
    "No order is established: chance can explain the differences between the {ranked:count} "
    "{kind:kind} shown.",
)
_ALT = [
    Predicate(
        "ranked.alt",
        lambda v: v["total"] > 1,
        f"Punktdiagram: {_BETWEEN['sv']} i {_ALL}, {{period:period}}, efter storlek.",
        f"Dot chart: {_BETWEEN['en']} in {_ALL}, {{period:period}}, by size.",
    ),
    Predicate(
        "ranked.alt_one",
        lambda v: v["total"] == 1,
        f"Punktdiagram: {_BETWEEN['sv']} {{least_place:in}}, {{period:period}}.",
        f"Dot chart: {_BETWEEN['en']} {{least_place:in}}, {{period:period}}.",
    ),
]
_LABELS = {
    one.id: one
    for one in (
        Predicate("ranked.label.set", lambda v: v["rank_low"] < v["rank_high"], _SET, _SET),
        Predicate("ranked.label.one", lambda v: v["rank_low"] == v["rank_high"], _ONE, _ONE),
        Predicate(
            "ranked.label.country",
            lambda v: "country" in v,
            "Riket {country:figure|pp|1}",
            "Sweden {country:figure|pp|1}",
        ),
    )
}

PREDICATES: Mapping[str, Predicate] = {
    **{
        one.id: one
        for one in (
            *_WHAT,
            _DIFFERENCE,
            _WHISKERS,
            _HOW_RANKED,
            _WITHOUT,
            *_RANGE,
            *_PLACE,
            _COUNTRY,
            _CHANCE,
            _ENDS,
            _NO_ORDER,
            *_ALT,
        )
    },
    **_LABELS,
}


def rank_claim(low: int, high: int) -> Claim:
    """Return the claim that writes the ranks a place may have: 3–9."""
    name = "ranked.label.set" if low < high else "ranked.label.one"
    return Claim(_LABELS[name], {"rank_low": low, "rank_high": high})


def country_claim(gap: float) -> Claim:
    """Return the claim that names the line of the country, with its gap."""
    return Claim(_LABELS["ranked.label.country"], {"country": gap})


def ranked_values(
    rows: pd.DataFrame,
    measure: str,
    *,
    highlight: str | None = None,
    comparator: Comparator = "same_sex",
) -> dict[str, Value]:
    """Return the slots of the sentences, which are all the numbers that the chart speaks of.

    Raises
    ------
    SchemaError
        When a column is missing, there is more than one period, age or sex, or no gap at all.
    """
    require(rows, [*REQUIRED, "rank_low", "rank_high"], what="The text of ranked places")
    for key in ("period", "age", "sex"):
        found = sorted({str(one) for one in rows[key].unique()})
        if len(found) != 1:
            raise SchemaError(
                f"The text of ranked places needs one {key}; got {len(found)}: "
                f"{', '.join(found[:5]) or 'no rows'}. Select one first."
            )
    is_country = (rows["place"] == COUNTRY).to_numpy()
    places = rows[~is_country]
    shown = places[places["gap_pp"].notna().to_numpy()].sort_values("gap_pp", kind="stable")
    if shown.empty:
        raise SchemaError(
            "The text of ranked places needs at least one gap; every gap_pp is missing. Choose "
            "places with more persons."
        )
    ranked = shown[shown["rank_low"].notna().to_numpy()]
    sex = str(rows["sex"].iloc[0])
    persons = places[["n_foreign_born", "n_native_born"]].min(axis=1).to_numpy(dtype=float)
    first, last = ranked["rank_low"] == 1, ranked["rank_high"] == len(ranked)
    values: dict[str, Value] = {
        "group": group_code("foreign_born", sex),
        "versus": comparator_code(comparator, sex),
        "measure": measure,
        "age": str(rows["age"].iloc[0]),
        "period": str(rows["period"].iloc[0]),
        "total": len(shown),
        "ranked": len(ranked),
        "unranked": len(shown) - len(ranked),
        "apart": int((~(first & last)).sum()),
        "may_least": int(first.sum()),
        "may_most": int(last.sum()),
        "chance": BY_CHANCE * len(ranked),
        **place_values(places["place"], known=places["gap_pp"].notna().to_numpy(), persons=persons),
    }
    if len(ranked):
        values["highest_low"] = float(ranked["gap_low"].max())
        values["lowest_high"] = float(ranked["gap_high"].min())
    if shown["n_foreign_born"].notna().any():
        values["fewest"] = float(shown["n_foreign_born"].min())
    country = rows.loc[is_country, "gap_pp"].dropna()
    if len(country):
        level = float(country.iloc[0])
        values |= {
            "country": level,
            "above": int((ranked["gap_low"] > level).sum()),
            "below": int((ranked["gap_high"] < level).sum()),
        }
    values |= _row_values(shown.iloc[0], "least_") | _row_values(shown.iloc[-1], "most_")
    chosen = ranked[(ranked["place"] == highlight).to_numpy()]
    if len(chosen) and len(ranked) > 1:
        row = chosen.iloc[0]
        values |= _row_values(row, "")
        values |= {name: int(row[name]) for name in ("rank_low", "rank_high")}
    return values


def _row_values(row: pd.Series, before: str) -> dict[str, Value]:
    values: dict[str, Value] = {
        f"{before}place": str(row["place"]),
        f"{before}gap": float(row["gap_pp"]),
    }
    if pd.notna(row["gap_low"]) and pd.notna(row["gap_high"]):
        values |= {f"{before}{end}": float(row[f"gap_{end}"]) for end in ("low", "high")}
    return values


def ranked_text(
    rows: pd.DataFrame,
    measure: str,
    *,
    highlight: str | None = None,
    sources: Sequence[Source] = (),
    preliminary: bool | None = None,
    comparator: Comparator = "same_sex",
    organisation: str = "",
    lang: Language = "sv",
) -> GapText:
    """Return everything that is written on a chart of places sorted by their gap.

    Parameters
    ----------
    rows
        What `integstats.gaps` returned, one row per place, for one period, age and sex, with the
        columns ``rank_low`` and ``rank_high``; the country may be among them, without a rank.
    measure
        Id of the measure.
    highlight
        Key of the place that the title is about.
    sources
        Where the figures come from; the user's own, or invented, when empty.
    preliminary
        Whether figures are preliminary; when left out, whether a source's are.
    comparator
        As given to `gaps`.
    organisation
        Who publishes the chart.
    lang
        Language.

    Returns
    -------
    GapText
        Of its `footer` the first is how to read the ranks, then notes on places; the source line
        is last.

    Raises
    ------
    SchemaError
        When a column is missing, there is more than one period, age or sex, or no gap at all.
    """
    values = ranked_values(rows, measure, highlight=highlight, comparator=comparator)
    about = place_notes(values, lang=lang)
    line = source_line(
        sources,
        preliminary=preliminary,
        organisation=organisation,
        dataset="" if sources else str(rows["dataset"].iloc[0]),
        lang=lang,
    )
    how = [Text.of(one, lang=lang) for one in all_true((_HOW_RANKED, _WITHOUT), values)]
    said = all_true((*_RANGE, *_PLACE, _NO_ORDER, _ENDS, _COUNTRY, _CHANCE), values)
    return GapText(
        title=ranked_title(values, lang=lang),
        subtitle=Text.of(*all_true((*_WHAT, _DIFFERENCE, _WHISKERS), values), lang=lang),
        alt=Text.of(
            *all_true((*_ALT, *_RANGE, *_PLACE, _NO_ORDER), values),
            *([] if "rank_low" in values else all_true((_COUNTRY,), values)),
            lang=lang,
        ),
        lines=(*(Text.of(claim, lang=lang) for claim in said), *about),
        footer=(*how, *about, line),
    )
