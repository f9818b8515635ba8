"""Breaks: the catalogue's own first, then what may and may not be one series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import integstats as ig
from integstats import catalogue
from integstats.analysis.breaks import (
    breaks_between,
    breaks_within,
    mark_breaks,
    refuse_across_breaks,
    refuse_mixed,
)
from integstats.catalogue import Break
from integstats.errors import IncomparableError, SchemaError, UnknownCodeError


def series(dataset: str, start: str, end: str, freq: str = "M", **keys: str) -> pd.DataFrame:
    periods = pd.period_range(start, end, freq=freq)
    usual = {"vintage": "2026-01-01.0", "place": "00", "sex": "total", "age": "20-64"}
    counts = {"employed": 1.0, "registered_unemployed": 1.0}
    return pd.DataFrame({"dataset": dataset, "period": periods, **usual, **keys, **counts})


def stack(*frames: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True)


def made(**fields: Any) -> Break:
    usual = {
        "id": "synthetic-break",
        "datasets": ("scb-*",),
        "measures": (),
        "ages": (),
        "places": (),
        "first_period": "2024-05",
        "effect": "blocks",
        "text_sv": "",
        "text_en": "Invented.",
        "evidence": "",
        "url": "",
    }
    return Break(**{**usual, **fields})


# The catalogue's breaks


@pytest.mark.parametrize(
    ("dataset", "freq", "last", "first", "named"),
    [
        ("scb-rams-2019", "Y", "2019", "2020", "rams-to-bas"),
        ("scb-integration-municipality", "Y", "2021", "2022", "integration-tables-bas"),
        ("scb-aku-month", "M", "2020-12", "2021-01", "aku-2021"),
        ("scb-aku-quarter", "Q", "2020Q4", "2021Q1", "aku-2021"),
        ("eurostat-lfs", "Y", "2020", "2021", "eu-lfs-2021"),
        ("af-registered-share", "M", "2021-12", "2022-01", "af-denominator-bas"),
        ("af-registered-share", "M", "2022-12", "2023-01", "af-age-65"),
        ("af-registered-share", "M", "2025-12", "2026-01", "af-age-66"),
    ],
)
def test_a_series_is_cut_at_every_blocking_break(
    dataset: str, freq: str, last: str, first: str, named: str
) -> None:
    frame = series(dataset, last, first, freq)
    marked = mark_breaks(frame, "registered_unemployment_rate")
    assert marked["segment"].tolist() == [0, 1]
    assert marked["break_note"].tolist() == ["", named]
    with pytest.raises(IncomparableError, match=named):
        refuse_across_breaks(frame, "registered_unemployment_rate", start=last, end=first)
    with pytest.raises(IncomparableError, match=named):
        refuse_across_breaks(frame, "registered_unemployment_rate", start=first, end=last)


def test_the_real_snapshot_is_one_segment_with_its_notes() -> None:
    bas = ig.load("scb-bas-month", places=["riket", "Malmö"])
    marked = mark_breaks(bas, "students")
    assert marked["segment"].dtype == np.int64
    assert (marked["segment"] == 0).all()
    noted = marked[(marked["break_note"] != "").to_numpy()]
    assert sorted(noted["period"].astype(str).unique()) == ["2024-01", "2024-08"]
    assert set(noted.loc[noted["period"] == "2024-08", "break_note"]) == {
        "bas-students-august-2024"
    }
    rates = mark_breaks(bas, "unemployment_rate")
    assert "bas-students-august-2024" not in set(rates["break_note"])
    pd.testing.assert_frame_equal(marked[bas.columns], bas)
    refuse_mixed(bas, "unemployment_rate")
    refuse_across_breaks(bas, "unemployment_rate", start="2020-01", end="2026-06")


def test_three_segments_of_the_registered_unemployed() -> None:
    frame = series("af-registered-share", "2021-06", "2026-06")
    marked = mark_breaks(frame, "registered_unemployment_rate").set_index("period")["segment"]
    assert marked.groupby(marked.to_numpy()).agg(["size"]).squeeze().tolist() == [7, 12, 36, 6]
    counts = mark_breaks(frame, "registered_unemployed").set_index("period")["segment"]
    assert counts["2022-01"] == counts["2021-12"] == 0


@pytest.mark.parametrize(
    ("freq", "inside", "before"),
    [("M", "2024-05", "2024-04"), ("Q", "2024Q2", "2024Q1"), ("Y", "2024", "2023")],
)
def test_a_quarter_and_a_year_are_broken_when_they_contain_the_month(
    monkeypatch: pytest.MonkeyPatch, freq: str, inside: str, before: str
) -> None:
    monkeypatch.setattr(catalogue.reading, "breaks", lambda: (made(),))
    keys = {"dataset": "scb-x", "measure": "employed", "age": "20-64", "place": "00"}
    new, old = pd.Period(inside, freq), pd.Period(before, freq)
    assert breaks_between(**keys, start=old, end=new) == (made(),)
    assert breaks_between(**keys, start=new, end=old) == (made(),)
    assert breaks_between(**keys, start=new, end=new + 3) == ()
    assert breaks_between(**keys, start=old - 3, end=old) == ()
    assert breaks_between(**keys, start=old, end=new, effect="notes") == ()


def test_a_group_has_the_breaks_of_its_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue.reading, "breaks", lambda: (made(places=("1283",)),))
    keys = {"dataset": "scb-x", "measure": "employed", "age": "20-64"}
    when = {"start": pd.Period("2024-01", "M"), "end": pd.Period("2025-01", "M")}
    for place, broken in [
        ("1283", True),
        ("1280+1283", True),
        ("group:familjen-helsingborg", True),
        ("1280", False),
        ("dk:461", False),
    ]:
        assert bool(breaks_between(**keys, place=place, **when)) == broken, place


def test_joined_datasets_have_the_breaks_of_both() -> None:
    frame = series("scb-bas-month;scb-aku-month", "2020-12", "2021-01")
    assert mark_breaks(frame, "unemployment_rate")["break_note"].tolist() == ["", "aku-2021"]


# What is one series


def test_a_gap_in_the_data_does_not_hide_a_break() -> None:
    frame = series("scb-aku-month", "2020-01", "2022-01").iloc[[0, 24]]
    marked = mark_breaks(frame.reset_index(drop=True), "unemployment_rate")
    assert marked["segment"].tolist() == [0, 1]
    assert marked["break_note"].tolist() == ["", "aku-2021"]


def test_a_series_that_begins_after_a_break_is_whole() -> None:
    marked = mark_breaks(series("scb-aku-month", "2021-01", "2021-06"), "unemployment_rate")
    assert (marked["segment"] == 0).all()
    assert (marked["break_note"] == "").all()


def test_two_datasets_of_a_place_and_month_stay_apart_in_one_frame() -> None:
    both = stack(
        series("scb-bas-month", "2022-01", "2022-06"), series("scb-aku-month", "2022-01", "2022-06")
    )
    marked = mark_breaks(both, "unemployment_rate")
    assert len(marked) == 12
    assert marked.groupby("dataset")["segment"].nunique().tolist() == [1, 1]
    assert marked.groupby("dataset")["segment"].first().nunique() == 2
    refuse_across_breaks(both, "unemployment_rate", start="2022-01", end="2022-06")
    with pytest.raises(IncomparableError, match=r"scb-aku-month, 20-64 years.*scb-bas-month"):
        refuse_mixed(both, "unemployment_rate")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"dataset": "scb-bas-year"}, "scb-bas-year"),
        ({"age": "20-65"}, "20-65 years"),
        ({"vintage": "2026-08-28.0"}, "vintage 2026-08-28.0"),
    ],
)
def test_figures_of_different_definitions_are_not_joined(
    change: dict[str, str], named: str
) -> None:
    old, new = {"dataset": "scb-bas-month"}, {"dataset": "scb-bas-month", **change}
    both = stack(
        series(start="2022-01", end="2022-06", **old), series(start="2022-07", end="2022-12", **new)
    )
    marked = mark_breaks(both, "employment_rate")
    assert marked["segment"].tolist() == [0] * 6 + [1] * 6
    with pytest.raises(IncomparableError, match=named):
        refuse_across_breaks(both, "employment_rate", start="2022-01", end="2022-12")
    with pytest.raises(IncomparableError, match=named):
        refuse_mixed(both, "employment_rate")


def ages_in_turn(dataset: str = "af-registered-share") -> pd.DataFrame:
    return stack(
        series(dataset, "2022-11", "2022-12", age="16-64"),
        series(dataset, "2023-01", "2025-12", age="16-65"),
        series(dataset, "2026-01", "2026-03", age="16-66"),
    )


def test_ages_that_follow_each_other_are_one_series_cut_at_each_change() -> None:
    frame = ages_in_turn()
    marked = mark_breaks(frame, "registered_unemployment_rate")
    assert marked["segment"].tolist() == [0] * 2 + [1] * 36 + [2] * 3
    noted = marked[(marked["break_note"] != "").to_numpy()]
    assert noted[["period", "break_note"]].astype(str).to_numpy().tolist() == [
        ["2023-01", "af-age-65"],
        ["2026-01", "af-age-66"],
    ]
    assert marked["age"].tolist() == frame["age"].tolist(), "rows keep their real age"
    with pytest.raises(IncomparableError, match=r"af-age-66 \(2026-01\) lies between"):
        refuse_across_breaks(frame, "registered_unemployed", start="2025-06", end="2026-02")
    with pytest.raises(IncomparableError, match=r"af-age-65 \(2023-01\)"):
        refuse_mixed(frame, "registered_unemployed")
    refuse_across_breaks(frame, "registered_unemployed", start="2023-01", end="2025-12")
    assert [one.id for one in breaks_within(frame, "registered_unemployed")] == [
        "af-age-65",
        "af-age-66",
    ]


def test_ages_in_turn_of_another_dataset_are_several_series() -> None:
    frame = ages_in_turn("scb-bas-month")
    marked = mark_breaks(frame, "employed")
    assert marked["segment"].tolist() == [0] * 2 + [1] * 36 + [2] * 3
    assert not marked["break_note"].str.contains("age").any()
    with pytest.raises(IncomparableError, match=r"16-65 years.*not one series"):
        refuse_across_breaks(frame, "employed", start="2022-12", end="2023-01")


def test_two_ages_of_one_month_are_no_succession() -> None:
    twice = stack(
        series("af-registered-share", "2022-11", "2022-12", age="16-64"),
        series("af-registered-share", "2022-12", "2023-01", age="16-65"),
    )
    with pytest.raises(SchemaError, match="more than one row"):
        mark_breaks(twice, "registered_unemployed")


def test_segments_are_numbered_in_the_order_in_which_they_begin() -> None:
    both = stack(
        series("scb-aku-month", "2022-02", "2022-03"), series("scb-bas-month", "2022-01", "2022-03")
    )
    assert mark_breaks(both, "unemployment_rate")["segment"].tolist() == [1, 1, 0, 0, 0]


def test_another_sex_is_another_line_not_another_definition() -> None:
    both = stack(
        series("scb-bas-month", "2022-01", "2022-03", sex="women"),
        series("scb-bas-month", "2022-01", "2022-03", sex="men"),
    )
    assert (mark_breaks(both, "employment_rate")["segment"] == 0).all()
    refuse_mixed(both, "employment_rate")


def test_only_the_place_that_is_broken_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue.reading, "breaks", lambda: (made(places=("1280",)),))
    both = stack(
        series("scb-bas-month", "2024-04", "2024-05", place="1280"),
        series("scb-bas-month", "2024-04", "2024-05", place="1480"),
    )
    assert mark_breaks(both, "employed")["segment"].tolist() == [0, 1, 0, 0]
    with pytest.raises(IncomparableError, match="Malmö: the break synthetic-break"):
        refuse_mixed(both, "employed")
    refuse_mixed(both[(both["place"] == "1480").to_numpy()], "employed")


def test_a_noted_break_does_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        catalogue.reading, "breaks", lambda: (made(effect="notes"), made(id="another"))
    )
    marked = mark_breaks(series("scb-bas-month", "2024-04", "2024-06"), "employed")
    assert marked["segment"].tolist() == [0, 1, 1]
    assert marked["break_note"].tolist() == ["", "another;synthetic-break", ""]


def test_several_measures_have_the_breaks_of_any() -> None:
    frame = series("scb-bas-month", "2022-12", "2023-01")
    assert mark_breaks(frame, "employed")["break_note"].tolist() == ["", ""]
    marked = mark_breaks(frame, ["employed", "unemployment_rate"])
    assert marked["break_note"].tolist() == ["", ""]
    noted = mark_breaks(frame.assign(retired=1.0), ["unemployment_rate", "retired"])
    assert noted["break_note"].tolist() == ["", "bas-retired-2023"]


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_rows_does_not_matter(random: Any, categorical: bool) -> None:
    frame = stack(
        series("scb-aku-month", "2020-10", "2021-03"),
        series("scb-bas-month", "2020-10", "2021-03"),
        series("scb-bas-month", "2020-11", "2021-01", age="16-64"),
        series("scb-aku-month", "2020-10", "2021-03", place="01"),
    )
    order = list(range(len(frame)))
    random.shuffle(order)
    first = mark_breaks(frame, "unemployment_rate")
    shuffled = frame.iloc[order]
    if categorical:
        shuffled = shuffled.astype({"dataset": "category", "place": "category"})
    second = mark_breaks(shuffled, "unemployment_rate")
    assert second["segment"].tolist() == first["segment"].iloc[order].tolist()
    assert second["break_note"].tolist() == first["break_note"].iloc[order].tolist()


@settings(max_examples=25, deadline=None)
@given(
    cuts=st.sets(st.integers(1, 35), max_size=4),
    kept=st.sets(st.integers(0, 35), min_size=2),
)
def test_segments_change_exactly_where_a_break_was_passed(cuts: set[int], kept: set[int]) -> None:
    start = pd.Period("2020-01", "M")
    found = tuple(made(id=f"synthetic-{n}", first_period=str(start + n)) for n in cuts)
    frame = series("scb-x", "2020-01", "2022-12").iloc[sorted(kept)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue.reading, "breaks", lambda: found)
        marked = mark_breaks(frame, "employed")
    at = np.array(sorted(kept))
    passed = np.array([sum(one <= month for one in cuts) for month in at])
    assert (
        marked["segment"].tolist() == (passed - passed[0]).tolist()
        or (np.diff(marked["segment"]).astype(bool) == np.diff(passed).astype(bool)).all()
    )
    listed = [len([one for one in note.split(";") if one]) for note in marked["break_note"]]
    assert listed == [0, *np.diff(passed)]


# What cannot be asked


def test_what_cannot_be_asked_is_said() -> None:
    frame = series("scb-bas-month", "2022-01", "2022-03")
    with pytest.raises(UnknownCodeError, match="'employment_rate'"):
        mark_breaks(frame, "employment_rat")
    with pytest.raises(UnknownCodeError, match="'employment_rate'"):
        mark_breaks(frame, ["employed", "employment_rat"])
    with pytest.raises(UnknownCodeError, match="2022-01 to 2022-03"):
        refuse_across_breaks(frame, "employment_rate", start="2022-01", end="2023-01")
    with pytest.raises(SchemaError, match="age"):
        mark_breaks(frame.drop(columns="age"), "employment_rate")
    with pytest.raises(SchemaError, match="more than one row"):
        mark_breaks(stack(frame, frame), "employment_rate")


def test_an_empty_table_has_nothing_to_mark() -> None:
    empty = mark_breaks(series("scb-bas-month", "2022-01", "2022-03").iloc[:0], "employment_rate")
    assert list(empty.columns[-2:]) == ["segment", "break_note"]
    assert empty["segment"].dtype == np.int64


@pytest.mark.parametrize(("start", "found"), [("2024-06", False), ("2023-08", True)])
def test_a_break_of_one_month_concerns_only_that_month(start: str, found: bool) -> None:
    breaks = breaks_between(
        dataset="scb-bas-month",
        measure="students",
        age="20-64",
        place="00",
        start=pd.Period(start, "M"),
        end=pd.Period(start, "M") + 24,
    )
    assert ("bas-students-august-2024" in [one.id for one in breaks]) is found
