from __future__ import annotations

import dataclasses

from sample_reports import malmo, single

from integstats.reports.exhibits import exhibits
from integstats.reports.report import Section
from integstats.wording.claims import Text


def test_charts_are_numbered_through_the_report() -> None:
    found = exhibits(malmo())
    assert [[one.number for one in shown] for shown in found] == [[1, 2], [3]]


def test_a_title_is_said_once_above_or_below() -> None:
    (trend, pairs), (path,) = exhibits(malmo())
    for one in (trend, pairs):
        assert one.heading == one.chart.title.text
        assert one.caption == one.chart.subtitle.text
    assert path.heading == ""
    assert path.caption == f"{path.chart.title.text}. {path.chart.subtitle.text}"
    ((alone,),) = exhibits(single())
    assert (alone.heading, alone.caption) == ("", alone.chart.subtitle.text)


def test_what_the_section_says_is_not_said_again() -> None:
    _, (path,) = exhibits(malmo())
    assert path.verdict == ""
    assert path.description == path.chart.description.text
    report = malmo()
    target = report.sections[1]
    split = tuple(
        Text.of(claim, lang="sv") for claim in report.sections[1].charts[0].description.claims
    )
    assert len(split) > 1
    told = dataclasses.replace(report, sections=(Section("target", "", split, target.charts),))
    ((again,),) = exhibits(told)
    assert again.description == ""
    assert again.verdict == target.charts[0].verdict.text  # type: ignore[union-attr]


def test_notes_of_the_whole_report_are_left_to_its_end() -> None:
    for shown in exhibits(malmo()):
        for one in shown:
            assert malmo().footer[0] not in one.notes
            assert set(one.notes) | set(malmo().footer) >= set(one.chart.footer)
    ((alone,),) = exhibits(single())
    assert alone.notes == ()
