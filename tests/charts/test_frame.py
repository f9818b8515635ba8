"""What is said in the picture where there is too little room, and what is never left out."""

from __future__ import annotations

import dataclasses

import pytest

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.wording.brief import in_brief


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


def written(chart) -> str:
    """All that stands around the marks, in order."""
    return " ".join(one.get_text() for one in chart.figure.texts)


@pytest.fixture(scope="module")
def track(bas, target):
    return ig.track(target(), bas)


@pytest.mark.parametrize("size", ["report", "slide", "square"])
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_word_share_pace_and_persons_stand_in_every_picture(track, size, lang):
    chart = charts.target_path(track, size=size, lang=lang, organisation="Malmö stad")
    shown = written(chart)
    kinds = [one.predicate.id.partition(".")[0] for one in chart.verdict.claims[:5]]
    assert kinds == ["lead", "verdict", "progress", "pace", "persons"]
    for claim in chart.verdict.claims[:5]:
        assert claim.render(lang) in shown
    assert problems(chart) == []


def test_the_same_is_said_in_fewer_words_before_anything_is_left_out(track):
    chart = charts.target_path(track)
    whole, brief, *fewer = chart.wording.shorter()
    assert whole == chart.wording
    assert brief.notes[-1].text == in_brief(chart.notes[-1]).text
    assert (brief.verdict, len(brief.optional)) == (whole.verdict, len(whole.optional))
    assert not fewer[-1].optional
    assert [one.predicate.id for one in fewer[-1].verdict.claims] == [
        "lead.illustrative",
        "verdict.far_behind",
    ]


@pytest.mark.parametrize("size", ["slide", "square"])
@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize(
    "more",
    [
        {"baseline": "2024-06", "deadline": "2026-06"},
        {"baseline": "2026-05", "deadline": "2028-05"},
        {"reading": "month", "baseline": "2024-06", "deadline": "2026-06"},
    ],
    ids=["missed", "cannot judge", "season left in"],
)
def test_a_long_word_and_what_follows_do_not_collide(bas, target, more, lang, size):
    decided = target(**more, decided_by="kommunfullmäktige", decided_on="2024-05-22")
    track = ig.track(decided, bas)
    assert problems(charts.target_path(track, size=size, lang=lang)) == []


def test_where_there_is_room_the_whole_source_line_stands(gaps):
    few = gaps[gaps["place"].isin(["00", "1280"]).to_numpy()]
    assert "Befolkningens arbetsmarknadsstatus (BAS)" in written(charts.dumbbell(few))


def test_a_caveat_is_never_left_out(track):
    verdict = dataclasses.replace(track.verdict, small_base=True, season_left_in=True)
    chart = charts.target_path(dataclasses.replace(track, verdict=verdict), size="slide")
    last = list(chart.wording.shorter())[-1]
    kept = [one.predicate.id for one in last.verdict.claims]
    assert kept[2:] == ["caveat.season", "caveat.small_base"]
    assert "Uppgifterna vilar på färre än 50 personer." in written(chart).replace("\n", " ")


def test_the_word_is_bold_before_the_rest_where_the_height_is_given(track):
    texts = charts.target_path(track, size="slide").figure.texts
    [bold] = [one for one in texts if one.get_text().endswith(": Långt efter målbanan.")]
    height = bold.get_position()[1]
    beside = [one for one in texts if one.get_position()[1] == height and one is not bold]
    assert bold.get_fontweight() == "bold"
    assert [one.get_text()[:8] for one in beside] == ["Hittills"]
    assert beside[0].get_fontsize() == theme.size("slide").body
