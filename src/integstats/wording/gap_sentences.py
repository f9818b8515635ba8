"""All that is written on charts of gaps: a gap over time in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from integstats.analysis.breaks import breaks_within
from integstats.analysis.gaps import Comparator
from integstats.catalogue import Language, Source
from integstats.wording.change import (
    change_claim,
    fell,
)
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true, first_true
from integstats.wording.earlier_ages import earlier_ages
from integstats.wording.footer_sentences import break_claims, source_line
from integstats.wording.gap_courses import Course, frequency, gap_courses
from integstats.wording.gap_titles import gap_title, started
from integstats.wording.side_sentences import MOSTLY_REFERENCE

READING = {"M": "month", "Q": "quarter", "Y": "year"}
Values = Mapping[str, Any]


@dataclass(frozen=True)
class GapText:
    """What is written on a chart of gaps.

    Attributes
    ----------
    title, subtitle, alt
        The parts of the chart.
    lines
        What to take from it, a sentence or two each; with every gap the levels behind it.
    footer
        Paragraphs; the last is the source line.
    """

    title: Text
    subtitle: Text
    alt: Text
    lines: tuple[Text, ...]
    footer: tuple[Text, ...]


_SUBTITLE = [
    Predicate(
        "gap.subtitle.what",
        lambda v: bool(v["sexes"]),
        "{measure:measureunit}, {sexes:born} {age:age}, {place:place}.",
        "{measure:measureunit}, {sexes:born} {age:age}, {place:place}.",
    ),
    Predicate(
        "gap.subtitle.period",
        lambda v: v["first"] <= v["last"],
        "{reading:reading} {first:periods|{last}}.",
        "{reading:reading} {first:periods|{last}}.",
    ),
    Predicate(
        "gap.subtitle.lower",
        lambda v: bool(v["versus"]),
        "Nedre delen: skillnad i procentenheter, {group:minus|{versus}|{measure}}.",
        "Lower part: difference in percentage points, {group:minus|{versus}|{measure}}.",
    ),
]
_SHADED_TWO = Predicate(
    "gap.subtitle.shaded_two",
    lambda v: v["n_women"] > 0 and v["n_men"] > 0,
    "Skuggat område: slumpvariation (95\u00a0%) vid ca {n_women:about} utrikes födda kvinnor och "
    "{n_men:about} utrikes födda män {measure:base}.",
    "Shaded area: chance variation (95%) at about {n_women:about} foreign-born women and "
    "{n_men:about} foreign-born men {measure:base}.",
)
_SHADED_ONE = Predicate(
    "gap.subtitle.shaded",
    lambda v: v["n"] > 0,
    "Skuggat område: slumpvariation (95\u00a0%) vid ca {n:about} {group:who} {measure:base}.",
    "Shaded area: chance variation (95%) at about {n:about} {group:who} {measure:base}.",
)
_LEVELS = [
    Predicate(
        "gap.levels",
        started(lambda v: v["own_now"] >= 0),
        "{measure:definite} gick från {own_before:bare} till {own_now:rate} bland {group:who} och "
        "från {reference_before:bare} till {reference_now:rate} bland {versus:who}.",
        "{measure:definite} went from {own_before:bare} to {own_now:rate} among {group:who} and "
        "from {reference_before:bare} to {reference_now:rate} among {versus:who}.",
    ),
    Predicate(
        "gap.levels_now",
        lambda v: "start" not in v,
        "{measure:definite} var {own_end:rate} bland {group:who} och {reference_end:rate} bland "
        "{versus:who} {end_period:when}.",
        "{measure:definite} was {own_end:rate} among {group:who} and {reference_end:rate} among "
        "{versus:who} {end_period:when}.",
    ),
]
_SEASON = Predicate(
    "gap.season",
    started(lambda v: not v["whole_years"]),
    "Säsongen är inte borträknad: perioderna ligger inte hela år isär.",
    "The season is not taken out: the periods do not lie whole years apart.",
)
_ALT_KIND = Predicate(
    "gap.alt.kind",
    lambda v: v["first"] <= v["last"],
    "Linjediagram i två delar, {first:periods|{last}}: överst {measure:definite} bland "
    "{sexes:born} {place:in}, därunder skillnaden med "
    "osäkerhetsintervall.",
    "Line chart in two parts, {first:periods|{last}}: above {measure:definite} among "
    "{sexes:born} {place:in}, below the difference with its "
    "uncertainty interval.",
)
_ALT = [
    Predicate(
        "gap.alt.course",
        started(lambda v: v["low"] <= v["end"] <= v["high"]),
        "{group:who}: skillnaden var {start:level|pp|1} {start_period:when} och {end:level|pp|1} "
        "{end_period:when} (osäkerhetsintervall {low:interval|{high}|pp|1}).",
        "{group:who}: the difference was {start:level|pp|1} {start_period:when} and "
        "{end:level|pp|1} {end_period:when} (uncertainty interval {low:interval|{high}|pp|1}).",
    ),
    Predicate(
        "gap.alt.level",
        lambda v: "start" not in v and v["low"] <= v["end"] <= v["high"],
        "{group:who}: skillnaden var {end:level|pp|1} {end_period:when} (osäkerhetsintervall "
        "{low:interval|{high}|pp|1}).",
        "{group:who}: the difference was {end:level|pp|1} {end_period:when} (uncertainty interval "
        "{low:interval|{high}|pp|1}).",
    ),
    Predicate(
        "gap.alt.course_unsure",
        started(lambda v: v["low"] != v["low"]),
        "{group:who}: skillnaden var {start:level|pp|1} {start_period:when} och {end:level|pp|1} "
        "{end_period:when} (utan bedömning av osäkerhet).",
        "{group:who}: the difference was {start:level|pp|1} {start_period:when} and "
        "{end:level|pp|1} {end_period:when} (without an assessment of uncertainty).",
    ),
    Predicate(
        "gap.alt.level_unsure",
        lambda v: "start" not in v and v["low"] != v["low"],
        "{group:who}: skillnaden var {end:level|pp|1} {end_period:when} (utan bedömning av "
        "osäkerhet).",
        "{group:who}: the difference was {end:level|pp|1} {end_period:when} (without an "
        "assessment of uncertainty).",
    ),
]

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_SUBTITLE,
        _SHADED_TWO,
        _SHADED_ONE,
        *_LEVELS,
        _SEASON,
        _ALT_KIND,
        *_ALT,
    )
}


def gap_trend_text(
    gaps: pd.DataFrame,
    measure: str,
    *,
    sources: Sequence[Source] = (),
    comparator: Comparator = "same_sex",
    organisation: str = "",
    lang: Language = "sv",
) -> GapText:
    """Return everything that is written on a chart of the gaps of one place over time.

    Parameters
    ----------
    gaps
        What `integstats.gaps` returned for one place and one age, or ages that follow each other
        in the dataset: rows for women and men, or for one of them, or for both together.
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
        When a column is missing, there is more than one place or age, or no gap at all.
    """
    courses = gap_courses(gaps, measure, comparator=comparator)
    values = shared_values(gaps, measure, courses)
    footer = [
        *_breaks_text(gaps, measure, lang=lang),
        source_line(sources, organisation=organisation, lang=lang),
    ]
    return GapText(
        title=gap_title(courses, values, lang=lang),
        subtitle=_subtitle(gaps, courses, values, lang=lang),
        alt=Text.of(
            Claim(_ALT_KIND, values),
            *(claim for one in courses if (claim := first_true(_ALT, one.values()))),
            lang=lang,
        ),
        lines=tuple(Text.of(*_course_claims(one), lang=lang) for one in courses),
        footer=tuple(footer),
    )


def shared_values(gaps: pd.DataFrame, measure: str, courses: Sequence[Course]) -> dict[str, Value]:
    """Return the slots of sentences about all sexes; those of one carry its name as ending."""
    first = courses[0]
    known = gaps[gaps["gap_pp"].notna().to_numpy()].sort_values("period", kind="stable")
    shown = known["period"]
    values: dict[str, Value] = {
        **first.subject.values(),
        "measure": measure,
        "age": str(known["age"].iloc[-1]),
        "first": str(shown.min()),
        "last": str(shown.max()),
        "reading": READING[frequency(gaps)],
        "broken": any(one.broken for one in courses),
        "sexes": tuple(one.subject.group.partition(":")[2] for one in courses),
    }
    if len(courses) > 1:
        values["group"] = "foreign_born:total"
        if len({one.subject.versus for one in courses}) > 1:
            values["versus"] = "native_born:total"
    starts = {str(one.start["period"]) for one in courses if one.start is not None}
    if len(starts) == 1:
        values["start_period"] = starts.pop()
    for one in courses:
        sex = one.subject.group.partition(":")[2]
        values |= {f"{slot}_{sex}": value for slot, value in one.values().items()}
    return values


def _course_claims(course: Course) -> list[Claim]:
    """Return what to say of one gap: its change, the levels behind it, and whose change it is."""
    values = course.values()
    claims: list[Claim | None] = []
    if course.start is not None:
        claims.append(
            change_claim(
                course.subject,
                start=float(course.start["gap_pp"]),
                end=float(course.end["gap_pp"]),
                start_period=course.start["period"],
                end_period=course.end["period"],
                z=course.z,
                least=course.least,
                levels=course.levels,
            )
        )
        if fell(values):
            claims.append(first_true([MOSTLY_REFERENCE], values))
    else:
        claims.append(first_true(_ALT, values))
    claims += [first_true(_LEVELS, values), first_true([_SEASON], values)]
    return [claim for claim in claims if claim is not None]


def _subtitle(
    gaps: pd.DataFrame, courses: Sequence[Course], values: Mapping[str, Value], *, lang: Language
) -> Text:
    what, *rest = (Claim(one, values) for one in _SUBTITLE)
    ages = earlier_ages(zip(gaps["period"], gaps["age"].astype(str), strict=True))
    claims = [what, *ages, *rest]
    # Where only rates are published there are no persons, and no area is shaded.
    if len(courses) == 2:
        claims += all_true([_SHADED_TWO], values)
    else:
        claims += all_true([_SHADED_ONE], courses[0].values())
    return Text.of(*claims, lang=lang)


def _breaks_text(gaps: pd.DataFrame, measure: str, *, lang: Language) -> list[Text]:
    """Return the breaks that lie among the periods shown."""
    found = breaks_within(gaps, measure) if "dataset" in gaps else ()
    return [Text.of(claim, lang=lang) for claim in break_claims(found)]
