from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sample_reports import own_counts

import integstats as ig
from integstats.errors import (
    SchemaError,
    SmallBaseWarning,
    SnapshotMissingError,
    TargetError,
    UnknownCodeError,
)
from integstats.reports import plain_text
from integstats.reports.report import Report, Section, file_stem
from integstats.table import add_totals
from integstats.wording import report_sentences

COUNTS = [
    *("employed", "unemployed", "labour_force", "students", "retired", "sick", "other"),
    "population",
]
DECISION = {"decided_by": "kommunfullmäktige", "decided_on": "2024-06-19"}


@cache
def stored() -> pd.DataFrame:
    return ig.load("scb-bas-month")


def target(**given: Any) -> ig.Target:
    usual = {
        "places": ["Malmö"],
        "sex": "women",
        "birth_region": "foreign_born",
        "baseline": "2024-06",
        "deadline": "2027-06",
        **DECISION,
    }
    return ig.Target.halve("unemployment_rate", **{**usual, **given})


@cache
def undecided(place: str = "Malmö", lang: Any = "sv") -> Report:
    return ig.report(place, stored(), lang=lang, organisation="Malmö stad")


@cache
def decided(lang: Any = "sv") -> Report:
    return ig.report("Malmö", stored(), targets=[target()], lang=lang)


def ids(report: Report) -> list[str]:
    return [one.id for one in report.sections]


def section(report: Report, id: str) -> Section:
    return next(one for one in report.sections if one.id == id)


def kinds(one: Section) -> list[str]:
    return [chart.kind for chart in one.charts]


def test_the_questions_are_in_order_and_the_example_last() -> None:
    found = undecided()
    assert ids(found) == ["gap", "movement", "statuses", "peers", "certainty", "limits", "target"]
    assert found.sections[-1].heading == "Räkneexempel"
    assert [kinds(one) for one in found.sections] == [
        ["dumbbell"],
        ["gap_trend"],
        ["status_waterfall"],
        ["ranked_dots", "ranked_dots"],
        [],
        [],
        ["target_path", "base_rate"],
    ]
    assert found.name == "rapport_malmo"
    assert found.title.text == (
        "Utrikes födda kvinnor och män på arbetsmarknaden i Malmö, juni 2026"
    )


def test_a_decided_target_comes_before_where_they_went_and_in_the_lead() -> None:
    found = decided()
    assert ids(found) == ["gap", "movement", "target", "statuses", "peers", "certainty", "limits"]
    followed = section(found, "target")
    assert followed.heading == "Målet: är det på väg?"
    assert kinds(followed) == ["target_path", "base_rate", "outlook"]
    [track] = found.tracks
    assert track.persons is not None
    verdict = found.lead[-1].text
    assert verdict == followed.paragraphs[-2].text
    assert "Bedömning" in verdict
    assert found.lead[-2].text.startswith("Målet är att halvera arbetslösheten bland utrikes födda")
    assert "Räkneexempel" not in " ".join(one.text for one in found.texts)
    assert f"{track.persons.target.lacking:,}".replace(",", "\u202f") in verdict
    # Whether a change can be told from chance is asked of decided targets only.
    assert len(section(found, "certainty").paragraphs) == 1 + len(
        section(undecided(), "certainty").paragraphs
    )


def test_the_first_answers_are_the_gaps_of_women_and_men_with_persons() -> None:
    lead = " ".join(one.text for one in undecided().lead)
    assert "21,3 procentenheter" in lead
    assert "12,7 procentenheter" in lead
    assert "juni 2025" in lead
    said = " ".join(one.text for one in section(undecided(), "gap").paragraphs)
    assert "11\u202f000 fler utrikes födda kvinnor" in said


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("made", [undecided, decided], ids=["undecided", "decided"])
def test_every_claim_holds_in_both_languages(made: Any, lang: Any) -> None:
    found = made(lang=lang)
    assert {one.lang for one in found.texts} == {lang}
    assert len(found.texts) > 40
    assert [problem for one in found.texts for problem in one.problems()] == []
    assert all(claim.holds() for claim in found.claims)


def test_every_chart_and_the_footer_name_who_published() -> None:
    found = undecided()
    assert all("Malmö stad" in one.footer[-1] for one in found.charts)
    assert "Malmö stad" in found.footer[0]
    assert "TAB6260" in found.footer[0]


