"""The same said in fewer words, for pictures with too little room.

A picture needs who measured what and how sure it is; the whole sentence stands in the files
beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from integstats.wording import (
    base_rate_sentences,
    dumbbell_sentences,
    footer_sentences,
    gap_sentences,
    outlook_sentences,
    target_sentences,
)
from integstats.wording.claims import Claim, Predicate, Text

_TABLE = {
    "sv": "Källa: {publisher}, {register_sv:abbreviation}, tabell {table}, "
    "uppdaterad {updated:date}",
    "en": "Source: {publisher}, {register_en:abbreviation}, table {table}, updated {updated:date}",
}
_CHANCE = {"sv": "Skuggat: slumpvariation (95\u00a0%)", "en": "Shaded: chance variation (95%)"}
_WORDS: Mapping[str, tuple[str, str]] = {
    "source.carried_over": (f"{_TABLE['sv']}; {{note_sv}}.", f"{_TABLE['en']}; {{note_en}}."),
    "source.fetched": (
        f"{_TABLE['sv']}, hämtad {{fetched:date}}.",
        f"{_TABLE['en']}, fetched {{fetched:date}}.",
    ),
    "source.stored": (f"{_TABLE['sv']}.", f"{_TABLE['en']}."),
    "concept.abroad": (
        "{abroad:places}: {measure:measureunit}. Inte samma grupp som utrikes födda i Sverige.",
        "{abroad:places}: {measure:measureunit}. Not the same group as the foreign-born in Sweden.",
    ),
    "subtitle.shaded": (
        f"{_CHANCE['sv']}, ca {{n:about}} personer.",
        f"{_CHANCE['en']}, about {{n:about}} persons.",
    ),
    "subtitle.shaded_gap": (
        f"{_CHANCE['sv']}, ca {{n:about}} {{group:who}} och {{versus_n:about}} {{versus:who}}.",
        f"{_CHANCE['en']}, about {{n:about}} {{group:who}} and {{versus_n:about}} {{versus:who}}.",
    ),
    "subtitle.shaded_count": (f"{_CHANCE['sv']}.", f"{_CHANCE['en']}."),
    "gap.subtitle.shaded_two": (
        f"{_CHANCE['sv']}, ca {{n_women:about}} utrikes födda kvinnor och {{n_men:about}} män.",
        f"{_CHANCE['en']}, about {{n_women:about}} foreign-born women and {{n_men:about}} men.",
    ),
    "gap.subtitle.shaded": (
        f"{_CHANCE['sv']}, ca {{n:about}} {{group:who}}.",
        f"{_CHANCE['en']}, about {{n:about}} {{group:who}}.",
    ),
    "places.subtitle.difference_two": (
        "Skillnad i procentenheter, {all:minus|{all_versus}|{measure}}; osäkerhetsintervall "
        "(95\u00a0%), minst ca {fewest_women:about} utrikes födda kvinnor och {fewest_men:about} "
        "män.",
        "Difference in percentage points, {all:minus|{all_versus}|{measure}}; uncertainty "
        "intervals (95%), at least about {fewest_women:about} foreign-born women and "
        "{fewest_men:about} men.",
    ),
    "places.subtitle.difference": (
        "Skillnad i procentenheter, {group:minus|{versus}|{measure}}; osäkerhetsintervall "
        "(95\u00a0%), minst ca {fewest:about} {group:who}.",
        "Difference in percentage points, {group:minus|{versus}|{measure}}; uncertainty "
        "intervals (95%), at least about {fewest:about} {group:who}.",
    ),
    "base_rate.subtitle.others": (
        "Förändring på {months:count} månader. Staplar: alla {areas:count} områden, "
        "{windows_all:count} perioder. Linje: {place:place}, {windows:count} perioder. "
        "Perioderna överlappar.",
        "Change over {months:count} months. Bars: all {areas:count} areas, {windows_all:count} "
        "periods. Line: {place:place}, {windows:count} periods. The periods overlap.",
    ),
    "outlook.subtitle.both": (
        "Prognos till {deadline:period}. Skuggat: intervall för 80\u00a0% (mörkare) och, där "
        "det finns, 95\u00a0%, efter {errors:count} fel lika långt fram.",
        "Forecast to {deadline:period}. Shaded: intervals for 80% (darker) and, where there is "
        "one, 95%, from {errors:count} errors as far ahead.",
    ),
    "outlook.subtitle.narrow": (
        "Prognos till {deadline:period}. Skuggat: intervall för 80\u00a0%, efter {errors:count} "
        "fel lika långt fram.",
        "Forecast to {deadline:period}. Shaded: interval for 80%, from {errors:count} errors as "
        "far ahead.",
    ),
}
_WHOLE = dict(
    chain.from_iterable(
        one.PREDICATES.items()
        for one in (
            base_rate_sentences,
            dumbbell_sentences,
            footer_sentences,
            gap_sentences,
            outlook_sentences,
            target_sentences,
        )
    )
)

_BRIEF: Mapping[str, Predicate] = {
    name: Predicate(f"{name}.brief", _WHOLE[name].test, sv, en) for name, (sv, en) in _WORDS.items()
}

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in _BRIEF.values()}


def in_brief(text: Text) -> Text:
    """Return a text with the short form of every claim that has one.

    Examples
    --------
    >>> from integstats import catalogue
    >>> from integstats.wording.footer_sentences import source_line
    >>> line = source_line(catalogue.sources_of([("scb-bas-month", "2026-08-28.00000000")]))
    >>> in_brief(line).text.partition(". ")[0]
    'Källa: SCB, BAS, tabell TAB6260, uppdaterad 2026-08-28'
    """
    claims = (Claim(_BRIEF.get(one.predicate.id, one.predicate), one.values) for one in text.claims)
    return Text.of(*claims, lang=text.lang)
