from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import integstats as ig
from integstats import catalogue
from integstats.catalogue import Dataset
from integstats.errors import UnknownCodeError

ROOT = Path(__file__).resolve().parents[2]
SCB = [one for one in catalogue.datasets().values() if one.publisher.id == "scb"]
TABLES = {
    "scb-bas-month": "TAB6260",
    "scb-bas-month-final": "TAB2948",
    "scb-bas-quarter": "TAB6261",
    "scb-bas-quarter-final": "TAB2947",
    "scb-bas-year": "TAB5655",
    "scb-bas-year-final": "TAB2921",
    "scb-bas-november": "TAB3200",
    "scb-bas-education": "TAB6666",
    "scb-rams-1993": "TAB4334",
    "scb-rams-2004": "TAB4356",
    "scb-rams-2019": "TAB5117",
    "scb-integration-municipality": "TAB6383",
    "scb-integration-county": "TAB6384",
    "scb-integration-country": "TAB6379",
    "scb-self-sufficiency": "TAB6766",
    "scb-income-years": "TAB5278",
    "scb-population-birth": "TAB4823",
    "scb-population-birth-2025": "TAB6645",
    "scb-main-income": "TAB1784",
    "scb-matching": "TAB6366",
    "scb-aku-month": "TAB6512",
}
# What the stored list of tables calls a content, where it differs from our column.
CALLED = {
    "retirees": "retired",
    "others": "other",
    "total": "population",
    "self-sufficient": "self_sufficient",
    "not": "not_self_sufficient",
    "persons": "population",
    "unemployment_pct": "unemployment_rate",
    "participation_pct": "participation_rate",
    "employment_pct": "employment_rate",
    "share self-sufficient": "self_sufficiency_rate",
    "rate_pct": "gainful_employment_rate",
    "andel sysselsatta": "employment_rate",
}
# "students" of TAB6766 are students and conscripts. The stored list calls 000007K8 of the
# municipalities openly unemployed and 000007KJ of the counties enrolled: the same position in two
# tables with the same contents, so one of them is wrong, and the catalogue goes by the labels.
NOT_TRUSTED = {"000008GZ", "000007K8", "000007KJ"}


def codes_of(one: Dataset) -> dict[str, str]:
    return {**one.counts, **one.rates, **one.amounts, **one.published_rates}


@pytest.fixture(scope="module")
def listed(shared: Path) -> dict[str, dict[str, Any]]:
    """What the stored list of tables says, by table."""
    rows = json.loads((shared / "data/pxweb/table_catalogue.json").read_text(encoding="utf-8"))
    return {row["v2"]: row for row in rows}


def test_every_table_of_the_issue_is_a_dataset() -> None:
    assert {one.id: one.table_id for one in SCB} == TABLES
    assert next(iter(catalogue.datasets())) == "scb-bas-month"


def test_content_codes_mean_what_the_stored_list_says(listed: dict[str, Any]) -> None:
    compared = 0
    for one in SCB:
        contents = listed.get(one.table_id, {}).get("codes", {}).get("ContentsCode", {})
        if not isinstance(contents, dict):
            continue
        own = {code: name for name, code in codes_of(one).items()}
        for code, meaning in contents.items():
            if code in own and code not in NOT_TRUSTED:
                assert own[code] == CALLED.get(meaning, meaning.replace(" ", "_")), one.id
                compared += 1
    assert compared >= 40


def test_variables_are_those_of_the_stored_list(listed: dict[str, Any]) -> None:
    for one in SCB:
        known = set(listed.get(one.table_id, {}).get("variables", ()))
        own = {key.variable for key in one.keys.values() if key.variable} | {one.contents_variable}
        if known:
            assert own | {one.grouping_variable} - {""} <= known, one.id


def test_the_codes_of_words_are_those_of_the_stored_list(listed: dict[str, Any]) -> None:
    meant = {"men": "men", "women": "women", "total": "total", "both": "total"}
    for one in SCB:
        seen = listed.get(one.table_id, {}).get("codes", {}).get("Kon", {})
        for code, meaning in seen.items() if isinstance(seen, dict) else ():
            word = meant.get(meaning, "total")
            assert one.keys["sex"].codes[word] in (code, f"label:^{meaning}$"), one.id


