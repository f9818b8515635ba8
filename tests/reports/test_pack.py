from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook
from pages import Outline
from PIL import Image
from sample_reports import malmo, own_counts

import integstats as ig
from integstats import catalogue
from integstats.errors import OutputError, UsageError
from integstats.reports import pack, provenance
from integstats.reports.datasheet import FORMULA
from integstats.wording.claims import Text
from integstats.wording.sentences import read_text


@pytest.fixture(scope="module")
def gaps() -> pd.DataFrame:
    return ig.gaps(ig.rates(ig.load("scb-bas-month", places=["Malmö"])), "employment_rate")


@pytest.fixture(scope="module")
def chart(gaps: pd.DataFrame) -> ig.Chart:
    return ig.charts.gap_trend(gaps)


@pytest.fixture(scope="module")
def track() -> ig.Track:
    bas = ig.load("scb-bas-month", places=["Malmö", "riket"])
    target = ig.Target.halve(
        "unemployment_rate",
        places=["Malmö"],
        sex="women",
        birth_region="foreign_born",
        baseline="2024-06",
        deadline="2026-06",
    )
    return ig.track(target, bas)


def test_one_call_writes_one_folder(chart: ig.Chart, tmp_path: Path) -> None:
    paths = ig.publish(chart, tmp_path / "out")
    assert [path.suffix.removeprefix(".") for path in paths] == [
        *("png", "svg", "csv", "txt", "docx", "pptx", "xlsx", "html"),
        *("txt", "json"),
    ]
    assert {path.stem for path in paths} == {chart.name, "tillganglighet"}
    assert sorted(tmp_path.joinpath("out").iterdir()) == sorted(paths)
    assert paths[0].read_bytes().startswith(b"\x89PNG")


def test_a_report_has_the_pictures_of_every_chart_and_one_of_each_document(tmp_path: Path) -> None:
    report = malmo("en")
    paths = ig.publish(report, tmp_path)
    names = [path.name for path in paths]
    assert names == [
        *(f"{one.name}.{end}" for one in report.charts for end in pack.PICTURES),
        *("malmo.txt", "malmo.docx", "malmo.pptx", "malmo.xlsx", "malmo.html"),
        *("accessibility.txt", "malmo.json"),
    ]
    record = json.loads(paths[-1].read_bytes())
    assert record["files"] == names
    said = (tmp_path / "malmo.txt").read_text("utf-8")
    for wanted in (report.title, *report.lead, *(one.description for one in report.charts)):
        assert wanted.text in said
    assert report.footer[-1] in said


def test_only_the_formats_asked_for_are_written(chart: ig.Chart, tmp_path: Path) -> None:
    for formats in (["json", "csv", "csv"], "svg"):
        paths = ig.publish(chart, tmp_path / str(len(formats)), formats=formats)
        wanted = {formats} if isinstance(formats, str) else set(formats)
        assert {path.suffix.removeprefix(".") for path in paths} == wanted
        assert len(paths) == len(wanted)


@pytest.mark.parametrize("formats", [["html", "htm"], "pdf"])
def test_an_unknown_format_is_refused_and_nothing_written(
    formats: Any, chart: ig.Chart, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="Allowed: png, svg, csv, txt, docx, pptx, xlsx, html"):
        ig.publish(chart, tmp_path / "out", formats=formats)
    assert not (tmp_path / "out").exists()


def test_the_svg_is_readable_without_seeing_it(chart: ig.Chart, tmp_path: Path) -> None:
    path = chart.save(tmp_path / "chart.svg")
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    assert root.get("role") == "img"
    assert root.get("lang") == "sv"
    names = {child.tag.rpartition("}")[2]: child for child in root}
    assert names["title"].text == chart.title.text
    assert names["desc"].text == chart.alt.text
    assert root.get("aria-labelledby") == f"{names['title'].get('id')} {names['desc'].get('id')}"
    texts = "".join(root.itertext())
    assert "TAB6260" in texts


def test_the_swedish_sheet_is_swedish_and_the_english_plain(
    gaps: pd.DataFrame, tmp_path: Path
) -> None:
    swedish = ig.charts.gap_trend(gaps, lang="sv").save(tmp_path / "sv.csv").read_bytes()
    english = ig.charts.gap_trend(gaps, lang="en").save(tmp_path / "en.csv").read_bytes()
    assert swedish.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(swedish.decode("utf-8-sig")), delimiter=";"))
    plain = list(csv.DictReader(io.StringIO(english.decode("utf-8"))))
    assert len(rows) == len(plain) > 100
    for mine, other in zip(rows, plain, strict=True):
        assert float(mine["gap_pp"].replace(",", ".")) == float(other["gap_pp"])
        assert "." not in mine["gap_pp"]


