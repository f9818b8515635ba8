"""A target is data: what it needs, what is filled in, and what is refused."""

from __future__ import annotations

import dataclasses
import datetime
import pickle
from typing import Any

import pytest

from integstats.errors import TargetError, UnknownCodeError
from integstats.targets.target import Target

MALMO: dict[str, Any] = {"places": ["Malmö"], "baseline": "2024-06", "deadline": "2026-06"}


def halve(**changes: Any) -> Target:
    return Target.halve("unemployment_rate", **{**MALMO, **changes})


def test_the_call_of_the_design_page() -> None:
    t = Target.halve(
        "unemployment_rate", dataset="scb-bas-month", places=["Malmö"], sex="women",
        birth_region="foreign_born", age="20-64", baseline="2024-06", deadline="2026-06",
    )  # fmt: skip
    assert (t.kind, t.amount, t.better, t.unit) == ("relative_reduction", 0.5, "down", "share")
    assert (t.places, t.place, t.members) == (("1280",), "1280", ("1280",))
    assert (t.reading, t.path, t.frequency) == ("mean_12m", "linear", "M")
    assert str(t.baseline_period) == "2024-06"
    assert (t.deadline_period - t.baseline_period).n == 24
    assert t.noise_variance == 2.1
    assert [one.field for one in t.assumptions] == ["reading", "path"]
    assert t.id == ("relative-reduction-unemployment-rate-malmo-women-foreign-born-2024-06-2026-06")


def test_what_is_left_out_is_filled_and_listed_with_its_reason() -> None:
    filled = {one.field: one for one in halve().assumptions}
    assert {name: one.value for name, one in filled.items()} == {
        "dataset": "scb-bas-month", "sex": "total", "birth_region": "total", "age": "20-64",
        "reading": "mean_12m", "path": "linear",
    }  # fmt: skip
    for one in filled.values():
        assert one.reason("sv") != one.reason("en")
        assert one.reason("sv").endswith(".")


def test_what_is_given_is_not_an_assumption() -> None:
    given = halve(
        dataset="scb-bas-month", sex="total", birth_region="total", age="20-64",
        reading="mean_12m", path="linear",
    )  # fmt: skip
    assert given.assumptions == ()
    assert given == dataclasses.replace(halve(), assumed=())


@pytest.mark.parametrize(
    ("by", "on", "decided"),
    [
        ("", "", False),
        ("Malmö stad", "", False),
        ("", "2018-05-21", False),
        ("Malmö stad", "2018", True),
    ],
)
def test_a_target_nobody_decided_is_not_decided(by: str, on: str, decided: bool) -> None:
    assert halve(decided_by=by, decided_on=on).decided is decided


@pytest.mark.parametrize(
    "target",
    [
        halve(sex="women", decided_by="Malmö stad", decided_on="2024-05-21", url="https://x.se"),
        Target.reach("employment_rate", 0.8, **MALMO),
        Target.reach("unemployed", 5000, **MALMO),
        Target.close_gap("employment_rate", to_pp=5, comparator="native_men", **MALMO),
        Target.close_gap("unemployment_rate", to_ratio=1.5, **MALMO),
        Target.close_gap("employment_rate", by_share=0.5, **MALMO),
        Target.add_count("employed", 500, **MALMO),
        Target.reach_rank("employment_rate", 1, **MALMO),
        halve(places=["Familjen Helsingborg"]),
    ],
)
def test_plain_data_makes_the_same_target(target: Target) -> None:
    again = Target.from_dict(target.to_dict())
    assert again == target
    assert again.assumptions == target.assumptions
    assert pickle.loads(pickle.dumps(target)) == target
    assert hash(again) == hash(target)


@pytest.mark.parametrize(
    ("target", "kind", "unit", "better", "comparator"),
    [
        (Target.reduce("unemployed", 0.25, **MALMO), "relative_reduction", "persons", "down", None),
        (Target.reach("employment_rate", 0.8, **MALMO), "level", "share", "up", None),
        (Target.reach("employed", 9e4, **MALMO), "count", "persons", "up", None),
        (Target.add_count("unemployed", -500, **MALMO), "added_count", "persons", "down", None),
        (
            Target.close_gap("employment_rate", to_pp=5, **MALMO),
            "gap_pp", "pp", "down", "same_sex",
        ),
        (
            Target.close_gap("employment_rate", to_ratio=0.9, comparator="all_natives", **MALMO),
            "ratio", "ratio", "up", "all_natives",
        ),
        (
            Target.close_gap("unemployment_rate", to_ratio=1.5, **MALMO),
            "ratio", "ratio", "down", "same_sex",
        ),
        (
            Target.close_gap("unemployment_rate", by_share=0.5, **MALMO),
            "relative_reduction", "pp", "down", "same_sex",
        ),
        (Target.reach_rank("employment_rate", 3, **MALMO), "rank", "rank", "down", None),
    ],
)  # fmt: skip
def test_kinds(target: Target, kind: str, unit: str, better: str, comparator: str | None) -> None:
    assert (target.kind, target.unit) == (kind, unit)
    assert (target.better, target.comparator) == (better, comparator)


def test_a_gap_is_about_the_foreign_born_when_nothing_is_said() -> None:
    t = Target.close_gap("employment_rate", to_pp=5, **MALMO)
    assert t.birth_region == "foreign_born"
    assert {"birth_region", "comparator"} <= {one.field for one in t.assumptions}


def test_several_places_are_one_pooled_place_in_the_table() -> None:
    assert halve(places=["Malmö", "Göteborg", "Malmo"]).place == "1280+1480"
    group = halve(places=["Familjen Helsingborg"])
    assert group.place == "group:familjen-helsingborg"
    assert len(group.members) == 11


