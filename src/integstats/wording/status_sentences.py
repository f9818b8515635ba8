"""All that is written on a chart of the net change by labour market status.

The figures are differences of two headcounts. No sentence says that persons moved from one
status to another: that is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from integstats import catalogue
from integstats.analysis.small_numbers import WARN_BELOW
from integstats.analysis.statuses import COMPONENTS
from integstats.catalogue import Language, Source
from integstats.errors import SchemaError
from integstats.table import TOTAL, require
from integstats.wording import numbers
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true, first_true
from integstats.wording.footer_sentences import break_claims, source_line
from integstats.wording.phrases import group_code
from integstats.wording.status_courses import (
    REQUIRED,
    STATUSES,
    course,
    course_values,
    into_work,
    most_outside,
    rate_course,
)
from integstats.wording.status_titles import status_title
from integstats.wording.terms import COUNTS, Words, pick

Values = Mapping[str, Any]
NAMES: Words = {
    **COUNTS,
    "employed": ("sysselsatta", "employed"),
    "unemployed": ("arbetslösa", "unemployed"),
    "population": ("befolkningen", "population"),
    "deviation": ("avvikelse", "discrepancy"),
    "statuses": ("övriga statusar", "other statuses"),
    "carrier": ("(bär stapeln)", "(carries the bar)"),
}
"""What the bars are called, and the parts of an office program's chart."""


@dataclass(frozen=True)
class StatusText:
    """What is written on a chart of the net change by status.

    Attributes
    ----------
    title, subtitle, alt
        The parts of the chart.
    answer
        Whether employment changed with the unemployed, or which other status grew.
    lines
        A paragraph per group: the unemployed, every status and the population, employment.
    notes
        What must stand beside the figures: what they do not show, season, breaks, small numbers.
    more
        What may be left out where there is no room: the breaks at length, the noise.
    footer
        The source line.
    values
        What the sentences say and are judged by, for each group.
    """

    title: Text
    subtitle: Text
    answer: Text
    alt: Text
    lines: tuple[Text, ...]
    notes: tuple[Text, ...]
    more: tuple[Text, ...]
    footer: Text
    values: tuple[Mapping[str, Value], ...]


_SUBTITLE = Predicate(
    "status.subtitle",
    lambda v: v["start_period"] != v["end_period"],
    "Nettoförändring efter arbetsmarknadsstatus (BAS), antal personer, {shown:who} {age:age}, "
    "{place:place}. Från {start_period:period} till {end_period:period}.",
    "Net change by labour market status (BAS), number of persons, {shown:who} {age:age}, "
    "{place:place}. From {start_period:period} to {end_period:period}.",
)
_SUBTITLE_TWO = Predicate(
    "status.subtitle.two",
    lambda v: v["start_period"] != v["end_period"],
    "Nettoförändring efter arbetsmarknadsstatus (BAS), antal personer, {shown:who} och män "
    "{age:age}, {place:place}. Från {start_period:period} till {end_period:period}.",
    "Net change by labour market status (BAS), number of persons, {shown:who} and men {age:age}, "
    "{place:place}. From {start_period:period} to {end_period:period}.",
)
_FROM = {
    "sv": "från {unemployed_start:count} {start_period:when} till {unemployed_end:count} "
    "{end_period:when}",
    "en": "from {unemployed_start:count} {start_period:when} to {unemployed_end:count} "
    "{end_period:when}",
}
_WHO = "{group:counted|unemployed} {place:in}"
_COURSE = [
    Predicate(
        "status.unemployed.down",
        lambda v: course(v, "unemployed") < 0,
        f"Antalet {_WHO} minskade netto med {{unemployed:size}}, {_FROM['sv']}.",
        f"The number of {_WHO} fell by a net {{unemployed:size}}, {_FROM['en']}.",
    ),
    Predicate(
        "status.unemployed.up",
        lambda v: course(v, "unemployed") > 0,
        f"Antalet {_WHO} ökade netto med {{unemployed:size}}, {_FROM['sv']}.",
        f"The number of {_WHO} rose by a net {{unemployed:size}}, {_FROM['en']}.",
    ),
    Predicate(
        "status.unemployed.unchanged",
        lambda v: course(v, "unemployed") == 0,
        f"Antalet {_WHO} är i stort sett oförändrat ({{unemployed:fewer}}, {_FROM['sv']}).",
        f"The number of {_WHO} is largely unchanged ({{unemployed:fewer}}, {_FROM['en']}).",
    ),
]
_RATE = "{group:subject|share|employment_rate}"
_FROM_RATE = {
    "sv": "från {work_start:bare} till {work_end:rate}",
    "en": "from {work_start:bare} to {work_end:rate}",
}
_WORK = [
    Predicate(
        "status.work.up",
        lambda v: rate_course(v, "work") == 1,
        f"{_RATE} ökade samtidigt, {_FROM_RATE['sv']}.",
        f"{_RATE} rose at the same time, {_FROM_RATE['en']}.",
    ),
    Predicate(
        "status.work.down",
        lambda v: rate_course(v, "work") == -1,
        f"{_RATE} minskade samtidigt, {_FROM_RATE['sv']}.",
        f"{_RATE} fell at the same time, {_FROM_RATE['en']}.",
    ),
    Predicate(
        "status.work.unchanged",
        lambda v: rate_course(v, "work") == 0,
        f"{_RATE} är samtidigt i stort sett oförändrad, {_FROM_RATE['sv']}.",
        f"{_RATE} is largely unchanged, {_FROM_RATE['en']}.",
    ),
    Predicate(
        "status.work.count",
        lambda v: rate_course(v, "work") is None,
        "Samtidigt {employed:net|employed} och {population:net|population}.",
        "At the same time {employed:net|employed} and {population:net|population}.",
    ),
]