def test_provenance_says_what_the_figures_rest_on(track: ig.Track, tmp_path: Path) -> None:
    path = next(one for one in ig.publish(track, tmp_path) if one.suffix == ".json")
    assert path.name.startswith("rakneexempel_")
    found = json.loads(path.read_text(encoding="utf-8"))
    source = found["sources"][0]
    assert source["table_id"] == "TAB6260"
    assert source["updated"] == "2026-08-28"
    assert source["obtained"] == "carried over"
    assert (found["schema_version"], found["package_version"]) == (2, ig.__version__)
    [target] = found["targets"]
    assert target["verdict.status"] == "missed"
    assert target["goal"] == pytest.approx(0.0892, abs=5e-5)
    assert ig.Target.from_dict(target["target"]) == track.target
    [drawn] = found["charts"]
    assert (drawn["chart"], drawn["name"], drawn["size"]) == ("target_path", path.stem, "report")
    assert drawn["rows"] == len(ig.charts.target_path(track).data)
    assert found["figures"] == [["scb-bas-month", source["vintage"]]]
    assert "texts" not in found


def test_the_provenance_of_a_report_keeps_every_text_with_its_claims(tmp_path: Path) -> None:
    report = malmo()
    [path] = ig.publish(report, tmp_path, formats=["json"])
    found = json.loads(path.read_bytes())
    assert [one["name"] for one in found["charts"]] == [one.name for one in report.charts]
    texts = [*found["texts"], *(text for one in found["charts"] for text in one["texts"])]
    assert [one["text"] for one in texts] == [one.text for one in report.texts]
    assert [problem for one in texts for problem in read_text(one).problems()] == []
    assert len(found["targets"]) == len(report.tracks) == 1


def test_publishing_again_keeps_the_bytes_and_the_time(chart: ig.Chart, tmp_path: Path) -> None:
    first = {path: path.read_bytes() for path in ig.publish(chart, tmp_path)}
    assert {path: path.read_bytes() for path in ig.publish(chart, tmp_path)} == first


def test_the_time_moves_when_something_else_did() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    first = provenance.stamped({"rows": 1}, before=None, now=early)
    assert provenance.stamped({"rows": 1}, before=first, now=late) == first
    assert b"2026-02-01" in provenance.stamped({"rows": 2}, before=first, now=late)


