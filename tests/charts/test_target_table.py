"""The table of targets: a row each, decided ones first, symbol and word for every verdict."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.charts.target_table import draw, marks
from integstats.errors import SmallBaseWarning, UsageError
from integstats.targets.track import Track
from integstats.wording.target_table_sentences import target_table_text
from integstats.wording.verdict_symbols import SYMBOLS

PLACES = ["Malmö", "Göteborg", "Stockholm", "Skåne län", "Jämtlands län"]
DECIDED = {"decided_by": "kommunfullmäktige", "decided_on": "2024-06-19"}


def problems(chart: charts.Chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


def drawn(chart: charts.Chart) -> list[str]:
    return [one.get_text() for one in chart.figure.axes[0].texts]


@pytest.fixture(scope="module")
def members(bas: pd.DataFrame, target: Callable[..., ig.Target]) -> tuple[Track, ...]:
    return ig.track_members(target("2024-06"), bas, members=PLACES)


@pytest.fixture(scope="module")
def mixed(bas: pd.DataFrame, target: Callable[..., ig.Target]) -> tuple[Track, ...]:
    """Targets of every unit, one of them not decided and given first."""
    group = {"places": "Malmö", "sex": "women", "baseline": "2024-06", "deadline": "2027-06"}
    counted = {**group, "dataset": "scb-bas-month", "birth_region": "foreign_born", "better": "up"}
    goals = [
        target("2024-06"),
        target("2024-06", **DECIDED),
        target("2025-06", sex="men", decided_by="regionfullmäktige", decided_on="2025-01"),
        ig.Target.close_gap("employment_rate", by_share=0.5, **group, **DECIDED),
        ig.Target.close_gap("unemployment_rate", to_ratio=2.0, **group, **DECIDED),
        ig.Target.add_count("employed", 5000, **counted, **DECIDED),
    ]
    return tuple(ig.track(one, bas) for one in goals)


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize(("size", "most"), [("report", 5), ("slide", 2), ("square", 5)])
def test_members_keep_every_rule(members, lang, size, most):
    assert problems(charts.target_table(members[:most], lang=lang, size=size)) == []


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_targets_of_every_unit_keep_every_rule(mixed, lang):
    assert problems(charts.target_table(mixed, lang=lang)) == []


@pytest.mark.parametrize("size", ["slide", "square"])
def test_a_target_alone_keeps_every_rule(mixed, size):
    for one in mixed[::2]:
        assert problems(charts.target_table([one], size=size)) == []


def test_each_row_says_what_its_track_says(members):
    chart = charts.target_table(members)
    for track, (_, row) in zip(members, chart.data.iterrows(), strict=True):
        assert row["place"] == track.place
        assert (row["baseline"], row["goal"]) == (track.baseline.value, track.goal)
        assert (row["latest"], row["low"]) == (track.latest.value, track.latest.low)
        assert row["verdict"] == track.verdict.status
        assert row["symbol"] == SYMBOLS[track.verdict.status]
        assert row["lacking"] == track.persons.target.lacking
    texts = drawn(chart)
    assert all(name in " ".join(texts) for name in PLACES)
    assert "17,8\u00a0%\u00a0→\u00a08,9\u00a0%" in texts
    assert "3\u202f357\u00a0färre" in texts


def test_a_verdict_is_a_symbol_and_a_word(members):
    texts = " ".join(drawn(charts.target_table(members)))
    assert "! Går åt fel håll" in texts
    assert "○ Ingen säkerställd förändring" in texts


def test_decided_targets_come_first_and_examples_are_marked(mixed):
    chart = charts.target_table(mixed)
    assert chart.data["decided"].tolist() == [True] * 5 + [False]
    assert not chart.name.startswith("rakneexempel")
    texts = drawn(chart)
    assert "Räkneexempel: mål som ingen har beslutat" in texts
    assert "Om målet hade gällt:" in " ".join(texts)
    assert chart.subtitle.text.endswith("Därtill 1 räkneexempel, sist.")
    assert "5 mål" in chart.title.text
    assert "Beslutat av regionfullmäktige 2025-01" in " ".join(texts)


def test_examples_alone_are_a_rakneexempel_throughout(members):
    chart = charts.target_table(members)
    assert chart.name == "rakneexempel_maltabell_5-mal"
    assert chart.title.text.startswith("Räkneexempel: ")
    assert "Räkneexempel. Målen är inte beslutade." in chart.footer
    assert "Om målet" in " ".join(drawn(chart))


def test_what_all_rows_share_is_said_once(members, mixed):
    assert "juni 2024" in charts.target_table(members).subtitle.text
    assert not any("juni 2024" in one for one in drawn(charts.target_table(members)))
    shown = charts.target_table(members).shown
    assert "sex" not in shown
    assert "measure" not in shown
    assert {"sex", "measure", "decided"} <= set(charts.target_table(mixed).shown)


def test_every_column_that_a_reader_sees_is_in_the_data(mixed):
    chart = charts.target_table(mixed)
    assert set(chart.shown) <= set(chart.data.columns)
    assert chart.editable is None


def test_the_height_grows_with_the_rows(members):
    few, many = (
        charts.target_table(rows).figure.get_figheight()
        for rows in (members[:2], [track for track in members for _ in range(6)])
    )
    assert few == pytest.approx(theme.size("report").height)
    assert many > 2 * few


@pytest.mark.parametrize("size", ["slide", "square"])
def test_too_many_rows_for_a_size_that_does_not_grow(members, size):
    with pytest.raises(UsageError, match=r"room for \d+ of these targets; got 30"):
        charts.target_table([one for one in members for _ in range(6)], size=size)


def test_as_many_rows_as_it_says_fit(members):
    rows = [one for one in members for _ in range(3)]
    with pytest.raises(UsageError) as caught:
        charts.target_table(rows, size="square")
    fits = int(str(caught.value).split("room for ")[1].split(" ")[0])
    assert problems(charts.target_table(rows[:fits], size="square")) == []
    with pytest.raises(UsageError):
        charts.target_table(rows[: fits + 1], size="square")


def test_no_track_is_an_error():
    with pytest.raises(UsageError, match="at least one track"):
        charts.target_table([])


def invented(frame: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """Return BAS figures of Malmö as those of an invented place."""
    kept = frame[(frame["place"] == "1280").to_numpy()]
    return kept.assign(dataset="synthetic-bas", **columns)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_suppressed_few_and_invented_keep_every_rule(bas, target, lang):
    few = invented(bas, unemployed=2.0, labour_force=20.0)
    gone = invented(bas, unemployed=np.nan)
    all_out = invented(bas, unemployed=bas["labour_force"])
    goal = target("2024-06", dataset="synthetic-bas")
    with pytest.warns(SmallBaseWarning):
        small = ig.track(goal, few)
    tracks = [small, *(ig.track(goal, frame) for frame in (gone, all_out))]
    assert {one.verdict.status for one in tracks} == {"cannot_judge"}
    chart = charts.target_table(tracks, lang=lang)
    assert chart.synthetic
    assert problems(chart) == []
    said = {"sv": "visas inte (för få", "en": "not shown (too few"}[lang]
    assert said in " ".join(drawn(chart)).lower()
    source = {"sv": "Påhittade tal, utan källa.", "en": "Invented figures, without a source."}
    assert chart.footer[-1].startswith(source[lang])


@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_long_names_fit(members, size):
    names = ("2023", "0139")  # Malung-Sälen, Upplands-Bro
    rows = [
        dataclasses.replace(one, place=name, target=dataclasses.replace(one.target, places=(name,)))
        for one, name in zip(members[:2], names, strict=True)
    ]
    assert problems(charts.target_table(rows, size=size)) == []


def test_no_cell_reaches_into_the_next_column(members):
    words = target_table_text(members)
    size = theme.size("report")
    data = marks(words, [SYMBOLS[one.verdict.status] for one in members], size=size)
    figure = Figure(figsize=(size.width, data.height * size.body * 1.25 / 72))
    with theme.styled(size):
        axes = figure.add_axes((0, 0, data.width / size.width, 1))
        axes.set_xlim(0, data.width)
        axes.set_ylim(-data.height, 0)
        draw(axes, data)
    boxes = [one.get_window_extent() for one in axes.texts]
    assert not any(one.overlaps(other) for at, one in enumerate(boxes) for other in boxes[at + 1 :])
    assert max(one.x1 for one in boxes) <= axes.get_window_extent().x1 + 1
