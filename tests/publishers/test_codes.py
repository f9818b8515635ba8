from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
import scb_synthetic
from pxweb_standin import PxWebStandIn, scb_tables

import integstats as ig
from integstats import catalogue, loading
from integstats.errors import SourceChangedError, UnknownCodeError, UsageError
from integstats.publishers import codes
from integstats.publishers.table_meta import TableMeta, read_table_meta

RECORDED = "data/pxweb/v2_scb_transcribed/scb_{}.meta.json"
SYNTHETIC = [
    one.id for one in catalogue.datasets().values() if one.table_id in scb_synthetic.TABLES
]


def recorded(shared: Path, table_id: str) -> TableMeta:
    parsed = json.loads((shared / RECORDED.format(table_id)).read_text(encoding="utf-8"))
    return read_table_meta(
        parsed,
        table_id=table_id,
        codelists={},
        body=b"",
        url="http://localhost/",
        fetched_at=datetime(2026, 1, 2, tzinfo=UTC),
    )


def asked(name: str, **options: object) -> dict[str, tuple[str, ...]]:
    """What would be asked for, of the synthetic table of a dataset."""
    dataset = catalogue.dataset(name)
    meta = scb_synthetic.meta(dataset.table_id)
    given = {"places": None, "ages": None, "start": None, "end": None} | options
    return codes.selection(dataset, meta, codes.pinned(dataset, meta), **given)  # type: ignore[arg-type]


# --- what the catalogue's entries mean -----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("scb-bas-month", {"employed": "number of employed", "population": "total number"}),
        ("scb-bas-month-final", {"unemployed": "number of unemployed", "retired": "retirees"}),
    ],
)
def test_every_code_of_the_two_recorded_tables_is_there(
    shared: Path, name: str, words: dict[str, str]
) -> None:
    dataset = catalogue.dataset(name)
    pins = codes.pinned(dataset, recorded(shared, dataset.table_id))
    assert pins["counts"] == dict(dataset.counts)
    assert pins["keys"]["age"] == dict(dataset.keys["age"].codes)
    assert len(pins["counts"]) == 8
    assert len(pins["keys"]["age"]) == 20
    assert pins["labels"]["Kon"] == {"1": "men", "2": "women", "1+2": "total"}
    for column, label in words.items():
        assert label in pins["labels"]["ContentsCode"][dataset.counts[column]]


def test_the_recorded_labels_say_what_our_columns_are_called(shared: Path) -> None:
    """Two tables, other codes, the same meaning: so no two codes are exchanged."""
    labels = []
    for name in ("scb-bas-month", "scb-bas-month-final"):
        dataset = catalogue.dataset(name)
        pins = codes.pinned(dataset, recorded(shared, dataset.table_id))
        by_code = pins["labels"]["ContentsCode"]
        labels.append({column: by_code[code] for column, code in pins["counts"].items()})
    assert labels[0] == labels[1]
    assert labels[0]["labour_force"] == "number of employed and unemployed (labour force)"
    assert labels[0]["sick"] == "number of sick"


@pytest.mark.parametrize("name", SYNTHETIC)
def test_every_dataset_finds_its_codes_by_the_labels_that_were_seen(name: str) -> None:
    dataset = catalogue.dataset(name)
    table = scb_synthetic.TABLES[dataset.table_id]
    pins = codes.pinned(dataset, scb_synthetic.meta(dataset.table_id))
    assert {*pins["counts"], *pins["rates"], *pins["amounts"]} == {
        *dataset.counts,
        *dataset.rates,
        *dataset.amounts,
    }
    for variable, labels in pins["labels"].items():
        assert set(labels.items()) <= set(table[variable])
    assert len(pins["grouping"]) == len(dataset.groupings)


def test_the_synthetic_tables_cover_every_dataset_but_the_recorded_ones() -> None:
    rest = {one.id for one in catalogue.datasets().values() if one.publisher.id == "scb"}
    assert rest - set(SYNTHETIC) == {"scb-bas-month", "scb-bas-month-final"}