_WORK_TWO = Predicate(
    "status.work.two",
    lambda v: "work_start_women" in v and "work_start_men" in v,
    "Sysselsättningsgraden gick från {work_start_women:bare} till {work_end_women:rate} bland "
    "{group_women:who} och från {work_start_men:bare} till {work_end_men:rate} bland män.",
    "The employment rate went from {work_start_women:bare} to {work_end_women:rate} among "
    "{group_women:who} and from {work_start_men:bare} to {work_end_men:rate} among men.",
)


def _elsewhere(name: str) -> Predicate:
    def held(v: Values) -> bool:
        fell = course(v, "unemployed") < 0
        return fell and not into_work(v) and most_outside(v) == name

    return Predicate(
        f"status.elsewhere.{name}",
        held,
        f"Utanför arbetskraften ökade antalet {pick(NAMES, name, 'sv')} mest "
        f"(netto {{{name}:net|{name}}}).",
        f"Outside the labour force the number of {pick(NAMES, name, 'en')} rose most "
        f"(net {{{name}:net|{name}}}).",
    )


_ELSEWHERE = [_elsewhere(name) for name in ("students", "retired", "sick", "other")]
_EACH = ", ".join(f"{{{name}:net|{name}}}" for name in STATUSES)
_ALL = Predicate(
    "status.all",
    lambda v: v["start_period"] != v["end_period"],
    f"Netto, {{group:who}}: {_EACH} och {{population:net|population}}.",
    f"Net, {{group:who}}: {_EACH} and {{population:net|population}}.",
)
_ALT = Predicate(
    "status.alt",
    lambda v: v["start_period"] != v["end_period"],
    "Vattenfallsdiagram över nettoförändring efter arbetsmarknadsstatus {place:in}, från "
    "{start_period:period} till {end_period:period}.",
    "Waterfall chart of the net change by labour market status {place:in}, from "
    "{start_period:period} to {end_period:period}.",
)
_NOT_FLOWS = Predicate(
    "status.not_flows",
    lambda v: v["start_period"] != v["end_period"],
    "Visar skillnaden i antal mellan två tidpunkter, inte hur enskilda personer har gått mellan "
    "statusar.",
    "Shows the difference in headcounts between two points in time, not how individual persons "
    "have moved between statuses.",
)
_SEASON = Predicate(
    "status.season",
    lambda v: not v["whole_years"],
    "Säsongen är inte borträknad: tidpunkterna ligger inte hela år isär.",
    "The season is not taken out: the points in time do not lie whole years apart.",
)
_BREAKS = [
    Predicate(
        "status.break.some",
        lambda v: 0 < v["bars"] < len(COMPONENTS),
        "Tidsseriebrott {since:period}: staplar med *.",
        "Break in the series {since:period}: bars with *.",
    ),
    Predicate(
        "status.break.all",
        lambda v: v["bars"] == len(COMPONENTS),
        "Tidsseriebrott {since:period}: alla staplar.",
        "Break in the series {since:period}: all bars.",
    ),
]
_SMALL = Predicate(
    "status.small",
    lambda v: v["employed_end"] + v["unemployed_end"] < WARN_BELOW,
    "Få personer: färre än {limit:count} {group:who} i arbetskraften.",
    "Few persons: fewer than {limit:count} {group:who} in the labour force.",
)
_MISSING = Predicate(
    "status.missing",
    lambda v: bool(v["missing"]),
    "Uppgift saknas för {missing:who} vid minst en av tidpunkterna.",
    "Figures are missing for {missing:who} at one of the points in time or both.",
)
_DEVIATION = [
    Predicate(
        "status.deviation.beyond",
        lambda v: abs(v["deviation"]) > v["allowed"] + 1e-6,
        "Statusarna och befolkningen ({group:who}) skiljer {distance:persons}, mer än de "
        "{allowed:count} som små slumpmässiga ändringar av antalen till skydd för enskilda kan ge: "
        "läs staplarna med försiktighet.",
        "The statuses and the population ({group:who}) differ by {distance:persons}, more than "
        "the {allowed:count} that small random changes of the counts, made to protect "
        "individuals, may cause: read the bars with caution.",
    ),
    Predicate(
        "status.deviation.within",
        lambda v: 0 <= abs(v["deviation"]) <= v["allowed"] + 1e-6 and v["allowed"] > 0,
        "Avvikelse: vad statusarna och befolkningen skiljer. Små slumpmässiga ändringar av antalen "
        "till skydd för enskilda kan ge upp till {allowed:persons}.",
        "Discrepancy: what the statuses and the population differ by. Small random changes of the "
        "counts, made to protect individuals, may cause up to {allowed:persons}.",
    ),
]
_LABELS = [
    Predicate(
        "status.label.more",
        lambda v: numbers.rounded(v["change"]) > 0,
        "+{change:count}",
        "+{change:count}",
    ),
    Predicate(
        "status.label.fewer",
        lambda v: numbers.rounded(v["change"]) <= 0,
        "{change:count}",
        "{change:count}",
    ),
]
_NOISE = Predicate(
    "status.label.noise",
    lambda v: v["allowed"] > 0,
    "(±{allowed:count})",
    "(±{allowed:count})",
)

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *(
            _SUBTITLE,
            _SUBTITLE_TWO,
            *_COURSE,
            *_WORK,
            _WORK_TWO,
            *_ELSEWHERE,
            _ALL,
            _ALT,
            _NOT_FLOWS,
        ),
        *(_SEASON, *_BREAKS, _SMALL, _MISSING, *_DEVIATION, *_LABELS, _NOISE),
    )
}


