"""All that is written on a chart of foreign- and native-born side by side in many places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd

from integstats.analysis.gaps import Comparator
from integstats.catalogue import Language, Source
from integstats.errors import SchemaError
from integstats.table import require
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true, first_true
from integstats.wording.dumbbell_titles import both, dumbbell_title, is_counted
from integstats.wording.footer_sentences import source_line
from integstats.wording.gap_courses import REQUIRED
from integstats.wording.gap_sentences import GapText
from integstats.wording.phrases import comparator_code, group_code
from integstats.wording.place_notes import kind_of

MANY = 20
"""From this many comparisons on, what chance alone would show is said."""
BY_CHANCE = 0.025
"""How often an interval of 95 per cent lies above zero where there is no difference."""
LONGEST_ALT = 600
SEXES = ("women", "men")
Values = Mapping[str, Any]


def _single(test: Callable[[Values], bool]) -> Callable[[Values], bool]:
    return lambda v: "group_men" not in v and test(v)


def _has(*names: str) -> Callable[[Values], bool]:
    return lambda v: all(name in v for name in names)


def _about(id: str, sv: str, en: str) -> list[Predicate]:
    """The same of one sex and of two, of one place and of several."""
    groups = (
        ("", lambda v: "group_men" not in v, "{group:between|{versus}}"),
        ("_two", lambda v: "group_men" in v, "{sexes:born}"),
    )
    places = (
        ("", lambda v: v["places"] > 1, "{places:count} {kind:kind}"),
        (".one", lambda v: v["places"] == 1, "{place:place}"),
    )
    return [
        Predicate(
            f"{id}{of}{where}",
            _all(is_of, is_where),
            *(one.replace("<groups>", who).replace("<places>", named) for one in (sv, en)),
        )
        for of, is_of, who in groups
        for where, is_where, named in places
    ]


def _all(*tests: Callable[[Values], bool]) -> Callable[[Values], bool]:
    return lambda v: all(test(v) for test in tests)


_SUBTITLE = [
    *_about(
        "places.subtitle.what",
        "{measure:measureunit}, <groups> {age:age}, <places>, {period:period}.",
        "{measure:measureunit}, <groups> {age:age}, <places>, {period:period}.",
    ),
    Predicate(
        "places.subtitle.difference_two",
        _has("fewest_women", "fewest_men"),
        "Skillnad i procentenheter, {all:minus|{all_versus}|{measure}}, med osäkerhetsintervall "
        "(95\u00a0%) vid minst ca {fewest_women:about} utrikes födda kvinnor och "
        "{fewest_men:about} män {measure:base}.",
        "Difference in percentage points, {all:minus|{all_versus}|{measure}}, with uncertainty "
        "intervals (95%) at no fewer than about {fewest_women:about} foreign-born women and "
        "{fewest_men:about} men {measure:base}.",
    ),
    Predicate(
        "places.subtitle.difference",
        _single(_has("fewest")),
        "Skillnad i procentenheter, {group:minus|{versus}|{measure}}, med osäkerhetsintervall "
        "(95\u00a0%) vid minst ca {fewest:about} {group:who} {measure:base}.",
        "Difference in percentage points, {group:minus|{versus}|{measure}}, with uncertainty "
        "intervals (95%) at no fewer than about {fewest:about} {group:who} {measure:base}.",
    ),
    Predicate(
        "places.subtitle.no_intervals",
        lambda v: not any(name.startswith("fewest") for name in v),
        "Skillnad i procentenheter, {all:minus|{all_versus}|{measure}}, utan bedömning av "
        "osäkerhet.",
        "Difference in percentage points, {all:minus|{all_versus}|{measure}}, without an "
        "assessment of uncertainty.",
    ),
]
_CLEAR = [
    Predicate(
        "places.clear_two",
        both(is_counted),
        "Skillnaden är större än slumpen brukar ge (95\u00a0%) för utrikes födda kvinnor i "
        "{clear_women:count} av {total_women:count} {kind:kind} och för utrikes födda män i "
        "{clear_men:count} av {total_men:count}.",
        "The difference is larger than chance usually gives (95%) for foreign-born women in "
        "{clear_women:count} of {total_women:count} {kind:kind} and for foreign-born men in "
        "{clear_men:count} of {total_men:count}.",
    ),
    Predicate(
        "places.clear",
        _single(is_counted),
        "I {clear:count} av {total:count} {kind:kind} är skillnaden större än slumpen brukar ge "
        "(95\u00a0%).",
        "In {clear:count} of {total:count} {kind:kind} the difference is larger than chance "
        "usually gives (95%).",
    ),
]
_CHANCE = Predicate(
    "places.chance",
    lambda v: v["total"] >= MANY and v["by_chance"] == BY_CHANCE * v["total"],
    "{group:who}: av {total:count} jämförelser väntas ungefär {by_chance:number|0} visa en sådan "
    "skillnad av en slump.",
    "{group:who}: of {total:count} comparisons about {by_chance:number|0} would show such a "
    "difference by chance.",
)
_INTERVAL = {
    "sv": "(osäkerhetsintervall {<end>_low:interval|{<end>_high}|pp|1})",
    "en": "(uncertainty interval {<end>_low:interval|{<end>_high}|pp|1})",
}
_NO_INTERVAL = {
    "sv": "(utan bedömning av osäkerhet)",
    "en": "(without an assessment of uncertainty)",
}


def _end(name: str, known: bool, lang: Language) -> str:
    """The smallest or the largest gap, its place and its interval."""
    beside = (_INTERVAL if known else _NO_INTERVAL)[lang].replace("<end>", name)
    return f"{{{name}_gap:level|pp|1}} {{{name}_place:in}} {beside}"


def _ranges(id: str, tail: str = "", tail_en: str = "") -> list[Predicate]:
    """The smallest and the largest gap; the tail is said where both have an interval."""
    found = []
    for least, most in product((True, False), repeat=2):
        suffix = {(True, True): "", (True, False): ".least", (False, True): ".most"}
        end, end_en = (tail, tail_en) if least and most else ("", "")
        found.append(
            Predicate(
                id + suffix.get((least, most), ".plain"),
                _has_intervals(least, most),
                f"{{group:who}}: skillnaden är {_end('least', least, 'sv')} och "
                f"{_end('most', most, 'sv')}{end}.",
                f"{{group:who}}: the difference is {_end('least', least, 'en')} and "
                f"{_end('most', most, 'en')}{end_en}.",
            )
        )
    return found


def _has_intervals(least: bool, most: bool) -> Callable[[Values], bool]:
    return lambda v: (
        v["shown"] > 1
        and v["least_gap"] <= v["most_gap"]
        and ("least_low" in v, "most_low" in v) == (least, most)
    )


_RANGES = _ranges(
    "places.range",
    "; där intervallen överlappar är ordningen osäker",
    "; where the intervals overlap the order is uncertain",
)
_ALT_RANGES = _ranges("places.alt_range")
_HIDDEN = [
    Predicate(
        "places.hidden",
        lambda v: bool(v["hidden"]),
        "Uppgiften visas inte (för få personer) för {hidden:places}.",
        "The figure is not shown (too few persons) for {hidden:places}.",
    ),
    Predicate(
        "places.hidden.sex",
        lambda v: bool(v["hidden"]),
        "{group:who}: uppgiften visas inte (för få personer) för {hidden:places}.",
        "{group:who}: the figure is not shown (too few persons) for {hidden:places}.",
    ),
]
_WITHOUT = Predicate(
    "places.without",
    lambda v: bool(v["without"]),
    "Utan bedömning av osäkerhet, och därför inte bland de räknade: {without:places}.",
    "Without an assessment of uncertainty, and so not among those counted: {without:places}.",
)
_ALT = _about(
    "places.alt",
    "Hanteldiagram: {measure:definite} bland <groups> i <places>, {period:period}.",
    "Dumbbell chart: {measure:definite} among <groups> in <places>, {period:period}.",
)
_ALT_LEVELS = [
    Predicate(
        "places.alt_levels",
        lambda v: v["shown"] > 1,
        "Nivåerna {most_place:in} är {most_own:rate} bland {group:who} och {most_reference:rate} "
        "bland {versus:who}; {least_place:in} {least_own:rate} och {least_reference:rate}.",
        "The levels {most_place:in} are {most_own:rate} among {group:who} and "
        "{most_reference:rate} among {versus:who}; {least_place:in} {least_own:rate} and "
        "{least_reference:rate}.",
    ),
    Predicate(
        "places.alt_levels.one",
        lambda v: v["shown"] == 1,
        "Nivåerna {place:in} är {most_own:rate} bland {group:who} och {most_reference:rate} bland "
        "{versus:who}, en skillnad på {most_gap:level|pp|1}.",
        "The levels {place:in} are {most_own:rate} among {group:who} and {most_reference:rate} "
        "among {versus:who}, a difference of {most_gap:level|pp|1}.",
    ),
]

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_SUBTITLE, *_CLEAR, _CHANCE, *_RANGES, *_ALT_RANGES, *_HIDDEN, _WITHOUT, *_ALT,
        *_ALT_LEVELS,
    )
}  # fmt: skip


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
        What `integstats.gaps` returned: one row per place and sex, for one period and age, for
        women and men, or for one of them, or for both together.
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

    Returns
    -------
    GapText
        Its footer says for which places nothing is shown, or no interval is known.

    Raises
    ------
    SchemaError
        When a column is missing, there is more than one period or age, other sexes than these, or
        no gap at all.
    """
    require(gaps, REQUIRED, what="The text of gaps in places")
    for key in ("period", "age"):
        found = sorted({str(one) for one in gaps[key].unique()})
        if len(found) != 1:
            raise SchemaError(
                f"The text of gaps in places needs one {key}; got {len(found)}: "
                f"{', '.join(found[:5]) or 'no rows'}. Select one first."
            )
    of_each = _of_each_sex(gaps, measure, comparator)
    shown = gaps.loc[gaps["gap_pp"].notna(), "place"].astype(str).unique()
    values = {**_joined(of_each, comparator), "places": len(shown), "kind": kind_of(list(shown))}
    chance = [claim for one in of_each if (claim := first_true([_CHANCE], one))]
    ranges = [claim for one in of_each if (claim := first_true(_RANGES, one))]
    notes = tuple(Text.of(claim, lang=lang) for claim in _notes(of_each))
    lines = tuple(
        Text.of(claim, lang=lang) for claim in (*all_true(_CLEAR, values), *chance, *ranges)
    )
    return GapText(
        title=dumbbell_title(values, lang=lang),
        subtitle=Text.of(*all_true(_SUBTITLE, values), lang=lang),
        alt=_alt(of_each, values, lang=lang),
        lines=(*lines, *notes),
        footer=(*notes, source_line(sources, organisation=organisation, lang=lang)),
    )