@pytest.mark.parametrize(
    ("name", "column", "label"),
    [
        ("scb-bas-quarter", "labour_force", "antal sysselsatta och arbetslösa (arbetskraften)"),
        ("scb-bas-quarter", "employed", "antal sysselsatta"),
        ("scb-bas-november", "retired", "antal pensionärer"),
        ("scb-bas-november", "sick", "antal sjuka"),
        ("scb-integration-county", "enrolled_unemployed_rate", "Andel inskrivna arbetslösa"),
        ("scb-integration-county", "openly_unemployed_rate", "Andel öppet arbetslösa"),
        ("scb-income-years", "median_income_ksek", "Medianinkomst, tkr"),
        ("scb-income-years", "population", "Antal personer"),
        ("scb-aku-month", "unemployment_rate_aku", "arbetslösa"),
    ],
)
def test_a_column_is_the_content_of_that_label(name: str, column: str, label: str) -> None:
    dataset = catalogue.dataset(name)
    pins = codes.pinned(dataset, scb_synthetic.meta(dataset.table_id))
    code = {**pins["counts"], **pins["rates"], **pins["amounts"]}[column]
    assert pins["labels"][dataset.contents_variable][code] == label


def test_all_foreign_born_are_not_all_foreign_born_immigrants() -> None:
    for name in ("municipality", "county", "country"):
        dataset = catalogue.dataset(f"scb-integration-{name}")
        pins = codes.pinned(dataset, scb_synthetic.meta(dataset.table_id))
        of = {
            (one.words.get("birth_region"), one.words.get("reason")): pins["labels"]["BakgrVar"][
                pins["grouping"][one.code]
            ]
            for one in dataset.groupings
            if "length_of_stay" not in one.words
        }
        assert of["foreign_born", None] == "samtliga utrikes födda"
        assert of["foreign_born", "all_immigrants"] == "samtliga utrikes födda invandrare"
        assert "skyddsbehövande" in of["foreign_born", "protection"]


# --- and when they mean nothing, or two things --------------------------------------------------


def changed(table_id: str, variable: str, **labels: str | None) -> TableMeta:
    """The synthetic table with some labels changed, or (None) their codes taken out."""
    document = scb_synthetic.document(table_id)
    category = document["dimension"][variable]["category"]
    for code, label in labels.items():
        if label is None:
            del category["label"][code]
        else:
            category["label"][code] = label
    category["index"] = {code: at for at, code in enumerate(category["label"])}
    document["size"][document["id"].index(variable)] = len(category["index"])
    return scb_synthetic.meta(table_id, document)


def test_a_pattern_that_fits_nothing_is_an_error() -> None:
    meta = changed("TAB6261", "ContentsCode", X3="antal elever")
    with pytest.raises(
        SourceChangedError,
        match=r"'\^antal studerande\$' \(students\) .* ContentsCode in table TAB6261, but fits 0",
    ):
        codes.pinned(catalogue.dataset("scb-bas-quarter"), meta)


def test_a_pattern_that_fits_two_codes_is_an_error_that_names_both() -> None:
    meta = changed("TAB6261", "ContentsCode", X9="antal sysselsatta och arbetslösa, medeltal")
    with pytest.raises(SourceChangedError, match=r"fits 2: X2 \(.*\), X9 \(.*medeltal\)"):
        codes.pinned(catalogue.dataset("scb-bas-quarter"), meta)


def test_dashes_spaces_and_capitals_do_not_matter() -> None:
    meta = changed("TAB5278", "VistelsetidUF", X1="1-2  År i Sverige")
    pins = codes.pinned(catalogue.dataset("scb-income-years"), meta)
    assert pins["keys"]["length_of_stay"]["1-2"] == "X1"


def test_a_known_code_that_is_gone_is_an_error_with_the_near_ones() -> None:
    meta = changed("TAB3200", "ContentsCode", **{"000002NT": None})
    with pytest.raises(
        SourceChangedError, match=r"no code '000002NT' \(employed\).*Did you mean '000002N"
    ):
        codes.pinned(catalogue.dataset("scb-bas-november"), meta)


