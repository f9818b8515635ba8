"""All that is written on a funnel chart: who stands out by more than chance, and how many would."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from integstats.catalogue import Language, Source
from integstats.errors import SchemaError
from integstats.table import require
from integstats.wording import numbers
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true
from integstats.wording.footer_sentences import source_line
from integstats.wording.funnel_titles import funnel_title, is_excess
from integstats.wording.gap_sentences import GapText
from integstats.wording.phrases import group_code
from integstats.wording.place_notes import place_notes, place_values
from integstats.wording.terms import Words

REQUIRED = ("place", "period", "sex", "birth_region", "age", "rate", "side", "outside")
LISTED = 30
"""More places than this are not listed in the long description."""
AXES: Words = {
    "log": ("{group} {base}, logaritmisk skala", "{group} {base}, logarithmic scale"),
    "linear": ("{group} {base}", "{group} {base}"),
}
SERIES: Words = {
    "outside": ("Utanför gränserna", "Outside the limits"),
    "within": ("Innanför gränserna", "Within the limits"),
    "pooled": ("Alla tillsammans", "All together"),
    "given": ("Jämförelse", "Compared with"),
}
Values = Mapping[str, Any]


_SUBTITLE = [
    Predicate(
        "funnel.subtitle.what",
        lambda v: v["total"] > 0,
        "{measure:measureunit}, {group:who} {age:age}, {total:count} {kind:kind}, {period:period}.",
        "{measure:measureunit}, {group:who} {age:age}, {total:count} {kind:kind}, {period:period}.",
    ),
    Predicate(
        "funnel.subtitle.limits",
        lambda v: not v["widened"],
        "Linjer: hur långt från mitten slumpen brukar föra ett område.",
        "Lines: how far from the centre chance usually takes an area.",
    ),
    Predicate(
        "funnel.subtitle.widened",
        lambda v: v["widened"],
        "Linjer: hur långt från mitten områden brukar ligga (vidgade gränser).",
        "Lines: how far from the centre areas usually lie (widened limits).",
    ),
]
_COUNTED = {
    "sv": "Utanför gränserna för {level:rate|{level_decimals}}: {count:count} av {total:count} "
    "{kind:kind}, av en slump",
    "en": "Outside the limits for {level:rate|{level_decimals}}: {count:count} of {total:count} "
    "{kind:kind}, by chance",
}
_CHANCE = [
    Predicate(
        "funnel.chance",
        lambda v: v["expected"] >= 0.5 and v["count"] <= v["total"],
        f"{_COUNTED['sv']} ungefär {{expected:number|0}}.",
        f"{_COUNTED['en']} about {{expected:number|0}}.",
    ),
    Predicate(
        "funnel.chance.hardly",
        lambda v: v["expected"] < 0.5 and v["count"] <= v["total"],
        f"{_COUNTED['sv']} färre än 1.",
        f"{_COUNTED['en']} fewer than 1.",
    ),
]
_TIMES = {
    "sv": "(överspridning, {phi:number|1} gånger slumpens varians)",
    "en": "(overdispersion, {phi:number|1} times the variance of chance)",
}
_DISPERSION = [
    Predicate(
        "funnel.excess",
        lambda v: is_excess(v) and not v["widened"],
        f"Skillnaderna är större än slumpen ger {_TIMES['sv']} och kan bero på vilka som bor där.",
        f"The differences are larger than chance gives {_TIMES['en']} and may be due to who lives "
        "there.",
    ),
    Predicate(
        "funnel.widened",
        lambda v: v["widened"] and v["phi"] > 1,
        f"Gränserna är vidgade, eftersom skillnaderna är större än slumpen ger {_TIMES['sv']}.",
        f"The limits are widened, as the differences are larger than chance gives {_TIMES['en']}.",
    ),
]
_NAMES = Predicate(
    "funnel.names",
    lambda v: v["marked"] > v["at_most"],
    "Namn står vid de områden utanför gränserna där de får plats; alla finns i tabellen.",
    "Names stand at the areas outside the limits where there is room; all are in the table.",
)
_RANGE = Predicate(
    "funnel.range",
    lambda v: v["low_rate"] <= v["high_rate"],
    "Värdena går från {low_rate:rate} i {low_place:place} (ca {low_n:about} personer) till "
    "{high_rate:rate} i {high_place:place} (ca {high_n:about}).",
    "The figures run from {low_rate:rate} in {low_place:place} (about {low_n:about} persons) to "
    "{high_rate:rate} in {high_place:place} (about {high_n:about}).",
)
_CENTRE = [
    Predicate(
        "funnel.centre.pooled",
        lambda v: v["pooled"],
        "Mittlinjen är alla områden tillsammans, {centre:rate}.",
        "The centre line is all areas together, {centre:rate}.",
    ),
    Predicate(
        "funnel.centre.given",
        lambda v: not v["pooled"],
        "Mittlinjen är den nivå som valts att jämföra med, {centre:rate}.",
        "The centre line is the level chosen to compare with, {centre:rate}.",
    ),
]


def _lies(side: str) -> Callable[[Values], bool]:
    return lambda v: v.get("side") == side and (v["outside"] > 0) == (side != "within")


def _is_listed(side: str) -> Callable[[Values], bool]:
    return lambda v: 0 < len(v[f"places_{side}"]) == v[side] <= LISTED


_HAS = {
    "sv": "{place:place} har {own:rate} av ca {own_n:about} personer och ligger",
    "en": "{place:place} has {own:rate} of about {own_n:about} persons and lies",
}
_PLACE = [
    *(
        Predicate(
            f"funnel.place.{side}",
            _lies(side),
            f"{_HAS['sv']} {sv} gränsen för {{outside:rate|{{outside_decimals}}}}.",
            f"{_HAS['en']} {en} the limit for {{outside:rate|{{outside_decimals}}}}.",
        )
        for side, sv, en in (("below", "under", "below"), ("above", "över", "above"))
    ),
    Predicate(
        "funnel.place.within",
        _lies("within"),
        f"{_HAS['sv']} innanför gränserna.",
        f"{_HAS['en']} within the limits.",
    ),
]
_LISTS = [
    Predicate(
        f"funnel.list.{side}",
        _is_listed(side),
        f"{sv} de yttersta gränserna ligger {{places_{side}:places}}.",
        f"{en} the outermost limits lie {{places_{side}:places}}.",
    )
    for side, sv, en in (("above", "Över", "Above"), ("below", "Under", "Below"))
]
_ALT = Predicate(
    "funnel.alt",
    lambda v: v["total"] > 0,
    "Trattdiagram: {group:subject|share|{measure}} i {total:count} {kind:kind} mot antalet "
    "personer, {period:period}.",
    "Funnel plot: {group:subject|share|{measure}} in {total:count} {kind:kind} against the number "
    "of persons, {period:period}.",
)
_LABELS = {
    one.id: one
    for one in (
        Predicate(
            "funnel.label.level",
            lambda v: 0 < v["level"] < 1,
            "{level:pct|{level_decimals}}",
            "{level:pct|{level_decimals}}",
        ),
        Predicate(
            "funnel.label.pooled",
            lambda v: v["pooled"],
            "Alla tillsammans\n{centre:pct|1}",
            "All together\n{centre:pct|1}",
        ),
        Predicate(
            "funnel.label.given",
            lambda v: not v["pooled"],
            "Jämförelse\n{centre:pct|1}",
            "Compared with\n{centre:pct|1}",
        ),
    )
}

PREDICATES: Mapping[str, Predicate] = {
    **{
        one.id: one
        for one in (
            *_SUBTITLE,
            *_CHANCE,
            *_DISPERSION,
            _NAMES,
            _RANGE,
            *_CENTRE,
            *_PLACE,
            *_LISTS,
            _ALT,
        )
    },
    **_LABELS,
}


@dataclass(frozen=True)
class Lines:
    """The lines of a funnel.

    Attributes
    ----------
    centre, pooled
        The rate held against, and whether it is that of all places together.
    levels
        Confidence of each pair of limits.
    phi, widened
        Mean squared z of the places, missing where it cannot be estimated; whether the limits are
        widened for it.
    """

    centre: float
    pooled: bool
    levels: tuple[float, ...]
    phi: float
    widened: bool


def level_claim(level: float) -> Claim:
    """Return the claim that names the limits of a confidence: 99,8 %."""
    return Claim(_LABELS["funnel.label.level"], _level_values(level))


def centre_claim(lines: Lines) -> Claim:
    """Return the claim that names the centre line."""
    name = "pooled" if lines.pooled else "given"
    values = {"centre": lines.centre, "pooled": lines.pooled}
    return Claim(_LABELS[f"funnel.label.{name}"], values)


def funnel_values(
    table: pd.DataFrame,
    measure: str,
    *,
    denominator: str,
    lines: Lines,
    named: int,
    highlight: str | None = None,
) -> dict[str, Value]:
    """Return the slots of the sentences, which are all the numbers that the chart speaks of.

    Parameters
    ----------
    table
        The `table` of what `integstats.funnel` returned: one row per place, one group.
    measure
        Id of the measure.
    denominator
        Column with the persons.
    lines
        What the lines are.
    named
        How many names the picture has room for.
    highlight
        Key of the place that the title is about.

    Raises
    ------
    SchemaError
        When a column is missing, or there are several periods, ages, sexes or birth regions.
    """
    require(table, [*REQUIRED, denominator], what="The text of a funnel chart")
    for key in ("period", "age", "sex", "birth_region"):
        found = sorted({str(one) for one in table[key].unique()})
        if len(found) != 1:
            raise SchemaError(
                f"The text of a funnel chart needs one {key}; got {len(found)}: "
                f"{', '.join(found[:5]) or 'no rows'}. Select one first."
            )
    known = table["rate"].notna().to_numpy()
    shown = table[known].sort_values("rate", kind="stable")
    outer = max(lines.levels)
    beyond = shown[(shown["outside"] == outer).to_numpy()]
    sides = {side: beyond[(beyond["side"] == side).to_numpy()] for side in ("above", "below")}
    persons = table[denominator].to_numpy(dtype=float)
    sex, birth = (str(table[key].iloc[0]) for key in ("sex", "birth_region"))
    values: dict[str, Value] = {
        "group": group_code(birth, sex),
        "measure": measure,
        "age": str(table["age"].iloc[0]),
        "period": str(table["period"].iloc[0]),
        "total": len(shown),
        "centre": lines.centre,
        "pooled": lines.pooled,
        "outer": outer,
        "widened": lines.widened,
        "out": len(beyond),
        "out_limit": int(stats.binom.ppf(0.95, len(shown), 1 - outer)),
        "marked": int((shown["outside"] > 0).sum()),
        "at_most": named,
        **{side: len(rows) for side, rows in sides.items()},
        **{f"places_{side}": tuple(map(str, rows["place"])) for side, rows in sides.items()},
        **place_values(table["place"], known=known, persons=persons),
    }
    if np.isfinite(lines.phi):
        limit = float(stats.chi2.ppf(0.95, len(shown)) / len(shown))
        values |= {"phi": lines.phi, "phi_limit": limit}
    for name, row in (("low", shown.iloc[0]), ("high", shown.iloc[-1])):
        values |= {
            f"{name}_place": str(row["place"]),
            f"{name}_rate": float(row["rate"]),
            f"{name}_n": float(row[denominator]),
        }
    chosen = shown[(shown["place"] == highlight).to_numpy()]
    if len(chosen):
        row = chosen.iloc[0]
        values |= {
            "place": str(row["place"]),
            "own": float(row["rate"]),
            "own_n": float(row[denominator]),
            "side": str(row["side"]),
            "outside": float(row["outside"]),
            "outside_decimals": numbers.tick_decimals([float(row["outside"])], "percent"),
        }
    return values


def level_counts(table: pd.DataFrame, levels: Sequence[float]) -> list[dict[str, Value]]:
    """Return for each confidence how many places lie outside its limits, and would by chance."""
    shown = table[table["rate"].notna().to_numpy()]
    return [
        {
            **_level_values(level),
            "count": int((shown["outside"] >= level).sum()),
            "expected": (1 - level) * len(shown),
        }
        for level in sorted(levels)
    ]


def _level_values(level: float) -> dict[str, Value]:
    return {"level": level, "level_decimals": numbers.tick_decimals([level], "percent")}


def funnel_text(
    table: pd.DataFrame,
    values: Mapping[str, Value],
    *,
    lines: Lines,
    sources: Sequence[Source] = (),
    organisation: str = "",
    lang: Language = "sv",
) -> GapText:
    """Return everything that is written on a funnel chart.

    Parameters
    ----------
    table
        As given to `funnel_values`.
    values
        What `funnel_values` returned.
    lines
        What the lines are.
    sources
        Where the figures come from; the user's own, or invented, when empty.
    organisation
        Who publishes the chart.
    lang
        Language.

    Returns
    -------
    GapText
        Of its `footer` the first is how many lie outside and would by chance, the source line
        the last.
    """
    chance = [
        claim
        for one in level_counts(table, lines.levels)
        for claim in all_true(_CHANCE, {**values, **one})
    ]
    about = place_notes(values, lang=lang)
    spread, names = all_true(_DISPERSION, values), all_true([_NAMES], values)
    line = source_line(
        sources,
        organisation=organisation,
        dataset="" if sources else str(table["dataset"].iloc[0]),
        lang=lang,
    )
    said = all_true((_RANGE, *_CENTRE, *_PLACE, *_LISTS), values)
    notes = [Text.of(*one, lang=lang) for one in (chance, spread, names) if one]
    return GapText(
        title=funnel_title(values, lang=lang),
        subtitle=Text.of(*all_true(_SUBTITLE, values), lang=lang),
        alt=Text.of(*all_true((_ALT, _RANGE, *_CENTRE, *_PLACE), values), chance[-1], lang=lang),
        lines=(*(Text.of(one, lang=lang) for one in (*said, *chance, *spread)), *about),
        footer=(*notes, *about, line),
    )
