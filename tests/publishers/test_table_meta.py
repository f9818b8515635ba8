from __future__ import annotations

import fnmatch
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.errors import SourceChangedError, UnknownCodeError, UsageError
from integstats.publishers.table_meta import Note, TableMeta, Unit, VariableMeta, read_table_meta

MONTHS = tuple(f"{year}M{month:02}" for year in (2020, 2021) for month in range(1, 13))


def read(parsed: Any, table_id: str = "TAB0", **codelists: str) -> TableMeta:
    return read_table_meta(
        parsed,
        table_id=table_id,
        codelists=codelists,
        body=b"",
        url="http://here/metadata",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def document(**dimension: Any) -> dict[str, Any]:
    return {
        "id": list(dimension),
        "size": [len(v["category"].get("index") or [1]) for v in dimension.values()],
        "dimension": dimension,
    }


def variable(codes: tuple[str, ...], *, time: bool = False) -> TableMeta:
    only = VariableMeta("V", "the variable", codes, codes, elimination=False, time=time)
    parsed = {"id": ["V"], "size": [0], "dimension": {"V": {"category": {"index": []}}}}
    return replace(read(parsed), variables=(only,))


@pytest.fixture(scope="module")
def bas(shared: Path) -> TableMeta:
    body = (shared / "data/pxweb/v2_scb_transcribed/scb_TAB6260.meta.json").read_bytes()
    return read(orjson.loads(body), "TAB6260")


@pytest.fixture(scope="module")
def population(shared: Path) -> TableMeta:
    body = (shared / "data/pxweb/v2_scb/TAB6471_metadata.json").read_bytes()
    return read(orjson.loads(body), "TAB6471")


def test_real_metadata_of_bas(bas: TableMeta) -> None:
    assert [v.code for v in bas.variables] == [
        *("Region", "Kon", "Alder", "Fodelseregion", "ContentsCode", "Tid")
    ]
    assert [len(v.codes) for v in bas.variables] == [312, 3, 20, 3, 11, 78]
    assert [v.code for v in bas.variables if not v.elimination] == ["Alder", "ContentsCode", "Tid"]
    assert [v.code for v in bas.variables if v.time] == ["Tid"]
    assert [v.code for v in bas.variables if v.metric] == ["ContentsCode"]
    assert bas.updated == "2026-08-28T06:00:00Z"
    assert (bas.language, bas.source) == ("en", "Statistics Sweden")
    assert [note.mandatory for note in bas.notes] == [True, True, True]
    contents = bas.variable("ContentsCode")
    assert contents.units["000006II"] == Unit("percent", 1)
    assert contents.reference_periods["000006HI"] == "Month"
    assert [listed.id for listed in bas.variable("Region").codelists][1] == "vs_BLän"


def test_real_metadata_of_the_population(population: TableMeta) -> None:
    assert [len(v.codes) for v in population.variables] == [312, 134, 3, 1, 16]
    alder = population.variable("Alder")
    assert [note.mandatory for note in alder.notes] == [True]
    assert alder.codes[:4] == ("0", "TotSA", "-4", "0-9")


@pytest.mark.parametrize(
    ("variable", "expression", "count", "first", "last"),
    [
        ("Region", "????", 290, "0114", "2584"),  # exactly the municipalities
        ("Region", "??", 22, "00", "25"),  # the country and the 21 counties
        ("Region", "12*", 34, "12", "1293"),
        ("Region", "*", 312, "00", "2584"),
        ("Tid", "TOP(1)", 1, "2026M06", "2026M06"),  # the newest, not 2020M01
        ("Tid", "TOP(12)", 12, "2025M07", "2026M06"),  # in rising order
        ("Tid", "TOP(3,2)", 3, "2026M02", "2026M04"),
        ("Tid", "BOTTOM(2)", 2, "2020M01", "2020M02"),
        ("Tid", "FROM(2026M01)", 6, "2026M01", "2026M06"),
        ("Tid", "TO(2020M03)", 3, "2020M01", "2020M03"),
        ("Tid", "RANGE(2024M01,2024M12)", 12, "2024M01", "2024M12"),
        ("tid", "range(2024m12,2024m01)", 12, "2024M01", "2024M12"),  # either way round
        ("Kon", "1+2", 1, "1+2", "1+2"),
        ("Kon", "TOP(2)", 2, "1", "2"),  # no time: the first two
        ("Alder", "060-64", 1, "060-64", "060-64"),
        ("fodelseregion", "UT", 1, "ut", "ut"),
    ],
)
def test_expressions_on_real_metadata(
    bas: TableMeta, variable: str, expression: str, count: int, first: str, last: str
) -> None:
    codes = bas.resolve(variable, expression)
    assert (len(codes), codes[0], codes[-1]) == (count, first, last)


sizes = st.integers(1, 20)


@settings(max_examples=100, deadline=None)
@given(n=sizes, count=st.integers(1, 25), offset=st.integers(0, 25), time=st.booleans())
def test_top_and_bottom_have_the_servers_meaning(
    n: int, count: int, offset: int, time: bool
) -> None:
    codes = MONTHS[:n]
    meta = variable(codes, time=time)
    from_the_start = codes[offset:][:count]
    from_the_end = tuple(reversed(tuple(reversed(codes))[offset:][:count]))
    top, bottom = (from_the_end, from_the_start) if time else (from_the_start, from_the_end)
    for word, expected in (("TOP", top), ("bottom", bottom)):
        if expected:
            assert meta.resolve("V", f"{word}({count},{offset})") == expected
            if offset == 0:
                assert meta.resolve("V", f"{word}({count})") == expected
        else:
            with pytest.raises(UnknownCodeError):
                meta.resolve("V", f"{word}({count},{offset})")


@settings(max_examples=100, deadline=None)
@given(n=sizes, a=st.integers(0, 19), b=st.integers(0, 19))
def test_from_to_and_range(n: int, a: int, b: int) -> None:
    codes = MONTHS[:n]
    meta, a, b = variable(codes, time=True), a % n, b % n
    since, until = meta.resolve("V", f"FROM({codes[a]})"), meta.resolve("V", f"TO({codes[b]})")
    assert since == codes[a:]
    assert until == codes[: b + 1]
    span = meta.resolve("V", f"RANGE({codes[a]},{codes[b]})")
    assert span == codes[min(a, b) : max(a, b) + 1]
    if a <= b:
        assert set(span) == set(since) & set(until)


words = st.text(alphabet="abÅ0[.", min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(codes=st.lists(words, min_size=1, max_size=8, unique_by=str.casefold), part=words)
def test_stars_and_question_marks(codes: list[str], part: str) -> None:
    meta = variable(tuple(codes))
    low = part.casefold()
    means = {
        f"{part}*": lambda code: code.startswith(low),
        f"*{part}": lambda code: code.endswith(low),
        f"*{part}*": lambda code: low in code,
        f"{part}?": lambda code: len(code) == len(low) + 1 and code.startswith(low),
        "??": lambda code: len(code) == 2,
        "*": lambda code: True,
    }
    for expression, fits in means.items():
        expected = tuple(code for code in codes if fits(code.casefold()))
        if expected:
            assert meta.resolve("V", expression) == expected
        else:
            with pytest.raises(UnknownCodeError):
                meta.resolve("V", expression)


def test_a_code_is_that_code_whatever_it_looks_like() -> None:
    meta = variable(("TOP(1)", "a*", "01.4,02,03.1", "what?", "b"))
    for code in ("TOP(1)", "a*", "01.4,02,03.1", "what?"):
        assert meta.resolve("V", code) == (code,)


def test_capitals_do_not_matter_unless_two_codes_differ_in_nothing_else() -> None:
    meta = variable(("TotSA", "ab", "AB"))
    assert meta.resolve("V", "totsa") == ("TotSA",)
    assert meta.resolve("V", "AB") == ("AB",)
    assert meta.resolve("V", "Ab") == ("ab",)  # the first, as the server has it


@pytest.mark.parametrize(
    "expression",
    ["a*b", "*a*b*", "TOP(0)", "TOP()", "TOP(a)", "TOP(-1)", "RANGE(a)", "RANGE(a,b,c)", "FROM()"],
)
def test_an_expression_that_cannot_be_read(expression: str) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        variable(("a", "b", "c")).resolve("V", expression)


def test_a_number_is_not_a_code() -> None:
    with pytest.raises(UsageError, match="Codes are text: V was given 114"):
        variable(("0114",)).resolve("V", 114)  # type: ignore[arg-type]


def test_an_unknown_code_names_the_table_and_its_neighbours(bas: TableMeta) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        bas.resolve("Alder", "20–64")  # SCB's labels have the en dash, its codes do not
    assert "TAB6260 has no value '20–64' of Alder" in str(caught.value)
    assert "Did you mean '20-64'" in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(UnknownCodeError, match="That is a label, its code is '1481'"):
        bas.resolve("Region", "Mölndal")
    with pytest.raises(UnknownCodeError, match=r"has no variable 'Födelseregion'\. Did you mean"):
        bas.resolve("Födelseregion", "ut")
    with pytest.raises(UnknownCodeError, match="no value '2019M12' of Tid"):
        bas.resolve("Tid", "FROM(2019M12)")


def test_a_pinned_code_that_is_gone_means_that_the_publisher_changed(bas: TableMeta) -> None:
    for name, code in (("ContentsCode", "000000XX"), ("Alder", "20-99"), ("Sex", "1")):
        with pytest.raises(SourceChangedError, match=r"TAB6260.*bring the catalogue up to date"):
            bas.resolve(name, code, pinned=True)


# What other readers of JSON-stat get wrong.


def test_an_index_is_read_by_its_numbers() -> None:
    labels = {"b": "B", "a": "A", "c": "C"}
    meta = read(
        document(V={"category": {"index": {"c": 2, "a": 0, "b": 1}, "label": labels}})
    ).variable("V")
    assert (meta.codes, meta.labels) == (("a", "b", "c"), ("A", "B", "C"))


def test_an_index_may_be_a_list_or_absent() -> None:
    meta = read(
        document(
            V={"category": {"index": ["b", "a"], "label": {"a": "A", "b": "B"}}},
            W={"category": {"label": {"only": "The one"}}},
        )
    )
    assert (meta.variables[0].codes, meta.variables[0].labels) == (("b", "a"), ("B", "A"))
    assert (meta.variables[1].codes, meta.variables[1].labels) == (("only",), ("The one",))


def test_labels_may_repeat_or_be_absent() -> None:
    meta = read(
        document(
            V={"category": {"index": ["a", "b"], "label": {"a": "Same", "b": "Same"}}},
            W={"category": {"index": ["x"]}},
        )
    )
    assert meta.variables[0].labels == ("Same", "Same")
    assert (meta.variables[1].label, meta.variables[1].labels) == ("W", ("x",))


def test_notes_keep_whether_they_are_mandatory() -> None:
    meta = read(
        {
            **document(
                V={
                    "note": ["one", "two"],
                    "category": {"index": ["a"], "note": {"a": ["on a"]}},
                    "extension": {
                        "noteMandatory": {"1": True},
                        "categoryNoteMandatory": {"a": {"0": True}},
                    },
                }
            ),
            "note": ["all"],
        }
    )
    assert meta.notes == (Note("all", False),)
    assert meta.variables[0].notes == (Note("one", False), Note("two", True))
    assert meta.variables[0].value_notes == {"a": (Note("on a", True),)}


@pytest.mark.parametrize(
    "parsed",
    [
        [],
        {},
        {"id": ["V"], "size": [1], "dimension": {}},
        {"id": ["V"], "size": [], "dimension": {"V": {"category": {"index": ["a"]}}}},
        {"id": ["V"], "size": [2], "dimension": {"V": {"category": {"index": ["a"]}}}},
        {"id": ["V"], "size": [2], "dimension": {"V": {"category": {"index": {"a": 0, "b": 0}}}}},
        {"id": ["V"], "size": [2], "dimension": {"V": {"category": {"index": ["a", "a"]}}}},
        {"id": ["V"], "size": [2], "dimension": {"V": {"category": {"label": {"a": "", "b": ""}}}}},
    ],
)
def test_metadata_that_is_none(parsed: Any) -> None:
    with pytest.raises(SourceChangedError, match=r"metadata of table TAB0 cannot be read.*http"):
        read(parsed)


def test_the_pattern_rules_agree_with_the_shells(bas: TableMeta) -> None:
    for expression in ("0*", "*84", "????", "1?8?"):
        codes = bas.variable("Region").codes
        assert bas.resolve("Region", expression) == tuple(fnmatch.filter(codes, expression))
