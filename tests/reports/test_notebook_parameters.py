"""The page of a notebook shows which values it was run with, and what it left as it was."""

from __future__ import annotations

from html import unescape

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from integstats.reports.notebook import INJECTED, page

DEFAULTS = 'PLACE = "Malmö"  # a municipality, county or group\nLANG = "sv"\nYEARS = 3  # whole'


def shown(given: str | None, defaults: str = DEFAULTS) -> str:
    cells = [
        new_markdown_cell("# Synthetic notebook"),
        new_code_cell(defaults, metadata={"tags": ["parameters"]}),
    ]
    if given is not None:
        cells.append(new_code_cell(given, metadata={"tags": [INJECTED]}))
    book: nbformat.NotebookNode = new_notebook(cells=cells)
    before = nbformat.writes(book)
    html = page(book).decode("utf-8")
    assert nbformat.writes(book) == before
    body = html.partition("<main>")[2].partition("</main>")[0]
    return unescape("".join(part.partition(">")[2] for part in body.split("<")))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            'LANG = "en"\nPLACE = "Upplands-Bro"',
            'PLACE = "Upplands-Bro"  # a municipality, county or group\n'
            'LANG = "en"\nYEARS = 3  # whole',
        ),
        (
            '# Parameters\nYEARS = 12\nPLACE = "\\\\1 \\"A\\""\n',
            'PLACE = "\\\\1 \\"A\\""  # a municipality, county or group\n'
            'LANG = "sv"\nYEARS = 12  # whole',
        ),
    ],
)
def test_given_values_stand_in_the_cell_of_parameters(given: str, expected: str) -> None:
    text = shown(given)
    assert expected in text
    assert text.count("PLACE = ") == 1
    assert "Malmö" not in text


def test_a_value_that_has_no_default_comes_first() -> None:
    assert 'PLACE = "Lomma"\nLANG = "en"' in shown('LANG = "en"\nPLACE = "Lomma"', 'LANG = "sv"')


def test_without_given_values_the_defaults_are_shown() -> None:
    assert DEFAULTS in shown(None)
