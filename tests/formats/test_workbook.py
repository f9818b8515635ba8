from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from af_workbooks import (
    SHARE_FIELDS,
    TIME_COUNTS,
    Cell,
    places,
    share_records,
    share_workbook,
    time_workbook,
    workbook,
)

from integstats import catalogue
from integstats.analysis.breaks import breaks_between, mark_breaks
from integstats.analysis.rates import rates
from integstats.catalogue import workbooks
from integstats.errors import SchemaError, SmallBaseWarning
from integstats.formats import workbook as reader
from integstats.table import add_totals, check

SHARE = catalogue.dataset("af-registered-share")
TIME = catalogue.dataset("af-time-without-work")
COUNTRY = catalogue.dataset("af-time-country")
SINCE = catalogue.dataset("af-registered-since-1996")
WEAK = catalogue.dataset("af-weak-position")


def row(table: pd.DataFrame, **keys: str) -> pd.Series:
    chosen = np.logical_and.reduce([(table[k].astype(str) == v) for k, v in keys.items()])
    assert chosen.sum() == 1
    return table[chosen].iloc[0]


def test_the_share_file_becomes_the_one_table() -> None:
    table = reader.read(share_workbook(["2025-12", "2026-01"]), dataset=SHARE, vintage="v")
    check(table)
    assert len(table) == (290 + 21 + 1) * 2 * 9
    assert set(table["vintage"]) == {"v"}
    codes = [code for code, _, _ in places()]
    n = codes.index("1262")
    women = row(table, place="1262", period="2026-01", sex="women", birth_region="foreign_born")
    assert women["registered_unemployed"] == 10 + n + 1
    assert women["labour_force"] == pytest.approx(100 + n + 1 / 12)
    assert women["status"] == "final"


def test_the_share_is_of_summed_counts_and_never_a_mean_of_shares() -> None:
    table = reader.read(share_workbook(["2026-01"]), dataset=SHARE, vintage="v")
    keys = {"sex": "women", "birth_region": "foreign_born", "period": "2026-01"}
    codes = [code for code, _, _ in places()]
    sok = sum(10 + n for n in range(290)) + 7
    ak = sum(100 + n + 1 / 12 for n in range(290))
    whole = row(rates(table), place="00", **keys)
    assert whole["registered_unemployment_rate"] == pytest.approx(sok / ak)
    assert whole["status"] == "derived"
    skane = [n for n, code in enumerate(codes) if code[:2] == "12"]
    county = row(table, place="12", **keys)
    assert county["registered_unemployed"] == sum(10 + n for n in skane) + 7, "with the residual"
    assert county["labour_force"] == pytest.approx(sum(100 + n + 1 / 12 for n in skane))


def test_a_share_without_a_labour_force_is_missing() -> None:
    records = share_records(["2026-01"])
    at = SHARE_FIELDS.index("UTRKAK")
    for record, force in zip(records[:2], (0.0, None), strict=True):
        record[at] = force
    content = workbook({"Info": []}, caches=[(SHARE_FIELDS, records)])
    with pytest.warns(SmallBaseWarning):
        table = rates(reader.read(content, dataset=SHARE, vintage="v"))
    for place in [code for code, _, _ in places()][:2]:
        one = row(table, place=place, sex="women", birth_region="foreign_born")
        assert np.isnan(one["registered_unemployment_rate"])
    assert np.isnan(
        row(table, place="00", sex="women", birth_region="foreign_born")["labour_force"]
    )


def test_ages_and_breaks_follow_the_months() -> None:
    months = ["2022-12", "2023-01", "2025-12", "2026-01"]
    table = reader.read(share_workbook(months), dataset=SHARE, vintage="v")
    own = table[(table["place"] == "1280") & (table["sex"] == "women")]
    own = own[own["birth_region"] == "foreign_born"].sort_values("period")
    assert own["age"].astype(str).tolist() == ["16-64", "16-65", "16-65", "16-66"]
    marked = mark_breaks(own.reset_index(drop=True), "registered_unemployment_rate")
    assert len(set(marked["segment"])) == 3, "no line is drawn over a change of ages"
    for before, after, name in (("2022-12", "2023-01", "65"), ("2025-12", "2026-01", "66")):
        found = breaks_between(
            dataset="af-registered-share",
            measure="registered_unemployment_rate",
            age="16-65",
            place="1280",
            start=pd.Period(before, "M"),
            end=pd.Period(after, "M"),
            effect="blocks",
        )
        assert [one.id for one in found] == [f"af-age-{name}"]


