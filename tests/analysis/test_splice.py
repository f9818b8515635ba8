"""Splicing: a real revision undone, then the laws and the refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import integstats as ig
from integstats import catalogue
from integstats.analysis.breaks import mark_breaks, refuse_across_breaks, refuse_mixed
from integstats.analysis.series import from_table
from integstats.analysis.splice import splice
from integstats.catalogue import Break
from integstats.errors import IncomparableError, SchemaError, UsageError
from integstats.table import check


def years(
    dataset: str, first: str, values: list[float], *, measure: str = "employed", **keys: str
) -> pd.DataFrame:
    usual = {"vintage": "2026-01-01.0", "place": "00", "age": "20-64", "status": "final"}
    periods = pd.period_range(first, periods=len(values), freq="Y")
    return pd.DataFrame({"dataset": dataset, "period": periods, measure: values, **usual, **keys})


OLD = years("scb-rams-2019", "2018", [100.0, 110, 120, 130])
NEW = years("scb-bas-year", "2020", [126.0, 134, 140])


def test_an_older_vintage_is_lifted_to_the_revised_one(shared: Path) -> None:
    """Region Dalarna's extract, about 0.2 pp above today's figures, and today's without 2020."""
    path = shared / "data/scb/others/andel_arblosa_2020M01_2022M12.xlsx"
    raw = pd.read_excel(path)
    raw = raw[raw["regionkod"].isin([0, 20]) & (raw["år"] <= 2022)]
    older = pd.DataFrame(
        {
            "dataset": "scb-bas-month",
            "vintage": "synthetic-older",
            "place": raw["regionkod"].map({0: "00", 20: "20"}),
            "period": pd.PeriodIndex(raw["tid"].str.replace("M", "-"), freq="M"),
            "birth_region": raw["födelseregion"].map(
                {"inrikes född": "native_born", "utrikes född": "foreign_born"}
            ),
            "age": "20-64",
            "unemployment_rate": raw["andel"] / 100,
            "status": "preliminary",
        }
    )
    now = ig.rates(ig.load("scb-bas-month", places=["riket", "Dalarnas län"]), "unemployment_rate")
    now = now[((now["sex"] == "total") & (now["birth_region"] != "total")).to_numpy()]
    now = now.drop(columns=["sex", "unemployment_rate_note"])
    keys = ["place", "birth_region", "period"]

    def error(found: pd.DataFrame) -> pd.Series:
        plain = found[[*keys, "unemployment_rate"]].astype(dict.fromkeys(keys, str))
        other = now[[*keys, "unemployment_rate"]].astype(dict.fromkeys(keys, str))
        both = plain[plain["period"] < "2021-01"].merge(other, on=keys, suffixes=("", "_now"))
        assert len(both) == 48
        away = both["unemployment_rate"] - both["unemployment_rate_now"]
        return away.groupby([both["place"], both["birth_region"]]).mean()

    newer = now[(now["period"] >= "2021-01").to_numpy()]
    for by in ("overlap_difference", "overlap_ratio"):
        whole = splice(older, newer, measure="unemployment_rate", by=by)
        assert error(whole).abs().max() < 0.0025
        assert error(whole).abs().mean() < 0.5 * error(older).abs().mean()
        adjusted = whole[(whole["status"] == "derived") & (whole["splice_periods"] > 0)]
        assert set(adjusted["splice_note"]) == {f"{by} 2021-01–2022-12, 24 periods"}


def test_the_ratio_and_the_difference_by_hand() -> None:
    ratio = splice(OLD, NEW, measure="employed", by="overlap_ratio")
    assert ratio["employed"].tolist() == pytest.approx([104.0, 114.4, 126, 134, 140])
    assert ratio["splice_adjustment"].tolist()[:2] == pytest.approx([260 / 250] * 2)
    difference = splice(OLD, NEW, measure="employed", by="overlap_difference")
    assert difference["employed"].tolist() == [105.0, 115, 126, 134, 140]
    assert difference["splice_adjustment"].tolist()[:2] == [5.0, 5.0]
    one = splice(OLD, NEW, measure="employed", by="overlap_difference", overlap=("2020", "2020"))
    assert one["employed"].tolist() == [106.0, 116, 126, 134, 140]
    assert one["splice_note"].iloc[0] == "overlap_difference 2020–2020, 1 period"


