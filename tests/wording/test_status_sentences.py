from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.analysis.statuses import COMPONENTS, status_changes
from integstats.errors import SchemaError
from integstats.wording.claims import Text
from integstats.wording.sentences import read_text
from integstats.wording.status_courses import (
    STATUSES,
    by_population,
    course,
    into_work,
    rate_course,
)
from integstats.wording.status_sentences import change_label, status_text

Sound = Callable[[Text | str, str], None]
START = {
    "employed": 30_000.0,
    "unemployed": 6_000.0,
    "students": 400.0,
    "retired": 100.0,
    "sick": 1_500.0,
    "other": 10_000.0,
}
MOVED = re.compile(
    r"gått till|gick till|övergått|flyttat|lämnat|kommit från|moved to|went to|left|became",
    re.IGNORECASE,
)


def made(
    *sexes: Mapping[str, float],
    start: str = "2024-06",
    end: str = "2026-06",
    place: str = "1280",
    scale: float = 1.0,
    noise: float = 0.0,
) -> pd.DataFrame:
    """Return changes by status: one mapping per sex (women, men) of the net changes."""
    rows = []
    for sex, moved in zip(("women", "men"), sexes, strict=False):
        for period, step in ((start, 0.0), (end, 1.0)):
            counts = {
                name: round(scale * count + step * moved.get(name, 0.0))
                for name, count in START.items()
            }
            rows.append(
                {
                    "dataset": "scb-bas-month",
                    "vintage": "2026-08-28.test",
                    "place": place,
                    "period": pd.Period(period, "M"),
                    "sex": sex,
                    "birth_region": "foreign_born",
                    "age": "20-64",
                    **counts,
                    "labour_force": counts["employed"] + counts["unemployed"],
                    "population": sum(counts.values()) + step * noise,
                    "status": "preliminary",
                }
            )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return status_changes(pd.DataFrame(rows), start=start, end=end)


def everything(changes: pd.DataFrame, lang: str) -> list[Text]:
    text = status_text(changes, lang=lang)
    return [
        text.title, text.subtitle, text.answer, text.alt,
        *text.lines, *text.notes, *text.more, text.footer,
    ]  # fmt: skip


def check(changes: pd.DataFrame, lang: str, sound: Sound) -> None:
    for one in everything(changes, lang):
        sound(one, lang)
        assert read_text(json.loads(json.dumps(one.to_dict()))) == one
        assert not MOVED.search(str(one)), one
    text = status_text(changes, lang=lang)
    assert text.title.words() <= 15
    assert 80 <= len(text.alt.text) <= 600
    assert {"sv": "inte hur enskilda personer", "en": "not how individual"}[lang] in (
        text.notes[0].text
    )


TITLES = {
    "into_work": (
        {"unemployed": -600, "employed": 2_000, "other": -900},
        "600 färre arbetslösa utrikes födda kvinnor i Malmö och 2\u202f000 fler sysselsatta",
    ),
    "more work, not a larger share": (
        {"unemployed": -600, "employed": 2_000, "other": 1_700},
        "600 färre arbetslösa utrikes födda kvinnor i Malmö, fler sysselsatta men ungefär samma "
        "sysselsättningsgrad",
    ),
    "more work, a smaller share": (
        {"unemployed": -600, "employed": 500, "other": 2_500},
        "600 färre arbetslösa utrikes födda kvinnor i Malmö, fler sysselsatta men lägre "
        "sysselsättningsgrad",
    ),
    "elsewhere": (
        {"unemployed": -600, "employed": -800, "students": 1_300},
        "600 färre arbetslösa utrikes födda kvinnor i Malmö, men också 800 färre sysselsatta",
    ),
    "no more work": (
        {"unemployed": -600, "other": 600},
        "600 färre arbetslösa utrikes födda kvinnor i Malmö, men ungefär lika många sysselsatta",
    ),
    "fewer people": (
        {"unemployed": -600, "employed": -3_000, "other": -400},
        "600 färre arbetslösa utrikes födda kvinnor i Malmö men ungefär samma arbetslöshet: "
        "befolkningen har minskat",
    ),
    "more people": (
        {"unemployed": 600, "employed": 3_000, "other": 400},
        "600 fler arbetslösa utrikes födda kvinnor i Malmö men ungefär samma arbetslöshet: "
        "befolkningen har vuxit",
    ),
    "rise, less work": (
        {"unemployed": 600, "employed": -700},
        "600 fler arbetslösa utrikes födda kvinnor i Malmö och 700 färre sysselsatta",
    ),
    "rise, more work": (
        {"unemployed": 900, "employed": 700, "other": -1_200},
        "900 fler arbetslösa utrikes födda kvinnor i Malmö, men också 700 fler sysselsatta",
    ),
    "steady, more work": (
        {"unemployed": -12, "employed": 1_584},
        "Ungefär lika många arbetslösa utrikes födda kvinnor i Malmö, men 1\u202f584 fler "
        "sysselsatta",
    ),
}


