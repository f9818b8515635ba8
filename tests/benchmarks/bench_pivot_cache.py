"""How fast, and in how much memory, the pivot cache of a large workbook is read.

See README.md in this folder for how to run it and what was measured.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from integstats.formats import pivot_cache

GROUPS = ("TOT", "KVI", "MAN", "INR", "INRK", "INRM", "UTR", "UTRK", "UTRM")
OTHERS = tuple(f"{age}{sex}" for age in ("UNG", "GAM", "FG", "GY", "EG") for sex in ("", "K", "M"))
FIELDS = (
    *("PERIOD", "LAN", "KOM"),
    *(f"{group}SOK" for group in (*GROUPS, *OTHERS)),
    *(f"{group}AK" for group in (*GROUPS, *OTHERS)),
)
WANTED = ("PERIOD", "LAN", "KOM", *(f"{g}{kind}" for g in GROUPS for kind in ("SOK", "AK")))
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHARED = (300, 21, 290)


def synthetic_workbook(path: Path, rows: int) -> Path:
    """A workbook with the fields of the share file and invented figures."""
    rng = np.random.default_rng(3)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        fields = "".join(
            f'<cacheField name="{name}"><sharedItems>'
            + "".join(f'<s v="{name} {n}"/>' for n in range((*SHARED, 0)[min(at, 3)]))
            + "</sharedItems></cacheField>"
            for at, name in enumerate(FIELDS)
        )
        zipped.writestr(
            "xl/pivotCache/pivotCacheDefinition1.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><pivotCacheDefinition {NAMESPACE} '
            f'recordCount="{rows}"><cacheFields>{fields}</cacheFields></pivotCacheDefinition>',
        )
        with zipped.open("xl/pivotCache/pivotCacheRecords1.xml", "w", force_zip64=True) as out:
            out.write(
                f'<?xml version="1.0" encoding="UTF-8"?><pivotCacheRecords {NAMESPACE} '
                f'count="{rows}">'.encode()
            )
            for start in range(0, rows, 5000):
                out.write(_records(rng, min(5000, rows - start)).encode())
            out.write(b"</pivotCacheRecords>")
    return path


def _records(rng: np.random.Generator, rows: int) -> str:
    shared = [rng.integers(0, size, rows).tolist() for size in SHARED]
    counts = rng.integers(0, 9000, (rows, 24)).tolist()
    forces = (rng.integers(0, 400_000, (rows, 24)) / 12).tolist()
    lines = []
    for at in range(rows):
        cells = [f'<x v="{column[at]}"/>' for column in shared]
        cells += [f'<n v="{cell}"/>' if cell % 50 else "<m/>" for cell in counts[at]]
        cells += [f'<n v="{cell!r}"/>' for cell in forces[at]]
        lines.append(f"<r>{''.join(cells)}</r>")
    return "".join(lines)


def by_element_tree(path: Path) -> pd.DataFrame:
    """The usual way: an element per cell, and the row cleared when it has been read."""
    with zipfile.ZipFile(path) as zipped:
        items: list[list[str]] = []
        names: list[str] = []
        for _, element in ElementTree.iterparse(
            zipped.open("xl/pivotCache/pivotCacheDefinition1.xml")
        ):
            if element.tag.endswith("}cacheField"):
                names.append(element.attrib["name"])
                items.append([one.attrib["v"] for one in element[0]])
        rows = list(_rows(zipped, items))
    return pd.DataFrame(rows, columns=names)[list(WANTED)]


def _rows(zipped: zipfile.ZipFile, items: list[list[str]]) -> Iterator[list[str | float | None]]:
    for _, element in ElementTree.iterparse(zipped.open("xl/pivotCache/pivotCacheRecords1.xml")):
        if not element.tag.endswith("}r"):
            continue
        row: list[str | float | None] = []
        for at, cell in enumerate(element):
            if cell.tag.endswith("}x"):
                row.append(items[at][int(cell.attrib["v"])])
            elif cell.tag.endswith("}n"):
                row.append(float(cell.attrib["v"]))
            else:
                row.append(None)
        element.clear()
        yield row


def by_integstats(path: Path) -> pd.DataFrame:
    """Our reader."""
    return pivot_cache.read(path, WANTED)


READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "integstats": by_integstats,
    "ElementTree": by_element_tree,
}


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthetic_workbook(tmp_path_factory.mktemp("af") / "synthetic.xlsx", 16_000)


@pytest.mark.parametrize("reader", READERS)
def test_time(benchmark: object, reader: str, synthetic: Path) -> None:
    benchmark.pedantic(READERS[reader], (synthetic,), rounds=3, warmup_rounds=1)  # type: ignore[attr-defined]


def test_both_read_the_same(synthetic: Path) -> None:
    ours, theirs = by_integstats(synthetic), by_element_tree(synthetic)
    pd.testing.assert_frame_equal(
        ours.astype(dict.fromkeys(WANTED[:3], object)),
        theirs.astype(dict.fromkeys(WANTED[:3], object)),
    )


def test_peak_memory_of_a_workbook_of_60_mb() -> None:
    """In a process of its own; about 360 MB of XML."""
    with tempfile.TemporaryDirectory() as folder:
        path = synthetic_workbook(Path(folder) / "synthetic.xlsx", 250_000)
        done = subprocess.run(
            [sys.executable, __file__, str(path)], capture_output=True, text=True, check=True
        )
        print(f"{path.stat().st_size / 1e6:.0f} MB: {done.stdout.strip()}")
        assert float(done.stdout.split()[0]) < 500


if __name__ == "__main__":
    read = pivot_cache.read(Path(sys.argv[1]), WANTED)
    peak = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{peak.ru_maxrss / 1000:.0f} MB, {peak.ru_utime:.1f} s, {len(read):,} rows")
