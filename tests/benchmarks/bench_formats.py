"""How fast, and in how much memory, JSON-stat and PX answers become rows.

See README.md in this folder for how to run it and what was measured.
"""

from __future__ import annotations

import functools
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd
import pytest

from integstats.formats import jsonstat, px

MONTHS = [f"{year}M{month:02}" for year in range(2020, 2025) for month in range(1, 13)]
AXES = {
    "Region": [f"{1000 + n}" for n in range(290)],
    "Kon": ["1", "2"],
    "Alder": [f"{age}-{age + 4}" for age in range(15, 65, 5)],
    "Fodelseregion": ["200", "210", "220"],
    "ContentsCode": ["A", "B", "C"],
    "Tid": MONTHS,
}
SHAPE = tuple(map(len, AXES.values()))
CELLS = int(np.prod(SHAPE))


@functools.cache
def cells() -> list[str]:
    """The invented figures: two counts and a rate, 3 % of the cells with a symbol."""
    rng = np.random.default_rng(7)
    counts = rng.lognormal(5, 1.5, SHAPE).astype(int).astype(str)
    rates = (rng.integers(400, 900, SHAPE) / 10).astype(str)
    is_rate = np.arange(3).reshape(3, 1) == 2
    text = np.where(is_rate, rates, counts).reshape(-1).astype(object)
    missing = rng.random(CELLS) < 0.03
    text[missing] = np.where(rng.random(missing.sum()) < 0.85, "..", ".")
    return text.tolist()


@functools.cache
def jsonstat_answer() -> bytes:
    """The cube as SCB answers it."""
    dimension = {
        code: {
            "label": code.lower(),
            "category": {
                "index": {item: at for at, item in enumerate(items)},
                "label": {item: f"text {item}" for item in items},
            },
        }
        for code, items in AXES.items()
    }
    head = orjson.dumps(
        {
            "version": "2.0",
            "class": "dataset",
            "label": "synthetic",
            "id": list(AXES),
            "size": SHAPE,
            "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
            "dimension": dimension,
            "status": {str(at): cell for at, cell in enumerate(cells()) if cell[0] == "."},
        }
    )
    values = ",".join("null" if cell[0] == "." else cell for cell in cells())
    return head[:-1] + b',"value":[' + values.encode() + b"]}"