def test_what_was_spliced_says_so_on_every_row() -> None:
    found = splice(OLD, NEW, measure="employed", by="overlap_ratio")
    assert found["dataset"].unique().tolist() == ["scb-rams-2019;scb-bas-year"]
    assert found["vintage"].unique().tolist() == ["2026-01-01.0;2026-01-01.0"]
    assert found["age"].unique().tolist() == ["20-64"]
    assert found["status"].tolist() == ["derived"] * 2 + ["final"] * 3
    note = "overlap_ratio 2020–2021, 2 periods"
    assert found["splice_note"].tolist() == [note] * 2 + [""] * 3
    assert found["splice_periods"].tolist() == [2, 2, 0, 0, 0]
    assert found["splice_adjustment"].isna().tolist() == [False] * 2 + [True] * 3
    check(found.assign(sex="total", birth_region="total"))
    other_age = splice(OLD, NEW.assign(age="20-65"), measure="employed", by="overlap_ratio")
    assert other_age["age"].unique().tolist() == ["20-64;20-65"]


def test_a_spliced_series_is_one_line_but_for_its_other_breaks() -> None:
    with pytest.raises(IncomparableError):
        refuse_mixed(pd.concat([OLD.iloc[:2], NEW], ignore_index=True), "employed")
    found = splice(OLD, NEW, measure="employed", by="overlap_ratio")
    refuse_mixed(found, "employed")
    refuse_across_breaks(found, "employed", start="2018", end="2022")
    marked = mark_breaks(found, "employed")
    at_seam = "bas-disclosure-noise;bas-preliminary-revised-2026;rams-to-bas"
    assert (marked["segment"] == 0).all()
    assert marked["break_note"].tolist() == ["", "rams-agi-2019", at_seam, "", ""]
    assert len(from_table(found, "employed")) == 5
    older = years("scb-integration-municipality", "2020", [1.0, 2, 3, 4])
    newer = years("scb-bas-year", "2023", [4.0, 5])
    broken = mark_breaks(splice(older, newer, measure="employed", by="overlap_ratio"), "employed")
    assert broken["segment"].tolist() == [0, 0, 1, 1, 1]
    assert broken["break_note"].iloc[2] == "integration-tables-bas"


def test_a_break_of_the_older_after_the_seam_does_not_cut_the_newer() -> None:
    older = years("scb-integration-municipality", "2019", [1.0, 2, 3])
    newer = years("scb-bas-year", "2020", [2.0, 3, 4, 5])
    found = splice(older, newer, measure="employed", by="overlap_ratio")
    assert (mark_breaks(found, "employed")["segment"] == 0).all()


def test_each_place_has_its_own_adjustment_and_row_order_does_not_matter() -> None:
    older = pd.concat([OLD, OLD.assign(place="1280", employed=OLD["employed"] * 2)])
    newer = pd.concat([NEW, NEW.assign(place="1280")])
    found = splice(older, newer, measure="employed", by="overlap_ratio")
    factors = found[found["splice_periods"] > 0].groupby("place")["splice_adjustment"].first()
    assert factors.tolist() == pytest.approx([260 / 250, 260 / 500])
    shuffled = splice(
        older.sample(frac=1, random_state=1),
        newer.iloc[::-1],
        measure="employed",
        by="overlap_ratio",
    )
    pd.testing.assert_frame_equal(found, shuffled, check_categorical=False)


levels = st.lists(st.floats(50, 5000), min_size=6, max_size=12)


@settings(max_examples=25, deadline=None)
@given(levels, st.floats(0.5, 2), st.integers(1, 4))
def test_a_series_that_differs_by_a_factor_is_recovered(
    values: list[float], factor: float, shared_periods: int
) -> None:
    whole = years("scb-bas-year", "2005", values)
    older = years("scb-rams-2004", "2005", [factor * one for one in values[:-1]])
    newer = whole.iloc[len(values) - 1 - shared_periods :]
    found = splice(older, newer, measure="employed", by="overlap_ratio")
    assert np.allclose(found["employed"], values)


@settings(max_examples=25, deadline=None)
@given(levels, st.floats(-40, 40), st.integers(1, 4))
def test_a_series_that_differs_by_an_amount_is_recovered(
    values: list[float], amount: float, shared_periods: int
) -> None:
    whole = years("scb-bas-year", "2005", values)
    older = years("scb-rams-2004", "2005", [one + amount for one in values[:-1]])
    newer = whole.iloc[len(values) - 1 - shared_periods :]
    found = splice(older, newer, measure="employed", by="overlap_difference")
    assert np.allclose(found["employed"], values)
    after = found[(found["splice_periods"] == 0).to_numpy()]
    assert after["employed"].tolist() == newer["employed"].tolist()


