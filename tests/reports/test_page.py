from __future__ import annotations

import dataclasses
import html as markup
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pages import Outline, browser_here, evaluated
from sample_reports import ACCENT, MARKUP, gaps_of, hostile, malmo, single

import integstats as ig
from integstats.reports import page
from integstats.reports.organisation import Organisation
from integstats.reports.report import Report, of_chart
from integstats.wording.claims import Text


@pytest.fixture(scope="module")
def browser() -> str:
    return browser_here()


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_browser_finds_no_violation_at_any_width(browser: str, lang: Any, tmp_path: Path) -> None:
    for one in evaluated(browser, page.html(malmo(lang)), tmp_path):
        assert one["violations"] == []
        assert one["content"] <= one["width"]
        assert one["passes"] >= 15


def test_hostile_names_run_nothing_and_break_nothing(browser: str, tmp_path: Path) -> None:
    for one in evaluated(browser, page.html(hostile()), tmp_path, (360, 768, 1280)):
        assert one["violations"] == []
        assert one["content"] <= one["width"]


def test_the_browser_finds_what_was_broken_on_purpose(browser: str, tmp_path: Path) -> None:
    good = page.html(single())
    bad = good.replace(b'<html lang="sv">', b"<html>").replace(b' alt="', b' data-alt="')
    bad = bad.replace(
        b"<h1>", b'<img src="data:,"><p style="color:#bbb">A pale word</p><h1 style="width:2000px">'
    )
    for one in evaluated(browser, bad, tmp_path):
        names = {violation.partition(":")[0] for violation in one["violations"]}
        assert {"html-has-lang", "image-alt", "color-contrast"} <= names
        assert one["content"] > one["width"]


@pytest.mark.parametrize("made", [malmo, single, hostile], ids=["report", "chart", "hostile"])
def test_nothing_is_loaded_from_anywhere(made: Any) -> None:
    content = page.html(made())
    found = Outline(content)
    assert found.open == []
    assert found.count("script") == found.count("link") == found.count("iframe") == 0
    assert all(one.startswith("data:image/png;base64,") for one in found.attributes("src"))
    assert not re.search(rb"@import|@font-face|url\((?!#)", content)
    for tag, attributes in found.tags:
        assert not any(name.startswith("on") for name in attributes)
        if tag != "a":
            assert (attributes.get("href") or attributes.get("xlink:href") or "#").startswith("#")


@pytest.mark.parametrize("made", [malmo, single, hostile], ids=["report", "chart", "hostile"])
def test_ids_are_unique_and_everything_that_names_one_finds_it(made: Any) -> None:
    found = Outline(page.html(made()))
    ids = Counter(found.attributes("id"))
    assert max(ids.values()) == 1
    named = [one[1:] for one in found.attributes("href") if one.startswith("#")]
    named += [one[1:] for one in found.attributes("xlink:href")]
    named += " ".join(found.attributes("aria-labelledby")).split()
    named += re.findall(r"url\(#([^)]*)\)", page.html(made()).decode())
    assert len(named) > 5
    assert set(named) <= set(ids)


def test_headings_are_in_order_without_gaps() -> None:
    found = Outline(page.html(malmo()))
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
    assert levels == [1, 2, 3, 3, 2, 2]
    assert [int(tag[1]) for tag, _ in Outline(page.html(single())).tags if tag in ("h1", "h2")] == [
        1,
        2,
    ]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_page_says_its_language_title_and_regions(lang: Any) -> None:
    report = malmo(lang)
    found = Outline(page.html(report))
    assert found.tags[0] == ("html", {"lang": lang})
    assert found.texts["title"][0] == report.title.text
    assert found.count("main") == 1
    assert found.tags[[tag for tag, _ in found.tags].index("body") + 1][0] == "a"
    regions = [one for _, one in found.tags if one.get("role") == "region"]
    assert len(regions) == 2 * len(report.charts)
    assert all(one["tabindex"] == "0" and one["aria-label"] for one in regions)
    assert len({one["aria-label"] for one in regions}) == len(regions)


def test_every_chart_has_its_texts_and_its_figures() -> None:
    report = malmo()
    text = markup.unescape(page.html(report).decode("utf-8"))
    found = Outline(page.html(report))
    assert found.count("svg") == found.count("table") == found.count("figure") == 3
    for chart in report.charts:
        for wanted in (chart.title, chart.subtitle, chart.alt, chart.description):
            assert wanted.text in text
        assert all(note in text for note in chart.footer)
    assert found.texts["desc"] == [chart.alt.text for chart in report.charts]
    scopes = Counter(one.get("scope") for tag, one in found.tags if tag == "th")
    assert set(scopes) == {"col", "row"}
    assert found.count("caption") == found.count("thead") == 3
    assert report.organisation.accent == ACCENT
    assert f"--accent: {ACCENT}" in text
    assert ("img", "Malmö stad") in [(tag, one.get("alt")) for tag, one in found.tags]


def test_sources_lead_to_the_publisher_and_name_the_licence() -> None:
    report = malmo()
    text = page.html(report).decode("utf-8")
    dataset = report.sources[0].dataset
    assert f'<a href="{dataset.url}">{dataset.name()}</a>' in text
    assert "CC0 1.0" in text
    foreign = dataclasses.replace(dataset, url="javascript:alert(1)")
    source = dataclasses.replace(report.sources[0], dataset=foreign)
    assert "javascript:" not in page.html(dataclasses.replace(report, sources=(source,))).decode()


def test_long_tables_show_the_latest_rows_and_say_where_the_others_are() -> None:
    chart = ig.charts.gap_trend(gaps_of("Exempelkommun A", periods=120))
    text = page.html(of_chart(chart)).decode("utf-8")
    found = Outline(page.html(of_chart(chart)))
    assert found.count("tr") == 1 + page.MOST_ROWS
    assert f"Alla rader finns i {chart.name}.xlsx och {chart.name}.csv." in text
    assert "Tabellen börjar med september 2025." in text


def test_invented_figures_are_named_so() -> None:
    assert "Påhittade tal" in page.html(hostile()).decode("utf-8")
    assert "PÅHITTADE TAL" in page.html(hostile()).decode("utf-8")
    assert "Påhittade tal" not in page.html(malmo()).decode("utf-8")


def test_names_stay_text() -> None:
    content = page.html(hostile())
    found = Outline(content)
    assert found.count("script") == found.count("b") == 0
    assert "&lt;script&gt;" in content.decode("utf-8")
    assert MARKUP in found.texts["p"][0]
    assert any(MARKUP in one for one in found.texts["desc"])


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "a\x00b\x0bc\ud800d", "]]>", "<!--"])
def test_any_text_can_be_a_title(text: str) -> None:
    report = dataclasses.replace(
        single(), title=Text("sv", text, ()), organisation=Organisation(text)
    )
    content = page.html(report)
    assert "\x00" not in content.decode("utf-8")
    found = Outline(content)
    assert found.texts["h1"] == [re.sub("[\x00\x0b\ud800]", "\ufffd", text)]


def test_the_same_report_has_the_same_bytes() -> None:
    def again() -> Report:
        return dataclasses.replace(
            single(), sections=tuple(dataclasses.replace(one) for one in single().sections)
        )

    assert page.html(again()) == page.html(single())