def test_only_charts_and_tracks_are_published(gaps: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gap_trend"):
        ig.publish(gaps, tmp_path)  # type: ignore[arg-type]


def test_invented_figures_are_refused_unless_allowed(gaps: pd.DataFrame, tmp_path: Path) -> None:
    invented = gaps.assign(dataset=pd.Categorical(["synthetic-gaps"] * len(gaps)))
    chart = ig.charts.gap_trend(invented)
    assert chart.synthetic
    with pytest.raises(UsageError, match="allow_synthetic"):
        ig.publish(chart, tmp_path)
    assert not list(tmp_path.iterdir())
    assert ig.publish(chart, tmp_path, allow_synthetic=True)


def test_an_unknown_suffix_names_the_known(chart: ig.Chart, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\.png"):
        chart.save(tmp_path / "chart.bmp")


def test_text_is_never_a_formula(chart: ig.Chart, tmp_path: Path) -> None:
    data = chart.data.assign(place="=HYPERLINK(1)")
    cells = dataclasses.replace(chart, data=data).save(tmp_path / "a.csv").read_text("utf-8-sig")
    assert "'=HYPERLINK(1)" in cells
    assert ";=HYPERLINK" not in cells


HOSTILE = "=1+1 <script>alert(\"1\")</script> & 'B' <b>\n\x00\x0b\x1b[31m ]]> {0} $x$"
VISIBLE = "<script>alert("


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[ig.Report, Path]:
    """A pack whose every name is hostile: place, publisher, source, target and own column."""
    [real] = catalogue.sources_of([("scb-bas-month", "2026-08-28.ed2136c3")])
    words = dict.fromkeys(("name_sv", "name_en", "register_sv", "register_en"), HOSTILE)
    dataset = dataclasses.replace(real.dataset, url="javascript:alert(1)", **words)
    source = dataclasses.replace(real, dataset=dataset)
    group = {"sex": "women", "birth_region": "foreign_born", "age": "20-64"}
    target = ig.Target.halve(
        "unemployment_rate",
        dataset="synthetic-bas",
        places=[HOSTILE],
        baseline="2024-06",
        deadline="2026-12",
        decided_by=HOSTILE,
        decided_on="2024-06-19",
        source_text=HOSTILE,
        url='javascript:alert("1")',
        **group,
    )
    report = ig.report(
        HOSTILE,
        own_counts(HOSTILE),
        targets=[target],
        sources=[source],
        organisation=ig.Organisation(HOSTILE),
    )
    first, *others = report.sections[0].charts
    own = first.data.assign(**{"=cmd": HOSTILE, "hours": 12.0})
    section = dataclasses.replace(
        report.sections[0], charts=(dataclasses.replace(first, data=own, shown=()), *others)
    )
    report = dataclasses.replace(report, sections=(section, *report.sections[1:]))
    folder = tmp_path_factory.mktemp("hostile")
    ig.publish(report, folder, allow_synthetic=True)
    return report, folder


def test_hostile_names_make_claims_that_hold(hostile: tuple[ig.Report, Path]) -> None:
    report, _ = hostile
    assert [problem for one in report.texts for problem in one.problems()] == []
    assert not [one for one in report.texts if re.search("[\x00-\x1f]", one.text)]
    assert any(VISIBLE in one.text for one in report.texts)


def test_hostile_names_stay_text_in_pictures(hostile: tuple[ig.Report, Path]) -> None:
    report, folder = hostile
    for chart in report.charts:
        with Image.open(folder / f"{chart.name}.png") as picture:
            assert picture.info["Title"] == chart.title.text
            assert picture.info["Description"] == chart.alt.text
        root = ET.fromstring((folder / f"{chart.name}.svg").read_text("utf-8"))
        assert not [one for one in root.iter() if one.tag.endswith("script")]
        assert VISIBLE in "".join(root.itertext())


@pytest.mark.filterwarnings("ignore:Glyph")
def test_an_svg_is_free_of_what_xml_forbids_wherever_it_comes_from(chart: ig.Chart) -> None:
    title = Text("sv", "a\x00b\x1bc", ())
    root = ET.fromstring(dataclasses.replace(chart, title=title).svg())
    [named] = [one for one in root if one.tag.endswith("title")]
    assert named.text == "a\ufffdb\ufffdc"


def test_hostile_names_stay_text_in_sheets(hostile: tuple[ig.Report, Path]) -> None:
    report, folder = hostile
    for chart in report.charts:
        rows = list(
            csv.reader(
                io.StringIO((folder / f"{chart.name}.csv").read_text("utf-8-sig"), newline=""),
                delimiter=";",
            )
        )
        assert len(rows) == 1 + len(chart.data)
        cells = [cell for row in rows for cell in row]
        signed = re.compile(r"-?\d+(,\d+)?")
        assert not [one for one in cells if one.startswith(FORMULA) and not signed.fullmatch(one)]
        assert not [one for one in cells if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", one)]
    book = load_workbook(folder / f"{report.name}.xlsx")
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in found} <= {"s", "n", "d"}
    assert any(VISIBLE in str(cell.value) for cell in found)
    assert not [cell for cell in found if cell.hyperlink and cell.hyperlink.target]
    for cell in found:
        if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "@")):
            assert cell.quotePrefix


@pytest.mark.parametrize("end", ["docx", "pptx", "xlsx"])
def test_hostile_names_stay_text_in_office_files(end: str, hostile: tuple[ig.Report, Path]) -> None:
    report, folder = hostile
    said = ""
    with zipfile.ZipFile(folder / f"{report.name}.{end}") as archive:
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            root = ET.fromstring(archive.read(name))
            said += "".join(root.itertext())
            for one in root.iter():
                if one.tag.endswith("}Relationship"):
                    assert not one.get("Target", "").startswith("javascript")
                    assert one.get("TargetMode") != "External"
    assert VISIBLE in said


def test_hostile_names_stay_text_on_the_page(hostile: tuple[ig.Report, Path]) -> None:
    report, folder = hostile
    content = (folder / f"{report.name}.html").read_bytes()
    found = Outline(content)
    assert found.open == []
    assert found.count("script") == found.count("b") == 0
    assert not [name for _, one in found.tags for name in one if name.startswith("on")]
    assert not [one for one in found.attributes("href") if not one.startswith("#")]
    assert not re.search(b"[\x00-\x08\x0b\x0c\x0e-\x1f]", content)
    assert VISIBLE in found.texts["h1"][0]


def test_hostile_names_stay_text_in_texts_and_provenance(
    hostile: tuple[ig.Report, Path],
) -> None:
    report, folder = hostile
    for path in folder.glob("*.txt"):
        assert not re.search("[\x00-\x08\x0b-\x1f]", path.read_text("utf-8")), path.name
    assert VISIBLE in (folder / f"{report.name}.txt").read_text("utf-8")
    record = json.loads((folder / f"{report.name}.json").read_bytes())
    assert record["targets"][0]["target"]["source_text"] == HOSTILE
    assert record["organisation"] == HOSTILE
    assert re.fullmatch(r"[a-z0-9_.-]+", report.name)
    assert all(re.fullmatch(r"[a-z0-9_.-]+", path.name) for path in folder.iterdir())