def test_a_hidden_count_is_an_interval_and_so_is_every_sum_with_it() -> None:
    table = reader.read(time_workbook(["2026-01"]), dataset=TIME, vintage="v")
    check(table)
    hidden = row(table, place="2403", sex="total", birth_region="native_born")
    assert np.isnan(hidden["without_work_24"])
    assert (hidden["without_work_24_low"], hidden["without_work_24_high"]) == (0, 4)
    abroad = row(table, place="2403", sex="total", birth_region="foreign_born")
    assert np.isnan(abroad["without_work_24"])
    assert (abroad["without_work_24_low"], abroad["without_work_24_high"]) == (0, 8)
    for place in ("24", "00"):
        whole = row(table, place=place, sex="women", birth_region="total")
        assert np.isnan(whole["without_work_24"])
        assert whole["without_work_24_high"] - whole["without_work_24_low"] == 4
    open_ = row(table, place="1280", sex="total", birth_region="total")
    assert open_["without_work_24"] == open_["without_work_24_low"]
    assert "without_work_12_low" not in table, "nothing of it is hidden"


def test_sums_of_sexes_keep_the_interval() -> None:
    table = reader.read(time_workbook(["2026-01"]), dataset=TIME, vintage="v")
    women_and_men = table[(table["birth_region"] == "total") & (table["sex"] != "total")]
    summed = add_totals(women_and_men.reset_index(drop=True), ["sex"])
    both = row(summed, place="2403", sex="total")
    assert np.isnan(both["without_work_24"])
    assert (both["without_work_24_low"], both["without_work_24_high"]) == (0, 8)


def test_europe_does_not_include_sweden() -> None:
    table = reader.read(time_workbook(["2026-01"]), dataset=TIME, vintage="v")
    parts = [
        row(table, place="1280", sex="total", birth_region=region)["registered_unemployed"]
        for region in ("europe_except_sweden", "other_countries", "foreign_born")
    ]
    assert parts[0] + parts[1] == parts[2]


def test_the_national_crossing_is_summed_over_what_is_not_a_key() -> None:
    fields = ("PERIOD", "KOEN", "ALDGR", "FH", "FLAND", "INSAL", "UA06", "UA12", "UA24")
    records: list[list[Cell]] = [
        ["2026-08", sex, age, "Nej", land, 10 * factor, 5 * factor, 2 * factor, factor]
        for factor, (sex, age, land) in enumerate(
            (
                (sex, age, land)
                for sex in ("K", "M")
                for age in ("16-24", "25-66")
                for land in ("Sverige", "Europa", "Övriga länder")
            ),
            start=1,
        )
    ]
    table = reader.read(
        workbook({"Info": []}, caches=[(fields, records)]), dataset=COUNTRY, vintage="v"
    )
    assert set(table["place"]) == {"00"}
    women = row(table, sex="women", birth_region="foreign_born")
    assert women["registered_unemployed"] == 10 * (2 + 3 + 5 + 6)
    assert women["without_work_24"] == 2 + 3 + 5 + 6
    assert row(table, sex="men", birth_region="total")["without_work_6"] == 5 * sum(range(7, 13))


def since(extra: Sequence[Sequence[Cell]] = (), *, months: Sequence[str] = ("2026-08",)) -> bytes:
    fields = ("PERIOD", "KOEN", "LAN", "KOMMUN_BESKR", "INSAL", "FODLGRP")
    records = [
        [month, sex, county, name, 3, region]
        for month in months
        for _, county, name in places()
        for sex in ("Kvinnor", "Män")
        for region in ("Sverige", "Norden utom Sverige", "Asien")
    ]
    return workbook({"Info": []}, caches=[(fields, [*records, *map(list, extra)])])


def test_groups_of_countries_are_kept_as_they_come_and_summed_to_foreign_born() -> None:
    extra = [["2026-08", "Kvinnor", "Skåne län", "Lomma", 5, "Okänt"]]
    table = reader.read(since(extra), dataset=SINCE, vintage="v")
    women = table[(table["place"] == "1262") & (table["sex"] == "women")]
    found = dict(zip(women["birth_region"], women["registered_unemployed"], strict=True))
    assert found == {
        "native_born": 3,
        "Norden utom Sverige": 3,
        "Asien": 3,
        "unknown": 5,
        "foreign_born": 6,
        "total": 14,
    }
    check(add_totals(table))


