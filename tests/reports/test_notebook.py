from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from pages import Outline, browser_here, evaluated

from integstats.errors import OutputError, SnapshotMissingError, UnknownCodeError, UsageError
from integstats.reports import notebook
from integstats.reports.notebook import named, notebooks, page, run_notebook


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The first notebook, run once for Göteborg in English."""
    return run_notebook(
        "1", tmp_path_factory.mktemp("pages"), place="Göteborg", lang="en", stem="goteborg"
    )


@pytest.mark.parametrize("name", ["1", "01", "employment_gap", "01_employment_gap.ipynb"])
def test_a_notebook_has_several_names(name: str) -> None:
    assert named(name) == "01_employment_gap"


@pytest.mark.parametrize("name", ["", "0", "99", "employment"])
def test_an_unknown_name_says_what_there_is(name: str) -> None:
    with pytest.raises(UnknownCodeError, match="Allowed: 01_employment_gap, 02_halving_target"):
        named(name)


def test_every_notebook_can_be_called_by_its_number() -> None:
    for at, name in enumerate(notebooks(), start=1):
        assert named(str(at)) == name


def test_the_notebook_that_is_written_is_the_one_that_was_run(
    written: tuple[Path, Path],
) -> None:
    path, beside = written
    assert (path.name, beside.name) == ("goteborg.ipynb", "goteborg.html")
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    [given] = [one for one in book.cells if "injected-parameters" in one.metadata.get("tags", [])]
    assert given.source == 'LANG = "en"\nPLACE = "Göteborg"'
    outputs = [one for cell in book.cells if cell.cell_type == "code" for one in cell.outputs]
    assert not [one for one in outputs if one.output_type == "error"]
    pictures = [one for one in outputs if "image/png" in one.get("data", {})]
    assert len(pictures) == 2
    shown = [one.metadata["image/png"] for one in pictures]
    assert [one["alt"] for one in shown] == [one["data"]["text/plain"] for one in pictures]
    assert all("in Gothenburg" in one["alt"] for one in shown)
    assert all(one["width"] < 1000 for one in shown)


def test_nothing_tells_of_the_machine_or_the_hour(written: tuple[Path, Path]) -> None:
    for path in written:
        text = path.read_text("utf-8")
        assert str(Path(notebook.__file__).parents[3]) not in text
        assert "/tmp" not in text
        assert "papermill" not in text
        assert not re.search(r"\d\d:\d\d:\d\d", text)


def test_the_page_stands_alone(written: tuple[Path, Path]) -> None:
    content = written[1].read_bytes()
    found = Outline(content)
    assert found.open == []
    assert found.count("script") == found.count("link") == found.count("iframe") == 0
    assert found.count("style") == 1
    assert found.attributes("src")
    assert all(one.startswith("data:image/png;base64,") for one in found.attributes("src"))
    assert not re.search(rb"@import|@font-face|url\(", content)
    for tag, attributes in found.tags:
        assert not any(name.startswith("on") for name in attributes)
        if tag != "a":
            assert "href" not in attributes
    [policy] = [one for _, one in found.tags if "http-equiv" in one]
    assert "default-src 'none'" in (policy["content"] or "")


def test_the_page_says_what_it_is_and_shows(written: tuple[Path, Path]) -> None:
    found = Outline(written[1].read_bytes())
    assert found.texts["title"] == [
        "How large is the employment gap, and how does it move? (Göteborg)"
    ]
    assert found.count("h1") == found.count("main") == 1
    pictures = [one for tag, one in found.tags if tag == "img"]
    assert len(pictures) == 2
    assert all(80 <= len(one["alt"] or "") <= 600 for one in pictures)
    tables = [one for _, one in found.tags if one.get("role") == "region"]
    assert len(tables) == found.count("table") >= 2
    assert {one["aria-label"] for one in tables} == {"Table"}
    assert {one.get("lang") for tag, one in found.tags if one.get("class") == "output_wrapper"} == {
        "en"
    }


def test_a_browser_finds_no_violation(written: tuple[Path, Path], tmp_path: Path) -> None:
    for one in evaluated(browser_here(), written[1].read_bytes(), tmp_path):
        assert one["violations"] == []
        assert one["content"] <= one["width"]
        assert one["passes"] >= 10


def test_what_a_cell_raised_is_raised_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(SnapshotMissingError, match="integstats fetch scb-bas-month --places Lomma"):
        run_notebook("1", tmp_path / "out", place="Lomma")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A notebook of one cell."""

    def make(source: str) -> str:
        book = nbformat.v4.new_notebook()
        book.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        defaults = nbformat.v4.new_code_cell('PLACE = "Malmö"\nLANG = "sv"')
        defaults.metadata["tags"] = ["parameters"]
        book.cells = [nbformat.v4.new_markdown_cell("# A & <b>"), defaults]
        book.cells.append(nbformat.v4.new_code_cell(source))
        nbformat.write(book, tmp_path / "01_small.ipynb")
        monkeypatch.setattr(
            notebook, "notebooks", lambda: {"01_small": tmp_path / "01_small.ipynb"}
        )
        return "small"

    return make


@pytest.mark.filterwarnings("default")
def test_another_error_says_which_cell_and_one_line(small: Any, tmp_path: Path) -> None:
    name = small('raise ValueError("two\\nlines")')
    with pytest.raises(OutputError, match="failed in cell 4: ValueError: two lines") as caught:
        run_notebook(name, tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.filterwarnings("default")
def test_a_cell_that_never_ends_is_stopped(
    small: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "SECONDS", 1)
    with pytest.raises(OutputError, match="did not come to its end"):
        run_notebook(small("import time; time.sleep(60)"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_a_cell_shows_stays_text() -> None:
    book = nbformat.v4.new_notebook()
    shown = nbformat.v4.new_output(
        "execute_result", {"text/plain": "<script>alert(1)</script> {0}"}, execution_count=1
    )
    cell = nbformat.v4.new_code_cell('PLACE = "<b>&"', outputs=[shown])
    book.cells = [nbformat.v4.new_markdown_cell("# A & <i>B</i>"), cell]
    content = page(book)
    found = Outline(content)
    assert found.count("script") == 0
    assert found.texts["title"] == ["A & <i>B</i> (<b>&)"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {0}" in content.decode("utf-8")


def test_without_the_extra_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"integstats\[notebooks\]"):
        run_notebook("1", tmp_path)


def test_the_place_is_written_as_one_writes_it(written: tuple[Path, Path]) -> None:
    cells = json.loads(written[0].read_bytes())["cells"]
    assert not [one for one in cells if "\\u00f6" in json.dumps(one["source"], ensure_ascii=False)]