def test_a_variable_that_is_gone_is_an_error_that_lists_the_others() -> None:
    document = scb_synthetic.document("TAB3200")
    document["id"][1] = "Kön"
    document["dimension"]["Kön"] = document["dimension"].pop("Kon")
    with pytest.raises(SourceChangedError, match=r"no variable 'Kon' .*Did you mean 'Kön'"):
        codes.pinned(catalogue.dataset("scb-bas-november"), scb_synthetic.meta("TAB3200", document))


def test_a_variable_can_be_named_by_its_label() -> None:
    dataset = catalogue.dataset("scb-aku-month")
    pins = codes.pinned(dataset, scb_synthetic.meta("TAB6512"))
    assert pins["fixed"] == {"ContentsCode": "X2", "XTyp": "X0"}
    assert pins["margins"] == {"ContentsCode": "X3"}
    document = scb_synthetic.document("TAB6512")
    document["dimension"]["XTyp"]["label"] = "bearbetning"
    with pytest.raises(SourceChangedError, match=r"'\^typ av data\$' \(a variable\).*fits 0"):
        codes.pinned(dataset, scb_synthetic.meta("TAB6512", document))


def test_two_words_that_would_mean_one_code_are_an_error() -> None:
    dataset = catalogue.dataset("scb-bas-month")
    twice = replace(dataset, counts={"employed": "000002NT", "students": "000002NT"})
    meta = scb_synthetic.meta("TAB3200")
    keys = catalogue.dataset("scb-bas-november").keys
    with pytest.raises(SourceChangedError, match=r"employed and students \(counts\) both mean"):
        codes.pinned(replace(twice, keys=keys, table_id="TAB3200"), meta)


# --- what is asked for ---------------------------------------------------------------------------


def test_of_counts_the_parts_are_asked_for_and_not_their_totals() -> None:
    codes = asked("scb-bas-november", places=["1280"], start="2024")
    assert codes["Kon"] == ("2", "1")
    assert set(codes["Fodelseregion"]) == {"X0", "X1"}
    assert codes["Region"] == ("1280",)
    assert codes["Alder"] == ("20-64",)
    assert codes["Tid"] == ("2024",)
    assert len(codes["ContentsCode"]) == 8


@pytest.mark.parametrize(
    ("name", "variable", "total"),
    [
        ("scb-rams-1993", "Kon", "4"),
        ("scb-rams-1993", "InrikesUtrikes", "83"),
        ("scb-integration-county", "UtbNiv", "000"),
        ("scb-integration-county", "BakgrVar", "TOT"),
        ("scb-matching", "Kon", "SAMANST"),
        ("scb-aku-month", "InrikesUtrikes", "83"),
        ("scb-income-years", "VistelsetidUF", "X0"),
    ],
)
def test_of_what_cannot_be_summed_the_totals_are_asked_for(
    name: str, variable: str, total: str
) -> None:
    assert total in asked(name)[variable]


def test_only_places_we_know_are_asked_for_when_none_is_named() -> None:
    assert asked("scb-self-sufficiency")["Region"] == ("00", "01", "12", "0180", "1280", "1283")
    assert "1917" not in asked("scb-rams-1993")["Region"]
    assert asked("scb-matching")["Region"] == ("00", "01", "12")


def test_a_kind_of_place_the_table_lacks_is_an_error_that_names_the_right_dataset() -> None:
    with pytest.raises(
        UnknownCodeError,
        match=r"no figures for Malmö.*county, not municipality.*in scb-integration-municipality\.",
    ):
        asked("scb-integration-county", places=["1280"])
    with pytest.raises(UnknownCodeError, match="holds the kinds country"):
        asked("scb-aku-month", places=["12"])
    assert "Region" not in asked("scb-aku-month", places=["00"])


def test_single_years_are_asked_for_one_by_one() -> None:
    codes = asked("scb-population-birth", ages=["20-22", "22-24"])["Alder"]
    assert codes == ("20", "21", "22", "23", "24")
    assert len(asked("scb-population-birth")["Alder"]) == 45
    with pytest.raises(UnknownCodeError, match="Not an age span"):
        asked("scb-population-birth", ages=["all"])