def test_a_missing_figure_is_neither_overlap_nor_filled_in() -> None:
    new = NEW.assign(employed=[np.nan, 134.0, 140.0])
    found = splice(OLD, new, measure="employed", by="overlap_difference")
    assert found["period"].astype(str).tolist() == ["2018", "2019", "2020", "2021", "2022"]
    assert found["employed"].tolist() == [104.0, 114, 124, 134, 140]
    holed = OLD.assign(employed=[100.0, np.nan, 120, 130])
    found = splice(holed, NEW, measure="employed", by="overlap_difference")
    assert found["period"].astype(str).tolist() == ["2018", "2020", "2021", "2022"]


def test_inputs_are_left_alone() -> None:
    older, newer = OLD.copy(deep=True), NEW.copy(deep=True)
    splice(older, newer, measure="employed", by="overlap_ratio")
    pd.testing.assert_frame_equal(older, OLD)
    pd.testing.assert_frame_equal(newer, NEW)


@pytest.mark.parametrize(
    ("older", "newer", "options", "said"),
    [
        (OLD.iloc[:2], NEW, {}, "no period has both"),
        (OLD, NEW, {"overlap": ("2022", "2023")}, "no period within 2022–2023"),
        (OLD, pd.concat([NEW, NEW.assign(place="1280")]), {}, "Malmö: no period"),
        (pd.concat([OLD, OLD.assign(age="16-64")]), NEW, {}, "more than one age"),
        (pd.concat([OLD, OLD.assign(dataset="x")]), NEW, {}, "more than one dataset"),
        (OLD.assign(employed=0.0), NEW, {}, "overlap_difference"),
        (
            OLD.assign(employed=[1.0, 110, 120, 150]),
            NEW,
            {"by": "overlap_difference"},
            "impossible figures",
        ),
        (
            OLD.assign(period=OLD["period"].dt.asfreq("M")),
            NEW,
            {},
            "period\\[M\\] and period\\[Y",
        ),
    ],
)
def test_what_cannot_be_spliced(
    older: pd.DataFrame, newer: pd.DataFrame, options: dict[str, object], said: str
) -> None:
    with pytest.raises(IncomparableError, match=said):
        splice(older, newer, **{"measure": "employed", "by": "overlap_ratio", **options})


def test_a_rate_above_one_is_impossible() -> None:
    old = years("scb-rams-2019", "2019", [0.95, 0.6], measure="employment_rate")
    new = years("scb-bas-year", "2020", [0.8, 0.8], measure="employment_rate")
    with pytest.raises(IncomparableError, match="impossible figures of employment_rate"):
        splice(old, new, measure="employment_rate", by="overlap_ratio")


def test_an_overlap_that_is_itself_broken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = Break(
        id="synthetic-break",
        datasets=("scb-bas-year",),
        measures=(),
        ages=(),
        places=(),
        first_period="2021-01",
        effect="blocks",
        text_sv="",
        text_en="Invented.",
        evidence="",
        url="",
    )
    monkeypatch.setattr(catalogue.reading, "breaks", lambda: (inside,))
    with pytest.raises(IncomparableError, match="synthetic-break"):
        splice(OLD, NEW, measure="employed", by="overlap_ratio")
    found = splice(OLD, NEW, measure="employed", by="overlap_ratio", overlap=("2020", "2020"))
    assert mark_breaks(found, "employed")["segment"].tolist() == [0, 0, 0, 1, 1]


def test_a_splice_is_asked_for_in_full() -> None:
    with pytest.raises(UsageError, match="overlap_ratio, overlap_difference"):
        splice(OLD, NEW, measure="employed", by="overlap")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="ends before it begins"):
        splice(OLD, NEW, measure="employed", by="overlap_ratio", overlap=("2021", "2020"))
    with pytest.raises(SchemaError, match="sex"):
        splice(OLD.assign(sex="total"), NEW, measure="employed", by="overlap_ratio")
    with pytest.raises(SchemaError, match="unemployed"):
        splice(OLD, NEW, measure="unemployed", by="overlap_ratio")
    with pytest.raises(SchemaError, match="more than one row"):
        splice(pd.concat([OLD, OLD]), NEW, measure="employed", by="overlap_ratio")
