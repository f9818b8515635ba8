from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from af_workbooks import Cell, workbook
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.errors import SchemaError
from integstats.formats import pivot_cache, xlsx

FIELDS = ("PERIOD", "KOM", "TOTSOK")
RECORDS: list[list[Cell]] = [
    ["2026-07", "Lomma", 5],
    ["2026-07", None, 7.25],
    ["2026-08", "Lomma", None],
]


def rewritten(content: bytes, change: Callable[[str, str], str]) -> bytes:
    """The workbook with the text of its parts changed."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name).decode("utf-8")))
    return target.getvalue()


def records_rewritten(content: bytes, change: Callable[[str], str]) -> bytes:
    return rewritten(
        content,
        lambda name, text: (
            change(text) if "pivotCacheRecords1.xml" in name and "_rels" not in name else text
        ),
    )


def made(records: Sequence[Sequence[Cell]] = RECORDS) -> bytes:
    return workbook({"Info": [["x"]]}, caches=[(FIELDS, records)])


def test_the_stored_synthetic_workbook_reads_as_it_was_made(shared: Path) -> None:
    """Made by another program than ours: 7 places, 20 months, a row without a place's figures."""
    file = next((shared / "data/af/synthetic").glob("*andel-av-bas*.xlsx"))
    read = pivot_cache.read(file, ["PERIOD", "LAN", "KOM", "TOTSOK", "UTRKSOK", "UTRKAK"])
    assert len(read) == 140
    assert read.iloc[0].tolist()[:4] == ["2025-01", "Västra Götalands län", "Mölndal", 232.0]
    assert read["UTRKAK"].iloc[0] == pytest.approx(25596.083333333332)
    assert list(read["KOM"][read["UTRKAK"].isna()].unique()) == ["Uppgift saknas"]


def test_a_missing_cell_keeps_its_column() -> None:
    read = pivot_cache.read(made(), FIELDS)
    assert read["KOM"].tolist()[0] == "Lomma"
    assert pd.isna(read["KOM"].iloc[1])
    np.testing.assert_array_equal(read["TOTSOK"], [5, 7.25, np.nan])
    assert read["PERIOD"].astype(str).tolist() == ["2026-07", "2026-07", "2026-08"]


def test_a_calculated_field_has_no_cell() -> None:
    content = workbook(
        {"Info": []}, caches=[(FIELDS, RECORDS)], calculated=("Totalt", "Utrikes KVI")
    )
    assert pivot_cache.read(content, ["TOTSOK"])["TOTSOK"].tolist()[:2] == [5, 7.25]


def test_the_cache_is_found_by_its_fields_not_by_its_number() -> None:
    content = workbook(
        {"Info": []},
        caches=[
            (("PERIOD", "UTBILDNING", "INSAL"), [["2026-08", "Gymnasium", 1]]),
            (("PERIOD", "FODLGRP", "INSAL"), [["2026-08", "Sverige", 2]]),
            (("PERIOD", "ALDGR", "INSAL"), [["2026-08", "16-24", 3]]),
        ],
    )
    assert pivot_cache.read(content, ["PERIOD", "fodlgrp", "INSAL"])["INSAL"].tolist() == [2]
    with pytest.raises(SchemaError, match=r"3 pivot caches have the fields PERIOD, INSAL"):
        pivot_cache.read(content, ["PERIOD", "INSAL"])


def test_a_lacking_field_is_named_with_the_near_one() -> None:
    with pytest.raises(SchemaError, match=r"has the field TOTSOKK\. Did you mean 'TOTSOK'"):
        pivot_cache.read(made(), ["PERIOD", "TOTSOKK"])


def test_a_column_of_figures_and_signs_is_text_as_written() -> None:
    read = pivot_cache.read(made([["2026-08", "Lomma", "<5"], ["2026-08", "Lomma", 12]]), FIELDS)
    assert read["TOTSOK"].astype(str).tolist() == ["<5", "12"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("<r>", "\n  <r>").replace("</r>", "\n  </r>\n"),
        lambda text: text.replace('"/>', '" />'),
        lambda text: text.replace('v="', "v='").replace('"/>', "'/>"),
        lambda text: text.replace("<x ", '<x u="1" '),
        lambda text: text.replace("<r>", "<!-- a > b --><r>"),
        lambda text: text.replace("</pivotCacheR", "<extLst><ext/></extLst></pivotCacheR"),
        lambda text: (
            text.replace("<", "<a:").replace("<a:/", "</a:").replace("<a:?", "<?")
            .replace("xmlns=", "xmlns:a=")
        ),
    ],
    ids=["indented", "spaced", "quotes", "attributes", "comments", "extension", "prefixed"],
)  # fmt: skip
def test_any_lawful_spelling_gives_the_same_table(change: Callable[[str], str]) -> None:
    content = records_rewritten(made(), change)
    pd.testing.assert_frame_equal(
        pivot_cache.read(content, FIELDS), pivot_cache.read(made(), FIELDS)
    )