def _of_each_sex(
    gaps: pd.DataFrame, measure: str, comparator: Comparator
) -> list[dict[str, Value]]:
    """The slots of each sex that has a gap."""
    sexes = [str(one) for one in gaps["sex"].unique()]
    if len(sexes) > 1 and set(sexes) != set(SEXES):
        raise SchemaError(
            "The text of gaps in places needs women and men, or one sex; got "
            f"{', '.join(sorted(sexes))}. Select them first."
        )
    wanted = SEXES if len(sexes) > 1 else sexes
    rows = [gaps[(gaps["sex"] == sex).to_numpy()] for sex in wanted]
    known = [one for one in rows if one["gap_pp"].notna().any()]
    if not known:
        raise SchemaError(
            "The text of gaps in places needs at least one gap; every gap_pp is missing. Choose "
            "places with more persons."
        )
    return [_values(one, measure, comparator) for one in known]


def _values(gaps: pd.DataFrame, measure: str, comparator: Comparator) -> dict[str, Value]:
    """The slots of one sex; figures that are missing have no slot."""
    shown = gaps[gaps["gap_pp"].notna().to_numpy()].sort_values("gap_pp", kind="stable")
    sex = str(gaps["sex"].iloc[0])
    has_interval = shown["gap_low"].notna().to_numpy()
    lows = tuple(repr(float(low)) for low in shown.loc[has_interval, "gap_low"])
    values: dict[str, Value] = {
        "group": group_code("foreign_born", sex),
        "versus": comparator_code(comparator, sex),
        "measure": measure,
        "age": str(gaps["age"].iloc[0]),
        "period": str(gaps["period"].iloc[0]),
        "kind": kind_of([str(one) for one in shown["place"]]),
        "shown": len(shown),
        "lows": lows,
        "clear": sum(float(low) > 0 for low in lows),
        "total": len(lows),
        "by_chance": BY_CHANCE * len(lows),
        "place": str(shown["place"].iloc[0]),
        "hidden": tuple(str(one) for one in gaps.loc[gaps["gap_pp"].isna(), "place"]),
        "without": tuple(str(one) for one in shown.loc[~has_interval, "place"]),
    }
    fewest = shown["n_foreign_born"].min()
    if pd.notna(fewest) and lows:
        values["fewest"] = float(fewest)
    for name, row in (("least", shown.iloc[0]), ("most", shown.iloc[-1])):
        values |= {
            f"{name}_place": str(row["place"]),
            f"{name}_gap": float(row["gap_pp"]),
            f"{name}_own": float(row["rate_foreign_born"]),
            f"{name}_reference": float(row["rate_native_born"]),
        }
        if pd.notna(row["gap_low"]):
            values |= {f"{name}_{end}": float(row[f"gap_{end}"]) for end in ("low", "high")}
    return values