@pytest.mark.parametrize("name", TITLES)
def test_the_title_answers_into_work_or_elsewhere(name: str, sound: Sound) -> None:
    moved, title = TITLES[name]
    changes = made(moved)
    assert status_text(changes).title.text == title
    for lang in ("sv", "en"):
        check(changes, lang, sound)


TWO_TITLES = {
    "both into work": (
        {"unemployed": -600, "employed": 2_000},
        {"unemployed": -700, "employed": 1_500},
        "Färre arbetslösa och fler sysselsatta bland utrikes födda kvinnor och män i Malmö",
    ),
    "work for one": (
        {"unemployed": -600, "employed": 2_000},
        {"unemployed": -700, "other": 700},
        "Färre arbetslösa utrikes födda i Malmö; fler sysselsatta bland kvinnor men inte bland män",
    ),
    "elsewhere": (
        {"unemployed": -600, "other": 600},
        {"unemployed": -700, "students": 900},
        "Färre arbetslösa utrikes födda kvinnor och män i Malmö, men inte fler sysselsatta",
    ),
    "more people": (
        {"unemployed": 600, "employed": 3_000},
        {"unemployed": 700, "employed": 3_500},
        "Fler arbetslösa utrikes födda kvinnor och män, men inte högre arbetslöshet: befolkningen "
        "har vuxit",
    ),
    "rise": (
        {"unemployed": 600},
        {"unemployed": 700, "employed": -500},
        "Fler arbetslösa utrikes födda kvinnor och män i Malmö",
    ),
    "steady": (
        {"unemployed": 10},
        {"unemployed": -10},
        "Ungefär lika många arbetslösa utrikes födda kvinnor och män i Malmö",
    ),
    "one moved": (
        {"unemployed": -12},
        {"unemployed": -600},
        "600 färre arbetslösa utrikes födda män i Malmö, men ingen tydlig ändring för kvinnor",
    ),
    "opposite ways": (
        {"unemployed": -500},
        {"unemployed": 600},
        "500 färre arbetslösa utrikes födda kvinnor i Malmö, men 600 fler män",
    ),
}


@pytest.mark.parametrize("name", TWO_TITLES)
def test_the_title_of_women_and_men(name: str, sound: Sound) -> None:
    women, men, title = TWO_TITLES[name]
    changes = made(women, men)
    assert status_text(changes).title.text == title
    for lang in ("sv", "en"):
        check(changes, lang, sound)


def test_the_answer_tells_the_status_that_grew_most_where_it_was_not_work() -> None:
    text = status_text(made({"unemployed": -600, "employed": -800, "students": 1_300}))
    assert text.answer.text == (
        "Antalet arbetslösa utrikes födda kvinnor i Malmö minskade netto med 600, från "
        "6\u202f000 i juni 2024 till 5\u202f400 i juni 2026. Sysselsättningsgraden bland "
        "utrikes födda kvinnor minskade samtidigt, från 62,5 till 61,0 procent. Utanför "
        "arbetskraften ökade antalet studerande mest (netto 1\u202f300 fler studerande)."
    )
    work = status_text(made({"unemployed": -600, "employed": 2_000, "students": 1_300}))
    assert "Utanför arbetskraften" not in work.answer.text


def test_every_status_and_the_population_are_told_as_net() -> None:
    moved = {"unemployed": -600, "employed": 1_400, "students": 1, "retired": 0, "sick": -50}
    line = status_text(made({**moved, "other": -300})).lines[0].text
    assert (
        "Netto, utrikes födda kvinnor: 600 färre arbetslösa, 1\u202f400 fler sysselsatta, en "
        "person fler bland studerande, lika många pensionärer, 50 färre sjuka, 300 färre övriga "
        "och 451 fler personer i befolkningen." in line
    )


