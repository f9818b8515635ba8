"""Shift-share: a textbook's three regions, and components that add up."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.analysis.shift_share import shift_share
from integstats.errors import SchemaError, UnknownCodeError, UsageError

NUMBERS = ["growth", "national", "mix", "regional"]


def long(counts: dict[str, list[list[float]]], years: list[int]) -> pd.DataFrame:
    """Place to one list of counts per period."""
    return pd.DataFrame(
        [
            (place, pd.Period(str(year), "Y"), f"g{at}", float(count))
            for place, periods in counts.items()
            for year, period in zip(years, periods, strict=True)
            for at, count in enumerate(period)
        ],
        columns=["place", "period", "industry", "employed"],
    )


def split(frame: pd.DataFrame, **options: object) -> pd.DataFrame:
    call = {"count": "employed", "groups": ["industry"], "reference": "00", "start": "2020"}
    return shift_share(frame, **{**call, "end": "2024", **options}).terms  # type: ignore[arg-type]


def test_textbook_regions_of_farhauer_and_kroell(shared: Path) -> None:
    answers = json.loads((shared / "data/method/known_answers.json").read_text("utf-8"))
    expected = next(one for one in answers if one["id"] == "shift_share")["expected"]
    places = {"00": expected["nation"], **{k: v for k, v in expected.items() if k != "nation"}}
    frame = long({place: [one["t"], one["t1"]] for place, one in places.items()}, [2020, 2024])
    found = split(frame).set_index("place")
    for place in ("region_A", "region_B", "region_C"):
        got = found.loc[place, NUMBERS].tolist()
        assert got == pytest.approx([expected[place][name] for name in NUMBERS], abs=1e-9)
    assert (found["allocation"] == 0).all()


def test_real_industries_of_freiburg_add_up(shared: Path) -> None:
    raw = pd.read_csv(shared / "data/method/reat_freiburg_shiftshare.csv")
    counts = {
        "00": [raw["e_Germany2008"].tolist(), raw["e_Germany2014"].tolist()],
        "Freiburg": [raw["e_Freiburg2008"].tolist(), raw["e_Freiburg2014"].tolist()],
    }
    frame = long(counts, [2008, 2014])
    for method in ("dunn", "esteban_marquillas"):
        found = split(frame, start="2008", end="2014", method=method).iloc[0]
        growth = raw["e_Freiburg2014"].sum() - raw["e_Freiburg2008"].sum()
        assert found["growth"] == growth
        total = found[["national", "mix", "regional", "allocation"]].sum()
        assert total == pytest.approx(growth)


def test_esteban_marquillas_by_hand() -> None:
    frame = long({"00": [[400, 600], [480, 600]], "A": [[60, 40], [75, 38]]}, [2020, 2024])
    found = split(frame, method="esteban_marquillas").iloc[0]
    # A with the country's composition has 40 and 60; its groups grow 5 points faster, 5 slower.
    assert found["regional"] == pytest.approx(40 * 0.05 + 60 * -0.05)
    assert found["allocation"] == pytest.approx(20 * 0.05 - 20 * -0.05)
    assert found["regional"] + found["allocation"] == pytest.approx(
        split(frame).iloc[0]["regional"]
    )


def test_dynamic_is_the_sum_of_the_steps() -> None:
    rng = np.random.default_rng(4)
    counts = {
        place: rng.integers(low, 2 * low, (3, 4)).tolist()
        for place, low in [("00", 900), ("A", 40)]
    }
    frame = long(counts, [2020, 2022, 2024])
    found = split(frame, dynamic=True)
    steps = [split(frame, start="2020", end="2022"), split(frame, start="2022", end="2024")]
    for name in NUMBERS:
        assert found[name].iloc[0] == pytest.approx(sum(one[name].iloc[0] for one in steps))


def test_other_keys_are_kept_and_missing_counts_stay_missing() -> None:
    one = long({"00": [[400, 600], [480, 600]], "A": [[60, 40], [75, 38]]}, [2020, 2024])
    frame = pd.concat([one.assign(sex="women"), one.assign(sex="men")], ignore_index=True)
    frame.loc[frame.index[-1], "employed"] = np.nan
    before = frame.copy()
    found = split(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert found["sex"].tolist() == ["women", "men"]
    assert found["growth"].isna().tolist() == [False, True]
    assert found["regional"].isna().tolist() == [False, True]


def test_wrong_calls() -> None:
    frame = long({"00": [[400, 600], [480, 600]], "A": [[60, 40], [75, 38]]}, [2020, 2024])
    with pytest.raises(UnknownCodeError, match="reference '01'"):
        split(frame, reference="01")
    with pytest.raises(UnknownCodeError, match="period 2019"):
        split(frame, start="2019")
    with pytest.raises(UsageError, match="must be after"):
        split(frame, start="2024", end="2020")
    with pytest.raises(UsageError, match="Unknown method"):
        split(frame, method="dun")
    with pytest.raises(SchemaError, match="different places or groups"):
        split(frame.iloc[:-1])
    with pytest.raises(SchemaError, match="has no row for"):
        split(frame.query("place != '00' or industry != 'g1'"))
    nobody = frame.assign(employed=frame["employed"].where(frame["place"] != "00", 0))
    with pytest.raises(SchemaError, match="nobody in the reference"):
        split(nobody)


row = st.tuples(*[st.integers(1, 900)] * 2, *[st.integers(0, 900)] * 2)


@settings(max_examples=300, deadline=None)
@given(st.lists(row, min_size=1, max_size=6), st.sampled_from(["dunn", "esteban_marquillas"]))
def test_components_add_up(rows: list[tuple[int, int, int, int]], method: str) -> None:
    own, other, own_later, other_later = (list(column) for column in zip(*rows, strict=True))
    nation = [a + b for a, b in zip(own, other, strict=True)]
    nation_later = [a + b for a, b in zip(own_later, other_later, strict=True)]
    frame = long({"00": [nation, nation_later], "A": [own, own_later]}, [2020, 2024])
    found = split(frame, method=method).iloc[0]
    assert found["growth"] == sum(own_later) - sum(own)
    total = found[["national", "mix", "regional", "allocation"]].sum()
    assert total == pytest.approx(found["growth"], abs=1e-6)
