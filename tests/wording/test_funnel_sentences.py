from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integstats.analysis.funnel import funnel
from integstats.errors import SchemaError
from integstats.wording.claims import Claim, Text
from integstats.wording.funnel_sentences import (
    Lines,
    centre_claim,
    funnel_text,
    funnel_values,
    level_claim,
    level_counts,
)
from integstats.wording.gap_sentences import GapText
from integstats.wording.sentences import PREDICATES, read_text

LANGUAGES = ("sv", "en")
Sound = Callable[[Text | str, str], None]


def told(
    rates: list[float],
    *,
    n: float = 900.0,
    target: float | None = 0.6,
    highlight: str | None = None,
    widened: bool = False,
    levels: tuple[float, ...] = (0.95, 0.998),
    lang: str = "sv",
) -> GapText:
    table = pd.DataFrame(
        {
            "dataset": "synthetic-bas",
            "place": [f"Exempelkommun {at + 1}" for at in range(len(rates))],
            "period": pd.Period("2026-06", "M"),
            "sex": "women",
            "birth_region": "foreign_born",
            "age": "20-64",
            "employed": np.rint(np.array(rates) * n),
            "population": n,
        }
    )
    found = funnel(
        table,
        numerator="employed",
        denominator="population",
        target=target,
        confidence=levels,
        overdispersion="additive" if widened else None,
    )
    group = found.groups.iloc[0]
    lines = Lines(float(group["target"]), target is None, levels, float(group["phi"]), widened)
    values = funnel_values(
        found.table,
        "employment_rate",
        denominator="population",
        lines=lines,
        named=12,
        highlight=highlight,
    )
    return funnel_text(found.table, values, lines=lines, lang=lang)


def check(text: GapText, lang: str, sound: Sound) -> None:
    for one in (text.title, text.subtitle, text.alt, *text.lines, *text.footer):
        sound(one, lang)
        assert read_text(json.loads(json.dumps(one.to_dict()))) == one
    assert text.title.words() <= 15
    assert 80 <= len(text.alt.text) <= 600
    assert {"sv": "20–64 år", "en": "aged 20–64"}[lang] in text.subtitle.text


SPREAD = [0.4, 0.5, 0.6, 0.61, 0.7, 0.8]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("widened", [False, True])
@pytest.mark.parametrize("highlight", [None, "Exempelkommun 1", "Exempelkommun 3"])
def test_every_kind_of_limit_is_told(widened, highlight, lang, sound: Sound):
    check(told(SPREAD, widened=widened, highlight=highlight, lang=lang), lang, sound)
    check(told(SPREAD, target=None, highlight=highlight, lang=lang), lang, sound)


def test_places_beyond_the_outermost_limits_are_counted_and_listed():
    text = told(SPREAD)
    assert text.title.text == (
        "Utrikes födda kvinnor: sysselsättningsgraden avviker mer än slumpen ger i 4 av 6 områden"
    )
    said = [one.text for one in text.lines]
    assert "Under de yttersta gränserna ligger Exempelkommun 1 och Exempelkommun 2." in said
    assert "Över de yttersta gränserna ligger Exempelkommun 5 och Exempelkommun 6." in said


def test_one_outside_of_very_many_is_no_news():
    # Of 1 000 places 2 are expected beyond 99.8 per cent by chance.
    quiet = told([0.6] * 998 + [0.5, 0.7])
    assert "slumpen kan förklara skillnaderna" in quiet.title.text
    assert "2 av 1\u202f000 områden, av en slump ungefär 2." in quiet.footer[0].text
    loud = told([0.6] * 990 + [0.5, 0.7] * 5)
    assert "avviker mer än slumpen ger i 10 av" in loud.title.text


def test_a_place_beyond_the_inner_limits_only_is_told_with_care():
    text = told([0.6] * 9 + [0.56], highlight="Exempelkommun 10")
    assert text.title.text.endswith("är lägre än slumpen brukar ge")
    assert "under gränsen för 95 procent" in text.alt.text
    text = told([0.6] * 9 + [0.5], highlight="Exempelkommun 10")
    assert text.title.text.endswith("är lägre än slumpen kan förklara")
    # A single pair of limits of 95 per cent is never called sure.
    text = told([0.6] * 9 + [0.5], highlight="Exempelkommun 10", levels=(0.95,))
    assert text.title.text.endswith("är lägre än slumpen brukar ge")


def test_overdispersion_is_said_where_there_is_some():
    assert any("överspridning" in one.text for one in told(SPREAD).footer)
    assert any(
        one.text.startswith("Gränserna är vidgade") for one in told(SPREAD, widened=True).footer
    )
    assert not any("överspridning" in one.text for one in told([0.6] * 6).footer)


def test_labels_of_lines():
    assert level_claim(0.998).render("sv") == "99,8\xa0%"
    assert level_claim(0.95).render("en") == "95%"
    lines = Lines(0.612, True, (0.95,), 1.0, False)
    assert centre_claim(lines).render("sv") == "Alla tillsammans\n61,2\xa0%"


def test_how_many_would_be_outside_is_a_share_of_the_places():
    table = pd.DataFrame({"rate": [0.5] * 100, "outside": [0.95] * 6 + [0.998] + [0.0] * 93})
    inner, outer = level_counts(table, (0.998, 0.95))
    assert (inner["count"], outer["count"]) == (7, 1)
    assert inner["expected"] == pytest.approx(5)
    assert outer["expected"] == pytest.approx(0.2)
    hardly = PREDICATES["funnel.chance.hardly"]
    with pytest.raises(SchemaError, match="does not hold"):
        Claim(hardly, {**inner, "total": 100, "kind": "mixed"}).render("sv")


def test_several_periods_are_refused():
    table = pd.DataFrame(
        {
            "place": ["A", "A"],
            "period": pd.PeriodIndex(["2026-05", "2026-06"], freq="M"),
            "sex": "women",
            "birth_region": "foreign_born",
            "age": "20-64",
            "rate": 0.5,
            "side": "within",
            "outside": 0.0,
            "population": 100.0,
        }
    )
    given = {"denominator": "population", "lines": Lines(0.5, False, (0.95,), 1.0, False)}
    with pytest.raises(SchemaError, match="needs one period; got 2"):
        funnel_values(table, "employment_rate", named=12, **given)
    with pytest.raises(SchemaError, match="outside"):
        funnel_values(table.drop(columns="outside"), "employment_rate", named=12, **given)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rates=st.lists(st.floats(0, 1), min_size=2, max_size=8),
    n=st.sampled_from([60.0, 900.0, 50_000.0]),
    highlight=st.sampled_from([None, "Exempelkommun 1"]),
    lang=st.sampled_from(LANGUAGES),
)
def test_whatever_the_rates_the_text_stands(rates, n, highlight, lang, sound: Sound):
    text = told(rates, n=n, highlight=highlight, lang=lang)
    check(text, lang, sound)
    if highlight is not None:
        assert "Exempelkommun 1" in text.title.text
