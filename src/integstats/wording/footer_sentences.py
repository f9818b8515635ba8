"""What stands below a chart: sources, processing, who decided, what is assumed, what is lacking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from integstats import __version__, catalogue
from integstats.catalogue import Break, Language, Source
from integstats.targets.assumptions import Assumption
from integstats.targets.target import Target
from integstats.targets.track import Track
from integstats.wording.claims import Claim, Predicate, Text, Value, first_true
from integstats.wording.track_values import bodies

Values = Mapping[str, Any]

_TABLE = {
    "sv": "Källa: {publisher}, {register_sv}, tabell {table}, uppdaterad {updated:date}",
    "en": "Source: {publisher}, {register_en}, table {table}, updated {updated:date}",
}
_SOURCES = [
    Predicate(
        "source.carried_over",
        lambda v: v.get("obtained") == "carried over" and bool(v["note_sv"]),
        f"{_TABLE['sv']}, {{note_sv}}.",
        f"{_TABLE['en']}, {{note_en}}.",
    ),
    Predicate(
        "source.fetched",
        lambda v: v.get("obtained") == "fetched" and "fetched" in v,
        f"{_TABLE['sv']}, hämtad {{fetched:date}}.",
        f"{_TABLE['en']}, fetched {{fetched:date}}.",
    ),
    Predicate(
        "source.stored",
        lambda v: "table" in v,
        f"{_TABLE['sv']}.",
        f"{_TABLE['en']}.",
    ),
]
_OWN = [
    Predicate(
        "source.invented",
        lambda v: "synthetic" in v["dataset"],
        "Påhittade tal, utan källa.",
        "Invented figures, without a source.",
    ),
    Predicate(
        "source.own",
        lambda v: v["dataset"].startswith("own-"),
        "Källa: egna uppgifter ({dataset}).",
        "Source: own figures ({dataset}).",
    ),
]
_IS_PRELIMINARY = Predicate(
    "source.preliminary",
    lambda v: v["preliminary"],
    "Preliminära uppgifter.",
    "Preliminary figures.",
)
_PROCESSING = [
    Predicate(
        "processing.organisation",
        lambda v: bool(v["organisation"]),
        "Bearbetning: {organisation} med integstats {version}.",
        "Processed by {organisation} with integstats {version}.",
    ),
    Predicate(
        "processing.package",
        lambda v: not v["organisation"],
        "Bearbetning: integstats {version}.",
        "Processed with integstats {version}.",
    ),
]
_DECISION = [
    Predicate(
        "decision.none",
        lambda v: not v["decided"] and bool(v["bodies"]),
        "Räkneexempel. Målet är inte beslutat av {bodies:bodies}.",
        "Illustrative example. The target has not been decided by {bodies:bodies}.",
    ),
    Predicate(
        "decision.none_nobody_known",
        lambda v: not v["decided"] and not v["bodies"],
        "Räkneexempel. Målet är inte beslutat.",
        "Illustrative example. The target has not been decided.",
    ),
    Predicate(
        "decision.taken_url",
        lambda v: v["decided"] and bool(v["url"]),
        "Målet är beslutat av {decided_by} {decided_on} ({url}).",
        "The target was decided by {decided_by} {decided_on} ({url}).",
    ),
    Predicate(
        "decision.taken",
        lambda v: v["decided"] and not v["url"],
        "Målet är beslutat av {decided_by} {decided_on}.",
        "The target was decided by {decided_by} {decided_on}.",
    ),
]
_ASSUMPTION = Predicate(
    "assumption",
    lambda v: bool(v["field"]),
    "Antagande om {field:field}: {value:assumed|{field}}. {reason_sv}",
    "Assumption on {field:field}: {value:assumed|{field}}. {reason_en}",
)
_ASSUMED = Predicate(
    "assumptions",
    lambda v: bool(v["assumed"]),
    "Antaget, eftersom målet inte anger det: {assumed:assumptions}.",
    "Assumed, as the target does not say: {assumed:assumptions}.",
)
_PARTIAL = Predicate(
    "members.partial",
    lambda v: 0 < v["present"] < v["total"] and len(v["absent"]) == v["total"] - v["present"],
    "{present:count} av {total:count} medlemmar ingår i {place:place}; {absent:places} saknas.",
    "{present:count} of {total:count} members are in {place:place}; {absent:places} missing.",
)
_BREAK = Predicate(
    "break.note",
    lambda v: bool(v["text_sv"]),
    "Att känna till: {text_sv}",
    "To be aware of: {text_en}",
)
_BLOCKING = Predicate(
    "break.blocks",
    lambda v: bool(v["text_sv"]),
    "Tidsseriebrottet: {text_sv}",
    "The break: {text_en}",
)
_CONCEPT = Predicate(
    "concept.abroad",
    lambda v: bool(v["abroad"]) and bool(v["text_sv"]),
    "{abroad:places}: {measure:measureunit}. {text_sv}",
    "{abroad:places}: {measure:measureunit}. {text_en}",
)

PREDICATES: Mapping[str, Predicate] = {
    one.id: one
    for one in (
        *_SOURCES,
        *_OWN,
        _IS_PRELIMINARY,
        *_PROCESSING,
        *_DECISION,
        _ASSUMPTION,
        _ASSUMED,
        _PARTIAL,
        _BREAK,
        _BLOCKING,
        _CONCEPT,
    )
}


def source_line(
    sources: Sequence[Source],
    *,
    preliminary: bool | None = None,
    organisation: str = "",
    dataset: str = "",
    version: str = __version__,
    lang: Language = "sv",
) -> Text:
    """Return the source line: sources, whether preliminary, and who processed them.

    Parameters
    ----------
    sources
        Where the figures come from; "hämtad" is only said of what was fetched.
    preliminary
        Whether figures shown are preliminary; when left out, whether a source's are.
    organisation
        Who publishes the chart.
    dataset
        Id of the user's own figures, where there are no sources.
    version
        Of this package.
    lang
        Language.
    """
    claims = [_source(one) for one in sources]
    if not sources and dataset:
        own = first_true(_OWN, {"dataset": dataset})
        claims += [] if own is None else [own]
    if preliminary is None:
        preliminary = any(one.dataset.status == "preliminary" for one in sources)
    if preliminary:
        claims.append(Claim(_IS_PRELIMINARY, {"preliminary": True}))
    made = {"organisation": organisation, "version": version}
    processing = first_true(_PROCESSING, made)
    return Text.of(*claims, *([] if processing is None else [processing]), lang=lang)


def track_footer(
    track: Track, *, organisation: str = "", lang: Language = "sv"
) -> tuple[Text, ...]:
    """Return what stands below a chart of a track, a paragraph each.

    Who decided (or that nobody has), what is lacking, what is assumed, breaks to know of, and
    last the source line.
    """
    decision, *assumed, line = target_footer(
        track.target,
        track.sources,
        preliminary=bool(track.preliminary_periods),
        organisation=organisation,
        lang=lang,
    )
    partial = partial_claims(track.place, track.missing_members, track.target.members)
    breaks = [*_breaks(track.verdict.blocked_by, _BLOCKING), *_breaks(track.notes, _BREAK)]
    lacking, known = (
        [Text.of(*claims, lang=lang)] if claims else [] for claims in (partial, breaks)
    )
    return (decision, *lacking, *assumed, *known, line)


def target_footer(
    target: Target,
    sources: Sequence[Source],
    *,
    preliminary: bool | None = None,
    organisation: str = "",
    lang: Language = "sv",
) -> tuple[Text, ...]:
    """Return what stands below any chart of a target, a paragraph each.

    Who decided (or that nobody has), what is assumed, and last the source line; the parameters
    are those of `source_line`.
    """
    own = "" if target.dataset in catalogue.datasets() else target.dataset
    line = source_line(
        sources, preliminary=preliminary, organisation=organisation, dataset=own, lang=lang
    )
    paragraphs = ([_decision(target)], _assumed(target))
    return (*(Text.of(*claims, lang=lang) for claims in paragraphs if claims), line)


def assumption_lines(track: Track, *, lang: Language = "sv") -> tuple[Text, ...]:
    """Return what the target leaves open, how it was filled and why, a line each."""
    return tuple(assumption_text(one, lang=lang) for one in track.assumptions)


def assumption_text(one: Assumption, *, lang: Language = "sv") -> Text:
    """Return one field that a target leaves open, how it was filled and why."""
    slots: dict[str, Value] = {
        "field": one.field,
        "value": one.value,
        "reason_sv": one.reason_sv,
        "reason_en": one.reason_en,
    }
    return Text.of(Claim(_ASSUMPTION, slots), lang=lang)


def partial_claims(place: str, missing: Sequence[str], members: Sequence[str]) -> list[Claim]:
    """Return the claim that a group is incomplete, if it is."""
    if not missing:
        return []
    slots: dict[str, Value] = {
        "place": place,
        "present": len(members) - len(missing),
        "total": len(members),
        "absent": tuple(missing),
    }
    return [Claim(_PARTIAL, slots)]


def break_claims(notes: Sequence[Break]) -> list[Claim]:
    """Return what breaks inside the figures must be known; those that block come first."""
    blocks, noted = (
        [one for one in notes if one.effect == effect] for effect in ("blocks", "notes")
    )
    return [*_breaks(blocks, _BLOCKING), *_breaks(noted, _BREAK)]


def concept_claims(places: Sequence[str]) -> list[Claim]:
    """Return what figures of places abroad count that Swedish ones do not; none of Swedish places.

    These are the catalogue's notes on datasets abroad that have held since their first period: a
    difference of concept, not a break in time.

    Parameters
    ----------
    places
        Keys of all places shown.
    """
    known = catalogue.places_abroad()
    found = []
    for one in catalogue.datasets().values():
        abroad = tuple(key for key in places if key in known and known[key].kind in one.places)
        if not abroad:
            continue
        [measure, *_] = one.measures
        found += [
            Claim(
                _CONCEPT,
                {
                    "abroad": abroad,
                    "measure": measure,
                    "break": note.id,
                    "text_sv": note.text_sv,
                    "text_en": note.text_en,
                },
            )
            for note in catalogue.breaks_for(
                dataset=one.id,
                measure=measure,
                age=one.default_age,
                place=abroad[0],
                effect="notes",
            )
            if note.first_period[: len(one.first_period)] <= one.first_period
        ]
    return found


def _breaks(breaks: Sequence[Break], predicate: Predicate) -> list[Claim]:
    return [
        Claim(predicate, {"break": one.id, "text_sv": one.text_sv, "text_en": one.text_en})
        for one in breaks
    ]


def _source(source: Source) -> Claim:
    dataset = source.dataset
    slots: dict[str, Value] = {
        "publisher": dataset.publisher.name,
        "register_sv": dataset.register_sv,
        "register_en": dataset.register_en,
        "table": dataset.table_id,
        "updated": source.updated,
        "obtained": source.obtained,
        "note_sv": source.note_sv,
        "note_en": source.note_en,
    }
    if source.fetched_at:
        slots["fetched"] = source.fetched_at
    claim = first_true(_SOURCES, slots)
    assert claim is not None  # the last of them holds for every source
    return claim


def _decision(target: Target) -> Claim:
    slots: dict[str, Value] = {
        "decided": target.decided,
        "bodies": bodies(target),
        "decided_by": target.decided_by,
        "decided_on": target.decided_on,
        "url": target.url,
    }
    claim = first_true(_DECISION, slots)
    assert claim is not None  # decided or not, with or without an address
    return claim


def _assumed(target: Target) -> list[Claim]:
    found = tuple(f"{one.field}={one.value}" for one in target.assumptions)
    return [Claim(_ASSUMED, {"assumed": found})] if found else []
