"""All that is written on and about a chart of a target: subtitle, verdict, lines, alt text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from integstats.catalogue import Language
from integstats.targets.track import Track
from integstats.wording.change import change_claim
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true, first_true
from integstats.wording.earlier_ages import earlier_ages
from integstats.wording.footer_sentences import track_footer
from integstats.wording.progress_sentences import beside_path, progress
from integstats.wording.side_sentences import side_claims
from integstats.wording.titles import track_title
from integstats.wording.track_values import DECIMALS, least_of, levels_of, subject_of, track_values
from integstats.wording.verdict_sentences import follow_ups, lead_and_word

Values = Mapping[str, Any]

_SUBJECT = "{group:subject|{unit}|{measure}|{versus}}"
_GOAL = "{goal:level|{unit}|{decimals}}"
_WHOM = "{group:who} {age:age}, {place:place}"
_BOTH = "{measure:measureunit}, {group:between|{versus}} {age:age}, {place:place}."


@dataclass(frozen=True)
class TargetText:
    """What is written on a chart of a target.

    Attributes
    ----------
    title, subtitle, verdict, alt
        The parts of the chart. `verdict` has the line, how much is done, the pace and the persons
        needed, when it can be judged, and what must be said beside it.
    lines
        A longer description, a sentence each.
    footer
        Paragraphs; the last is the source line.
    """

    title: Text
    subtitle: Text
    verdict: Text
    alt: Text
    lines: tuple[Text, ...]
    footer: tuple[Text, ...]


def _of_unit(unit: str) -> Callable[[Values], bool]:
    return lambda v: v["unit"] == unit


_WHAT = [
    Predicate(
        "subtitle.share",
        _of_unit("share"),
        f"{{measure:measureunit}}, {_WHOM}.",
        f"{{measure:measureunit}}, {_WHOM}.",
    ),
    Predicate(
        "subtitle.gap",
        _of_unit("pp"),
        f"Skillnad i procentenheter, {{group:minus|{{versus}}|{{measure}}}}. {_BOTH}",
        f"Difference in percentage points, {{group:minus|{{versus}}|{{measure}}}}. {_BOTH}",
    ),
    Predicate(
        "subtitle.ratio",
        _of_unit("ratio"),
        f"Kvot, {{group:who}} delat med {{versus:who}}. {_BOTH}",
        f"Ratio, {{group:who}} divided by {{versus:who}}. {_BOTH}",
    ),
    Predicate(
        "subtitle.persons",
        _of_unit("persons"),
        f"Antal {{measure:countedword}}, {_WHOM}.",
        f"Number of {{measure:countedword}}, {_WHOM}.",
    ),
]
_PERIOD = Predicate(
    "subtitle.period",
    lambda v: v["first"] <= v["last"],
    "{reading:reading} {first:periods|{last}}.",
    "{reading:reading} {first:periods|{last}}.",
)
_SHADED = [
    Predicate(
        "subtitle.shaded",
        lambda v: v["unit"] == "share" and "n" in v,
        "Skuggat område: slumpvariation (95\u00a0%) vid ca {n:about} personer {measure:base}.",
        "Shaded area: chance variation (95%) at about {n:about} persons {measure:base}.",
    ),
    Predicate(
        "subtitle.shaded_gap",
        lambda v: v["unit"] in ("pp", "ratio") and "n" in v and "versus_n" in v,
        "Skuggat område: slumpvariation (95\u00a0%) vid ca {n:about} {group:who} och "
        "{versus_n:about} {versus:who} {measure:base}.",
        "Shaded area: chance variation (95%) at about {n:about} {group:who} and "
        "{versus_n:about} {versus:who} {measure:base}.",
    ),
    Predicate(
        "subtitle.shaded_count",
        lambda v: v["unit"] == "persons",
        "Skuggat område: slumpvariation (95\u00a0%) i ett antal av den storleken.",
        "Shaded area: chance variation (95%) in a number of that size.",
    ),
]


def _is_kind(*kinds: str) -> Callable[[Values], bool]:
    return lambda v: v["kind"] in kinds and "goal" in v and "baseline" in v


def _halving(v: Values) -> bool:
    return (
        _is_kind("relative_reduction")(v)
        and v["amount"] == 0.5
        and abs(v["goal"] - v["baseline"] / 2) <= 1e-9 * abs(v["baseline"])
    )


_LEVELS = {
    "sv": "från {baseline:figure|{unit}|{decimals}} {baseline_period:when} till "
    f"{_GOAL} {{deadline:when}}",
    "en": "from {baseline:figure|{unit}|{decimals}} {baseline_period:when} to "
    f"{_GOAL} {{deadline:when}}",
}
_STATEMENTS = [
    Predicate(
        "statement.halve",
        _halving,
        f"<the> är att halvera {_SUBJECT} {{place:in}}, {_LEVELS['sv']}.",
        f"<the> is to halve {_SUBJECT} {{place:in}}, {_LEVELS['en']}.",
    ),
    Predicate(
        "statement.reduce",
        lambda v: _is_kind("relative_reduction")(v) and v["amount"] != 0.5,
        f"<the> är att minska {_SUBJECT} {{place:in}} med {{amount:rate|0}}, {_LEVELS['sv']}.",
        f"<the> is to reduce {_SUBJECT} {{place:in}} by {{amount:rate|0}}, {_LEVELS['en']}.",
    ),
    Predicate(
        "statement.at_most",
        lambda v: _is_kind("level", "gap_pp", "ratio", "count")(v) and v["better"] == "down",
        f"<the> är att {_SUBJECT} {{place:in}} ska vara högst {_GOAL} {{deadline:when}}; "
        "utgångsläget {baseline_period:when} var {baseline:level|{unit}|{decimals}}.",
        f"<the> is that {_SUBJECT} {{place:in}} be at most {_GOAL} {{deadline:when}}; the baseline "
        "{baseline_period:when} was {baseline:level|{unit}|{decimals}}.",
    ),
    Predicate(
        "statement.at_least",
        lambda v: _is_kind("level", "gap_pp", "ratio", "count")(v) and v["better"] == "up",
        f"<the> är att {_SUBJECT} {{place:in}} ska vara minst {_GOAL} {{deadline:when}}; "
        "utgångsläget {baseline_period:when} var {baseline:level|{unit}|{decimals}}.",
        f"<the> is that {_SUBJECT} {{place:in}} be at least {_GOAL} {{deadline:when}}; the "
        "baseline {baseline_period:when} was {baseline:level|{unit}|{decimals}}.",
    ),
    Predicate(
        "statement.more",
        lambda v: _is_kind("added_count")(v) and v["amount"] > 0,
        f"<the> är {{amount:size}} fler {{group:counted|{{measure}}}} {{place:in}}, "
        f"{_LEVELS['sv']}.",
        f"<the> is {{amount:size}} more {{group:counted|{{measure}}}} {{place:in}}, "
        f"{_LEVELS['en']}.",
    ),
    Predicate(
        "statement.fewer",
        lambda v: _is_kind("added_count")(v) and v["amount"] < 0,
        f"<the> är {{amount:size}} färre {{group:counted|{{measure}}}} {{place:in}}, "
        f"{_LEVELS['sv']}.",
        f"<the> is {{amount:size}} fewer {{group:counted|{{measure}}}} {{place:in}}, "
        f"{_LEVELS['en']}.",
    ),
]


def _both_standings(predicates: list[Predicate], *, example: tuple[str, str]) -> list[Predicate]:
    """The same sentences about a decided target and about a räkneexempel."""
    found = []
    for one in predicates:
        for name, decided, the_sv, the_en in (
            ("decided", True, "målet", "the target"),
            ("example", False, *example),
        ):
            found.append(
                Predicate(
                    f"{one.id}.{name}",
                    _of_standing(one.test, decided),
                    one.sv.replace("<the>", the_sv),
                    one.en.replace("<the>", the_en),
                )
            )
    return found


def _of_standing(test: Callable[[Values], bool], decided: bool) -> Callable[[Values], bool]:
    return lambda v: v["decided"] == decided and test(v)


_TARGETS = _both_standings(_STATEMENTS, example=("räkneexemplet", "the illustrative target"))
_GOALS = _both_standings(
    [
        Predicate(
            "alt.goal",
            lambda v: "goal" in v,
            f"<the> är {_GOAL} {{deadline:when}}.",
            f"<the> is {_GOAL} {{deadline:when}}.",
        )
    ],
    example=("räkneexemplets mål", "the illustrative target"),
)
_ALT = [
    Predicate("alt.line_chart", lambda v: bool(v["unit"]), "Linjediagram.", "Line chart."),
    Predicate(
        "alt.course",
        lambda v: "baseline" in v and "latest" in v and v["low"] <= v["latest"] <= v["high"],
        f"{_SUBJECT} {{place:in}} var {{baseline:level|{{unit}}|{{decimals}}}} "
        "{baseline_period:when} och {latest:level|{unit}|{decimals}} {period:when} "
        "(osäkerhetsintervall {low:interval|{high}|{unit}|{decimals}}).",
        f"{_SUBJECT} {{place:in}} was {{baseline:level|{{unit}}|{{decimals}}}} "
        "{baseline_period:when} and {latest:level|{unit}|{decimals}} {period:when} (uncertainty "
        "interval {low:interval|{high}|{unit}|{decimals}}).",
    ),
    Predicate(
        "alt.no_latest",
        lambda v: "baseline" in v and "latest" not in v,
        f"{_SUBJECT} {{place:in}} var {{baseline:level|{{unit}}|{{decimals}}}} "
        "{baseline_period:when}; {period:when} saknas uppgift eller visas den inte.",
        f"{_SUBJECT} {{place:in}} was {{baseline:level|{{unit}}|{{decimals}}}} "
        "{baseline_period:when}; {period:when} the figure is missing or not shown.",
    ),
    Predicate(
        "alt.no_course",
        lambda v: "baseline" not in v,
        f"{_SUBJECT} {{place:in}}, {{baseline_period:periods|{{period}}}}: uppgift saknas "
        "eller visas inte.",
        f"{_SUBJECT} {{place:in}}, {{baseline_period:periods|{{period}}}}: the figure is "
        "missing or not shown.",
    ),
]
_ELSEWHERE = Predicate(
    "elsewhere.levels",
    lambda v: v["place"] != v["elsewhere"],
    f"{{elsewhere:in}} var {_SUBJECT} {{other_before:level|{{unit}}|{{decimals}}}} "
    "{baseline_period:when} och {other_now:level|{unit}|{decimals}} {period:when}.",
    f"{{elsewhere:in}} {_SUBJECT} was {{other_before:level|{{unit}}|{{decimals}}}} "
    "{baseline_period:when} and {other_now:level|{unit}|{decimals}} {period:when}.",
)
_AFTER = Predicate(
    "after.deadline",
    lambda v: v["after_period"] > v["deadline"],
    f"Efter måldatumet, {{after_period:when}}, var {_SUBJECT} "
    "{after:level|{unit}|{decimals}}.",
    f"After the deadline, {{after_period:when}}, {_SUBJECT} was "
    "{after:level|{unit}|{decimals}}.",
)
_GROWTH = Predicate(
    "note.cagr",
    lambda v: "cagr_ratio" in v,
    "Eurostats kvot av tillväxttakter är {cagr_ratio:number|2}. Den är inte bedömningen: på en "
    "rak målbana kan den kräva en ökad takt av den som följer banan.",
    "Eurostat's ratio of growth rates is {cagr_ratio:number|2}. It is not the verdict: on a "
    "straight target path it can ask for a faster pace of a place that follows the path.",
)

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_WHAT,
        _PERIOD,
        *_SHADED,
        *_TARGETS,
        *_GOALS,
        *_ALT,
        _ELSEWHERE,
        _AFTER,
        _GROWTH,
    )
}


def target_text(
    track: Track,
    *,
    organisation: str = "",
    lang: Language = "sv",
) -> TargetText:
    """Return everything that is written on a chart of a track.

    Parameters
    ----------
    track
        The track.
    organisation
        Who publishes the chart.
    lang
        Language.
    """
    return TargetText(
        title=track_title(track, lang=lang),
        subtitle=track_subtitle(track, lang=lang),
        verdict=verdict_block(track, lang=lang),
        alt=track_alt(track, lang=lang),
        lines=track_lines(track, lang=lang),
        footer=track_footer(track, organisation=organisation, lang=lang),
    )


def verdict_block(track: Track, *, lang: Language = "sv") -> Text:
    """Return the verdict block of a track."""
    values = track_values(track)
    claims = [
        *lead_and_word(values),
        *progress(values),
        *follow_ups(values),
        *side_claims(track),
    ]
    return Text.of(*claims, lang=lang)


def track_subtitle(track: Track, *, since: pd.Period | None = None, lang: Language = "sv") -> Text:
    """Return measure, unit, group, age, place and period, and what the shaded area is."""
    values = track_values(track)
    shown = track.series.loc[track.series["value"].notna(), "period"]
    first, last = (
        (shown.min(), shown.max()) if len(shown) else (track.baseline.period, track.latest.period)
    )
    versus_n = _at_latest(track, "comparator_n")
    if versus_n is not None:
        values["versus_n"] = versus_n
    shaded = first_true(_SHADED, values)
    what, *rest = what_and_when(values, reading=track.target.reading, first=first, last=last)
    drawn = track.series["month_value"].notna() & (track.series["period"] <= track.latest.period)
    ages = earlier_ages(
        (period, track.target.age_at(period)) for period in track.series["period"][drawn]
    )
    claims = [what, *ages, *rest]
    return Text.of(*claims, *([] if shaded is None else [shaded]), lang=lang)


def what_and_when(
    values: Values, *, reading: str, first: pd.Period, last: pd.Period
) -> list[Claim]:
    """Return measure, unit, group, age, place, reading and period: how a subtitle begins.

    `values` has the slots ``unit``, ``measure``, ``group``, ``versus``, ``age`` and ``place``.
    """
    what = first_true(_WHAT, values)
    when = {"reading": reading, "first": str(first), "last": str(last)}
    return [*([] if what is None else [what]), Claim(_PERIOD, when)]


def track_alt(track: Track, *, lang: Language = "sv") -> Text:
    """Return the alt text: kind, what, start, end, target, verdict."""
    values = track_values(track)
    goal = first_true(_GOALS, values)
    claims = [*all_true(_ALT, values), *([] if goal is None else [goal]), *lead_and_word(values)]
    return Text.of(*claims, lang=lang)


def track_lines(track: Track, *, lang: Language = "sv") -> tuple[Text, ...]:
    """Return the longer description: the target, the change, the same group elsewhere."""
    values = track_values(track)
    statement = first_true(_TARGETS, values)
    claims = [
        *([] if statement is None else [statement]),
        *_change(track, values),
        *_elsewhere(track, values),
        *beside_path(values),
        *_after(track, values),
    ]
    return tuple(Text.of(claim, lang=lang) for claim in claims)


def growth_note(track: Track, *, lang: Language = "sv") -> Text:
    """Return what the data sheet says beside Eurostat's ratio; empty where there is none."""
    slots: dict[str, Value] = {}
    if pd.notna(track.cagr_ratio):
        slots["cagr_ratio"] = track.cagr_ratio
    claim = Claim(_GROWTH, slots)
    return Text.of(*([claim] if claim.holds() else []), lang=lang)


