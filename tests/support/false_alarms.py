"""What verdicts say where nothing has truly changed: draws from one rate, judged as figures are."""

from __future__ import annotations

import numpy as np

from integstats.analysis.small_numbers import proportion_interval
from integstats.targets import chance, path, verdict
from integstats.targets.chance import Basis

FIRST_IMPROVEMENT = 8
"""Rules 8 to 11 are about a certain improvement."""
HALVE = 0.5


def rules(baseline: np.ndarray, reading: np.ndarray, n: float, fraction: float) -> np.ndarray:
    """Return the rule, 1 or 5 to 11, of each reading of a halving; rates, no disclosure noise."""
    basis = Basis("share", "down", 0.0, n=np.full(baseline.shape, float(n)))
    goal = path.goal_value(baseline, kind="relative_reduction", amount=HALVE)
    on_path = path.path_value(baseline, goal, fraction, path="linear")
    spread_b, spread_y = basis.variance(baseline), basis.variance(reading)
    z, expected = (
        chance.z_score(
            baseline,
            one,
            baseline_variance=spread_b,
            reading_variance=basis.variance(one),
            sign=1,
        )
        for one in (reading, on_path)
    )
    gradient = path.path_gradient(
        baseline, goal, fraction, kind="relative_reduction", path="linear"
    )
    probability = chance.ahead_probability(
        on_path,
        reading,
        reading_variance=spread_y,
        baseline_variance=spread_b,
        gradient=gradient,
        sign=1,
    )
    done = verdict.share_done(baseline, reading, on_path, sign=1)
    judged = verdict.judge_change(z, expected, probability, done)
    return np.where(spread_b + spread_y > 0, judged, 1)


def claimed(rate: float, n: int, *, fraction: float, draws: int, seed: int) -> float:
    """Return how often one pre-set reading claims some improvement, though there is none."""
    rng = np.random.default_rng(seed)
    baseline, reading = rng.binomial(n, rate, (2, draws)) / n
    return float((rules(baseline, reading, n, fraction) >= FIRST_IMPROVEMENT).mean())


def met(rate: float, n: int, *, draws: int, seed: int) -> tuple[float, float]:
    """Return how often a halving is met at the deadline by chance; then but for narrow margins."""
    rng = np.random.default_rng(seed)
    count, reading = rng.binomial(n, rate, (2, draws))
    goal = HALVE * count / n
    reached = verdict.reaches(reading / n, goal, sign=1) & (count > 0)
    low, high = proportion_interval(reading, n)
    clear = reached & ~((low <= goal) & (goal <= high))
    return float(reached.mean()), float(clear.mean())


def ever_claimed(rate: float, n: int, *, draws: int, seed: int, months: int = 24) -> float:
    """Return how often at least one of the monthly readings before the deadline claims it.

    The months are drawn independently of each other: persons who stay make it less often.
    """
    rng = np.random.default_rng(seed)
    baseline = rng.binomial(n, rate, draws) / n
    ever = np.zeros(draws, dtype=bool)
    for month in range(verdict.FEWEST_PERIODS, months):
        reading = rng.binomial(n, rate, draws) / n
        ever |= rules(baseline, reading, n, month / months) >= FIRST_IMPROVEMENT
    return float(ever.mean())


def endpoint_growth(rate: float, n: int, *, draws: int, seed: int) -> tuple[float, float]:
    """Return how often a growth rate between two ends shows a fall; then counting ties too."""
    rng = np.random.default_rng(seed)
    baseline, reading = rng.binomial(n, rate, (2, draws))
    return float((reading < baseline).mean()), float((reading <= baseline).mean())
