"""docs/columns.md, read: what it says that results and datasets have."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "columns.md"
ROW = re.compile(r"^\| (?P<what>.+?) \| (?P<dtype>.*?) \| .+ \|$")


def sections() -> dict[str, list[tuple[str, str]]]:
    """Heading to the rows of its table: what is in the first cell, and the dtype."""
    found: dict[str, list[tuple[str, str]]] = {}
    rows: list[tuple[str, str]] = []
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            rows = found.setdefault(line.lstrip("# ").replace("`", ""), [])
        elif (row := ROW.match(line)) and not row["what"].startswith(("column", "dataset", "---")):
            rows.append((row["what"], row["dtype"]))
    return found


def columns_of(name: str, page: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Columns a section promises, with references to other sections written out."""
    found: list[tuple[str, str]] = []
    for what, dtype in page[name]:
        words = re.findall(r"`(.+?)`", what)
        if what.startswith("*keys*"):
            found += [one for one in columns_of("Keys", page) if one[0] not in words]
        elif what.startswith("*counts*"):
            found += columns_of("Counts of scb-bas-month", page)
        elif what.startswith("*columns of*"):
            found += columns_of(words[0], page)
        elif not what.startswith("*index*"):
            found.append((words[0], dtype))
    return found


def columns_of_dataset(name: str) -> list[str]:
    """Columns that the page promises of a dataset, between the keys and `status`."""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith(f"| `{name}` | period["):
            return re.findall(r"`(.+?)`", line.rpartition(" | ")[2])
    return []
