"""The grammar that joins the words: groups, persons, measures, places, levels.

A group of people is written as one code, ``<birth_region>:<sex>``, as ``foreign_born:women``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from integstats import catalogue
from integstats.catalogue import Language
from integstats.wording import numbers
from integstats.wording.terms import (
    BIRTH_TOTAL,
    BORN,
    COMPARATORS,
    COUNTS,
    NOUNS,
    PATHS,
    READINGS,
    SEXES,
    TERMS,
    Words,
    pick,
)


@dataclass(frozen=True)
class Subject:
    """What a sentence is about: a measure of a group in a place, as rate, gap, ratio or count.

    Parameters
    ----------
    group
        Code of the group, as ``foreign_born:women``.
    measure
        Id of the measure, or the name of a count.
    unit
        ``share``, ``pp`` (a gap), ``ratio``, ``persons`` or ``rank``.
    place
        Value of the column `place`.
    versus
        Code of the group a gap or ratio is measured to; empty otherwise.
    """

    group: str
    measure: str
    unit: str
    place: str
    versus: str = ""

    def values(self) -> dict[str, str]:
        """Return the slots that the templates of a subject use."""
        return {
            "group": self.group,
            "measure": self.measure,
            "unit": self.unit,
            "place": self.place,
            "versus": self.versus,
        }


def group_code(birth_region: str, sex: str) -> str:
    """Return the code of a group of people: ``foreign_born:women``."""
    return f"{birth_region}:{sex}"


def comparator_code(comparator: str, sex: str) -> str:
    """Return the code of the group that a comparator stands for."""
    sexes = {"same_sex": sex, "all_natives": "total", "native_men": "men"}
    return group_code("native_born", sexes[comparator])


def who(group: str, lang: Language = "sv") -> str:
    """Return a group of people in words.

    Examples
    --------
    >>> who("foreign_born:women"), who("native_born:total"), who("total:men")
    ('utrikes födda kvinnor', 'inrikes födda', 'män')
    >>> who("foreign_born:total", "en"), who("total:total", "en")
    ('foreign-born people', 'the population')
    """
    birth, _, sex = group.partition(":")
    noun = "" if sex == "total" else pick(TERMS, sex, lang)
    if birth == "total":
        return noun or ("befolkningen" if lang == "sv" else "the population")
    born = pick(TERMS, birth, lang) if birth in TERMS else birth
    if lang == "en":
        return f"{born} {noun or 'people'}"
    return f"{born} {noun}".strip()


def between(group: str, versus: str, lang: Language = "sv") -> str:
    """Return two groups that are compared.

    Examples
    --------
    >>> between("foreign_born:women", "native_born:women")
    'utrikes och inrikes födda kvinnor'
    >>> between("foreign_born:women", "native_born:total")
    'utrikes födda kvinnor och samtliga inrikes födda'
    """
    birth, _, sex = group.partition(":")
    other, _, other_sex = versus.partition(":")
    joint = "och" if lang == "sv" else "and"
    if sex == other_sex and birth in BORN and other in BORN:
        return f"{pick(BORN, birth, lang)} {joint} {who(versus, lang)}"
    every = {"sv": "samtliga ", "en": "all "}[lang] if other_sex == "total" != sex else ""
    return f"{who(group, lang)} {joint} {every}{who(versus, lang)}"


def than(group: str, versus: str, lang: Language = "sv") -> str:
    """Return whom a group is held against, its sex only where it is another.

    Examples
    --------
    >>> than("foreign_born:women", "native_born:women")
    'inrikes födda'
    >>> than("foreign_born:women", "native_born:men")
    'inrikes födda män'
    """
    birth, _, sex = versus.partition(":")
    same = sex == group.partition(":")[2] and birth in TERMS
    return pick(TERMS, birth, lang) if same else who(versus, lang)


def counted(measure: str, group: str, lang: Language = "sv") -> str:
    """Return the persons of a numerator: arbetslösa utrikes födda kvinnor.

    Parameters
    ----------
    measure
        Id of a measure, or the name of a count.
    group
        Code of the group; ``total:total`` gives the bare word.
    lang
        Language.

    Examples
    --------
    >>> counted("unemployment_rate", "foreign_born:women"), counted("employed", "total:total")
    ('arbetslösa utrikes födda kvinnor', 'sysselsatta')
    >>> counted("participation_rate", "foreign_born:men")
    'utrikes födda män i arbetskraften'
    """
    word = counted_word(measure, lang)
    if group == "total:total":
        return word
    persons = {"sv": "personer ", "en": "persons "}[lang]
    if word.startswith(persons):
        return f"{who(group, lang)} {word.removeprefix(persons)}"
    if word in NOUNS or not _is_known(measure):
        return f"{word} {'bland' if lang == 'sv' else 'among'} {who(group, lang)}"
    return f"{word} {who(group, lang)}"


def counted_word(measure: str, lang: Language = "sv") -> str:
    """Return the word for the persons of a numerator: arbetslösa."""
    for one in catalogue.measures().values():
        if measure in (one.id, one.numerator):
            return one.words(lang)["counted"]
    if measure in COUNTS:
        return pick(COUNTS, measure, lang)
    return measure.replace("_", " ")


def _is_known(measure: str) -> bool:
    numerators = {one.numerator for one in catalogue.measures().values()}
    return measure in catalogue.measures() or measure in numerators or measure in COUNTS


def definite(measure: str, unit: str = "share", lang: Language = "sv") -> str:
    """Return what is measured, in the definite form, without the group.

    Examples
    --------
    >>> definite("unemployment_rate"), definite("employment_rate", "pp")
    ('arbetslösheten', 'skillnaden i sysselsättningsgrad')
    """
    if unit == "persons":
        word = counted_word(measure, lang)
        return f"antalet {word}" if lang == "sv" else f"the number of {word}"
    if unit == "share":
        return catalogue.measure(measure).words(lang)["definite"]
    plain = noun(measure, lang)
    kinds: Words = {
        "pp": (f"skillnaden i {plain}", gap_definite(measure, "en")),
        "ratio": (f"kvoten i {plain}", f"the ratio in {plain}"),
        "rank": (f"placeringen i {plain}", f"the rank in {plain}"),
    }
    return pick(kinds, unit, lang)


def noun(measure: str, lang: Language = "sv") -> str:
    """Return the bare name of a measure, without its source: arbetslöshet."""
    words = catalogue.measure(measure).words(lang)
    # "gap i inskriven arbetslöshet": what the name says is too long to follow "skillnaden i".
    _, in_gap, plain = words["gap"].partition("gap i ")
    return plain if in_gap else words["name"].partition(" (")[0]


def gap_definite(measure: str, lang: Language = "sv") -> str:
    """Return the gap of a measure in the definite form: sysselsättningsgapet."""
    gap = catalogue.measure(measure).words(lang)["gap"]
    return f"the {gap}" if lang == "en" else re.sub(r"gap\b", "gapet", gap, count=1)


def subject(group: str, unit: str, measure: str, versus: str = "", lang: Language = "sv") -> str:
    """Return what is measured and of whom, in the definite form.

    Examples
    --------
    >>> subject("foreign_born:women", "share", "unemployment_rate")
    'arbetslösheten bland utrikes födda kvinnor'
    >>> subject("foreign_born:men", "pp", "employment_rate", "native_born:men")
    'skillnaden i sysselsättningsgrad mellan utrikes och inrikes födda män'
    """
    if unit == "persons":
        text = counted(measure, group, lang)
        return f"antalet {text}" if lang == "sv" else f"the number of {text}"
    what = definite(measure, unit, lang)
    if versus:
        joint = "mellan" if lang == "sv" else "between"
        return f"{what} {joint} {between(group, versus, lang)}"
    if group == "total:total":
        return f"{what} {'i befolkningen' if lang == 'sv' else 'in the population'}"
    return f"{what} {'bland' if lang == 'sv' else 'among'} {who(group, lang)}"


def unchanged(measure: str, unit: str, lang: Language = "sv") -> str:
    """Return ``i stort sett oförändrad``, agreeing with what is measured.

    Examples
    --------
    >>> unchanged("participation_rate", "share"), unchanged("unemployment_rate", "share")
    ('i stort sett oförändrat', 'i stort sett oförändrad')
    """
    if lang == "en":
        return "largely unchanged"
    head = definite(measure, unit, lang).partition(" i ")[0]
    neuter = unit == "persons" or head.endswith("t")
    return f"i stort sett oförändra{'t' if neuter else 'd'}"


def place_name(key: str, lang: Language = "sv") -> str:
    """Return the name of a place, a group, or of several pooled places (codes joined by +)."""
    names = [catalogue.place_label(one, lang) for one in key.split("+")]
    joint = " och " if lang == "sv" else " and "
    return joint.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def in_place(key: str, lang: Language = "sv") -> str:
    """Return where: i Malmö; the country is i riket.

    Examples
    --------
    >>> in_place("1280"), in_place("00"), in_place("00", "en")
    ('i Malmö', 'i riket', 'in Sweden')
    """
    if key == "00" and lang == "sv":
        return "i riket"
    return f"{'i' if lang == 'sv' else 'in'} {place_name(key, lang)}"


def listed(items: list[str], lang: Language = "sv") -> str:
    """Return a list in words: A, B och C."""
    joint = " och " if lang == "sv" else " and "
    return joint.join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def when(period: str, lang: Language = "sv") -> str:
    """Return a period as the time of something: i mars 2027, kvartal 1 2027, år 2027.

    Examples
    --------
    >>> when("2027-03"), when("2027"), when("2027Q1", "en")
    ('i mars 2027', 'år 2027', 'in Q1 2027')
    """
    text = numbers.period(period, lang=lang)
    if lang == "en":
        return f"in {text}"
    return f"i {text}" if "-" in period else text if "Q" in period else f"år {text}"


def minus(group: str, versus: str, measure: str, lang: Language = "sv") -> str:
    """Return which way round a gap is taken: inrikes minus utrikes födda.

    A gap is positive where the group is worse off.

    Examples
    --------
    >>> minus("foreign_born:women", "native_born:women", "employment_rate")
    'inrikes minus utrikes födda'
    >>> minus("foreign_born:women", "native_born:men", "unemployment_rate")
    'utrikes födda kvinnor minus inrikes födda män'
    """
    better = catalogue.measure(measure).better
    first, second = (versus, group) if better == "up" else (group, versus)
    birth, _, sex = first.partition(":")
    other, _, other_sex = second.partition(":")
    if sex == other_sex and birth in BORN and other in BORN:
        end = "total" if lang == "sv" or sex == "total" else sex
        return f"{pick(BORN, birth, lang)} minus {who(f'{other}:{end}', lang)}"
    return f"{who(first, lang)} minus {who(second, lang)}"


def assumed(value: str, field: str, lang: Language = "sv") -> str:
    """Return the value of a field of a target that its author left open, in words.

    Examples
    --------
    >>> assumed("20-64", "age"), assumed("total", "sex"), assumed("linear", "path")
    ('20–64 år', 'kvinnor och män', 'rak')
    """
    if field == "dataset" and value in catalogue.datasets():
        return catalogue.datasets()[value].name(lang)
    if field == "age":
        return age(value, lang)
    lists = {"reading": READINGS, "path": PATHS, "comparator": COMPARATORS, "sex": SEXES}
    if field == "birth_region":
        return pick(TERMS, value, lang) if value in TERMS else pick(BIRTH_TOTAL, value, lang)
    return pick(lists[field], value, lang) if field in lists else value


def age(code: str, lang: Language = "sv") -> str:
    """Return an age span: 20–64 år, aged 20–64."""
    span = numbers.span(code)
    return f"{span} år" if lang == "sv" else f"aged {span}"