def _change(track: Track, values: Mapping[str, Value]) -> list[Claim]:
    if "start" not in values:
        return []
    claim = change_claim(
        subject_of(track),
        start=track.baseline.value,
        end=track.latest.value,
        start_period=track.baseline.period,
        end_period=track.latest.period,
        z=track.verdict.z if "z" in values else None,
        least=least_of(track),
        decimals=DECIMALS[track.unit],
        levels=levels_of(track),
    )
    return [claim]


def _elsewhere(track: Track, values: Mapping[str, Value]) -> list[Claim]:
    other = track.comparison
    if other is None or track.verdict.blocked_by:
        return []
    if pd.isna(other.baseline.value) or pd.isna(other.latest.value):
        return []
    slots: dict[str, Value] = {
        **values,
        "elsewhere": other.place,
        "other_before": other.baseline.value,
        "other_now": other.latest.value,
    }
    return [Claim(_ELSEWHERE, slots)]


def _after(track: Track, values: Mapping[str, Value]) -> list[Claim]:
    point = track.after_deadline
    if point is None or pd.isna(point.value):
        return []
    slots: dict[str, Value] = {
        **values,
        "after_period": str(point.period),
        "after": point.value,
    }
    return [Claim(_AFTER, slots)]


def _at_latest(track: Track, column: str) -> float | None:
    if column not in track.series.columns:
        return None
    found = track.series.loc[(track.series["period"] == track.latest.period).to_numpy(), column]
    return float(found.iloc[0]) if len(found) and pd.notna(found.iloc[0]) else None
