"""All that is written on a chart of a rate by length of stay."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from integstats.catalogue import Break, Language, Source
from integstats.errors import SchemaError
from integstats.table import TOTAL, require
from integstats.wording.change import fell, has_changed, rose
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true, first_true
from integstats.wording.footer_sentences import break_claims, source_line
from integstats.wording.phrases import group_code
from integstats.wording.stay_courses import (
    COLUMNS,
    rates_by_stay,
    shortcomings,
    start_of,
    stay_values,
    stay_words,
    whom,
    z_between,
)
from integstats.wording.stay_titles import stay_title

Values = Mapping[str, Any]
READING = {"M": "month", "Q": "quarter", "Y": "year"}


@dataclass(frozen=True)
class StayText:
    """What is written on a chart of a rate by length of stay.

    Attributes
    ----------
    title, subtitle, alt
        The parts of the chart.
    lines
        A paragraph per group: how the rate of each length of stay has gone.
    notes
        What must stand beside the figures.
    footer
        The source line.
    """

    title: Text
    subtitle: Text
    alt: Text
    lines: tuple[Text, ...]
    notes: tuple[Text, ...]
    footer: Text


_SUBTITLE = [
    Predicate(
        "stay.subtitle.one",
        lambda v: not v["two"],
        "{measure:measureunit}, {shown:who} {age:age}, {place:place}, efter vistelsetid.",
        "{measure:measureunit}, {shown:who} {age:age}, {place:place}, by length of stay.",
    ),
    Predicate(
        "stay.subtitle.two",
        lambda v: v["two"],
        "{measure:measureunit}, {shown:who} och män {age:age}, {place:place}, efter vistelsetid.",
        "{measure:measureunit}, {shown:who} and men {age:age}, {place:place}, by length of stay.",
    ),
    Predicate(
        "stay.subtitle.period",
        lambda v: v["first"] <= v["last"],
        "{reading:reading} {first:periods|{last}}.",
        "{reading:reading} {first:periods|{last}}.",
    ),
    Predicate(
        "stay.subtitle.persons",
        lambda v: v["counted"],
        "Inom parentes: personer {measure:base}; lodräta streck: slumpvariation (95\u00a0%).",
        "In brackets: persons {measure:base}; vertical strokes: chance variation (95%).",
    ),
    Predicate(
        "stay.subtitle.reference",
        lambda v: v["reference"],
        "Grå linje: inrikes födda.",
        "Grey line: native-born.",
    ),
]
_NAMED = {
    "sv": "Vistelsetid {stay_sv}: {group:subject|share|{measure}}",
    "en": "Length of stay {stay_en}: {group:subject|share|{measure}}",
}
_SPAN = {
    "sv": "från {start:bare} till {end:rate} mellan {start_period:period} och {end_period:period}",
    "en": "from {start:bare} to {end:rate} between {start_period:period} and {end_period:period}",
}


def _courses() -> list[Predicate]:
    """What each line did, with a word on uncertainty where nothing is known of it."""
    words = (
        ("up", rose, "har ökat", "has risen"),
        ("down", fell, "har minskat", "has fallen"),
        (
            "unchanged",
            lambda v: not has_changed(v),
            "är {measure:unchanged|share},",
            "is largely unchanged,",
        ),
    )
    found = []
    for name, test, sv, en in words:
        for suffix, assessed, more_sv, more_en in (
            ("", True, "", ""),
            (
                ".not_assessed",
                False,
                ", utan bedömning av osäkerhet",
                ", not assessed for uncertainty",
            ),
        ):

            def held(v: Values, test: Any = test, assessed: bool = assessed) -> bool:
                return "start" in v and ("z" in v) == assessed and bool(test(v))

            found.append(
                Predicate(
                    f"stay.line.{name}{suffix}",
                    held,
                    f"{_NAMED['sv']} {sv} {_SPAN['sv']}{more_sv}.",
                    f"{_NAMED['en']} {en} {_SPAN['en']}{more_en}.",
                )
            )
    return found


_COURSES = _courses()
_LEVEL = Predicate(
    "stay.line.level",
    lambda v: "start" not in v,
    f"{_NAMED['sv']} var {{end:rate}} {{end_period:when}}.",
    f"{_NAMED['en']} was {{end:rate}} {{end_period:when}}.",
)
_ALT_KIND = [
    Predicate(
        "stay.alt.kind",
        lambda v: not v["two"],
        "Linjediagram över {shown:subject|share|{measure}} {place:in} efter vistelsetid, "
        "{first:periods|{last}}.",
        "Line chart of {shown:subject|share|{measure}} {place:in} by length of stay, "
        "{first:periods|{last}}.",
    ),
    Predicate(
        "stay.alt.kind_two",
        lambda v: v["two"],
        "Linjediagram över {shown:subject|share|{measure}} och män {place:in} efter vistelsetid, "
        "{first:periods|{last}}.",
        "Line chart of {shown:subject|share|{measure}} and men {place:in} by length of stay, "
        "{first:periods|{last}}.",
    ),
]
_ALT = [
    Predicate(
        "stay.alt.course",
        lambda v: len(v["levels"]) > 1 and "short_start" in v and "long_start" in v,
        "{group:who}: vid vistelsetid {short_sv} från {short_start:bare} till {short_end:rate}, "
        "vid {long_sv} från {long_start:bare} till {long_end:rate}.",
        "{group:who}: at a stay of {short_en} from {short_start:bare} to {short_end:rate}, at "
        "{long_en} from {long_start:bare} to {long_end:rate}.",
    ),
    Predicate(
        "stay.alt.levels",
        lambda v: len(v["levels"]) > 1,
        "{group:who}: {short_end:rate} vid vistelsetid {short_sv} och {long_end:rate} vid "
        "{long_sv}.",
        "{group:who}: {short_end:rate} at a stay of {short_en} and {long_end:rate} at {long_en}.",
    ),
    Predicate(
        "stay.alt.level",
        lambda v: len(v["levels"]) == 1,
        "{group:who}: {short_end:rate} vid vistelsetid {short_sv}.",
        "{group:who}: {short_end:rate} at a stay of {short_en}.",
    ),
]
_ALT_REFERENCE = Predicate(
    "stay.alt.reference",
    lambda v: "reference_end" in v,
    "Bland {versus:who} {reference_end:rate}.",
    "Among {versus:who} {reference_end:rate}.",
)
_OTHER_PEOPLE = Predicate(
    "stay.other_people",
    lambda v: bool(v["levels"]),
    "Grupperna består av olika personer: diagrammet visar inte hur det går för samma personer "
    "över tid.",
    "The groups consist of different persons: the chart does not show how the same persons fare "
    "over time.",
)
_NO_COUNTS = Predicate(
    "stay.no_counts",
    lambda v: not v["counted"],
    "Antalet personer bakom andelarna är inte publicerat, så slumpvariationen kan inte bedömas.",
    "The number of persons behind the rates is not published, so that chance variation cannot be "
    "judged.",
)
_HIDDEN = Predicate(
    "stay.hidden",
    lambda v: 0 < len(v["hidden_sv"]) == len(v["hidden_en"]),
    "Uppgiften visas inte (för få personer) för {group:who} med vistelsetid {hidden_sv:listed}, "
    "helt eller vissa perioder.",
    "The figure is not shown (too few persons) for {group:who} with a stay of {hidden_en:listed}, "
    "in all periods or some.",
)
_SMALL = Predicate(
    "stay.small",
    lambda v: 0 < len(v["small_sv"]) == len(v["small_en"]),
    "Ihåliga punkter: färre än {limit:count} {group:who} med vistelsetid {small_sv:listed}.",
    "Hollow dots: fewer than {limit:count} {group:who} with a stay of {small_en:listed}.",
)
_LABELS = [
    Predicate(
        "stay.label.counted",
        lambda v: "n" in v,
        "{value:pct} ({n:count})",
        "{value:pct} ({n:count})",
    ),
    Predicate("stay.label.plain", lambda v: "n" not in v, "{value:pct}", "{value:pct}"),
]

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *(*_SUBTITLE, *_COURSES, _LEVEL, *_ALT_KIND, *_ALT, _ALT_REFERENCE, _OTHER_PEOPLE),
        *(_NO_COUNTS, _HIDDEN, _SMALL, *_LABELS),
    )
}


def value_label(value: float, n: float = math.nan) -> Claim:
    """Return the claim of an end label: the rate, and how many persons are behind it."""
    values = {"value": value, **({"n": n} if math.isfinite(n) else {})}
    claim = first_true(_LABELS, values)
    assert claim is not None  # with a number of persons or without
    return claim


def stay_text(
    rows: pd.DataFrame,
    measure: str,
    *,
    reference: pd.DataFrame | None = None,
    unnamed: bool = False,
    breaks: Sequence[Break] = (),
    sources: Sequence[Source] = (),
    organisation: str = "",
    lang: Language = "sv",
) -> StayText:
    """Return everything that is written on a chart of a rate by length of stay.

    Parameters
    ----------
    rows
        Rates of one place, birth region and age, for women and men, one of them, or both
        together; with the columns `COLUMNS` and the measure. No row has all lengths together.
    measure
        Id of the measure.
    reference
        The same of the native-born, in whatever place the lines are drawn beside.
    unnamed
        Whether the reference has no label of its own, so that the subtitle must name it.
    breaks
        Those between the first period and the last.
    sources
        Where the figures come from.
    organisation
        Who publishes the chart.
    lang
        Language.

    Raises
    ------
    SchemaError
        When a column is missing, a length of stay is not in years, or no rate is known.
    """
    require(rows, [*COLUMNS, measure], what="The text of a rate by length of stay")
    by_sex = {str(sex): one for sex, one in rows.groupby("sex", observed=True, sort=False)}
    known = {sex: one for sex, one in by_sex.items() if one[measure].notna().any()}
    if not known:
        raise SchemaError(
            f"The text of a rate by length of stay needs at least one rate; every {measure} is "
            "missing. Choose a place with more persons."
        )
    groups = [
        stay_values(one, measure, reference=reference, breaks=breaks) for one in known.values()
    ]
    freq = rows["period"].dtype.freq.freqstr[0]
    shared: dict[str, Value] = {
        **groups[0],
        "shown": group_code(str(rows["birth_region"].iloc[0]), next(iter(by_sex))),
        "two": len(by_sex) > 1,
        "first": str(rows["period"].min()),
        "last": str(rows["period"].max()),
        "reading": READING[freq],
        "counted": bool(rows["n"].notna().any()),
        "reference": unnamed,
    }
    for one in groups:
        sex = str(one["group"]).partition(":")[2]
        shared |= {f"{slot}_{sex}": value for slot, value in one.items()}
    if len(groups) > 1:
        shared["group"] = group_code(str(rows["birth_region"].iloc[0]), TOTAL)
    gaps = [shortcomings(one, measure) for one in by_sex.values()]
    notes = [
        [Claim(_OTHER_PEOPLE, shared)],
        all_true([_NO_COUNTS], shared),
        [claim for one in gaps for claim in all_true([_HIDDEN, _SMALL], one)],
        break_claims(breaks),
    ]
    alt = [
        *all_true(_ALT_KIND, shared),
        *(claim for one in groups if (claim := first_true(_ALT, one))),
        *all_true([_ALT_REFERENCE], groups[0] if len(groups) == 1 else {}),
    ]
    return StayText(
        title=stay_title(groups, shared, lang=lang),
        subtitle=Text.of(*all_true(_SUBTITLE, shared), lang=lang),
        alt=Text.of(*alt, lang=lang),
        lines=tuple(Text.of(*_lines(one, measure, breaks), lang=lang) for one in known.values()),
        notes=tuple(Text.of(*claims, lang=lang) for claims in notes if claims),
        footer=source_line(sources, organisation=organisation, lang=lang),
    )


def _lines(rows: pd.DataFrame, measure: str, breaks: Sequence[Break]) -> list[Claim]:
    """Return what each length of stay did from its first period to its last."""
    claims = []
    for code, found in rates_by_stay(rows, measure).items():
        end, start = found.sort_values("period").iloc[-1], start_of(found, breaks)
        values: dict[str, Value] = {
            **whom(end, measure),
            "stay_sv": stay_words(code, "sv"),
            "stay_en": stay_words(code, "en"),
            "end": float(end[measure]),
            "end_period": str(end["period"]),
        }
        if start is not None:
            values |= {"start": float(start[measure]), "start_period": str(start["period"])}
            z = z_between(start, end, measure)
            values |= {} if z is None else {"z": z}
        claim = first_true([*_COURSES, _LEVEL], values)
        assert claim is not None  # up, down, unchanged, or a level alone
        claims.append(claim)
    return claims