@functools.cache
def px_file() -> bytes:
    """The cube as a PX file."""

    def quoted(items: list[str]) -> str:
        return ",".join(f'"{item}"' for item in items)

    lines = ['CHARSET="ANSI";', 'CODEPAGE="iso-8859-1";', 'LANGUAGE="sv";', 'MATRIX="X";']
    lines += ['SUBJECT-CODE="X";', 'SUBJECT-AREA="X";', 'TITLE="synthetic";', "DECIMALS=1;"]
    lines += ['CONTENTS="synthetic";', 'UNITS="antal";', 'HEADING="Tid";']
    lines += [f"STUB={quoted(list(AXES)[:-1])};"]
    for code, items in AXES.items():
        lines.append(f'VALUES("{code}")={quoted([f"text {item}" for item in items])};')
        lines.append(f'CODES("{code}")={quoted(items)};')
    lines += [f'TIMEVAL("Tid")=TLIST(M1),{quoted(MONTHS)};', "DATA="]
    shown = (f'"{cell}"' if cell[0] == "." else cell for cell in cells())
    width = len(MONTHS)
    lines += [" ".join(itertools.islice(shown, width)) + " " for _ in range(CELLS // width)]
    return "\n".join([*lines, ";"]).encode("cp1252")


def bare_frame(data: bytes) -> pd.DataFrame:
    """Decode JSON-stat as directly as pandas allows: no checks, no texts, no notes."""
    answer = orjson.loads(data)
    sizes = answer["size"]
    columns: dict[str, Any] = {}
    for at, code in enumerate(answer["id"]):
        category = answer["dimension"][code]["category"]["index"]
        codes = np.tile(
            np.repeat(np.arange(sizes[at], dtype=np.int16), int(np.prod(sizes[at + 1 :]))),
            int(np.prod(sizes[:at])),
        )
        if code == "Tid":
            months = [item.replace("M", "-") for item in category]
            columns[code] = pd.Categorical.from_codes(codes, pd.PeriodIndex(months, freq="M"))
        else:
            columns[code] = pd.Categorical.from_codes(codes, list(category))
    columns["value"] = np.array(answer["value"], dtype=np.float64)
    status = answer["status"]
    symbols = sorted(set(status.values()))
    marks = np.full(len(columns["value"]), -1, dtype=np.int8)
    marks[np.fromiter(map(int, status), dtype=np.int64)] = [
        symbols.index(symbol) for symbol in status.values()
    ]
    columns["status"] = pd.Categorical.from_codes(marks, symbols)
    return pd.DataFrame(columns, copy=False)


def pxwebpy_frame(data: bytes) -> pd.DataFrame:
    unpack = pytest.importorskip("pxweb._internal.functions").unpack_table_data
    return pd.DataFrame(unpack(orjson.loads(data), show="code"))


def pyjstat_frame(data: bytes) -> pd.DataFrame:
    pyjstat = pytest.importorskip("pyjstat.pyjstat")
    return pyjstat.Dataset.read(data.decode()).write("dataframe", naming="id")


def pyaxis_frame(data: bytes) -> pd.DataFrame:
    pyaxis = pytest.importorskip("pyaxis.pyaxis")
    with tempfile.NamedTemporaryFile(suffix=".px") as file:
        file.write(data)
        file.flush()
        frame = pyaxis.parse(file.name, encoding="cp1252")["DATA"]
    return frame.assign(value=pd.to_numeric(frame["DATA"], errors="coerce"))


Reader = Callable[[bytes], pd.DataFrame]
JSONSTAT: dict[str, Reader] = {
    "bare": bare_frame,
    "integstats": lambda data: jsonstat.read(data).to_frame(),
    "pxwebpy": pxwebpy_frame,
    "pyjstat": pyjstat_frame,
}
PX: dict[str, Reader] = {
    "integstats-px": lambda data: px.read(data).to_frame(),
    "pyaxis": pyaxis_frame,
}


def measure(benchmark: Any, reader: Reader, data: bytes, *, slow: bool) -> None:
    once, again = {"rounds": 1}, {"rounds": 7, "warmup_rounds": 1}
    frame = benchmark.pedantic(reader, args=(data,), **(once if slow else again))
    assert len(frame) == CELLS
    benchmark.extra_info["bytes a cell"] = frame.memory_usage(deep=True).sum() / CELLS


@pytest.mark.filterwarnings("default")
@pytest.mark.benchmark(group="jsonstat")
@pytest.mark.parametrize("reader", JSONSTAT)
def test_jsonstat(benchmark: Any, reader: str) -> None:
    slow = reader in ("pxwebpy", "pyjstat")
    measure(benchmark, JSONSTAT[reader], jsonstat_answer(), slow=slow)


@pytest.mark.filterwarnings("default")
@pytest.mark.benchmark(group="px")
@pytest.mark.parametrize("reader", PX)
def test_px(benchmark: Any, reader: str) -> None:
    measure(benchmark, PX[reader], px_file(), slow=reader == "pyaxis")


def test_the_frames_are_equal() -> None:
    """The figures compared are the same figures."""
    bare = bare_frame(jsonstat_answer())
    for frame in (JSONSTAT["integstats"](jsonstat_answer()), PX["integstats-px"](px_file())):
        for column in bare:
            expected = bare[column]
            if column not in ("value", "Tid"):
                expected = expected.astype("str")
                frame[column] = frame[column].astype("str")
            assert expected.equals(frame[column].astype(expected.dtype)), column


@pytest.mark.parametrize("reader", ["bare", "integstats", "integstats-px"])
def test_peak_memory(reader: str, tmp_path: Path) -> None:
    """Peak of a fresh process that imports, reads the file and makes the frame."""
    path = tmp_path / "answer"
    path.write_bytes(px_file() if reader in PX else jsonstat_answer())
    done = subprocess.run(
        [sys.executable, __file__, reader, path], check=True, capture_output=True, text=True
    )
    print(f"{reader}: {done.stdout.strip()}")
    assert reader == "bare" or float(done.stdout.split()[0]) < 320


if __name__ == "__main__":
    made = (JSONSTAT | PX)[sys.argv[1]](Path(sys.argv[2]).read_bytes())
    # Not getrusage: a child inherits the peak of the process that started it.
    peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    print(f"{int(peak) / 1024:.0f} MB peak, {len(made)} rows")
