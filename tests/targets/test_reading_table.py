"""The same target read in several ways, against the answers of METHOD section 7."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from integstats.errors import TargetError
from integstats.targets.reading_table import ADJUSTED, reading_table
from integstats.targets.target import Target
from integstats.targets.track import track
from integstats.wording.reading_sentences import by_chance, reading_text

OWN: dict[str, Any] = {
    "dataset": "own-linkoping-af", "birth_region": "foreign_born", "age": "16-64",
}  # fmt: skip


def halved(place: str, **changes: Any) -> Target:
    given = {"places": place, "baseline": "2018-09", "deadline": "2020-09", **OWN, **changes}
    return Target.halve("registered_unemployment_rate", **given)


@pytest.mark.parametrize(
    ("place", "rate", "headcount", "mean_12m", "gap"),
    [("Linköping", -21, -60, -8, -14), ("riket", -12, -47, 6, 7)],
)
def test_per_cent_of_a_halving_done(
    registered: pd.DataFrame, place: str, rate: int, headcount: int, mean_12m: int, gap: int
) -> None:
    frame = reading_table(halved(place), registered).frame
    done = 100 * frame.set_index(["followed", "reading"])["share_done"]
    assert done["rate", "month"] == pytest.approx(rate, abs=1)
    assert done["count", "month"] == pytest.approx(headcount, abs=1)
    assert done["rate", "mean_12m"] == pytest.approx(mean_12m, abs=1)
    assert done["gap", "month"] == pytest.approx(gap, abs=1)
    assert set(frame["status"]) == {"missed"}


def test_the_direction_flips_though_the_verdict_does_not(registered: pd.DataFrame) -> None:
    found = reading_table(halved("riket"), registered)
    assert not found.flips
    text = found.sentence()
    assert "riktningen är det inte: 3 visar en säkerställd förbättring och 4" in text
    assert "Om målet hade gällt:" in text
    assert "−47\u00a0% av den planerade minskningen" in text


def test_the_sentence_names_where_the_verdict_flips(registered: pd.DataFrame) -> None:
    target = halved("Linköping", baseline="2022-09", deadline="2027-09")
    found = reading_table(target, registered)
    assert found.rows[0].is_own
    assert found.rows[0].status == "far_behind"
    assert {(one.followed, one.status) for one in found.flips} == {("count", "no_certain_change")}
    text = found.sentence()
    assert "2 av 7 avläsningar får en annan bedömning" in text
    assert "Som antal, månadsvärden: Ingen säkerställd förändring" in text
    assert "As a headcount, monthly figures: No established change" in found.sentence("en")


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_text_stands_by_its_claims(registered: pd.DataFrame, lang: Any) -> None:
    text = reading_text(reading_table(halved("Linköping"), registered), lang=lang)
    assert text.problems() == ()


def test_a_row_with_another_verdict_than_its_numbers_is_not_written(
    registered: pd.DataFrame,
) -> None:
    [row] = [
        one
        for one in reading_text(reading_table(halved("Linköping"), registered), lang="sv").claims
        if one.predicate.id.startswith("reading.")
    ]
    assert row.holds()
    assert not dataclasses.replace(row, values={**row.values, "word": "met"}).holds()


def test_own_row_equals_the_track(bas: pd.DataFrame) -> None:
    target = Target.halve(
        "unemployment_rate", places="Malmö", sex="women", birth_region="foreign_born",
        baseline="2024-06", deadline="2027-06",
    )  # fmt: skip
    first, followed = reading_table(target, bas).rows[0], track(target, bas)
    assert (first.status, first.reading) == (followed.verdict.status, "mean_12m")
    assert first.latest == followed.latest.value
    assert first.share_done == followed.verdict.share_done


def test_a_count_is_also_read_as_its_rate_and_a_gap_as_its_level(bas: pd.DataFrame) -> None:
    given: dict[str, Any] = {
        "places": "Malmö", "sex": "women", "baseline": "2024-06", "deadline": "2027-06",
    }  # fmt: skip
    count = Target.halve("unemployed", birth_region="foreign_born", **given)
    assert {one.followed for one in reading_table(count, bas).rows} == {"count", "rate", "gap"}
    gap = Target.close_gap("employment_rate", by_share=0.5, **given)
    assert {one.followed for one in reading_table(gap, bas).rows} == {"gap"}
    level = Target.reach("unemployment_rate", 0.1, birth_region="foreign_born", **given)
    rows = reading_table(level, bas).rows
    assert {one.followed for one in rows} == {"rate"}
    assert [one.reading for one in rows] == ["mean_12m", "month", ADJUSTED]


def test_what_the_figures_do_not_allow_is_left_out_with_the_reason(
    made: Callable[..., pd.DataFrame],
) -> None:
    table = made(unemployed=[200.0] * 20, labour_force=2000.0)
    target = Target.halve(
        "unemployment_rate", dataset="scb-bas-month", places="Malmö", sex="women", age="20-64",
        birth_region="foreign_born", baseline="2020-12", deadline="2022-12",
    )  # fmt: skip
    found = reading_table(target, table)
    assert {one.followed for one in found.rows} == {"rate", "count"}
    why = {(one.followed, one.reading): one.why for one in found.left_out}
    assert "native_born" in why["gap", "mean_12m"]
    assert "two years" in why["rate", ADJUSTED]


def test_the_season_is_taken_out(made: Callable[..., pd.DataFrame]) -> None:
    months = np.arange(60)
    rate = 0.20 + 0.02 * np.sin(2 * np.pi * months / 12)
    table = made(unemployed=(2000 * rate).tolist(), labour_force=2000.0)
    target = Target.halve(
        "unemployment_rate", dataset="scb-bas-month", places="Malmö", sex="women", age="20-64",
        birth_region="foreign_born", baseline="2022-01", deadline="2026-01",
    )  # fmt: skip
    [found] = [one for one in reading_table(target, table).rows if one.reading == ADJUSTED]
    assert found.baseline == pytest.approx(0.20, abs=0.001)
    assert found.latest == pytest.approx(0.20, abs=0.001)


def test_other_sources_are_read_in_their_own_way(
    bas: pd.DataFrame, registered: pd.DataFrame
) -> None:
    target = Target.halve(
        "unemployment_rate", places="riket", birth_region="foreign_born",
        baseline="2024-06", deadline="2027-06",
    )  # fmt: skip
    other = halved("riket", baseline="2024-06", deadline="2027-06")
    rows = reading_table(target, bas, also=[(other, registered)]).frame
    assert rows["dataset"].tolist()[-1] == "own-linkoping-af"
    assert rows["dataset"].nunique() == 2


def test_a_rank_is_refused(bas: pd.DataFrame) -> None:
    target = Target.reach_rank(
        "employment_rate", 1, places="Malmö", baseline="2024-06", deadline="2026-06"
    )
    with pytest.raises(TargetError, match="rank"):
        reading_table(target, bas)


def test_many_targets_by_chance() -> None:
    assert "ungefär 14,5 av 290 mål" in by_chance(290).text
    assert not by_chance(1)
