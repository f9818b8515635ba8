from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats import table as one_table
from integstats.errors import SchemaError


def build(rows: list[dict[str, object]]) -> pd.DataFrame:
    base = {
        "dataset": "synthetic-x",
        "vintage": "2026-01-01.00000000",
        "place": "00",
        "period": pd.Period("2024-01", "M"),
        "sex": "women",
        "birth_region": "foreign_born",
        "age": "20-64",
        "unemployed": 1.0,
        "status": "final",
    }
    return pd.DataFrame([base | row for row in rows])


def test_check_accepts_a_table_and_names_a_duplicated_key() -> None:
    good = build([{"sex": "women"}, {"sex": "men"}])
    one_table.check(good)
    with pytest.raises(SchemaError, match=r"place=00.*sex=women"):
        one_table.check(pd.concat([good, good.iloc[:1]], ignore_index=True))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"status": "guess"}, "guess"),
        ({"place": None}, "place"),
    ],
)
def test_check_names_what_is_wrong(change: dict[str, object], named: str) -> None:
    with pytest.raises(SchemaError, match=named):
        one_table.check(build([change]))


def test_check_wants_periods() -> None:
    with pytest.raises(SchemaError, match="Period"):
        one_table.check(build([{}]).assign(period="2024-01"))


def test_check_names_the_missing_column() -> None:
    with pytest.raises(SchemaError, match="birth_region"):
        one_table.check(build([{}]).drop(columns="birth_region"))


def test_an_extra_text_column_is_a_key_and_a_number_is_not() -> None:
    frame = build([{"education": "upper", "note": "", "unemployed_status": "final"}])
    assert one_table.key_columns(frame)[-1] == "education"
    assert "unemployed" not in one_table.key_columns(frame)
    assert "unemployed_status" not in one_table.key_columns(frame)


texts = st.text("abcåäö019", max_size=3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(texts, texts, st.integers(0, 3)), min_size=1, max_size=30), st.booleans())
def test_row_ids_are_equal_exactly_where_the_keys_are(
    rows: list[tuple[str, str, int]], categorical: bool
) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b", "c"])
    if categorical:
        frame = frame.astype({"a": "category"})
    ids = one_table.row_ids(frame, ["a", "b", "c"])
    for i, first in enumerate(rows):
        for j, second in enumerate(rows):
            assert (ids[i] == ids[j]) == (first == second)


def test_row_ids_survive_more_combinations_than_an_integer_holds() -> None:
    frame = pd.DataFrame(
        {f"k{n}": [f"{(i * (n + 1)) % 997}" for i in range(997)] for n in range(12)}
    )
    assert len(np.unique(one_table.row_ids(frame, list(frame.columns)))) == 997


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-50, 50), max_size=20),
    st.lists(st.integers(-(10**12), 10**12), max_size=20, unique=True),
)
def test_match_rows_finds_what_a_dictionary_finds(left: list[int], right: list[int]) -> None:
    where = {value: at for at, value in enumerate(right)}
    found = one_table.match_rows(np.array(left, dtype=np.int64), np.array(right, dtype=np.int64))
    assert found.tolist() == [where.get(value, -1) for value in left]
    rows = np.arange(len(right))[::-1] * 300
    moved = one_table.match_rows(
        np.array(left, dtype=np.int64), np.array(right, dtype=np.int64), rows=rows
    )
    assert moved.tolist() == [-1 if at < 0 else rows[at] for at in found]


def test_a_key_that_stands_twice_among_chosen_rows_is_named() -> None:
    frame = build([{"place": "01"}, {"place": "01"}, {"place": "03"}])
    one_table.require_unique(frame, ["place"], what="It", rows=np.array([1, 2]))
    with pytest.raises(SchemaError, match=r"It has 1 keys .* place=01"):
        one_table.require_unique(frame, ["place"], what="It", rows=np.array([2, 0, 1]))


