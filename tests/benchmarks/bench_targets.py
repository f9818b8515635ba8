"""False alarms where nothing has changed, and how fast 290 places are judged.

    python tests/benchmarks/bench_targets.py

Seeded draws, so that the shares are the same every time; the times are not. All figures are
invented.
"""

from __future__ import annotations

import dataclasses
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from false_alarms import claimed, endpoint_growth, ever_claimed, met

from integstats.targets.base_rate import base_rate
from integstats.targets.detectability import detectability
from integstats.targets.target import Target
from integstats.targets.track import track_members

DRAWS = 200_000
RATES = (0.05, 0.10, 0.16, 0.20, 0.30, 0.40)
PERSONS = (50, 100, 200, 500, 2000)
FRACTIONS = (0.25, 0.5, 0.75)
PLACES = tuple(f"synthetic:{number}" for number in range(290))


def false_alarms() -> None:
    """Print how often an improvement is claimed, per cent."""
    print(f"One pre-set reading, halving, {DRAWS:,} draws: per cent that claim an improvement")
    print("persons  time  " + "".join(f"{100 * rate:8.0f} %" for rate in RATES))
    worst = 0.0
    for n in PERSONS:
        for fraction in FRACTIONS:
            found = [claimed(r, n, fraction=fraction, draws=DRAWS, seed=1) for r in RATES]
            worst = max(worst, *found)
            print(f"{n:7}  {fraction:.2f}  " + "".join(f"{100 * one:10.2f}" for one in found))
    print(f"Largest: {100 * worst:.2f}\n")
    print("Endpoint growth rate at 200 persons: per cent that show a fall; ties counted too")
    ends = [endpoint_growth(rate, 200, draws=DRAWS, seed=1) for rate in RATES]
    for rate, (below, ties) in zip(RATES, ends, strict=True):
        print(f"  rate {100 * rate:3.0f} %: {100 * below:5.1f} {100 * ties:5.1f}")
    below, ties = np.mean(ends, axis=0)
    print(f"  mean      : {100 * below:5.1f} {100 * ties:5.1f}\n")
    print("Met at the deadline, which is not tested; in brackets but for narrow margins")
    for n in (30, *PERSONS):
        pairs = [met(rate, n, draws=DRAWS, seed=1) for rate in RATES]
        print(f"{n:7}  " + "".join(f"{100 * a:6.1f} ({100 * b:4.1f})" for a, b in pairs))
    print()
    print(
        f"At least one of the monthly readings 3 to 23, {DRAWS // 10:,} draws, months independent"
    )
    for n in PERSONS:
        found = [ever_claimed(rate, n, draws=DRAWS // 10, seed=1) for rate in RATES]
        print(f"{n:7}        " + "".join(f"{100 * one:10.1f}" for one in found))


def table(months: int = 78, seed: int = 1) -> pd.DataFrame:
    """Return invented figures of 290 places, both sexes, native- and foreign-born."""
    rng = np.random.default_rng(seed)
    shape = (len(PLACES), 2, 2, months)
    place, sex, birth, month = np.indices(shape).reshape(4, -1)
    population = rng.integers(200, 5000, shape[:3])[place, sex, birth].astype(float)
    labour_force = np.floor(0.8 * population)
    unemployed = rng.binomial(labour_force.astype(int), 0.06 + 0.10 * birth).astype(float)
    constant = np.zeros(len(place), dtype="int8")
    return pd.DataFrame(
        {
            "dataset": pd.Categorical.from_codes(constant, ["synthetic-bas"]),
            "vintage": pd.Categorical.from_codes(constant, ["2026-08-28.synthetic"]),
            "place": pd.Categorical.from_codes(place, list(PLACES)),
            "period": pd.period_range("2020-01", periods=months, freq="M").take(month),
            "sex": pd.Categorical.from_codes(sex, ["women", "men"]),
            "birth_region": pd.Categorical.from_codes(birth, ["native_born", "foreign_born"]),
            "age": pd.Categorical.from_codes(constant, ["20-64"]),
            "employed": labour_force - unemployed,
            "unemployed": unemployed,
            "labour_force": labour_force,
            "population": population,
            "status": pd.Categorical.from_codes(constant, ["final"]),
        }
    )


def speed(rounds: int = 5) -> None:
    """Print how long 290 places × both sexes × one target take, with all checks."""
    figures = table()
    targets = [
        Target.halve(
            "unemployment_rate",
            dataset="synthetic-bas",
            places=PLACES,
            sex=sex,
            birth_region="foreign_born",
            age="20-64",
            baseline="2024-06",
            deadline="2027-06",
        )
        for sex in ("women", "men")
    ]
    one = dataclasses.replace(targets[0], places=PLACES[:1])
    jobs = {
        "580 tracks, all checks": lambda: [track_members(each, figures) for each in targets],
        "detectability of one place": lambda: detectability(one, figures),
        "base rate over 290 places": lambda: base_rate(one, figures),
    }
    for name, job in jobs.items():
        times = []
        for _ in range(rounds):
            start = time.process_time()
            job()
            times.append(time.process_time() - start)
        print(f"{name}: {min(times):.2f} s best, {np.median(times):.2f} s median (processor time)")


if __name__ == "__main__":
    speed()
    print()
    false_alarms()
