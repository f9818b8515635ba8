"""All that is written on a chart of a decomposition: what a difference arithmetically consists of.

Never a cause: a decomposition says what belongs together in the figures, and not why.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integstats.catalogue import Break, Language, Source
from integstats.errors import SchemaError
from integstats.wording import numbers, phrases
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true, first_true
from integstats.wording.decomposition_names import (
    both,
    code_name,
    column_name,
    effect_name,
    named_parts,
    unit_of,
)
from integstats.wording.decomposition_parts import Parts
from integstats.wording.decomposition_titles import (
    decimals_of,
    decomposition_title,
    of_unit,
    written,
)
from integstats.wording.footer_sentences import break_claims, source_line

Values = Mapping[str, Any]
FEW = 50
LONGEST_ALT = 600


def _has(*names: str) -> Callable[[Values], bool]:
    """Whether shares have these of the keys place and period, and no other of them."""
    return lambda v: (
        v["unit"] == "pp" and tuple(one for one in ("place", "period") if one in v) == names
    )


_COUNTED = "{group:counted|{measure}} {place:in}"
_WHOM = "{measure:measureunit}, {group:who} {age:age}"
_SUBTITLE = [
    *(
        Predicate(
            f"parts.subtitle.{'_'.join(names) or 'plain'}",
            _has(*names),
            "".join([_WHOM, *(f", {{{one}:{one}}}" for one in names), "."]),
            "".join([_WHOM, *(f", {{{one}:{one}}}" for one in names), "."]),
        )
        for names in ((), ("place",), ("period",), ("place", "period"))
    ),
    Predicate(
        "parts.subtitle.minus",
        lambda v: v["unit"] == "pp",
        "{of_sv} ({of_level:pct}) minus {minus_sv} ({minus_level:pct}), procentenheter.",
        "{of_en} ({of_level:pct}) minus {minus_en} ({minus_level:pct}), percentage points.",
    ),
    Predicate(
        "parts.subtitle.persons",
        lambda v: v["unit"] == "persons",
        "Antal {group:counted|{measure}}, {age:age}, {place:place}: {minus_level:count} "
        "{minus_sv}, {of_level:count} {of_sv}.",
        "Number of {group:counted|{measure}}, {age:age}, {place:place}: {minus_level:count} "
        "{minus_en}, {of_level:count} {of_en}.",
    ),
    Predicate(
        "parts.subtitle.by",
        lambda v: bool(v["by_sv"]),
        "Uppdelat efter {by_sv}.",
        "Split by {by_en}.",
    ),
]
_FOCUS = [
    Predicate(
        "parts.focus",
        of_unit("pp"),
        "Räknemässigt motsvarar {differing_sv} {focus:spp}.",
        "Arithmetically {focus:spp} match {differing_en}.",
    ),
    Predicate(
        "parts.focus.persons",
        of_unit("persons"),
        "Med jämförelseområdets takt hade det räknemässigt blivit {focus:fewer}.",
        "At the pace of the reference area it would arithmetically have been {focus:fewer}.",
    ),
]
_REST = [
    Predicate(
        "parts.rest",
        of_unit("pp"),
        "Resten, {rest:spp}, motsvaras inte av {differing_sv}.",
        "The rest, {rest:spp}, do not match {differing_en}.",
    ),
    Predicate(
        "parts.rest.persons",
        of_unit("persons"),
        "Resten, {rest:fewer}, motsvaras inte av den takten.",
        "The rest, {rest:fewer}, is not matched by that pace.",
    ),
]
_NO_CAUSE = Predicate(
    "parts.no_cause",
    lambda v: True,
    "Uppdelningen är räknemässig: den visar vad talen består av, inte varför.",
    "The split is arithmetic: it shows what the figures consist of, not why.",
)
_TOGETHER = Predicate(
    "parts.together",
    lambda v: v["kind"] == "kitagawa" and v["by_group"],
    "Läs gruppernas bidrag till sammansättningen tillsammans, inte ett och ett.",
    "Read the groups' contributions to the composition together, not one by one.",
)
_LEFT_OUT = Predicate(
    "parts.left_out",
    lambda v: v["kind"] == "oaxaca" and v["by_group"],
    "Hur det som återstår fördelas på egenskaper ändras med vilken kategori som utelämnas.",
    "How what remains is spread over characteristics changes with the category left out.",
)
_PERSONS = [
    Predicate(
        "parts.few",
        lambda v: min(v["n_of"], v["n_minus"]) < FEW,
        "Uppdelningen vilar på {n_of:count} och {n_minus:count} personer: färre än 50 i en grupp.",
        "The split rests on {n_of:count} and {n_minus:count} persons: fewer than 50 in a group.",
    ),
    Predicate(
        "parts.persons",
        lambda v: min(v["n_of"], v["n_minus"]) >= FEW,
        "Uppdelningen vilar på {n_of:count} och {n_minus:count} personer.",
        "The split rests on {n_of:count} and {n_minus:count} persons.",
    ),
]
_ROUNDED = Predicate(
    "parts.rounded",
    lambda v: v["shown_sum"] != v["shown_total"],
    "Talen är avrundade var för sig.",
    "The figures are rounded one by one.",
)
_ALT = [
    Predicate(
        "parts.alt",
        lambda v: v["unit"] == "pp",
        "Liggande stapeldiagram: {measure:noun}, {of_sv} {of_level:rate} och {minus_sv} "
        "{minus_level:rate}, skillnad {total:spp}, och vad den räknemässigt består av.",
        "Bar chart: {measure:noun}, {of_en} {of_level:rate} and {minus_en} {minus_level:rate}, "
        "difference {total:spp}, and what it arithmetically consists of.",
    ),
    Predicate(
        "parts.alt.persons",
        lambda v: v["unit"] == "persons",
        f"Liggande stapeldiagram: {_COUNTED}, {{minus_level:count}} {{minus_sv}} och "
        "{of_level:count} {of_sv}, {total:fewer}, och vad det räknemässigt består av.",
        f"Bar chart: {_COUNTED}, {{minus_level:count}} {{minus_en}} and {{of_level:count}} "
        "{of_en}, {total:fewer}, and what that arithmetically consists of.",
    ),
]
_LINES = [
    Predicate(
        "parts.line",
        lambda v: v["unit"] == "pp",
        "{name_sv}: {value:spp}.",
        "{name_en}: {value:spp}.",
    ),
    Predicate(
        "parts.line.persons",
        lambda v: v["unit"] == "persons",
        "{name_sv}: {value:fewer}.",
        "{name_en}: {value:fewer}.",
    ),
]
_LABELS = [
    Predicate(
        "parts.label.more",
        lambda v: written(v, "value") > 0,
        "+{value:number|{decimals}}",
        "+{value:number|{decimals}}",
    ),
    Predicate(
        "parts.label",
        lambda v: written(v, "value") <= 0,
        "{value:number|{decimals}}",
        "{value:number|{decimals}}",
    ),
]

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_SUBTITLE,
        *_FOCUS,
        *_REST,
        _NO_CAUSE,
        _TOGETHER,
        _LEFT_OUT,
        *_PERSONS,
        _ROUNDED,
        *_ALT,
        *_LINES,
        *_LABELS,
    )
}


@dataclass(frozen=True)
class DecompositionText:
    """What is written on a chart of a decomposition.

    Attributes
    ----------
    title, subtitle, alt
        The parts of the chart.
    lines
        What the parts are, a sentence each.
    notes, optional, source
        Paragraphs below: those that must stand there, those that need not, and the source line.
    facts
        Numbers that the texts name beside the parts: levels, the rest, persons.
    """

    title: Text
    subtitle: Text
    alt: Text
    lines: tuple[Text, ...]
    notes: tuple[Text, ...]
    optional: tuple[Text, ...]
    source: Text
    facts: Mapping[str, float]


def decomposition_text(
    found: Parts,
    *,
    measure: str,
    population: str,
    names: Mapping[str, str],
    sources: Sequence[Source] = (),
    breaks: Sequence[Break] = (),
    organisation: str = "",
    lang: Language = "sv",
) -> DecompositionText:
    """Return everything that is written on a chart of a decomposition.

    Parameters
    ----------
    found
        The decomposition as parts.
    measure
        Id of the measure, or for a shift-share the name of the count.
    population
        The column that tells the two populations apart.
    names
        Words for codes that the package does not know, in the language of the chart.
    sources
        Where the figures come from.
    breaks
        Breaks between the two populations, where these are periods.
    organisation
        Who publishes the chart.
    lang
        Language.

    Raises
    ------
    SchemaError
        When the place, the period or the age is not known.
    """
    values = _values(found, measure, population, names)
    focus, rest = first_true(_FOCUS, values), first_true(_REST, values)
    assert focus is not None  # the parts add up
    assert rest is not None
    parts = [
        Claim(line, {"unit": values["unit"], "value": one.value, **both("name", name)})
        for one, name in named_parts(found, names)
        for line in _LINES[: 1 if values["unit"] == "pp" else 2][-1:]
    ]
    must = [[focus, rest, Claim(_NO_CAUSE, values)]]
    must += [all_true(_PERSONS, values)] if found.persons else []
    must += [break_claims(breaks)] if breaks else []
    may = [all_true([one], values) for one in (_ROUNDED, _TOGETHER, _LEFT_OUT)]
    dataset = "" if sources else found.keys["dataset"]
    return DecompositionText(
        title=decomposition_title(values, lang=lang),
        subtitle=Text.of(*all_true(_SUBTITLE, values), lang=lang),
        alt=Text.of(*all_true(_ALT, values), focus, rest, lang=lang),
        lines=(Text.of(focus, rest, lang=lang), *(Text.of(one, lang=lang) for one in parts)),
        notes=tuple(Text.of(*claims, lang=lang) for claims in must),
        optional=tuple(Text.of(*claims, lang=lang) for claims in may if claims),
        source=source_line(sources, organisation=organisation, dataset=dataset, lang=lang),
        facts={
            name: float(one)
            for name, one in values.items()
            if isinstance(one, float) and math.isfinite(one)
        },
    )


def part_label(value: float, unit: str) -> Claim:
    """Return the claim that writes a part with its sign."""
    claim = first_true(_LABELS, {"unit": unit, "value": value, "decimals": decimals_of(unit)})
    assert claim is not None  # above zero or not
    return claim


def _values(
    found: Parts, measure: str, population: str, names: Mapping[str, str]
) -> dict[str, Value]:
    unit = unit_of(found)
    keys = {**found.keys}
    needed = [one for one in ("dataset", "place", "period", "age") if one != population]
    lacking = [one for one in needed if one not in keys]
    if lacking:
        raise SchemaError(
            f"The decomposition does not say its {', '.join(lacking)}: give "
            f'keys={{"{lacking[0]}": …}}; it holds: {", ".join(keys) or "nothing"}.'
        )
    # What the two differ in is not what they have in common.
    keys.pop(population, None)
    group = phrases.group_code(keys.get("birth_region", "total"), keys.get("sex", "total"))
    focus = found.focus
    name = effect_name(found, focus.effect, names)
    differing = (f"olika {name[0]}", f"different {name[1]}")
    equal = (f"lika {name[0]}", f"equal {name[1]}")
    by = [column_name(one, names) for one in found.by if one != "variable"]
    shown = [numbers.rounded(one.value, decimals_of(unit)) for one in found.effects]
    values: dict[str, Value] = {
        "kind": found.kind,
        "unit": unit,
        "measure": measure,
        "group": group,
        "by_group": bool(found.groups),
        "names_group": group != "total:total",
        "age": keys["age"],
        **both("of", code_name(population, found.of, names)),
        **both("minus", code_name(population, found.minus, names)),
        "of_level": found.of_level,
        "minus_level": found.minus_level,
        "total": found.total,
        "total_size": abs(found.total),
        "focus": focus.value,
        "focus_size": abs(focus.value),
        "rest": found.rest,
        **both("differing", differing),
        **both("equal", equal),
        "by_sv": phrases.listed([sv for sv, _ in by], "sv"),
        "by_en": phrases.listed([en for _, en in by], "en"),
        "shown_sum": str(sum(shown)),
        "shown_total": str(numbers.rounded(found.total, decimals_of(unit))),
    }
    values |= {one: keys[one] for one in ("place", "period") if one in keys}
    if found.persons:
        values |= dict(zip(("n_of", "n_minus"), found.persons, strict=True))
    return values