def test_own_figures_need_no_catalogue_but_an_age_and_a_direction() -> None:
    own: dict[str, Any] = {
        "places": ["Linköping"], "baseline": "2021", "deadline": "2026",
        "dataset": "own-linkoping",
    }  # fmt: skip
    t = Target.add_count("placements", 500, age="20-64", better="up", **own)
    assert (t.unit, t.frequency, t.reading, t.noise_variance) == ("persons", "Y", "year", 0.0)
    assert t.places == ("0580",)
    with pytest.raises(TargetError, match="must name its age"):
        Target.add_count("placements", 500, better="up", **own)
    with pytest.raises(TargetError, match="add better='up' or better='down'"):
        Target.add_count("placements", 500, age="20-64", **own)


def test_an_invented_place_keeps_its_name() -> None:
    t = halve(dataset="synthetic-month", places=["Exempelkommun A"], age="20-64")
    assert t.places == ("Exempelkommun A",)
    assert halve(dataset="synthetic-month", places=["dk:461"], age="20-64").places == ("dk:461",)


def test_dates_as_toml_reads_them() -> None:
    t = Target.from_dict({
        "kind": "relative_reduction", "measure": "unemployment_rate", "amount": 0.5,
        "places": "Malmö", "baseline": 2020, "deadline": 2024, "dataset": "own-x", "age": "20-64",
        "decided_by": "Malmö stad", "decided_on": datetime.date(2020, 5, 21),
    })  # fmt: skip
    assert (t.baseline, t.decided_on, t.decided) == ("2020", "2020-05-21", True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Target.halve("employment_rate", **MALMO), "should rise, .* Target.reach"),
        (lambda: Target.halve("employed", **MALMO), "should rise"),
        (lambda: Target.reach("unemployment_rate", 9.2, **MALMO), r"0\.092 for 9\.2 per cent"),
        (lambda: Target.reduce("unemployment_rate", 0, **MALMO), "above 0 and at most 1"),
        (lambda: Target.reduce("unemployment_rate", 50, **MALMO), "0.5 to halve.*got 50"),
        (lambda: Target.reach("unemployed", -1, **MALMO), "0 or more persons"),
        (lambda: Target.add_count("employed", -5, **MALMO), "above 0 where more is better"),
        (lambda: Target.close_gap("employment_rate", to_pp=500, **MALMO), "percentage points"),
        (lambda: Target.close_gap("employment_rate", **MALMO), "one of to_pp, to_ratio and"),
        (
            lambda: Target.close_gap("employment_rate", to_pp=5, by_share=0.5, **MALMO),
            "one of to_pp, to_ratio and by_share; got 2",
        ),
        (lambda: Target.close_gap("employed", to_pp=5, **MALMO), "needs a rate"),
        (
            lambda: Target.close_gap("employment_rate", to_pp=5, birth_region="total", **MALMO),
            "must be foreign_born",
        ),
        (lambda: Target.add_count("employment_rate", 5, **MALMO), "choose 'employed'"),
        (lambda: Target.reach_rank("employment_rate", 0, **MALMO), "whole number from 1"),
        (lambda: halve(better="up"), "better must be 'down'"),
        (lambda: halve(deadline="2024-06"), "later than the baseline"),
        (lambda: halve(deadline="2020-06"), "later than the baseline"),
        (lambda: halve(baseline="2024"), "must be a month as 2024-06, got '2024'"),
        (lambda: halve(baseline="2024-13"), "must be a month"),
        (lambda: halve(baseline=""), "needs baseline"),
        (lambda: halve(reading="same_month", deadline="2026-09"), "whole years after"),
        (lambda: halve(decided_on="in May"), "must be a date"),
        (lambda: halve(places=[]), "needs places"),
        (lambda: Target.reduce("unemployment_rate", 1, path="geometric", **MALMO), "geometric"),
        (
            lambda: Target.add_count("employed", 500, path="geometric", **MALMO),
            "choose path='linear'",
        ),
        (lambda: Target.from_dict({**MALMO, "mesure": "x"}), "Did you mean 'measure'"),
        (lambda: Target.from_dict({}), "got: nothing"),
        (lambda: Target.reduce("unemployment_rate", "half", **MALMO), "must be a number"),
        (lambda: Target.reduce("unemployment_rate", float("nan"), **MALMO), "must be a number"),
    ],
)
def test_contradictions_are_refused_in_one_line(make: Any, message: str) -> None:
    with pytest.raises(TargetError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"places": ["Mallmö"]}, "Did you mean"),
        ({"sex": "woman"}, "Did you mean 'women'"),
        ({"birth_region": "abroad"}, "Allowed: .*foreign_born"),
        ({"age": "20–64"}, "Did you mean '20-64'"),
        ({"reading": "mean_12"}, "Did you mean 'mean_12m'"),
        ({"reading": "quarter"}, "Allowed: mean_12m, same_month, month"),
        ({"path": "straight"}, "Allowed: linear, geometric"),
        ({"dataset": "scb-bas-mont"}, "Did you mean 'scb-bas-month'"),
    ],
)
def test_unknown_words_get_the_near_ones(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UnknownCodeError, match=message) as caught:
        halve(**changes)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("dataset", [{}, {"dataset": "scb-bas-month"}])
def test_an_unknown_measure_gets_the_near_ones(dataset: dict[str, Any]) -> None:
    with pytest.raises(UnknownCodeError, match="Did you mean 'unemployment_rate'"):
        Target.halve("unemployment_rat", **MALMO, **dataset)


def test_a_measure_of_another_dataset_is_not_this_one() -> None:
    with pytest.raises(UnknownCodeError, match="Rates: unemployment_rate, employment_rate"):
        Target.reach("self_sufficiency_rate", 0.5, dataset="scb-bas-month", **MALMO)
