from __future__ import annotations

import json
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integstats.analysis.decomposition import kitagawa
from integstats.wording.claims import Text
from integstats.wording.decomposition_parts import Parts, parts
from integstats.wording.decomposition_sentences import DecompositionText, decomposition_text
from integstats.wording.sentences import read_text

Sound = Callable[[Text | str, str], None]
CAUSES = {
    "sv": r"beror på|orsak|förklar|leder till|tack vare|bidrar|effekt",
    "en": r"\bbecause\b|\bdue to\b|\bcause|explain|leads? to|thanks to|effect",
}


def made(rates: list[float], sizes: list[float]) -> Parts:
    """Return the split of two birth regions with three age groups each."""
    frame = pd.DataFrame(
        {
            "dataset": "scb-bas-month", "vintage": "2026-08-28.test", "place": "1280",
            "period": "2026-06", "sex": "women",
            "birth_region": ["foreign_born"] * 3 + ["native_born"] * 3,
            "age": ["20-34", "35-49", "50-64"] * 2,
            "employed": np.array(rates) * sizes, "population": sizes,
        }
    )  # fmt: skip
    found = kitagawa(
        frame, population="birth_region", first="foreign_born", second="native_born",
        groups=["age"], numerator="employed", denominator="population",
    )  # fmt: skip
    return parts(found, first="foreign_born", second="native_born", keys={})


def told(found: Parts, lang: str = "sv") -> DecompositionText:
    return decomposition_text(
        found, measure="employment_rate", population="birth_region", names={}, lang=lang
    )


def texts_of(found: DecompositionText) -> list[Text]:
    around = [found.title, found.subtitle, found.alt, found.source]
    return [*around, *found.lines, *found.notes, *found.optional]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    rates=st.lists(st.floats(0, 1), min_size=6, max_size=6),
    sizes=st.lists(st.integers(50, 5000).map(float), min_size=6, max_size=6),
    lang=st.sampled_from(["sv", "en"]),
)
def test_whatever_the_rates_the_text_stands_and_names_no_cause(
    rates: list[float], sizes: list[float], lang: str, sound: Sound
) -> None:
    found = told(made(rates, sizes), lang)
    for one in texts_of(found):
        sound(one, lang)
        assert read_text(json.loads(json.dumps(one.to_dict()))) == one
        assert not re.search(CAUSES[lang], one.text, re.IGNORECASE), one.text
    assert found.title.words() <= 15
    assert 80 <= len(found.alt.text) <= 600


def test_effects_and_groups_add_up_to_the_difference() -> None:
    found = made([0.5, 0.7, 0.6, 0.8, 0.9, 0.8], [300, 200, 100, 100, 200, 300])
    assert sum(one.value for one in found.effects) == pytest.approx(found.total)
    for effect in found.effects:
        own = sum(one.value for one in found.groups_of(effect.effect))
        assert own == pytest.approx(effect.value)
    assert found.rest + found.focus.value == pytest.approx(found.total)


def test_a_part_of_the_difference() -> None:
    found = told(made([0.4, 0.6, 0.6, 0.6, 0.9, 0.8], [300, 200, 100, 100, 200, 300]))
    assert found.title.text == (
        "Sysselsättningsgrad, inrikes födda mot utrikes födda: olika sammansättning motsvarar "
        "räknemässigt 6,7 av 30,0 procentenheter"
    )
    assert found.lines[0].text == (
        "Räknemässigt motsvarar olika sammansättning +6,7 procentenheter. Resten, +23,3 "
        "procentenheter, motsvaras inte av olika sammansättning."
    )
    assert found.subtitle.text == (
        "Sysselsatta som andel av befolkningen (BAS), kvinnor 20–64 år, Malmö, juni 2026. Inrikes "
        "födda (80,0\u00a0%) minus utrikes födda (50,0\u00a0%), procentenheter. Uppdelat efter "
        "ålder."
    )


def test_composition_that_pulls_the_other_way() -> None:
    title = told(made([0.4, 0.6, 0.8, 0.6, 0.8, 0.9], [100, 200, 300, 300, 200, 100])).title.text
    assert "vid lika sammansättning räknemässigt 16,7 procentenheter i stället för 5,0" in title


def test_no_difference_at_all() -> None:
    same = made([0.5] * 6, [100.0] * 6)
    assert told(same).title.text.endswith("ingen skillnad att dela upp")
    hidden = made([0.2, 0.4, 0.6, 0.2, 0.4, 0.6], [100.0] * 6)
    assert told(hidden).title.text.endswith("ingen skillnad att dela upp")


def test_figures_that_do_not_add_up_as_written_say_that_they_are_rounded() -> None:
    notes = [
        any("avrundade" in one.text for one in told(made(rates, [100.0] * 6)).optional)
        for rates in ([0.5] * 6, [0.5, 0.5, 0.5, 0.6, 0.6, 0.6])
    ]
    assert notes == [False, False]
    uneven = made([0.41, 0.57, 0.63, 0.62, 0.88, 0.81], [307, 211, 101, 103, 199, 311])
    written = [round(one.value, 1) for one in uneven.effects]
    differs = round(sum(written), 1) != round(uneven.total, 1)
    assert any("avrundade" in one.text for one in told(uneven).optional) == differs
