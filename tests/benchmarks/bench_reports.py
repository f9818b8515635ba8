"""How long one full report takes, and 290 of them on all cores: wall time, memory, resuming.

    python tests/benchmarks/bench_reports.py [--places 290]

Real figures of the 25 embedded places; for the others invented ones, drawn at random around those
of a real place of another size, in "Exempelkommun 1, 2, …" with a watermark. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

import integstats as ig
from integstats.analysis.statuses import COMPONENTS
from integstats.reports.batch import Order, Style, publish_all
from integstats.reports.pack import publish
from integstats.table import as_category

DATASET = "synthetic-bas-month"
FORMATS = ("html", "png", "json")


def invented(real: pd.DataFrame, number: int) -> pd.DataFrame:
    """The figures of an invented municipality: those of a real place, thinned at random."""
    chance = np.random.default_rng(number)
    kept = np.exp(chance.uniform(np.log(0.01), np.log(0.3)))
    rows = real[(real["place"] == chance.choice(["1280", "1480", "0180"])).to_numpy()]
    rows = rows[(rows["sex"] != "total").to_numpy() & (rows["birth_region"] != "total").to_numpy()]
    made = rows.assign(
        place=as_category([f"Exempelkommun {number}"] * len(rows)),
        dataset=as_category([DATASET] * len(rows)),
        vintage=as_category(["2026-01-01.00000000"] * len(rows)),
    )
    statuses = [name for name in COMPONENTS if name != "population"]
    for name in statuses:
        made[name] = chance.binomial(rows[name].to_numpy(dtype=int), kept).astype(float)
    made["labour_force"] = made["employed"] + made["unemployed"]
    made["population"] = made[statuses].sum(axis=1)
    return made


def orders(places: int) -> Iterator[Order]:
    real = ig.load("scb-bas-month")
    codes = list(dict.fromkeys(real["place"].astype(str)))[:places]
    for code in codes:
        yield Order(code, real)
    for number in range(1, places - len(codes) + 1):
        yield Order(f"Exempelkommun {number}", invented(real, number))


def memory(of: list[int], seconds: float = 0.5) -> None:
    """Note the largest memory of this process and its children together, in MB."""
    while of[1]:
        total = 0
        me = os.getpid()
        for entry in Path("/proc").iterdir():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if entry.name == str(me) or int(fields[1]) == me:
                    # Proportional: a page that several processes share is counted once.
                    shares = (entry / "smaps_rollup").read_text().split("\nPss:")[1].split()
                    total += int(shares[0]) // 1000
            except (OSError, ValueError, IndexError):
                continue
        of[0] = max(of[0], total)
        time.sleep(seconds)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--places", type=int, default=290)
    asked = parser.parse_args().places
    with tempfile.TemporaryDirectory() as folder:
        start, cpu = time.perf_counter(), time.process_time()
        publish(ig.report("Malmö", ig.load("scb-bas-month")), Path(folder) / "one")
        print(
            f"one full report, all files: {time.perf_counter() - start:.1f} s wall, "
            f"{time.process_time() - cpu:.1f} s processor"
        )
        style = Style(folder=Path(folder), formats=FORMATS, allow_synthetic=True)
        highest = [0, 1]
        watch = threading.Thread(target=memory, args=(highest,), daemon=True)
        watch.start()
        start = time.perf_counter()
        workers = os.cpu_count() or 1
        done = list(publish_all(orders(asked), style, workers=workers))
        failed = [one for one in done if one.error is not None]
        print(
            f"{len(done) - len(failed)} reports ({', '.join(FORMATS)}) on {workers} cores: "
            f"{(time.perf_counter() - start) / 60:.1f} min, at most {highest[0]} MB; "
            f"{len(failed)} failed"
        )
        for one in failed[:5]:
            print(f"  {one.place}: {one.error}")
        highest[1] = 0
        start = time.perf_counter()
        resumed = Style(folder=Path(folder), formats=FORMATS, allow_synthetic=True, resume=True)
        again = list(publish_all(orders(asked), resumed, workers=workers))
        print(
            f"resumed: {sum(one.reused for one in again)} left out, "
            f"{time.perf_counter() - start:.1f} s"
        )


if __name__ == "__main__":
    main()
