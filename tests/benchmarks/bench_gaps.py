"""How fast gaps with intervals are, beside the pandas pivot idiom and polars.

    python tests/benchmarks/bench_gaps.py

First every way is checked to give the same numbers; then each is run in turn, several rounds, and
the best processor time of each is kept, so that what else the machine does disturbs little and
falls on all alike. All figures are invented.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

import integstats as ig

MEASURE = "employment_rate"
KEYS = ["dataset", "vintage", "place", "period", "sex", "age"]
RESULT = ["gap_pp", "gap_low", "gap_high", "ratio", "n_foreign_born", "n_native_born"]
Z = float(stats.norm.isf(0.025))


def make_table(
    *, places: int = 290, sexes: int = 2, ages: int = 10, months: int = 90, seed: int = 1
) -> pd.DataFrame:
    """Rates of invented counts, rows shuffled, keys categorical."""
    rng = np.random.default_rng(seed)
    shape = (places, months, sexes, 2, ages)
    size = int(np.prod(shape))
    place, month, sex, birth, age = np.indices(shape).reshape(5, -1)[:, rng.permutation(size)]
    population = rng.integers(100, 5000, size).astype(float)
    zero = np.zeros(size, dtype="int8")
    table = pd.DataFrame(
        {
            "dataset": pd.Categorical.from_codes(zero, ["scb-bas-month"]),
            "vintage": pd.Categorical.from_codes(zero, ["2026-08-28.00000000"]),
            "place": pd.Categorical.from_codes(place, [f"synthetic-{n}" for n in range(places)]),
            "period": pd.period_range("2019-01", periods=months, freq="M").take(month),
            "sex": pd.Categorical.from_codes(sex, ["women", "men", "total"]),
            "birth_region": pd.Categorical.from_codes(
                birth, ["foreign_born", "native_born", "total"]
            ),
            "age": pd.Categorical.from_codes(age, [f"{20 + n}-{24 + n}" for n in range(ages)]),
            "employed": np.floor(population * rng.uniform(0.4, 0.9, size)),
            "population": population,
            "status": pd.Categorical.from_codes(zero + 1, ["final", "preliminary", "derived"]),
        }
    )
    return ig.rates(table, MEASURE)


def our_gaps(table: pd.DataFrame) -> pd.DataFrame:
    return ig.gaps(table, MEASURE)


def pivot_idiom(table: pd.DataFrame) -> pd.DataFrame:
    """What one writes without the package: one pivot, then Newcombe's formula on whole columns.

    It checks nothing and carries neither status nor note.
    """
    wide = table.pivot(index=KEYS, columns="birth_region", values=["employed", "population"])
    x1, n1 = (wide[name]["native_born"].to_numpy() for name in ("employed", "population"))
    x2, n2 = (wide[name]["foreign_born"].to_numpy() for name in ("employed", "population"))
    p1, low1, high1 = _wilson(x1, n1)
    p2, low2, high2 = _wilson(x2, n2)
    difference = p1 - p2
    return pd.DataFrame(
        {
            "gap_pp": 100 * difference,
            "gap_low": 100 * (difference - np.hypot(p1 - low1, high2 - p2)),
            "gap_high": 100 * (difference + np.hypot(high1 - p1, p2 - low2)),
            "ratio": p2 / p1,
            "n_foreign_born": n2,
            "n_native_born": n1,
        },
        index=wide.index,
    ).reset_index()


def _wilson(x: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    p = x / n
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return p, centre - half, centre + half


def to_polars(table: pd.DataFrame, polars: ModuleType) -> Any:
    """The table as a user of polars would hold it; not part of what is timed."""
    columns = [*KEYS, "birth_region", "employed", "population"]
    plain = table[columns].assign(period=table["period"].dt.to_timestamp())
    return polars.from_pandas(plain)


def polars_join(frame: Any, polars: ModuleType) -> Any:
    col = polars.col

    def side(birth: str, suffix: str) -> Any:
        p, n = col("employed") / col("population"), col("population")
        scale = 1 + Z**2 / n
        centre = (p + Z**2 / (2 * n)) / scale
        half = Z * (p * (1 - p) / n + Z**2 / (4 * n**2)).sqrt() / scale
        return frame.filter(col("birth_region") == birth).select(
            *KEYS,
            p.alias(f"p{suffix}"),
            (centre - half).alias(f"low{suffix}"),
            (centre + half).alias(f"high{suffix}"),
            n.alias(f"n{suffix}"),
        )

    joined = side("foreign_born", "2").join(side("native_born", "1"), on=KEYS, how="left")
    below = ((col("p1") - col("low1")) ** 2 + (col("high2") - col("p2")) ** 2).sqrt()
    above = ((col("high1") - col("p1")) ** 2 + (col("p2") - col("low2")) ** 2).sqrt()
    return joined.select(
        *KEYS,
        (100 * (col("p1") - col("p2"))).alias("gap_pp"),
        (100 * (col("p1") - col("p2") - below)).alias("gap_low"),
        (100 * (col("p1") - col("p2") + above)).alias("gap_high"),
        (col("p2") / col("p1")).alias("ratio"),
        col("n2").alias("n_foreign_born"),
        col("n1").alias("n_native_born"),
    )


def one_threaded_polars() -> ModuleType | None:
    os.environ["POLARS_MAX_THREADS"] = "1"
    try:
        import polars
    except ImportError:
        return None
    return polars


def best_times(ways: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """Processor seconds of the best of `rounds` runs of each way, run in turn."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for name, way in ways.items():
            gc.collect()
            start = time.process_time()
            way()
            best[name] = min(best[name], time.process_time() - start)
    return best