def change_label(change: float, allowed: float | None = None) -> tuple[Claim, ...]:
    """Return the claims of a bar's label: its signed change, and how much of it may be noise."""
    values = {"change": change}
    claim = first_true(_LABELS, values)
    assert claim is not None  # a number is above zero or not
    noise = Claim(_NOISE, {"allowed": allowed or 0})
    return (claim, noise) if noise.holds() else (claim,)


def status_text(
    changes: pd.DataFrame,
    *,
    sources: Sequence[Source] = (),
    organisation: str = "",
    lang: Language = "sv",
) -> StatusText:
    """Return everything that is written on a chart of the net change by status.

    Parameters
    ----------
    changes
        What `integstats.status_changes` returned for the unemployment rate, for one place, birth
        region, age and pair of periods: for women and men, or for one of them, or both together.
    sources
        Where the figures come from.
    organisation
        Who publishes the chart.
    lang
        Language.

    Raises
    ------
    SchemaError
        When a column is missing, or no group has every change.
    """
    require(changes, REQUIRED, what="The text of changes by status")
    by_sex = {str(sex): rows for sex, rows in changes.groupby("sex", observed=True, sort=False)}
    known = {sex: rows for sex, rows in by_sex.items() if rows["change"].notna().all()}
    if not known:
        raise SchemaError(
            "The text of changes by status needs one group with every change; each has missing "
            "ones. Choose periods for which all statuses are published."
        )
    groups = tuple(course_values(rows) for rows in known.values())
    shared = _shared(groups)
    birth = str(changes["birth_region"].iloc[0])
    missing = [{"missing": group_code(birth, sex)} for sex in by_sex if sex not in known]
    two = len(by_sex) > 1
    marked, at_length = _breaks(pd.concat(known.values()))
    deviations = [_claim_of(_DEVIATION, one) for one in groups]
    beyond = [one for one in deviations if one and one.predicate.id.endswith("beyond")]
    # The bars say how much it is in each group; why there is one is said once.
    within = [one for one in deviations if one and one not in beyond][:1]
    small = [{**one, "limit": WARN_BELOW} for one in groups]
    notes = [
        [Claim(_NOT_FLOWS, groups[0])],
        *[[Claim(_MISSING, one)] for one in missing],
        all_true([_SEASON], groups[0]),
        marked,
        [claim for one in small for claim in all_true([_SMALL], one)],
        beyond,
    ]
    first = {**groups[0], "shown": group_code(birth, next(iter(by_sex)))}
    return StatusText(
        title=status_title(groups, shared, lang=lang),
        subtitle=Text.of(Claim(_SUBTITLE_TWO if two else _SUBTITLE, first), lang=lang),
        answer=Text.of(*_answer(groups, shared), lang=lang),
        alt=Text.of(Claim(_ALT, groups[0]), *(Claim(_ALL, one) for one in groups), lang=lang),
        lines=tuple(_line(one, lang=lang) for one in groups),
        notes=tuple(Text.of(*claims, lang=lang) for claims in notes if claims),
        more=tuple(Text.of(*claims, lang=lang) for claims in (within, at_length) if claims),
        footer=source_line(sources, organisation=organisation, lang=lang),
        values=groups,
    )