@pytest.mark.parametrize("label", ["Utrikes född", "Norden inkl. Sverige", "Eurasien", "3"])
def test_a_group_of_countries_that_was_not_foreseen_is_an_error_that_says_what_to_do(
    label: str,
) -> None:
    extra = [["2026-08", "Kvinnor", "Skåne län", "Lomma", 5, label]]
    with pytest.raises(SchemaError) as caught:
        reader.read(since(extra), dataset=SINCE, vintage="v")
    said = str(caught.value)
    assert f"FODLGRP of af-registered-since-1996 has {label!r}" in said
    for part in ("^sverige$ (native_born)", "begin with afrika, asien", "workbooks.toml"):
        assert part in said
    assert "\n" not in said


def test_without_a_label_for_sweden_nobody_is_taken_to_be_born_abroad() -> None:
    fields = ("PERIOD", "KOEN", "LAN", "KOMMUN_BESKR", "INSAL", "FODLGRP")
    records = [
        ["2026-08", "K", county, name, 3, region]
        for _, county, name in places()
        for region in ("Norden", "Asien")
    ]
    content = workbook({"Info": []}, caches=[(fields, records)])
    with pytest.raises(SchemaError, match=r"no label for native_born.*'Norden', 'Asien'"):
        reader.read(content, dataset=SINCE, vintage="v")


def test_time_without_work_knows_its_three_groups_only() -> None:
    content = time_workbook(["2026-08"], regions=["Sverige", "Europa", "Asien"])
    with pytest.raises(SchemaError, match=r"FÖDELSELAND of af-time-without-work has 'Asien'"):
        reader.read(content, dataset=TIME, vintage="v")


# What others have published of the same files


def published(name: str, factor: float = 1.0) -> pd.DataFrame:
    """A table that adds up to the totals of the catalogue, times a factor."""
    totals = workbooks.reference_totals(name)
    rows = {}
    for one in totals:
        row = rows.setdefault(one.sex, {"sex": one.sex, "period": pd.Period(one.month, "M")})
        row[one.count] = factor * one.value
    return pd.DataFrame(rows.values()).assign(place="00", birth_region="total")


@pytest.mark.parametrize("name", list(workbooks.layouts()))
def test_the_published_totals_are_compared(name: str) -> None:
    dataset = catalogue.dataset(name)
    reader.require_totals(published(name), dataset)
    reader.require_totals(published(name, 1.015), dataset)
    for factor in (0.5, 0.97, 1.03, 2.0):
        with pytest.raises(SchemaError, match=r"2026-08, but 349,398 were published \(± 2 %; Utv"):
            reader.require_totals(published(name, factor), dataset)
    other_month = published(name, 2.0).assign(period=pd.Period("2026-07", "M"))
    reader.require_totals(other_month, dataset)


def test_women_and_men_are_the_published_total() -> None:
    totals = {
        one.sex: one.value
        for one in workbooks.reference_totals("af-registered-share")
        if one.count == "registered_unemployed"
    }
    assert totals["women"] + totals["men"] == totals["total"] == 349_398


def test_a_hidden_count_is_compared_by_its_ends() -> None:
    table = published("af-time-country")
    table["without_work_24"] = np.nan
    ends = {"without_work_24_low": 81_000.0, "without_work_24_high": 84_000.0}
    reader.require_totals(table.assign(**ends), COUNTRY)
    ends["without_work_24_high"] = 81_100.0
    with pytest.raises(SchemaError, match=r"adds up to 81,000–81,100 without_work_24"):
        reader.require_totals(table.assign(**ends), COUNTRY)


def test_an_invented_workbook_is_not_taken_for_the_file_of_that_month() -> None:
    table = reader.read(share_workbook(["2026-08"]), dataset=SHARE, vintage="v")
    with pytest.raises(SchemaError, match=r"registered_unemployed \(total\) in 2026-08"):
        reader.require_totals(table, SHARE)


def test_old_counties_and_heby_are_found_and_counties_follow_the_rows() -> None:
    old = [
        ["2006-12", "Kvinnor", "Västmanlands län", "Heby", 4, "Asien"],
        ["2006-12", "Kvinnor", "Uppsala län", "Heby", 1, "Asien"],
        ["1996-01", "Kvinnor", "Skaraborgs län", "Habo", 2, "Asien"],
        ["1996-01", "Kvinnor", "Malmöhus län", "Lomma", 9, "Asien"],
        ["1996-01", "Kvinnor", "Kopparbergs län", "Malung", 8, "Asien"],
    ]
    table = reader.read(since(old), dataset=SINCE, vintage="v")
    keys = {"sex": "women", "birth_region": "foreign_born"}
    heby = row(table, place="0331", period="2006-12", **keys)
    assert (heby["registered_unemployed"], heby["status"]) == (5, "derived")
    assert row(table, place="19", period="2006-12", **keys)["registered_unemployed"] == 4
    assert row(table, place="03", period="2006-12", **keys)["registered_unemployed"] == 1
    assert row(table, place="12", period="1996-01", **keys)["registered_unemployed"] == 9
    assert row(table, place="2023", period="1996-01", **keys)["registered_unemployed"] == 8
    assert row(table, place="0643", period="1996-01", **keys)["registered_unemployed"] == 2


