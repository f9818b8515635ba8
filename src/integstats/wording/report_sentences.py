"""What a report says between its charts: its title, persons, how sure, and what cannot be said."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from integstats import catalogue
from integstats.catalogue import Dataset, Language
from integstats.wording.claims import Claim, Predicate, Text, Value, all_true
from integstats.wording.gap_courses import gap_courses
from integstats.wording.terms import Words, pick

Values = Mapping[str, Any]

HEADINGS: Words = {
    "gap": ("Hur stor är skillnaden?", "How large is the gap?"),
    "movement": ("Hur har skillnaden förändrats?", "How has the gap moved?"),
    "target": ("Målet: är det på väg?", "The target: is it on track?"),
    "illustrative": ("Räkneexempel", "Illustrative example"),
    "statuses": ("Till arbete eller till något annat?", "Into work, or elsewhere?"),
    "peers": ("Hur ser det ut på andra håll?", "How does it compare with others?"),
    "members": ("Varje medlem för sig", "Every member by itself"),
    "certainty": ("Hur säkra är siffrorna?", "How sure are the figures?"),
    "limits": ("Vad siffrorna inte kan säga", "What the figures cannot say"),
    "sources": ("Källor", "Sources"),
}
"""Headings of sections; a heading holds no figure."""


SEVERAL: Words = {
    "target": ("Mål {at} av {of}: är det på väg?", "Target {at} of {of}: is it on track?"),
    "illustrative": ("Räkneexempel {at} av {of}", "Illustrative example {at} of {of}"),
}
"""Headings of sections of which a report has several."""


def heading(section: str, lang: Language = "sv", *, at: int = 1, of: int = 1) -> str:
    """Return the heading of a section, the first of several or a later one.

    Examples
    --------
    >>> heading("limits", "en"), heading("target", at=2, of=3)
    ('What the figures cannot say', 'Mål 2 av 3: är det på väg?')
    """
    if of > 1:
        return pick(SEVERAL, section, lang).format(at=at, of=of)
    return pick(HEADINGS, section, lang)


_TITLE = Predicate(
    "report.title",
    lambda v: bool(v["place"]) and bool(v["period"]),
    "Utrikes födda kvinnor och män på arbetsmarknaden {place:in}, {period:period}",
    "Foreign-born women and men in the labour market {place:in}, {period:period}",
)
_PERSONS = [
    Predicate(
        "report.gap.persons.up",
        lambda v: _adds_up(v) and catalogue.measure(v["measure"]).better == "up",
        "Med samma {measure:noun} som {group:than|{versus}} skulle ungefär {persons:about} fler "
        "{group:who} vara {measure:countedword}.",
        "With the same {measure:noun} as {group:than|{versus}} about {persons:about} more "
        "{group:who} would be {measure:countedword}.",
    ),
    Predicate(
        "report.gap.persons.down",
        lambda v: _adds_up(v) and catalogue.measure(v["measure"]).better == "down",
        "Med samma {measure:noun} som {group:than|{versus}} skulle ungefär {persons:about} färre "
        "{group:who} vara {measure:countedword}.",
        "With the same {measure:noun} as {group:than|{versus}} about {persons:about} fewer "
        "{group:who} would be {measure:countedword}.",
    ),
]


def _adds_up(v: Values) -> bool:
    """Whether the persons are the gap times the group, at least one, and not by chance."""
    expected = v["end"] / 100 * v["n"]
    return bool(v["low"] > 0 and math.isclose(v["persons"], expected) and v["persons"] >= 1)


_NO_BASE_RATE = Predicate(
    "report.base_rate.none",
    lambda v: v["months"] > 0,
    "Hur ofta en så stor förändring tidigare har skett på {months:count} månader går inte att "
    "säga: uppgifterna räcker inte så långt tillbaka.",
    "How often so large a change has happened in {months:count} months before cannot be said: the "
    "figures do not reach far enough back.",
)
_CERTAINTY = [
    Predicate(
        "report.certainty.interval",
        lambda v: v["n_women"] > 0 and v["n_men"] > 0,
        "Osäkerhetsintervallen (95\u00a0%) visar hur mycket en andel kan variera av en slump vid "
        "ca {n_women:about} utrikes födda kvinnor och {n_men:about} utrikes födda män "
        "{measure:base}. Uppgifterna är en totalräkning, inte ett urval.",
        "The uncertainty intervals (95%) show how much a share can vary by chance at about "
        "{n_women:about} foreign-born women and {n_men:about} foreign-born men {measure:base}. "
        "The figures are a full count, not a sample.",
    ),
    Predicate(
        "report.certainty.noise",
        lambda v: v.get("noise", 0.0) > 0,
        "SCB ändrar varje publicerat antal med ett litet slumptal, så att ingen person kan röjas "
        "(standardavvikelse {noise:number|2} personer). Summor kan därför skilja på några "
        "personer.",
        "SCB changes every published count by a small random number, so that no person can be "
        "disclosed (standard deviation {noise:number|2} persons). Sums can therefore differ by a "
        "few persons.",
    ),
    Predicate(
        "report.certainty.revised",
        lambda v: v["preliminary"] and v.get("revision", 0.0) > 0,
        "Uppgifterna är preliminära. Tidigare revideringar har ändrat andelarna med upp till "
        "ungefär {revision:ppsize}.",
        "The figures are preliminary. Earlier revisions have changed shares by up to about "
        "{revision:ppsize}.",
    ),
]
_LIMITS = [
    Predicate(
        "report.limits.causes",
        lambda v: bool(v["place"]),
        "Siffrorna visar hur stora skillnaderna är, inte varför de finns eller vad som har "
        "förändrat dem.",
        "The figures show how large the differences are, not why they exist or what has changed "
        "them.",
    ),
    Predicate(
        "report.limits.persons",
        lambda v: bool(v["place"]),
        "De visar antal vid olika tidpunkter, inte hur enskilda personer har gått mellan arbete, "
        "studier och arbetslöshet, eller flyttat till eller från området.",
        "They show counts at different times, not how individual persons have moved between work, "
        "studies and unemployment, or to and from the area.",
    ),
    Predicate(
        "report.limits.measure",
        lambda v: bool(v["measure"]),
        "{measure:definition} {measure:trap}",
        "{measure:definition} {measure:trap}",
    ),
    Predicate(
        "report.limits.sources",
        lambda v: v["dataset"].startswith("scb-bas"),
        "Arbetslösheten här är inte densamma som Arbetsförmedlingens eller den officiella "
        "arbetslösheten enligt Arbetskraftsundersökningarna (AKU). De tre mäter olika saker och "
        "kan inte jämföras med varandra.",
        "Unemployment here is not that of Arbetsförmedlingen, nor the official one of the Labour "
        "Force Survey (AKU). The three measure different things and cannot be compared.",
    ),
]

PREDICATES: Mapping[str, Predicate] = {
    one.id: one for one in (_TITLE, *_PERSONS, _NO_BASE_RATE, *_CERTAINTY, *_LIMITS)
}


def report_title(place: str, period: pd.Period, *, lang: Language = "sv") -> Text:
    """Return what a report is about: the group, the place and the latest period."""
    return Text.of(Claim(_TITLE, {"place": place, "period": str(period)}), lang=lang)


def persons_texts(gaps: pd.DataFrame, measure: str, *, lang: Language = "sv") -> tuple[Text, ...]:
    """Return how many persons the latest gap of each sex stands for.

    Parameters
    ----------
    gaps
        What `integstats.gaps` returned for one place and age.
    measure
        Id of the measure.
    lang
        Language.

    Returns
    -------
    tuple of Text
        A sentence for each sex whose gap is larger than chance usually gives.
    """
    found = []
    for course in gap_courses(gaps, measure):
        values = course.values()
        values["persons"] = float(course.end["gap_pp"]) / 100 * float(course.end["n_foreign_born"])
        found += [Text.of(one, lang=lang) for one in all_true(_PERSONS, values)]
    return tuple(found)


def no_base_rate_text(months: int, *, lang: Language = "sv") -> Text:
    """Return that the history is too short to count earlier changes over so many months in."""
    return Text.of(Claim(_NO_BASE_RATE, {"months": months}), lang=lang)


def certainty_texts(
    gaps: pd.DataFrame, measure: str, dataset: Dataset | None, *, lang: Language = "sv"
) -> tuple[Text, ...]:
    """Return how sure the figures of a place are: chance, disclosure noise, revisions.

    Parameters
    ----------
    gaps
        What `integstats.gaps` returned for one place and age.
    measure
        Id of the measure.
    dataset
        The dataset in the catalogue; None for own figures.
    lang
        Language.
    """
    latest = gaps[(gaps["period"] == gaps["period"].max()).to_numpy()]
    values: dict[str, Value] = {"measure": measure, "n_women": 0.0, "n_men": 0.0}
    for sex in ("women", "men"):
        persons = latest.loc[(latest["sex"] == sex).to_numpy(), "n_foreign_born"]
        values[f"n_{sex}"] = float(persons.iloc[0]) if len(persons) else 0.0
    values["preliminary"] = bool((latest["status"] == "preliminary").any())
    if dataset is not None:
        values |= {"noise": dataset.noise_sd, "revision": dataset.revision_pp}
    return tuple(Text.of(one, lang=lang) for one in all_true(_CERTAINTY, values))


def limits_texts(
    place: str, dataset: str, measures: tuple[str, ...], *, lang: Language = "sv"
) -> tuple[Text, ...]:
    """Return what the figures cannot say, one text for each."""
    values: dict[str, Value] = {"place": place, "dataset": dataset, "measure": ""}
    claims = all_true(_LIMITS, values)
    own = next(one for one in _LIMITS if one.id == "report.limits.measure")
    defined = [Claim(own, {"measure": one}) for one in measures]
    return tuple(Text.of(one, lang=lang) for one in (*claims, *defined))
