from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integstats.errors import SchemaError
from integstats.wording.claims import Claim, Text
from integstats.wording.gap_sentences import GapText
from integstats.wording.ranked_sentences import ranked_text, ranked_values
from integstats.wording.sentences import PREDICATES, read_text

LANGUAGES = ("sv", "en")
MUNICIPALITIES = ("1280", "1281", "1283", "1480", "0180", "0114")
ORDER = re.compile(r"störst|minst i\b|har plats|säkerställd plats|större än i riket")
Sound = Callable[[Text | str, str], None]


def rows(
    gaps: Sequence[float],
    ranks: Sequence[tuple[int, int] | None],
    *,
    half: float = 1.0,
    country: float | None = None,
    places: Sequence[str] = MUNICIPALITIES,
    n: float = 4000.0,
) -> pd.DataFrame:
    """Gaps in pp with intervals of that half width, and the ranks that each place may have."""
    level = [*gaps, *([] if country is None else [country])]
    keys = [*places[: len(gaps)], *([] if country is None else ["00"])]
    sets = [(pd.NA, pd.NA) if one is None else one for one in ranks]
    sets += [(pd.NA, pd.NA)] * (len(keys) - len(sets))
    gap = np.array(level, dtype=float)
    return pd.DataFrame(
        {
            "dataset": "scb-bas-month",
            "vintage": "2026-08-28.test",
            "place": keys,
            "period": pd.Period("2026-06", "M"),
            "sex": "women",
            "age": "20-64",
            "gap_pp": gap,
            "gap_low": gap - half,
            "gap_high": gap + half,
            "rate_foreign_born": 0.8 - gap / 100,
            "rate_native_born": 0.8,
            "n_foreign_born": n,
            "n_native_born": 4 * n,
            "rank_low": pd.array([one for one, _ in sets], dtype="Int64"),
            "rank_high": pd.array([one for _, one in sets], dtype="Int64"),
        }
    )


def check(text: GapText, lang: str, sound: Sound) -> None:
    for one in (text.title, text.subtitle, text.alt, *text.lines, *text.footer):
        sound(one, lang)
        assert read_text(json.loads(json.dumps(one.to_dict()))) == one
    assert text.title.words() <= 15
    assert 80 <= len(text.alt.text) <= 600
    assert {"sv": "20–64 år", "en": "aged 20–64"}[lang] in text.subtitle.text


APART = rows([10, 14, 20], [(1, 1), (2, 2), (3, 3)], country=13)
PARTLY = rows([10, 11, 20], [(1, 2), (1, 2), (3, 3)], country=13)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("measure", ["employment_rate", "unemployment_rate", "participation_rate"])
@pytest.mark.parametrize("highlight", [None, "1280", "1283"])
def test_every_measure_is_told(measure: str, highlight: str | None, lang: str, sound: Sound):
    for frame in (APART, PARTLY):
        check(ranked_text(frame, measure, highlight=highlight, lang=lang), lang, sound)


def test_a_place_has_a_set_of_ranks():
    text = ranked_text(PARTLY, "employment_rate", highlight="1280")
    assert text.title.text == (
        "Utrikes födda kvinnor: Malmö har plats 1–2\xa0av\xa03, räknat från det minsta "
        "sysselsättningsgapet"
    )
    assert "och någon av platserna 1–2 av 3" in text.alt.text
    text = ranked_text(APART, "employment_rate", highlight="1283")
    assert "Helsingborg har säkerställd plats 3\xa0av\xa03" in text.title.text
    text = ranked_text(APART, "employment_rate", highlight="1283", lang="en")
    assert text.title.text == (
        "Foreign-born women: Helsingborg has the established rank 3\xa0of\xa03 on the employment "
        "gap, smallest first"
    )


def test_without_a_place_the_ends_are_named_only_where_they_are_sure():
    text = ranked_text(APART, "employment_rate")
    assert text.title.text == (
        "Sysselsättningsgapet för utrikes födda kvinnor är minst i Malmö och störst i Helsingborg"
    )
    text = ranked_text(PARTLY, "employment_rate")
    assert text.title.text == (
        "Utrikes födda kvinnor: sysselsättningsgapet är större än i riket i 1 av 3 kommuner"
    )
    text = ranked_text(PARTLY[PARTLY["place"] != "00"], "employment_rate")
    assert text.title.text == (
        "Utrikes födda kvinnor: 2 av 3 kommuner kan ha minst gap, 1 kan ha störst"
    )


def test_a_rank_that_is_not_among_the_ranks_is_never_written():
    title = PREDICATES["ranked.title.rank"]
    held = ranked_values(PARTLY, "employment_rate", highlight="1280")
    assert Claim(title, held).holds()
    for lie in ({"rank_low": 0}, {"rank_high": 4}, {"apart": 0}, {"lowest_high": 99.0}):
        with pytest.raises(SchemaError, match="does not hold"):
            Claim(title, {**held, **lie}).render("sv")


def test_what_chance_would_show_is_said_of_many(sound: Sound):
    places = [f"Exempelkommun {number}" for number in range(24)]
    sets = [(1, 12)] * 12 + [(13, 24)] * 12
    frame = rows([5.0] * 12 + [15.0] * 12, sets, country=10, places=places)
    text = ranked_text(frame, "employment_rate")
    said = [one.text for one in text.lines]
    assert any(
        "Av 24 intervall väntas ungefär 1 hamna helt över eller under" in one for one in said
    )
    assert any("i 12 av 24 områden ligger hela osäkerhetsintervallet över" in one for one in said)
    check(text, "sv", sound)


def test_one_place_and_none_that_is_ranked(sound: Sound):
    for lang in LANGUAGES:
        check(ranked_text(rows([12.0], [(1, 1)]), "employment_rate", lang=lang), lang, sound)
        frame = rows([12.0, 14.0], [None, None])
        frame[["gap_low", "gap_high", "n_foreign_born", "n_native_born"]] = np.nan
        check(ranked_text(frame, "employment_rate", lang=lang), lang, sound)


def test_a_table_of_several_sexes_or_without_gaps_is_refused():
    both = pd.concat([APART, APART.assign(sex="men")])
    with pytest.raises(SchemaError, match="needs one sex; got 2: men, women"):
        ranked_text(both, "employment_rate")
    with pytest.raises(SchemaError, match="every gap_pp is missing"):
        ranked_text(APART.assign(gap_pp=np.nan), "employment_rate")
    with pytest.raises(SchemaError, match="rank_low"):
        ranked_text(APART.drop(columns="rank_low"), "employment_rate")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    gaps=st.lists(st.floats(-20, 40), min_size=2, max_size=6),
    half=st.floats(0.1, 40),
    highlight=st.sampled_from([None, *MUNICIPALITIES[:2]]),
)
def test_nothing_is_ordered_where_all_intervals_overlap(
    gaps: list[float], half: float, highlight: str | None, sound: Sound
):
    overlap = max(gaps) - min(gaps) <= 2 * half
    order = np.argsort(np.argsort(gaps, kind="stable"), kind="stable") + 1
    sets = [(1, len(gaps)) if overlap else (int(one), int(one)) for one in order]
    text = ranked_text(rows(gaps, sets, half=half), "employment_rate", highlight=highlight)
    check(text, "sv", sound)
    if overlap:
        assert not ORDER.search(text.title.text)
        assert any("Ingen ordning är säkerställd" in one.text for one in text.lines)
