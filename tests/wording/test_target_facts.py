from __future__ import annotations

import pytest

import integstats as ig
from integstats.catalogue import Language
from integstats.wording.columns import UNITS
from integstats.wording.target_facts import facts

LEFT_OUT = {
    # Said by other facts: places and period are those of the track, directions are its verdict.
    "target.places",
    "target.baseline",
    "verdict.path_position.probability",
    "preliminary_periods",
}
EMPTY = (None, "", [])


@pytest.fixture(scope="module", params=["rate", "gap"])
def track(request: pytest.FixtureRequest) -> ig.Track:
    bas = ig.load("scb-bas-month", places=["Malmö", "riket"])
    given = {
        "dataset": "scb-bas-month",
        "places": ["Malmö"],
        "sex": "women",
        "baseline": "2024-06",
        "deadline": "2027-06",
    }
    if request.param == "rate":
        target = ig.Target.halve("unemployment_rate", birth_region="foreign_born", **given)
    else:
        target = ig.Target.close_gap(
            "employment_rate",
            to_pp=15.0,
            decided_by="Kommunfullmäktige",
            decided_on="2024-06-20",
            **given,
        )
    return ig.track(target, bas)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_fact_that_is_known_has_words(track: ig.Track, lang: Language) -> None:
    known = track.facts()
    known |= {f"target.{name}": value for name, value in known.pop("target").items()}
    expected = {name for name, value in known.items() if value not in EMPTY}
    directions = {one for one in expected if one.endswith(("_direction", ".into_work"))}
    found = list(facts(track, lang=lang))
    names = [one.name for one in found]
    assert expected - directions - LEFT_OUT <= set(names) | {"gap_levels.comparator_share"}
    assert len(set(names)) == len(names)
    assert len({one.header for one in found}) == len(found)
    for one in found:
        assert one.definition.endswith(".")
        assert one.unit in UNITS
        assert "_" not in str(one.value) or one.name in ("target.id", "target.measure")


def test_a_change_of_a_share_is_in_percentage_points(track: ig.Track) -> None:
    found = {one.name: one for one in facts(track)}
    factor = 100 if track.unit == "share" else 1
    assert found["pace.required"].unit == "pp"
    assert found["pace.required"].value == pytest.approx(factor * track.pace.required)


def test_the_verdict_on_an_undecided_target_says_so(track: ig.Track) -> None:
    [verdict] = [one for one in facts(track) if one.name == "verdict.status"]
    assert str(verdict.value).startswith("Om målet hade gällt: ") != track.target.decided
