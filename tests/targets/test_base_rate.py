"""How often such a change was reached before: METHOD's answers on two real histories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from integstats import catalogue
from integstats.catalogue import Break
from integstats.errors import TargetError
from integstats.targets.base_rate import base_rate
from integstats.targets.target import Target
from integstats.wording.base_rate_sentences import base_rate_text


def halving(place: str, sex: str, **changes: Any) -> Target:
    given = {
        "places": place, "sex": sex, "birth_region": "foreign_born", "baseline": "2024-06",
        "deadline": "2026-06", **changes,
    }  # fmt: skip
    return Target.halve("unemployment_rate", **given)


@pytest.mark.parametrize(
    ("sex", "sweden", "malmo", "best", "best_place"),
    [("women", 0.736, 0.748, 0.598, "23"), ("men", 0.647, 0.683, 0.502, "24")],
)
def test_bas_twelve_month_means_two_years_apart(
    bas: pd.DataFrame, sex: str, sweden: float, malmo: float, best: float, best_place: str
) -> None:
    found = base_rate(halving("Malmö", sex), bas)
    assert found.months == 24
    by_place = found.by_place.set_index("place")
    assert by_place.loc["00", "best"] == pytest.approx(sweden, abs=0.0005)
    assert found.own.best == pytest.approx(malmo, abs=0.0005)
    assert found.everywhere.best == pytest.approx(best, abs=0.0005)
    assert found.everywhere.best_place == best_place
    assert (by_place["windows"] == 43).all()
    assert found.everywhere.reached == 0
    assert found.county is not None
    assert found.county.places == ("12",)


def test_jamtland_is_the_best_case_of_women_with_its_dates(bas: pd.DataFrame) -> None:
    found = base_rate(halving("riket", "women"), bas).everywhere
    assert (str(found.best_start), str(found.best_end)) == ("2021-06", "2023-06")
    assert len(found.places) == 25


def test_month_against_month_men_halved_in_twelve_windows(bas: pd.DataFrame) -> None:
    found = base_rate(halving("riket", "men", reading="month"), bas)
    reached = found.windows[found.windows["reached"]]
    assert len(reached) == found.everywhere.reached == 12
    assert set(reached["place"].astype(str)) == {"24", "23", "09"}
    women = base_rate(halving("riket", "women", reading="month"), bas)
    assert women.everywhere.reached == 0


def test_registered_unemployment_since_2008(registered: pd.DataFrame) -> None:
    target = Target.halve(
        "registered_unemployment_rate", places="Linköping", dataset="own-linkoping-af",
        birth_region="foreign_born", age="16-64", baseline="2018-09", deadline="2020-09",
        reading="month",
    )  # fmt: skip
    found = base_rate(target, registered).by_place.set_index("place")
    assert found["windows"].tolist() == [195, 195]
    assert found["best"]["00"] == pytest.approx(1 - 0.25, abs=0.005)
    assert found["best"]["0580"] == pytest.approx(1 - 0.21, abs=0.005)


def test_every_window_counted_once_and_its_change_is_that_of_its_ends(bas: pd.DataFrame) -> None:
    found = base_rate(halving("Malmö", "women"), bas)
    windows = found.windows
    assert np.allclose(windows["change"], windows["value_end"] / windows["value_start"])
    assert not windows.duplicated(["place", "start"]).any()
    length = pd.PeriodIndex(windows["end"]).asi8 - pd.PeriodIndex(windows["start"]).asi8
    assert set(length) == {24}
    assert found.by_place["windows"].sum() == found.everywhere.windows == len(windows)


def test_a_smaller_target_is_reached_at_least_as_often(bas: pd.DataFrame) -> None:
    given: dict[str, Any] = {
        "places": "riket", "sex": "women", "birth_region": "foreign_born",
        "baseline": "2024-06", "deadline": "2026-06",
    }  # fmt: skip
    reached = [
        base_rate(Target.reduce("unemployment_rate", share, **given), bas).everywhere.reached
        for share in (0.1, 0.2, 0.3, 0.4)
    ]
    assert reached == sorted(reached, reverse=True)
    assert reached[0] > reached[-1]


def test_other_kinds_take_the_size_of_the_change_from_the_baseline(bas: pd.DataFrame) -> None:
    given: dict[str, Any] = {
        "places": "Malmö", "sex": "women", "baseline": "2024-06", "deadline": "2026-06",
    }  # fmt: skip
    level = base_rate(
        Target.reach("unemployment_rate", 0.10, birth_region="foreign_born", **given), bas
    )
    assert level.required == pytest.approx(0.10 / 0.1784, abs=0.001)
    gap = base_rate(Target.close_gap("employment_rate", to_pp=20, **given), bas)
    assert (gap.scale, gap.unit) == ("difference", "pp")
    assert gap.required < 0
    more = base_rate(Target.add_count("employed", 3000, birth_region="foreign_born", **given), bas)
    assert more.required > 1
    assert more.by_place["best"].is_monotonic_decreasing


def test_windows_across_a_blocking_break_are_left_out(
    made: Callable[..., pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = made(unemployed=np.linspace(200, 100, 48).tolist(), labour_force=2000.0)
    target = halving("Malmö", "women", baseline="2021-01", deadline="2022-01", reading="month")
    assert base_rate(target, table).own.windows == 36
    one = Break(
        id="made-break", datasets=("*",), measures=(), ages=(), places=(), effect="blocks",
        first_period="2022-01", text_sv="", text_en="", evidence="", url="",
    )  # fmt: skip
    monkeypatch.setattr(catalogue, "breaks_for", lambda **_: (one,))
    found = base_rate(target, table).windows
    assert len(found) == 24
    crossing = (found["start"] < "2022-01") & (found["end"] >= "2022-01")
    assert not crossing.any()


def test_a_history_shorter_than_the_target(made: Callable[..., pd.DataFrame]) -> None:
    table = made(unemployed=[200.0] * 24, labour_force=2000.0)
    with pytest.raises(TargetError, match="longer history"):
        base_rate(halving("Malmö", "women", baseline="2021-01", deadline="2024-01"), table)
    none = base_rate(halving("Malmö", "women", baseline="2021-01", deadline="2022-06"), table)
    assert (none.own.windows, none.own.best_place) == (0, "")
    assert "ingen jämförbar period" in none.sentence()


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("sex", ["women", "men"])
@pytest.mark.parametrize("reading", ["mean_12m", "month"])
def test_the_words(bas: pd.DataFrame, lang: Any, sex: str, reading: str) -> None:
    text = base_rate_text(base_rate(halving("Malmö", sex, reading=reading), bas), lang=lang)
    assert text.problems() == ()


def test_printed_numbers_do_not_contradict_the_verdict(bas: pd.DataFrame) -> None:
    """Västerbotten's men fell by 49.8 per cent: not a halving, and not printed as 50."""
    text = base_rate(halving("riket", "men"), bas).sentence()
    assert "49,8 procent, från 13,04 i juni 2021 till 6,54 procent" in text
    assert "1\u202f075 perioder" in text


def test_the_figures_sources_are_known(bas):
    [source] = base_rate(halving("Malmö", "women"), bas).sources
    assert (source.dataset.table_id, source.updated) == ("TAB6260", "2026-08-28")
    given = base_rate(halving("Malmö", "women"), bas, sources=()).sources
    assert given == ()