def test_courses_are_judged_by_size_and_certainty() -> None:
    values = status_text(made({"unemployed": -170, "employed": 170})).values[0]
    # 0.5 percentage points of a labour force of 36 000 are 180 persons.
    assert course(values, "unemployed") == 0
    values = status_text(made({"unemployed": -190, "employed": 190})).values[0]
    assert course(values, "unemployed") == -1
    assert not into_work(values)  # 190 of 48 000 inhabitants are no half point
    assert rate_course(values, "work") == 0
    small = status_text(made({"unemployed": -1, "employed": 1}, scale=0.01)).values[0]
    assert course(small, "unemployed") == 0  # one of sixty is a third of a point, and not sure


def test_a_rate_that_moves_with_the_count_is_not_explained_by_the_population() -> None:
    grown = status_text(made({"unemployed": 1_500, "other": 4_000})).values[0]
    assert rate_course(grown, "rate") == 1
    assert not by_population(grown)
    assert by_population(status_text(made({"unemployed": 600, "employed": 3_000})).values[0])


def test_fewer_than_fifty_in_the_labour_force_is_said_and_below_thirty_no_rate() -> None:
    few = status_text(made({"unemployed": -2}, scale=0.0012))
    assert "Få personer: färre än 50 utrikes födda kvinnor i arbetskraften." in [
        one.text for one in few.notes
    ]
    tiny = status_text(made({"unemployed": -2}, scale=0.0006))
    assert rate_course(tiny.values[0], "rate") is None
    assert "procent" not in tiny.answer.text


def test_the_discrepancy_is_explained_or_warned_of() -> None:
    assert "kan ge upp till 24 personer" in status_text(made({}, noise=5)).more[0].text
    beyond = status_text(made({}, noise=60))
    warned = [one.text for one in beyond.notes if "med försiktighet" in one.text]
    assert warned
    assert "skiljer 60 personer, mer än de 24" in warned[0]
    assert not beyond.more


def test_august_and_the_pension_age_are_said() -> None:
    august = status_text(made({"students": -100}, start="2023-08", end="2024-08"))
    notes = " ".join(one.text for one in august.notes)
    assert "Tidsseriebrott augusti 2024: staplar med *." in notes
    assert "I augusti räknas från 2024 betydligt färre som studerande" in august.more[-1].text
    other = status_text(made({"students": -100}))
    assert "Tidsseriebrott" not in " ".join(one.text for one in other.notes)


def test_the_season_is_said_where_the_periods_are_not_whole_years_apart() -> None:
    apart = status_text(made({}, start="2025-12", end="2026-06"))
    assert "Säsongen är inte borträknad" in " ".join(one.text for one in apart.notes)
    assert "Säsongen" not in " ".join(one.text for one in status_text(made({})).notes)


def test_a_group_with_a_missing_change_is_named() -> None:
    changes = made({"unemployed": -600}, {"unemployed": -600})
    hidden = (changes["sex"] == "men") & (changes["component"] == "sick")
    text = status_text(changes.assign(change=changes["change"].mask(hidden)))
    assert "Uppgift saknas för utrikes födda män vid minst en av tidpunkterna." in [
        one.text for one in text.notes
    ]
    assert "män" not in text.title.text
    with pytest.raises(SchemaError, match="every change"):
        status_text(changes.assign(change=np.nan))


@pytest.mark.parametrize(("change", "text"), [(12, "+12"), (-3, "\u22123"), (0, "0")])
def test_labels_have_a_sign_and_say_how_much_may_be_noise(change: float, text: str) -> None:
    assert [one.render("sv") for one in change_label(change)] == [text]
    noise = [one.render("sv") for one in change_label(change, 24)]
    assert noise == [text, "(±24)"]


COUNTS = st.integers(-400, 400)


@settings(max_examples=20)
@given(
    women=st.fixed_dictionaries(dict.fromkeys(STATUSES, COUNTS)),
    men=st.none() | st.fixed_dictionaries(dict.fromkeys(STATUSES, COUNTS)),
    scale=st.sampled_from([4.1, 5.0, 20.0]),
    lang=st.sampled_from(["sv", "en"]),
)
def test_whatever_the_changes_the_text_stands(
    women: Mapping[str, int],
    men: Mapping[str, int] | None,
    scale: float,
    lang: str,
    sound: Sound,
) -> None:
    changes = made(women, *([men] if men else []), scale=scale)
    check(changes, lang, sound)
    text = status_text(changes, lang=lang)
    for values in text.values:
        assert values["deviation"] == 0
        assert sum(values[name] for name in STATUSES) == values["population"]
        if into_work(values):
            assert values["unemployed"] < 0 < values["employed"]
    assert set(STATUSES) | {"population"} == set(COMPONENTS)
