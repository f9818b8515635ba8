from __future__ import annotations

import pytest

from integstats import catalogue
from integstats.errors import UnknownCodeError
from integstats.wording import phrases, quantities, terms


@pytest.mark.parametrize(
    ("group", "sv", "en"),
    [
        ("foreign_born:women", "utrikes födda kvinnor", "foreign-born women"),
        ("foreign_born:men", "utrikes födda män", "foreign-born men"),
        ("foreign_born:total", "utrikes födda", "foreign-born people"),
        ("native_born:women", "inrikes födda kvinnor", "native-born women"),
        ("native_born:total", "inrikes födda", "native-born people"),
        ("total:women", "kvinnor", "women"),
        ("total:total", "befolkningen", "the population"),
    ],
)
def test_groups_of_people(group: str, sv: str, en: str) -> None:
    assert phrases.who(group) == sv
    assert phrases.who(group, "en") == en


@pytest.mark.parametrize(
    ("measure", "sv", "en"),
    [
        ("unemployment_rate", "arbetslösa utrikes födda kvinnor", "unemployed foreign-born women"),
        ("employed", "sysselsatta utrikes födda kvinnor", "employed foreign-born women"),
        (
            "participation_rate",
            "utrikes födda kvinnor i arbetskraften",
            "foreign-born women in the labour force",
        ),
        (
            "registered_unemployment_rate",
            "inskrivna arbetslösa utrikes födda kvinnor",
            "registered unemployed foreign-born women",
        ),
        (
            "matching_rate",
            "matchade anställda bland utrikes födda kvinnor",
            "matched employees among foreign-born women",
        ),
        (
            "placements",
            "placements bland utrikes födda kvinnor",
            "placements among foreign-born women",
        ),
        ("other", "övriga bland utrikes födda kvinnor", "others among foreign-born women"),
    ],
)
def test_persons_of_a_numerator(measure: str, sv: str, en: str) -> None:
    assert phrases.counted(measure, "foreign_born:women") == sv
    assert phrases.counted(measure, "foreign_born:women", "en") == en


def test_every_measure_has_a_definite_form_in_every_unit() -> None:
    for measure in catalogue.measures():
        for unit in ("share", "pp", "ratio", "persons", "rank"):
            for lang in ("sv", "en"):
                text = phrases.definite(measure, unit, lang)
                assert "(BAS)" not in text
                assert "(Arb" not in text
        assert phrases.gap_definite(measure).count("gapet") == 1
        assert phrases.gap_definite(measure, "en").startswith("the ")


def test_the_gap_is_a_difference_in_running_text() -> None:
    subject = phrases.subject("foreign_born:women", "pp", "employment_rate", "native_born:women")
    assert subject == "skillnaden i sysselsättningsgrad mellan utrikes och inrikes födda kvinnor"
    registered = phrases.subject(
        "foreign_born:men", "pp", "registered_unemployment_rate", "native_born:men"
    )
    assert registered == "skillnaden i inskriven arbetslöshet mellan utrikes och inrikes födda män"


def test_the_comparator_is_stated_when_it_is_another_sex() -> None:
    women = "foreign_born:women"
    assert phrases.between(women, phrases.comparator_code("same_sex", "women")) == (
        "utrikes och inrikes födda kvinnor"
    )
    assert phrases.between(women, phrases.comparator_code("all_natives", "women"), "en") == (
        "foreign-born women and all native-born people"
    )
    assert phrases.between(women, phrases.comparator_code("native_men", "women")) == (
        "utrikes födda kvinnor och inrikes födda män"
    )


def test_places() -> None:
    assert phrases.in_place("1280+1283+12") == "i Malmö, Helsingborg och Skåne län"
    assert phrases.place_name("00") == "Sverige"
    assert phrases.in_place("group:skane-nordost", "en") == "in Skåne Nordost"
    assert phrases.place_name("dk:461") == "Odense"
    assert phrases.place_name("xx:1") == "xx:1"


def test_the_word_list_of_the_design_is_verbatim() -> None:
    words = {
        "foreign_born": "utrikes födda", "native_born": "inrikes födda",
        "gender_gap_label": "könsskillnad", "gender_gap": "skillnad mellan kvinnor och män",
        "target": "mål", "target_path": "målbana", "deadline": "måldatum",
        "baseline": "utgångsläge", "illustrative": "räkneexempel", "break": "tidsseriebrott",
        "vintage": "SCB:s uppdatering", "preliminary": "preliminär",
        "suppressed": "uppgiften visas inte (för få personer)", "interval": "osäkerhetsintervall",
        "funnel": "trattdiagram", "dumbbell": "hanteldiagram", "peers": "jämförbara kommuner",
        "forecast": "prognos", "length_of_stay": "vistelsetid",
    }  # fmt: skip
    assert {code: terms.pick(terms.TERMS, code) for code in words} == words
    names = {one.id: one.words()["name"] for one in catalogue.measures().values()}
    assert names["employment_rate"] == "sysselsättningsgrad"
    assert names["unemployment_rate"] == "arbetslöshet (BAS)"
    assert names["participation_rate"] == "arbetskraftsdeltagande"
    gaps = {one.id: one.words()["gap"] for one in catalogue.measures().values()}
    assert gaps["employment_rate"] == "sysselsättningsgap"
    assert gaps["unemployment_rate"] == "arbetslöshetsgap"


def test_every_word_exists_in_both_languages() -> None:
    for words in (
        terms.TERMS, terms.VERDICTS, terms.READINGS, terms.PATHS, terms.COMPARATORS, terms.FIELDS,
        terms.KINDS, terms.COUNTS, terms.SEXES,
    ):  # fmt: skip
        assert all(sv and en for sv, en in words.values())
    with pytest.raises(UnknownCodeError, match="Did you mean 'behind'"):
        terms.pick(terms.VERDICTS, "behnd")


def test_persons_are_counted_in_words() -> None:
    assert quantities.persons(1) == "1 person"
    assert quantities.persons(12, "en") == "12 persons"
    assert quantities.more_or_fewer(1, "employment_rate", "total:men", "up", "en") == (
        "one person more among employed men"
    )


@pytest.mark.parametrize(
    ("value", "shown"), [(29.6, "30"), (99.4, "99"), (104, "100"), (995, "1000"), (2150, "2200")]
)
def test_about_so_many_persons_has_two_digits(value: float, shown: str) -> None:
    assert quantities.about(value).replace("\u202f", "") == shown
