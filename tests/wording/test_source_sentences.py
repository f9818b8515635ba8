from __future__ import annotations

import json
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integstats import catalogue
from integstats.wording.claims import Text
from integstats.wording.sentences import read_text
from integstats.wording.source_sentences import SourceText, source_text
from integstats.wording.source_series import of_group, series_of, theme_of

Sound = Callable[[Text | str, str], None]
MEASURES = [
    "unemployment_rate", "registered_unemployment_rate", "unemployment_rate_kolada",
    "unemployment_rate_aku", "openly_unemployed_rate_kolada", "enrolled_unemployed_rate",
]  # fmt: skip


def made(values: list[list[float]], n: float = 5_000.0) -> pd.DataFrame:
    """Return one yearly series per list, each of another measure."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "dataset": f"synthetic-{chr(97 + at)}", "vintage": "2026-01-01.0",
                    "measure": MEASURES[at % len(MEASURES)], "place": "1280",
                    "period": [str(2020 + year) for year in range(len(levels))], "sex": "women",
                    "birth_region": "foreign_born", "age": "20-64", "value": levels, "n": n,
                    "status": "final",
                }
            )
            for at, levels in enumerate(values)
        ],
        ignore_index=True,
    )  # fmt: skip


def told(frame: pd.DataFrame, lang: str = "sv") -> SourceText:
    series = list(series_of(of_group(frame, "women", "foreign_born")))
    return source_text(series, place="1280", group="foreign_born:women", lang=lang)


def texts_of(found: SourceText) -> list[Text]:
    around = [found.title, found.subtitle, found.alt, found.source]
    return [*around, *found.lines, *found.notes, *found.optional]


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    values=st.lists(
        st.lists(st.floats(0, 1) | st.just(float("nan")), min_size=1, max_size=4),
        min_size=1,
        max_size=8,
    ).filter(lambda lists: np.isfinite(np.concatenate([np.array(one) for one in lists])).any()),
    lang=st.sampled_from(["sv", "en"]),
)
def test_whatever_the_figures_the_text_stands(
    values: list[list[float]], lang: str, sound: Sound
) -> None:
    found = told(made(values), lang)
    for one in texts_of(found):
        sound(one, lang)
        assert read_text(json.loads(json.dumps(one.to_dict()))) == one
    assert found.title.words() <= 15
    assert 80 <= len(found.alt.text) <= 600
    assert len(found.labels) == len(values)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_no_difference_between_sources_is_a_finding(lang: str) -> None:
    found = told(made([[0.2, 0.18], [0.27, 0.25], [0.21, 0.2]]), lang)
    words = {
        "sv": r"procentenhet|högre|lägre|skillnad|\bmer\b|mindre|fler|färre än(?! 50)",
        "en": r"percentage point|higher|lower|difference|\bmore\b(?! series)|less",
    }
    for one in texts_of(found):
        assert not re.search(words[lang], one.text, re.IGNORECASE), one.text


def test_the_title_counts_measures_not_datasets() -> None:
    frame = made([[0.2, 0.18], [0.27, 0.25]])
    assert told(frame).title.text == (
        "Utrikes födda kvinnor i Malmö: 2 mått på arbetslöshet, vart och ett med sin definition"
    )
    same = frame.assign(measure="unemployment_rate")
    assert told(same).title.text == (
        "Utrikes födda kvinnor i Malmö: arbetslöshet enligt 2 datamängder, var för sig"
    )
    assert told(made([[0.2, 0.18]])).title.text == (
        "Utrikes födda kvinnor i Malmö: arbetslösheten är 18,0 procent år 2021"
    )


def test_every_series_tells_its_course_definition_and_persons() -> None:
    line = told(made([[0.2, 0.18], [0.27, 0.25]])).lines[0].text
    assert line.startswith(
        "Arbetslöshet (BAS), 20–64 år: 20,0 procent år 2020 och 18,0 procent år 2021."
    )
    assert catalogue.measure("unemployment_rate").words("sv")["definition"] in line
    assert line.endswith("Andelen räknas på ca 5\u202f000 personer i arbetskraften.")


def test_themes_by_what_is_counted() -> None:
    assert theme_of(["unemployment_rate", "registered_unemployment_rate"]) == "unemployment"
    assert theme_of(["employment_rate", "gainful_employment_rate"]) == "employment"
    assert theme_of(["participation_rate"]) == "participation"