@pytest.mark.parametrize("kind", ["category", "str", "object"])
def test_words_are_found_whatever_they_are_stored_as(kind: str) -> None:
    words = pd.Series(["men", "women", None, "total"], dtype=kind)
    assert one_table.recoded(words, ["women", "men"]).tolist() == [1, 0, -1, -1]
    assert one_table.holds(words, "men").tolist() == [True, False, False, False]
    assert not one_table.holds(words, "boys").any()


def test_missing_periods_are_equal_to_each_other_and_to_nothing_else() -> None:
    periods = pd.Series(pd.PeriodIndex(["2024-01", None, "2024-03", None], freq="M"))
    ids = one_table.row_ids(pd.DataFrame({"period": periods}), ["period"])
    assert len(np.unique(ids)) == 3
    assert ids[1] == ids[3]


def test_totals_are_sums_marked_derived_and_a_missing_part_stays_missing() -> None:
    frame = build(
        [
            {"sex": sex, "birth_region": birth, "unemployed": value}
            for sex, birth, value in [
                ("women", "foreign_born", 3.0),
                ("men", "foreign_born", 4.0),
                ("women", "native_born", 5.0),
                ("men", "native_born", np.nan),
            ]
        ]
    )
    whole = one_table.add_totals(frame).set_index(["sex", "birth_region"])
    assert whole.loc[("total", "foreign_born"), "unemployed"] == 7
    assert whole.loc[("women", "total"), "unemployed"] == 8
    assert np.isnan(whole.loc[("total", "native_born"), "unemployed"])
    assert np.isnan(whole.loc[("total", "total"), "unemployed"])
    assert whole.loc[("total", "foreign_born"), "status"] == "derived"
    assert len(whole) == 9


def test_a_published_total_wins_over_a_sum() -> None:
    frame = build(
        [
            {"sex": "women", "unemployed": 3.0},
            {"sex": "men", "unemployed": 4.0},
            {"sex": "total", "unemployed": 8.0},
        ]
    )
    whole = one_table.add_totals(frame, ["sex"])
    assert whole.loc[whole["sex"] == "total", "unemployed"].tolist() == [8.0]
    assert len(whole) == 3


def test_a_sex_without_its_counterpart_gets_no_total() -> None:
    assert len(one_table.add_totals(build([{"sex": "women"}]), ["sex"])) == 1


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(8)))
def test_totals_do_not_depend_on_the_order_of_rows(order: list[int]) -> None:
    frame = build(
        [
            {"sex": sex, "birth_region": birth, "place": place, "unemployed": float(n)}
            for n, (sex, birth, place) in enumerate(
                (s, b, p)
                for s in ("women", "men")
                for b in ("foreign_born", "native_born")
                for p in ("01", "0180")
            )
        ]
    )
    whole = one_table.sort(one_table.add_totals(frame))
    shuffled = one_table.sort(one_table.add_totals(frame.iloc[order].reset_index(drop=True)))
    keys = one_table.key_columns(whole)
    pd.testing.assert_frame_equal(
        whole.astype(dict.fromkeys(keys, str)).sort_values(keys, ignore_index=True),
        shuffled.astype(dict.fromkeys(keys, str)).sort_values(keys, ignore_index=True),
        check_categorical=False,
    )


def test_stacking_frames_keeps_categories_and_codes() -> None:
    first = build([{"place": "0180"}]).astype({"place": "category"})
    second = build([{"place": "1280"}]).astype({"place": "category"})
    both = one_table.concat([first, second])
    assert both["place"].tolist() == ["0180", "1280"]
    assert isinstance(both["place"].dtype, pd.CategoricalDtype)


def test_a_period_outside_the_data_says_what_there_is() -> None:
    with pytest.raises(SchemaError, match=r"2024-01 to 2024-01"):
        one_table.select_periods(build([{}]), "2025-01", None)


@pytest.mark.parametrize("text", ["juni", "2024-13", "20xx"])
def test_an_unreadable_period_says_how_to_write_one(text: str) -> None:
    with pytest.raises(SchemaError, match="2024-06"):
        one_table.parse_period(text, "M")
