from __future__ import annotations

import math

import pandas as pd
import pytest

import integstats as ig
from integstats import catalogue
from integstats.errors import SchemaError
from integstats.wording import report_sentences
from integstats.wording.claims import Claim


@pytest.fixture(scope="module")
def malmo() -> pd.DataFrame:
    return ig.gaps(ig.rates(ig.load("scb-bas-month", places=["Malmö"])), "employment_rate")


def test_the_title_names_group_place_and_period() -> None:
    text = report_sentences.report_title("1280", pd.Period("2026-06", "M"))
    assert text.text == "Utrikes födda kvinnor och män på arbetsmarknaden i Malmö, juni 2026"


def test_persons_are_the_gap_times_the_group(malmo: pd.DataFrame) -> None:
    texts = report_sentences.persons_texts(malmo, "employment_rate")
    latest = malmo[(malmo["period"] == "2026-06").to_numpy()].set_index("sex")
    for sex, text in zip(("women", "men"), texts, strict=True):
        [claim] = text.claims
        expected = latest.loc[sex, "gap_pp"] / 100 * latest.loc[sex, "n_foreign_born"]
        assert math.isclose(claim.values["persons"], expected)
    assert texts[0].text == (
        "Med samma sysselsättningsgrad som inrikes födda skulle ungefär 11\u202f000 fler utrikes "
        "födda kvinnor vara sysselsatta."
    )


def test_a_gap_that_chance_may_give_is_no_number_of_persons(malmo: pd.DataFrame) -> None:
    assert report_sentences.persons_texts(malmo.assign(gap_low=-1.0), "employment_rate") == ()


def test_another_number_of_persons_is_not_written(malmo: pd.DataFrame) -> None:
    [claim] = report_sentences.persons_texts(malmo, "employment_rate")[0].claims
    wrong = Claim(claim.predicate, {**claim.values, "persons": claim.values["persons"] + 1})
    with pytest.raises(SchemaError, match="does not hold"):
        wrong.render()


def test_certainty_names_the_noise_only_where_there_is_one(malmo: pd.DataFrame) -> None:
    bas = catalogue.dataset("scb-bas-month")
    told = [one.text for one in report_sentences.certainty_texts(malmo, "employment_rate", bas)]
    assert any("1,45 personer" in one for one in told)
    assert any("revideringar" in one and "0,2 procentenheter" in one for one in told)
    own = [one.text for one in report_sentences.certainty_texts(malmo, "employment_rate", None)]
    assert not any("slumptal" in one for one in own)
    assert not any("revideringar" in one for one in own)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_what_cannot_be_said_defines_every_measure(lang: catalogue.Language) -> None:
    measures = ("employment_rate", "unemployment_rate")
    texts = report_sentences.limits_texts("1280", "scb-bas-month", measures, lang=lang)
    together = " ".join(one.text for one in texts)
    for measure in measures:
        assert catalogue.measure(measure).words(lang)["definition"] in together
    own = report_sentences.limits_texts("1280", "own-x", measures, lang=lang)
    assert len(own) == len(texts) - 1


def test_every_heading_is_in_both_languages() -> None:
    for section in report_sentences.HEADINGS:
        words = {report_sentences.heading(section, lang) for lang in ("sv", "en")}
        assert len(words) == 2