def test_ages_are_asked_for_by_the_publishers_code() -> None:
    assert asked("scb-bas-november", ages=["60-64"])["Alder"] == ("060-64",)
    assert asked("scb-aku-month")["Alder"] == ("tot15-74",)
    with pytest.raises(UnknownCodeError, match="20-63"):
        asked("scb-bas-november", ages=["20-63"])


def test_an_age_outside_a_grouping_names_the_ages_it_has() -> None:
    assert "X4" in asked("scb-integration-county", ages=["55-65"])["BakgrVar"]
    with pytest.raises(UnknownCodeError, match=r"no age '20-64'\. Did you mean '20-65'"):
        asked("scb-integration-county", ages=["20-64"])


def test_fixed_variables_are_asked_for_with_one_code_and_its_margin() -> None:
    codes = asked("scb-aku-month")
    assert codes["XTyp"] == ("X0",)
    assert codes["ContentsCode"] == ("X2", "X3")
    assert codes["Arbetskraftstillh"] == ("SYS", "ALÖS")


@pytest.mark.parametrize(
    ("text", "frequency", "code"),
    [
        ("2020-06", "M", "2020M06"),
        ("2020M06", "M", "2020M06"),
        ("2020Q3", "Q", "2020K3"),
        ("2020K3", "Q", "2020K3"),
        ("2020-Q3", "Q", "2020K3"),
        ("2020", "Y", "2020"),
    ],
)
def test_periods_are_written_as_scb_does(text: str, frequency: str, code: str) -> None:
    assert codes.period_code(text, frequency) == code


@pytest.mark.parametrize(
    ("text", "frequency", "example"),
    [
        ("2024-04", "Q", "a quarter as 2024Q2"),
        ("2024", "M", "a month as 2024-06"),
        ("2024-13", "M", "a month"),
        ("2024-06", "Y", "a year as 2024"),
    ],
)
def test_a_period_of_another_frequency_is_an_error(text: str, frequency: str, example: str) -> None:
    with pytest.raises(UsageError, match=re.escape(example)):
        codes.period_code(text, frequency)


def test_no_period_in_between_is_an_error_that_says_what_there_is() -> None:
    with pytest.raises(UsageError, match="runs from 2024K3 to 2025K1"):
        asked("scb-bas-quarter", start="2026Q1")


# --- from the server to the one table ------------------------------------------------------------


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "data"


@pytest.fixture
def synthetic_server() -> Iterator[PxWebStandIn]:
    with PxWebStandIn(scb_synthetic.tables(), max_calls=1000, time_window=0.05) as running:
        yield running


def brought(name: str, server: PxWebStandIn, data_dir: Path, **options: object) -> pd.DataFrame:
    dataset = catalogue.dataset(name)
    place = {"country": "00", "county": "12", "municipality": "1280"}[dataset.places[-1]]
    given = {"places": [place], "data_dir": data_dir} | options
    loading.fetch(name, base_url=server.base_url, **given)  # type: ignore[arg-type]
    given.pop("start", None)
    return loading.load(name, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SYNTHETIC)
def test_every_dataset_comes_through_a_server_into_the_one_table(
    name: str, synthetic_server: PxWebStandIn, data_dir: Path
) -> None:
    dataset = catalogue.dataset(name)
    table = brought(name, synthetic_server, data_dir)
    columns = {*dataset.counts, *dataset.rates, *dataset.amounts}
    assert columns <= set(table.columns)
    assert set(dataset.extra_keys) <= set(table.columns)
    assert set(table["age"]) == {dataset.default_age}
    assert set(table["sex"]) == {"women", "men", "total"}
    assert "native_born" in set(table["birth_region"])
    assert table["period"].dtype.freq.freqstr[0] == dataset.frequency
    assert table[sorted(columns)].notna().all().all()
    if not dataset.additive:
        assert set(table["status"]) == {dataset.status}
    for rate in dataset.rates:
        assert table[rate].max() > 0.5  # 0-9999 per cent, divided by 100 once
    again = loading.fetch(
        name,
        places=[str(table["place"].iloc[0])],
        base_url=synthetic_server.base_url,
        data_dir=data_dir,
    )
    assert not again.changed


