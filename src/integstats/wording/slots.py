"""How the slots of a template are written: the formats, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from integstats import catalogue
from integstats.catalogue import Language
from integstats.errors import UnknownCodeError, did_you_mean
from integstats.wording import numbers, phrases, quantities, terms

Writer = Callable[..., str]


def _verbatim(value: object, lang: Language) -> str:
    return str(value)


def _count(value: float, lang: Language) -> str:
    return numbers.count(value, lang=lang)


def _size(value: float, lang: Language) -> str:
    return numbers.count(abs(value), lang=lang)


def _number(value: float, lang: Language, decimals: str = "1") -> str:
    return numbers.number(value, decimals=int(decimals), lang=lang)


def _rate(value: float, lang: Language, decimals: str = "1") -> str:
    return numbers.percent_words(value, decimals=int(decimals), lang=lang)


def _pct(value: float, lang: Language, decimals: str = "1") -> str:
    return numbers.percent(value, decimals=int(decimals), lang=lang)


def _bare(value: float, lang: Language, decimals: str = "1") -> str:
    return numbers.per_cent(value, decimals=int(decimals), lang=lang)


def _point_size(value: float, lang: Language, decimals: str = "1") -> str:
    return numbers.points(abs(value), decimals=int(decimals), lang=lang)


def _figure(value: float, lang: Language, unit: str, decimals: str) -> str:
    return quantities.figure(value, unit, int(decimals), lang)


def _level(value: float, lang: Language, unit: str, decimals: str) -> str:
    return quantities.level(value, unit, int(decimals), lang)


def _shown(value: float, lang: Language, unit: str, decimals: str) -> str:
    return quantities.level(value, unit, int(decimals), lang, sign=True)


def _reach(value: float, lang: Language, unit: str, decimals: str) -> str:
    return quantities.reached(value, unit, int(decimals), lang)


def _interval(value: float, lang: Language, high: str, unit: str, decimals: str) -> str:
    shown = numbers.percent_interval if unit == "share" else numbers.interval
    return shown(value, float(high), decimals=int(decimals), lang=lang)


def _comparative(value: float, lang: Language) -> str:
    return quantities.comparative(value, lang)


def _change(value: float, lang: Language, unit: str, decimals: str) -> str:
    return quantities.difference(abs(value), unit, int(decimals), lang)


def _change_figure(value: float, lang: Language, unit: str, decimals: str) -> str:
    shown = "percent" if unit == "share" else unit
    scaled = float(numbers.exact(abs(value)).scaleb(2)) if shown == "percent" else abs(value)
    return numbers.number(scaled, decimals=int(decimals), lang=lang)


def _period(value: str, lang: Language) -> str:
    return numbers.period(value, lang=lang)


def _periods(value: str, lang: Language, last: str) -> str:
    return numbers.periods(value, last, lang=lang)


def _date(value: str, lang: Language) -> str:
    return numbers.date(value)


def _counted(value: str, lang: Language, measure: str) -> str:
    return phrases.counted(measure, value, lang)


def _by_sex(group: str) -> str:
    """The group by sex alone, for use where the text has named it in full."""
    sex = group.partition(":")[2]
    return group if sex == "total" else f"total:{sex}"


def _subject(value: str, lang: Language, unit: str, measure: str, versus: str = "") -> str:
    return phrases.subject(value, unit, measure, versus, lang)


def _between(value: str, lang: Language, versus: str) -> str:
    return phrases.between(value, versus, lang)


def _than(value: str, lang: Language, versus: str) -> str:
    return phrases.than(value, versus, lang)


def _minus(value: str, lang: Language, versus: str, measure: str) -> str:
    return phrases.minus(value, versus, measure, lang)


def _more_or_fewer(value: float, lang: Language, measure: str, group: str, better: str) -> str:
    return quantities.more_or_fewer(value, measure, _by_sex(group), better, lang)


def _net(value: float, lang: Language, measure: str) -> str:
    return quantities.net_change(value, measure, lang)


def _assumed(value: str, lang: Language, field: str) -> str:
    return phrases.assumed(value, field, lang)


def _assumptions(value: tuple[str, ...], lang: Language) -> str:
    pairs = (one.partition("=") for one in value)
    words = (
        f"{terms.pick(terms.FIELDS, field, lang)} ({phrases.assumed(chosen, field, lang)})"
        for field, _, chosen in pairs
    )
    return ", ".join(words)


def _signed_points(value: float, lang: Language, decimals: str = "1") -> str:
    return numbers.points(value, decimals=int(decimals), signed=True, lang=lang)


def _signed_pct(value: float, lang: Language, decimals: str = "1") -> str:
    return numbers.percent(value, decimals=int(decimals), signed=True, lang=lang)


def _definite(value: str, lang: Language, unit: str = "share") -> str:
    return phrases.definite(value, unit, lang)


def _unchanged(value: str, lang: Language, unit: str) -> str:
    return phrases.unchanged(value, unit, lang)


def _measure_word(word: str) -> Writer:
    def written(value: str, lang: Language) -> str:
        return catalogue.measure(value).words(lang)[word]

    return written


def _word_of(words: terms.Words) -> Writer:
    def written(value: str, lang: Language) -> str:
        return terms.pick(words, value, lang)

    return written


def _abbreviation(value: str, lang: Language) -> str:
    """The abbreviation that a name ends with, or else the name."""
    found = re.fullmatch(r"[^,]*\(([A-ZÅÄÖ]+)\)", value)
    return found[1] if found else value


def _listed(value: tuple[str, ...], lang: Language) -> str:
    return phrases.listed(list(value), lang)


def _fields(value: tuple[str, ...], lang: Language) -> str:
    return phrases.listed([terms.pick(terms.FIELDS, one, lang) for one in value], lang)


def _bodies(value: tuple[str, ...], lang: Language) -> str:
    """Public bodies, those that have a word in each language by it."""
    known = terms.BODIES
    return phrases.listed(
        [terms.pick(known, one, lang) if one in known else one for one in value], lang
    )


def _born(value: tuple[str, ...], lang: Language) -> str:
    """Both regions of birth, and the sexes shown."""
    both = terms.pick(terms.BIRTH_TOTAL, "total", lang)
    if value == ("total",):
        return both if lang == "sv" else f"{both} people"
    return f"{both} {phrases.listed([terms.pick(terms.TERMS, one, lang) for one in value], lang)}"


def _place_list(value: tuple[str, ...], lang: Language) -> str:
    return phrases.listed([catalogue.place_label(one, lang) for one in value], lang)


FORMATS: Mapping[str, Writer] = MappingProxyType(
    {
        "text": _verbatim,
        "count": _count,
        "size": _size,
        "number": _number,
        "rate": _rate,
        "pct": _pct,
        "bare": _bare,
        "ppsize": _point_size,
        "about": quantities.about,
        "figure": _figure,
        "level": _level,
        "shown": _shown,
        "reach": _reach,
        "interval": _interval,
        "change": _change,
        "changefigure": _change_figure,
        "period": _period,
        "periods": _periods,
        "when": phrases.when,
        "date": _date,
        "age": phrases.age,
        "who": phrases.who,
        "between": _between,
        "minus": _minus,
        "than": _than,
        "persons": quantities.persons,
        "net": _net,
        "fewer": _comparative,
        "assumed": _assumed,
        "assumptions": _assumptions,
        "spp": _signed_points,
        "spct": _signed_pct,
        "moreorfewer": _more_or_fewer,
        "counted": _counted,
        "subject": _subject,
        "definite": _definite,
        "gapdefinite": phrases.gap_definite,
        "noun": phrases.noun,
        "countedword": phrases.counted_word,
        "unchanged": _unchanged,
        "measureunit": _measure_word("unit"),
        "base": _measure_word("base"),
        "unchangedbase": _measure_word("unchanged_base"),
        "definition": _measure_word("definition"),
        "trap": _measure_word("trap"),
        "place": phrases.place_name,
        "in": phrases.in_place,
        "reading": _word_of(terms.READINGS),
        "verdict": _word_of(terms.VERDICTS),
        "field": _word_of(terms.FIELDS),
        "fields": _fields,
        "kind": _word_of(terms.KINDS),
        "listed": _listed,
        "bodies": _bodies,
        "abbreviation": _abbreviation,
        "born": _born,
        "places": _place_list,
    }
)
"""Every format: called with the value, the language and the arguments after its name."""


def write(value: Any, spec: str, lang: Language = "sv") -> str:
    """Return the text of one slot.

    Parameters
    ----------
    value
        What the slot holds.
    spec
        Name of a format and its arguments, with bars between: ``rate``, ``level|share|1``.
    lang
        Language.

    Raises
    ------
    UnknownCodeError
        When there is no such format.

    Examples
    --------
    >>> write(0.13, "rate"), write(21.3, "level|pp|1"), write("1280", "in")
    ('13,0 procent', '21,3 procentenheter', 'i Malmö')
    """
    name, *arguments = spec.split("|")
    if name not in FORMATS:
        raise UnknownCodeError(
            f"Unknown format of a slot: {name!r}.{did_you_mean(name, FORMATS)} "
            f"Known: {', '.join(FORMATS)}."
        )
    return FORMATS[name](value, lang, *arguments)
