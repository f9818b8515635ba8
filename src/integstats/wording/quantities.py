"""Quantities in words: levels with their unit, differences, and numbers of persons."""

from __future__ import annotations

from integstats.catalogue import Language
from integstats.wording import numbers
from integstats.wording.phrases import counted, counted_word
from integstats.wording.terms import Words, pick

_COMPARATIVES: Words = {"down": ("färre", "fewer"), "up": ("fler", "more")}


def about(value: float, lang: Language = "sv") -> str:
    """Return a number of persons as it is said with ``ca``: two digits, tens below 1 000.

    Examples
    --------
    >>> [about(one, "en") for one in (37_812, 2_149, 148, 42)]
    ['38,000', '2,100', '150', '42']
    """
    if value < 100:
        return numbers.count(value, lang=lang)
    step = 10 ** (max(len(str(int(value))), 3) - 2)
    return numbers.count(float(numbers.rounded(value / step)) * step, lang=lang)


def figure(value: float, unit: str, decimals: int, lang: Language = "sv") -> str:
    """Return a value in the unit of a subject as a bare number; shares as per cent."""
    if unit == "share":
        return numbers.per_cent(value, decimals=decimals, lang=lang)
    return numbers.number(value, decimals=decimals, lang=lang)


def level(
    value: float, unit: str, decimals: int, lang: Language = "sv", *, sign: bool = False
) -> str:
    """Return a value with its unit: 13,0 procent; with `sign` as charts write it: 13,0 %.

    Examples
    --------
    >>> level(0.13, "share", 1), level(21.3, "pp", 1), level(1.8, "ratio", 2)
    ('13,0 procent', '21,3 procentenheter', '1,80')
    """
    if unit == "share":
        show = numbers.percent if sign else numbers.percent_words
        return show(value, decimals=decimals, lang=lang)
    if unit == "pp":
        return numbers.points(value, decimals=decimals, lang=lang)
    return figure(value, unit, decimals, lang)


def reached(value: float, unit: str, decimals: int, lang: Language = "sv") -> str:
    """Return a target's level as what is to be reached: 9,2 %, en skillnad på 8,0 procentenheter.

    Examples
    --------
    >>> reached(8, "pp", 1), reached(0.9, "ratio", 2)
    ('en skillnad på 8,0 procentenheter', 'kvoten 0,90')
    """
    shown = level(value, unit, decimals, lang, sign=True)
    before: Words = {"pp": ("en skillnad på ", "a gap of "), "ratio": ("kvoten ", "the ratio ")}
    return pick(before, unit, lang) + shown if unit in before else shown


def difference(value: float, unit: str, decimals: int, lang: Language = "sv") -> str:
    """Return the size of a change in the unit of a subject; a share changes by points."""
    if unit == "share":
        change = float(numbers.exact(value).scaleb(2))
        return numbers.points(change, decimals=decimals, lang=lang)
    return level(value, unit, decimals, lang)


def more_or_fewer(
    value: float, measure: str, group: str, better: str, lang: Language = "sv"
) -> str:
    """Return how many more or fewer persons: 83 färre arbetslösa kvinnor.

    Parameters
    ----------
    value
        How many.
    measure, group
        Which persons; `counted`.
    better
        ``down`` for fewer, ``up`` for more.
    lang
        Language.

    Examples
    --------
    >>> more_or_fewer(83, "unemployment_rate", "total:women", "down")
    '83 färre arbetslösa kvinnor'
    >>> more_or_fewer(1, "employment_rate", "total:men", "up")
    'en person fler bland sysselsatta män'
    """
    persons = counted(measure, group, lang)
    if value == 1:
        single: Words = {
            "down": ("en person färre bland", "one person fewer among"),
            "up": ("en person fler bland", "one person more among"),
        }
        return f"{pick(single, better, lang)} {persons}"
    return f"{numbers.count(value, lang=lang)} {pick(_COMPARATIVES, better, lang)} {persons}"


def persons(value: float, lang: Language = "sv") -> str:
    """Return a number of persons with the word: 1 person, 12 personer."""
    word = {"sv": ("person", "personer"), "en": ("person", "persons")}[lang][value != 1]
    return f"{numbers.count(value, lang=lang)} {word}"


def comparative(value: float, lang: Language = "sv") -> str:
    """Return a net change of persons without naming them: 12 färre.

    Examples
    --------
    >>> comparative(-12.2), comparative(0.4)
    ('12 färre', 'samma antal')
    """
    whole = numbers.rounded(value)
    if whole == 0:
        return "samma antal" if lang == "sv" else "the same number"
    better = "up" if whole > 0 else "down"
    return f"{numbers.count(float(abs(whole)), lang=lang)} {pick(_COMPARATIVES, better, lang)}"


def net_change(value: float, measure: str, lang: Language = "sv") -> str:
    """Return a net change of persons: 120 färre arbetslösa.

    Examples
    --------
    >>> net_change(-120.4, "unemployment_rate"), net_change(0.2, "employment_rate", "en")
    ('120 färre arbetslösa', 'as many employed')
    """
    whole = numbers.rounded(value)
    if whole == 0:
        return f"{'lika många' if lang == 'sv' else 'as many'} {counted_word(measure, lang)}"
    better = "up" if whole > 0 else "down"
    return more_or_fewer(float(abs(whole)), measure, "total:total", better, lang)