def test_values_of_their_own_are_read_with_their_references_undone() -> None:
    content = records_rewritten(
        made(), lambda text: text.replace('<n v="5"/>', '<s v="A &amp; B &lt;5"/>')
    )
    read = pivot_cache.read(content, FIELDS)
    assert read["TOTSOK"].astype(str).tolist()[:2] == ["A & B <5", "7.25"]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda text: text.replace("<m/>", "", 1), r"Record 2 .* has 2 cells, expected 3"),
        (lambda text: text.replace("</r><r>", "</r>", 1), "damaged|XML"),
        (lambda text: text.replace('<x v="0"/>', '<x v="9"/>', 1), "refers to shared value 9"),
        (lambda text: text[: len(text) // 2], "XML that cannot be read|damaged"),
        (lambda text: text.replace("<r>", "", 1).replace("</r>", "", 1), "2 records .* says .* 3"),
    ],
)
def test_damaged_records_are_an_error(change: Callable[[str], str], match: str) -> None:
    with pytest.raises(SchemaError, match=match):
        pivot_cache.read(records_rewritten(made(), change), FIELDS)


def test_a_cache_without_records_says_so() -> None:
    content = made()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if not name.endswith("pivotCacheRecords1.xml"):
                new.writestr(name, old.read(name))
    with pytest.raises(SchemaError, match="keeps no records"):
        pivot_cache.read(target.getvalue(), FIELDS)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"<!doctype html><html>", "it is a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20), "old .xls"),
        (b"PK\x03\x04" + bytes(100), "damaged or cut short"),
        (b"", "no .xlsx file"),
    ],
)
def test_what_is_no_workbook_says_what_it_is(content: bytes, match: str) -> None:
    with pytest.raises(SchemaError, match=match):
        pivot_cache.read(content, FIELDS)


def test_a_cut_download_is_an_error() -> None:
    with pytest.raises(SchemaError, match="damaged or cut short"):
        pivot_cache.read(made()[:-40], FIELDS)


def test_a_document_type_is_refused() -> None:
    content = records_rewritten(
        made(), lambda text: text.replace("<pivot", '<!DOCTYPE x [<!ENTITY a "b">]><pivot', 1)
    )
    with pytest.raises(SchemaError, match="document type declaration"):
        pivot_cache.read(content, FIELDS)


def test_progress_ends_with_all_of_it() -> None:
    told: list[tuple[int, int]] = []
    pivot_cache.read(made(), FIELDS, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0
    assert all(done <= total for done, total in told)


CELLS = st.one_of(
    st.none(),
    st.integers(0, 10**6).map(float),
    st.floats(0, 1e6, allow_nan=False),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=6),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_the_quick_way_and_the_parser_read_the_same(rows: list[tuple[Cell, ...]]) -> None:
    """Both ways give what was put in, whatever the cells are."""
    plain = workbook({"Info": []}, caches=[(FIELDS, rows)])
    commented = records_rewritten(plain, lambda text: text.replace("<r>", "<!-- --><r>"))
    quick, parsed = (pivot_cache.read(one, FIELDS) for one in (plain, commented))
    pd.testing.assert_frame_equal(quick, parsed)
    for at, name in enumerate(FIELDS):
        for row, cell in zip(rows, quick[name], strict=True):
            if row[at] is None:
                assert pd.isna(cell)
            elif isinstance(cell, float):
                assert math.isclose(cell, float(row[at]))  # type: ignore[arg-type]
            else:
                assert cell == (row[at] if isinstance(row[at], str) else repr(row[at]))


def test_parts_and_times_of_a_workbook() -> None:
    content = workbook({"Info": [], "Andel": []}, saved="2026-09-11T06:12:00Z")
    with xlsx.opened(content) as opened:
        assert list(xlsx.sheets(opened)) == ["Info", "Andel"]
    assert xlsx.saved_at(content) == "2026-09-11T06:12:00Z"