def one(table: pd.DataFrame, **keys: str) -> pd.Series:
    """The one row of these keys; keys not named hold their total."""
    for key in ("sex", "birth_region", "education", "reason", "length_of_stay"):
        if key in table.columns:
            keys.setdefault(key, "total")
    for key, word in keys.items():
        table = table[table[key].astype(str) == word]
    assert len(table) == 1
    return table.iloc[0]


def test_the_final_month_table_becomes_the_one_table(shared: Path, data_dir: Path) -> None:
    with PxWebStandIn(list(scb_tables(shared)), max_calls=1000, time_window=0.05) as server:
        table = brought("scb-bas-month-final", server, data_dir, start="2024-11")
    assert list(table.columns) == [
        *("dataset", "vintage", "place", "period", "sex", "birth_region", "age"),
        *("employed", "unemployed", "labour_force", "students", "retired", "sick", "other"),
        *("population", "status"),
    ]
    assert set(table["dataset"]) == {"scb-bas-month-final"}
    assert set(table["status"]) == {"final", "derived"}
    assert len(table) == 2 * 3 * 3
    row = one(table, period="2024-12", sex="women", birth_region="foreign_born")
    parts = row[["employed", "unemployed", "students", "retired", "sick", "other"]]
    assert row["population"] == pytest.approx(parts.sum(), abs=15)
    rates = ig.rates(table)
    assert rates["unemployment_rate"].between(0, 1).all()


def test_a_grouping_becomes_several_keys(synthetic_server: PxWebStandIn, data_dir: Path) -> None:
    table = brought("scb-integration-municipality", synthetic_server, data_dir)
    codes = {"Region": "1280", "Kon": "2", "UtbNiv": "000", "ContentsCode": "000007K3"}

    def published(background: str, **other: str) -> float:
        cell = codes | {"BakgrVar": background, "Tid": "2024"} | other
        return scb_synthetic.figure("TAB6383", **cell) / 100

    def loaded(**keys: str) -> float:
        return float(one(table, period="2024", **({"sex": "women"} | keys))["employment_rate"])

    foreign = {"birth_region": "foreign_born"}
    assert loaded() == published("TOT")
    assert loaded(birth_region="native_born") == published("SE")
    assert loaded(**foreign) == published("X8")
    assert loaded(**foreign, reason="all_immigrants") == published("X5")
    assert loaded(**foreign, reason="protection") == published("X6")
    assert loaded(**foreign, length_of_stay="0-1") == published("INT010")
    assert loaded(birth_region="nordic") == published("NEXS")
    assert loaded(**foreign, education="post_secondary") == published("X8", UtbNiv="EU")
    assert loaded(sex="total") == published("TOT", Kon="1+2")


def test_another_age_of_a_grouping_is_loaded_by_its_name(
    synthetic_server: PxWebStandIn, data_dir: Path
) -> None:
    table = brought("scb-integration-county", synthetic_server, data_dir, age="25-34")
    assert set(table["age"]) == {"25-34"}
    row = one(table, period="2023", sex="men")
    cell = {"Region": "12", "Kon": "1", "UtbNiv": "000", "BakgrVar": "25-34", "Tid": "2023"}
    assert row["employment_rate"] == pytest.approx(
        scb_synthetic.figure("TAB6384", ContentsCode="000007KE", **cell) / 100
    )


def test_the_survey_comes_with_its_margins(synthetic_server: PxWebStandIn, data_dir: Path) -> None:
    table = brought("scb-aku-month", synthetic_server, data_dir)
    row = one(table, period="2024-12", sex="women", birth_region="foreign_born")
    cell = {"Arbetskraftstillh": "ALÖS", "InrikesUtrikes": "X1", "XTyp": "X0", "Kon": "2"}
    cell |= {"Alder": "tot15-74", "Tid": "2024M12"}
    share, margin = (
        scb_synthetic.figure("TAB6512", ContentsCode=code, **cell) / 100 for code in ("X2", "X3")
    )
    assert row["unemployment_rate_aku"] == pytest.approx(share)
    assert row["unemployment_rate_aku_margin"] == pytest.approx(margin)
    assert row["place"] == "00"


