"""All that is written on small charts of one group side by side, one for each place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from integstats.catalogue import Break, Language, Source
from integstats.wording import multiples_titles
from integstats.wording.claims import Claim, Predicate, Text, all_true
from integstats.wording.footer_sentences import break_claims, source_line
from integstats.wording.multiples_courses import BY_CHANCE, is_counted, multiples_values
from integstats.wording.terms import Words
from integstats.wording.titles import shortest_fit

MANY = 20
"""From this many comparisons on, what chance alone would show is said."""
NAMED = 6
"""How many places without a figure are named; more are counted."""
PANEL_WORDS: Words = {
    "hidden": ("visas inte", "not shown"),
    "absent": ("inte hämtad", "not fetched"),
}
"""What stands in place of a value that is kept back, or that the table does not have."""


@dataclass(frozen=True)
class MultiplesText:
    """What is written on small charts, and the numbers it rests on.

    Attributes
    ----------
    title, subtitle, alt
        The parts of the chart.
    lines
        What to take from it, a sentence or two each.
    notes
        What must stand below it; the last is the source line.
    facts
        Numbers that the texts name and no table has: how many places, and the like.
    told
        The figures that the alt text must name.
    """

    title: Text
    subtitle: Text
    alt: Text
    lines: tuple[Text, ...]
    notes: tuple[Text, ...]
    facts: Mapping[str, float]
    told: tuple[float, ...]


_SUBTITLE = [
    Predicate(
        "multiples.subtitle.what",
        lambda v: v["places"] > 1 and v["first"] <= v["last"],
        "{measure:measureunit}, {group:who} {age:age}, {places:count} {kind:kind}, "
        "{first:periods|{last}}.",
        "{measure:measureunit}, {group:who} {age:age}, {places:count} {kind:kind}, "
        "{first:periods|{last}}.",
    ),
    Predicate(
        "multiples.subtitle.what_one",
        lambda v: v["places"] == 1 and v["first"] <= v["last"],
        "{measure:measureunit}, {group:who} {age:age}, {place:place}, {first:periods|{last}}.",
        "{measure:measureunit}, {group:who} {age:age}, {place:place}, {first:periods|{last}}.",
    ),
    Predicate(
        "multiples.subtitle.order",
        lambda v: v["places"] > 1,
        "Sorterat efter värdet {last:when} (vid namnet), högst först.",
        "Sorted by the value {last:when} (beside the name), highest first.",
    ),
    Predicate(
        "multiples.subtitle.country",
        lambda v: v["country"],
        "Tunn linje: riket.",
        "Thin line: Sweden.",
    ),
    Predicate(
        "multiples.subtitle.fewest",
        lambda v: v.get("fewest", 0) > 0 and v["places"] > 1,
        "Minst ca {fewest:about} personer {measure:base} i varje.",
        "At least about {fewest:about} persons {measure:base} in each.",
    ),
    Predicate(
        "multiples.subtitle.fewest_one",
        lambda v: v.get("fewest", 0) > 0 and v["places"] == 1,
        "Ca {fewest:about} personer {measure:base}.",
        "About {fewest:about} persons {measure:base}.",
    ),
]
_ALT = [
    Predicate(
        "multiples.alt.kind",
        lambda v: v["places"] >= 1,
        "Små linjediagram med samma axlar, ett för vart och ett av {places:count} {kind:kind}, "
        "{first:periods|{last}}: {measure:definite} bland {group:who}.",
        "Small line charts with the same axes, one for each of {places:count} {kind:kind}, "
        "{first:periods|{last}}: {measure:definite} among {group:who}.",
    ),
    Predicate(
        "multiples.alt.most",
        lambda v: v["shown"] > 1,
        "Högst {most_place:in}: {most:rate} {last:when} ({most_first:rate} "
        "{most_first_period:when}). Lägst {least_place:in}: {least:rate} ({least_first:rate} "
        "{least_first_period:when}).",
        "Highest {most_place:in}: {most:rate} {last:when} ({most_first:rate} "
        "{most_first_period:when}). Lowest {least_place:in}: {least:rate} ({least_first:rate} "
        "{least_first_period:when}).",
    ),
    Predicate(
        "multiples.alt.one",
        lambda v: v["shown"] == 1,
        "{most_place:place}: {most_first:rate} {most_first_period:when} och {most:rate} "
        "{last:when}.",
        "{most_place:place}: {most_first:rate} {most_first_period:when} and {most:rate} "
        "{last:when}.",
    ),
    Predicate(
        "multiples.country",
        lambda v: v["country"] and "country_end" in v,
        "I riket: {country_end:rate} {last:when}.",
        "In Sweden: {country_end:rate} {last:when}.",
    ),
]
_COURSES = Predicate(
    "multiples.courses",
    is_counted,
    "Från {start_period:period} till {last:period} har {measure:definite} ökat i {up:count}, "
    "minskat i {down:count} och är {measure:unchanged|share} i {same:count} av {compared:count} "
    "{kind:kind}.",
    "From {start_period:period} to {last:period} {measure:definite} has risen in {up:count}, "
    "fallen in {down:count} and is {measure:unchanged|share} in {same:count} of {compared:count} "
    "{kind:kind}.",
)
_NOT_ASSESSED = Predicate(
    "multiples.not_assessed",
    lambda v: bool(v["courses"]) and not v["assessed"],
    "Hur säkra ändringarna är kan inte bedömas: antalet personer är inte känt.",
    "How certain the changes are cannot be judged: the number of persons is not known.",
)
_SEASON = Predicate(
    "multiples.season",
    lambda v: bool(v["courses"]) and not v["whole_years"],
    "Säsongen är inte borträknad: perioderna ligger inte hela år isär.",
    "The season is not taken out: the periods do not lie whole years apart.",
)
_CHANCE = Predicate(
    "multiples.chance",
    lambda v: (
        v["assessed"] and v["compared"] >= MANY and v["by_chance"] == BY_CHANCE * v["compared"]
    ),
    "Av {compared:count} jämförelser väntas högst ungefär {by_chance:number|0} visa en ändring av "
    "en slump.",
    "Of {compared:count} comparisons at most about {by_chance:number|0} would show a change by "
    "chance.",
)
_BROKEN = Predicate(
    "multiples.broken",
    lambda v: bool(v["blocked"]),
    "Värden före och efter brottet jämförs inte.",
    "Values before and after the break are not compared.",
)
_CUT = Predicate(
    "multiples.cut",
    lambda v: bool(v["cut"]),
    "Prickad lodrät linje: tidsseriebrott {cut:when}.",
    "Dotted vertical line: break in the series {cut:when}.",
)
_NOTES = [
    Predicate(
        "multiples.hidden",
        lambda v: 0 < len(v["hidden"]) <= NAMED,
        "Uppgiften {last:when} visas inte (för få personer) för {hidden:places}.",
        "The figure {last:when} is not shown (too few persons) for {hidden:places}.",
    ),
    Predicate(
        "multiples.hidden_many",
        lambda v: len(v["hidden"]) == v["hidden_count"] > NAMED,
        "Uppgiften {last:when} visas inte (för få personer) för {hidden_count:count} av "
        "{places:count} {kind:kind}.",
        "The figure {last:when} is not shown (too few persons) for {hidden_count:count} of "
        "{places:count} {kind:kind}.",
    ),
    Predicate(
        "multiples.absent",
        lambda v: 0 < len(v["absent"]) <= NAMED,
        "Uppgift {last:when} är inte hämtad för {absent:places}.",
        "The figure {last:when} has not been fetched for {absent:places}.",
    ),
    Predicate(
        "multiples.absent_many",
        lambda v: len(v["absent"]) == v["absent_count"] > NAMED,
        "Uppgift {last:when} är inte hämtad för {absent_count:count} av {places:count} "
        "{kind:kind}.",
        "The figure {last:when} has not been fetched for {absent_count:count} of {places:count} "
        "{kind:kind}.",
    ),
    Predicate(
        "multiples.small_base",
        lambda v: v["small_base"],
        "* Få personer: färre än 50 {measure:base} under minst en period.",
        "* Few persons: fewer than 50 {measure:base} in at least one period.",
    ),
]

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_SUBTITLE,
        *_ALT,
        _COURSES,
        _NOT_ASSESSED,
        _SEASON,
        _CHANCE,
        _BROKEN,
        _CUT,
        *_NOTES,
    )
}


def multiples_text(
    rows: pd.DataFrame,
    measure: str,
    *,
    breaks: Sequence[Break] = (),
    sources: Sequence[Source] = (),
    organisation: str = "",
    lang: Language = "sv",
) -> MultiplesText:
    """Return everything that is written on small charts of one group in many places.

    Parameters
    ----------
    rows
        Rows of what `integstats.rates` returned, of one sex, birth region, age and dataset; a row
        of the country (``00``) is what the others are seen against.
    measure
        Id of the measure.
    breaks
        Those between the first and the last period.
    sources
        Where the figures come from.
    organisation
        Who publishes the chart.
    lang
        Language.
    """
    values = multiples_values(rows, measure, breaks)
    about = [_COURSES, _NOT_ASSESSED, _SEASON] if values["courses"] else []
    claims = all_true((*about, _BROKEN, *_ALT[1:], _CHANCE), values)
    notes = [Text.of(one, lang=lang) for one in all_true(_NOTES, values)]
    if breaks:
        cuts = sorted({one.first_period for one in breaks})
        said = [Claim(_CUT, {"cut": one}) for one in cuts]
        notes.append(Text.of(*said, *break_claims(breaks), lang=lang))
    told = ("most", "most_first", "least", "least_first")
    return MultiplesText(
        title=shortest_fit(multiples_titles.TITLES, values, lang=lang),
        subtitle=Text.of(*all_true(_SUBTITLE, values), lang=lang),
        alt=Text.of(*all_true(_ALT, values), lang=lang),
        lines=tuple(Text.of(one, lang=lang) for one in claims),
        notes=(*notes, source_line(sources, organisation=organisation, lang=lang)),
        facts={
            name: float(one)
            for name, one in values.items()
            if isinstance(one, (int, float)) and not isinstance(one, bool)
        },
        told=tuple(float(values[one]) for one in told if values["shown"]),  # type: ignore[arg-type]
    )