@pytest.mark.parametrize("one", SCB, ids=lambda one: one.id)
def test_a_dataset_is_complete_and_consistent(one: Dataset) -> None:
    pattern = {"M": r"\d{4}-\d{2}", "Q": r"\d{4}Q[1-4]", "Y": r"\d{4}"}[one.frequency]
    assert re.fullmatch(pattern, one.first_period)
    assert one.places
    assert set(one.places) <= {"country", "county", "municipality"}
    assert one.url.startswith("https://")
    for lang in ("sv", "en"):
        assert one.name(lang)
        assert one.register(lang)
        assert one.definition(lang).endswith(".")
    assert {"place", "period", "sex", "birth_region", "age"} <= set(one.keys)
    age = one.keys["age"]
    assert age.single_years or one.default_age in age.codes
    for key in one.keys.values():
        assert bool(key.variable) != bool(key.constant)
    names = [*one.counts, *one.rates, *one.amounts]
    assert names
    assert len(names) == len(set(names))
    assert not set(one.counts) & catalogue.unsummable()
    assert {*one.rates, *one.amounts} <= catalogue.unsummable()
    assert set(one.margins) <= set(one.fixed)
    for word in codes_of(one).values():
        if word.startswith("label:"):
            re.compile(word.removeprefix("label:"))


@pytest.mark.parametrize("one", [one for one in SCB if one.groupings], ids=lambda one: one.id)
def test_no_two_codes_of_a_grouping_become_the_same_row(one: Dataset) -> None:
    words = [tuple(sorted(entry.words.items())) for entry in one.groupings]
    assert len(words) == len(set(words))
    for entry in one.groupings:
        for key, word in entry.words.items():
            assert word in one.keys[key].codes
            assert word != one.keys[key].constant


def test_the_integration_tables_differ_only_in_places_and_codes() -> None:
    first, *others = (one for one in SCB if one.id.startswith("scb-integration-"))
    for other in others:
        assert other.groupings == first.groupings
        assert other.keys == first.keys
        assert other.measures == first.measures
        assert other.places != first.places


def test_tables_that_are_not_continued_are_marked() -> None:
    ended = {one.id for one in SCB if one.ended}
    assert ended == {"scb-rams-1993", "scb-rams-2004", "scb-rams-2019", "scb-population-birth"}


def test_noise_is_only_claimed_where_it_was_measured_or_the_note_is_the_same() -> None:
    noisy = {one.id for one in SCB if one.noise_variance}
    assert noisy == {"scb-bas-month", "scb-bas-month-final"}
    for one in SCB:
        assert one.noise_variance == pytest.approx(one.noise_sd**2, abs=0.01)


def test_only_preliminary_tables_have_a_known_revision() -> None:
    for one in SCB:
        assert (one.revision_pp > 0) == (one.status == "preliminary")


def test_a_measure_means_the_monthly_table_first() -> None:
    for measure in ("employment_rate", "unemployment_rate", "participation_rate"):
        first = next(one for one in catalogue.datasets().values() if measure in one.measures)
        assert first.id == "scb-bas-month"


def test_every_named_break_is_of_a_dataset_there_is() -> None:
    known = [one.id for one in SCB]
    for entry in catalogue.breaks():
        for name in entry.datasets:
            if name.startswith("scb-") and not name.startswith(("scb-deso", "scb-regso")):
                stem = name.removesuffix("*")
                assert any(one == name or (name != stem and one.startswith(stem)) for one in known)


def test_a_break_that_blocks_lies_between_registers_not_inside_a_table() -> None:
    """But for AKU, whose redesign in 2021 lies inside its table."""
    for one in SCB:
        blocking = catalogue.breaks_for(
            dataset=one.id, measure="", age=one.default_age, place="00", effect="blocks"
        )
        inside = {entry.id for entry in blocking if entry.first_period > f"{one.first_period}-01"}
        allowed = {"scb-aku-month": {"aku-2021"}}.get(one.id, set())
        assert inside - {"rams-to-bas"} == allowed


def test_what_is_never_summed_is_known_by_name() -> None:
    never = catalogue.unsummable()
    assert {"employment_rate", "median_income_ksek", "unemployment_rate_aku_margin"} <= never
    assert not {"employed", "population", "self_sufficient"} & never


def test_an_age_span_is_its_years() -> None:
    assert catalogue.years_of("7") == ("7",)
    assert len(catalogue.years_of("0-99")) == 100
    for wrong in ("", "20-", "-20", "64-20", "20+", "x-y", "²-3"):
        with pytest.raises(UnknownCodeError, match="Not an age span"):
            catalogue.years_of(wrong)


def test_the_listing_says_what_the_figures_are() -> None:
    found = ig.datasets(lang="sv")
    assert "tre inkomstbasbelopp" in found.loc["scb-self-sufficiency", "definition"]
    assert found.loc["scb-rams-1993", "counts"] == ""


def test_the_page_about_datasets_names_each_with_its_table_and_columns() -> None:
    page = (ROOT / "docs/datasets.md").read_text(encoding="utf-8")
    for one in SCB:
        assert f"`{one.id}`" in page
        assert one.table_id in page
        for column in (*one.rates, *one.amounts, *one.extra_keys):
            assert f"`{column}`" in page, (one.id, column)