def require_same(ours: pd.DataFrame, others: pd.DataFrame, name: str) -> None:
    def ordered(frame: pd.DataFrame) -> pd.DataFrame:
        plain = frame.astype(dict.fromkeys(KEYS, str))
        return plain.sort_values(KEYS, ignore_index=True)

    first, second = ordered(ours), ordered(others)
    assert first[KEYS].equals(second[KEYS]), f"{name} has other keys"
    np.testing.assert_allclose(first[RESULT], second[RESULT], atol=1e-9, err_msg=name)


def main() -> None:
    polars = one_threaded_polars()
    small = make_table(places=5, months=6)
    require_same(our_gaps(small), pivot_idiom(small), "the pivot idiom")
    if polars is not None:
        joined = polars_join(to_polars(small, polars), polars).to_pandas()
        joined["period"] = joined["period"].dt.to_period("M")
        require_same(our_gaps(small), joined, "polars")

    table = make_table()
    ways: dict[str, Callable[[], object]] = {
        "gaps()": lambda: our_gaps(table),
        "pandas pivot": lambda: pivot_idiom(table),
    }
    if polars is not None:
        frame = to_polars(table, polars)
        ways["polars, one thread"] = lambda: polars_join(frame, polars)
    times = best_times(ways, rounds=7)
    print(f"{len(table):,} rows, shuffled, best of 7")
    for name, seconds in times.items():
        print(f"  {name:20} {seconds:7.3f} s  {seconds / times['gaps()']:5.2f} × gaps()")
    if polars is None:
        print("  polars is not installed: pip install polars, to compare with it")

    tenth, tenfold = make_table(months=9), make_table(places=2900)
    times = best_times(
        {
            "tenth": lambda: our_gaps(tenth),
            "whole": lambda: our_gaps(table),
            "tenfold": lambda: our_gaps(tenfold),
        },
        rounds=5,
    )
    print("ten times the rows")
    print(f"  104,400 → 1,044,000     {times['whole'] / times['tenth']:5.1f} times as long")
    print(f"  1,044,000 → 10,440,000  {times['tenfold'] / times['whole']:5.1f} times as long")

    sweden = make_table(places=290, months=78, sexes=3, ages=1).drop(
        columns=[MEASURE, f"{MEASURE}_note"]
    )
    times = best_times({"both": lambda: our_gaps(ig.rates(sweden, MEASURE))}, rounds=5)
    print(f"290 municipalities × 78 months × women, men, total ({len(sweden):,} rows)")
    print(f"  rates() and gaps()   {times['both']:7.3f} s")


if __name__ == "__main__":
    sys.exit(main())