def _answer(groups: Sequence[Mapping[str, Value]], shared: Mapping[str, Value]) -> list[Claim]:
    """Return what employment and the other statuses did; of one group also the unemployed."""
    if len(groups) > 1:
        return all_true([_WORK_TWO], shared)
    asked = (_COURSE, _WORK, _ELSEWHERE)
    return [claim for predicates in asked if (claim := _claim_of(predicates, groups[0]))]


def _line(values: Mapping[str, Value], *, lang: Language) -> Text:
    asked = (_COURSE, [_ALL], _WORK, _ELSEWHERE)
    found = (_claim_of(predicates, values) for predicates in asked)
    return Text.of(*(claim for claim in found if claim), lang=lang)


def _claim_of(predicates: Sequence[Predicate], values: Mapping[str, Value]) -> Claim | None:
    deviation = values["deviation"]
    assert isinstance(deviation, (int, float))
    return first_true(predicates, {**values, "distance": abs(deviation)})


def _shared(groups: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    """Return the slots of women and men together; those of one carry its sex as ending."""
    birth = str(groups[0]["group"]).partition(":")[0]
    shared: dict[str, Value] = {**groups[0], "group": group_code(birth, TOTAL)}
    for one in groups:
        sex = str(one["group"]).partition(":")[2]
        shared |= {f"{slot}_{sex}": value for slot, value in one.items()}
    return shared


def _breaks(rows: pd.DataFrame) -> tuple[list[Claim], list[Claim]]:
    """Return which bars each break concerns, and what the breaks are."""
    concerned = breaks_by_component(rows)
    known = {one.id: one for one in catalogue.breaks()}
    found = [known[name] for name in concerned if name in known]
    shown: list[dict[str, Value]] = [
        {"since": one.first_period, "bars": len(concerned[one.id])} for one in found
    ]
    short = [claim for one in shown for claim in all_true(_BREAKS, one)]
    return short, break_claims(found)


def breaks_by_component(rows: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return for the id of each break between the periods the components it concerns."""
    found: dict[str, list[str]] = {}
    pairs = rows[["component", "note"]].astype(str).drop_duplicates()
    for component, note in pairs.itertuples(index=False):
        for name in filter(None, note.split(";")):
            if component not in found.setdefault(name, []):
                found[name].append(component)
    return {name: tuple(components) for name, components in found.items()}
