"""All that is written on a table of targets: its cells, and the texts around them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integstats import catalogue
from integstats.catalogue import Language, Source
from integstats.errors import UsageError
from integstats.targets.track import Track
from integstats.targets.verdict import Status
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true, first_true
from integstats.wording.footer_sentences import concept_claims, source_line, track_footer
from integstats.wording.reading_sentences import by_chance
from integstats.wording.target_table_cells import (
    cells,
    common_fields,
    decision,
    few_words,
    headers,
)
from integstats.wording.target_table_titles import AS_PLANNED, WORSE, table_title
from integstats.wording.titles import track_title
from integstats.wording.track_values import track_values
from integstats.wording.verdict_sentences import PREDICATES as VERDICT_PREDICATES

Values = Mapping[str, Any]

TESTED: tuple[Status, ...] = (
    *("worse", "no_certain_change", "ahead", "not_distinct", "behind", "far_behind"),
)
"""Verdicts that rest on whether a change is certain."""
MANY = 20
"""From this many judged targets on, what chance alone would show is said."""
LONGEST_ALT = 600

_SUBJECT = "{group:subject|{unit}|{measure}|{versus}}"
_BOTH = "{measure:measureunit}, {group:between|{versus}} {age:age}."
_EXAMPLES_BELOW = Predicate(
    "table.examples",
    lambda v: v["examples"] > 0,
    "Räkneexempel: mål som ingen har beslutat",
    "Illustrative examples: targets that nobody has decided",
)

_SUBTITLE = [
    Predicate(
        "table.subtitle.share",
        lambda v: v["unit"] == "share",
        "{measure:measureunit}, {group:who} {age:age}.",
        "{measure:measureunit}, {group:who} {age:age}.",
    ),
    Predicate(
        "table.subtitle.gap",
        lambda v: v["unit"] == "pp",
        f"Skillnad i procentenheter, {{group:minus|{{versus}}|{{measure}}}}. {_BOTH}",
        f"Difference in percentage points, {{group:minus|{{versus}}|{{measure}}}}. {_BOTH}",
    ),
    Predicate(
        "table.subtitle.ratio",
        lambda v: v["unit"] == "ratio",
        f"Kvot, {{group:who}} delat med {{versus:who}}. {_BOTH}",
        f"Ratio, {{group:who}} divided by {{versus:who}}. {_BOTH}",
    ),
    Predicate(
        "table.subtitle.persons",
        lambda v: v["unit"] == "persons",
        "Antal {measure:countedword}, {group:who} {age:age}.",
        "Number of {measure:countedword}, {group:who} {age:age}.",
    ),
    Predicate(
        "table.subtitle.ages",
        lambda v: not v["unit"] and len(v["ages"]) > 0,
        "Grupp och mått står på varje rad ({ages:listed} år).",
        "Each row has its own group and measure (aged {ages:listed}).",
    ),
    Predicate(
        "table.subtitle.reading",
        lambda v: bool(v.get("reading")),
        "{reading:reading}.",
        "{reading:reading}.",
    ),
    Predicate(
        "table.subtitle.when",
        lambda v: v["first_baseline"] <= v["last_baseline"],
        "Utgångsläge {first_baseline:periods|{last_baseline}}, måldatum "
        "{first_deadline:periods|{last_deadline}}, senaste värde "
        "{first_period:periods|{last_period}}.",
        "Baseline {first_baseline:periods|{last_baseline}}, deadline "
        "{first_deadline:periods|{last_deadline}}, latest value "
        "{first_period:periods|{last_period}}.",
    ),
    Predicate(
        "table.subtitle.examples",
        lambda v: v["decided"] and v["examples"] > 0,
        "Därtill {examples:count} räkneexempel, sist.",
        "And {examples:count} illustrative examples, last.",
    ),
]
_HOW_COUNTED = Predicate(
    "table.how_counted",
    lambda v: v["decided"] and v["total"] > 1,
    "Enligt plan eller bättre: uppnått, förbi målnivån, på eller före målbanan. Sämre: uppnåddes "
    "inte, efter målbanan, åt fel håll. Övriga går inte att avgöra.",
    "As planned or better: met, beyond the target level, on or ahead of the path. Worse: not met, "
    "behind the path, in the wrong direction. The others cannot be told.",
)
_HOW_READ = Predicate(
    "table.how_read",
    lambda v: v["total"] > 0 or v["examples"] > 0,
    "Inom parentes: osäkerhetsintervall (95\u00a0%). Andel: av det som målbanan förutsätter "
    "hittills. Personer: netto, om nämnaren är oförändrad.",
    "In brackets: uncertainty intervals (95%). Share: of what the path requires so far. Persons: "
    "net, if the denominator is unchanged.",
)
_DECISIONS = [
    Predicate(
        "table.decisions_url",
        lambda v: v["decided"] and v["total"] > 1 and bool(v.get("url")),
        "Målen är beslutade av {decided_by} {decided_on} ({url}).",
        "The targets were decided by {decided_by} {decided_on} ({url}).",
    ),
    Predicate(
        "table.decisions",
        lambda v: v["decided"] and v["total"] > 1 and v.get("url") == "",
        "Målen är beslutade av {decided_by} {decided_on}.",
        "The targets were decided by {decided_by} {decided_on}.",
    ),
]
_UNDECIDED = Predicate(
    "table.undecided",
    lambda v: not v["decided"] and v["total"] > 1,
    "Räkneexempel. Målen är inte beslutade.",
    "Illustrative example. The targets have not been decided.",
)
_ALT = Predicate(
    "table.alt",
    lambda v: v["rows"] > 0,
    "Tabell över {rows:count} mål med utgångsläge, målnivå, senaste värde och bedömning.",
    "Table of {rows:count} targets with baseline, target level, latest value and verdict.",
)
_ALT_ROWS = [
    Predicate(
        "table.alt.row",
        lambda v: all(name in v for name in ("baseline", "goal", "latest")),
        f"{{place:place}}: {_SUBJECT} var {{latest:level|{{unit}}|{{decimals}}}} {{period:when}}; "
        "utgångsläget {baseline:figure|{unit}|{decimals}}, målet "
        "{goal:level|{unit}|{decimals}} {deadline:when}.",
        f"{{place:place}}: {_SUBJECT} was {{latest:level|{{unit}}|{{decimals}}}} {{period:when}}; "
        "baseline {baseline:figure|{unit}|{decimals}}, target {goal:level|{unit}|{decimals}} "
        "{deadline:when}.",
    ),
    Predicate(
        "table.alt.row_hidden",
        lambda v: any(name not in v for name in ("baseline", "goal", "latest")),
        f"{{place:place}}: {_SUBJECT}, en uppgift visas inte eller saknas.",
        f"{{place:place}}: {_SUBJECT}, a figure is not shown or missing.",
    ),
]

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        _EXAMPLES_BELOW,
        *_SUBTITLE,
        _HOW_COUNTED,
        _HOW_READ,
        *_DECISIONS,
        _UNDECIDED,
        _ALT,
        *_ALT_ROWS,
    )
}


@dataclass(frozen=True)
class TargetTableText:
    """What is written on a table of targets.

    Attributes
    ----------
    title, subtitle, alt
        The parts of the chart.
    headers
        What stands above the columns: place, verdict, baseline and goal, latest, share, persons.
    rows
        The cells of each target: the paragraphs of each column; decided targets first, in the
        order of `order`.
    order
        Positions of the tracks as they were given.
    examples
        What stands above the räkneexempel where decided targets stand before them; else empty.
    first_example
        How many rows stand before the räkneexempel.
    lines
        A sentence and a verdict for each target.
    notes, optional, source
        Paragraphs below: those that must stand there, those that need not, and the source line.
    facts
        The counts that the texts name.
    """

    title: Text
    subtitle: Text
    alt: Text
    headers: tuple[Text, ...]
    rows: tuple[tuple[tuple[Text, ...], ...], ...]
    order: tuple[int, ...]
    examples: Text
    first_example: int
    lines: tuple[Text, ...]
    notes: tuple[Text, ...]
    optional: tuple[Text, ...]
    source: Text
    facts: Mapping[str, float]


def target_table_text(
    tracks: Sequence[Track], *, organisation: str = "", lang: Language = "sv"
) -> TargetTableText:
    """Return everything that is written on a table of targets.

    Parameters
    ----------
    tracks
        One for each row.
    organisation
        Who publishes it.
    lang
        Language.

    Raises
    ------
    UsageError
        When there is no track.
    """
    if not tracks:
        raise UsageError("A table of targets needs at least one track; got none.")
    order = sorted(range(len(tracks)), key=lambda at: not tracks[at].target.decided)
    rows = [tracks[at] for at in order]
    slots = [track_values(one) for one in rows]
    counted = [one for one in rows if one.target.decided]
    values = _values(rows, slots)
    mixed = 0 < len(counted) < len(rows)
    common = common_fields(rows)
    notes, optional = _footer(rows, values, lang)
    tested = sum(one.verdict.status in TESTED for one in rows)
    chance = by_chance(tested if tested >= MANY else 0, lang=lang)
    shown = [*rows[:1], *rows[1:][-1:]]
    return TargetTableText(
        title=track_title(rows[0], lang=lang) if len(rows) == 1 else table_title(values, lang=lang),
        subtitle=Text.of(*all_true(_SUBTITLE, values), lang=lang),
        alt=_alt(shown, values, lang),
        headers=headers(rows, common, lang),
        rows=tuple(
            cells(one, held, common, mixed=mixed, lang=lang)
            for one, held in zip(rows, slots, strict=True)
        ),
        order=tuple(order),
        examples=Text.of(*all_true([_EXAMPLES_BELOW], values) if mixed else (), lang=lang),
        first_example=len(counted),
        lines=tuple(_line(one, lang) for one in rows),
        notes=(*notes, *([chance] if chance else [])),
        optional=optional,
        source=_source(rows, organisation, lang),
        facts=_facts(values, chance),
    )


def _values(rows: Sequence[Track], slots: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    """The slots of the texts around the table."""
    decided = [one for one in rows if one.target.decided]
    counted = decided or list(rows)
    status = [one.verdict.status for one in counted]
    common = common_fields(rows)
    good = sum(one in AS_PLANNED for one in status)
    bad = sum(one in WORSE for one in status)
    values: dict[str, Value] = {
        "decided": bool(decided),
        "rows": len(rows),
        "total": len(counted),
        "good": good,
        "bad": bad,
        "unclear": len(counted) - good - bad,
        "examples": len(rows) - len(decided),
        "unit": "",
        "kind": _kind(rows),
        "ages": tuple(dict.fromkeys(one.target.age.replace("-", "–") for one in rows)),
    }
    periods = {
        "baseline": [one.target.baseline_period for one in rows],
        "deadline": [one.target.deadline_period for one in rows],
        "period": [one.latest.period for one in rows],
    }
    for name, found in periods.items():
        found = sorted(found, key=lambda one: one.start_time)
        values |= {f"first_{name}": str(found[0]), f"last_{name}": str(found[-1])}
    if "whom" in common:
        names = ("group", "measure", "unit", "versus", "age")
        values |= {name: slots[0][name] for name in names}
        known = [float(one["latest"]) for one in slots if "latest" in one]  # type: ignore[arg-type]
        if known:
            decimals = max(int(one["decimals"]) for one in slots)  # type: ignore[arg-type]
            values |= {"least": min(known), "most": max(known), "decimals": decimals}
    if "reading" in common:
        values["reading"] = rows[0].target.reading
    if "decision" in common:
        who = ("decided_by", "decided_on", "url")
        values |= dict(zip(who, decision(decided[0].target), strict=True))
    return values


def _kind(rows: Sequence[Track]) -> str:
    known = catalogue.places()
    kinds = {known[one.place].kind if one.place in known else "mixed" for one in rows}
    return kinds.pop() if kinds <= {"municipality"} or kinds <= {"county"} else "mixed"


def _line(track: Track, lang: Language) -> Text:
    values = track_values(track)
    row = first_true(_ALT_ROWS, values)
    lead = "lead.verdict" if track.target.decided else "lead.illustrative"
    assert row is not None  # a figure is missing or not
    return Text.of(row, Claim(VERDICT_PREDICATES[lead], values), few_words(values), lang=lang)


def _alt(shown: Sequence[Track], values: Mapping[str, Value], lang: Language) -> Text:
    """The counts, the first row and, where it fits, the last."""
    found = Text.of(Claim(_ALT, values), lang=lang)
    for one in shown:
        longer = Text.joined([found, _line(one, lang)], lang=lang)
        if len(longer.text) > LONGEST_ALT:
            break
        found = longer
    return found


def _footer(
    rows: Sequence[Track], values: Mapping[str, Value], lang: Language
) -> tuple[list[Text], tuple[Text, ...]]:
    """Paragraphs that must stand below the table, and those that need not; each once."""
    must: dict[str, Text] = {}
    may: dict[str, Text] = {}
    for track in rows:
        for text in track_footer(track, lang=lang)[:-1]:
            kind = text.claims[0].predicate.id
            if kind.startswith("decision.") and len(rows) > 1:
                continue
            is_needed = kind.startswith(("decision.", "members.", "break.blocks"))
            (must if is_needed else may)[text.text] = text
    abroad = concept_claims([one.place for one in rows])
    who = [*all_true(_DECISIONS, values), *all_true([_UNDECIDED], values)][:1]
    own = [Text.of(*claims, lang=lang) for claims in (who, abroad) if claims]
    read = Text.of(Claim(_HOW_READ, values), lang=lang)
    counted = [Text.of(claim, lang=lang) for claim in all_true([_HOW_COUNTED], values)]
    return [*own, *must.values(), read], (*counted, *may.values())


def _source(rows: Sequence[Track], organisation: str, lang: Language) -> Text:
    """The source line of all rows; own and invented figures are named too."""
    sources: list[Source] = []
    for track in rows:
        sources += [one for one in track.sources if one not in sources]
    own = [one.target.dataset for one in rows if one.target.dataset not in catalogue.datasets()]
    line = source_line(
        sources,
        preliminary=any(one.preliminary_periods for one in rows),
        organisation=organisation,
        lang=lang,
    )
    named = [
        claim
        for dataset in dict.fromkeys(own)
        for claim in source_line((), dataset=dataset, lang=lang).claims
        if claim.predicate.id.startswith("source.")
    ]
    return Text.of(*named, *line.claims, lang=lang)


def _facts(values: Mapping[str, Value], chance: Text) -> dict[str, float]:
    found = {
        name: float(one)
        for name, one in values.items()
        if isinstance(one, (int, float)) and not isinstance(one, bool)
    }
    found |= {slot.rpartition(".")[2]: one for slot, one in chance.numbers()}
    return {name: one for name, one in found.items() if math.isfinite(one)}
