"""Rows of figures in text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.errors import SchemaError
from integstats.formats.figures import parse_lines


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=30))
def test_figures_are_the_floats_that_python_reads(figures: list[float]) -> None:
    lines = "\n".join(map(repr, figures)).encode()
    parsed = parse_lines(lines, missing=[], blank_lines=False)
    assert parsed.tobytes() == np.array(figures, dtype=np.float64).tobytes()


def test_words_for_missing_become_nan() -> None:
    parsed = parse_lines(b'1\n".."\nnull\n-2.5', missing=['".."', "null"], blank_lines=False)
    np.testing.assert_array_equal(parsed, [1, np.nan, np.nan, -2.5])


@pytest.mark.parametrize("lines", [b"", b" ", b"\n\n"])
def test_nothing_gives_nothing(lines: bytes) -> None:
    assert parse_lines(lines, missing=[], blank_lines=False).shape == (0,)


def test_blank_lines_are_skipped_only_on_request() -> None:
    assert parse_lines(b"\n1\n\n2\n", missing=[], blank_lines=True).tolist() == [1, 2]
    with pytest.raises(SchemaError, match="Not a number: ''"):
        parse_lines(b"1\n\n2", missing=[], blank_lines=False)


@pytest.mark.parametrize(
    ("lines", "named"),
    [(b"1\nx", "'x'"), (b"1 2", "'1 2'"), (b"1,2", "'1,2'"), (b'"1"', "'\"1\"'")],
)
def test_what_is_no_figure_is_named(lines: bytes, named: str) -> None:
    with pytest.raises(SchemaError, match=f"Not a number: {named}"):
        parse_lines(lines, missing=["null"], blank_lines=True)