def test_a_weak_position_is_summed_over_the_time_without_work() -> None:
    fields = ("PERIOD", "KOEN", "LAN_BESKR", "KOMMUN_BESKR", "KUA12", "UTSATTA", "SAMTLIGA")
    records: list[list[Cell]] = [
        ["2026-08", sex, county, name, long, 2, 3]
        for _, county, name in places()
        for sex in ("K", "M")
        for long in ("Ja", "Nej")
    ]
    content = workbook({"Info": []}, caches=[(fields, records)])
    table = reader.read(content, dataset=WEAK, vintage="v")
    lomma = row(table, place="1262", sex="women")
    assert (lomma["weak_position"], lomma["registered_unemployed"]) == (4, 6)
    assert lomma["status"] == "derived"


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (("KOM", "Lomma", "Loma"), r"Unknown municipality .*'Loma' under Skåne län\. Did you mean"),
        (("LAN", "Skåne län", "Skånska län"), r"Unknown county .*'Skånska län'"),
        (("PERIOD", "2026-01", "januari"), r"PERIOD has 'januari', expected a month"),
        (("KOM", "Lomma", "Uppsala"), r"'Uppsala' under Skåne län"),
        (("LAN", "Skåne län", "Uppgift saknas"), r"stands without a county"),
        (("TOTSOK", None, "x"), r"TOTSOK has 'x', expected a count"),
        (("TOTSOK", None, -1), r"TOTSOK has a negative count"),
    ],
)
def test_what_the_catalogue_does_not_know_is_an_error(
    change: tuple[str, Cell, Cell], match: str
) -> None:
    records = share_records(["2026-01"])
    field, old, new = change
    at = SHARE_FIELDS.index(field)
    for record in records:
        if record[SHARE_FIELDS.index("KOM")] == "Lomma" and old in (None, record[at]):
            record[at] = new
    content = workbook({"Info": []}, caches=[(SHARE_FIELDS, records)])
    with pytest.raises(SchemaError, match=match):
        reader.read(content, dataset=SHARE, vintage="v")


def test_fewer_than_290_municipalities_are_an_error(shared: Path) -> None:
    """The stored synthetic file has six."""
    file = next((shared / "data/af/synthetic").glob("*andel-av-bas*.xlsx"))
    with pytest.raises(SchemaError, match=r"has 6 municipalities in 2026-08, expected 290"):
        reader.read(file, dataset=SHARE, vintage="v")


def test_one_lacking_municipality_is_named() -> None:
    records = [one for one in share_records(["2026-01"]) if one[2] != "Lomma"]
    content = workbook({"Info": []}, caches=[(SHARE_FIELDS, records)])
    with pytest.raises(SchemaError, match=r"has 289 municipalities in 2026-01.*Lomma"):
        reader.read(content, dataset=SHARE, vintage="v")


@pytest.mark.parametrize(
    ("word", "match"),
    [
        ("X", r"KOEN of af-registered-since-1996 has 'X'.*k\(vinna.*\(women\).*\(men\).*add it"),
        ("Totalt", "KOEN of .* has 'Totalt'"),
        ("", "KOEN of .* has ''"),
    ],
)
def test_an_unknown_sex_is_an_error(word: str, match: str) -> None:
    extra = [["2026-08", word, "Skåne län", "Lomma", 5, "Asien"]]
    with pytest.raises(SchemaError, match=match):
        reader.read(since(extra), dataset=SINCE, vintage="v")


def test_a_total_among_the_groups_of_countries_is_an_error() -> None:
    extra = [["2026-08", "Kvinnor", "Skåne län", "Lomma", 5, "Totalt"]]
    with pytest.raises(SchemaError, match=r"FODLGRP of .* has 'Totalt'"):
        reader.read(since(extra), dataset=SINCE, vintage="v")


def test_a_changed_sign_for_hidden_is_an_error() -> None:
    rows: list[list[Cell]] = [["PERIOD", "LÄN", "KOMMUN", *TIME_COUNTS]]
    rows.append(["2026-08", "Skåne län", "Lomma", 9, "..", 3, 2])
    with pytest.raises(SchemaError, match=r"6 månader has '\.\.', expected a count"):
        reader.read(workbook({"Total": rows}), dataset=TIME, vintage="v")
