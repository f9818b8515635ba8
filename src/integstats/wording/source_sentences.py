"""All that is written on a chart of one place in several sources, but no difference of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from integstats import catalogue
from integstats.catalogue import Language, Source
from integstats.errors import SchemaError
from integstats.wording import numbers, phrases
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true
from integstats.wording.footer_sentences import break_claims, source_line
from integstats.wording.source_series import LANGUAGES, THEMES, SourceSeries, theme_of
from integstats.wording.terms import pick
from integstats.wording.titles import shortest_fit

Values = Mapping[str, Any]
FEW = 50
LONGEST_ALT = 600

_LABELS = [
    Predicate(
        "sources.label",
        lambda v: "last_value" in v and not v["tail_sv"],
        "{last_value:pct} {measure:measureunit}, {age:age}, {last_period:period}",
        "{last_value:pct} {measure:measureunit}, {age:age}, {last_period:period}",
    ),
    Predicate(
        "sources.label.tail",
        lambda v: "last_value" in v and bool(v["tail_sv"]),
        "{last_value:pct} {measure:measureunit}, {tail_sv}, {age:age}, {last_period:period}",
        "{last_value:pct} {measure:measureunit}, {tail_en}, {age:age}, {last_period:period}",
    ),
    Predicate(
        "sources.label.hidden",
        lambda v: "last_value" not in v,
        "{name_sv}: uppgiften visas inte (för få personer) eller saknas",
        "{name_en}: the figure is not shown (too few persons) or missing",
    ),
]
_TITLES = [
    Predicate(
        "sources.title.one",
        lambda v: v["series"] == 1 and "last_value" in v,
        "{group:who} {place:in}: {measure:definite} är {last_value:rate} {last_period:when}",
        "{group:who} {place:in}: {measure:definite} is {last_value:rate} {last_period:when}",
    ),
    Predicate(
        "sources.title.measures",
        lambda v: v["measures"] > 1,
        "{group:who} {place:in}: {measures:count} mått på {theme_sv}, vart och ett med sin "
        "definition",
        "{group:who} {place:in}: {measures:count} measures of {theme_en}, each by its definition",
    ),
    Predicate(
        "sources.title.measures.short",
        lambda v: v["measures"] > 1,
        "{group:who}: {measures:count} mått på {theme_sv}, vart och ett med sin definition",
        "{group:who}: {measures:count} measures of {theme_en}, each by its definition",
    ),
    Predicate(
        "sources.title.datasets",
        lambda v: v["measures"] == 1 < v["series"],
        "{group:who} {place:in}: {theme_sv} enligt {series:count} datamängder, var för sig",
        "{group:who} {place:in}: {theme_en} in {series:count} datasets, each by itself",
    ),
]
_SUBTITLE = Predicate(
    "sources.subtitle",
    lambda v: len(v["ages"]) > 0,
    "Andelar i procent, {group:who} {ages:listed} år, {place:place}, {first:periods|{last}}.",
    "Shares in per cent, {group:who} aged {ages:listed}, {place:place}, {first:periods|{last}}.",
)
_APART = [
    Predicate(
        "sources.apart.measures",
        lambda v: v["measures"] > 1,
        "Måtten har var sin definition: följ vart och ett över tiden. Avståndet mellan dem är "
        "inget resultat.",
        "Each measure has its own definition: follow each over time. The distance between them is "
        "no result.",
    ),
    Predicate(
        "sources.apart.datasets",
        lambda v: v["measures"] == 1 < v["series"],
        "Samma mått ur olika datamängder: de läggs inte ihop till en serie.",
        "The same measure from different datasets: they are not joined into one series.",
    ),
]
_CUT = Predicate(
    "sources.cut",
    lambda v: bool(v["cuts_sv"]),
    "Tidsseriebrott {cuts_sv}: {short_sv}.",
    "Break in the series {cuts_en}: {short_en}.",
)
_HIDDEN = [
    Predicate(
        "sources.hidden",
        lambda v: v["hidden"] > 0 and "last_value" in v,
        "{short_sv}: {hidden:count} uppgifter visas inte (för få personer) eller saknas.",
        "{short_en}: {hidden:count} figures are not shown (too few persons) or missing.",
    ),
    Predicate(
        "sources.hidden_all",
        lambda v: v["hidden"] > 0 and "last_value" not in v,
        "{short_sv}: ingen uppgift visas (för få personer eller saknas).",
        "{short_en}: no figure is shown (too few persons, or missing).",
    ),
]
_FEW = Predicate(
    "sources.few",
    lambda v: v.get("n", FEW) < FEW,
    "{short_sv}: senaste uppgiften vilar på färre än 50 personer.",
    "{short_en}: the latest figure rests on fewer than 50 persons.",
)
_ABSENT = Predicate(
    "sources.absent",
    lambda v: bool(v["absent_sv"]),
    "Uppgift om {group:who} saknas i: {absent_sv}.",
    "No figures on {group:who} in: {absent_en}.",
)
_DEFINITION = Predicate(
    "sources.definition",
    lambda v: bool(v["measure"]),
    "{name_sv}: {measure:definition}",
    "{name_en}: {measure:definition}",
)
_COURSES = [
    Predicate(
        "sources.course",
        lambda v: "last_value" in v and v["first_period"] < v["last_period"],
        "{name_sv}, {age:age}: {first_value:rate} {first_period:when} och {last_value:rate} "
        "{last_period:when}.",
        "{name_en}, {age:age}: {first_value:rate} {first_period:when} and {last_value:rate} "
        "{last_period:when}.",
    ),
    Predicate(
        "sources.level",
        lambda v: "last_value" in v and v["first_period"] == v["last_period"],
        "{name_sv}, {age:age}: {last_value:rate} {last_period:when}.",
        "{name_en}, {age:age}: {last_value:rate} {last_period:when}.",
    ),
]
_PERSONS = Predicate(
    "sources.persons",
    lambda v: "n" in v,
    "Andelen räknas på ca {n:about} personer {measure:base}.",
    "The share is of about {n:about} persons {measure:base}.",
)
_ALT = [
    Predicate(
        "sources.alt",
        lambda v: v["series"] > 1,
        "Linjediagram: {theme_sv} bland {group:who} {place:in} enligt {series:count} serier, var "
        "och en med sin definition.",
        "Line chart: {theme_en} among {group:who} {place:in} by {series:count} series, each with "
        "its own definition.",
    ),
    Predicate(
        "sources.alt.one",
        lambda v: v["series"] == 1,
        "Linjediagram: {theme_sv} bland {group:who} {place:in} enligt en serie.",
        "Line chart: {theme_en} among {group:who} {place:in} by one series.",
    ),
]
_MORE = [
    Predicate(
        "sources.more",
        lambda v: v["left"] > 1,
        "Ytterligare {left:count} serier visas.",
        "{left:count} more series are shown.",
    ),
    Predicate(
        "sources.one_more",
        lambda v: v["left"] == 1,
        "Ytterligare en serie visas.",
        "One more series is shown.",
    ),
]

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_LABELS,
        *_TITLES,
        _SUBTITLE,
        *_APART,
        _CUT,
        *_HIDDEN,
        _FEW,
        _ABSENT,
        _DEFINITION,
        *_COURSES,
        _PERSONS,
        *_ALT,
        *_MORE,
    )
}


@dataclass(frozen=True)
class SourceText:
    """What is written on a chart of one place in several sources.

    Attributes
    ----------
    title, subtitle, alt
        The parts of the chart.
    labels
        What stands at each series: its latest figure, what it counts of whom, and its age.
    lines
        For each series its course, definition, persons and breaks.
    notes, optional, source
        Paragraphs below: those that must stand there, those that need not, and the source line.
    facts
        The counts that the texts name.
    """

    title: Text
    subtitle: Text
    alt: Text
    labels: tuple[Claim, ...]
    lines: tuple[Text, ...]
    notes: tuple[Text, ...]
    optional: tuple[Text, ...]
    source: Text
    facts: Mapping[str, float]


def source_text(
    series: Sequence[SourceSeries],
    *,
    place: str,
    group: str,
    absent: Sequence[str] = (),
    sources: Sequence[Source] = (),
    organisation: str = "",
    lang: Language = "sv",
) -> SourceText:
    """Return everything that is written on a chart of one place in several sources.

    Parameters
    ----------
    series
        The series; at least one has a figure.
    place
        Value of the column `place`.
    group
        Code of the group, as ``foreign_born:women``.
    absent
        Datasets that lack the group.
    sources
        Where the figures come from.
    organisation
        Who publishes the chart.
    lang
        Language.

    Raises
    ------
    SchemaError
        When no series has a figure, or they are about several things.
    """
    shown = [one for one in series if len(one.known)]
    if not shown:
        raise SchemaError(
            "The sources have no figure to draw: every value is missing. Choose a larger group."
        )
    slots = [one.values() for one in series]
    values = _values(series, slots, place, group, absent)
    courses = [all_true(_COURSES, one) for one in slots]
    cuts = [claim for held in slots for claim in all_true([_CUT], held)]
    limits = [claim for held in slots for claim in all_true((*_HIDDEN, _FEW), held)]
    must = [all_true(_APART, values), cuts, limits, all_true([_ABSENT], values)]
    explained = {one.measure: held for one, held in zip(series, slots, strict=True)}
    may = [[Claim(_DEFINITION, _unnumbered(held)) for held in explained.values()]]
    own = next((one.dataset for one in series if one.dataset not in catalogue.datasets()), "")
    # Where no row says so, the datasets do.
    preliminary = any((one.rows["status"] == "preliminary").any() for one in series) or None
    alt = _alt(values, [claim for found in courses for claim in found], lang)
    return SourceText(
        title=shortest_fit(_TITLES, values, lang=lang),
        subtitle=Text.of(Claim(_SUBTITLE, values), lang=lang),
        alt=alt,
        labels=tuple(next(iter(all_true(_LABELS, held))) for held in slots),
        lines=tuple(
            Text.of(
                *found,
                Claim(_DEFINITION, held),
                *all_true([_PERSONS], held),
                *break_claims(one.breaks),
                lang=lang,
            )
            for one, found, held in zip(series, courses, slots, strict=True)
        ),
        notes=tuple(Text.of(*claims, lang=lang) for claims in must if claims),
        optional=tuple(Text.of(*claims, lang=lang) for claims in may if claims),
        source=source_line(
            sources,
            preliminary=preliminary,
            organisation=organisation,
            dataset=own,
            lang=lang,
        ),
        facts={
            **{f"hidden_{at}": float(held["hidden"]) for at, held in enumerate(slots)},  # type: ignore[arg-type]
            **{name: value for name, value in alt.numbers() if not name.startswith("sources.c")},
            "series": len(series),
            "measures": float(values["measures"]),  # type: ignore[arg-type]
        },
    )


def _unnumbered(held: Mapping[str, Value]) -> dict[str, Value]:
    """The slots of a measure, without what tells its datasets apart."""
    names = {
        f"name_{lang}": catalogue.measure(str(held["measure"])).words(lang)["name"]
        for lang in LANGUAGES
    }
    return {"measure": held["measure"], **names}


def _values(
    series: Sequence[SourceSeries],
    slots: Sequence[Mapping[str, Value]],
    place: str,
    group: str,
    absent: Sequence[str],
) -> dict[str, Value]:
    """The slots of the texts around the series."""
    theme = theme_of([one.measure for one in series])
    periods = sorted(
        (str(period) for one in series for period in one.known["period"]),
        key=lambda text: pd.Period(text).start_time,
    )
    ages = [str(age) for one in series for age in one.known["age"].unique()]
    first = next(held for held in slots if "last_value" in held)
    names = [
        [catalogue.datasets()[one].name(lang) if one in catalogue.datasets() else one
         for one in absent]
        for lang in LANGUAGES
    ]  # fmt: skip
    return {
        **first,
        "place": place,
        "group": group,
        "series": len(series),
        "measures": len({one.measure for one in series}),
        "theme_sv": pick(THEMES, theme, "sv"),
        "theme_en": pick(THEMES, theme, "en"),
        "ages": tuple(sorted({numbers.span(age) for age in ages})),
        "first": periods[0],
        "last": periods[-1],
        "absent_sv": phrases.listed(names[0], "sv"),
        "absent_en": phrases.listed(names[1], "en"),
    }


def _alt(values: Mapping[str, Value], courses: Sequence[Claim], lang: Language) -> Text:
    """The theme and the course of each series, as many as there is room for."""
    found = Text.of(*all_true(_ALT, values), lang=lang)
    for told, claim in enumerate(courses):
        left = len(courses) - told - 1
        longer = Text.joined([found, Text.of(claim, lang=lang)], lang=lang)
        more = Text.of(*all_true(_MORE, {"left": left + 1}), lang=lang)
        room = LONGEST_ALT if not left else LONGEST_ALT - len(more.text) - 1
        if len(longer.text) > room:
            return Text.joined([found, more], lang=lang)
        found = longer
    return found