def test_the_plain_text_says_no_description_and_no_verdict_twice() -> None:
    found = undecided()
    said = plain_text.of_report(found).decode("utf-8")
    for chart in found.charts:
        assert said.count(chart.alt.text) == 1
        for text in (chart.verdict, chart.description):
            assert text is None or said.count(text.text) <= 1
    assert said.endswith(f"KÄLLOR\n\n{found.footer[0]}\n")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Skåne län", ["gap", "movement", "statuses", "peers", "certainty", "limits", "target"]),
        ("riket", ["gap", "movement", "statuses", "certainty", "limits", "target"]),
        ("Storstäder", ["gap", "movement", "statuses", "members", "certainty", "limits", "target"]),
    ],
)
def test_a_county_the_country_and_a_group(place: str, expected: list[str]) -> None:
    found = undecided(place)
    assert ids(found) == expected
    assert [problem for one in found.texts for problem in one.problems()] == []
    names = [one.name for one in found.charts]
    assert len(set(names)) == len(names)


def test_a_county_is_ranked_among_all_counties_and_a_municipality_among_its_peers() -> None:
    assert len(undecided("Skåne län").peers) == 21
    assert undecided().peers == ("1280", "0180", "1480")
    assert undecided("Storstäder").peers == undecided("riket").peers == ()
    named = ig.report("Malmö", stored(), peers=["Storstäder"])
    assert set(named.peers) == {"0180", "1280", "1480"}
    assert "peers" not in ids(ig.report("Malmö", stored(), peers=["Göteborg"]))


def test_a_group_is_pooled_and_has_every_member_by_itself() -> None:
    shared = target(places=["Storstäder"])
    found = ig.report("Storstäder", stored(), targets=[shared])
    members = section(found, "members")
    assert kinds(members) == ["dumbbell", "target_table"]
    assert set(members.charts[0].data["place"].astype(str)) == {"0180", "1280", "1480"}
    # What was decided for the group was decided for none of its members.
    assert members.charts[1].name.startswith("rakneexempel_")
    bas = stored()
    last = bas[((bas["period"] == "2026-06") & (bas["sex"] == "women")).to_numpy()]
    born = last[(last["birth_region"] == "foreign_born").to_numpy()].set_index("place")
    three = born.loc[["0180", "1280", "1480"], ["employed", "population"]].sum()
    shown = section(found, "movement").charts[0].data
    women = shown[((shown["period"] == "2026-06") & (shown["sex"] == "women")).to_numpy()]
    [rate] = women["rate_foreign_born"]
    assert rate == pytest.approx(three["employed"] / three["population"])


def test_several_targets_are_numbered_and_their_charts_named_apart() -> None:
    two = [target(), target(deadline="2028-06")]
    example = target(sex="men", decided_by="", decided_on="")
    found = ig.report("Malmö", stored(), targets=[example, *two])
    headings = [one.heading for one in found.sections if one.id == "target"]
    assert headings == ["Mål 1 av 2: är det på väg?", "Mål 2 av 2: är det på väg?", "Räkneexempel"]
    names = [one.name for one in found.charts]
    assert len(set(names)) == len(names)
    paths = [one for one in found.charts if one.kind == "target_path"]
    told = [one.data["target"].iloc[0] for one in paths]
    assert told == [one.target.id for one in found.tracks]
    assert [one.target.decided for one in found.tracks] == [True, True, False]


def test_a_target_longer_than_the_history_is_followed_without_its_base_rate() -> None:
    found = ig.report("Malmö", stored(), targets=[target(deadline="2034-06")])
    followed = section(found, "target")
    assert kinds(followed) == ["target_path"]
    assert "120 månader går inte att säga" in followed.paragraphs[-1].text


def test_other_kinds_of_targets() -> None:
    group = {"sex": "women", "baseline": "2024-06", "deadline": "2027-06", **DECISION}
    born = {**group, "birth_region": "foreign_born"}
    targets = [
        ig.Target.reach("employment_rate", 0.7, places="Malmö", **born),
        ig.Target.close_gap("employment_rate", by_share=0.5, places="Malmö", **group),
        ig.Target.add_count("employed", 3000, places="Malmö", **born),
    ]
    found = ig.report("Malmö", stored(), targets=targets)
    assert len([one for one in found.charts if one.kind == "target_path"]) == 3
    assert [problem for one in found.texts for problem in one.problems()] == []


def test_what_a_report_cannot_be_about() -> None:
    bas = stored()
    with pytest.raises(TargetError, match="is one of Göteborg; the report is about Malmö"):
        ig.report("Malmö", bas, targets=[target(places=["Göteborg"])])
    with pytest.raises(SnapshotMissingError, match="Mölndal"):
        ig.report("Mölndal", bas)
    with pytest.raises(SnapshotMissingError, match="Lomma"):
        ig.report("Malmö", bas, peers=["Lomma", "Göteborg"])
    with pytest.raises(SnapshotMissingError, match="Familjen Helsingborg lacks"):
        ig.report("Familjen Helsingborg", bas)
    with pytest.raises(UnknownCodeError, match="Mölndal"):
        ig.report("Moldal", bas)
    with pytest.raises(SchemaError, match="No gap of Malmö is known"):
        ig.report("Malmö", of_malmo().assign(**dict.fromkeys(COUNTS, np.nan)))