def _joined(of_each: Sequence[dict[str, Value]], comparator: Comparator) -> dict[str, Value]:
    """The slots of sentences about all: the first sex's, and each one's with its name as ending."""
    sexes = tuple(str(one["group"]).partition(":")[2] for one in of_each)
    total = "total" if len(sexes) > 1 else sexes[0]
    values: dict[str, Value] = {
        **of_each[0],
        "sexes": sexes,
        "all": group_code("foreign_born", total),
        "all_versus": comparator_code(comparator, total),
    }
    if len(of_each) > 1:
        for sex, own in zip(sexes, of_each, strict=True):
            values |= {f"{slot}_{sex}": value for slot, value in own.items()}
    return values


def _notes(of_each: Sequence[dict[str, Value]]) -> list[Claim]:
    """What is to be said of places without a figure or an interval, once where it is the same."""
    found: list[Claim] = []
    of_all, of_one = _HIDDEN
    alike = len({one["hidden"] for one in of_each}) == 1
    for one in of_each[:1] if alike else of_each:
        claim = Claim(of_all if alike else of_one, one)
        found += [claim] if claim.holds() else []
    without = {one["without"]: Claim(_WITHOUT, one) for one in of_each}
    return [*found, *(one for one in without.values() if one.holds())]


def _alt(
    of_each: Sequence[dict[str, Value]], values: Mapping[str, Value], *, lang: Language
) -> Text:
    """The kind and the span of the gap; then the levels, of as many sexes as there is room for."""
    claims = all_true(_ALT, values)
    ranges = _RANGES if len(of_each) == 1 else _ALT_RANGES
    claims += [claim for one in of_each if (claim := first_true(ranges, one))]
    text = Text.of(*claims, lang=lang)
    for one in of_each:
        levels = first_true(_ALT_LEVELS, one)
        longer = Text.of(*text.claims, *([] if levels is None else [levels]), lang=lang)
        text = longer if len(longer.text) <= LONGEST_ALT else text
    return text