def test_single_years_are_summed_to_the_span_that_is_asked_for(
    synthetic_server: PxWebStandIn, data_dir: Path
) -> None:
    table = brought("scb-population-birth", synthetic_server, data_dir)
    assert set(table["status"]) == {"derived"}
    women = [
        scb_synthetic.figure(
            *("TAB4823",),
            Region="1280",
            Alder=str(age),
            Kon="2",
            Fodelseregion="11",
            ContentsCode="000001NS",
            Tid="2024",
        )
        for age in range(20, 65)
    ]
    row = one(table, period="2024", sex="women", birth_region="foreign_born")
    assert row["population"] == sum(women)
    narrower = loading.load("scb-population-birth", places=["1280"], age="20-24", data_dir=data_dir)
    row = one(narrower, period="2024", sex="women", birth_region="foreign_born")
    assert row["population"] == sum(women[:5])


def test_published_totals_of_amounts_are_the_publishers(
    synthetic_server: PxWebStandIn, data_dir: Path
) -> None:
    table = brought("scb-income-years", synthetic_server, data_dir)
    row = one(table, period="2024")
    cell = {"Region": "1280", "Kon": "X2", "Fodelseregion": "X0", "VistelsetidUF": "X0"}
    cell |= {"Alder": "X1", "Tid": "2024"}
    assert row["median_income_ksek"] == scb_synthetic.figure("TAB5278", ContentsCode="X1", **cell)
    assert row["population"] == scb_synthetic.figure("TAB5278", ContentsCode="X3", **cell)
    assert row["status"] == "final"


def test_the_codes_stay_pinned_when_the_publisher_rewords_a_label(
    synthetic_server: PxWebStandIn, data_dir: Path
) -> None:
    before = brought("scb-bas-quarter", synthetic_server, data_dir)
    synthetic_server.tables["TAB6261"].relabel("ContentsCode", "X0", "sysselsatta, antal")
    again = loading.load("scb-bas-quarter", places=["1280"], data_dir=data_dir)
    pd.testing.assert_frame_equal(before, again)
    with pytest.raises(SourceChangedError, match="antal sysselsatta"):
        loading.fetch("scb-bas-quarter", base_url=synthetic_server.base_url, data_dir=data_dir)


def test_rates_leaves_a_published_rate_as_it_is(
    synthetic_server: PxWebStandIn, data_dir: Path
) -> None:
    table = brought("scb-rams-2019", synthetic_server, data_dir)
    for found in (ig.rates(table), ig.rates(table, "gainful_employment_rate")):
        pd.testing.assert_frame_equal(found[list(table.columns)], table)
        assert set(found["gainful_employment_rate_note"]) == {""}


def test_groups_are_never_pooled_from_rates(synthetic_server: PxWebStandIn, data_dir: Path) -> None:
    table = brought("scb-rams-2019", synthetic_server, data_dir, places=["1280", "1283"])
    with pytest.raises(ig.errors.IncomparableError, match="no counts to pool"):
        ig.pool(table, ["1280", "1283"])
    income = brought("scb-income-years", synthetic_server, data_dir, places=["1280", "1283"])
    pooled = ig.pool(income, ["1280", "1283"])
    assert "population" in pooled.columns
    assert "median_income_ksek" not in pooled.columns


@pytest.mark.parametrize("cells", [1, 6, 7, 30, 10_000])
def test_a_selection_divided_by_places_is_whole_and_within_the_limit(cells: int) -> None:
    dataset = catalogue.dataset("scb-bas-month")
    places = ("00", "12", "1280", "1480", "0180")
    selection = {"Region": places, "Kon": ("1", "2"), "Tid": ("2024M01", "2024M02", "2024M03")}
    calls = codes.by_places(dataset, selection, cells=cells)
    assert tuple(place for call in calls for place in call["Region"]) == places
    assert all(call["Kon"] == ("1", "2") and len(call["Tid"]) == 3 for call in calls)
    assert all(6 * len(call["Region"]) <= cells or len(call["Region"]) == 1 for call in calls)