def of_malmo() -> pd.DataFrame:
    bas = stored()
    return bas[(bas["place"] == "1280").to_numpy()]


def test_figures_that_do_not_reach_back_have_no_example() -> None:
    bas = of_malmo()
    short = ig.report("Malmö", bas[(bas["period"] >= "2025-01").to_numpy()])
    assert ids(short) == ["gap", "movement", "statuses", "certainty", "limits"]
    assert short.tracks == ()
    [waterfall] = section(short, "statuses").charts
    assert set(waterfall.data["period_start"].astype(str)) == {"2025-06"}
    month = ig.report("Malmö", bas[(bas["period"] == "2026-06").to_numpy()])
    assert ids(month) == ["gap", "movement", "certainty", "limits"]
    together = ig.report("Malmö", bas[(bas["sex"] == "total").to_numpy()])
    assert ids(together) == ["gap", "movement", "certainty", "limits"]


def test_a_last_month_that_is_not_shown_ends_the_report_a_month_before() -> None:
    bas = of_malmo()
    hidden = bas.assign(**{name: bas[name].where(bas["period"] < "2026-06") for name in COUNTS})
    found = ig.report("Malmö", hidden)
    assert found.title.text.endswith("maj 2026")
    assert [problem for one in found.texts for problem in one.problems()] == []


def test_a_place_so_small_that_only_both_sexes_together_are_known() -> None:
    frame = own_counts()
    statuses = [name for name in COUNTS if name not in ("labour_force", "population")]
    born = (frame["birth_region"] == "foreign_born").to_numpy()
    for name in statuses:
        frame[name] = frame[name].where(~born, (frame[name] / 200).round())
    frame["labour_force"] = frame["employed"] + frame["unemployed"]
    frame["population"] = frame[statuses].sum(axis=1)
    with pytest.warns(SmallBaseWarning):
        found = ig.report("Exempelkommun A", add_totals(frame, ["sex"]))
    [trend] = section(found, "movement").charts
    assert "kvinnor" not in trend.title.text
    assert set(trend.data["sex"].astype(str)) == {"total"}
    assert [problem for one in found.texts for problem in one.problems()] == []


def test_own_figures_have_no_source_and_say_so_only_of_themselves() -> None:
    bas = pd.concat([own_counts(f"Exempelkommun {one}") for one in "ABC"], ignore_index=True)
    found = ig.report("Exempelkommun B", bas, peers=["Exempelkommun A", "Exempelkommun C"])
    assert ids(found) == ["gap", "movement", "statuses", "peers", "certainty", "limits", "target"]
    assert found.synthetic
    assert found.sources == ()
    assert found.peers == ("Exempelkommun B", "Exempelkommun A", "Exempelkommun C")
    said = " ".join(one.text for one in found.own_texts)
    assert "SCB" not in said
    assert "Exempelkommun B" in found.title.text
    own = ig.report("Exempelkommun A", own_counts(dataset="own-register"))
    assert not own.synthetic
    assert [problem for one in (*found.texts, *own.texts) for problem in one.problems()] == []


def test_the_table_is_not_changed() -> None:
    before = of_malmo().reset_index(drop=True)
    table = before.copy()
    ig.report("Malmö", table)
    pd.testing.assert_frame_equal(table, before)


def test_files_of_places_that_differ_in_accents_only_are_told_apart() -> None:
    assert file_stem("0305") != file_stem("0643")
    assert file_stem("Exempelkommun A") == "exempelkommun-a"
    strange = {file_stem(one) for one in ("***", "!!!", "東京")}
    assert len(strange) == 3
    assert all(one.isalnum() for one in strange)


def test_two_charts_of_one_name_are_refused() -> None:
    chart = undecided().charts[0]
    with pytest.raises(SchemaError, match="2 charts"):
        Report("a", chart.title, (), (Section("gap", "", (), (chart, chart)),), (), (), "sv")


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_headings_name_every_section(lang: Any) -> None:
    known = {report_sentences.heading(one, lang) for one in report_sentences.HEADINGS}
    for made in (undecided(lang=lang), decided(lang=lang)):
        assert {one.heading for one in made.sections} <= known
